"""Who answers for what: a unit's tasks across plans, and the units of a task."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from thidua_kg.answers.facts import LIMIT, Facts, first_of, joined
from thidua_kg.answers.implements import split_task, task_id
from thidua_kg.answers.kin import Kin, is_known, kin
from thidua_kg.answers.lookup import the_document
from thidua_kg.answers.naming import all_held
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.errors import UnknownName
from thidua_kg.rows import ROLE_RANKS
from thidua_kg.store import Store
from thidua_kg.text import slug

_SECTIONS = ("own", "open", "group")
_MANY = 10_000  # duties of one name beyond which they are not counted
TIMES = (  # the times of a task as printed, in text order, as JSON
    "(select json_group_array(text) from"
    " (select x.text from times x where x.document={0}.document and x.task={0}.{1} order by x.position))"
)
_DUTIES = (
    f"select a.*, t.text task_text, {TIMES.format('a', 'task')} times"
    " from assignments a join tasks t on t.document=a.document and t.id=a.task"
)


class _Duty(NamedTuple):
    """A row of the store, and why it is the unit's where its own name does not stand there."""

    row: sqlite3.Row
    one: Kin | None

    @property
    def section(self) -> int:
        return 2 if self.one is not None and self.one.group else int(self.row["open"])

    def order(self) -> tuple[int, int, str]:
        return self.section, self.row["rank"], self.row["date"]


def who(store: Store, unit: str, *, role: str | None = None, limit: int | None = LIMIT) -> Answers:
    """The tasks of a unit across all plans, each with its times and the words that name the unit.

    Listed apart, in this order: its own duties with a time ("own"), its own open-ended ones ("open"), and those of groups that
    it is in ("group"); within these by role. Aliases, and what it merged from or into, are followed one hop, and said so. A name
    is matched as a whole, then as the beginning of names; the rivals of the one taken are named in the notes. Raises UnknownName
    with the nearest names where nothing matches.
    """
    names = _unit_names(store, unit)
    ranks = sorted(ROLE_RANKS.values()) if role is None else [ROLE_RANKS[role]]
    most = -1 if limit is None else limit + 1
    found = [_Duty(row, None) for row in _rows(store, names[0], ranks, most)]
    own = [duty.row for duty in found]
    for one in kin(store, names[0]):
        found += _duties_of_kin(store, one, ranks, most)
    found.sort(key=_Duty.order)
    shown, more = found[:limit], limit is not None and len(found) > limit
    facts = Facts(store, (duty.row["document"] for duty in shown))
    notes = [*_who_notes(store, unit, names, own), *first_of(limit, more)]
    total = _count(store, names[0], ranks) + len(found) - len(own) if more else None
    return Answers([_duty(facts, duty) for duty in shown], notes, total=total)


def _rows(store: Store, name: str, ranks: Sequence[int], most: int, *, all_sections: bool = False) -> list[sqlite3.Row]:
    """The duties under a folded name in the order in which they are listed, at least the first `most` (-1: all)."""
    found: list[sqlite3.Row] = []
    for is_open in (0, 1):
        for rank in ranks:
            found += store.rows(
                f"{_DUTIES} where a.name=? and a.open=? and a.rank=?"
                " order by a.date, a.document, a.task, a.position limit ?",
                name, is_open, rank, most,
            )  # fmt: skip
            if 0 <= most <= len(found) and not all_sections:
                return found
    return found


def _duties_of_kin(store: Store, one: Kin, ranks: Sequence[int], most: int) -> list[_Duty]:
    """The duties under another name of a unit, where that holds."""
    if one.word.within is None:
        return [_Duty(row, one) for row in _rows(store, one.name, ranks, most, all_sections=one.group)]
    rows = _rows(store, one.name, ranks, -1)
    held = all_held(store, {row["document"] for row in rows})
    return [_Duty(r, one) for r in rows if one.word.holds_in(held[r["document"]].issuer, held[r["document"]].place)]


def _count(store: Store, name: str, ranks: Sequence[int]) -> int:
    """How many duties stand under a folded name; of very many, `_MANY`."""
    marks = ",".join("?" * len(ranks))
    query = (
        f"select count(*) from (select 1 from assignments where name=? and open in (0,1) and rank in ({marks}) limit ?)"
    )
    return int(store.rows(query, name, *ranks, _MANY)[0][0])


def _duty(facts: Facts, duty: _Duty) -> Answer:
    """A duty as `who` lists it."""
    answer = _answer(facts, duty.row)
    why = joined(duty.one.why if duty.one else None, answer.why)
    return msgspec.structs.replace(answer, section=_SECTIONS[duty.section], why=why)


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
    query = f"{_DUTIES} where a.document=? {{}} order by t.position, a.position"
    if task is None:
        rows = store.rows(query.format(""), document.id)
    else:
        rows = store.rows(query.format("and a.task=?"), document.id, task_id(store, document.id, task))
    if not rows:
        held = "không nêu ai chịu trách nhiệm" if document.held else "mới được viện dẫn, chưa có toàn văn trong kho"
        notes = [*notes, f"{document.label()}: {held}"]
    facts = Facts(store, [document.id])
    return Answers([_answer(facts, row) for row in rows], notes)


def times_in(row: sqlite3.Row) -> tuple[str, ...]:
    """The times of a task in a row that has them as `TIMES`."""
    return msgspec.json.decode(row["times"], type=tuple[str, ...])


def _answer(facts: Facts, row: sqlite3.Row) -> Answer:
    return Answer(
        document=facts.reference(row["document"]),
        task=row["task"],
        text=row["task_text"],
        unit=row["unit"],
        unit_id=row["unit_id"],
        role=row["role"],
        force=row["force"],
        duty=row["duty"],
        group=bool(row["grouped"]),
        serves=row["serves"],
        inherited_from=row["inherited_from"],
        times=times_in(row),
        why=joined(
            facts.said_by(row["document"], "assignment", row["task"], row["position"]),
            facts.said_by(row["document"], "task", row["task"]),
        ),
        source=row["document"],
        quote=row["task_text"],
        span=(row["start"], row["stop"]),
        path=facts.path(row["document"]),
    )


def _unit_names(store: Store, unit: str) -> list[str]:
    """The folded unit names that a person's words can mean, best first."""
    key = slug(unit)
    if store.rows("select 1 from assignments where name=? limit 1", key) or is_known(store, key):
        return [key]
    known = _all_names(store)
    holding = [name for name in known if key and f"-{key}-" in f"-{name}-"]
    if holding:
        counted = {name: _count(store, name, sorted(ROLE_RANKS.values())) for name in holding}
        return sorted(holding, key=lambda name: (-counted[name], name))
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
    hint = ", ".join(f"“{_printed(store, name)}”" for name in near)
    raise UnknownName(
        unit, "không thấy đơn vị này trong nhiệm vụ nào", f"gần nhất: {hint}" if hint else "xem `thidua stats`"
    )


def _all_names(store: Store) -> list[str]:
    """Every folded name that has duties, each found behind the one before: there are few names and millions of duties."""
    query = (
        "with recursive names(name) as (select min(name) from assignments union all select"
        " (select min(a.name) from assignments a where a.name > names.name) from names where names.name is not null)"
        " select name from names where name is not null"
    )
    return [row[0] for row in store.rows(query)]


def _printed(store: Store, name: str) -> str:
    return str(store.rows("select unit from assignments where name=? limit 1", name)[0]["unit"])
