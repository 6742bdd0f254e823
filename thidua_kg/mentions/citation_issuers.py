"""Issuer and date of a citation where they stand before it, and what the members of a list share.

"Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số …", "Ngày 16/6/2025, Quốc hội đã thông qua Luật …". All patterns read
a bounded stretch before a citation, and only where the words right before it allow one.
"""

from __future__ import annotations

import re

import msgspec

from thidua_kg.mentions.citation_cores import CONNECTED, Core
from thidua_kg.mentions.citation_tail import DAY, Tail, iso_day, known_body
from thidua_kg.model import Span

REACH = 220  # characters before a citation within which its issuer and date are looked for

_DIRECTED = re.compile(
    r"(?:đề nghị|đề xuất|kiến nghị|ý kiến|thẩm định|chỉ đạo|hướng dẫn|yêu cầu|phân công|kết luận)"
    r" của ((?:(?! của | tại )[^.;()“”]){3,110}) tại (?:các )?$"
)
_LED = ("tại ", "các ", "ban hành ", "thông qua ", "có ", "văn bản ", "ký ")
_ISSUED = re.compile(
    r" (?:(?:đã |vừa |mới )?(?:ký )?(?:ban hành|thông qua|có)|trình(?= [^.;()]{2,60} tại )[^.;()]{2,64})(?: văn bản)?(?: các)? $"
)
_DATED = re.compile(rf"(?:^|[^\w])[Nn]gày ({DAY}), (?:tại (?:các )?)?$")
_CUT = re.compile(r"^|[,.:;\]–-] ")
_BODY = re.compile(
    r"(?:Ủy ban|Ban|Văn phòng|Bộ|Sở|Cục|Tổng cục|Chi cục|Thành ủy|Tỉnh ủy|Đảng ủy|Hội đồng|Thường trực) "
)


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Who issued a document and when, as printed with a citation of it."""

    issuer: str | None = None
    date: str | None = None
    date_span: Span | None = None


def origins(level: str, cores: list[Core], tails: list[Tail]) -> list[Origin]:
    """Issuer and date of each citation: behind it, else before it, else those of its list where the codes agree."""
    found = [_printed(level, core, tail) for core, tail in zip(cores, tails, strict=True)]
    for i in range(len(cores) - 2, -1, -1):  # "số 16/CT-UBND và số 4088/KH-UBND của UBND tỉnh"
        if tails[i].title_span is None and _share(level, cores, tails, i, i + 1):
            found[i] = _with_issuer(found[i], found[i + 1])
    for i in range(1, len(cores)):  # "chỉ đạo của Thủ tướng tại các Công điện số 217/CĐ-TTg; số 218/CĐ-TTg"
        if tails[i - 1].issuer is None and _share(level, cores, tails, i - 1, i):
            found[i] = _with_issuer(found[i], found[i - 1])
    return found


def _with_issuer(origin: Origin, other: Origin) -> Origin:
    return msgspec.structs.replace(origin, issuer=origin.issuer or other.issuer)


def _share(level: str, cores: list[Core], tails: list[Tail], i: int, j: int) -> bool:
    """Whether citation `j` follows `i` in one list of documents of the same body."""
    a, b = cores[i].symbol, cores[j].symbol
    same = a is not None and b is not None and a.issuers == b.issuers and cores[i].kind == "numbered"
    return same and bool(CONNECTED.match(level[tails[i].end : cores[j].span[0]]))


def _printed(level: str, core: Core, tail: Tail) -> Origin:
    start = core.span[0]
    done = tail.issuer is not None and tail.date is not None
    if done or core.kind not in ("numbered", "named") or not level.endswith(_LED, max(0, start - 12), start):
        return Origin(tail.issuer, tail.date, tail.date_span)
    before = _before(level[max(0, start - REACH) : start], max(0, start - REACH))
    if tail.date is not None:
        before = Origin(before.issuer, tail.date, tail.date_span)
    return Origin(tail.issuer or before.issuer, before.date, before.date_span)


def _before(window: str, shift: int) -> Origin:
    """What the words before a citation say: a body that directs, issues or submits it, and the day of that."""
    if directed := _DIRECTED.search(window):
        return Origin(" ".join(directed[1].split()))
    issued = _ISSUED.search(window)
    head = window[: issued.start()] if issued else window
    at = _issuer_at(head) if issued else len(head)
    dated = _DATED.search(head[:at])
    issuer = " ".join(head[at:].split()) or None
    if dated is None or (issued and "trình" in issued[0]):
        return Origin(issuer)
    return Origin(issuer, iso_day(dated[1]), (shift + dated.start(1) - len("ngày "), shift + dated.end(1)))


def _issuer_at(head: str) -> int:
    """Where the body begins that a stretch of words ends with, `len(head)` where it ends with none."""
    at = len(head)
    for body in reversed(list(known_body().finditer(head))):
        if head[body.end() : at] not in ("", ", "):  # "Bộ Chính trị, Ban Bí thư" are two
            break
        at = body.start()
    begin = max(cut.end() for cut in _CUT.finditer(head, 0, at))
    return begin if _BODY.match(head, begin) and len(head) - begin < 90 else at
