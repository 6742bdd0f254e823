"""How do answers name a document? As the store holds it, else as the registry, a catalogue or its citations know it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from thidua_kg.answers.records import DocumentReference
from thidua_kg.identity import is_draft
from thidua_kg.resolver import Entity, Registry
from thidua_kg.store import Store, catalog_entity

ENOUGH = 32  # citations of a document, those in full first, that say what is known of it: thousands would say the same
_HELD = "select id, canonical, type, issuer, place, date, title from documents"


def reference(store: Store, identifier: str, entity: Entity | None = None) -> DocumentReference:
    """A document as answers name it, from the store, the registry, or the fullest citation of it."""
    known, own = _listed(store, identifier), held(store, identifier)
    other = None if own else entity or known or from_citations(store, identifier)
    return _named(identifier, own, other, known)


def references(store: Store, identifiers: Sequence[str]) -> dict[str, DocumentReference]:
    """The same of many documents, those among them that are held."""
    listed = {
        row["id"]: catalog_entity(row) for row in store.among("select * from catalog where id in {}", identifiers)
    }
    return {
        row["id"]: _named(row["id"], _entity(row), None, registered().get(row["id"]) or listed.get(row["id"]))
        for row in store.among(f"{_HELD} where id in {{}}", identifiers)
    }


def _named(identifier: str, own: Entity | None, other: Entity | None, known: Entity | None) -> DocumentReference:
    """The name by what a document says itself, else by what is said of it; what these lack is taken from the lists."""
    found = own or other
    if found is None:
        return DocumentReference(id=identifier)
    return DocumentReference(
        id=identifier,
        canonical=found.canonical,
        type=found.type,
        title=found.title or (known.title if known else None),
        date=found.date or (known.date if known else None),
        issuer=found.issuer or (known.issuer if known else None),
        held=own is not None,
        draft=is_draft(identifier),
    )


def held(store: Store, identifier: str) -> Entity | None:
    """A document as the store holds it."""
    rows = store.rows(f"{_HELD} where id=?", identifier)
    return _entity(rows[0]) if rows else None


def all_held(store: Store, identifiers: Iterable[str]) -> dict[str, Entity]:
    """Those documents among many that the store holds."""
    return {row["id"]: _entity(row) for row in store.among(f"{_HELD} where id in {{}}", identifiers)}


def _entity(row: sqlite3.Row) -> Entity:
    return Entity(**dict(row), origin="document")


def citations_of(store: Store, identifiers: Iterable[str]) -> dict[str, int]:
    """How many citations mean each document; the number that it prints of itself is none."""
    ids = list(identifiers)
    every = store.among("select entity, count(*) from citations where entity in {} group by entity", ids)
    own = store.among(
        "select document, count(*) from citations where document in {} and entity=document and kind='self' group by document",
        ids,
    )
    by_itself: dict[str, int] = {row[0]: row[1] for row in own}
    return {row[0]: n for row in every if (n := row[1] - by_itself.get(row[0], 0))}


def from_citations(store: Store, identifier: str) -> Entity | None:
    """What the citations of a document say of it; a provisional identity has the one that it stands for."""
    if identifier.startswith("?"):
        document, _, position = identifier[1:].rpartition("/")
        rows = store.rows("select * from citations where document=? and position=?", document, int(position))
    else:
        query = "select * from citations indexed by {} where entity=? {} order by document, position limit ?"
        rows = store.rows(
            query.format("citations_full", "and issuer is not null and title is not null"), identifier, ENOUGH
        )
        rows = rows or store.rows(query.format("citations_entity", ""), identifier, ENOUGH)
        rows.sort(key=lambda row: (row["issuer"] is None, row["title"] is None))
    if not rows:
        return None
    first = rows[0]
    fullest: dict[str, Any] = {
        key: next((row[key] for row in rows if row[key]), None)
        for key in ("canonical", "type", "issuer", "date", "title")
    }
    name = fullest["title"] or (None if fullest["canonical"] else first["quote"])
    return Entity(**{**fullest, "id": identifier, "title": name, "origin": "cited"})


def _listed(store: Store, identifier: str) -> Entity | None:
    """What the registry or a catalogue says of a document."""
    known = registered().get(identifier)
    rows = [] if known else store.rows("select * from catalog where id=?", identifier)
    return catalog_entity(rows[0]) if rows else known


@cache
def registered() -> dict[str, Entity]:
    """The documents that ship with the package, by id."""
    return {entity.id: entity for entity in Registry().all()}
