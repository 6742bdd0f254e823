"""When things are due: Vietnamese time words to ISO 8601 days, EDTF periods and RFC 5545 recurrences, and back.

Offices print days in figures or words (`09/02/2022`, `ngày 09 tháng 02 năm 2022`), months, quarters, halves and
years, deadlines before or within them, periods, recurrences (`định kỳ 6 tháng, năm`) and conditions. What a text does
not say is never made up: a day without a year stays open unless the plan's year is known.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date

from thidua_kg.model import Span, TimeExpression, TimeKind
from thidua_kg.text import matches_at

_S = r"\s{1,6}"
_Z = r"\s{0,3}"
_MONTHS = {
    word: number
    for number, words in enumerate(
        ("giêng một", "hai", "ba", "tư bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "", "chạp"), start=1
    )
    for word in words.split()
}
_M = rf"(?:\d{{1,2}}|{'|'.join(_MONTHS)})"
_DAY = (
    rf"(?:ngày{_Z})?\d{{1,2}}{_Z}[/.\-]{_Z}\d{{1,2}}{_Z}[/.\-]{_Z}\d{{4}}"
    rf"|ngày{_S}(?:mồng{_S}|mùng{_S})?\d{{1,2}}{_S}tháng{_S}{_M}(?:(?:{_S}|,{_S})năm{_S}\d{{4}})?"
    rf"|ngày{_S}\d{{1,2}}/\d{{1,2}}"
)
_PERIOD = (
    rf"[Tt]háng{_S}\d{{1,2}}(?:{_Z}[/\-]{_Z}\d{{4}}|{_S}năm{_S}\d{{4}})?"
    rf"|[Qq]u[ýí]{_S}(?:IV|I{{1,3}}|[1-4])(?:{_Z}[/\-]{_Z}\d{{4}}|{_S}năm{_S}\d{{4}})?"
    rf"|0?6{_S}tháng{_S}(?:đầu|cuối){_S}năm(?:{_S}\d{{4}})?"
    rf"|[Nn]ăm{_S}\d{{4}}"
)
_OF_YEAR = rf"(?:{_Z}[/\-]{_Z}\d{{4}}|{_S}năm{_S}\d{{4}})?(?![\d/])"
_POINT = rf"(?:{_DAY}|{_PERIOD})(?![\d/])"
_UNIT = rf"(?:h[ằà]ng{_S})?(?:\d{{1,2}}{_S})?(?:ngày|tuần|tháng|quý|năm)(?!{_S}\d)(?!{_S}(?:đầu|cuối|tiếp))\b"
# A condition goes on over the end of a line that goes on in small letters.
_LOW = "a-zđ" + "".join(chr(code) for code in range(0xE0, 0x1EFA) if chr(code).islower() and chr(code).isalpha())
_CONDITION_END = (
    rf"(?:[^.;\n]|\n(?=[{_LOW}])){{0,200}}?(?=\s*(?:[.;)]|\n\s*\n|$|,?\s+và\s+(?:thường xuyên|định kỳ|h[ằà]ng)"
    r"|,?\s+(?:(?:hoàn thành|xong)\s+)?(?:(?:trước|trong)\s+(?:ngày|tháng|quý|năm)\s+[\dIV]|(?:chậm|muộn)\s+nhất\s)))"
)  # a deadline behind it is a time of its own: "theo quy định, hoàn thành trong tháng 12 năm 2025"
_BEFORE = (
    rf"(?:(?:[Xx]ong{_S})?[Tt]rước|(?:[Cc]hậm|[Mm]uộn){_S}nhất(?:{_S}(?:là|vào|đến|trước)){{0,2}}|[Hh]ạn{_S}cuối|"
    rf"(?:[Tt]ừ{_S}nay{_S})?[Đđ]ến(?:{_S}(?:hết|trước))?|[Hh]ết|[Kk]hông{_S}quá){_S}"
)
_FORMS: tuple[tuple[str, str], ...] = (
    (
        "yearly",
        rf"(?:[Tt]rước{_S})?(?:ngày{_S})\d{{1,2}}(?:/\d{{1,2}}|{_S}tháng{_S}{_M})?"
        rf"(?:(?:,|{_S}và|,{_S}và){_S}(?:(?:trước{_S})?ngày{_S})?\d{{1,2}}/\d{{1,2}}){{0,4}}"
        rf"{_S}(?:h[ằà]ng{_S}(?:tháng|quý|năm)|(?:của{_S})?tháng{_S}cuối(?:{_S}(?:của{_S})?(?:h[ằà]ng{_S})?)quý)",
    ),
    ("monthly", rf"[Tt]háng{_S}\d{{1,2}}{_S}h[ằà]ng{_S}năm"),
    ("periodic", rf"[Đđ]ịnh{_S}kỳ(?:,?{_S}{_UNIT}(?:(?:,|{_S}và|,{_S}và){_S}{_UNIT}){{0,4}})?"),
    ("every", rf"[Hh][ằà]ng{_S}(?:ngày|tuần|tháng|quý|năm)\b(?:(?:,|{_S}và){_S}{_UNIT}){{0,3}}"),
    (
        "within",
        rf"(?:[Tt]rong(?:{_S}thời{_S}(?:hạn|gian))?(?:{_S}vòng)?|[Ss]au|(?:[Cc]hậm|[Mm]uộn){_S}nhất(?:{_S}là)?(?:{_S}sau)?)"
        rf"(?:{_S}thời{_S}hạn)?{_S}\d{{1,3}}{_S}(?:\([^)\n]{{1,20}}\){_S})?(?:ngày|tháng|giờ|tuần)(?:{_S}làm{_S}việc)?"
        rf"(?:,?{_S}(?:kể{_S})?từ[^.;,\n]{{1,120}})?",
    ),
    (
        "span",
        rf"(?:[Tt]rong{_S})?[Gg]iai{_S}đoạn{_S}(?:từ{_S})?(?:năm{_S})?\d{{4}}{_Z}(?:[-–]|đến(?:{_S}năm)?){_Z}\d{{4}}"
        rf"|[Nn]ăm{_S}\d{{4}}{_Z}[-–]{_Z}\d{{4}}",
    ),
    (
        "parts",
        rf"[Tt]háng{_S}\d{{1,2}}{_Z}[-–]{_Z}(?:[Tt]háng{_S})?\d{{1,2}}{_OF_YEAR}"
        rf"|[Qq]u[ýí]{_S}(?:IV|I{{1,3}}|[1-4]){_Z}(?:[-–,]|và){_Z}(?:[Qq]u[ýí]{_S})?(?:IV|I{{1,3}}|[1-4]){_OF_YEAR}",
    ),
    (
        "open",
        rf"(?:[Tt]ừ{_S}|[Kk]ể{_S}từ{_S})?{_POINT}{_S}(?:và{_S}(?:các|những){_S}năm{_S}(?:tiếp{_S}theo|sau)|trở{_S}đi)",
    ),
    (
        "range",
        rf"(?:(?:[Tt]ừ|[Tt]rong{_S}tuần){_S})(?:{_POINT}|ngày{_S}\d{{1,2}}(?:/\d{{1,2}})?){_S}đến{_S}(?:hết{_S})?{_POINT}"
        rf"|[Tt]ừ{_S}ngày{_S}\d{{1,2}}(?:/\d{{1,2}})?{_Z}[-–]{_Z}\d{{1,2}}/\d{{1,2}}/\d{{4}}",
    ),
    ("since", rf"[Tt]ừ{_S}(?:{_DAY})(?![\d/])"),
    ("deadline", rf"{_BEFORE}{_POINT}"),
    ("until", rf"(?:[Tt]ừ{_S}nay{_S})?[Đđ]ến{_S}(?:hết{_S})?năm{_S}\d{{4}}"),
    ("point", rf"(?:(?:[Tt]rong|[Vv]ào|[Xx]ong)(?:{_S}trong)?{_S})?{_POINT}"),
    ("year", rf"[Tt]rong{_S}năm(?=\s*(?:[.;,)]|$))"),
    ("continuous", rf"(?<!chi )(?<!nguồn )[Tt]hường{_S}xuyên(?:{_S}trong{_S}năm)?|[Ll]iên{_S}tục\b"),
    (
        "condition",
        rf"[Tt]heo{_S}(?:chỉ{_S}đạo|[Kk]ế{_S}hoạch|quy{_S}định|hướng{_S}dẫn|yêu{_S}cầu|tình{_S}hình|tiến{_S}độ|lộ{_S}trình|"
        rf"đề{_S}nghị)\b{_CONDITION_END}|[Kk]hi{_S}(?:có|cần)\b{_CONDITION_END}|[Ss]au{_S}khi\b{_CONDITION_END}|"
        rf"(?:[Kk]hi{_S})?[Đđ]ột{_S}xuất|[Nn]gay{_S}sau{_S}khi\b{_CONDITION_END}",
    ),
)
_OPENING = (  # what every form begins with: looked at first, since the forms are slow to refuse other words
    r"(?=\d{1,2}(?:\s?[/.\-]|\s+tháng)|(?:[Nn](?:gày|ăm|gay)|[Tt](?:háng|rước|rong|ừ|heo|hường)|[Qq]u[ýí]|"
    r"[Đđ](?:ịnh|ến|ột)|[Hh](?:[ằà]ng|ết|ạn)|[Cc]hậm|[Mm]uộn|[Gg]iai|[Xx]ong|[Kk](?:ể|hi|hông)|[Vv]ào|[Ss]au|[Ll]iên)\b|"
    r"ngày\d)"
)
_TIME = re.compile(rf"(?<![\w/]){_OPENING}(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS) + ")")
_BEGINS = re.compile(  # the same without the marks before and behind: letters alone are found many times faster
    r"[\dNnTtQqĐđHhCcMmGgXxKkVvSsLl](?:(?<=\d)\d?(?=\s?[/.\-]|\s+tháng)|gày|ăm|gay|háng|rước|rong|ừ|heo|hường|u[ýí]|ịnh|"
    r"ến|ột|[ằà]ng|ết|ạn|hậm|uộn|iai|ong|ể|hi|hông|ào|au|iên)"
)
_BARE = {"định kỳ", "định\nkỳ"}  # says nothing more where the day follows: "định kỳ trước ngày 15 hằng tháng"
_BARE_YEARS = re.compile(r"((?:19|20)\d\d)(?:\s{0,3}[-–]\s{0,3}((?:19|20)\d\d))?")
_NUMERIC = re.compile(rf"(?:ngày{_Z})?(\d{{1,2}}){_Z}([/.\-]){_Z}(\d{{1,2}}){_Z}\2{_Z}(\d{{4}})")
_WORDED = re.compile(rf"ngày{_S}(?:mồng{_S}|mùng{_S})?(\d{{1,2}}){_S}tháng{_S}({_M}),?{_S}năm{_S}(\d{{4}})")
_NO_YEAR = re.compile(rf"ngày{_S}(\d{{1,2}})(?:/|{_S}tháng{_S})({_M})")
_YEAR = re.compile(r"\d{4}")
_SHORT = re.compile(r"\d{1,2}")
_PART = re.compile(_UNIT)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:/(\d{{1,2}})|{_S}tháng{_S}({_M}))?")
_QUARTER = {"I": 33, "1": 33, "II": 34, "2": 34, "III": 35, "3": 35, "IV": 36, "4": 36}
_FREQUENCY = {"ngày": "DAILY", "tuần": "WEEKLY", "tháng": "MONTHLY", "quý": "MONTHLY;INTERVAL=3", "năm": "YEARLY"}
_NO_ACTION = re.compile(
    r"(?:[Hh]oàn thành|[Tt]hực hiện|[Tt]riển khai|[Xx]ong|và|hoặc|trong|từ|đảm bảo|bảo đảm|[\s,;:.*_(–-])+"
)
_KINDS: dict[str, TimeKind] = {
    "yearly": "recurring", "monthly": "recurring", "periodic": "recurring", "every": "recurring", "within": "relative",
    "span": "range", "parts": "range", "since": "range", "open": "range", "range": "range", "deadline": "deadline",
    "until": "deadline", "continuous": "continuous", "condition": "conditional",
}  # fmt: skip


def parse_date(text: str) -> str | None:
    """The ISO day that `text` prints in figures or words, line breaks allowed; None where the calendar has no such day.

    `parse_date("ngày 09 tháng 02 năm 2022") == parse_date("9.2.2022") == "2022-02-09"`; `30/2/2022` is None.
    """
    text = text.strip()
    if match := _NUMERIC.fullmatch(text):
        return _iso(match[4], match[3], match[1])
    if match := _WORDED.fullmatch(text):
        return _iso(match[3], match[2], match[1])
    return None


def time_expressions(text: str, start: int, end: int, *, year: int | None) -> tuple[TimeExpression, ...]:
    """The time expressions of `text[start:end]`, in order; `year` completes days, months and quarters without one.

    One expression a time: "Định kỳ 6 tháng, năm" gives two recurrences. In a short value, `action` holds the words that
    one of several times belongs to ("Ban hành Kế hoạch trong tháng 02/2022 và thường xuyên quán triệt").
    """
    matches = list(_matches(text, start, end))
    found = [
        one
        for index, match in enumerate(matches)
        if not (match[0].lower() in _BARE and index + 1 < len(matches) and matches[index + 1].lastgroup == "yearly")
        for one in _read(text, match, year)
    ]
    if not found and (bare := _BARE_YEARS.fullmatch(text[start:end].strip(" .*_\n"))):
        at = start + len(text[start:end]) - len(text[start:end].lstrip(" .*_\n"))
        span = (at, at + len(bare[0]))
        return (
            _time(text, span, "range", edtf=f"{bare[1]}/{bare[2]}")
            if bare[2]
            else _time(text, span, "date", edtf=bare[1]),
        )
    return tuple(_with_actions(text, start, end, found)) if end - start <= 300 and len(found) > 1 else tuple(found)


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What `_TIME.finditer` gives, tried only where a form begins."""
    return matches_at(_TIME, text, (place.start() for place in _BEGINS.finditer(text, start, end)), end)


def expand(rrule: str, year: int) -> tuple[str, ...]:
    """The periods of a recurrence within a year as EDTF; days only where the rule itself names them.

    `expand("FREQ=MONTHLY;INTERVAL=6", 2022) == ("2022-40", "2022-41")`: halves are 40 and 41, quarters 33 to 36. What
    recurs daily or weekly fills the year; what recurs every few years is not known to fall in this one.
    """
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    step = int(parts.get("INTERVAL", "1"))
    months = [int(parts["BYMONTH"])] if "BYMONTH" in parts else list(range(1, 13))
    days = [found for month in months if (found := _iso(year, month, parts.get("BYMONTHDAY", "1")))]
    frequency = parts.get("FREQ")
    if frequency == "YEARLY":
        if step > 1:
            return ()
        return (
            (str(year),) if "BYMONTH" not in parts else tuple(days if "BYMONTHDAY" in parts else [d[:7] for d in days])
        )
    if frequency == "MONTHLY":
        if step == 1:
            return tuple(days if "BYMONTHDAY" in parts else [day[:7] for day in days])
        if step in (3, 6):
            first = 33 if step == 3 else 40
            return tuple(f"{year}-{first + index}" for index in range(12 // step))
        if step in (2, 4):
            return tuple(f"{year}-{m:02}/{year}-{m + step - 1:02}" for m in range(1, 13, step))
        return (str(year),) if step == 12 else ()
    return (str(year),) if frequency in ("DAILY", "WEEKLY") else ()


_SEASONS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 40: (1, 6), 41: (7, 12)}  # EDTF level 2


def bounds(edtf: str) -> tuple[str | None, str | None]:
    """The first and last day of a period; None on an open side.

    `bounds("2022-02") == ("2022-02-01", "2022-02-28")`; `bounds("../2025-12-15") == (None, "2025-12-15")`;
    `bounds("2023-33") == ("2023-01-01", "2023-03-31")`.
    """
    if "/" in edtf:
        low, high = edtf.split("/", 1)
        return (None if low == ".." else bounds(low)[0]), (None if high == ".." else bounds(high)[1])
    parts = [int(part) for part in edtf.rstrip("~?%").split("-") if part.isdigit()]
    if not parts:
        return None, None
    if len(parts) == 3:
        return edtf[:10], edtf[:10]
    first, last = (1, 12) if len(parts) == 1 else _SEASONS.get(parts[1], (parts[1], parts[1]))
    if not 1 <= first <= last <= 12:
        return None, None
    return f"{parts[0]:04}-{first:02}-01", f"{parts[0]:04}-{last:02}-{calendar.monthrange(parts[0], last)[1]:02}"


def _iso(year: str | int, month: str | int, day: str | int) -> str | None:
    """The ISO form of a day, None where the calendar has no such day."""
    try:
        return date(int(year), _MONTHS.get(str(month), 0) or int(month), int(day)).isoformat()
    except ValueError:
        return None


def _read(text: str, match: re.Match[str], year: int | None) -> Iterator[TimeExpression]:
    """The expressions of one match of the grammar; nothing where its figures are no date."""
    name = match.lastgroup or ""
    words, span = match[0], match.span()
    if name in ("periodic", "every"):
        yield from _recurrences(text, span)
    elif name == "yearly":
        yield from _yearly(text, span)
    elif name == "monthly":
        rule = f"FREQ=YEARLY;BYMONTH={_SHORT.findall(words)[0].lstrip('0') or '0'}"
        yield _time(text, span, "recurring", rrule=rule)
    elif name in ("within", "continuous", "condition"):
        yield _time(text, span, _KINDS[name])
    elif name == "year":
        yield _time(text, span, "date", edtf=str(year) if year else None)
    else:
        edtf = _edtf(name, words, year)
        if edtf is not None or (year is None and not _YEAR.search(words)):
            kind: TimeKind = "range" if edtf and "/" in edtf and name == "point" else _KINDS.get(name, "date")
            yield _time(text, span, kind, edtf=edtf)


def _time(
    text: str, span: Span, kind: TimeKind, *, edtf: str | None = None, rrule: str | None = None
) -> TimeExpression:
    """An expression over a span of the text."""
    return TimeExpression(text=text[slice(*span)], span=span, kind=kind, edtf=edtf, rrule=rrule)


def _edtf(name: str, words: str, year: int | None) -> str | None:
    """The EDTF form of a point, period, deadline or open or closed range in words."""
    if name == "span":
        years = _YEAR.findall(words)
        return f"{years[0]}/{years[1]}" if years[0] <= years[1] else None
    if name == "parts":
        return _two_parts(words, year)
    if name == "range":
        first, _, last = words.partition("đến") if "đến" in words else words.replace("–", "-").partition("-")
        last = last if "ngày" in last or "đến" in words else f"ngày {last}"
        end = _point(last, year)
        begin = (_point(first, int(end[:4])) or _same_month(first, end)) if end else None
        return f"{begin}/{end}" if begin and end and begin <= end else None
    point = _point(words, year)
    if point is None:
        return None
    if name == "open":
        return f"{point}/.."
    return f"../{point}" if name in ("deadline", "until") else f"{point}/.." if name == "since" else point


def _two_parts(words: str, year: int | None) -> str | None:
    """Two months or quarters of one year: "Tháng 11 - 12/2025" is `2025-11/2025-12`."""
    first, last = re.split(r"\s*(?:[-–,]|và)\s*", words, maxsplit=1)
    kind = first.split()[0]
    end = _point(last if last.startswith(kind) else f"{kind} {last}", year)
    begin = _point(first, int(end[:4])) if end else None
    return f"{begin}/{end}" if begin and end and begin < end else None


def _same_month(words: str, end: str) -> str | None:
    """The day that `words` gives without a month, in the month of `end`: "ngày 15" before "ngày 31 tháng 12"."""
    days = _SHORT.findall(words)
    return _iso(end[:4], end[5:7], days[0]) if days and len(end) == 10 else None


def _point(words: str, year: int | None) -> str | None:
    """A day, month, quarter, half or year in words as EDTF; `year` stands in where none is printed."""
    for pattern, order in ((_NUMERIC, (4, 3, 1)), (_WORDED, (3, 2, 1))):
        if match := pattern.search(words):
            return _iso(*(match[group] for group in order))
    if match := _NO_YEAR.search(words):
        return _iso(year, match[2], match[1]) if year else None
    printed = _YEAR.search(words)
    of = printed[0] if printed else str(year) if year else None
    if of is None:
        return None
    low = words.lower()
    if "qu" in low and (match := re.search(rf"[Qq]u[ýí]{_S}(IV|I{{1,3}}|[1-4])", words)):
        return f"{of}-{_QUARTER[match[1]]}"
    if "đầu năm" in low or "cuối năm" in low or re.search(r"tháng\s+(?:đầu|cuối)", low):
        return f"{of}-{40 if 'đầu' in low else 41}"
    if match := re.search(rf"tháng{_S}(\d{{1,2}})", low):
        return f"{of}-{int(match[1]):02}" if 1 <= int(match[1]) <= 12 else None
    return of if printed else None


def _recurrences(text: str, span: Span) -> Iterator[TimeExpression]:
    """One recurrence for each interval named: "định kỳ hằng quý, 6 tháng" is two; a bare "định kỳ" has no rule."""
    parts = list(_PART.finditer(text, *span))
    if not parts:
        yield _time(text, span, "recurring")
    for index, part in enumerate(parts):
        count = _SHORT.search(part[0])
        rule = f"FREQ={_FREQUENCY[part[0].split()[-1]]}"
        if count and int(count[0]) > 1:
            rule = f"{rule};INTERVAL={int(count[0])}"
        yield _time(text, (part.start() if index else span[0], part.end()), "recurring", rrule=rule)


def _yearly(text: str, span: Span) -> Iterator[TimeExpression]:
    """A recurrence for each day named: "trước ngày 20 hằng tháng", "ngày 15/6 và 15/12 hằng năm"."""
    words = text[slice(*span)]
    unit = words.split()[-1]
    days = list(_DAY_MONTH.finditer(text, *span))
    for index, day in enumerate(days):
        month = _MONTHS.get(day[3] or "", 0) or int(day[2] or day[3] or 0)
        rule = f"FREQ={_FREQUENCY[unit]}" + (f";BYMONTH={month}" if month else "") + f";BYMONTHDAY={int(day[1])}"
        if _iso(2024, month or 1, day[1]):
            at = (day.start() if index else span[0], span[1] if index == len(days) - 1 else day.end())
            yield _time(text, at, "recurring", rrule=rule)


def _with_actions(text: str, start: int, end: int, found: list[TimeExpression]) -> Iterator[TimeExpression]:
    """The expressions with the words that each is said of: those before it, or after it where it opens its clause."""
    done = start
    for index, one in enumerate(found):
        before = _action(text[done : one.span[0]])
        limit = found[index + 1].span[0] if index + 1 < len(found) else end
        after = _action(text[one.span[1] : limit]) if not before and one.kind in ("continuous", "recurring") else None
        done = limit if after else one.span[1]
        yield TimeExpression(
            text=one.text, span=one.span, kind=one.kind, edtf=one.edtf, rrule=one.rrule, action=before or after
        )


def _action(words: str) -> str | None:
    """The words of an action without the connectives around it; None where only connectives are left."""
    words = " ".join(words.split()).strip(" ,;:.*_")
    while words and (match := _NO_ACTION.match(words)) and (match.end() == len(words) or words.startswith("và ")):
        words = words[3:].strip(" ,;") if words.startswith("và ") else ""
    return words.removesuffix(" và").strip(" ,;") or None
