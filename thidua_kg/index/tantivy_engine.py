"""How does tantivy carry out a plan? The default engine: on disk, fast, one writer and many readers."""

from __future__ import annotations

import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any as Untyped
from typing import Self

import tantivy

from thidua_kg.analyzer.tree import Query
from thidua_kg.database import is_writable
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.index.fields import (
    VALUE_FIELDS,
    WORD_FIELDS,
    day_number,
    facets_of,
    fields_of,
    pair_key,
    pairs_of,
)
from thidua_kg.index.plan import Plan, Request, answered, request_of
from thidua_kg.index.records import (
    FACETS,
    NOTHING_MADE,
    Facet,
    Form,
    Hit,
    IndexRecord,
    Result,
    digest_of,
    fitting,
    most_frequent,
    rough,
)
from thidua_kg.index.state import State, create, engine_errors, read_state, write_state
from thidua_kg.index.tantivy_files import META, check_sum, files_of, linked, stand_in
from thidua_kg.index.tantivy_query import PAIRED, PAIRS, Lookup, conjunction, is_whole, ranked, union

_NAME = "tantivy"
_HEAP = 64_000_000  # bytes for one indexing thread; with one thread the same input gives the same segments
_TOKENIZER = "spaces"
_MANY = 2000  # equals beyond which their ids are read in the index's own order
_SPARE = (
    200  # hits behind a page's last that are asked for with it, for there may be equals: another search costs as much
)


class TantivyEngine:
    """The `SearchEngine` over tantivy; see there for what its methods promise."""

    def __init__(
        self,
        path: Path,
        index: tantivy.Index,
        writer: tantivy.IndexWriter | None,
        stand_in: TemporaryDirectory[str] | None = None,
    ) -> None:
        self._path, self._writer, self._stand_in = path, writer, stand_in
        self._index: tantivy.Index | None = index
        self._lookup = Lookup(index.schema)
        self._seen: tuple[int, ...] | None = None  # the list of segments that searches look at

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        with engine_errors(path):
            if write:
                create(path, _NAME, lambda new: tantivy.Index(_schema(), str(new)))
            read_state(path, _NAME)
            elsewhere = None if write or is_writable(path) else stand_in(path)
            index = tantivy.Index.open(elsewhere.name if elsewhere else str(path))
            spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            index.register_tokenizer(_TOKENIZER, spaces)  # tantivy forgets its tokenizers on closing
            return cls(path, index, index.writer(_HEAP, num_threads=1) if write else None, elsewhere)

    def put(self, records: Iterable[IndexRecord], made: Mapping[str, bytes] = NOTHING_MADE) -> None:
        writer = self._writing()
        for record in records:
            fields = fitting(made, record) or document_of(record)
            with engine_errors(self._path):
                writer.delete_documents_by_term("id", record.id)
                writer.add_document(tantivy.Document.from_dict(fields))

    def remove(self, ids: Iterable[str]) -> None:
        writer = self._writing()
        for id_ in ids:
            with engine_errors(self._path):
                writer.delete_documents_by_term("id", id_)

    def commit(self, change: int) -> None:
        writer = self._writing()
        with engine_errors(self._path):
            writer.commit()
            self._seen = None
            write_state(self._path, State(_NAME, change=change))

    def last_change(self) -> int:
        return read_state(self._path, _NAME).change

    def snapshot(self, folder: Path) -> None:
        with engine_errors(self._path):
            while not linked(self._path, folder):
                shutil.rmtree(folder)

    def digests(self) -> dict[str, str]:
        with engine_errors(self._path):
            searcher = self._searcher()
            found = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False)
            documents = (searcher.doc(address) for _, address in found.hits)
            return {document["id"][0]: document["digest"][0] for document in documents}

    def check(self) -> None:
        with engine_errors(self._path):
            for name in files_of((self._path / META).read_bytes(), self._path):
                check_sum(self._path / name)

    def count(self) -> int:
        with engine_errors(self._path):
            return self._searcher().num_docs

    def search(self, query: Query | str, **options: Untyped) -> Result:
        request = request_of(query, **options)
        return answered(request, lambda plan: self._answer(request, plan))

    def frequencies(self, words: Iterable[str], form: Form) -> dict[str, int]:
        with engine_errors(self._path):
            count = self._searcher().doc_freq
            found = {
                word: count(PAIRS, pair_key(word.split(" "), form)) if " " in word else count(f"body_{form}", word)
                for word in dict.fromkeys(words)
            }
        return {word: number for word, number in found.items() if number}

    def close(self) -> None:
        writer, self._writer, self._index = self._writer, None, None  # only so are its mapped files let go
        if writer is not None:
            with engine_errors(self._path):
                writer.wait_merging_threads()
        if self._stand_in is not None:
            self._stand_in.cleanup()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise KnowledgeBaseError(str(self._path), "chỉ mục tìm kiếm được mở chỉ để đọc", "mở lại để ghi")
        return self._writer

    def _searcher(self) -> tantivy.Searcher:
        if self._index is None:
            raise KnowledgeBaseError(str(self._path), "chỉ mục tìm kiếm đã đóng", "mở lại")
        found = (self._path / META).stat()
        newest = found.st_mtime_ns, found.st_ino, found.st_size
        if newest != self._seen:  # taking in the segments costs as much as a small search
            self._index.reload()
            self._seen = newest
        return self._index.searcher()

    def _answer(self, request: Request, plan: Plan) -> Result:
        wanted = conjunction([self._lookup.matching(part) for part in (plan, *request.among)])
        scores = list(self._lookup.scoring(plan))
        with engine_errors(self._path):
            searcher = self._searcher()
            if scores:
                whole = is_whole(plan) and not request.among
                query = union(scores) if whole else ranked(wanted, scores)
                total, hits = _page(searcher, query, request.offset, request.limit)
            else:
                total, hits = _by_id(searcher, wanted, request.offset, request.limit)
            return Result(hits, total, _facets(searcher, wanted, request.facets))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for field in WORD_FIELDS:
        option = "freq" if field in PAIRED else "position"  # their pairs know the places
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option=option)
    builder.add_text_field(PAIRS, tokenizer_name=_TOKENIZER, index_option="position")
    for field in VALUE_FIELDS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("date", indexed=True, fast=True)
    return builder.build()


def document_of(record: IndexRecord) -> dict[str, Untyped]:
    """The document that tantivy gets for a record."""
    fields: dict[str, Untyped] = fields_of(record)
    fields[PAIRS] = " ".join(pairs_of(fields.get(field, ""), form) for field, form in PAIRED.items())
    fields |= {facet: list(values) for facet, values in facets_of(record).items() if values}
    return {"id": record.id, "digest": digest_of(record), "date": day_number(record.date), **fields}


def _page(searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int) -> tuple[int, tuple[Hit, ...]]:
    """How many documents match, and one page of them: by score, equals by id, which tantivy does not sort by itself.

    So its hits are read down to the first that is behind the page's last, and each group of equals is sorted here.
    """
    documents = max(1, searcher.num_docs)
    offset, limit = min(offset, documents), min(limit, documents)
    found = searcher.search(query, limit=min(documents, offset + limit + _SPARE), count=True)
    total, hits = _count(found), found.hits
    cut = min(offset + limit, total)
    if offset >= cut:
        return total, ()
    while len(hits) < total and rough(hits[cut - 1][0]) == rough(hits[-1][0]):
        hits = searcher.search(query, limit=min(total, 8 * len(hits)), count=False).hits
    first = bisect_left(hits, _place(hits[offset]), key=_place)
    last = bisect_right(hits, _place(hits[cut - 1]), key=_place)
    if last - first == total > _MANY and _place(hits[0]) == _place(hits[-1]):
        return _by_id(searcher, query, offset, limit, rough(hits[0][0]))
    places = {score: -rough(score) for score in {score for score, _ in hits[first:last]}}  # few, for thousands of hits
    ranked = sorted((places[score], searcher.doc(address)["id"][0]) for score, address in hits[first:last])
    return total, tuple(Hit(id_, -place) for place, id_ in ranked[offset - first : cut - first])


def _by_id(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int, score: float = 0.0
) -> tuple[int, tuple[Hit, ...]]:
    """The same where all scores are equal: tantivy sorts by the ids, and reads no document."""
    documents = max(1, searcher.num_docs)
    offset, limit, order = min(offset, documents), min(limit, documents), tantivy.Order.Asc
    found = searcher.search(query, limit=max(1, limit), offset=offset, order_by_field="id", order=order, count=True)
    return _count(found), tuple(Hit(id_, score) for id_, _ in found.hits[:limit])


def _place(hit: tuple[float, object]) -> float:
    return -rough(hit[0])


def _count(found: tantivy.SearchResult) -> int:
    count: int = found.count  # type: ignore[attr-defined]  # tantivy's stubs leave it out
    return count


def _facets(
    searcher: tantivy.Searcher, query: tantivy.Query, names: tuple[Facet, ...]
) -> dict[str, tuple[tuple[str, int], ...]]:
    if not names:
        return {}
    counted = searcher.aggregate(query, {name: {"terms": {"field": name, "size": 1000}} for name in names})
    return {name: most_frequent((b["key"], b["doc_count"]) for b in counted[name]["buckets"]) for name in names}
