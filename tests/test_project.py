"""What the project says of itself stays true: the floors, the map of rooms, the package list, the manifest, the notebook."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import CORPUS, ROOT
from thidua_kg.pipeline import parse
from thidua_kg.readers import is_readable, read
from thidua_kg.text import slug

PACKAGE = ROOT / "thidua_kg"


def test_a_module_imports_only_from_lower_floors() -> None:
    pytest.importorskip("importlinter")
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_heavy_packages_are_imported_only_when_used() -> None:
    """Only the rooms that own them name RDF packages and search engines, and the package imports nothing heavy by itself."""
    owners = {
        "pyoxigraph": "graph",
        "rdflib": "graph|exports",
        "tantivy": "index",
        "whoosh": "index",
        "underthesea": "analyzer",
        "pypdfium2": "readers",
        "PIL": "readers",
    }
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        tree = ast.parse(path.read_text("utf-8"))
        type_only = {
            n
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for n in ast.walk(node)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Import | ast.ImportFrom) or node in type_only:
                continue
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                owner = owners.get(name.split(".")[0])
                assert owner is None or re.fullmatch(owner, room), f"{path}: {name}"


def test_the_readme_maps_every_room() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rooms = {
        p.name.removesuffix(".py")
        for p in PACKAGE.iterdir()
        if p.suffix == ".py" or (p.is_dir() and (p / "__init__.py").exists())
    }
    for room in rooms - {"__init__", "__main__"}:
        assert f"`{room}`" in readme or f"`{room}/`" in readme, f"README's map lacks {room}"


def test_the_package_list_is_complete() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = set(config["tool"]["setuptools"]["packages"])
    there = {".".join(p.parent.relative_to(ROOT).parts) for p in PACKAGE.rglob("__init__.py")}
    assert listed == there | {"thidua_kg.corpus", "thidua_kg.queries"}


def manifest() -> list[dict[str, Any]]:
    read = yaml.safe_load((CORPUS / "manifest.yaml").read_text("utf-8"))
    return read if isinstance(read, list) else read["documents"]


def test_the_manifest_lists_the_corpus() -> None:
    files = {p.name for p in CORPUS.iterdir() if is_readable(p) and p.name != "README.md"}
    assert {row["file"] for row in manifest()} == files
    assert len(files) >= 24
    for name in files:
        last = read(CORPUS / name).text.value.strip().splitlines()[-3:]
        assert "mẫu" in " ".join(last).lower(), f"{name} does not say it is a sample"


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])
def test_the_parser_reads_what_the_manifest_says(row: dict[str, Any]) -> None:
    header = parse(CORPUS / row["file"]).header
    date = str(row["date"]) if row["date"] else None
    assert (header.canonical, header.type, header.date) == (row["canonical"], row["type"], date)
    assert header.issuer
    assert slug(row["issuer"]).startswith(slug(header.issuer)), "the letterhead may leave the province out"
    assert (header.signer.name if header.signer else None) == row["signer"]


def test_the_notebook_runs() -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    book = nbformat.read(ROOT / "notebooks" / "tutorial.ipynb", as_version=4)
    client.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    tables = [
        o for cell in book.cells if cell.cell_type == "code" for o in cell.outputs if "text/html" in o.get("data", {})
    ]
    assert len(tables) >= 6


def test_nothing_names_this_machine_or_a_package_host() -> None:
    for path in ROOT.rglob("*"):
        if path.suffix in (".py", ".toml", ".md", ".yaml", ".rq", ".ipynb", ".csv") and ".git" not in path.parts:
            text = path.read_text("utf-8")
            assert str(ROOT.parent) + "/" not in text, path
            assert "index-url" not in text or path == Path(__file__), path
