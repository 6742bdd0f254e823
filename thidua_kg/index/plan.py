"""What does a query mean in terms of an index? Queries become trees of look-ups in the fields of `index.fields`.

Both engines index the same words and carry out the same plan, so they find the same documents; only scores differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TypeAlias

import msgspec

from thidua_kg.analyzer.grammar import choose_areas, parse_query
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
    is_plain,
    is_spared,
    relax,
    strict_forms,
)
from thidua_kg.errors import InvalidQuery
from thidua_kg.index.fields import KEY_FIELDS, NAME_FIELD, encodable, key_of_value
from thidua_kg.index.records import COLLECTION_FIELD, Facet, Form, Result


class Weights(msgspec.Struct, frozen=True):
    """What a place or form of a word adds to a document's score; tuned on one half of `tests/cases/retrieval.csv`."""

    own_symbol: float = 50.0  # the document itself stands above all that cite it
    title: float = 4.0
    own_type: float = 4.0
    own_issuer: float = 1.0
    own_year: float = 8.0
    own_number: float = 3.0  # "34": the number of the document itself before numbers in the text or title of others
    own_time: float = 12.0  # "tháng 11/2025": when it was issued
    named: float = 50.0  # "Chỉ thị 34": so is the document named
    other_diacritics: float = 0.02  # a word that has only its bare form in common with the one typed
    typed_without: float = 0.5  # a phrase in a text that was typed without diacritics
    neighbours: float = 4.0  # two words of the query that follow each other in the text as well


WEIGHTS = Weights()
_MOST_PAIRS = 8
_LONGEST_TYPE = 4  # syllables: "văn bản hợp nhất"
_BESIDE_A_NUMBER = {"so", "nam"}  # "Kế hoạch số 43 năm 2022"

_YEAR = re.compile(r"(19|20)\d\d")


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


class Pair(_Step, frozen=True):
    """Documents with two words in a row anywhere, both in the folded or both in the bare form."""

    words: tuple[str, str]
    form: Form
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


class AtLeast(_Step, frozen=True):
    """Documents of so many of the parts; each adds to the score."""

    parts: tuple[Plan, ...]
    least: int


class Except(_Step, frozen=True):
    """Documents that are not of the part."""

    part: Plan


class Prefer(_Step, frozen=True):
    """Documents of `wanted`; those that are of some `bonus` too score higher."""

    wanted: Plan
    bonus: tuple[Plan, ...]


Plan: TypeAlias = Word | Begins | Near | Run | Pair | Between | All | Every | Any | AtLeast | Except | Prefer


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
    collections: Sequence[str] = (),
    fields: Sequence[str] = (),
    limit: int = 20,
    offset: int = 0,
    facets: Sequence[Facet] = (),
) -> Request:
    """The arguments of `SearchEngine.search`, checked and put into one record."""
    among: list[Plan] = [
        _any(Word(field, key_of_value(value)) for value in values)
        for field, values in zip(KEY_FIELDS, (types, issuers, units), strict=True)
        if values
    ]
    if collections:
        among.append(_any(Word(COLLECTION_FIELD, encodable(name)) for name in collections))
    if date_from or date_to:
        among.append(Between("date", _day(date_from, "01") or 1, _day(date_to, "99") or 99_999_999))
    tree = parse_query(query) if isinstance(query, str) else query
    page = max(0, limit), max(0, offset)
    return Request(tree, choose_areas(tuple(fields)), tuple(among), *page, tuple(dict.fromkeys(facets)))


def plan_of(query: Query, areas: tuple[Area, ...]) -> Plan:
    """The look-ups that find a query's documents and give them their scores."""
    match query:
        case Everything():
            return All()
        case Not(part):
            return Except(plan_of(part, areas))
        case And(parts) | Or(parts):
            plan = _joined(query, tuple(plan_of(part, areas) for part in parts))
            bonus = (*_pairs(parts), *_named(parts)) if "body" in areas else ()
            return Prefer(plan, bonus) if bonus else plan
        case Symbol(keys):
            own: tuple[Area, ...] = ("symbol", "title") if not query.field and "body" in areas else ()
            places = dict.fromkeys((*areas_of(query, areas), *own))
            return _any(_symbol(area, key) for area in places for key in keys)
        case Phrase():
            return _phrase(query, areas_of(query, areas))
    return _term(query, areas_of(query, areas))


def answered(request: Request, answer: Callable[[Plan], Result]) -> Result:
    """The answer to a request; where no document has all the words put side by side, to those with any, marked so."""
    result = answer(plan_of(request.query, request.areas))
    looser = None if result.total else relax(request.query)
    if looser is None:
        return result
    found = answer(plan_of(looser, request.areas))
    return msgspec.structs.replace(found, relaxed=True) if found.total else result


def _joined(query: And | Or, plans: tuple[Plan, ...]) -> Plan:
    if isinstance(query, Or):
        return Any(plans)
    if not query.spare:
        return Every(plans)
    words = [plan for part, plan in zip(query.parts, plans, strict=True) if is_spared(part)]
    others = (plan for part, plan in zip(query.parts, plans, strict=True) if not is_spared(part))
    wanted = tuple(word.wanted if isinstance(word, Prefer) else word for word in words)
    bonus = tuple(step for word in words if isinstance(word, Prefer) for step in word.bonus)
    most = Every((AtLeast(wanted, len(words) - query.spare), *others))
    return Prefer(most, bonus) if bonus else most  # counting words is cheap where nothing else is scored on the way


def _symbol(area: Area, key: str) -> Plan:
    boost = {"symbol": WEIGHTS.own_symbol, "title": WEIGHTS.title}.get(area, 1.0)
    return Word(f"{area}_symbols", key, boost)


def _phrase(phrase: Phrase, areas: tuple[Area, ...]) -> Plan:
    def runs(area: Area, boost: float) -> list[Plan]:
        if not strict_forms(phrase):
            return [_run(f"{area}_bare", phrase.bare, boost)]
        field = f"{area}_folded"
        return [_run(field, phrase.folded, boost), _run(field, phrase.bare, boost * WEIGHTS.typed_without)]

    wanted = _any(step for area in areas for step in runs(area, 1.0))
    return Prefer(wanted, tuple(runs("title", WEIGHTS.title))) if "body" in areas else wanted


def _run(field: str, words: tuple[str, ...], boost: float) -> Plan:
    return Run(field, words, boost) if len(words) > 1 else Word(field, words[0], boost)


def _term(term: Term, areas: tuple[Area, ...]) -> Plan:
    """A word matches by its bare form; where the query has diacritics, the folded form decides the score."""
    step = Begins if term.prefix else Word
    if strict_forms(term):
        return _any(step(f"{area}_folded", form) for area in areas for form in (term.folded, term.bare))
    boost = WEIGHTS.other_diacritics if term.accented else 1.0
    if term.distance:
        wanted = _any(Near(f"{area}_bare", term.bare, term.distance, WEIGHTS.other_diacritics) for area in areas)
    else:
        wanted = _any(step(f"{area}_bare", term.bare, boost) for area in areas)
    form, text = ("folded", term.folded) if term.accented else ("bare", term.bare)
    bonus = [step(f"{area}_{form}", text) for area in areas] if term.accented or term.distance else []
    if "body" in areas:
        bonus += [step(f"title_{form}", text, WEIGHTS.title), step(f"type_{form}", text, WEIGHTS.own_type)]
        bonus.append(step(f"issuer_{form}", text, WEIGHTS.own_issuer))
        if _YEAR.fullmatch(text):
            bonus.append(Word(NAME_FIELD, text, WEIGHTS.own_year))
        elif text.isdecimal():
            bonus.append(step(f"symbol_{form}", text, WEIGHTS.own_number))
    return Prefer(wanted, tuple(bonus)) if bonus else wanted


def _pairs(parts: tuple[Query, ...]) -> Iterator[Plan]:
    """Look-ups for words of the query in a row: Vietnamese writes one word as several syllables ("công an")."""
    plain = [part if isinstance(part, Term) and is_plain(part) else None for part in parts]
    pairs = ((one, two) for one, two in pairwise(plain) if one and two)
    for one, two in islice(pairs, _MOST_PAIRS):
        if one.accented:
            yield Pair((one.folded, two.folded), "folded", WEIGHTS.neighbours)
        else:
            yield Pair((one.bare, two.bare), "bare", WEIGHTS.neighbours)


def _named(parts: tuple[Query, ...]) -> Iterator[Plan]:
    """Look-ups for documents by type and number: "Chỉ thị 34", "KH số 385", "nghị định 98/2023"."""
    words = [word for part in parts for word in _plain_words(part) if word not in _BESIDE_A_NUMBER]
    for at, number in enumerate(words):
        if number.isdecimal():
            year = [word for word in words[at + 1 : at + 2] if _YEAR.fullmatch(word)]
            for first in range(max(0, at - _LONGEST_TYPE), at):
                weight = WEIGHTS.own_time if words[first] == "thang" or words[first].isdecimal() else WEIGHTS.named
                yield Word(NAME_FIELD, " ".join((*words[first : at + 1], *year)), weight)


def _plain_words(part: Query) -> tuple[str, ...]:
    if isinstance(part, Term) and is_plain(part):
        return (part.bare,)
    return part.bare if isinstance(part, Phrase) and not part.field else ("",)


def _any(steps: Iterable[Plan]) -> Plan:
    parts = tuple(steps)
    return parts[0] if len(parts) == 1 else Any(parts)


def _day(date: str | None, padding: str) -> int:
    """The day number of a day; of a month or year with what is missing padded; 0 for None."""
    if not date:
        return 0
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", date):
        raise InvalidQuery(date, "không phải là ngày, tháng hoặc năm", "viết 2022-02-10, 2022-02 hoặc 2022")
    return int((date.replace("-", "") + padding * 2)[:8])
