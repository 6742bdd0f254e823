"""What stands on one page before it is read: words, drawn lines, stamps; the same for a PDF's text and for a recognised scan.

Lengths are points (1/72 inch), counted from the top left corner of the page as its text is read: a table printed
sideways is turned upright first, and `Page.place` turns the boxes back.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from thidua_kg.model import Furniture, Place

Box = tuple[float, float, float, float]  # left, top, right, bottom
_GAP = 0.8  # sizes of type between two words that end a stretch of a line


class Word(msgspec.Struct, frozen=True, gc=False):
    """Characters printed without a gap; `raised` is true for small ones above the line: the number of a footnote.

    `glued` is true where it goes on with the word before it, which a narrow column broke.
    `confidence` is that of recognised characters, 0 to 1.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float | None = None
    raised: bool = False
    glued: bool = False

    @property
    def height(self) -> float:
        """Its height, about the size of its type."""
        return self.bottom - self.top


class Rule(msgspec.Struct, frozen=True, gc=False):
    """A drawn line, along the page where it is wider than high."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left >= self.bottom - self.top


class Page(msgspec.Struct, frozen=True, gc=False):
    """A page to be laid out; `turn` counts the quarter turns, clockwise, that made its text upright.

    `exact` is false where words were recognised in an image, so that their heights vary with their letters; `remarks`
    are what a person should know of these.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    turn: int = 0
    exact: bool = True
    remarks: tuple[str, ...] = ()

    def place(self, box: Box, confidence: float | None = None) -> Place:
        """The place of a box of this page in the source, on the page as it is shown."""
        left, top, right, bottom = box
        if self.turn == 1:
            left, top, right, bottom = top, self.width - right, bottom, self.width - left
        elif self.turn == 2:
            left, top, right, bottom = self.width - right, self.height - bottom, self.width - left, self.height - top
        elif self.turn == 3:
            left, top, right, bottom = self.height - bottom, left, self.height - top, right
        shown = (round(left, 1), round(top, 1), round(right, 1), round(bottom, 1))
        return Place(page=self.number, box=shown, confidence=confidence)


class Line(msgspec.Struct, frozen=True, gc=False):
    """Words printed on one line; `apart` where a paragraph begins, `wide` the words that stand after a wide gap."""

    words: tuple[Word, ...]
    left: float
    top: float
    right: float
    bottom: float
    apart: bool = False
    wide: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def size(self) -> float:
        """Its height, about the size of its type."""
        return self.bottom - self.top


def around(words: tuple[Word, ...] | list[Word]) -> Box:
    """The box of several words."""
    return (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def overlap(one: Word, other: Word) -> float:
    """How much of the smaller of two boxes lies in the other, 0 to 1."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    areas = ((word.right - word.left) * (word.bottom - word.top) for word in (one, other))
    return across * down / max(min(areas), 1)


def surer(words: list[Word], more: list[Word]) -> list[Word]:
    """The words with those of a second look that stand free, or are surer than what they replace."""
    kept = list(words)
    for word in more:
        rivals = [other for other in kept if overlap(word, other) > 0.3]
        if all((other.confidence or 0) + 0.03 < (word.confidence or 0) for other in rivals):
            kept = [other for other in kept if other not in rivals]
            kept.append(word)
    return kept


def middle(values: list[float], default: float) -> float:
    """The median of `values`, `default` where there are none."""
    return sorted(values)[len(values) // 2] if values else default


def base_lines(words: list[Word]) -> list[list[Word]]:
    """The words that share a base line, from left to right, one list a line from the top down."""
    lines: list[list[Word]] = []
    base = float("-inf")
    for word in sorted(words, key=lambda word: word.bottom):
        if not lines or word.bottom - base > 0.35 * word.height:
            lines.append([])
            base = word.bottom
        lines[-1].append(word)
    return [sorted(line, key=lambda word: word.left) for line in lines]


def printed(words: Iterable[Word]) -> str:
    """Words as they are printed, a line for each base line."""
    return "\n".join(" ".join(word.text for word in line) for line in base_lines(list(words)))


def line_of(words: list[Word] | tuple[Word, ...], wide: tuple[int, ...] = ()) -> Line:
    """The line that words make."""
    return Line(tuple(words), *around(words), wide=wide)


def stretches(row: list[Word]) -> list[Line]:
    """The words of one base line, cut where the gap is wide."""
    found: list[list[Word]] = []
    for word in row:
        if not found or word.left - found[-1][-1].right > _GAP * max(word.height, found[-1][-1].height):
            found.append([])
        found[-1].append(word)
    return [line_of(words) for words in found]
