"""Which document a citation means: linked, ambiguous or unknown, with the reason, never a guess.

A symbol alone never decides: Party numbers restart each term, State numbers each year per issuer, and every province has
the same codes. With the series owner (place included) and the year the identity is complete; else there are candidates.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from thidua_kg.identity import Symbol, read_symbol
from thidua_kg.mentions.citations import find_citations, read_symbols
from thidua_kg.model import Citation, Header
from thidua_kg.resolver.names import by_name, by_number, named_before, spelled_out
from thidua_kg.resolver.records import LAWS, Catalog, Context, Decision, Entity
from thidua_kg.resolver.registry import Registry
from thidua_kg.resolver.symbols import by_symbol, owner_of, sought_owner
from thidua_kg.text import slug

__all__ = [
    "LAWS", "Catalog", "Context", "Entity", "Registry", "owner_of", "resolve", "sought_owner", "symbols_meant",
]  # fmt: skip


def resolve(citations: Sequence[Citation], context: Context, catalog: Catalog) -> tuple[Citation, ...]:
    """The citations of one document, in order, each with its verdict, entity, reason and candidates."""
    done = _resolved(citations, context, catalog)
    named = {} if context.consolidated else _linked_by_name(done, catalog)
    return tuple(_named_elsewhere(c, named) for c in done) if named else tuple(done)


def _linked_by_name(done: Sequence[Citation], catalog: Catalog) -> dict[str, set[str]]:
    """The documents that the text links under each law name that stays ambiguous somewhere."""
    unsure = {spelled_out(slug(c.text)) for c in done if _is_bare_law(c)}
    linked = {c.entity for c in done if c.verdict == "linked" and c.entity and c.type in LAWS}
    return {name: {e.id for e in catalog.by_name(name)} & linked for name in unsure}


def _is_bare_law(citation: Citation) -> bool:
    bare = citation.kind == "named" and citation.verdict == "ambiguous" and citation.nested_in is None
    return bare and citation.type in LAWS and not (citation.date or citation.year)


def _named_elsewhere(citation: Citation, named: dict[str, set[str]]) -> Citation:
    """A law by its name alone is the one that the text names in full further on, if it is one only."""
    found = named.get(spelled_out(slug(citation.text)), set()) if _is_bare_law(citation) else set()
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


def _decide(citation: Citation, done: list[Citation], context: Context, catalog: Catalog) -> Decision:
    if citation.kind == "self":
        return "linked", context.document, "chính văn bản này", (), ()
    if citation.kind == "back":
        return _point_back(citation, done)
    if citation.canonical:
        return _repeated(citation, done) or by_symbol(citation, context, catalog)
    if citation.number:
        return by_number(citation, done, context, catalog)
    before = None if context.consolidated else named_before(citation, done, catalog)
    return before or by_name(citation, done, context, catalog)


def _repeated(citation: Citation, done: list[Citation]) -> Decision | None:
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


def _point_back(citation: Citation, done: list[Citation]) -> Decision:
    """The nearest earlier citation of the same type: "Nghị định nói trên"."""
    for earlier in reversed(done):
        if earlier.type == citation.type and earlier.kind in ("numbered", "named"):
            why = f"nhắc lại “{' '.join(earlier.text.split())}”"
            return earlier.verdict, earlier.entity, why, earlier.candidates, ()
    return "unknown", None, "không thấy văn bản cùng loại ở trên", (), ()


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
