"""What is printed on pages beside their text: page numbers, headers and footers that return, signature and mail stamps.

It is taken out of the running text and kept with its place. NĐ 30/2020/NĐ-CP Phụ lục I prints a digital signature's
stamp in small type ("Ký bởi: ...", "Ngày ký: ...") and numbers the pages at the top centre.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Literal

import msgspec

from thidua_kg.model import Furniture
from thidua_kg.readers.grid import small_boxes
from thidua_kg.readers.page import Box, Line, Page, Word, around, base_lines, line_of, middle, printed, stretches

Kind = Literal["page_header", "page_footer", "page_number", "stamp"]

_ROWS = 3  # rows at the top and at the bottom that may be furniture
_EDGE = 0.2  # of the page's height, where they stand
_NUMBER = re.compile(r"[-–—(]?\s?(?:Trang\s|trang\s|Page\s)?(?P<n>\d{1,4})(?:\s?/\s?\d{1,4})?\s?[-–—)]?")
_GAZETTE = re.compile(r"(?:\d{1,4} )?CÔNG BÁO ?/ ?Số .*")
# A file may hold several documents of one office: what begins each of them is no page header.
_LETTERHEAD = re.compile(r"CỘNG H|Độc lập|ĐẢNG CỘNG|S[ốô]\s?:|, ngày")
_DIGITS = re.compile(r"\d+")
_SIGNED = re.compile(
    r"(?:Ký bởi|Người ký|Ngày ký|Thời gian ký|Giờ ký|Ký số bởi|Được ký bởi)\s?:|(?:Digitally )?[Ss]igned by|Signature (?:Not )?[Vv]"
    r"|[Ss]igning [Tt]ime"
)
_BESIDE_SIGNED = re.compile(
    r"(?:Email|E-mail|Cơ quan|Tổ chức|Đơn vị|Chức vụ|Chức danh|Nơi ký|Lý do|Reason|Location|Date|Ngày|Giờ)\s?:"
)
# Stamps of incoming mail: the body that received it, "ĐẾN", hour and day on dotted lines.
_MAIL = 200.0, 90.0  # points; a stamp of incoming mail is no larger
_MARK = re.compile(r"M[ẬẤẢA]T(?!\w)|HỎA|HOẢ|TỐC|KHẨN|LƯU HÀNH|DỰ THẢO")
_NUMBERED = re.compile(r"S[ốôóo]\s?[:.]|\d")
_RECEIVED = re.compile(
    r"(?:Đ[ẾEÊỀ]N|DEN|Đến)?\W{0,3}(?:Ngày|Số|Chuyển|Kính chuyển|Lưu hồ sơ số)\s?[:.].*[.…_]{2}|CÔNG VĂN ĐẾN"
    r"|\W{0,3}(?:Gi[ờởơỡ]|GI[ỜỎƠ])\s?:.{0,16}$|\W{0,3}Đ[ẾEÊỀ]N(?:\W.{0,40}[.…_]{2}.*|.{0,4})$"
)


def strip_furniture(pages: list[Page]) -> list[Page]:
    """The pages without what is no part of their text, which is among their `furniture` then."""
    done = [_without_stamps(page) for page in pages]
    edges = {page.number: list(_edge_rows(page)) for page in done}
    offset = _offset(done, edges)
    repeated = _repeated(edges)
    return [_without_edges(page, edges[page.number], offset, repeated) for page in done]


# --- the edges of pages


class _Row(msgspec.Struct, frozen=True, gc=False):
    """A row near the edge of a page: `rank` counts rows from that edge."""

    line: Line
    at_top: bool
    rank: int
    key: tuple[str, bool]


def _edge_rows(page: Page) -> Iterator[_Row]:
    rows = base_lines(list(page.words))
    for at_top, chosen in ((True, rows[:_ROWS]), (False, rows[-_ROWS:][::-1])):
        for rank, words in enumerate(chosen):
            line = line_of(words)
            far = line.bottom if at_top else page.height - line.top
            if far > _EDGE * page.height or _in_table(line, page):
                break
            yield _Row(line, at_top, rank, (_DIGITS.sub("#", line.text), at_top))


def _in_table(line: Line, page: Page) -> bool:
    """Whether a row stands between the upright lines of a table: the head of one that goes on is no page header."""
    level = (line.top + line.bottom) / 2
    upright = [rule.left for rule in page.rules if not rule.level and rule.top <= level <= rule.bottom]
    return any(at <= line.left + 2 for at in upright) and any(at >= line.right - 2 for at in upright)


def _offset(pages: list[Page], edges: dict[int, list[_Row]]) -> int | None:
    """The difference between the printed numbers of most numbered pages and the count of pages.

    None where no two pages agree and the one number is not the page's own: a figure that happens to stand at an edge.
    """
    found = Counter(
        int(match["n"]) - page.number
        for page in pages
        for row in edges[page.number]
        if (match := _NUMBER.fullmatch(row.line.text))
    )
    best = max(found, key=lambda offset: (found[offset], -abs(offset)), default=None)
    return best if best is not None and (found[best] > 1 or best == 0) else None


def _repeated(edges: dict[int, list[_Row]]) -> frozenset[tuple[str, bool]]:
    """The rows, figures aside, that return at the same height on three pages and more, two in five of those between."""
    places: dict[tuple[str, bool], list[tuple[int, float]]] = defaultdict(list)
    for number, rows in edges.items():
        for row in rows:
            if len(row.key[0]) > 1 and not _LETTERHEAD.search(row.key[0]):
                places[row.key].append((number, row.line.top))
    found = set()
    for key, seen in places.items():
        tops = [top for _, top in seen]
        if len(seen) > 2 and len(seen) > 0.4 * (seen[-1][0] - seen[0][0]) and max(tops) - min(tops) < 12:
            found.add(key)
    return frozenset(found)


def _without_edges(page: Page, rows: list[_Row], offset: int | None, repeated: frozenset[tuple[str, bool]]) -> Page:
    taken: list[tuple[Kind, tuple[Word, ...]]] = []
    reached = {True: 0, False: 0}  # how many rows from the edge are furniture
    for row in rows:
        kind = _kind(row, page, offset, repeated)
        if kind and (row.rank <= reached[row.at_top] or kind == "page_number"):
            reached[row.at_top] = row.rank + 1
            taken.append((kind, row.line.words))
    if sum(len(words) for _, words in taken) == len(page.words):  # nothing would be left: copies of one page in a file
        taken = [(kind, words) for kind, words in taken if kind == "page_number"]
    return _without(page, taken)


def _kind(row: _Row, page: Page, offset: int | None, repeated: frozenset[tuple[str, bool]]) -> Kind | None:
    match = _NUMBER.fullmatch(row.line.text)
    if match and offset is not None and int(match["n"]) == page.number + offset and row.rank < _ROWS - 1:
        return "page_number"
    if (row.key in repeated and not match) or (row.at_top and _GAZETTE.fullmatch(row.line.text)):
        return "page_header" if row.at_top else "page_footer"
    return None


# --- stamps


def _without_stamps(page: Page) -> Page:
    page = page if page.exact else _without_boxes(page)
    text = " ".join(word.text for word in page.words)
    if not (_SIGNED.search(text) or (not page.exact and _RECEIVED.search(text))):
        return page
    lines = [line for words in base_lines(list(page.words)) for line in stretches(words)]
    body = middle([word.height for word in page.words], 12.0)
    taken: list[tuple[Kind, tuple[Word, ...]]] = []
    while seed := next((line for line in lines if _is_stamp(line, page.exact)), None):
        stamp = _grown(seed, lines, body, page.exact)
        lines = [line for line in lines if line not in stamp]
        taken.append(("stamp", tuple(word for line in stamp for word in line.words)))
    return _without(page, taken)


def _without_boxes(page: Page) -> Page:
    """A scan without what is printed in small boxes: stamps of incoming mail. A mark of secrecy or haste stays."""
    taken: list[tuple[Kind, tuple[Word, ...]]] = []
    for left, top, right, bottom in small_boxes(page, *_MAIL):
        words = tuple(
            word
            for word in page.words
            if left < (word.left + word.right) / 2 < right and top < (word.top + word.bottom) / 2 < bottom
        )
        if len(words) > 3 and not _MARK.search(" ".join(word.text for word in words)):
            taken.append(("stamp", words))
    return _without(page, taken)


def _is_stamp(line: Line, exact: bool) -> bool:
    return bool(_SIGNED.match(line.text) or (not exact and _RECEIVED.match(line.text)))


def _grown(seed: Line, lines: list[Line], body: float, exact: bool) -> list[Line]:
    """The stretches of one stamp, from the top down: small ones of the seed's size, and those with a label, around it."""
    stamp = [seed]
    grew = True
    while grew:
        left, top, right, bottom = around([word for line in stamp for word in line.words])
        near = [
            line for line in lines if line not in stamp and _beside(line, (left, top, right, bottom), seed, body, exact)
        ]
        stamp += near
        grew = bool(near)
    return sorted(stamp, key=lambda line: (line.bottom, line.left))


def _beside(line: Line, box: Box, seed: Line, body: float, exact: bool) -> bool:
    """Whether a stretch belongs to the stamp that fills `box` so far."""
    left, top, right, bottom = box
    if not exact:  # a stamp of mail is as wide as its longest line, the receiver's name on the line above the hour
        inside = seed.left - 40 < line.left and line.right < seed.right + 60 and len(line.text) < 40
        near = line.top < seed.bottom + seed.size and line.bottom > seed.top - 2 * seed.size
        return inside and near and not _NUMBERED.match(line.text)
    if not (line.top < bottom + 0.7 * seed.size and line.bottom > top - 0.7 * seed.size):
        return False
    if min(line.right, right) <= max(line.left, left):
        return False
    small = seed.size < 0.87 * body and abs(line.size - seed.size) < 0.15 * seed.size
    return bool(_SIGNED.match(line.text) or _BESIDE_SIGNED.match(line.text)) or (exact and small)


def _without(page: Page, taken: list[tuple[Kind, tuple[Word, ...]]]) -> Page:
    """The page without the words taken, which are pieces of furniture from now on."""
    if not taken:
        return page
    gone = {id(word) for _, words in taken for word in words}
    kept = tuple(word for word in page.words if id(word) not in gone)
    pieces = tuple(Furniture(kind=kind, text=printed(words), place=page.place(around(words))) for kind, words in taken)
    return msgspec.structs.replace(page, words=kept, furniture=(*page.furniture, *pieces))
