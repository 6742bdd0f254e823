"""Writes the knowledge graph to files that other programs read: one module a format, each with `write(graph, path, judgements)`.

The same content gives the same bytes, and a file is either the old one or the whole new one.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from thidua_kg.errors import UnknownName
from thidua_kg.graph import Graph

FORMATS = ("ttl", "nt", "jsonld", "graphml", "csv")


def export(graph: Graph, format: str, path: Path, *, judgements: bool = True) -> None:
    """Write `graph` as `format` to `path`; UnknownName for a format that is not one of FORMATS.

    Without `judgements` RDF says nothing of who corrected what and why; tables and networks never do.
    """
    if format not in FORMATS:
        raise UnknownName(format, "không có định dạng này", f"chọn một trong: {', '.join(FORMATS)}")
    import_module(f"thidua_kg.exports.{format}").write(graph, path, judgements)
