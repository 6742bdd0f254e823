"""The printed words of one DOCX paragraph: runs, fields' results, insertions; deletions, hidden text and comments apart.

ISO/IEC 29500-1, 17.3 (runs), 17.13.5 (revisions: the accepted view is what the next print shows), 17.16 (fields).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from lxml import etree

from thidua_kg.model import Furniture, Place
from thidua_kg.readers.docx_notes import Notes
from thidua_kg.readers.docx_styles import Look, Styles
from thidua_kg.readers.docx_xml import ALTERNATE, ART_TEXT, CHOICE, FALLBACK, MATH, MATH_TEXT, number, w
from thidua_kg.readers.html_styles import converted, set_of
from thidua_kg.readers.symbol_fonts import PRIVATE, symbol

# What prints as another character: no-break hyphens and blanks, and marks without a width.
_PRINTED = {0x2011: "-", 0xA0: " ", 0x202F: " ", 0xAD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0xFEFF: None,
            0x2028: "\n", 0x0B: "\n"}  # fmt: skip
_PRINTED |= PRIVATE
_INSIDE = frozenset(
    map(
        w,
        (
            "hyperlink",
            "ins",
            "moveTo",
            "smartTag",
            "customXml",
            "sdt",
            "sdtContent",
            "fldSimple",
            "dir",
            "bdo",
            "rubyBase",
        ),
    )
)
_GONE = frozenset(map(w, ("del", "moveFrom")))
_UNICODE = Look()
_OLD_FONTS = (".vn", "vni")
_RUN, _TEXT, _PROPERTIES = w("r"), w("t"), w("rPr")
_SOFT = w("softHyphen")  # without a width, but "ư" in a TCVN3 font, whose code is the soft hyphen's
_BREAKS = {w("tab"): "\t", w("ptab"): "\t", w("cr"): "\n", w("noBreakHyphen"): "-"}


class Fields:
    """The fields that are open, from the first to the innermost; they may run over several paragraphs."""

    def __init__(self) -> None:
        self._open: list[bool] = []  # for each: whether its code, not its result, is being read

    def mark(self, kind: str | None) -> None:
        """Takes note of a `w:fldChar`."""
        if kind == "begin":
            self._open.append(True)
        elif kind == "separate" and self._open:
            self._open[-1] = False
        elif kind == "end" and self._open:
            self._open.pop()

    def printed(self) -> bool:
        """Whether what stands here is printed: no open field is still at its code."""
        return not any(self._open)


class Words:
    """The printed words of one paragraph, read once: `text`, and the text `boxes` anchored in it.

    `apart` is what was kept out of the text.
    """

    def __init__(self, styles: Styles, notes: Notes, fields: Fields, element: str) -> None:
        self._styles, self._notes, self._fields, self._element = styles, notes, fields, element
        self._parts: list[tuple[str, Look]] = []
        self._look = Look()
        self.boxes: list[etree._Element] = []
        self.apart: list[Furniture] = []

    @property
    def text(self) -> str:
        """The words, runs of tabs as one, none at the ends."""
        text = _joined(self._parts)
        if "\t" in text:
            text = "\n".join("\t".join(filter(None, map(_blanks, line.split("\t")))) for line in text.split("\n"))
        return text.strip(" \t\n\r")

    def read(self, paragraph: etree._Element, look: Look) -> None:
        """Reads the runs of a paragraph whose style gives `look`."""
        self._look = look
        self._inside(paragraph)

    def _inside(self, parent: etree._Element) -> None:
        """Reads what a paragraph or a wrapper in it holds."""
        for child in parent:
            tag = child.tag
            if tag == _RUN:
                self._run(child)
            elif tag == ALTERNATE:
                self._alternate(child)
            elif tag in _INSIDE:
                self._inside(child)
            elif tag in _GONE:
                self._keep_apart("deleted", "".join(_deleted(child)))
            elif isinstance(tag, str) and tag.startswith(MATH):
                self._add("".join(part.text or "" for part in child.iter(MATH_TEXT)))

    def _run(self, run: etree._Element) -> None:
        look = self._look
        before = len(self._parts)
        for child in run:
            tag = child.tag
            if tag == _TEXT:
                self._add(_one_line(child.text or ""), look)
            elif tag == _PROPERTIES:
                look = self._styles.look(child, look)
            elif tag == _SOFT:
                self._add("\xad", look)
            elif (mark := _BREAKS.get(tag)) is not None:
                self._add(mark)
            elif own := _IN_RUN.get(tag):
                own(self, child)
        if look.hidden:
            hidden = _joined(self._parts[before:])
            del self._parts[before:]
            self._keep_apart("hidden", hidden)

    def _add(self, text: str, look: Look = _UNICODE) -> None:
        if text and self._fields.printed():
            self._parts.append((text, look))

    def _keep_apart(self, kind: str, text: str) -> None:
        if text.strip():
            self.apart.append(Furniture(kind=kind, text=text, place=Place(element=self._element)))  # type: ignore[arg-type]

    def _break(self, mark: etree._Element) -> None:
        self._add("\n" if mark.get(w("type")) in (None, "textWrapping") else " ")

    def _symbol(self, mark: etree._Element) -> None:
        try:
            code = int(mark.get(w("char"), ""), 16)
        except ValueError:
            return
        self._add(symbol(code, mark.get(w("font"))))

    def _field(self, mark: etree._Element) -> None:
        self._fields.mark(mark.get(w("fldCharType")))

    def _note(self, mark: etree._Element) -> None:
        if self._fields.printed():
            self._add(self._notes.mark(mark))

    def _comment(self, mark: etree._Element) -> None:
        self._keep_apart("comment", self._notes.comment(number(mark.get(w("id")))))

    def _drawn(self, drawing: etree._Element) -> None:
        """Keeps the text boxes of a drawing for after the paragraph; letters drawn as art are words of it."""
        if not self._fields.printed():
            return
        self.boxes += outermost_boxes(drawing)
        for art in drawing.iter(ART_TEXT):
            self._add(f"\n{art.get('string', '')}\n")

    def _alternate(self, both: etree._Element) -> None:
        """Reads one of two forms of the same thing: the newer where it holds words, else the older."""
        newer, older = both.find(CHOICE), both.find(FALLBACK)
        chosen = newer if newer is not None and (older is None or _has_words(newer)) else older
        if chosen is None:
            return
        for child in chosen:
            if child.tag == _RUN:
                self._run(child)
            elif own := _IN_RUN.get(child.tag):
                own(self, child)


_IN_RUN: dict[str, Callable[[Words, etree._Element], None]] = {
    w("br"): Words._break,
    w("sym"): Words._symbol,
    w("fldChar"): Words._field,
    w("footnoteReference"): Words._note,
    w("endnoteReference"): Words._note,
    w("commentReference"): Words._comment,
    w("drawing"): Words._drawn,
    w("pict"): Words._drawn,
    w("object"): Words._drawn,
    w("ruby"): Words._inside,
    ALTERNATE: Words._alternate,
}


def outermost_boxes(drawing: etree._Element) -> Iterator[etree._Element]:
    """The text boxes of a drawing, each once: of two forms of one box the newer, and none that lies in another."""
    waiting = [drawing]
    while waiting:
        at = waiting.pop()
        if at.tag == w("txbxContent"):
            yield at
            continue
        children = list(at)
        if at.tag == ALTERNATE:
            chosen = at.find(CHOICE)
            chosen = chosen if chosen is not None and _has_words(chosen) else at.find(FALLBACK)
            children = [chosen] if chosen is not None else []
        waiting += reversed(children)


def _has_words(part: etree._Element) -> bool:
    return next(part.iter(w("t"), w("sym"), ART_TEXT), None) is not None


def _deleted(part: etree._Element) -> Iterator[str]:
    """The words of a deletion."""
    for child in part.iter(w("delText"), w("t"), w("tab"), w("br")):
        yield (child.text or "") if child.tag in (w("delText"), w("t")) else " "


def _one_line(text: str) -> str:
    """The characters of a `w:t`: line ends and tabs in it are blanks."""
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ") if text.isspace() or "\n" in text else text


def _joined(parts: Iterable[tuple[str, Look]]) -> str:
    """Characters as they are printed. Runs of one look are joined first: a letter of VNI and its mark may stand in two."""
    return "".join(
        _shown("".join(text for text, _ in group), look) for look, group in groupby(parts, key=lambda part: part[1])
    )


def _shown(text: str, look: Look) -> str:
    """Characters as they are printed in a run of this look."""
    if not text.isascii() or (look.font or "").startswith(_OLD_FONTS):
        text = converted(text, set_of(look.font or "")).translate(_PRINTED)
    return text.upper() if look.capitals else text


def _blanks(text: str) -> str:
    return text.strip(" ")
