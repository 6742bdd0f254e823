"""Which of the times in a task's words bind it: those of a time line all, of a sentence only what sets a date for it.

A sentence also prints the dates of cited papers, periods in titles and budgets "hằng năm"; these set nothing.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from thidua_kg.dates import time_expressions
from thidua_kg.model import Span, TimeExpression

_SETS = re.compile(
    r"(?:[Tt]rước|[Cc]hậm|[Mm]uộn|[Hh]ạn|[Kk]hông quá|[Xx]ong|[Tt]rong (?:tuần|tháng|quý|quí|năm|ngày|thời|vòng|\d)|[Tt]ừ |[Hh]ết )"
)
_DONE_BY = re.compile(r"(?:[Hh]oàn thành|[Xx]ong|[Tt]hực hiện|[Tt]hời gian|[Tt]hời hạn|[Bb]áo cáo|[Gg]ửi)[^.;]{0,80}$")
_FINISH = re.compile(r"(?:[Hh]oàn thành|[Xx]ong|[Tt]hời gian|[Tt]hời hạn)[^.;]{0,20}$")
_CLAUSE = re.compile(r"(?:^|[.;:,(])\s{0,4}(?:[Đđ]ồng thời,? )?$|(?:[Tt]hực hiện|[Dd]uy trì)\s{1,3}$")
_FAR = 300  # characters before a time in which its clause begins
_FIRST = r"\s{0,4}(?:(?:[Đđ]ồng thời|và|kịp thời|định kỳ|chủ động|hoàn thành|tổng hợp)[, ]\s{0,4}){0,3}"
_REPORTS = re.compile(rf"{_FIRST}(?:gửi |tổng hợp[^;.,]{{0,40}}, )?[Bb]áo\s+cáo(?!\s+nghiên\s+cứu)")
_REPORTED = re.compile(r",?\s{1,4}(?:tổng hợp,?\s{1,4})?(?:gửi\s{1,4})?báo\s+cáo(?!\s+nghiên\s+cứu)")
_OPEN_PERIOD = re.compile(r"/\.\.$")


def times_of_value(text: str, span: Span, year: int | None) -> tuple[TimeExpression, ...]:
    """The times of a time line's value, in order; a value that names no known time is kept as a condition."""
    found = time_expressions(text, *span, year=year)
    if found:
        return found
    words = text[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip(" \n\t*_.:-–|"))
    end = span[0] + len(words.rstrip(" \n\t*_.;|"))
    if start >= end or not any(char.isalpha() for char in text[start:end]):
        return ()
    return (TimeExpression(text=text[start:end], span=(start, end), kind="conditional"),)


def times_in_sentence(text: str, span: Span, year: int | None) -> tuple[TimeExpression, ...]:
    """The times that bind the task of a sentence: deadlines, periods it is to be done in, recurrences it begins with."""
    found = time_expressions(text, *span, year=year)
    return tuple(
        replace(
            one, action=None, duty="report" if _of_a_report(text, span, one) else None
        )  # a short value sets actions apart
        for one in found
        if _binds(text, span[0], one)
    )


def _of_a_report(text: str, span: Span, one: TimeExpression) -> bool:
    """Whether a time stands in a clause behind the first that tells to report: "…; báo cáo kết quả trước ngày 15/12"."""
    before = text[max(span[0], one.span[0] - _FAR) : one.span[0]]
    clause = max(before.rfind(mark) for mark in (";", ". ", ".\n"))
    if clause < 0:
        return False
    return _REPORTS.match(before[clause + 1 :]) is not None or _REPORTED.match(text, one.span[1], span[1]) is not None


def _binds(text: str, start: int, one: TimeExpression) -> bool:
    """Whether a time in running words says when the task is due."""
    before = text[max(start, one.span[0] - 90) : one.span[0]]
    words = " ".join(one.text.split())
    if one.kind == "deadline":
        return _SETS.match(words) is not None or _DONE_BY.search(before) is not None
    if one.kind in ("date", "range"):
        if words[:3].lower() == "từ " and (one.edtf or "").endswith("/.."):
            return _CLAUSE.search(before) is not None  # elsewhere it says since when something holds
        sets = _SETS.match(words) is not None and not words.startswith("Từ ngày")
        return sets or _OPEN_PERIOD.search(one.edtf or "") is not None or _FINISH.search(before[-30:]) is not None
    if one.kind == "recurring":
        return (
            "BYMONTH" in (one.rrule or "") or words.lower().startswith("định kỳ") or _CLAUSE.search(before) is not None
        )
    if one.kind == "continuous":
        return _CLAUSE.search(before) is not None
    return one.kind == "relative" and _SETS.match(words) is not None
