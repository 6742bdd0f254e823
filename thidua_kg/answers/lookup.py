"""Which documents a person's words can mean, ranked: in the knowledge base, then cited there, then in the registry."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any

import msgspec

from thidua_kg.answers.judged import header_said_by, joined
from thidua_kg.answers.records import Answer, Answers, DocumentReference, day
from thidua_kg.errors import AmbiguousName, InvalidQuery, UnknownName
from thidua_kg.identity import is_draft, is_type, issuer_name, read_symbol, unpadded
from thidua_kg.resolver import Entity, Registry
from thidua_kg.store import Store, catalog_entity
from thidua_kg.text import slug
from thidua_kg.vocab import DocumentType, table

_ORDER = {"document": 0, "cited": 1, "registry": 2}
_SYMBOL = re.compile(r"\d{1,6}(?:\.\d{1,3})?[a-zđ]?\s?[-/–]\s?[\w./&–\s-]*\w")
_EMPTY_WORDS = frozenset(["cua", "ve", "viec", "nam", "ngay", "so", "va", "tai", "cac", "thang"])


ENOUGH = 32  # citations of a document, those in full first, that say what is known of it: thousands would say the same
BY_WORDS = "tên gọi"  # the reason of a match that rests on words of a title only


class Match(msgspec.Struct, frozen=True):
    """A document that a name can mean; `cited` counts the citations of it in the knowledge base."""

    entity: Entity
    cited: int
    score: float
    why: str


def find(store: Store, name: str, limit: int = 20) -> Answers:
    """The documents that a human reference can mean, ranked, each with the reason.

    "Chỉ thị 34", "34/CT-TW", "KH 43 của Ban Dân vận", "luật thi đua khen thưởng"; diacritics may be missing.
    """
    found = matches(store, name)
    rows = [
        Answer(
            document=reference(store, m.entity.id, m.entity),
            score=m.score,
            why=joined(m.why, header_said_by(store, m.entity.id)),
            path=next(iter(store.paths(m.entity.id)), None),
        )
        for m in found[:limit]
    ]
    notes = [] if rows else [f"chưa thấy trong kho văn bản nào ứng với “{name}”"]
    return Answers(rows, notes, total=len(found))


def matches(store: Store, name: str) -> list[Match]:
    """All that `name` can mean, best first."""
    text = " ".join(name.split())
    exact = store.rows("select id from documents where id=?", text) or store.rows(
        "select distinct document from sources where path=? or (name=? and path like ? escape '\\')",
        _absolute(text), text.rpartition("/")[2], f"%/{_escaped(text)}",
    )  # fmt: skip
    if exact:
        return [
            Match(e, _cited(store, e.id), 1.0, "đúng mã hoặc đường dẫn") for row in exact if (e := _held(store, row[0]))
        ]
    blank = read_symbol(text)
    if blank is not None and blank.number is None:  # a draft: its codes are no words of anyone's title
        return []
    pool, hints, why = _by_symbol(store, text)
    if not pool:
        pool, hints, why = _by_type_and_number(store, text)
    if not pool:
        ranked = [
            msgspec.structs.replace(_match(store, entity, [], BY_WORDS), score=round(nearness, 3))
            for entity, nearness in _by_words(store, text).values()
        ]
        return sorted(ranked, key=_rank)
    years = {hint for hint in hints if re.fullmatch(r"(?:19|20)\d\d", hint)}
    pool = [e for e in pool if not (years and e.date and e.date[:4] not in years)]
    ranked = [_match(store, entity, hints, why) for entity in pool]
    if hints and any(m.score >= 1 for m in ranked):
        ranked = [m for m in ranked if m.score >= 1]
    return sorted(ranked, key=_rank)


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
    return taken, [f"“{name}” được hiểu là {taken.label()}: {found[0].why}; còn có: {others}"]


def the_held(store: Store, name: str) -> DocumentReference:
    """The one held document that `name` means exactly: by id, path, symbol, or type and number; for what cannot be undone.

    Raises UnknownName where nothing held bears the name, or only words of a title fit; AmbiguousName where several do.
    """
    named = [m for m in matches(store, name) if "#" not in name and m.why != BY_WORDS]
    found = [reference(store, m.entity.id, m.entity) for m in named if _held(store, m.entity.id)]
    if not found:
        why = "chưa thấy trong kho văn bản nào mang đúng mã, đường dẫn hoặc số, ký hiệu này"
        only_cited = "văn bản này chỉ được viện dẫn, không có trong kho"
        raise UnknownName(name, only_cited if named else why, "xem `thidua ls`")
    if len(found) > 1:
        raise AmbiguousName(name, "có thể chỉ nhiều văn bản", "; ".join(f"{r.label()} [{r.id}]" for r in found[:6]))
    return found[0]


def reference(store: Store, identifier: str, entity: Entity | None = None) -> DocumentReference:
    """A document as answers name it, from the store, the registry, or the fullest citation of it."""
    held = _held(store, identifier)
    found = held or entity or _listed(store, identifier) or _from_citations(store, identifier)
    if found is None:
        return DocumentReference(id=identifier)
    known = _listed(store, identifier)
    return DocumentReference(
        id=identifier,
        canonical=found.canonical,
        type=found.type,
        title=found.title or (known.title if known else None),
        date=found.date or (known.date if known else None),
        issuer=found.issuer or (known.issuer if known else None),
        held=held is not None,
        draft=is_draft(identifier),
    )


def _match(store: Store, entity: Entity, hints: list[str], why: str) -> Match:
    known = _listed(store, entity.id)
    named = (entity.issuer, entity.title, entity.place, known.title if known else None, _code_name(entity))
    words = set(slug(" ".join(filter(None, named))).split("-"))
    if entity.date:
        words |= {entity.date[:4], str(int(entity.date[5:7])) if len(entity.date) > 5 else ""}
    score = sum(h in words for h in hints) / len(hints) if hints else 1.0
    cited = _cited(store, entity.id)
    where = {
        "document": "dự thảo có trong kho" if is_draft(entity.id) else "có trong kho",
        "cited": f"được viện dẫn {cited} lần trong kho",
        "registry": "trong danh mục",
    }[entity.origin]
    if entity.origin == "document" and cited:
        where += f", được viện dẫn {cited} lần"
    detail = ", ".join(filter(None, (entity.issuer, day(entity.date))))
    return Match(entity, cited, round(score, 3), f"{why}; {where}" + (f"; {detail}" if detail else ""))


def _code_name(entity: Entity) -> str:
    symbol = read_symbol(entity.canonical) if entity.canonical else None
    return issuer_name(symbol.issuers[0]) or "" if symbol and symbol.issuers else ""


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
    for name in sorted(_types(), key=len, reverse=True):
        read = re.match(rf"{name}-(?:so-)?(\d{{1,6}}[a-z]?)(?:-|$)(.*)", plain)
        if not read:
            continue
        types = _types()[name]
        hints = [w for w in read[2].split("-") if w and w not in _EMPTY_WORDS]
        pool = [e for e in _with_number(store, read[1].lstrip("0")) if e.type in types or _type_of(e) in types]
        if pool:
            return pool, hints, f"{types[0]} số {read[1]}"
    return [], [], ""


def _by_words(store: Store, text: str) -> dict[str, tuple[Entity, float]]:
    """Documents whose name or an alias holds all the words, and how nearly it is these words alone."""
    words = _spelled_out(text)
    if not words:
        return {}
    pool: dict[str, tuple[Entity, float]] = {}

    def consider(entity: Entity, *names: str | None) -> None:
        tokens = [set(slug(name).split("-")) for name in names if name]
        nearness = max((len(words) / len(have) for have in tokens if words <= have), default=0.0)
        if nearness > pool.get(entity.id, (entity, 0.0))[1]:
            pool[entity.id] = (entity, nearness)

    for entity in Registry().all():
        consider(entity, entity.title, f"{entity.type} {entity.title}", *entity.aliases)
    for row in store.rows(
        "select id, canonical, type, issuer, place, date, title from documents where title is not null"
    ):
        held = Entity(**dict(row), origin="document")
        consider(held, held.title, f"{held.type} {held.title}")
    for row in store.rows("select * from catalog where title is not null or aliases is not null"):
        listed = catalog_entity(row)
        consider(listed, listed.title, f"{listed.type} {listed.title}", *listed.aliases)
    return {key: (_best(store, entity), nearness) for key, (entity, nearness) in pool.items()}


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
        found.setdefault(
            row["entity"], _from_citations(store, row["entity"]) or Entity(id=row["entity"], canonical=None, type=None)
        )
    return [_best(store, e) for e in found.values()]


def _with_number(store: Store, number: str) -> list[Entity]:
    """Every entity whose unpadded symbol begins with the number: held, cited or in the registry."""
    keys = {
        row["symbol"]
        for name in ("documents", "citations", "catalog")
        for separator in "-/"
        for row in store.rows(
            f"select distinct symbol from {name} where symbol >= ? and symbol < ?",
            number + separator,
            number + chr(ord(separator) + 1),
        )
    }
    keys |= {key for e in Registry().all() if e.canonical and re.match(rf"{number}[-/]", key := unpadded(e.canonical))}
    found: dict[str, Entity] = {}
    for key in sorted(keys):
        found |= {e.id: e for e in _with_symbol(store, key)}
    return list(found.values())


def _best(store: Store, entity: Entity) -> Entity:
    """The entity as the store holds it, else marked as cited where it is cited."""
    held = _held(store, entity.id)
    if held:
        return held
    if entity.origin == "registry" and _cited(store, entity.id):
        return msgspec.structs.replace(entity, origin="cited")
    return entity


def _held(store: Store, identifier: str) -> Entity | None:
    rows = store.rows("select id, canonical, type, issuer, place, date, title from documents where id=?", identifier)
    return Entity(**dict(rows[0]), origin="document") if rows else None


def _cited(store: Store, identifier: str) -> int:
    """How many citations mean a document; the number that it prints of itself is none."""
    (every,) = store.rows("select count(*) from citations where entity=?", identifier)
    (own,) = store.rows(
        "select count(*) from citations where document=? and entity=? and kind='self'", identifier, identifier
    )
    return int(every[0]) - int(own[0])


def _from_citations(store: Store, identifier: str) -> Entity | None:
    """What the citations of a document say of it; a provisional identity has the one that it stands for."""
    if identifier.startswith("?"):
        document, _, position = identifier[1:].rpartition("/")
        rows = store.rows("select * from citations where document=? and position=?", document, int(position))
    else:
        query = "select * from citations where entity=? {} order by document, position limit ?"
        rows = store.rows(query.format("and issuer is not null and title is not null"), identifier, ENOUGH)
        rows = rows or store.rows(query.format(""), identifier, ENOUGH)
        rows.sort(key=lambda row: (row["issuer"] is None, row["title"] is None))
    if not rows:
        return None
    first = rows[0]
    fullest: dict[str, Any] = {
        key: next((row[key] for row in rows if row[key]), None)
        for key in ("canonical", "type", "issuer", "date", "title")
    }
    name = fullest["title"] or (None if fullest["canonical"] else first["quote"])
    return Entity(**{**fullest, "id": identifier, "title": name, "origin": "cited"})


def _nearest(store: Store, name: str) -> list[str]:
    """Up to three documents whose titles share most words with a name that found nothing."""
    words = set(slug(name).split("-")) - _EMPTY_WORDS
    scored = []
    for row in store.rows("select id, type, canonical, title from documents"):
        have = set(slug(f"{row['type']} {row['canonical']} {row['title']}").split("-"))
        if words & have:
            scored.append(
                (-len(words & have), f"{row['type'] or ''} {row['canonical'] or row['title'] or row['id']}".strip())
            )
    return [label for _, label in sorted(scored)[:3]]


def _listed(store: Store, identifier: str) -> Entity | None:
    """What the registry or a catalogue says of a document."""
    known = _registry().get(identifier)
    rows = [] if known else store.rows("select * from catalog where id=?", identifier)
    return catalog_entity(rows[0]) if rows else known


@cache
def _registry() -> dict[str, Entity]:
    return {entity.id: entity for entity in Registry().all()}


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


def _type_of(entity: Entity) -> str | None:
    symbol = read_symbol(entity.canonical) if entity.canonical else None
    return symbol.type if symbol and symbol.type_code and is_type(symbol.type_code) else None


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
