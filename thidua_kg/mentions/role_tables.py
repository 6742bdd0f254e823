"""Tasks in tables: the columns by their headings, the cells of a row, also where a conversion flattened them to lines.

A row's lead cell that is left blank was merged with the one above; other blank cells say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from thidua_kg.dates import time_expressions
from thidua_kg.mentions.roles import Field, field_of
from thidua_kg.mentions.unit_words import reading_copy
from thidua_kg.mentions.units import read_units
from thidua_kg.model import Block, Span
from thidua_kg.structure import cells
from thidua_kg.structure.tables import is_rule

_ROLES = ("lead", "coordinate", "advise", "perform")
_OPEN_END = re.compile(r"(?:[,;(–-]|(?<!\w)(?:và|hoặc|của|các|cùng|với|cho|về|trong|theo))$")
_STARTS = re.compile(r"[^\W\da-zà-ỹđ_]|\d{4}\b|\d{1,2}/")
_PRODUCT = re.compile(
    r"(?:Quyết định|Kế hoạch|Báo cáo|Văn bản|Công văn|Nghị quyết|Đề án|Dự án|Chương trình|Hướng dẫn|Tờ trình|Quy chế|Quy định|"
    r"Hội nghị|Lớp|Tài liệu|Phần mềm|Hệ thống|Cuộc|Danh mục|Thông báo|Bộ tiêu chí|Biên bản|Các )"
)


class Cell(NamedTuple):
    """A cell of a task row: what its column holds, and its span."""

    field: Field
    span: Span


def row_cells(text: str, table: Block, row: Block) -> tuple[Cell, ...]:
    """The cells of a row with a known heading, empty ones left out; () where the table assigns nothing."""
    head = text[slice(*table.span)]
    if "|" in head or "\t" in head:
        return tuple(_printed_cells(text, table, row))
    fields = flattened_fields(head)
    if not assigns(fields) or fields.index("content") > min(fields.index(one) for one in fields if one in _ROLES):
        return ()
    return tuple(_line_cells(text, row, fields))


def assigns(fields: Sequence[Field | None]) -> bool:
    """Whether columns like these make rows into tasks: a content column and one that names units."""
    return "content" in fields and any(field in _ROLES for field in fields)


def _printed_cells(text: str, table: Block, row: Block) -> Iterator[Cell]:
    """The cells of a piped or tab separated row."""
    end = text.find("\n", *table.span)
    fields = _headed(text[table.span[0] : table.span[1] if end < 0 else end].rstrip())
    if not assigns(fields):
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
    return [field_of(name) for name in names[1:]]


def _line_cells(text: str, row: Block, fields: Sequence[Field | None]) -> Iterator[Cell]:
    """The cells of a flattened row: the task first, then units, then the time, then the product."""
    lines = _lines(text, row)
    if len(lines) < 2:
        return
    starts = [index for index in range(1, len(lines)) if _may_start(text, lines, index)]
    units = [index for index in starts if _names_units(text, lines, index)]
    wanted = [field for field in fields if field in _ROLES]
    timed = [index for index in starts if _names_time(text, lines, index)]
    if units and timed:
        last = next((index for index in timed if index > units[0]), len(lines))
        units = [index for index in units if index < last]
    units = units[-len(wanted) :] if wanted else []
    if not units:
        return
    time = next((index for index in timed if index > units[-1]), None) if "time" in fields else None
    product = next((index for index in starts if index > (time or units[-1]) and _is_product(text, lines[index])), None)
    marks: list[tuple[int, Field]] = [(0, "content"), *zip(units, wanted, strict=False)]
    marks += [(time, "time")] if time is not None else []
    marks += [(product, "product")] if product is not None and "product" in fields else []
    for (index, field), after in zip(marks, [mark[0] for mark in marks[1:]] + [len(lines)], strict=True):
        span = (lines[index][0], lines[after - 1][1])
        if field not in _ROLES or _is_filled(text, span):
            yield Cell(field, span)


def _is_filled(text: str, span: Span) -> bool:
    """Whether known names fill a unit cell: one with other words was cut wrongly."""
    flat = reading_copy(text[slice(*span)])
    return not flat[read_units(flat, 0, len(flat))[1] :].strip(" .;,")


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


def _may_start(text: str, lines: Sequence[Span], index: int) -> bool:
    """Whether a cell may begin with this line: it opens large or with a date, and the line before is not left open."""
    before = text[slice(*lines[index - 1])]
    return _STARTS.match(text[slice(*lines[index])]) is not None and _OPEN_END.search(before[-8:]) is None


def _names_units(text: str, lines: Sequence[Span], index: int) -> bool:
    """Whether units begin at this line and their names fill whole lines."""
    flat = reading_copy(text[lines[index][0] : lines[min(index + 6, len(lines) - 1)][1]])
    units, end = read_units(flat, 0, len(flat))
    ends = {span[1] - lines[index][0] for span in lines[index:]}
    return bool(units) and (end in ends or any(end >= at for at in ends))


def _names_time(text: str, lines: Sequence[Span], index: int) -> bool:
    """Whether a time begins with this line, though it may end on the next."""
    start, end = lines[index][0], lines[min(index + 1, len(lines) - 1)][1]
    found = time_expressions(text, start, end, year=2000) or time_expressions(text, *lines[index], year=2000)
    return bool(found) and found[0].span[0] == start


def _is_product(text: str, line: Span) -> bool:
    """Whether the line begins with a kind of paper or result."""
    return _PRODUCT.match(text, *line) is not None
