"""Which names a document has borne: an identifier changes when its number becomes known, and judgements follow it."""

from __future__ import annotations

from thidua_kg.store import Store


def names_of(store: Store, identifier: str) -> set[str]:
    """All the names of the document that bears this one, today's among them."""
    now = current(store, identifier)
    return {identifier, now, *(row[0] for row in store.rows("select id from followed where document=?", now))}


def current(store: Store, identifier: str) -> str:
    """The name that a document bears today: `identifier` itself unless it was left for another."""
    if store.holds(identifier):
        return identifier
    rows = store.rows("select document from followed where id=?", identifier)
    return str(rows[0][0]) if rows else identifier


def rename(store: Store, old: str, new: str) -> None:
    """From now on what was said of `old` is said of `new`; call inside `transaction`."""
    if old == new:
        return
    store.execute("delete from followed where id=?", new)
    store.execute("update followed set document=? where document=?", new, old)
    store.execute("insert or replace into followed values (?,?)", old, new)
