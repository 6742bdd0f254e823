"""Tables drawn with lines: which word stands in which cell, merged cells included.

A cell that was merged prints its words once, in its first row and column; the others stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from thidua_kg.readers.page import Box, Page, Word, base_lines
from thidua_kg.readers.repair import joined, wrapped

MOST = 3000  # drawn lines of one page that are looked at: a page of graph paper is no table
_NEAR = 4.0  # points within which two lines are one, or touch
_CELLS = 20_000

Cell = tuple[Word, ...]


class Table(msgspec.Struct, frozen=True, gc=False):
    """A table: the words of each cell, row by row, and where its columns begin."""

    rows: tuple[tuple[Cell, ...], ...]
    edges: tuple[float, ...]
    top: float
    bottom: float


class _Stroke(msgspec.Struct, frozen=True, gc=False):
    """A drawn line of the grid: at `at`, from `start` to `end` across or along."""

    at: float
    start: float
    end: float

    def covers(self, place: float) -> bool:
        return self.start - _NEAR <= place <= self.end + _NEAR


def ruled(page: Page, size: float) -> tuple[list[Table], list[Word]]:
    """The tables of a page that are drawn with lines, from the top down, and the words outside of them."""
    across, along = _lines(page)
    tables, words = [], list(page.words)
    for flat, steep in _grids(across, along):
        xs, ys = _edges(steep, flat, page.exact), _edges(flat, steep, page.exact)
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _CELLS:
            continue
        inside = [word for word in words if _within(word, xs, ys)]
        if len(inside) < 2:
            continue
        words = [word for word in words if not _within(word, xs, ys)]
        rows = _rows(inside, xs, ys, (flat, steep), page.exact)
        tables.append(Table(rows=rows, edges=tuple(xs[:-1]), top=ys[0] - 0.1 * size, bottom=ys[-1]))
    return sorted(tables, key=lambda table: table.top), words


def _lines(page: Page) -> tuple[list[_Stroke], list[_Stroke]]:
    """The lines drawn across the page and along it."""
    rules = page.rules[:MOST]
    across = _strokes([(r.top / 2 + r.bottom / 2, r.left, r.right) for r in rules if r.level])
    return across, _strokes([(r.left / 2 + r.right / 2, r.top, r.bottom) for r in rules if not r.level])


def small_boxes(page: Page, width: float, height: float) -> Iterator[Box]:
    """The drawn boxes, undivided from side to side, that are no larger than this."""
    across, along = _lines(page)
    for flat, steep in _grids(across, along):
        xs, ys = _edges(steep, flat, page.exact), _edges(flat, steep, page.exact)
        if len(xs) == 2 and len(ys) > 1 and xs[1] - xs[0] < width and ys[-1] - ys[0] < height:
            yield xs[0], ys[0], xs[1], ys[-1]


def _strokes(lines: list[tuple[float, float, float]]) -> list[_Stroke]:
    """The lines with their pieces put together; what is shorter than a letter is none."""
    done: list[_Stroke] = []
    for at, start, end in sorted((round(at / 2), start, end) for at, start, end in lines):
        last = done[-1] if done else None
        if last and abs(last.at - at * 2) <= 2 and start <= last.end + _NEAR:
            done[-1] = _Stroke(last.at, last.start, max(last.end, end))
        else:
            done.append(_Stroke(at * 2.0, start, end))
    return [stroke for stroke in done if stroke.end - stroke.start > 2 * _NEAR]


def _grids(across: list[_Stroke], along: list[_Stroke]) -> Iterator[tuple[list[_Stroke], list[_Stroke]]]:
    """The lines that touch each other, grid by grid."""
    left_a, left_l = list(across), list(along)
    while left_l:
        flat: list[_Stroke] = []
        steep, front = [left_l[0]], [left_l.pop(0)]
        while front:
            touched = [a for a in left_a if any(a.covers(s.at) and s.covers(a.at) for s in front)]
            left_a = [a for a in left_a if a not in touched]
            front = [s for s in left_l if any(a.covers(s.at) and s.covers(a.at) for a in touched)]
            left_l = [s for s in left_l if s not in front]
            flat += touched
            steep += front
        if len(flat) > 1:
            yield flat, steep


def _edges(strokes: list[_Stroke], others: list[_Stroke], exact: bool) -> list[float]:
    """Where lines of one direction lie, in order, and the ends of the others where a table draws no outer line there.

    Lines nearer to each other than a letter are one; in a scan they lie askew.
    """
    near = 1.5 * _NEAR if exact else 2.5 * _NEAR
    done: list[float] = []
    for place in sorted(stroke.at for stroke in strokes):
        if not done or place - done[-1] > near:
            done.append(place)
    low, high = min(other.start for other in others), max(other.end for other in others)
    before = [low] if not done or done[0] - low > 4 * _NEAR else []
    after = [high] if not done or high - done[-1] > 4 * _NEAR else []
    return before + done + after


def _within(word: Word, xs: list[float], ys: list[float]) -> bool:
    return xs[0] <= (word.left + word.right) / 2 <= xs[-1] and ys[0] <= (word.top + word.bottom) / 2 <= ys[-1]


def _rows(
    words: list[Word], xs: list[float], ys: list[float], strokes: tuple[list[_Stroke], list[_Stroke]], exact: bool
) -> tuple[tuple[Cell, ...], ...]:
    """The words by row and column, each in the first of the cells that no line parts."""
    homes = _merged(xs, ys, *strokes, 1.5 * _NEAR if exact else 2.5 * _NEAR)
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        row = _index(ys, (word.top + word.bottom) / 2)
        column = _index(xs, (word.left + word.right) / 2)
        held.setdefault(homes[row][column], []).append(word)
    cells = {
        home: tuple(wrapped([joined(line, exact) for line in base_lines(inside)])) for home, inside in held.items()
    }
    table = [tuple(cells.get((row, column), ()) for column in range(len(xs) - 1)) for row in range(len(ys) - 1)]
    return tuple(row for row in table if any(row))


def _index(edges: list[float], place: float) -> int:
    """The number of the space between two edges that a place lies in."""
    return next((number for number, edge in enumerate(edges[1:-1]) if place < edge), len(edges) - 2)


def _merged(
    xs: list[float], ys: list[float], flat: list[_Stroke], steep: list[_Stroke], near: float
) -> list[list[tuple[int, int]]]:
    """For each space of the grid the first one, by row and column, that no drawn line parts it from."""
    homes = [[(row, column) for column in range(len(xs) - 1)] for row in range(len(ys) - 1)]
    for row in range(len(ys) - 1):
        level = (ys[row] + ys[row + 1]) / 2
        for column in range(len(xs) - 1):
            upright = (xs[column] + xs[column + 1]) / 2
            home = homes[row][column]
            if column and not _drawn(steep, xs[column], level, near):
                home = min(home, homes[row][column - 1])
            if row and not _drawn(flat, ys[row], upright, near):
                home = min(home, homes[row - 1][column])
            homes[row][column] = home
    return homes


def _drawn(strokes: list[_Stroke], at: float, place: float, near: float) -> bool:
    return any(abs(stroke.at - at) <= near and stroke.start <= place <= stroke.end for stroke in strokes)
