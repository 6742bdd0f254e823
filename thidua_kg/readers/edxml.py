"""The package of the national document exchange: an envelope that describes a document, with its files.

QCVN 102:2016/BTTTT (Decision 28/2018/QĐ-TTg makes it the form of exchange): `edXMLEnvelope/edXMLHeader/MessageHeader` holds
From, To, Code, PromulgationInfo, DocumentType, Subject, Content, SignerInfo, DueDate, ToPlaces, ResponseFor; the files stand
in `AttachmentEncoded/Attachment/ContentTransferEncoded` as base64, often of a ZIP around the file, or beside the envelope.
Elements are known by their local names, as systems write them in several namespaces.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.formats import format_of
from thidua_kg.readers.records import Extract, Facts
from thidua_kg.readers.zips import LARGEST, Entry, Found
from thidua_kg.readers.zips import entries as members

_ATTACHMENTS = 500
_PARTY = re.compile(r"[A-ZĐ]{1,6}/")
_DAY = re.compile(r"(?:(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{1,2})[-/](\d{1,2})[-/](\d{4}))(?!\d)")


def read(name: str, data: bytes) -> Extract:
    """The subject and content that an envelope without files holds."""
    root = _root(name, data)
    header = _first(root, "MessageHeader")
    facts = facts_of(root)
    parts = [_said(header, "Subject"), _said(header, "Content")]
    return Extract(text="\n\n".join(dict.fromkeys(filter(None, parts))), facts=facts)


def entries(name: str, data: bytes) -> Iterator[Found]:
    """The files in an envelope, the first with what the envelope says; the envelope itself where there are none."""
    root = _root(name, data)
    facts: Facts | None = facts_of(root)
    names = _names(root)
    found = [a for a in root.iter("{*}Attachment") if _said(a, "ContentTransferEncoded")]
    if len(found) > _ATTACHMENTS:
        raise UnreadableSource(
            name, f"phong bì có {len(found)} tệp đính kèm, quá mức {_ATTACHMENTS}", "kiểm tra lại gói"
        )
    if not found:
        yield Entry(name, lambda: data)
        return
    seen: set[str] = set()
    for number, attachment in enumerate(found, start=1):
        given = (
            _said(attachment, "AttachmentName") or names.get(_said(attachment, "ContentId") or "") or f"tep-{number}"
        )
        shown = re.split(r"[/\\]", "".join(c for c in given if c.isprintable()))[-1] or f"tep-{number}"
        shown = f"{number}-{shown}" if shown.casefold() in seen else shown
        seen.add(shown.casefold())
        yield _attached(f"{name}!{shown}", _said(attachment, "ContentTransferEncoded") or "", facts)
        facts = None


def _attached(name: str, encoded: str, facts: Facts | None) -> Found:
    """An attachment: its file, freed of the ZIP that exchange systems put around it."""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return UnreadableSource(name, "tệp đính kèm hỏng (base64)", "hãy nhận lại văn bản")
    if len(data) > LARGEST:
        return UnreadableSource(name, "tệp đính kèm quá lớn", "hãy nhận tệp riêng")
    if format_of(name, data).reader != "zip":
        return Entry(name, lambda: data, facts)
    inner = list(members(name, data))
    if len(inner) != 1:
        return UnreadableSource(name, f"tệp đính kèm là gói {len(inner)} tệp", "hãy giải nén rồi thêm từng tệp")
    (one,) = inner
    return one if isinstance(one, UnreadableSource) else Entry(name, one.load, facts)


def outside(name: str, data: bytes) -> dict[str, Facts]:
    """What an envelope says of the file beside it, by the file's name; {} where it is none or carries its files."""
    if format_of(name, data).reader != "edxml":
        return {}
    root = _root(name, data)
    names = [n for n in _names(root).values() if n]
    if not names or any(_said(a, "ContentTransferEncoded") for a in root.iter("{*}Attachment")):
        return {}
    return {names[0].casefold(): facts_of(root)}


def facts_of(root: etree._Element) -> Facts:
    """What the envelope says of its document."""
    header = _first(root, "MessageHeader")
    if header is None:
        return Facts()
    places = [_text(p) for parent in header.iterchildren("{*}ToPlaces") for p in parent]
    addressed = [_said(to, "OrganName") for to in header.iterchildren("{*}To")]
    answers = [_code(r) or _said(r, "Code") for r in header.iter("{*}ResponseFor")]
    return Facts(
        symbol=_code(header),
        type=_said(header, "DocumentType", "TypeName") or _said(header, "type", "description"),
        issuer=_said(header, "From", "OrganName"),
        place=_said(header, "PromulgationInfo", "Place"),
        date=_day(_said(header, "PromulgationInfo", "PromulgationDate") or _said(header, "PromulgationInfo", "Date")),
        due=_day(_said(header, "DueDate") or _said(header, "ResponseDate")),
        title=_said(header, "Subject"),
        signer=_said(header, "SignerInfo", "FullName"),
        position=_said(header, "SignerInfo", "Position"),
        recipients=tuple(dict.fromkeys(filter(None, (*places, *addressed)))),
        response_to=tuple(dict.fromkeys(filter(None, answers))),
    )


def _root(name: str, data: bytes) -> etree._Element:
    """The envelope's tree: no document type, no entities, no network."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    if b"<!DOCTYPE" in data[:100_000]:
        raise UnreadableSource(
            name, "phong bì edXML có khai báo DOCTYPE, không hợp chuẩn", "không mở tệp này; hỏi lại nơi gửi"
        )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableSource(name, f"phong bì edXML hỏng (dòng {error.lineno})", "hãy nhận lại văn bản") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableSource(
            name, "phong bì edXML có khai báo DOCTYPE, không hợp chuẩn", "không mở tệp này; hỏi lại nơi gửi"
        )
    return root


def _names(root: etree._Element) -> dict[str, str]:
    """The attachments' names by content id, as the manifest lists them."""
    found = {}
    for number, reference in enumerate(root.iter("{*}Reference")):
        key = _said(reference, "ContentId") or (reference.get("href") or "").removeprefix("cid:") or str(number)
        found[key] = _said(reference, "AttachmentName") or ""
    return found


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next(root.iter(f"{{*}}{name}"), None)


def _said(parent: etree._Element | None, *path: str) -> str | None:
    """The text of a descendant by local names, None where it is absent, empty or a filler."""
    for name in path:
        parent = parent.find(f"{{*}}{name}") if parent is not None else None
    return _text(parent)


def _text(element: etree._Element | None) -> str | None:
    text = " ".join("".join(element.itertext()).split()) if element is not None else ""
    return None if text.upper() in ("", "N/A", "NULL", "NA") else text


def _code(parent: etree._Element) -> str | None:
    """Number and notation as one symbol: "385" and "KH-UBND" are "385/KH-UBND", "34" and "CT/TW" "34-CT/TW"."""
    number, notation = _said(parent, "Code", "CodeNumber"), _said(parent, "Code", "CodeNotation")
    if number is None or notation is None or notation[:1].isdigit():
        return notation if notation and notation[:1].isdigit() else None
    if notation[0] in "/-":
        return f"{number}{notation}"
    return f"{number}{'-' if _PARTY.match(notation) else '/'}{notation}"


def _day(text: str | None) -> str | None:
    """A day in any of the forms that systems write: "2026/02/05", "2026-02-05 10:00:00", "05/02/2026"."""
    match = _DAY.match(text or "")
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
