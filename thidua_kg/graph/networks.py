"""The graph as networkx sees it: who is tied to whom, with the facts that a researcher colours and counts by."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Literal

from pyoxigraph import NamedNode, Store

from thidua_kg.graph.names import DCT, ELI, MANNERS, PROV, RDF, RDFS, RELATIONS, ROLES, SKOS, TD, id_of

if TYPE_CHECKING:
    import networkx

Kind = Literal["documents", "tasks", "units", "all"]
_Edge = tuple[str, str, str, str]  # from, to, relation, manner ("" for none); the ends as IRIs

_NO_MANNER = frozenset({""})
_FACTS = {  # what is told of a node, and the properties that hold it, the better one last
    "title": (DCT + "alternative", DCT + "title"),
    "date": (DCT + "date", ELI + "date_document"),
    "symbol": (ELI + "id_local",),
    "label": (RDFS + "label",),
}


def network_of(store: Store, kind: Kind, base: str) -> networkx.MultiDiGraph[str]:
    """Nodes are ids, with kind ("document", "task", "unit") and, where known, type, title, date, symbol and label.

    Edges carry `relation`, and `manner` for "implements": document → document, task → document, document → task
    ("task"), unit → task (its role), unit → document ("issues"). "cites" stands only where nothing says more.
    """
    import networkx

    kinds = dict(_kinds(store, _NODES[kind]))
    edges = sorted(set(chain.from_iterable(find(store) for find in _EDGES[kind])))
    ends = {end for edge in edges for end in edge[:2]}
    nodes = sorted(ends.union(kinds))
    facts = _facts(store, labels=kind != "documents")
    names = {node: _name(node, base) for node in nodes}
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for node in nodes:
        graph.add_node(names[node], kind=kinds.get(node) or _kind_of_end(node), **facts.get(node, {}))
    for start, end, relation, manner in edges:
        graph.add_edge(names[start], names[end], relation=relation, **({"manner": manner} if manner else {}))
    return graph


def documents_in(store: Store) -> Iterator[NamedNode]:
    """The documents whose text is in the knowledge base, in no order."""
    for subject, _ in _pairs(store, PROV + "wasDerivedFrom"):
        yield NamedNode(subject)


def _pairs(store: Store, property: str) -> Iterator[tuple[str, str]]:
    """Subject and object of every triple with this property, both as text."""
    for quad in store.quads_for_pattern(None, NamedNode(property), None, None):
        yield quad.subject.value, quad.object.value  # type: ignore[union-attr]


def _kinds(store: Store, wanted: Set[str]) -> Iterator[tuple[str, str]]:
    """The nodes of the kinds that are wanted: of a large graph the others are millions."""
    classes = {ELI + "LegalResource": "document", TD + "UnidentifiedDocument": "document", TD + "Task": "task"}
    for cls in (cls for cls, kind in classes.items() if kind in wanted):
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(cls), None):
            yield quad.subject.value, classes[cls]  # type: ignore[union-attr]
    if "unit" in wanted:
        yield from ((unit, "unit") for _, unit in chain(_pairs(store, TD + "unit"), _pairs(store, ELI + "passed_by")))


def _kind_of_end(node: str) -> str:
    """A document or a task, by its IRI, in which nothing else has a "#"."""
    return "task" if "#" in node else "document"


def _relations(store: Store, of: str) -> Iterator[_Edge]:
    """The relations whose subject is a document (or a task), with the manner of implementing where there is one."""
    manners: dict[tuple[str, str], set[str]] = {}
    for manner, property in MANNERS.items():
        for pair in _pairs(store, property.value):
            manners.setdefault(pair, set()).add(manner)
    closer: set[tuple[str, str]] = set()
    for relation, property in RELATIONS.items():  # "cites" is the last of them
        for pair in _pairs(store, property.value):
            if _kind_of_end(pair[0]) == of and (relation != "cites" or pair not in closer):
                closer.add(pair)
                ways = manners.get(pair, _NO_MANNER) if relation == "implements" else _NO_MANNER
                yield from ((*pair, relation, way) for way in ways)


def _held_tasks(store: Store) -> Iterator[_Edge]:
    yield from ((document, task, "task", "") for document, task in _pairs(store, TD + "task"))


def _roles(store: Store) -> Iterator[_Edge]:
    names = {property.value: role for role, property in ROLES.items()}
    roles = dict(_pairs(store, TD + "role"))
    units = dict(_pairs(store, TD + "unit"))
    for task, assignment in _pairs(store, TD + "assignment"):
        yield units[assignment], task, names[roles[assignment]], ""


def _issued(store: Store) -> Iterator[_Edge]:
    yield from ((unit, document, "issues", "") for document, unit in _pairs(store, ELI + "passed_by"))


def _facts(store: Store, *, labels: bool) -> dict[str, dict[str, str]]:
    """What is known of each node; of several values, as citing documents print them, the first in order of text."""
    facts: dict[str, dict[str, str]] = {}
    for name, properties in _FACTS.items():
        for property in properties if labels or name != "label" else ():
            for node, value in sorted(_pairs(store, property), reverse=True):
                facts.setdefault(node, {})[name] = value
    for unit, name in sorted(_unit_names(store), reverse=True) if labels else ():
        facts.setdefault(unit, {})["label"] = name
    types = dict(sorted(_pairs(store, SKOS + "prefLabel"), reverse=True))
    for node, concept in _pairs(store, ELI + "type_document"):
        facts.setdefault(node, {})["type"] = types.get(concept, concept)
    return facts


def _unit_names(store: Store) -> Iterator[tuple[str, str]]:
    """Units under every name that is printed with them."""
    for unit_of, name_of in ((TD + "unit", TD + "quote"), (ELI + "passed_by", TD + "issuerName")):
        names = dict(_pairs(store, name_of))
        yield from ((unit, names[node]) for node, unit in _pairs(store, unit_of) if node in names)


def _name(node: str, base: str) -> str:
    """The id of a node; a unit that only one document names, and that has none, keeps its IRI."""
    try:
        return id_of(node, base)
    except ValueError:
        return node


_of_documents, _of_tasks = partial(_relations, of="document"), partial(_relations, of="task")
_NODES = {
    "documents": {"document"},
    "tasks": {"task"},
    "units": {"unit"},
    "all": {"document", "task", "unit"},
}
_EDGES = {
    "documents": (_of_documents,),
    "tasks": (_of_tasks, _held_tasks),
    "units": (_roles, _issued),
    "all": (_of_documents, _of_tasks, _held_tasks, _roles, _issued),
}
