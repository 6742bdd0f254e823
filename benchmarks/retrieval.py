"""How well is found what was asked for? nDCG@10 and recall@10 on the questions of `tests/cases/retrieval.csv`.

    python benchmarks/retrieval.py --shared FOLDER [--words] [--whoosh]

The documents are FOLDER/corpus/official/text, FOLDER/corpus/laws and the sample corpus, parsed once; every system gets the same
records. Odd questions are for tuning (our weights, those of FTS5 and of bm25s), the even ones are reported. Then parts of our
engine are switched off one at a time. `--words` adds word segmentation by underthesea (minutes), `--whoosh` the second engine.
Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import csv
import logging
import math
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from itertools import pairwise, product
from multiprocessing import get_context
from pathlib import Path
from statistics import mean
from unittest import mock

import msgspec

from thidua_kg.analyzer import fold, grammar, parse_query, terms, words
from thidua_kg.answers.search import canonical
from thidua_kg.index import IndexRecord, fields, open_engine, plan, record_of, tantivy_engine

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "cases" / "retrieval.csv"
DEPTH = 10
KINDS = ("title", "paraphrase", "bare", "typo", "symbol", "mistyped symbol", "unit and time")

Ask = Callable[[str], list[str]]


class Question(msgspec.Struct, frozen=True):
    """What is asked, and the right documents with their grade: 2 the one that is meant, 1 one that helps."""

    kind: str
    text: str
    right: dict[str, int]


def main() -> None:
    """Parse the documents, ask every system, print the tables."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--shared", type=Path, required=True)
    ask.add_argument("--words", action="store_true")
    ask.add_argument("--whoosh", action="store_true")
    given = ask.parse_args()
    folders = [given.shared / "corpus" / "official" / "text", given.shared / "corpus" / "laws", ROOT / "corpus"]
    with get_context("spawn").Pool(2) as pool:
        records = sorted(pool.imap_unordered(read_record, texts_in(folders), chunksize=8), key=lambda r: r.id)
        words_in = dict(pool.imap_unordered(segmented, records, chunksize=8)) if given.words else {}
    questions = list(questions_in(QUESTIONS))
    tuning, reported = questions[::2], questions[1::2]
    print(f"{len(records)} documents, {len(questions)} questions, {len(reported)} of them reported\n")
    print(f"{'system':58s} {'nDCG@10':>8s} {'recall':>8s}   " + "  ".join(f"{kind[:9]:>9s}" for kind in KINDS))
    compare(records, tuning, reported, given.whoosh)
    switch_off(records, reported)
    if words_in:
        segment(records, tuning, reported, words_in)


def compare(records: list[IndexRecord], tuning: list[Question], reported: list[Question], whoosh: bool) -> None:
    """Our engine beside the others, each with the best settings that the tuning half gives it."""
    with ours(records) as engine:
        show("thidua_kg (tantivy)", engine, reported)
    if whoosh:
        with ours(records, "whoosh") as engine:
            show("thidua_kg (Whoosh)", engine, reported)
    for name, systems in systems_beside(records):
        best = max(systems, key=lambda system: score(system[1], tuning))
        show(f"{name}: {best[0]}", best[1], reported)


def systems_beside(records: list[IndexRecord]) -> Iterator[tuple[str, Iterator[tuple[str, Ask]]]]:
    """The other systems by name, each with all its settings."""
    yield "SQLite FTS5", fts5(records)
    yield "bm25s", bm25(records, lambda r: terms(r.body).bare.split())
    yield "bm25s with pairs", bm25(records, lambda r: with_pairs(r.body), with_pairs)


def switch_off(records: list[IndexRecord], reported: list[Question]) -> None:
    """Our engine without one part at a time."""
    flat = plan.Weights(**dict.fromkeys(("title", "own_type", "own_issuer", "own_year", "own_number"), 0.0))
    parts = {
        "folding (diacritics must be as typed)": [(import_module("thidua_kg.analyzer.tokens"), "bare", fold)],
        "field weights": [(plan, "WEIGHTS", flat), (fields, "TITLE_TIMES", 1)],
        "symbol token": [(grammar, "symbol_at", nothing), (grammar, "_loose_symbol", nothing)],
        "symbols without separators": [(grammar, "_loose_symbol", nothing)],
        "names (type and number, month)": [(plan, "WEIGHTS", msgspec.structs.replace(plan.WEIGHTS, named=0.0))],
        "neighbouring words": [(plan, "WEIGHTS", msgspec.structs.replace(plan.WEIGHTS, neighbours=0.0))],
        "most words of a sentence (all must be there)": [(grammar, "ALL_OF_UP_TO", 1000)],
    }
    for name, changes in parts.items():
        with changed(changes), ours(records) as engine:
            show(f"  without {name}", engine, reported)


def segment(
    records: list[IndexRecord], tuning: list[Question], reported: list[Question], words_in: dict[str, list[str]]
) -> None:
    """What underthesea's words change where ours takes any two neighbouring syllables, and in bm25s."""
    pairs = {
        name: [pair for word in found for pair in pairwise(terms(word).bare.split())]
        for name, found in words_in.items()
    }

    def with_words(record: IndexRecord) -> dict[str, object]:
        return {**document(record), "pairs": " ".join(fields.pair_key(pair, "bare") for pair in pairs[record.id])}

    document = tantivy_engine.document_of
    everywhere = plan._pairs
    inside: set[tuple[str, ...]] = set()

    def only_inside(parts: tuple[object, ...]) -> Iterator[plan.Plan]:
        return (
            plan.Pair(key, "bare", pair.boost)
            for pair in everywhere(parts)
            if isinstance(pair, plan.Pair) and (key := tuple(terms(" ".join(pair.words)).bare.split())) in inside
        )

    def noted(engine: Ask) -> Ask:
        def asked(question: str) -> list[str]:
            inside.clear()
            inside.update(pair for word in words_of(question) for pair in pairwise(terms(word).bare.split()))
            return engine(question)

        return asked

    with changed([(tantivy_engine, "document_of", with_words), (plan, "_pairs", only_inside)]), ours(records) as engine:
        show("  with underthesea's words for neighbouring syllables", noted(engine), reported)
    texts = {record.id: ["_".join(terms(word).bare.split()) for word in words_in[record.id]] for record in records}
    best = max(bm25(records, lambda r: texts[r.id], words_as_tokens), key=lambda system: score(system[1], tuning))
    show(f"bm25s, underthesea's words: {best[0]}", best[1], reported)


# --- the systems


@contextmanager
def ours(records: list[IndexRecord], name: str = "tantivy") -> Iterator[Ask]:
    """Our engine over the records, asked as `thidua search` asks it."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        closing(open_engine(name, Path(folder) / "index", write=True)) as engine,
    ):
        engine.put(records)
        engine.commit(1)
        yield lambda q: [hit.id for hit in engine.search(parse_query(q, canonical), limit=DEPTH).hits]


def fts5(records: list[IndexRecord]) -> Iterator[tuple[str, Ask]]:
    """SQLite FTS5 with title, head and body as columns, in every combination of forms, weights and ways of asking."""
    for form, make in (("unicode61 remove_diacritics 2", str), ("our bare forms", lambda t: terms(t).bare)):
        database = sqlite3.connect(":memory:")
        database.execute(
            "create virtual table t using fts5(title, head, body, tokenize='unicode61 remove_diacritics 2')"
        )
        rows = ([make(text) for text in (r.title, head_of(r), r.body)] for r in records)
        database.executemany("insert into t values (?, ?, ?)", rows)
        for title, head, strict in product((1.0, 2.0, 5.0, 10.0, 20.0), (0.5, 2.0, 5.0, 10.0), (False, True)):
            asked = fts5_query(database, records, make, (title, head), strict)
            yield f"{form}, weights {title:g} {head:g} 1, {'all words, else any' if strict else 'any word'}", asked


def fts5_query(
    database: sqlite3.Connection,
    records: list[IndexRecord],
    make: Callable[[str], str],
    weights: tuple[float, float],
    strict: bool,
) -> Ask:
    order = f"select rowid from t where t match ? order by bm25(t, {weights[0]}, {weights[1]}, 1.0) limit {DEPTH}"

    def asked(question: str) -> list[str]:
        quoted = [f'"{word}"' for word in terms(make(question)).folded.split()]
        found = database.execute(order, (" ".join(quoted),)).fetchall() if strict else []
        found = found or database.execute(order, (" OR ".join(quoted),)).fetchall()
        return [records[row - 1].id for (row,) in found]

    return asked


def bm25(
    records: list[IndexRecord],
    words_in: Callable[[IndexRecord], list[str]],
    words_asked: Callable[[str], list[str]] = lambda q: terms(q).bare.split(),
) -> Iterator[tuple[str, Ask]]:
    """bm25s over the words of title, head and body, the title more than once."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    for times, k1, b in product((1, 3, 6, 12), (1.2, 1.5), (0.5, 0.75)):
        corpus = [[*words_asked(r.title) * times, *terms(head_of(r)).bare.split(), *words_in(r)] for r in records]
        index = bm25s.BM25(method="lucene", k1=k1, b=b)
        index.index(corpus, show_progress=False)

        def asked(question: str, index: bm25s.BM25 = index) -> list[str]:
            known = [word for word in words_asked(question) if word in index.vocab_dict]
            if not known:
                return []
            found, scores = index.retrieve([known], k=DEPTH, show_progress=False)
            return [records[i].id for i, s in zip(found[0], scores[0], strict=True) if s > 0]

        yield f"title {times} times, k1 {k1:g}, b {b:g}", asked


def with_pairs(text: str) -> list[str]:
    bare = terms(text).bare.split()
    return [*bare, *map("_".join, pairwise(bare))]


def head_of(record: IndexRecord) -> str:
    return " ".join((record.type, record.symbol, record.issuer, fields.date_words(record.date)))


# --- word segmentation


def segmented(record: IndexRecord) -> tuple[str, list[str]]:
    """A record's id and underthesea's words of its title and text."""
    return record.id, words_of(f"{record.title}\n{record.body}")


def words_of(text: str) -> list[str]:
    return [text[slice(*span)] for span in words(text)]


def words_as_tokens(text: str) -> list[str]:
    return ["_".join(terms(word).bare.split()) for word in words_of(text)]


# --- measures


def show(name: str, ask: Ask, questions: list[Question]) -> None:
    """One line: both measures over all questions, then nDCG by kind."""
    found = {question.text: ask(question.text) for question in questions}
    by_kind: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        by_kind[question.kind].append(ndcg(found[question.text], question.right))
    everything = mean(value for values in by_kind.values() for value in values)
    recalled = mean(recall(found[question.text], question.right) for question in questions)
    kinds = "  ".join(f"{mean(by_kind[kind]):9.3f}" for kind in KINDS)
    print(f"{name:58s} {everything:8.4f} {recalled:8.4f}   {kinds}", flush=True)


def score(ask: Ask, questions: list[Question]) -> float:
    return mean(ndcg(ask(question.text), question.right) for question in questions)


def ndcg(found: Sequence[str], right: dict[str, int]) -> float:
    """Normalised discounted cumulative gain over the first ten, gain 2^grade - 1."""
    ideal = sorted(right.values(), reverse=True)
    return discounted(right.get(id_, 0) for id_ in found[:DEPTH]) / discounted(ideal[:DEPTH])


def discounted(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(found: Sequence[str], right: dict[str, int]) -> float:
    return len(set(found[:DEPTH]) & right.keys()) / min(DEPTH, len(right))


# --- what goes in


def questions_in(path: Path) -> Iterator[Question]:
    """The rows of the retrieval set; `documents` holds names with their grades, "a.txt=2 b.txt=1"."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            graded = (cell.rsplit("=", 1) for cell in row["documents"].split())
            yield Question(row["kind"], row["question"], {name: int(grade) for name, grade in graded})


def texts_in(folders: list[Path]) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix in (".txt", ".md") and path.name != "README.md"
    ]


def read_record(path: Path) -> IndexRecord:
    from thidua_kg.pipeline import parse

    return record_of(path.name, parse(path))


def nothing(*_: object) -> None:
    return None


@contextmanager
def changed(changes: list[tuple[object, str, object]]) -> Iterator[None]:
    """Attributes of modules replaced for a while; what was worked out from the old ones is forgotten."""
    from thidua_kg.analyzer.tokens import _FORMS, forms_of

    def forget() -> None:
        forms_of.cache_clear()
        _FORMS.clear()

    with ExitStack() as stack:
        for where, name, value in changes:
            stack.enter_context(mock.patch.object(where, name, value))
        forget()
        yield
    forget()


if __name__ == "__main__":
    main()
