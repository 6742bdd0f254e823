"""HTML to text as a browser shows it: pages saved by Word, and portals' pages without what lies around the document.

White space folds, `<br>` is a line end, lists print their numbers, merged cells keep their place in the grid; a table that
only arranges the page becomes lines in reading order (`flow`). Each block of text knows its element by an XPath.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from thidua_kg.model import Furniture, Place
from thidua_kg.readers.encodings import repair_of
from thidua_kg.readers.flow import Cell, Flow, Paragraph, Table, plain, render
from thidua_kg.readers.html_main import BLOCKS, UNSEEN, navigation
from thidua_kg.readers.html_page import Page, page_of
from thidua_kg.readers.html_styles import Legacy, Style, Styles, converted
from thidua_kg.readers.numerals import OF_FIRST, numeral
from thidua_kg.readers.records import Extract
from thidua_kg.readers.symbol_fonts import bullet, symbol

_SPACE = re.compile(r"[ \t\r\n\f]+")
_DEPTH = 120  # elements in elements; what lies deeper is taken as one run of text
_WIDEST = 63  # columns of a table
_TALL = 3000  # characters of a cell that is a page's column rather than a table's cell
_TAB = "    "
_NUMBERED = re.compile(r"\s*(?:[-–+•*]\s|\(?(?:\d{1,3}|[a-zđ]|[IVX]{1,5})[.)/]\s|Điều \d)")
_STYLES = {
    **OF_FIRST, "decimal": "decimal",
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman", "upper-roman": "upperRoman", "decimal-leading-zero": "decimalZero",
}  # fmt: skip
_PARTS = {"table": ("tr", "thead", "tbody", "tfoot", "colgroup")} | dict.fromkeys(("thead", "tbody", "tfoot"), ("tr",))
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)")


def read(name: str, data: bytes, charset: str = "") -> Extract:
    """The text of a page, a segment for each paragraph and cell; what is no part of the document is furniture.

    `charset` is the character set that what the page came in says of it.
    """
    page = page_of(name, data, charset)
    made = _Walk(page)
    flow = made.flow()
    extract = render(flow, furniture=made.furniture, warnings=made.warnings)
    return Extract(
        text=extract.text,
        segments=extract.segments,
        furniture=extract.furniture,
        encoding=page.encoding,
        warnings=extract.warnings,
    )


class _Look(NamedTuple):
    """How text is shown where the walk stands."""

    element: str
    kind: Legacy = "unicode"
    kept: bool = False  # white space as it stands, as in <pre>
    centred: bool = False
    depth: int = 0
    bullets: int = 0  # bulleted lists around it


class _Line:
    """A paragraph while it is gathered."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.look: _Look | None = None
        self.prefix = ""
        self.ends_open = False  # whether a blank would fold into what stands last

    def put(self, text: str, look: _Look) -> None:
        """Adds text, its white space folded unless it is kept."""
        if not look.kept:
            text = _SPACE.sub(" ", text)
            if not self.ends_open:
                text = text.removeprefix(" ")
        if text:
            self.look = self.look or look
            self.parts.append(text)
            self.ends_open = text[-1] not in " \n"

    def taken(self) -> Paragraph | None:
        """The paragraph, None where nothing is printed; the line begins anew."""
        text = "".join(self.parts).replace("\u00a0", " ")
        lines = [line.strip() for line in text.split("\n")]
        body = "\n".join(lines).strip("\n")
        look, self.look, self.parts, self.ends_open = self.look, None, [], False
        if look is None or not body:
            return None
        prefix, self.prefix = ("" if _NUMBERED.match(body) else self.prefix), ""
        return Paragraph(prefix + body, look.element, look.centred)


class _Walk:
    """The walk over one page; used once."""

    def __init__(self, page: Page) -> None:
        self.styles = Styles(page.root)
        self.furniture: list[Furniture] = []
        self.warnings = list(page.warnings)
        body = page.root.find("body")
        self.body = body if body is not None else page.root
        self.path = "/html/body" if body is not None else f"/{page.root.tag}"
        self.skipped = frozenset(() if _is_words(page.root) else navigation(self.body))

    def flow(self) -> list[Flow]:
        """The page's paragraphs and tables."""
        look = self.looked(self.body, self.styles.of(self.body), _Look(self.path))
        out = list(self.blocks(self.body, self.path, look))
        repair = repair_of(plain(out))
        if repair is None:
            return out
        self.warnings.append(repair.warning)
        return [_mended(block, repair.mend) for block in out]

    def blocks(self, element: etree._Element, path: str, look: _Look) -> Iterator[Flow]:
        """The paragraphs and tables in an element, in order."""
        line = _Line()
        yield from self.inside(element, path, look._replace(element=path), line)
        yield from _some(line.taken())

    def inside(self, element: etree._Element, path: str, look: _Look, line: _Line) -> Iterator[Flow]:
        """What an element holds: its own text goes into `line`, each block in it ends the line."""
        if look.depth > _DEPTH:
            line.put(self.shown(" ".join(_words(element)), look.kind, line), look)
            return
        if element.text:
            line.put(self.shown(element.text, look.kind, line), look)
        counts: Counter[str] = Counter()
        for child in element:
            if isinstance(child.tag, str):
                counts[child.tag] += 1
                yield from self.child(child, f"{path}/{child.tag}[{counts[child.tag]}]", look, line)
            if child.tail:
                line.put(self.shown(child.tail, look.kind, line), look)

    def child(self, child: etree._Element, path: str, look: _Look, line: _Line) -> Iterator[Flow]:
        """One child element, by what its tag and style mean."""
        tag, style = child.tag, self.styles.of(child)
        if tag in UNSEEN or self.is_apart(child, style, path):
            return
        if tag in BLOCKS:
            yield from _some(line.taken())
            yield from self.block(child, style, path, self.looked(child, style, look._replace(element=path)), line)
            yield from _some(line.taken())
        elif tag == "br":
            line.put("\n", look._replace(kept=True))
        elif style.label:
            line.put(self.label(child) + " ", look)
        elif style.tab:
            line.put(_TAB, look._replace(kept=True))
        elif style.gap and not "".join(child.itertext()).strip("\u00a0 \n\r\t"):
            line.put(" ", look)
        elif len(child) == 0 and tag != "q" and not style.kept:  # a run of text, as most elements are
            if child.text:
                line.put(self.shown(child.text, style.kind or look.kind, line), look)
        else:
            inner = self.looked(child, style, look)
            own = inner._replace(element=path if _holds_blocks(child) else look.element, centred=look.centred)
            line.put("“" if tag == "q" else "", look)
            yield from self.inside(child, path, own, line)
            line.put("”" if tag == "q" else "", look)

    def block(self, child: etree._Element, style: Style, path: str, look: _Look, line: _Line) -> Iterator[Flow]:
        if child.tag == "table":
            yield from self.table(child, style, path, look)
        elif child.tag in ("ol", "ul", "dir", "menu"):
            yield from self.listed(child, path, look, line)
        else:
            yield from self.inside(child, path, look, line)

    def looked(self, child: etree._Element, style: Style, look: _Look) -> _Look:
        """How text in a child is shown."""
        centred = style.centred
        if centred is None:
            centred = child.tag == "center" or (look.centred and child.tag in BLOCKS)
        return look._replace(
            kind=style.kind or look.kind, kept=look.kept or style.kept, centred=centred, depth=look.depth + 1
        )

    def shown(self, text: str, kind: Legacy, line: _Line) -> str:
        """Text as its font shows it."""
        if kind == "unicode":
            return text
        if kind != "symbol":
            return converted(text, kind)
        if not line.parts and len(text.strip()) == 1:
            return bullet(text.strip(), "Wingdings")
        return "".join(c if c.isspace() else symbol(ord(c), None) for c in text)

    def label(self, child: etree._Element) -> str:
        """The number or bullet that Word printed before a list's paragraph."""
        text = " ".join("".join(child.itertext()).replace("\u00a0", " ").split())
        parts = (child, *child.iterdescendants(), *child.iterancestors("span"))
        styles = [self.styles.of(part) for part in parts if isinstance(part.tag, str)]
        return bullet(text, next((s.font for s in styles if s.kind == "symbol" or s.font == "courier new"), None))

    def listed(self, child: etree._Element, path: str, look: _Look, line: _Line) -> Iterator[Flow]:
        """The items of a list, their numbers printed; bullets as offices write them, "-" and in it "+"."""
        said = _LIST_STYLE.search((child.get("style") or "").lower())
        own = said[1] if said else child.get("type") or ("1" if child.tag == "ol" else "")
        step = -1 if child.get("reversed") is not None else 1
        count = _integer(child.get("start"), len(child.findall("li")) if step < 0 else 1)
        inner = look._replace(bullets=look.bullets + (child.tag != "ol"))
        counts: Counter[str] = Counter()
        line.put(self.shown(child.text or "", look.kind, line), look)
        for item in child:
            if not isinstance(item.tag, str):
                continue
            counts[item.tag] += 1
            if item.tag == "li":
                count = _integer(item.get("value"), count)
                written = numeral(count, _STYLES.get(item.get("type") or own, "bullet"))
                line.prefix = f"{written}. " if written else "" if own == "none" else "+ " if look.bullets else "- "
                count += step
            yield from self.child(item, f"{path}/{item.tag}[{counts[item.tag]}]", inner, line)
            line.prefix = ""
            line.put(self.shown(item.tail or "", look.kind, line), look)

    def table(self, child: etree._Element, style: Style, path: str, look: _Look) -> Iterator[Flow]:
        """A table, or, where it only lays out a page, what its cells hold."""
        rows = list(_rows(child, path))
        cells = [cell for _, row in rows for cell, _ in row]
        line = _Line()
        yield from self.strays(child, path, look, line)
        yield from _some(line.taken())
        if any(map(_is_column, cells)):
            for _, row in rows:
                for cell, place in row:
                    yield from self.cell(cell, place, look)
            return
        made = tuple(_grid([[(cell, tuple(self.cell(cell, place, look))) for cell, place in row] for _, row in rows]))
        heads = sum(1 for part, row in rows if part == "thead" or (row and all(cell.tag == "th" for cell, _ in row)))
        yield Table(made, heads > 0 or self.is_ruled(child, style, cells), heads)

    def strays(self, part: etree._Element, path: str, look: _Look, line: _Line) -> Iterator[Flow]:
        """What a table holds outside its cells, its caption above all: a browser shows it before the table."""
        line.put(self.shown(part.text or "", look.kind, line), look)
        counts: Counter[str] = Counter()
        for child in part:
            if isinstance(child.tag, str):
                counts[child.tag] += 1
                place = f"{path}/{child.tag}[{counts[child.tag]}]"
                if child.tag in _PARTS.get(part.tag, ()):
                    yield from self.strays(child, place, look, line)
                elif part.tag != "tr" or child.tag not in ("td", "th"):
                    yield from self.child(child, place, look, line)
            line.put(self.shown(child.tail or "", look.kind, line), look)

    def cell(self, cell: etree._Element, path: str, look: _Look) -> Iterator[Flow]:
        style = self.styles.of(cell)
        if not self.is_apart(cell, style, path):
            yield from self.blocks(cell, path, self.looked(cell, style, look))

    def is_ruled(self, table: etree._Element, style: Style, cells: list[etree._Element]) -> bool:
        """Whether lines are drawn between the cells."""
        drawn = sum(self.styles.of(cell).ruled for cell in cells)
        if drawn:
            return drawn * 2 >= len(cells)
        return (table.get("border") or "0").strip() not in ("0", "") and not style.unruled

    def is_apart(self, child: etree._Element, style: Style, path: str) -> bool:
        """Whether an element is no running text: navigation, deleted, a comment, hidden; its words are kept as furniture."""
        kind = "navigation" if child in self.skipped else "deleted" if child.tag == "del" else style.apart
        return bool(kind) and self.furnish(kind, child, path)

    def furnish(self, kind: str, child: etree._Element, path: str) -> bool:
        """Keeps the words of an element as furniture; always true."""
        words = " ".join(" ".join(_words(child)).split())
        if words:
            self.furniture.append(Furniture(kind=kind, text=words, place=Place(element=path)))  # type: ignore[arg-type]
        return True


def _is_words(root: etree._Element) -> bool:
    """Whether a word processor saved the page: all of it is the document."""
    return any(
        (meta.get("name") or "").lower() in ("generator", "progid")
        and re.search(r"word|libreoffice|openoffice", meta.get("content") or "", re.IGNORECASE)
        for meta in root.iter("meta")
    )


def _words(element: etree._Element) -> Iterator[str]:
    """The words of an element that a reader sees, scripts and styles left out."""
    if element.tag in UNSEEN:
        return
    for part in element.iter():
        if part.tag not in UNSEEN and isinstance(part.tag, str):
            yield part.text or ""
        if part is not element:
            yield part.tail or ""


def _some(paragraph: Paragraph | None) -> Iterable[Paragraph]:
    return () if paragraph is None else (paragraph,)


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None and len(text) < 6 else default
    except ValueError:
        return default


_Cells = list[tuple[etree._Element, str]]


def _rows(table: etree._Element, path: str) -> Iterator[tuple[str, _Cells]]:
    """The rows of a table: the part that each stands in ("thead"), its cells with their paths; tables inside left alone."""
    counts: Counter[str] = Counter()
    for part in table:
        if not isinstance(part.tag, str):
            continue
        counts[part.tag] += 1
        place = f"{path}/{part.tag}[{counts[part.tag]}]"
        if part.tag == "tr":
            yield "", _cells(part, place)
        elif part.tag in ("thead", "tbody", "tfoot"):
            for number, row in enumerate(part.findall("tr"), start=1):
                yield part.tag, _cells(row, f"{place}/tr[{number}]")


def _cells(row: etree._Element, path: str) -> _Cells:
    counts: Counter[str] = Counter()
    found = []
    for cell in row:
        if cell.tag in ("td", "th"):
            counts[cell.tag] += 1
            found.append((cell, f"{path}/{cell.tag}[{counts[cell.tag]}]"))
    return found


def _is_column(cell: etree._Element) -> bool:
    """Whether a cell is a column of a page: it holds a table with words, or more text than a cell does."""
    if any("".join(inner.itertext()).strip() for inner in cell.iter("table")):
        return True
    return sum(len(text) for text in cell.itertext()) > _TALL


def _grid(rows: list[list[tuple[etree._Element, tuple[Flow, ...]]]]) -> Iterator[tuple[Cell, ...]]:
    """The rows with every place filled: where a cell from above goes on, a cell that says so."""
    above: dict[int, tuple[int, int]] = {}  # by column: rows that a cell still goes on for, columns that it covers
    for number, row in enumerate(rows):
        made: list[Cell] = []
        below: dict[int, tuple[int, int]] = {}
        at = 0
        for cell, blocks in [*row, (None, ())]:
            while at in above or (cell is None and any(column > at for column in above)):
                at = min(column for column in above if column >= at)
                left, width = above.pop(at)
                made.append(Cell((), width, continues=True))
                below |= {at: (left - 1, width)} if left > 1 else {}
                at += width
            if cell is not None:
                width, tall = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", len(rows) - number)
                made.append(Cell(blocks, width))
                below |= {at: (tall - 1, width)} if tall > 1 else {}
                at += width
        above = below
        yield tuple(made)


def _span(cell: etree._Element, name: str, most: int) -> int:
    """How many rows or columns a cell covers; 0 is all that are left."""
    return min(max(_integer(cell.get(name), 1), 0) or most, most)


def _holds_blocks(element: etree._Element) -> bool:
    return any(inner.tag in BLOCKS for inner in element.iterdescendants())


def _mended(block: Flow, mend: Callable[[str], str]) -> Flow:
    """A paragraph or table with the characters that it was meant to have."""
    if isinstance(block, Paragraph):
        return block._replace(text=mend(block.text))
    rows = tuple(tuple(c._replace(blocks=tuple(_mended(b, mend) for b in c.blocks)) for c in row) for row in block.rows)
    return block._replace(rows=rows)
