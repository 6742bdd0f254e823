"""Catalogues: lists of documents that are known to exist without their texts, as CSV.

Columns, in any order and with others beside them: `symbol`, or `name` ("Nghị định 98/2023/NĐ-CP"); and where known `type`,
`issuer`, `place`, `date` (ISO or day/month/year), `title`, `aliases` (separated by " | "). A row that cannot be read is reported
with its line and left out; the others count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from thidua_kg.dates import parse_date
from thidua_kg.errors import UnreadableSource
from thidua_kg.identity import read_symbol, work_id
from thidua_kg.readers import read
from thidua_kg.resolver import Entity
from thidua_kg.text import fold_space, slug

_NAME = re.compile(r"(?P<type>\D*?)\s*(?:số\s*)?(?P<symbol>\d[^\s]*(?:\s?[/-]\s?\S+)*)$")
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
LONGEST_NAME = 400  # characters of a name that are read
LONGEST_CELL = 20_000  # characters; a longer one is a lost quotation mark that swallowed rows


class BadRow(msgspec.Struct, frozen=True):
    """A row that was left out: its line in the file, from 1, and why."""

    line: int
    why: str


def read_catalogue(
    path: str | Path, *, place: str | None = None, issuer: str | None = None
) -> tuple[list[Entity], list[BadRow]]:
    """The documents that a catalogue lists and the rows that were left out.

    `place` and `issuer` stand for those of a catalogue whose rows name none. Raises UnreadableSource for a file that is no
    catalogue.
    """
    text = read(path).text.value
    rows = csv.DictReader(io.StringIO(text), strict=False)
    columns = set(rows.fieldnames or ())
    if not columns & {"symbol", "name"}:
        raise UnreadableSource(
            str(path), "không có cột symbol hoặc name", "dòng đầu phải ghi tên cột, ví dụ: symbol,date,title"
        )
    found: list[Entity] = []
    bad: list[BadRow] = []
    for row in rows:
        if not any(row.values()):
            continue
        try:
            found.append(entity_of_cells({k: v for k, v in row.items() if k}, place, issuer))
        except ValueError as error:
            bad.append(BadRow(rows.line_num, str(error)))
    return found, bad


def entity_of_cells(row: Mapping[str, str | None], place: str | None, issuer: str | None) -> Entity:
    """The document that a row lists; ValueError says what is wrong with it."""
    cells = {key: fold_space(value) for key, value in row.items() if isinstance(value, str)}
    if any(len(cell) > LONGEST_CELL for cell in cells.values()):
        raise ValueError("ô dài bất thường, có thể thiếu dấu ngoặc kép")
    named = _NAME.match(" ".join(cells.get("name", "")[:LONGEST_NAME].split()))
    printed = cells.get("symbol") or (named["symbol"] if named else "")
    symbol = read_symbol(printed) if printed else None
    if symbol is None or symbol.number is None:
        raise ValueError(f"số, ký hiệu không đọc được: “{printed[:40] or cells.get('name', '')[:40]}”")
    date = date_of(cells.get("date", ""))
    issued_by, where = cells.get("issuer") or issuer, cells.get("place") or place
    type_ = cells.get("type") or (named["type"].strip() if named else "") or symbol.type
    known = work_id(symbol.canonical, date, issued_by, where)
    return Entity(
        id=known or f"catalog:{slug('-'.join(filter(None, (symbol.canonical, issued_by, where, date))))}",
        canonical=symbol.canonical,
        type=type_ or None,
        issuer=issued_by or None,
        place=where or None,
        date=date,
        title=cells.get("title") or None,
        aliases=tuple(alias.strip() for alias in cells.get("aliases", "").split(" | ") if alias.strip()),
    )


def date_of(cell: str) -> str | None:
    """A cell's date in ISO; ValueError where there is one that is none."""
    if not cell:
        return None
    date = (
        cell
        if _ISO.fullmatch(cell) and (len(cell) < 10 or parse_date("/".join(reversed(cell.split("-")))))
        else parse_date(cell)
    )
    if date is None:
        raise ValueError(f"ngày không hợp lệ: “{cell[:20]}”")
    return date
