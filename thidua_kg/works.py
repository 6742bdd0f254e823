"""Are two sources one work? The unnumbered Word file and the signed PDF of it have the same body, whatever was cut or stamped.

Compared is the text after header and closing are cut off, as letters and digits. Sketches (`sketches`) find candidates; each is
then verified in full. Numbers weigh more than words: yearly plans differ in the year only, provinces issue the same text, and
none of these are one work.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec

from thidua_kg.judgements.anchors import key_of
from thidua_kg.model import Document, Header
from thidua_kg.sketches import body_of
from thidua_kg.text import slug

CERTAIN = 0.9  # of the letters' runs in common, from which two bodies are one text
DOUBTFUL = 0.5  # from which a person is asked
CONTINUES = 0.5  # from which a file that replaces another is still its document
_FEWEST = 400  # letters of a body that can be certain; a shorter one is a form that many documents share
_RUN = 9  # letters of the runs compared
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

Verdict = Literal["certain", "doubtful", "different"]


class Likeness(msgspec.Struct, frozen=True):
    """Whether two documents are one work, how much of their bodies is the same (0 to 1), and why the verdict."""

    verdict: Verdict
    score: float
    why: str


def title_key(header: Header) -> int | None:
    """A key that documents of one issuer and title share, beside those of the bands; None where the header has not both."""
    if not header.issuer or not header.title:
        return None
    return zlib.crc32(f"{slug(header.issuer)}|{slug(header.title)}".encode()) << 4 | 15


def issued(header: Header) -> bool:
    """Whether a header prints the number under which the document was issued."""
    return header.canonical is not None and not header.draft


def likeness(a: Document, b: Document) -> Likeness:
    """Whether two documents are one work: certain, doubtful (a person decides) or different, with the reason."""
    one, other = a.header, b.header
    conflict = _conflict(one, other)
    score = overlap(a, b)
    if conflict:
        return Likeness("different", score, conflict)
    if score < DOUBTFUL:
        return Likeness("different", score, "nội dung khác nhau")
    doubt = _doubt(a, b, score)
    percent = f"nội dung giống nhau {score:.0%}"
    return Likeness("doubtful", score, f"{percent}; {doubt}") if doubt else Likeness("certain", score, percent)


def continues(old: Document, new: Document) -> bool:
    """Whether a file that took another's place is still the same document: by its body, or with a corrected header."""
    score = overlap(old, new)
    if _conflict(old.header, new.header):
        return score >= CERTAIN and _numbers(old) == _numbers(new)
    return score >= CONTINUES


def overlap(a: Document, b: Document) -> float:
    """The part of two bodies' runs of letters that both have (Jaccard), 0 to 1; white space and signs do not count."""
    runs = [_runs(key_of(body_of(document)).letters) for document in (a, b)]
    both = sum((runs[0] & runs[1]).values())
    return both / max(1, sum((runs[0] | runs[1]).values()))


def _runs(letters: str) -> Counter[str]:
    return Counter(letters[i : i + _RUN] for i in range(max(0, len(letters) - _RUN + 1)))


def _conflict(one: Header, other: Header) -> str | None:
    """What two headers print that no one work can: two symbols, issuers, types, dates, or years in the title."""
    if one.canonical and other.canonical and one.canonical != other.canonical:
        return "hai số, ký hiệu khác nhau"
    if one.issuer and other.issuer and not _same_name(one.issuer, other.issuer):
        return "hai cơ quan ban hành khác nhau"
    if one.type and other.type and one.type != other.type:
        return "hai loại văn bản khác nhau"
    if one.date and other.date and not (one.date.startswith(other.date) or other.date.startswith(one.date)):
        return "hai ngày ban hành khác nhau"
    years = [set(_YEAR.findall(header.title or "")) for header in (one, other)]
    if years[0] and years[1] and years[0] != years[1]:
        return "hai năm khác nhau trong trích yếu"
    return None


def _same_name(one: str, other: str) -> bool:
    """Whether two issuers can be one: a letterhead may leave the province out."""
    a, b = sorted((slug(one), slug(other)), key=len)
    return b.startswith(a)


def _doubt(a: Document, b: Document, score: float) -> str | None:
    """What keeps a pair with the same words from being certain."""
    one, other = a.header, b.header
    if score < CERTAIN:
        return "có chỗ khác"
    if min(len(key_of(body_of(document)).letters) for document in (a, b)) < _FEWEST:
        return "văn bản quá ngắn"
    if not one.issuer or not other.issuer or slug(one.issuer) != slug(other.issuer):
        return "không cùng ghi một cơ quan ban hành"
    if not one.title or not other.title or slug(one.title) != slug(other.title):
        return "trích yếu không như nhau"
    if _numbers(a) != _numbers(b):
        return "số liệu, năm không như nhau"
    if _says_draft(one) or _says_draft(other):
        return "một bản ghi là dự thảo"
    return None


def _numbers(document: Document) -> Counter[str]:
    """The numbers of a body of two digits or more, the years among them; single digits number pages and lists."""
    return Counter(n for n in _NUMBER.findall(body_of(document)) if len(n) > 1)


def _says_draft(header: Header) -> bool:
    return any(slug(mark).startswith("du-thao") for mark in header.handling)


_TEXT_RANK = {"docx": 0, "doc": 1, "html": 1, "plain": 2, "pdf": 4}  # by reader: who has the best text and structure
_PRINTED = ("symbol", "number", "canonical", "type_code", "system", "date", "place")


def combined(sources: Sequence[Document]) -> tuple[Document, Header]:
    """The source whose text stands for the work, and the work's header; the same for any order of the sources.

    Text and structure come from Word before text before PDF, a draft last; number and date from the source that prints them, and
    what one leaves out from the next.
    """
    ranked = sorted(sources, key=lambda d: (_says_draft(d.header), _TEXT_RANK.get(d.reader, 3), d.path))
    main = ranked[0]
    header = main.header
    numbered = next((d for d in ranked if issued(d.header)), None)
    if numbered is not None and not issued(header):
        printed = {name: getattr(numbered.header, name) or getattr(header, name) for name in _PRINTED}
        header = msgspec.structs.replace(header, **printed, draft=False, spans=_without(header, _PRINTED))
    for other in ranked[1:]:
        missing = {
            name: value
            for name in ("type", "issuer", "issuer_id", "decided_by", "title", "signer", "place", "date")
            if not getattr(header, name) and (value := getattr(other.header, name))
        }
        if missing:
            header = msgspec.structs.replace(header, **missing)
    return main, header


def _without(header: Header, fields: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The places of what this text prints itself."""
    return {name: span for name, span in header.spans.items() if name not in fields}
