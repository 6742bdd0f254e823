"""The one object that all doors use: a folder with store, graph and index, and the questions one can put to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import msgspec

from thidua_kg.answers.records import Answer, Answers, DocumentReference
from thidua_kg.errors import MarkedSource, ThiduaError, UnknownName
from thidua_kg.graph.records import Entity as GraphEntity
from thidua_kg.graph.records import GraphRecord, Table
from thidua_kg.model import Document
from thidua_kg.store import Store, Stored

if TYPE_CHECKING:
    import networkx
    import rdflib

    from thidua_kg.graph import Graph, Kind
    from thidua_kg.graph.questions import Question
    from thidua_kg.index import SearchEngine

COMPACT = 1000  # changes after which the graph files are sorted anew: questions are then two to four times faster
BATCH = 200  # documents a transaction: enough to make commits cheap, few enough to lose little time after a crash
Progress = Callable[[int, int, str], None]


class Failure(msgspec.Struct, frozen=True):
    """A source that could not be added, and why."""

    path: str
    why: str


class Report(msgspec.Struct, frozen=True):
    """What `add` did: counts of sources, and those that failed."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()


def open(folder: str | Path = "kho", *, write: bool = True, engine: str = "tantivy") -> KnowledgeBase:
    """The knowledge base in `folder`, made there if need be; with `write=False` it must exist and stays as it is.

    `engine` is the full-text engine, "tantivy" or "whoosh". `with open("kho") as kb: kb.add(["van-ban"])`.
    """
    return KnowledgeBase(Store.open(Path(folder), write=write), engine)


class KnowledgeBase:
    """Documents, their graph and their full-text index; close it, or use it in a `with` statement."""

    def __init__(self, store: Store, engine: str) -> None:
        self._store, self._engine = store, engine
        self._graph_open: Graph | None = None
        self._index_open: SearchEngine | None = None
        if store.writable:
            self._catch_up()

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; what was added stays."""
        for part in (self._graph_open, self._index_open, self._store):
            if part is not None:
                part.close()
        self._graph_open = self._index_open = None

    @property
    def folder(self) -> Path:
        return self._store.folder

    # --- keeping

    def add(
        self, paths: Iterable[str | Path], progress: Progress | None = None, *, allow_marked: bool = False
    ) -> Report:
        """Read files, and folders with all readable files in them; unchanged sources are skipped, changed ones replaced.

        A source that cannot be read is reported and leaves no trace; `progress(done, total, path)` is told of each. One that
        bears a mark of secrecy is refused in the same way, unless its owner decides otherwise by `allow_marked`.
        """
        files, failed = _files(paths)
        counts = {"added": 0, "replaced": 0, "unchanged": 0}
        for start in range(0, len(files), BATCH):
            arrived: set[str] = set()
            affected: set[str] = set()
            with self._store.transaction():
                for done, path in enumerate(files[start : start + BATCH], start=start + 1):
                    try:
                        with self._store.savepoint():
                            counts[self._add_one(path, arrived, affected, allow_marked)] += 1
                    except ThiduaError as error:
                        failed.append(Failure(str(path), str(error).removeprefix(f"{path}: ")))
                    except (OSError, ValueError, RuntimeError) as error:  # one odd file never costs the others
                        failed.append(
                            Failure(str(path).encode("utf-8", "replace").decode(), f"không đọc được ({error})")
                        )
                    if progress:
                        progress(done, len(files), str(path))
                self._relink(affected.union(*map(self._citing, arrived)))
            self._catch_up()
        return Report(**counts, failed=tuple(failed))

    def add_catalogue(self, path: str | Path, *, place: str | None = None, issuer: str | None = None) -> Report:
        """Keep the documents that a CSV catalogue lists, so that citations of them are settled; see `catalogue`.

        `place` and `issuer` stand for those of rows that name none. Rows that cannot be read are reported with their line.
        """
        from thidua_kg.catalogue import read_catalogue

        entities, bad = read_catalogue(path, place=place, issuer=issuer)
        with self._store.transaction():
            self._relink(set(self._store.put_catalogue(entities)))
        self._catch_up()
        return Report(added=len(entities), failed=tuple(Failure(f"{path}, dòng {row.line}", row.why) for row in bad))

    def _add_one(self, path: Path, arrived: set[str], affected: set[str], allow_marked: bool) -> str:
        from thidua_kg.pipeline import document_id, linked, parse, plan_year
        from thidua_kg.readers import read
        from thidua_kg.relations import statements

        name = path.resolve().as_posix()
        source = read(path)
        before = self._store.source_of(name)
        if before and before[0] == source.sha256:
            return "unchanged"
        document = msgspec.structs.replace(parse(source, self._store), path=name)
        if document.header.secrecy and not allow_marked:
            raise MarkedSource(str(path), document.header.secrecy)
        identifier = document_id(document)
        if before and before[1] != identifier:
            affected |= self._drop_source(name, before[1])
        document = linked(document, self._store)
        self._store.put(identifier, document, statements(identifier, document), plan_year(document.header))
        self._store.add_source(name, source.sha256, identifier)
        arrived.add(identifier)
        return "replaced" if before else "added"

    def _drop_source(self, path: str, identifier: str) -> set[str]:
        """Forget one source; with its last one the document goes, and the documents that cite it are returned."""
        self._store.remove_source(path)
        if self._store.paths(identifier):
            return set()
        citing = self._citing(identifier)
        self._store.remove(identifier)
        return citing

    def _citing(self, identifier: str) -> set[str]:
        """The other documents that cite its symbol: the only ones that its coming or going can settle."""
        return set(self._store.citing(identifier))

    def _relink(self, affected: set[str]) -> None:
        """Resolve the citations of some documents again, against what is held now."""
        from thidua_kg.pipeline import linked, plan_year
        from thidua_kg.relations import statements

        for identifier in sorted(affected):
            held = self._store.get(identifier)
            if held is None:
                continue
            document = linked(held.document, self._store)
            if document != held.document:
                self._store.put(identifier, document, statements(identifier, document), plan_year(document.header))

    def remove(self, names: Iterable[str]) -> list[DocumentReference]:
        """Remove documents; all that came from them goes, and nothing else.

        A document is named by its id, path, symbol, or type and number. Raises UnknownName where words of a title or a task are
        given, and AmbiguousName where several that are held bear the name: what is removed is never guessed.
        """
        from thidua_kg.answers.lookup import the_held

        taken = [the_held(self._store, name) for name in names]
        with self._store.transaction():
            affected = set().union(*(self._citing(document.id) for document in taken))
            for document in taken:
                self._store.remove(document.id)
            self._relink(affected)
        self._catch_up()
        return taken

    def _catch_up(self) -> None:
        """Bring graph and index to the store's last change; after a crash they may lag behind it."""
        last = self._store.last_change()
        graph, index = self._graph(), self._index()
        for part, put in ((graph, self._into_graph), (index, self._into_index)):
            since = part.last_change()
            if since == last:
                continue
            changes = self._store.changes_since(since if since <= last else 0)
            for start in range(0, len(changes), BATCH):
                batch = changes[start : start + BATCH]
                gone = [c.document for c in batch if c.kind == "remove"]
                part.remove(gone)
                if part is graph:
                    graph.describe(self._known(identifier) for identifier in gone if self._is_cited(identifier))
                put([stored for c in batch if c.kind == "put" and (stored := self._store.get(c.document))])
            part.commit(last)
            if part is graph and len(changes) >= COMPACT:
                graph.compact()

    def _is_cited(self, identifier: str) -> bool:
        return bool(self._store.rows("select 1 from citations where entity=? limit 1", identifier))

    def _known(self, identifier: str) -> GraphEntity:
        """What is known of a document without its text, from the registry and the citations of it."""
        from thidua_kg.answers.lookup import reference

        r = reference(self._store, identifier)
        return GraphEntity(id=r.id, canonical=r.canonical, type=r.type, issuer=r.issuer, date=r.date, title=r.title)

    def _into_graph(self, batch: Sequence[Stored]) -> None:
        self._graph().put([self._graph_record(stored) for stored in batch])

    def _graph_record(self, stored: Stored) -> GraphRecord:
        known: dict[str, GraphEntity] = {}
        for statement in stored.statements:
            for identifier in (statement.subject, statement.object):
                if "#" not in identifier and identifier != stored.id and identifier not in known:
                    known[identifier] = self._known(identifier)
        return GraphRecord(
            id=stored.id, document=stored.document, statements=stored.statements, entities=tuple(known.values())
        )

    def _into_index(self, batch: Sequence[Stored]) -> None:
        from thidua_kg.index import record_of

        self._index().put(record_of(stored.id, stored.document) for stored in batch)

    # --- asking

    def find(self, name: str, limit: int = 20) -> Answers:
        """The documents that a human reference can mean, ranked, with the reason for each."""
        from thidua_kg.answers.lookup import find

        return find(self._store, name, limit)

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

    def implements(self, name: str, *, direct: bool = False, strict: bool = False) -> Answers:
        """The directives behind a document or one of its tasks (`DOC#TASK`)."""
        from thidua_kg.answers.implements import implements

        return implements(self._store, name, direct=direct, strict=strict)

    def implemented_by(self, name: str, *, direct: bool = False, strict: bool = False) -> Answers:
        """The documents and tasks that carry out a document."""
        from thidua_kg.answers.implements import implemented_by

        return implemented_by(self._store, name, direct=direct, strict=strict)

    def trace(self, name: str, other: str | None = None, *, strict: bool = False) -> Answers:
        """The cascade around a document, or what joins two documents."""
        from thidua_kg.answers.trace import trace

        return trace(self._store, name, other, strict=strict)

    def who(self, unit: str, *, role: str | None = None) -> Answers:
        """The tasks of a unit across plans."""
        from thidua_kg.answers.responsibility import who

        return who(self._store, unit, role=role)

    def responsible(self, name: str, *, strict: bool = False) -> Answers:
        """Who answers for a document's tasks or for one task."""
        from thidua_kg.answers.responsibility import responsible

        return responsible(self._store, name, strict=strict)

    def due(self, *, since: str | None = None, until: str | None = None, unit: str | None = None) -> Answers:
        """Deadlines and recurrences in a span of days."""
        from thidua_kg.answers.deadlines import due

        return due(self._store, since=since, until=until, unit=unit)

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
    ) -> Answers:
        """Full-text search with ranked hits, highlighted snippets and facets; InvalidQuery names the place of an error."""
        from thidua_kg.answers.search import search

        return search(
            self._store, self._index(), query, types=types, issuers=issuers, units=units, since=since, until=until,
            fields=fields, limit=limit, offset=offset,
        )  # fmt: skip

    def ls(self) -> Answers:
        """Every document held, by date."""
        from thidua_kg.answers.lookup import reference

        rows = self._store.rows("select id, tasks, citations from documents order by date, id")
        found = (
            Answer(
                document=reference(self._store, row["id"]),
                why=f"{row['tasks']} nhiệm vụ, {row['citations']} viện dẫn",
                path=next(iter(self._store.paths(row["id"])), None),
            )
            for row in rows
        )
        return Answers(found, [] if rows else ["kho chưa có văn bản nào"])

    def stats(self) -> dict[str, Any]:
        """Counts of what the knowledge base holds, and the state of graph and index."""
        counts = {
            name: self._store.rows(f"select count(*) from {name}")[0][0]
            for name in ("documents", "sources", "citations", "tasks", "assignments", "times", "statements")
        }
        verdicts = {
            row[0]: row[1]
            for row in self._store.rows("select verdict, count(*) from citations group by verdict order by 1")
        }
        units = self._store.rows("select count(distinct name) from assignments")[0][0]
        types = {
            row[0] or "?": row[1]
            for row in self._store.rows("select type, count(*) from documents group by type order by 2 desc, 1")
        }
        return {
            **counts, "units": units, "verdicts": verdicts, "types": types, "change": self._store.last_change(),
            "graph": {"quads": self._graph().count(), "change": self._graph().last_change()},
            "index": {"documents": self._index().count(), "change": self._index().last_change()},
        }  # fmt: skip

    # --- the graph

    def sparql(self, query: str, *, limit: int | None = 10_000, seconds: float | None = None) -> Table:
        """A read-only SPARQL 1.1 query over the union of all graphs; updates, SERVICE and LOAD raise InvalidQuery."""
        return self._graph().select(query, limit=limit, seconds=seconds)

    def questions(self) -> dict[str, Question]:
        """The saved questions of `queries/` by name."""
        from thidua_kg.graph.questions import shipped_questions

        return shipped_questions()

    def query(self, name: str, values: Mapping[str, str] | None = None, *, limit: int | None = 10_000) -> Table:
        """The answer to a saved question; a parameter of kind document or unit takes any name that `find` understands."""
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
        return answer(self._graph(), questions[name], given, limit=limit)

    def _unit(self, name: str) -> str:
        rows = self.who(name).rows
        return rows[0].unit_id or name

    def graph(self, kind: Kind = "documents") -> networkx.MultiDiGraph[str]:
        """The graph as networkx: kind "documents", "tasks", "units" or "all"."""
        return self._graph().network(kind)

    def rdf(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset over the same store."""
        return self._graph().rdf()

    def export(self, format: str, path: str | Path) -> Path:
        """Write the whole in a format (ttl, nt, jsonld, graphml, csv) to a file, at once or not at all."""
        from thidua_kg.exports import export

        export(self._graph(), format, Path(path))
        return Path(path)

    # --- the parts, opened when first asked for

    def _graph(self) -> Graph:
        if self._graph_open is None:
            from thidua_kg.graph import Graph

            self._graph_open = Graph.open(self.folder / "graph", write=self._store.writable)
        return self._graph_open

    def _index(self) -> SearchEngine:
        if self._index_open is None:
            from thidua_kg.index import open_engine

            folder = self.folder / f"index-{self._engine}"
            self._index_open = open_engine(self._engine, folder, write=self._store.writable)
        return self._index_open


def _files(paths: Iterable[str | Path]) -> tuple[list[Path], list[Failure]]:
    """The readable files that paths name, folders walked in a stable order; a path with none is a failure."""
    from thidua_kg.readers import is_readable, readable_endings

    files: list[Path] = []
    failed: list[Failure] = []
    for given in paths:
        path = Path(given)
        if not os.path.isdir(path):
            files.append(path)
            continue
        skipped: list[OSError] = []
        found = (Path(top) / name for top, _, names in os.walk(path, onerror=skipped.append) for name in names)
        inside = sorted(p for p in found if is_readable(p) and not _hidden(p, path))
        failed += [Failure(str(e.filename), f"không mở được thư mục ({e.strerror})") for e in skipped]
        files += inside
        if not inside:
            failed.append(Failure(str(given), f"thư mục không có tệp nào đọc được ({', '.join(readable_endings())})"))
    return list(dict.fromkeys(_expanded(files, failed))), failed


def _expanded(files: Iterable[Path], failed: list[Failure]) -> Iterator[Path]:
    """The files, packages among them replaced by their members; members that are refused are failures."""
    from thidua_kg.readers import expand

    for file in files:
        for found in expand(file):
            if isinstance(found, str):
                yield Path(found)
            else:
                failed.append(Failure(found.subject, str(found).removeprefix(f"{found.subject}: ")))


def _hidden(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return any(part.startswith((".", "~$")) for part in parts) or parts[-1].lower() == "readme.md"
