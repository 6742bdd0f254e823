"""Symbols: read, repaired, formatted, keyed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua_kg.identity import WorkId, read_symbol, unpadded, work_id
from thidua_kg.mentions.citations import read_symbols
from thidua_kg.resolver import symbols_meant

REPAIRS = """
34/CT-TW         34-CT/TW           state_style_for_party_issuer
34/CT-TƯ         34-CT/TW           TU_horn_variant
34CT/TW          34-CT/TW           missing_separator
02-CT/UBND       02/CT-UBND         party_style_for_state_issuer
19/CT-TTG        19/CT-TTg          issuer_case
17-CTR/TU        17-CTr/TU          type_case
733/QĐ/TTg       733/QĐ-TTg         slash_for_hyphen
547/QD-UBND      547/QĐ-UBND        stroke_lost
30c/NQCP         30c/NQ-CP          hyphen_lost
42/2010/NÐ-CP    42/2010/NĐ-CP      eth_U+00D0_for_Đ_U+0110
176/2025/QH      176/2025/QH15      term_missing
66.7/2025/NQ-CP  66.7/2025/NQ-CP    -
238/UBND-KGVX    238/UBND-KGVX      -
""".strip().splitlines()


@pytest.mark.parametrize("line", REPAIRS)
def test_repairs(line: str) -> None:
    raw, canonical, issue = line.split()
    symbol = read_symbol(raw)
    assert symbol is not None
    assert symbol.canonical == canonical
    assert issue == "-" or issue in symbol.issues


@pytest.mark.parametrize("raw", ["13/9/2021", "24/7", "hội nghị", "", "12/Ban", "2021-2025", "—", "34"])
def test_what_is_no_symbol(raw: str) -> None:
    assert read_symbol(raw) is None


numbers = st.integers(1, 99999).map(str)
party = st.builds(
    "{}-{}/{}".format, numbers, st.sampled_from(["CT", "NQ", "KH", "CTr", "KL"]), st.sampled_from(["TW", "TU", "BDVTU"])
)
state = st.builds(
    "{}/{}-{}".format,
    numbers,
    st.sampled_from(["CT", "KH", "QĐ", "TTr"]),
    st.sampled_from(["UBND", "TTg", "SNV", "BTC"]),
)
legal = st.builds(
    "{}/{}/{}-{}".format,
    numbers,
    st.integers(1990, 2029),
    st.sampled_from(["NĐ", "TT"]),
    st.sampled_from(["CP", "BTC"]),
)


@given(party | state | legal)
def test_a_canonical_symbol_reads_as_itself(raw: str) -> None:
    symbol = read_symbol(raw)
    assert symbol is not None
    assert unpadded(symbol.canonical) == unpadded(raw)
    assert not symbol.issues
    again = read_symbol(symbol.canonical)
    assert again is not None
    assert again.canonical == symbol.canonical


@given(party | state | legal, st.integers(1990, 2029), st.sampled_from(["Bình Thuận", "Hà Tĩnh", "Cần Thơ"]))
def test_an_identity_parses_to_what_it_formats(raw: str, year: int, place: str) -> None:
    identity = work_id(raw, f"{year}-05-06", None, place)
    assert identity is not None
    assert str(WorkId.parse(identity)) == identity


@given(st.text(max_size=40))
def test_any_text_reads_or_does_not(raw: str) -> None:
    symbol = read_symbol(raw)
    assert symbol is None or symbol.canonical


def test_what_makes_two_documents_two() -> None:
    assert work_id("34-CT/TW", "2014-04-07", "Bộ Chính trị", None) == "TW:2014:34-CT/TW"
    assert work_id("34-CT/TW", "2024-05-24", "Ban Bí thư", None) == "TW:2024:34-CT/TW"
    assert work_id("02/CT-UBND", "2022-02-09", "UBND tỉnh", "Bình Thuận") == "UBND.binh-thuan:2022:2/CT-UBND"
    assert work_id("385/KH-UBND", "2020-10-22", "UBND tỉnh Hà Tĩnh", "Bình Thuận") == "UBND.ha-tinh:2020:385/KH-UBND"
    assert work_id("385/KH-UBND", None, "UBND tỉnh", "Bình Thuận") is None
    assert work_id("385/KH-UBND", "2022-02-10", "UBND tỉnh", None) is None


def test_lists_and_the_name_that_wins_over_the_code() -> None:
    assert [s.canonical for s in read_symbols("154 & 201/KH-ĐHHV")] == ["154/KH-ĐHHV", "201/KH-ĐHHV"]
    assert [s.canonical for s in read_symbols("57-NQ/TU (của Bộ Chính trị)")] == ["57-NQ/TW"]
    assert [s.canonical for s in read_symbols("101/CP (ngày 23/9/1997)")] == ["101/CP"]
    (headed,) = read_symbols("55/2007/CT-UBND (header of a QUYẾT ĐỊNH)")
    assert (headed.canonical, headed.type, headed.issues) == (
        "55/2007/QĐ-UBND",
        "Quyết định",
        ("type_code_contradicts_heading",),
    )


def test_a_law_by_its_name_and_date_or_year() -> None:
    for name in ("Luật Thi đua, khen thưởng ngày 26/11/2003", "Luật Thi đua, khen thưởng năm 2003"):
        assert [s.canonical for s in symbols_meant(name)] == ["15/2003/QH11"]
    assert symbols_meant("Luật Thi đua, khen thưởng") == []


def test_the_examples_of_the_domain_notes(shared: Path) -> None:
    with (shared / "domain" / "symbol_examples.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["needs"] in ("symbol", "context")]
    wrong = {}
    for row in rows:
        found = [s.canonical for s in symbols_meant(row["raw"])]
        if " + ".join(found) != row["canonical"]:
            wrong[row["raw"]] = found
    assert not wrong


def test_a_city_below_a_province_has_numbers_of_its_own() -> None:
    date = "2022-03-01"
    assert work_id("66/KH-UBND", date, "UBND thành phố Phan Thiết", "Bình Thuận") == (
        "UBND.binh-thuan.thanh-pho-phan-thiet:2022:66/KH-UBND"
    )
    assert work_id("66/KH-UBND", date, "UBND thành phố Đà Nẵng", None) == "UBND.da-nang:2022:66/KH-UBND"
    assert work_id("66/KH-UBND", date, "UBND quận Hải Châu, thành phố Đà Nẵng", None) == (
        "UBND.da-nang.quan-hai-chau:2022:66/KH-UBND"
    )
