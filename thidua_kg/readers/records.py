"""What a reader gives: the characters of a source, where each stretch of them stands in it, and what was kept apart."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from thidua_kg.model import Furniture, Segment, Signature
from thidua_kg.text import Text


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a document beside its text; it fills what the text does not print, and never overrides it.

    `origin` is what says so, for people: the envelope of an edXML package, or a digital signature. `symbol` is the code
    number and notation ("385/KH-UBND"); dates are ISO days; `response_to` are the symbols answered.
    """

    symbol: str | None = None
    type: str | None = None
    issuer: str | None = None
    place: str | None = None
    date: str | None = None
    due: str | None = None
    title: str | None = None
    signer: str | None = None
    position: str | None = None
    recipients: tuple[str, ...] = ()
    response_to: tuple[str, ...] = ()
    origin: str = "phong bì edXML"


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """One document's characters as its format gives them, before normalisation.

    `segments` count in `text`, in order; a reader without places gives none. `encoding` is for files of plain text.
    """

    text: str
    segments: tuple[Segment, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    encoding: str | None = None
    facts: Facts | None = None
    signatures: tuple[Signature, ...] = ()
    warnings: tuple[str, ...] = ()


Reader = Callable[[str, bytes], Extract]  # the name for messages, the bytes; raises UnreadableSource


class SourceText(msgspec.Struct, frozen=True, kw_only=True):
    """A source read: where it is, what it is, and its NFC text with the way home.

    `path` of a member of a package is "goi.zip!thu-muc/ke-hoach.docx".
    """

    path: str
    sha256: str
    media_type: str
    reader: str
    text: Text
    encoding: str | None = None
    layout: tuple[Segment, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    facts: Facts | None = None
    signatures: tuple[Signature, ...] = ()
    warnings: tuple[str, ...] = ()
