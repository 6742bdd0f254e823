"""Mistyped words: what a word may have been meant to be, and which of it the index bears out."""

from __future__ import annotations

import unicodedata
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua_kg.analyzer import bare, parse_query
from thidua_kg.analyzer.spelling import accented, from_keys, slips, swaps
from thidua_kg.answers.search import canonical
from thidua_kg.answers.suggest import suggestion
from thidua_kg.index import ENGINES, IndexRecord, open_engine

KEYS = """
ddaats đất | luwong lương | chees chế | thuoocs thuốc | ddoong đông | nguwowif người | truwowngf trường | giaf già
ddaauf đầu | quys quý | ddr - | hoaj hoạ | d9a61t đất | thu7o7ng3 thưởng | khen - | đua - | x7 - | a - | đaats đất
"""


@pytest.mark.parametrize("case", [case for line in KEYS.strip().splitlines() for case in line.split(" | ")])
def test_telex_and_vni_keys(case):
    keys, meant = case.split()
    assert (from_keys(keys) or "-") == meant


@given(st.text(alphabet="abcdđeghiklmnopqrstuvxyâêôơưfsrxjw123456789", max_size=12))
def test_any_word_is_decoded_or_left_alone(word):
    found = from_keys(word)
    assert found is None or (found != word and unicodedata.is_normalized("NFC", found))


@pytest.mark.parametrize(
    "word", ["đất", "thưởng", "khuyến", "quý", "giữ", "nghiêng", "ươm", "hoà", "thuỷ", "kiểm", "đua"]
)
def test_a_syllable_is_among_the_spellings_of_its_bare_form(word):
    assert word in accented(bare(word))
    assert {bare(spelling) for spelling in accented(bare(word))} == {bare(word)}


def test_what_is_no_syllable_has_no_other_spelling():
    assert not any(accented(word) for word in ("ubnd", "xyz", "", "internet", "2022", "a" * 500))


def test_slips_are_one_letter_away():
    assert "bao" in set(swaps("boa"))
    assert {"thong", "thon", "ton"} <= set(slips("thon")) | {"thon"}
    assert not list(swaps(""))


TEXTS = [
    "Phát động phong trào thi đua yêu nước và công tác khen thưởng",
    "Tổng kết phong trào thi đua, khen thưởng năm 2022",
    "Chuyển đổi số cho doanh nghiệp nhỏ và vừa ở Hà Nội",
    "Sử dụng đất ở, thuê đất trả tiền hằng năm",
    "Kế hoạch chuyển đổi số; ứng phó bão số 15",
    "Công tác dân vận ở Hà Nội; phong trào thi đua yêu nước",
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    with closing(open_engine(request.param, tmp_path_factory.mktemp("index") / "index", write=True)) as index:
        index.put(IndexRecord(id=str(n), body=text) for n, text in enumerate(TEXTS * 3))
        index.commit(1)
        yield index


MEANT = """
phong trào thi đau                | phong trào thi đua
phong trào thi dduaa              | -
thuê ddaats                       | thuê đất
thuê d9a61t                       | thuê đất
chuyễn đổi số                     | chuyển đổi số
Chuyễn đổi số                     | Chuyển đổi số
phong tràoo thi đua               | phong trào thi đua
hà nộ                             | hà nội
khen thuong vaa thi dua           | khen thưởng và thi đua
ứng phó bõa số 15                 | ứng phó bão số 15
phong trào thi đua yêu nước       | -
thi dua khen thuong               | -
phòng trào thi đua                | phong trào thi đua
"thi đau"                         | -
thi đau -nước                     | -
title:đau                         | -
34-CT/TW thi đau                  | -
vắngmặt                           | -
15                                | -
"""


@pytest.mark.parametrize("case", MEANT.strip().splitlines())
def test_a_mistyped_query_is_proposed_as_the_documents_have_it(engine, case):
    query, meant = (part.strip() for part in case.split("|"))
    assert (suggestion(engine, query, parse_query(query, canonical)) or "-") == meant


def test_words_and_pairs_are_counted_by_documents(engine):
    words = ["thi", "thi đua", "đua yêu", "yêu đua", "dua", "thi dua", "vắngmặt"]
    found = engine.frequencies(words, "folded")
    assert found == {"thi": 9, "thi đua": 9, "đua yêu": 6}
    assert set(engine.frequencies(words, "bare")) == {"thi", "dua", "thi dua"}


def test_a_search_proposes_what_was_meant(kb):
    answers = kb.search("phong trào thi đau yêu nước")
    assert answers.suggestion == "phong trào thi đua yêu nước"
    assert "Có phải ý bạn là: phong trào thi đua yêu nước" in answers.notes
    assert {row.suggestion for row in answers} == {answers.suggestion}
    assert kb.search("phong trào thi đua yêu nước").suggestion is None
