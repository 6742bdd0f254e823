"""What the envelope of a document (edXML, QCVN 102:2016/BTTTT) or its digital signature says beside what it prints.

It fills what the text leaves out, each fact marked as inferred and shown with the envelope's words, and overrides nothing:
where the two disagree, a warning says so.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from thidua_kg.identity import read_symbol, unpadded
from thidua_kg.model import Citation, Document, Evidence, Header, Recipient, Signer
from thidua_kg.readers.records import Facts
from thidua_kg.text import slug

RULE = "edxml"
_NAMES = {
    "symbol": "số, ký hiệu", "type": "loại văn bản", "issuer": "cơ quan ban hành", "place": "nơi ban hành", "date": "ngày ban hành",
    "title": "trích yếu", "signer": "người ký", "recipients": "nơi nhận", "due": "hạn trả lời",
}  # fmt: skip
_COMPARED = ("symbol", "type", "issuer", "date", "signer")


class Filled(NamedTuple):
    """A header with what the envelope adds, and where the two disagree."""

    header: Header
    warnings: tuple[str, ...]


def filled(header: Header, facts: Facts) -> Filled:
    """The header with the envelope's facts in the places that it leaves blank."""
    told = {name: value for name in _NAMES if (value := _told(name, facts))}
    missing = {name: value for name, value in told.items() if _blank(header, name, value)}
    changes: dict[str, object] = {name: _value(name, value, facts) for name, value in missing.items()}
    made = msgspec.structs.replace(
        header,
        **changes,
        draft=header.draft and "symbol" not in missing,  # a blank number that the envelope fills was issued
        inferred=(*header.inferred, *(name for name in missing if name not in header.inferred)),
        evidence=header.evidence | {name: (_evidence(name, value, facts),) for name, value in missing.items()},
    )
    disagreeing = [
        name for name in _COMPARED if name in told and name not in missing and not _agrees(header, name, told[name])
    ]
    return Filled(
        made,
        tuple(
            f"{facts.origin} ghi {_NAMES[name]} “{told[name]}”, văn bản ghi “{_printed(header, name)}”; đã giữ theo văn bản"
            for name in disagreeing
        ),
    )


def answering(document: Document, facts: Facts) -> tuple[Citation, ...]:
    """The document's citations where those that the envelope says are answered are marked so, others of them added."""
    found = list(document.citations)
    for raw in facts.response_to:
        symbol = read_symbol(raw)
        canonical = symbol.canonical if symbol and symbol.number else None
        same = [
            n for n, c in enumerate(found) if canonical and c.canonical and unpadded(c.canonical) == unpadded(canonical)
        ]
        for at in same:
            if found[at].relation == "cites" and found[at].nested_in is None:
                found[at] = msgspec.structs.replace(found[at], relation="replies_to")
        if not same:
            end = (len(document.text), len(document.text))
            found.append(
                Citation(
                    span=end, full_span=end, text=f"{facts.origin}: trả lời {raw}", kind="numbered", rule=RULE, symbol=raw,
                    canonical=canonical, type=symbol.type if symbol else None, number=symbol.number if symbol else None,
                    holder=document.blocks[-1].id if document.blocks else "", relation="replies_to",
                )
            )  # fmt: skip
    return tuple(found)


def _told(name: str, facts: Facts) -> str | None:
    """What the envelope says of a field, in words."""
    value = getattr(facts, name)
    return "; ".join(value) if isinstance(value, tuple) else value


def _blank(header: Header, name: str, value: str) -> bool:
    """Whether the header leaves a field blank: also a day of which it prints the month only."""
    if name == "date" and header.date and len(header.date) < 10:
        return value.startswith(header.date)
    if name == "signer":
        return header.signer is None or header.signer.name is None
    return not getattr(header, name)


def _value(name: str, value: str, facts: Facts) -> object:
    if name == "signer":
        return Signer(position=facts.position, name=value)
    if name == "recipients":
        return tuple(Recipient(text=text, span=(0, 0)) for text in facts.recipients)
    return value


def _evidence(name: str, value: str, facts: Facts) -> Evidence:
    return Evidence(span=(0, 0), text=f"{facts.origin}, {_NAMES[name]}: {value}")


def _printed(header: Header, name: str) -> str | None:
    return header.signer.name if name == "signer" and header.signer else getattr(header, name)


def _agrees(header: Header, name: str, told: str) -> bool:
    """Whether the envelope says what the document does, spelling aside; a body may be named within a longer name."""
    printed = _printed(header, name) or ""
    if name == "symbol":
        theirs, ours = read_symbol(told), read_symbol(printed)
        if theirs and ours:
            return unpadded(theirs.canonical) == unpadded(ours.canonical)
    one, other = slug(told), slug(printed)
    return one == other or (name in ("issuer", "type") and (one in other or other in one))
