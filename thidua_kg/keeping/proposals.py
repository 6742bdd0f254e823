"""Which documents may be one work? The doubtful pairs, for a person to decide on."""

from __future__ import annotations

from thidua_kg.answers.naming import reference
from thidua_kg.answers.records import DocumentReference
from thidua_kg.keeping.identity import decided
from thidua_kg.keeping.names import current
from thidua_kg.model import Record
from thidua_kg.store import Store


class Proposal(Record, frozen=True, kw_only=True):
    """Two documents that may be one work, how much of their bodies is the same (0 to 1), and what keeps it from certain."""

    document: DocumentReference
    other: DocumentReference
    score: float
    why: str


def proposals(store: Store) -> list[Proposal]:
    """The pairs whose documents are both held and that nobody has decided on, the likeliest first."""
    done = {frozenset((current(store, j.document), current(store, j.value))) for j in decided(store)}
    rows = store.rows(
        "select p.* from proposals p join documents a on a.id=p.document join documents b on b.id=p.other"
        " order by p.score desc, p.document, p.other"
    )
    return [
        Proposal(
            document=reference(store, row["document"]),
            other=reference(store, row["other"]),
            score=row["score"],
            why=row["why"],
        )
        for row in rows
        if frozenset((row["document"], row["other"])) not in done
    ]
