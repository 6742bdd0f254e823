"""Headings that name units over the items they are to do, and what such a heading says for all of them.

"1. Sở Nội vụ", "Trách nhiệm của Cơ quan quản lý trực tiếp", "2. Vụ Tổ chức cán bộ: Tham mưu Lãnh đạo Bộ:",
"Nội dung Công an tỉnh có trách nhiệm chủ trì".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.roles import predicate_at
from thidua_kg.mentions.units import UnitSpan, read_units, skip_parenthesis
from thidua_kg.model import Force, Role, Span
from thidua_kg.text import fold_space

_ADDRESS = re.compile(
    r" {0,4}(?:(?P<ask>[Đđ]ề nghị)|[Gg]iao(?: cho)?|(?P<whole>(?:[Tt]hẩm quyền,? (?:và )?)?(?:[Tt]rách nhiệm|[Nn]hiệm vụ)"
    r"(?:,? (?:và )?(?:quyền hạn|trách nhiệm|nhiệm vụ|quyền)){0,2}(?: chính| cụ thể)? của)|[Đđ]ối với|[Vv]ề phía|[Yy]êu cầu)?"
    r"(?: {0,4}:)? {0,4}"
)
_PART_OF = re.compile(
    r" {0,4}(?:Những |Các )?(?:[Nn]ội dung|[Nn]hiệm vụ|[Cc]ông việc|[Vv]iệc)(?: công việc)?(?: do)?(?= )"
)
_TOPIC = re.compile(  # "Doanh nghiệp số": no addressee
    r"(?!Các |các |Những |những |Toàn thể|Sở|Cơ quan|Đơn vị|[^,]{0,40},)"
)
_ASIDE = re.compile(  # ", nhất là các tỉnh …", and what else a body is: " - Cơ quan thường trực Ban Chỉ đạo"
    r" {0,4}, (?:nhất là|đặc biệt là|trong đó có|bao gồm|gồm) [^:;.]{3,200}(?<!tỉnh)(?<!phố)(?=:)"
    r"| {1,4}[-–] (?:[Cc]ơ quan|[Đđ]ơn vị|Trưởng|Phó|Ủy viên) [^:;.,]{3,80}(?=:| {0,4}$)"
)
_BESIDES = re.compile(  # the name has ended before
    r"^ {0,4}(?:trong|về|tại|theo|với|khi|đối với|để|là|có|,|;|và)(?!\w)|;"
)
_CLAUSE = re.compile(  # a heading that says more than a name
    r"[,;:(]|^ {0,4}(?:trong|về|tại|theo|với|và|do|là|để|từ|đến|-|–) |(?:có|chịu) trách nhiệm|chủ trì|phối hợp|thực hiện"
    r"|tham mưu|ban hành|(?:ủy quyền|uỷ quyền|phân cấp) cho"
    r"| (?:cần|phải|quyết định) | có (?:các |những )?(?:nhiệm vụ|trách nhiệm|quyền|chức năng)"
)
_LONGEST_REST = 60  # characters of a heading behind the names that are known
_LONGEST_NAME = 160  # characters of a name after "Trách nhiệm của"
_MARKS = ":;., "


class Subject(NamedTuple):
    """Whom the items below a block are for; `units` is empty where only the way of asking is handed down."""

    units: tuple[UnitSpan, ...]
    force: Force | None
    source: str  # the block that says so; "sentence" and "inside" for what reaches a block's own parts only
    role: Role | None = None  # where it is said for all of them: "Nội dung Công an tỉnh có trách nhiệm chủ trì"
    helpers: tuple[UnitSpan, ...] = ()  # and with whom: "a) Chủ trì, phối hợp với các sở, ngành:"


class Heading(NamedTuple):
    """A heading's units, and where the one task is told that has no item of its own: (block, words)."""

    subject: Subject
    task: tuple[int, Span] | None


def read_heading(tree: Outline, index: int, span: Span, above: Subject | None) -> Heading | None:
    """The heading that a block is, None for a block that names no units or says more than their names."""
    address = _ADDRESS.match(tree.flat, *span)
    whole = address is not None and address["whole"] is not None
    units, after = _named(tree, index, address.end() if address else span[0], span[1], whole=whole)
    if not units or tree.topics[index] == "aims":
        return None
    after = skip_parenthesis(tree.flat, after, span[1])
    if aside := _ASIDE.match(tree.flat, after, span[1]):
        after = aside.end()
    rest = tree.flat[after : span[1]].strip()
    inline = after + tree.flat[after : span[1]].index(":") + 1 if rest.startswith(":") else None
    below = [child for child in tree.below(index) if tree.blocks[child].kind in ("item", "paragraph")]
    items = [child for child in below if tree.blocks[child].kind == "item"]
    says_more = bool(rest.strip(_MARKS))
    unaddressed = not whole and len(units) == 1 and units[0].group and _TOPIC.match(units[0].unit) is not None
    if unaddressed or (says_more and inline is None) or not (below or says_more):
        return None
    asked = address is not None and address["ask"] is not None
    does = predicate_at(tree.flat, inline, span[1]) if inline is not None else None
    subject = Subject(units, "requested" if asked else above.force if above else None, tree.blocks[index].id)
    if does and does.role != "perform" and rest.endswith(":"):
        subject = subject._replace(role=does.role, helpers=does.helpers)
    if items:
        return Heading(subject, None)
    if inline is not None and says_more:
        return Heading(subject, (index, (inline, span[1]))) if does else None
    return Heading(subject, (below[0], tree.body(below[0])))


def shared_role(tree: Outline, index: int, span: Span) -> Subject | None:
    """Who leads all that is listed below, where a heading says so: "Nội dung Công an tỉnh có trách nhiệm chủ trì"."""
    match = _PART_OF.match(tree.flat, *span)
    units, after = read_units(tree.flat, match.end(), span[1]) if match else ((), 0)
    does = predicate_at(tree.flat, after, span[1]) if units else None
    if does is None or tree.blocks[index].title is None or tree.flat[does.at : span[1]].count(" ") > 5:
        return None
    return Subject(units, None, tree.blocks[index].id, does.role)


def _named(tree: Outline, index: int, start: int, end: int, *, whole: bool) -> tuple[tuple[UnitSpan, ...], int]:
    """The units at the beginning of a heading, and where they end; a short title without a verb is one name to its end.

    "Thủ trưởng các đơn vị được giao nhiệm vụ"; after "Trách nhiệm của" (`whole`) all of it is a name, whatever it is
    made of: "Người quản trị vận hành Cổng thông tin điện tử".
    """
    units, after = read_units(tree.flat, start, end)
    left = tree.flat[after:end].rstrip(" :.")
    if tree.blocks[index].title is None or not tree.below(index) or not left:
        return units, after
    if whole and len(units) < 2 and end - start < _LONGEST_NAME and not _BESIDES.search(left):
        first, begin = units[:0], units[0].span[0] if units else start
    elif units and len(left) <= _LONGEST_REST and not _CLAUSE.search(left):
        first, begin = units[:-1], units[-1].span[0]
    else:
        return units, after
    stop = after + len(left)
    name = fold_space(tree.flat[begin:stop])
    return (*first, UnitSpan(name, (begin, stop), units[-1].group if units else name[:1].islower())), stop
