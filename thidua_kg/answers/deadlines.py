"""What is due when: deadlines as printed, and recurrences laid out over the plan's year as periods, marked inferred."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from thidua_kg.answers.facts import LIMIT, Facts, first_of, joined
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.answers.responsibility import TIMES, times_in
from thidua_kg.dates import bounds, expand
from thidua_kg.errors import InvalidQuery
from thidua_kg.rows import period_of
from thidua_kg.store import Store
from thidua_kg.text import fold_space, slug

_LAST = "9999"  # the end of what has none
_FEW = 2_000  # tasks of a unit from which its times are sought; else the times are gone through until there are enough
_OF_UNIT = (  # the + keeps SQLite from looking through all duties of the unit
    " and exists (select 1 from assignments a where a.document=x.document and a.task=x.task and +a.name=?)"
)
_KINDS = {
    "date": "ngày", "range": "khoảng thời gian", "deadline": "thời hạn", "recurring": "định kỳ", "continuous": "thường xuyên",
    "conditional": "có điều kiện", "relative": "tính từ một mốc",
}  # fmt: skip
_Rule = tuple[int | None, str]  # the year of the plan and the recurrence


class _Window(NamedTuple):
    """The days asked for."""

    since: str | None
    until: str | None

    def touches(self, edtf: str) -> bool:
        """Whether a period has a day in common with these; one that is not known has."""
        low, high = period_of(edtf or None)
        return not (self.since and high and high < self.since) and not (self.until and low and low > self.until)


class _Due(NamedTuple):
    """A row of the table `times`, and the period that it stands for."""

    row: sqlite3.Row
    edtf: str | None
    high: str
    inferred: bool

    def order(self) -> tuple[str, str, str, str, int]:
        return self.high, self.edtf or "", self.row["document"], self.row["task"], self.row["position"]


def due(
    store: Store,
    *,
    since: str | None = None,
    until: str | None = None,
    unit: str | None = None,
    limit: int | None = LIMIT,
) -> Answers:
    """Deadlines, periods and recurrences that touch `since`..`until` (ISO days), soonest first, optionally of one unit.

    A recurrence is expanded only where the plan's year is known; its rows have `inferred` set and name a period, never a
    day. Rows without a year stay unexpanded and come last. Raises InvalidQuery for a wrong date.
    """
    window, most = _Window(_edge(since, 0), _edge(until, 1)), -1 if limit is None else limit + 1
    if window.since and window.until and window.since > window.until:
        raise InvalidQuery(f"{since} … {until}", "ngày đầu ở sau ngày cuối", "đổi chỗ --from và --to")
    times = _Times(store, most) if unit is None else _times_of(store, slug(unit), most)
    found = sorted([*times.fixed(window), *_recurring(times, window, most)], key=_Due.order)
    shown = found[:limit]
    notes = [] if found else ["chưa thấy trong kho thời hạn nào như vậy"]
    return Answers(_answers(store, shown), [*notes, *first_of(limit, len(found) > len(shown))])


def _recurring(times: _Times | _Few, window: _Window, most: int) -> list[_Due]:
    """What recurs, laid out; period by period until there are enough, for all plans of a year have the same rules."""
    periods = sorted(p for rule in times.rules() for p in _periods(*rule) if window.touches(p[1]))
    found: list[_Due] = []
    rows: dict[_Rule, list[sqlite3.Row]] = {}
    for _, group in groupby(periods, key=lambda p: p[:2]):
        for high, edtf, year, rule in group:
            if (year, rule) not in rows:
                rows[year, rule] = times.recurring(year, rule)
            found += (_Due(row, edtf or None, high, bool(edtf)) for row in rows[year, rule])
        if 0 <= most <= len(found):
            break
    return found


class _Times:
    """The times of all tasks, or of those of a unit with very many: the first `most` (-1: all) of each kind."""

    def __init__(self, store: Store, most: int, unit: str | None = None) -> None:
        self._store, self._most = store, most
        self._of_unit, self._unit = ("", []) if unit is None else (_OF_UNIT, [unit])

    def fixed(self, window: _Window) -> list[_Due]:
        """What is printed with its time, by its last day."""
        rows = self._rows(
            "x.edtf is not null and x.high >= ? and x.low <= ?", "x.high, x.edtf",
            window.since or "", window.until or _LAST,
        )  # fmt: skip
        return [_Due(row, row["edtf"], row["high"], False) for row in rows]

    def rules(self) -> Iterator[_Rule]:
        """Every recurrence with the year of its plan, each found behind the one before: there are few, of many rows each."""
        query = (
            "select year, rrule from times where edtf is null and rrule is not null and {} order by year, rrule limit 1"
        )
        row = self._store.rows(query.format("true"))
        while row:
            year, rule = row[0]
            yield year, rule
            row = self._store.rows(query.format("year is ? and rrule > ?"), year, rule) or self._store.rows(
                query.format("year > coalesce(?, -1)"), year
            )

    def recurring(self, year: int | None, rule: str) -> list[sqlite3.Row]:
        """The rows of a recurrence, by document and task."""
        return self._rows("x.edtf is null and x.year is ? and x.rrule=?", "x.year, x.rrule", year, rule)

    def _rows(self, where: str, order: str, *values: str | int | None) -> list[sqlite3.Row]:
        query = f"select x.* from times x where {where}{self._of_unit} order by {order}, x.document, x.task, x.position limit ?"
        return self._store.rows(query, *values, *self._unit, self._most)


class _Few:
    """The same of a unit with few duties."""

    def __init__(self, rows: list[sqlite3.Row]) -> None:
        self._fixed = [_Due(row, row["edtf"], row["high"], False) for row in rows if row["edtf"]]
        self._recurring: dict[_Rule, list[sqlite3.Row]] = {}
        for row in rows:
            if row["rrule"] and not row["edtf"]:
                self._recurring.setdefault((row["year"], row["rrule"]), []).append(row)

    def fixed(self, window: _Window) -> list[_Due]:
        return [one for one in self._fixed if window.touches(one.row["edtf"])]

    def rules(self) -> Iterator[_Rule]:
        return iter(self._recurring)

    def recurring(self, year: int | None, rule: str) -> list[sqlite3.Row]:
        return self._recurring[year, rule]


def _times_of(store: Store, unit: str, most: int) -> _Times | _Few:
    """The times of a unit, sought from its duties where these are few."""
    tasks = store.rows("select distinct document, task from assignments where name=? limit ?", unit, _FEW)
    if len(tasks) == _FEW:
        return _Times(store, most, unit)
    return _Few(
        store.rows(
            "select x.* from (select distinct document, task from assignments where name=?) a cross join times x"
            " on x.document=a.document and x.task=a.task order by x.document, x.task, x.position",
            unit,
        )
    )


def _periods(year: int | None, rule: str) -> Iterator[tuple[str, str, int | None, str]]:
    """The last day and EDTF of each period of a recurrence, and what it is of; of an unknown year it stays one, without time."""
    if year is None:
        yield _LAST, "", None, rule
        return
    for edtf in expand(rule, year):
        yield bounds(edtf)[1] or _LAST, edtf, year, rule


def _answers(store: Store, shown: list[_Due]) -> list[Answer]:
    facts = Facts(store, (one.row["document"] for one in shown))
    keys = sorted({(one.row["document"], one.row["task"]) for one in shown})
    tasks = {
        (row["document"], row["id"]): row
        for row in store.rows(
            f"select t.*, {TIMES.format('t', 'id')} times, (select json_group_array(json_array(unit, role)) from"
            " (select unit, role from assignments a where a.document=t.document and a.task=t.id order by position)) units"
            " from json_each(?) k cross join tasks t"
            " where t.document=json_extract(k.value, '$[0]') and t.id=json_extract(k.value, '$[1]')",
            msgspec.json.encode(keys).decode(),
        )
    }
    return [_answer(facts, one, tasks[one.row["document"], one.row["task"]]) for one in shown]


def _answer(facts: Facts, one: _Due, task: sqlite3.Row) -> Answer:
    row, units = one.row, msgspec.json.decode(task["units"], type=list[tuple[str, str]])
    return Answer(
        document=facts.reference(row["document"]),
        task=row["task"],
        text=task["text"],
        unit=", ".join(unit for unit, role in units if role == "lead") or ", ".join(unit for unit, _ in units) or None,
        duty=row["duty"],
        times=times_in(task),
        edtf=one.edtf,
        rrule=row["rrule"],
        inferred=one.inferred,
        inherited_from=row["inherited_from"],
        why=joined(
            _kind(one),
            facts.said_by(row["document"], "time", row["task"], row["position"]),
        ),
        source=row["document"],
        quote=row["text"],
        span=(row["start"], row["stop"]),
        path=facts.path(row["document"]),
    )


def _kind(one: _Due) -> str:
    """What kind of time it is, and of what, where the text says so."""
    if one.inferred:
        return "suy ra từ năm của kế hoạch"
    if one.edtf is None:
        return "không rõ năm"
    kind = "hạn báo cáo" if one.row["duty"] == "report" else _KINDS[one.row["kind"]]
    return f"{kind}: {fold_space(one.row['action'])}" if one.row["action"] else kind


def _edge(date: str | None, side: int) -> str | None:
    """The first or last day of a date as a person gives it: a day, a month or a year."""
    if date is None:
        return None
    if not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", date) or not (edges := bounds(date))[side]:
        raise InvalidQuery(date, "không phải ngày", "viết như 2022-01-31, 2022-01 hoặc 2022")
    return edges[side]
