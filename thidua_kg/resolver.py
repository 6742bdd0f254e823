"""Which document a citation means: linked, ambiguous or unknown, with the reason, never a guess.

A symbol alone never decides: Party numbers restart each term, State numbers each year per issuer, and every province has
the same codes. With the series owner (place included) and the year the identity is complete; else there are candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, Protocol

import msgspec

from thidua_kg.identity import Symbol, is_per_place, province_of, read_symbol, series_owner, unpadded, work_id
from thidua_kg.mentions.citations import find_citations, read_symbols
from thidua_kg.model import Candidate, Citation, Header, Record, Verdict
from thidua_kg.text import slug
from thidua_kg.vocab import KnownDocument, Law, table


class Entity(Record, frozen=True, kw_only=True):
    """A document that can be linked to: one in the knowledge base, or one that the registry knows."""

    id: str
    canonical: str | None
    type: str | None
    issuer: str | None = None
    place: str | None = None
    date: str | None = None
    title: str | None = None
    aliases: tuple[str, ...] = ()
    origin: Literal["document", "cited", "registry"] = "registry"


class Catalog(Protocol):
    """Where candidates are looked up: the shipped registry alone, or a knowledge base with it."""

    def by_symbol(self, key: str) -> Sequence[Entity]:
        """The entities of an unpadded canonical symbol, `2/CT-UBND`."""

    def by_name(self, key: str) -> Sequence[Entity]:
        """The entities that a name, as `text.slug`, stands for: a law's name, an alias, a congress resolution."""


class Registry:
    """The documents known to exist that ship with the package (`vocab/registry.csv`, `vocab/laws.csv`)."""

    def by_symbol(self, key: str) -> Sequence[Entity]:
        return _registry()[0].get(key, ())

    def by_name(self, key: str) -> Sequence[Entity]:
        return _registry()[1].get(key, ())

    def all(self) -> Sequence[Entity]:
        """Every entity, in the order of the tables."""
        return _registry()[2]


class Context(msgspec.Struct, frozen=True):
    """What a citation is read against: the citing document's id, place, date and level."""

    document: str
    place: str | None
    date: str | None
    local: bool

    @staticmethod
    def of(document: str, header: Header) -> Context:
        """The context of a document; `local` where its issuer is below the province, so that a bare "UBND" is unsure."""
        issuer = (header.issuer or "").lower()
        date = header.date or header.date_not_before
        return Context(document, province_of(header.place, date), date, any(w in issuer for w in _LOCAL))


_LOCAL = (" xã", " phường", " thị trấn", " đặc khu", " huyện", " quận", " thị xã")


def resolve(citations: Sequence[Citation], context: Context, catalog: Catalog) -> tuple[Citation, ...]:
    """The citations of one document, in order, each with its verdict, entity, reason and candidates."""
    done: list[Citation] = []
    for citation in citations:
        verdict, entity, why, candidates, issues = _decide(citation, done, context, catalog)
        done.append(
            msgspec.structs.replace(
                citation,
                verdict=verdict,
                entity=entity,
                why=why,
                candidates=candidates,
                issues=(*citation.issues, *issues),
            )
        )
    return tuple(done)


_Decision = tuple[Verdict, str | None, str, tuple[Candidate, ...], tuple[str, ...]]


def _decide(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> _Decision:
    if citation.kind == "self":
        return "linked", context.document, "chính văn bản này", (), ()
    if citation.kind == "back":
        return _point_back(citation, done)
    if citation.canonical:
        return _repeated(citation, done) or _by_symbol(citation, context, catalog)
    if citation.number:
        return _by_number(citation, done, catalog)
    return _by_name(citation, catalog)


def _repeated(citation: Citation, done: list[Citation]) -> _Decision | None:
    """A mention without an issuer of its own means the document that the text named in full before, if it is one only."""
    if citation.issuer is not None:
        return None
    earlier = {
        c.entity: c
        for c in done
        if c.issuer and c.canonical == citation.canonical and (c.date == citation.date or citation.date is None)
    }
    if len(earlier) != 1 or None in earlier:
        return None
    (one,) = earlier.values()
    return one.verdict, one.entity, f"nhắc lại “{' '.join(one.text.split())}” ở trên", one.candidates, ()


def _by_symbol(citation: Citation, context: Context, catalog: Catalog) -> _Decision:
    symbol = read_symbol(citation.canonical or "")
    if symbol is None:
        return "unknown", None, "ký hiệu không đọc được", (), ()
    if citation.date and context.date and len(context.date) == 10 and citation.date > context.date:
        return "unknown", None, "ngày ban hành sau ngày của văn bản viện dẫn", (), ("future_citation",)
    place = None if _unsure_place(citation, symbol, context) else context.place
    identity = work_id(symbol.canonical, citation.date, citation.issuer, place)
    found = [e for e in catalog.by_symbol(unpadded(symbol.canonical)) if _fits(e, citation, symbol, place)]
    if identity is not None:
        for entity in found:
            if entity.id == identity:
                slip = bool(citation.date and entity.date and len(entity.date) == 10 and entity.date != citation.date)
                why = "cùng số, cơ quan và năm" + (
                    f"; ngày ghi {citation.date}, ngày đúng {entity.date}" if slip else ""
                )
                return "linked", identity, why, (), ("date_disagrees",) if slip else ()
        return "unknown", identity, "chưa thấy văn bản này trong kho", (), ()
    ranked = sorted(found, key=lambda e: (e.origin != "document", _negated(e.date)))
    not_later = [e for e in ranked if not (context.date and e.date and e.date[:4] > context.date[:4])]
    candidates = tuple(Candidate(entity=e.id, why=_why(e)) for e in not_later)
    if candidates:
        return "ambiguous", None, "thiếu năm hoặc nơi ban hành để biết chắc", candidates, ()
    return "unknown", None, "thiếu năm hoặc nơi ban hành; không có văn bản nào cùng số", (), ()


def _unsure_place(citation: Citation, symbol: Symbol, context: Context) -> bool:
    """Whether the citing document's place says nothing of the issuer's: a commune citing a bare "UBND"."""
    return context.local and citation.issuer is None and bool(symbol.issuers) and is_per_place(symbol.issuers[0])


def _fits(entity: Entity, citation: Citation, symbol: Symbol, place: str | None) -> bool:
    owner = series_owner(symbol, citation.issuer, place)
    if owner and _owner_of(entity, symbol) != owner:
        return False
    return not (citation.date and entity.date and entity.date[:4] != citation.date[:4])


def _owner_of(entity: Entity, symbol: Symbol) -> str | None:
    """The series owner of an entity: in its identifier where that is complete, else by its issuer and place."""
    if entity.id.startswith(("registry:", "catalog:", "sha256:", "name:")):
        return series_owner(symbol, entity.issuer, entity.place)
    return entity.id.split(":", 1)[0]


def _point_back(citation: Citation, done: list[Citation]) -> _Decision:
    """The nearest earlier citation of the same type: "Nghị định nói trên"."""
    for earlier in reversed(done):
        if earlier.type == citation.type and earlier.kind in ("numbered", "named"):
            why = f"nhắc lại “{' '.join(earlier.text.split())}”"
            return earlier.verdict, earlier.entity, why, earlier.candidates, ()
    return "unknown", None, "không thấy văn bản cùng loại ở trên", (), ()


def _by_number(citation: Citation, done: list[Citation], catalog: Catalog) -> _Decision:
    """A type and a bare number: the document of that type and number cited in full before, else a known alias."""
    number = (citation.number or "").lstrip("0")
    earlier = {
        c.entity: c for c in done if c.type == citation.type and (c.number or "").lstrip("0") == number and c.canonical
    }
    if len(earlier) == 1:
        (one,) = earlier.values()
        return one.verdict, one.entity, f"gọi tắt của “{' '.join(one.text.split())}”", one.candidates, ()
    return _by_name(citation, catalog, sure=False)


def _by_name(citation: Citation, catalog: Catalog, *, sure: bool = True) -> _Decision:
    name = slug(citation.text)
    found = list(catalog.by_name(name))
    if not found and citation.date:
        found = list(catalog.by_name(f"{name}-nam-{citation.date[:4]}"))
    if not found and citation.rule == "congress":
        found = list(catalog.by_name(slug(citation.text.removesuffix("của Đảng").rstrip())))
    if citation.date:
        found = [e for e in found if not e.date or e.date[:4] == citation.date[:4]]
    candidates = tuple(Candidate(entity=e.id, why=_why(e)) for e in sorted(found, key=lambda e: _negated(e.date)))
    if len(found) == 1 and sure and _certain(citation, found[0]):
        return "linked", found[0].id, "cùng tên", (), ()
    if candidates:
        return "ambiguous", None, "một tên có thể chỉ nhiều văn bản", candidates, ()
    return "unknown", None, "chưa thấy văn bản mang tên này", (), ()


def _certain(citation: Citation, entity: Entity) -> bool:
    """Whether a name decides alone: with a year or date, or an ordinal, as laws are made anew under the same name."""
    return (
        citation.year is not None
        or citation.date is not None
        or citation.rule in ("congress", "plenum")
        or not entity.canonical
    )


def _negated(date: str | None) -> str:
    """A sort key that puts the newest first and the undated last."""
    return "".join(chr(0x39 - ord(c) + 0x30) if c.isdigit() else c for c in date) if date else "~"


def _why(entity: Entity) -> str:
    held = "có trong kho" if entity.origin == "document" else "trong danh mục"
    return f"{held}: {entity.issuer or 'không rõ cơ quan'}, {entity.date or 'không rõ ngày'}"


@cache
def _registry() -> tuple[dict[str, list[Entity]], dict[str, list[Entity]], tuple[Entity, ...]]:
    by_symbol: dict[str, list[Entity]] = {}
    by_name: dict[str, list[Entity]] = {}
    entities: dict[str, Entity] = {}
    for row in table("registry", KnownDocument):
        entity = entity_of(row)
        entities.setdefault(entity.id, entity)
    for law in table("laws", Law):
        if law.symbol:
            entity = _law_entity(law)
            known = entities.get(entity.id, entity)
            entities[entity.id] = msgspec.structs.replace(known, aliases=(*known.aliases, *entity.aliases))
    for entity in entities.values():
        if entity.canonical:
            by_symbol.setdefault(unpadded(entity.canonical), []).append(entity)
        for name in {slug(alias) for alias in (entity.title or "", *entity.aliases) if alias}:
            by_name.setdefault(name, []).append(entity)
    return by_symbol, by_name, tuple(entities.values())


def entity_of(row: KnownDocument) -> Entity:
    """The entity of a registry row; its identifier is the work's, or one from its name where it has no symbol."""
    identity = work_id(row.canonical, row.date, row.issuer, row.place or None) if row.canonical else None
    return Entity(
        id=identity or (f"name:{slug(row.title)}" if not row.canonical else f"registry:{slug(row.id)}"),
        canonical=row.canonical or None,
        type=row.type,
        issuer=row.issuer or None,
        place=row.place or None,
        date=row.date or None,
        title=row.title or None,
        aliases=row.aliases,
    )


def _law_entity(law: Law) -> Entity:
    year = law.year or law.date[:4]
    names = [
        name for base in (law.name, *law.forms) for name in (base, f"{base} năm {year}", f"{base} số {law.symbol}")
    ]
    return Entity(
        id=work_id(law.symbol, law.date or None, None, None) or f"registry:{slug(law.id)}",
        canonical=law.symbol,
        type=law.kind,
        issuer="Quốc hội" if law.kind != "Pháp lệnh" else "Ủy ban Thường vụ Quốc hội",
        date=law.date or year or None,
        title=law.name,
        aliases=tuple(names),
    )


def symbols_meant(text: str) -> list[Symbol]:
    """The symbols that a typed line prints, or else those of the documents that it names beyond doubt.

    `[s.canonical for s in symbols_meant("Luật Thi đua, khen thưởng năm 2003")] == ["15/2003/QH11"]`
    """
    printed = read_symbols(text)
    if printed:
        return printed
    registry = Registry()
    named = resolve(find_citations(text, Header(), ()), Context("", None, None, False), registry)
    known = {entity.id: entity.canonical for entity in registry.all()}
    return [
        symbol for c in named if c.entity and (canonical := known.get(c.entity)) and (symbol := read_symbol(canonical))
    ]
