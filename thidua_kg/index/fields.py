"""Which words of a document stand in which field? What both engines index of a record.

Every area has three fields: `<area>_folded` and `<area>_bare` hold its words in order, `<area>_symbols` its symbols.
Words that are sought anywhere cost one look-up each, for the area "body" holds the others too, the title more than once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from thidua_kg.analyzer.tokens import terms
from thidua_kg.analyzer.tree import Area
from thidua_kg.index.records import COLLECTION_FIELD, Facet, Form, IndexRecord

AREAS: tuple[Area, ...] = ("title", "task", "body", "symbol", "cited", "issuer", "unit", "type")
WORD_FIELDS = tuple(f"{area}_{form}" for area in AREAS for form in ("folded", "bare"))
SYMBOL_FIELDS = tuple(f"{area}_symbols" for area in AREAS)
IN_BODY = {
    f"{area}_{form}" for area in ("title", "task", "body", "symbol", "issuer", "type") for form in ("folded", "bare")
}
KEY_FIELDS = ("type_key", "issuer_key", "unit_key")
NAME_FIELD = "names"
VALUE_FIELDS = (*SYMBOL_FIELDS, *KEY_FIELDS, NAME_FIELD, COLLECTION_FIELD)  # each value is one term
PAIR_MARKS: dict[Form, str] = {"folded": "_", "bare": "-"}
TITLE_TIMES = 2  # how often the title stands in "body"

_BETWEEN_TEXTS = " | "  # between two texts of one area, so that no phrase runs across; it is never a word
_DATED = re.compile(r"(\d[^-]*)-((?:19|20)\d\d)-")  # in the key of a symbol
_YEAR_INSIDE = re.compile(r"(?<=\d)/(?:19|20)\d\d(?=/)")  # in a symbol


def fields_of(record: IndexRecord) -> dict[str, str | list[str]]:
    """What an engine indexes of a record by field: words in order with one space between two, else a list of values.

    Fields without any are left out.
    """
    texts = texts_of(record)
    known = {text: terms(text) for text in {text for values in texts.values() for text in values}}
    fields: dict[str, str | list[str]] = {}
    for area, values in texts.items():
        found = [known[text] for text in values]
        fields[f"{area}_folded"] = _BETWEEN_TEXTS.join(one.folded for one in found)
        fields[f"{area}_bare"] = _BETWEEN_TEXTS.join(one.bare for one in found)
        fields[f"{area}_symbols"] = [key for one in found for key in one.symbols]
    keys = ((record.type,), (record.issuer,), record.units)
    for field, values in zip(KEY_FIELDS, keys, strict=True):
        fields[field] = sorted({key_of_value(value) for value in values})
    fields[NAME_FIELD] = names_of(record)
    fields[COLLECTION_FIELD] = list(map(encodable, record.collections))
    return {field: found for field, found in fields.items() if found}


def names_of(record: IndexRecord) -> list[str]:
    """How people name a document by type, number and time: "ke hoach 385", "kh 385 2022", "thang 2 2022", "2022"."""
    times: set[str] = {record.year} - {""}
    if day_number(record.date):
        year, month, day = (str(int(part)) for part in record.date.split("-"))
        times |= {f"thang {month} {year}", f"{day} {month} {year}"}
    symbol = terms(record.symbol).symbols[:1]
    if not symbol:
        return sorted(times)
    dated = _DATED.match(symbol[0])
    number, year = (dated[1], dated[2]) if dated else (symbol[0].split("-")[0], record.year)
    code = symbol[0].removeprefix(dated[0] if dated else f"{number}-").split("-")[0]
    names = {f"{name} {number}" for name in (key_of_value(record.type), code) if name}
    return sorted(names | {f"{name} {year}" for name in names if year} | times)


def date_words(date: str) -> str:
    """A day as it is written and as it is asked for: "2025-11-18" → "ngày 18 tháng 11 năm 2025, 18/11/2025"."""
    if not day_number(date):
        return ""
    year, month, day = (int(part) for part in date.split("-"))
    return f"ngày {day} tháng {month} năm {year}, {day}/{month}/{year}"


def texts_of(record: IndexRecord) -> dict[Area, tuple[str, ...]]:
    """The texts of a record by area; in "body" what should weigh more stands more than once."""
    symbols = record.symbol, _undated(record.symbol)
    own: dict[Area, tuple[str, ...]] = {
        "title": (record.title,),
        "task": (record.tasks,),
        "symbol": symbols,
        "cited": record.cited,
        "issuer": (record.issuer,),
        "unit": record.units,
        "type": (record.type,),
    }
    titles = (record.title,) * TITLE_TIMES
    others = record.tasks, record.body, *symbols, record.issuer, record.type, date_words(record.date)
    return {**own, "body": tuple(text for text in (*titles, *others) if text)}


def pairs_of(words: str, form: Form) -> str:
    """What `Pair` looks for among words in this form, with one space between two: "a b c" → "a_b b_c".

    The ends of texts make some that nothing looks for.
    """
    row = words.split(" ")
    number = len(row) - 1
    pieces = [PAIR_MARKS[form]] * 4 * number  # one, mark, other, space: a third faster than joining pair by pair
    pieces[0::4], pieces[2::4], pieces[3::4] = row[:-1], row[1:], [" "] * number
    return "".join(pieces)


def pair_key(words: Sequence[str], form: Form) -> str:
    """Two words in a row as one: their mark tells the form, for "kinh doanh" is both."""
    return PAIR_MARKS[form].join(words)


def facets_of(record: IndexRecord) -> dict[Facet, tuple[str, ...]]:
    """The values that a record counts under, by facet."""
    values: dict[Facet, tuple[str, ...]] = {
        "type": (record.type,),
        "issuer": (record.issuer,),
        "unit": tuple(sorted(set(record.units))),
        "year": (record.year,),
        "system": (record.system,),
    }
    return {facet: tuple(encodable(value) for value in found if value) for facet, found in values.items()}


def day_number(date: str) -> int:
    """An ISO day as a number that sorts like it, 0 for none: "2022-02-10" → 20220210."""
    return int(date.replace("-", "")) if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else 0


def _undated(symbol: str) -> str:
    """The symbol as those write it who leave out its year: "152/2025/NĐ-CP" → "152/NĐ-CP"; "" where it has none."""
    undated = _YEAR_INSIDE.sub("", symbol, count=1)
    return undated if undated != symbol else ""


def key_of_value(value: str) -> str:
    """What a filter compares: the value's words without case, diacritics and punctuation."""
    return terms(value).bare


def encodable(value: str) -> str:
    """The text without halves of surrogate pairs, which no engine can store."""
    return value.encode("utf-8", "replace").decode("utf-8")
