"""What users list: documents known to exist without their texts, and words.

Only citations and duties that these may settle are looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from thidua_kg import overlay
from thidua_kg.catalogue import BadRow, read_catalogue
from thidua_kg.keeping.adding import Failure, Report
from thidua_kg.keeping.documents import relink
from thidua_kg.overlay import Word
from thidua_kg.resolver import Entity
from thidua_kg.rows import symbol_key
from thidua_kg.store import Store
from thidua_kg.text import slug


def add_catalogue(store: Store, path: str | Path, *, place: str | None, issuer: str | None) -> Report:
    """Keep the documents of a CSV catalogue; `place` and `issuer` stand for those of rows that name none."""
    entities, bad = read_catalogue(path, place=place, issuer=issuer)
    with store.transaction():
        relink(store, _put(store, entities))
    return Report(added=len(entities), failed=_failures(path, bad))


def add_vocabulary(store: Store, path: str | Path) -> Report:
    """Keep the rows of a table of words; see `overlay`."""
    found, bad = overlay.read_words(path)
    with store.transaction():
        changed = overlay.add(store, found, Path(path).name)
        listed = _put(store, (word.entity for word in changed if word.entity))
        relink(store, listed | overlay.touched(store, changed))
    return Report(added=len(changed), unchanged=len(found) - len(changed), failed=_failures(path, bad))


def remove_vocabulary(store: Store, identifiers: Iterable[str]) -> list[Word]:
    """Forget rows by their ids."""
    with store.transaction():
        gone = overlay.remove(store, identifiers)
        listed = _remove(store, [word.entity.id for word in gone if word.entity])
        relink(store, listed | overlay.touched(store, gone))
    return gone


def _failures(path: str | Path, bad: Iterable[BadRow]) -> tuple[Failure, ...]:
    return tuple(Failure(f"{path}, dòng {row.line}", row.why) for row in bad)


def _put(store: Store, entities: Iterable[Entity]) -> set[str]:
    """Keep documents in place of those with the same identifiers; the documents whose citations they may settle."""
    citing: set[str] = set()
    for e in entities:
        key, aliases = symbol_key(e.canonical), " | ".join(e.aliases) or None
        store.execute(
            "insert or replace into catalog values (?,?,?,?,?,?,?,?,?)",
            e.id, e.canonical, key, e.type, e.issuer, e.place, e.date, e.title, aliases,
        )  # fmt: skip
        store.execute("delete from catalog_names where id=?", e.id)
        citing |= {row[0] for row in store.rows("select distinct document from citations where symbol=?", key)}
        for name in sorted({slug(name) for name in (f"{e.type} {e.title}" if e.title else "", *e.aliases)} - {""}):
            store.execute("insert into catalog_names values (?,?)", name, e.id)
            citing |= {row[0] for row in store.rows("select distinct document from citations where name=?", name)}
    return citing


def _remove(store: Store, identifiers: Iterable[str]) -> set[str]:
    """Forget documents; those whose citations named them."""
    citing: set[str] = set()
    for identifier in identifiers:
        named = "from citations c join catalog_names n on n.name=c.name where n.id=?"
        printed = "from citations c join catalog k on k.symbol=c.symbol where k.id=?"
        for found in (named, printed):
            citing |= {row[0] for row in store.rows(f"select distinct c.document {found}", identifier)}
        store.execute("delete from catalog where id=?", identifier)
        store.execute("delete from catalog_names where id=?", identifier)
    return citing
