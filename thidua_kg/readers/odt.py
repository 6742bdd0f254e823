"""OpenDocument texts (ODT): what LibreOffice prints, automatic numbers included, revisions accepted.

ODF 1.2 part 1 (ISO/IEC 26300-1). Read by lxml alone, so that it needs no LibreOffice and writes no file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from thidua_kg.errors import UnreadableSource
from thidua_kg.model import Furniture, Place
from thidua_kg.readers.columns import aligned
from thidua_kg.readers.flow import Cell, Flow, Paragraph, Table, is_letterhead, plain, render
from thidua_kg.readers.odt_lists import Lists
from thidua_kg.readers.odt_styles import Look, Styles, q
from thidua_kg.readers.ooxml import Package
from thidua_kg.readers.records import Extract

_WIDEST, _ROWS = 63, 20_000  # columns of a table; rows that one row may be repeated for
_DEPTH = 60  # elements in elements that are followed
_SPACE = re.compile(r"[ \t\r\n]+")
_PAGE_NUMBER = re.compile(r"(?:[Tt]rang |Page )?[-–\s]*\d{0,4}[-–\s]*(?:/\s*\d{0,4})?")
_OPENED = frozenset(map(q, ("text:section", "text:index-title", "text:numbered-paragraph", "office:text")))
_CONTENTS = frozenset(map(q, (
    "text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index", "text:user-index",
    "text:alphabetical-index", "text:bibliography",
)))  # fmt: skip
_NOT_PRINTED = frozenset(map(q, (
    "text:tracked-changes", "text:sequence-decls", "text:variable-decls", "text:user-field-decls", "text:hidden-text",
    "text:hidden-paragraph", "text:script", "office:forms", "text:ruby-text", "text:note-citation",
)))  # fmt: skip
_BOXES = frozenset(map(q, ("draw:text-box", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:polygon")))
_FRAMES = frozenset(map(q, ("draw:frame", "draw:g", "draw:a")))
_HEADERS = {
    "header": "page_header", "header-first": "page_header", "header-left": "page_header",
    "footer": "page_footer", "footer-first": "page_footer", "footer-left": "page_footer",
}  # fmt: skip


def read(name: str, data: bytes) -> Extract:
    """The text of an ODT; `UnreadableSource` where it is damaged, has a password, or is no text.

    Segments are paragraphs: "body/p[12]", "body/table[2]/row[3]/cell[1]/p[1]", "notes/note[2]/p[1]".
    """
    package = Package(name, data, "OpenDocument")
    manifest = package.xml("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter(q("manifest:encryption-data")), None) is not None:
        raise UnreadableSource(name, "tệp có mật khẩu", "hãy mở tệp, bỏ mật khẩu rồi lưu lại")
    content, styles = package.xml("content.xml"), package.xml("styles.xml")
    body = content.find(f"{q('office:body')}/{q('office:text')}") if content is not None else None
    if content is None:
        raise package.damaged("không có phần văn bản")
    if body is None:
        raise UnreadableSource(
            name, "là tệp OpenDocument nhưng không phải văn bản", "hãy lưu thành .odt, .docx hoặc .pdf"
        )
    return _Reading(Styles(styles, content)).extract(body, styles)


class _Reading:
    """One document while it is read; used once."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.furniture: list[Furniture] = []
        self.notes: list[Flow] = []
        self.cited = 0

    def extract(self, body: etree._Element, styles: etree._Element | None) -> Extract:
        """The text, notes at its end, and what is printed or kept beside it."""
        flow = list(_Story(self).blocks(body, "body"))
        above = list(self.headers(styles)) if styles is not None else []
        for region in body.iter(q("text:deletion")):
            words = " ".join(_SPACE.sub(" ", "".join(p.itertext())) for p in region.iter(q("text:p"), q("text:h")))
            self.furnish("deleted", words, "body")
        return render([*above, *flow], notes=self.notes, furniture=self.furniture)

    def headers(self, styles: etree._Element) -> Iterator[Flow]:
        """Keeps page headers and footers apart; a letterhead printed in a page header is text."""
        for local, kind in _HEADERS.items():
            for element in styles.iter(q(f"style:{local}")):
                blocks = list(_Story(self).blocks(element, local))
                text = plain(blocks).strip()
                if kind == "page_header" and is_letterhead(blocks):
                    yield from blocks
                else:
                    self.furnish("page_number" if _PAGE_NUMBER.fullmatch(text) else kind, text, local)

    def furnish(self, kind: str, text: str, place: str) -> None:
        """Keeps words apart that are no part of the running text."""
        if text.strip():
            self.furniture.append(Furniture(kind=kind, text=text.strip(), place=Place(element=place)))  # type: ignore[arg-type]


class _Story:
    """A stretch of the document whose lists count for themselves: the body, a note, a page header, a text box."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.lists = Lists(reading.styles)
        self.boxes: list[etree._Element] = []
        self.depth = 0

    def blocks(self, parent: etree._Element, path: str) -> Iterator[Flow]:
        """The paragraphs and tables in an element, in order."""
        if self.depth > _DEPTH:
            return
        self.depth += 1
        seen: Counter[str] = Counter()
        for child in parent:
            if not isinstance(child.tag, str) or child.tag in _NOT_PRINTED:
                continue
            local = child.tag.rpartition("}")[2]
            seen[local] += 1
            yield from self.block(child, f"{path}/{local}[{seen[local]}]")
        self.depth -= 1

    def block(self, child: etree._Element, place: str) -> Iterator[Flow]:
        """What one element prints."""
        if child.tag in (q("text:p"), q("text:h")):
            yield from self.paragraph(child, place)
        elif child.tag == q("text:list"):
            self.lists.enter(child)
            yield from self.items(child, place)
            self.lists.leave()
        elif child.tag == q("table:table"):
            yield self.table(child, place)
        elif child.tag in _CONTENTS:
            self.reading.furnish("navigation", _SPACE.sub(" ", " ".join(child.itertext())), place)
        elif child.tag in _OPENED:
            if child.get(q("text:display")) == "none":
                self.reading.furnish("hidden", _SPACE.sub(" ", " ".join(child.itertext())), place)
            else:
                yield from self.blocks(child, place)
        elif child.tag in _FRAMES or child.tag in _BOXES:
            self.boxes.append(child)
            yield from self.anchored(place)

    def items(self, parent: etree._Element, place: str) -> Iterator[Flow]:
        """The items of a list, each counted; a list header has no number."""
        items = (child for child in parent if child.tag in (q("text:list-item"), q("text:list-header")))
        for number, item in enumerate(items, start=1):
            if item.tag == q("text:list-item"):
                self.lists.item(item)
            yield from self.blocks(item, f"{place}/item[{number}]")

    def paragraph(self, raw: etree._Element, place: str) -> Iterator[Flow]:
        """A paragraph with its number, then the text boxes anchored in it."""
        style = raw.get(q("text:style-name"))
        look = self.reading.styles.look("paragraph", style)
        number = self.lists.number(raw)
        outer, self.boxes = self.boxes, []
        text = "".join(self.words(raw, look, place)).strip(" ")
        if look.hidden:
            self.reading.furnish("hidden", text, place)
        else:
            yield Paragraph((number + text).rstrip(" "), place, look.centred is True)
        yield from self.anchored(place)
        self.boxes = outer

    def anchored(self, place: str) -> Iterator[Flow]:
        """What the text boxes print that were met since."""
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            for inner in box.iter(*_BOXES):
                yield from _Story(self.reading).blocks(inner, f"{place}/box")

    def words(self, parent: etree._Element, look: Look, place: str, depth: int = 0) -> Iterator[str]:
        """The characters that an element prints, white space folded; notes, comments and boxes are put aside."""
        yield _shown(parent.text, look)
        for child in parent:
            if isinstance(child.tag, str) and child.tag not in _NOT_PRINTED and depth < _DEPTH:
                yield from self.inline(child, look, place, depth + 1)
            yield _shown(child.tail, look)

    def inline(self, child: etree._Element, look: Look, place: str, depth: int) -> Iterator[str]:
        local = child.tag.rpartition("}")[2]
        if child.tag == q("text:s"):
            yield " " * min(_count(child, "text:c"), 200)
        elif child.tag in (q("text:tab"), q("text:line-break")):
            yield "\t" if local == "tab" else "\n"
        elif child.tag == q("text:note"):
            yield self.note(child)
        elif child.tag == q("office:annotation"):
            paragraphs = (_SPACE.sub(" ", "".join(p.itertext())) for p in child.iter(q("text:p")))
            self.reading.furnish("comment", " ".join(paragraphs), place)
        elif child.tag in _FRAMES or child.tag in _BOXES:
            self.boxes.append(child)
        elif child.tag == q("text:span"):
            own = self.reading.styles.look("text", child.get(q("text:style-name")))
            capitals = own.capitals if own.capitals is not None else look.capitals
            words = list(self.words(child, look._replace(capitals=capitals), place, depth))
            if own.hidden:
                self.reading.furnish("hidden", "".join(words), place)
            else:
                yield from words
        else:
            yield from self.words(child, look, place, depth)

    def note(self, note: etree._Element) -> str:
        """Keeps a note for the end of the text; its mark."""
        self.reading.cited += 1
        mark = f"[{self.reading.cited}]"
        body = note.find(q("text:note-body"))
        found = list(_Story(self.reading).blocks(body, f"notes/note[{self.reading.cited}]")) if body is not None else []
        first = found[0] if found else None
        if isinstance(first, Paragraph):
            found[0] = first._replace(text=f"{mark} {first.text}")
        self.reading.notes += found
        return mark

    # --- tables

    def table(self, raw: etree._Element, place: str) -> Table:
        """A table with its rows; cells that merged ones cover say so."""
        rows: list[tuple[Cell, ...]] = []
        heads = 0
        drawn: list[bool] = []
        columns = [
            self.reading.styles.width(column.get(q("table:style-name")))
            for column in raw.iter(q("table:table-column"))
            for _ in range(min(_count(column, "table:number-columns-repeated"), _WIDEST))
        ]
        for number, (row, is_head) in enumerate(_rows(raw), start=1):
            cells = _within(list(self.cells(row, f"{place}/row[{number}]", drawn)), len(columns))
            filled = any(plain(cell.blocks) for cell in cells)
            rows += [tuple(cells)] * (min(_count(row, "table:number-rows-repeated"), _ROWS) if filled else 1)
            heads += is_head
        widths = [width for width in columns if width is not None]
        return Table(aligned(rows, widths if len(widths) == len(columns) else None), 2 * sum(drawn) > len(drawn), heads)

    def cells(self, row: etree._Element, place: str, drawn: list[bool]) -> Iterator[Cell]:
        """The cells of a row; of those that a cell covers only the ones from above are printed, as blanks."""
        covered = 0  # by the cell at the left
        cells = [child for child in row if child.tag in (q("table:table-cell"), q("table:covered-table-cell"))]
        for number, cell in enumerate(cells, start=1):
            repeated = min(_count(cell, "table:number-columns-repeated"), _WIDEST)
            if cell.tag == q("table:covered-table-cell"):
                left, covered = max(repeated - covered, 0), max(covered - repeated, 0)
                yield from [Cell((), continues=True)] * left
                continue
            wide = min(_count(cell, "table:number-columns-spanned"), _WIDEST)
            covered = wide - 1
            ruled = self.reading.styles.look("table-cell", cell.get(q("table:style-name"))).ruled
            drawn.append(ruled is True)
            blocks = tuple(self.blocks(cell, f"{place}/cell[{number}]"))
            yield from [Cell(blocks, wide)] * (repeated if plain(blocks) else 1)


def _within(cells: list[Cell], columns: int) -> list[Cell]:
    """The cells of a row without blank ones beyond the table's columns, as LibreOffice makes them of a ragged edge."""
    while columns and sum(cell.columns for cell in cells) > columns and not plain(cells[-1].blocks).strip():
        cells.pop()
    return cells


def _rows(table: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """The rows of a table, whether each repeats on every page; those of groups as well."""
    groups = (q("table:table-rows"), q("table:table-row-group"), q("table:table-header-rows"))
    for child in table:
        if child.tag == q("table:table-row"):
            yield child, False
        elif child.tag in groups:
            yield from ((row, child.tag == groups[2] or inner) for row, inner in _rows(child))


def _count(element: etree._Element, name: str) -> int:
    """How often or how wide, at least once."""
    said = element.get(q(name), "")
    return max(int(said), 1) if said.isascii() and said.isdigit() and len(said) < 9 else 1


def _shown(text: str | None, look: Look) -> str:
    folded = _SPACE.sub(" ", text or "")
    return folded.upper() if look.capitals else folded
