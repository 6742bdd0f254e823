"""What the graph holds before any document: its own terms with their labels, and the types of documents."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from thidua_kg.graph.names import RDF, REGISTRY, SKOS, TD, type_iri
from thidua_kg.vocab import DocumentType, table


@cache
def quads() -> tuple[Quad, ...]:
    """The ontology, and a SKOS concept for each document type, in a fixed order."""
    ontology = parse((files("thidua_kg") / "ontology.ttl").read_bytes(), RdfFormat.TURTLE)
    terms = [Quad(quad.subject, quad.predicate, quad.object, REGISTRY) for quad in ontology]
    return tuple(sorted({*terms, *_types()}, key=str))


def _types() -> list[Quad]:
    found: list[Quad] = []
    for row in table("doc_types", DocumentType):
        concept = type_iri(row.name)
        found += [
            Quad(concept, NamedNode(RDF + "type"), NamedNode(SKOS + "Concept"), REGISTRY),
            Quad(concept, NamedNode(SKOS + "inScheme"), NamedNode(TD + "DocumentTypes"), REGISTRY),
            Quad(concept, NamedNode(SKOS + "prefLabel"), Literal(row.name, language="vi"), REGISTRY),
        ]
        if row.code:
            found.append(Quad(concept, NamedNode(SKOS + "notation"), Literal(row.code), REGISTRY))
    return found


@cache
def version() -> str:
    """A mark that changes with what `quads` gives."""
    return hashlib.sha256("\n".join(map(str, quads())).encode()).hexdigest()[:16]
