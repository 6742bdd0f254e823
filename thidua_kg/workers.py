"""Reading and parsing in other processes: a document that takes too long, or kills its reader, costs only itself.

`prepare` is what is done with one file, here or there. Workers are fresh interpreters, neither forks nor `multiprocessing`
(which would run the caller's main script again where it has no `__main__` guard, as notebooks have none), fed file by file
over pipes. What they give comes in the order of the files, so that it is the same whatever their number.
"""

from __future__ import annotations

import os
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from thidua_kg.errors import ThiduaError
from thidua_kg.index.records import record_of
from thidua_kg.limits import bound_memory
from thidua_kg.model import Document
from thidua_kg.pipeline import document_id, parsed
from thidua_kg.readers import read
from thidua_kg.sketches import sketch

SECONDS = 120.0  # that one document may take
_AHEAD = 1024  # files a worker that are read before their turn has come: it goes on while graph and index are written
_ROOM = 128_000_000  # bytes of documents that wait for their turn, beyond which no further file is begun
_RENEW = 2_000  # documents after which a worker is ended and a new one started: what libraries leak goes with it
_WORTH = 40  # files a process: starting one takes as long as reading so many
_TICK = 0.2  # seconds between looks for overdue documents
_LENGTH = struct.Struct("<Q")

# -I: nothing of the working directory is imported; the parent's own search path is passed on instead.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from thidua_kg.workers import serve;"
    "serve(sys.stdin.buffer, sys.stdout.buffer)"
)


class Job(msgspec.Struct, frozen=True):
    """A file to read; `name` is what the store calls it, `known` the hash it had when it was last added."""

    path: str
    name: str
    known: str | None = None
    engine: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file: a document whose citations are not linked yet, nothing new, or why it could not be read.

    `words` is what the index engine of the job takes for the document, `bands` its sketch, both worked out beforehand.
    """

    document: Document | None = None
    words: bytes | None = None
    bands: tuple[int, ...] | None = None
    unchanged: bool = False
    why: str | None = None


def prepare(job: Job) -> Outcome:
    """Read and parse one file; any fault in it is an outcome, never an exception."""
    try:
        source = read(job.path)
        if source.sha256 == job.known:
            return Outcome(unchanged=True)
        document = msgspec.structs.replace(parsed(source), path=job.name)
    except ThiduaError as error:
        return Outcome(why=str(error).removeprefix(f"{job.path}: "))
    except (OSError, ValueError, RuntimeError, MemoryError) as error:  # one odd file never costs the others
        return Outcome(why=f"không đọc được ({error or type(error).__name__})")
    if not job.engine:
        return Outcome(document=document)
    from thidua_kg.index import words_of

    words = words_of(job.engine, record_of(document_id(document), document))
    return Outcome(document=document, words=words, bands=sketch(document))


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """In a worker: prepare what is asked for until there is no more."""
    _be_modest()
    sys.stdout = sys.stderr  # a library that prints must not break into the answers
    while (frame := _receive(requests)) is not None:
        _send(answers, msgspec.msgpack.encode(prepare(msgspec.msgpack.decode(frame, type=Job))))


class Workers:
    """Processes that prepare files; use it in a `with` statement, which ends them."""

    def __init__(self, count: int, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._asked: queue.SimpleQueue[tuple[int, Job] | None] = queue.SimpleQueue()
        self._shelf = _Shelf()
        self._hands = [_Hand(self._asked, self._shelf) for _ in range(count)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for hand in self._hands:
            hand.end()
            self._asked.put(None)
        self._shelf.close()
        for hand in self._hands:
            hand.join()

    def map(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """The outcome of each job, in their order; so many are under way that all are busy, and no more than there is room for."""
        waiting = enumerate(jobs)
        asked = given = 0
        ahead = _AHEAD * len(self._hands)
        while True:
            for number, job in islice(waiting, ahead - (asked - given)):
                self._asked.put((number, job))
                asked += 1
            if given == asked:
                return
            while (outcome := self._shelf.take(given)) is None:
                for hand in self._hands:
                    hand.stop_if_overdue(self._seconds)
            yield outcome
            given += 1


class _Shelf:
    """Outcomes that wait for their turn, packed; while they take too much room, no further job is begun.

    Jobs are begun in their order, so what waits for room never keeps back the outcome whose turn it is.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._packed: dict[int, bytes] = {}
        self._size = 0
        self._closed = False

    def put(self, number: int, packed: bytes) -> None:
        with self._changed:
            self._packed[number] = packed
            self._size += len(packed)
            self._changed.notify_all()

    def take(self, number: int) -> Outcome | None:
        """An outcome, waited for a little while; None where it is not there then."""
        with self._changed:
            if not self._changed.wait_for(lambda: number in self._packed, _TICK):
                return None
            packed = self._packed.pop(number)
            self._size -= len(packed)
            self._changed.notify_all()
        try:
            return msgspec.msgpack.decode(packed, type=Outcome)
        except msgspec.MsgspecError as error:
            return Outcome(why=f"không đọc được ({error})")

    def wait_for_room(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._size < _ROOM or self._closed)

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class _Hand:
    """A thread with a process of its own: gives it one job after the other, and a new process to those after a failure."""

    def __init__(self, asked: queue.SimpleQueue[tuple[int, Job] | None], shelf: _Shelf) -> None:
        self._asked, self._shelf = asked, shelf
        self._process: subprocess.Popen[bytes] | None = None
        self._since: float | None = None  # when the job under way was given
        self._late = self._ending = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop_if_overdue(self, seconds: float) -> None:
        since, process = self._since, self._process
        if since is not None and process is not None and time.monotonic() - since > seconds:
            self._late = True
            process.kill()

    def end(self) -> None:
        """Finish at the next chance; the document under way is given up."""
        self._ending = True
        process = self._process
        if process is not None:
            process.kill()

    def join(self) -> None:
        self._thread.join()

    def _work(self) -> None:
        jobs = 0
        while (asked := self._next()) is not None and not self._ending:
            number, job = asked
            if self._process is None:
                self._process, jobs = _started(), 0
            jobs += 1
            try:
                packed = self._asking(self._process, job)
            except Exception as error:  # a name that cannot be sent, say: nobody must wait for this job for ever
                packed = _failure(f"không đọc được ({error})")
            self._shelf.put(number, packed)
            if self._process is not None and jobs >= _RENEW:
                self._stop(self._process)
        if self._process is not None:
            self._stop(self._process)

    def _next(self) -> tuple[int, Job] | None:
        self._shelf.wait_for_room()
        return self._asked.get()

    def _asking(self, process: subprocess.Popen[bytes], job: Job) -> bytes:
        """The outcome of a job, packed."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._late, self._since = False, time.monotonic()
        try:
            _send(process.stdin, msgspec.msgpack.encode(job))
            frame = _receive(process.stdout)
        except OSError:
            frame = None
        finally:
            self._since = None
        if frame is not None:
            return frame
        late = self._late
        code = self._stop(process)
        if late:
            return _failure("quá thời gian cho phép, đã dừng đọc tệp này; hãy kiểm tra hoặc chia nhỏ tệp")
        return _failure(f"tiến trình đọc dừng đột ngột (mã {code}); hãy lưu lại tệp ở dạng khác")

    def _stop(self, process: subprocess.Popen[bytes]) -> int:
        self._process = None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent to a dead process
                    pipe.close()
        process.kill()
        return process.wait()


def _failure(why: str) -> bytes:
    return msgspec.msgpack.encode(Outcome(why=why))


def _started() -> subprocess.Popen[bytes]:
    import json

    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Ctrl-C is for the parent, here and in `_be_modest`
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START, json.dumps(sys.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=flags,
    )  # fmt: skip


def _be_modest() -> None:
    """Leave Ctrl-C to the parent, and let a document that eats all memory fail where the system can see to it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bound_memory()


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """One frame; None where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None


@contextmanager
def reading(
    files: Sequence[Path], workers: int | None, seconds: float
) -> Iterator[Callable[[Iterable[Job]], Iterator[Outcome]]]:
    """How to prepare jobs for these files, in their order: in so many processes, or here.

    Left to choose, it is as many processes as there are cores, where so many files are worth their start; none for a few of
    plain text, which harm nobody; but one at least for other formats, whose readers may hang or die.
    """
    count = workers
    if count is None:
        count = min(_cores(), len(files) // _WORTH) or int(not all(map(_is_plain, files)))
    if not count:
        yield lambda jobs: map(prepare, jobs)
        return
    with Workers(count, seconds=seconds) as started:
        yield started.map


def _is_plain(path: Path) -> bool:
    """Whether a file is of plain text; one that is not there is as good as that, a package's member is not."""
    from thidua_kg.readers.formats import format_of

    try:
        with path.open("rb") as file:
            return format_of(str(path), file.read(4096)).module == "plain"
    except (OSError, ValueError):
        return "!" not in path.name


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
