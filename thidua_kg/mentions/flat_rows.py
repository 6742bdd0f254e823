"""Which lines of a flattened table row belong to which column: the best alignment of its lines with the headings.

A conversion that prints one cell after the other keeps the order of the columns but not the borders of the cells, and
drops the blank ones. Every way to cut a row's lines into the columns is weighed by what each cell would hold: names that
fill a cell of units, a time where a time belongs, no name left over in the words of the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from thidua_kg.dates import time_expressions
from thidua_kg.mentions.roles import Field
from thidua_kg.mentions.unit_words import reading_copy
from thidua_kg.mentions.units import read_units
from thidua_kg.model import Span

ROLES = ("lead", "coordinate", "advise", "perform")
_MOST_LINES = 60  # of a row that is aligned; one with more holds no table row's cells
_LONGEST_NAMES = 16  # lines of a cell of units
_LONGEST_NAME = 5  # lines of one name
_NEVER = float("-inf")
_OPEN_END = re.compile(
    r"(?:[,(–-]|(?<!\w)(?:và|hoặc|của|các|cùng|với|cho|về|trong|theo|(?:quyết|định|hoạch|thị|văn|điện|trình|cáo|luận|tư|luật) số))$"
)
_STARTS = re.compile(r"[^\W\da-zà-ỹđ_]|\d{4}\b|\d{1,2}/|[-–+•] |\(?\d{1,2}[.)]")
_BETWEEN = re.compile(r"(?:\(\d{1,2}\)|\d{1,2}[.)]|[\s,;.:()•+–-]|(?<!\w)và(?!\w))*")
_PRODUCT = re.compile(
    r"[-–+•]? ?(?:Quyết định|Kế hoạch|Báo cáo|Văn bản|Công văn|Nghị quyết|Đề án|Dự án|Chương trình|Hướng dẫn|Tờ trình|Quy chế|"
    r"Quy định|Hội nghị|Lớp|Tài liệu|Phần mềm|Hệ thống|Cuộc|Danh mục|Thông báo|Bộ tiêu chí|Biên bản|Các )"
)
_LONGEST_DESCRIBED = 9  # lines of a cell of actors that no table of names knows
_ACTOR = re.compile(
    r"[-–+•]? ?(?:Tổ chức|Cá nhân|Cán bộ|Công chức|Viên chức|Chuyên viên|Nhân viên|Lãnh đạo|Trưởng|Phó|Bộ phận|Trung tâm|"
    r"TT[A-ZĐ]{2,}|Văn thư|Người|Doanh nghiệp|Ban|Hội đồng|Tổ|Phòng|Cơ quan|Đơn vị|Chủ|Giám đốc|Sở|Bộ|UBND|Ủy ban|Văn phòng|"
    r"Chi cục|Cục|Thủ trưởng|Giáo viên|Hiệu trưởng|Thí sinh|Học viên)(?!\w)"
)
_SENTENCE = re.compile(r"[.] (?![-–+•])|:")
_APART = re.compile(
    r"\s{0,4}[;/]\s{0,4}|\s{0,4}\n[-–+•]\s{0,4}|\s{1,4}hoặc\s{1,4}|"
    r",\s{1,4}(?=(?:Cán bộ|Công chức|Chuyên viên|Lãnh đạo|Tổ chức|Cá nhân|Bộ phận|Sở|Phòng) )"
)
_DURATION = re.compile(
    r"[-–+•]? ?(?:(?:Không quá|Tối đa|Trong) )?(?:\d{1,4}(?:[.,]\d{1,3})?|½|\d{1,3}/\d{1,3}) ?(?:\(\w+\) )?"
    r"(?:ngày|giờ|tháng|phút|tuần)|Giờ hành chính|Không tính thời gian|Trong thời (?:gian|hạn)"
)
_EMPTY = {
    "content": -4.0,
    "lead": -1.6,
    "coordinate": -1.0,
    "advise": -1.0,
    "perform": -1.4,
    "time": -1.0,
    "product": -0.5,
}
_EMPTY_OTHER = -0.3
_STRAY = -1.0  # a line of names in a column that holds none
_WRONG = -3.0  # a line of other words in a column of names
_LATE = -0.3  # a line more of a time


def align(text: str, lines: Sequence[Span], fields: Sequence[Field | None]) -> Iterator[tuple[Field, Span, bool]]:
    """What the cells of known columns hold, in the order of the columns, and whether known names fill it.

    `lines` are the spans of the row's lines, `fields` what the columns hold (None: unknown), both in printed order. A
    cell of units gives a part for each name that it may hold.
    """
    if not lines or len(lines) > _MOST_LINES:
        return
    row = _Row(text, lines, single=sum(field in ROLES for field in fields) == 1)
    for field, (first, after) in zip(fields, _cuts(row, fields), strict=True):
        if field in ROLES and row.is_described(first, after):
            for part in row.described(first, after):
                yield field, part, _is_filled(reading_copy(text[slice(*part)]))
        elif field in ROLES and row.is_names(first, after):
            yield from ((field, part, True) for part in row.parts(first, after))
        elif field is not None and field not in ROLES and first < after:
            yield field, (lines[first][0], lines[after - 1][1]), True


def _cuts(row: _Row, fields: Sequence[Field | None]) -> list[tuple[int, int]]:
    """The lines `[first, after)` of each column in the alignment that is worth most."""
    count = len(row.lines)
    reached = [0.0] + [_NEVER] * count
    begun: list[list[int]] = []
    for field in fields:
        before, reached = reached, [so_far + _EMPTY.get(field or "other", _EMPTY_OTHER) for so_far in reached]
        starts = list(range(count + 1))
        for start, end, worth in row.cells(field, before):
            if worth > reached[end]:
                reached[end], starts[end] = worth, start
        begun.append(starts)
    end, cuts = count, list[tuple[int, int]]()
    for starts in reversed(begun):
        cuts.append((starts[end], end))
        end = starts[end]
    return cuts[::-1]


class _Row:
    """What the lines of one row look like, each question answered once."""

    def __init__(self, text: str, lines: Sequence[Span], *, single: bool) -> None:
        self.text, self.lines, self.single = text, lines, single
        self.words = [text[slice(*line)] for line in lines]

    def cells(self, field: Field | None, before: Sequence[float]) -> Iterator[tuple[int, int, float]]:
        """The cells that a column may take, with what the row is worth so far: (first line, line after it, worth).

        `before` is the worth of the lines taken by the columns before. A cell of names is weighed as a whole; what any
        other cell is worth is the worth of its beginning and of each of its lines, so that the best beginning of those
        passed by is enough.
        """
        worth_of_line = _WRONG if field in ROLES else _LATE if field == "time" else 0.0
        best, begin, so_far = _NEVER, 0, 0.0
        for line in range(len(self.lines)):
            if before[line] != _NEVER and (line == 0 or self.may_start[line]):
                if field in ROLES:
                    yield from ((line, end, before[line] + worth) for end, worth in self.units(line))
                opened = before[line] + self.opening(field, line) - so_far
                if opened >= best:
                    best, begin = opened, line
            so_far += worth_of_line + (_STRAY if field not in ROLES and self.is_names(line, line + 1) else 0.0)
            if best != _NEVER:
                yield begin, line + 1, best + so_far

    def opening(self, field: Field | None, line: int) -> float:
        """How well a cell of the column may begin with the line, apart from names in a column of units."""
        if field == "time":
            return 3.0 if line in self.timed else -2.0
        return 1.0 if field == "product" and _PRODUCT.match(self.words[line]) else 0.0

    def units(self, start: int) -> Iterator[tuple[int, float]]:
        """Where a cell of names or actors that begins with the line may end, and how well that would do."""
        goes_on = start > 0 and (self.words[start - 1][-1] == ";" or self.words[start][0] == "(")
        for end in self.names.get(start, ()):
            yield end, 3.0 - 0.05 * (end - start) - goes_on
        for end in range(start + 1, min(start + _LONGEST_DESCRIBED, len(self.lines)) + 1):
            if self.is_described(start, end):
                yield end, 2.2 - 0.1 * (end - start) - goes_on

    def is_names(self, start: int, end: int) -> bool:
        """Whether names of units fill these lines."""
        return start in self.names and end in self.names[start]

    def is_described(self, start: int, end: int) -> bool:
        """Whether these lines call an actor by what he does: "Chuyên viên được giao xử lý hồ sơ"."""
        if not self.single or start >= end or end - start > _LONGEST_DESCRIBED or not self.may_start[start]:
            return False
        said = " ".join(self.words[start:end])
        timed = any(line in self.timed for line in range(start, end))
        return not timed and len(said) < 200 and _ACTOR.match(said) is not None and not _SENTENCE.search(said)

    def described(self, start: int, end: int) -> Iterator[Span]:
        """The actors of such a cell: one for each bullet, and on each side of a semicolon or a stroke."""
        at, stop = self.lines[start][0], self.lines[end - 1][1]
        said = self.text[at:stop]
        edges = [0, *(edge for mark in _APART.finditer(said) for edge in mark.span()), len(said)]
        for left, right in zip(edges[::2], edges[1::2], strict=True):
            part = said[left:right]
            inner = part.strip(" \n;,.-–+•")
            if inner:
                first = at + left + part.index(inner)
                yield first, first + len(inner)

    def parts(self, start: int, end: int) -> Iterator[Span]:
        """The stretches of a cell of names in which a name may run on from line to line, bullets and numbers left out."""
        while start < end:
            after = next(
                (i for i in range(start + 1, end) if self.may_start[i] and self.is_names(start, i) and i in self.names),
                end,
            )
            first = self.lines[start][0]
            yield first + _past(self.words[start], 0), self.lines[after - 1][1]
            start = after

    @cached_property
    def may_start(self) -> list[bool]:
        """Whether a cell may begin with each line: it opens large, with a date or a dash, behind a line that is whole."""
        pairs = zip(["", *self.words], self.words, strict=False)
        return [
            (_STARTS.match(now) or _DURATION.match(now)) is not None and _OPEN_END.search(was[-8:]) is None
            for was, now in pairs
        ]

    @cached_property
    def names(self) -> dict[int, set[int]]:
        """For each line that begins with a name: the ends of the stretches of lines that names fill."""
        return {line: ends for line in range(len(self.lines)) if self.may_start[line] and (ends := self._filled(line))}

    def _filled(self, start: int) -> set[int]:
        """The line numbers before which a list of names that begins at `start` may end."""
        whole, begin, found = start, start, set[int]()  # a list may go on over a line that would do alone
        for line in range(start, min(start + _LONGEST_NAMES, len(self.lines))):
            if line > start and line in self.timed:
                break
            if line > begin and line in found and self.may_start[line]:
                whole, begin = begin, line
            if any(self._is_filled(first, line) for first in dict.fromkeys((begin, whole))):
                found.add(line + 1)
            elif line - begin >= _LONGEST_NAME:
                break
        return found

    def _is_filled(self, first: int, last: int) -> bool:
        """Whether names are all that the lines from `first` to `last` say."""
        return _is_filled(reading_copy(self.text[self.lines[first][0] : self.lines[last][1]]))

    @cached_property
    def timed(self) -> set[int]:
        """The lines at whose beginning a time stands, though it may end on the next."""
        return {line for line in range(len(self.lines)) if self.may_start[line] and self._names_time(line)}

    def _names_time(self, line: int) -> bool:
        """Whether a time begins with this line."""
        start, end = self.lines[line][0], self.lines[min(line + 1, len(self.lines) - 1)][1]
        found = time_expressions(self.text, start, end, year=2000)
        found = found or time_expressions(self.text, *self.lines[line], year=2000)
        return bool(found and found[0].span[0] - start < 16) or _DURATION.match(self.words[line]) is not None


def _is_filled(flat: str) -> bool:
    """Whether names of units, with what stands between them, are all that is said."""
    at = _past(flat, 0)
    while at < len(flat):
        units, after = read_units(flat, at, len(flat))
        if not units:
            return False
        at = _past(flat, after)
    return True


def _past(flat: str, at: int) -> int:
    """The position behind what stands between two names: commas, bullets, numbers, "và"."""
    between = _BETWEEN.match(flat, at)
    return between.end() if between else at
