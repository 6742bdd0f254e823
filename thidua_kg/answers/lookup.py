"""Which documents a person's words can mean, ranked: in the knowledge base, then cited there, then in the registry."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache

import msgspec

from thidua_kg.answers.facts import Facts, joined
from thidua_kg.answers.naming import all_held, citations_of, from_citations, reference, registered
from thidua_kg.answers.records import Answer, Answers, DocumentReference, day
from thidua_kg.errors import AmbiguousName, InvalidQuery, UnknownName
from thidua_kg.identity import is_draft, is_type, issuer_name, read_symbol, unpadded
from thidua_kg.resolver import Entity
from thidua_kg.store import Store, catalog_entity
from thidua_kg.text import slug
from thidua_kg.vocab import DocumentType, table

__all__ = ["Match", "find", "matches", "reference", "the_document", "the_held"]

_ORDER = {"document": 0, "cited": 1, "registry": 2}
_SYMBOL = re.compile(r"\d{1,6}(?:\.\d{1,3})?[a-zđ]?\s?[-/–]\s?[\w./&–\s-]*\w")
_NUMBERED = re.compile(r"-(?:so-)?(\d{1,6}[a-z]?)(?:-|$)(.*)")
_EMPTY_WORDS = frozenset(["cua", "ve", "viec", "nam", "ngay", "so", "va", "tai", "cac", "thang"])


BY_NAME = "đúng mã hoặc đường dẫn"
BY_WORDS = "tên gọi"  # the reason of a match that rests on words of a title only
MOST_TITLES = 500  # documents that are looked at where words fit thousands of titles


class Match(msgspec.Struct, frozen=True):
    """A document that a name can mean, and by what; `cited` counts the citations of it in the knowledge base."""

    entity: Entity
    cited: int
    score: float
    by: str

    def why(self) -> str:
        """The reason in words: "ký hiệu 34-CT/TW; có trong kho, được viện dẫn 3 lần; Bộ Chính trị, 07/4/2014"."""
        if self.by == BY_NAME:
            return self.by
        entity = self.entity
        where = {
            "document": "dự thảo có trong kho" if is_draft(entity.id) else "có trong kho",
            "cited": f"được viện dẫn {self.cited} lần trong kho",
            "registry": "trong danh mục",
        }[entity.origin]
        if entity.origin == "document" and self.cited:
            where += f", được viện dẫn {self.cited} lần"
        detail = ", ".join(filter(None, (entity.issuer, day(entity.date))))
        return f"{self.by}; {where}" + (f"; {detail}" if detail else "")


def find(store: Store, name: str, limit: int = 20) -> Answers:
    """The documents that a human reference can mean, ranked, each with the reason.

    "Chỉ thị 34", "34/CT-TW", "KH 43 của Ban Dân vận", "luật thi đua khen thưởng"; diacritics may be missing.
    """
    found = matches(store, name)
    facts = Facts(store, (m.entity.id for m in found[:limit]))
    rows = [
        Answer(
            document=reference(store, m.entity.id, m.entity),
            score=m.score,
            why=joined(m.why(), facts.header_said_by(m.entity.id)),
            path=facts.path(m.entity.id),
        )
        for m in found[:limit]
    ]
    notes = [] if rows else [f"chưa thấy trong kho văn bản nào ứng với “{name}”"]
    return Answers(rows, notes, total=len(found))


def matches(store: Store, name: str) -> list[Match]:
    """All that `name` can mean, best first; of those that only words of their titles fit, the nearest."""
    text = " ".join(name.split())
    exact = store.rows("select id from documents where id=?", text) or store.rows(
        "select distinct document from sources where path=? or (name=? and path like ? escape '\\')",
        _absolute(text), text.rpartition("/")[2], f"%/{_escaped(text)}",
    )  # fmt: skip
    if exact:
        found = all_held(store, (row[0] for row in exact))
        cited = citations_of(store, found)
        return [Match(found[row[0]], cited.get(row[0], 0), 1.0, BY_NAME) for row in exact if row[0] in found]
    blank = read_symbol(text)
    if blank is not None and blank.number is None:  # a draft: its codes are no words of anyone's title
        return []
    pool, hints, why = _by_symbol(store, text)
    if not pool:
        pool, hints, why = _by_type_and_number(store, text)
    if not pool:
        near = _by_words(store, text)
        named = _as_held(store, [entity for entity, _ in near.values()])
        return _ranked(store, [(e, round(near[e.id][1], 3)) for e in named], BY_WORDS)
    years = {hint for hint in hints if re.fullmatch(r"(?:19|20)\d\d", hint)}
    pool = _as_held(store, [e for e in pool if not (years and e.date and e.date[:4] not in years)])
    shares = list(_shares(hints, pool))
    if 1 not in shares:
        shares = [_share(hints, _words(e)) for e in pool]
    best = 1 if hints and 1 in shares else 0
    return _ranked(store, [(e, round(share, 3)) for e, share in zip(pool, shares, strict=True) if share >= best], why)


def _as_held(store: Store, pool: list[Entity]) -> list[Entity]:
    """Each entity as the store holds it, where it does."""
    held = all_held(store, (e.id for e in pool if e.origin != "document"))
    return [held.get(e.id, e) for e in pool]


def _ranked(store: Store, scored: list[tuple[Entity, float]], by: str) -> list[Match]:
    """Entities with their scores, best first; what only lists know is marked as cited where it is cited."""
    cited = citations_of(store, (e.id for e, _ in scored))
    found = []
    for entity, score in scored:
        listed = entity.origin == "registry" and entity.id in cited
        one = msgspec.structs.replace(entity, origin="cited") if listed else entity
        found.append(Match(one, cited.get(one.id, 0), score, by))
    return sorted(found, key=_rank)


def _shares(hints: list[str], pool: list[Entity]) -> Iterator[float]:
    """The `_share` of each document by its header alone: a number has thousands of documents, of few issuers."""
    dated = any(hint.isdigit() for hint in hints)
    known: dict[tuple[str | None, ...], float] = {}
    for e in pool:
        told = (e.issuer, e.place, e.canonical, e.date if dated else None)
        share = known.get(told)
        if share is None:
            share = known[told] = _share(hints, _header_words(*told))
        yield share


def _share(hints: list[str], words: Set[str]) -> float:
    """Which part of the words beside a number are told of a document; all where there are none."""
    return sum(h in words for h in hints) / len(hints) if hints else 1.0


def _rank(match: Match) -> tuple[bool, float, int, int, tuple[bool, int], str]:
    """Best first: what was issued before drafts, how well it fits, held before cited before registered, most cited, newest."""
    entity = match.entity
    return is_draft(entity.id), -match.score, _ORDER[entity.origin], -match.cited, _newest_first(entity.date), entity.id


def the_document(store: Store, name: str, *, strict: bool = False) -> tuple[DocumentReference, list[str]]:
    """The document that `name` means and what to say of its rivals.

    Raises UnknownName with the nearest names where there is none, AmbiguousName where `strict` and there are several.
    """
    if not name.strip():
        raise InvalidQuery("tên văn bản", "để trống", "viết số, ký hiệu, đường dẫn hoặc tên văn bản")
    found = matches(store, name)
    if not found:
        near = [f"“{label}”" for label in _nearest(store, name)]
        raise UnknownName(
            name, "chưa thấy văn bản này trong kho", f"gần nhất: {', '.join(near)}" if near else "xem `thidua ls`"
        )
    taken = reference(store, found[0].entity.id, found[0].entity)
    rivals = [reference(store, m.entity.id, m.entity) for m in found[1:6]]
    if rivals and strict:
        raise AmbiguousName(name, "có thể chỉ nhiều văn bản", "; ".join(r.label() for r in (taken, *rivals)))
    if not rivals:
        return taken, []
    others = "; ".join(
        f"{r.label()}{f', {r.issuer}' if r.issuer else ''}{f' [{r.id}]' if r.id else ''}" for r in rivals
    )
    return taken, [f"“{name}” được hiểu là {taken.label()}: {found[0].why()}; còn có: {others}"]


def the_held(store: Store, name: str) -> DocumentReference:
    """The one held document that `name` means exactly: by id, path, symbol, or type and number; for what cannot be undone.

    Raises UnknownName where nothing held bears the name, or only words of a title fit; AmbiguousName where several do.
    """
    named = [m for m in matches(store, name) if "#" not in name and m.by != BY_WORDS]
    found = [reference(store, m.entity.id, m.entity) for m in named if store.holds(m.entity.id)]
    if not found:
        why = "chưa thấy trong kho văn bản nào mang đúng mã, đường dẫn hoặc số, ký hiệu này"
        only_cited = "văn bản này chỉ được viện dẫn, không có trong kho"
        raise UnknownName(name, only_cited if named else why, "xem `thidua ls`")
    if len(found) > 1:
        raise AmbiguousName(name, "có thể chỉ nhiều văn bản", "; ".join(f"{r.label()} [{r.id}]" for r in found[:6]))
    return found[0]


def _header_words(issuer: str | None, place: str | None, canonical: str | None, date: str | None) -> Set[str]:
    """The words of who issued a document, where and when."""
    words = _tokens(issuer or "") | _tokens(place or "") | _tokens(_code_name(canonical or ""))
    return words | {date[:4], str(int(date[5:7])) if len(date) > 5 else ""} if date else words


def _words(entity: Entity) -> Set[str]:
    """The same, and the words of its title."""
    known = registered().get(entity.id)
    header = _header_words(entity.issuer, entity.place, entity.canonical, entity.date)
    return header | _tokens(entity.title or "") | _tokens((known.title if known else None) or "")


@lru_cache(maxsize=10_000)
def _tokens(text: str) -> Set[str]:
    return frozenset(slug(text).split("-")) - {""}


@lru_cache(maxsize=10_000)
def _code_name(canonical: str) -> str:
    symbol = read_symbol(canonical) if canonical else None
    return (issuer_name(symbol.issuers[0]) or "") if symbol and symbol.issuers else ""


# --- the ways a name can be read


def _by_symbol(store: Store, text: str) -> tuple[list[Entity], list[str], str]:
    found = _SYMBOL.search(text)
    symbol = None
    raw = ""
    if found:
        words = found[0].split(" ")
        for size in range(1, len(words) + 1):  # words may follow the symbol: "34/CT-TW năm 2014"
            raw = " ".join(words[:size])
            symbol = read_symbol(raw) or read_symbol(raw.upper())
            if symbol is not None and symbol.issuers and (symbol.type_code or symbol.suffix or symbol.year):
                break
            symbol = None
    if symbol is None or found is None:
        return [], [], ""
    rest = text[: found.start()] + " " + text[found.start() + len(raw) :]
    hints = [w for w in slug(rest).split("-") if w and w not in _EMPTY_WORDS and w not in _type_tokens()]
    return _with_symbol(store, unpadded(symbol.canonical)), hints, f"ký hiệu {symbol.canonical}"


def _by_type_and_number(store: Store, text: str) -> tuple[list[Entity], list[str], str]:
    """ "Chỉ thị 34", "CT34", "chi thi 34", "KH 43 của Ban Dân vận": a type by name or code, a number, and hints."""
    plain = re.sub(r"(?<=[a-z])(?=\d)", "-", slug(text))
    for name in sorted(filter(plain.startswith, _types()), key=len, reverse=True):
        read = _NUMBERED.fullmatch(plain, len(name))
        if not read:
            continue
        types = _types()[name]
        hints = [w for w in read[2].split("-") if w and w not in _EMPTY_WORDS]
        found = _with_number(store, read[1].lstrip("0"), types)
        pool = [e for e in found if e.type in types or _type_told(e.canonical) in types]
        if pool:
            return pool, hints, f"{types[0]} số {read[1]}"
    return [], [], ""


def _by_words(store: Store, text: str) -> dict[str, tuple[Entity, float]]:
    """Documents whose name or an alias holds all the words, and how nearly it is these words alone."""
    words = _spelled_out(text)
    if not words:
        return {}
    pool: dict[str, tuple[Entity, float]] = {}

    def consider(entity: Entity, *names: Set[str]) -> None:
        nearness = max((len(words) / len(have) for have in names if words <= have), default=0.0)
        if nearness > pool.get(entity.id, (entity, 0.0))[1]:
            pool[entity.id] = (entity, nearness)

    for entity, names in _registered_names():
        consider(entity, *names)
    for held in all_held(store, _titled(store, sorted(words))).values():
        consider(held, *_names(held))
    for row in store.rows("select * from catalog where title is not null or aliases is not null"):
        listed = catalog_entity(row)
        consider(listed, *_names(listed))
    return pool


def _names(entity: Entity) -> list[Set[str]]:
    """The words of each name of a document: its title, with its type too, and its aliases."""
    titles = (entity.title, f"{entity.type} {entity.title}") if entity.title else ()
    return [_tokens(name) for name in (*titles, *entity.aliases) if name]


@cache
def _registered_names() -> list[tuple[Entity, list[Set[str]]]]:
    return [(entity, _names(entity)) for entity in registered().values()]


def _titled(store: Store, words: list[str]) -> list[str]:
    """The documents with all these words in type and title, those with the shortest titles (of equals the first that came).

    They are sought by the rarest word.
    """
    count = "select count(*) from (select 1 from title_words where word=? limit 10000)"
    rarest, *others = sorted(words, key=lambda word: int(store.rows(count, word)[0][0]))
    each = " and exists (select 1 from title_words b where b.word=? and b.length=a.length and b.doc=a.doc)"
    found = f"select length, doc from title_words a where word=?{each * len(others)} order by length, doc limit ?"
    query = f"select document from ({found}) join docs using (doc) order by length, document"
    return [row[0] for row in store.rows(query, rarest, *others, MOST_TITLES)]


def _spelled_out(text: str) -> set[str]:
    """The words of a name without diacritics, type codes and "TW" written out: "NQ TW4" is "nghi quyet trung uong 4"."""
    plain = re.sub(r"(?<=[a-z])(?=\d)", "-", slug(text)).split("-")
    codes = {"tw": "trung-uong"} | {
        slug(row.code): slug(row.name) for row in table("doc_types", DocumentType) if row.code
    }
    return {part for word in plain for part in codes.get(word, word).split("-")} - _EMPTY_WORDS - {""}


def _with_symbol(store: Store, key: str) -> list[Entity]:
    found: dict[str, Entity] = {e.id: e for e in store.by_symbol(key)}
    for row in store.rows("select distinct entity from citations where symbol=? and entity is not null", key):
        if row["entity"] not in found:
            cited = from_citations(store, row["entity"])
            found[row["entity"]] = cited or Entity(id=row["entity"], canonical=None, type=None)
    return list(found.values())


def _with_number(store: Store, number: str, types: Sequence[str]) -> list[Entity]:
    """Every entity whose unpadded symbol begins with the number: held, cited or in the registry.

    Of what is held and cited only symbols count that tell one of these types, or of which something is known to be of one:
    "5435/CT-NVT" is a letter of Cục Thuế, no directive. Every number has dozens of others.
    """
    keys = {
        row["symbol"]
        for name in ("documents", "citations", "catalog")
        for separator in "-/"
        for row in store.rows(
            f"select distinct symbol, type from {name} where symbol >= ? and symbol < ?",
            number + separator,
            number + chr(ord(separator) + 1),
        )
        if row["type"] in types or _type_told(row["symbol"]) in types
    }
    keys |= _registered_symbols().get(number, set())
    return list({e.id: e for key in sorted(keys) for e in _with_symbol(store, key)}.values())


@cache
def _registered_symbols() -> dict[str, set[str]]:
    """The unpadded symbols of the registry by the number that they begin with."""
    found: dict[str, set[str]] = {}
    for entity in registered().values():
        if entity.canonical and (read := re.match(r"(\w+)[-/]", key := unpadded(entity.canonical))):
            found.setdefault(read[1], set()).add(key)
    return found


def _nearest(store: Store, name: str) -> list[str]:
    """Up to three documents whose titles share most words with a name that found nothing."""
    shared: Counter[str] = Counter()
    for word in sorted(set(slug(name).split("-")) - _EMPTY_WORDS):
        query = "select document from title_words join docs using (doc) where word=? order by length, doc limit ?"
        shared.update(row[0] for row in store.rows(query, word, MOST_TITLES))
    best = sorted(shared, key=lambda i: (-shared[i], i))[:3]
    found = all_held(store, best)
    return [f"{found[i].type or ''} {found[i].canonical or found[i].title or i}".strip() for i in best]


@cache
def _types() -> dict[str, list[str]]:
    """Type names and codes as people type them, without diacritics, to the types they may mean."""
    found: dict[str, list[str]] = {}
    for row in table("doc_types", DocumentType):
        for form in {slug(row.name), slug(row.code), *map(slug, row.forms)} - {""}:
            names = found.setdefault(form, [])
            if row.name not in names:
                names.append(row.name)
    return found


@cache
def _type_tokens() -> frozenset[str]:
    return frozenset(token for name in _types() for token in name.split("-"))


@lru_cache(maxsize=10_000)
def _type_told(symbol: str | None) -> str | None:
    """The type that a symbol's own code tells."""
    read = read_symbol(symbol) if symbol else None
    return read.type if read and read.type_code and is_type(read.type_code) else None


def _newest_first(date: str | None) -> tuple[bool, int]:
    digits = re.sub(r"\D", "", date or "")[:8]
    return (not digits, -int(digits.ljust(8, "0")) if digits else 0)


def _absolute(text: str) -> str:
    """A path as the store keeps it, where the text is one of a file here: without links, dots and what else can differ."""
    try:
        return os.path.realpath(text).replace(os.sep, "/") if os.path.exists(text) else text
    except (OSError, ValueError):
        return text


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
