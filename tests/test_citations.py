"""Citations are found, read, nested and related as the cases say, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notation import cases, read_case
from thidua_kg.mentions.citations import find_citations
from thidua_kg.model import Header

WORDS = "Chỉ thị|số|Nghị định|34-CT/TW|15/2022/NĐ-CP|của|Luật|Đất đai|ngày|07/4/2014|và|,|;|.|“|”|(|)|Căn cứ|theo|\n\n|385|/|-|KH|UBND|QH15"


@pytest.mark.parametrize("line", cases("citations.txt"))
def test_case(line: str) -> None:
    text, marks = read_case(line)
    found = find_citations(text, Header(), ())
    assert [(c.kind, text[slice(*c.span)]) for c in found] == [(m.kind, m.text) for m in marks]
    for citation, mark in zip(found, marks, strict=True):
        assert citation.canonical == mark.value
        for name, wanted in mark.fields.items():
            if name == "issue":
                assert wanted in citation.issues
            else:
                assert getattr(citation, name) == wanted, name


def test_the_headers_own_number_is_no_citation() -> None:
    text = "Số: 385/KH-UBND\nThực hiện Chỉ thị số 02/CT-UBND. (Kèm theo Kế hoạch số 385/KH-UBND)"
    header = Header(symbol="385/KH-UBND", canonical="385/KH-UBND", spans={"symbol": (4, 15)})
    found = find_citations(text, header, ())
    assert [(c.kind, c.canonical) for c in found] == [("numbered", "02/CT-UBND"), ("self", "385/KH-UBND")]


def test_a_date_printed_once_holds_for_later_mentions() -> None:
    text = "Theo Chỉ thị số 16/CT-UBND ngày 13/9/2021 của UBND tỉnh. Triển khai Chỉ thị số 16/CT-UBND."
    first, second = find_citations(text, Header(), ())
    assert first.date == second.date == "2021-09-13"
    assert second.date_span is None
    assert "date_inherited" in second.issues


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=60).map(" ".join))
def test_any_keyword_soup_gives_citations_that_quote_the_text(text: str) -> None:
    for citation in find_citations(text, Header(), ()):
        start, end = citation.span
        assert 0 <= start < end <= len(text)
        assert citation.text == text[start:end]
        assert citation.full_span[0] == start
        assert citation.full_span[1] >= end
