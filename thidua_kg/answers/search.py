"""Full-text search: hits of the index with snippets whose highlights are spans of the text, and facets."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_kg.access import existing
from thidua_kg.analyzer import Query, parse_query, snippet
from thidua_kg.answers.facts import Facts
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.answers.suggest import suggestion
from thidua_kg.identity import read_symbol
from thidua_kg.index import Facet, Hit, SearchEngine
from thidua_kg.store import Store

FACETED: tuple[Facet, ...] = ("type", "issuer", "year", "unit")


def search(
    store: Store,
    engine: SearchEngine,
    query: str,
    *,
    types: Sequence[str] = (),
    issuers: Sequence[str] = (),
    units: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    fields: Sequence[str] = (),
    limit: int = 10,
    offset: int = 0,
    collection: str | None = None,
    facets: bool = True,
) -> Answers:
    """Ranked hits; a symbol in the query, also mistyped, finds the document itself above those that cite it.

    Raises InvalidQuery with the place of an error. `fields` limits the search to "title", "task", "body", …; `facets` are
    counted over all that matches, where asked for. `suggestion` is the query as it may have been meant, where it looks
    mistyped.
    """
    tree = parse_query(query, canonical)
    within = () if collection is None else (existing(store, collection),)
    result = engine.search(
        tree, types=tuple(types), issuers=tuple(issuers), units=tuple(units), date_from=since, date_to=until,
        collections=within, fields=tuple(fields), limit=limit, offset=offset, facets=FACETED if facets else (),
    )  # fmt: skip
    meant = None if offset else suggestion(engine, query, tree)
    facts = Facts(store, (hit.id for hit in result.hits))
    rows = [_row(store, hit, facts, tree, meant) for hit in result.hits if facts.reference(hit.id).held]
    notes = ["không văn bản nào có đủ các từ; đây là những văn bản có một phần"] if result.relaxed else []
    if not rows and not offset:
        notes.append(f"chưa thấy trong kho văn bản nào ứng với “{query}”")
    if meant:
        notes.append(f"Có phải ý bạn là: {meant}")
    return Answers(rows, notes, dict(result.facets), result.total, meant)


def _row(store: Store, hit: Hit, facts: Facts, tree: Query, meant: str | None) -> Answer:
    """A hit that is not gone since, with the passage that shows best why."""
    text = store.text_of(hit.id)
    span, marks = snippet(text, tree)
    return Answer(
        document=facts.reference(hit.id),
        score=round(hit.score, 4),
        source=hit.id,
        quote=text[slice(*span)],
        span=span,
        highlights=tuple(marks),
        suggestion=meant,
        path=facts.path(hit.id),
    )


def canonical(raw: str) -> str | None:
    """The official form of a symbol as typed, in any case: `canonical("34/ct-tw") == "34-CT/TW"`."""
    symbol = read_symbol(raw) or read_symbol(raw.upper())
    return symbol.canonical if symbol else None
