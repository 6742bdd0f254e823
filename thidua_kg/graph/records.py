"""What goes into the graph and what comes out of a question."""

from __future__ import annotations

from thidua_kg.model import Document, Record, Statement

Value = str | int | float | bool | None


class Entity(Record, frozen=True, kw_only=True):
    """A document that is known because others cite it: `type` is the type's name ("Chỉ thị"), `issuer` a name.

    What is known is the same whoever cites it: the store's merged facts, not one citation's.
    """

    id: str
    canonical: str | None = None
    type: str | None = None
    issuer: str | None = None
    date: str | None = None
    title: str | None = None


class Judged(Record, frozen=True, kw_only=True):
    """A judgement in force on a document: what it says, who said it, when (ISO 8601) and why, and how it stands.

    `quote` is the words that it lies on, `other` the id of a document that its value names.
    """

    id: str
    kind: str
    value: str
    by: str
    at: str
    state: str
    field: str | None = None
    why: str | None = None
    quote: str | None = None
    other: str | None = None


class GraphRecord(Record, frozen=True, kw_only=True):
    """A parsed document under its id, with its resolved relations, the documents without text these lead to, its judgements."""

    id: str
    document: Document
    statements: tuple[Statement, ...] = ()
    entities: tuple[Entity, ...] = ()
    judgements: tuple[Judged, ...] = ()


class Table(Record, frozen=True, kw_only=True):
    """The rows a question found; `truncated` says that there were more than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    truncated: bool = False
