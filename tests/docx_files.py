"""Small Word files for tests, written with the functions that write the samples of `corpus/`."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from tests.conftest import CORPUS, ROOT
from thidua_kg.readers.docx import read
from thidua_kg.readers.records import Extract


def script(folder: str, name: str) -> ModuleType:
    """A script of this repository as a module, on the path so that processes it starts find it too."""
    place = str(ROOT / folder)
    if place not in sys.path:
        sys.path.append(place)
    return importlib.import_module(name)


make = script(CORPUS.name, "make_docx")


def extract(*blocks: str, styles: str = "", **parts: str) -> Extract:
    """What the reader gives for a body of these paragraphs and tables."""
    document = f"<w:body>{''.join(blocks)}</w:body>"
    return read("thu.docx", make.package(document=document, styles=styles, **parts))


def text(*blocks: str, styles: str = "", **parts: str) -> str:
    """The text of a body of these paragraphs and tables."""
    return extract(*blocks, styles=styles, **parts).text
