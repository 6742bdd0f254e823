"""The header of a document: type, number, issuer, place, date, title, signer, recipients.

What the header prints is read as printed. Where the letterhead was lost, issuer and place are inferred from the
document's own sentences, marked so and shown with their passages; a blank in a draft stays blank.
"""

from __future__ import annotations

import msgspec

from thidua_kg.identity import Symbol, read_symbol
from thidua_kg.mentions.header_date import adopted
from thidua_kg.mentions.header_entry import Entry, catalogue_entry, self_named
from thidua_kg.mentions.header_issuer import (
    Issuer,
    enacting,
    named,
    needs_place,
    of_letterhead,
    of_owner,
    places,
    system_of,
    with_place,
    writing,
)
from thidua_kg.mentions.header_letterhead import HEAD, Letterhead, letterhead, subject_of
from thidua_kg.mentions.header_signer import represented
from thidua_kg.mentions.header_title import Title, title_of
from thidua_kg.mentions.header_words import normal_case
from thidua_kg.mentions.signature import Closing, closing
from thidua_kg.model import Evidence, Header, Span, System
from thidua_kg.text import fold_space
from thidua_kg.vocab import DocumentType, table

_DECIDED = frozenset(("Quyết định", "Thông tư", "Nghị định", "Nghị quyết", "Chỉ thị", "Công điện"))
_LETTER = "Công văn"
_CONSOLIDATED = "Văn bản hợp nhất"


def find_header(text: str, end: Closing | None = None) -> Header:
    """The header of the document whose whole NFC text is `text`; `end` is its `closing` where that is known already.

    `canonical`, `issuer_id` and `date_not_before` are left to the caller.
    """
    end = end or closing(text)
    head = letterhead(text)
    entry = None if head.found or head.kind else catalogue_entry(text)
    if entry:
        return _from_entry(entry)
    title = title_of(list(head.after), head.kind) if head.kind else Title()
    symbol = read_symbol(head.number.codes) if head.number else None
    kind, called = _type(head, symbol), None
    if kind is None and (called := self_named(text, min(len(text), HEAD))):
        kind = called[0]
    issuer, shown = _located(text, head, _issuer(text, head, title, end, kind))
    passed = adopted(text) if head.day is None and kind and _passed(symbol, kind) else None
    evidence = _evidence(head, issuer, symbol, text)
    evidence |= {"type": (called[1],)} if called else {}
    evidence |= {"place": shown[1]} if shown else {}
    evidence |= {"date": (_quoted(text, passed[1]),)} if passed else {}
    system = _system(head, symbol, issuer, kind)
    printed = _printed(head, title, symbol, issuer)
    quoted = fold_space(text[slice(*printed.spans.get("title", (0, 0)))])
    if printed.title and len(quoted.split()) > len(printed.title.split()):  # another column stands between its lines
        spans = {name: span for name, span in printed.spans.items() if name != "title"}
        printed = msgspec.structs.replace(printed, spans=spans)
    return msgspec.structs.replace(
        printed,
        type=kind,
        type_code=_code(kind, symbol, system),
        system=system,
        decided_by=_decided_by(text, title, issuer, kind),
        place=shown[0] if shown else head.day and head.day.place,
        date=head.day.edtf if head.day else passed and passed[0],
        signer=end.signer,
        recipients=end.recipients,
        inferred=tuple(name for name in ("type", "issuer", "place", "date") if name in evidence),
        evidence=evidence,
    )


def _located(
    text: str, head: Letterhead, issuer: Issuer | None
) -> tuple[Issuer | None, tuple[str, tuple[Evidence, ...]] | None]:
    """The issuer with its province, and the province with its passages, where no place is printed and a name needs one."""
    if issuer is None or (head.day and head.day.place) or not needs_place(issuer.name):
        return issuer, None
    shown = places(text, min(len(text), HEAD))
    return (with_place(issuer, *shown), shown) if shown and not issuer.printed else (issuer, shown)


def _printed(head: Letterhead, title: Title, symbol: Symbol | None, issuer: Issuer | None) -> Header:
    """The fields that are read off the letterhead and the title as they stand."""
    subject = subject_of(head)
    return Header(
        number=symbol.number if symbol and head.number and head.number.symbol else None,
        symbol=head.number.symbol if head.number else None,
        issuer=issuer.name if issuer else None,
        title=subject[0] if subject else title.text,
        secrecy=head.secrecy,
        handling=head.handling,
        draft=_is_draft(head),
        spans=_spans(head, title, issuer),
    )


def _is_draft(head: Letterhead) -> bool:
    """Whether the letterhead says "DỰ THẢO" or leaves the number blank: "Số:      /KH-UBND"."""
    blank = head.number is not None and head.number.symbol is None
    return blank or any(mark.upper().startswith("DỰ THẢO") for mark in head.handling)


def _type(head: Letterhead, symbol: Symbol | None) -> str | None:
    """The type that the heading prints; a consolidated text carries the heading of what it consolidates."""
    if symbol and symbol.type_code == "VBHN":
        return _CONSOLIDATED
    if head.kind:
        return head.kind.name
    if head.addressed or head.subject:  # the code of Cục Thuế in "5348/CT-CS" is that of a directive, too
        return _LETTER
    return symbol.type if symbol else None


def _code(kind: str | None, symbol: Symbol | None, system: System | None) -> str | None:
    """The code of a type, as the symbol prints it where it agrees with the heading."""
    if kind == _LETTER:
        return None
    rows = [row for row in table("doc_types", DocumentType) if row.name == kind]
    if symbol and (symbol.type == kind or any(symbol.type_code == row.code for row in rows)):
        return symbol.type_code
    fitting = [row for row in rows if system in row.systems] or rows
    return (fitting[0].code or None) if fitting else None


def _issuer(text: str, head: Letterhead, title: Title, end: Closing, kind: str | None) -> Issuer | None:
    """The issuer as printed, or as the text itself says, in the order of how sure the passage is."""
    if title.owner:
        return of_owner(*title.owner)
    printed = of_letterhead(head.body, sure=head.found)
    if printed:
        return printed
    if title.decider:
        words, span = title.decider
        return named(words, span, text[span[0] : span[1]])
    limit = min(len(text), HEAD)
    said = enacting(text, 0, limit, kind) or (writing(text, 0, limit) if head.addressed else None)
    if said:
        return said
    body = represented(text, end.signature_span) if end.signature_span else None
    return named(body[0], body[1], text[body[1][0] : body[1][1]]) if body else None


def _decided_by(text: str, title: Title, issuer: Issuer | None, kind: str | None) -> str | None:
    """The office-holder who decides: in capitals above "Căn cứ", before "điện:", or in the enacting sentence."""
    if title.decider and title.office:
        return normal_case(title.decider[0])
    if issuer and issuer.decided_by:
        return issuer.decided_by
    if kind not in _DECIDED or not title.span or title.decider:
        return None
    said = enacting(text, title.span[1], min(len(text), title.span[1] + HEAD // 2), kind)
    return said.decided_by if said else None


def _system(head: Letterhead, symbol: Symbol | None, issuer: Issuer | None, kind: str | None) -> System | None:
    """Motto before symbol before type before issuer (symbol grammar, section 1)."""
    if head.party:
        return "party"
    if symbol:
        return symbol.system
    systems = {system for row in table("doc_types", DocumentType) if row.name == kind for system in row.systems}
    return "legal" if systems == {"legal"} else system_of(issuer.name if issuer else None)


def _passed(symbol: Symbol | None, kind: str) -> bool:
    """Whether a document is dated by its closing formula: those of the National Assembly and its Standing Committee."""
    owners = symbol.issuers if symbol else ()
    return kind in ("Luật", "Bộ luật", "Pháp lệnh") or any(owner.startswith(("QH", "UBTVQH")) for owner in owners)


def _evidence(
    head: Letterhead, issuer: Issuer | None, symbol: Symbol | None, text: str
) -> dict[str, tuple[Evidence, ...]]:
    """The passages behind an issuer that no letterhead prints and a type that only the symbol's code tells."""
    found: dict[str, tuple[Evidence, ...]] = {}
    if head.kind is None and head.number and symbol and symbol.type_code and not (head.addressed or head.subject):
        found["type"] = (_quoted(text, head.number.span),)
    if issuer and not issuer.printed:
        found["issuer"] = issuer.evidence
    return found


def _quoted(text: str, span: Span) -> Evidence:
    return Evidence(span=span, text=text[span[0] : span[1]])


def _from_entry(entry: Entry) -> Header:
    """The header of a page that holds a catalogue's entry only: all of it is inferred from that line."""
    symbol = read_symbol(entry.symbol)
    names = ("type", "symbol", "issuer", "date", "title")
    return Header(
        type=entry.type,
        type_code=_code(entry.type, symbol, symbol.system if symbol else None),
        system=symbol.system if symbol else system_of(entry.issuer),
        number=symbol.number if symbol else None,
        symbol=entry.symbol,
        issuer=entry.issuer,
        date=entry.date,
        title=entry.title,
        inferred=names,
        evidence=dict.fromkeys(names, (entry.shown,)),
    )


def _spans(head: Letterhead, title: Title, issuer: Issuer | None) -> dict[str, Span]:
    """The places of what the header prints."""
    subject = subject_of(head)
    parts = {
        "symbol": head.number.span if head.number and head.number.symbol else None,
        "date": head.day.span if head.day and head.day.edtf else None,
        "issuer": issuer.span if issuer and issuer.printed else None,
        "type": head.kind.span if head.kind else None,
        "title": subject[1] if subject else title.span,
    }
    return {name: span for name, span in parts.items() if span}
