"""The cascade around a document, and what joins two documents: directed edges of descent only, co-citation apart."""

from __future__ import annotations

from collections import deque

from thidua_kg.answers.implements import statements_of, tasks_of
from thidua_kg.answers.judged import joined, said_by
from thidua_kg.answers.lookup import reference, the_document
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.model import Relation, Statement
from thidua_kg.store import Store, statement_of

CASCADE: tuple[Relation, ...] = ("implements", "legal_basis")  # a title that names a document descends from nothing
LONGEST = 64  # edges of a path between two documents that are still worth showing
EDGES = 20_000  # edges of a cascade after which the rest is left out, and said to be


def trace(store: Store, name: str, other: str | None = None, *, strict: bool = False) -> Answers:
    """The edges above and below a document; with `other`, the directed paths between the two, then what cites both.

    `trace(store, "Chỉ thị 34", "Kế hoạch 43")` names the plan whose task 1 disseminates the one and whose task 2 carries out
    the other, as cited in it together: no descent is claimed.
    """
    first, notes = the_document(store, name, strict=strict)
    if other is None:
        rows = [*_cascade(store, first.id, upward=True), *_cascade(store, first.id, upward=False)]
        return Answers(rows, notes if rows else [*notes, f"chưa thấy trong kho văn bản nào trên hoặc dưới “{name}”"])
    second, more = the_document(store, other, strict=strict)
    notes = [*notes, *more]
    paths = [*_path(store, first.id, second.id), *_path(store, second.id, first.id)]
    both = _citing_both(store, first.id, second.id)
    if not paths:
        notes.append(f"chưa thấy trong kho quan hệ trên dưới giữa {first.label()} và {second.label()}")
    return Answers([*paths, *both], notes)


def _edge(store: Store, s: Statement, via: tuple[str, ...], why: str) -> Answer:
    subject, _, task = s.subject.partition("#")
    return Answer(
        document=reference(store, subject),
        task=task or None,
        relation=s.predicate,
        manner=s.manner,
        via=(*via, reference(store, s.object).label()),
        inherited_from=s.inherited_from,
        why=joined(why, said_by(store, s.document, "citation", "", s.citation)),
        source=s.document,
        quote=s.quote,
        span=s.span,
        path=next(iter(store.paths(s.document)), None),
    )


def _cascade(store: Store, start: str, *, upward: bool) -> list[Answer]:
    """All edges from `start` in one direction, breadth first; each answer reads subject → object."""
    rows: list[Answer] = []
    own = tasks_of(store, start) if upward else []
    seen, waiting = {start}, deque((key, 1) for key in (start, *own))
    while waiting and len(rows) < EDGES:
        key, depth = waiting.popleft()
        for s in statements_of(store, key, upward=upward, predicates=CASCADE):
            rows.append(_edge(store, s, (), f"{'trên' if upward else 'dưới'}, bậc {depth}"))
            following = s.object if upward else s.subject
            if "#" not in following and following not in seen:
                seen.add(following)
                waiting.append((following, depth + 1))
    return rows


def _path(store: Store, start: str, goal: str) -> list[Answer]:
    """The edges of one shortest directed path from `start` up to `goal`, in order."""
    came: dict[str, Statement] = {}
    waiting = deque((key, 0) for key in (start, *tasks_of(store, start)))
    while waiting and goal not in came:
        key, depth = waiting.popleft()
        if depth >= LONGEST:
            continue
        for s in statements_of(store, key, upward=True, predicates=CASCADE):
            if s.object not in came and s.object != start:
                came[s.object] = s
                waiting.append((s.object, depth + 1))
    steps: list[Statement] = []
    at = goal
    while at in came:
        steps.append(came[at])
        at = came[at].subject
    return [_edge(store, s, (), f"đường dẫn, bước {i}") for i, s in enumerate(reversed(steps), start=1)]


def _citing_both(store: Store, first: str, second: str) -> list[Answer]:
    """The documents that cite both, with each task and its relation to the one and the other."""
    rows = store.rows(
        "select * from statements where object in (?, ?) and document in"
        " (select document from statements where object=? intersect select document from statements where object=?)"
        " order by document, position",
        first, second, first, second,
    )  # fmt: skip
    found = []
    for row in rows:
        s = statement_of(row)
        subject, _, task = s.subject.partition("#")
        found.append(
            Answer(
                document=reference(store, s.document),
                task=task or None,
                relation=s.predicate,
                manner=s.manner,
                via=(reference(store, s.object).label(),),
                inherited_from=s.inherited_from,
                why="cùng được viện dẫn trong"
                + ("" if subject == s.document else f" (nêu trong tên {reference(store, subject).label()})"),
                source=s.document,
                quote=s.quote,
                span=s.span,
                path=next(iter(store.paths(s.document)), None),
            )
        )
    return found
