"""Footnotes: the lines below a short drawn line at a page's foot, each begun by its number; they go to the text's end."""

from __future__ import annotations

import re

import msgspec

from thidua_kg.readers.layout import Item
from thidua_kg.readers.page import Line, Page, Word, middle

_NUMBER = re.compile(r"\d{1,3}$|\*{1,3}$")
_SHORT = (40.0, 0.5)  # the drawn line is longer than this, in points, and shorter than this, in widths of the page


class Note(msgspec.Struct, frozen=True, gc=False):
    """A footnote: its printed number, and its lines without it."""

    number: str
    mark: Word
    lines: tuple[tuple[Word, ...], ...]


def notes_of(items: list[Item], page: Page) -> tuple[list[Item], list[Note]]:
    """The items of a page without its footnotes, and these."""
    start = _start(items, page)
    if start is None:
        return items, []
    notes: list[Note] = []
    for item in items[start:]:
        if not isinstance(item, Line):
            return items, []
        first = item.words[0]
        if _NUMBER.match(first.text) and (first.raised or not notes or int_after(notes[-1].number, first.text)):
            notes.append(Note(first.text, first, (item.words[1:],) if item.words[1:] else ()))
        elif notes:
            notes[-1] = msgspec.structs.replace(notes[-1], lines=(*notes[-1].lines, item.words))
        else:
            return items, []
    return items[:start], notes


def int_after(before: str, text: str) -> bool:
    """Whether a printed number follows another."""
    return before.isdigit() and text.isdigit() and int(text) == int(before) + 1


def _start(items: list[Item], page: Page) -> int | None:
    """The number of the first item below the drawn line, where all that follows is in smaller type."""
    lines = [item for item in items if isinstance(item, Line)]
    body = middle([line.size for line in lines], 0.0)
    for rule in sorted(page.rules, key=lambda rule: -rule.top):
        wide = rule.right - rule.left
        if not rule.level or rule.top < 0.4 * page.height or not _SHORT[0] < wide < _SHORT[1] * page.width:
            continue
        below = [number for number, item in enumerate(items) if item.top > rule.top - 3]
        if below and below == list(range(below[0], len(items))):
            notes = [item for item in items[below[0] :] if isinstance(item, Line)]
            if notes and all(line.size < 0.95 * body for line in notes) and _NUMBER.match(notes[0].words[0].text):
                return below[0]
    return None
