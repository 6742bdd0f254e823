"""How fast: parsing beside underthesea on the same text, adding, and asking. Prints a table of medians and ratios.

    python benchmarks/speed.py [--texts FOLDER] [--runs 3] [--sizes 1,10]

`--sizes` gives megabytes of one text on which citations are timed, to show that the time grows with the length only.
Without --texts the sample corpus is repeated to about two megabytes. Nothing here is asserted: machines are noisy, so compare
figures of one run only.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--texts", type=Path, default=ROOT / "corpus")
    ask.add_argument("--runs", type=int, default=3)
    ask.add_argument("--sizes", default="1,10")
    given = ask.parse_args()
    paths = sorted(p for p in given.texts.rglob("*") if p.suffix in (".txt", ".md") and p.name != "README.md")
    print(f"{'what':44s} {'median':>12s}   beside")
    parsing(paths, given.runs)
    growth(paths, [int(size) for size in given.sizes.split(",")])
    keeping(paths)


def timed(work: Callable[[], object], runs: int) -> float:
    """Seconds of one call, the median of several."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def parsing(paths: list[Path], runs: int) -> None:
    """Megabytes of text a second on one core, by step, and underthesea's words on a sample of the same sentences."""
    from underthesea import sent_tokenize, word_tokenize

    from thidua_kg.mentions.citations import find_citations
    from thidua_kg.model import Header
    from thidua_kg.pipeline import parse
    from thidua_kg.readers import read

    sources = [read(path) for path in paths]
    times = max(1, 2_000_000 // sum(len(s.text.value.encode()) for s in sources))
    size = sum(len(s.text.value.encode()) for s in sources) * times / 1e6
    whole = timed(lambda: [parse(s) for _ in range(times) for s in sources], runs)
    cited = timed(lambda: [find_citations(s.text.value, Header(), ()) for _ in range(times) for s in sources], runs)
    row("parse, all of it", f"{size / whole:.2f} MB/s")
    row("citations alone", f"{size / cited:.2f} MB/s")
    sample = [s for source in sources for s in sent_tokenize(source.text.value[:4000])][:400]
    bytes_of = sum(len(s.encode()) for s in sample) / 1e6
    words = timed(lambda: [word_tokenize(s) for s in sample], runs)
    row(
        "underthesea.word_tokenize, by sentence",
        f"{bytes_of / words:.3f} MB/s",
        f"parse is {size / whole / (bytes_of / words):.1f} times",
    )


def growth(paths: list[Path], sizes: list[int]) -> None:
    """Citations on one text of so many megabytes: the same speed at every size is linear time."""
    from thidua_kg.mentions.citations import find_citations
    from thidua_kg.model import Header
    from thidua_kg.readers import read

    whole = "\n\n".join(read(path).text.value for path in paths)
    once = len(whole.encode())
    for size in sizes:
        text = (whole + "\n\n") * (size * 1_000_000 // once + 1)
        text = text[: int(len(text) * size * 1_000_000 / len(text.encode()))]
        taken = timed(lambda text=text: find_citations(text, Header(), ()), 1)  # type: ignore[misc]
        row(f"citations, one text of {size} MB", f"{len(text.encode()) / taken / 1e6:.2f} MB/s", f"{taken:.2f} s")


def keeping(paths: list[Path]) -> None:
    """Documents added a second with everything, and the latency of questions on what was added."""
    import thidua_kg

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, thidua_kg.open(folder) as kb:
        start = time.perf_counter()
        report = kb.add(paths)
        taken = time.perf_counter() - start
        row("add (store, graph, index)", f"{report.added / taken:.0f} documents/s", f"{report.added} documents")
        questions: dict[str, Callable[[], object]] = {
            "search, two words": lambda: kb.search("thi đua"),
            "search, phrase": lambda: kb.search('"khen thưởng"'),
            "find": lambda: kb.find("Chỉ thị 34"),
            "implements": lambda: kb.implements(kb.ls()[0].document.id),  # type: ignore[union-attr]
            "trace": lambda: kb.trace(kb.ls()[0].document.id),  # type: ignore[union-attr]
            "due": kb.due,
            "SPARQL, one hop": lambda: kb.sparql("select ?s ?o where { ?s ?p ?o } limit 10"),
        }
        for name, ask in questions.items():
            ask()
            row(name, f"{timed(ask, 15) * 1000:.2f} ms")


def row(what: str, figure: str, beside: str = "") -> None:
    """One line of the table."""
    print(f"{what:44s} {figure:>12s}   {beside}")


if __name__ == "__main__":
    main()
