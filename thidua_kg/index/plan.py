"""What does a query mean in terms of an index? Records become words in fields, queries trees of look-ups in them.

Both engines index the same words and carry out the same plan, so they find the same documents; only scores differ.
Every area has three fields: `<area>_folded` and `<area>_bare` hold its words in order, `<area>_symbols` its symbols.
Words that are sought anywhere cost one look-up each, for the area "body" holds the others too, the title more than once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Literal, TypeAlias

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
_OWN_SYMBOL = 50.0  # the document itself stands above all that cite it
_IN_TITLE = 4.0
_OWN_TYPE = 1.0
_OWN_NUMBER = 10.0  # "Chỉ thị 34": the number of the document itself before numbers in the text or title of others
_OTHER_DIACRITICS = 0.02  # a word that has only its bare form in common with the one typed: found, but behind
_TYPED_WITHOUT = 0.5  # a phrase in a text that was typed without diacritics
_NEIGHBOURS = 3.0  # two words of the query that follow each other in the text as well
_MOST_PAIRS = 8

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
    form: Literal["folded", "bare"]
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
    """Documents of `wanted`; those that are of some `bonus` too score higher."""

    wanted: Plan
    bonus: tuple[Plan, ...]


Plan: TypeAlias = Word | Begins | Near | Run | Pair | Between | All | Every | Any | Except | Prefer


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
        _any(Word(field, _key(value)) for value in values)
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
    match query:
        case Everything():
            return All()
        case Not(part):
            return Except(plan_of(part, areas))
        case And(parts) | Or(parts):
            plans = tuple(plan_of(part, areas) for part in parts)
            plan = Every(plans) if isinstance(query, And) else Any(plans)
            pairs = tuple(_pairs(parts)) if "body" in areas else ()
            return Prefer(plan, pairs) if pairs else plan
        case Symbol(keys):
            own: tuple[Area, ...] = ("symbol", "title") if not query.field and "body" in areas else ()
            places = dict.fromkeys((*areas_of(query, areas), *own))
            return _any(_symbol(area, key) for area in places for key in keys)
        case Phrase():
            return _phrase(query, areas_of(query, areas))
    return _term(query, areas_of(query, areas))


def has_scores(plan: Plan) -> bool:
    """Whether some documents of a plan can score higher than others; exclusions alone rank nothing."""
    if isinstance(plan, Every):
        return any(has_scores(part) for part in plan.parts)
    return not isinstance(plan, All | Except)


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
    texts = texts_of(record)
    known = {text: terms(text) for text in {text for values in texts.values() for text in values}}
    fields: dict[str, list[str]] = {}
    for area, values in texts.items():
        folded: list[str] = []
        bare: list[str] = []
        symbols: list[str] = []
        for found in (known[text] for text in values):
            folded += (_BETWEEN_TEXTS, *found.folded)
            bare += (_BETWEEN_TEXTS, *found.bare)
            symbols += found.symbols
        fields |= {f"{area}_folded": folded[1:], f"{area}_bare": bare[1:], f"{area}_symbols": symbols}
    keys = ((record.type,), (record.issuer,), record.units)
    fields |= {field: sorted({_key(value) for value in values}) for field, values in zip(KEY_FIELDS, keys, strict=True)}
    return {field: words for field, words in fields.items() if words}


def texts_of(record: IndexRecord) -> dict[Area, tuple[str, ...]]:
    """The texts of a record by area; in "body" what should weigh more stands more than once."""
    own: dict[Area, tuple[str, ...]] = {
        "title": (record.title,),
        "task": (record.tasks,),
        "symbol": (record.symbol,),
        "cited": record.cited,
        "issuer": (record.issuer,),
        "unit": record.units,
        "type": (record.type,),
    }
    everything = record.title, record.title, record.tasks, record.body, record.symbol, record.issuer, record.type
    return {**own, "body": tuple(text for text in everything if text)}


def pairs_of(fields: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What `Pair` looks for, given the fields of a record: the words in a row in both forms, once where these are one."""
    folded, bare = (pairwise(fields.get(field, ())) for field in ("body_folded", "body_bare"))
    for as_typed, without in zip(folded, bare, strict=True):
        if _BETWEEN_TEXTS not in without:
            yield without
            if as_typed != without:
                yield as_typed


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


def _symbol(area: Area, key: str) -> Plan:
    boost = {"symbol": _OWN_SYMBOL, "title": _IN_TITLE}.get(area, 1.0)
    return Word(f"{area}_symbols", key, boost)


def _phrase(phrase: Phrase, areas: tuple[Area, ...]) -> Plan:
    def runs(area: Area, boost: float) -> list[Plan]:
        if not strict_forms(phrase):
            return [_run(f"{area}_bare", phrase.bare, boost)]
        field = f"{area}_folded"
        return [_run(field, phrase.folded, boost), _run(field, phrase.bare, boost * _TYPED_WITHOUT)]

    wanted = _any(step for area in areas for step in runs(area, 1.0))
    return Prefer(wanted, tuple(runs("title", _IN_TITLE))) if "body" in areas else wanted


def _run(field: str, words: tuple[str, ...], boost: float) -> Plan:
    return Run(field, words, boost) if len(words) > 1 else Word(field, words[0], boost)


def _term(term: Term, areas: tuple[Area, ...]) -> Plan:
    """A word matches by its bare form; where the query has diacritics, the folded form decides the score."""
    step = Begins if term.prefix else Word
    if strict_forms(term):
        return _any(step(f"{area}_folded", form) for area in areas for form in (term.folded, term.bare))
    boost = _OTHER_DIACRITICS if term.accented else 1.0
    if term.distance:
        wanted = _any(Near(f"{area}_bare", term.bare, term.distance, _OTHER_DIACRITICS) for area in areas)
    else:
        wanted = _any(step(f"{area}_bare", term.bare, boost) for area in areas)
    form, text = ("folded", term.folded) if term.accented else ("bare", term.bare)
    bonus = [step(f"{area}_{form}", text) for area in areas] if term.accented or term.distance else []
    if "body" in areas:
        bonus += [step(f"title_{form}", text, _IN_TITLE), step(f"type_{form}", text, _OWN_TYPE)]
        if text.isdecimal() and not _YEAR.fullmatch(text):
            bonus.append(step(f"symbol_{form}", text, _OWN_NUMBER))
    return Prefer(wanted, tuple(bonus)) if bonus else wanted


def _pairs(parts: tuple[Query, ...]) -> Iterator[Plan]:
    """Look-ups for words of the query in a row: Vietnamese writes one word as several syllables ("công an")."""
    plain = [
        part if isinstance(part, Term) and not (part.field or part.prefix or part.distance) else None for part in parts
    ]
    pairs = ((one, two) for one, two in pairwise(plain) if one and two)
    for one, two in islice(pairs, _MOST_PAIRS):
        if one.accented:
            yield Pair((one.folded, two.folded), "folded", _NEIGHBOURS)
        else:
            yield Pair((one.bare, two.bare), "bare", _NEIGHBOURS)


def _any(steps: Iterable[Plan]) -> Plan:
    parts = tuple(steps)
    return parts[0] if len(parts) == 1 else Any(parts)


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
