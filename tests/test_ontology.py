"""The ontology declares what is written, no more and no less, and what is written keeps to the shapes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, parse

from tests.graph_records import records
from thidua_kg.graph import Graph
from thidua_kg.graph.names import MANNERS, PREFIXES, RELATIONS, ROLES, TD
from thidua_kg.knowledge_base import KnowledgeBase

PACKAGE = Path(__file__).resolve().parents[1] / "thidua_kg"


@pytest.fixture
def graph() -> Graph:
    made = Graph.open(None)
    made.put(records())
    return made


def ontology() -> list[Quad]:
    return list(parse((PACKAGE / "ontology.ttl").read_bytes(), RdfFormat.TURTLE))


def test_every_own_term_is_declared_and_named_in_two_languages(graph: Graph) -> None:
    labels: dict[str, set[str]] = {}
    for quad in ontology():
        if quad.predicate.value == PREFIXES["rdfs"] + "label":
            labels.setdefault(quad.subject.value, set()).add(quad.object.language)
    own = {
        term.value for term in (*RELATIONS.values(), *MANNERS.values(), *ROLES.values()) if term.value.startswith(TD)
    }
    written = {v for row in graph.stream("SELECT ?s ?p ?o { ?s ?p ?o }") for v in row if str(v).startswith(TD)}
    assert written - {TD.rstrip("#")} <= labels.keys()
    assert own <= labels.keys()
    assert all(languages == {"vi", "en"} for languages in labels.values())


def test_every_declared_property_is_written(graph: Graph) -> None:
    """By the hand-made records, or because it is the twin of one that they write."""
    graph.commit(1)
    declared = {
        q.subject.value for q in ontology() if q.predicate.value.endswith("type") and "Property" in str(q.object)
    }
    written = {row[0] for row in graph.stream("SELECT DISTINCT ?p { ?s ?p ?o }")}
    twins = {term.value for term in (*RELATIONS.values(), *MANNERS.values())}
    rare = {
        TD + name
        for name in ("printedSymbol", "decidedBy", "secrecy", "handling", "provision", "comparator", "reportDeadline")
    }
    assert declared - written - twins == rare


def validate(graph: Graph, without: str | None = None) -> tuple[bool, str]:
    """Whether the graph keeps to the shapes, and the report; one triple with the property `without` is taken away before."""
    pyshacl = pytest.importorskip("pyshacl", reason="needs pyshacl")
    written = io.BytesIO()
    graph.dump("nt", written)
    data = rdflib.Graph().parse(data=written.getvalue(), format="nt")
    if without:
        property = rdflib.URIRef(TD + without)
        data.remove((next(data.subjects(property)), property, None))
    conforms, _, report = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(PACKAGE / "shapes.ttl"))
    return conforms, report


def test_shapes(graph: Graph) -> None:
    conforms, report = validate(graph)
    assert conforms, report
    assert not validate(graph, without="unit")[0]
    assert not validate(graph, without="judgedBy")[0]
    assert not validate(graph, without="judgement")[0]


def test_shapes_hold_for_the_sample_corpus(kb: KnowledgeBase) -> None:
    conforms, report = validate(kb._graph())
    assert conforms, report
