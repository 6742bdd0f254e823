"""Which document a citation means: linked, ambiguous or unknown, with the reason, never a guess.

A symbol alone never decides: Party numbers restart each term, State numbers each year per issuer, and every province has
the same codes. With the series owner (place included) and the year the identity is complete; else there are candidates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
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
    effective: str | None = None
    until: str | None = None
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
        place = province_of(header.place, date)
        consolidated = header.type_code == "VBHN"  # its words are older than its date
        return Context(document, place, None if consolidated else date, any(w in issuer for w in _LOCAL))


_LOCAL = (" xã", " phường", " thị trấn", " đặc khu", " huyện", " quận", " thị xã")


def resolve(citations: Sequence[Citation], context: Context, catalog: Catalog) -> tuple[Citation, ...]:
    """The citations of one document, in order, each with its verdict, entity, reason and candidates."""
    done = _resolved(citations, context, catalog)
    named = _linked_by_name(done, catalog)
    return tuple(_named_elsewhere(c, named) for c in done) if named else tuple(done)


def _linked_by_name(done: Sequence[Citation], catalog: Catalog) -> dict[str, set[str]]:
    """The documents that the text links under each law name that stays ambiguous somewhere."""
    unsure = {_spelled_out(slug(c.text)) for c in done if _is_bare_law(c)}
    linked = {c.entity for c in done if c.verdict == "linked" and c.entity and c.type in _LAWS}
    return {name: {e.id for e in catalog.by_name(name)} & linked for name in unsure}


def _is_bare_law(citation: Citation) -> bool:
    bare = citation.kind == "named" and citation.verdict == "ambiguous" and citation.nested_in is None
    return bare and citation.type in _LAWS and not (citation.date or citation.year)


def _named_elsewhere(citation: Citation, named: dict[str, set[str]]) -> Citation:
    """A law by its name alone is the one that the text names in full further on, if it is one only."""
    found = named.get(_spelled_out(slug(citation.text)), set()) if _is_bare_law(citation) else set()
    if len(found) != 1:
        return citation
    why = "văn bản cùng tên được nêu đủ ở chỗ khác trong văn bản này"
    return msgspec.structs.replace(citation, verdict="linked", entity=next(iter(found)), why=why, candidates=())


def _resolved(citations: Sequence[Citation], context: Context, catalog: Catalog) -> list[Citation]:
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
    return done


_Decision = tuple[Verdict, str | None, str, tuple[Candidate, ...], tuple[str, ...]]


def _decide(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> _Decision:
    if citation.kind == "self":
        return "linked", context.document, "chính văn bản này", (), ()
    if citation.kind == "back":
        return _point_back(citation, done)
    if citation.canonical:
        return _repeated(citation, done) or _by_symbol(citation, context, catalog)
    if citation.number:
        return _by_number(citation, done, context, catalog)
    return _named_before(citation, done, catalog) or _by_name(citation, done, context, catalog)


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
    same = catalog.by_symbol(unpadded(symbol.canonical))
    found = [e for e in same if _fits(e, citation, symbol, place)]
    if identity is not None:
        entity = next((e for e in found if e.id == identity), None)
        namesakes = catalog.by_name(slug(_law_name(citation) or ""))
        if namesakes and (entity is None or not _bears(entity, citation, namesakes)):
            return _misprinted(citation, symbol, namesakes, identity if entity is None else None)
        if entity is not None:
            return _identified(citation, entity, namesakes)
        if any(e.id == identity for e in same):
            return "unknown", None, "cùng số với một văn bản thuộc loại khác", (), ()
        return "unknown", identity, "chưa thấy văn bản này trong kho", (), ()
    ranked = sorted(found, key=lambda e: (e.origin != "document", _negated(e.date)))
    not_later = [e for e in ranked if not (context.date and e.date and e.date[:4] > context.date[:4])]
    candidates = tuple(Candidate(entity=e.id, why=_why(e)) for e in not_later)
    if candidates:
        return "ambiguous", None, "thiếu năm hoặc nơi ban hành để biết chắc", candidates, ()
    return "unknown", None, "thiếu năm hoặc nơi ban hành; không có văn bản nào cùng số", (), ()


def _identified(citation: Citation, entity: Entity, namesakes: Sequence[Entity]) -> _Decision:
    """The document whose identity the mention prints in full, unless its date is that of another of the same name."""
    slip = bool(citation.date and entity.date and len(entity.date) == 10 and entity.date != citation.date)
    if not slip:
        return "linked", entity.id, "cùng số, cơ quan và năm", (), ()
    rivals = [e for e in namesakes if e.date == citation.date]
    if rivals:
        why = f"số là của văn bản ngày {entity.date}, ngày là của văn bản khác cùng tên"
        return "ambiguous", None, why, _candidates([entity, *rivals]), ("date_disagrees",)
    why = f"cùng số, cơ quan và năm; ngày ghi {citation.date}, ngày đúng {entity.date}"
    return "linked", entity.id, why, (), ("date_disagrees",)


_LAWS = frozenset({"Luật", "Bộ luật", "Pháp lệnh"})
_NUMBER = re.compile(r"\s+số\s")


def _law_name(citation: Citation) -> str | None:
    """The name that a mention prints before its number: "Luật Đất đai" in "Luật Đất đai số 31/2024/QH15"."""
    if citation.type not in _LAWS:
        return None
    name = _NUMBER.split(citation.text, maxsplit=1)[0].strip()
    return name if slug(name) != slug(citation.type) else None


def _bears(entity: Entity, citation: Citation, namesakes: Sequence[Entity]) -> bool:
    """Whether the document of the number bears the printed name, or amends the law of that name."""
    return entity in namesakes or not entity.title or slug(_law_name(citation) or "") in slug(entity.title)


def _misprinted(citation: Citation, symbol: Symbol, namesakes: Sequence[Entity], identity: str | None) -> _Decision:
    """A law whose printed number is not that of its name: its date, or its year, decides where it fits one law only."""
    fitting = (
        [e for e in namesakes if citation.date and e.date == citation.date]
        or [
            e
            for e in namesakes
            if e.date
            and e.date[:4] == str(symbol.year)
            and (not citation.date or (e.canonical or "").split("/")[0].lstrip("0") == symbol.number)
        ]
        or [e for e in namesakes if _same_but_year(e, symbol)]
    )
    if len(fitting) == 1:
        (one,) = fitting
        return "linked", one.id, f"cùng tên và năm; số ghi {symbol.canonical}", (), ("symbol_disagrees",)
    if identity is not None:
        return "unknown", identity, "chưa thấy văn bản này trong kho", (), ()
    return "ambiguous", None, "số và tên là của hai văn bản khác nhau", _candidates(namesakes), ("symbol_disagrees",)


def _same_but_year(entity: Entity, symbol: Symbol) -> bool:
    """Whether number and term agree and only the year is another: 15/2021/QH13 for 15/2012/QH13, of the 13th Assembly."""
    other = read_symbol(entity.canonical) if entity.canonical else None
    return other is not None and (other.number, other.issuers) == (symbol.number, symbol.issuers)


def _candidates(entities: Sequence[Entity]) -> tuple[Candidate, ...]:
    """Ranked as given: the newest first."""
    return tuple(Candidate(entity=e.id, why=_why(e)) for e in sorted(entities, key=lambda e: _negated(e.date)))


def _unsure_place(citation: Citation, symbol: Symbol, context: Context) -> bool:
    """Whether the citing document's place says nothing of the issuer's: a commune citing a bare "UBND"."""
    return context.local and citation.issuer is None and bool(symbol.issuers) and is_per_place(symbol.issuers[0])


def _fits(entity: Entity, citation: Citation, symbol: Symbol, place: str | None) -> bool:
    owner = series_owner(symbol, citation.issuer, place)
    if owner and _owner_of(entity, symbol) != owner:
        return False
    if symbol.type_code is None and (entity.type == "Nghị quyết") != (citation.type == "Nghị quyết") and entity.type:
        return (
            False  # resolutions of the National Assembly are numbered apart from its laws, in symbols of the same shape
        )
    return bool(symbol.year) or not (citation.date and entity.date and entity.date[:4] != citation.date[:4])


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


def _by_number(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> _Decision:
    """A type and a bare number: the document of that type and number cited in full before, else a known alias."""
    number = (citation.number or "").lstrip("0")
    earlier = {
        c.entity: c for c in done if c.type == citation.type and (c.number or "").lstrip("0") == number and c.canonical
    }
    if len(earlier) == 1:
        (one,) = earlier.values()
        return one.verdict, one.entity, f"gọi tắt của “{' '.join(one.text.split())}”", one.candidates, ()
    return _by_name(citation, done, context, catalog)


def _named_before(citation: Citation, done: list[Citation], catalog: Catalog) -> _Decision | None:
    """A law by its name alone is the one of that name that the text cited in full before, if it is one only.

    Within the title of an older document the name means a law of that time, which may be another.
    """
    if citation.date or citation.year or citation.type not in _LAWS:
        return None
    fitting = {e.id: e for e in catalog.by_name(slug(citation.text))}
    before = {c.entity: c for c in done if c.verdict == "linked" and c.entity in fitting}
    if len(before) != 1:
        return None
    ((identifier, one),) = before.items()
    parent = done[citation.nested_in] if citation.nested_in is not None and citation.nested_in < len(done) else None
    year = (parent.date or str(parent.year or ""))[:4] if parent else ""
    issued = fitting[identifier or ""].date or ""
    if year and issued[:4] > year:
        return None
    return "linked", identifier, f"nhắc lại “{' '.join(one.text.split())}” ở trên", (), ()


_BARE_YEAR = re.compile(r"-(?:19|20)\d\d$")
SLIP = 5  # days that a printed date may be off its law's before it speaks for another law


def _by_name(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> _Decision:
    if citation.rule == "law_by_date":
        return _amending_by_date(citation, done, catalog)
    name = _spelled_out(slug(citation.text))
    found = list(catalog.by_name(name))
    year = citation.date[:4] if citation.date else _BARE_YEAR.search(name) and name[-4:]
    if not found and year:  # "Luật Dược 2016"
        found = list(catalog.by_name(f"{_BARE_YEAR.sub('', name).removesuffix('-nam')}-nam-{year}"))
    if not found and citation.rule == "congress":
        plain = name.replace("nghi-quyet-cua-", "nghi-quyet-", 1)
        found = list(catalog.by_name(plain)) or list(catalog.by_name(plain.removesuffix("-cua-dang")))
    if not found:
        return "unknown", None, "chưa thấy văn bản mang tên này", (), ()
    dated = [e for e in found if not e.date or e.date[:4] == citation.date[:4]] if citation.date else found
    if len(dated) != 1 and citation.date:
        exact = [e for e in dated if e.date == citation.date]
        slipped = [e for e in found if e.date and e.date[4:] == citation.date[4:] and len(e.date) == 10]
        if len(slipped) == 1 and not dated:
            return (
                "linked",
                slipped[0].id,
                f"cùng tên, ngày và tháng; năm ghi {citation.date[:4]}",
                (),
                ("date_disagrees",),
            )
        dated = exact if len(exact) == 1 else dated
    elif len(dated) != 1 and not year and (one := _in_force(found, _period(citation, done, context))):
        return "linked", one.id, "văn bản duy nhất cùng tên có hiệu lực khi đó", (), ()
    if len(dated) == 1:
        (one,) = dated
        off = _days_between(citation.date, one.date)
        if off > SLIP:
            why = f"ngày ghi {citation.date} không phải ngày của văn bản cùng tên năm đó"
            return "ambiguous", None, why, _candidates(found), ("date_disagrees",)
        if _certain(citation, one, bool(year)) or (len(found) == 1 and _only_version(citation, one, context)):
            return "linked", one.id, "cùng tên", (), ("date_disagrees",) if off else ()
    return "ambiguous", None, "một tên có thể chỉ nhiều văn bản", _candidates(dated or found), ()


_ABBREVIATED = {  # how letters to and from offices shorten names of laws
    "bhxh": "bao-hiem-xa-hoi", "bhyt": "bao-hiem-y-te", "tncn": "thu-nhap-ca-nhan", "tndn": "thu-nhap-doanh-nghiep",
    "gtgt": "gia-tri-gia-tang", "ttdb": "tieu-thu-dac-biet", "nsnn": "ngan-sach-nha-nuoc", "xlvphc": "xu-ly-vi-pham-hanh-chinh",
    "tdkt": "thi-dua-khen-thuong", "kcb": "kham-benh-chua-benh", "pccc": "phong-chay-chua-chay", "tccqdp":
    "to-chuc-chinh-quyen-dia-phuong", "vbqppl": "van-ban-quy-pham-phap-luat", "cbcc": "can-bo-cong-chuc",
}  # fmt: skip


def _spelled_out(name: str) -> str:
    """A law's name, as `slug`, without abbreviations: "luat-thue-tncn" is "luat-thue-thu-nhap-ca-nhan"."""
    if not name.startswith(("luat-", "bo-luat-", "phap-lenh-")):
        return name
    return "-".join(_ABBREVIATED.get(word, word) for word in name.split("-"))


def _period(citation: Citation, done: list[Citation], context: Context) -> tuple[str, str] | None:
    """The first and last day at which a name without a date may speak: in a title, those of the document with the title."""
    date = context.date
    if citation.nested_in is not None:
        parent = done[citation.nested_in] if citation.nested_in < len(done) else None
        titled = parent is not None and parent.full_span[0] <= citation.span[0] < parent.full_span[1]
        date = (parent.date or (str(parent.year) if parent.year else None)) if parent is not None and titled else None
    if date is None or "(s" in citation.text.lower() or "number_blank" in citation.issues:
        return None  # "Luật … (sửa đổi)" may be a bill, a form leaves the date to its user
    return (date, date) if len(date) == 10 else (f"{date[:4]}-01-01", f"{date[:4]}-12-31")


UNSETTLED = 24  # months after its passing within which a law may not be in force yet


def _in_force(versions: Sequence[Entity], period: tuple[str, str] | None) -> Entity | None:
    """The version of a law that was in force all through a period, where that is sure."""
    if period is None or any(not e.date for e in versions):
        return None
    first, last = (_in_force_on(versions, day) for day in period)
    return first if first is last else None


def _in_force_on(versions: Sequence[Entity], day: str) -> Entity | None:
    """The newest version passed before a day, None where it may not have been in force yet."""
    if day > _laws_known_until():
        return None
    passed = sorted((e for e in versions if (e.date or "") <= day), key=lambda e: e.date or "")
    if not passed or passed[-1].type not in _LAWS:
        return None
    newest = passed[-1]
    year, month = int((newest.date or "")[:4]), (newest.date or "")[4:]
    settled = newest.effective or f"{year + UNSETTLED // 12}{month or '-12-31'}"
    return newest if settled <= day and not (newest.until and newest.until <= day) else None


def _amending_by_date(citation: Citation, done: list[Citation], catalog: Catalog) -> _Decision:
    """A law named by its day alone amends the law before it: "Luật Đất đai ngày …; Luật ngày 29 tháng 6 năm 2024"."""
    before = next((c for c in reversed(done) if c.type in _LAWS), None)
    if citation.nested_in is not None and citation.nested_in < len(done):
        before = done[citation.nested_in]  # "… được sửa đổi, bổ sung theo Luật ngày …"
    name = slug(_NUMBER.split(before.text, maxsplit=1)[0]) if before else ""
    forms = (f"luat-sua-doi-bo-sung-mot-so-dieu-cua-{name}", f"luat-sua-doi-bo-sung-mot-so-dieu-{name}")
    found = {e.id: e for form in forms for e in catalog.by_name(form) if e.date == citation.date}
    if len(found) == 1:
        (one,) = found.values()
        return "linked", one.id, "luật sửa đổi luật nêu ngay trước, cùng ngày", (), ()
    return "unknown", None, "luật chỉ nêu ngày", (), ()


def _days_between(printed: str | None, true: str | None) -> int:
    """How far two full dates are apart; 0 where one is no full date."""
    if not printed or not true or len(printed) != 10 or len(true) != 10:
        return 0
    return abs((date.fromisoformat(printed) - date.fromisoformat(true)).days)


def _certain(citation: Citation, entity: Entity, dated: bool) -> bool:
    """Whether a name decides alone: with a year or date, or an ordinal, or as the name of what has no number.

    A number alone is no name, but what a central decision approved goes by its own: "Đề án 06" is a Quyết định.
    """
    if citation.number and citation.kind == "numbered":
        return entity.type != citation.type and entity.place is None and citation.type in ("Đề án", "Chương trình")
    return dated or citation.year is not None or citation.rule in ("congress", "plenum") or not entity.canonical


def _only_version(citation: Citation, entity: Entity, context: Context) -> bool:
    """Whether the law is the only one of its name, as far as the table of laws reaches."""
    if citation.type not in (*_LAWS, "Hiến pháp") or not context.date or not entity.date:
        return False
    return entity.date <= context.date <= _laws_known_until()


@cache
def _laws_known_until() -> str:
    return max(str(law.date) for law in table("laws", Law))


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
            aliases = (*known.aliases, *entity.aliases)
            entities[entity.id] = msgspec.structs.replace(
                known, aliases=aliases, effective=entity.effective, until=entity.until
            )
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
        effective=law.effective or None,
        until=law.until or None,
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
