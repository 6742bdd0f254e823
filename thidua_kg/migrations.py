"""How does an older knowledge base become one of this version? A table of steps, each from one schema to the next.

A step is history: it is written once, in its own SQL, and never changed when the schema changes again.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from thidua_kg.dates import bounds
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.model import Document
from thidua_kg.resolver import Context, Entity, owner_of, sought_owner
from thidua_kg.text import slug

Step = Callable[[sqlite3.Connection], None]


def version_of(connection: sqlite3.Connection, folder: Path) -> int | None:
    """The schema of the file, None for a new one; KnowledgeBaseError where it is no knowledge base."""
    tables = {row[0] for row in connection.execute("select name from sqlite_master where type='table'")}
    if not tables:
        return None
    row = connection.execute("select value from meta where key='schema'").fetchone() if "meta" in tables else None
    if row is None or not str(row[0]).isdigit():
        raise KnowledgeBaseError(
            str(folder), "kho không ghi lược đồ nào", "kiểm tra lại --kb, hoặc khôi phục từ bản sao"
        )
    return int(row[0])


def migrate(connection: sqlite3.Connection, folder: Path, version: int, steps: Mapping[int, Step]) -> None:
    """Copy the file, then take it from schema `version` through all later steps in one transaction."""
    copy = folder / f"thidua-luoc-do-{version}.sqlite"
    _copy(connection, copy)
    connection.execute("begin immediate")
    try:
        while version in steps:
            steps[version](connection)
            version += 1
        connection.execute("update meta set value=? where key='schema'", (str(version),))
        connection.execute("commit")
    except BaseException as error:
        connection.execute("rollback")
        if isinstance(error, msgspec.MsgspecError):
            why = f"có bản ghi hỏng nên chưa chuyển sang lược đồ mới ({error})"
            raise KnowledgeBaseError(str(folder), why, "khôi phục từ bản sao, hoặc thêm lại vào kho mới") from error
        raise


def copies(folder: Path) -> list[Path]:
    """The copies that migrations left in the folder."""
    return sorted(folder.glob("thidua-luoc-do-*.sqlite*"))


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    target = sqlite3.connect(made)
    try:
        connection.backup(target)
    finally:
        target.close()
    os.replace(made, path)


def digest_of(record: bytes) -> str:
    """The hash that is kept beside a document's record, so that a changed byte shows."""
    return hashlib.blake2b(record, digest_size=16).hexdigest()


def _owners_and_digests(connection: sqlite3.Connection) -> None:
    """Schema 2: the owner of each series, so that a symbol that every province has is looked up in one; a hash of records."""
    for statement in (
        "alter table documents add column owner text",
        "alter table documents add column digest text",
        "alter table citations add column owner text",
        "alter table sources add column name text",
        "create index sources_name on sources (name)",
        "drop index documents_symbol",
        "drop index citations_symbol",
        "create index citations_full on citations (entity) where issuer is not null and title is not null",
        "create index documents_symbol on documents (symbol, owner)",
        "create index citations_symbol on citations (symbol, owner)",
    ):
        connection.execute(statement)
    for (path,) in connection.execute("select path from sources").fetchall():
        connection.execute("update sources set name=? where path=?", (path.rpartition("/")[2], path))
    for (identifier,) in connection.execute("select id from documents").fetchall():
        (record,) = connection.execute("select record from documents where id=?", (identifier,)).fetchone()
        document = msgspec.msgpack.decode(record, type=Document)
        header = document.header
        owner = owner_of(
            Entity(id=identifier, canonical=header.canonical, type=None, issuer=header.issuer, place=header.place)
        )
        connection.execute("update documents set owner=?, digest=? where id=?", (owner, digest_of(record), identifier))
        context = Context.of(identifier, document.header)
        connection.executemany(
            "update citations set owner=? where document=? and position=?",
            [
                (sought_owner(citation, context), identifier, position)
                for position, citation in enumerate(document.citations)
            ],
        )


def _order_of_duties_and_times(connection: sqlite3.Connection) -> None:
    """Schema 3: what duties and times are listed by stands in indexes, as the words of titles; records stand apart."""
    for statement in (
        "alter table assignments add column open integer",
        "alter table assignments add column rank integer",
        "alter table assignments add column date text",
        "alter table times add column low text",
        "alter table times add column high text",
        "alter table times add column year integer",
        "alter table times add column duty text",
        "create table title_words (document text not null, word text not null, length integer not null,"
        " primary key (word, length, document)) without rowid",
        "update assignments set open=not exists (select 1 from times x where x.document=assignments.document"
        " and x.task=assignments.task and (x.edtf is not null or x.rrule is not null)),"
        " rank=case role when 'lead' then 0 when 'coordinate' then 1 when 'advise' then 2 else 3 end,"
        " date=(select coalesce(d.date, '') from documents d where d.id=assignments.document)",
        "update times set year=(select d.plan_year from documents d where d.id=times.document)",
        "create table parses (document text primary key, digest text not null, record blob not null)",
        "insert into parses select id, digest, record from documents",
        "create table moved (id text primary key, canonical text, symbol text, number text, type text, type_code text,"
        " system text, issuer text, issuer_id text, place text, date text, title text, sha256 text not null,"
        " chars integer not null, tasks integer not null, citations integer not null, plan_year integer, owner text"
        ") without rowid",
        "insert into moved select id, canonical, symbol, number, type, type_code, system, issuer, issuer_id, place, date, title,"
        " sha256, chars, tasks, citations, plan_year, owner from documents",
        "drop table documents",
        "alter table moved rename to documents",
        "create index documents_symbol on documents (symbol, owner, canonical, type, issuer, place, date, title)",
        "drop index assignments_name",
        "drop index citations_symbol",
    ):
        connection.execute(statement)
    for (edtf,) in connection.execute("select distinct edtf from times where edtf is not null").fetchall():
        low, high = bounds(edtf)
        connection.execute("update times set low=?, high=? where edtf=?", (low or high or "", high or "9999", edtf))
    for identifier, kind, title in connection.execute("select id, type, title from documents").fetchall():
        words = set(slug(f"{kind or ''} {title}").split("-")) - {""} if title else set()
        connection.executemany(
            "insert into title_words values (?,?,?)", [(identifier, word, len(words)) for word in sorted(words)]
        )
    for statement in (
        "drop index times_edtf",
        "create index assignments_name on assignments (name, open, rank, date)",
        "create index citations_symbol on citations (symbol, owner, entity)",
        "create index times_high on times (high, edtf, document, task, position, low) where edtf is not null",
        "create index times_rule on times (year, rrule) where edtf is null and rrule is not null",
        "create index title_words_document on title_words (document)",
    ):
        connection.execute(statement)


def _numbers_of_documents(connection: sqlite3.Connection) -> None:
    """Schema 4: words of titles and bands of bodies name their document by a number, at a third of the size.

    A citation's type stands in the index by which the citations are found that an arriving document may settle.
    """
    for statement in (
        "create table docs (doc integer primary key, document text not null unique)",
        "insert into docs (document) select id from documents order by id",
        "create table words (word text not null, length integer not null, doc integer not null,"
        " primary key (word, length, doc)) without rowid",
        "insert into words select word, length, doc from title_words join docs using (document)",
        "drop table title_words",
        "alter table words rename to title_words",
        "create index title_words_doc on title_words (doc)",
        "create table if not exists sketches (band integer, numbered integer, document text)",
        "create table bands (band integer not null, numbered integer not null, doc integer not null,"
        " primary key (band, numbered, doc)) without rowid",
        "insert into bands select band, numbered, doc from sketches join docs using (document)",
        "drop table sketches",
        "alter table bands rename to sketches",
        "create index sketches_doc on sketches (doc)",
        "drop index citations_symbol",
        "create index citations_symbol on citations (symbol, owner, entity, type)",
    ):
        connection.execute(statement)


STEPS: dict[int, Step] = {1: _owners_and_digests, 2: _order_of_duties_and_times, 3: _numbers_of_documents}
