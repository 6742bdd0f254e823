"""The directives behind a document or task, and what carries a directive out: up and down the chain of statements.

Up the chain goes only what a text says: a document's own words, and the words of a text about a document that it cites.
That a task carries something out says nothing about the descent of its whole plan, so closures follow documents.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import msgspec

from thidua_kg.answers.facts import LIMIT, Facts, first_of, joined
from thidua_kg.answers.lookup import the_document
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.errors import UnknownName
from thidua_kg.model import Relation, Statement
from thidua_kg.store import Store, statement_of

DESCENT: tuple[Relation, ...] = ("implements", "legal_basis", "nested")
ENDS = 16  # documents at each end of a long way that are named


def implements(
    store: Store, name: str, *, direct: bool = False, strict: bool = False, limit: int | None = LIMIT
) -> Answers:
    """What a document or one of its tasks (`DOC#TASK`) carries out, nearest first, each with the words that say so.

    `direct` leaves out what is reached through another document. Raises UnknownName for an unknown document or task.
    """
    subjects, notes = _subjects(store, name, strict=strict)
    found = _closure(store, subjects, upward=True, direct=direct, limit=limit)
    return _answers(
        store, found, notes, limit, upward=True, empty=f"chưa thấy trong kho “{name}” thực hiện văn bản nào"
    )


def implemented_by(
    store: Store, name: str, *, direct: bool = False, strict: bool = False, limit: int | None = LIMIT
) -> Answers:
    """The documents and tasks that carry out a document, nearest first."""
    document, notes = the_document(store, name, strict=strict)
    found = _closure(store, [document.id], upward=False, direct=direct, limit=limit)
    return _answers(
        store, found, notes, limit, upward=False, empty=f"chưa thấy trong kho văn bản nào thực hiện “{name}”"
    )


class Passed(NamedTuple):
    """A document on the way from what was asked, those before it, how many documents these are, and the first of all."""

    document: str
    before: Passed | None
    length: int
    first: tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """A statement reached from what was asked, what it leads to, and the documents passed on the way."""

    statement: Statement
    target: str
    via: Passed | None


class Steps(NamedTuple):
    """The steps of a closure, and whether there are more than were asked for."""

    steps: list[Step]
    more: bool


def statements_of(
    store: Store,
    key: str,
    *,
    upward: bool,
    predicates: tuple[Relation, ...] = DESCENT,
    most: int = -1,
) -> list[Statement]:
    """The first `most` statements of descent (-1: all) with `key` as subject (upward) or object, in a stable order."""
    query = f"select * from statements where {'subject' if upward else 'object'}=? and predicate=?"
    rows = [r for p in predicates for r in store.rows(f"{query} order by document, position limit ?", key, p, most)]
    rows.sort(key=lambda row: (row["document"], row["position"]))
    return [statement_of(row) for row in (rows if most < 0 else rows[:most])]


def split_task(name: str) -> tuple[str, str | None]:
    """A `DOC#TASK` reference in its two parts."""
    document, _, task = name.partition("#")
    return document.strip(), task.strip() or None


def task_id(store: Store, document: str, task: str) -> str:
    """The full id of a task: its printed number, or an ending of its id that only one has (`2`, `4.1`).

    Raises UnknownName with those there are.
    """
    rows = store.rows("select id, number from tasks where document=? order by position", document)
    ids = [row["id"] for row in rows]
    if task in ids:
        return task
    numbered = [row["id"] for row in rows if (row["number"] or "").rstrip(".-)") == task]
    ending = [i for i in ids if i.endswith(f".{task}")]
    for found in (numbered, ending):
        if len(found) == 1:
            return str(found[0])
    have = ", ".join(numbered or ending or ids[:12]) or "không có nhiệm vụ nào"
    why = "nhiều nhiệm vụ cùng số" if numbered or ending else "không có nhiệm vụ này"
    raise UnknownName(f"{document}#{task}", why, f"có: {have}")


def _subjects(store: Store, name: str, *, strict: bool) -> tuple[list[str], list[str]]:
    part, task = split_task(name)
    document, notes = the_document(store, part, strict=strict)
    if task is not None:
        return [f"{document.id}#{task_id(store, document.id, task)}"], notes
    return [document.id, *tasks_of(store, document.id)], notes


def tasks_of(store: Store, document: str) -> list[str]:
    """The full ids of a document's tasks, in text order."""
    tasks = store.rows("select id from tasks where document=? order by position", document)
    return [f"{document}#{row['id']}" for row in tasks]


def _closure(store: Store, subjects: list[str], *, upward: bool, direct: bool, limit: int | None) -> Steps:
    """Breadth first over statements, each document entered once, so cycles and long chains end."""
    steps: list[Step] = []
    seen = set(subjects)
    waiting: deque[tuple[str, Passed | None]] = deque((subject, None) for subject in subjects)
    while waiting:
        key, via = waiting.popleft()
        most = -1 if limit is None else limit + 1 - len(steps)
        for statement in statements_of(store, key, upward=upward, most=most):
            following = statement.object if upward else statement.subject
            steps.append(Step(statement, following, via))
            if direct or "#" in following or following in seen:
                continue
            seen.add(following)
            waiting.append((following, _passing(following, via)))
        if limit is not None and len(steps) > limit:
            return Steps(steps[:limit], True)
    return Steps(steps, False)


def _passing(document: str, via: Passed | None) -> Passed:
    if via is None:
        return Passed(document, None, 1, (document,))
    return Passed(document, via, via.length + 1, via.first if len(via.first) == ENDS else (*via.first, document))


def _answers(store: Store, found: Steps, notes: list[str], limit: int | None, *, upward: bool, empty: str) -> Answers:
    facts = Facts(store, (i.partition("#")[0] for step in found.steps for i in (step.target, step.statement.document)))
    rows: dict[tuple[str, ...], Answer] = {}
    for step in found.steps:
        s = step.statement
        document, _, task = step.target.partition("#")
        own_task = (s.subject.partition("#")[2] if upward else task) or None
        via = _labels(facts, step.via)
        rows.setdefault(
            (step.target, s.predicate, s.manner or "", own_task or "", *via),
            Answer(
                document=facts.reference(document),
                task=own_task,
                relation=s.predicate,
                manner=s.manner,
                via=via,
                inherited_from=s.inherited_from,
                why=joined(_why(s, via), facts.said_by(s.document, "citation", "", s.citation)),
                source=s.document,
                quote=s.quote,
                span=s.span,
                path=facts.path(s.document),
            ),
        )
    return Answers(rows.values(), [*notes, *first_of(limit, found.more)] if rows else [*notes, empty])


def _labels(facts: Facts, via: Passed | None) -> tuple[str, ...]:
    """The names of the documents passed; of a very long way, of those at its ends."""
    if via is None:
        return ()
    first, between = via.first, via.length - 2 * ENDS
    last: list[str] = []
    while via is not None and len(last) < ENDS and via.length > ENDS:
        last.insert(0, via.document)
        via = via.before
    gap = (f"… ({between})",) if between > 0 else ()
    return (*(facts.reference(v).label() for v in first), *gap, *(facts.reference(v).label() for v in last))


_HOW = {"implements": "thực hiện", "legal_basis": "căn cứ", "nested": "nêu trong tên văn bản được viện dẫn"}
_MANNERS = {"disseminate": "quán triệt", "respond": "hưởng ứng", "review": "sơ kết, tổng kết", "report": "báo cáo"}


def _why(statement: Statement, via: tuple[str, ...]) -> str:
    how = _MANNERS.get(statement.manner or "", _HOW[statement.predicate])
    return f"{how}, {'qua ' + ' → '.join(via) if via else 'trực tiếp'}"
