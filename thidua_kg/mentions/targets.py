"""What a plan aims at: how many of whom reach which title or rating, and other measured aims.

A share belongs to its own clause: after ", trong đó" a part without a number says only that some reach it
("trong đó có tập thể đạt danh hiệu ..."); a subject named without a number is meant as it is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal

from thidua_kg.mentions.outline import Outline
from thidua_kg.model import Span, Target
from thidua_kg.text import fold_space, places

_GOALS = re.compile(r"(?:chỉ tiêu|mục tiêu)")
_STRIVES = re.compile(r"(?:[Pp]hấn đấu|[Cc]hỉ tiêu|[Mm]ục tiêu)")
_STRIVING = ("hấn đấu", "hỉ tiêu", "ục tiêu")  # the same in either case
_SHARE = re.compile(
    r"(?:(?P<less>dưới|không quá|tối đa|≤|giảm còn|xuống)|(?:trên|từ|ít nhất|tối thiểu|hơn|≥|>=|đạt|tăng))? {0,2}(?:khoảng )?"
    r"(?<![\d.,/])(?P<value>\d{1,3}(?:[.,]\d{1,2})?)"
    r"(?: ?[-–] ?\d{1,3}(?:[.,]\d{1,2})?)? ?%(?: trở lên)?"
)
_OUTCOME = re.compile(
    r"(?P<rating>[Hh]oàn thành (?:xuất sắc|tốt)? ?(?:các )?(?:nhiệm vụ|chức trách)[^,;.“”\"]{0,80}?"
    r"(?=(?:,| và)? (?:đạt|trong đó)(?!\w)|\s*[,;.“”\"(]|$))"
    r"|danh hiệu[^“”\";.]{0,40}[“\"] {0,3}(?P<title>[^“”\"]{3,80}?) {0,3}[”\"]"
    r"|(?:đạt|được tặng|tặng) (?:danh hiệu )?(?P<plain>(?:Tập thể|Chiến s[ĩỹ]|Lao động|Đơn vị|Gia đình|Bằng khen|Giấy khen|"
    r"Cờ thi đua|Huân chương)[^,;.“”\"]{3,60})"
)
_VERB = re.compile(
    r" (?:phấn đấu|được|đạt|hoàn thành|có|là|sử dụng|ứng dụng|thực hiện|tham gia|đăng ký|tiếp cận|tổ chức|xây dựng|"
    r"đáp ứng|ký|nộp)(?!\w)"
)
_PART = re.compile(r", (?=trong đó|riêng )")
_CLAUSE = re.compile(r";|[.](?= |$)")
_LEAD_IN = re.compile(
    r"(?:[\s\-–+,:]|[Pp]hấn đấu|[Đđ]ạt các chỉ tiêu|[Cc]hỉ tiêu|đạt các|các chỉ tiêu|trong đó|[Cc]ó(?= )|[Đđ]ến (?:hết )?năm \d{4}|"
    r"[Tt]rong năm \d{4}|năm \d{4}|ít nhất|trên|từ|khoảng)+"
)
_COLLECTIVES = re.compile(
    r"(?:[Tt]ập thể|[Cc]á nhân|[Cc]hi bộ|[Đđ]ảng bộ|[Cc]ơ quan|[Cc]ông đoàn|[Đđ]ơn vị|[Cc]án bộ|CBCC)"
)


_STOP = re.compile(r"[.](?= |$)")


def find_targets(tree: Outline) -> tuple[Target, ...]:
    """The targets of a document in text order; measures are read only where the text speaks of aims."""
    found: list[Target] = []
    aims: dict[str, bool] = {}
    starts = [block.span[0] for block in tree.blocks]
    strives = {bisect_right(starts, place) - 1 for place in places(tree.flat, _STRIVING)}
    for index, block in enumerate(tree.blocks):
        named = block.title is not None and _GOALS.search(block.title.lower()) is not None
        aims[block.id] = named or aims.get(block.parent or "", False)
        if block.kind in ("recipients", "signature", "annex", "table", "row") or block.id == "header":
            continue
        if aims[block.id] or index in strives:
            found += _of_block(tree, index, aims[block.id])
    return tuple(found)


def _of_block(tree: Outline, index: int, aim: bool) -> Iterator[Target]:
    """The targets of a block's own text, sentence by sentence."""
    for sentence in _pieces(tree.flat, tree.body(index), _STOP):
        strives = _STRIVES.search(tree.flat, *sentence) is not None
        head = tree.flat[sentence[0] : sentence[0] + 40].strip(" -–+")
        if not strives and not (aim and (_COLLECTIVES.match(head) or _SHARE.search(tree.flat, *sentence))):
            continue
        for clause in _pieces(tree.flat, sentence, _CLAUSE):
            for part in _pieces(tree.flat, clause, _PART):
                yield from _of_part(tree, part, index, measured=aim or strives)


def _pieces(flat: str, span: Span, cut: re.Pattern[str]) -> Iterator[Span]:
    """The pieces of a span between the cuts."""
    start = span[0]
    for match in cut.finditer(flat, *span):
        yield start, match.start()
        start = match.end()
    if start < span[1]:
        yield start, span[1]


def _of_part(tree: Outline, part: Span, index: int, *, measured: bool) -> Iterator[Target]:
    """The targets of one part of a clause: each title or rating named in it, else its measure."""
    flat = tree.flat
    share = _SHARE.search(flat, *part)
    outcomes = list(_OUTCOME.finditer(flat, *part))
    if not outcomes:
        if share and measured:
            yield _measure(tree, part, share, index)
        return
    first = outcomes[0]
    counted = share if share and share.start() < first.start() else None
    start = counted.end() if counted else _after_lead_in(flat, part[0], first.start())
    verb = _VERB.search(flat, start, first.start() + 1)
    subject = fold_space(flat[start : verb.start() if verb else first.start()]).strip(" ,:")
    quantifier: Literal["all", "some", "named"] | None = "named"
    if counted:
        quantifier = "all" if _number(counted) == 100 else None
    elif flat[part[0] : part[0] + 10].strip().startswith("trong đó") or not _COLLECTIVES.match(subject):
        quantifier = "some"
    for outcome in outcomes:
        begin = (counted.start() if counted else start) if outcome is first else outcome.start()
        yield Target(
            span=(_past_blanks(flat, begin), outcome.end()),
            kind="rating" if outcome["rating"] else "title",
            outcome=fold_space(outcome["rating"] or outcome["title"] or outcome["plain"]),
            subject=subject or None,
            quantifier=quantifier,
            comparator=_comparator(counted) if counted else None,
            value=_number(counted) if counted else None,
            unit="%" if counted else None,
            holder=tree.blocks[index].id,
        )


def _measure(tree: Outline, part: Span, share: re.Match[str], index: int) -> Target:
    """A measured aim: "60% hộ kinh doanh ứng dụng ...", or "tỷ lệ ... đạt 95%"."""
    flat = tree.flat
    verb = _VERB.search(flat, share.end(), part[1])
    if verb and fold_space(flat[share.end() : verb.start()]).strip(" ,"):
        subject, outcome, end = flat[share.end() : verb.start()], flat[verb.start() : part[1]], part[1]
    else:
        start = _after_lead_in(flat, part[0], share.start())
        subject, outcome, end = flat[start : share.start()], flat[share.start() : part[1]], part[1]
    begin = min(share.start(), _past_blanks(flat, part[0]) if verb is None else share.start())
    return Target(
        span=(_past_blanks(flat, begin), end - len(flat[begin:end]) + len(flat[begin:end].rstrip())),
        kind="measure",
        outcome=fold_space(outcome)[:300],
        subject=fold_space(subject).strip(" ,:") or None,
        quantifier="all" if _number(share) == 100 else None,
        comparator=_comparator(share),
        value=_number(share),
        unit="%",
        holder=tree.blocks[index].id,
    )


def _after_lead_in(flat: str, start: int, end: int) -> int:
    """Where the subject begins, behind "Phấn đấu", "trong đó có" and the like."""
    match = _LEAD_IN.match(flat, start, end)
    return match.end() if match else start


def _past_blanks(flat: str, at: int) -> int:
    """The position of the next visible character."""
    return at + len(flat[at : at + 40]) - len(flat[at : at + 40].lstrip())


def _number(share: re.Match[str]) -> float:
    """The share as a number, decimal comma read; of a range the lower bound."""
    return float(share["value"].replace(",", "."))


def _comparator(share: re.Match[str]) -> str:
    """How the share bounds: at least, unless it says at most."""
    return "<=" if share["less"] else ">="
