"""Which tables does the store have, and how does a file come to have those of this version?"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from thidua_kg.database import missing
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.migrations import STEPS, migrate, version_of

SCHEMA = 4

TABLES = """
create table meta (key text primary key, value text not null) without rowid;
create table documents (
  id text primary key, canonical text, symbol text, number text, type text, type_code text, system text,
  issuer text, issuer_id text, place text, date text, title text, sha256 text not null, chars integer not null,
  tasks integer not null, citations integer not null, plan_year integer, owner text
) without rowid;
create index documents_symbol on documents (symbol, owner, canonical, type, issuer, place, date, title);
create table parses (document text primary key, digest text not null, record blob not null);
create table sources (
  path text primary key, sha256 text not null, document text not null, name text
) without rowid;
create index sources_name on sources (name);
create index sources_document on sources (document);
create index sources_sha256 on sources (sha256);
create table citations (
  document text not null, position integer not null, symbol text, canonical text, kind text, type text, number text,
  issuer text, date text, title text, name text, relation text, manner text, holder text, nested_in integer,
  verdict text, entity text, why text, candidates text, start integer, stop integer, quote text, owner text,
  primary key (document, position)
) without rowid;
create index citations_symbol on citations (symbol, owner, entity, type);
create index citations_name on citations (name);
create index citations_entity on citations (entity);
create index citations_full on citations (entity) where issuer is not null and title is not null;
create table tasks (
  document text not null, id text not null, position integer, kind text, number text, text text, start integer, stop integer,
  primary key (document, id)
) without rowid;
create table assignments (
  document text not null, task text not null, position integer not null, unit text, name text, unit_id text, role text,
  force text, duty text, serves text, grouped integer, inherited_from text, start integer, stop integer,
  open integer, rank integer, date text,
  primary key (document, task, position)
) without rowid;
create index assignments_name on assignments (name, open, rank, date);
create table times (
  document text not null, task text not null, position integer not null, text text, kind text, edtf text, rrule text,
  action text, inherited_from text, start integer, stop integer, low text, high text, year integer, duty text,
  primary key (document, task, position)
) without rowid;
create index times_high on times (high, edtf, document, task, position, low) where edtf is not null;
create index times_rule on times (year, rrule) where edtf is null and rrule is not null;
create table docs (doc integer primary key, document text not null unique);
create table title_words (
  word text not null, length integer not null, doc integer not null, primary key (word, length, doc)
) without rowid;
create index title_words_doc on title_words (doc);
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
  band integer not null, numbered integer not null, doc integer not null, primary key (band, numbered, doc)
) without rowid;
create index if not exists sketches_doc on sketches (doc);
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
OF_DOCUMENT = (
    "parses",
    "judgement_states",
    "judged_documents",
    "judged",
    "proposals",
)  # rows that come and go with a document
BY_NUMBER = ("title_words", "sketches")  # so do these; many and small, they name it by its number in `docs`


def prepare(connection: sqlite3.Connection, folder: Path, *, write: bool) -> None:
    """Make the tables of a new store, bring those of an older one up to date; refuse a newer one."""
    connection.row_factory = sqlite3.Row
    version = version_of(connection, folder)
    if version is None:
        if not write:
            raise missing(folder)  # its first writer did not come further
        connection.executescript(f"begin;{TABLES}{ADDED_SINCE_1}insert into meta values ('schema', '{SCHEMA}');commit;")
    elif version > SCHEMA:
        raise KnowledgeBaseError(
            str(folder),
            f"kho do phiên bản mới hơn tạo (lược đồ {version}, bản này đọc đến {SCHEMA})",
            "hãy nâng cấp thidua-kg",
        )
    elif version < SCHEMA:
        if not write:
            why = f"kho do phiên bản cũ hơn tạo (lược đồ {version}, bản này dùng {SCHEMA})"
            raise KnowledgeBaseError(str(folder), why, "chạy `thidua rebuild` một lần để chuyển; bản cũ được giữ lại")
        migrate(connection, folder, version, STEPS)
    if version is not None and write:
        connection.executescript(f"begin;{ADDED_SINCE_1}commit;")
