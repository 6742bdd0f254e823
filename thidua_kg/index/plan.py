"""What does a query mean in terms of an index? Records become words in fields, queries trees of look-ups in them.

Both engines index the same words and carry out the same plan, so they find the same documents; only scores differ.
Every area has three fields: `<area>_folded` and `<area>_bare` hold its words in order, `<area>_symbols` its symbols.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

import msgspec

from thidua_kg.analyzer.grammar import choose_areas, parse_query
from thidua_kg.analyzer.tokens import terms
from thidua_kg.analyzer.tree import (
    And,
    Area,
    Everything,
    Not,
    Or,
    Phrase,
    Query,
    Symbol,
    Term,
    areas_of,
    relax,
    strict_forms,
)
from thidua_kg.errors import InvalidQuery
from thidua_kg.index.records import Facet, IndexRecord, Result

AREAS: tuple[Area, ...] = ("title", "task", "body", "symbol", "cited", "issuer", "unit", "type")
WORD_FIELDS = tuple(f"{area}_{form}" for area in AREAS for form in ("folded", "bare"))
SYMBOL_FIELDS = tuple(f"{area}_symbols" for area in AREAS)
KEY_FIELDS = ("type_key", "issuer_key", "unit_key")

_BETWEEN_TEXTS = "|"  # stands between two texts of one area, so that no phrase runs across; it is never a word
_WEIGHTS: dict[Area, float] = {
    "title": 4.0,
    "task": 2.0,
    "body": 1.0,
    "symbol": 3.0,
    "cited": 1.0,
    "issuer": 1.5,
    "unit": 1.0,
    "type": 1.0,
}
_OWN_SYMBOL = 50.0  # the document itself stands above all that cite it
_OTHER_DIACRITICS = 0.02  # a word that has only its bare form in common with the one typed: found, but behind
_APPROXIMATE = 0.5  # word* and word~
_NEIGHBOURS = 2.0  # two words of the query that follow each other in the text as well
_MOST_PAIRS = 8


class _Step(msgspec.Struct, frozen=True):
    """Base of what a plan consists of."""


class Word(_Step, frozen=True):
    """Documents with exactly this word in this field."""

    field: str
    text: str
    boost: float = 1.0


class Begins(_Step, frozen=True):
    """Documents with a word that begins so in this field, all with the same score."""

    field: str
    text: str
    boost: float = 1.0


class Near(_Step, frozen=True):
    """Documents with a word within an edit distance of 1 or 2 in this field, all with the same score."""

    field: str
    text: str
    distance: int
    boost: float = 1.0


class Run(_Step, frozen=True):
    """Documents with at least two words in a row in this field."""

    field: str
    words: tuple[str, ...]
    boost: float = 1.0


class Between(_Step, frozen=True):
    """Documents whose number in this field lies between two, both included."""

    field: str
    low: int
    high: int


class All(_Step, frozen=True):
    """Every document."""


class Every(_Step, frozen=True):
    """Documents of all parts."""

    parts: tuple[Plan, ...]


class Any(_Step, frozen=True):
    """Documents of at least one part."""

    parts: tuple[Plan, ...]


class Except(_Step, frozen=True):
    """Documents that are not of the part."""

    part: Plan


class Prefer(_Step, frozen=True):
    """Documents of `wanted`; those that are of `bonus` too score higher."""

    wanted: Plan
    bonus: Plan


Plan: TypeAlias = Word | Begins | Near | Run | Between | All | Every | Any | Except | Prefer


class Request(msgspec.Struct, frozen=True):
    """A search as every engine gets it: what to find, among which documents, and which part of the answer to give."""

    query: Query
    areas: tuple[Area, ...]
    among: tuple[Plan, ...]
    limit: int
    offset: int
    facets: tuple[Facet, ...]


def request_of(
    query: Query | str,
    *,
    types: Sequence[str] = (),
    issuers: Sequence[str] = (),
    units: Sequence[str] = (),
    date_from: str | None = None,
    date_to: str | None = None,
    fields: Sequence[str] = (),
    limit: int = 20,
    offset: int = 0,
    facets: Sequence[Facet] = (),
) -> Request:
    """The arguments of `SearchEngine.search`, checked and put into one record."""
    among: list[Plan] = [
        Any(tuple(Word(field, _key(value)) for value in values))
        for field, values in zip(KEY_FIELDS, (types, issuers, units), strict=True)
        if values
    ]
    if date_from or date_to:
        among.append(Between("date", _day(date_from, "01") or 1, _day(date_to, "99") or 99_999_999))
    tree = parse_query(query) if isinstance(query, str) else query
    page = max(0, limit), max(0, offset)
    return Request(tree, choose_areas(tuple(fields)), tuple(among), *page, tuple(dict.fromkeys(facets)))


def plan_of(query: Query, areas: tuple[Area, ...]) -> Plan:
    """The look-ups that find a query's documents and give them their scores."""
    if isinstance(query, Everything):
        return All()
    if isinstance(query, Not):
        return Except(plan_of(query.part, areas))
    if isinstance(query, And | Or):
        parts = tuple(plan_of(part, areas) for part in query.parts)
        plan = Every(parts) if isinstance(query, And) else Any(parts)
        bonus = _neighbours(query.parts, areas)
        return Prefer(plan, Any(bonus)) if bonus else plan
    return Any(tuple(step for area in areas_of(query, areas) for step in _look_ups(query, area)))


def answered(request: Request, answer: Callable[[Plan], Result]) -> Result:
    """The answer to a request; where no document has all the words put side by side, to those with any, marked so."""
    result = answer(plan_of(request.query, request.areas))
    looser = None if result.total else relax(request.query)
    if looser is None:
        return result
    found = answer(plan_of(looser, request.areas))
    return msgspec.structs.replace(found, relaxed=True) if found.total else result


def fields_of(record: IndexRecord) -> dict[str, list[str]]:
    """The words of a record by field, in order; fields without any are left out."""
    texts: dict[Area, tuple[str, ...]] = texts_of(record)
    fields: dict[str, list[str]] = {}
    for area, values in texts.items():
        folded: list[str] = []
        bare: list[str] = []
        symbols: list[str] = []
        for found in map(terms, values):
            folded += (_BETWEEN_TEXTS, *found.folded)
            bare += (_BETWEEN_TEXTS, *found.bare)
            symbols += found.symbols
        fields |= {f"{area}_folded": folded[1:], f"{area}_bare": bare[1:], f"{area}_symbols": symbols}
    keys = ((record.type,), (record.issuer,), record.units)
    fields |= {field: sorted({_key(value) for value in values}) for field, values in zip(KEY_FIELDS, keys, strict=True)}
    return {field: words for field, words in fields.items() if words}


def texts_of(record: IndexRecord) -> dict[Area, tuple[str, ...]]:
    """The texts of a record by area."""
    return {
        "title": (record.title,),
        "task": (record.tasks,),
        "body": (record.body,),
        "symbol": (record.symbol,),
        "cited": record.cited,
        "issuer": (record.issuer,),
        "unit": record.units,
        "type": (record.type,),
    }


def facets_of(record: IndexRecord) -> dict[Facet, tuple[str, ...]]:
    """The values that a record counts under, by facet."""
    values: dict[Facet, tuple[str, ...]] = {
        "type": (record.type,),
        "issuer": (record.issuer,),
        "unit": tuple(sorted(set(record.units))),
        "year": (record.year,),
        "system": (record.system,),
    }
    return {facet: tuple(_encodable(value) for value in found if value) for facet, found in values.items()}


def day_number(date: str) -> int:
    """An ISO day as a number that sorts like it, 0 for none: "2022-02-10" → 20220210."""
    return int(date.replace("-", "")) if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else 0


def _look_ups(leaf: Term | Phrase | Symbol, area: Area) -> Iterable[Plan]:
    weight = _WEIGHTS[area]
    if isinstance(leaf, Symbol):
        boost = _OWN_SYMBOL if area == "symbol" else weight
        return [Word(f"{area}_symbols", key, boost) for key in leaf.keys]
    folded, bare = f"{area}_folded", f"{area}_bare"
    if isinstance(leaf, Phrase):
        if strict_forms(leaf):
            return [_run(folded, leaf.folded, weight), _run(folded, leaf.bare, weight * _APPROXIMATE)]
        return [_run(bare, leaf.bare, weight)]
    if leaf.distance:
        near = Near(bare, leaf.bare, leaf.distance, weight * _OTHER_DIACRITICS)
        return [near, Word(folded, leaf.folded, weight)]
    step, weight = (Begins, weight * _APPROXIMATE) if leaf.prefix else (Word, weight)
    if strict_forms(leaf):
        return [step(folded, leaf.folded, weight), step(folded, leaf.bare, weight)]
    if not leaf.accented:
        return [step(bare, leaf.bare, weight)]
    return [step(folded, leaf.folded, weight), step(bare, leaf.bare, weight * _OTHER_DIACRITICS)]


def _run(field: str, words: tuple[str, ...], boost: float) -> Plan:
    return Run(field, words, boost) if len(words) > 1 else Word(field, words[0], boost)


def _neighbours(parts: tuple[Query, ...], areas: tuple[Area, ...]) -> tuple[Plan, ...]:
    """Look-ups for words of the query in a row: Vietnamese writes one word as several syllables ("công an")."""
    runs: list[Plan] = []
    for one, two in pairwise(parts):
        if not (isinstance(one, Term) and isinstance(two, Term)) or one.field != two.field:
            continue
        if one.prefix or one.distance or two.prefix or two.distance:
            continue
        form, words = ("folded", (one.folded, two.folded)) if one.accented else ("bare", (one.bare, two.bare))
        runs += (Run(f"{area}_{form}", words, _WEIGHTS[area] * _NEIGHBOURS) for area in areas_of(one, areas))
    return tuple(runs[: _MOST_PAIRS * len(areas)])


def _key(value: str) -> str:
    return " ".join(terms(value).bare)


def _day(date: str | None, padding: str) -> int:
    """The day number of a day; of a month or year with what is missing padded; 0 for None."""
    if not date:
        return 0
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", date):
        raise InvalidQuery(date, "không phải là ngày, tháng hoặc năm", "viết 2022-02-10, 2022-02 hoặc 2022")
    return int((date.replace("-", "") + padding * 2)[:8])


def _encodable(value: str) -> str:
    """The text without halves of surrogate pairs, which no engine can store."""
    return value.encode("utf-8", "replace").decode("utf-8")
