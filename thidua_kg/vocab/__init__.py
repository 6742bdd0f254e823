"""The domain's tables: what is called how, since when, and which law says so.

Each table is a CSV file beside this module, read once into frozen rows. A cell with several values separates them by
" | ". Every row carries examples that its pattern or forms match, counter-examples that they must not, and its source;
one test holds that for all tables.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar, get_origin

import msgspec

from thidua_kg.model import Manner, Relation


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What every vocabulary row has: an identifier, evidence for and against, and where the fact comes from."""

    id: str
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


class DocumentType(Row, frozen=True, kw_only=True):
    """A type of document: `name` as the heading prints it, `code` as the symbol does ("" where symbols have none)."""

    name: str
    code: str = ""
    systems: tuple[str, ...]
    forms: tuple[str, ...] = ()


class IssuerCode(Row, frozen=True, kw_only=True):
    """The code of an issuing body in symbols; `per_place` where every province, district or office has its own."""

    code: str
    name: str
    kind: str
    level: str
    system: str
    variants: tuple[str, ...] = ()
    per_place: bool = False
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = ()


class Province(Row, frozen=True, kw_only=True):
    """A province or city of the 63 before 1 July 2025 and the one of the 34 that it belongs to since."""

    name: str
    kind: str
    successor: str
    effective: str = ""
    forms: tuple[str, ...] = ()


class BodyChange(Row, frozen=True, kw_only=True):
    """A merger, split or renaming of bodies: `old` and `new` are names or issuer codes."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    level: str
    date: str
    precision: str


class KnownDocument(Row, frozen=True, kw_only=True):
    """A document known to exist without its text: what a registry or catalogue says of it."""

    canonical: str
    type: str
    system: str
    issuer: str
    place: str = ""
    date: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()


class Law(Row, frozen=True, kw_only=True):
    """A law, code, ordinance or constitution by its full name; one row a version, `symbol` empty where not certain."""

    name: str
    kind: str
    symbol: str = ""
    year: str = ""
    date: str = ""
    forms: tuple[str, ...] = ()


class RelationCue(Row, frozen=True, kw_only=True):
    """Words before a citation that say how this document relates to the cited one; the nearest cue decides."""

    pattern: str
    relation: Relation
    manner: Manner | Literal[""] = ""


R = TypeVar("R", bound=Row)


@cache
def table(name: str, kind: type[R]) -> tuple[R, ...]:
    """The rows of `vocab/<name>.csv` as records of `kind`, in file order; a wrong cell raises with its line.

    `table("doc_types", DocumentType)[0].name == "Nghị quyết"`
    """
    lists = {field.name for field in msgspec.structs.fields(kind) if get_origin(field.type) is tuple}
    text = files(__package__).joinpath(f"{name}.csv").read_text("utf-8")
    found: list[R] = []
    for line, cells in enumerate(csv.DictReader(text.splitlines()), start=2):
        values: dict[str, Any] = {key: cells_of(value) if key in lists else value for key, value in cells.items()}
        try:
            found.append(msgspec.convert({k: v for k, v in values.items() if v != ""}, kind, strict=False))
        except msgspec.ValidationError as error:
            raise ValueError(f"vocab/{name}.csv line {line}: {error}") from error
    return tuple(found)


def cells_of(cell: str) -> tuple[str, ...]:
    """The values of one cell: `cells_of("TƯ | T.Ư") == ("TƯ", "T.Ư")`."""
    return tuple(part.strip() for part in cell.split(" | ") if part.strip())


class UnitTerm(Row, frozen=True, kw_only=True):
    """Words that names of bodies are made of: what a name begins with, goes on with, or holds whole."""

    kind: Literal["head", "holder", "generic", "people", "level", "field"]
    forms: tuple[str, ...]


class RoleTerm(Row, frozen=True, kw_only=True):
    """What says who does what: the labels of role lines and columns, verbs, and words that end a unit's name.

    `role` is a role or, for labels, what else the line holds (`time`, `product`, `content`, `other`).
    """

    kind: Literal["label", "verb", "stop"]
    role: str = ""
    duty: str = ""
    forms: tuple[str, ...] = ()
    pattern: str = ""
