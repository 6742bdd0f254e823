"""Pages laid out to one text: lines, blank lines between paragraphs, piped table rows, footnotes at the end.

A paragraph, a table or a row of it goes on over the end of a page. Every word keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from thidua_kg.model import Furniture, Segment
from thidua_kg.readers.footnotes import Note, notes_of
from thidua_kg.readers.grid import Table
from thidua_kg.readers.layout import indented, items_of, margins_of
from thidua_kg.readers.page import Line, Page, Word, around
from thidua_kg.readers.records import Extract

_SAME_COLUMN = 15.0  # points that a column may move from one page to the next
_ENDED = re.compile(r"[.;:/!?”]$")

Placed = tuple[Page, Word]
Row = tuple[list[Placed], ...]


class Writer:
    """The text while it is written, with the place of each word; used once."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.segments: list[Segment] = []
        self.furniture: list[Furniture] = []
        self.length = 0

    def add(self, text: str) -> None:
        """Adds characters."""
        self.parts.append(text)
        self.length += len(text)

    def word(self, page: Page, word: Word, text: str) -> None:
        """Adds a word at its place."""
        place = page.place((word.left, word.top, word.right, word.bottom), word.confidence)
        self.segments.append(Segment(start=self.length, place=place))
        self.add(text)

    def words(self, placed: Iterable[Placed], wide: tuple[int, ...] = (), notes: frozenset[str] = frozenset()) -> None:
        """Adds words with a space between them; a raised figure follows its word, as a footnote's mark "[1]"."""
        for number, (page, word) in enumerate(placed):
            if number and not word.raised and not word.glued:
                self.add("    " if number in wide else " ")
            self.word(page, word, f"[{word.text}]" if word.raised and word.text in notes else word.text)


def compose(pages: Iterable[Page]) -> Extract:
    """The text of pages in their order."""
    writer = Writer()
    table: list[Row] = []  # the rows of a table that may go on
    edges: tuple[float, ...] = ()
    last: tuple[Line, tuple[float, float]] | None = None
    notes: list[tuple[Page, Note]] = []
    for page in pages:
        items, found = notes_of(items_of(page), page)
        notes += [(page, note) for note in found]
        marks = frozenset(note.number for note in found)
        margins = margins_of(items)
        for number, item in enumerate(items):
            if isinstance(item, Table):
                if number == 0 and table and _goes_on(item, edges):
                    _append(writer, table, _placed(page, item), page)
                else:
                    _flush(writer, table)
                    table, edges = _placed(page, item), item.edges
                last = None
                continue
            first = number == 0 and not table
            table = _flush(writer, table)
            apart = _new_paragraph(last, item, margins) if first else item.apart
            _separate(writer, apart)
            writer.words(((page, word) for word in item.words), item.wide, marks)
            last = item, margins
        writer.furniture += page.furniture
    _flush(writer, table)
    for page, note in notes:
        _separate(writer, apart=True)
        writer.word(page, note.mark, f"[{note.number}]")
        writer.add(" ")
        for number, line in enumerate(note.lines):
            writer.add("\n" if number else "")
            writer.words((page, word) for word in line)
    writer.add("\n" if writer.length else "")
    return Extract(text="".join(writer.parts), segments=tuple(writer.segments), furniture=tuple(writer.furniture))


def _separate(writer: Writer, apart: bool) -> None:
    if writer.length:
        writer.add("\n\n" if apart else "\n")


def _new_paragraph(last: tuple[Line, tuple[float, float]] | None, line: Line, margins: tuple[float, float]) -> bool:
    """Whether the first line of a page begins a paragraph."""
    if last is None:
        return True
    before, (_, right) = last
    return right - before.right > 3 * before.size or indented(before, line, margins)


# --- tables


def _placed(page: Page, table: Table) -> list[Row]:
    return [tuple([(page, word) for word in cell] for cell in row) for row in table.rows]


def _goes_on(table: Table, edges: tuple[float, ...]) -> bool:
    """Whether a table at the top of a page continues the one with the given columns."""
    return len(table.edges) == len(edges) and all(
        abs(one - other) < _SAME_COLUMN for one, other in zip(table.edges, edges, strict=True)
    )


def _append(writer: Writer, table: list[Row], rows: list[Row], page: Page) -> None:
    """Adds the rows of a table's next page: its repeated head is furniture, a row that was cut in two is one again."""
    head = 0
    while head < min(len(rows), len(table), 3) and _said(rows[head]) == _said(table[head]):
        head += 1
    for row in rows[:head]:
        words = [word for cell in row for _, word in cell]
        text = " ".join(word.text for word in words)
        writer.furniture.append(Furniture(kind="page_header", text=text, place=page.place(around(words))))
    rest = rows[head:]
    if rest and len(table) > 1 and _cut(table[-1], rest[0]):
        for number, more in enumerate(rest.pop(0)):
            table[-1][number].extend(more)
    table += rest


def _said(row: Row) -> list[str]:
    return [" ".join(word.text for _, word in cell) for cell in row]


def _cut(above: Row, below: Row) -> bool:
    """Whether two rows are one that a page's end cut: the second has no number and goes on in small letters."""
    filled = [(cell, more) for cell, more in zip(above, below, strict=True) if more]
    return (
        not below[0]
        and all(cell for cell, _ in filled)
        and all(more[0][1].text[0].islower() or not _ENDED.search(cell[-1][1].text) for cell, more in filled)
        and any(more[0][1].text[0].islower() for _, more in filled)
    )


def _flush(writer: Writer, table: list[Row]) -> list[Row]:
    """Writes the rows of a table, one a line; what remains to be written is nothing."""
    for number, row in enumerate(table):
        _separate(writer, apart=number == 0)
        writer.add("|")
        for cell in row:
            writer.add(" ")
            writer.words((page, _unpiped(word)) for page, word in cell)
            writer.add(" |" if cell else "|")
    return []


def _unpiped(word: Word) -> Word:
    """A word without the mark that parts cells."""
    return msgspec.structs.replace(word, text=word.text.replace("|", "¦")) if "|" in word.text else word
