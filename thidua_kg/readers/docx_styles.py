"""What a DOCX's styles say that changes the printed words: numbering, hidden text, capitals, centring, fonts.

ISO/IEC 29500-1, 17.7: a style inherits from the one it is `basedOn`; what a paragraph or run says itself comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from thidua_kg.readers.docx_xml import VAL, is_on, number, toggle, value, w


class Look(NamedTuple):
    """What runs take from a style; None where the style and those it is based on say nothing."""

    hidden: bool | None = None
    capitals: bool | None = None
    font: str | None = None

    def over(self, above: Look) -> Look:
        """This look where it says something, else the one above."""
        return Look(
            above.hidden if self.hidden is None else self.hidden,
            above.capitals if self.capitals is None else self.capitals,
            above.font if self.font is None else self.font,
        )


class Style(NamedTuple):
    """A style with everything it inherits.

    `number` and `level` are those of its list; `numbered_by` the styles from this one up to the one
    that says so.
    """

    name: str
    look: Look = Look()
    centred: bool | None = None
    number: int | None = None
    level: int | None = None
    numbered_by: tuple[str, ...] = ()


_NONE = Style("")
_STYLE, _HIDDEN, _CAPITALS, _FONTS = map(w, ("rStyle", "vanish", "caps", "rFonts"))


class Styles:
    """The styles of one document; unknown names give an empty style."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root.iterfind(w("style")) if root is not None else ()
        self._raw = {style.get(w("styleId"), ""): style for style in found}
        self._ready: dict[str, Style] = {}
        self.default = next(
            (
                key
                for key, style in self._raw.items()
                if style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true", "on")
            ),
            "",
        )

    def of(self, identifier: str | None) -> Style:
        """The style with this id, inheritance resolved."""
        key = identifier or ""
        if key not in self._ready:
            self._ready[key] = self._resolved(key)
        return self._ready[key]

    def number_of(self, identifier: str) -> int | None:
        """The list that a numbering style stands for (`w:numStyleLink`)."""
        return self.of(identifier).number

    def look(self, properties: etree._Element | None, above: Look) -> Look:
        """The look that a run's or paragraph mark's properties give over the one they inherit."""
        for child in properties if properties is not None else ():
            tag = child.tag
            if tag == _STYLE:
                above = self.of(child.get(VAL)).look.over(above)
            elif tag == _HIDDEN:
                above = above._replace(hidden=is_on(child))
            elif tag == _CAPITALS:
                above = above._replace(capitals=is_on(child))
            elif tag == _FONTS:
                above = above._replace(font=_font(child, above.font))
        return above

    def borders(self, identifier: str | None) -> Iterator[etree._Element]:
        """The borders that a table style and those it is based on draw, the nearest first."""
        for key in self._chain(identifier or ""):
            properties = self._raw[key].find(w("tblPr"))
            borders = properties.find(w("tblBorders")) if properties is not None else None
            if borders is not None:
                yield borders

    def _resolved(self, key: str) -> Style:
        """The style from its ancestors down: each overrides what it says itself."""
        made = _NONE
        for own in reversed(self._chain(key)):
            made = _under(made, own, self._raw[own])
        return made

    def _chain(self, key: str) -> list[str]:
        """A style and its ancestors; a circle ends where it closes."""
        chain: dict[str, None] = {}
        while key in self._raw and key not in chain:
            chain[key] = None
            key = value(self._raw[key], "basedOn") or ""
        return list(chain)


def _font(fonts: etree._Element | None, above: str | None) -> str | None:
    """The font of Latin letters in small letters, "" for the theme's, `above` where none is named."""
    if fonts is None:
        return above
    named = fonts.get(w("ascii")) or fonts.get(w("hAnsi"))
    return named.lower() if named else "" if fonts.get(w("asciiTheme")) else above


def _under(parent: Style, key: str, raw: etree._Element) -> Style:
    """A style over the one it is based on."""
    properties = raw.find(w("pPr"))
    listed = properties.find(w("numPr")) if properties is not None else None
    own = number(value(listed, "numId"))
    aligned, runs = value(properties, "jc"), raw.find(w("rPr"))
    fonts = runs.find(_FONTS) if runs is not None else None
    return Style(
        name=(value(raw, "name") or "").lower(),
        look=Look(toggle(runs, "vanish"), toggle(runs, "caps"), _font(fonts, None)).over(parent.look),
        centred=parent.centred if aligned is None else aligned == "center",
        number=parent.number if own is None else own,
        level=number(value(listed, "ilvl")) if listed is not None else parent.level,
        numbered_by=(key,) if listed is not None else (key, *parent.numbered_by),
    )
