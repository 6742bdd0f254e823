"""How exact: precision, recall and F1 on the project's own marked cases, and on real documents where their folder is given.

    python benchmarks/accuracy.py [--shared FOLDER] [--errors N]

The own cases are `tests/cases/`: sentences of our own in which every citation, unit with its role, or time is marked. FOLDER
holds `eval/` with the scoring scripts and gold documents and `corpus/` with the official texts; the scripts run `thidua parse`
and print a line a metric.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.notation import Mark, cases, read_case  # noqa: E402  # the tests are no installed package
from thidua_kg.dates import time_expressions  # noqa: E402
from thidua_kg.mentions.citations import find_citations  # noqa: E402
from thidua_kg.mentions.outline import Outline  # noqa: E402
from thidua_kg.mentions.tasks import find_tasks  # noqa: E402
from thidua_kg.model import Citation, Header  # noqa: E402
from thidua_kg.structure import blocks  # noqa: E402

ITEM = "I. NHIỆM VỤ\n\n1. "  # what a case of tasks stands behind
SCRIPTS = (
    ("eval/score.py", "eval/gold"),
    ("eval/score_vnlegaltext.py", "eval/vnlegaltext/val.jsonl"),
    ("eval/score_headers.py", "corpus/official/metadata.csv", "corpus/official/text"),
)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--shared", type=Path)
    ask.add_argument("--errors", type=int, default=0)
    given = ask.parse_args()
    own_cases(given.errors)
    for script, *arguments in SCRIPTS if given.shared else ():
        print(f"\n{script}", flush=True)
        command = [sys.executable, given.shared / script, *(given.shared / a for a in arguments)]
        run = f"{sys.executable} -m thidua_kg parse --format json"
        subprocess.run([*command, "--run", run, "--errors", str(given.errors)], check=True)


Fact = tuple[str, tuple[int, int], str | None]  # the metric, the place, the value


def own_cases(errors: int) -> None:
    """Citations by kind and span, then the value and each field of those that were found; units by role, times by value."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    wrong: list[str] = []
    for text, expected, seen in (*cited(), *tasked(), *timed()):
        marked.update(fact[0] for fact in expected)
        found.update(fact[0] for fact in seen)
        right.update(fact[0] for fact in expected & seen)
        wrong += [f"{fact} in: {text}" for fact in expected ^ seen]
    for name in sorted(marked):
        precision, recall = right[name] / max(found[name], 1), right[name] / marked[name]
        f1 = 2 * precision * recall / (precision + recall) if right[name] else 0.0
        print(f"{name:24s} P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({right[name]} of {marked[name]})")
    for text in wrong[:errors]:
        print("  ", text)


def cited() -> Iterator[tuple[str, set[Fact], set[Fact]]]:
    """Each case of citations: its text, what is marked, what is found."""
    for line in cases("citations.txt"):
        text, marks = read_case(line)
        yield text, set(facts(marks)), set(facts_found(find_citations(text, Header(), ()), marks))


def tasked() -> Iterator[tuple[str, set[Fact], set[Fact]]]:
    """Each case of tasks, as an item of a plan."""
    for line in cases("tasks.txt"):
        text, marks = read_case(ITEM + line)
        found = find_tasks(Outline(text, blocks(text)), year=2025, issuer="Ủy ban nhân dân tỉnh")
        yield (
            text,
            {(f"unit, {mark.kind}", mark.span, mark.value or mark.text) for mark in marks},
            {(f"unit, {one.role}", one.span, one.unit) for task in found for one in task.assignments},
        )


def timed() -> Iterator[tuple[str, set[Fact], set[Fact]]]:
    """Each case of times, by value."""
    for line in cases("times.txt"):
        text, marks = read_case(line)
        found = time_expressions(text, 0, len(text), year=2025)
        yield (
            text,
            {(f"time, {mark.kind}", mark.span, mark.value or mark.fields.get("value")) for mark in marks},
            {(f"time, {one.kind}", one.span, one.edtf or one.rrule) for one in found},
        )


def facts(marks: Iterable[Mark]) -> Iterator[Fact]:
    """What a case of citations says."""
    for mark in marks:
        yield mark.kind, mark.span, None
        if mark.value:
            yield "canonical", mark.span, mark.value
        for name, value in mark.fields.items():
            if name != "issue":
                yield name, mark.span, value


def facts_found(citations: Iterable[Citation], marks: Iterable[Mark]) -> Iterator[Fact]:
    """What the finder says, of fields only those that the case asks for at that place."""
    asked = {(mark.span, name) for mark in marks for name in mark.fields}
    for citation in citations:
        yield citation.kind, citation.span, None
        if citation.canonical:
            yield "canonical", citation.span, citation.canonical
        for span, name in asked:
            if span == citation.span and name != "issue":
                yield name, span, getattr(citation, name)


if __name__ == "__main__":
    main()
