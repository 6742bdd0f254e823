"""How fast is search? Our engine beside Whoosh, SQLite FTS5 and bm25s on the same documents in one run, then our engine alone.

    python benchmarks/search_speed.py [--documents 2000] [--quick] [--rounds 1] [--large 100000 [--folder FOLDER]] [--queries 40]

Documents are records of about 6 KB whose sentences come from `corpus/`, mixed anew for each (seeded). Every system gives the
first ten documents and the number of all; Whoosh carries out the same plans over the same words as tantivy. FTS5 has title and
body with `unicode61 remove_diacritics 2`, its facets are counted by SQL, its snippets are its own; "FTS5, our fields" keeps what
ours keeps, the same words prepared by the same code, and is only filled. `--quick` leaves out Whoosh and bm25s. Times are of the
processor, the least of all rounds: what other programs do on the machine shows less in them. Nothing is asserted: compare the
figures of one run only. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from thidua_kg.analyzer import bare, parse_query, snippet, terms
from thidua_kg.index import IndexRecord, SearchEngine, open_engine
from thidua_kg.index.fields import VALUE_FIELDS, WORD_FIELDS
from thidua_kg.index.tantivy_engine import document_of
from thidua_kg.index.tantivy_query import PAIRS

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("term", "words", "phrase", "boolean", "facet", "snippet")
MIX = ("term", "words", "sentence", "phrase", "boolean", "symbol", "typed without diacritics")
LARGE_KINDS = (*MIX, "facet", "snippet")
FACETS = ("type", "issuer", "year", "unit")
BATCH = 1000
HEAVY = (  # the costliest that the grammar lets through
    " ".join(f"{letter}*" for letter in "abcdeghiklmnopqr"),
    " ".join(f"{word}~2" for word in ("thi", "dua", "khen", "cong", "an", "hoa", "binh", "toan")),
    " OR ".join(
        sorted({"thi", "đua", "khen", "thưởng", "công", "tác", "dân", "vận", "của", "và", "các", "năm", "tỉnh"}) * 15
    ),
    "thực hiện phong trào thi đua yêu nước năm của các cơ quan đơn vị trên địa bàn tỉnh " * 6,
    "*",
)
SYLLABLES = 950  # of a document of 6 KB
Ask = Callable[[str, str], object]  # kind, query


def main() -> None:
    """Measure and print both tables."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--documents", type=int, default=2000)
    ask.add_argument("--large", type=int, default=0)
    ask.add_argument("--queries", type=int, default=40)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--rounds", type=int, default=1)
    ask.add_argument("--folder", type=Path, help="where the large index is kept for another run")
    given = ask.parse_args()
    if given.documents:
        beside(list(generated(given.documents)), given.queries, given.quick, given.rounds)
    if given.large:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            alone(given.large, given.folder or Path(folder) / "index")


def beside(records: list[IndexRecord], count: int, quick: bool, rounds: int) -> None:
    """Medians of every system by kind of question, and how many times as long as ours they take."""
    size = sum(len(record.body.encode()) for record in records) / 1e6
    print(f"{len(records)} documents, {size:.1f} MB; milliseconds a question, median of {count}; index in seconds\n")
    queries = {kind: list(questions(kind, count)) for kind in KINDS}
    tables: list[dict[str, list[float | None]]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            chosen = systems(records, Path(folder), quick)
            tables.append({name: measured(make, queries) for name, make in chosen.items()})
    rows = {name: least([table[name] for table in tables]) for name in tables[0]}
    print(f"{'':17s}" + "".join(f"{kind:>11s}" for kind in ("by clock", "index", *KINDS)))
    for name, row in rows.items():
        print(f"{name:17s}" + "".join(f"{'—' if value is None else f'{value:.2f}':>11s}" for value in row))
    ours = rows["tantivy"]
    for name, row in list(rows.items())[1:]:
        ratios = (None if one is None else one / mine for one, mine in zip(row, ours, strict=True))
        print(
            f"{name + ' / ours':17s}"
            + "".join(f"{'—' if ratio is None else f'{ratio:.2f} ×':>11s}" for ratio in ratios)
        )


def least(rows: list[list[float | None]]) -> list[float | None]:
    """The least of each column: what else the machine did adds, and never takes away."""
    return [None if None in column else min(value for value in column if value) for column in zip(*rows, strict=True)]


def systems(records: list[IndexRecord], folder: Path, quick: bool) -> dict[str, Callable[[], tuple[Ask, set[str]]]]:
    """What builds each system's index over the records and gives how it is asked, and the kinds it cannot do."""
    texts = {record.id: record.body for record in records}
    slow: dict[str, Callable[[], tuple[Ask, set[str]]]] = {
        "Whoosh": lambda: (ours("whoosh", records, folder / "whoosh", texts), set()),
        "bm25s": lambda: (bm25(records), {"phrase", "boolean", "facet", "snippet"}),
    }
    return {
        "tantivy": lambda: (ours("tantivy", records, folder / "tantivy", texts), set()),
        "FTS5": lambda: (fts5(records, folder / "fts5.db"), set()),
        "FTS5, our fields": lambda: (fts5_of_our_fields(records, folder / "ours.db"), set(KINDS)),
        **({} if quick else slow),
    }


def measured(make: Callable[[], tuple[Ask, set[str]]], queries: dict[str, list[str]]) -> list[float | None]:
    """Seconds of indexing by the clock and of the processor, then the median milliseconds of each kind."""
    clock, processor = time.perf_counter(), time.process_time()
    ask, cannot = make()
    row: list[float | None] = [time.perf_counter() - clock, time.process_time() - processor]
    for kind in KINDS:
        if kind in cannot:
            row.append(None)
            continue
        ask(kind, queries[kind][0])
        row.append(statistics.median(milliseconds(ask, kind, query) for query in queries[kind]))
    return row


def alone(count: int, path: Path) -> None:
    """Our engine at many documents: how long indexing takes and what most and nearly all questions take."""
    if not path.exists():
        clock, processor = time.perf_counter(), time.process_time()
        with closing(open_engine("tantivy", path, write=True)) as index:
            fill(index, generated(count))
        taken, processor = time.perf_counter() - clock, time.process_time() - processor
        size = sum(file.stat().st_size for file in path.iterdir()) / 1e6
        print(
            f"\n{count} documents: indexed in {taken:.0f} s ({processor:.0f} s of the processor), {size:.0f} MB on disk"
        )
    with closing(open_engine("tantivy", path)) as index:
        asked_of = {kind: mixed(kind, 100) for kind in LARGE_KINDS}
        shown = {hit.id for query in asked_of["snippet"] for hit in index.search(query, limit=10).hits}
        ask = asked(index, {record.id: record.body for record in generated(count) if record.id in shown})
        taken_by = {kind: [milliseconds(ask, kind, query) for query in asked_of[kind]] for kind in LARGE_KINDS}
        for kind, found in taken_by.items():
            show(kind, found)
        show("all but facet, snippet", [ms for kind in MIX for ms in taken_by[kind]])
        for query in HEAVY:
            print(f"heavy {milliseconds(ask, 'facet', query):7.0f} ms   {query[:60]}")


def show(kind: str, found: list[float]) -> None:
    """One line: the median, the 99th percentile and the worst."""
    found = sorted(found)
    p99 = found[int(len(found) * 0.99) - 1]
    print(
        f"{kind:24s} p50 {found[len(found) // 2]:7.2f} ms   p99 {p99:7.2f} ms   worst {found[-1]:7.2f} ms", flush=True
    )


# --- the systems


def ours(name: str, records: list[IndexRecord], path: Path, texts: dict[str, str]) -> Ask:
    index = open_engine(name, path, write=True)
    fill(index, iter(records))
    return asked(index, texts)


def fill(index: SearchEngine, records: Iterator[IndexRecord]) -> None:
    batch: list[IndexRecord] = []
    for number, record in enumerate(records, 1):
        batch.append(record)
        if len(batch) == BATCH:
            index.put(batch)
            index.commit(number)
            batch = []
    index.put(batch)
    index.commit(10**9)


def asked(index: SearchEngine, texts: dict[str, str]) -> Ask:
    def ask(kind: str, query: str) -> object:
        tree = parse_query(query)
        result = index.search(tree, limit=10, facets=FACETS if kind == "facet" else ())
        return [snippet(texts[hit.id], tree) for hit in result.hits] if kind == "snippet" else result

    return ask


def fts5(records: list[IndexRecord], path: Path) -> Ask:
    database = sqlite3.connect(path)
    database.execute("create virtual table t using fts5(title, body, tokenize='unicode61 remove_diacritics 2')")
    database.execute("create table d (id integer primary key, type text, issuer text, year text)")
    database.execute("create table u (id integer, unit text)")
    with database:
        database.executemany("insert into t values (?, ?)", ((r.title, r.body) for r in records))
        database.executemany(
            "insert into d values (?, ?, ?, ?)", ((n, r.type, r.issuer, r.year) for n, r in enumerate(records, 1))
        )
        database.executemany(
            "insert into u values (?, ?)", ((n, unit) for n, r in enumerate(records, 1) for unit in r.units)
        )
    database.execute("create index ui on u (id)")

    def ask(kind: str, query: str) -> object:
        match = query.replace(" -", " NOT ")
        extra = ", snippet(t, 1, '[', ']', '…', 40)" if kind == "snippet" else ""
        first = database.execute(
            f"select rowid{extra} from t where t match ? order by bm25(t, 4, 1) limit 10", (match,)
        ).fetchall()
        count = database.execute("select count(*) from t where t match ?", (match,)).fetchone()
        if kind == "facet":
            for table, column in (("d", "type"), ("d", "issuer"), ("d", "year"), ("u", "unit")):
                counted = f"select {column}, count(*) from {table} where id in (select rowid from t where t match ?) group by 1"
                database.execute(counted, (match,)).fetchall()
        return first, count

    return ask


def fts5_of_our_fields(records: list[IndexRecord], path: Path) -> Ask:
    """The same fields with the same words, without the texts themselves, as ours keeps none either."""
    fields = (*WORD_FIELDS, *VALUE_FIELDS, PAIRS)
    database = sqlite3.connect(path)
    words = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '-_.,|'\""
    database.execute(f"create virtual table t using fts5({','.join(fields)}, content='', {words})")

    def text(value: str | list[str]) -> str:
        return value if isinstance(value, str) else " ".join(one.replace(" ", "_") for one in value)

    rows = ([text(document.get(field, "")) for field in fields] for document in map(document_of, records))
    with database:
        database.executemany(f"insert into t values ({','.join('?' * len(fields))})", rows)
    return lambda _, query: query


def bm25(records: list[IndexRecord]) -> Ask:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    index = bm25s.BM25(method="lucene")
    index.index([terms(f"{r.title}\n{r.body}").bare.split() for r in records], show_progress=False)
    return lambda _, query: index.retrieve([terms(query).bare.split()], k=10, show_progress=False)


def milliseconds(ask: Ask, kind: str, query: str) -> float:
    """Of the processor: searching is the work of one thread, the one that asks."""
    start = time.thread_time()
    ask(kind, query)
    return (time.thread_time() - start) * 1000


# --- documents and questions


def sentences() -> list[str]:
    """The sentences of the sample corpus, each once."""
    texts = (path.read_text("utf-8") for path in sorted((ROOT / "corpus").iterdir()) if path.suffix in (".txt", ".md"))
    found = (" ".join(part.split()) for text in texts for part in re.split(r"(?<=[.;:])\s|\n+", text))
    return list(dict.fromkeys(part for part in found if sum(map(str.isalpha, terms(part).folded.split())) > 5))


def generated(count: int, seed: int = 1) -> Iterator[IndexRecord]:
    """Records of about 6 KB; the same seed gives the same, whatever the count."""
    chance, parts = random.Random(seed), sentences()
    vocabulary = sorted({word for part in parts for word in terms(part).folded.split() if word.isalpha()})
    units = [f"Phòng {one} {two}" for one, two in zip(vocabulary[::40], vocabulary[7::40], strict=False)]
    for number in range(count):
        year = str(chance.randint(2015, 2026))
        body: list[str] = []
        length = 0
        while length < SYLLABLES:
            part = chance.choice(parts)
            if chance.random() < 0.3:  # names, places and numbers that few documents have
                part = f"{part} {chance.choice(vocabulary)} {chance.choice(vocabulary)} {chance.randint(1, 99999)}"
            body.append(part)
            length += part.count(" ") + 1
        symbol = f"{chance.randint(1, 9999)}/{chance.choice(('KH', 'QĐ', 'CT'))}-UBND"
        yield IndexRecord(
            id=f"d{number:06}",
            title=chance.choice(parts)[:120],
            body="\n".join(body),
            symbol=symbol,
            cited=(f"{chance.randint(1, 9999)}/KH-UBND",),
            issuer=f"Ủy ban nhân dân tỉnh {chance.choice(vocabulary)}",
            units=tuple(chance.sample(units, 3)),
            type=chance.choice(("Kế hoạch", "Quyết định", "Chỉ thị")),
            system="state",
            date=f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            year=year,
        )


def mixed(kind: str, count: int) -> list[str]:
    """Questions of a kind of `LARGE_KINDS`; what is typed without diacritics is of every kind that has words."""
    if kind != "typed without diacritics":
        return list(questions(kind, count))
    kinds = ("term", "words", "sentence", "phrase")
    return [bare(query) for one in kinds for query in questions(one, count // len(kinds), seed=3)]


def questions(kind: str, count: int, seed: int = 2) -> Iterator[str]:
    """Questions of one kind in words that the documents have, frequent and rare ones."""
    chance, parts = random.Random(f"{kind}{seed}"), sentences()
    for _ in range(count):
        words = [word for word in terms(chance.choice(parts)).folded.split() if word.isalpha()]
        start = chance.randrange(max(1, len(words) - 3))
        match kind:
            case "phrase":
                yield f'"{" ".join(words[start : start + 3])}"'
            case "words":
                yield " ".join(words[start : start + 3])
            case "symbol":
                yield f"{chance.randint(1, 9999)}/{chance.choice(('KH', 'QĐ', 'CT'))}-UBND"
            case "sentence":
                yield " ".join(words[start : start + chance.randint(4, 12)])
            case "boolean":
                one, two = chance.choice(words), chance.choice(words)
                yield f"{one} AND {two} -{chance.choice(('raglai', 'katê', 'ocop'))}"
            case _:
                yield chance.choice(words)


if __name__ == "__main__":
    main()
