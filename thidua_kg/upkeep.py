"""Do store, graph and index agree? What `verify` compares; `rebuild` mends graph and index, the store is the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from thidua_kg.derived import Derived, graph_record, indexed, known
from thidua_kg.errors import ThiduaError
from thidua_kg.index.records import digest_of
from thidua_kg.migrations import digest_of as record_digest
from thidua_kg.relations import statements
from thidua_kg.rows import PARTS, rows_of, title_words_of
from thidua_kg.schema import BY_NUMBER
from thidua_kg.store import Store, Stored

Part = Literal["store", "graph", "index"]
_Found = tuple[int, list[tuple[str | None, str]]]  # how many documents, and what is wrong: in which document, why
_Check = Callable[[Store, Derived], _Found]

_PORTION = 1_000  # documents that are compared at once
_REBUILD = "chạy `thidua rebuild`"
_RESTORE = "khôi phục thidua.sqlite từ bản sao, hoặc bỏ văn bản rồi thêm lại tệp nguồn của nó"


class Fault(msgspec.Struct, frozen=True):
    """Something that does not agree: where, in which document (None: in the whole), why, and what mends it."""

    part: Part
    document: str | None
    why: str
    remedy: str


class Verification(msgspec.Struct, frozen=True):
    """What `verify` found: the number of documents in each part (None: it cannot be read), the last change, the faults."""

    clean: bool
    documents: dict[Part, int | None]
    change: int | None
    faults: tuple[Fault, ...]


def verify(store: Store, derived: Derived) -> Verification:
    """Compare the three, document by document, by what each should hold; nothing is changed. It reads everything.

    A damaged store is a fault like others, with all that can be said beside it.
    """
    checks: tuple[tuple[Part, _Check, str], ...] = (
        ("store", _store_faults, _RESTORE),
        ("graph", _graph_faults, _REBUILD),
        ("index", _index_faults, _REBUILD),
    )
    counts: dict[Part, int | None] = {}
    faults: list[Fault] = []
    for part, check, remedy in checks:
        try:
            counts[part], found = check(store, derived)
        except ThiduaError as error:
            counts[part], found = None, [(None, error.why)]
        faults += (Fault(part, document, why, remedy) for document, why in found)
    change = store.last_change() if counts["store"] is not None else None
    return Verification(not faults, counts, change, tuple(faults))


def _store_faults(store: Store, _: Derived) -> _Found:
    found: list[tuple[str | None, str]] = []
    found += ((None, row[0]) for row in store.rows("pragma integrity_check(20)") if row[0] != "ok")
    ids = store.document_ids()
    for identifier in ids:
        try:
            found += ((identifier, why) for why in _document_faults(store, identifier))
        except ThiduaError as error:
            found.append((identifier, error.why))
    for table in ("sources", *PARTS):
        query = f"select distinct document from {table} where document not in (select id from documents) order by 1"
        found += ((row[0], f"bảng {table} còn dòng của văn bản không có trong kho") for row in store.rows(query))
    for table in BY_NUMBER:
        query = f"select distinct doc from {table} where doc not in (select doc from docs) order by 1"
        found += (
            (None, f"bảng {table} còn dòng của văn bản số {row[0]} không có trong kho") for row in store.rows(query)
        )
    query = "select document from docs where document not in (select id from documents) order by 1"
    found += ((row[0], "bảng docs còn dòng của văn bản không có trong kho") for row in store.rows(query))
    query = "select id from documents where id not in (select document from docs) order by 1"
    found += ((row[0], "bảng docs thiếu dòng của văn bản có trong kho") for row in store.rows(query))
    lost = "select id from documents where id not in (select document from sources) order by 1"
    found += ((row[0], "không có tệp nguồn nào") for row in store.rows(lost))
    return len(ids), found


def _document_faults(store: Store, identifier: str) -> Iterator[str]:
    """Whether a document's record is what was written, and the rows of the tables are those that it gives."""
    (row,) = store.rows(
        "select p.record, p.digest, d.plan_year from documents d join parses p on p.document=d.id where d.id=?",
        identifier,
    )
    if record_digest(row["record"]) != row["digest"]:
        yield "bản ghi không khớp mã kiểm tra"
        return
    held = store.get(identifier)
    assert held is not None
    expected = rows_of(identifier, held.document, statements(identifier, held.document), row["plan_year"])
    for table in PARTS:
        kept = {tuple(row) for row in store.rows(f"select * from {table} where document=?", identifier)}
        if kept != set(expected[table]):
            yield f"bảng {table} không khớp với bản ghi"
    query = "select word, length from title_words join docs using (doc) where document=?"
    if {tuple(row) for row in store.rows(query, identifier)} != set(title_words_of(held.document.header)):
        yield "bảng title_words không khớp với bản ghi"


def _cited_only(store: Store) -> list[str]:
    """The documents that statements speak of and that are not held."""
    query = (
        "select subject from statements where instr(subject, '#')=0 union select object from statements"
        " except select id from documents order by 1"
    )
    return [row[0] for row in store.rows(query) if "#" not in row[0]]


def _graph_faults(store: Store, derived: Derived) -> _Found:
    derived.follow()
    graph, ids = derived.graph(), store.document_ids()
    held = graph.ids()
    found: list[tuple[str | None, str]] = [*_missing(ids, held)]
    for batch in _batches(store, [i for i in ids if i in held]):
        records = (graph_record(store, stored) for stored in batch)
        found += ((i, "đồ thị không khớp với kho") for i in graph.disagreeing(records))
    cited = _cited_only(store)
    found += ((i, "điều đồ thị ghi về văn bản được viện dẫn không khớp với kho") for i in graph.disagreeing_entities(
        known(store, i) for i in cited
    ))  # fmt: skip
    found += ((None, f"đồ thị còn phần không thuộc văn bản nào: {name}") for name in graph.unexpected(ids, cited))
    with derived.scratch() as copy:
        copy.compact()  # reads every block with its checksum, in all orders of the quads
    return len(held), found


def _index_faults(store: Store, derived: Derived) -> _Found:
    derived.follow()
    index, ids = derived.index(), store.document_ids()
    index.check()
    held = index.digests()
    found: list[tuple[str | None, str]] = [*_missing(ids, held)]
    found += ((i, "chỉ mục còn văn bản không có trong kho") for i in sorted(held.keys() - set(ids)))
    for batch in _batches(store, [i for i in ids if i in held]):
        wrong = (s.id for s in batch if digest_of(indexed(store, s)) != held[s.id])
        found += ((i, "chỉ mục không khớp với kho") for i in wrong)
    return len(held), found


def _missing(ids: list[str], held: set[str] | dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((i, "có trong kho mà thiếu ở đây") for i in ids if i not in held)


def _batches(store: Store, ids: list[str]) -> Iterator[list[Stored]]:
    """The documents in portions that fit into memory; those whose record is damaged are left out, being faults already."""
    for start in range(0, len(ids), _PORTION):
        yield [stored for identifier in ids[start : start + _PORTION] if (stored := _readable(store, identifier))]


def _readable(store: Store, identifier: str) -> Stored | None:
    try:
        return store.get(identifier)
    except ThiduaError:
        return None
