"""How fast is the graph? Beside rdflib in memory on the same triples in one run; then saved questions on a large one.

    python -m benchmarks.graphs [--documents 1000] [--large FOLDER] [--questions 20]

FOLDER is a knowledge base of generated documents, as `python -m benchmarks.adding --keep` leaves it. Milliseconds are processor
time, medians; of saved questions the 95th percentile too. Memory is this process's own, with and without `kb.graph()`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import thidua_kg
from benchmarks.adding import _megabytes
from benchmarks.generate import write
from thidua_kg.graph.names import PREFIXES, iri
from thidua_kg.knowledge_base import KnowledgeBase

HEAD = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
BESIDE = {
    "one hop: what a document cites": "SELECT DISTINCT ?o { VALUES ?d { UNDEF } ?d eli:cites ?o }",
    "closure: what a document descends from": "SELECT DISTINCT ?o { VALUES ?d { UNDEF } ?d (td:implements|eli:based_on)+ ?o }",
    "closure: what carries out a document": "SELECT DISTINCT ?s { VALUES ?d { UNDEF } ?d ^(td:implements|eli:based_on)+ ?s }",
    "count of tasks by unit": (
        "SELECT ?u (COUNT(DISTINCT ?t) AS ?n) { ?a td:unit ?u . ?t td:assignment ?a } GROUP BY ?u ORDER BY DESC(?n)"
    ),
    "count of tasks by unit, as the saved question": (  # Oxigraph joins two scans; rdflib takes twice as long for it
        "SELECT ?u (COUNT(DISTINCT ?t) AS ?n) { ?a td:unit ?u { SELECT ?t ?a { ?t td:assignment ?a } } }"
        " GROUP BY ?u ORDER BY DESC(?n)"
    ),
}


def beside(documents: int, seed: int = 1) -> None:
    """The same questions to both, each kind to one and then to the other: asked in turns, either finds the processor's caches
    full of the other's data, which takes ours twice its time and rdflib a tenth more."""
    import rdflib

    with tempfile.TemporaryDirectory(prefix="thidua-", ignore_cleanup_errors=True) as folder:
        write(Path(folder) / "van-ban", documents, seed)
        with thidua_kg.open(Path(folder) / "kho") as kb:
            kb.add([Path(folder) / "van-ban"])
            kb.export("nt", Path(folder) / "kho.nt", access="all")
        memory = rdflib.Graph().parse(Path(folder) / "kho.nt", format="nt")
        with thidua_kg.open(Path(folder) / "kho", write=False) as kb:
            ids = kb._store.document_ids()
            cited = [
                r[0]
                for r in kb._store.rows("select object, count(*) n from statements group by 1 order by n desc limit 20")
            ]
            print(f"{documents:,d} documents, {len(memory):,d} triples; ms{'':18s} {'ours':>8s} {'rdflib':>9s}")
            for name, query in BESIDE.items():
                some = cited if "carries" in name else random.Random(seed).sample(ids, 20)
                bound = [iri(one) for one in some] if "UNDEF" in query else [None] * 4
                texts = [(HEAD + query).replace("UNDEF", f"<{one}>") for one in bound]
                ours, counts = _median(texts, lambda text: kb.sparql(text).rows)
                theirs, same = _median(texts, lambda text: list(memory.query(text)))
                assert counts == same, (name, counts, same)
                print(f"  {name:46s} {ours:8.2f} {theirs:9.2f} {theirs / ours:7.1f} ×   rows up to {max(counts)}")


def _median(texts: list[str], ask: Callable[[str], Sequence[Any]]) -> tuple[float, list[int]]:
    """The median time of these queries but the first, which finds nothing in caches, and how many rows each has."""
    found = [_timed(partial(ask, text)) for text in texts]
    return statistics.median(taken for _, taken in found[1:]), [len(rows) for rows, _ in found]


def saved(kb: KnowledgeBase, count: int, seed: int = 1) -> None:
    """Each saved question with drawn parameters."""
    rng, ids = random.Random(seed), kb._store.document_ids()
    units = [
        row[0] for row in kb._store.rows("select distinct unit_id from assignments where unit_id is not null limit 200")
    ]
    drawn = {
        "document": lambda: rng.choice(ids),
        "unit": lambda: rng.choice(units),
        "year": lambda: str(rng.randint(2015, 2024)),
    }
    print(f"{len(ids):,d} documents, {kb.stats()['graph']['quads']:,d} quads; saved questions, ms")
    for name, question in kb.questions().items():
        values = [{p.name: drawn.get(p.kind, lambda: "thi đua")() for p in question.params} for _ in range(count)]
        taken, rows = [], 0
        for given in values if question.params else values[:2]:
            found, milliseconds = _timed(partial(_ask, kb, name, given))
            taken.append(milliseconds)
            rows = max(rows, len(found.rows))
        taken.sort()
        last = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
        print(f"  {name:46s} {statistics.median(taken):8.1f} {last:9.1f}   rows up to {rows}", flush=True)


def _ask(kb: KnowledgeBase, name: str, given: dict[str, str]) -> Any:
    from thidua_kg.graph.questions import answer

    return answer(kb._graph(), kb.questions()[name], given)


def objects(kb: KnowledgeBase) -> None:
    """The graph as Python objects: seconds and memory."""
    for name, make in {
        "kb.graph('documents')": lambda: kb.graph("documents"),
        "kb.graph('units')": lambda: kb.graph("units"),
        "kb.rdf()": kb.rdf,
    }.items():
        before = _megabytes(0)[0]
        made, taken = _timed(make)
        size = f"{len(made):,d} nodes" if "graph" in name else ""
        print(f"  {name:46s} {taken / 1000:8.1f} s {_megabytes(0)[0] - before:9.0f} MB   {size}", flush=True)


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    start = time.thread_time()
    found = ask()
    return found, (time.thread_time() - start) * 1000


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--documents", type=int, default=1000)
    ask.add_argument("--large", type=Path)
    ask.add_argument("--questions", type=int, default=20)
    given = ask.parse_args()
    if given.documents:
        beside(given.documents)
    if given.large:
        with thidua_kg.open(given.large, write=False) as kb:
            saved(kb, given.questions)
            objects(kb)


if __name__ == "__main__":
    main()
