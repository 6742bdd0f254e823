"""Words, folding, the query language, and what a query finds in a text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_kg.analyzer import (
    bare,
    choose_areas,
    fold,
    highlights,
    matches,
    parse_query,
    pos,
    relax,
    sentences,
    snippet,
    symbol_key,
    terms,
    tokens,
    words,
    words_of,
)
from thidua_kg.analyzer.matching import distance_within
from thidua_kg.analyzer.segments import MAX_PIECE
from thidua_kg.analyzer.tokens import _FORMS, words_among
from thidua_kg.analyzer.tree import And, Everything, Not, Or, Phrase, Query, Symbol, Term, is_spared
from thidua_kg.answers.search import canonical
from thidua_kg.errors import InvalidQuery

SYLLABLES = [
    *("thi", "đua", "Đua", "hoà", "hòa", "HOÀ", "thuỷ", "thủy", "uỷ", "quý", "qúy", "cộng", "cong", "ĐÐð"),
    *("02", "2", "66.7", "1.500.000", "34-CT/TW", "385/KH-UBND"),
]
pieces = st.one_of(
    st.sampled_from(SYLLABLES), st.text(max_size=4), st.sampled_from([" ", "\n", "\r\n", ", ", "\u0301"])
)
texts = st.lists(pieces, max_size=30).map("".join)
spaced_texts = st.lists(pieces, max_size=30).map(" ".join)

# --- folding

FOLDED = """
Hòa bình     | hoà bình     | hoa binh
hoà bình     | hoà bình     | hoa binh
khóa, khoá   | khoá, khoá   | khoa, khoa
UỶ BAN       | uỷ ban       | uy ban
Ủy ban       | uỷ ban       | uy ban
thủy, thuỷ   | thuỷ, thuỷ   | thuy, thuy
tòan, toàn   | toàn, toàn   | toan, toan
xòe, xoè     | xoè, xoè     | xoe, xoe
quý, qúy     | quý, quý     | quy, quy
quy, tuy     | quy, tuy     | quy, tuy
của, quả     | của, quả     | cua, qua
mía, múa     | mía, múa     | mia, mua
Điều, ÐIỀU   | điều, điều   | dieu, dieu
ưỡn, Ước     | ưỡn, ước     | uon, uoc
İ            | i            | i
"""


@pytest.mark.parametrize("case", FOLDED.strip().splitlines())
def test_one_spelling_for_comparison(case):
    text, folded, without = (part.strip() for part in case.split("|"))
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == folded
        assert bare(unicodedata.normalize(form, text)) == without


@given(texts)
def test_folding_is_stable_and_keeps_places(text):
    nfc = unicodedata.normalize("NFC", text)
    assert len(fold(nfc)) == len(nfc)
    assert fold(text) == fold(nfc)
    assert bare(bare(text)) == bare(fold(text)) == bare(text)
    if unicodedata.is_normalized("NFC", fold(text)):  # "H̱" composes in lower case only; no Vietnamese letter does
        assert fold(fold(text)) == fold(text)


# --- tokens

CUT = """
Thi đua, khen thưởng!       | thi · đua · khen · thưởng
ngày 02/9/2022              | ngày · 2 · 9 · 2022
tăng 83,2% (1.500.000 đ)    | tăng · 83,2 · 1.500.000 · đ
số 66.7/NQ-CP.              | số · [66.7-nq-cp: 66.7 nq cp]
Chỉ thị số 34-CT/TW ngày    | chỉ · thị · số · [34-ct-tw: 34 ct tw] · ngày
34/CT-TW                    | [34-ct-tw: 34 ct tw]
15/2022/NĐ-CP               | [15-2022-nđ-cp: 15 2022 nđ cp]
06/2022/QH15;               | [6-2022-qh15: 6 2022 qh15]
385/KH-UBND                 | [385-kh-ubnd: 385 kh ubnd]
63/ 2006/QĐ - UBND          | [63-2006-qđ-ubnd: 63 2006 qđ ubnd]
05 CT/TW và 05VBHN-VPQH     | [5-ct-tw: 5 ct tw] · và · [5-vbhn-vpqh: 05vbhn vpqh]
30c/NQ-CP, 35/CP            | [30c-nq-cp: 30c nq cp] · [35-cp: 35 cp]
113/KH-BCA-C04              | [113-kh-bca-c04: 113 kh bca c04]
143/2025/TT-BTС; ВТС          | [143-2025-tt-btc: 143 2025 tt btc] · btc
152-2025-NĐ-CP              | [152-2025-nđ-cp: 152 2025 nđ cp]
13/9/2021; 24/7; 7-7,5%/năm | 13 · 9 · 2021 · 24 · 7 · 7 · 7,5 · năm
2021 - UBND tỉnh; Covid-19  | 2021 · ubnd · tỉnh · covid · 19
H'Mông, Ê-đê, và/hoặc       | h · mông · ê · đê · và · hoặc
"""


def shown(token):
    return f"[{token.folded}: {' '.join(part.folded for part in token.parts)}]" if token.parts else token.folded


@pytest.mark.parametrize("case", CUT.strip().splitlines())
def test_texts_are_cut_into_syllables_numbers_and_symbols(case):
    text, expected = (part.strip() for part in case.split("|"))
    assert " · ".join(map(shown, tokens(text))) == expected


@given(st.one_of(texts, spaced_texts))
def test_tokens_stand_where_they_say(text):
    found = tokens(text)
    end = 0
    for word in words_of(found):
        assert end <= word.span[0] < word.span[1] <= len(text)
        end = word.span[1]
        assert word.bare == bare(word.folded)
        if unicodedata.is_normalized("NFC", text):  # else half of a character may stand for the whole
            assert fold(text[slice(*word.span)]).lstrip("0") == word.folded.lstrip("0")
    for token in found:
        if token.parts:
            assert token.span == (token.parts[0].span[0], token.parts[-1].span[1])
            assert symbol_key(text[slice(*token.span)]) == token.bare


@given(st.one_of(texts, spaced_texts))
def test_terms_are_the_tokens_without_places(text):
    found, without_places = tokens(text), terms(text)
    assert without_places.folded.split() == [word.folded for word in words_of(found)]
    assert without_places.bare.split() == [word.bare for word in words_of(found)]
    assert without_places.symbols == tuple(token.bare for token in found if token.parts)


def test_what_is_remembered_of_texts_stays_small():
    terms(" ".join(f"{number}x" for number in range(70_000)) + " " + "dài" * 1000)
    assert len(_FORMS) <= _FORMS.MOST
    assert max(map(len, _FORMS)) <= _FORMS.LONGEST


@given(
    st.one_of(texts, spaced_texts),
    st.frozensets(st.sampled_from(["thi", "dua", "hoa", "2", "5", "66.7", "thuỷ", "uy", "a"])),
)
def test_the_wanted_words_of_a_text_are_found_without_making_tokens_of_all(text, wanted):
    nfc = unicodedata.normalize("NFC", text)
    assert list(words_among(nfc, wanted)) == [word for word in words_of(tokens(nfc)) if word.bare in wanted]


SAME_SYMBOL = """
34-CT/TW | 34/CT-TW | 34-ct/tw | 034-CT/TW | 34 - CT/TW | 34 CT/TW | 34 – CT/TW
15/2022/NĐ-CP | 15-2022-NĐ-CP | 15/2022/nđ-cp | 15/2022/ND-CP | 15/2022/NÐ-CP | 15/ 2022/NĐ - CP
02/CT-UBND | 2/CT-UBND | 02-CT/UBND | 02/ CT-UBND
733/QĐ-TTg | 733/QĐ/TTg | 733/QĐ-TTG | 733 /QĐ-TTg
"""


@pytest.mark.parametrize("case", SAME_SYMBOL.strip().splitlines())
def test_one_symbol_has_one_key(case):
    keys = {symbol_key(form.strip()) for form in case.split("|")}
    assert len(keys) == 1
    assert None not in keys


def test_different_symbols_have_different_keys():
    symbols = [
        "34-CT/TW",
        "35-CT/TW",
        "34-CT/TU",
        "34-KL/TW",
        "134-CT/TW",
        "15/2022/NĐ-CP",
        "15/2021/NĐ-CP",
        "15/NĐ-CP",
    ]
    assert len({symbol_key(symbol) for symbol in symbols}) == len(symbols)
    assert [symbol_key(text) for text in ("", "34", "thi đua", "13/9/2021", "CT/TW")] == [None] * 5


# --- the query language

PARSED = """
thi đua                  | (thi & đua)
thi AND đua              | (thi AND đua)
thi AND đua khen         | ((thi AND đua) & khen)
thi đua OR khen          | ((thi & đua) OR khen)
thi OR đua OR khen       | (thi OR đua OR khen)
(thi OR đua) khen        | ((thi OR đua) & khen)
thi -đua NOT khen        | (thi & NOT đua! & NOT khen!)
NOT NOT thi --đua        | (thi & NOT đua!)
-"thi đua"               | NOT "thi đua"
“thi đua”                | "thi đua"
"Thi đua, khen thưởng"   | "thi đua khen thưởng"
title:thi đua            | (title:thi & đua)
tiêu_đề:(thi OR body:đua) | (title:thi OR body:đua)
nhiemvu:"dân vận"        | task:"dân vận"
thuong~ thuong~2         | (thuong~1 & thuong~2)
thưở*                    | thưở*
2021-2025                | "2021 2025"
và hoặc                  | (và & hoặc)
and or not               | (and & or & not)
thi , đua - khen         | (thi & đua & khen)
thi thi thi              | thi
*                        | *
* -thi                   | (* & NOT thi!)
34-CT/TW                 | <34-ct-tw>
thi đua khen thưởng      | most 3 of (thi & đua & khen & thưởng)
thi đua khen thưởng 2022 | most 4 of (thi & đua & khen & thưởng & 2022)
title:(a b c d) e        | (most 3 of (title:a & title:b & title:c & title:d) & e)
-(thi đua khen thưởng)   | NOT (thi! & đua! & khen! & thưởng!)
thi đua "a b" khen thưởng -x | most 3 of (thi & đua & "a b" & khen & thưởng & NOT x!)
thi AND đua AND khen AND thưởng | (thi AND đua AND khen AND thưởng)
-34/CT-TW số:385/KH-UBND | (NOT <34-ct-tw> & symbol:<385-kh-ubnd>)
Chỉ thị 34 - CT/TW       | (chỉ & thị & <34-ct-tw>)
"số 34-CT/TW"            | "số 34 ct tw"
"""


def written(query: Query) -> str:
    match query:
        case Term():
            mark = f"~{query.distance}" if query.distance else "*" if query.prefix else "!" if query.strict else ""
            return _field(query) + query.folded + mark
        case Phrase():
            return f'{_field(query)}"{" ".join(query.folded)}"'
        case Symbol():
            return f"{_field(query)}<{'|'.join(query.keys)}>"
        case And(parts, implicit, spare):
            plain = sum(map(is_spared, parts))
            return (
                f"most {plain - spare} of " if spare else ""
            ) + f"({(' & ' if implicit else ' AND ').join(map(written, parts))})"
        case Or(parts):
            return f"({' OR '.join(map(written, parts))})"
        case Not(part):
            return f"NOT {written(part)}"
        case Everything():
            return "*"


def _field(leaf):
    return f"{leaf.field}:" if leaf.field else ""


LOOSE = """
34CTTW              | <34-ct-tw>
34cttw              | <34-ct-tw>
34 CT TW            | <34-ct-tw>
34 ct tw năm 2014   | (<34-ct-tw> & năm & 2014)
385 KH UBND tỉnh    | (<385-kh-ubnd> & tỉnh)
66.15/2026/NQCP     | <66.15-2026-nqcp|66.15-2026-nq-cp>
title:34CTTW        | title:<34-ct-tw>
-34CTTW             | NOT <34-ct-tw>
2025 UBND tỉnh      | (2025 & ubnd & tỉnh)
15 ngày làm việc    | most 3 of (15 & ngày & làm & việc)
12ABCDEF            | 12abcdef
30c                 | 30c
"""


@pytest.mark.parametrize("case", LOOSE.strip().splitlines())
def test_symbols_without_separators_are_known_by_their_codes(case):
    query, expected = (part.strip() for part in case.split(" | "))
    assert written(parse_query(query, canonical)) == expected


@pytest.mark.parametrize("case", PARSED.strip().splitlines())
def test_queries_are_understood(case):
    query, expected = (part.strip() for part in case.split(" | "))
    assert written(parse_query(query)) == expected


WRONG = """
                    ⟂ 1 ⟂ không có từ
,, -                ⟂ 1 ⟂ không có từ
thi "đua            ⟂ 5 ⟂ ngoặc kép
thi ""              ⟂ 5 ⟂ cụm từ trống
thi (đua            ⟂ 5 ⟂ không có ngoặc đóng
thi đua)            ⟂ 8 ⟂ không có ngoặc mở
thi ()              ⟂ 6 ⟂ thiếu từ
AND thi             ⟂ 1 ⟂ trước AND
thi OR              ⟂ 7 ⟂ thiếu từ
thi OR OR đua       ⟂ 8 ⟂ trước OR
NOT                 ⟂ 4 ⟂ thiếu từ
thi khác:đua        ⟂ 5 ⟂ trường “khác”
title:-thi          ⟂ 7 ⟂ sau tên trường
title:title:thi     ⟂ 7 ⟂ sau tên trường
*thi                ⟂ 1 ⟂ dấu *
thi đ*a             ⟂ 6 ⟂ dấu *
thi đua~3           ⟂ 8 ⟂ sau dấu ~
thi 2021-2025*      ⟂ 14 ⟂ một từ
"""


@pytest.mark.parametrize("case", WRONG.splitlines()[1:])
def test_wrong_queries_are_refused_with_the_place(case):
    query, place, why = case.split("⟂")
    with pytest.raises(InvalidQuery) as refused:
        parse_query(query.rstrip())
    assert refused.value.why.startswith(f"ở vị trí {place.strip()}: ")
    assert why.strip() in refused.value.why
    assert refused.value.remedy


def test_the_place_of_an_error_counts_what_was_typed():
    with pytest.raises(InvalidQuery, match="ở vị trí 6:"):
        parse_query(unicodedata.normalize("NFD", "hòa ") + "(đua")


TOO_MUCH = {
    "ký tự": "x" * 2001,
    "256 từ": "thi " * 257,
    "lớp": "(" * 21 + "thi" + ")" * 21,
    "dấu * hoặc ~": " ".join(f"thi{i}*" for i in range(17)),
}


@pytest.mark.parametrize("why", TOO_MUCH)
def test_queries_are_bounded(why):
    with pytest.raises(InvalidQuery, match=why.replace("*", r"\*")):
        parse_query(TOO_MUCH[why])


def test_what_is_just_within_the_bounds_is_parsed():
    assert isinstance(parse_query("(" * 20 + "thi" + ")" * 20), Term)
    assert len(parse_query('"' + "thi " * 256 + '"').bare) == 256


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["thi", '"', "(", ")", " ", "-", "OR", "title:", "*", "~", "34-CT/TW"])).map("".join)
)
def test_any_query_is_parsed_or_refused(query):
    try:
        tree = parse_query(query)
    except InvalidQuery as error:
        assert error.why.startswith("ở vị trí ")  # noqa: PT017  # both outcomes are right
    else:
        assert isinstance(highlights(query, tree), list)


def test_a_symbol_is_sought_in_its_official_form_too():
    assert parse_query("34-CT/TƯ", lambda raw: {"34-CT/TƯ": "34-CT/TW"}[raw]) == Symbol(("34-ct-tu", "34-ct-tw"))
    assert parse_query("34-CT/TW", lambda _: None) == Symbol(("34-ct-tw",))


RELAXED = """
thi đua             | (thi OR đua)
thi đua -khen       | ((thi OR đua) AND NOT khen!)
thi AND (đua khen)  | (thi AND (đua OR khen))
thi AND đua         | None
thi                 | None
thi -đua            | None
thi OR đua          | None
"""


@pytest.mark.parametrize("case", RELAXED.strip().splitlines())
def test_only_words_side_by_side_are_relaxed(case):
    query, expected = (part.strip() for part in case.split("|"))
    looser = relax(parse_query(query))
    assert (written(looser) if looser else "None") == expected


def test_fields_are_chosen_by_the_names_people_type():
    assert choose_areas(("tiêu đề", "TASKS", "title")) == ("title", "task")
    assert choose_areas(()) == ("body",)
    with pytest.raises(InvalidQuery, match="không có trường"):
        choose_areas(("title", "khác"))


# --- matching

MATCHED = """
công        | công · cộng · cong · CỐNG · Công   | gông · côn · công1
cong        | công · cộng · cong                 | gong
"công"      | công · cong                        | cộng
-công       | cộng · gông                        | công · cong
hoà         | hòa · hoà · HOA                    | hoàn
"công an"   | Công an, · cong an · công-an       | công ăn · công bằng an · an công
"cong an"   | công ăn · cộng, án                 | an cong
đua         | đua · dua                          | đu a
UBND        | 385/KH-UBND · ubnd tỉnh            | UBNDx
34-CT/TW    | số 34/CT-TW · 34-CT/TW,            | 34 · CT/TW · 34-CT/TU
2           | 02/9 · số 2                        | 22 · 2,5
thưở*       | thưởng · thương · THUONG           | thu · tưởng
thuog~      | thuong · thường · thuog            | thung1 · tho
thuog~2     | thung · thuongs                    | thi
*           | gì cũng được                       |
"""


@pytest.mark.parametrize("case", MATCHED.strip().splitlines())
def test_what_matches(case):
    query, yes, no = (part.strip() for part in case.split("|"))
    tree = parse_query(query)
    for texts_, expected in ((yes, True), (no, False)):
        for text in filter(None, texts_.split(" · ")):
            assert matches(tree, {"body": [tokens(text)]}) is expected, text


def test_a_phrase_does_not_run_from_one_text_into_the_next():
    document = {"unit": [tokens("Sở Nội"), tokens("vụ Y tế")]}
    assert not matches(parse_query('unit:"nội vụ"'), document)
    assert matches(parse_query("unit:nội unit:vụ"), document)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.sampled_from([1, 2]))
def test_the_edit_distance_is_levenshteins(one, other, limit):
    def distance(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        return min(distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0]))

    assert distance_within(one, other, limit) is (distance(one, other) <= limit)


# --- highlights and snippets: the marked text, then the query

MARKED = """
Phong trào [thi] [đua] và [thi] cử                 | thi đua
Phong trào [thi] [đua], thị sát                    | thi đua
phong trao [thi] [dua]                             | thi đua
Phong trào [thi] [đua], [thị] sát                  | thi dua
[Hòa] bình, [hoà] giải                             | hoà
Sở [Công an] và công ăn                            | "công an"
[34/CT-TW] và 35-CT/TW, [34-CT/TW]                 | 34-CT/TW
Kế hoạch 385/KH-[UBND] của [UBND] tỉnh             | ubnd
[khen thưởng], không phạt                          | "khen thưởng" -phạt
[thưởng] và [thương], thu                          | thưở*
[thuong] [thuơng] thu                              | thuog~
số [02], ngày [2]                                  | 2
[Công an] xã                                       | "công an" "công an"
[công an] nhân dân                                 | công "công an"
không có gì                                        | thi đua
"""


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("case", MARKED.strip().splitlines())
def test_highlights_are_places_of_the_text(case, form):
    marked, query = (unicodedata.normalize(form, part.strip()) for part in case.split("|"))
    text = marked.replace("[", "").replace("]", "")
    shown = text
    for start, end in reversed(highlights(text, parse_query(query))):
        shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
    assert shown == marked


def test_highlights_of_one_area_leave_out_what_is_sought_elsewhere():
    tree = parse_query("title:thi đua")
    assert highlights("thi đua", tree) == [(0, 3), (4, 7)]
    assert highlights("thi đua", tree, area="task") == [(4, 7)]


some_queries = st.sampled_from(
    ["thi đua", '"thi đua"', "thủy -hòa", "thu* OR qúy~", "34-CT/TW 2", "cộng", "385", '"02 2"', "title:thi UBND"]
)


@given(spaced_texts, some_queries)
def test_something_is_highlighted_exactly_where_something_matches(text, query):
    tree = parse_query(query)
    found = highlights(text, tree)
    positive = relax(tree) or tree
    if isinstance(positive, And):
        positive = next(part for part in positive.parts if not isinstance(part, Not))
    document = {area: [tokens(text)] for area in ("body", "title")}
    assert bool(found) is matches(positive, document)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))


@given(spaced_texts, some_queries, st.integers(1, 300))
def test_a_snippet_is_a_stretch_of_the_text(text, query, width):
    tree = parse_query(query)
    (start, end), marks = snippet(text, tree, width)
    assert 0 <= start <= end <= len(text)
    assert bool(marks) is bool(highlights(text, tree))
    assert all(start <= mark[0] < mark[1] <= end for mark in marks)
    longest = max((stop - begin for begin, stop in highlights(text, tree)), default=0)
    assert end - start <= max(width, longest)


def test_a_snippet_shows_where_most_is_found():
    filler = "phần mở đầu của văn bản " * 30
    text = f"{filler}thi {filler}phong trào thi đua khen thưởng {filler}đua"
    (start, end), marks = snippet(text, parse_query("thi đua khen thưởng"), width=80)
    assert "phong trào thi đua khen thưởng" in text[start:end]
    assert [text[slice(*mark)] for mark in marks] == ["thi", "đua", "khen", "thưởng"]
    assert text[start - 1] == " " == text[end]
    assert 60 <= end - start <= 80


def test_without_a_match_a_snippet_is_the_beginning():
    assert snippet("  Về công tác dân vận của Đảng", parse_query("vắng"), width=14) == ((2, 13), [])
    assert snippet("", parse_query("vắng")) == ((0, 0), [])


# --- words, parts of speech, sentences

SPLIT = """
⟨Một câu.⟩ ⟨Hai câu!⟩ ⟨Ba?⟩
⟨Thực hiện kế hoạch↵ngày 07/4/2014 của tỉnh.⟩↵⟨Câu sau.⟩
⟨Ông nói: “Tốt.”⟩ ⟨Rồi đi.⟩
⟨(Xem phụ lục.)⟩ ⟨Hết.⟩
⟨Số 1.500.000 đồng, TP. Hà Nội và Th.S Nguyễn Văn A.⟩
⟨không có dấu chấm⟩
"""


@pytest.mark.parametrize("marked", SPLIT.strip().splitlines())
def test_sentences_are_places_of_the_text(marked):
    marked = marked.replace("↵", "\n")
    text = marked.replace("⟨", "").replace("⟩", "")
    shown = text
    for start, end in reversed(sentences(text)):
        shown = f"{shown[:start]}⟨{shown[start:end]}⟩{shown[end:]}"
    assert shown == marked


def test_sentences_of_one_stretch_are_places_of_the_whole():
    text = "1. Một câu. Hai câu.\n2. Ba câu."
    assert [text[slice(*place)] for place in sentences(text, (3, 20))] == ["Một câu.", "Hai câu."]


def test_words_of_several_syllables_stay_together_across_a_line_break():
    text = "Phát động phong trào thi\nđua  yêu nước năm 2022."
    found = [" ".join(text[slice(*place)].split()) for place in words(text)]
    assert {"phong trào", "thi đua"} <= set(found)


def test_parts_of_speech_belong_to_places():
    text = "Sở Nội vụ chủ trì nghành."  # misspelt on purpose: the tagger repairs it before it cuts
    tagged = {text[slice(*place)]: tag for place, tag in pos(text)}
    assert tagged["."] == "CH"
    assert "nghành" in tagged


vietnamese = st.one_of(spaced_texts, texts, st.text(max_size=60)).map(lambda text: unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(vietnamese)
def test_nothing_but_white_space_is_left_between_words_and_sentences(text):
    for found in (words(text), sentences(text), [place for place, _ in pos(text)]):
        rest = text
        for start, end in reversed(found):
            assert 0 <= start < end <= len(text)
            assert not text[start].isspace()
            assert not text[end - 1].isspace()
            rest = rest[:start] + rest[end:]
        assert not rest.strip()
        assert found == sorted(found)


def test_long_texts_reach_the_models_in_bounded_pieces(monkeypatch):
    import underthesea

    seen = []
    real = underthesea.word_tokenize
    monkeypatch.setattr(underthesea, "word_tokenize", lambda text, **kw: seen.append(len(text)) or real(text, **kw))
    text = "không có dấu chấm câu nào " * 200 + "x" * 3000
    found = words(text)
    assert max(seen) <= MAX_PIECE
    assert "".join(text[slice(*place)] for place in found).replace(" ", "") == text.replace(" ", "")


def test_underthesea_is_not_imported_before_it_is_used():
    code = "import sys, thidua_kg.analyzer; print('underthesea' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
