"""The type of a document, its title (trích yếu) and the one who decides, in the rows below the letterhead.

NĐ 30/2020/NĐ-CP Phụ lục I, mục II.5 and II.6: the type in capitals on its own line, the title below it, then, in a
decision, the office or body that decides, in capitals, before "Căn cứ".
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

import msgspec

from thidua_kg.mentions.header_rows import Row, capital, covering, is_rule, joined
from thidua_kg.mentions.header_words import modern
from thidua_kg.model import Span
from thidua_kg.text import slug
from thidua_kg.vocab import DocumentType, table

_CUE = re.compile(
    r"(?:Căn(?: cứ|$)|Xét(?: |$)|Theo |Thực hiện |Thực$|Thi hành |Để |Nhằm |Trên cơ sở|Trên$"
    r"|Kính |Điều \d|Chương |Phần |Mục \d|Thời|Trong |Ngày \d|Tại |Qua |Sau |Từ |Hiện nay|Vừa qua|Năm \d|Nhân |Với |Do |Ngay |Ở )"
)
_PREAMBLE = re.compile(r"Căn(?: |$)|Xét(?: |$)|Theo |Trên cơ sở|Thực hiện |Để |Kính |Điều \d|Điều$|Quyết định")
_NUMBERED = re.compile(
    r"(?:[IVX]{1,5}|\d{1,2}|[A-Ea-e])\s?[.)–-]|PHẦN (?:THỨ|[IVX\d])|CHƯƠNG [IVX\d]|MỤC \d|ĐIỀU \d|(?:MỤC ĐÍCH|ĐẶT VẤN ĐỀ)"
)
_DECIDES = re.compile(r"(?P<who>[^:]{4,90}?) {0,2}(?:điện|quyết định|ĐIỆN) ?:?$")
_OFFICE_WORDS = (
    "PHÓ CHỦ TỊCH|CHỦ TỊCH|BỘ TRƯỞNG|THỦ TƯỚNG|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|CHI CỤC TRƯỞNG"
    "|THỐNG ĐỐC|CHÁNH ÁN|VIỆN TRƯỞNG|TỔNG KIỂM TOÁN|TỔNG THANH TRA|CHÁNH THANH TRA|TRƯỞNG BAN|HIỆU TRƯỞNG"
    "|CHÁNH VĂN PHÒNG|TRƯỞNG THUẾ|CHỦ NHIỆM|TRƯỞNG PHÒNG|TỔNG BÍ THƯ|BÍ THƯ|TƯ LỆNH"
)
_BODY_WORDS = (
    "[ỦU][YỶ] BAN|HỘI ĐỒNG|CHÍNH PHỦ|QUỐC HỘI|BAN (?!HÀNH)|BỘ |SỞ |TỈNH [ỦU][YỶ]|THÀNH [ỦU][YỶ]|ĐẢNG [ỦU][YỶ]"
    "|THƯỜNG TRỰC|TÒA ÁN|NGÂN HÀNG|KIỂM TOÁN|TỔNG LIÊN ĐOÀN|LIÊN ĐOÀN|ĐOÀN CHỦ TỊCH|UBND|HĐND"
)
_DECIDER = re.compile(rf"(?:(?:{_OFFICE_WORDS})(?!\w)|{_BODY_WORDS})[^;:()“”\"]{{0,110}}")
_SECOND_OFFICE = re.compile(rf"(?<!ĐOÀN)(?<!,) (?:{_OFFICE_WORDS})(?!\w)")
_CLAUSE = re.compile(
    r"(?<!\w)(?:CỦA|TRÊN|THUỘC|VỀ|TRONG|CHO|TẠI|NGÀY|SỐ|THEO|ĐỐI|DO|TỪ|ĐẾN|ĐƯỢC|CÁC|QUYỀN|NĂM|CẤP|VIỆC"
    r"|HÀNH|HOẠT ĐỘNG|THỰC HIỆN)(?!\w)"
)
_OPEN_END = re.compile(
    r"(?:(?<!\w)(?:CỦA|DO|VÀ|VỚI|TẠI|CHO|THUỘC|BỞI|GIỮA|TỪ|ĐẾN|LÀ|TRÊN|TRONG|THEO|VỀ|VIỆC|CÁC|NGÀY|SỐ|GIAO|QUYỀN|HÀNH)"
    r"|[,–-])$"
)
_OPEN_SMALL = re.compile(
    r"(?:(?<!\w)(?:của|do|và|với|tại|cho|thuộc|bởi|giữa|từ|đến|là|trên|trong|theo|về|việc|các|ngày|số|điều|tháng|năm)"
    r"|[,–-])$"
)
_OWNER_ABOUT = re.compile(r"(?:VỀ|V/V|V/v|[Vv]ề)(?!\w)")
_LONGEST = 1200  # characters of a title
_WIDEST = 8  # paragraphs of a title printed with blank lines between its lines


class TypeLine(msgspec.Struct, frozen=True):
    """The type word: its official name, its place, how many rows it takes, and the title that begins beside it.

    `extra` is what a longer form adds to the name ("THÔNG BÁO KẾT LUẬN"): it opens the title where "CỦA" follows.
    """

    name: str
    span: Span
    size: int
    rest: Row | None = None
    extra: Row | None = None


class Title(msgspec.Struct, frozen=True):
    """What the rows below the type say: the title, whose document it is ("CỦA BỘ CHÍNH TRỊ"), and who decides."""

    text: str | None = None
    span: Span | None = None
    owner: tuple[str, Span] | None = None
    decider: tuple[str, Span] | None = None
    office: bool = False  # whether the decider is an office-holder


def type_line(lines: list[Row], at: int, *, beside: bool = False) -> TypeLine | None:
    """The type word that begins at row `at`, perhaps broken over rows; `beside` allows the title on the same line.

    "QUYẾT ĐỊNH:" with a colon is the enacting formula and no type line.
    """
    found = None
    for size in (1, 2, 3):
        group = lines[at : at + size]
        if len(group) < size or (size > 1 and group[-1].apart):
            break
        words = modern(joined(group)).strip(" .")
        name = (_names().get(words) or _misread(words)) if words == words.upper() else _titled(words)
        if name:
            found = TypeLine(name, covering(group), size, extra=_beyond(group[-1], words, name))
    if found or not beside or not capital(lines[at]):
        return found
    return _beside(lines[at])


def _titled(words: str) -> str | None:
    """A type word alone on its line in small letters, as some offices print it: "Kế hoạch"."""
    name = _names().get(words.upper())
    return name if name == words else None


def _misread(words: str) -> str | None:
    """The type that a line in capitals is, diacritics aside: recognition of a scan takes "QUYẾT ĐỊNH" for "QUYÉT ĐỊNH"."""
    return _bare_names().get(slug(words)) if " " in words and len(words) < 40 else None


def _beyond(row: Row, words: str, name: str) -> Row | None:
    """The words of a type line beyond the type's name, where its last row holds them all."""
    more = " ".join(words.split()[len(name.split()) :])
    at = modern(row.text).rfind(more)
    return Row(more, (row.span[0] + at, row.span[0] + at + len(more)), apart=False) if more and at >= 0 else None


def _beside(row: Row) -> TypeLine | None:
    """A type word with the title on its own line: "KẾ HOẠCH TRỒNG CÂY NĂM 2025"."""
    words = row.text.split(" ")
    start, end = row.span
    for size in range(min(5, len(words) - 1), 0, -1):
        head = " ".join(words[:size])
        name = _names().get(modern(head).upper())
        if name and words[size] not in (":", "SỐ"):
            title = row.text[len(head) :].lstrip()
            return TypeLine(name, (start, start + len(head)), 1, Row(title, (end - len(title), end), apart=False))
    return None


@cache
def _names() -> dict[str, str]:
    """Type names and their longer forms in capitals to the official name."""
    types = table("doc_types", DocumentType)
    forms = {modern(form).upper(): row.name for row in types for form in row.forms}
    return forms | {modern(row.name).upper(): row.name for row in types}


@cache
def _bare_names() -> dict[str, str]:
    """The same by their letters alone, those left out that two types share."""
    found: dict[str, set[str]] = {}
    for form, name in _names().items():
        found.setdefault(slug(form), set()).add(name)
    return {bare: min(names) for bare, names in found.items() if len(names) == 1}


def title_of(lines: list[Row], kind: TypeLine | None) -> Title:
    """The title in the rows that follow the type line."""
    if kind is not None and kind.rest is not None:
        lines = [kind.rest, *lines]
    while lines and is_rule(lines[0]):
        lines = lines[1:]
    if kind is not None and kind.extra is not None and lines and modern(lines[0].text).startswith("CỦA "):
        lines = [kind.extra, *lines]
    if not lines or (_CUE.match(lines[0].text) and not lines[0].text.startswith(("Thực hiện", "Thi hành"))):
        return Title()
    if above := _owner_above_small(lines):
        rows = _in_small(lines[above:])
        whose = modern(joined(lines[:above]))
        owner = (whose[4:].strip(" ,"), covering(lines[:above])) if whose.startswith("CỦA ") else None
        return Title(joined(rows).strip(" .:;"), covering(rows), owner)
    group = _in_capitals(lines) if capital(lines[0]) else _in_small(lines)
    following = lines[len(group)] if len(group) < len(lines) else None
    said = _said(following)
    cut = len(group) if said else _decider_at(lines, len(group))
    owned = _owner_rows(group[:cut])
    decider = said or ((joined(group[cut:]), covering(group[cut:])) if cut < len(group) else None)
    owner = (joined(group[:owned])[4:].strip(" ,"), covering(group[:owned])) if owned else None
    office = bool(decider and re.match(f"(?:{_OFFICE_WORDS})(?!\\w)", modern(decider[0]).upper()))
    body = group[owned:cut]
    text = joined(body).strip(" .:;") if body else None
    return Title(text or None, covering(body) if text else None, owner, decider, office)


def _said(row: Row | None) -> tuple[str, Span] | None:
    """Who sends a telegram: "THỦ TƯỚNG CHÍNH PHỦ điện:"."""
    match = _DECIDES.fullmatch(row.text) if row else None
    if not row or not match or not re.match(f"{_OFFICE_WORDS}|{_BODY_WORDS}", modern(match["who"])):
        return None
    return match["who"], (row.span[0], row.span[0] + match.end("who"))


def _in_capitals(lines: list[Row]) -> list[Row]:
    """The leading rows in capitals, the decider's among them."""
    size = taken = 0
    for row in lines:
        taken += len(row.text)
        if not capital(row) and not re.fullmatch(r"[\d\s–/.,-]+", row.text):
            break
        if is_rule(row) or row.text.endswith(":") or _NUMBERED.match(row.text) or taken > _LONGEST:
            break
        size += 1
    return lines[:size]


def _in_small(lines: list[Row]) -> list[Row]:
    """The rows of a title in small letters: its paragraph, and the next ones where they plainly go on."""
    group = [lines[0]]
    for at, row in enumerate(lines[1:], start=1):
        if is_rule(row) or _CUE.match(row.text) or _NUMBERED.match(row.text) or row.text[0] == "(" or capital(row):
            break
        if not _goes_on(lines, at) or sum(len(line.text) for line in group) > _LONGEST:
            break
        group.append(row)
    after = lines[len(group) : len(group) + 3]
    return group + list(takewhile(_may_decide, after))


def _may_decide(row: Row) -> bool:
    return capital(row) and not _NUMBERED.match(row.text) and not is_rule(row)


def _goes_on(lines: list[Row], at: int) -> bool:
    """Whether the row at `at` continues the title above it."""
    row, before = lines[at], lines[at - 1]
    if row.text[0].islower() or _OPEN_SMALL.search(before.text):
        return True
    if not row.apart:
        return before.text[-1] not in ".:;" and not _fits(lines, at)
    if len(row.text) > 160 or row.text[-1] in ".:;":
        return False
    ahead = lines[at : at + _WIDEST]
    cue = next((n for n, line in enumerate(ahead) if _PREAMBLE.match(line.text)), None)
    return cue is not None and all(len(line.text) < 160 and line.text[-1] not in ".:;" for line in ahead[:cue])


def _fits(lines: list[Row], at: int) -> bool:
    """Whether the first word of a row would have fitted on the line before: then the line was ended on purpose."""
    width = max(len(line.text) for line in lines[:40])
    return len(lines[at - 1].text) + 1 + len(lines[at].text.split(" ", 1)[0]) <= width - 3


def _decider_at(lines: list[Row], size: int) -> int:
    """Where in the first `size` rows, all in capitals, the deciding office begins; `size` where none does."""
    group, following = lines[:size], lines[size : size + 1]
    if not following or not _PREAMBLE.match(following[0].text):
        return size
    spaced = any(row.apart for row in (*group[1:], *following))
    for at, row in enumerate(group):
        words = modern(joined(group[at:]))
        if not _DECIDER.fullmatch(words) or _CLAUSE.search(words) or _SECOND_OFFICE.search(words):
            continue
        if at and spaced and not row.apart and capital(group[at - 1]):
            continue  # capitals right below a title in small letters begin something else even without a blank line
        if at == 0 or row.apart or _fits(lines, at) or not _OPEN_END.search(modern(group[at - 1].text)):
            return at
    return size


_WHOSE = re.compile(r"CỦA |HỘI NGHỊ ")


def _owner_above_small(lines: list[Row]) -> int:
    """How many rows in capitals say whose document it is above a title in small letters: "CỦA BỘ CHÍNH TRỊ / về tiếp tục …"."""
    if not (capital(lines[0]) and _WHOSE.match(modern(lines[0].text))):
        return 0
    size = next((n for n, row in enumerate(lines[:4]) if not capital(row)), 0)
    if not size or is_rule(lines[size]) or not lines[size].text.startswith(("về ", "Về ")):
        return 0
    words = modern(joined(lines[:size]))
    return size if words.startswith("HỘI NGHỊ ") or re.match(_BODY_WORDS, words[4:]) else 0


def _owner_rows(group: list[Row]) -> int:
    """How many rows say whose document it is, before the title proper: "CỦA BỘ CHÍNH TRỊ, / BAN BÍ THƯ"."""
    if not group or not modern(group[0].text).startswith("CỦA "):
        return 0
    for size in (1, 2, 3):
        if len(group) > size and _OWNER_ABOUT.match(modern(group[size].text)):
            words = modern(joined(group[:size]))[4:]
            return size if re.match(_BODY_WORDS, words) else 0
    return 0
