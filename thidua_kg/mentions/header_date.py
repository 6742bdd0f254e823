"""The line of place and date: "Đắk Lắk, ngày 17 tháng 11 năm 2025".

NĐ 30/2020/NĐ-CP Phụ lục I, mục II.4. A blank day ("ngày   tháng 02 năm 2022") marks a draft and leaves a month.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from thidua_kg.identity import province_in, province_pattern
from thidua_kg.mentions.header_signer import starts_cell
from thidua_kg.mentions.header_words import LOWER, UPPER
from thidua_kg.model import Span
from thidua_kg.text import fold_space

_WORD = rf"(?:[{UPPER}][{LOWER}'’]{{1,9}}|[Tt][Pp]\.?|Y|phố|tỉnh|xã|phường|huyện|thị|trấn|đảo|khu)"
_PLACE = re.compile(rf"{_WORD}(?:[ .-]{{1,3}}{_WORD}){{0,6}}")
_KIND = re.compile(r"(?:[Tt]hành\s{1,2}phố|[Tt]ỉnh|T[Pp]\.?)\s{0,2}$")
_CAPITAL_LAST = re.compile(rf"[{UPPER}][{LOWER}'’]*$")
_LINE_END = re.compile(r"[ .*_|]{0,9}(?:\n|$)")
_UNSEEN = re.compile("[*_\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANK = r"[\s.…_·/]{0,12}"
_DAY = re.compile(
    rf"[Nn]gày\s{{0,3}}(?:(?P<day>\d{{1,2}})|{_BLANK})\s{{0,3}}tháng\s{{0,3}}(?:(?P<month>\d{{1,2}})|{_BLANK})\s{{0,3}}"
    r"năm\s{0,3}(?P<year>(?:19|20)\d\d|[\d.…_·]{0,8})"
    r"|[Nn]gày\s{0,3}(?P<day2>\d{1,2})\s?[/.-]\s?(?P<month2>\d{1,2})\s?[/.-]\s?(?P<year2>(?:19|20)\d\d)"
)
_ADOPTED = re.compile(
    r"thông\s{1,3}qua\s{1,3}(?:vào\s{1,3})?ngày\s{1,3}(?P<day>\d{1,2})\s{1,3}tháng\s{1,3}(?P<month>\d{1,2})\s{1,3}năm\s{1,3}"
    r"(?P<year>(?:19|20)\d\d)"
)
_NUMBER_BESIDE = re.compile(r"[*_ ]{0,3}Số ?:? ?\d[\w/.&–-]{2,40} ")
_AFTER_SYMBOL = re.compile(r"Số ?:? ?\d[\w/.&–-]{2,40} $")


class Day(msgspec.Struct, frozen=True):
    """The date of a letterhead: `edtf` a day, a month, or None where less is printed; `line` covers the place too."""

    edtf: str | None
    span: Span
    line: Span
    place: str | None = None


def find_day(text: str, start: int, end: int) -> Day | None:
    """The first place with a date, or date on a line of its own, between `start` and `end`."""
    for match in _DAY.finditer(text, start, end):
        where = _place(text, match.start(), start)
        if where is None and not (starts_cell(text, match.start()) and _LINE_END.match(text, match.end())):
            continue
        begin = where[0] if where else match.start()
        place = fold_space(_UNSEEN.sub("", text[where[0] : where[1]])) if where else None
        return Day(_edtf(match), match.span(), (begin, match.end()), place)
    return None


def day_of(words: str) -> str | None:
    """The day that words name: `day_of("ngày 05/3/2025") == "2025-03-05"`."""
    match = _DAY.match(words)
    return _edtf(match) if match else None


def adopted(text: str) -> tuple[str, Span] | None:
    """The day on which a law or resolution says of itself at its end that it was passed: "thông qua ngày ..."."""
    for match in reversed(list(_ADOPTED.finditer(text))):
        day = _edtf(match)
        if day and len(day) == 10:
            return day, match.span()
    return None


def _edtf(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    day, month, year = (parts.get(name) or parts.get(f"{name}2") for name in ("day", "month", "year"))
    if not month or not year or len(year) != 4 or not year.isdigit() or not 1 <= int(month) <= 12:
        return None
    if not day:
        return f"{year}-{int(month):02}"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _place(text: str, at: int, floor: int) -> Span | None:
    """The place's name right before the date at `at`: a province's, broken over lines or not, or words of one line."""
    low = max(floor, at - 60)
    before = text[low:at].rstrip(" ,\n\t*_")
    if not _CAPITAL_LAST.search(before):
        return None
    end = low + len(before)
    last = low + max(before.rfind(mark) for mark in "\n\t|") + 1
    if number := _NUMBER_BESIDE.match(text, last):
        last = number.end()
    last += len(text[last:at]) - len(text[last:at].lstrip(" *_"))
    named = [m for m in province_pattern().finditer(before) if m.end() == len(before) and m[0] != m[0].upper()]
    if not named:
        return (last, end) if _PLACE.fullmatch(text[last:end]) and _opens(text, last) else None
    kind = _KIND.search(before[: named[0].start()])
    begins = [low + found.start() for found in (kind, named[0]) if found]
    begins += [last] if province_in(text[last:end]) else []
    return next(((begin, end) for begin in begins if _opens(text, begin)), None)


def _opens(text: str, at: int) -> bool:
    """Whether a place can begin at `at`: at the beginning of a cell, or right after the number on its line."""
    before = text[max(0, at - 50) : at]
    return starts_cell(text, at) or before.endswith("   ") or bool(_AFTER_SYMBOL.search(before))
