"""How does Whoosh carry out a plan? The same index in pure Python: slower, and readable down to the last byte."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any as Untyped
from typing import Self

from whoosh import fields as whoosh_fields
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.matching import ListMatcher
from whoosh.searching import Searcher

from thidua_kg.analyzer.matching import distance_within
from thidua_kg.analyzer.tree import Query
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.index.fields import (
    VALUE_FIELDS,
    WORD_FIELDS,
    day_number,
    facets_of,
    fields_of,
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
    request_of,
)
from thidua_kg.index.records import (
    NOTHING_MADE,
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
from thidua_kg.snapshots import link_tree

_NAME = "whoosh"
_MEGABYTES = 64  # what the writer keeps in memory before it spills to disk


class WhooshEngine:
    """The `SearchEngine` over Whoosh; see there for what its methods promise."""

    def __init__(self, path: Path, index: whoosh_index.FileIndex, write: bool) -> None:
        self._path, self._index, self._write = path, index, write
        self._waiting: dict[
            str, dict[str, Untyped] | None
        ] = {}  # Whoosh replaces only what is committed: the last one counts

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        with engine_errors(path):
            if write:
                create(path, _NAME, lambda new: whoosh_index.create_in(str(new), _schema()))
            read_state(path, _NAME)
            return cls(path, whoosh_index.open_dir(str(path)), write)

    def put(self, records: Iterable[IndexRecord], made: Mapping[str, bytes] = NOTHING_MADE) -> None:
        self._writing().update((record.id, fitting(made, record) or document_of(record)) for record in records)

    def remove(self, ids: Iterable[str]) -> None:
        self._writing().update(dict.fromkeys(ids))

    def commit(self, change: int) -> None:
        waiting = self._writing()
        with engine_errors(self._path):
            if waiting:
                writer = self._index.writer(limitmb=_MEGABYTES)
                for id_ in waiting:
                    writer.delete_by_term("id", id_)
                for fields in filter(None, waiting.values()):
                    writer.add_document(**fields)
                writer.commit()
            write_state(self._path, State(_NAME, change=change))
        waiting.clear()

    def last_change(self) -> int:
        return read_state(self._path, _NAME).change

    def snapshot(self, folder: Path) -> None:
        with engine_errors(self._path):
            link_tree(self._path, folder)

    def digests(self) -> dict[str, str]:
        with engine_errors(self._path), self._index.searcher() as searcher:
            return {fields["id"]: fields["digest"] for fields in searcher.all_stored_fields()}

    def check(self) -> None:
        self.digests()  # Whoosh keeps no checksums; what is damaged mostly fails to be read

    def count(self) -> int:
        with engine_errors(self._path):
            return int(self._index.doc_count())

    def search(self, query: Query | str, **options: Untyped) -> Result:
        request = request_of(query, **options)
        return answered(request, lambda plan: self._answer(request, plan))

    def frequencies(self, words: Iterable[str], form: Form) -> dict[str, int]:
        field = f"body_{form}"
        with engine_errors(self._path), self._index.searcher() as searcher:
            count, reader = searcher.doc_frequency, searcher.reader()

            def number(word: str) -> int:
                parts = word.split(" ")
                if len(parts) == 1 or not all((field, part) in reader for part in parts):
                    return int(count(field, word))
                return sum(1 for _ in searcher.docs_for_query(whoosh_query.Phrase(field, parts)))

            found = {word: number(word) for word in dict.fromkeys(words)}
        return {word: number for word, number in found.items() if number}

    def close(self) -> None:
        self._waiting.clear()
        self._index.close()

    def _answer(self, request: Request, plan: Plan) -> Result:
        with engine_errors(self._path), self._index.searcher() as searcher:
            among = [_compile(part, searcher) for part in request.among]
            within = whoosh_query.And(among) if among else None
            found = searcher.search(_compile(plan, searcher), limit=None, filter=within)
            stored = [(rough(score), searcher.stored_fields(number)) for score, number in found.top_n]
        ranked = sorted(stored, key=lambda hit: (-hit[0], hit[1]["id"]))
        page = ranked[request.offset : request.offset + request.limit]
        counts = {
            name: Counter(value for _, fields in stored for value in fields["facets"][name]) for name in request.facets
        }
        hits = tuple(Hit(fields["id"], score) for score, fields in page)
        return Result(hits, len(ranked), {name: most_frequent(count.items()) for name, count in counts.items()})

    def _writing(self) -> dict[str, dict[str, Untyped] | None]:
        if not self._write:
            raise KnowledgeBaseError(str(self._path), "chỉ mục tìm kiếm được mở chỉ để đọc", "mở lại để ghi")
        return self._waiting


def _schema() -> whoosh_fields.Schema:
    schema = whoosh_fields.Schema(
        id=whoosh_fields.ID(stored=True, unique=True),
        digest=whoosh_fields.STORED(),
        facets=whoosh_fields.STORED(),
        date=whoosh_fields.NUMERIC(int, 32, signed=True),
    )
    for field in WORD_FIELDS:
        schema.add(field, whoosh_fields.TEXT())
    for field in VALUE_FIELDS:
        schema.add(field, whoosh_fields.KEYWORD())
    return schema


def document_of(record: IndexRecord) -> dict[str, Untyped]:
    """The document that Whoosh gets for a record: a list of words is indexed as it stands, no analyser touches it."""
    return {
        "id": record.id,
        "digest": digest_of(record),
        "date": day_number(record.date),
        "facets": facets_of(record),
        **{field: found.split() if isinstance(found, str) else found for field, found in fields_of(record).items()},
    }


class _Several(whoosh_query.compound.CompoundQuery):  # type: ignore[misc]  # Whoosh ships no types
    """Documents of at least so many of some queries; each adds to the score. Whoosh's own `minmatch` does nothing."""

    def __init__(self, parts: list[whoosh_query.Query], least: int = 1, boost: float = 1.0) -> None:
        super().__init__(parts, boost)
        self._least = least

    def normalize(self) -> Self:
        return self

    def matcher(self, searcher: Searcher, context: Untyped = None) -> Untyped:
        found: Counter[int] = Counter()
        scores: dict[int, float] = defaultdict(float)
        for part in self.subqueries:
            one = part.matcher(searcher, context)
            while one.is_active():
                found[one.id()] += 1
                scores[one.id()] += one.score()
                one.next()
        enough = sorted(number for number, count in found.items() if count >= self._least)
        return ListMatcher(enough, [scores[number] for number in enough])


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
            known = (word.decode("utf-8") for word in searcher.reader().lexicon(field))
            near = [make.Term(field, word) for word in known if distance_within(text, word, distance)]
            return make.ConstantScoreQuery(make.Or(near), boost)
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
        case AtLeast(parts, least):
            return _Several([_compile(part, searcher) for part in parts], least)
        case Pair(words, form, boost):
            return make.Phrase(f"body_{form}", list(words), boost=boost)
        case Prefer(wanted, bonus):
            return make.AndMaybe(_compile(wanted, searcher), make.Or([_compile(part, searcher) for part in bonus]))
