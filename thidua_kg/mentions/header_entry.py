"""What a text without any header still says of itself.

A portal keeps a catalogue's entry where the document itself is missing, and fragments of a body refer to themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import msgspec

from thidua_kg.mentions.header_date import day_of
from thidua_kg.mentions.header_issuer import body_of
from thidua_kg.model import Evidence
from thidua_kg.text import fold_space
from thidua_kg.vocab import DocumentType, table
from thidua_kg.vocab.patterns import alternation

_SHORT = 3000  # characters of a page that holds an entry only
_SYMBOL = re.compile(r"\d{1,6}(?:\.\d{1,3})?[/-](?:\d{4}/)?[A-ZĐƯ][\w&-]*(?:[/-][A-ZĐƯ][\w&-]*){0,4}")


class Entry(msgspec.Struct, frozen=True):
    """A catalogue's entry: type, symbol, date, title and issuer in one line, with the line."""

    type: str
    symbol: str

    date: str | None
    title: str
    issuer: str
    shown: Evidence


def catalogue_entry(text: str) -> Entry | None:
    """The entry that a short page consists of, where it names no other document.

    "Kế hoạch 12/KH-UBND ngày 05/3/2025 về thi đua năm 2025 do Ủy ban nhân dân tỉnh Lai Châu ban hành"
    """
    if len(text) > _SHORT:
        return None
    match = _entry().match(text.lstrip())
    symbols = [found[0].rstrip("-") for found in _SYMBOL.finditer(text)]
    if not match or len(symbols) < 2 or set(symbols) != {match["symbol"]}:
        return None
    shift = len(text) - len(text.lstrip())
    span = (match.start() + shift, match.end() + shift)
    return Entry(
        type=match["type"],
        symbol=match["symbol"],
        date=day_of(match["date"]),
        title=fold_space(match["title"]),
        issuer=body_of(fold_space(match["issuer"])),
        shown=Evidence(span=span, text=text[span[0] : span[1]]),
    )


def self_named(text: str, end: int) -> tuple[str, Evidence] | None:
    """The type by which a fragment calls itself most often: "Nghị quyết này" in a text that lost its head."""
    found = list(_self().finditer(text, 0, end))
    count = Counter(fold_space(match["type"]) for match in found)
    if not count:
        return None
    name, times = count.most_common(1)[0]
    if times * 2 <= len(found):
        return None
    first = next(match for match in found if fold_space(match["type"]) == name)
    return name, Evidence(span=first.span(), text=first[0])


@cache
def _types() -> str:
    names = {row.name for row in table("doc_types", DocumentType) if "của" not in row.name}
    return alternation(names, blank=r"\s{1,2}")


@cache
def _entry() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<type>{_types()}) (?:số )?(?P<symbol>{_SYMBOL.pattern}) (?P<date>ngày \d{{1,2}}/\d{{1,2}}/\d{{4}}) "
        r"(?P<title>[^\n]{5,600}?) do (?P<issuer>[A-ZĐỦ][^\n]{2,80}?) ban hành"
    )


@cache
def _self() -> re.Pattern[str]:
    return re.compile(rf"(?P<type>{_types()})\s{{1,2}}này(?!\w)")
