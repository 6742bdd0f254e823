"""Who answers for what: a unit's tasks across plans, and the units of a task."""

from __future__ import annotations

import difflib
import sqlite3

import msgspec

from thidua_kg.answers.implements import split_task, task_id
from thidua_kg.answers.judged import joined, said_by
from thidua_kg.answers.kin import Kin, is_known, kin
from thidua_kg.answers.lookup import reference, the_document
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.errors import UnknownName
from thidua_kg.store import Store
from thidua_kg.text import slug

_ROLES = {"lead": 0, "coordinate": 1, "advise": 2, "perform": 3}


_SECTIONS = {"own": 0, "open": 1, "group": 2}


def who(store: Store, unit: str, *, role: str | None = None) -> Answers:
    """The tasks of a unit across all plans, each with its times and the words that name the unit.

    Listed apart, in this order: its own duties with a time ("own"), its own open-ended ones ("open"), and those of groups that
    it is in ("group"); within these by role. Aliases, and what it merged from or into, are followed one hop, and said so. A name
    is matched as a whole, then as the beginning of names; the rivals of the one taken are named in the notes. Raises UnknownName
    with the nearest names where nothing matches.
    """
    names = _unit_names(store, unit)
    taken = names[0]
    rows = store.rows("select * from assignments where name=? order by document, task, position", taken)
    found = [_duty(store, row, None) for row in rows]
    for one in kin(store, taken):
        theirs = store.rows(
            "select a.*, d.issuer, d.place from assignments a join documents d on d.id=a.document"
            " where a.name=? order by a.document, a.task, a.position",
            one.name,
        )
        found += [_duty(store, row, one) for row in theirs if one.word.holds_in(row["issuer"], row["place"])]
    found = [a for a in found if role in (None, a.role)]
    found.sort(key=_duty_order)
    return Answers(found, _who_notes(store, unit, names, rows))


def _duty(store: Store, row: sqlite3.Row, one: Kin | None) -> Answer:
    """A duty as `who` lists it; `one` is why it is the unit's where its own name does not stand there."""
    answer = _answer(store, row)
    timed = store.rows(
        "select 1 from times where document=? and task=? and (edtf is not null or rrule is not null) limit 1",
        row["document"], row["task"],
    )  # fmt: skip
    section = "group" if one is not None and one.group else "own" if timed else "open"
    why = joined(one.why if one else None, answer.why)
    return msgspec.structs.replace(answer, section=section, why=why)


def _duty_order(a: Answer) -> tuple[int, int, str]:
    return _SECTIONS[a.section or "own"], _ROLES.get(a.role or "", 9), (a.document.date or "") if a.document else ""


def _who_notes(store: Store, unit: str, names: list[str], rows: list[sqlite3.Row]) -> list[str]:
    notes = []
    scopes = {row["unit_id"].partition("@")[2] for row in rows if row["unit_id"]}
    if names[0] != slug(unit) and rows:
        notes.append(f"“{unit}” được hiểu là “{rows[0]['unit']}”")
    if len(names) > 1:
        others = ", ".join(f"“{_printed(store, n)}”" for n in names[1:6])
        notes.append(f"còn có: {others}")
    if len(scopes) > 1:
        notes.append(f"tên này có ở {len(scopes)} cơ quan; mỗi dòng ghi văn bản của cơ quan nào")
    return notes


def responsible(store: Store, name: str, *, strict: bool = False) -> Answers:
    """Who answers for a document's tasks, or for one task (`DOC#TASK`), in text order."""
    part, task = split_task(name)
    document, notes = the_document(store, part, strict=strict)
    query = (
        "select a.* from assignments a join tasks t on t.document=a.document and t.id=a.task"
        " where a.document=? {} order by t.position, a.position"
    )
    if task is None:
        rows = store.rows(query.format(""), document.id)
    else:
        rows = store.rows(query.format("and a.task=?"), document.id, task_id(store, document.id, task))
    if not rows:
        held = "không nêu ai chịu trách nhiệm" if document.held else "mới được viện dẫn, chưa có toàn văn trong kho"
        notes = [*notes, f"{document.label()}: {held}"]
    return Answers([_answer(store, row) for row in rows], notes)


def times_of(store: Store, document: str, task: str) -> tuple[str, ...]:
    """The times of a task as printed, in text order."""
    rows = store.rows("select text from times where document=? and task=? order by position", document, task)
    return tuple(row["text"] for row in rows)


def _answer(store: Store, row: sqlite3.Row) -> Answer:
    (task,) = store.rows("select * from tasks where document=? and id=?", row["document"], row["task"])
    return Answer(
        document=reference(store, row["document"]),
        task=row["task"],
        text=task["text"],
        unit=row["unit"],
        unit_id=row["unit_id"],
        role=row["role"],
        force=row["force"],
        duty=row["duty"],
        group=bool(row["grouped"]),
        serves=row["serves"],
        inherited_from=row["inherited_from"],
        times=times_of(store, row["document"], row["task"]),
        why=joined(
            said_by(store, row["document"], "assignment", row["task"], row["position"]),
            said_by(store, row["document"], "task", row["task"]),
        ),
        source=row["document"],
        quote=task["text"],
        span=(row["start"], row["stop"]),
        path=next(iter(store.paths(row["document"])), None),
    )


def _unit_names(store: Store, unit: str) -> list[str]:
    """The folded unit names that a person's words can mean, best first."""
    key = slug(unit)
    known = [
        row["name"]
        for row in store.rows("select name, count(*) n from assignments group by name order by n desc, name")
    ]
    if key in known or is_known(store, key):
        return [key]
    holding = [name for name in known if key and f"-{key}-" in f"-{name}-"]
    if holding:
        return holding
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
    hint = ", ".join(f"“{_printed(store, name)}”" for name in near)
    raise UnknownName(
        unit, "không thấy đơn vị này trong nhiệm vụ nào", f"gần nhất: {hint}" if hint else "xem `thidua stats`"
    )


def _printed(store: Store, name: str) -> str:
    return str(store.rows("select unit from assignments where name=? limit 1", name)[0]["unit"])
