"""The graph of a knowledge base: RDF in Oxigraph, asked by SPARQL, given out as rdflib and networkx.

It is derived from the store and can be rebuilt from it at any time. One process writes; others open snapshots.
"""

from __future__ import annotations

import errno
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.graph import dump, registry
from thidua_kg.graph.changes import Change, Putting, describing, disagreeing, graphs_in, removing
from thidua_kg.graph.child import run_in_child
from thidua_kg.graph.guard import checked
from thidua_kg.graph.names import BASE, META, PREFIXES, REGISTRY, TD, id_of
from thidua_kg.graph.networks import Kind, documents_in, network_of
from thidua_kg.graph.quads import graphs_of, known_graph
from thidua_kg.graph.query import Ask, run, stream
from thidua_kg.graph.records import Entity, GraphRecord, Table, Value
from thidua_kg.graph.state import State, read_state, write_state
from thidua_kg.limits import give_back_memory

if TYPE_CHECKING:
    import networkx
    import rdflib

ROW_LIMIT = 10_000
_MANY = 4_000  # quads: from here on files of their own (30 ms, then 140,000 a second) beat the log (45,000 a second)
_BUFFER = 100_000  # quads
_NONE: Mapping[str, str] = MappingProxyType({})
_REGISTRY_VERSION = NamedNode(TD + "registryVersion")
_BESIDE = "-beside-"  # in the names of folders that are needed for a while
_LOCKED = "tiến trình khác đang ghi kho này"


class Graph:
    """Quads on disk or in memory: `put` and `remove` documents, `select` rows, take `network` and `rdf` objects."""

    def __init__(self, store: Store, path: Path | None, write: bool, base: str) -> None:
        self._open_store: Store | None = store
        self._path, self._write, self.base = path, write, base
        self._buffered = 0  # quads written since the buffers were last emptied
        self._loading: tuple[Future[None], Putting] | None = None  # what is being written, and what is to follow it
        self._state = (read_state(path) if path is not None else None) or State()

    @staticmethod
    def open(path: Path | None, write: bool = False, base: str = BASE) -> Graph:
        """Open the graph in folder `path`, in memory for None; KnowledgeBaseError where it is locked or missing.

        Opened for reading it shows the state of that moment: beside a writer, open a `snapshot` of the writer's.
        """
        with _disk_errors(path):
            if path is not None and write:
                path.mkdir(parents=True, exist_ok=True)
            store = Store() if path is None else Store(str(path)) if write else Store.read_only(str(path))
        graph = Graph(store, path, write or path is None, base)
        if graph._write:
            graph._remove_left_behind()
            graph._load_registry()
        return graph

    def put(self, records: Iterable[GraphRecord]) -> None:
        """Write documents, replacing those that are there; putting the same records again writes nothing.

        A document appears whole or not at all, and a batch of new documents whole or not at all. Records are taken one by
        one; a large batch goes to a file first and is read from there while the caller goes on, Oxigraph taking a kilobyte
        of memory for a quad. Whatever needs the graph next waits for it, and is told what went wrong.
        """
        self._check_writable()
        putting = Putting(self._store, self.base)
        quads = putting.new(records)
        first = list(islice(quads, _MANY))
        if self._path is None or len(first) < _MANY:
            self._add(chain(first, quads))
            self._apply(putting.rest())
        else:
            self._load(chain(first, quads), putting)

    def describe(self, entities: Iterable[Entity]) -> None:
        """Replace what is known of documents that are only cited; one whose text is here keeps to its text."""
        self._check_writable()
        self._apply(describing(self._store, entities, self.base))

    def remove(self, ids: Iterable[str]) -> None:
        """Remove all that came from these documents, and nothing else; unknown ids are passed over.

        One that others still cite is afterwards known by their citations alone: `describe` it.
        """
        self._check_writable()
        self._update(" ;\n".join(f"DROP SILENT GRAPH {graph}" for graph in removing(self._store, ids, self.base)))

    def commit(self, change: int) -> None:
        """Note that the graph holds everything up to this change of the store."""
        self._check_writable()
        self._settle()
        self._state = State(change)
        if self._path is not None:
            with _disk_errors(self._path):
                write_state(self._path, self._state)

    def last_change(self) -> int:
        """The last change of the store that the graph holds, 0 for none."""
        return self._state.change

    def ids(self) -> set[str]:
        """The ids of the documents put here, without those that are only cited."""
        return {id_of(node.value, self.base) for node in documents_in(self._store)}

    def count(self) -> int:
        """How many quads there are, the ontology's included."""
        return len(self._store)

    def select(
        self,
        text: str,
        bindings: Mapping[str, str] = _NONE,
        limit: int | None = ROW_LIMIT,
        seconds: float | None = None,
        ids: bool = False,
    ) -> Table:
        """Ask a SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE over the union of all graphs, read only.

        `bindings` stand in for variables that SELECT names: an `Iri` (as `iri()` gives) for a resource, other strings
        for texts. With `seconds` a child process answers, and is ended when they are over; not for a graph in memory.
        With `ids` documents, tasks and units come as their ids. A fact that two documents state is there twice: use
        DISTINCT, and COUNT(DISTINCT …). InvalidQuery for what is not run.
        """
        ask = Ask(text, dict(bindings), limit, self.base if ids else None)
        if seconds is None:
            return run(self._store, ask)
        checked(text)
        with self._readable_by_child() as path:
            return run_in_child(path, ask, seconds)

    def stream(self, text: str, bindings: Mapping[str, str] = _NONE, ids: bool = False) -> Iterator[tuple[Value, ...]]:
        """All rows of a query as they are found, for exports that do not fit into memory."""
        return stream(self._store, Ask(text, bindings, ids_below=self.base if ids else None))[1]

    def network(self, kind: Kind = "all") -> networkx.MultiDiGraph[str]:
        """Documents, tasks, units or all as a networkx graph; nodes are ids, edges carry relation and manner."""
        return network_of(self._store, kind, self.base)

    def rdf(self) -> rdflib.Dataset:
        """The same data as an rdflib Dataset with the union as default graph.

        For research in Python: its own `query` and `update` are rdflib's and pass no guard.
        """
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self._store), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace)
        return dataset

    def dump(self, format: dump.Format, out: IO[bytes], judgements: bool = True) -> None:
        """Write all documents and the ontology as RDF, the same bytes for the same content; `judgements` may be left out."""
        dump.write(self._store, format, out, judgements)

    def compact(self) -> None:
        """Sort the files on disk into few: after a large addition questions are answered two to four times faster."""
        self._check_writable()
        with _disk_errors(self._path):
            self._store.optimize()

    def snapshot(self, folder: Path) -> None:
        """Copy the state of this moment into a new folder, which other processes may open for reading."""
        if self._path is None:
            raise KnowledgeBaseError("đồ thị", "đồ thị trong bộ nhớ không chụp được", "mở đồ thị trên đĩa")
        with _disk_errors(folder):
            self._store.backup(str(folder))
            write_state(folder, self._state)

    def disagreeing(self, records: Iterable[GraphRecord]) -> Iterator[str]:
        """The ids of the records that the graph holds otherwise than it should."""
        with _disk_errors(self._path):
            yield from disagreeing(self._store, records, self.base)

    def disagreeing_entities(self, entities: Iterable[Entity]) -> Iterator[str]:
        """The ids of the documents only cited of which the graph says otherwise than it should."""
        with _disk_errors(self._path):
            for entity in entities:
                change = describing(self._store, [entity], self.base)
                if change.old or change.replacing:
                    yield entity.id

    def unexpected(self, held: Iterable[str], cited: Iterable[str]) -> list[str]:
        """The named graphs that belong to none of the documents held, nor to any only cited."""
        expected = {graph.value for id in held for graph in graphs_of(id, self.base)}
        expected |= {known_graph(id, self.base).value for id in cited}
        with _disk_errors(self._path):
            return sorted(graphs_in(self._store) - expected)

    def close(self) -> None:
        """Let go of the files, which pyoxigraph does when its store is no longer referred to; what was put is sure by `commit`."""
        if self._loading is not None:
            wait([self._loading[0]])
        self._open_store = self._loading = None

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        try:
            if error is None:
                self._settle()
        finally:
            self.close()

    @property
    def _store(self) -> Store:
        """The open store, with everything in it that was put."""
        if self._open_store is None:
            raise KnowledgeBaseError(str(self._path or "đồ thị"), "đồ thị đã đóng", "mở lại trước khi dùng")
        self._settle()
        return self._open_store

    def _settle(self) -> None:
        """Wait for what is being written, and replace then what was there before."""
        if self._loading is not None:
            loading, putting = self._loading
            with _disk_errors(self._path):
                loading.result()
            self._loading = None  # not before: what was not written is told each time, and waited for on closing
            self._apply(putting.rest())

    def _load(self, quads: Iterable[Quad], putting: Putting) -> None:
        """Write quads, by way of a file, in a thread: Oxigraph needs nothing of Python for it, nor has Python to wait."""
        store, folder = self._store, self._folder_beside()
        file = Path(folder.name) / "quads.nq"

        def load() -> None:
            try:
                with folder:
                    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
            finally:
                give_back_memory()

        try:
            with _disk_errors(file):
                opened = _File(file, "wb")
            with io.BufferedWriter(opened) as out:
                serialize(quads, out, RdfFormat.N_QUADS)
            thread = ThreadPoolExecutor(1)
            self._loading = thread.submit(load), putting
        except BaseException:
            folder.cleanup()
            raise
        thread.shutdown(wait=False)

    def _apply(self, change: Change) -> None:
        if change.old:
            self._update(f"DELETE DATA {{\n{_data(change.old)}}} ;\nINSERT DATA {{\n{_data(change.replacing)}}}")
            self._wrote(len(change.old) + len(change.replacing))
        else:
            self._add(change.replacing)

    def _add(self, quads: Iterable[Quad]) -> None:
        """Add quads in one transaction, in the way that is the faster for so many of them."""
        following = iter(quads)
        first = list(islice(following, _MANY))
        with _disk_errors(self._path):
            if len(first) == _MANY:
                self._store.bulk_extend(chain(first, following))
            elif first:
                self._store.extend(first)
                self._wrote(len(first))

    def _wrote(self, quads: int) -> None:
        """Empty the write buffers now and then: left alone they grow to 1.7 GB, and slow the writing down."""
        self._buffered += quads
        if self._buffered >= _BUFFER and self._path is not None:
            self._store.flush()
            self._buffered = 0

    def _update(self, update: str) -> None:
        with _disk_errors(self._path):
            self._store.update(update)

    def _note(self, fact: Quad) -> None:
        """Keep one fact about the graph itself, in place of the one before."""
        before = self._store.quads_for_pattern(fact.subject, fact.predicate, None, META)
        self._apply(Change(tuple(quad for quad in before if quad != fact), (fact,)))

    def _check_writable(self) -> None:
        if not self._write:
            raise KnowledgeBaseError(str(self._path), "đồ thị mở chỉ để đọc", "mở với write=True")

    def _load_registry(self) -> None:
        """Keep the registry graph at the terms and document types that this version ships with."""
        version = Quad(META, _REGISTRY_VERSION, Literal(registry.version()), META)
        if version not in self._store:
            with _disk_errors(self._path):
                self._store.clear_graph(REGISTRY)
            self._add(registry.quads())
            self._note(version)

    def _folder_beside(self) -> TemporaryDirectory[str]:
        """A new folder for what is needed for a while, which goes with its end."""
        assert self._path is not None, "a graph in memory needs none"
        with _disk_errors(self._path):
            prefix = f".{self._path.name}{_BESIDE}"
            return TemporaryDirectory(prefix=prefix, dir=self._path.parent, ignore_cleanup_errors=True)

    def _remove_left_behind(self) -> None:
        """Remove what a killed process left behind: only a writer makes these, and this is the only one."""
        if self._path is not None:
            for left in self._path.parent.glob(f".{self._path.name}{_BESIDE}*"):
                shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def _readable_by_child(self) -> Iterator[Path]:
        """A folder that a child may open: this one where nobody writes to it, else a snapshot beside it."""
        if self._path is None:
            why = "đồ thị trong bộ nhớ không giới hạn được thời gian"
            raise KnowledgeBaseError("đồ thị", why, "mở đồ thị trên đĩa, hoặc bỏ giới hạn")
        if not self._write:
            yield self._path
            return
        with self._folder_beside() as parent:
            self.snapshot(Path(parent) / "graph")
            yield Path(parent) / "graph"


class _File(io.FileIO):
    """A file whose disk's complaints are told as such: what raises the content that is written to it is another thing."""

    def write(self, data: Any) -> int:
        with _disk_errors(Path(str(self.name))):
            return super().write(data)


def _data(quads: Iterable[Quad]) -> str:
    return "".join(f"GRAPH {q.graph_name} {{ {q.subject} {q.predicate} {q.object} }}\n" for q in quads)


@contextmanager
def _disk_errors(path: Path | None) -> Iterator[None]:
    """Oxigraph's complaints about the disk as this library's errors, each with what to do."""
    try:
        yield
    except FileNotFoundError as error:
        raise KnowledgeBaseError(str(path), f"chưa có đồ thị ở đây ({error})", "chạy `thidua add` trước") from None
    except OSError as error:
        if "lock" in str(error).lower():
            remedy = "đợi tiến trình đó xong, hoặc mở một bản chụp để đọc"
            raise KnowledgeBaseError(str(path), f"{_LOCKED} ({error})", remedy) from None
        remedy = "dọn chỗ trên đĩa rồi làm lại" if _is_full(error) else "chạy `thidua rebuild`"
        raise KnowledgeBaseError(str(path), f"không đọc ghi được ({error})", remedy) from None
    except RuntimeError as error:  # so it says that a folder is there already
        raise KnowledgeBaseError(str(path), f"không ghi được ({error})", "chọn một thư mục chưa có") from None


def _is_full(error: OSError) -> bool:
    """Whether there is no room on the disk; Oxigraph tells it in words only."""
    return error.errno == errno.ENOSPC or "no space" in str(error).lower()
