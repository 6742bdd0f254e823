"""The cascade around a document, and what joins two documents: directed edges of descent only, co-citation apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from thidua_kg.answers.facts import LIMIT, Facts, first_of, joined
from thidua_kg.answers.implements import statements_of, tasks_of
from thidua_kg.answers.lookup import the_document
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.model import Relation, Statement
from thidua_kg.store import Store, statement_of

CASCADE: tuple[Relation, ...] = ("implements", "legal_basis")  # a title that names a document descends from nothing
LONGEST = 64  # edges of a path between two documents that are still worth showing
_Told = tuple[Statement, str]  # an edge, and why it is told


def trace(
    store: Store, name: str, other: str | None = None, *, strict: bool = False, limit: int | None = LIMIT
) -> Answers:
    """The edges above and below a document; with `other`, the directed paths between the two, then what cites both.

    `trace(store, "Chỉ thị 34", "Kế hoạch 43")` names the plan whose task 1 disseminates the one and whose task 2 carries out
    the other, as cited in it together: no descent is claimed. `limit` counts edges above, below, and documents citing both.
    """
    first, notes = the_document(store, name, strict=strict)
    if other is None:
        above, below = (_cascade(store, first.id, limit, upward=upward) for upward in (True, False))
        if not above and not below:
            return Answers([], [*notes, f"chưa thấy trong kho văn bản nào trên hoặc dưới “{name}”"])
        more = first_of(limit, limit is not None and max(len(above), len(below)) > limit)
        return Answers(_edges(store, [*above[:limit], *below[:limit]]), [*notes, *more])
    second, others = the_document(store, other, strict=strict)
    notes = [*notes, *others]
    paths = [*_path(store, first.id, second.id), *_path(store, second.id, first.id)]
    if not paths:
        notes.append(f"chưa thấy trong kho quan hệ trên dưới giữa {first.label()} và {second.label()}")
    both = _citing_both(store, first.id, second.id, limit)
    return Answers(
        [*_edges(store, paths), *_cited_together(store, both[:limit])],
        [*notes, *first_of(limit, limit is not None and len(both) > limit)],
    )


def _edges(store: Store, told: Iterable[_Told]) -> list[Answer]:
    """An answer for each edge; it reads subject → object."""
    told = list(told)
    facts = Facts(store, (i.partition("#")[0] for s, _ in told for i in (s.subject, s.object, s.document)))
    return [_answer(facts, s, s.subject, why) for s, why in told]


def _answer(facts: Facts, s: Statement, subject: str, why: str) -> Answer:
    document = subject.partition("#")[0]
    return Answer(
        document=facts.reference(document),
        task=s.subject.partition("#")[2] or None,
        relation=s.predicate,
        manner=s.manner,
        via=(facts.reference(s.object).label(),),
        inherited_from=s.inherited_from,
        why=joined(why, facts.said_by(s.document, "citation", "", s.citation)),
        source=s.document,
        quote=s.quote,
        span=s.span,
        path=facts.path(s.document),
    )


def _cascade(store: Store, start: str, limit: int | None, *, upward: bool) -> list[_Told]:
    """All edges from `start` in one direction, breadth first; one more than `limit` where there are more."""
    found: list[_Told] = []
    own = tasks_of(store, start) if upward else []
    seen, waiting = {start}, deque((key, 1) for key in (start, *own))
    while waiting and (limit is None or len(found) <= limit):
        key, depth = waiting.popleft()
        most = -1 if limit is None else limit + 1 - len(found)
        for s in statements_of(store, key, upward=upward, predicates=CASCADE, most=most):
            found.append((s, f"{'trên' if upward else 'dưới'}, bậc {depth}"))
            following = s.object if upward else s.subject
            if "#" not in following and following not in seen:
                seen.add(following)
                waiting.append((following, depth + 1))
    return found


def _path(store: Store, start: str, goal: str) -> list[_Told]:
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
    return [(s, f"đường dẫn, bước {i}") for i, s in enumerate(reversed(steps), start=1)]


def _citing_both(store: Store, first: str, second: str, limit: int | None) -> list[Statement]:
    """What the documents that cite both say of each, with each task; sought from the one that is cited less."""
    count = "select count(*) from (select 1 from statements where object=? limit 10000)"
    rare, common = sorted((first, second), key=lambda i: int(store.rows(count, i)[0][0]))
    documents = store.rows(
        "select distinct a.document from statements a where a.object=? and exists"
        " (select 1 from statements b where b.document=a.document and +b.object=?) order by 1 limit ?",  # +: by document
        rare, common, -1 if limit is None else limit + 1,
    )  # fmt: skip
    rows = store.among(
        "select * from statements where document in {} order by document, position", (row[0] for row in documents)
    )
    return [statement_of(row) for row in rows if row["object"] in (first, second)]


def _cited_together(store: Store, both: list[Statement]) -> list[Answer]:
    """An answer for each of two documents that a third cites; it reads what cites → what is cited."""
    facts = Facts(store, (i.partition("#")[0] for s in both for i in (s.subject, s.object, s.document)))
    found = []
    for s in both:
        subject = s.subject.partition("#")[0]
        named = "" if subject == s.document else f" (nêu trong tên {facts.reference(subject).label()})"
        found.append(_answer(facts, s, s.document, f"cùng được viện dẫn trong{named}"))
    return found
