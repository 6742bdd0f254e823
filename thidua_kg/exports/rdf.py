"""RDF: all triples as Turtle, to be read, or as N-Triples, one a line; all named graphs as JSON-LD."""

from __future__ import annotations

from pathlib import Path

from thidua_kg.exports.files import replacing
from thidua_kg.graph import Format, Graph


def write(graph: Graph, path: Path, format: Format, *, judgements: bool) -> None:
    """Write the graph's documents and its ontology; without `judgements` nothing of who corrected what and why."""
    with replacing(path) as temporary, temporary.open("wb") as out:
        graph.dump(format, out, judgements)
