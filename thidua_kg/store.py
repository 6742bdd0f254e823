"""The one truth on disk: a SQLite file with every document, its parts, and an ordered log of changes.

Graph and index are made from it and record the last change that they hold, so that they can always catch up. A batch is
one transaction: after a crash the store answers as before it or as after it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.identity import unpadded
from thidua_kg.model import Candidate, Citation, Document, Statement
from thidua_kg.resolver import Entity, Registry
from thidua_kg.text import fold_space, slug

SCHEMA = 1
FILE = "thidua.sqlite"

_TABLES = """
create table meta (key text primary key, value text not null) without rowid;
create table documents (
  id text primary key, record blob not null, canonical text, symbol text, number text, type text, type_code text, system text,
  issuer text, issuer_id text, place text, date text, title text, sha256 text not null, chars integer not null,
  tasks integer not null, citations integer not null, plan_year integer
);
create index documents_symbol on documents (symbol);
create table sources (path text primary key, sha256 text not null, document text not null) without rowid;
create index sources_document on sources (document);
create index sources_sha256 on sources (sha256);
create table citations (
  document text not null, position integer not null, symbol text, canonical text, kind text, type text, number text,
  issuer text, date text, title text, name text, relation text, manner text, holder text, nested_in integer,
  verdict text, entity text, why text, candidates text, start integer, stop integer, quote text,
  primary key (document, position)
) without rowid;
create index citations_symbol on citations (symbol);
create index citations_name on citations (name);
create index citations_entity on citations (entity);
create table tasks (
  document text not null, id text not null, position integer, kind text, number text, text text, start integer, stop integer,
  primary key (document, id)
) without rowid;
create table assignments (
  document text not null, task text not null, position integer not null, unit text, name text, unit_id text, role text,
  force text, duty text, serves text, grouped integer, inherited_from text, start integer, stop integer,
  primary key (document, task, position)
) without rowid;
create index assignments_name on assignments (name);
create table times (
  document text not null, task text not null, position integer not null, text text, kind text, edtf text, rrule text,
  action text, inherited_from text, start integer, stop integer,
  primary key (document, task, position)
) without rowid;
create index times_edtf on times (edtf);
create table statements (
  document text not null, position integer not null, subject text not null, predicate text not null, manner text,
  object text not null, start integer, stop integer, quote text, rule text, citation integer, inherited_from text,
  primary key (document, position)
) without rowid;
create index statements_subject on statements (subject, predicate);
create index statements_object on statements (object, predicate);
create table catalog (
  id text primary key, canonical text, symbol text, type text, issuer text, place text, date text, title text, aliases text
) without rowid;
create index catalog_symbol on catalog (symbol);
create table catalog_names (name text not null, id text not null, primary key (name, id)) without rowid;
create index catalog_names_id on catalog_names (id);
create table changes (sequence integer primary key autoincrement, kind text not null, document text not null);
"""

# Tables added since schema 1. They are made where they are missing, so an older store gains them empty when it is opened to
# write; what lies over the parse (judgements, vocabulary, access) survives every re-parse and rebuild.
ADDED_SINCE_1 = """
create table if not exists judgements (
  id text primary key, kind text not null, document text not null, sha256 text, at text not null, record text not null
) without rowid;
create index if not exists judgements_document on judgements (document);
create index if not exists judgements_sha256 on judgements (sha256);
create index if not exists judgements_kind on judgements (kind);
create table if not exists judgement_states (
  id text primary key, document text not null, state text not null, start integer, stop integer, note text
) without rowid;
create index if not exists judgement_states_document on judgement_states (document);
create table if not exists judged_documents (document text primary key, record blob not null) without rowid;
create table if not exists judged (
  document text not null, part text not null, item text not null, position integer not null, judgement text not null,
  primary key (document, part, item, position)
) without rowid;
create table if not exists followed (id text primary key, document text not null) without rowid;
create index if not exists followed_document on followed (document);
create table if not exists source_records (path text primary key, record blob not null) without rowid;
create table if not exists sketches (
  band integer not null, numbered integer not null, document text not null, primary key (band, numbered, document)
) without rowid;
create index if not exists sketches_document on sketches (document);
create table if not exists proposals (
  document text not null, other text not null, score real not null, why text not null, primary key (document, other)
) without rowid;
create table if not exists vocabulary (
  id text primary key, version integer not null, kind text not null, name text not null, other text not null, record text not null
) without rowid;
create index if not exists vocabulary_kind on vocabulary (kind);
create index if not exists vocabulary_name on vocabulary (name);
create index if not exists vocabulary_other on vocabulary (other);
create table if not exists collections (name text primary key, access text not null) without rowid;
create table if not exists source_collections (path text primary key, collection text not null) without rowid;
create index if not exists source_collections_collection on source_collections (collection);
create table if not exists vocabulary_versions (
  version integer primary key, action text not null, source text not null, rows integer not null
);
"""
_OF_DOCUMENT = (
    "judgement_states",
    "judged_documents",
    "judged",
    "sketches",
    "proposals",
)  # rows that come and go with a document


class Change(msgspec.Struct, frozen=True):
    """One entry of the log: a document was put or removed."""

    sequence: int
    kind: str
    document: str


class Stored(msgspec.Struct, frozen=True):
    """A document as it is shown, judgements over its parse, with what it says of documents."""

    id: str
    document: Document
    statements: tuple[Statement, ...]


class Store:
    """An open store; `Store.open` is the way in. One writer at a time; readers see whole transactions only."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, *, writable: bool) -> None:
        self._db, self.folder, self.writable = connection, folder, writable
        self._registry = Registry()

    @classmethod
    def open(cls, folder: Path, *, write: bool) -> Store:
        """The store in `folder`, made there when writing; `KnowledgeBaseError` where it is absent, newer, or damaged."""
        file = folder / FILE
        if not write and not os.path.exists(file):
            raise KnowledgeBaseError(
                str(folder), "chưa có kho dữ liệu ở đây", "hãy chạy `thidua add TỆP... --kb` trước"
            )
        try:
            if write:
                folder.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(file, timeout=5, isolation_level=None)
                connection.execute("pragma journal_mode=wal")
                connection.execute("pragma synchronous=normal")
            else:
                connection = sqlite3.connect(
                    f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=5, isolation_level=None
                )
            _prepare(connection, folder, write=write)
        except (sqlite3.Error, OSError) as error:
            if "locked" in str(error):
                raise KnowledgeBaseError(
                    str(file), "kho đang được tiến trình khác ghi", "chờ xong rồi chạy lại"
                ) from error
            raise KnowledgeBaseError(
                str(file), f"không mở được kho ({error})", "kiểm tra thư mục, hoặc khôi phục từ bản sao"
            ) from error
        return cls(connection, folder, writable=write)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept together or not at all."""
        try:
            self._db.execute("begin immediate")
        except sqlite3.OperationalError as error:
            raise KnowledgeBaseError(
                str(self.folder), f"kho đang được tiến trình khác ghi ({error})", "chờ xong rồi chạy lại"
            ) from error
        try:
            yield
            self._db.execute("commit")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("rollback")
            if isinstance(error, sqlite3.Error):
                raise KnowledgeBaseError(
                    str(self.folder), f"không ghi được kho ({error})", "kiểm tra chỗ trống trên đĩa và quyền ghi"
                ) from error
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Inside a transaction: what is written here is kept, or undone alone where an error comes."""
        self._db.execute("savepoint one")
        try:
            yield
        except Exception:
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
    ) -> None:
        """Replace all that is known from a document by what is given; call inside `transaction`.

        `parse` is kept as the parse where `document`, which is shown and asked, has judgements over it.
        """
        self._erase(identifier)
        if parse is not None and parse != document:
            self._put_judged(identifier, document)
        header = document.header
        self._db.execute(
            f"insert into documents values ({','.join('?' * 18)})",
            (
                identifier, msgspec.msgpack.encode(parse or document), header.canonical, _key(header.canonical), header.number,
                header.type, header.type_code, header.system, header.issuer, header.issuer_id, header.place, header.date,
                header.title, document.sha256, len(document.text), len(document.tasks), len(document.citations), plan_year,
            ),
        )  # fmt: skip
        self._many(
            "citations", 22, (_citation_row(identifier, i, c, document.text) for i, c in enumerate(document.citations))
        )
        self._many("tasks", 8, (
            (identifier, t.id, i, t.kind, t.number, t.text, *t.span) for i, t in enumerate(document.tasks)
        ))  # fmt: skip
        self._many("assignments", 14, (
            (
                identifier, t.id, i, a.unit, slug(a.unit), a.unit_id, a.role, a.force, a.duty, a.serves, a.group,
                a.inherited_from, *a.span,
            )
            for t in document.tasks for i, a in enumerate(t.assignments)
        ))  # fmt: skip
        self._many("times", 11, (
            (identifier, t.id, i, x.text, x.kind, x.edtf, x.rrule, x.action, x.inherited_from, *x.span)
            for t in document.tasks for i, x in enumerate(t.times)
        ))  # fmt: skip
        self._many("statements", 12, (
            (identifier, i, s.subject, s.predicate, s.manner, s.object, *s.span, s.quote, s.rule, s.citation, s.inherited_from)
            for i, s in enumerate(found)
        ))  # fmt: skip
        self._log("put", identifier)

    def _put_judged(self, identifier: str, document: Document) -> None:
        """Keep the document as shown, and which of its facts come from which judgement."""
        self._db.execute("insert into judged_documents values (?,?)", (identifier, msgspec.msgpack.encode(document)))
        self._many("judged", 5, ((identifier, *row) for row in _judged_rows(document)))

    def add_source(self, path: str, sha256: str, identifier: str) -> None:
        """Note that the file at `path` is a source of a document; call inside `transaction`."""
        self._db.execute("insert or replace into sources values (?,?,?)", (path, sha256, identifier))

    def remove_source(self, path: str) -> None:
        self._db.execute("delete from sources where path=?", (path,))
        for name in ("source_records", "source_collections"):
            self._db.execute(f"delete from {name} where path=?", (path,))

    def remove(self, identifier: str) -> None:
        """Remove a document, its sources and all that came from it; call inside `transaction`."""
        self._erase(identifier)
        for path in self.paths(identifier):
            self.remove_source(path)
        self._log("remove", identifier)

    def _erase(self, identifier: str) -> None:
        self._db.execute("delete from documents where id=?", (identifier,))
        for name in ("citations", "tasks", "assignments", "times", "statements", *_OF_DOCUMENT):
            self._db.execute(f"delete from {name} where document=?", (identifier,))

    def _many(self, name: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
        self._db.executemany(f"insert into {name} values ({','.join('?' * width)})", rows)

    def _log(self, kind: str, identifier: str) -> None:
        self._db.execute("insert into changes (kind, document) values (?,?)", (kind, identifier))

    def put_catalogue(self, entities: Iterable[Entity]) -> list[str]:
        """Keep documents known without their texts; returns the documents whose citations they may settle.

        Call inside `transaction`. A row with an identifier that is there already replaces it.
        """
        citing: set[str] = set()
        for e in entities:
            key = _key(e.canonical)
            self._db.execute(
                "insert or replace into catalog values (?,?,?,?,?,?,?,?,?)",
                (e.id, e.canonical, key, e.type, e.issuer, e.place, e.date, e.title, " | ".join(e.aliases) or None),
            )
            names = {slug(name) for name in (f"{e.type} {e.title}" if e.title else "", *e.aliases)} - {""}
            self._db.execute("delete from catalog_names where id=?", (e.id,))
            self._db.executemany("insert into catalog_names values (?,?)", [(name, e.id) for name in sorted(names)])
            citing |= {row[0] for row in self.rows("select distinct document from citations where symbol=?", key)}
            for name in names:
                citing |= {row[0] for row in self.rows("select distinct document from citations where name=?", name)}
        return sorted(citing)

    def remove_catalogue(self, identifiers: Iterable[str]) -> list[str]:
        """Forget documents known without their texts; returns the documents whose citations named them."""
        citing: set[str] = set()
        for identifier in identifiers:
            named = "from citations c join catalog_names n on n.name=c.name where n.id=?"
            printed = "from citations c join catalog k on k.symbol=c.symbol where k.id=?"
            for found in (named, printed):
                citing |= {row[0] for row in self.rows(f"select distinct c.document {found}", identifier)}
            self._db.execute("delete from catalog where id=?", (identifier,))
            self._db.execute("delete from catalog_names where id=?", (identifier,))
        return sorted(citing)

    # --- reading

    def last_change(self) -> int:
        return int(self.rows("select coalesce(max(sequence), 0) from changes")[0][0])

    def changes_since(self, sequence: int) -> list[Change]:
        """The last change of each document after `sequence`, in order."""
        query = "select max(sequence), kind, document from changes where sequence > ? group by document order by 1"
        return [Change(*row) for row in self.rows(query, sequence)]

    def get(self, identifier: str) -> Stored | None:
        """A document with its statements, or None."""
        document = self._document(
            "select coalesce(j.record, d.record) from documents d left join judged_documents j on j.document=d.id where d.id=?",
            identifier,
        )
        return Stored(identifier, document, tuple(self.statements(identifier))) if document else None

    def parse_of(self, identifier: str) -> Document | None:
        """A document as parsed, without the judgements over it, or None."""
        return self._document("select record from documents where id=?", identifier)

    def source_record(self, path: str) -> Document | None:
        """The parse of one of several sources of a work, or None."""
        return self._document("select record from source_records where path=?", path)

    def put_source_record(self, path: str, document: Document | None) -> None:
        """Keep the parse of one of several sources of a work, or none; call inside `transaction`."""
        self._db.execute("delete from source_records where path=?", (path,))
        if document is not None:
            self._db.execute("insert into source_records values (?,?)", (path, msgspec.msgpack.encode(document)))

    def _document(self, query: str, value: str) -> Document | None:
        rows = self.rows(query, value)
        if not rows:
            return None
        try:
            return msgspec.msgpack.decode(rows[0][0], type=Document)
        except msgspec.MsgspecError as error:
            raise self._damaged(error) from error

    def statements(self, identifier: str) -> list[Statement]:
        """What a document's text says of documents, in text order."""
        return [
            statement_of(row)
            for row in self.rows("select * from statements where document=? order by position", identifier)
        ]

    def document_ids(self) -> list[str]:
        return [row[0] for row in self.rows("select id from documents order by id")]

    def source_of(self, path: str) -> tuple[str, str] | None:
        """The hash and document of a path added before."""
        row = self._db.execute("select sha256, document from sources where path=?", (path,)).fetchone()
        return (row[0], row[1]) if row else None

    def paths(self, identifier: str) -> list[str]:
        return [row[0] for row in self.rows("select path from sources where document=? order by path", identifier)]

    def citing(self, identifier: str) -> list[str]:
        """The other documents with a citation of this document's symbol: those that it may settle."""
        query = (
            "select distinct c.document from documents d join citations c on c.symbol=d.symbol"
            " where d.id=? and c.document<>d.id order by 1"
        )
        return [row[0] for row in self.rows(query, identifier)]

    # --- the catalog that the resolver asks

    def by_symbol(self, key: str) -> Sequence[Entity]:
        """The documents held under a symbol, then those that only the registry and the catalogues know."""
        found = {
            row["id"]: _entity(row) for row in self.rows("select * from documents where symbol=? order by id", key)
        }
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
            rows = self.rows("select * from documents where id=?", entity.id)
            found.append(_entity(rows[0]) if rows else entity)
        return found


def _prepare(connection: sqlite3.Connection, folder: Path, *, write: bool) -> None:
    connection.row_factory = sqlite3.Row
    exists = connection.execute("select 1 from sqlite_master where name='meta'").fetchone()
    if not exists:
        if not write:
            raise KnowledgeBaseError(str(folder), "không phải kho của thidua", "kiểm tra lại --kb")
        connection.executescript(
            f"begin;{_TABLES}{ADDED_SINCE_1}insert into meta values ('schema', '{SCHEMA}');commit;"
        )
    row = connection.execute("select value from meta where key='schema'").fetchone()
    version = row[0] if row else ""
    if not str(version).isdigit():
        raise KnowledgeBaseError(str(folder), "kho không ghi lược đồ nào", "khôi phục từ bản sao")
    if int(version) > SCHEMA:
        raise KnowledgeBaseError(
            str(folder),
            f"kho do phiên bản mới hơn tạo (lược đồ {version}, bản này đọc đến {SCHEMA})",
            "hãy nâng cấp thidua-kg",
        )
    if exists and write:
        connection.executescript(f"begin;{ADDED_SINCE_1}commit;")


def _judged_rows(document: Document) -> Iterator[tuple[str, str, int, str]]:
    """Part, item, position and judgement of each fact that a person judged."""
    yield from (("header", field, 0, judgement) for field, judgement in document.header.judged.items())
    yield from (("citation", "", i, c.judged) for i, c in enumerate(document.citations) if c.judged)
    for task in document.tasks:
        if task.judged:
            yield "task", task.id, 0, task.judged
        yield from (("assignment", task.id, i, a.judged) for i, a in enumerate(task.assignments) if a.judged)
        yield from (("time", task.id, i, t.judged) for i, t in enumerate(task.times) if t.judged)


def _key(canonical: str | None) -> str | None:
    return unpadded(canonical) if canonical else None


def _citation_row(document: str, position: int, c: Citation, text: str) -> tuple[Any, ...]:
    candidates = msgspec.json.encode(c.candidates).decode() if c.candidates else None
    name = slug(c.text) if c.kind == "named" or (c.kind == "numbered" and not c.canonical) else None
    return (
        document, position, _key(c.canonical), c.canonical, c.kind, c.type, c.number, c.issuer, c.date, c.title, name,
        c.relation, c.manner, c.holder, c.nested_in, c.verdict, c.entity, c.why, candidates, *c.full_span,
        fold_space(text[slice(*c.full_span)]),
    )  # fmt: skip


def candidates_of(row: sqlite3.Row) -> tuple[Candidate, ...]:
    """The candidates kept with a citation's row."""
    return msgspec.json.decode(row["candidates"], type=tuple[Candidate, ...]) if row["candidates"] else ()


def statement_of(row: sqlite3.Row) -> Statement:
    """The statement of a row of the table `statements`."""
    return Statement(
        subject=row["subject"], predicate=row["predicate"], object=row["object"], document=row["document"],
        span=(row["start"], row["stop"]), quote=row["quote"], rule=row["rule"], citation=row["citation"],
        manner=row["manner"], inherited_from=row["inherited_from"],
    )  # fmt: skip


def catalog_entity(row: sqlite3.Row) -> Entity:
    """The entity of a row of the table `catalog`."""
    return Entity(
        id=row["id"], canonical=row["canonical"], type=row["type"], issuer=row["issuer"], place=row["place"],
        date=row["date"], title=row["title"], aliases=tuple((row["aliases"] or "").split(" | ")) if row["aliases"] else (),
    )  # fmt: skip


def _entity(row: sqlite3.Row) -> Entity:
    return Entity(
        id=row["id"], canonical=row["canonical"], type=row["type"], issuer=row["issuer"], place=row["place"],
        date=row["date"], title=row["title"], origin="document",
    )  # fmt: skip
