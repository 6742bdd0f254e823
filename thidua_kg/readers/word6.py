"""The text of a Word 6 or Word 95 file by itself: one stretch of 8-bit characters between two places that the file names.

Files saved in the fast way keep their text in pieces instead; these are left to LibreOffice. The character set is told by
what is Vietnamese, as in text files. Cells come out as paragraphs; automatic numbers are not read.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from thidua_kg.readers.encodings import decode
from thidua_kg.readers.word97 import Printed, Stories, shown

_MAGIC, _FAST = 0xA5DC, 0x0004
_START, _COUNTS = 0x18, 0x34  # where the text begins; ccpText, ccpFtn, ccpHdd, ccpMcr, ccpAtn, ccpEdn, ccpTxbx
_ENDS = re.compile(r"[\r\x07\x0c]")
_LEVELS = (
    (b"TUY\xd6T", b"T\xe8I", b"M\xcbT"),
    (b"TUYE\xc4T", b"TO\xc1I", b"MA\xc4T"),
    (b"TUY\xca\xf2T", b"T\xd4\xecI", b"M\xc2\xf2T"),
)
_WIDE = tuple(word.encode("utf-16-le") for word in ("TUYỆT", "TỐI", "MẬT"))
_MARKED = re.compile(
    b"|".join(
        b"(?:^|[\\x00-\\x1f*])%b*(?:(?:%b|%b)%b)?%b%b*(?=[\\x00-\\x1f*]|$)"
        % (gap, *map(re.escape, words[:2]), gap, re.escape(words[2]), gap)
        for gap, words in ((b"(?: \\x00)", _WIDE), *((b" ", words) for words in _LEVELS))
    ),
    re.IGNORECASE,  # of ASCII: capitals of the font .VnTimeH are small letters in the file
)


def is_word6(main: bytes) -> bool:
    """Whether a "WordDocument" stream is that of Word 6 or 95."""
    return len(main) > _COUNTS + 28 and struct.unpack_from("<H", main)[0] == _MAGIC


def stories(name: str, main: bytes) -> Stories:
    """The paragraphs of the file; ValueError where it was saved in the fast way, or its text is no Vietnamese."""
    if struct.unpack_from("<H", main, 0x0A)[0] & _FAST:
        raise ValueError("saved in pieces")
    found = []
    at = struct.unpack_from("<I", main, _START)[0]
    for count in struct.unpack_from("<7i", main, _COUNTS):
        part = main[at : at + max(count, 0)]
        at += len(part)
        found.append(list(_paragraphs(decode(name, part.replace(b"\0", b" ")).text)) if part.strip() else [])
    body, footnotes, headers, _, comments, endnotes, boxes = found
    return Stories(body, footnotes, headers, comments, endnotes, boxes)


def seems_marked(main: bytes) -> bool:
    """Whether a line of a stream that cannot be read is a mark of secrecy, in any of the old character sets."""
    return _MARKED.search(main) is not None


def _paragraphs(text: str) -> Iterator[Printed]:
    depth: list[bool] = []
    for words in _ENDS.split(text):
        yield Printed(shown(words, depth), cell_end=False, in_table=False, row_end=False, centred=False, listed=False)
