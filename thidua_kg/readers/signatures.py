"""The digital signatures of a PDF as their certificates name the signers, kept as evidence; whether they hold is not checked.

Offices sign with certificates of their own ("Văn phòng Chính phủ", a portal that only publishes) beside those of persons
(NĐ 30/2020/NĐ-CP Phụ lục I, mục II.8), so a certificate's name is a signer only where it is a person's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ctypes import create_string_buffer
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium

from thidua_kg.model import Signature
from thidua_kg.readers.records import Facts
from thidua_kg.readers.syllables import is_syllable
from thidua_kg.text import fold_space
from thidua_kg.vocab import FamilyName, Province, table

_MOST = 50  # signatures of one file
_LONGEST = 2**20  # bytes of one
_TIME = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d))?")
ORIGIN = "chữ ký số"


def signatures_of(document: Any) -> tuple[Signature, ...]:
    """The signatures of an open PDF, in the file's order."""
    count = min(pdfium.FPDF_GetSignatureCount(document), _MOST)
    found = (pdfium.FPDF_GetSignatureObject(document, index) for index in range(count))
    return tuple(_signature(one) for one in found if one)


def signer_of(signatures: tuple[Signature, ...]) -> Facts | None:
    """The one person among the signers; None where there is none, or several."""
    persons = {s.name: s for s in signatures if s.name and is_person(s.name)}
    if len(persons) != 1:
        return None
    name, signature = persons.popitem()
    return Facts(signer=_cased(name), position=signature.title, origin=ORIGIN)


def is_person(name: str) -> bool:
    """Whether a certificate's name is a person's: "NGUYỄN VĂN AN", not "Cổng Thông tin điện tử", not "HÀ NỘI"."""
    words = _cased(name).split()
    return (
        1 < len(words) < 7
        and words[0] in _families()
        and all(map(is_syllable, words))
        and " ".join(words) not in _provinces()
    )


def _cased(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split()) if name.isupper() else name


@cache
def _families() -> frozenset[str]:
    return frozenset(row.name for row in table("family_names", FamilyName))


@cache
def _provinces() -> frozenset[str]:
    return frozenset(_cased(row.name.upper()) for row in table("provinces", Province))


def _signature(one: Any) -> Signature:
    said = _of_certificate(_bytes(pdfium.FPDFSignatureObj_GetContents, one))
    time = _bytes(pdfium.FPDFSignatureObj_GetTime, one).decode("latin-1").strip("\0")
    reason = _bytes(pdfium.FPDFSignatureObj_GetReason, one).decode("utf-16-le", "replace").strip("\0")
    return Signature(
        name=said.get("common_name"),
        title=said.get("title"),
        organisation=said.get("organization_name"),
        unit=said.get("organizational_unit_name"),
        issuer=said.get("issuer"),
        time=_day(time) or said.get("time"),
        reason=fold_space(reason) or None,
    )


def _bytes(get: Callable[..., int], one: Any) -> bytes:
    """What PDFium writes into a buffer that is as long as it asks for."""
    length = get(one, None, 0)
    if not 0 < length <= _LONGEST:
        return b""
    buffer = create_string_buffer(length)
    get(one, buffer, length)
    return buffer.raw


def _of_certificate(contents: bytes) -> dict[str, str]:
    """What the certificate of a signature (CMS, RFC 5652) says of its signer; nothing where it cannot be read."""
    from asn1crypto import cms

    try:
        signed = cms.ContentInfo.load(contents)["content"]
        signer = signed["signer_infos"][0]
        certificates = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
        own = next((one for one in certificates if _is_of(one, signer["sid"])), certificates[0])
        said = {key: _first(value) for key, value in own.subject.native.items()}
        said["issuer"] = _first(own.issuer.native.get("common_name", ""))
        for attribute in signer["signed_attrs"].native or ():
            if attribute["type"] == "signing_time":
                said["time"] = attribute["values"][0].isoformat()
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return {}
    return {key: fold_space(value) for key, value in said.items() if value.strip()}


def _is_of(certificate: Any, signer: Any) -> bool:
    """Whether a certificate is the one that a signer names by its issuer and number, or by its key."""
    named = signer.chosen
    if signer.name == "issuer_and_serial_number":
        return bool(
            certificate.serial_number == named["serial_number"].native and certificate.issuer == named["issuer"]
        )
    return bool(certificate.key_identifier == named.native)


def _first(value: Any) -> str:
    """A part of a name as text; of one that stands several times the first."""
    return str(value[0] if isinstance(value, list) and value else value)


def _day(time: str) -> str | None:
    """A PDF's time as ISO 8601: `_day("D:20240412143717+07'00'") == "2024-04-12T14:37:17+07:00"`."""
    found = _TIME.match(time)
    if found is None:
        return None
    year, month, day, hour, minute, second, utc, east, rest = found.groups()
    zone = "+00:00" if utc else f"{east}:{rest}" if east else ""
    return f"{year}-{month}-{day}" + (f"T{hour}:{minute or '00'}:{second or '00'}{zone}" if hour else "")
