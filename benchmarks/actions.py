"""How often a task's action is what a reader marked: the head verbs and their object.

    python benchmarks/actions.py [FOLDER] [--errors]

FOLDER holds the official texts (by default `shared/corpus/official/text` beside the checkout). `readings/actions.csv` has for
each task read by hand, by the place where it begins (`anchor`), where its action starts and every place where a reader may
stop (`ends`, with a blank between two), in code points of the NFC text; a second row is another way to read the same task.
`set` tells the tasks that the rules were developed on (`dev`) from those of the first and second measurement. Right is an
action that starts where the reader's does and ends at one of those places.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from pathlib import Path

from thidua_kg.pipeline import parse, with_actions

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parents[1] / "shared" / "corpus" / "official" / "text"
_BETWEEN = re.compile(r"[\s*_]+")  # what a task's text has not, or has once, where the document has it


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, nargs="?", default=TEXTS)
    ask.add_argument("--errors", action="store_true")
    given = ask.parse_args()
    right: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for name, labels in read().items():
        if not (given.folder / name).is_file():
            print(f"not measured, text absent: {name}")
            continue
        document = with_actions(parse(given.folder / name))
        for (part, anchor), wanted in labels.items():
            found = {plain(task.action or "") for task in document.tasks if task.span[0] == anchor}
            same = any(plain(document.text[start:end]) in found for start, ends in wanted for end in ends)
            counted[part] += 1
            right[part] += same
            if given.errors and not same:
                print(f"{part} {name[:40]} {anchor} {sorted(found)}")
    for part in sorted(counted):
        print(f"{part:8s} {right[part]} of {counted[part]} ({right[part] / counted[part]:.0%})")


def read() -> dict[str, dict[tuple[str, int], list[tuple[int, list[int]]]]]:
    """By text and task, the start and the ends of each way to read its action."""
    found: dict[str, dict[tuple[str, int], list[tuple[int, list[int]]]]] = {}
    with (HERE / "readings" / "actions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            task = (row["set"], int(row["anchor"]))
            ways = found.setdefault(row["file"], {}).setdefault(task, [])
            ways.append((int(row["start"]), [int(end) for end in row["ends"].split()]))
    return found


def plain(text: str) -> str:
    return _BETWEEN.sub("", text)


if __name__ == "__main__":
    main()
