"""The walk over a text's lines that opens a block at each marker, paragraph, table row, annex and closing part."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from thidua_kg.model import Block, BlockKind, Span
from thidua_kg.structure import tables
from thidua_kg.structure.markers import (
    HEADING_RANK,
    Line,
    Marker,
    annex_number,
    ends_sentence,
    heading_level,
    is_plausible,
    marker_of,
    starts_low,
)
from thidua_kg.text import fold_space, places

_LINE = re.compile(r"\S[^\n]*")
_HEADING_WORD = re.compile(r"[*_#\s]*(?:Điều|ĐIỀU|Chương|CHƯƠNG|Phần|PHẦN|Mục|MỤC|Phụ lục|PHỤ LỤC)")
_ORDINAL = re.compile(r"(?:\d{1,3}[a-zđ]?|[IVXLC]{1,8})(?:[.:)]|\s*$| )")
_BULLET = re.compile(r"[-–+•]")
_LONGEST_QUOTE = 20_000  # characters; a quotation mark that closes later than this was never meant to
_LONGEST_TITLE = 300
_CLOSER = re.compile(
    r"Trên đây là|Trong quá trình|Yêu cầu|Đề nghị|Giao |Căn cứ (?:các )?(?:nội dung|quy định|Kế hoạch)|"
    r"(?:Ủy|Uỷ) ban nhân dân|Kế hoạch này|Nhận được|Văn phòng [^\n]{3,60} thông báo"
)

# A call on somebody: it opens a paragraph where it begins a line, and ends the preamble of a letter or directive wherever
# its paragraph holds it. What proposes ("Theo đề nghị của ...") calls on nobody.
_CALL = re.compile(r"(?:Giao(?! thông| dịch| ban| lưu)|Đề nghị|Yêu cầu)(?= (?!của|tại|và))")
_CALLS_WITHIN = re.compile(
    r"(?<![Tt]heo )(?<!Xét )(?:Đề nghị|đề nghị|Yêu cầu|yêu cầu)(?= (?:[A-ZĐỦỤÔ]|các |những )[^.;]{3,400}\S)|Giao (?=[A-ZĐỦỤÔ]|các )"
)
_GROUNDS = re.compile(r"Căn cứ|Theo |Xét |Kính gửi|QUYẾT|Trân trọng")
_LONGEST_OPENING = 14  # lines of a paragraph of the preamble that are looked at


class Frame(msgspec.Struct, frozen=True, gc=False):
    """An open item: what a following marker is measured against."""

    style: str
    rank: int
    value: int
    number: str
    id: str
    level: int


class Cut(msgspec.Struct, frozen=True, gc=False):
    """Where a block begins; `body` is where its text begins after the marker."""

    start: int
    body: int
    kind: BlockKind
    id: str
    number: str | None
    parent: str | None


class Layout(NamedTuple):
    """How a text separates paragraphs: every line is one, blank lines do, or neither (wrapped, without blank lines)."""

    every_line: bool
    blank_lines: bool
    width: int


def read_lines(text: str) -> list[Line]:
    """The lines that are not blank, each with whether a blank line stands before it."""
    lines, done = list[Line](), 0
    for match in _LINE.finditer(text):
        start, end = match.span()
        blank = text.count("\n", done, start) > 1
        if lines and not blank and _goes_with(lines[-1].text, match[0]):
            start, blank = lines[-1].start, lines.pop().after_blank
        lines.append(Line(start, end, text[start:end].replace("\n", " ").rstrip(), blank))
        done = end
    return lines


def _goes_with(before: str, line: str) -> bool:
    """Whether a line was broken behind its marker: "Điều" and "16. Trách nhiệm", a dash and the words that it begins."""
    return bool(
        (_HEADING_WORD.fullmatch(before) and _ORDINAL.match(line)) or (_BULLET.fullmatch(before) and line[0].isalpha())
    )


def layout_of(lines: list[Line]) -> Layout:
    """The layout of a text, from the lengths of its first 2,000 lines and the blank lines among them."""
    sample = lines[:2000]
    lengths = sorted(len(line.text) for line in sample)
    long = sum(length > 130 for length in lengths)
    blank = sum(line.after_blank for line in sample)
    return Layout(long * 6 > len(sample), blank * 8 > len(sample), lengths[len(lengths) * 19 // 20] if lengths else 0)


def quotations(text: str) -> list[Span]:
    """The spans between “ and its ”: what they quote is another text's, its markers included."""
    found, opened = [], list[int]()
    for at in places(text, "“”"):
        if opened and at - opened[0] > _LONGEST_QUOTE:
            opened.clear()
        if text[at] == "“":
            opened.append(at)
        elif opened:
            start = opened.pop()
            if not opened:
                found.append((start, at + 1))
    return found


class Builder:
    """Builds the blocks of one text; used once."""

    def __init__(self, text: str, header_end: int, recipients: Span | None, signature: Span | None) -> None:
        self.text, self.header_end = text, header_end
        self.lines = read_lines(text)
        self.layout = layout_of(self.lines)
        self.quotes = iter([*quotations(text), (len(text) + 1, len(text) + 1)])
        self.quote = next(self.quotes)
        closing: tuple[tuple[Span | None, BlockKind], ...] = ((recipients, "recipients"), (signature, "signature"))
        self.zones: list[tuple[Span, BlockKind]] = []
        for start, end, kind in sorted((*span, kind) for span, kind in closing if span is not None):
            free = max(start, self.zones[-1][0][1] if self.zones else header_end)
            self.zones += [((free, end), kind)] if free < end else []
        self.closed_at = max((span[1] for span, _ in self.zones), default=len(text) + 1)
        self.last_words = self.closing_paragraph()
        self.stack: list[Frame] = []
        self.root: str | None = None  # the annex that everything belongs to, once one began
        self.cuts: list[Cut] = []
        self.used: dict[str, int] = {}
        self.counted: dict[tuple[str | None, str], int] = {}

    def build(self) -> tuple[Block, ...]:
        """All blocks, in order."""
        if self.header_end > 0:
            self.cut(0, "preamble", "header")
        at = 0
        while at < len(self.lines):
            at = self.read(at)
        return tuple(self.finish())

    def closing_paragraph(self) -> int:
        """Where the unnumbered paragraph begins that closes the body with "./.", -1 where there is none."""
        end = self.zones[0][0][0] if self.zones else len(self.text)
        at = bisect_left(self.lines, end, key=lambda line: line.start) - 1
        if at < 0 or not self.lines[at].text.rstrip("*_ ").endswith("/."):
            return -1
        while at > 0 and not self.lines[at].after_blank and not self.layout.every_line:
            at -= 1
        return self.lines[at].start

    def read(self, at: int) -> int:
        """Reads the line number `at` and whatever belongs to it; returns the number of the next line to read."""
        line = self.lines[at]
        if line.start < self.header_end:
            return at + 1
        if self.zones and line.end > self.zones[0][0][0]:
            return self.close(at)
        annex = annex_number(line.text)
        if annex is not None or (line.start >= self.closed_at and self.root is None):
            self.annex(line, annex or "")
            return at + 1
        table = self.table(at) or self.flattened(at)
        if table:
            return table
        if not self.item(at) and self.new_paragraph(at):
            self.paragraph(line)
        return at + 1

    def previous(self, at: int) -> Line | None:
        """The line before, where it belongs to the same run of text."""
        return self.lines[at - 1] if at and self.lines[at - 1].start >= self.header_end else None

    def close(self, at: int) -> int:
        """Opens the recipients or signature block and passes over its lines."""
        (start, end), kind = self.zones.pop(0)
        if self.zones:
            end = max(end, min(self.zones[0][0][0], len(self.text)))
        self.stack.clear()
        self.cut(max(start, self.header_end), kind, kind)
        while at < len(self.lines) and self.lines[at].start < end:
            at += 1
        return at

    def annex(self, line: Line, number: str) -> None:
        """Opens an annex; everything up to the next one belongs to it."""
        self.stack.clear()
        self.root = None
        name = f"Phụ lục {number}".strip()
        self.root = self.cut(line.start, "annex", name, number=number or None)

    def item(self, at: int) -> bool:
        """Opens a section or item where the line begins with a real marker."""
        line = self.lines[at]
        while self.quote[1] <= line.start:
            self.quote = next(self.quotes)
        if self.quote[0] < line.start:
            return False
        marker = marker_of(line)
        if marker is None:
            return self.markdown_heading(line)
        kept = self.depth_for(marker)
        sibling = self.stack[kept] if kept < len(self.stack) and self.stack[kept].style == marker.style else None
        if not is_plausible(marker, line, self.previous(at), sibling.value if sibling else None):
            return False
        del self.stack[kept:]
        self.open(marker)
        return True

    def depth_for(self, marker: Marker) -> int:
        """How many open items stay open above the marker: its parent's place in the stack, plus one."""
        prefix = marker.number.rpartition(".")[0] if marker.style.startswith("dotted") else ""
        for depth in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[depth]
            if prefix and frame.number.split(" ")[-1] == prefix:
                return depth + 1
            if not prefix and frame.style == marker.style:
                return depth
        depth = len(self.stack)
        while depth and not marker.is_bullet and self.stack[depth - 1].rank >= marker.rank:
            depth -= 1
        return depth

    def open(self, marker: Marker) -> None:
        """Adds the marker's block and frame below what is open."""
        parent = self.stack[-1] if self.stack else None
        number = self.count(f"{self.parent() or ''}", "-") if marker.is_bullet else marker.number
        local = number
        if parent and marker.style.startswith("dotted") and number.startswith(parent.number.split(" ")[-1] + "."):
            local = number[len(parent.number.split(" ")[-1]) + 1 :]
        kind: BlockKind = "section" if marker.rank <= HEADING_RANK or marker.heading else "item"
        made = self.cut(marker.start, kind, local, number=number, body=marker.body)
        self.stack.append(Frame(marker.style, marker.rank, marker.value, marker.number, made, marker.heading))

    def markdown_heading(self, line: Line) -> bool:
        """Opens a section for a Markdown heading that prints no number."""
        level = heading_level(line.text)
        if not level:
            return False
        while self.stack and not 0 < self.stack[-1].level < level:
            self.stack.pop()
        made = self.cut(line.start, "section", self.count(self.parent() or "", "h"), body=line.start + level)
        self.stack.append(Frame("heading", -1, 0, "", made, level))
        return True

    def new_paragraph(self, at: int) -> bool:
        """Whether the line begins a paragraph of its own rather than going on with the block before."""
        before = self.previous(at)
        if self.cuts and self.cuts[-1].kind == "preamble":
            return (before is None or self.parts(at, before)) and self.calls(at)
        if not self.cuts or before is None or self.cuts[-1].kind not in ("section", "item", "paragraph", "annex"):
            return not self.cuts or self.cuts[-1].kind in ("row", "table")
        return self.parts(at, before)

    def calls(self, at: int) -> bool:
        """Whether a paragraph of the preamble that begins here calls on somebody, so that the body begins with it."""
        words = self.lines[at].text
        if _GROUNDS.match(words):
            return False
        for after in range(at + 1, min(at + _LONGEST_OPENING, len(self.lines))):
            if not self.in_body(after) or marker_of(self.lines[after]) or self.parts(after, self.lines[after - 1]):
                break
            words += f" {self.lines[after].text}"
        return _CALLS_WITHIN.search(words) is not None

    def parts(self, at: int, before: Line) -> bool:
        """Whether two lines of one run of text belong to different paragraphs, by blank lines, ends and widths."""
        line, own = self.lines[at], self.cuts[-1]
        if before.start == own.start and self.text[own.body : before.end].strip("*_\\. \t") == "":
            return False
        ended = ends_sentence(before.text)
        if not ended and (starts_low(line.text) or (before.text.endswith(",") and not line.after_blank)):
            return False
        if line.after_blank or self.layout.every_line:
            return True
        if self.layout.blank_lines:
            return False
        if not ended and before.start == own.start and _CALL.match(line.text):
            return True
        if not ended:
            return before.start == own.start and before.text.isupper() and not line.text.isupper()
        first_word = line.text.split(" ", 1)[0]
        return len(before.text) + 1 + len(first_word) < self.layout.width and not starts_low(line.text)

    def paragraph(self, line: Line) -> None:
        """Opens an unnumbered paragraph: part of the open item, or of none where it closes the document."""
        if not self.cuts:
            self.cut(line.start, "preamble", "preamble")
            return
        says_so = _CLOSER.match(line.text) is not None
        last = line.start == self.last_words and (says_so or self.cuts[-1].kind != "paragraph")
        deep = bool(self.stack) and self.stack[-1].rank > HEADING_RANK
        if (deep and (last or (says_so and len(self.stack) < 3))) or all(frame.rank >= 12 for frame in self.stack):
            self.stack.clear()
        self.cut(line.start, "paragraph", self.count(self.parent() or "", "p"))

    def table(self, at: int) -> int:
        """Opens a piped or tab separated table with its rows; returns the number of the line after it, 0 for none."""
        if not tables.columns(self.lines[at].text) or at + 1 == len(self.lines):
            return 0
        end = at
        while end < len(self.lines) and self.in_body(end) and tables.columns(self.lines[end].text):
            end += 1
        if end - at < 2:
            return 0
        made = self.cut(self.lines[at].start, "table", self.count(self.parent() or "", "t"))
        section = made
        for line in self.lines[at + 1 : end]:
            if tables.is_rule(line.text):
                continue
            first = tables.cells(line.text, line.start)
            number = tables.row_number(self.text[slice(*first[0])].strip("*_ ")) if first else None
            section = self.row(line.start, number, made, section)
        return end

    def flattened(self, at: int) -> int:
        """Opens a table whose cells stand on lines of their own; returns the number of the line after it, 0 for none."""
        head = tables.flattened_head(self.lines, at)
        if not head or not self.in_body(at + head - 1):
            return 0
        made = self.cut(self.lines[at].start, "table", self.count(self.parent() or "", "t"))
        section, at, last = made, at + head, ""
        while at < len(self.lines) and self.in_body(at):
            line = self.lines[at]
            number = tables.row_number(line.text)
            if number is not None and tables.follows(number, last):
                section, last = self.row(line.start, number, made, section), number
            elif tables.is_total(line.text):
                self.row(line.start, None, made, section)
            elif tables.flattened_head(self.lines, at) or self.ends_table(line):
                break
            at += 1
        return at

    def in_body(self, at: int) -> bool:
        """Whether the line lies before the closing parts and is no annex heading."""
        line = self.lines[at]
        return not (self.zones and line.end > self.zones[0][0][0]) and annex_number(line.text) is None

    def ends_table(self, line: Line) -> bool:
        """Whether the line goes on with the outline rather than with a cell: after a blank one where these part paragraphs."""
        marker = marker_of(line)
        return line.after_blank and self.layout.blank_lines and (marker is None or not marker.is_bullet)

    def row(self, start: int, number: str | None, table: str, section: str) -> str:
        """Adds a row below its section row or the table; returns the section that the next row belongs to."""
        is_section = number is not None and not number.isdigit() and not tables.is_step(number)
        parent = table if is_section else section
        made = self.cut(start, "row", number or self.count(parent, "r"), number=number, parent=parent)
        return made if is_section else section

    def parent(self) -> str | None:
        """The id of the innermost open item, or of the annex."""
        return self.stack[-1].id if self.stack else self.root

    def count(self, parent: str, letter: str) -> str:
        """The next local id of things without a printed number: `-1`, `p2`, `t1`."""
        key = (parent, letter)
        self.counted[key] = self.counted.get(key, 0) + 1
        return f"{letter}{self.counted[key]}"

    def cut(
        self,
        start: int,
        kind: BlockKind,
        local: str,
        *,
        number: str | None = None,
        body: int | None = None,
        parent: str | None = None,
    ) -> str:
        """Begins a block and returns its id."""
        above = parent or (None if kind in ("recipients", "signature", "preamble") else self.parent())
        path = f"{above}.{local}" if above else local
        self.used[path] = self.used.get(path, 0) + 1
        made = path if self.used[path] == 1 else f"{path}~{self.used[path]}"
        self.cuts.append(Cut(start, start if body is None else body, kind, made, number, above))
        return made

    def finish(self) -> Iterable[Block]:
        """The blocks between the cuts, their titles read."""
        if not self.text:
            return
        if not self.cuts:
            self.cut(0, "preamble", "preamble")
        ends = [cut.start for cut in self.cuts[1:]] + [len(self.text)]
        for index, (cut, end) in enumerate(zip(self.cuts, ends, strict=True)):
            start = cut.start if index else 0
            title = self.title(cut, end)
            yield Block(id=cut.id, kind=cut.kind, span=(start, end), number=cut.number, parent=cut.parent, title=title)

    def title(self, cut: Cut, end: int) -> str | None:
        """The heading of a section, item or annex: its own text where that is short and not a sentence."""
        if cut.kind not in ("section", "item", "annex"):
            return None
        own = fold_space(self.text[cut.body : min(end, cut.body + 2 * _LONGEST_TITLE)]).strip("*_#\\ ")
        if not own or len(own) > _LONGEST_TITLE or own.rstrip("*_ ").endswith((".", ";")):
            return None
        return own.rstrip(":*_ ")
