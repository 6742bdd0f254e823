"""Does a knowledge base survive its writer's death at any moment? Kills a writer again and again and looks after each time.

    python -m benchmarks.crash [--kills 200] [--seed 1]

The writer adds, changes and removes documents in small transactions and says after each what it was told is kept. It is
killed (SIGKILL; TerminateProcess on Windows) at a random moment; then everything it said must answer, and `verify` must be
clean. The next writer goes on with the same knowledge base.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import thidua_kg
from benchmarks.generate import write
from thidua_kg.errors import ThiduaError, UnknownName

ROOT = Path(__file__).resolve().parents[1]
SIZE = 120  # documents that the writer takes from

WRITER = """
import random, sys
from pathlib import Path
import thidua_kg
folder, texts, seed = sys.argv[1:]
rng = random.Random(seed)
files = sorted(p for p in Path(texts).rglob("*.*"))
print("started", flush=True)
with thidua_kg.open(folder) as kb:
    print("opened", flush=True)
    for _ in range(200):
        some = rng.sample(files, rng.randint(1, 8))
        if rng.random() < 0.3:
            held = [a.path for a in kb.ls()]
            gone = rng.sample(held, min(len(held), 3))
            kb.remove(gone)
            print(*(f"gone\\t{path}" for path in gone), sep="\\n", flush=True)
            continue
        if rng.random() < 0.3:
            for path in some:
                path.write_text(path.read_text("utf-8") + " Thêm.", "utf-8")
        kb.add(some)
        print(*(f"kept\\t{path.resolve().as_posix()}" for path in some), sep="\\n", flush=True)
"""


class Outcome:
    """What the rounds showed: where the writer was when it died, and what was wrong afterwards."""

    def __init__(self) -> None:
        self.died: Counter[str] = Counter()
        self.faults: list[str] = []


def rounds(folder: Path, kills: int, seed: int) -> Outcome:
    """Kill a writer of the knowledge base in `folder` so many times, and look after each."""
    rng, outcome = random.Random(seed), Outcome()
    texts = folder / "van-ban"
    write(texts, SIZE, seed)
    expected: dict[str, bool] = {}
    for number in range(kills):
        said = _killed(folder / "kho", texts, number + seed, rng, outcome)
        _note(said, expected)
        outcome.faults += (f"round {number}: {fault}" for fault in _looked_at(folder / "kho", expected))
    return outcome


def _killed(folder: Path, texts: Path, seed: int, rng: random.Random, outcome: Outcome) -> list[str]:
    """The lines of a writer that was killed at a random moment: at its start, in a transaction, between two."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    words = [sys.executable, "-c", WRITER, str(folder), str(texts), str(seed)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        out = Path(scratch, "said.txt")
        with out.open("wb") as file:
            writer = subprocess.Popen(words, stdout=file, stderr=subprocess.PIPE, env=environment)
        began, wait = time.monotonic(), rng.choice((rng.uniform(0.0, 0.3), rng.uniform(0.0, 3.0)))
        heard = rng.choice((1, 2, 2, 3, 3, 8))  # lines: started, opened, kept some; each is slow on a busy machine
        while _lines(out) < heard and writer.poll() is None and time.monotonic() - began < 60:
            time.sleep(0.005)
        time.sleep(wait)
        early = writer.poll()
        writer.kill()
        error = writer.communicate()[1].decode("utf-8", "replace")
        lines = out.read_text("utf-8").splitlines()
    if early is not None:
        outcome.faults.append(f"the writer ended by itself ({early}): {error[-400:]}")
    outcome.died[lines[-1].split("\t")[0] if lines else "nothing"] += 1
    return lines


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _note(lines: list[str], expected: dict[str, bool]) -> None:
    """What must hold by what was said; of a line that was cut off nothing is known. What followed it may have been kept."""
    for line in lines:
        what, _, path = line.partition("\t")
        if path:
            expected[path] = what == "kept"


def _looked_at(folder: Path, expected: dict[str, bool]) -> list[str]:
    """What is wrong with the knowledge base; what the last transaction removed before it could say so, at most 3, may be gone,
    and is expected no more: the rounds after this one have removals of their own.

    Before anything was said to be kept, its first writer may have died while making it: then the next one goes on.
    """
    if not (folder / "thidua.sqlite").exists():
        return ["all is gone"] if expected else []
    try:
        with thidua_kg.open(folder, write=False) as kb:
            if not expected and kb._store.published() is None:
                return []
            verified = kb.verify()
            held = {row[0] for row in kb._store.rows("select path from sources")}
            faults = [f"{fault.part}: {fault.document}: {fault.why}" for fault in verified.faults]
            missing = [path for path, kept in expected.items() if kept and path not in held]
            for path in list(expected)[-3:]:
                try:
                    kb.show(path)
                except UnknownName:
                    missing += [path] if path in held else []
    except ThiduaError as error:
        return [] if not expected and "chưa có kho" in str(error) else [str(error)]
    expected.update(dict.fromkeys(missing, False))
    return faults + ([f"{len(missing)} of {len(expected)} kept are gone: {missing[:3]}"] if len(missing) > 3 else [])


def main() -> None:
    """Kill, look, print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--kills", type=int, default=200)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="thidua-crash-", ignore_cleanup_errors=True) as folder:
        outcome = rounds(Path(folder), given.kills, given.seed)
    print(f"{given.kills} kills; the writer had last said: {dict(outcome.died)}")
    print("\n".join(outcome.faults) or "after each, all that was kept answered and verify was clean")
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
