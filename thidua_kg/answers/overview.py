"""What does the knowledge base hold? Its documents in order of time, and counts."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from thidua_kg.answers.facts import Facts, joined
from thidua_kg.answers.records import Answer, Answers
from thidua_kg.store import Store


def all_documents(store: Store, within: Set[str] | None = None) -> Answers:
    """Every document held, by date, or those among `within`."""
    rows = store.rows("select id, tasks, citations from documents order by date, id")
    if within is not None:
        rows = [row for row in rows if row["id"] in within]
    facts = Facts(store, (row["id"] for row in rows))
    found = (
        Answer(
            document=facts.reference(row["id"]),
            why=joined(f"{row['tasks']} nhiệm vụ, {row['citations']} viện dẫn", facts.header_said_by(row["id"])),
            path=facts.path(row["id"]),
        )
        for row in rows
    )
    return Answers(found, [] if rows else ["kho chưa có văn bản nào"])


def counts(store: Store) -> dict[str, Any]:
    """How many rows there are of each kind, of citations by verdict and of documents by type."""
    tables = ("documents", "sources", "citations", "tasks", "assignments", "times", "statements")
    verdicts = store.rows("select verdict, count(*) from citations group by verdict order by 1")
    types = store.rows("select type, count(*) from documents group by type order by 2 desc, 1")
    return {
        **{name: store.rows(f"select count(*) from {name}")[0][0] for name in tables},
        "units": store.rows("select count(distinct name) from assignments")[0][0],
        "verdicts": {row[0]: row[1] for row in verdicts},
        "types": {row[0] or "?": row[1] for row in types},
    }
