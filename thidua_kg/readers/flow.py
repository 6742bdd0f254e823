"""What a word processor's file prints, as paragraphs and tables, and how that becomes one text with its places.

A paragraph is a line (soft breaks in it are line ends) with a blank line around it; a data table is one piped line a row,
as `structure.tables` reads it; a table that only arranges the page (letterhead, signature) becomes lines in reading order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from thidua_kg.model import Furniture, Place, Segment
from thidua_kg.readers.encodings import repair_of
from thidua_kg.readers.records import Extract

_HEAD_MARK = re.compile(
    r"(?:^|\n)\s*(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập ?[-–—] ?Tự do ?[-–—] ?Hạnh phúc)"
)
_SIGN_MARK = re.compile(r"(?:^|\n)\s*(?:N[ơƠ][iI] [nN][hH][ậẬ][nN]\b|(?:T/?M|K/?T|T/?L|TU/?Q)[. ] ?[A-ZĐÀ-Ỹ])")
_COUNT_HEAD = re.compile(r"(?:STT|TT|Stt|Số TT|Số thứ tự)\.?$")
_TALLEST_LAYOUT = 8  # rows of a letterhead or signature table
_WIDEST = 64  # columns; Word allows 63
_CLOSED = re.compile(r"[.;:,!?…(–-]$")
_GOES_ON = re.compile(r"[a-zà-ỹđ\d(),.;:%/]")


class Paragraph(NamedTuple):
    """A printed paragraph, its automatic number in front, at `element` of its file; `centred` lines stand as one group."""

    text: str
    element: str
    centred: bool = False


class Cell(NamedTuple):
    """A table cell: what it holds, how many columns it covers, whether it goes on from the cell above (then it is blank)."""

    blocks: tuple[Paragraph | Table, ...]
    columns: int = 1
    continues: bool = False


class Table(NamedTuple):
    """A table; `ruled` where lines are drawn between its cells, `heads` the rows that repeat on every page."""

    rows: tuple[tuple[Cell, ...], ...]
    ruled: bool = True
    heads: int = 0


Flow = Paragraph | Table


def render(
    flow: Iterable[Flow],
    *,
    furniture: Iterable[Furniture] = (),
    warnings: Iterable[str] = (),
    notes: Iterable[Flow] = (),
) -> Extract:
    """The text of a document's paragraphs and tables, footnotes last, with a segment for each paragraph and cell paragraph."""
    page = _Page()
    for block in mended((*flow, *notes), said := list(warnings)):
        page.block(block)
    return Extract(
        text="".join(page.parts),
        segments=tuple(page.segments),
        furniture=tuple(furniture),
        warnings=tuple(said),
    )


def mended(flow: Sequence[Flow], warnings: list[str]) -> Sequence[Flow]:
    """The paragraphs in Unicode where all of them are in an old set whose fonts the file does not name; it is said then."""
    repair = repair_of(plain(flow))
    if repair is None:
        return flow
    warnings.append(repair.warning)

    def anew(block: Flow) -> Flow:
        if isinstance(block, Paragraph):
            return block._replace(text=repair.mend(block.text))
        return block._replace(
            rows=tuple(tuple(cell._replace(blocks=tuple(map(anew, cell.blocks))) for cell in row) for row in block.rows)
        )

    return [anew(block) for block in flow]


def plain(flow: Iterable[Flow]) -> str:
    """The words of some paragraphs and tables, for furniture and messages."""
    return "\n".join(text for block in flow for text in _texts(block) if text)


def is_letterhead(flow: Iterable[Flow]) -> bool:
    """Whether the paragraphs and tables print the national or the Party's motto."""
    return _HEAD_MARK.search(plain(flow)) is not None


class _Page:
    """The text so far and where its stretches come from; used once."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0
        self.grouped = False  # whether the last paragraph was centred

    def put(self, text: str, element: str | None = None) -> None:
        """Adds text; what stands at an `element` begins a segment."""
        if element is not None and (not self.segments or self.segments[-1].place.element != element):
            self.segments.append(Segment(start=self.length, place=Place(element=element)))
        text = text.replace("\xad", "")  # a soft hyphen; kept till here, as it is the code of "ư" in TCVN3
        self.parts.append(text)
        self.length += len(text)

    def block(self, block: Flow, gap: str = "\n\n") -> None:
        if isinstance(block, Paragraph):
            if block.text.strip():
                self.line(block, "\n" if block.centred and self.grouped else gap)
            self.grouped = block.centred and bool(block.text.strip())
            return
        self.grouped = False
        if _is_data(block):
            self.data(block)
        else:
            self.layout(block)

    def line(self, paragraph: Paragraph, gap: str) -> None:
        if self.length:
            self.put(gap)
        self.put(paragraph.text, paragraph.element)

    def layout(self, table: Table) -> None:
        """The cells of a layout table: a letterhead's or signature's columns one after the other, else its rows."""
        frame = _is_frame(table)
        for line in _columns(table) if frame else table.rows:
            gap = "\n\n"
            for cell in line:
                for block in cell.blocks:
                    self.block(block, gap)
                    self.grouped = False
                    gap = "\n" if frame and plain((block,)).strip() else gap

    def data(self, table: Table) -> None:
        """A data table: titles across its whole width, its heading on one line, then a line for each row."""
        titles, heads, rest = _headings(table)
        for cell in titles:
            for block in cell.blocks:
                self.block(block)
        gap = "\n\n"
        for number, row in enumerate((*heads, *rest)):
            pieces = [list(_pieces(cell, heading=number == 0)) for cell in row]
            home = next((own[0][1].element for own in pieces if own), None)
            if home is not None:
                self.put(gap if self.length else "")
                self.put("|", home)
                self.row(row, pieces)
                gap = "\n"

    def row(self, row: Sequence[Cell], pieces: Sequence[Sequence[tuple[str, Paragraph]]]) -> None:
        """The cells of one row, a bar after each column."""
        for cell, own in zip(row, pieces, strict=True):
            self.put(" ")
            for joint, paragraph in own:
                self.put(joint)
                self.put(paragraph.text, paragraph.element)
            self.put(" |" * max(1, min(cell.columns, _WIDEST)))


def _pieces(cell: Cell, *, heading: bool) -> Iterator[tuple[str, Paragraph]]:
    """The lines of a cell as parts of one line, each with what joins it to the one before."""
    if cell.continues:
        return
    before = ""
    for paragraph in _paragraphs(cell.blocks):
        for line in paragraph.text.split("\n"):
            text = " ".join(line.split()).replace("|", "¦")
            if text:
                joint = "" if not before else " " if heading else _joint(before, text)
                yield joint, Paragraph(text, paragraph.element)
                before = text


def _joint(before: str, text: str) -> str:
    """What joins two lines of a cell: a blank where the second goes on or a mark stands already, else a semicolon."""
    if _CLOSED.search(before) or _GOES_ON.match(text):
        return " "
    return "; " if " " in before and " " in text else " "


def _paragraphs(blocks: Iterable[Flow]) -> Iterator[Paragraph]:
    """All paragraphs in order, those of tables inside as well."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row:
                    yield from _paragraphs(cell.blocks)


def _texts(block: Flow) -> Iterator[str]:
    return (paragraph.text for paragraph in _paragraphs((block,)))


def _columns(table: Table) -> list[list[Cell]]:
    """The cells of a table by the column that they begin in."""
    found: dict[int, list[Cell]] = {}
    for row in table.rows:
        at = 0
        for cell in row:
            found.setdefault(at, []).append(cell)
            at += cell.columns
    return [found[at] for at in sorted(found)]


def _is_frame(table: Table) -> bool:
    """Whether the table is a letterhead, or the recipients beside the signature."""
    if len(table.rows) > _TALLEST_LAYOUT or max(map(len, table.rows), default=0) > 4:
        return False
    texts = [plain(cell.blocks) for row in table.rows for cell in row]
    return any(_HEAD_MARK.search(text) or _SIGN_MARK.search(text) for text in texts)


def _is_data(table: Table) -> bool:
    """Whether the cells are data under headings rather than parts of the page laid side by side."""
    rows = [row for row in table.rows if any(plain(cell.blocks) for cell in row)]
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or width < 2 or _is_frame(table):
        return False
    first = plain(rows[0][0].blocks).strip()
    return table.ruled or width > 2 or _COUNT_HEAD.match(first) is not None


def _headings(table: Table) -> tuple[list[Cell], list[tuple[Cell, ...]], tuple[tuple[Cell, ...], ...]]:
    """The titles above the heading, the heading's rows, and the other rows.

    A heading of several rows becomes one row of the lowest labels, then the labels over them: "Cơ quan thực hiện" over
    "Chủ trì" and "Phối hợp" leaves the lower two in the heading.
    """
    rows = table.rows
    above = next((n for n, row in enumerate(rows) if len(row) > 1), 0)
    titles, rows = [cell for row in rows[:above] for cell in row], rows[above:]
    size = _heading_rows(rows, table.heads - above)
    if size < 2:
        return titles, [], rows
    lowest: dict[int, Cell] = {}
    over: dict[int, Cell] = {}
    for row in rows[:size]:
        at = 0
        for cell in row:
            if not cell.continues and plain(cell.blocks).strip():
                over |= {at: lowest[at]} if at in lowest else {}
                lowest[at] = cell
            at += cell.columns
    width = min(max(sum(cell.columns for cell in row) for row in rows[:size]), _WIDEST)
    lines = [tuple(part.get(at, Cell(()))._replace(columns=1) for at in range(width)) for part in (lowest, over)]
    return titles, lines, rows[size:]


def _heading_rows(rows: Sequence[tuple[Cell, ...]], marked: int) -> int:
    """How many rows make the heading: those marked to repeat, or those that its cells reach down to."""
    if not rows or all(cell.columns == 1 for cell in rows[0]):
        return 1
    size = 1
    while size < min(len(rows) - 1, 4) and any(cell.continues for cell in rows[size]):
        size += 1
    return max(size, min(marked, 4, len(rows) - 1))
