"""Graph and index beside the store: the writer's working copies, or what is published for readers; see `snapshots`."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from thidua_kg.access import collections_of
from thidua_kg.answers.naming import reference
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.graph.records import Entity, GraphRecord, Judged
from thidua_kg.graph.state import is_current as is_current_graph
from thidua_kg.index.records import IndexRecord, record_of
from thidua_kg.index.state import is_current
from thidua_kg.judgements.log import noted
from thidua_kg.judgements.records import NONE, UNDECIDED, Standing
from thidua_kg.locks import Lock
from thidua_kg.snapshots import Snapshots, link_tree
from thidua_kg.store import Published, Store, Stored

if TYPE_CHECKING:
    from thidua_kg.graph import Graph
    from thidua_kg.index import SearchEngine

BATCH = 2_000  # documents told at once: the more, the less the graph sorts anew, but their quads stand in memory
_REBUILD = "chạy `thidua rebuild` để dựng lại đồ thị và chỉ mục từ kho"


class _Changed(msgspec.Struct, frozen=True):
    """A batch of what a part has still to be told: documents that went, and documents that came or came anew."""

    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()


_NOTHING = _Changed()


class Derived:
    """The graph and the index of one open knowledge base; the store's `Follower` where it writes."""

    def __init__(self, store: Store, engine: str) -> None:
        self._store, self.engine = store, engine
        self._snapshots = Snapshots(store.folder)
        self._folder: Path | None = None  # where graph and index are: a working copy, or the snapshot held
        self._held: tuple[Published, Lock] | None = None
        self._graph: Graph | None = None
        self._index: SearchEngine | None = None
        self._anew = False  # whether graph and index are being made from nothing
        self._words: dict[str, bytes] = {}  # what was worked out for the index, since the last commit

    def graph(self) -> Graph:
        if self._graph is None:
            from thidua_kg.graph import Graph

            self._graph = Graph.open(self._place() / "graph", write=self._store.writable)
        return self._graph

    def index(self) -> SearchEngine:
        if self._index is None:
            from thidua_kg.index import open_engine

            folder = self._place() / self._index_name
            self._index = open_engine(self.engine, folder, write=self._store.writable)
        return self._index

    # --- for readers

    def follow(self) -> None:
        """Hold the snapshot that belongs to the rows being read; call inside the store's `reading`."""
        if self._store.writable:
            return
        while True:
            published = self._store.published()
            if published is None:
                raise KnowledgeBaseError(str(self._store.folder), "kho chưa có đồ thị và chỉ mục", _REBUILD)
            if self._held is not None and self._held[0] == published:
                return
            lock = self._snapshots.hold(published.snapshot)
            if lock is not None:
                self._release()
                self._held, self._folder = (published, lock), self._snapshots.path(published.snapshot)
                return
            self._store.renew()
            if self._store.published() == published:
                raise KnowledgeBaseError(
                    str(self._snapshots.path(published.snapshot)), "ảnh chụp của đồ thị và chỉ mục đã mất", _REBUILD
                )

    # --- for the writer

    def prepared(self, identifier: str, words: bytes | None) -> None:
        """Note what was worked out for the index beforehand, of a document that was just put; it may turn out not to fit."""
        if words is not None:
            self._words[identifier] = words

    def keep_up(self) -> None:
        """Bring graph and index to the store's last change and publish them; the transaction that calls this commits it."""
        last, published = self._store.last_change(), self._store.published()
        if published is not None and published.change == last and self.is_there(published) and not self._anew:
            return
        graph, index = self.graph(), self.index()
        of_graph = self._missing(graph, last, ("put", "link"))
        of_index = self._missing(index, last, ("put",))
        for for_graph, for_index in zip_longest(of_graph, of_index, fillvalue=_NOTHING):
            records: dict[str, IndexRecord] = {}  # a document is read once for both, and not kept so long as a whole
            self._into_graph(for_graph, records)
            self._into_index(for_index, records)  # while the graph writes a large one
        for part in (index, graph):
            if part.last_change() != last:
                part.commit(last)
        if self._anew:
            self.graph().compact()
        before = published.snapshot if published else 0
        self._store.publish(Published(last, self._snapshots.publish(before, self._fill)))

    def settled(self) -> None:
        self._words.clear()
        self._anew = False
        published = self._store.published()
        if published is not None:
            self._snapshots.sweep(keep=published.snapshot)

    def undone(self) -> None:
        """Forget the working copies: the next ones start from what is published."""
        self._release()

    def rebuild(self) -> None:
        """Make graph and index anew from the store, into new folders; call inside a transaction."""
        self._release()
        self._folder, self._anew = self._snapshots.begin(None), True

    def close(self) -> None:
        """Let go of all files; working copies hold nothing that is not published."""
        self._release()
        if self._store.writable:
            self._snapshots.end()

    def _release(self) -> None:
        graph, index, held = self._graph, self._index, self._held
        self._graph = self._index = self._folder = self._held = None
        self._anew = False
        self._words.clear()
        try:
            for part in (index, graph):
                if part is not None:
                    part.close()
        finally:
            if held is not None:
                held[1].release()

    def _place(self) -> Path:
        """The folder of graph and index; a writer's working copy is made when it is first needed."""
        if self._folder is None:
            if not self._store.writable:
                with self._store.reading():
                    self.follow()
                return self._place()
            published = self._store.published()
            usable = published is not None and self._snapshots.path(published.snapshot).is_dir()
            self._folder = self._snapshots.begin(published.snapshot if published and usable else None)
            if not is_current(self._folder / self._index_name, self.engine):
                shutil.rmtree(self._folder / self._index_name, ignore_errors=True)  # of an older version: made anew
            if not is_current_graph(self._folder / "graph"):
                shutil.rmtree(self._folder / "graph", ignore_errors=True)
        return self._folder

    def is_there(self, published: Published) -> bool:
        """Whether what is published is where it should be."""
        folder = self._snapshots.path(published.snapshot)
        return is_current_graph(folder / "graph") and is_current(folder / self._index_name, self.engine)

    @property
    def _index_name(self) -> str:
        return f"index-{self.engine}"

    def clear_away(self) -> None:
        """Have no older snapshot left; KnowledgeBaseError where a reader holds one."""
        published = self._store.published()
        if published is not None and self._snapshots.left(published.snapshot):
            self._snapshots.sweep(keep=published.snapshot)
            if left := self._snapshots.left(published.snapshot):
                why = "tiến trình khác đang đọc đồ thị và chỉ mục cũ nên chưa xóa hết được dấu vết"
                raise KnowledgeBaseError(
                    str(left[0]), why, "đóng các nơi đang đọc rồi chạy `thidua purge` không kèm tên"
                )

    @contextmanager
    def scratch(self) -> Iterator[Graph]:
        """A copy of the published graph to try things on."""
        from thidua_kg.graph import Graph

        published = self._store.published()
        assert published is not None, "what is followed is published"
        source = self._snapshots.path(published.snapshot) / "graph"
        with _linked_copy(source, self._store.folder) as copy, Graph.open(Path(copy) / "graph", write=True) as graph:
            yield graph

    def _fill(self, folder: Path) -> None:
        self.graph().snapshot(folder / "graph")
        self.index().snapshot(folder / self._index_name)

    def _missing(self, part: Graph | SearchEngine, last: int, kinds: tuple[str, ...]) -> Iterator[_Changed]:
        """What was removed, and what was put in these ways, since a part's own last change, in batches."""
        since = part.last_change()
        changes = self._store.changes_since(since if since <= last else 0) if since != last else []
        for start in range(0, len(changes), BATCH):
            batch = changes[start : start + BATCH]
            yield _Changed(
                gone=tuple(c.document for c in batch if c.kind == "remove"),
                come=tuple(c.document for c in batch if c.kind in kinds),
            )

    def _into_graph(self, changed: _Changed, records: dict[str, IndexRecord]) -> None:
        """Give the graph what changed; what the index holds of the same documents goes into `records`."""
        graph, store, told = self.graph(), self._store, dict[str, Entity]()
        graph.remove(changed.gone)
        graph.describe(known(store, identifier) for identifier in changed.gone if _is_cited(store, identifier))

        def come() -> Iterator[GraphRecord]:
            for stored in filter(None, map(store.get, changed.come)):
                records[stored.id] = indexed(store, stored)
                yield graph_record(store, stored, _newly_known(store, stored, told))

        graph.put(come())

    def _into_index(self, changed: _Changed, records: dict[str, IndexRecord]) -> None:
        index, store = self.index(), self._store
        index.remove(changed.gone)

        def come() -> Iterator[IndexRecord]:
            for identifier in changed.come:
                if record := records.pop(identifier, None):
                    yield record
                elif stored := store.get(identifier):
                    yield indexed(store, stored)

        index.put(come(), self._words)


def indexed(store: Store, stored: Stored) -> IndexRecord:
    """What the index holds of a document."""
    return record_of(stored.id, stored.document, collections_of(store, stored.id))


def graph_record(store: Store, stored: Stored, entities: Iterable[Entity] = ()) -> GraphRecord:
    """What the graph holds of a document: itself, its statements, its judgements; and of documents only cited, `entities`."""
    return GraphRecord(
        id=stored.id,
        document=stored.document,
        statements=stored.statements,
        entities=tuple(entities),
        judgements=tuple(map(_judged, noted(store, stored.id))),
    )


def _newly_known(store: Store, stored: Stored, told: dict[str, Entity]) -> Iterable[Entity]:
    """What is known of the documents that a document's statements lead to, but for those in `told`, which grows.

    Of documents that are held nothing else is known than what they say.
    """
    named = {i for s in stored.statements for i in (s.subject, s.object) if "#" not in i and i not in told}
    new = {i: known(store, i) for i in sorted(named) if not store.holds(i)}
    told |= new
    return new.values()


def _judged(standing: Standing) -> Judged:
    j = standing.judgement
    names = j.kind in ("same", "different") or (j.kind == "link" and j.value not in (NONE, UNDECIDED))
    return Judged(
        id=standing.id,
        kind=j.kind,
        value=j.value,
        by=j.by,
        at=j.at,
        state=standing.state,
        field=j.field,
        why=j.why or None,
        quote=j.quote.exact if j.quote else None,
        other=j.value if names else None,
    )


def known(store: Store, identifier: str) -> Entity:
    """What is known of a document without its text, from the registry and the citations of it."""
    r = reference(store, identifier)
    return Entity(id=r.id, canonical=r.canonical, type=r.type, issuer=r.issuer, date=r.date, title=r.title)


def _is_cited(store: Store, identifier: str) -> bool:
    return bool(store.rows("select 1 from citations where entity=? limit 1", identifier))


def _linked_copy(source: Path, beside: Path) -> TemporaryDirectory[str]:
    """A folder with a copy that may be written to: beside the source, where links cost no room, else the system's own."""
    for room in (beside, None):
        try:
            folder = TemporaryDirectory(dir=room, prefix=".thu-", ignore_cleanup_errors=True)
            link_tree(source, Path(folder.name) / source.name)
            return folder
        except OSError as error:  # a read-only or a full disk
            failure = error
    raise KnowledgeBaseError(str(source), f"không có chỗ để kiểm tra ({failure})", "dọn chỗ trên đĩa") from failure
