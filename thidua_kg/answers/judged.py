"""Which facts of an answer did a person judge? The words that say so: "do Nguyễn Văn A xác nhận ngày 10/02/2022"."""

from __future__ import annotations

import msgspec

from thidua_kg.answers.records import day
from thidua_kg.judgements.records import Judgement
from thidua_kg.store import Store

_FIELDS = {"symbol": "số, ký hiệu", "date": "ngày", "issuer": "cơ quan", "type": "loại", "title": "trích yếu"}


def said_by(store: Store, document: str, part: str, item: str = "", position: int = 0) -> str:
    """Who judged one fact, and when; "" where nobody did."""
    rows = store.rows(
        "select l.record from judged j join judgements l on l.id=j.judgement"
        " where j.document=? and j.part=? and j.item=? and j.position=?",
        document, part, item, position,
    )  # fmt: skip
    return _said(rows[0][0]) if rows else ""


def header_said_by(store: Store, document: str) -> str:
    """Who judged what of a document's header; "" where nobody did."""
    rows = store.rows(
        "select j.item, l.record from judged j join judgements l on l.id=j.judgement"
        " where j.document=? and j.part='header' order by j.item",
        document,
    )
    return "; ".join(f"{_FIELDS[row['item']]} {_said(row['record'])}" for row in rows if row["item"] in _FIELDS)


def joined(*reasons: str | None) -> str | None:
    """Reasons as one line, None where there is none."""
    return "; ".join(filter(None, reasons)) or None


def _said(record: str) -> str:
    judgement = msgspec.json.decode(record, type=Judgement)
    return f"do {judgement.by} xác nhận ngày {day(judgement.at[:10])}"
