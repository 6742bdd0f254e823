"""Word documents (DOCX, DOCM): the text as Word prints it, automatic numbers included, revisions accepted.

lxml alone, without python-docx: that takes 1.6 to 1.9 times the time for paragraphs and cells alone, and knows neither automatic
numbers nor revisions, text boxes or notes, which are read here from the XML itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from thidua_kg.model import Furniture, Place
from thidua_kg.readers.columns import aligned
from thidua_kg.readers.docx_notes import Notes
from thidua_kg.readers.docx_numbering import Counts, Numbering
from thidua_kg.readers.docx_runs import Fields, Words
from thidua_kg.readers.docx_styles import Style, Styles
from thidua_kg.readers.docx_tables import covers, heading_rows, is_ruled, left_out, numbered, unprinted, widths
from thidua_kg.readers.docx_xml import ALTERNATE, CHOICE, FALLBACK, RELATION, VAL, toggle, w
from thidua_kg.readers.flow import Cell, Flow, Paragraph, Table, is_letterhead, plain, render
from thidua_kg.readers.ooxml import Package
from thidua_kg.readers.records import Extract

_CONTENTS = ("toc ", "table of figures", "toc heading")  # styles of a table of contents: it repeats the headings
_PAGE_NUMBER = re.compile(r"(?:[Tt]rang |Page )?[-–\s]*\d{1,4}[-–\s]*(?:/\s*\d{1,4})?")
_WRAPPERS = frozenset(map(w, ("customXml", "ins", "moveTo", "smartTag", "sdtContent")))
_GONE = frozenset(map(w, ("del", "moveFrom")))
_STYLE, _LIST, _ALIGNED, _RUN = map(w, ("pStyle", "numPr", "jc", "rPr"))


def read(name: str, data: bytes) -> Extract:
    """The text of a DOCX; `UnreadableSource` where it is damaged, has a password, or unpacks beyond all measure.

    Segments are paragraphs: "body/p[12]", "body/tbl[2]/tr[3]/tc[1]/p[1]", "footnotes/footnote[2]/p[1]".
    """
    package = Package(name, data)
    main = next(package.related("").of_type("officeDocument"), "word/document.xml")
    root = package.xml(main)
    body = root.find(w("body")) if root is not None else None
    if body is None:
        raise package.damaged("không có phần văn bản")
    return _Reading(package, main, body).extract()


class _Reading:
    """One document while it is read; used once."""

    def __init__(self, package: Package, main: str, body: etree._Element) -> None:
        self.package, self.body = package, body
        self.related = package.related(main)
        self.settings = self.part("settings")
        self.styles = Styles(self.part("styles"))
        self.numbering = Numbering(self.part("numbering"), self.styles)
        self.notes = Notes(self.part("footnotes"), self.part("endnotes"), self.part("comments"), self.settings)
        self.furniture: list[Furniture] = []
        self.warnings: list[str] = []

    def part(self, kind: str) -> etree._Element | None:
        """The XML of the document's only part of a type."""
        return next((self.package.xml(path) for path in self.related.of_type(kind)), None)

    def extract(self) -> Extract:
        """The text, and what is printed or kept beside it."""
        flow = list(self.story().blocks(self.body, "body"))
        above = list(self.headers())
        return render(
            [*above, *flow],
            notes=list(self.footnotes()),
            furniture=self.furniture,
            warnings=list(dict.fromkeys(self.warnings)),
        )

    def story(self) -> _Story:
        """A story with counts of its own."""
        return _Story(self)

    def footnotes(self) -> Iterator[Flow]:
        """The notes that the text refers to, each with its mark; a note may refer to none further."""
        for note in list(self.notes.cited):
            blocks = list(self.story().blocks(note.body, f"{note.part}/{note.part[:-1]}[{note.id}]"))
            first = blocks[0] if blocks else None
            if isinstance(first, Paragraph) and note.mark:
                blocks[0] = first._replace(text=f"{note.mark} {first.text}")
            yield from blocks

    def headers(self) -> Iterator[Flow]:
        """Keeps the page headers and footers that are in use apart; a letterhead printed in a page header is text."""
        story = self.story()  # page headers count in one story
        for kind, identifier in self.header_parts():
            path = self.related.target(identifier)
            root = self.package.xml(path) if path else None
            if root is None or path is None:
                continue
            element = path.rpartition("/")[2].removesuffix(".xml")
            blocks = list(story.blocks(root, element))
            text = plain(blocks).strip()
            if kind == "page_header" and is_letterhead(blocks):
                yield from blocks
            elif text:
                only = _PAGE_NUMBER.fullmatch(text) is not None
                self.furniture.append(
                    Furniture(
                        kind="page_number" if only else kind,  # type: ignore[arg-type]
                        text=text,
                        place=Place(element=element),
                    )
                )

    def header_parts(self) -> Iterable[tuple[str, str]]:
        """Kind and relation id of the headers and footers that some page prints, each once."""
        even = toggle(self.settings, "evenAndOddHeaders") is True
        found: dict[tuple[str, str], None] = {}
        for section in self.body.iter(w("sectPr")):
            used = {"default", "first"} if toggle(section, "titlePg") else {"default"}
            used |= {"even"} if even else set()
            for child in section:
                kind = {w("headerReference"): "page_header", w("footerReference"): "page_footer"}.get(child.tag)
                if kind and child.get(w("type"), "default") in used:
                    found[kind, child.get(RELATION, "")] = None
        return list(found)[:64]


class _Story:
    """A stretch of the document that counts for itself: the body, a text box, a note, a page header."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.counts = Counts(reading.numbering)
        self.fields = Fields()
        self.carried = ""  # words of a paragraph whose end was deleted or hidden: they go on in the next

    def blocks(self, parent: etree._Element, path: str) -> Iterator[Flow]:
        """The paragraphs and tables of a body, cell, box or note."""
        yield from self.children(parent, path)
        if self.carried:
            yield Paragraph(self.carried, path)
            self.carried = ""

    def children(self, parent: etree._Element, path: str) -> Iterator[Flow]:
        """The paragraphs and tables in `parent`, wrappers opened, each with its place."""
        seen: dict[str, int] = {}
        for child in parent:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            local = tag.rpartition("}")[2]
            seen[local] = seen.get(local, 0) + 1
            place = f"{path}/{local}[{seen[local]}]"
            if tag == w("p"):
                yield from self.paragraph(child, place)
            elif tag == w("tbl"):
                yield self.table(child, place)
            elif tag == w("sdt"):
                content = child.find(w("sdtContent"))
                if content is not None:
                    yield from self.children(content, f"{place}/sdtContent")
            elif tag in _WRAPPERS:
                yield from self.children(child, place)
            elif tag in _GONE:
                self.gone(child, place)
            elif tag == ALTERNATE:
                newer = child.find(CHOICE)
                chosen = newer if newer is not None else child.find(FALLBACK)
                if chosen is not None:
                    yield from self.children(chosen, place)
            elif tag == w("altChunk"):
                self.reading.warnings.append("tệp có phần nhúng từ tệp khác, phần đó chưa đọc được")

    def paragraph(self, raw: etree._Element, place: str) -> Iterator[Flow]:
        """A paragraph with its number, then the text boxes anchored in it; nothing where it is deleted."""
        properties = raw.find(w("pPr"))
        said = {child.tag: child for child in properties} if properties is not None else {}
        named = said[_STYLE].get(VAL) if _STYLE in said else None
        style = self.reading.styles.of(named or self.reading.styles.default)
        words = Words(self.reading.styles, self.reading.notes, self.fields, place)
        words.read(raw, style.look)
        self.reading.furniture += words.apart
        text, mark = words.text, said.get(_RUN)
        joined = mark is not None and _is_joined(mark)
        if joined and not text:
            return
        if style.name.startswith(_CONTENTS):
            self.furnish("navigation", text, place)
            return
        text = self.label(said.get(_LIST), style, mark) + self.carried + (" " if self.carried and text else "") + text
        self.carried = text if joined else ""
        if not joined:
            centred = style.centred is True if _ALIGNED not in said else said[_ALIGNED].get(VAL) == "center"
            yield Paragraph(text, place, centred)
        for box in words.boxes:
            yield from self.reading.story().blocks(box, f"{place}/box")

    def label(self, own: etree._Element | None, style: Style, mark: etree._Element | None) -> str:
        """The automatic number in front of a paragraph, counted now; it looks as the paragraph's mark does."""
        if own is None and not style.number:
            return ""
        listed = self.reading.numbering.place(own, style)
        label = self.counts.next(listed) if listed else None
        if label is None:
            return ""
        if label.unknown:
            self.reading.warnings.append(f"kiểu số tự động “{label.unknown}” chưa biết, đã ghi bằng chữ số")
        return label.text.upper() if self.reading.styles.look(mark, style.look).capitals else label.text

    def table(self, raw: etree._Element, place: str) -> Table:
        """A table with its rows; deleted ones are kept apart."""
        rows: list[tuple[Cell, ...]] = []
        kept: list[etree._Element] = []
        for at, row in numbered(raw, "tr"):
            where = f"{place}/tr[{at}]"
            if why := unprinted(row):
                self.gone(row, where, why)
                continue
            kept.append(row)
            rows.append(tuple(self.cells(row, where)))
        return Table(
            aligned(rows, widths(raw.find(w("tblGrid")))), is_ruled(raw, self.reading.styles), heading_rows(kept)
        )

    def cells(self, row: etree._Element, place: str) -> Iterator[Cell]:
        """The cells of a row, blank ones for the columns that it leaves out before its first."""
        if before := left_out(row):
            yield Cell((), before)
        for at, cell in numbered(row, "tc"):
            where, own = f"{place}/tc[{at}]", covers(cell)
            if own.deleted:
                self.gone(cell, where, "deleted")
            yield Cell(() if own.deleted else tuple(self.blocks(cell, where)), own.columns, own.continues)

    def gone(self, part: etree._Element, place: str, kind: str = "deleted") -> None:
        """Keeps a part apart that is not printed."""
        self.furnish(kind, " ".join(t.text or "" for t in part.iter(w("t"), w("delText"))), place)

    def furnish(self, kind: str, text: str, place: str) -> None:
        """Keeps words apart that are no part of the running text."""
        if text.strip():
            self.reading.furniture.append(Furniture(kind=kind, text=text, place=Place(element=place)))  # type: ignore[arg-type]


def _is_joined(mark: etree._Element) -> bool:
    """Whether a paragraph's end is deleted or hidden, so that the next paragraph goes on in its line."""
    return mark.find(w("del")) is not None or mark.find(w("moveFrom")) is not None or toggle(mark, "vanish") is True
