"""Where a table stands: piped Markdown rows, tab separated rows, and tables that a conversion flattened to lines.

A flattened table prints one cell after the other, each on lines of its own, below the names of the columns; its rows
begin with a line that holds nothing but their number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from thidua_kg.structure.markers import Line

_RULE = re.compile(r"[\s|:+=-]{3,}$")
_COUNT_HEAD = re.compile(
    r"(?:STT|TT|Stt|Số TT|Số thứ tự|Thứ tự(?: (?:công việc|thực hiện))?|(?:Các )?[Bb]ước(?: (?:công việc|thực hiện))?)\.?$"
)
_COLUMN = re.compile(
    r"(?:Tên |Các )?(?:[Nn]ội dung|NỘI DUNG|[Nn]hiệm vụ|NHIỆM VỤ|[Cc]ông việc|[Tt]rình(?= tự|$)|[Tt]rách nhiệm|[Cc]ơ quan|CƠ QUAN|"
    r"[Đđ]ơn vị|ĐƠN VỊ|[Tt]hời|THỜI|[Tt]iến độ|[Ss]ản phẩm|SẢN PHẨM|[Kk]ết quả|[Gg]hi chú|GHI CHÚ|[Hh]oạt động|[Tt]ên )"
)
_ROW = re.compile(r"(?P<n>\d{1,3}|[IVX]{1,6}|(?:Bước |B)\d{1,2})(?P<dot>[.:]?)$")
_TOTAL = re.compile(r"(?:Tổng|TỔNG)(?: cộng| số| thời| kinh|$)")
_LARGEST_GAP = 3  # between the numbers of two rows: a slip of the typist, no number in a cell
_SECTION_ROW = re.compile(r"(?P<n>[IVX]{1,6})\.(?=\s)")


def columns(row: str) -> int:
    """How many cells a line has when it is a table row, else 0: pipes with at least two of them, or tabs."""
    if row.count("|") >= 2:
        return row.count("|") + 1 - row.lstrip().startswith("|") - row.rstrip().endswith("|")
    return row.strip().count("\t") + 1 if row.strip().count("\t") >= 2 else 0


def cells(row: str, start: int) -> list[tuple[int, int]]:
    """The spans of a row's cells, white space trimmed; `start` is where the row lies in the text."""
    mark = "|" if row.count("|") >= 2 else "\t"
    found, at = [], 0
    for part in row.split(mark):
        inner = part.strip()
        left = start + at + len(part) - len(part.lstrip()) if inner else start + at
        found.append((left, left + len(inner)))
        at += len(part) + 1
    if mark == "|":
        found = found[1 if row.lstrip().startswith("|") else 0 : -1 if row.rstrip().endswith("|") else None]
    return found


def is_rule(row: str) -> bool:
    """Whether the row only draws a line: `| --- | :-: |`."""
    return _RULE.match(row) is not None


def flattened_head(lines: Sequence[Line], at: int) -> int:
    """The number of lines from `at` that name the columns of a flattened table, 0 where none begins there."""
    if not _COUNT_HEAD.match(lines[at].text[:20]):
        return 0
    named, last = 0, 0
    for ahead in range(1, min(16, len(lines) - at)):
        line = lines[at + ahead]
        if len(line.text) > 60 or row_number(line.text) is not None:
            break
        if _COLUMN.match(line.text):
            named += 1
        last = ahead
    return last + 1 if named >= 2 and at + last + 1 < len(lines) and row_number(lines[at + last + 1].text) else 0


def row_number(text: str) -> str | None:
    """The number of a flattened row or of a section row, from its first line: `12`, `II. HOÀN THIỆN` gives `II`."""
    match = _ROW.match(text) if len(text) < 9 else _SECTION_ROW.match(text)
    return match["n"] if match else None


def follows(number: str, last: str) -> bool:
    """Whether a lone number counts on from the row before it: "06" in the name of a scheme is no row of its own."""
    now, before = (re.sub(r"^(?:Bước |B)", "", one) for one in (number, last))
    if not (now.isdigit() and before.isdigit()):
        return True
    return int(now) == 1 or 0 < int(now) - int(before) <= _LARGEST_GAP


def is_step(number: str) -> bool:
    """Whether a row's number counts the steps of a procedure: "Bước 3", "B3"."""
    return number[:1] == "B"


def is_total(text: str) -> bool:
    """Whether the line closes a table with a sum: it is no part of the last row."""
    return _TOTAL.match(text) is not None
