"""Turtle: all triples, readable, without the names of graphs."""

from __future__ import annotations

from pathlib import Path

from thidua_kg.exports.files import replacing
from thidua_kg.graph import Graph


def write(graph: Graph, path: Path, judgements: bool = True) -> None:
    """Write the graph's documents and its ontology as Turtle."""
    with replacing(path) as temporary, temporary.open("wb") as out:
        graph.dump("ttl", out, judgements)
