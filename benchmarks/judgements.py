"""Do judgements stay on their passages? Quotes of citations and tasks, the texts saved anew in ten ways, each place checked.

    python benchmarks/judgements.py [FOLDER] [--quotes 200]

FOLDER holds texts (by default the sample corpus). The true place of every passage is known, since each way of saving is a list of
edits; "wrong" must be 0 in every row, and the last two ways leave no place at all. Milliseconds are those of quoting and locating.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.resaving import WAYS, passages, tried  # noqa: E402  (the ways of saving are the tests')
from thidua_kg.pipeline import parse  # noqa: E402


def main() -> None:
    """Print one row a way of saving."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "corpus")
    parser.add_argument("--quotes", type=int, default=200)
    given = parser.parse_args()
    files = [p for p in sorted(given.folder.iterdir()) if p.suffix in (".txt", ".md") and p.name != "README.md"]
    documents = [parse(path) for path in files]
    every = [(i, span) for i, document in enumerate(documents) for span in passages(document)]
    picked = sorted(random.Random(1).sample(every, min(given.quotes, len(every))))
    print(f"{len(documents)} documents, {len(picked)} of {len(every)} passages")
    print("| saved anew | right | orphaned | wrong | ms a quote |\n| --- | --- | --- | --- | --- |")
    for way in WAYS:
        begun = time.perf_counter()
        right = orphaned = wrong = 0
        for index in sorted({i for i, _ in picked}):
            found = tried(documents[index], way, [span for i, span in picked if i == index])
            right, orphaned, wrong = right + found.right, orphaned + found.orphaned, wrong + found.wrong
        spent = 1000 * (time.perf_counter() - begun) / len(picked)
        print(f"| {way} | {right} | {orphaned} | {wrong} | {spent:.1f} |")


if __name__ == "__main__":
    main()
