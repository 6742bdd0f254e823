"""Files into the knowledge base, batch by batch: read by workers, kept here, published with graph and index."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, tee
from pathlib import Path

import msgspec

from thidua_kg.access import put_in
from thidua_kg.derived import Derived
from thidua_kg.errors import MarkedSource, ThiduaError, UnreadableSource
from thidua_kg.keeping.documents import keep, relink
from thidua_kg.store import Store
from thidua_kg.workers import Job, Outcome, reading

BATCH = 2_000  # documents a transaction, at most: what is under way stands in memory
BATCH_SECONDS = 60.0  # after which one ends: the graph has less to sort in large ones, a crash loses less in short ones
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


class Wanted(msgspec.Struct, frozen=True):
    """What is to be added and how; see `KnowledgeBase.add`."""

    paths: tuple[Path, ...]
    workers: int | None
    seconds: float
    allow_marked: bool
    collection: str | None


def add(store: Store, derived: Derived, wanted: Wanted, progress: Progress | None) -> Report:
    """Add what is wanted, in transactions of many sources each; one that fails leaves no trace.

    What is whole when a KeyboardInterrupt comes is kept before that goes on; a second one undoes the transaction.
    """
    files, failed = files_of(wanted.paths)
    jobs, given = tee(_job(store, derived, path) for path in files)
    run = _Run(store, derived, wanted, progress, len(files), failed)
    with reading(files, wanted.workers, wanted.seconds) as read:
        outcomes = zip(given, read(jobs), strict=True)
        while run.done < run.total and run.interrupted is None:
            with store.transaction():
                relink(store, run.batch(outcomes))
    if run.interrupted is not None:
        raise run.interrupted
    return Report(**run.counts, failed=tuple(run.failed))


class _Run:
    """One addition: how far it is, and what became of the sources."""

    def __init__(
        self,
        store: Store,
        derived: Derived,
        wanted: Wanted,
        progress: Progress | None,
        total: int,
        failed: list[Failure],
    ) -> None:
        self.store, self.derived, self.wanted, self.progress = store, derived, wanted, progress
        self.counts = {"added": 0, "replaced": 0, "unchanged": 0}
        self.done, self.total, self.failed = 0, total, failed
        self.interrupted: KeyboardInterrupt | None = None

    def batch(self, outcomes: Iterator[tuple[Job, Outcome]]) -> set[str]:
        """Keep the sources of one transaction; the documents whose links they may have changed."""
        began = time.monotonic()
        affected: set[str] = set()
        try:
            for job, outcome in islice(outcomes, BATCH):
                self._keep(job, outcome, affected)
                if time.monotonic() - began > BATCH_SECONDS:
                    break
        except KeyboardInterrupt as error:
            self.interrupted = error
        return affected

    def _keep(self, job: Job, outcome: Outcome, affected: set[str]) -> None:
        self.done += 1
        try:
            with self.store.savepoint():
                self.counts[_keep(self.store, self.derived, self.wanted, job, outcome, affected)] += 1
        except ThiduaError as error:
            self.failed.append(Failure(_printable(job.path), str(error).removeprefix(f"{job.path}: ")))
        if self.progress:
            self.progress(self.done, self.total, job.path)


def _job(store: Store, derived: Derived, path: Path) -> Job:
    name = path.resolve().as_posix()
    before = store.source_of(name)
    return Job(path=str(path), name=name, known=before[0] if before else None, engine=derived.engine)


def _keep(store: Store, derived: Derived, wanted: Wanted, job: Job, outcome: Outcome, affected: set[str]) -> str:
    """Keep what was read of one file; what became of it. Documents whose links it may change go into `affected`."""
    document = outcome.document
    if document is not None and document.header.secrecy and not wanted.allow_marked:
        raise MarkedSource(job.path, document.header.secrecy)
    if outcome.why is not None:
        raise UnreadableSource(job.path, outcome.why)
    before = store.source_of(job.name)
    if document is not None:
        kept = keep(store, document, before[1] if before else None, outcome.bands)
        affected |= kept.affected
        derived.prepared(kept.id, outcome.words)
    if wanted.collection is not None:
        put_in(store, job.name, wanted.collection)
    if outcome.unchanged:
        return "unchanged"
    return "replaced" if before else "added"


def files_of(paths: Iterable[str | Path]) -> tuple[list[Path], list[Failure]]:
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
    return list(dict.fromkeys(f for f in _expanded(files, failed) if _is_sayable(f, failed))), failed


def _expanded(files: Iterable[Path], failed: list[Failure]) -> Iterator[Path]:
    """The files, packages among them replaced by their members; members that are refused are failures."""
    from thidua_kg.readers import expand

    for file in files:
        for found in expand(file):
            if isinstance(found, str):
                yield Path(found)
            else:
                failed.append(Failure(found.subject, str(found).removeprefix(f"{found.subject}: ")))


def _is_sayable(path: Path, failed: list[Failure]) -> bool:
    """Whether a path can be kept; one whose name is no text of any encoding is a failure."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        failed.append(Failure(_printable(str(path)), "không đọc được (tên tệp không phải là chữ); hãy đổi tên tệp"))
        return False
    return True


def _printable(path: str) -> str:
    """A path as it can be printed, whatever bytes its name is of."""
    return path.encode("utf-8", "replace").decode()


def _hidden(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return any(part.startswith((".", "~$")) for part in parts) or parts[-1].lower() == "readme.md"
