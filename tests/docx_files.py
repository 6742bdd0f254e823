"""Small Word files for tests, written with the functions that write the samples of `corpus/`."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from tests.conftest import CORPUS, ROOT
from thidua_kg.readers.docx import read
from thidua_kg.readers.records import Extract


def script(folder: str, name: str) -> ModuleType:
    """A script of this repository as a module."""
    path = ROOT / folder / f"{name}.py"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


make = script(CORPUS.name, "make_docx")


def extract(*blocks: str, styles: str = "", **parts: str) -> Extract:
    """What the reader gives for a body of these paragraphs and tables."""
    document = f"<w:body>{''.join(blocks)}</w:body>"
    return read("thu.docx", make.package(document=document, styles=styles, **parts))


def text(*blocks: str, styles: str = "", **parts: str) -> str:
    """The text of a body of these paragraphs and tables."""
    return extract(*blocks, styles=styles, **parts).text
