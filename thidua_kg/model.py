"""The records that every other module passes around: what a parsed document holds.

One page on purpose. Every record is frozen; the JSON of `thidua parse` is these records encoded as they stand.
Spans are `[start, end)` in Unicode code points of `Document.text`, so `text[start:end]` is exactly what an item quotes.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

import msgspec

Span = tuple[int, int]

System = Literal["state", "party", "legal", "mass"]
BlockKind = Literal["preamble", "section", "item", "paragraph", "table", "row", "recipients", "signature", "annex"]
CitationKind = Literal["numbered", "named", "back", "self"]
Relation = Literal[
    "legal_basis",
    "implements",
    "amends",
    "replaces",
    "repeals",
    "guides",
    "proposed_by",
    "replies_to",
    "consolidates",
    "nested",
    "cites",
]
Manner = Literal["carry_out", "disseminate", "respond", "continue", "review", "report"]
Verdict = Literal["linked", "ambiguous", "unknown"]
Role = Literal["lead", "coordinate", "advise", "perform"]
Force = Literal["assigned", "requested", "self"]
Duty = Literal["do", "monitor", "report"]
TimeKind = Literal["date", "range", "deadline", "recurring", "continuous", "conditional", "relative"]
MentionKind = Literal["unit", "person", "place", "movement", "award", "date", "law_term"]


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of the records: immutable, comparable, encoded to JSON by msgspec."""


class Evidence(Record, frozen=True, kw_only=True):
    """The passage that an inferred header fact rests on.

    One in an envelope (edXML) or a digital signature has an empty span, and says what it is.
    """

    span: Span
    text: str


class Signer(Record, frozen=True, kw_only=True):
    """Who signed: `capacity` is the outermost mark printed (`TM.`, `KT.`, `TL.`, `TUQ.`, `Q.`)."""

    capacity: str | None = None
    position: str | None = None
    name: str | None = None
    span: Span | None = None


class Recipient(Record, frozen=True, kw_only=True):
    """One item of "Nơi nhận", as printed without its dash and closing punctuation."""

    text: str
    span: Span
    kind: Literal["unit", "person", "filing"] = "unit"
    purpose: str | None = None


class Header(Record, frozen=True, kw_only=True):
    """What the letterhead, the title and the signature block say; nothing here comes from a file's name.

    `symbol` is the number as printed, `canonical` its official form; `number` the number alone (`385`, `66.7`).
    `inferred` names the fields that the header does not print; `evidence` holds the passages they rest on and `spans`
    the places of the printed ones. `due` is the day by which the envelope (edXML) of a document asks for an answer. A
    `draft` says so, or leaves its number blank: it was not issued. `judged` holds the judgement of each corrected field.
    """

    type: str | None = None
    type_code: str | None = None
    system: System | None = None
    number: str | None = None
    symbol: str | None = None
    canonical: str | None = None
    issuer: str | None = None
    decided_by: str | None = None
    issuer_id: str | None = None
    place: str | None = None
    date: str | None = None
    date_not_before: str | None = None
    title: str | None = None
    signer: Signer | None = None
    recipients: tuple[Recipient, ...] = ()
    secrecy: str | None = None
    handling: tuple[str, ...] = ()
    due: str | None = None
    inferred: tuple[str, ...] = ()
    evidence: dict[str, tuple[Evidence, ...]] = {}
    spans: dict[str, Span] = {}
    judged: dict[str, str] = {}
    draft: bool = False


class Block(Record, frozen=True, kw_only=True):
    """One piece of the document tree.

    `id` is the path of printed markers (`III.4.1`, `2.a`, bullets `-1`, `-2`; a repeated id gets `~2`); `number` the
    marker alone; `parent` the id of the block it belongs to. `span` is the block's own text, up to where the next block
    begins, so the spans of all blocks tile the text; `structure.extent` gives a block together with its children.
    """

    id: str
    kind: BlockKind
    span: Span
    number: str | None = None
    parent: str | None = None
    title: str | None = None


class Candidate(Record, frozen=True, kw_only=True):
    """A document that a citation may mean, with the reason it was ranked where it is."""

    entity: str
    why: str


class Citation(Record, frozen=True, kw_only=True):
    """A reference to a document, as `[type word … end of symbol]` in `span`, with date, issuer and title in `full_span`.

    `canonical` is the official form of the symbol; `issues` are the codes of what had to be repaired or looks wrong.
    What only an envelope (edXML) cites has an empty span at the end of the text, and its `text` says so.
    `nested_in` is the index of the citation whose title this one belongs to. `verdict` and `entity` say which document
    it is, `rule` which rule found it; `judged` is the judgement of a person that lies over it, here and in the records below.
    """

    span: Span
    text: str
    kind: CitationKind
    rule: str
    full_span: Span
    holder: str
    type: str | None = None
    number: str | None = None
    year: int | None = None
    symbol: str | None = None
    canonical: str | None = None
    issuer: str | None = None
    issuer_id: str | None = None
    date: str | None = None
    date_span: Span | None = None
    title: str | None = None
    provision: str | None = None
    relation: Relation = "cites"
    manner: Manner | None = None
    nested_in: int | None = None
    entity: str | None = None
    verdict: Verdict = "unknown"
    why: str | None = None
    candidates: tuple[Candidate, ...] = ()
    issues: tuple[str, ...] = ()
    judged: str | None = None


class Assignment(Record, frozen=True, kw_only=True):
    """A unit and its role in a task. `group` is true for people or open sets ("các sở, ban, ngành")."""

    unit: str
    role: Role
    span: Span
    unit_id: str | None = None
    force: Force = "assigned"
    duty: Duty = "do"
    serves: str | None = msgspec.field(default=None, name="for")
    group: bool = False
    inherited_from: str | None = None
    judged: str | None = None


class TimeExpression(Record, frozen=True, kw_only=True):
    """When: a day, period or open date as EDTF, a recurrence as an RFC 5545 RRULE, or the words alone.

    `action` is what the time belongs to where the text says so ("Ban hành Kế hoạch trong tháng 02/2022"); `duty` is "report"
    where it is the day of a report on the task, and not the task's own ("rà soát kho; báo cáo kết quả trước ngày 15/12").
    """

    text: str
    span: Span
    kind: TimeKind
    edtf: str | None = None
    rrule: str | None = None
    action: str | None = None
    duty: Duty | None = None
    inherited_from: str | None = None
    judged: str | None = None


class Implementation(Record, frozen=True, kw_only=True):
    """That a task carries out or disseminates the document of citation number `citation`."""

    citation: int
    inherited_from: str | None = None


class Product(Record, frozen=True, kw_only=True):
    """What a task must deliver."""

    text: str
    span: Span


class Task(Record, frozen=True, kw_only=True):
    """An item that tells somebody to do something; a `duty` is an item of "Tổ chức thực hiện".

    `action` (its head verb and object) is None: what was tried is right in too few tasks (`benchmarks/README.md`).
    """

    id: str
    kind: Literal["task", "duty"]
    span: Span
    text: str
    number: str | None = None
    parent: str | None = None
    action: str | None = None
    assignments: tuple[Assignment, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    implements: tuple[Implementation, ...] = ()
    products: tuple[Product, ...] = ()
    judged: str | None = None


class Target(Record, frozen=True, kw_only=True):
    """A measurable aim: how many of whom reach what."""

    span: Span
    kind: Literal["title", "rating", "measure"]
    outcome: str
    subject: str | None = None
    quantifier: Literal["all", "some", "named"] | None = None
    comparator: str | None = None
    value: float | None = None
    unit: str | None = None
    holder: str | None = None


class Mention(Record, frozen=True, kw_only=True):
    """A name found in the text: a unit, person, place, movement, award, date or term of law."""

    kind: MentionKind
    span: Span
    text: str
    rule: str
    id: str | None = None


class Place(Record, frozen=True, kw_only=True):
    """Where in its source a stretch of text stands; each format fills the fields that it has.

    `chars` is `[start, end)` in the decoded characters of a text file; `page` counts from 1 and `box` is left, top, right,
    bottom in points (1/72 inch) from the page's top left corner; `element` names a paragraph, table cell or element
    ("body/tbl[2]/tr[3]/tc[1]/p[1]", an XPath in HTML); `confidence` is that of recognised characters, 0 to 1.
    """

    chars: Span | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    element: str | None = None
    confidence: float | None = None


class Segment(Record, frozen=True, kw_only=True):
    """A stretch of the text, from `start` to where the next segment starts, that stands at one place of the source."""

    start: int
    place: Place


class Furniture(Record, frozen=True, kw_only=True):
    """Something printed that is no part of the running text: kept apart, with its place, so that nothing is lost."""

    kind: Literal["page_header", "page_footer", "page_number", "stamp", "navigation", "deleted", "hidden", "comment"]
    text: str
    place: Place


class Signature(Record, frozen=True, kw_only=True):
    """A digital signature in the source as its certificate names the signer; whether it holds is not checked.

    `name` is a person's or an office's, `unit` a part of `organisation`, `issuer` who gave the certificate out, `time` the
    signer's clock (ISO 8601), which is no date of the document.
    """

    name: str | None = None
    title: str | None = None
    organisation: str | None = None
    unit: str | None = None
    issuer: str | None = None
    time: str | None = None
    reason: str | None = None


class Suggestion(Record, frozen=True, kw_only=True):
    """What a file's name says of the document in it, for a person to confirm: never a fact of the header.

    `field` is the header's, `value` as that field would hold it, `text` the part of the name: "KH 43 ngay 27.01.2022.doc"
    suggests the type "Kế hoạch", the number "43" and the date "2022-01-27".
    """

    field: Literal["type", "number", "symbol", "date"]
    value: str
    text: str


class Document(Record, frozen=True, kw_only=True):
    """One parsed source. `warnings` say what could not be understood, with its place; `suggestions` what its name says.

    `encoding` names the character encoding that a text file was taken to be in, with its certainty ("cp1258 (0.97)");
    `layout` is the way home to the source, in text order, for `to_source`.
    """

    path: str
    sha256: str
    media_type: str
    reader: str
    text: str
    header: Header
    blocks: tuple[Block, ...] = ()
    citations: tuple[Citation, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    mentions: tuple[Mention, ...] = ()
    encoding: str | None = None
    furniture: tuple[Furniture, ...] = ()
    layout: tuple[Segment, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    signatures: tuple[Signature, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_source(self, span: Span) -> tuple[Place, ...]:
        """The places in the source that a span of the text was made from, in text order.

        `document.to_source(citation.span)[0].page` is the page of a PDF; in a text file `chars` are those of the span.
        """
        if not self.layout:
            return (Place(chars=span),)
        if self.layout[0].place.chars is not None:
            return (Place(chars=(self._home(span[0]), self._home(span[1]))),)
        first = max(self._segment(span[0]), 0)
        last = max(self._segment(span[1] - 1), first)
        return tuple(segment.place for segment in self.layout[first : last + 1])

    def _segment(self, position: int) -> int:
        return bisect_right(self.layout, position, key=lambda s: s.start) - 1

    def _home(self, position: int) -> int:
        """The character of a text file that a position came from: text and file run in step inside a segment."""
        segment = self.layout[max(self._segment(position), 0)]
        return (segment.place.chars or (0, 0))[0] + position - segment.start


class Statement(Record, frozen=True, kw_only=True):
    """Subject, predicate, object, with the words it rests on.

    `subject` is a document id, or `<document>#<task>`; `object` a document id or a provisional one; `document` the one
    whose text says so; `citation` the index of the mention there.
    """

    subject: str
    predicate: Relation
    object: str
    document: str
    span: Span
    quote: str
    rule: str
    citation: int
    manner: Manner | None = None
    inherited_from: str | None = None
