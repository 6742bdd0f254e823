"""Which IRI stands for what: documents, tasks and units, the terms written, and the graphs they are written to.

ELI terms were checked against the published ontology (version 1.5): `eli:id_local`, `eli:number`, `eli:type_document`,
`eli:passed_by`, `eli:date_document`, `eli:based_on`, `eli:cites`, `eli:amends`, `eli:repeals`, `eli:consolidates`.
`eli:title` belongs to an expression; ELI itself sends a work's title to Dublin Core. PROV-O's `prov:generatedAtTime` has
an `xsd:dateTime`, its `prov:wasAttributedTo` an agent and never a bare name. Own terms are in `ontology.ttl`.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from thidua_kg.model import Manner, Relation, Role
from thidua_kg.text import slug

BASE = "https://thidua.example/id/"
TD = "https://thidua.example/ns#"
ELI = "http://data.europa.eu/eli/ontology#"
DCT = "http://purl.org/dc/terms/"
ORG = "http://www.w3.org/ns/org#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

PREFIXES = {
    "td": TD,
    "eli": ELI,
    "dcterms": DCT,
    "org": ORG,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}

REGISTRY = NamedNode("https://thidua.example/graph/registry")
META = NamedNode("https://thidua.example/graph/meta")
_TYPES = "https://thidua.example/ns/type/"

RELATIONS: dict[Relation, NamedNode] = {
    "legal_basis": NamedNode(ELI + "based_on"),
    "implements": NamedNode(TD + "implements"),
    "amends": NamedNode(ELI + "amends"),
    "replaces": NamedNode(DCT + "replaces"),
    "repeals": NamedNode(ELI + "repeals"),
    "guides": NamedNode(TD + "guides"),
    "proposed_by": NamedNode(TD + "proposedBy"),
    "replies_to": NamedNode(TD + "repliesTo"),
    "consolidates": NamedNode(ELI + "consolidates"),
    "nested": NamedNode(TD + "nested"),
    "cites": NamedNode(ELI + "cites"),
}
MANNERS: dict[Manner, NamedNode] = {
    "carry_out": NamedNode(TD + "carriesOut"),
    "disseminate": NamedNode(TD + "disseminates"),
    "respond": NamedNode(TD + "respondsTo"),
    "continue": NamedNode(TD + "continues"),
    "review": NamedNode(TD + "reviews"),
    "report": NamedNode(TD + "reportsOn"),
}
ROLES: dict[Role, NamedNode] = {
    "lead": NamedNode(TD + "lead"),
    "coordinate": NamedNode(TD + "coordinate"),
    "advise": NamedNode(TD + "advise"),
    "perform": NamedNode(TD + "perform"),
}


class Iri(str):
    """A string that is an IRI, so that binding it to a query parameter never takes a text for a resource."""

    __slots__ = ()


def iri(id: str, base: str = BASE) -> Iri:
    """The IRI of a document, task or unit: "TW:2014:34-CT/TW#III.2" → "<base>TW:2014:34-CT%2FTW#III.2".

    Slashes are escaped, so a path below the IRI (`…/links`) never is the IRI of an id.
    """
    document, mark, task = id.partition("#")
    return Iri(base + escaped(document) + mark + escaped(task))


def id_of(iri: str, base: str = BASE) -> str:
    """The id that `iri` made this IRI from; ValueError for any other IRI."""
    document, mark, task = iri.removeprefix(base).partition("#")
    id = unquote(document, errors="replace") + mark + unquote(task, errors="replace")
    if not iri.startswith(base) or _iri_text(id, base) != iri:
        raise ValueError(f"{iri} is not the IRI of an id under {base}")
    return id


def type_iri(name: str) -> NamedNode:
    """The concept of a document type, named after its folded name: "Kế hoạch" → "…/type/ke-hoach"."""
    return NamedNode(_TYPES + slug(name))


def _iri_text(id: str, base: str) -> str:
    return str(iri(id, base))


@lru_cache(maxsize=20_000)
def escaped(part: str) -> str:
    """A part of an IRI's path."""
    return quote(part, safe=":@,")
