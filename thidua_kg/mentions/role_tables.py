"""Tasks in tables: the columns by their headings, the cells of a row, also where a conversion flattened them to lines.

A row's lead cell that is left blank was merged with the one above; other blank cells say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from thidua_kg.mentions.flat_rows import ROLES, align
from thidua_kg.mentions.roles import Field, field_of
from thidua_kg.mentions.units import UnitSpan
from thidua_kg.model import Block, Span
from thidua_kg.structure import cells
from thidua_kg.structure.tables import is_rule

_NOTE = re.compile(r"\[\d{1,2}\]")  # a footnote of a heading

_PROCEDURES = re.compile(r"[Tt]hủ tục|TTHC|THỦ TỤC")  # lists of procedures name who offers them, and task nobody


class Cell(NamedTuple):
    """A cell of a task row: what its column holds, and its span."""

    field: Field
    span: Span
    whole: UnitSpan | None = None  # the one name that it is, where no table knows what it is made of


def row_cells(text: str, table: Block, row: Block) -> tuple[Cell, ...]:
    """The cells of a row with a known heading, empty ones left out; () where the table assigns nothing."""
    head = text[slice(*table.span)]
    if "|" in head or "\t" in head:
        return tuple(_printed_cells(text, table, row))
    fields = flattened_fields(head)
    if not assigns(fields) or _PROCEDURES.search(head):
        return ()
    return tuple(_line_cells(text, row, fields))


def assigns(fields: Sequence[Field | None]) -> bool:
    """Whether columns like these make rows into tasks: a content column and one that names units."""
    return "content" in fields and any(field in ROLES for field in fields)


def _printed_cells(text: str, table: Block, row: Block) -> Iterator[Cell]:
    """The cells of a piped or tab separated row."""
    end = text.find("\n", *table.span)
    first = text[table.span[0] : table.span[1] if end < 0 else end].rstrip()
    fields = _headed(first)
    if not assigns(fields) or _PROCEDURES.search(first):
        return
    line = text[slice(*row.span)].split("\n", 1)[0].rstrip()
    if is_rule(line):
        return
    for field, span in zip(fields, cells(line, row.span[0]), strict=False):
        if field is not None and span[0] < span[1]:
            yield Cell(field, span)


@lru_cache(maxsize=1_000)  # asked for each row of a table
def _headed(first: str) -> tuple[Field | None, ...]:
    """What the columns hold below a first row."""
    return tuple(field_of(" ".join(first[slice(*span)].split())) for span in cells(first, 0))


def flattened_fields(head: str) -> list[Field | None]:
    """What the columns hold whose headings stand on lines; a line that goes on small belongs to the heading before."""
    names: list[str] = []
    for line in filter(None, (line.strip() for line in head.split("\n"))):
        if names and line[:1].islower():
            names[-1] += f" {line}"
        else:
            names.append(line)
    fields = [field_of(_NOTE.sub("", name)) for name in names[1:]]
    if "content" not in fields and None in fields:
        fields[fields.index(None)] = "content"  # a column of any other name before or beside those of units
    return fields


def _line_cells(text: str, row: Block, fields: Sequence[Field | None]) -> Iterator[Cell]:
    """The cells of a flattened row."""
    for field, span, known in align(text, _lines(text, row), fields):
        words = " ".join(text[slice(*span)].split())
        yield Cell(field, span, None if known else UnitSpan(words, span, words[:1].islower()))


def _lines(text: str, row: Block) -> list[Span]:
    """The spans of a row's lines after the one with its number, dotted fillers left out."""
    found, at = [], row.span[0]
    for index, line in enumerate(text[slice(*row.span)].split("\n")):
        words = line.strip()
        if index and words.strip(".…"):
            left = at + len(line) - len(line.lstrip())
            found.append((left, left + len(words)))
        at += len(line) + 1
    return found
