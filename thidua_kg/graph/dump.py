"""Writes the store as RDF text: in a fixed order, so that the same content gives the same bytes, and as a stream.

rdflib's serialisers need the whole graph as Python objects; these are pyoxigraph's, one graph in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import IO, Literal

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize

from thidua_kg.graph.names import META, PREFIXES, RDF, TD

Format = Literal["ttl", "nt", "jsonld"]


def write(store: Store, format: Format, out: IO[bytes], judgements: bool = True) -> None:
    """Everything but the graph of bookkeeping: triples as Turtle or N-Triples, named graphs as JSON-LD.

    Without `judgements` the graphs of what persons said of documents are left out.
    """
    quads = _in_order(store, {META} if judgements else {META, *_judgement_graphs(store)})
    if format == "jsonld":
        serialize(quads, out, RdfFormat.JSON_LD)
    else:
        triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
        serialize(triples, out, RdfFormat.TURTLE if format == "ttl" else RdfFormat.N_TRIPLES, prefixes=PREFIXES)


def _judgement_graphs(store: Store) -> Iterator[NamedNode]:
    for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(TD + "Judgement"), None):
        if isinstance(quad.graph_name, NamedNode):
            yield quad.graph_name


def _in_order(store: Store, without: Set[NamedNode]) -> Iterator[Quad]:
    """All quads by graph, then by subject, predicate and object; a document's graph stands before its links."""
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and graph not in without]
    for graph in sorted(graphs, key=lambda graph: graph.value):
        yield from sorted(store.quads_for_pattern(None, None, None, graph), key=str)
