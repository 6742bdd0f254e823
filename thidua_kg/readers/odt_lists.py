"""The automatic numbers of an OpenDocument text's lists and headings, counted as they are printed.

ODF 1.2 part 1, 5.3 and 5.1.2: a list begins anew unless it says which one it goes on with; lists in items are its levels.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from thidua_kg.readers.odt_styles import Level, Styles, label, q


class _Open(NamedTuple):
    """A list that the walk is in: its style and the counts that it goes on with."""

    style: str | None
    counts: list[int]


class Lists:
    """The lists of one story, in the order of its text."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._open: list[_Open] = []
        self._by_id: dict[str, list[int]] = {}
        self._last: dict[str | None, list[int]] = {}  # by style
        self._headings: list[int] = []
        self._waiting = False  # an item was counted, its first paragraph is to come

    def enter(self, element: etree._Element) -> None:
        """Into a list, one level down where the walk is in one already."""
        above = self._open[-1] if self._open else None
        style = element.get(q("text:style-name")) or (above.style if above else None)
        if above is not None:
            counts = above.counts
        elif (earlier := element.get(q("text:continue-list"))) in self._by_id:
            counts = self._by_id[earlier or ""]
        elif element.get(q("text:continue-numbering")) == "true":
            counts = self._last.get(style, [])
        else:
            counts = []
        self._open.append(_Open(style, counts))
        if above is None:
            self._by_id[element.get("{http://www.w3.org/XML/1998/namespace}id", "")] = counts
            self._last[style] = counts

    def leave(self) -> None:
        """Out of the list."""
        self._open.pop()
        self._waiting = False

    def item(self, element: etree._Element) -> None:
        """Counts an item; one that only holds a list further down counts with that."""
        first = next((child for child in element if isinstance(child.tag, str)), None)
        if first is None or first.tag == q("text:list"):
            return
        counts, depth = self._open[-1].counts, len(self._open)
        levels = self._levels(depth)
        _begin(counts, levels)
        said = element.get(q("text:start-value"), "")
        counts[depth - 1] = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else counts[depth - 1] + 1
        del counts[depth:]
        self._waiting = True

    def number(self, paragraph: etree._Element) -> str:
        """The number in front of a paragraph: that of the item it begins, else that of a numbered heading."""
        if self._waiting:
            self._waiting = False
            depth = len(self._open)
            levels = self._levels(depth)
            return label(levels[-1], self._open[-1].counts[:depth], levels)
        if self._open or paragraph.tag != q("text:h") or paragraph.get(q("text:is-list-header")) == "true":
            return ""
        said = paragraph.get(q("text:outline-level"), "1")
        depth = min(max(int(said), 1), 10) if said.isascii() and said.isdigit() and len(said) < 3 else 1
        levels = [self._styles.outline.get(at, Level()) for at in range(1, depth + 1)]
        if levels[-1].style == "none":
            return ""
        del self._headings[depth:]
        _begin(self._headings, levels)
        self._headings[depth - 1] += 1
        return label(levels[-1], self._headings, levels)

    def _levels(self, depth: int) -> list[Level]:
        """The formats of the levels down to `depth`, each by the style of the list that it stands in."""
        return [self._styles.level(self._open[at].style, at + 1) for at in range(depth)]


def _begin(counts: list[int], levels: list[Level]) -> None:
    """Give every level that has no count yet its start; the last, which is counted next, one less."""
    for depth in range(len(counts) + 1, len(levels) + 1):
        counts.append(levels[depth - 1].start - (depth == len(levels)))
