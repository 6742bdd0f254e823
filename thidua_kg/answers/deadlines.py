"""What is due when: deadlines as printed, and recurrences laid out over the plan's year as periods, marked inferred."""

from __future__ import annotations

import calendar
import re
import sqlite3

from thidua_kg.answers.judged import joined, said_by
from thidua_kg.answers.lookup import reference
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.answers.responsibility import times_of
from thidua_kg.dates import expand
from thidua_kg.errors import InvalidQuery
from thidua_kg.store import Store
from thidua_kg.text import slug


def due(store: Store, *, since: str | None = None, until: str | None = None, unit: str | None = None) -> Answers:
    """Deadlines, periods and recurrences that touch `since`..`until` (ISO days), soonest first, optionally of one unit.

    A recurrence is expanded only where the plan's year is known; its rows have `inferred` set and name a period, never a
    day. Rows without a year stay unexpanded and come last. Raises InvalidQuery for a wrong date.
    """
    since, until = _edge(since, 0), _edge(until, 1)
    if since and until and since > until:
        raise InvalidQuery(f"{since} … {until}", "ngày đầu ở sau ngày cuối", "đổi chỗ --from và --to")
    rows = store.rows(
        "select x.*, d.plan_year from times x join documents d on d.id=x.document"
        " where x.edtf is not null or x.rrule is not null order by x.document, x.task, x.position"
    )
    if unit is not None:
        held = {
            (r["document"], r["task"])
            for r in store.rows("select document, task from assignments where name=?", slug(unit))
        }
        rows = [row for row in rows if (row["document"], row["task"]) in held]
    found: list[tuple[str, Answer]] = []
    for row in rows:
        for edtf, inferred in _periods(row):
            low, high = bounds(edtf) if edtf else (None, None)
            if (since and high and high < since) or (until and (low or high) and (low or high or "") > until):
                continue
            found.append((high or "9999", _answer(store, row, edtf, inferred)))
    found.sort(key=lambda pair: (pair[0], pair[1].edtf or ""))
    notes = [] if found else ["chưa thấy trong kho thời hạn nào như vậy"]
    return Answers((answer for _, answer in found), notes)


def _periods(row: sqlite3.Row) -> list[tuple[str | None, bool]]:
    if row["edtf"]:
        return [(row["edtf"], False)]
    if row["plan_year"] is None:
        return [(None, False)]
    return [(period, True) for period in expand(row["rrule"], row["plan_year"])]


def _answer(store: Store, row: sqlite3.Row, edtf: str | None, inferred: bool) -> Answer:
    (task,) = store.rows("select * from tasks where document=? and id=?", row["document"], row["task"])
    units = store.rows(
        "select unit, role from assignments where document=? and task=? order by position", row["document"], row["task"]
    )
    return Answer(
        document=reference(store, row["document"]),
        task=row["task"],
        text=task["text"],
        unit=", ".join(u["unit"] for u in units if u["role"] == "lead") or ", ".join(u["unit"] for u in units) or None,
        times=times_of(store, row["document"], row["task"]),
        edtf=edtf,
        rrule=row["rrule"],
        inferred=inferred,
        inherited_from=row["inherited_from"],
        why=joined(
            "suy ra từ năm của kế hoạch" if inferred else ("không rõ năm" if edtf is None else row["kind"]),
            said_by(store, row["document"], "time", row["task"], row["position"]),
        ),
        source=row["document"],
        quote=row["text"],
        span=(row["start"], row["stop"]),
        path=next(iter(store.paths(row["document"])), None),
    )


def _edge(date: str | None, side: int) -> str | None:
    """The first or last day of a date as a person gives it: a day, a month or a year."""
    if date is None:
        return None
    if not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", date) or not (edges := bounds(date))[side]:
        raise InvalidQuery(date, "không phải ngày", "viết như 2022-01-31, 2022-01 hoặc 2022")
    return edges[side]


_SEASONS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 40: (1, 6), 41: (7, 12)}  # EDTF level 2


def bounds(edtf: str) -> tuple[str | None, str | None]:
    """The first and last day of a period; None on an open side.

    `bounds("2022-02") == ("2022-02-01", "2022-02-28")`; `bounds("../2025-12-15") == (None, "2025-12-15")`;
    `bounds("2023-33") == ("2023-01-01", "2023-03-31")`.
    """
    if "/" in edtf:
        low, high = edtf.split("/", 1)
        return (None if low == ".." else bounds(low)[0]), (None if high == ".." else bounds(high)[1])
    parts = [int(part) for part in edtf.rstrip("~?%").split("-") if part.isdigit()]
    if not parts:
        return None, None
    if len(parts) == 3:
        return edtf[:10], edtf[:10]
    first, last = (1, 12) if len(parts) == 1 else _SEASONS.get(parts[1], (parts[1], parts[1]))
    if not 1 <= first <= last <= 12:
        return None, None
    return f"{parts[0]:04}-{first:02}-01", f"{parts[0]:04}-{last:02}-{calendar.monthrange(parts[0], last)[1]:02}"
