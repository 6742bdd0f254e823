"""Footnotes, endnotes and comments of a DOCX: the marks in the text and the notes they stand for.

ISO/IEC 29500-1, 17.11 and 17.13.4. Notes are numbered in the order of their marks; "[1]" stands for a raised 1.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from thidua_kg.readers.docx_xml import number, value, w
from thidua_kg.readers.numerals import numeral


class Note(NamedTuple):
    """A note that the text refers to: its mark ("[1]"), its part ("footnotes") and id, what it holds."""

    mark: str
    part: str
    id: int
    body: etree._Element


class Notes:
    """The notes of one document; `cited` are those whose marks were met, in order."""

    def __init__(
        self,
        footnotes: etree._Element | None,
        endnotes: etree._Element | None,
        comments: etree._Element | None,
        settings: etree._Element | None,
    ) -> None:
        self._bodies = {
            "footnotes": _by_id(footnotes, "footnote"),
            "endnotes": _by_id(endnotes, "endnote"),
        }
        self._comments = _by_id(comments, "comment")
        self._styles = {
            "footnotes": _style(settings, "footnotePr") or "decimal",
            "endnotes": _style(settings, "endnotePr") or "lowerRoman",
        }
        self._counts = {"footnotes": 0, "endnotes": 0}
        self.cited: list[Note] = []

    def mark(self, reference: etree._Element) -> str:
        """The mark that a reference prints; a mark of the writer's own follows it in the text and is not made here."""
        part = "footnotes" if reference.tag == w("footnoteReference") else "endnotes"
        identifier = number(reference.get(w("id")))
        body = self._bodies[part].get(identifier)
        if identifier is None or body is None:
            return ""
        own = reference.get(w("customMarkFollows")) in ("1", "true", "on")
        mark = ""
        if not own:
            self._counts[part] += 1
            count = self._counts[part]
            mark = f"[{numeral(count, self._styles[part]) or count}]"
        self.cited.append(Note(mark, part, identifier, body))
        return mark

    def comment(self, identifier: int | None) -> str:
        """The words of a comment."""
        body = self._comments.get(identifier)
        if body is None:
            return ""
        return "\n".join("".join(part.text or "" for part in p.iter(w("t"))) for p in body.iter(w("p"))).strip()


def _by_id(root: etree._Element | None, kind: str) -> dict[int | None, etree._Element]:
    """The notes of a part; the separators between text and notes are none."""
    found = root.iterfind(w(kind)) if root is not None else ()
    return {number(one.get(w("id"))): one for one in found if one.get(w("type")) in (None, "normal")}


def _style(settings: etree._Element | None, kind: str) -> str | None:
    return value(settings.find(w(kind)), "numFmt") if settings is not None else None
