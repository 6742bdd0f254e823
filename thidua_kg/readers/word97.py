"""The text of a Word 97-2003 file by itself: its pieces, paragraphs and table cells, from the binary format.

[MS-DOC]: the file information block (2.5), the piece table (2.8.35, 2.9.38), paragraph properties in pages of 512 bytes
(2.9.175 ff.). Automatic numbers, merged cells and revisions are not read.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from thidua_kg.readers.symbol_fonts import PRIVATE

_FLAGS, _ENCRYPTED, _TABLE_1 = 0x0A, 0x0100, 0x0200
_COUNTS = 0x4C  # ccpText, ccpFtn, ccpHdd, ccpMcr, ccpAtn, ccpEdn, ccpTxbx, ccpHdrTxbx
_PAPX, _CLX = 0x102, 0x1A2  # where the block says where paragraph properties and pieces are
_PAGE = 512
_MOST = 64 * 1024 * 1024  # characters; no document has more
_IN_TABLE, _ROW_END, _LISTED = 0x2416, 0x2417, 0x460B
_ALIGN = (0x2403, 0x2461)
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_ENDS = re.compile(r"[\r\x07\x0c]")
_FIELD = re.compile(r"[\x13\x14\x15]")
_SHOWN = (
    PRIVATE
    | {0x0B: "\n", 0x1E: "-", 0x1F: "\xad", 0xA0: " ", 0x0E: "\n", 0x2011: "-"}
    | dict.fromkeys((0, 1, 3, 4, 5, 6, 8, 0x10, 0x11, 0x12), None)
)


class Encrypted(ValueError):
    """The file has a password."""


class Printed(NamedTuple):
    """A paragraph: its words, whether it ends a table cell or is in a table, ends a row, is centred, has a lost number."""

    text: str
    cell_end: bool
    in_table: bool
    row_end: bool
    centred: bool
    listed: bool


class Stories(NamedTuple):
    """The paragraphs of a file by story; a note begins with the character 2."""

    body: list[Printed]
    footnotes: list[Printed]
    headers: list[Printed]
    comments: list[Printed]
    endnotes: list[Printed]
    boxes: list[Printed]


class _Properties(NamedTuple):
    in_table: bool = False
    row_end: bool = False
    centred: bool = False
    listed: bool = False


_PLAIN = _Properties()


def is_encrypted(main: bytes) -> bool:
    """Whether the "WordDocument" stream says that the file has a password."""
    return len(main) > _FLAGS + 2 and bool(struct.unpack_from("<H", main, _FLAGS)[0] & _ENCRYPTED)


def table_stream(main: bytes) -> str:
    """The name of the stream that the tables are in."""
    return "1Table" if struct.unpack_from("<H", main, _FLAGS)[0] & _TABLE_1 else "0Table"


def stories(main: bytes, table: bytes) -> Stories:
    """The paragraphs of the streams "WordDocument" and "0Table" or "1Table".

    `ValueError` or `struct.error` where they are damaged, or older than Word 97.
    """
    if struct.unpack_from("<H", main)[0] != 0xA5EC or struct.unpack_from("<H", main, 2)[0] < 0xC1:
        raise ValueError("older than Word 97")
    text, places = _pieces(main, table)
    counts = struct.unpack_from("<8i", main, _COUNTS)
    properties = _Pages(main, table)
    found: list[list[Printed]] = []
    at = 0
    for count in counts:
        end = min(at + max(count, 0), len(text))
        found.append(list(_paragraphs(text, at, end, places, properties)))
        at = end
    body, footnotes, headers, _, comments, endnotes, boxes, _ = found
    return Stories(body, footnotes, headers, comments, endnotes, boxes)


class _Places(NamedTuple):
    """Where characters stand in the main stream: piece by piece, its first character, first byte and bytes a character."""

    starts: list[int]
    offsets: list[int]
    widths: list[int]

    def of(self, at: int) -> int:
        """The byte of a character."""
        piece = max(bisect_right(self.starts, at) - 1, 0)
        return self.offsets[piece] + (at - self.starts[piece]) * self.widths[piece]


def _pieces(main: bytes, table: bytes) -> tuple[str, _Places]:
    """All characters of the file, and where they stand."""
    start, size = struct.unpack_from("<II", main, _CLX)
    clx = table[start : start + size]
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise ValueError("no piece table")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    firsts = struct.unpack_from(f"<{count + 1}I", plc)
    parts, places = [], _Places([], [], [])
    total = 0
    for piece in range(count):
        length = firsts[piece + 1] - firsts[piece]
        total += max(length, 0)
        if length < 0 or total > _MOST:
            raise ValueError("damaged piece table")
        code = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * piece + 2)[0]
        narrow = bool(code & 0x40000000)
        offset = (code & 0x3FFFFFFF) // 2 if narrow else code & 0x3FFFFFFF
        width = 1 if narrow else 2
        raw = main[offset : offset + length * width]
        words = raw.decode("cp1252" if narrow else "utf-16-le", "replace")
        parts.append(words.ljust(length)[:length] if len(words) != length else words)
        places.starts.append(firsts[piece])
        places.offsets.append(offset)
        places.widths.append(width)
    return "".join(parts), places


def _paragraphs(text: str, at: int, end: int, places: _Places, properties: _Pages) -> Iterator[Printed]:
    """The paragraphs of a stretch of the text, fields as their results."""
    depth: list[bool] = []  # the open fields, and whether each is at its code
    while at < end:
        mark = _ENDS.search(text, at, end)
        stop = mark.start() if mark else end
        own = properties.of(places.of(min(stop, end - 1)))
        words = shown(text[at:stop], depth)
        cell_end = mark is not None and mark[0] == "\x07"
        yield Printed(words, cell_end, own.in_table or cell_end, own.row_end, own.centred, own.listed)
        at = stop + 1


def shown(text: str, depth: list[bool]) -> str:
    """The printed characters of a paragraph; `depth` goes on from paragraph to paragraph."""
    parts, at = [], 0
    for match in (*_FIELD.finditer(text), None):
        stop = match.start() if match else len(text)
        if not any(depth):
            parts.append(text[at:stop])
        if match is None:
            break
        at = match.end()
        if match[0] == "\x13":
            depth.append(True)
        elif match[0] == "\x14" and depth:
            depth[-1] = False
        elif match[0] == "\x15" and depth:
            depth.pop()
    return "".join(parts).translate(_SHOWN)


class _Pages:
    """The properties of paragraphs by the byte that ends them."""

    def __init__(self, main: bytes, table: bytes) -> None:
        start, size = struct.unpack_from("<II", main, _PAPX)
        plc = table[start : start + size]
        count = max((len(plc) - 4) // 8, 0)
        pages = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ()
        self._starts: list[int] = []
        self._own: list[_Properties] = []
        for page in dict.fromkeys(number & 0x3FFFFF for number in pages):
            self._read(main[page * _PAGE : (page + 1) * _PAGE])

    def of(self, byte: int) -> _Properties:
        """The properties of the paragraph whose mark stands at a byte."""
        at = bisect_right(self._starts, byte) - 1
        return self._own[at] if at >= 0 else _PLAIN

    def _read(self, page: bytes) -> None:
        if len(page) < _PAGE:
            return
        count = page[-1]
        if 4 * (count + 1) + 13 * count >= _PAGE:
            return
        for number, first in enumerate(struct.unpack_from(f"<{count}I", page)):
            offset = page[4 * (count + 1) + 13 * number] * 2
            if self._starts and first < self._starts[-1]:
                continue  # pages of a sound file are in order
            self._starts.append(first)
            self._own.append(_read_properties(_entry(page, offset)) if offset else _PLAIN)


def _entry(page: bytes, offset: int) -> bytes:
    """The property list of a paragraph in its page, without the number of its style."""
    if offset + 2 > len(page):
        return b""
    size = page[offset]
    start, length = (offset + 1, size * 2 - 1) if size else (offset + 2, page[offset + 1] * 2)
    return page[start + 2 : start + length]


def _read_properties(listed: bytes) -> _Properties:
    found, at = {}, 0
    while at + 3 <= len(listed):
        code = struct.unpack_from("<H", listed, at)[0]
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None:  # a length stands before it; two bytes of it for a table's definition
            wide = code == 0xD608
            size = struct.unpack_from("<H", listed, at)[0] + 1 if wide and at + 2 <= len(listed) else listed[at] + 1
        found[code] = listed[at]
        if code == _LISTED:
            found[code] = any(listed[at : at + 2])
        at += size
    return _Properties(
        in_table=bool(found.get(_IN_TABLE)),
        row_end=bool(found.get(_ROW_END)),
        centred=any(found.get(code) == 1 for code in _ALIGN),
        listed=bool(found.get(_LISTED)),
    )
