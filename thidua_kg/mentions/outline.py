"""A document's blocks as a tree for the finders: children, extents, marker-free text, and what a section is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from thidua_kg.mentions.unit_words import reading_copy
from thidua_kg.model import Block, Span
from thidua_kg.structure.markers import UPPER, Line, marker_of

Topic = Literal["aims", "work", "duties", "other"]
_AIMS = re.compile(
    r"(?:mục đích|yêu cầu|quan điểm|mục tiêu|chỉ tiêu|căn cứ|đối tượng|phạm vi|giải thích từ ngữ|tình hình|đánh giá|"
    r"sự cần thiết|nguyên tắc|kết quả đạt được|hiệu lực|bối cảnh|tiêu chí|điều kiện|hồ sơ|quyền(?: hạn| lợi)? của|quyền hạn$|"
    r"thẩm quyền(?!,? (?:và )?trách nhiệm)|(?:nội dung )?phân cấp|chế độ làm việc|cơ cấu tổ chức)"
)
_DUTIES = re.compile(r"(?:tổ chức thực hiện|phân công|trách nhiệm|tổ chức triển khai|điều khoản thi hành)")
_WORK = re.compile(
    r"(?:nhiệm vụ|giải pháp|nội dung|công việc|hoạt động|biện pháp|chương trình công tác|trình tự|quy trình)"
)
_PROCEDURE = re.compile(r"quy trình|trình tự")  # "Hồ sơ, quy trình tiếp nhận, giải quyết": who does what in which order
_FUNDS = re.compile(r"(?:kinh phí|nguồn lực|nguồn vốn)")
_SENTENCE = re.compile(rf"[.;:](?:(?<=[;:])(?= )|(?= {{1,4}}[\[(]?[{UPPER}\d]))")
_LISTS = (  # "Giám đốc các Sở: Tài chính, Nội vụ; …" goes on behind its colon
    "Giám đốc", "Thủ trưởng", "ác Sở", "ác sở", "ác Bộ", "ác bộ", "ác Ban", "ác tỉnh", "ác xã", "ác phường", "ác Cục", "ác Vụ",
    "với các đơn vị", "với các cơ quan", "với các cơ quan, đơn vị",
)  # fmt: skip


class Outline:
    """The tree of one document's blocks, with its text and reading copy; answers are offsets into the text."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self.text, self.flat, self.blocks = text, reading_copy(text), blocks
        self.at = {block.id: index for index, block in enumerate(blocks)}
        self.children: dict[str | None, list[int]] = {}
        for index, block in enumerate(blocks):
            self.children.setdefault(block.parent, []).append(index)
        self.ends = self._extents()
        self._bodies: dict[int, Span] = {}
        self.topics = self._topics()

    def _extents(self) -> list[int]:
        """Where each block ends together with what is below it."""
        ends = [block.span[1] for block in self.blocks]
        for index in range(len(ends) - 1, -1, -1):
            parent = self.blocks[index].parent
            if parent is not None:
                ends[self.at[parent]] = max(ends[self.at[parent]], ends[index])
        return ends

    def _topics(self) -> list[Topic]:
        """What each block's section is about, read from headings and handed down."""
        topics: list[Topic] = []
        for block in self.blocks:
            topic: Topic = topics[self.at[block.parent]] if block.parent else "other"
            if block.title and block.kind in ("section", "item"):
                topic = _topic(block.title.lower(), anywhere=block.kind == "section") or topic
            topics.append(topic)
        return topics

    def below(self, index: int) -> list[int]:
        """The direct children of a block."""
        return self.children.get(self.blocks[index].id, [])

    def list_behind(self, index: int) -> list[int]:
        """The items that a paragraph introduces: those of one kind that follow it under the same heading."""
        found: list[int] = []
        siblings = self.children[self.blocks[index].parent]
        for sibling in siblings[siblings.index(index) + 1 :]:
            block = self.blocks[sibling]
            if block.kind != "item" or (found and _bullet(block) != _bullet(self.blocks[found[0]])):
                break
            found.append(sibling)
        return found

    def extent(self, index: int) -> Span:
        """The span of a block with everything below it, trailing white space left out."""
        start, end = self.blocks[index].span[0], self.ends[index]
        return start, start + len(self.text[start:end].rstrip())

    def body(self, index: int) -> Span:
        """The span of a block's own text without its marker and outer white space."""
        if index not in self._bodies:
            self._bodies[index] = self._body(index)
        return self._bodies[index]

    def _body(self, index: int) -> Span:
        """The same, worked out."""
        start, end = self.blocks[index].span
        if self.blocks[index].number is not None and self.blocks[index].kind in ("section", "item"):
            line = self.text[start : min(end, start + 60)].replace("\n", " ")  # "Điều" and its number may be two lines
            marker = marker_of(Line(start, end, line, False))
            start = marker.body if marker else start
        own = self.flat[start:end]
        start += len(own) - len(own.lstrip(" .–-"))
        return start, max(start, start + len(self.flat[start:end].rstrip()))

    def sentences(self, span: Span) -> Iterator[Span]:
        """The sentences and clauses of a span: up to a full stop, semicolon or colon."""
        start = span[0]
        for match in _SENTENCE.finditer(self.flat, *span):
            end = match.end()
            if self.flat[end - 1] == ":" and self.flat.endswith(_LISTS, start, end - 1):
                continue
            yield start, end
            start = end
        if start < span[1]:
            yield start, span[1]

    def in_articles(self, index: int) -> bool:
        """Whether the block stands in an article of a law or decision."""
        return "Điều " in self.blocks[index].id


def _bullet(block: Block) -> bool:
    return (block.number or "-").startswith("-")


def _topic(title: str, *, anywhere: bool) -> Topic | None:
    """The topic that a heading names, `anywhere` in it or at its beginning; aims only where it begins with them."""
    look = re.Pattern.search if anywhere else re.Pattern.match
    if look(_DUTIES, title):
        return "duties"
    if look(_FUNDS, title):
        return "other"
    if _AIMS.match(title) and not (anywhere and _PROCEDURE.search(title)):
        return "aims"
    return "work" if look(_WORK, title) else None
