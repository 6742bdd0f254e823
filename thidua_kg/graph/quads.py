"""What does a document say as RDF? Pure functions from a `GraphRecord` to its quads, in a fixed order.

`<document>` holds what the document's own text says, `<document>/links` what its citations were resolved to, and
`<document>/judgements` what persons said of it; replacing a document replaces these graphs and no other. What is known
of a document without text stands once, in `<document>/known`: Oxigraph does not fold equal triples of several graphs, so
a fact that a thousand documents repeat would join a thousand times with each other one. For the same reason units carry
no facts here, their names standing with each assignment. A document has one assignment for a unit in a role, however many
of its tasks are given so: that is a third of all quads less. Values that are the rule are left out (force "assigned", duty "do").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from thidua_kg.graph.names import (
    BASE,
    DCT,
    EDTF,
    ELI,
    MANNERS,
    PROV,
    RDF,
    RDFS,
    RELATIONS,
    ROLES,
    SKOS,
    TD,
    XSD,
    escaped,
    iri,
    type_iri,
)
from thidua_kg.graph.records import Entity, GraphRecord, Judged
from thidua_kg.model import Assignment, Citation, Document, Header, Mention, Statement, Target, Task, TimeExpression
from thidua_kg.text import fold_space, slug

_Po = tuple[NamedNode, NamedNode | Literal]
_Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]

_LABEL_LENGTH = 240  # code points: a long item is shown by its beginning, the whole stands in the store
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_A = NamedNode(RDF + "type")
_LABEL = NamedNode(RDFS + "label")
_TITLE = NamedNode(DCT + "title")
_DOCUMENT = NamedNode(ELI + "LegalResource")
_TYPE = NamedNode(ELI + "type_document")
_CITES = RELATIONS["cites"]
_XSD_DATE, _XSD_DATE_TIME, _EDTF = NamedNode(XSD + "date"), NamedNode(XSD + "dateTime"), NamedNode(EDTF)


@cache
def _td(name: str) -> NamedNode:
    return NamedNode(TD + name)


REFERS_TO = _td("refersTo")
_QUOTE, _BLOCK, _RELATION = _td("quote"), _td("block"), _td("relation")
_TASK, _CITATION, _ASSIGNMENT, _TARGET, _MOVEMENT, _JUDGEMENT = (
    (_td(name), _td(name.capitalize()))
    for name in ("task", "citation", "assignment", "target", "movement", "judgement")
)
_HEADER_TEXTS = {  # header fields that are plain text, and the property that holds each
    "number": NamedNode(ELI + "number"),
    "canonical": NamedNode(ELI + "id_local"),
    "symbol": _td("printedSymbol"),
    "title": _TITLE,
    "place": _td("place"),
    "system": _td("system"),
    "decided_by": _td("decidedBy"),
    "secrecy": _td("secrecy"),
}
_TARGET_TEXTS = {
    "kind": _td("targetKind"),
    "outcome": _td("outcome"),
    "subject": _td("subject"),
    "quantifier": _td("quantifier"),
    "comparator": _td("comparator"),
    "unit": _td("measure"),
    "holder": _BLOCK,
}
_JUDGED_TEXTS = {
    "kind": _td("judgementKind"),
    "field": _td("judgedField"),
    "value": _td("judgedValue"),
    "by": _td("judgedBy"),
    "why": NamedNode(RDFS + "comment"),
    "state": _td("state"),
}


def quads_of(record: GraphRecord, base: str = BASE) -> list[Quad]:
    """All quads of a document, each once: first what its text says, then its resolved links, then its judgements."""
    parts = (_own(record.id, record.document, base), _links(record, base), _judgements(record, base))
    graphs = graphs_of(record.id, base)
    return [Quad(*t, graph) for triples, graph in zip(parts, graphs, strict=True) for t in dict.fromkeys(triples)]


def quads_of_entity(entity: Entity, base: str = BASE) -> list[Quad]:
    """What is known of a document that is only cited."""
    node, graph = NamedNode(iri(entity.id, base)), known_graph(entity.id, base)
    return [Quad(*triple, graph) for triple in dict.fromkeys(_entity(node, entity))]


def graphs_of(id: str, base: str = BASE) -> tuple[NamedNode, NamedNode, NamedNode]:
    """The graphs of a document: its own text's, which is never empty, that of its resolved links, and that of its judgements."""
    own = iri(id, base)
    return NamedNode(own), NamedNode(own + "/links"), NamedNode(own + "/judgements")


def known_graph(id: str, base: str = BASE) -> NamedNode:
    """The graph of what is known of a document that is only cited."""
    return NamedNode(iri(id, base) + "/known")


class _Document:
    """Makes the IRIs that belong to one document."""

    def __init__(self, id: str, base: str) -> None:
        self.id, self.base, self.node = id, base, NamedNode(iri(id, base))
        self.assignments: dict[tuple[object, ...], NamedNode] = {}  # by all that is said of them

    def task(self, block: str) -> NamedNode:
        return NamedNode(iri(f"{self.id}#{block}", self.base))

    def part(self, kind: str, key: object) -> NamedNode:
        return NamedNode(f"{self.node.value}/{kind}/{escaped(str(key))}")

    def named(self, kind: str, name: str, id: str | None) -> NamedNode:
        """A unit by its id; one without an id is this document's own, under its folded name."""
        return NamedNode(iri(id, self.base)) if id else self.part(kind, slug(name))


def _own(id: str, document: Document, base: str) -> Iterator[_Triple]:
    here = _Document(id, base)
    yield here.node, _A, _DOCUMENT
    yield here.node, NamedNode(PROV + "wasDerivedFrom"), NamedNode(f"urn:sha256:{quote(document.sha256)}")
    yield from _header(here, document.header)
    for task in document.tasks:
        yield from _task(here, task)
    for index, citation in enumerate(document.citations):
        yield from _citation(here, index, citation, document.text)
    for index, target in enumerate(document.targets):
        yield from _target(here, index, target)
    yield from _movements(here, document.mentions)


def _header(here: _Document, header: Header) -> Iterator[_Triple]:
    node = here.node
    for field, property in _HEADER_TEXTS.items():
        if value := getattr(header, field):
            yield node, property, Literal(value)
    yield from _type(node, header.type)
    yield from _date(node, header.date)
    if header.date_not_before:
        yield node, _td("dateNotBefore"), _edtf(header.date_not_before)
    if header.issuer:
        yield node, NamedNode(ELI + "passed_by"), here.named("unit", header.issuer, header.issuer_id)
        yield node, _td("issuerName"), Literal(fold_space(header.issuer))
    if header.signer and header.signer.name:
        yield node, _td("signedBy"), Literal(header.signer.name)
    if header.signer and header.signer.position:
        yield node, _td("signerPosition"), Literal(header.signer.position)
    yield from ((node, _td("recipient"), Literal(r.text)) for r in header.recipients if r.kind != "filing")
    yield from ((node, _td("handling"), Literal(mark)) for mark in header.handling)
    yield from ((node, _td("inferred"), Literal(field)) for field in header.inferred)


def _type(node: NamedNode, name: str | None) -> Iterator[_Triple]:
    if name and slug(name):
        yield node, _TYPE, type_iri(name)


def _date(node: NamedNode, date: str | None) -> Iterator[_Triple]:
    """A day of the calendar goes to ELI; a month or year, which `xsd:date` cannot hold, to Dublin Core as EDTF."""
    if date and _DAY.fullmatch(date):
        yield node, NamedNode(ELI + "date_document"), Literal(date, datatype=_XSD_DATE)
    elif date:
        yield node, NamedNode(DCT + "date"), _edtf(date)


def _edtf(value: str) -> Literal:
    return Literal(value, datatype=_EDTF)


def _task(here: _Document, task: Task) -> Iterator[_Triple]:
    node = here.task(task.id)
    yield here.node, _TASK[0], node
    yield node, _A, _TASK[1]
    if task.kind == "duty":
        yield node, _A, _td("Duty")
    yield node, _BLOCK, Literal(task.id)
    yield node, _LABEL, Literal(shorten(task.text))
    if task.parent:
        yield node, _td("parent"), here.task(task.parent)
    for assignment in task.assignments:
        yield from _assignment(here, node, assignment)
    for time in task.times:
        yield from ((node, property, value) for property, value in _time(time))
    yield from ((node, _td("product"), Literal(shorten(product.text))) for product in task.products)


def _assignment(here: _Document, task: NamedNode, assignment: Assignment) -> Iterator[_Triple]:
    """That a task is given to a unit in a role; what that is, where it is the first such."""
    a = assignment
    said = (a.unit, a.unit_id, a.role, a.group, a.force, a.duty, a.serves, a.inherited_from)
    node = here.assignments.get(said)
    if node is not None:
        yield task, _ASSIGNMENT[0], node
        return
    node = here.assignments[said] = here.part("assignment", len(here.assignments))
    yield task, _ASSIGNMENT[0], node
    yield node, _A, _ASSIGNMENT[1]
    yield node, _td("unit"), here.named("unit", assignment.unit, assignment.unit_id)
    yield node, _td("role"), ROLES[assignment.role]
    yield node, _QUOTE, Literal(fold_space(assignment.unit))
    if assignment.group:
        yield node, _td("group"), Literal(True)
    if assignment.force != "assigned":
        yield node, _td("force"), Literal(assignment.force)
    if assignment.duty != "do":
        yield node, _td("duty"), Literal(assignment.duty)
    if assignment.serves:
        yield node, _td("serves"), Literal(assignment.serves)
    if assignment.inherited_from:
        yield node, _BLOCK, Literal(assignment.inherited_from)


def _time(time: TimeExpression) -> Iterator[_Po]:
    yield _td("timeText"), Literal(fold_space(time.text))
    if time.edtf:
        yield _td("time"), _edtf(time.edtf)
        if time.kind == "deadline" or time.duty == "report":
            yield _td("reportDeadline" if time.duty == "report" else "deadline"), _edtf(time.edtf)
    if time.rrule:
        yield _td("recurrence"), Literal(time.rrule)


def _citation(here: _Document, index: int, citation: Citation, text: str) -> Iterator[_Triple]:
    node = here.part("citation", index)
    yield here.node, _CITATION[0], node
    yield node, _A, _CITATION[1]
    yield node, _QUOTE, Literal(fold_space(text[slice(*citation.full_span)]) or citation.text)
    yield node, _BLOCK, Literal(citation.holder)
    manner = citation.manner if citation.relation == "implements" else None
    yield node, _RELATION, MANNERS[manner] if manner else RELATIONS[citation.relation]
    if citation.canonical:
        yield node, _td("canonical"), Literal(citation.canonical)
    if citation.provision:
        yield node, _td("provision"), Literal(citation.provision)
    if citation.nested_in is not None:
        yield node, _td("nestedIn"), here.part("citation", citation.nested_in)
    yield from ((node, _td("issue"), Literal(issue)) for issue in citation.issues)


def _target(here: _Document, index: int, target: Target) -> Iterator[_Triple]:
    node = here.part("target", index)
    yield here.node, _TARGET[0], node
    yield node, _A, _TARGET[1]
    for field, property in _TARGET_TEXTS.items():
        if value := getattr(target, field):
            yield node, property, Literal(fold_space(value))
    if target.value is not None:
        yield node, _td("value"), Literal(float(target.value))


def _movements(here: _Document, mentions: Iterable[Mention]) -> Iterator[_Triple]:
    """Each movement once a document, under the name printed first; documents share it by its id."""
    seen: set[NamedNode] = set()
    for mention in mentions:
        if mention.kind != "movement":
            continue
        node = here.part("movement", slug(mention.id or mention.text))
        if node not in seen:
            seen.add(node)
            yield here.node, _MOVEMENT[0], node
            yield node, _A, _MOVEMENT[1]
            yield node, _LABEL, Literal(fold_space(mention.text))
            if mention.id:
                yield node, NamedNode(SKOS + "exactMatch"), NamedNode(iri(mention.id, here.base))


def _links(record: GraphRecord, base: str) -> Iterator[_Triple]:
    here = _Document(record.id, base)
    for statement in record.statements:
        yield from _statement(here, statement)


def _statement(here: _Document, statement: Statement) -> Iterator[_Triple]:
    """The relation itself, its manner, that the document cites the object, and which citation says so.

    A document that names itself gives no edge: a loop would make every chain of directives endless.
    """
    subject, object = NamedNode(iri(statement.subject, here.base)), NamedNode(iri(statement.object, here.base))
    yield here.part("citation", statement.citation), REFERS_TO, object
    if statement.object.startswith("?"):
        yield object, _A, _td("UnidentifiedDocument")
    if subject != object:
        yield subject, RELATIONS[statement.predicate], object
        if statement.manner and statement.predicate == "implements":
            yield subject, MANNERS[statement.manner], object
    if here.node != object:
        yield here.node, _CITES, object


def _judgements(record: GraphRecord, base: str) -> Iterator[_Triple]:
    here = _Document(record.id, base)
    for judged in record.judgements:
        yield from _judgement(here, judged)


def _judgement(here: _Document, judged: Judged) -> Iterator[_Triple]:
    node = here.part("judgement", judged.id)
    yield here.node, _JUDGEMENT[0], node
    yield node, _A, _JUDGEMENT[1]
    for field, property in _JUDGED_TEXTS.items():
        value = getattr(judged, field)
        if value is not None:
            yield node, property, Literal(value)
    if judged.quote is not None:
        yield node, _QUOTE, Literal(fold_space(judged.quote))
    if judged.other is not None:
        yield node, _td("judgedDocument"), NamedNode(iri(judged.other, here.base))
    if moment := _moment(judged.at):
        yield node, NamedNode(PROV + "generatedAtTime"), Literal(moment, datatype=_XSD_DATE_TIME)


def _moment(at: str) -> str | None:
    """A time in UTC as XML Schema writes it canonically, which is how Oxigraph gives it back; None for what is no time."""
    try:
        read = datetime.fromisoformat(at)
        moment = read.astimezone(UTC) if read.tzinfo else read
    except (ValueError, OverflowError):  # a log that is merged may hold any text
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds").rstrip("0").rstrip(".") + "Z"


def _entity(node: NamedNode, entity: Entity) -> Iterator[_Triple]:
    yield node, _A, _DOCUMENT
    if entity.canonical:
        yield node, _HEADER_TEXTS["canonical"], Literal(entity.canonical)
    yield from _type(node, entity.type)
    yield from _date(node, entity.date)
    if entity.issuer:
        yield node, _td("issuerName"), Literal(fold_space(entity.issuer))
    if entity.title:  # as others print it, so never the title itself
        yield node, NamedNode(DCT + "alternative"), Literal(shorten(entity.title))


def shorten(text: str) -> str:
    """`text` on one line; a long one is cut at a word, with an ellipsis."""
    line = fold_space(text)
    return line if len(line) <= _LABEL_LENGTH else line[:_LABEL_LENGTH].rsplit(" ", 1)[0] + "…"
