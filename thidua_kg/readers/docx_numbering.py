"""Automatic numbers of a DOCX as Word prints them: which list and level a paragraph is in, and the list's counts.

ISO/IEC 29500-1, 17.9. A paragraph names a list (`w:num`), a list its scheme (`w:abstractNum`) with up to nine levels. Lists
of one scheme count on from each other; a list that says `startOverride` starts anew where it is first used. A level begins
anew after a higher one (`lvlRestart`), and a level that was skipped counts as begun ("1.1" where nothing printed "1.").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from thidua_kg.readers.docx_styles import Style, Styles
from thidua_kg.readers.docx_xml import ALTERNATE, FALLBACK, number, toggle, value, w
from thidua_kg.readers.numerals import numeral, padded
from thidua_kg.readers.symbol_fonts import bullet

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_AFTER = {"nothing": "", "space": " ", "tab": " "}  # a tab after a number is one blank in the text


class Level(NamedTuple):
    """One level of a list: `pattern` is what is printed, "%2" standing for the count of the second level."""

    start: int = 1
    style: str = "decimal"
    example: str | None = None
    pattern: str = ""
    after: str = " "
    restart: int | None = None
    legal: bool = False
    font: str | None = None
    capitals: bool = False
    paragraph_style: str | None = None


class List(NamedTuple):
    """A list: the scheme that it counts in, its levels, and the levels that start anew at its first use."""

    scheme: int
    levels: dict[int, Level]
    starts: dict[int, int]


class Label(NamedTuple):
    """What stands before a numbered paragraph; `unknown` is a number format that is not known, printed as figures."""

    text: str
    unknown: str | None = None


class Numbering:
    """The lists of a document's numbering part."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        schemes = root.findall(w("abstractNum")) if root is not None else []
        self._schemes = {number(one.get(w("abstractNumId"))): one for one in schemes}
        raw = root.findall(w("num")) if root is not None else []
        self._raw = {number(one.get(w("numId"))): one for one in raw}
        self._ready: dict[int, List | None] = {}

    def place(self, own: etree._Element | None, style: Style) -> tuple[int, int] | None:
        """The list and level of a paragraph, from its own `w:numPr` or its style; None where it has no number.

        A list that a style names puts the paragraph on the level that names the style; list 0 takes a number away.
        """
        said = number(value(own, "numId"))
        level = number(value(own, "ilvl"))
        listed = style.number if said is None else said
        if not listed:
            return None
        if level is None and said is None:
            level = self._level_of(listed, style)
        return listed, min(max(level if level is not None else style.level or 0, 0), _LEVELS - 1)

    def list_of(self, identifier: int) -> List | None:
        """The list with this number, its overrides applied; None where it is not defined."""
        if identifier not in self._ready:
            self._ready[identifier] = self._resolved(identifier)
        return self._ready[identifier]

    def _level_of(self, identifier: int, style: Style) -> int | None:
        found = self.list_of(identifier)
        if found is None:
            return None
        named = {level.paragraph_style: at for at, level in found.levels.items() if level.paragraph_style}
        return next((named[key] for key in style.numbered_by if key in named), None)

    def _resolved(self, identifier: int) -> List | None:
        raw = self._raw.get(identifier)
        if raw is None:
            return None
        scheme, levels = self._scheme(number(value(raw, "abstractNumId")))
        if scheme is None:
            return None
        starts: dict[int, int] = {}
        for override in raw.iterfind(w("lvlOverride")):
            at = number(override.get(w("ilvl"))) or 0
            own = override.find(w("lvl"))
            if own is not None:
                levels = levels | {at: _level(own)}
            start = number(value(override, "startOverride"))
            if start is not None:
                starts[at] = start
        return List(scheme, levels, starts)

    def _scheme(self, identifier: int | None) -> tuple[int | None, dict[int, Level]]:
        """The scheme and its levels; one that only links to a numbering style is that style's scheme."""
        tried: set[int | None] = set()
        while identifier in self._schemes and identifier not in tried:
            tried.add(identifier)
            scheme = self._schemes[identifier]
            link = value(scheme, "numStyleLink")
            if link is None or scheme.find(w("lvl")) is not None:
                levels = ((number(one.get(w("ilvl"))), one) for one in scheme.iterfind(w("lvl")))
                return identifier, {at: _level(one) for at, one in levels if at is not None and 0 <= at < _LEVELS}
            listed = self._raw.get(self._styles.number_of(link))
            identifier = number(value(listed, "abstractNumId"))
        return None, {}


class Counts:
    """The counts of all lists in one story: the body, a text box, the footnotes each count for themselves."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[int, list[int | None]] = {}
        self._started: set[tuple[int, int]] = set()

    def next(self, place: tuple[int, int]) -> Label | None:
        """Counts a paragraph of list and level `place` and gives its label, None where nothing is defined to be printed."""
        identifier, at = place
        found = self._numbering.list_of(identifier)
        level = found.levels.get(at) if found else None
        if found is None or level is None:
            return None
        counts = self._counts.setdefault(found.scheme, [None] * _LEVELS)
        for upper in range(at):
            if counts[upper] is None:
                counts[upper] = self._first(identifier, found, upper)
        before = counts[at]
        anew = before is None or (at in found.starts and (identifier, at) not in self._started)
        counts[at] = self._first(identifier, found, at) if anew or before is None else before + 1
        for lower in range(at + 1, _LEVELS):
            restart = found.levels[lower].restart if lower in found.levels else None
            if restart is None or at < restart:
                counts[lower] = None
        return _label(found, at, counts)

    def _first(self, identifier: int, found: List, at: int) -> int:
        """Where a level begins in a list."""
        self._started.add((identifier, at))
        return found.starts.get(at, found.levels[at].start if at in found.levels else 1)


def _label(found: List, at: int, counts: list[int | None]) -> Label:
    """The pattern of a level with the counts filled in; `w:isLgl` prints the levels above in figures."""
    level = found.levels[at]
    if level.style == "bullet":
        shown = bullet(level.pattern, level.font)
        return Label(shown + level.after if shown else "")
    unknown: list[str] = []

    def filled(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        own, count = found.levels.get(place), counts[place]
        if own is None or count is None:
            return ""
        if own.example is not None:
            return padded(count, own.example)
        text = (
            str(count)
            if level.legal and place < at and own.style not in ("bullet", "none")
            else numeral(count, own.style)
        )
        if text is None:
            unknown.append(own.style)
        return str(count) if text is None else text

    text = _PLACE.sub(filled, level.pattern)
    text = text.upper() if level.capitals else text
    return Label(text + level.after if text else "", unknown[0] if unknown else None)


def _level(raw: etree._Element) -> Level:
    """A level as the file defines it."""
    style, example = value(raw, "numFmt"), None
    other = raw.find(ALTERNATE)
    if style is None and other is not None:  # a format newer than the standard, with what older versions print
        custom = next(other.iter(w("numFmt")), None)
        fallback = other.find(FALLBACK)
        style = value(fallback, "numFmt") if fallback is not None else None
        if custom is not None and custom.get(w("val")) == "custom":
            example = custom.get(w("format"))
    runs = raw.find(w("rPr"))
    fonts = runs.find(w("rFonts")) if runs is not None else None
    start, restart = number(value(raw, "start")), number(value(raw, "lvlRestart"))
    return Level(
        start=1 if start is None else start,
        style=style or "decimal",
        example=example,
        pattern=value(raw, "lvlText") or "",
        after=_AFTER.get(value(raw, "suff") or "tab", " "),
        restart=restart,
        legal=toggle(raw, "isLgl") is True,
        font=fonts.get(w("ascii")) if fonts is not None else None,
        capitals=toggle(runs, "caps") is True,
        paragraph_style=value(raw, "pStyle"),
    )
