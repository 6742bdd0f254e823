"""The lines of a letterhead or a signature as cells: what stands together on the page, with its place in the text.

Readers leave a letterhead's two columns in one of many shapes: one below the other, side by side with a tab, a pipe or
a run of blanks between them, in Markdown emphasis. A row is one such cell, without the marks around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from thidua_kg.mentions.header_words import in_capitals
from thidua_kg.model import Span

_GAP = re.compile(r"[\t|\x00]|<br ?/?>| {3,}")
_GAP_MARKS = ("\t", "|", "\x00", "<br", "   ")  # a quick look: without these there is none
_EMPHASIS = " *_#>\\\u00a0\u200b"
_RULE = re.compile(r"[-–—_=*.•~+: ]{2,}|\*|o0o")


class Row(msgspec.Struct, frozen=True):
    """One cell of the page; `apart` where a blank line, or something already read, lies between it and the row before.

    `first` is true for the first cell of its line.
    """

    text: str
    span: Span
    apart: bool
    first: bool = True


def rows(text: str, span: Span, masked: Iterable[Span] = ()) -> Iterator[Row]:
    """The cells of `text` within `span`, in order; the `masked` places count as gaps between cells."""
    start, end = span
    part = text[start:end]
    for place in masked:
        low, high = max(place[0], start) - start, min(place[1], end) - start
        if low < high:
            part = part[:low] + "\x00" * (high - low) + part[high:]
    at, apart = start, True
    for line in part.split("\n"):
        cells = _cells(line, at)
        for number, (content, where) in enumerate(cells):
            yield Row(content, where, apart or number > 0, number == 0)
            apart = False
        apart = apart or not cells or "\x00" in line
        at += len(line) + 1


def _cells(line: str, at: int) -> list[tuple[str, Span]]:
    """The cells of one line that begins at `at`, without the blanks and emphasis around them."""
    found = []
    begin = 0
    gaps = _GAP.finditer(line) if any(mark in line for mark in _GAP_MARKS) else ()
    for gap in (*gaps, None):
        raw = line[begin : gap.start() if gap else len(line)]
        if content := raw.strip(_EMPHASIS):
            start = at + begin + raw.index(content)
            found.append((content, (start, start + len(content))))
        begin = gap.end() if gap else begin
    return found


def is_rule(row: Row) -> bool:
    """Whether a row is a drawn line or an ornament: "-------", "*", "___"."""
    return bool(_RULE.fullmatch(row.text))


def capital(row: Row) -> bool:
    """Whether the row's words are in capitals."""
    return in_capitals(row.text)


def joined(group: Iterable[Row]) -> str:
    """The words of several rows on one line."""
    return " ".join(" ".join(row.text.split()) for row in group)


def covering(group: list[Row]) -> Span:
    """The place from the first row to the last."""
    return group[0].span[0], group[-1].span[1]
