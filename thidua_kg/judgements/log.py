"""The log of judgements as the store keeps it: entries are added, never changed; how each stands is noted with its document.

Which judgements are a document's is told by its identifiers, today's and former ones, and by the hashes of its sources.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from thidua_kg.judgements.overlay import Placed
from thidua_kg.judgements.records import Judgement, Standing, in_order, undone
from thidua_kg.store import Store

_ABSENT = "văn bản này không có trong kho"


def append(store: Store, judgements: Iterable[Judgement]) -> list[Judgement]:
    """Add entries that are not there yet and return these; call inside `transaction`."""
    new = []
    for j in judgements:
        if store.rows("select 1 from judgements where id=?", j.id):
            continue
        store.execute(
            "insert into judgements values (?,?,?,?,?,?)",
            j.id, j.kind, j.document, j.sha256, j.at, msgspec.json.encode(j).decode(),
        )  # fmt: skip
        new.append(j)
    return new


def forget(store: Store, names: set[str]) -> None:
    """Leave no entry that speaks of a document under any of its names or by its sources, or names it as another one's like.

    What was said of a source that is another document's by now is that one's and stays. For purging alone, call inside
    `transaction`.
    """
    own = {row[0] for row in store.among("select sha256 from sources where document in {}", names)}
    theirs = {row[0] for row in store.rows("select sha256 from sources")} - own
    for j in entries(store):
        told_of = j.sha256 in own or (j.document in names and j.sha256 not in theirs)
        if told_of or (j.kind in ("same", "different") and (j.value in names or j.other_sha256 in own)):
            store.execute("delete from judgements where id=?", j.id)
            store.execute("delete from judgement_states where id=?", j.id)


def entries(store: Store) -> list[Judgement]:
    """The whole log, in order of time."""
    return _decoded(store.rows("select record from judgements"))


def entry(store: Store, identifier: str) -> Judgement | None:
    """The entry of an id, or None."""
    found = _decoded(store.rows("select record from judgements where id=?", identifier))
    return found[0] if found else None


def of_document(store: Store, names: Iterable[str], hashes: Iterable[str]) -> list[Judgement]:
    """The entries in force that speak of a document under any of its names or sources, in order of time."""
    found: dict[str, Judgement] = {}
    for column, values in (("document", names), ("sha256", hashes)):
        for value in values:
            for j in _decoded(store.rows(f"select record from judgements where {column}=?", value)):
                found[j.id] = j
    gone = taken_back(store) if found else set()
    return in_order(j for j in found.values() if j.id not in gone and j.kind != "undo")


def taken_back(store: Store) -> set[str]:
    """The ids of all entries that are undone."""
    undos = _decoded(store.rows("select record from judgements where kind='undo'"))
    return undone(undos) if undos else set()


def note(store: Store, document: str, placed: Sequence[Placed]) -> None:
    """Keep how the judgements of a document stand, and log where that changed; call inside `transaction`."""
    rows = sorted((p.id, document, p.state, *(p.span or (None, None)), p.note) for p in placed)
    if rows == [tuple(r) for r in store.rows("select * from judgement_states where document=? order by id", document)]:
        return
    theirs = store.among("select distinct document from judgement_states where id in {}", [p.id for p in placed])
    store.execute("delete from judgement_states where document=?", document)
    for row in rows:
        store.execute("insert or replace into judgement_states values (?,?,?,?,?,?)", *row)
    for other in sorted({document, *(row[0] for row in theirs)}):  # one that spoke of another document until now
        store.rejudged(other)


def noted(store: Store, document: str) -> list[Standing]:
    """The entries in force on a document with how they stand, in order of their ids."""
    query = "select s.*, j.record from judgement_states s join judgements j using (id) where s.document=? order by s.id"
    return [_standing(msgspec.json.decode(row["record"], type=Judgement), row) for row in store.rows(query, document)]


def standings(store: Store) -> list[Standing]:
    """Every entry with how it stands, in order of time."""
    log = entries(store)
    gone = undone(log)
    states = {row["id"]: row for row in store.rows("select * from judgement_states")}
    found = []
    for j in log:
        row = states.get(j.id)
        if j.id in gone:
            found.append(Standing(id=j.id, judgement=j, state="undone"))
        elif row is not None:
            found.append(_standing(j, row))
        elif j.kind in ("undo", "same", "different"):
            found.append(Standing(id=j.id, judgement=j, state="placed"))
        else:
            found.append(Standing(id=j.id, judgement=j, state="orphaned", note=_ABSENT))
    return found


def _standing(j: Judgement, row: sqlite3.Row) -> Standing:
    """An entry as its row of `judgement_states` has it."""
    span = (row["start"], row["stop"]) if row["start"] is not None else None
    return Standing(
        id=j.id, judgement=j, state=row["state"], held_by=row["document"], span=span, note=row["note"] or ""
    )


def _decoded(rows: Iterable[Sequence[str]]) -> list[Judgement]:
    return in_order(msgspec.json.decode(row[0], type=Judgement) for row in rows)
