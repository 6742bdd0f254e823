"""Which quads must go and which must come for documents to be put or removed? Reads the store, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from pyoxigraph import NamedNode, Quad, Store

from thidua_kg.graph.names import META, REGISTRY, id_of
from thidua_kg.graph.quads import REFERS_TO, graphs_of, known_graph, quads_of, quads_of_entity
from thidua_kg.graph.records import Entity, GraphRecord


class Change(msgspec.Struct, frozen=True):
    """Quads to take away and to put in their place."""

    old: tuple[Quad, ...]
    replacing: tuple[Quad, ...]


class Putting:
    """The change that makes the graph hold exactly some records' quads for their documents, in two parts.

    First `new`, to be written as it comes; then `rest`, which replaces what is there.
    """

    def __init__(self, store: Store, base: str) -> None:
        self._store, self._base = store, base
        self._new: set[str] = set()
        self._again: dict[str, GraphRecord] = {}  # of documents that are there, or came before in the same batch
        self._entities: dict[str, Entity] = {}

    def new(self, records: Iterable[GraphRecord]) -> Iterator[Quad]:
        """The quads of the documents that are not there yet."""
        for record in records:
            self._entities |= {entity.id: entity for entity in record.entities}
            if record.id in self._new or self._holds(record.id):
                self._again[record.id] = record
            else:
                self._new.add(record.id)
                yield from quads_of(record, self._base)

    def _holds(self, id: str) -> bool:
        """Whether a document is there; its graph's name, which is looked up many times faster, may outlive its quads."""
        own = graphs_of(id, self._base)[0]
        return self._store.contains_named_graph(own) and any(_of(self._store, [own]))

    def rest(self) -> Change:
        """What is to be replaced, once the new documents are there: of the others, and of what was known of any."""
        old: list[Quad] = []
        replacing: list[Quad] = []
        for record in self._again.values():
            quads = quads_of(record, self._base)
            present = set(_of(self._store, graphs_of(record.id, self._base)))
            old += present.difference(quads)
            replacing += (quad for quad in quads if quad not in present)
        old += _of(self._store, [known_graph(id, self._base) for id in self._new])
        described = describing(self._store, self._entities.values(), self._base)
        freed = _freed(self._store, _references(old), self._base, still=_references(replacing))
        return Change((*old, *described.old, *freed), (*replacing, *described.replacing))


def describing(store: Store, entities: Iterable[Entity], base: str) -> Change:
    """The change that makes the graph hold exactly these facts of documents that are only cited."""
    old: list[Quad] = []
    replacing: list[Quad] = []
    for entity in entities:
        if not store.contains_named_graph(graphs_of(entity.id, base)[0]):
            quads, present = quads_of_entity(entity, base), set(_of(store, [known_graph(entity.id, base)]))
            old += present.difference(quads)
            replacing += [quad for quad in quads if quad not in present]
    return Change(tuple(old), tuple(replacing))


def removing(store: Store, ids: Iterable[str], base: str) -> list[NamedNode]:
    """The graphs that go with these documents: their own, and what is known of documents that nothing else cites."""
    graphs = [graph for id in dict.fromkeys(ids) for graph in graphs_of(id, base)]
    freed = _freed(store, _references(_of(store, graphs)), base)
    return [*graphs, *dict.fromkeys(quad.graph_name for quad in freed if isinstance(quad.graph_name, NamedNode))]


def _of(store: Store, graphs: Iterable[NamedNode]) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, graph)


def _references(quads: Iterable[Quad]) -> list[Quad]:
    return [quad for quad in quads if quad.predicate == REFERS_TO]


def _freed(store: Store, references: list[Quad], base: str, still: Iterable[Quad] = ()) -> Iterator[Quad]:
    """What is known of the documents that no citation leads to once these references are gone."""
    going = set(references)
    cited = {quad.object for quad in references}.difference(quad.object for quad in still)
    for node in cited:
        others = store.quads_for_pattern(None, REFERS_TO, node, None)
        if isinstance(node, NamedNode) and all(quad in going for quad in others):
            yield from _of(store, [known_graph(id_of(node.value, base), base)])


def disagreeing(store: Store, records: Iterable[GraphRecord], base: str) -> Iterator[str]:
    """The ids of the records whose graphs hold anything else than they should, or that are still only known of."""
    for record in records:
        held = set(_of(store, graphs_of(record.id, base)))
        if held != set(quads_of(record, base)) or any(_of(store, [known_graph(record.id, base)])):
            yield record.id


def graphs_in(store: Store) -> set[str]:
    """The names of all graphs that came from documents; Oxigraph keeps the names of graphs that are empty by now."""
    graphs = (graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and any(_of(store, [graph])))
    return {graph.value for graph in graphs}.difference((META.value, REGISTRY.value))
