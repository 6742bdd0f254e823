"""What may be given out: a store of public sources alone, made from the parses of another one.

It is made, not cut out: links, titles of cited documents and pairs are found anew among what is public, so nothing of an
internal document is in it but what public texts print of it. Left behind are catalogues, and judgements that link to internal
documents; who judged and why stays inside, too.
"""

from __future__ import annotations

import msgspec

from thidua_kg import overlay
from thidua_kg.access import DEFAULT, public_sources, put_in, set_access
from thidua_kg.judgements.records import Judgement
from thidua_kg.keeping.documents import judgements_of, keep, relink, sources_of
from thidua_kg.keeping.judging import record
from thidua_kg.store import Store

ABROAD = "kho gốc"  # who judged, as a published knowledge base says it


def publish(store: Store, target: Store) -> None:
    """Fill an empty store with the public sources of another; call inside the target's `transaction`."""
    public = public_sources(store)
    set_access(target, DEFAULT, "public")
    overlay.add(target, (word for word, _ in overlay.words(store) if word.kind != "document"), "")
    affected: set[str] = set()
    judgements: dict[str, Judgement] = {}
    for document, paths in public.items():
        for path, parsed in sources_of(store, document).items():
            if path in paths:
                kept = keep(target, parsed, None)
                affected |= kept.affected
                put_in(target, path, DEFAULT)
        judgements |= {j.id: j for j in judgements_of(store, document) if _may_leave(store, j, public)}
    relink(target, affected)
    record(target, [msgspec.structs.replace(j, by=ABROAD, why="") for j in judgements.values()])


def _may_leave(store: Store, judgement: Judgement, public: dict[str, list[str]]) -> bool:
    """Whether a judgement was made on a public text and names no internal document."""
    if judgement.sha256 is not None:
        rows = store.rows("select path from sources where sha256=?", judgement.sha256)
        if rows and not any(row[0] in paths for row in rows for paths in (public.get(judgement.document, ()),)):
            return False
    if judgement.kind not in ("link", "same", "different"):
        return True
    return not store.holds(judgement.value) or judgement.value in public
