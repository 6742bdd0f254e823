"""The domain's tables: what is called how, since when, and which law says so.

Each table is a CSV file beside this module, read once into frozen rows. A cell with several values separates them by
" | ". Rows carry examples that their names, codes and forms (or pattern) match, counter-examples that they must not,
and their source; one test holds that for all tables. "chưa kiểm tra" in a note marks what no text has confirmed yet.

Names stand in their official spelling and case: capitals of a heading, and "hoà" for "hòa", are the matcher's to fold.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar, get_origin

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What every vocabulary row has: an identifier, evidence for and against, and where the fact comes from."""

    id: str
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


class DocumentType(Row, frozen=True, kw_only=True):
    """A type of document: `name` as the heading prints it, `code` as the symbol does ("" where symbols have none).

    `forms` are other words for the type ("Chương trình hành động" is a Chương trình). Types may share a code: in one
    system the first row is what the code means where no word stands before it ("QĐ" in the Party: Quyết định).
    """

    name: str
    code: str = ""
    systems: tuple[str, ...]
    forms: tuple[str, ...] = ()


class IssuerCode(Row, frozen=True, kw_only=True):
    """The code of an issuing body in symbols; `per_place` where every province, district or office has its own.

    `name` is the body as printed after "của", `other_names` are bodies and office-holders that print the same code
    ("Ban Bí thư": TW). `variants` are looser spellings of the code. Bodies may share a code ("CT": Cục Thuế, Tổng cục
    Chính trị): the first row is the common reading. `parent` is the code of the body that this one is a part of: after
    it, the code is a drafting unit and no joint issuer ("17986/BTC-CT"). `system` is "any" where the printed shape
    tells. Dates may be partial (`2025-02`).
    """

    code: str
    name: str
    kind: str
    level: str
    system: str
    other_names: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    per_place: bool = False
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = ()
    parent: str = ""


class Province(Row, frozen=True, kw_only=True):
    """A province or city of the 63 before 1 July 2025 and the one of the 34 that it belongs to since.

    `id` is the code of the statistics office before that day; `effective` is "" where nothing changed.
    """

    name: str
    kind: str
    successor: str
    effective: str = ""
    until: str = ""
    forms: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()


class BodyChange(Row, frozen=True, kw_only=True):
    """A merger, split or renaming of bodies: `old` and `new` are names or issuer codes; `precision` that of `date`."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    level: str
    date: str
    precision: Literal["day", "month", "year"]


class KnownDocument(Row, frozen=True, kw_only=True):
    """A document known to exist without its text: what a registry or catalogue says of it.

    `id` is "canonical@place@date" without its empty parts; `canonical` is "" where the document has no symbol, `issuer`
    as printed after "của", `date` an ISO day, month or year. A relation is its name and the id of its object, or, for
    a document outside the registry, what is known of that id: "implements 22-CT/TW@2018-01-23".
    """

    canonical: str = ""
    type: str
    system: str
    issuer: str
    place: str = ""
    date: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()


class Law(Row, frozen=True, kw_only=True):
    """One version of a law, code, ordinance or constitution by name: where a citation by name ends.

    `name` is the full official name without year ("Luật Thi đua, khen thưởng"), `symbol` "06/2022/QH15" or "" where it
    is not certain, as is `date`, the day of its passing; `effective` is the day from which it is in force, where known,
    `until` that from which a law of another name takes its place; `forms` are looser spellings of the name.
    """

    name: str
    kind: Literal["Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp"]
    symbol: str = ""
    year: str = ""
    date: str = ""
    effective: str = ""
    until: str = ""
    forms: tuple[str, ...] = ()


class UnitTerm(Row, frozen=True, kw_only=True):
    """Words that names of bodies are made of: what a name begins with, goes on with, or holds whole."""

    kind: Literal["head", "holder", "generic", "people", "level", "field"]
    forms: tuple[str, ...]


class RoleTerm(Row, frozen=True, kw_only=True):
    """What says who does what: the labels of role lines and columns, columns alone, verbs, and words that end a unit's name.

    `role` is a role or, for labels, what else the line holds (`time`, `product`, `content`, `other`).
    """

    kind: Literal["label", "column", "verb", "stop"]
    role: str = ""
    duty: str = ""
    forms: tuple[str, ...] = ()
    pattern: str = ""


class FamilyName(Row, frozen=True, kw_only=True):
    """A family name; `common` marks the few that nine Vietnamese in ten bear."""

    name: str
    common: bool


R = TypeVar("R", bound=Row)


@cache
def table(name: str, kind: type[R]) -> tuple[R, ...]:
    """The rows of `vocab/<name>.csv` as records of `kind`, in file order; a wrong column or cell raises with its line.

    `table("doc_types", DocumentType)[0].name == "Nghị quyết"`
    """
    fields = msgspec.structs.fields(kind)
    lists = {field.name for field in fields if get_origin(field.type) is tuple}
    rows = csv.DictReader(files(__package__).joinpath(f"{name}.csv").read_text("utf-8").splitlines())
    unknown = set(rows.fieldnames or ()) - {field.name for field in fields}
    if unknown:
        raise ValueError(f"vocab/{name}.csv line 1: {kind.__name__} has no {', '.join(sorted(unknown))}")
    found: list[R] = []
    for line, cells in enumerate(rows, start=2):
        if None in cells or None in cells.values():  # what csv does with a cell too many or too few
            raise ValueError(f"vocab/{name}.csv line {line}: {len(rows.fieldnames or ())} cells expected")
        values: dict[str, Any] = {key: cells_of(value) if key in lists else value for key, value in cells.items()}
        try:
            found.append(msgspec.convert({k: v for k, v in values.items() if v != ""}, kind, strict=False))
        except msgspec.ValidationError as error:
            raise ValueError(f"vocab/{name}.csv line {line}: {error}") from error
    return tuple(found)


def cells_of(cell: str) -> tuple[str, ...]:
    """The values of one cell: `cells_of("TƯ | T.Ư") == ("TƯ", "T.Ư")`."""
    return tuple(part.strip() for part in cell.split(" | ") if part.strip())


class EmulationTerm(Row, frozen=True, kw_only=True):
    """A title, honour, award, movement, campaign, programme or model of emulation work, by its name."""

    name: str
    kind: Literal["title", "honour", "award", "movement", "campaign", "programme", "model"]
    forms: tuple[str, ...] = ()
    applies_to: str = ""
    level: str = ""
