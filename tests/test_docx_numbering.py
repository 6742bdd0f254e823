"""Automatic numbers: cases in `cases/docx_numbering.txt`, numbers through styles, and what holds for any outline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.docx_files import extract, make, text
from thidua_kg.readers.numerals import numeral, padded
from thidua_kg.readers.symbol_fonts import UNKNOWN, bullet, symbol
from thidua_kg.structure.markers import Line, marker_of


class Case(NamedTuple):
    name: str
    numbering: str
    places: list[tuple[int, int]]
    printed: list[str]


def level_xml(words: list[str]) -> str:
    """`0 decimal %1. start=3 restart=0 legal after=space font=Symbol` as XML."""
    at, style, pattern = int(words[0]), words[1], words[2].replace("_", " ").replace("\\uf0", "\\uf0")
    options = dict(word.partition("=")[::2] for word in words[3:])
    more = f'<w:lvlRestart w:val="{options["restart"]}"/>' if "restart" in options else ""
    more += "<w:isLgl/>" if "legal" in options else ""
    more += f'<w:suff w:val="{options["after"]}"/>' if "after" in options else ""
    if "font" in options:
        more += f'<w:rPr><w:rFonts w:ascii="{options["font"].replace("_", " ")}"/></w:rPr>'
    pattern = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), pattern).strip()
    return str(make.level(at, style, pattern, more=more, start=int(options.get("start", 1))))


def list_of(words: list[str]) -> tuple[int, tuple[int, str]]:
    """`3 start 0=5`, `2 scheme 1` or `2 level 0 decimal %1:` as a list with its scheme and overrides."""
    scheme, overrides = 0, ""
    if words[1:2] == ["scheme"]:
        scheme = int(words[2])
    elif words[1:2] == ["start"]:
        for word in words[2:]:
            at, start = word.split("=")
            overrides += f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    elif words[1:2] == ["level"]:
        overrides = f'<w:lvlOverride w:ilvl="{words[2]}">{level_xml(words[2:])}</w:lvlOverride>'
    return int(words[0]), (scheme, overrides)


def cases() -> Iterator[Case]:
    whole = (ROOT / "tests" / "cases" / "docx_numbering.txt").read_text("utf-8")
    for block in whole.split("\n== ")[1:]:
        name, *lines = block.strip("\n").split("\n")
        schemes, lists, scheme = {0: ""}, {}, 0
        places, printed = [], []
        for line in lines:
            word, *rest = line.split(" ")
            if word == "scheme":
                scheme = int(rest[0])
                schemes[scheme] = ""
            elif word == "level":
                schemes[scheme] += level_xml(rest)
            elif word == "list":
                key, value = list_of(rest)
                lists[key] = value
            else:
                number, at = word.split(".")
                places.append((int(number), int(at)))
                printed.append(" ".join(rest))
        yield Case(name, make.lists(schemes, lists), places, printed)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_numbers_are_printed_as_word_does(case: Case) -> None:
    body = [make.paragraph("X", number=place) for place in case.places]
    lines = text(*body, numbering=case.numbering).split("\n\n")
    assert [line.removesuffix("X").rstrip() for line in lines] == case.printed


OUTLINE = make.lists(
    {0: "".join(make.level(at, "decimal", ".".join(f"%{n + 1}" for n in range(at + 1))) for at in range(4))},
    {1: (0, "")},
)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_numbers_of_an_outline_grow(levels: list[int]) -> None:
    """Whatever the levels, the dotted numbers are unique, in order, and as long as their level is deep."""
    lines = text(*(make.paragraph("X", number=(1, at)) for at in levels), numbering=OUTLINE).split("\n\n")
    numbers = [tuple(map(int, line.split(" ")[0].split("."))) for line in lines]
    assert numbers == sorted(set(numbers))
    assert [len(number) - 1 for number in numbers] == levels


NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr></w:pPr>'
BY_STYLE = "".join(
    (
        make.style("Normal", default=True),
        make.style("Part", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', based_on="Normal"),
        make.style("Clause", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', based_on="Part"),
        make.style("Bold", "<w:rPr><w:b/></w:rPr>", based_on="Part"),
        make.style("Unnumbered", '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>', based_on="Part"),
        make.style("Deeper", '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>', based_on="Part"),
        make.style("Circle", based_on="Circle2"),
        make.style("Circle2", based_on="Circle"),
    )
)
STYLED = make.lists(
    {
        0: make.level(0, "upperRoman", "%1.", more='<w:pStyle w:val="Part"/>')
        + make.level(1, "decimal", "%2.", more='<w:pStyle w:val="Clause"/>')
    },
    {1: (0, "")},
)


@pytest.mark.parametrize(
    ("styles", "printed"),
    [
        (["Part", "Clause", "Clause", "Part", "Clause"], ["I.", "1.", "2.", "II.", "1."]),
        (["Part", "Bold", "Clause"], ["I.", "II.", "1."]),
        (["Part", "Unnumbered", "Part"], ["I.", "", "II."]),
        (["Part", "Deeper", "Deeper"], ["I.", "1.", "2."]),
        (["Circle", "Nowhere", "Part"], ["", "", "I."]),
    ],
)
def test_numbers_come_from_styles(styles: list[str], printed: list[str]) -> None:
    lines = text(*(make.paragraph("X", style=one) for one in styles), styles=BY_STYLE, numbering=STYLED).split("\n\n")
    assert [line.removesuffix("X").rstrip() for line in lines] == printed


def test_a_paragraph_takes_its_style_s_number_away_or_to_another_level() -> None:
    none = make.paragraph("X", style="Part", number=(0, 0))
    lower = make.paragraph("X", style="Part", number=(1, 1))
    found = text(make.paragraph("X", style="Part"), none, lower, styles=BY_STYLE, numbering=STYLED)
    assert found == "I. X\n\nX\n\n1. X"


def test_a_scheme_that_links_to_a_numbering_style_is_that_style_s() -> None:
    styles = make.style("Plan", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>', kind="numbering")
    numbering = make.lists(
        {0: '<w:numStyleLink w:val="Plan"/>', 1: '<w:styleLink w:val="Plan"/>' + make.level(0, "decimal", "Bước %1:")},
        {1: (0, ""), 2: (1, "")},
    )
    assert text(make.paragraph("X", number=(1, 0)), styles=styles, numbering=numbering) == "Bước 1: X"
    loop = make.lists({0: '<w:numStyleLink w:val="Plan"/>'}, {1: (0, ""), 2: (0, "")})
    assert text(make.paragraph("X", number=(1, 0)), styles=styles, numbering=loop) == "X"


def test_capitals_of_a_style_reach_its_number() -> None:
    styles = make.style("Normal", default=True) + make.style("Art", "<w:rPr><w:caps/></w:rPr>")
    numbering = make.lists({0: make.level(0, "decimal", "Điều %1.")}, {1: (0, "")})
    assert text(make.paragraph("Tên", style="Art", number=(1, 0)), styles=styles, numbering=numbering) == "ĐIỀU 1. TÊN"


def test_an_unknown_format_is_printed_in_figures_and_said() -> None:
    numbering = make.lists({0: make.level(0, "chicago", "%1.")}, {1: (0, "")})
    found = extract(make.paragraph("X", number=(1, 0)), numbering=numbering)
    assert found.text == "1. X"
    assert "chicago" in found.warnings[0]


def test_a_custom_format_keeps_its_width() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
        '</mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1."/></w:lvl>'
    )
    assert text(make.paragraph("X", number=(1, 0)), numbering=make.lists({0: custom}, {1: (0, "")})) == "001. X"


@given(st.integers(1, 3999))
def test_roman_numbers_mean_their_count(count: int) -> None:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    digits = [values[letter] for letter in numeral(count, "upperRoman") or ""]
    assert sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True)) == count


@given(
    st.integers(-5, 10**9), st.sampled_from(["decimal", "lowerLetter", "upperRoman", "ordinal", "vietnameseCounting"])
)
def test_any_count_is_printed(count: int, style: str) -> None:
    assert len(numeral(count, style) or "") < 2000


def test_numbers_of_special_formats() -> None:
    assert [numeral(n, "ordinal") for n in (1, 2, 3, 4, 11, 12, 13, 21)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st",
    ]  # fmt: skip
    assert [numeral(n, "vietnameseCounting") for n in (5, 10, 15, 20, 21, 24, 25)] == [
        "năm", "mười", "mười lăm", "hai mươi", "hai mươi mốt", "hai mươi bốn", "hai mươi lăm",
    ]  # fmt: skip
    assert numeral(3, "none") == ""
    assert padded(7, "01, 02") == "07"


@pytest.mark.parametrize("code", [0xF0B7, 0xF0A7, 0xF0D8, 0xF0FC, 0xF02D, 0xF076, 0xF0A8, 0xF06F])
@pytest.mark.parametrize("font", ["Symbol", "Wingdings", None])
def test_a_bullet_of_a_symbol_font_begins_an_item(code: int, font: str | None) -> None:
    shown = bullet(chr(code), font)
    line = f"{shown} Việc thứ nhất"
    marker = marker_of(Line(0, len(line), line, False))
    assert marker is not None
    assert marker.is_bullet


def test_symbols_of_text() -> None:
    assert symbol(0xF0B3, "Symbol") == "≥"
    assert symbol(0xFC, "Wingdings") == "✓"
    assert symbol(0xF0FF, "Wingdings") == UNKNOWN
    assert symbol(0x41, "Arial") == "A"
