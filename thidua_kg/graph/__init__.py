"""The knowledge graph: documents as RDF on disk, asked by SPARQL and given out as rdflib and networkx.

Only this room knows an RDF package.
"""

from thidua_kg.graph.database import ROW_LIMIT, Graph
from thidua_kg.graph.dump import Format
from thidua_kg.graph.guard import check_read_only
from thidua_kg.graph.names import BASE, Iri, id_of, iri
from thidua_kg.graph.networks import Kind
from thidua_kg.graph.questions import (
    Parameter,
    Question,
    answer,
    load_questions,
    questions_folder,
    shipped_questions,
)
from thidua_kg.graph.records import Entity, GraphRecord, Judged, Table, Value

__all__ = [
    "BASE",
    "ROW_LIMIT",
    "Entity",
    "Format",
    "Graph",
    "GraphRecord",
    "Iri",
    "Judged",
    "Kind",
    "Parameter",
    "Question",
    "Table",
    "Value",
    "answer",
    "check_read_only",
    "id_of",
    "iri",
    "load_questions",
    "questions_folder",
    "shipped_questions",
]
