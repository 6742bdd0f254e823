"""What follows a citation's symbol: its date, its issuer and its title (trích yếu).

"… số 34-CT/TW, ngày 07/4/2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua, khen thưởng; …" All patterns run
over flat text (`symbols.flat`) and look at a bounded stretch, so the cost per citation is constant.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from thidua_kg.dates import parse_date
from thidua_kg.identity import province_pattern
from thidua_kg.model import Span
from thidua_kg.vocab import IssuerCode, table
from thidua_kg.vocab.patterns import alternation

REACH = 700  # characters after a symbol within which its title must end

DAY = (
    r"\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4}"
    r"|\d{1,2} {0,2}(?:tháng|THÁNG|ngày|năm|thảng) {0,2}\d{1,2} {0,2}(?:năm|NĂM|tháng) {0,2}\d{4}"
)
_DATE = re.compile(
    rf" {{0,3}},? {{0,2}}(?:(?:đã |được )?(?:ký )?(?:ban hành|BAN HÀNH|thông qua) )?"
    rf"(?P<date>(?:ngày|NGÀY|Ngày) ?(?:{DAY})|(?<=\()(?:{DAY}))"
)
_YEAR = re.compile(r" {1,2}(?P<date>(?:năm|NĂM) (?:19|20)\d\d)(?!\d)")
_OF = re.compile(r" {0,3}[,(]? {0,2}(?:của|CỦA|do) {1,2}")

_TITLE_CUE = re.compile(
    r" {0,2},? {0,2}(?:(?P<about>(?:[Vv]ề việc|VỀ VIỆC|[Vv]ề|VỀ|V/v) {1,2})"
    r"|(?P<verb>(?=(?:[Qq]uy định|QUY ĐỊNH|[Hh]ướng dẫn|HƯỚNG DẪN|[Pp]hê duyệt|PHÊ DUYỆT|[Bb]an hành|BAN HÀNH|[Ss]ửa đổi|SỬA ĐỔI"
    r"|[Bb]ổ sung|[Tt]riển khai|TRIỂN KHAI|[Tt]hực hiện|THỰC HIỆN|[Tt]hi hành|[Pp]hát động|[Cc]ông bố|[Tt]iếp tục"
    r"|[Tt]ăng cường|[Đđ]ẩy mạnh"
    r"|[Hh]ưởng ứng|[Tt]hành lập|[Bb]ãi bỏ|[Đđ]iều chỉnh|[Tt]ổ chức|[Gg]iao |[Tt]hí điểm|[Bb]áo cáo|[Tt]huyết minh)[ ,]))"
    r"|(?=[“\"]))"
)
_ISSUER_END = re.compile(
    r" {1,2}(?=(?:về|Về|VỀ|[Qq]uy định|QUY ĐỊNH|[Pp]hê duyệt|PHÊ DUYỆT|[Bb]an hành|BAN HÀNH|[Hh]ướng dẫn|HƯỚNG DẪN"
    r"|[Ss]ửa đổi|SỬA ĐỔI|bổ sung|[Tt]hi hành"
    r"|thực hiện|THỰC HIỆN|triển khai|TRIỂN KHAI|phát động|công bố|thành lập|tăng cường|đẩy mạnh|tiếp tục|hưởng ứng|tổ chức"
    r"|đã|được|có|là|thì|để|nêu|vướng mắc|đề nghị|trả lời|báo cáo|trình|ngày|NGÀY|năm|nay|theo|trên|trong|tại|khi|liên quan"
    r"|kèm theo|gửi|với|đến|quá|không|phải|giao|yêu cầu|chỉ đạo|[–-])[ ,:])"
    r"| -{2,}| {0,2}[(“\"”;.:)\[\]*]|, | (?:và|VÀ) (?![A-ZĐÀ-Ỹ])| {3,}"
)
_RENAMED = re.compile(r" {1,2}\((?:nay|trước đây|sau đây) [^()]{2,90}\)")  # a body's other name, in brackets
_DIVISION = re.compile(
    r"(?:Sở|Ban|Bộ|Chi cục|Cục|Vụ|Viện|Phòng|Trung tâm|Giám đốc|Bộ trưởng|Trưởng) "
)  # names with "và" inside
_OFFICE = (
    r"(?:(?:Bộ trưởng, Chủ nhiệm|Bộ trưởng|Thứ trưởng|Chủ tịch|Phó Chủ tịch|Giám đốc|Chánh|Tổng cục trưởng|Cục trưởng|Thống đốc"
    r"|Tổng Thanh tra|Tổng Giám đốc|Viện trưởng|Chánh án|Tổng Kiểm toán|Trưởng|BỘ TRƯỞNG|CHỦ TỊCH|GIÁM ĐỐC) )?"
)
_LEVEL = r"(?: (?:tỉnh|thành phố|Thành phố|TP\.?|TỈNH|THÀNH PHỐ|huyện|xã|phường|quận|thị xã|đặc khu))?"
_STOP = re.compile(r" \((?=sau đây|gọi tắt|viết tắt|dưới đây)|;|[.!?](?= |$)| -{2,}|\)|\]|:(?= |$)")
_QUOTES = {"“": "”", '"': '"'}


class Tail(msgspec.Struct, frozen=True, gc=False):
    """Date, issuer and title after a citation; `title_span` is where the title stands, `end` where all of it ends."""

    end: int
    date: str | None = None
    date_span: Span | None = None
    issuer: str | None = None
    title: str | None = None
    title_span: Span | None = None


def read_tail(flat_text: str, start: int, core_limit: int, paragraph_end: int) -> Tail:
    """The tail after `start`; date and issuer must come before `core_limit`, the title may run to `paragraph_end`."""
    at, date, date_span, issuer = start, None, None, None
    near = min(core_limit, paragraph_end, start + REACH)
    for _ in range(2):  # either order: "ngày … của …" and "của … ngày …"
        if date is None and (found := _DATE.match(flat_text, at, near)):
            date, date_span, at = iso_day(found["date"]), found.span("date"), found.end()
        if issuer is None and (found := _OF.match(flat_text, at, near)):
            name, end = _issuer(flat_text, found.end(), near)
            if name:
                issuer, at = name, end
                if renamed := _RENAMED.match(flat_text, at, near):
                    at = renamed.end()
    title_span = _title(flat_text, at, min(paragraph_end, start + REACH))
    title = " ".join(flat_text[slice(*title_span)].split()).strip(' “”"') if title_span else None
    return Tail(title_span[1] if title_span else at, date, date_span, issuer, title or None, title_span)


def iso_day(words: str) -> str | None:
    """The day that the words name, whatever stands between its numbers ("ngày 15 tháng 9 tháng 2022" is a known slip)."""
    return parse_date("/".join(re.findall(r"\d+", words)))


def read_year(flat_text: str, start: int) -> tuple[str, Span] | None:
    """The year right after a named law: "năm 2022" gives ("2022", its span)."""
    found = _YEAR.match(flat_text, start)
    return (found["date"][-4:], found.span("date")) if found else None


@cache
def known_body() -> re.Pattern[str]:
    """An office, a body of the table and its place; the table's longest names first, so that "và" inside stays."""
    names = {row.name.split(" / ")[0] for row in table("issuers", IssuerCode)} | {"UBND", "HĐND", "UBTVQH", "Bộ trưởng"}
    names |= {part.strip() for row in table("issuers", IssuerCode) for part in row.name.split(" / ")}
    names = {re.sub(r" ?\(.*", "", name) for name in names}
    spelled = (" ".join(one.split()) for name in names if name for one in (name, name.upper()))
    both = alternation(spelled, blank=" {1,2}")
    place = province_pattern().pattern
    return re.compile(rf"{_OFFICE}(?:{both})(?!\w)(?:{_LEVEL} {place})?{_LEVEL}(?!\w)")


def _issuer(flat_text: str, start: int, limit: int) -> tuple[str | None, int]:
    """The body that begins at `start`: a known name, else words up to one that cannot belong to a name."""
    if start >= limit or not (flat_text[start].isupper() or flat_text.startswith(("các ", "liên "), start)):
        return None, start
    stop = _ISSUER_END.search(flat_text, start, min(limit, start + 140))
    end = stop.start() if stop else min(limit, start + 140)
    known = known_body().match(flat_text, start, limit)
    joined = flat_text.find(" và ", start, end)
    if joined > 0 and not _DIVISION.match(flat_text, start):
        end = joined
    end = max(end, known.end()) if known else end
    name = " ".join(flat_text[start:end].split())
    return (name or None), start + len(flat_text[start:end].rstrip(" ,"))


def _title(flat_text: str, start: int, limit: int) -> Span | None:
    """The span of the title that begins at `start`: after "về", or from its own verb, or within quotation marks."""
    cue = _TITLE_CUE.match(flat_text, start, limit)
    if cue is None:
        return None
    begin = cue.end()
    opening = flat_text[begin : begin + 1]
    if opening in _QUOTES and opening:
        closing = flat_text.find(_QUOTES[opening], begin + 1, limit)
        return (begin, closing + 1) if closing > 0 else None
    end = _title_end(flat_text, begin, limit)
    return (begin, begin + len(flat_text[begin:end].rstrip(" ,"))) if end > begin else None


def _title_end(flat_text: str, begin: int, limit: int) -> int:
    """Where the title stops: at `;` or a sentence's end, outside quotation marks and brackets of its own."""
    at = begin
    while True:
        stop = _STOP.search(flat_text, at, limit)
        if stop is None:
            return limit
        opened = flat_text.rfind("“", begin, stop.start())
        closing = flat_text.find("”", opened, limit) if opened >= 0 else -1
        if closing > stop.start():
            at = closing + 1
        elif stop[0] == ")" and "(" in flat_text[begin : stop.start()]:
            at = stop.end()
        else:
            return stop.start()
