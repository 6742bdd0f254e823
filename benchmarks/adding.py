"""What does adding cost, and does a document cost the same among 100,000 as among 1,000? Prints a table for each size.

    python -m benchmarks.adding [--counts 1000,10000] [--seed 1] [--keep FOLDER]

Generated documents (`generate.py`) are added in a process of its own for each size. Wall clock says little on a machine that
others use: processor seconds of the whole tree of processes stand beside it. The stages are those of the main thread; what
workers do (reading, parsing, words of the index) and what the engines do in threads of their own stands apart. Memory and
the processes' own times are read from /proc, on Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.generate import write

PORTIONS = 10
LOOPS = 50  # times that the fixed loop is run while documents are added
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def fixed_loop() -> float:
    """Milliseconds of processor time of work that is always the same: on a busy machine all work takes longer."""
    taken = []
    for _ in range(5):
        start, number, seen = time.thread_time(), 0, {}
        for i in range(60_000):
            number = (number * 31 + i) & 0xFFFF
            seen[number] = i
        taken.append((time.thread_time() - start) * 1000)
    return sorted(taken)[2]


class Stages:
    """Processor seconds of the main thread by stage; a stage within another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[tuple[str, float]] = []

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Count what a function or method takes, from now on."""
        function: Callable[..., Any] = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:
            with self.counting(stage):
                return function(*given, **named)

        setattr(owner, name, watched)

    @contextmanager
    def counting(self, stage: str) -> Iterator[None]:
        now = time.thread_time()
        if self._open:
            outer, since = self._open[-1]
            self.seconds[outer] += now - since
        self._open.append((stage, now))
        try:
            yield
        finally:
            _, since = self._open.pop()
            now = time.thread_time()
            self.seconds[stage] += now - since
            if self._open:
                self._open[-1] = (self._open[-1][0], now)


def _watched() -> Stages:
    """The stages of adding: which functions of the library stand for them."""
    from thidua_kg import derived, snapshots, store, workers
    from thidua_kg.keeping import adding, documents

    stages = Stages()
    for owner, name, stage in (
        (workers._Shelf, "take", "unpacking what workers made"),
        (documents, "identify", "which work it is"),
        (documents, "linked", "links"),
        (store.Store, "put", "store: rows"),
        (adding, "relink", "links of documents that cite it"),
        (derived.Derived, "_into_graph", "graph"),
        (derived.Derived, "_into_index", "index"),
        (snapshots.Snapshots, "publish", "publishing"),
    ):
        stages.watch(owner, name, stage)
    return stages


def processor_seconds() -> dict[str, float]:
    """What this process and its children, living and dead, have used until now."""
    own = os.times()
    children = own.children_user + own.children_system
    for child in _children(os.getpid()):
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            children += (int(fields[11]) + int(fields[12])) / _TICKS
        except OSError:
            pass
    return {"main": own.user + own.system, "workers": children}


def _children(process: int) -> Iterator[int]:
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            yield from map(int, (task / "children").read_text().split())
    except OSError:
        return


class Memory:
    """The greatest memory of this process and its children together, and of this one alone, in MB, while it runs.

    Counted is what is theirs (anonymous pages): of files that the system keeps in memory it takes as many as there is room for.
    """

    def __init__(self) -> None:
        self.all = self.main = self.with_files = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            main = _megabytes(os.getpid())
            rest = [_megabytes(child) for child in _children(os.getpid())]
            self.main = max(self.main, main[0])
            self.all = max(self.all, main[0] + sum(own for own, _ in rest))
            self.with_files = max(self.with_files, main[1] + sum(shared for _, shared in rest))


def _megabytes(process: int) -> tuple[float, float]:
    """Anonymous memory, and the proportional share of all memory that a process has mapped."""
    try:
        lines = Path(f"/proc/{process or 'self'}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0.0, 0.0
    sizes = {name: int(rest.split()[0]) / 1000 for name, _, rest in (line.partition(":") for line in lines)}
    return sizes["Anonymous"], sizes["Pss"]


def disk(folder: Path) -> dict[str, float]:
    """Megabytes below a knowledge base's folder by what they are for, each file once however often it is linked."""
    found: defaultdict[str, float] = defaultdict(float)
    seen = set()
    for top, _, names in os.walk(folder):
        for name in names:
            stat = (Path(top) / name).stat()
            if stat.st_ino not in seen:
                seen.add(stat.st_ino)
                parts = (Path(top) / name).relative_to(folder).parts
                found["store" if len(parts) == 1 else parts[2] if len(parts) > 3 else parts[0]] += stat.st_size / 1e6
    return dict(found)


def measure(texts: Path, folder: Path, count: int) -> dict[str, Any]:
    """Add the documents of a folder; the figures."""
    import thidua_kg

    stages, marks, loops = _watched(), [(0, time.perf_counter(), sum(processor_seconds().values()))], [fixed_loop()]

    def progress(done: int, total: int, _: str) -> None:
        if done * LOOPS // total > len(loops) - 1:
            loops.append(fixed_loop())
        if done * PORTIONS // total > len(marks) - 1:
            marks.append((done, time.perf_counter(), sum(processor_seconds().values())))
            print(f"  {done:>7,d} {time.perf_counter() - marks[0][1]:8.0f} s", file=sys.stderr)

    before = processor_seconds()
    with Memory() as memory:
        with thidua_kg.open(folder) as kb, stages.counting("all else in the main thread"):
            report = kb.add([texts], progress)
        marks[-1] = (count, time.perf_counter(), sum(processor_seconds().values()))
    used = {name: seconds - before[name] for name, seconds in processor_seconds().items()}
    assert report.added == count, report
    return {
        "count": count,
        "wall": marks[-1][1] - marks[0][1],
        "used": used,
        "stages": dict(stages.seconds),
        "memory": {"own": memory.all, "main": memory.main, "with mapped files": memory.with_files},
        "disk": disk(folder),
        "loop": [min(loops), statistics.mean(loops)],
        "portions": [
            [done, (done - last) / (wall - w), (cpu - c) / (done - last) * 1000]
            for (last, w, c), (done, wall, cpu) in pairwise(marks)
        ],
    }


def _print(found: dict[str, Any]) -> None:
    count, used = found["count"], found["used"]
    cpu = sum(used.values())
    print(f"\n{count:,d} documents: {count / found['wall']:.0f} a second by the clock ({found['wall']:.0f} s),")
    print(
        f"{cpu / count * 1000:.2f} ms of processor time each, which is {2 * count / cpu:.0f} a second on two free cores"
    )
    least, mean = found["loop"]
    print(
        f"a fixed loop took {mean:.1f} ms of processor time on the mean, {least:.1f} ms at best: with that speed all along,"
    )
    print(f"{cpu / count * 1000 * least / mean:.2f} ms each and {2 * count / cpu * mean / least:.0f} a second")
    rows = {"workers: read, parse, words of the index": used["workers"], **found["stages"]}
    rows["threads of the engines"] = used["main"] - sum(found["stages"].values())
    for name, seconds in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"  {name:44s} {seconds / count * 1000:7.2f} ms {seconds / cpu:6.0%}")
    for what in ("memory", "disk"):
        parts = ", ".join(f"{name} {size:,.0f}" for name, size in found[what].items())
        print(f"  {what}, MB: {parts}")
    print("  portions (documents so far, a second, ms of processor time each):")
    for done, rate, each in found["portions"]:
        print(f"    {done:>8,d} {rate:6.0f} {each:7.2f}")


def main() -> None:
    """Measure each size in a process of its own and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--counts", default="1000,10000")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--keep", type=Path, help="leave the knowledge bases in this folder")
    ask.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.one:
        print(json.dumps(measure(*given.one, int(given.counts))))
        return
    with tempfile.TemporaryDirectory(prefix="thidua-", ignore_cleanup_errors=True) as temporary:
        for count in map(int, given.counts.split(",")):
            texts = Path(temporary) / f"van-ban-{count}"
            write(texts, count, given.seed)
            folder = (given.keep or Path(temporary)) / f"kho-{count}"
            words = [
                sys.executable,
                "-m",
                "benchmarks.adding",
                "--counts",
                str(count),
                "--one",
                str(texts),
                str(folder),
            ]
            done = subprocess.run(words, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).resolve().parents[1])
            _print(json.loads(done.stdout))


if __name__ == "__main__":
    main()
