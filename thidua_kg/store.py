"""The one truth on disk: a SQLite file with every document, its parts, and an ordered log of changes.

Graph and index are made from it and record the last change that they hold, so that they can always catch up. A batch is
one transaction: after a crash the store answers as before it or as after it. What graph and index are to hold with it is
published inside the transaction (`Follower`, and `snapshots`), so that readers see all three of one change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from thidua_kg.database import FILE, being_written, connect_reader, connect_writer, opening
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.locks import Lock
from thidua_kg.migrations import copies
from thidua_kg.model import Document, Statement
from thidua_kg.resolver import LAWS, Entity, Registry
from thidua_kg.rows import (
    ENTITY,
    PARTS,
    Text,
    candidates_of,
    catalog_entity,
    document_entity,
    judged_rows,
    packed,
    rows_of,
    statement_of,
    title_words_of,
    unpacked,
)
from thidua_kg.schema import BY_NUMBER, OF_DOCUMENT, SCHEMA, prepare

__all__ = [
    "SCHEMA",
    "Change",
    "Follower",
    "Published",
    "Store",
    "Stored",
    "candidates_of",
    "catalog_entity",
    "statement_of",
]

_Record = TypeVar("_Record")


class Change(msgspec.Struct, frozen=True):
    """One entry of the log: a document was put or removed, or only its links or how its judgements stand ("link")."""

    sequence: int
    kind: str
    document: str


class Published(msgspec.Struct, frozen=True):
    """The snapshot of graph and index that readers open, and the change that it holds."""

    change: int
    snapshot: int


class Follower(Protocol):
    """What must be made from the store before a transaction ends; the knowledge base's graph and index."""

    def keep_up(self) -> None:
        """Called before the commit: what it raises undoes the transaction."""

    def settled(self) -> None:
        """Called after the commit."""

    def undone(self) -> None:
        """Called after a rollback: what was done since the last commit must be forgotten."""


class Stored(msgspec.Struct, frozen=True):
    """A document as it is shown, judgements over its parse, with what it says of documents."""

    id: str
    document: Document
    statements: tuple[Statement, ...]


class Store:
    """An open store; `Store.open` is the way in. One writer at a time; readers see whole transactions only."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, lock: Lock | None) -> None:
        self._db, self.folder, self._lock = connection, folder, lock
        self._registry = Registry()
        self._asking = 0  # questions that are being answered, one within the other
        self.follower: Follower | None = None

    @property
    def writable(self) -> bool:
        return self._lock is not None

    @classmethod
    def open(cls, folder: Path, *, write: bool) -> Store:
        """The store in `folder`, made there when writing, an older one migrated then.

        `KnowledgeBaseError` where it is absent, newer, older and only to be read, damaged, or written by another process.
        """
        with opening(folder):
            if not write:
                connection, lock = connect_reader(folder), None
            else:
                connection, lock = connect_writer(folder)
            try:
                prepare(connection, folder, write=write)
            except BaseException:
                _close(connection, lock)
                raise
        return cls(connection, folder, lock)

    def close(self) -> None:
        _close(self._db, self._lock)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept together, with what `follower` makes of it, or not at all."""
        try:
            self._db.execute("begin immediate")
        except sqlite3.OperationalError as error:
            raise being_written(self.folder) from error
        try:
            yield
            if self.follower is not None:
                self.follower.keep_up()
            self._db.execute("commit")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("rollback")
            if self.follower is not None:
                self.follower.undone()
            if isinstance(error, sqlite3.Error | OSError):
                raise KnowledgeBaseError(
                    str(self.folder), f"không ghi được kho ({error})", "kiểm tra chỗ trống trên đĩa và quyền ghi"
                ) from error
            raise
        if self.follower is not None:
            self.follower.settled()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one moment; between questions a reader holds nothing that a writer waits for."""
        self._asking += 1
        try:
            if self._asking == 1 and not self.writable:
                self._db.execute("begin")
            yield
        finally:
            self._asking -= 1
            if self._asking == 0 and self._db.in_transaction and not self.writable:
                self._db.execute("rollback")

    def renew(self) -> None:
        """Within `reading`: go on at the present moment."""
        if self._db.in_transaction and not self.writable:
            self._db.execute("rollback")
            self._db.execute("begin")

    def published(self) -> Published | None:
        """The snapshot that belongs to the rows as they are read now."""
        rows = self.rows("select value from meta where key='published'")
        return msgspec.json.decode(rows[0][0], type=Published) if rows else None

    def publish(self, published: Published) -> None:
        """Note the snapshot that belongs to the rows as they will be; call inside `transaction`."""
        value = msgspec.json.encode(published).decode()
        self._db.execute("insert or replace into meta values ('published', ?)", (value,))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Inside a transaction: what is written here is kept, or undone alone where an error comes."""
        self._db.execute("savepoint one")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback to one")
            raise
        finally:
            if self._db.in_transaction:
                self._db.execute("release one")

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """The rows of a read-only query with bound values; KnowledgeBaseError where the file is damaged."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def among(self, query: str, values: Iterable[str]) -> list[sqlite3.Row]:
        """The rows of a read-only query whose `{}` stands for a set of values: `… where id in {}`."""
        return self.rows(query.format("(select value from json_each(?))"), msgspec.json.encode(list(values)).decode())

    def _damaged(self, error: Exception) -> KnowledgeBaseError:
        return KnowledgeBaseError(
            str(self.folder / FILE), f"không đọc được kho ({error})", "khôi phục từ bản sao, hoặc thêm lại vào kho mới"
        )

    # --- writing

    def execute(self, statement: str, *values: Any) -> None:
        """A writing statement with bound values, for the tables of the rooms above; call inside `transaction`."""
        self._db.execute(statement, values)

    def put(
        self,
        identifier: str,
        document: Document,
        found: Sequence[Statement],
        plan_year: int | None,
        parse: Document | None = None,
        kind: Literal["put", "link"] = "put",
    ) -> int:
        """Replace all that is known from a document by what is given; its number. Call inside `transaction`.

        `parse` is kept as the parse where `document`, which is shown and asked, has judgements over it. The kind "link" says
        that nothing changed of what the index holds.
        """
        number = self._number(identifier)
        if number is None:
            number = self._db.execute("insert into docs (document) values (?)", (identifier,)).lastrowid
            assert number is not None
        else:
            self._erase(identifier, number)
        if parse is not None and parse != document:
            self._put_judged(identifier, document)
        for table, rows in rows_of(identifier, document, found, plan_year, parse).items():
            self.insert(table, rows)
        self.insert("title_words", [(*row, number) for row in title_words_of(document.header)])
        self._log(kind, identifier)
        return number

    def _put_judged(self, identifier: str, document: Document) -> None:
        """Keep the document as shown, and which of its facts come from which judgement."""
        self._db.execute("insert into judged_documents values (?,?)", (identifier, packed(document)))
        self.insert("judged", [(identifier, *row) for row in judged_rows(document)])

    def add_source(self, path: str, sha256: str, identifier: str) -> None:
        """Note that the file at `path` is a source of a document; call inside `transaction`."""
        self._db.execute(
            "insert or replace into sources values (?,?,?,?)", (path, sha256, identifier, path.rpartition("/")[2])
        )

    def remove_source(self, path: str) -> None:
        self._db.execute("delete from sources where path=?", (path,))
        for name in ("source_records", "source_collections"):
            self._db.execute(f"delete from {name} where path=?", (path,))

    def remove(self, identifier: str) -> None:
        """Remove a document, its sources and all that came from it; call inside `transaction`."""
        number = self._number(identifier)
        if number is not None:
            self._erase(identifier, number)
            self._db.execute("delete from docs where doc=?", (number,))
        for path in self.paths(identifier):
            self.remove_source(path)
        self._log("remove", identifier)

    def forget(self, identifier: str) -> None:
        """Leave no name of a document that was removed in the log and among proposals; call inside `transaction`, then rebuild."""
        self._db.execute("delete from changes where document=?", (identifier,))
        self._db.execute("delete from proposals where other=?", (identifier,))
        self._db.execute("delete from followed where ? in (id, document)", (identifier,))

    def scrub(self) -> None:
        """Have nothing left of what was deleted, nor copies that migrations made; refused while a reader uses old pages."""
        for copy in copies(self.folder):
            copy.unlink()
        self._db.execute("vacuum")
        (busy, *_) = self._db.execute("pragma wal_checkpoint(truncate)").fetchone()
        if busy:
            raise KnowledgeBaseError(
                str(self.folder),
                "tiến trình khác đang đọc kho nên chưa xóa hết được dấu vết",
                "đóng các nơi đang đọc rồi chạy `thidua purge` không kèm tên",
            )

    def _number(self, identifier: str) -> int | None:
        """The number by which some tables name a document that is held."""
        rows = self.rows("select doc from docs where document=?", identifier)
        return rows[0][0] if rows else None

    def _erase(self, identifier: str, number: int) -> None:
        """Remove all rows of a document but its number."""
        self._db.execute("delete from documents where id=?", (identifier,))
        for name in (*PARTS, *OF_DOCUMENT):
            self._db.execute(f"delete from {name} where document=?", (identifier,))
        for name in BY_NUMBER:
            self._db.execute(f"delete from {name} where doc=?", (number,))

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows to a table; call inside `transaction`."""
        if rows:
            self._db.executemany(f"insert into {table} values ({','.join('?' * len(rows[0]))})", rows)

    def moved(self, identifier: str) -> None:
        """Log that a document's sources are kept elsewhere, which the index holds too; call inside `transaction`."""
        self._log("put", identifier)

    def rejudged(self, identifier: str) -> None:
        """Log that a document's judgements stand otherwise, which the graph holds too; call inside `transaction`."""
        self._log("link", identifier)

    def _log(self, kind: str, identifier: str) -> None:
        self._db.execute("insert into changes (kind, document) values (?,?)", (kind, identifier))

    # --- reading

    def last_change(self) -> int:
        return int(self.rows("select coalesce(max(sequence), 0) from changes")[0][0])

    def changes_since(self, sequence: int) -> list[Change]:
        """What became of each document after `sequence`, in order of its last change: "remove", "put", or "link" alone."""
        query = (
            "select max(sequence), case when max(sequence)=max(case kind when 'remove' then sequence end) then 'remove'"
            " when max(kind='put') then 'put' else 'link' end, document"
            " from changes where sequence > ? group by document order by 1"
        )
        return [Change(*row) for row in self.rows(query, sequence)]

    def get(self, identifier: str) -> Stored | None:
        """A document with its statements, or None."""
        document = self._record(
            "select coalesce(j.record, p.record) from parses p left join judged_documents j using (document) where document=?",
            identifier,
            Document,
        )
        return Stored(identifier, document, tuple(self.statements(identifier))) if document else None

    def parse_of(self, identifier: str) -> Document | None:
        """A document as parsed, without the judgements over it, or None."""
        return self._record("select record from parses where document=?", identifier, Document)

    def source_record(self, path: str) -> Document | None:
        """The parse of one of several sources of a work, or None."""
        return self._record("select record from source_records where path=?", path, Document)

    def put_source_record(self, path: str, document: Document | None) -> None:
        """Keep the parse of one of several sources of a work, or none; call inside `transaction`."""
        self._db.execute("delete from source_records where path=?", (path,))
        if document is not None:
            self._db.execute("insert into source_records values (?,?)", (path, packed(document)))

    def text_of(self, identifier: str) -> str:
        """The text of a document, a third of the time that all of it takes; "" where it is not held."""
        found = self._record("select record from parses where document=?", identifier, Text)
        return found.text if found else ""

    def _record(self, query: str, value: str, kind: type[_Record]) -> _Record | None:
        rows = self.rows(query, value)
        if not rows:
            return None
        try:
            return unpacked(rows[0][0], kind)
        except ValueError as error:
            raise self._damaged(error) from error

    def statements(self, identifier: str) -> list[Statement]:
        """What a document's text says of documents, in text order."""
        return [
            statement_of(row)
            for row in self.rows("select * from statements where document=? order by position", identifier)
        ]

    def holds(self, identifier: str) -> bool:
        """Whether a document's text is here."""
        return bool(self.rows("select 1 from documents where id=?", identifier))

    def document_ids(self) -> list[str]:
        return [row[0] for row in self.rows("select id from documents order by id")]

    def source_of(self, path: str) -> tuple[str, str] | None:
        """The hash and document of a path added before."""
        row = self._db.execute("select sha256, document from sources where path=?", (path,)).fetchone()
        return (row[0], row[1]) if row else None

    def paths(self, identifier: str) -> list[str]:
        return [row[0] for row in self.rows("select path from sources where document=? order by path", identifier)]

    def citing(self, identifier: str) -> list[str]:
        """The other documents with a citation that this document, which is held, may settle or unsettle by being so.

        A citation printed in full was looked up by its identity, whose coming alone can change it; one without year is
        open to all documents of its series, one without owner to all of its symbol. Laws may also be found by their name.
        """
        of_series = (
            "select c.document from documents d join citations c on c.symbol=d.symbol and {}"
            " where d.id=?1 and c.document<>?1"
            f" and (c.entity=?1 or c.entity is null or c.type in ({','.join(map(repr, sorted(LAWS)))}))"
        )
        # Two questions: asked in one, "or" has every citation of a symbol that all provinces have looked through.
        query = f"{of_series.format('c.owner=d.owner')} union {of_series.format('c.owner is null')} order by 1"
        return [row[0] for row in self.rows(query, identifier)]

    # --- the catalog that the resolver asks

    def by_symbol(self, key: str, owner: str | None = None) -> Sequence[Entity]:
        """The documents held under a symbol, of one series or of all; then those the registry and the catalogues know."""
        query, values = f"select {ENTITY} from documents where symbol=?", (key,) if owner is None else (key, owner)
        rows = self.rows(f"{query}{' and owner=?' if owner is not None else ''} order by id", *values)
        found = {row["id"]: document_entity(row) for row in rows}
        for entity in self._registry.by_symbol(key):
            found.setdefault(entity.id, entity)
        for row in self.rows("select * from catalog where symbol=? order by id", key):
            found.setdefault(row["id"], catalog_entity(row))
        return list(found.values())

    def by_name(self, key: str) -> Sequence[Entity]:
        """The entities of a name; one that the store holds is given as it holds it."""
        known = {entity.id: entity for entity in self._registry.by_name(key)}
        for row in self.rows(
            "select c.* from catalog_names n join catalog c on c.id=n.id where n.name=? order by c.id", key
        ):
            known.setdefault(row["id"], catalog_entity(row))
        found = []
        for entity in known.values():
            rows = self.rows(f"select {ENTITY} from documents where id=?", entity.id)
            found.append(document_entity(rows[0]) if rows else entity)
        return found


def _close(connection: sqlite3.Connection, lock: Lock | None) -> None:
    connection.close()
    if lock is not None:
        lock.release()
