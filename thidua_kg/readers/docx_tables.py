"""The grid of a DOCX table: rows and cells through their wrappers, merged cells, drawn lines, heading rows.

ISO/IEC 29500-1, 17.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from thidua_kg.readers.docx_styles import Styles
from thidua_kg.readers.docx_xml import VAL, number, toggle, value, w

_WRAPPERS = frozenset(map(w, ("sdt", "sdtContent", "customXml", "ins", "moveTo")))
_INNER = (w("insideH"), w("insideV"))
_SIDES = tuple(map(w, ("top", "left", "start", "bottom", "right", "end")))
_UNSEEN = ("nil", "none")
_WIDEST = 63  # columns that Word allows


class Covers(NamedTuple):
    """What a cell covers: how many columns, whether it goes on from the cell above, whether it is deleted."""

    columns: int = 1
    continues: bool = False
    deleted: bool = False


def numbered(parent: etree._Element, kind: str) -> Iterator[tuple[int, etree._Element]]:
    """The rows of a table or the cells of a row, counted from 1, those in content controls and insertions as well."""
    return enumerate(_through(parent, w(kind)), start=1)


def _through(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _through(child, tag)


def left_out(row: etree._Element) -> int:
    """How many columns a row leaves out before its first cell."""
    return min(max(number(value(row.find(w("trPr")), "gridBefore")) or 0, 0), _WIDEST)


def unprinted(row: etree._Element) -> str | None:
    """Why a row is not printed: "deleted", "hidden", or None."""
    properties = row.find(w("trPr"))
    if properties is None:
        return None
    if properties.find(w("del")) is not None:
        return "deleted"
    return "hidden" if toggle(properties, "hidden") is True else None


def covers(cell: etree._Element) -> Covers:
    """What a cell covers."""
    properties = cell.find(w("tcPr"))
    if properties is None:
        return Covers()
    down, across = properties.find(w("vMerge")), properties.find(w("hMerge"))
    return Covers(
        columns=min(max(number(value(properties, "gridSpan")) or 1, 1), _WIDEST),
        continues=any(merge is not None and merge.get(VAL, "continue") == "continue" for merge in (down, across)),
        deleted=properties.find(w("cellDel")) is not None,
    )


def heading_rows(rows: Sequence[etree._Element]) -> int:
    """How many rows at the top repeat on every page."""
    size = 0
    while size < len(rows) and toggle(rows[size].find(w("trPr")), "tblHeader") is True:
        size += 1
    return size


def widths(grid: etree._Element | None) -> list[int] | None:
    """The columns of a table's grid, in twentieths of a point; None where one is not said."""
    found = [number(column.get(w("w"))) for column in grid] if grid is not None else []
    return None if None in found else [width for width in found if width is not None]


def is_ruled(table: etree._Element, styles: Styles) -> bool:
    """Whether lines are drawn between the cells: by the table, its style, or the cells themselves."""
    properties = table.find(w("tblPr"))
    own = properties.find(w("tblBorders")) if properties is not None else None
    said = _visible(own, _INNER)
    if said is None:
        said = any(_visible(borders, _INNER) for borders in styles.borders(value(properties, "tblStyle")))
    cells = [_visible(borders, _SIDES) for borders in table.iter(w("tcBorders"))]
    if not cells:
        return said
    total = sum(1 for _ in table.iter(w("tc")))
    if said:  # unless every cell takes its lines away
        return not (len(cells) >= total and not any(cells))
    return sum(map(bool, cells)) * 2 > total


def _visible(borders: etree._Element | None, names: Sequence[str]) -> bool | None:
    """Whether one of the borders is drawn, None where nothing is said of them."""
    if borders is None:
        return None
    found = [child.get(VAL) not in _UNSEEN for child in borders if child.tag in names]
    return any(found) if found else None
