"""The words of a page in reading order: lines, the two columns of a letterhead and of a closing, tables, paragraphs.

Order comes from the places of the words alone. NĐ 30/2020/NĐ-CP Phụ lục I sets issuer and number at the left, motto, place
and date at the right of a letterhead, and recipients beside the signature: the left column is read first, then the right
one, and the subject of a letter ("V/v ...") after both, as the decree numbers them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from thidua_kg.readers.grid import Table, ruled
from thidua_kg.readers.page import Line, Page, Word, base_lines, line_of, middle, stretches
from thidua_kg.readers.repair import joined

_WIDE = 8.0, 3.0  # heights of a line that a gap shows with two, with three and more stretches on a line
_ALONE = 9.0  # sizes between a line and the column above it, the room of a signature included
_TOGETHER = 3.0  # sizes between lines that go on in both columns
_FULL = 6  # lines in each column that make a page printed in columns
_COLUMN_HEAD = re.compile(r"Nơi nhận|NƠI NHẬN|Độc lập|ĐẢNG CỘNG SẢN|CỘNG H")
_SUBJECT = re.compile(r"(?:V/[vV]|Về việc)(?!\w)")
_COUNTED = re.compile(r"(?:STT|TT|Stt|Số TT)\.?$")
_ROW_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2}){0,2}|[IVX]{1,5}|[A-Z])[.)]?$")
_CLOSED = re.compile(r"[.;:,!?”\"/)]$")


Item = Line | Table


def items_of(page: Page) -> list[Item]:
    """All that is printed on a page, in reading order."""
    if not page.words:
        return []
    size = middle([word.height for word in page.words], 12.0)
    tables, words = ruled(page, size)
    found: list[Item] = []
    for table in [*tables, None]:
        limit = table.top if table else float("inf")
        band = [word for word in words if (word.top + word.bottom) / 2 < limit]
        words = [word for word in words if (word.top + word.bottom) / 2 >= limit]
        found += _band(_rows(band, page.exact), size)
        found += [table] if table else []
    return _paragraphs(found, page)


def _rows(words: list[Word], exact: bool) -> list[list[Line]]:
    """The stretches of words on each base line, from left to right."""
    return [stretches(joined(line, exact)) for line in base_lines(words)]


def _band(rows: list[list[Line]], size: float) -> list[Item]:
    """The stretches between two tables in reading order."""
    found: list[Item] = []
    at = 0
    while at < len(rows):
        aligned = _aligned(rows, at)
        if aligned:
            table, at = aligned
            found.append(table)
            continue
        columns = _columns(rows, at, size) if len(rows[at]) > 1 or _misaligned(rows, at) else None
        if columns:
            lines, at = columns
            lifted = _lifted(found, lines, size)
            found += [*lines[0], *lifted, *lines[1], *lines[2]]
            continue
        found.append(_row(rows[at]))
        at += 1
    return found


def _row(row: list[Line]) -> Line:
    """A base line as one line; its stretches stay apart where there are three and more, or very far from each other."""
    words = [word for stretch in row for word in stretch.words]
    starts = [sum(len(stretch.words) for stretch in row[:number]) for number in range(1, len(row))]
    room = _WIDE[0] if len(row) == 2 else _WIDE[1]
    return line_of(words, tuple(n for n in starts if words[n].left - words[n - 1].right > room * words[n].height))


# --- two columns


def _misaligned(rows: list[list[Line]], at: int) -> bool:
    """Whether the next base line runs beside this one, its type being of another size."""
    if at + 1 >= len(rows) or len(rows[at]) != 1 or len(rows[at + 1]) != 1:
        return False
    one, other = rows[at][0], rows[at + 1][0]
    return other.top < one.bottom - 0.3 * one.size and (other.left > one.right or other.right < one.left)


def _columns(
    rows: list[list[Line]], at: int, size: float
) -> tuple[tuple[list[Line], list[Line], list[Line]], int] | None:
    """The left column, the right one and the subject below the left, and the row after them; None where there are none."""
    left: list[Line] = []
    right: list[Line] = []
    first = rows[at] if len(rows[at]) > 1 else sorted([rows[at][0], rows[at + 1][0]], key=lambda line: line.left)
    widest = max(range(1, len(first)), key=lambda n: first[n].left - first[n - 1].right)
    low, high = first[widest - 1].right, first[widest].left
    end, bottom = at, first[0].bottom
    for row in rows[at:]:
        if row[0].top - bottom > (_ALONE if len(row) == 1 else _TOGETHER) * size:
            break
        sides = [_side(line, low, high, size) for line in row]
        if "" in sides:
            break
        if "left" in sides:
            left.append(_row([line for line, side in zip(row, sides, strict=True) if side == "left"]))
            low = max(low, left[-1].right)
        if "right" in sides:
            right.append(_row([line for line, side in zip(row, sides, strict=True) if side == "right"]))
            high = min(high, right[-1].left)
        if high - low < 0.4 * size:
            return None
        bottom = max(line.bottom for line in row)
        end += 1
    end, left, right = _trimmed(rows, end, left, right, size)
    if not _is_columns(left, right, high - low):
        return None
    cut = next((n for n, line in enumerate(left) if n and _SUBJECT.match(line.text)), len(left))
    return (left[:cut], right, left[cut:]), end


def _side(line: Line, low: float, high: float, size: float) -> str:
    """On which side of the gap from `low` to `high` a line stands, "" where it crosses it or stands in it."""
    if line.right <= high - 0.4 * size and line.left < low:
        return "left"
    return "right" if line.left >= low + 0.4 * size and line.right > high else ""


def _trimmed(
    rows: list[list[Line]], end: int, left: list[Line], right: list[Line], size: float
) -> tuple[int, list[Line], list[Line]]:
    """The columns without the lines below both that do not belong to them: a title, a stamp."""
    while end:
        row = rows[end - 1]
        mine, other = (left, right) if left and row[0].left == left[-1].left else (right, left)
        if len(row) > 1 or not other or len(mine) < 2 or row[0].top < other[-1].bottom:
            break
        if mine is left and row[0].top - mine[-2].bottom < 1.5 * size:
            break
        mine.pop()
        end -= 1
    return end, left, right


def _is_columns(left: list[Line], right: list[Line], gap: float) -> bool:
    """Whether two columns are read one after the other: a letterhead, a closing, or a page printed in columns."""
    if not left or not right:
        return False
    if any(_COLUMN_HEAD.match(line.text) for line in (*left[:2], *right[:3])):
        return len(left) + len(right) > 2 or _in_capitals(right[0].text)
    if len(left) + len(right) > 2 and _in_capitals(right[0].text) and (_in_capitals(left[0].text) or len(right) > 1):
        return True
    return min(len(left), len(right)) >= _FULL and all(
        middle([line.right - line.left for line in side], 0) > 0.7 * (max(line.right for line in side) - side[0].left)
        and side[0].right - side[0].left > 3 * gap
        for side in (left, right)
    )


def _in_capitals(text: str) -> bool:
    return text == text.upper() and sum(c.isalpha() for c in text) > 3


def _lifted(found: list[Item], columns: tuple[list[Line], list[Line], list[Line]], size: float) -> list[Line]:
    """The first lines of a right column that begins above the left one; they are taken out of `found`."""
    taken: list[Line] = []
    left = columns[0][0].right if columns[0] else 0.0
    top = columns[1][0].top
    while found and isinstance(last := found[-1], Line):
        if last.left <= left or not _in_capitals(last.text) or top - last.bottom > size:
            break
        taken.insert(0, last)
        found.pop()
        top = last.top
    return taken


# --- tables without lines


def _aligned(rows: list[list[Line]], at: int) -> tuple[Table, int] | None:
    """A table whose columns are aligned below headings that begin with "STT", and the row after it."""
    heads = rows[at]
    if len(heads) < 3 or not _COUNTED.match(heads[0].text):
        return None
    cells: list[list[list[Word]]] = [[list(head.words) for head in heads]]
    spans = [[head.left, head.right] for head in heads]
    end = at + 1
    for row in rows[at + 1 :]:
        if row[0].top - max(line.bottom for line in rows[end - 1]) > 2.5 * row[0].size:
            break
        places = [_column(line, spans) for line in row]
        if None in places:
            break
        if _ROW_NUMBER.match(row[0].text) and places[0] == 0:
            cells.append([[] for _ in heads])
        for line, place in zip(row, places, strict=True):
            if place is not None:
                cells[-1][place] += line.words
                spans[place] = [min(spans[place][0], line.left), max(spans[place][1], line.right)]
        end += 1
    if len(cells) < 2:
        return None
    edges = tuple(span[0] for span in spans)
    done = tuple(tuple(tuple(cell) for cell in row) for row in cells)
    bottom = max(line.bottom for line in rows[end - 1])
    return Table(rows=done, edges=edges, top=min(head.top for head in heads), bottom=bottom), end


def _column(line: Line, spans: list[list[float]]) -> int | None:
    """The one column that a stretch stands in; None where it reaches into two, or none."""
    shared = [min(line.right, right) - max(line.left, left) for left, right in spans]
    over = [number for number, length in enumerate(shared) if length > 0]
    return over[0] if len(over) == 1 else None


# --- paragraphs


def _paragraphs(found: list[Item], page: Page) -> list[Item]:
    """The items with the lines marked that begin a paragraph: by the room above them, or by their first word's indent."""
    lines = [item for item in found if isinstance(item, Line)]
    usual = None if page.exact else middle([line.size for line in lines], 12.0)
    pitch = _pitch(lines, usual)
    room = 0.12 if page.exact else 0.3
    margins = _margins(lines)
    done: list[Item] = []
    for item in found:
        before = done[-1] if done else None
        apart = before is not None
        if isinstance(item, Line) and isinstance(before, Line):
            step = (item.bottom - before.bottom) / (usual or max(item.size, before.size))
            apart = not 0 < step < pitch + room or indented(before, item, margins)
        done.append(msgspec.structs.replace(item, apart=apart) if isinstance(item, Line) else item)
    return done


def _pitch(lines: list[Line], size: float | None) -> float:
    """From one base line to the next inside a paragraph, in sizes of the type: the closer third of them."""
    steps = sorted(
        (below.bottom - above.bottom) / (size or max(below.size, above.size)) for above, below in pairwise(lines)
    )
    usual = [step for step in steps if 0.7 < step < 2.2]
    return usual[len(usual) * 3 // 10] if len(usual) > 3 else 1.15


def _margins(lines: list[Line]) -> tuple[float, float]:
    """The left edge that most lines share, and the right edge of the longest."""
    if not lines:
        return 0.0, 0.0
    lefts = Counter(round(line.left / 4) for line in lines)
    left, times = min(lefts.items(), key=lambda pair: (-pair[1], pair[0]))
    rights = sorted(line.right for line in lines)
    return (left * 4 if times > 2 else min(line.left for line in lines)), rights[len(rights) * 19 // 20]


def indented(before: Line, line: Line, margins: tuple[float, float]) -> bool:
    """Whether a line begins a paragraph by its indent: the line before is at the margin, or ends short of the right one."""
    left, right = margins
    size = line.size
    inset, short = line.left - left, right - line.right
    if not 0.8 * size < inset < 6 * size or line.words[0].text[0].islower():
        return False
    if inset > 1.5 * size and abs(inset - short) < 1.5 * size:  # centred
        return False
    ended = bool(_CLOSED.search(before.words[-1].text))
    return (ended or right - before.right > 3 * size) and (before.left < line.left - 0.8 * size or ended)


def margins_of(items: list[Item]) -> tuple[float, float]:
    """The left and right edge of the text of a page."""
    return _margins([item for item in items if isinstance(item, Line)])


def words_of(items: list[Item]) -> Iterator[Word]:
    """All words of items, in order."""
    for item in items:
        if isinstance(item, Line):
            yield from item.words
        else:
            for row in item.rows:
                for cell in row:
                    yield from cell
