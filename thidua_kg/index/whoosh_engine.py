"""How does Whoosh carry out a plan? The same index in pure Python: slower, and readable down to the last byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any as Untyped
from typing import Self

from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.searching import Searcher

from thidua_kg.analyzer.matching import distance_within
from thidua_kg.analyzer.tree import Query, relax
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.index.plan import (
    KEY_FIELDS,
    SYMBOL_FIELDS,
    WORD_FIELDS,
    All,
    Any,
    Begins,
    Between,
    Every,
    Except,
    Near,
    Plan,
    Prefer,
    Request,
    Run,
    Word,
    day_number,
    facets_of,
    fields_of,
    plan_of,
    request_of,
)
from thidua_kg.index.records import MAX_FACET_VALUES, Facet, Hit, IndexRecord, Result
from thidua_kg.index.state import State, engine_errors, is_new, read_state, write_state

_NAME = "whoosh"
_MEGABYTES = 64  # what the writer keeps in memory before it spills to disk


class WhooshEngine:
    """The `SearchEngine` over Whoosh; see there for what its methods promise."""

    def __init__(self, path: Path, index: whoosh_index.FileIndex, write: bool) -> None:
        self._path, self._index, self._write = path, index, write
        self._waiting: dict[str, IndexRecord | None] = {}  # Whoosh replaces only what is committed: the last one counts

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        with engine_errors(path):
            if write and is_new(path):
                path.mkdir(parents=True, exist_ok=True)
                whoosh_index.create_in(str(path), _schema())
                write_state(path, State(_NAME))
            read_state(path, _NAME)
            return cls(path, whoosh_index.open_dir(str(path)), write)

    def put(self, records: Iterable[IndexRecord]) -> None:
        self._writing().update((record.id, record) for record in records)

    def remove(self, ids: Iterable[str]) -> None:
        self._writing().update(dict.fromkeys(ids))

    def commit(self, change: int) -> None:
        waiting = self._writing()
        with engine_errors(self._path):
            if waiting:
                writer = self._index.writer(limitmb=_MEGABYTES)
                for id_ in waiting:
                    writer.delete_by_term("id", id_)
                for record in filter(None, waiting.values()):
                    writer.add_document(**_document(record))
                writer.commit()
            write_state(self._path, State(_NAME, change=change))
        waiting.clear()

    def last_change(self) -> int:
        return read_state(self._path, _NAME).change

    def count(self) -> int:
        with engine_errors(self._path):
            return int(self._index.doc_count())

    def search(self, query: Query | str, **options: Untyped) -> Result:
        request = request_of(query, **options)
        with engine_errors(self._path), self._index.searcher() as searcher:
            result = _answer(searcher, request, request.query, relaxed=False)
            looser = None if result.total else relax(request.query)
            return _answer(searcher, request, looser, relaxed=True) if looser else result

    def close(self) -> None:
        self._waiting.clear()
        self._index.close()

    def _writing(self) -> dict[str, IndexRecord | None]:
        if not self._write:
            raise KnowledgeBaseError(str(self._path), "chỉ mục tìm kiếm được mở chỉ để đọc", "mở lại để ghi")
        return self._waiting


def _schema() -> whoosh_fields.Schema:
    schema = whoosh_fields.Schema(
        id=whoosh_fields.ID(stored=True, unique=True),
        facets=whoosh_fields.STORED(),
        date=whoosh_fields.NUMERIC(int, 32, signed=True),
    )
    for field in WORD_FIELDS:
        schema.add(field, whoosh_fields.TEXT())
    for field in (*SYMBOL_FIELDS, *KEY_FIELDS):
        schema.add(field, whoosh_fields.KEYWORD())
    return schema


def _document(record: IndexRecord) -> dict[str, Untyped]:
    """A list of words is indexed as it stands: no analyser of Whoosh touches it."""
    return {"id": record.id, "date": day_number(record.date), "facets": facets_of(record), **fields_of(record)}


def _answer(searcher: Searcher, request: Request, query: Query, relaxed: bool) -> Result:
    among = [_compile(part, searcher) for part in request.among]
    wanted = _compile(plan_of(query, request.areas), searcher)
    found = searcher.search(wanted, limit=None, filter=whoosh_query.And(among) if among else None)
    stored = ((score, searcher.stored_fields(number)) for score, number in found.top_n)
    ranked = sorted(((-_rough(score), fields["id"], fields["facets"]) for score, fields in stored), key=lambda x: x[:2])
    page = ranked[request.offset : request.offset + request.limit]
    facets: dict[Facet, tuple[tuple[str, int], ...]] = {
        name: _most(Counter(value for *_, values in ranked for value in values[name])) for name in request.facets
    }
    return Result(tuple(Hit(id_, -score) for score, id_, _ in page), len(ranked), facets, relaxed and bool(ranked))


def _compile(plan: Plan, searcher: Searcher) -> whoosh_query.Query:
    make = whoosh_query
    match plan:
        case Word(field, text, boost):
            return make.Term(field, text, boost=boost)
        case Run(field, words, boost):
            return make.Phrase(field, list(words), boost=boost)
        case Begins(field, text, boost):
            return make.ConstantScoreQuery(make.Prefix(field, text), boost)
        case Near(field, text, distance, boost):
            near = (word.decode("utf-8") for word in searcher.reader().lexicon(field))
            words = [make.Term(field, word) for word in near if distance_within(text, word, distance)]
            return make.ConstantScoreQuery(make.Or(words), boost)
        case Between(field, low, high):
            return make.NumericRange(field, low, high)
        case All():
            return make.ConstantScoreQuery(make.Every(), 0.0)
        case Any(parts):
            return make.Or([_compile(part, searcher) for part in parts])
        case Every(parts):
            return make.And([_compile(part, searcher) for part in parts])
        case Except(part):
            return make.Not(_compile(part, searcher))
        case Prefer(wanted, bonus):
            return make.AndMaybe(_compile(wanted, searcher), _compile(bonus, searcher))


def _rough(score: float) -> float:
    """A score without its last digits, in which the order of summation shows: equal documents have equal scores."""
    return float(f"{score:.5g}")


def _most(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_FACET_VALUES])
