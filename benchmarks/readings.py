"""How exact on official texts that were read by hand after the rules were written: citations and assignments.

    python benchmarks/readings.py [FOLDER] [--errors]

FOLDER holds the official texts (by default `shared/corpus/official/text` beside the checkout). `readings/citations.csv` has
every reference by its place (`[start, end)`, code points of the NFC text), `readings/assignments*.csv` every unit with its role
in the task whose words begin at `anchor` (the first table of 44 texts, then six later sets); `extent` "partly" marks texts of
which only the first tasks were read. The texts themselves are not in the project. Rules and figures of
`../shared/eval/gold-format.md` and `score.py`.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from thidua_kg.model import Document
from thidua_kg.pipeline import parse
from thidua_kg.text import fold_space

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parents[1] / "shared" / "corpus" / "official" / "text"
Row = dict[str, str]


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, nargs="?", default=TEXTS)
    ask.add_argument("--errors", action="store_true")
    given = ask.parse_args()
    citations = rows("citations.csv")
    tables = (HERE / "readings").glob("assignments*.csv")
    for name in sorted((path.name for path in tables), key=lambda name: (len(name), name)):
        print(name)
        measure(given.folder, citations if name == "assignments.csv" else {}, rows(name), errors=given.errors)


def measure(folder: Path, citations: dict[str, list[Row]], assignments: dict[str, list[Row]], *, errors: bool) -> None:
    """Print precision, recall and F1 of each kind of fact over the texts of one table."""
    counted: dict[str, Counter[str]] = {"right": Counter(), "extra": Counter(), "missed": Counter()}
    for name in sorted({*citations, *assignments}):
        if not (folder / name).is_file():
            print(f"not measured, text absent: {name}")
            continue
        document = parse(folder / name)
        for kind, verdict, what in (
            *compare_citations(document, citations.get(name, [])),
            *compare_assignments(document, assignments.get(name, [])),
        ):
            counted[verdict][kind] += 1
            if errors and verdict != "right":
                print(f"{verdict} {kind}: {name[:40]} {what}")
    right, extra, missed = counted.values()
    for kind in right:
        precision, recall = (right[kind] / max(1, right[kind] + other[kind]) for other in (extra, missed))
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        print(f"{kind:12s} P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({right[kind]} right)")


def rows(name: str) -> dict[str, list[Row]]:
    """The rows of a table by the text they are of."""
    found: dict[str, list[Row]] = {}
    with (HERE / "readings" / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], []).append(row)
    return found


def plain(symbol: str | None) -> str:
    return "".join((symbol or "").split()).lstrip("0")


def compare_citations(document: Document, read: list[Row]) -> Iterable[tuple[str, str, str]]:
    """(what, verdict, words) of each numbered reference and of its date, issuer and relation, where it was found."""
    there = [c for c in document.citations if c.kind == "numbered" and c.canonical]
    used: set[int] = set()
    for row in read:
        if row["kind"] != "numbered" or not row["canonical"]:
            continue
        start, end = int(row["start"]), int(row["end"])
        at = next(
            (
                i for i, c in enumerate(there)
                if i not in used and c.span[0] < end and start < c.span[1] and plain(c.canonical) == plain(row["canonical"])
            ),
            None,
        )  # fmt: skip
        yield "citation", "missed" if at is None else "right", row["canonical"]
        if at is None:
            continue
        used.add(at)
        found = there[at]
        if row["date"]:
            yield "date", "right" if found.date == row["date"] else "missed", f"{row['canonical']} {found.date}"
        if row["issuer"]:
            same = fold_space(row["issuer"]).lower() in (found.issuer or "").lower() or (
                found.issuer is not None and found.issuer.lower() in row["issuer"].lower()
            )
            yield "issuer", "right" if same else "missed", f"{row['issuer']} {found.issuer}"
        yield (
            "relation",
            "right" if found.relation == row["relation"] else "missed",
            f"{row['relation']} {found.relation}",
        )
    other = [(int(row["start"]), int(row["end"])) for row in read]
    for i, c in enumerate(there):
        if i not in used and not any(c.span[0] < end and start < c.span[1] for start, end in other):
            yield "citation", "extra", c.canonical or ""


def compare_assignments(document: Document, read: list[Row]) -> Iterable[tuple[str, str, str]]:
    """(what, verdict, words) of each assignment: same unit and role, the anchor inside the task."""
    there = [(task, one) for task in document.tasks for one in task.assignments]
    used: set[int] = set()
    for row in read:
        anchor = int(row["anchor"])
        fitting = [
            (task.span[1] - task.span[0], i)
            for i, (task, one) in enumerate(there)
            if i not in used and one.role == row["role"] and one.unit.lower() == row["unit"].lower()
            and task.span[0] - 3 <= anchor < task.span[1]
        ]  # fmt: skip
        yield "assignment", "right" if fitting else "missed", f"{row['unit']} {row['role']} at {anchor}"
        if fitting:
            at = min(fitting)[1]
            used.add(at)
            if row["deadline"]:
                known = row["deadline"] in {time.edtf for time in there[at][0].times}
                yield "deadline", "right" if known else "missed", f"{row['unit']} {row['deadline']}"
    partly = any(row["extent"] for row in read)
    limit = max((int(row["anchor"]) for row in read), default=0) if partly else len(document.text)
    for i, (task, one) in enumerate(there):
        if i not in used and task.span[0] < limit:
            yield "assignment", "extra", f"{one.unit} {one.role} at {task.span[0]}"


if __name__ == "__main__":
    main()
