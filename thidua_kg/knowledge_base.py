"""The one object that all doors use: a folder with store, graph and index, and the questions one can put to it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeAlias, TypeVar

from thidua_kg.answers.facts import LIMIT
from thidua_kg.answers.records import Answers, DocumentReference
from thidua_kg.derived import Derived
from thidua_kg.errors import KnowledgeBaseError, UnknownName
from thidua_kg.graph.records import Table
from thidua_kg.keeping.adding import Failure, Progress, Report, Wanted, add
from thidua_kg.model import Document
from thidua_kg.store import Store
from thidua_kg.workers import SECONDS

if TYPE_CHECKING:
    import networkx
    import rdflib

    from thidua_kg.access import Access
    from thidua_kg.graph import Graph
    from thidua_kg.graph import Kind as GraphKind
    from thidua_kg.graph.questions import Question
    from thidua_kg.index import SearchEngine
    from thidua_kg.judgements.records import Judgement, Kind, Standing
    from thidua_kg.keeping.proposals import Proposal
    from thidua_kg.overlay import Word
    from thidua_kg.upkeep import Verification


def open(folder: str | Path = "kho", *, write: bool = True, engine: str = "tantivy") -> KnowledgeBase:
    """The knowledge base in `folder`, made there if need be; with `write=False` it must exist and stays as it is.

    `engine` is the full-text engine, "tantivy" or "whoosh". `with open("kho") as kb: kb.add(["van-ban"])`.
    """
    return KnowledgeBase(Store.open(Path(folder), write=write), engine)


P = ParamSpec("P")
T = TypeVar("T")
_Method: TypeAlias = Callable[Concatenate["KnowledgeBase", P], T]


def question(method: _Method[P, T]) -> _Method[P, T]:
    """Let a method read store, graph and index as of one moment: the last that was published, for a reader."""

    @wraps(method)
    def asked(kb: KnowledgeBase, /, *given: P.args, **named: P.kwargs) -> T:
        with kb._store.reading():
            kb._derived.follow()
            return method(kb, *given, **named)

    return asked


class KnowledgeBase:
    """Documents, their graph and their full-text index; close it, or use it in a `with` statement."""

    def __init__(self, store: Store, engine: str) -> None:
        self._store, self._derived = store, Derived(store, engine)
        if store.writable:
            store.follower = self._derived
            self._bring_up_to_date()

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; what was added stays."""
        self._derived.close()
        self._store.close()

    def _bring_up_to_date(self) -> None:
        """Publish graph and index of what the store holds where they are missing; damaged ones are left for `rebuild`."""
        published = self._store.published()
        if published is None or published.change != self._store.last_change() or not self._derived.is_there(published):
            with self._store.transaction():
                pass

    @property
    def folder(self) -> Path:
        return self._store.folder

    # --- keeping

    def add(
        self,
        paths: Iterable[str | Path],
        progress: Progress | None = None,
        *,
        workers: int | None = None,
        seconds: float = SECONDS,
        allow_marked: bool = False,
        collection: str | None = None,
        access: Access | None = None,
    ) -> Report:
        """Read files, and folders with all readable files in them; unchanged sources are skipped, changed ones replaced.

        They are put into `collection` (else they stay where they are, new ones in "mặc định"), which `access` labels.
        A source that cannot be read, or not within `seconds`, is reported and leaves no trace; `progress(done, total, path)`
        is told of each. One that bears a mark of secrecy is refused in the same way, unless its owner decides otherwise by
        `allow_marked`. `workers` processes read, by default as many as the machine has cores and the files are worth; 0
        reads here, without limit of time. What was kept stays where this is interrupted: adding again goes on from there.
        """
        from thidua_kg.access import DEFAULT, checked, set_access

        if collection is not None or access is not None:
            collection = checked(collection or DEFAULT)
            with self._store.transaction():
                set_access(self._store, collection, access)
        wanted = Wanted(tuple(map(Path, paths)), workers, seconds, allow_marked, collection)
        return add(self._store, self._derived, wanted, progress)

    def add_catalogue(self, path: str | Path, *, place: str | None = None, issuer: str | None = None) -> Report:
        """Keep the documents that a CSV catalogue lists, so that citations of them are settled; see `catalogue`.

        `place` and `issuer` stand for those of rows that name none. Rows that cannot be read are reported with their line.
        """
        from thidua_kg.keeping.listing import add_catalogue

        return add_catalogue(self._store, path, place=place, issuer=issuer)

    def remove(self, names: Iterable[str]) -> list[DocumentReference]:
        """Remove documents; all that came from them goes, and nothing else.

        A document is named by its id, path, symbol, or type and number. Raises UnknownName where words of a title or a task are
        given, and AmbiguousName where several that are held bear the name: what is removed is never guessed.
        """
        from thidua_kg.keeping.removing import remove

        return remove(self._store, names)

    def purge(self, names: Iterable[str]) -> list[DocumentReference]:
        """Remove documents so that no byte of them stays below the folder: log, free pages, old graph and index files.

        Names are read as by `remove`. Graph and index are made anew for it, which takes a while. Raises KnowledgeBaseError
        where another process still reads what is to go: the documents are removed by then, and `purge([])` ends it later.
        Other documents keep what they say of these in their own words; judgements of these, which quote them, go too.
        """
        from thidua_kg.keeping.removing import purge

        return purge(self._store, self._derived, names)

    def rebuild(self) -> None:
        """Make graph and index anew from the store; readers see the old ones until the new ones are whole."""
        with self._store.transaction():
            self._derived.rebuild()

    def verify(self) -> Verification:
        """Compare store, graph and index, document by document; see `upkeep`."""
        from thidua_kg.upkeep import verify

        with self._store.reading():
            return verify(self._store, self._derived)

    # --- asking

    @question
    def find(self, name: str, limit: int = 20) -> Answers:
        """The documents that a human reference can mean, ranked, with the reason for each."""
        from thidua_kg.answers.lookup import find

        return find(self._store, name, limit)

    @question
    def show(self, name: str, *, strict: bool = False) -> Document:
        """A document as parsed; UnknownName where it is only cited."""
        from thidua_kg.answers.lookup import the_document

        reference, _ = the_document(self._store, name, strict=strict)
        held = self._store.get(reference.id)
        if held is None:
            raise UnknownName(
                name, f"{reference.label()} chỉ được viện dẫn, chưa có toàn văn trong kho", "thêm tệp bằng `thidua add`"
            )
        return held.document

    @question
    def implements(
        self, name: str, *, direct: bool = False, strict: bool = False, limit: int | None = LIMIT
    ) -> Answers:
        """The directives behind a document or one of its tasks (`DOC#TASK`), at most `limit`; None for all."""
        from thidua_kg.answers.implements import implements

        return implements(self._store, name, direct=direct, strict=strict, limit=limit)

    @question
    def implemented_by(
        self, name: str, *, direct: bool = False, strict: bool = False, limit: int | None = LIMIT
    ) -> Answers:
        """The documents and tasks that carry out a document, at most `limit`; None for all."""
        from thidua_kg.answers.implements import implemented_by

        return implemented_by(self._store, name, direct=direct, strict=strict, limit=limit)

    @question
    def trace(self, name: str, other: str | None = None, *, strict: bool = False, limit: int | None = LIMIT) -> Answers:
        """The cascade around a document, or what joins two documents; at most `limit` edges each way, None for all."""
        from thidua_kg.answers.trace import trace

        return trace(self._store, name, other, strict=strict, limit=limit)

    @question
    def who(self, unit: str, *, role: str | None = None, limit: int | None = LIMIT) -> Answers:
        """The tasks of a unit across plans, at most `limit`; None for all."""
        from thidua_kg.answers.responsibility import who

        return who(self._store, unit, role=role, limit=limit)

    @question
    def responsible(self, name: str, *, strict: bool = False) -> Answers:
        """Who answers for a document's tasks or for one task."""
        from thidua_kg.answers.responsibility import responsible

        return responsible(self._store, name, strict=strict)

    @question
    def due(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        unit: str | None = None,
        limit: int | None = LIMIT,
    ) -> Answers:
        """Deadlines and recurrences in a span of days, the first `limit`; None for all."""
        from thidua_kg.answers.deadlines import due

        return due(self._store, since=since, until=until, unit=unit, limit=limit)

    @question
    def search(
        self,
        query: str,
        *,
        types: Sequence[str] = (),
        issuers: Sequence[str] = (),
        units: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        fields: Sequence[str] = (),
        limit: int = 10,
        offset: int = 0,
        collection: str | None = None,
        facets: bool = True,
    ) -> Answers:
        """Full-text search with ranked hits, highlighted snippets and facets; InvalidQuery names the place of an error."""
        from thidua_kg.answers.search import search

        return search(
            self._store, self._index(), query, types=types, issuers=issuers, units=units, since=since, until=until,
            fields=fields, limit=limit, offset=offset, collection=collection, facets=facets,
        )  # fmt: skip

    @question
    def ls(self, *, collection: str | None = None) -> Answers:
        """Every document held, by date, or those of a collection."""
        from thidua_kg.access import documents_in
        from thidua_kg.answers.overview import all_documents

        return all_documents(self._store, documents_in(self._store, collection) if collection is not None else None)

    @question
    def stats(self) -> dict[str, Any]:
        """Counts of what the knowledge base holds, and the state of graph and index."""
        from thidua_kg.answers.overview import counts

        graph, index = self._graph(), self._index()
        return {
            **counts(self._store), "change": self._store.last_change(),
            "graph": {"quads": graph.count(), "change": graph.last_change()},
            "index": {"documents": index.count(), "change": index.last_change()},
        }  # fmt: skip

    # --- vocabulary

    def add_vocabulary(self, path: str | Path) -> Report:
        """Keep the units, aliases, mergers, members and documents of a CSV or XLSX table; see `overlay`.

        Only documents that mention what it touches are looked at again. Rows that cannot be read are reported with their line.
        """
        from thidua_kg.keeping.listing import add_vocabulary

        return add_vocabulary(self._store, path)

    @question
    def vocabulary(self) -> list[tuple[Word, int]]:
        """The rows that users added, each with the version of the vocabulary that brought it."""
        from thidua_kg import overlay

        return overlay.words(self._store)

    def remove_vocabulary(self, identifiers: Iterable[str]) -> list[Word]:
        """Forget rows by their ids; what they touched is looked at again."""
        from thidua_kg.keeping.listing import remove_vocabulary

        return remove_vocabulary(self._store, identifiers)

    # --- judgements

    def judge(
        self,
        kind: Kind,
        document: str,
        value: str,
        *,
        quote: str | None = None,
        field: str | None = None,
        why: str = "",
        by: str | None = None,
    ) -> Judgement:
        """Record a person's correction; it lies over the parse from now on, whatever is parsed anew.

        `kb.judge("link", "KH 43", "34-CT/TW năm 2014", quote="Chỉ thị số 34")`,
        `kb.judge("role", "KH 43#2", "lead", field="Sở Nội vụ")`; values and fields as `judgements.records.Judgement` has them.
        """
        from thidua_kg.keeping.judging import make

        made = make(self._store, kind, document, value, quote=quote, field=field, why=why, by=by)
        self._record([made])
        return made

    def undo(self, judgement: str, *, why: str = "", by: str | None = None) -> Judgement:
        """Take a judgement back, by an entry of its own."""
        from thidua_kg.keeping.judging import undoing

        made = undoing(self._store, judgement, why=why, by=by)
        self._record([made])
        return made

    @question
    def judgements(self) -> list[Standing]:
        """Every judgement with how it stands: on a passage, orphaned, superseded or undone."""
        from thidua_kg.judgements.log import standings

        return standings(self._store)

    @question
    def proposals(self) -> list[Proposal]:
        """The pairs of documents that may be one work, the likeliest first: `judge` them same or different."""
        from thidua_kg.keeping.proposals import proposals

        return proposals(self._store)

    @question
    def export_judgements(self, path: str | Path) -> int:
        """Write the log as JSON Lines; returns the number of entries."""
        from thidua_kg.keeping.judging import export_log

        return export_log(self._store, Path(path))

    def merge_judgements(self, path: str | Path) -> Report:
        """Add the entries of another log; those that are here already change nothing, bad lines are reported."""
        from thidua_kg.keeping.judging import read_log

        found, bad = read_log(Path(path))
        new = self._record(found)
        failed = tuple(Failure(f"{path}, dòng {line.line}", line.why) for line in bad)
        return Report(added=len(new), unchanged=len(found) - len(new), failed=failed)

    def _record(self, judgements: Sequence[Judgement]) -> list[Judgement]:
        from thidua_kg.keeping.judging import record

        with self._store.transaction():
            return record(self._store, judgements)

    # --- the graph

    @question
    def sparql(self, query: str, *, limit: int | None = 10_000, seconds: float | None = None) -> Table:
        """A read-only SPARQL 1.1 query over the union of all graphs; updates, SERVICE and LOAD raise InvalidQuery."""
        return self._graph().select(query, limit=limit, seconds=seconds)

    def questions(self) -> dict[str, Question]:
        """The saved questions of `queries/` by name."""
        from thidua_kg.graph.questions import shipped_questions

        return shipped_questions()

    @question
    def query(
        self,
        name: str,
        values: Mapping[str, str] | None = None,
        *,
        limit: int | None = 10_000,
        seconds: float | None = None,
    ) -> Table:
        """The answer to a saved question; a parameter of kind document or unit takes any name that `find` understands.

        With `seconds` another process answers, and is ended when they are over: InvalidQuery.
        """
        from thidua_kg.answers.lookup import the_document
        from thidua_kg.graph.questions import answer

        questions = self.questions()
        if name not in questions:
            raise UnknownName(name, "không có câu hỏi này", f"có: {', '.join(sorted(questions))}")
        given = dict(values or {})
        for parameter in questions[name].params:
            if parameter.kind == "document" and parameter.name in given:
                given[parameter.name] = the_document(self._store, given[parameter.name])[0].id
            elif parameter.kind == "unit" and parameter.name in given:
                given[parameter.name] = self._unit(given[parameter.name])
        return answer(self._graph(), questions[name], given, limit=limit, seconds=seconds)

    def _unit(self, name: str) -> str:
        rows = self.who(name, limit=1).rows
        return rows[0].unit_id or name

    @question
    def graph(self, kind: GraphKind = "documents") -> networkx.MultiDiGraph[str]:
        """The graph as networkx: kind "documents", "tasks", "units" or "all"."""
        return self._graph().network(kind)

    @question
    def rdf(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset over the same store."""
        return self._graph().rdf()

    @question
    def export(self, format: str, path: str | Path, *, access: Literal["public", "all"] = "public") -> Path:
        """Write documents in a format (ttl, nt, jsonld, graphml, csv) to a file, at once or not at all.

        Public ones, and of internal ones nothing but what public texts print of them; with `access="all"` everything. The
        judgements themselves, with who made them and why, are told in RDF by the latter alone.
        """
        from thidua_kg.exports import FORMATS, export

        if access == "all" or format not in FORMATS:
            export(self._graph(), format, Path(path))
            return Path(path)
        with tempfile.TemporaryDirectory(prefix="thidua-") as folder:
            self.publish(Path(folder) / "kho")
            with open(Path(folder) / "kho", write=False, engine=self._derived.engine) as public:
                export(public._graph(), format, Path(path), judgements=False)
        return Path(path)

    @question
    def held_back(self) -> int:
        """How many documents have no public source, so that exports and published folders leave them out."""
        from thidua_kg.access import public_sources

        return len(self._store.document_ids()) - len(public_sources(self._store))

    @question
    def publish(self, folder: str | Path) -> Path:
        """Make a knowledge base of the public sources alone in an empty folder.

        Nothing of an internal document is in it but what public texts print: what servers give out unless told otherwise.
        """
        from thidua_kg.keeping.publishing import publish

        target = Path(folder)
        if target.exists() and any(target.iterdir()):
            raise KnowledgeBaseError(str(target), "thư mục không trống", "chọn một thư mục mới")
        with open(target, engine=self._derived.engine) as made, made._store.transaction():
            publish(self._store, made._store)
        return target

    @question
    def collections(self) -> list[tuple[str, Access, int]]:
        """The collections with their access label and number of sources."""
        from thidua_kg.access import collections

        return collections(self._store)

    # --- the parts, opened when first asked for

    def _graph(self) -> Graph:
        return self._derived.graph()

    def _index(self) -> SearchEngine:
        return self._derived.index()
