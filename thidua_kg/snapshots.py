"""What do readers in other processes see while one writes? Published snapshots of graph and index, one folder each.

    thidua.sqlite           the truth; its table `meta` names the published snapshot and the change that it holds
    snapshots/<number>/     `graph` and `index-<engine>` as of that change; never written again; `lease` is for readers
    work/<name>/            the writer's own graph and index, thrown away when it closes

The writer changes its working copies inside the transaction of SQLite, publishes them as a new folder, notes its number in
the same transaction, and commits: rows, graph and index become visible together, and after a crash there is nothing to undo,
for working copies always start anew from the published snapshot. Both kinds of folder are hard links to files that are never
changed once written, so that neither costs time or room that grows with the whole (where a disk has no hard links, as on
exFAT, files are copied). A reader's question is one read transaction: it reads the number with the rows, and holds a lock on
that folder's `lease` for as long as it may open files there. Folders that no reader holds are removed after each commit; one
that cannot be removed (Windows) is left for the next time.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

from thidua_kg import locks

_LEASE = "lease"
_MADE = ".new"
# Files that are written again after they were made, in RocksDB, tantivy and Whoosh: copied, where others are linked.
_CHANGING = re.compile(r"CURRENT|IDENTITY|(?:MANIFEST|OPTIONS)-.*|\d+\.log|.*\.json|.*\.toc")
_NOT_COPIED = re.compile(r"LOG.*|LOCK|.*\.lock|.*LOCK|.*\.dbtmp|lease")


class Snapshots:
    """The snapshots and working copies below a knowledge base's folder."""

    def __init__(self, folder: Path) -> None:
        self._published, self._work = folder / "snapshots", folder / "work"

    def path(self, number: int) -> Path:
        """Where the snapshot of this number is."""
        return self._published / str(number)

    def hold(self, number: int) -> locks.Lock | None:
        """Keep a snapshot from being removed; None where it is gone already."""
        lease = self.path(number) / _LEASE
        held = locks.shared(lease)
        if held is not None and not lease.exists():
            held.release()
            return None
        return held

    def begin(self, number: int | None) -> Path:
        """A new working copy of a snapshot, or an empty folder; what an earlier writer left behind goes first.

        Its name is new each time: RocksDB locks a path until nothing in the process refers to the store there, and the
        traceback of an error does.
        """
        _remove(self._work)
        self._work.mkdir(parents=True, exist_ok=True)
        folder = self._work / uuid4().hex
        if number is None:
            folder.mkdir()
        else:
            link_tree(self.path(number), folder)
        return folder

    def end(self) -> None:
        """Throw the working copies away."""
        _remove(self._work)

    def publish(self, before: int, fill: Callable[[Path], None]) -> int:
        """Make the snapshot after number `before` of what `fill` writes into a folder; the number for the store to note."""
        number = max((before, *_numbers(self._published))) + 1
        made = self.path(number).with_suffix(_MADE)
        _remove(made)
        made.mkdir(parents=True)
        fill(made)
        (made / _LEASE).touch()
        _sync_tree(made)
        os.replace(made, self.path(number))
        _sync(self._published)
        return number

    def sweep(self, keep: int) -> None:
        """Remove the snapshots but one, as far as no reader holds them."""
        for folder in list(self._published.iterdir()) if self._published.is_dir() else []:
            if folder.name != str(keep):
                _retire(folder)

    def left(self, keep: int) -> list[Path]:
        """The folders beside the one to keep."""
        return sorted(p for p in self._published.iterdir() if p.name != str(keep)) if self._published.is_dir() else []


def link_tree(source: Path, target: Path) -> None:
    """Make `target` the same as `source`: hard links to files that never change, copies of the others."""
    target.mkdir(parents=True)
    for entry in sorted(os.scandir(source), key=lambda e: e.name):
        if entry.is_dir():
            link_tree(Path(entry.path), target / entry.name)
        elif not _NOT_COPIED.fullmatch(entry.name):
            place_file(Path(entry.path), target / entry.name)


def place_file(source: Path, target: Path) -> None:
    """One file at another place: linked where it never changes and the disk has links, else copied."""
    if not _CHANGING.fullmatch(source.name):
        try:
            os.link(source, target)
            return
        except FileNotFoundError:
            raise
        except OSError:  # no links on this disk, or too many of this file
            pass
    shutil.copyfile(source, target)


def _numbers(folder: Path) -> Iterator[int]:
    if folder.is_dir():
        yield from (int(stem) for entry in folder.iterdir() if (stem := entry.name.removesuffix(_MADE)).isdecimal())


def _retire(folder: Path) -> None:
    """Remove a snapshot that no reader holds; one that was never finished has no lease.

    It loses its name before its files, so that a reader that comes now finds it gone rather than half there. Windows
    renames no folder with an open file in it: there the own lock goes first, and a reader's keeps the folder.
    """
    lease = folder / _LEASE
    lock = locks.alone(lease) if lease.exists() else None
    if lock is None and lease.exists():
        return
    gone = folder.with_suffix(".gone")
    try:
        if lock is not None and os.name == "nt":
            lock.release()
        os.replace(folder, gone)
    except OSError:
        return
    finally:
        if lock is not None:
            lock.release()
    _remove(gone)


def put(path: Path, content: bytes) -> None:
    """Put a small file in place of the old one, all of it or nothing, a power cut included."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def _remove(folder: Path) -> None:
    """Remove a folder; what another process holds open on Windows stays until the next time."""
    shutil.rmtree(folder, ignore_errors=True)


def _sync_tree(folder: Path) -> None:
    """Have everything in a folder on the disk before it is named: after a power cut it is there whole."""
    for top, _, names in os.walk(folder):
        for name in names:
            if _CHANGING.fullmatch(name):  # the engines themselves make sure of the others
                with (Path(top) / name).open("rb+") as file:
                    os.fsync(file.fileno())
        _sync(Path(top))


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk; Windows does that by itself and cannot open folders."""
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
