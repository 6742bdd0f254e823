"""How fast files of each format are read and parsed on one core. Prints a table of medians.

    python benchmarks/readers.py [READER ...] [--files FOLDER] [--runs 5]

Files are those of `corpus/`, `tests/files/` and, where it is at hand, `../shared/corpus/files`, sorted by their content.
A page is 2,200 characters of text (Decree 30/2020: 14 point, 34 lines); the last column counts documents of four pages.
Nothing here is asserted: machines are noisy, so compare figures of one run only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from fuzz_readers import FOLDERS

PAGE = 2200


def main() -> None:
    """Measure and print."""
    from thidua_kg.readers.formats import FORMATS

    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("readers", nargs="*", default=[], metavar="READER")
    ask.add_argument("--files", type=Path, action="append", default=[])
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--office", action="store_true", help="DOC and RTF through LibreOffice")
    given = ask.parse_args()
    if not given.office:
        os.environ["THIDUA_OFFICE"] = ""
    print(f"{'reader':10s} {'files':>5s} {'pages':>6s} {'read':>9s} {'read + parse':>13s} {'of 4 pages':>12s}")
    for reader in given.readers or dict.fromkeys(f.reader for f in FORMATS):
        row(reader, files_of(reader, given.files or FOLDERS), given.runs)


def files_of(reader: str, folders: list[Path] | tuple[Path, ...]) -> list[tuple[str, bytes]]:
    """The files that a reader takes."""
    from thidua_kg.readers.formats import format_of

    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix not in (".py", ".yaml") and path.name != "README.md":
                data = path.read_bytes()
                if format_of(path.name, data).reader == reader:
                    found.append((path.name, data))
    return found


def row(reader: str, files: list[tuple[str, bytes]], runs: int) -> None:
    """One line of the table: milliseconds a page, and documents of four pages a second."""
    from thidua_kg.errors import UnreadableSource
    from thidua_kg.pipeline import parse
    from thidua_kg.readers import read_bytes

    sources = []
    for name, data in files:
        try:
            sources.append((name, data, read_bytes(name, data)))
        except UnreadableSource as error:
            print(f"{reader:10s} {error}")
    if not sources:
        return
    pages = sum(max(len(source.text.value) / PAGE, 0.25) for _, _, source in sources)
    reading = timed(lambda: [read_bytes(name, data) for name, data, _ in sources], runs)
    both = timed(lambda: [parse(read_bytes(name, data)) for name, data, _ in sources], runs)
    print(
        f"{reader:10s} {len(sources):5d} {pages:6.1f} {reading / pages * 1000:6.2f} ms {both / pages * 1000:10.2f} ms "
        f"{pages / both / 4:10.0f}/s"
    )


def timed(work: Callable[[], object], runs: int) -> float:
    """Seconds of one call, the median of several."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
