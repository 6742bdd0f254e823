"""How long do questions take on a large knowledge base? Median and 95th percentile in milliseconds.

    python -m benchmarks.asking FOLDER [--questions 60] [--seed 1] [--only who,trace]

FOLDER holds generated documents, as `python -m benchmarks.adding --keep` leaves them. It is opened to be read, as other
processes see it. Names are drawn (seeded) from what is held: identifiers, symbols that every province has, types with numbers, the
central documents that all cascades cite, units that have duties in nearly all plans; the few of a kind are asked again and again,
or the tables that a process reads once would count. Saved questions and SPARQL: `graphs.py`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import thidua_kg
from thidua_kg.knowledge_base import KnowledgeBase

CENTRAL = ("Chỉ thị 34-CT/TW", "Luật Thi đua, khen thưởng năm 2003", "18/CT-TTg")
UNITS = ("Sở Nội vụ", "Sở Y tế", "Phòng Tổ chức", "Văn phòng Sở", "Sở Giáo dục", "so tu phap")
WORDS = ("thi đua cải cách hành chính 2018", "phong trào nông thôn mới Hà Tĩnh", "giảm nghèo bền vững")

SEARCHES = (  # words, without diacritics, phrases, alternatives, symbols, names: ten hits each, with snippets
    *("thi đua khen thưởng", "giao thong nong thon", '"cải cách hành chính"', '"phong trào thi đua" 2019'),
    *("giảm nghèo OR chuyển đổi số", "34-CT/TW", "Sở Nội vụ nông thôn mới", "kế hoạch 12 Hà Tĩnh"),
)


def questions(kb: KnowledgeBase, count: int, seed: int) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """Each kind of question with so many of them."""
    rng = random.Random(seed)
    rows = kb._store.rows("select id, canonical, type, number, place from documents order by id")
    some = [rng.choice(rows) for _ in range(count)]
    tasks = [
        rng.choice(kb._store.rows("select document, id from tasks where document=?", r["id"]) or [None]) for r in some
    ]
    numbers = [f"{r['type']} {r['number']} {r['place'] or ''}" for r in some]
    pairs = [(r["id"], rng.choice(CENTRAL)) for r in some]
    months = [f"{rng.randint(2015, 2024)}-{rng.randint(1, 12):02}" for _ in range(count)]
    yield "implements, by id", [lambda r=r: kb.implements(r["id"]) for r in some]
    yield "implements, a task", [lambda t=t: kb.implements(f"{t[0]}#{t[1]}") for t in tasks if t]
    yield "implements, by symbol", [lambda r=r: kb.implements(r["canonical"]) for r in some]
    yield "implements, type and number", [lambda n=n: kb.implements(n) for n in numbers]
    yield "implemented-by, by id", [lambda r=r: kb.implemented_by(r["id"]) for r in some]
    yield "implemented-by, central", [lambda c=c: kb.implemented_by(c) for c in CENTRAL * 10]
    yield "trace, by id", [lambda r=r: kb.trace(r["id"]) for r in some]
    yield "trace, by symbol", [lambda r=r: kb.trace(r["canonical"]) for r in some]
    yield "trace, central", [lambda c=c: kb.trace(c) for c in CENTRAL * 10]
    yield "trace, between two", [lambda p=p: kb.trace(*p) for p in pairs]
    yield "who", [lambda u=u: kb.who(u) for u in UNITS * 5]
    yield "who, leading", [lambda u=u: kb.who(u, role="lead") for u in UNITS * 5]
    yield "find, by symbol", [lambda r=r: kb.find(r["canonical"]) for r in some]
    yield "find, type and number", [lambda n=n: kb.find(n) for n in numbers]
    yield "find, central", [lambda c=c: kb.find(c) for c in CENTRAL * 10]
    yield "find, by words", [lambda w=w: kb.find(w) for w in WORDS * 10]
    yield "search, without facets", [lambda q=q: kb.search(q, facets=False) for q in SEARCHES * 10]
    yield "search", [lambda q=q: kb.search(q) for q in SEARCHES * 10]
    yield "responsible, by id", [lambda r=r: kb.responsible(r["id"]) for r in some]
    yield "show, by id", [lambda r=r: kb.show(r["id"]) for r in some]
    yield "due, a month", [lambda m=m: kb.due(since=m, until=m) for m in months]
    yield "due, a month of one unit", [lambda m=m: kb.due(since=m, until=m, unit="Sở Nội vụ") for m in months]


def timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one call: of processor time, and by the clock, which says little on a busy machine."""
    clock, used = time.perf_counter(), time.thread_time()
    ask()
    return (time.thread_time() - used) * 1000, (time.perf_counter() - clock) * 1000


def main() -> None:
    """Ask and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--questions", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="", help="beginnings of the kinds to ask, with commas between them")
    given = asked.parse_args()
    with thidua_kg.open(given.folder, write=False) as kb:
        print(
            f"{kb.stats()['documents']:,d} documents; ms of processor time {'median':>8s} {'95 %':>8s}   by the clock"
        )
        for name, calls in questions(kb, given.questions, given.seed):
            if name.startswith(tuple(given.only.split(","))):
                rows = len(calls[0]()) if not name.startswith("show") else 1  # type: ignore[arg-type]
                for call in calls[: len(SEARCHES)]:  # what a process reads once, and the few names that are asked again
                    call()
                used, clock = (sorted(column) for column in zip(*map(timed, calls), strict=True))
                late = min(len(used) - 1, int(len(used) * 0.95))
                shown = (f"{taken[at]:8.1f}" for taken in (used, clock) for at in (len(used) // 2, late))
                print(f"  {name:32s} {' '.join(shown)}   rows {rows}", flush=True)


if __name__ == "__main__":
    main()
