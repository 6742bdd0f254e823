"""The end of a document: who signed, in which capacity, and to whom it goes.

NĐ 30/2020/NĐ-CP Phụ lục I, mục II.7 and II.9; HD 36-HD/VPTW. The signature stands beside the recipients on paper, so a
reader gives it after them, before them or between their lines; annexes may follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

import msgspec

from thidua_kg.mentions.header_recipients import BULLET, Item, brace, item_of, recipient, without_bullet
from thidua_kg.mentions.header_rows import Row, is_rule, rows
from thidua_kg.mentions.header_signer import (
    begins_signature,
    beside,
    first_signer,
    is_heading,
    is_stamp,
    signer_of,
    starts_cell,
)
from thidua_kg.model import Recipient, Signer, Span

_LABEL = re.compile(r"N[ơƠ][iI]\s{1,3}[nN][hH][ậẬ][nN][*_ ]{0,4}(?P<colon>:)?")
_LIST = 9000  # characters that a list of recipients may take
_NEAR = 600  # characters between a list of recipients and a signature that comes before it
_LABELS = 100  # places that may be tried as the label of a list
_STRAYS = 5  # lines that are neither item nor signature, such as a typist's mark

Role = Literal["item", "more", "brace", "sign", "skip", "stray", "end"]


class Closing(msgspec.Struct, frozen=True):
    """Where the recipients and the signature stand, and what they say."""

    recipients_span: Span | None = None
    signature_span: Span | None = None
    signer: Signer | None = None
    recipients: tuple[Recipient, ...] = ()


class _List(msgspec.Struct, frozen=True):
    """A list of recipients while it is read: items, how many of them have their brace, rows of a signature, strays."""

    span: Span
    bulleted: bool
    items: tuple[Item, ...] = ()
    grouped: int = 0
    signing: tuple[Row, ...] = ()
    strays: int = 0


def closing(text: str) -> Closing:
    """The recipients and the signature of the document itself, before any annex; the cost is linear in the text."""
    found = next(_lists(text), None)
    signer = first_signer(text, found.span[0] if found else len(text))
    if found is None or (signer and signer.span and signer.span[1] < found.span[0] - _NEAR):  # the list is an annex's
        return Closing(signature_span=signer.span if signer else None, signer=signer)
    signer = signer_of(text, found.signing) or signer
    place = signer.span if signer else None
    if place and place[0] < found.span[1] < place[1]:  # the two columns came out line by line
        place = found.span[1], place[1]
    records = tuple(record for item in found.items if (record := recipient(item)))
    return Closing(found.span, place, signer, records)


def find_signer(text: str) -> Signer | None:
    """Who signed: `KT. CHỦ TỊCH / PHÓ CHỦ TỊCH / Võ Thị Mùi` is "KT.", "Phó Chủ tịch", "Võ Thị Mùi"."""
    return closing(text).signer


def find_recipients(text: str) -> tuple[Recipient, ...]:
    """The items of "Nơi nhận" in order, "Lưu: VT" among them as `filing`."""
    return closing(text).recipients


def _lists(text: str) -> Iterator[_List]:
    """The lists of recipients, in order: "Nơi nhận" at the beginning of a cell, and at least one item."""
    for label in islice(_LABEL.finditer(text), _LABELS):
        bulleted = bool(BULLET.match(text[label.end() : label.end() + 80].lstrip(" *_\n:")))
        if (bulleted or label["colon"]) and starts_cell(text, label.start()):
            found = _read(text, label.end(), _List(label.span(), bulleted))
            if found.items:
                yield found


def _read(text: str, start: int, found: _List) -> _List:
    """The list with all its lines, and the rows of the signature that stand after or between them."""
    for whole in rows(text, (start, min(start + _LIST, len(text)))):
        row, sign = beside(whole)
        role = _role(text, row, found)
        between = text[found.span[1] : row.span[0]].split("\n")[1:-1]
        if role == "more" and any(line.strip() for line in between):
            role = "item"  # a line of the signature between two lines parts them
        if role == "end" or found.strays > _STRAYS:
            break
        found = _taken(row, role, found)
        if role in ("item", "more", "brace"):
            found = msgspec.structs.replace(found, span=(found.span[0], row.span[1]))
        if sign is not None:
            found = msgspec.structs.replace(found, signing=(*found.signing, sign))
        if found.signing and signer_of(text, found.signing):
            break
    return found


def _taken(row: Row, role: Role, found: _List) -> _List:
    """The list with one more row of the given role."""
    items = found.items
    if role == "item" and not items and not found.bulleted and row.span[0] <= found.span[1] + 3:
        return msgspec.structs.replace(found, items=tuple(_in_line(row)))
    if role == "item":
        return msgspec.structs.replace(found, items=(*items, item_of(row.text, row.span[0])))
    if role == "more":
        longer = items[-1].joined(item_of(row.text, row.span[0]))
        return msgspec.structs.replace(found, items=(*items[:-1], longer))
    if role == "sign":
        return msgspec.structs.replace(found, signing=(*found.signing, row))
    if role == "brace":
        return _braced(row, found)
    return msgspec.structs.replace(found, strays=found.strays + (role == "stray"))


def _in_line(row: Row) -> Iterator[Item]:
    """The items printed on the label's own line: "Nơi nhận: Như trên; Sở Nội vụ; Lưu: VT."."""
    for part in re.finditer(r"[^;]+", row.text):
        words = part[0].lstrip()
        if words:
            yield item_of(words, row.span[0] + part.end() - len(words))


def _braced(row: Row, found: _List) -> _List:
    """The list where the items above a brace, back to the one before it, have its purpose: "- } (Báo cáo)".

    What stands before the brace in its line is an item of its own, or continues one.
    """
    before, purpose = brace(without_bullet(row.text)) or ("", "")
    items = found.items
    if before:
        own = item_of(before, row.span[0] + row.text.index(before))
        items = (*items, own) if BULLET.match(row.text) else (*items[:-1], items[-1].joined(own))
    given = tuple(msgspec.structs.replace(item, purpose=purpose or None) for item in items[found.grouped :])
    return msgspec.structs.replace(found, items=(*items[: found.grouped], *given), grouped=len(items))


def _role(text: str, row: Row, found: _List) -> Role:
    """What a row after "Nơi nhận" is to the list read so far."""
    items = found.items
    closed = any(item.filing() for item in items)
    if is_rule(row) or is_stamp(row):
        return "skip"
    if BULLET.match(row.text) or text[row.span[0] - 2 : row.span[0]] == "* ":
        return "end" if found.signing and closed else _bulleted(row, items)
    if items and brace(row.text):
        return "brace"
    if is_heading(row):
        return "end"
    if found.signing or begins_signature(row, closed=closed):
        return "sign"
    if not found.bulleted:
        return "more" if items and items[-1].open() else "item"
    return _continuing(row, items)


def _bulleted(row: Row, items: tuple[Item, ...]) -> Role:
    body = without_bullet(row.text)
    if items and brace(body):
        return "brace"
    if items and (body.startswith("(") or (row.text[0] == "+" and not body.startswith("Lưu"))):
        return "more"
    return "item"


def _continuing(row: Row, items: tuple[Item, ...]) -> Role:
    """Whether a line without a dash continues the item before it."""
    if not items:
        return "end"
    if items[-1].open() and (not row.apart or row.text[0].islower() or items[-1].text.endswith(",")):
        return "more"
    return "stray"
