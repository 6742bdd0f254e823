"""How right the links are: 150, 150 and 60 mentions judged by reading against what the resolver says with the shipped registry.

    python benchmarks/links.py [FOLDER] [--errors]

FOLDER holds the official texts that the three sets name (by default `shared/corpus/official/text` beside the checkout).
A row is a mention: where its core stands (`[start, end)`, code points of the NFC text), the first eight hex digits of
the SHA-256 of those words, and the right verdict and entity. A row whose words have changed is reported, not measured.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from thidua_kg.model import Citation, Span
from thidua_kg.pipeline import parse

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parents[1] / "shared" / "corpus" / "official" / "text"


class Judgement(msgspec.Struct, frozen=True):
    """One row of `links.csv`: `entity` is empty unless `verdict` is "linked"."""

    file: str
    start: int
    end: int
    quote_hash: str
    symbol: str
    verdict: str
    entity: str
    reason: str


class Outcome(msgspec.Struct, frozen=True):
    """A judgement beside the citation that overlaps its mention most, None where there is none."""

    judged: Judgement
    found: Citation | None

    @property
    def linked_to(self) -> str:
        """The entity that the resolver linked the mention to, or ""."""
        return (self.found.entity or "") if self.found and self.found.verdict == "linked" else ""

    @property
    def agrees(self) -> bool:
        """Whether verdict and, for a link, entity are the judged ones."""
        return bool(self.found and self.found.verdict == self.judged.verdict and self.linked_to == self.judged.entity)


def main() -> None:
    """Print the figures and, with --errors, each mention on which judgement and resolver disagree."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, nargs="?", default=TEXTS)
    ask.add_argument("--errors", action="store_true", help="list the disagreements")
    given = ask.parse_args()
    for name in ("links.csv", "links-2.csv", "links-3.csv"):
        print(name)
        compare(HERE / name, given.folder, errors=given.errors)


def compare(path: Path, folder: Path, *, errors: bool) -> None:
    """Print the figures of one set of judgements."""
    with path.open(encoding="utf-8", newline="") as rows:
        judged = [msgspec.convert(row, Judgement, strict=False) for row in csv.DictReader(rows)]
    outcomes = measured(judged, folder)
    if len(outcomes) < len(judged):
        print(f"not measured, text absent or changed: {len(judged) - len(outcomes)}")
    report(outcomes)
    if errors:
        print("\n".join(line(outcome) for outcome in outcomes if not outcome.agrees))


def measured(judged: Sequence[Judgement], folder: Path) -> list[Outcome]:
    """The outcome of each mention whose text is in `folder` with the words that were judged."""
    names = sorted({row.file for row in judged if (folder / row.file).is_file()})
    documents = {name: parse(folder / name) for name in names}
    return [
        Outcome(row, covering(documents[row.file].citations, (row.start, row.end)))
        for row in judged
        if row.file in documents and is_unchanged(row, documents[row.file].text)
    ]


def is_unchanged(row: Judgement, text: str) -> bool:
    """Whether the words that were judged still stand there."""
    return hashlib.sha256(text[row.start : row.end].encode()).hexdigest()[:8] == row.quote_hash


def covering(citations: Sequence[Citation], span: Span) -> Citation | None:
    """The citation that shares most of `span`, the tightest of several that share the same."""

    shared = [(min(c.span[1], span[1]) - max(c.span[0], span[0]), c.span[0] - c.span[1], c) for c in citations]
    best = max(shared, key=lambda s: s[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def report(outcomes: Sequence[Outcome]) -> None:
    """The table: mentions found, links and how many are wrong, decidable mentions and how many were linked rightly."""
    links = [o for o in outcomes if o.linked_to]
    wrong = sum(o.linked_to != o.judged.entity for o in links)
    decidable = [o for o in outcomes if o.judged.verdict == "linked"]
    right = sum(o.agrees for o in decidable)
    print(f"mentions found        {sum(o.found is not None for o in outcomes):4d} of {len(outcomes)}")
    print(f"wrong links           {wrong:4d} of {len(links)} links")
    print(f"decidable and linked  {right:4d} of {len(decidable)} ({right / max(1, len(decidable)):.1%})")
    print(f"same verdict, entity  {sum(o.agrees for o in outcomes):4d} of {len(outcomes)}")


def line(outcome: Outcome) -> str:
    """One disagreement: what kind, where, the mention, what was judged and why, what the resolver says and why."""
    judged, found = outcome.judged, outcome.found
    kind = "WRONG LINK" if outcome.linked_to else "NOT FOUND" if found is None else "miss" if judged.entity else "other"
    said = "nothing" if found is None else f"{found.verdict} {found.entity or ''} ({found.why or ''})"
    right = f"{judged.verdict} {judged.entity} ({judged.reason})"
    return f"{kind}: {judged.file} {judged.start}-{judged.end} “{judged.symbol}”\n    judged {right}\n    says {said}"


if __name__ == "__main__":
    main()
