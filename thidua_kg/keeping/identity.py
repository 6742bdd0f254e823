"""Which work is a source of? By what it prints, by what a person judged, or by a body that is certainly the same."""

from __future__ import annotations

from itertools import chain

import msgspec

from thidua_kg.judgements import log
from thidua_kg.judgements.overlay import judged_header
from thidua_kg.judgements.records import Judgement, in_order
from thidua_kg.keeping.names import current, names_of
from thidua_kg.model import Document
from thidua_kg.pipeline import document_id
from thidua_kg.sketches import sketch
from thidua_kg.store import Store
from thidua_kg.works import Likeness, continues, issued, likeness, title_key

_CANDIDATES = 50  # of one band that are looked at


class Identity(msgspec.Struct, frozen=True):
    """The work of a source; `names` it has borne, `joining` documents that are sources of it, `doubtful` pairs for a person.

    `keys` are those of the source, as `keys_of` gives them.
    """

    id: str
    names: frozenset[str]
    joining: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, Likeness], ...] = ()
    keys: tuple[int, ...] = ()


def identify(
    store: Store, parsed: Document, before: str | None = None, bands: tuple[int, ...] | None = None
) -> Identity:
    """The identity of a parsed source; `before` is the document that the same path was a source of until now.

    `bands` is its sketch, where that was worked out already.
    """
    raw = document_id(parsed)
    names = names_of(store, raw)
    if before is not None and before not in names:
        old = _as_it_was(store, parsed.path, before)
        if old is not None and continues(old, parsed):
            names |= names_of(store, before)
    header = judged_header(parsed.header, log.of_document(store, names, [parsed.sha256]))
    ready = msgspec.structs.replace(parsed, header=header)
    own = document_id(ready)
    same, different = _judged(store, names | {own}, parsed.sha256)
    others = [other for other in sorted(same - names - {own}) if _may_join(store, header.canonical, other)]
    keys = keys_of(ready, bands if header is parsed.header else None)
    weighed = _weighed(store, ready, keys, {own, *names, *others, *different})
    certain = [other for other, like in weighed if like.verdict == "certain"]
    if len(certain) == 1:
        others += certain
    doubtful = tuple((o, like) for o, like in weighed if like.verdict == "doubtful" or len(certain) > 1)
    work = min((own, *others), key=lambda name: (not is_printed(name), name))
    return Identity(work, frozenset(names | {own}), tuple(o for o in others if o != work), doubtful, keys)


def is_printed(identifier: str) -> bool:
    """Whether an identity is the printed one of a work, not that of a file."""
    return not identifier.startswith(("sha256:", "draft:"))


def _as_it_was(store: Store, path: str, identifier: str) -> Document | None:
    """The parse of a path that is about to be replaced."""
    return store.source_record(path) or store.parse_of(identifier)


def decided(store: Store) -> list[Judgement]:
    """The judgements in force on same and different works."""
    rows = store.rows("select record from judgements where kind in ('same', 'different')")
    if not rows:
        return []
    found = in_order(msgspec.json.decode(row[0], type=Judgement) for row in rows)
    gone = log.taken_back(store)
    return [j for j in found if j.id not in gone]


def _judged(store: Store, names: set[str], sha256: str) -> tuple[set[str], set[str]]:
    """The documents that persons called the same as this source, and those they called different; the later word holds."""
    verdicts: dict[str, str] = {}
    for j in decided(store):
        if j.document in names or j.sha256 == sha256:
            verdicts[_today(store, j.value, j.other_sha256)] = j.kind
        elif j.value in names or j.other_sha256 == sha256:
            verdicts[_today(store, j.document, j.sha256)] = j.kind
    held = {name: kind for name, kind in verdicts.items() if store.holds(name)}
    return {n for n, kind in held.items() if kind == "same"}, {n for n, kind in held.items() if kind == "different"}


def _today(store: Store, identifier: str, sha256: str | None) -> str:
    rows = store.rows("select document from sources where sha256=? order by path", sha256) if sha256 else []
    return str(rows[0][0]) if rows else current(store, identifier)


def _may_join(store: Store, canonical: str | None, other: str) -> bool:
    """Two documents that print different symbols are never one, whoever says so."""
    rows = store.rows("select canonical from documents where id=?", other)
    return bool(rows) and not (canonical and rows[0][0] and rows[0][0] != canonical)


def _weighed(store: Store, document: Document, keys: tuple[int, ...], known: set[str]) -> list[tuple[str, Likeness]]:
    """The documents with a like body of which this may be another source: an unnumbered one has a numbered one, and back."""
    numbered = issued(document.header)
    wanted = (0,) if numbered else (1, 0)
    of_band = "select * from (select document from sketches join docs using (doc) where band=? and numbered=? limit ?)"
    bands = [(key, number, _CANDIDATES) for key in keys for number in wanted]
    query = " union all ".join([of_band] * len(bands))  # one question of many parts takes a third of the time of many
    found = {row[0] for row in store.rows(query, *chain.from_iterable(bands))} if bands else set[str]()
    weighed = []
    for other in sorted(found - known):
        held = store.get(other)
        if held is None:
            continue
        like = likeness(document, held.document)
        if like.verdict == "certain" and not numbered and not issued(held.document.header):
            like = msgspec.structs.replace(like, verdict="doubtful", why=f"{like.why}; cả hai không số")
        if like.verdict != "different":
            weighed.append((other, like))
    return weighed


def keys_of(document: Document, bands: tuple[int, ...] | None = None) -> tuple[int, ...]:
    """Under which a document is looked up by its like: issuer and title, and the bands of its body."""
    named = title_key(document.header)
    return (*(sketch(document) if bands is None else bands), *((named,) if named is not None else ()))
