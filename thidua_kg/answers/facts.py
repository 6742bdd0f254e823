"""What do answers tell of each of many documents? Their names, where their files are, and what a person judged of them.

Read at once: asking the store row by row costs more than the question itself where a unit has hundreds of duties.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from thidua_kg.answers.naming import reference, references
from thidua_kg.answers.records import DocumentReference, day
from thidua_kg.judgements.records import Judgement
from thidua_kg.store import Store

LIMIT = 200  # rows of an answer that are listed unless more are asked for
_FIELDS = {"symbol": "số, ký hiệu", "date": "ngày", "issuer": "cơ quan", "type": "loại", "title": "trích yếu"}


class Facts:
    """The facts of the documents given; others are read one by one when they are asked for."""

    def __init__(self, store: Store, documents: Iterable[str]) -> None:
        self._store = store
        ids = list(dict.fromkeys(documents))
        self._references = references(store, ids)
        self._paths = dict(
            map(
                tuple,
                store.among("select document, min(path) from sources where document in {} group by document", ids),
            )
        )
        rows = store.among(
            "select j.*, l.record from judged j join judgements l on l.id=j.judgement where j.document in {}", ids
        )
        self._judged = {(r["document"], r["part"], r["item"], r["position"]): _said(r["record"]) for r in rows}

    def reference(self, document: str) -> DocumentReference:
        """How answers name a document."""
        if document not in self._references:
            self._references[document] = reference(self._store, document)
        return self._references[document]

    def path(self, document: str) -> str | None:
        """The first file of a document."""
        return self._paths.get(document)

    def said_by(self, document: str, part: str, item: str = "", position: int = 0) -> str:
        """Who judged one fact, and when: "do Nguyễn Văn A xác nhận ngày 10/02/2022"; "" where nobody did."""
        return self._judged.get((document, part, item, position), "")

    def header_said_by(self, document: str) -> str:
        """Who judged what of a document's header; "" where nobody did."""
        found = ((field, self.said_by(document, "header", field)) for field in sorted(_FIELDS))
        return "; ".join(f"{_FIELDS[field]} {said}" for field, said in found if said)


def joined(*reasons: str | None) -> str | None:
    """Reasons as one line, None where there is none."""
    return "; ".join(filter(None, reasons)) or None


def first_of(limit: int | None, more: bool) -> list[str]:
    """What to say where an answer ends at its limit."""
    return [f"chỉ liệt kê {limit} dòng đầu, còn nữa: thêm --limit"] if more else []


def _said(record: str) -> str:
    judgement = msgspec.json.decode(record, type=Judgement)
    return f"do {judgement.by} xác nhận ngày {day(judgement.at[:10])}"
