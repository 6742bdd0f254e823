"""GraphML, for Gephi, yEd and Cytoscape: documents, tasks and units as nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from thidua_kg.exports.files import replacing
from thidua_kg.graph import Graph

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def write(graph: Graph, path: Path) -> None:
    """Write the whole network, without what XML cannot hold."""
    import networkx

    network = graph.network("all")
    clean: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for node, facts in network.nodes(data=True):
        clean.add_node(_text(node), **_attributes(facts))
    for start, end, facts in network.edges(data=True):
        clean.add_edge(_text(start), _text(end), **_attributes(facts))
    with replacing(path) as temporary:
        networkx.write_graphml_xml(clean, temporary)


def _attributes(facts: Mapping[str, Any]) -> dict[str, str | int | float | bool]:
    """The attributes that have a value, as the types that GraphML knows."""
    return {
        name: value if isinstance(value, int | float | bool) else _text(str(value))
        for name, value in facts.items()
        if value is not None
    }


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)
