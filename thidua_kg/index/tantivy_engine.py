"""How does tantivy carry out a plan? The default engine: on disk, fast, one writer and many readers."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any as Untyped
from typing import Self

import msgspec
import tantivy

from thidua_kg.analyzer.tree import Query
from thidua_kg.database import is_writable
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.index.fields import (
    KEY_FIELDS,
    NAME_FIELD,
    SYMBOL_FIELDS,
    WORD_FIELDS,
    day_number,
    facets_of,
    fields_of,
    pair_key,
    pairs_of,
)
from thidua_kg.index.plan import (
    All,
    Any,
    AtLeast,
    Begins,
    Between,
    Every,
    Except,
    Near,
    Pair,
    Plan,
    Prefer,
    Request,
    Run,
    Word,
    answered,
    has_scores,
    request_of,
)
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
from thidua_kg.index.state import STATE, State, create, engine_errors, read_state, write_state
from thidua_kg.snapshots import place_file

_NAME = "tantivy"
_HEAP = 64_000_000  # bytes for one indexing thread; with one thread the same input gives the same segments
_TOKENIZER = "spaces"
_META, _MANAGED = "meta.json", ".managed.json"  # tantivy's own lists: of the segments that count, of all its files
_FOOTER_MARK = 1337
_MANY = 2000  # equals beyond which their ids are read in the index's own order
_PAIRED: dict[str, Form] = {"body_folded": "folded", "body_bare": "bare"}
_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


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
        self._schema = index.schema

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        with engine_errors(path):
            if write:
                create(path, _NAME, lambda new: tantivy.Index(_schema(), str(new)))
            read_state(path, _NAME)
            stand_in = None if write or is_writable(path) else _stand_in(path)
            index = tantivy.Index.open(stand_in.name if stand_in else str(path))
            spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            index.register_tokenizer(_TOKENIZER, spaces)  # tantivy forgets its tokenizers on closing
            return cls(path, index, index.writer(_HEAP, num_threads=1) if write else None, stand_in)

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
            write_state(self._path, State(_NAME, change=change))

    def last_change(self) -> int:
        return read_state(self._path, _NAME).change

    def snapshot(self, folder: Path) -> None:
        with engine_errors(self._path):
            while not _linked(self._path, folder):
                shutil.rmtree(folder)

    def digests(self) -> dict[str, str]:
        with engine_errors(self._path):
            searcher = self._searcher()
            found = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False)
            documents = (searcher.doc(address) for _, address in found.hits)
            return {document["id"][0]: document["digest"][0] for document in documents}

    def check(self) -> None:
        with engine_errors(self._path):
            for name in _files_of((self._path / _META).read_bytes(), self._path):
                _check_sum(self._path / name)

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
                word: count("pairs", pair_key(word.split(" "), form)) if " " in word else count(f"body_{form}", word)
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
        self._index.reload()
        return self._index.searcher()

    def _answer(self, request: Request, plan: Plan) -> Result:
        wanted = self._compile(plan)
        if request.among:
            among = (tantivy.Query.const_score_query(self._compile(part), 0.0) for part in request.among)
            wanted = tantivy.Query.boolean_query([(_MUST, wanted), *((_MUST, part) for part in among)])
        with engine_errors(self._path):
            searcher = self._searcher()
            total, hits = _page(searcher, wanted, request.offset, request.limit, has_scores(plan))
            return Result(hits, total, _facets(searcher, wanted, request.facets))

    def _compile(self, plan: Plan) -> tantivy.Query:
        make, schema = tantivy.Query, self._schema
        match plan:
            case Word(field, text, boost):
                return _boosted(make.term_query(schema, field, text, "freq"), boost)
            case Run(field, words, boost):
                return _boosted(self._run(field, words), boost)
            case Begins(field, text, boost):
                begins = make.fuzzy_term_query(schema, field, text, distance=0, prefix=True)
                return make.const_score_query(begins, boost)
            case Near(field, text, distance, boost):
                near = make.fuzzy_term_query(schema, field, text, distance, transposition_cost_one=False)
                return make.const_score_query(near, boost)
            case Between(field, low, high):
                inside = make.range_query(schema, field, tantivy.FieldType.Integer, low, high)
                return make.const_score_query(inside, 0.0)
            case All():
                return make.const_score_query(make.all_query(), 0.0)
            case Any(parts):
                return make.boolean_query([(_SHOULD, self._compile(part)) for part in parts])
            case AtLeast(parts, least):
                some = [(_SHOULD, self._compile(part)) for part in parts]
                return make.boolean_query(some, minimum_number_should_match=least)
            case Pair(words, form, boost):
                return _boosted(make.term_query(schema, "pairs", pair_key(words, form), "freq"), boost)
            case Prefer(wanted, bonus):
                return make.boolean_query([*self._clauses(wanted), *((_SHOULD, self._compile(part)) for part in bonus)])
            case Except() | Every():
                clauses = self._clauses(plan)
                if all(occur == _MUST_NOT for occur, _ in clauses):
                    clauses.append((_MUST, self._compile(All())))
                return make.boolean_query(clauses)

    def _run(self, field: str, words: tuple[str, ...]) -> tantivy.Query:
        """Words in a row; in the body, places are looked up only where each two of them are known to be neighbours."""
        phrase = tantivy.Query.phrase_query(self._schema, field, list(words))
        form = _PAIRED.get(field)
        if form is None:
            return phrase
        pairs = (
            tantivy.Query.term_query(self._schema, "pairs", pair_key(pair, form), "freq") for pair in pairwise(words)
        )
        near = [(_MUST, tantivy.Query.const_score_query(pair, 0.0)) for pair in pairs]
        return tantivy.Query.boolean_query([*near, (_MUST, phrase)])

    def _clauses(self, plan: Plan) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """The clauses of a conjunction, flat: what must be in all parts is intersected before anything is scored."""
        match plan:
            case Every(parts):
                return [clause for part in parts for clause in self._clauses(part)]
            case Prefer(wanted, bonus):
                return [*self._clauses(wanted), *((_SHOULD, self._compile(part)) for part in bonus)]
            case Except(part):
                return [(_MUST_NOT, self._compile(part))]
        return [(_MUST, self._compile(plan))]


def _stand_in(path: Path) -> TemporaryDirectory[str]:
    """A folder in which the index of a read-only medium can be opened: tantivy takes a lock even to read."""
    folder = TemporaryDirectory(prefix="thidua-", ignore_cleanup_errors=True)
    for entry in os.scandir(path):
        target = Path(folder.name) / entry.name
        try:
            target.symlink_to(Path(entry.path).resolve())
        except OSError:  # Windows gives links to administrators only
            shutil.copyfile(entry.path, target)
    return folder


def _linked(path: Path, folder: Path) -> bool:
    """Link the files that the index consists of; False where a merge in the background put others in their place."""
    meta = (path / _META).read_bytes()
    folder.mkdir(parents=True)
    try:
        for name in _files_of(meta, path):
            place_file(path / name, folder / name)
    except FileNotFoundError:
        return False
    for name in (_MANAGED, STATE):
        place_file(path / name, folder / name)
    (folder / _META).write_bytes(meta)
    return (path / _META).read_bytes() == meta


def _files_of(meta: bytes, path: Path) -> Iterator[str]:
    """The names of the files that tantivy's list of segments says count."""
    segments = {segment["segment_id"].replace("-", "") for segment in msgspec.json.decode(meta)["segments"]}
    yield from (name for name in os.listdir(path) if name.partition(".")[0] in segments)


def _check_sum(file: Path) -> None:
    """A file of tantivy ends with a JSON footer that holds the CRC-32 of what is before it, its length, and a mark."""
    data = memoryview(file.read_bytes())
    length, mark = struct.unpack("<II", data[-8:])
    footer = msgspec.json.decode(bytes(data[-8 - length : -8])) if mark == _FOOTER_MARK else {}
    if footer.get("crc") != zlib.crc32(data[: -8 - length]):
        raise ValueError(f"checksum of {file.name} does not agree")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for field in WORD_FIELDS:
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="position")
    builder.add_text_field("pairs", tokenizer_name=_TOKENIZER, index_option="freq")
    for field in (*SYMBOL_FIELDS, *KEY_FIELDS, NAME_FIELD):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("date", indexed=True, fast=True)
    return builder.build()


def document_of(record: IndexRecord) -> dict[str, Untyped]:
    """The document that tantivy gets for a record."""
    words = fields_of(record)
    fields: dict[str, Untyped] = {
        field: " ".join(found) if field in WORD_FIELDS else found for field, found in words.items()
    }
    fields["pairs"] = " ".join(pairs_of(words))
    fields |= {facet: list(values) for facet, values in facets_of(record).items() if values}
    return {"id": record.id, "digest": digest_of(record), "date": day_number(record.date), **fields}


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _page(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int, scored: bool
) -> tuple[int, tuple[Hit, ...]]:
    """How many documents match, and one page of them: by score, equals by id, which tantivy does not sort by itself.

    So its hits are read down to the first that is behind the page's last, and each group of equals is sorted here.
    """
    documents = max(1, searcher.num_docs)
    offset, limit = min(offset, documents), min(limit, documents)
    if not scored:
        return _by_id(searcher, query, offset, limit, 0.0)
    found = searcher.search(query, limit=min(documents, offset + limit + 32), count=True)
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
    ranked = sorted((_place(hit), searcher.doc(hit[1])["id"][0]) for hit in hits[first:last])
    return total, tuple(Hit(id_, -place) for place, id_ in ranked[offset - first : cut - first])


def _by_id(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int, score: float
) -> tuple[int, tuple[Hit, ...]]:
    """The same where all scores are equal: tantivy sorts by the ids, and reads no document."""
    order = tantivy.Order.Asc
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
