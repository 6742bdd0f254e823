"""The columns of a word processor's table that people see, among the borders that its file draws."""

from __future__ import annotations

from collections.abc import Sequence

from thidua_kg.readers.flow import Cell

_NEAR = 284  # twentieths of a point: five millimetres


def aligned(rows: Sequence[tuple[Cell, ...]], widths: Sequence[int] | None) -> tuple[tuple[Cell, ...], ...]:
    """The rows with their cells counted in columns that people see rather than in columns of the drawn grid.

    A border that was dragged a little in one row makes a grid column of its own. Where all rows with more than one cell have
    as many, these are the columns; else borders closer than five millimetres count as one. `widths` are those of the grid,
    in twentieths of a point.
    """
    counts = {len(row) for row in rows if len(row) > 1}
    if len(counts) == 1:
        count = counts.pop()
        return tuple(tuple(cell._replace(columns=1 if len(row) > 1 else count) for cell in row) for row in rows)
    places = _places(widths or ())
    made = []
    for row in rows:
        at, cells = 0, []
        for cell in row:
            end = at + cell.columns
            cells.append(cell._replace(columns=max(_at(places, end) - _at(places, at), 1)))
            at = end
        made.append(tuple(cells))
    return tuple(made)


def _places(widths: Sequence[int]) -> list[int]:
    """For each border of the grid, the left edge first, which of the borders that people see it is."""
    places, position, last = [0], 0, 0
    for width in widths:
        position += width
        if position - last > _NEAR:
            places.append(places[-1] + 1)
            last = position
        else:
            places.append(places[-1])
    return places


def _at(places: list[int], border: int) -> int:
    return places[border] if border < len(places) else border
