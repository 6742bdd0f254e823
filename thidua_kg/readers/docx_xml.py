"""Names and small readings of WordprocessingML that several modules of the DOCX reader share."""

from __future__ import annotations

from functools import cache

from lxml import etree

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ART_TEXT = "{urn:schemas-microsoft-com:vml}textpath"
_OFF = ("0", "false", "off", "none")


@cache
def w(name: str) -> str:
    """The qualified name of an element or attribute: `w("p")`."""
    return f"{{{_MAIN}}}{name}"


VAL = w("val")


def value(parent: etree._Element | None, name: str) -> str | None:
    """The `w:val` of a child element, None where child or value is absent."""
    child = parent.find(w(name)) if parent is not None else None
    return child.get(VAL) if child is not None else None


def number(text: str | None) -> int | None:
    """A whole number as Word writes it, None for anything else."""
    try:
        return int(text) if text is not None and len(text) < 12 else None
    except ValueError:
        return None


def toggle(parent: etree._Element | None, name: str) -> bool | None:
    """An on/off property: True or False where it is said, None where it is not."""
    child = parent.find(w(name)) if parent is not None else None
    return None if child is None else is_on(child)


def is_on(child: etree._Element) -> bool:
    """Whether an on/off element is on: it is, unless it says otherwise."""
    return child.get(VAL, "1") not in _OFF
