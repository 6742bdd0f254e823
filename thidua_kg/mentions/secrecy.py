"""The mark of a State secret, wherever a page may bear it: such a document is not kept without its owner's decision.

Law on Protection of State Secrets 29/2018/QH14, article 8, and Circular 24/2020/TT-BCA: "TUYỆT MẬT", "TỐI MẬT" and "MẬT" stand in a
frame of their own below the number or at the top of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from thidua_kg.model import Furniture, Segment

_EDGE = r"[\s*_|\[\](){}.,:;•·\-–—=~'\"“”<>«»/\\]{0,12}"
_LABEL = rf"{_EDGE}(?:(?:Độ|ĐỘ|Mức độ|MỨC ĐỘ) (?:mật|MẬT){_EDGE})?"
_LEVEL = r"(?P<level>(?:T\s?U\s?Y\s?{e}\s?T\s{{1,3}}|T\s?{o}\s?I\s{{1,3}})?M\s?{a}\s?T)"
_PRINTED = re.compile(_LABEL + _LEVEL.format(e="Ệ", o="Ố", a="Ậ") + _EDGE)
_RECOGNISED = re.compile(
    _LABEL + _LEVEL.format(e="[ỆÊẾỀỂEẸ]", o="[ỐÔỒỔÓỎO0]", a="[ẬÂẤẦẨẶẠ]") + _EDGE
)  # as OCR may read it
_RANK = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
_FIRST = 60  # lines at the head of the text that may bear the mark
_TOP = 8  # lines at the head of every later page
_LONGEST = 80  # characters of a line that is a mark


def secrecy_mark(text: str, layout: Sequence[Segment] = (), furniture: Iterable[Furniture] = ()) -> str | None:
    """The highest mark of secrecy at the head of the text, at the top of any page, or kept apart as a stamp; else None.

    `secrecy_mark("TỈNH ỦY VÍ DỤ\\n[TỐI MẬT]\\nSố 12-BC/TU") == "TỐI MẬT"`; "bảo mật" or "MẬT ONG" is no mark.
    """
    pattern = _RECOGNISED if any(segment.place.confidence is not None for segment in layout) else _PRINTED
    lines = [*_heads(text, layout), *(line for item in furniture for line in item.text.split("\n"))]
    return max((level for line in lines if (level := _level(line, pattern))), key=_RANK.index, default=None)


def _level(line: str, pattern: re.Pattern[str]) -> str | None:
    """The mark that a line, or a cell in it, consists of."""
    if "M" not in line:  # a quick look: every mark has one
        return None
    for cell in re.split(r"[\t|]|\s{3,}", line) if len(line) > _LONGEST or "|" in line or "   " in line else (line,):
        if len(cell) <= _LONGEST and (match := pattern.fullmatch(cell)):
            printed = "".join(match["level"].split())
            return _RANK[2] if printed.startswith("TU") else _RANK[1] if printed.startswith("T") else _RANK[0]
    return None


def _heads(text: str, layout: Sequence[Segment]) -> Iterator[str]:
    """The lines at the head of the text and of each page, pages told by form feeds or by the layout."""
    starts = {0: _FIRST}
    starts |= {match.end(): _TOP for match in re.finditer("\f", text)}
    page = layout[0].place.page if layout else None
    for segment in layout:
        if segment.place.page is not None and segment.place.page != page:
            page = segment.place.page
            starts.setdefault(segment.start, _TOP)
    for start, count in starts.items():
        yield from text[start : start + count * 200].split("\n")[:count]
