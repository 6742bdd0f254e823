"""Full-text search: hits of the index with snippets whose highlights are spans of the text, and facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from thidua_kg.analyzer import parse_query, snippet
from thidua_kg.answers.lookup import reference
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.answers.suggest import suggestion
from thidua_kg.identity import read_symbol
from thidua_kg.index import Facet, Result, SearchEngine
from thidua_kg.index.records import most_frequent
from thidua_kg.store import Store

FACETED: tuple[Facet, ...] = ("type", "issuer", "year", "unit")
MOST = 10_000  # hits that a search within a collection goes through


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
    within: frozenset[str] | None = None,
) -> Answers:
    """Ranked hits; a symbol in the query, also mistyped, finds the document itself above those that cite it.

    Raises InvalidQuery with the place of an error. `fields` limits the search to "title", "task", "body", …; `within` to some
    documents, among the first MOST hits, and its facets count these. `suggestion` is the query as it may have been meant,
    where it looks mistyped.
    """
    tree = parse_query(query, canonical)
    if within is not None:
        limit, offset, page = MOST, 0, (offset, limit)
    result = engine.search(
        tree, types=tuple(types), issuers=tuple(issuers), units=tuple(units), date_from=since, date_to=until,
        fields=tuple(fields), limit=limit, offset=offset, facets=FACETED,
    )  # fmt: skip
    if within is not None:
        result = _only(store, result, within, page)
    meant = None if offset else suggestion(engine, query, tree)
    rows = []
    for hit in result.hits:
        stored = store.get(hit.id)
        if stored is None:
            continue
        text = stored.document.text
        span, marks = snippet(text, tree)
        rows.append(
            Answer(
                document=reference(store, hit.id),
                score=round(hit.score, 4),
                source=hit.id,
                quote=text[slice(*span)],
                span=span,
                highlights=tuple(marks),
                suggestion=meant,
                path=next(iter(store.paths(hit.id)), None),
            )
        )
    notes = ["không văn bản nào có đủ các từ; đây là những văn bản có một phần"] if result.relaxed else []
    if not rows and not offset:
        notes.append(f"chưa thấy trong kho văn bản nào ứng với “{query}”")
    if meant:
        notes.append(f"Có phải ý bạn là: {meant}")
    return Answers(rows, notes, dict(result.facets), result.total, meant)


def _only(store: Store, result: Result, within: frozenset[str], page: tuple[int, int]) -> Result:
    """The page of a result's hits that are among some documents, with the facets of all of these."""
    hits = [hit for hit in result.hits if hit.id in within]
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETED}
    for hit in hits:
        for row in store.rows("select type, issuer, substr(date, 1, 4) year from documents where id=?", hit.id):
            for name in ("type", "issuer", "year"):
                counts[name].update([row[name]] if row[name] else [])
        units = store.rows("select distinct unit from assignments where document=?", hit.id)
        counts["unit"].update(row[0] for row in units)
    start, size = page
    return Result(
        tuple(hits[start : start + size]),
        len(hits),
        {name: most_frequent(found.items()) for name, found in counts.items()},
        result.relaxed,
    )


def canonical(raw: str) -> str | None:
    """The official form of a symbol as typed, in any case: `canonical("34/ct-tw") == "34-CT/TW"`."""
    symbol = read_symbol(raw) or read_symbol(raw.upper())
    return symbol.canonical if symbol else None
