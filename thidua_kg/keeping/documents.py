"""Sources into documents: one source or several of one work, its judgements laid over the parse, its citations linked.

Every function is called inside `Store.transaction`; those that return names give the documents whose links may have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from thidua_kg.index.records import record_of
from thidua_kg.judgements import log
from thidua_kg.judgements.overlay import Placed, overlaid, under_header
from thidua_kg.judgements.records import Judgement
from thidua_kg.keeping.identity import Identity, identify, keys_of
from thidua_kg.keeping.names import current, names_of, rename
from thidua_kg.model import Document
from thidua_kg.overlay import with_units
from thidua_kg.pipeline import linked, plan_year, with_header
from thidua_kg.relations import statements
from thidua_kg.store import Store
from thidua_kg.works import combined, issued


class Kept(msgspec.Struct, frozen=True):
    """The document that a source became, and the documents whose links its coming may have changed."""

    id: str
    affected: frozenset[str]


def keep(store: Store, parsed: Document, before: str | None, bands: tuple[int, ...] | None = None) -> Kept:
    """Keep a parsed source under its path; `before` is the document that the path was a source of until now.

    `bands` is the source's sketch, where that was worked out already.
    """
    found = identify(store, parsed, before, bands)
    affected: set[str] = set()
    if before is not None and before != found.id:
        affected |= drop_source(store, parsed.path, before)
    store.add_source(parsed.path, parsed.sha256, found.id)
    _follow(store, found, before)
    _compose(store, found.id, {parsed.path: parsed}, found.keys)
    _propose(store, found)
    affected |= regroup(store, found.joining)
    return Kept(found.id, frozenset(affected | set(store.citing(found.id))))


def drop_source(store: Store, path: str, identifier: str) -> set[str]:
    """Forget one source; with its last one the document goes."""
    held = sources_of(store, identifier)
    store.remove_source(path)
    rest = {p: parsed for p, parsed in held.items() if p != path}
    citing = set(store.citing(identifier))
    if not store.paths(identifier):
        store.remove(identifier)
        return citing
    return citing | _settle(store, identifier, rest)


def regroup(store: Store, identifiers: Iterable[str]) -> set[str]:
    """Find anew which works the sources of some documents are of: after a judgement, or when their other half arrived."""
    affected: set[str] = set()
    for identifier in sorted(set(identifiers)):
        affected |= _settle(store, identifier, sources_of(store, identifier))
    return affected


def _settle(store: Store, identifier: str, sources: Mapping[str, Document]) -> set[str]:
    affected = set(store.citing(identifier))
    moved: dict[str, dict[str, Document]] = {}
    joining: set[str] = set()
    for path, parsed in sources.items():
        found = identify(store, parsed)
        moved.setdefault(found.id, {})[path] = parsed
        if found.id != identifier:
            store.add_source(path, parsed.sha256, found.id)
            _follow(store, found, identifier)
        joining.update(found.joining)
    if not store.paths(identifier):
        store.remove(identifier)
    for work, fresh in sorted(moved.items()):
        _compose(store, work, {**sources_of(store, work), **fresh})
        affected |= set(store.citing(work)) | {work}
    return affected | regroup(store, joining - {identifier, *moved})


def _follow(store: Store, found: Identity, before: str | None) -> None:
    """The names that the source bore are names of its work now, but for those that another document bears still."""
    for name in sorted(found.names | ({before} if before in found.names and before else set())):
        if name != found.id and not store.paths(name):
            rename(store, name, found.id)


def sources_of(store: Store, identifier: str) -> dict[str, Document]:
    """The parses of a work's sources by path; of a single source the work's own is it."""
    paths = store.paths(identifier)
    if len(paths) == 1:
        parsed = store.source_record(paths[0]) or store.parse_of(identifier)
        return {paths[0]: parsed} if parsed else {}
    found = {path: parsed for path in paths if (parsed := store.source_record(path))}
    own = store.parse_of(identifier)
    if own is not None and own.path in paths:
        found.setdefault(own.path, own)
    return found


def _compose(store: Store, identifier: str, fresh: Mapping[str, Document], keys: tuple[int, ...] = ()) -> None:
    """Make a work's document from its sources, those given and those kept; `keys` are those of a single source, if known."""
    sources = {**sources_of(store, identifier), **fresh}
    for path, parsed in sources.items():  # a single source is the document's own record
        store.put_source_record(path, parsed if len(sources) > 1 else None)
    main, header = combined(list(sources.values()))
    ready = main if header == main.header else with_header(main, header)
    _put(store, identifier, ready, keys=keys if len(sources) == 1 else ())


def relink(store: Store, identifiers: Iterable[str]) -> None:
    """Resolve the citations of documents anew against what is held now, their judgements over it again."""
    for identifier in sorted(set(identifiers)):
        parsed = store.parse_of(identifier)
        if parsed is not None:
            _put(store, identifier, parsed, only_changed=True)


def _put(
    store: Store, identifier: str, parsed: Document, *, only_changed: bool = False, keys: tuple[int, ...] = ()
) -> None:
    judgements = judgements_of(store, identifier)
    headed = under_header(parsed, judgements)
    document = linked(headed, store, identifier)
    record = document if headed is parsed else linked(parsed, store, identifier)
    shown, placed = overlaid(with_units(document, store), judgements, lambda name: current(store, name))
    held = store.get(identifier) if only_changed else None
    if held is None or held.document != shown or parsed != record:
        same_words = held is not None and record_of(identifier, held.document) == record_of(identifier, shown)
        kind: Literal["put", "link"] = "link" if same_words else "put"
        number = store.put(identifier, shown, statements(identifier, shown), plan_year(shown.header), record, kind)
        store.insert("sketches", [(key, issued(shown.header), number) for key in keys or keys_of(shown)])
    pairs = (Placed(j.id, "placed") for j in judgements if j.kind in ("same", "different"))
    log.note(store, identifier, [*_headers(judgements), *pairs, *placed])


def judgements_of(store: Store, identifier: str) -> list[Judgement]:
    """The judgements that speak of a document; one made on a source that now is another document's is that one's."""
    hashes = [row[0] for row in store.rows("select distinct sha256 from sources where document=?", identifier)]
    found = log.of_document(store, names_of(store, identifier), hashes)
    return [j for j in found if j.sha256 is None or j.sha256 in hashes or not _held_elsewhere(store, j.sha256)]


def _held_elsewhere(store: Store, sha256: str) -> bool:
    return bool(store.rows("select 1 from sources where sha256=?", sha256))


def _headers(judgements: Iterable[Judgement]) -> list[Placed]:
    """How the judgements of header fields stand: the last of each field holds."""
    held: dict[str | None, Placed] = {}
    found: list[Placed] = []
    for j in (j for j in judgements if j.kind == "header"):
        earlier = held.get(j.field)
        if earlier is not None:
            found[found.index(earlier)] = earlier._replace(state="superseded", note=f"thay bằng {j.id}")
        held[j.field] = Placed(j.id, "placed")
        found.append(held[j.field])
    return found


def _propose(store: Store, found: Identity) -> None:
    """Keep the pairs that a person should decide on, once each."""
    for other, like in found.doubtful:
        one, two = sorted((found.id, other))
        store.execute("insert or replace into proposals values (?,?,?,?)", one, two, round(like.score, 3), like.why)
