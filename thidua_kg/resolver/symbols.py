"""A citation by number and symbol: the identity where owner and year are known, candidates where they are not."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_kg.identity import Symbol, is_draft, is_per_place, read_symbol, series_owner, unpadded, work_id
from thidua_kg.model import Candidate, Citation
from thidua_kg.resolver.records import Catalog, Context, Decision, Entity, known_from, law_name, newest_first, ranked
from thidua_kg.text import slug


def by_symbol(citation: Citation, context: Context, catalog: Catalog) -> Decision:
    symbol = read_symbol(citation.canonical or "")
    if symbol is None:
        return "unknown", None, "ký hiệu không đọc được", (), ()
    if citation.date and context.date and len(context.date) == 10 and citation.date > context.date:
        return "unknown", None, "ngày ban hành sau ngày của văn bản viện dẫn", (), ("future_citation",)
    place = None if _unsure_place(citation, symbol, context) else context.place
    identity = work_id(symbol.canonical, citation.date, citation.issuer, place)
    same = catalog.by_symbol(unpadded(symbol.canonical), series_owner(symbol, citation.issuer, place))
    found = [e for e in same if _fits(e, citation, symbol, place)]
    if identity is not None:
        entity = next((e for e in found if e.id == identity), None)
        namesakes = catalog.by_name(slug(law_name(citation) or ""))
        if namesakes and (entity is None or not _bears(entity, citation, namesakes)):
            return _misprinted(citation, symbol, namesakes, identity if entity is None else None)
        if entity is not None:
            return _identified(citation, entity, namesakes)
        if any(e.id == identity for e in same):
            return "unknown", None, "cùng số với một văn bản thuộc loại khác", (), ()
        return "unknown", identity, "chưa thấy văn bản này trong kho", (), ()
    nearest = sorted(found, key=lambda e: (e.origin != "document", newest_first(e.date)))
    not_later = [e for e in nearest if not (context.date and e.date and e.date[:4] > context.date[:4])]
    candidates = tuple(Candidate(entity=e.id, why=known_from(e)) for e in not_later)
    if candidates:
        return "ambiguous", None, "thiếu năm hoặc nơi ban hành để biết chắc", candidates, ()
    return "unknown", None, "thiếu năm hoặc nơi ban hành; không có văn bản nào cùng số", (), ()


def _identified(citation: Citation, entity: Entity, namesakes: Sequence[Entity]) -> Decision:
    """The document whose identity the mention prints in full, unless its date is that of another of the same name."""
    slip = bool(citation.date and entity.date and len(entity.date) == 10 and entity.date != citation.date)
    if not slip:
        return "linked", entity.id, "cùng số, cơ quan và năm", (), ()
    rivals = [e for e in namesakes if e.date == citation.date]
    if rivals:
        why = f"số là của văn bản ngày {entity.date}, ngày là của văn bản khác cùng tên"
        return "ambiguous", None, why, ranked([entity, *rivals]), ("date_disagrees",)
    why = f"cùng số, cơ quan và năm; ngày ghi {citation.date}, ngày đúng {entity.date}"
    return "linked", entity.id, why, (), ("date_disagrees",)


def _bears(entity: Entity, citation: Citation, namesakes: Sequence[Entity]) -> bool:
    """Whether the document of the number bears the printed name, or amends the law of that name."""
    return entity in namesakes or not entity.title or slug(law_name(citation) or "") in slug(entity.title)


def _misprinted(citation: Citation, symbol: Symbol, namesakes: Sequence[Entity], identity: str | None) -> Decision:
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
    return "ambiguous", None, "số và tên là của hai văn bản khác nhau", ranked(namesakes), ("symbol_disagrees",)


def _same_but_year(entity: Entity, symbol: Symbol) -> bool:
    """Whether number and term agree and only the year is another: 15/2021/QH13 for 15/2012/QH13, of the 13th Assembly."""
    other = read_symbol(entity.canonical) if entity.canonical else None
    return other is not None and (other.number, other.issuers) == (symbol.number, symbol.issuers)


def _unsure_place(citation: Citation, symbol: Symbol, context: Context) -> bool:
    """Whether the citing document's place says nothing of the issuer's: a commune citing a bare "UBND"."""
    return context.local and citation.issuer is None and bool(symbol.issuers) and is_per_place(symbol.issuers[0])


def _fits(entity: Entity, citation: Citation, symbol: Symbol, place: str | None) -> bool:
    if is_draft(entity.id):
        return False  # what is cited was issued
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


def owner_of(entity: Entity) -> str | None:
    """Whose number series a document belongs to; None where that is not known, or where it has no symbol."""
    symbol = read_symbol(entity.canonical) if entity.canonical else None
    return _owner_of(entity, symbol) if symbol is not None and symbol.issuers else None


def sought_owner(citation: Citation, context: Context) -> str | None:
    """Whose number series a citation is looked up in; None where any series is possible."""
    symbol = read_symbol(citation.canonical) if citation.canonical else None
    if symbol is None or not symbol.issuers:
        return None
    place = None if _unsure_place(citation, symbol, context) else context.place
    return series_owner(symbol, citation.issuer, place)
