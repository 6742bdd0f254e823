"""NFC text and the exact way home."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_kg.pipeline import parse
from thidua_kg.readers import read_bytes
from thidua_kg.text import line_and_column, normalize, slug

LETTERS = st.text(alphabet="aeợưđ\u0300\u0301\u0323\u0302\u031b\u1100\u1161\u11a8\r\n \u212b\u0344x", max_size=40)


def plain(raw: str) -> str:
    return unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))


@settings(deadline=None)
@given(LETTERS | st.text(max_size=60))
def test_the_text_is_nfc_and_the_map_is_monotone(raw: str) -> None:
    text = normalize(raw)
    assert text.value == plain(raw.removeprefix("\ufeff"))
    homes = [text.home(i) for i in range(len(text.value) + 1)]
    assert homes == sorted(homes)
    assert homes[-1] == len(raw)


@settings(deadline=None)
@given(LETTERS)
def test_a_span_comes_home_to_the_characters_it_was_made_from(raw: str) -> None:
    text = normalize(raw)
    for start in range(len(text.value)):
        low, high = text.home_span((start, start + 1))
        if high > low:
            assert text.value[start] in plain(raw[low:high]) or unicodedata.combining(text.value[start])


@settings(deadline=None)
@given(LETTERS)
def test_the_way_back_from_home(raw: str) -> None:
    text = normalize(raw)
    places = [text.at(home) for home in range(len(raw) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text.value)
    for position in range(len(text.value)):
        assert text.at(text.home(position)) >= position


@settings(deadline=None)
@given(LETTERS.filter(str.strip))
def test_a_document_of_text_finds_its_characters(raw: str) -> None:
    source = read_bytes("x.txt", raw.encode())
    document = parse(source)
    for start in range(len(document.text)):
        (place,) = document.to_source((start, start + 1))[:1]
        assert place.chars is not None
        assert place.chars == source.text.home_span((start, start + 1))
    (whole,) = document.to_source((0, len(document.text)))
    assert whole.chars == (source.text.home(0), len(raw))


def test_places_and_slugs() -> None:
    assert line_and_column("a\nbc", 3) == (2, 2)
    assert slug("Ủy ban nhân dân tỉnh Đắk Lắk") == "uy-ban-nhan-dan-tinh-dak-lak"
