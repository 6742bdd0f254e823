"""The directives behind a document or task, and what carries a directive out: up and down the chain of statements.

Up the chain goes only what a text says: a document's own words, and the words of a text about a document that it cites.
That a task carries something out says nothing about the descent of its whole plan, so closures follow documents.
"""

from __future__ import annotations

from collections import deque

import msgspec

from thidua_kg.answers.judged import joined, said_by
from thidua_kg.answers.lookup import reference, the_document
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.errors import UnknownName
from thidua_kg.model import Relation, Statement
from thidua_kg.store import Store, statement_of

DESCENT: tuple[Relation, ...] = ("implements", "legal_basis", "nested")


def implements(store: Store, name: str, *, direct: bool = False, strict: bool = False) -> Answers:
    """What a document or one of its tasks (`DOC#TASK`) carries out, nearest first, each with the words that say so.

    `direct` leaves out what is reached through another document. Raises UnknownName for an unknown document or task.
    """
    subjects, notes = _subjects(store, name, strict=strict)
    steps = _closure(store, subjects, upward=True, direct=direct)
    return _answers(store, steps, notes, upward=True, empty=f"chưa thấy trong kho “{name}” thực hiện văn bản nào")


def implemented_by(store: Store, name: str, *, direct: bool = False, strict: bool = False) -> Answers:
    """The documents and tasks that carry out a document, nearest first."""
    document, notes = the_document(store, name, strict=strict)
    steps = _closure(store, [document.id], upward=False, direct=direct)
    return _answers(store, steps, notes, upward=False, empty=f"chưa thấy trong kho văn bản nào thực hiện “{name}”")


class Step(msgspec.Struct, frozen=True):
    """A statement reached from what was asked, and the documents passed on the way."""

    statement: Statement
    via: tuple[str, ...]


def statements_of(
    store: Store, key: str, *, upward: bool, predicates: tuple[Relation, ...] = DESCENT
) -> list[Statement]:
    """The statements of descent with `key` as subject (upward) or object, in a stable order."""
    column = "subject" if upward else "object"
    marks = ",".join("?" * len(predicates))
    rows = store.rows(
        f"select * from statements where {column}=? and predicate in ({marks}) order by document, position",
        key,
        *predicates,
    )
    return [statement_of(row) for row in rows]


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


def _closure(store: Store, subjects: list[str], *, upward: bool, direct: bool) -> list[Step]:
    """Breadth first over statements, each document entered once, so cycles and long chains end."""
    steps: list[Step] = []
    seen = set(subjects)
    waiting: deque[tuple[str, tuple[str, ...]]] = deque((subject, ()) for subject in subjects)
    while waiting:
        key, via = waiting.popleft()
        for statement in statements_of(store, key, upward=upward):
            steps.append(Step(statement, via))
            following = statement.object if upward else statement.subject
            if direct or "#" in following or following in seen:
                continue
            seen.add(following)
            waiting.append((following, (*via, following)))
    return steps


def _answers(store: Store, steps: list[Step], notes: list[str], *, upward: bool, empty: str) -> Answers:
    rows: dict[tuple[str, ...], Answer] = {}
    for step in steps:
        s = step.statement
        target = s.object if upward else s.subject
        document, _, task = target.partition("#")
        own_task = (s.subject if upward else target).partition("#")[2] or None
        key = (target, s.predicate, s.manner or "", own_task or "", *step.via)
        rows.setdefault(
            key,
            Answer(
                document=reference(store, document),
                task=own_task if upward else task or None,
                relation=s.predicate,
                manner=s.manner,
                via=tuple(reference(store, v).label() for v in step.via),
                inherited_from=s.inherited_from,
                why=joined(_why(store, step), said_by(store, s.document, "citation", "", s.citation)),
                source=s.document,
                quote=s.quote,
                span=s.span,
                path=next(iter(store.paths(s.document)), None),
            ),
        )
    return Answers(rows.values(), notes if rows else [*notes, empty])


_HOW = {"implements": "thực hiện", "legal_basis": "căn cứ", "nested": "nêu trong tên văn bản được viện dẫn"}
_MANNERS = {"disseminate": "quán triệt", "respond": "hưởng ứng", "review": "sơ kết, tổng kết", "report": "báo cáo"}


def _why(store: Store, step: Step) -> str:
    how = _MANNERS.get(step.statement.manner or "", _HOW[step.statement.predicate])
    via = " → ".join(reference(store, v).label() for v in step.via)
    return f"{how}, {f'qua {via}' if via else 'trực tiếp'}"
