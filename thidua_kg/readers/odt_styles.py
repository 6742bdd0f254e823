"""The styles of an OpenDocument text, as far as they change what is printed: capitals, hidden words, alignment, lines, lists.

ODF 1.2 part 1 (ISO/IEC 26300-1), 16 and 20: a style holds what its parents say unless it says otherwise itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from thidua_kg.readers.numerals import OF_FIRST, numeral
from thidua_kg.readers.symbol_fonts import bullet

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = {
    "office": f"{_OASIS}office:1.0",
    "style": f"{_OASIS}style:1.0",
    "text": f"{_OASIS}text:1.0",
    "table": f"{_OASIS}table:1.0",
    "draw": f"{_OASIS}drawing:1.0",
    "fo": f"{_OASIS}xsl-fo-compatible:1.0",
    "manifest": f"{_OASIS}manifest:1.0",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}
_DEEPEST = 50  # styles that a style goes back to
_LEVELS = 10
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,9})?)(in|cm|mm|pt|pc)")
_UNITS = {"in": 1440, "cm": 567, "mm": 56.7, "pt": 20, "pc": 240}  # twentieths of a point


def q(name: str) -> str:
    """The qualified name of an element or attribute: `q("text:p")`."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


class Look(NamedTuple):
    """How text of a style is printed; None where the style says nothing."""

    capitals: bool | None = None
    hidden: bool | None = None
    centred: bool | None = None
    ruled: bool | None = None


class Level(NamedTuple):
    """A level of a list: its number format or "bullet", what stands around the number, how many levels are printed."""

    style: str = "none"
    prefix: str = ""
    suffix: str = ""
    shown: int = 1
    start: int = 1
    mark: str = ""
    font: str | None = None


class Styles:
    """The styles of the parts of a file (`styles.xml`, then `content.xml`)."""

    def __init__(self, *parts: etree._Element | None) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        self.outline: dict[int, Level] = {}
        for part in parts:
            for element in part.iter(q("style:style")) if part is not None else ():
                self._styles[element.get(q("style:family"), ""), element.get(q("style:name"), "")] = element
            for element in part.iter(q("text:list-style")) if part is not None else ():
                self._lists[element.get(q("style:name"), "")] = dict(_levels(element))
            for element in part.iter(q("text:outline-style")) if part is not None else ():
                self.outline = dict(_levels(element))

    def look(self, family: str, name: str | None) -> Look:
        """How the text of a style is printed, its parents' sayings included."""
        key = family, name or ""
        if key not in self._looks:
            look = Look()
            for element in self._line(family, name):
                look = Look(*(own if own is not None else said for own, said in zip(look, _said(element), strict=True)))
            self._looks[key] = look
        return self._looks[key]

    def level(self, name: str | None, depth: int) -> Level:
        """A level of a list style, from 1; none that counts where the style is not known."""
        return self._lists.get(name or "", {}).get(depth, Level())

    def list_of(self, paragraph: str | None) -> str | None:
        """The list style that a paragraph style names."""
        named = (element.get(q("style:list-style-name")) for element in self._line("paragraph", paragraph))
        return next((name for name in named if name is not None), None)

    def width(self, name: str | None) -> int | None:
        """The width of a table's column in twentieths of a point."""
        for element in self._line("table-column", name):
            said = element.find(q("style:table-column-properties"))
            match = _LENGTH.fullmatch(said.get(q("style:column-width"), "")) if said is not None else None
            if match:
                return round(float(match[1]) * _UNITS[match[2]])
        return None

    def _line(self, family: str, name: str | None) -> Iterator[etree._Element]:
        """A style and those that it goes back to."""
        for _ in range(_DEEPEST):
            element = self._styles.get((family, name or ""))
            if element is None:
                return
            yield element
            name = element.get(q("style:parent-style-name"))


def label(level: Level, counts: list[int], levels: list[Level]) -> str:
    """The number that a list prints: `counts` of the levels down to this one, `levels` their formats."""
    if level.style == "bullet":
        return f"{bullet(level.mark, level.font)} " if level.mark else ""
    first = max(len(counts) - level.shown, 0)
    shown = [
        numeral(count, own.style if own.style not in ("none", "bullet") else "decimal")
        for count, own in zip(counts[first:], levels[first:], strict=True)
    ]
    return f"{level.prefix}{'.'.join(filter(None, shown))}{level.suffix} " if level.style != "none" else ""


def _levels(element: etree._Element) -> Iterator[tuple[int, Level]]:
    for child in element:
        depth = _whole(child.get(q("text:level")), 0)
        if not 1 <= depth <= _LEVELS:
            continue
        if child.tag == q("text:list-level-style-bullet"):
            look = child.find(q("style:text-properties"))
            font = look.get(q("style:font-name")) if look is not None else None
            yield depth, Level("bullet", mark=child.get(q("text:bullet-char"), "•"), font=font)
        elif child.tag in (q("text:list-level-style-number"), q("text:outline-level-style")):
            yield depth, _number(child, depth)


def _number(child: etree._Element, depth: int) -> Level:
    """A level that counts; the newer attribute with places ("%1%.%2%)") says more than prefix and suffix."""
    prefix, suffix = child.get(q("style:num-prefix"), ""), child.get(q("style:num-suffix"), "")
    shown = _whole(child.get(q("text:display-levels")), 1)
    pattern = child.get(q("loext:num-list-format"), "")
    if f"%{depth}%" in pattern:
        first = pattern.index("%")
        prefix, suffix = pattern[:first], pattern.rpartition("%")[2]
        shown = pattern.count("%") // 2
    style = OF_FIRST.get(child.get(q("style:num-format"), ""), "none")
    return Level(style, prefix, suffix, min(max(shown, 1), depth), _whole(child.get(q("text:start-value")), 1))


def _said(element: etree._Element) -> Look:
    """What one style says itself."""
    text = element.find(q("style:text-properties"))
    paragraph = element.find(q("style:paragraph-properties"))
    cell = element.find(q("style:table-cell-properties"))
    capitals = hidden = centred = None
    if text is not None:
        case, display = text.get(q("fo:text-transform")), text.get(q("text:display"))
        capitals = case == "uppercase" if case else None
        hidden = display == "none" if display else None
    if paragraph is not None and (aligned := paragraph.get(q("fo:text-align"))):
        centred = aligned == "center"
    return Look(capitals, hidden, centred, _ruled(cell))


def _ruled(cell: etree._Element | None) -> bool | None:
    """Whether a cell has lines around it."""
    if cell is None:
        return None
    borders = [cell.get(q(f"fo:border{side}")) for side in ("", "-left", "-right", "-top", "-bottom")]
    said = [border for border in borders if border]
    return any(border != "none" and not border.startswith("0") for border in said) if said else None


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None and len(text) < 7 else default
    except ValueError:
        return default
