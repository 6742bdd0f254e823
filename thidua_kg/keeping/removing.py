"""Documents out of the knowledge base: with all that came from them, and where asked for without a trace."""

from __future__ import annotations

from collections.abc import Iterable

from thidua_kg.answers.lookup import the_held
from thidua_kg.answers.records import DocumentReference
from thidua_kg.derived import Derived
from thidua_kg.judgements import log
from thidua_kg.keeping.documents import relink
from thidua_kg.keeping.names import names_of
from thidua_kg.store import Store


def remove(store: Store, names: Iterable[str]) -> list[DocumentReference]:
    """Remove documents; all that came from them goes, and nothing else."""
    taken = [the_held(store, name) for name in names]
    with store.transaction():
        _take_out(store, taken)
    return taken


def purge(store: Store, derived: Derived, names: Iterable[str]) -> list[DocumentReference]:
    """Remove documents so that no byte of them stays: graph and index are made anew, and the file's free pages go.

    With them go the judgements of them, whose quotes are their words.
    """
    taken = [the_held(store, name) for name in names]
    with store.transaction():
        for document in taken:
            log.forget(store, names_of(store, document.id))
        _take_out(store, taken)
        for document in taken:
            store.forget(document.id)
        derived.rebuild()
    store.scrub()
    derived.clear_away()
    return taken


def _take_out(store: Store, taken: Iterable[DocumentReference]) -> None:
    affected: set[str] = set()
    for document in taken:
        affected |= set(store.citing(document.id))
        store.remove(document.id)
    relink(store, affected)
