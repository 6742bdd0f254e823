"""The letterhead: motto, number, place and date, and the rows that name the issuing body.

NĐ 30/2020/NĐ-CP Phụ lục I (State), NĐ 34/2016/NĐ-CP Điều 58 (laws: "Luật số:", no place), HD 36-HD/VPTW (Party: "Số"
without a colon, "ĐẢNG CỘNG SẢN VIỆT NAM"). Lines break anywhere: "Số:" and its number, a date, a place's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from thidua_kg.mentions.header_date import Day, find_day
from thidua_kg.mentions.header_rows import Row, capital, is_rule, rows
from thidua_kg.mentions.header_signer import is_stamp, starts_cell
from thidua_kg.mentions.header_title import TypeLine, type_line
from thidua_kg.mentions.header_words import LOWER, UPPER
from thidua_kg.model import Span

HEAD = 20_000  # characters within which a letterhead may begin, after a portal's summary
_NEAR = 1500  # characters that the parts of one letterhead may lie apart
_REGION = 4500  # characters from the first part of a letterhead to the end of the title and its decider
_FIRST = 6  # rows among which the type must stand where no letterhead is printed

_MOTTO = re.compile(
    r"CỘNG\s{1,3}H(?:ÒA|OÀ)\s{1,3}X[ÃĂ]\s{1,3}HỘI(?:\s{1,3}CH[ỦU]\s{1,3}NGH[ĨÍIỈ]A\s{1,3}VIỆT\s{1,3}NAM)?"
    r"|CHỦ\s{1,3}NGHĨA\s{1,3}VIỆT\s{1,3}NAM"
    r"|Độc\s{1,3}lập\s{0,3}[-–—.]?\s{0,3}Tự\s{1,3}do\s{0,3}[-–—.]?\s{0,3}Hạnh\s{1,3}[Pp]húc"
    r"|ĐẢNG\s{1,3}CỘNG\s{1,3}SẢN\s{1,3}VIỆT\s{1,3}NAM"
)
_LINE_END = re.compile(r"[ *_|]{0,5}(?:\n|$)")
_CODE = r"[A-ZĐÐƯ0-9][\w&.]{0,19}"
_TIGHT = rf"(?:[/–-]\n?{_CODE})"
_LOOSE = r"(?:(?: [/–-] ?|[/–-] )[A-ZĐÐƯ0-9&.]{2,14}(?!\w))"
_SYMBOL = rf"\d{{1,6}}(?:\.\d{{1,3}})?[a-zđA-ZĐ]?(?:{_TIGHT}|{_LOOSE}){{1,12}}"
_DRAFT = rf"[\s.…_·]{{0,40}}(?:/\d{{4}})?[/-]{_CODE}(?:[/–-]{_CODE}){{1,10}}"
_TYPED = r"(?:(?:[Bb]ộ [Ll]uật|[Ll]uật|[Pp]háp lệnh|[Nn]ghị quyết|[Qq]uyết định) (?=[Ss]ố ?:))?"
_LABEL = rf"{_TYPED}[Ss][ốỐôÔ]\s{{0,3}}[:：.]?[\s*_]{{0,6}}"
_NUMBER = re.compile(
    rf"{_LABEL}(?:(?P<symbol>{_SYMBOL})|(?P<draft>{_DRAFT}))"
    r"(?=[.,;*_]{0,3}(?:\s{0,9}$|[ \t*_]{0,9}[\n|\t\x00]|<br|  |\s{0,4}V/v|"
    rf" [{UPPER}][{LOWER}]+[^\n]{{0,40}},? ngày))"
)
_SUBJECT = re.compile(r"(?:V/[vV]|v/v|V\.v|Về việc)(?!\w)\s{0,2}[:.]?\s{0,2}")
_ADDRESSED = re.compile(r"(?:Đồng |ĐỒNG )?(?:[Kk]ính|KÍNH)(?: gửi| GỬI|$)")
_NO_NUMBER = re.compile(r"S[ốÔôỐ] ?[:.]?")  # of a scan whose number is written by hand
_SECRECY = frozenset(("MẬT", "TỐI MẬT", "TUYỆT MẬT"))
_HANDLING = re.compile(
    r"(?:HỎA TỐC|HOẢ TỐC|Hỏa tốc|Hoả tốc)(?: .{1,20})?|THƯỢNG KHẨN|KHẨN|Lưu hành nội bộ|LƯU HÀNH NỘI BỘ"
    r"|XEM XONG TRẢ LẠI|\(?(?:DỰ THẢO|Dự thảo)(?: .{1,20})?\)?|KHÔNG PHỔ BIẾN|TÀI LIỆU THU HỒI|SAO Y(?: BẢN CHÍNH)?"
)
_BODY = re.compile(
    r"(?:Căn(?: |$)|Điều \d|CHƯƠNG |Chương |PHỤ LỤC|Phụ lục|Mẫu (?:số )?\d|Nơi nhận|QUYẾT ĐỊNH ?:|STT$|TT$)"
)
_SESSION = re.compile(r"KH[ÓO][AÁ] |KỲ HỌP|NHIỆM KỲ|PHIÊN HỌP")


class Number(msgspec.Struct, frozen=True):
    """The number/symbol as printed; in a draft `symbol` is None and `codes` what is printed after the blank."""

    symbol: str | None
    codes: str
    span: Span
    line: Span


class Letterhead(msgspec.Struct, frozen=True):
    """What stands above the title; `found` is false where it was lost. `after` are the rows below the type line."""

    found: bool
    party: bool = False
    number: Number | None = None
    day: Day | None = None
    body: tuple[Row, ...] = ()
    subject: tuple[Row, ...] = ()
    secrecy: str | None = None
    handling: tuple[str, ...] = ()
    addressed: bool = False
    kind: TypeLine | None = None
    after: tuple[Row, ...] = ()


def letterhead(text: str) -> Letterhead:
    """What stands above the title of `text`, as far as it is printed within the first `HEAD` characters."""
    anchor = _anchor(text)
    start = None if anchor is None else _beginning(text, anchor)
    if anchor is None or start is None:
        return _lost(list(rows(text, (0, min(len(text), _REGION)))))
    near = min(len(text), anchor + _NEAR)
    number = next(_numbers(text, start, near), None)
    day = find_day(text, start, near)
    done = max((part.line[1] for part in (number, day) if part), default=anchor + 1)
    mottos = _mottos(text, start, near, done)
    masked = [*mottos.values(), *(part.line for part in (number, day) if part)]
    begun = Letterhead(found=True, party="ĐẢNG" in mottos, number=number, day=day)
    return _walk(list(rows(text, (start, min(len(text), anchor + _REGION)), masked)), begun, done)


def subject_of(head: Letterhead) -> tuple[str, Span] | None:
    """The subject of a letter without its mark: "V/v tiền sử dụng đất." is "tiền sử dụng đất"."""
    if not head.subject:
        return None
    mark = _SUBJECT.match(head.subject[0].text)
    cut = mark.end() if mark else 0
    first = head.subject[0]
    words = " ".join([first.text[cut:], *(row.text for row in head.subject[1:])])
    kept = " ".join(words.split()).rstrip(" .;:")
    return (kept, (first.span[0] + cut, head.subject[-1].span[1])) if kept else None


def _anchor(text: str) -> int | None:
    """Where the first sure part of a letterhead stands: motto, number, or a place with its date."""
    end = min(len(text), HEAD)
    number = next(_numbers(text, 0, end), None)
    sure = [span[0] for span in (*_mottos(text, 0, end, end).values(), *([number.line] if number else []))]
    if sure:
        return min(sure)
    day = find_day(text, 0, end)
    return day.line[0] if day else None


def _mottos(text: str, start: int, end: int, done: int) -> dict[str, Span]:
    """The first motto of each kind by its first word; the Party's name only where no State motto stands with it.

    It counts where it begins a cell or ends a line, before the place `done` that ends the letterhead: a title may
    break before "ĐẢNG CỘNG SẢN VIỆT NAM".
    """
    found: dict[str, Span] = {}
    for match in _MOTTO.finditer(text, start, end):
        kind = match[0].split()[0]
        party = kind == "ĐẢNG"
        if kind in found or (party and match.start() >= done):
            continue
        if not party or starts_cell(text, match.start()) or _LINE_END.match(text, match.end()):
            found[kind] = match.span()
    if len(found) > 1:
        found.pop("ĐẢNG", None)
    return found


def _numbers(text: str, start: int, end: int) -> Iterator[Number]:
    for match in _NUMBER.finditer(text, start, end):
        if starts_cell(text, match.start()):
            symbol = match["symbol"]
            codes = symbol or "".join(match["draft"].split()).lstrip("….·_")
            name = "symbol" if symbol else "draft"
            yield Number(
                "".join(symbol.split("\n")) if symbol else None,
                codes,
                match.span(name),
                (match.start(), match.end(name)),
            )


def _beginning(text: str, anchor: int) -> int | None:
    """Where the letterhead around `anchor` begins; None where the body begins before it, as with an annex's form."""
    before = list(rows(text, (0, anchor)))
    for at, row in enumerate(before):
        if _BODY.match(row.text) or _ADDRESSED.match(row.text) or type_line(before, at):
            return None
    if len(before) <= 12 and all(len(row.text) < 100 and row.text[-1] != "." for row in before):
        return 0
    number = next(_numbers(text, anchor, min(len(text), anchor + _NEAR)), None)
    if number is None or number.symbol is None:
        return None
    at = len(before)
    while at and (capital(before[at - 1]) or is_rule(before[at - 1]) or is_stamp(before[at - 1])):
        at -= 1
    return before[at].span[0] if at < len(before) else anchor


def _lost(lines: list[Row]) -> Letterhead:
    """A document whose letterhead is gone: the type among its first rows, or the subject or addressee of a letter."""
    first = lines[:_FIRST]
    head = _walk(lines, Letterhead(found=False), first[-1].span[1] if first else 0)
    return head if head.kind or head.addressed or head.subject else Letterhead(found=False, after=tuple(lines))


def _walk(lines: list[Row], begun: Letterhead, done: int) -> Letterhead:
    """The rows of the letterhead told apart, down to the type line, the addressee or the first words of the body.

    Rows before `done` name the issuing body; where the letterhead was lost, only those in capitals.
    """
    body: list[Row] = []
    subject: list[Row] = []
    handling: list[str] = []
    secrecy = None
    at, kind, addressed = 0, None, False
    for at, row in enumerate(lines):
        if is_rule(row) or is_stamp(row) or _SESSION.match(row.text) or _NO_NUMBER.fullmatch(row.text):
            continue
        kind = type_line(lines, at, beside=row.span[0] > done if begun.found else at == 0)
        addressed = bool(_ADDRESSED.match(row.text))
        if kind or addressed:
            break
        if row.text in _SECRECY:
            secrecy = row.text
        elif _HANDLING.fullmatch(row.text):
            handling.append(row.text.strip("()"))
        elif _SUBJECT.match(row.text) or (subject and lines[at - 1] is subject[-1] and _same_subject(row, subject[-1])):
            subject.append(row)
        elif row.span[0] < done and (capital(row) or (begun.found and not subject)):
            body.append(row)
        else:
            break
    else:
        at = len(lines)
    return msgspec.structs.replace(
        begun,
        body=tuple(body),
        subject=tuple(subject),
        secrecy=secrecy,
        handling=tuple(handling),
        addressed=addressed,
        kind=kind,
        after=tuple(lines[at + kind.size if kind else at :]),
    )


def _same_subject(row: Row, before: Row) -> bool:
    """Whether a row continues the subject of a letter: the next line, or, between blank lines, small letters."""
    return not row.apart or (row.text[0].islower() and before.text[-1] not in ".;:")
