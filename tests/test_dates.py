"""Time words become ISO days, EDTF and RRULE; nothing that a text does not print is made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notation import cases, read_case
from thidua_kg.dates import expand, parse_date, time_expressions

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
WORDS = [
    "ngày",
    "tháng",
    "năm",
    "quý",
    "I",
    "trước",
    "từ",
    "đến",
    "hằng",
    "định kỳ",
    "6",
    "15/12",
    "2025",
    "31/02/2025",
    "theo kế hoạch",
    "và",
    ",",
]


@given(DAYS, st.sampled_from([" ", "\n", "  "]), st.booleans())
def test_a_day_reads_back(day: date, blank: str, padded: bool) -> None:
    d, m = (f"{day.day:02}", f"{day.month:02}") if padded else (day.day, day.month)
    figures = (f"{d}/{m}/{day.year}", f"{d}.{m}.{day.year}", f"{d}-{m}-{day.year}")
    words = f"ngày{blank}{d}{blank}tháng{blank}{m}{blank}năm {day.year}"
    for text in (*figures, f"ngày{blank}{figures[0]}", f"ngày{figures[0]}", words):
        assert parse_date(text) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "30/2/2022",
        "31.4.2023",
        "001/12/2018",
        "64/202",
        "15/12",
        "tháng 02/2022",
        "",
        "2022-02-09",
        "ngày tháng năm 2022",
    ],
)
def test_no_day(text: str) -> None:
    assert parse_date(text) is None


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join)), st.sampled_from([None, 2025]))
def test_any_text_gives_spans_of_itself(text: str, year: int | None) -> None:
    for one in time_expressions(text, 0, len(text), year=year):
        assert text[slice(*one.span)] == one.text
        if one.rrule:
            assert one.kind == "recurring"
            assert isinstance(expand(one.rrule, 2025), tuple)


@pytest.mark.parametrize("line", cases("times.txt"))
def test_time_words(line: str) -> None:
    text, marks = read_case(line)
    found = [(one.kind, one.span, one.edtf or one.rrule) for one in time_expressions(text, 0, len(text), year=2025)]
    assert found == [(mark.kind, mark.span, mark.value or mark.fields.get("value")) for mark in marks]


def test_several_times_keep_what_each_is_said_of() -> None:
    text = "Ban hành quy chế trong tháng 3/2025 và thường xuyên kiểm tra, nhắc nhở."
    found = time_expressions(text, 0, len(text), year=None)
    assert [(one.kind, one.edtf, one.action) for one in found] == [
        ("date", "2025-03", "Ban hành quy chế"),
        ("continuous", None, "kiểm tra, nhắc nhở"),
    ]


def test_without_a_year_nothing_is_made_up() -> None:
    text = "trước ngày 15/12 và trong quý I"
    assert [(one.kind, one.edtf) for one in time_expressions(text, 0, len(text), year=None)] == [
        ("deadline", None),
        ("date", None),
    ]


@pytest.mark.parametrize(
    ("rule", "periods"),
    [
        ("FREQ=MONTHLY;INTERVAL=6", ("2024-40", "2024-41")),
        ("FREQ=MONTHLY;INTERVAL=3", ("2024-33", "2024-34", "2024-35", "2024-36")),
        ("FREQ=YEARLY", ("2024",)),
        ("FREQ=YEARLY;INTERVAL=2", ()),
        ("FREQ=YEARLY;BYMONTH=12", ("2024-12",)),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ("2024-02-29",)),
        ("FREQ=WEEKLY", ("2024",)),
    ],
)
def test_periods_of_a_recurrence(rule: str, periods: tuple[str, ...]) -> None:
    assert expand(rule, 2024) == periods


def test_monthly_days_are_those_of_the_calendar() -> None:
    assert expand("FREQ=MONTHLY;BYMONTHDAY=31", 2025)[:3] == ("2025-01-31", "2025-03-31", "2025-05-31")
    assert len(expand("FREQ=MONTHLY", 2025)) == 12
