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
_STRAY = -1.0  # a line of names in a column that holds none


def align(text: str, lines: Sequence[Span], fields: Sequence[Field | None]) -> Iterator[tuple[Field, Span, bool]]:
    """What the cells of known columns hold, in the order of the columns, and whether known names fill it.

    `lines` are the spans of the row's lines, `fields` what the columns hold (None: unknown), both in printed order. A
    cell of units gives a part for each name that it may hold.
    """
    if not lines or len(lines) > _MOST_LINES:
        return
    row = _Row(text, lines, single=sum(field in ROLES for field in fields) == 1)
    reached = [0.0] + [_NEVER] * len(lines)
    steps: list[list[int]] = []
    for field in fields:
        before, reached, begun = reached, [_NEVER] * (len(lines) + 1), [0] * (len(lines) + 1)
        for start, so_far in enumerate(before):
            if so_far == _NEVER:
                continue
            for end in range(start, len(lines) + 1):
                worth = so_far + row.worth(field, start, end)
                if worth > reached[end]:
                    reached[end], begun[end] = worth, start
        steps.append(begun)
    end, cuts = len(lines), list[tuple[int, int]]()
    for begun in reversed(steps):
        cuts.append((begun[end], end))
        end = begun[end]
    for field, (first, after) in zip(fields, reversed(cuts), strict=True):
        if field in ROLES and row.is_described(first, after):
            for part in row.described(first, after):
                yield field, part, _is_filled(reading_copy(text[slice(*part)]))
        elif field in ROLES and row.is_names(first, after):
            yield from ((field, part, True) for part in row.parts(first, after))
        elif field is not None and field not in ROLES and first < after:
            yield field, (lines[first][0], lines[after - 1][1]), True


class _Row:
    """What the lines of one row look like, each question answered once."""

    def __init__(self, text: str, lines: Sequence[Span], *, single: bool) -> None:
        self.text, self.lines, self.single = text, lines, single
        self.words = [text[slice(*line)] for line in lines]

    def worth(self, field: Field | None, start: int, end: int) -> float:
        """How well the lines `[start, end)` would do as a cell of the column."""
        if start == end:
            return _EMPTY.get(field or "other", -0.3)
        if start and not self.may_start[start]:
            return _NEVER
        if field in ROLES:
            goes_on = start > 0 and (self.words[start - 1][-1] == ";" or self.words[start][0] == "(")
            if self.is_names(start, end):
                return 3.0 - 0.05 * (end - start) - goes_on
            return 2.2 - 0.1 * (end - start) - goes_on if self.is_described(start, end) else -3.0 * (end - start)
        stray = _STRAY * sum(self.is_names(line, line + 1) for line in range(start, end))
        if field == "time":
            return (3.0 if start in self.timed else -2.0) - 0.3 * (end - start) + stray
        return stray + (1.0 if field == "product" and _PRODUCT.match(self.words[start]) else 0.0)

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
        first, found = self.lines[start][0], set[int]()
        for line in range(start, min(start + _LONGEST_NAMES, len(self.lines))):
            if line in self.timed:
                break
            flat = reading_copy(self.text[first : self.lines[line][1]])
            if _is_filled(flat):
                found.add(line + 1)
        return found

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
