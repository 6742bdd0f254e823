"""What stands in the tables for a document, and what their rows say? Pure functions, so that `verify` can work them out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import zstandard

from thidua_kg.dates import bounds
from thidua_kg.identity import unpadded
from thidua_kg.migrations import digest_of
from thidua_kg.model import Candidate, Citation, Document, Header, Statement
from thidua_kg.resolver import Context, Entity, owner_of, sought_owner
from thidua_kg.text import fold_space, slug

PARTS = ("citations", "tasks", "assignments", "times", "statements")  # the tables of what a document consists of
ROLE_RANKS = {"lead": 0, "coordinate": 1, "advise": 2, "perform": 3}
_LEVEL = 1  # of compression: higher ones take twice the time for a twentieth of the size
_LARGEST = 1 << 30  # bytes of a record; a damaged one may claim any size
ENTITY = "id, canonical, type, issuer, place, date, title"

_Rows = list[tuple[Any, ...]]
_Record = TypeVar("_Record")


class Text(msgspec.Struct, frozen=True):
    """Of a document that was kept its text."""

    text: str


def rows_of(
    identifier: str,
    document: Document,
    found: Sequence[Statement],
    plan_year: int | None,
    parse: Document | None = None,
) -> dict[str, _Rows]:
    """The rows of a document by table, with the statements `found` in it; its record is its parse, where that is another."""
    header, record = document.header, packed(parse or document)
    entity = Entity(
        id=identifier, canonical=header.canonical, type=header.type, issuer=header.issuer, place=header.place
    )
    context = Context.of(identifier, header)
    own = (
        identifier, header.canonical, symbol_key(header.canonical), header.number, header.type, header.type_code,
        header.system, header.issuer, header.issuer_id, header.place, header.date, header.title, document.sha256,
        len(document.text), len(document.tasks), len(document.citations), plan_year, owner_of(entity),
    )  # fmt: skip
    return {
        "documents": [own],
        "parses": [(identifier, digest_of(record), record)],
        "citations": [_citation_row(i, c, document.text, context) for i, c in enumerate(document.citations)],
        "tasks": [(identifier, t.id, i, t.kind, t.number, t.text, *t.span) for i, t in enumerate(document.tasks)],
        "assignments": [
            (
                identifier, t.id, i, a.unit, slug(a.unit), a.unit_id, a.role, a.force, a.duty, a.serves, a.group,
                a.inherited_from, *a.span, int(not any(x.edtf or x.rrule for x in t.times)), ROLE_RANKS[a.role],
                header.date or "",
            )
            for t in document.tasks for i, a in enumerate(t.assignments)
        ],
        "times": [
            (
                identifier, t.id, i, x.text, x.kind, x.edtf, x.rrule, x.action, x.inherited_from, *x.span,
                *period_of(x.edtf), plan_year, x.duty,
            )
            for t in document.tasks for i, x in enumerate(t.times)
        ],
        "statements": [
            (
                identifier, i, s.subject, s.predicate, s.manner, s.object, *s.span, s.quote, s.rule, s.citation,
                s.inherited_from,
            )
            for i, s in enumerate(found)
        ],
    }  # fmt: skip


def packed(document: Document) -> bytes:
    """A document as it is kept: a fifth of its size, in 0.05 ms for one of six pages."""
    return zstandard.compress(msgspec.msgpack.encode(document), _LEVEL)


def unpacked(record: bytes, kind: type[_Record]) -> _Record:
    """A document that was kept, compressed or not, as older versions did; ValueError where it is damaged.

    `kind` is `Document`, or a struct with some of its fields, where the others are not needed.
    """
    try:
        if record.startswith(zstandard.FRAME_HEADER):
            if zstandard.frame_content_size(record) > _LARGEST:
                raise ValueError("bản ghi hỏng: cỡ không thể có")
            record = zstandard.decompress(record)
        return msgspec.msgpack.decode(record, type=kind)
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise ValueError(str(error)) from error


def period_of(edtf: str | None) -> tuple[str | None, str | None]:
    """The first and last day of a time as the tables compare them: an open beginning is its end, an open end after all others."""
    low, high = bounds(edtf) if edtf else (None, None)
    return (low or high or "", high or "9999") if edtf else (None, None)


def title_words_of(header: Header) -> list[tuple[str, int]]:
    """The words by which a document is found that is called by its title: folded, each once, with how many there are."""
    words = set(slug(f"{header.type or ''} {header.title}").split("-")) - {""} if header.title else set()
    return [(word, len(words)) for word in sorted(words)]


def symbol_key(canonical: str | None) -> str | None:
    """How a symbol is compared in the tables: without zero padding."""
    return unpadded(canonical) if canonical else None


def _citation_row(position: int, c: Citation, text: str, context: Context) -> tuple[Any, ...]:
    candidates = msgspec.json.encode(c.candidates).decode() if c.candidates else None
    name = slug(c.text) if c.kind == "named" or (c.kind == "numbered" and not c.canonical) else None
    return (
        context.document, position, symbol_key(c.canonical), c.canonical, c.kind, c.type, c.number, c.issuer, c.date, c.title, name,
        c.relation, c.manner, c.holder, c.nested_in, c.verdict, c.entity, c.why, candidates, *c.full_span,
        fold_space(text[slice(*c.full_span)]), sought_owner(c, context),
    )  # fmt: skip


def judged_rows(document: Document) -> Iterator[tuple[str, str, int, str]]:
    """Part, item, position and judgement of each fact that a person judged."""
    yield from (("header", field, 0, judgement) for field, judgement in document.header.judged.items())
    yield from (("citation", "", i, c.judged) for i, c in enumerate(document.citations) if c.judged)
    for task in document.tasks:
        if task.judged:
            yield "task", task.id, 0, task.judged
        yield from (("assignment", task.id, i, a.judged) for i, a in enumerate(task.assignments) if a.judged)
        yield from (("time", task.id, i, t.judged) for i, t in enumerate(task.times) if t.judged)


def candidates_of(row: sqlite3.Row) -> tuple[Candidate, ...]:
    """The candidates kept with a citation's row."""
    return msgspec.json.decode(row["candidates"], type=tuple[Candidate, ...]) if row["candidates"] else ()


def statement_of(row: sqlite3.Row) -> Statement:
    """The statement of a row of the table `statements`."""
    return Statement(
        subject=row["subject"], predicate=row["predicate"], object=row["object"], document=row["document"],
        span=(row["start"], row["stop"]), quote=row["quote"], rule=row["rule"], citation=row["citation"],
        manner=row["manner"], inherited_from=row["inherited_from"],
    )  # fmt: skip


def catalog_entity(row: sqlite3.Row) -> Entity:
    """The entity of a row of the table `catalog`."""
    return Entity(
        id=row["id"], canonical=row["canonical"], type=row["type"], issuer=row["issuer"], place=row["place"],
        date=row["date"], title=row["title"], aliases=tuple((row["aliases"] or "").split(" | ")) if row["aliases"] else (),
    )  # fmt: skip


def document_entity(row: sqlite3.Row) -> Entity:
    return Entity(
        id=row["id"], canonical=row["canonical"], type=row["type"], issuer=row["issuer"], place=row["place"],
        date=row["date"], title=row["title"], origin="document",
    )  # fmt: skip
