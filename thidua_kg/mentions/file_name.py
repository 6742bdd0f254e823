"""What a file's name says of the document in it: "KH 43 ngay 27.01.2022.doc". A suggestion, never a fact.

Names are typed in a hurry, copied from the year before, and outlive what they name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from thidua_kg.identity import read_symbol
from thidua_kg.model import Suggestion
from thidua_kg.text import slug
from thidua_kg.vocab import DocumentType, table

_ENDING = re.compile(r"(?:\.signed)?\.[A-Za-z0-9]{1,8}$")
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})[._/-](\d{1,2})[._/-]((?:19|20)\d\d)(?!\d)"
    r"|(?<!\d)((?:19|20)\d\d)[._-](\d{1,2})[._-](\d{1,2})(?!\d)"
)
_SYMBOL = re.compile(r"(?<!\w)(\d{1,6})[-_](\d{4}[-_])?([A-ZĐ]{1,6}(?:[-_][A-ZĐ&]{2,12}(?![a-z])){1,3})(?!\w)")
_NUMBER = re.compile(r"[\s._-]{0,3}(?:số|so)?[\s._-]{0,3}(\d{1,6}[a-zđ]?)(?=$|[\s._,;)-])", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_TYPE = 4  # words of a type's name


def suggestions(path: str) -> tuple[Suggestion, ...]:
    """What the last part of a path suggests of type, number, symbol and date, in that order of the name."""
    name = _ENDING.sub("", re.split(r"[/\\\\!]", path)[-1])[:300]
    return tuple(sorted({s.field: s for s in reversed(list(_read(name)))}.values(), key=lambda s: name.find(s.text)))


def _read(name: str) -> Iterator[Suggestion]:
    day = _DAY.search(name)
    if day and (iso := _iso(day)):
        yield Suggestion(field="date", value=iso, text=day[0])
    rest = name if day is None else name[: day.start()] + "\0" * len(day[0]) + name[day.end() :]
    if (printed := _SYMBOL.search(rest)) and (symbol := read_symbol(_as_symbol(printed))) and symbol.type:
        yield Suggestion(field="symbol", value=symbol.canonical, text=printed[0])
        return
    found = next(_types_in(rest), None)
    if found:
        kind, text, end = found
        yield Suggestion(field="type", value=kind, text=text)
        if number := _NUMBER.match(rest, end):
            yield Suggestion(field="number", value=number[1], text=number[1])


def _as_symbol(match: re.Match[str]) -> str:
    """A symbol whose strokes a file's name cannot have: "12-KH-UBND" is 12/KH-UBND."""
    year = f"{match[2][:4]}/" if match[2] else ""
    return f"{match[1]}/{year}{match[3].replace('_', '-')}"


def _types_in(name: str) -> Iterator[tuple[str, str, int]]:
    """The names and codes of types in a file's name, with the words and where they end; a code counts in capitals."""
    words = list(_WORD.finditer(name))
    for at in range(len(words)):
        for size in range(min(_LONGEST_TYPE, len(words) - at), 0, -1):
            text = name[words[at].start() : words[at + size - 1].end()]
            kind = _names().get(slug(text)) if size > 1 else _codes().get(text)
            if kind and len(re.findall(r"[^\W\d_]+", text)) == size:
                yield kind, text, words[at + size - 1].end()


@cache
def _names() -> dict[str, str]:
    return {slug(row.name): row.name for row in table("doc_types", DocumentType)}


@cache
def _codes() -> dict[str, str]:
    """Codes, with and without the stroke of Đ: "QĐ" and "QD"."""
    rows = [row for row in table("doc_types", DocumentType) if row.code]
    return {form: row.name for row in reversed(rows) for form in (row.code, row.code.replace("Đ", "D"))}


def _iso(match: re.Match[str]) -> str | None:
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
