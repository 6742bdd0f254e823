"""Fast ways of finding the same: patterns of many forms, beginnings of times, words looked up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua_kg import dates
from thidua_kg.text import places
from thidua_kg.vocab.patterns import alternation

FORMS = st.lists(st.text("abcĐđ ", min_size=1, max_size=6).map(str.strip).filter(bool), min_size=1, max_size=12)
TIMES = (  # one for each way in which a time begins, and what only looks like one
    "ngày 15/12/2022",
    "15/12/2022",
    "ngày15 tháng 3 năm 2022",
    "3 tháng 2 năm 2021",
    "Năm 2022",
    "tháng 02/2022",
    "Quý I năm 2023",
    "quí IV",
    "trước ngày 20 hằng tháng",
    "Đến hết năm 2025",
    "đột xuất",
    "định kỳ 6 tháng, năm",
    "hàng quý",
    "Hằng năm",
    "hết ngày 31/12/2022",
    "hạn cuối 15/12/2022",
    "không quá ngày 15/12/2022",
    "chậm nhất ngày 15/12/2022",
    "muộn nhất là 3 ngày làm việc",
    "giai đoạn 2021-2025",
    "xong trong tháng 3",
    "kể từ ngày 01/01/2022 trở đi",
    "khi có yêu cầu",
    "không quá 10 ngày",
    "vào tháng 5",
    "sau khi ban hành",
    "liên tục",
    "thường xuyên trong năm",
    "theo kế hoạch của tỉnh",
    "từ 2021 đến 2025",
    "ngay sau khi có kết luận",
    "trong vòng 5 ngày",
    "trong 30 ngày",
    "chi thường xuyên",
    "2.1",
    "x",
    "1.",
    ",",
    ".",
    "(",
    "/",
    "ngàyx",
    "ngày",
    "tháng",
    "3",
)


@given(FORMS, st.text("abcĐđ ", max_size=30), st.booleans())
def test_an_alternation_matches_what_its_forms_do(forms: list[str], text: str, either: bool) -> None:
    """The longest form that what follows allows, as if each were tried, longest first."""
    spelled = {s for form in forms for s in ({form, form[0].upper() + form[1:]} if either else {form})}
    plain = "|".join(re.sub(r"(?:\\? )+", " {1,4}", re.escape(s)) for s in sorted(spelled, key=lambda s: (-len(s), s)))
    shared = alternation(forms, either_case=either)
    for at in range(len(text)):
        one, other = (re.compile(rf"(?:{pattern})(?!\w)").match(text, at) for pattern in (plain, shared))
        assert (one and one.span()) == (other and other.span()), (plain, shared)


def times(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in dates._matches(text, 0, len(text))]


@pytest.mark.parametrize("text", [*TIMES, *map(str.upper, TIMES)])
def test_a_time_is_found_where_its_pattern_is(text: str) -> None:
    assert times(text) == [match.span() for match in dates._TIME.finditer(text)]


@given(st.lists(st.sampled_from(TIMES), max_size=8), st.sampled_from(["", " ", "\n"]))
def test_times_are_found_wherever_their_pattern_is(words: list[str], between: str) -> None:
    text = between.join(words)
    assert times(text) == [match.span() for match in dates._TIME.finditer(text)]


@given(st.text("ab", max_size=20), st.lists(st.text("ab", min_size=1, max_size=3), max_size=4, unique=True))
def test_places_are_all_places(text: str, words: list[str]) -> None:
    expected = [at for at in range(len(text)) for word in words if text.startswith(word, at)]
    assert places(text, words) == expected
