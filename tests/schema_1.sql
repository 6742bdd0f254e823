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
