"""Writes the knowledge graph to files that other programs read: RDF in three formats, networks, tables.

The same content gives the same bytes, and a file is either the old one or the whole new one.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from thidua_kg.errors import UnknownName
from thidua_kg.exports import csv, graphml, rdf
from thidua_kg.graph import Format, Graph

_RDF: dict[str, Format] = {format: format for format in get_args(Format)}
_OTHERS = {"graphml": graphml.write, "csv": csv.write}
FORMATS = (*_RDF, *_OTHERS)


def export(graph: Graph, format: str, path: Path, *, judgements: bool = True) -> None:
    """Write `graph` as `format` to `path`; UnknownName for a format that is not one of FORMATS.

    Without `judgements` RDF says nothing of who corrected what and why; tables and networks never do.
    """
    if format in _RDF:
        rdf.write(graph, path, _RDF[format], judgements=judgements)
    elif format in _OTHERS:
        _OTHERS[format](graph, path)
    else:
        raise UnknownName(format, "không có định dạng này", f"chọn một trong: {', '.join(FORMATS)}")
