"""Who may see what? Every source belongs to a collection, and each collection is public or internal.

A source that was put in none is in "mặc định", which is internal until somebody says otherwise. A document is public where one
of its sources is, and then by what its public sources say.
"""

from __future__ import annotations

from typing import Literal

from thidua_kg.errors import InvalidQuery
from thidua_kg.store import Store
from thidua_kg.text import fold_space

Access = Literal["public", "internal"]
DEFAULT = "mặc định"
_LONGEST = 200  # characters of a collection's name

_OF_SOURCE = (
    f"(select s.path, s.document, coalesce(c.collection, '{DEFAULT}') collection from sources s"
    " left join source_collections c on c.path=s.path)"
)


def checked(name: str) -> str:
    """The name of a collection as it is kept; InvalidQuery for one that is none."""
    name = fold_space(name)
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise InvalidQuery(name[:40], "không phải tên bộ sưu tập", f"viết 1 đến {_LONGEST} ký tự")
    return name


def set_access(store: Store, collection: str, access: Access | None) -> None:
    """Label a collection; without a label a new one is internal, an old one stays as it is. Call inside `transaction`."""
    if access is None:
        store.execute("insert or ignore into collections values (?, 'internal')", collection)
    else:
        store.execute("insert or replace into collections values (?, ?)", collection, access)


def put_in(store: Store, path: str, collection: str) -> None:
    """Put a source into a collection, out of the one it was in; call inside `transaction`."""
    held = store.rows(f"select document from {_OF_SOURCE} where path=? and collection<>?", path, collection)
    store.execute("insert or replace into source_collections values (?,?)", path, collection)
    for row in held:
        store.moved(row["document"])


def collections_of(store: Store, document: str) -> list[str]:
    """The collections that a document's sources are in, by name."""
    rows = store.rows(f"select distinct collection from {_OF_SOURCE} where document=? order by 1", document)
    return [row[0] for row in rows]


def collections(store: Store) -> list[tuple[str, Access, int]]:
    """Every collection with its label and number of sources, by name."""
    rows = store.rows(
        f"select n.name, coalesce(l.access, 'internal') access, (select count(*) from {_OF_SOURCE} where collection=n.name) size"
        f" from (select name from collections union select '{DEFAULT}') n left join collections l on l.name=n.name order by 1"
    )
    return [(row["name"], row["access"], row["size"]) for row in rows]


def public_sources(store: Store) -> dict[str, list[str]]:
    """The public sources' paths by document, in the order of their ids."""
    found: dict[str, list[str]] = {}
    rows = store.rows(
        f"select o.document, o.path from {_OF_SOURCE} o join collections l on l.name=o.collection"
        " where l.access='public' order by 1, 2"
    )
    for row in rows:
        found.setdefault(row["document"], []).append(row["path"])
    return found


def existing(store: Store, collection: str) -> str:
    """The name of a collection that there is; InvalidQuery where there is no such."""
    names = [name for name, _, _ in collections(store)]
    if collection not in names:
        raise InvalidQuery(collection, "không có bộ sưu tập này", f"có: {', '.join(names)}")
    return collection


def documents_in(store: Store, collection: str) -> frozenset[str]:
    """The documents with a source in a collection; InvalidQuery where there is no such."""
    query = f"select distinct document from {_OF_SOURCE} where collection=?"
    return frozenset(row[0] for row in store.rows(query, existing(store, collection)))
