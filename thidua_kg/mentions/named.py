"""Documents cited by name: laws and codes, congress and plenum resolutions, short names, back and self references."""

from __future__ import annotations

import re
from functools import cache

import ahocorasick_rs
import msgspec

from thidua_kg.mentions.symbols import TypeWord
from thidua_kg.model import CitationKind, Span
from thidua_kg.vocab import Law, table

_LAW_TYPES = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
LONGEST_NAME = 320  # characters of a law's name that are compared
PLAIN_NAME = 180  # the same of a law that amends no other
_ROMAN = r"(?:[IVXLC]{1,6}|\d{1,2})"


class Named(msgspec.Struct, frozen=True, gc=False):
    """A reference without a symbol: its place, kind, type, and the number where a bare one is printed."""

    span: Span
    kind: CitationKind
    type: str
    rule: str
    number: str | None = None


@cache
def _law_names() -> ahocorasick_rs.AhoCorasick:
    """Every name of the table in small letters, commas with and without a blank before them, or one of them lost."""
    names: dict[str, None] = {}
    for row in table("laws", Law):
        for form in (row.name, *row.forms):
            small = form.lower()
            names[small] = names[small.replace(",", " ,")] = None
            commas = [i for i, c in enumerate(small) if c == ","]
            names |= dict.fromkeys(small[:i] + small[i + 1 :] for i in commas[:4])
    return ahocorasick_rs.AhoCorasick(tuple(names), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


# "Luật sửa đổi, bổ sung một số điều của Luật X": the outer law's name ends with the inner's
_AMENDING = re.compile(
    r"(?:Luật|LUẬT|Pháp [Ll]ệnh|PHÁP LỆNH|Bộ [Ll]uật) {1,2}(?:[Ss]ửa đổi|SỬA ĐỔI|[Bb]ổ sung|BỔ SUNG)"
    r"(?:(?! (?:Luật|LUẬT|Bộ luật|BỘ LUẬT|Pháp lệnh|PHÁP LỆNH) )[^.;:“”()]){0,120}? {1,2}$"
)
# Words that cannot belong to a law's name and so end one that the table does not know
_NAME_END = re.compile(
    r" (?:quy định|ngày|năm|số|này|được|có|thì|là|để|theo|của|trong|trên|tại|khi|đã|do|cho|từ|hiện hành|nêu|nói|và các"
    r"|và (?:Nghị|Luật|Bộ luật|Pháp lệnh|Thông|Quyết)|sửa đổi|bằng|cũng|không|phải|vào|đến|hoặc|hay|ban hành|nếu|đang|như sau"
    r"|và (?:khoản|điểm|Điều|thực hiện))(?!\w)"
    r"|[.;:()“”\"\[\]/–\d]| ?, (?![a-zđà-ỹ])|  |,$"
)
_UNKNOWN_LAW = re.compile(
    r"(?:Luật|Bộ [Ll]uật|Pháp [Ll]ệnh) (?=[A-ZĐÀ-Ỹ]|về )"
    r"|(?:Bộ luật|Pháp lệnh) (?=[a-zđà-ỹ])"
    r"(?!(?:này|của|có|và|là|do|được|số|ngày|năm|đã|khác|trên|nêu|nói|hiện|để|theo|thì|mới|đó|gồm)(?!\w))"
)
_AMENDED = re.compile(r"(?: {1,2}\([A-ZĐ&,. ]{2,14}\))? {1,2}\((?:sửa đổi|SỬA ĐỔI)(?:, bổ sung)?\)")
_NAMED_YEAR = re.compile(r" {1,2}(?:(?:năm|NĂM) )?(?:19|20)\d\d(?![\d/])")


_BY_DATE = re.compile(  # an amending law by its day alone: "Luật Đất đai ngày …; Luật ngày 29 tháng 6 năm 2024"
    r"Luật(?= {1,2}ngày {1,2}\d{1,2} {1,2}tháng {1,2}\d{1,2} {1,2}năm {1,2}\d{4}| {1,2}ngày {1,2}\d{1,2}/\d{1,2}/\d{4})"
)
_NO_LAW = (  # "pháp luật", law firms and faculties
    *("pháp ", "Công ty ", "công ty ", "CÔNG TY ", "TNHH ", "Văn phòng ", "văn phòng ", "VĂN PHÒNG ", "Hãng ", "hãng "),
    *("Khoa ", "khoa ", "Đại học ", "đại học ", "Trường ", "ngành ", "Viện ", "Tạp chí "),
)


def find_laws(flat_text: str, words: list[TypeWord]) -> list[Named]:
    """Laws, codes and ordinances by name; the name ends where the table's longest name ends, else by grammar.

    "Luật Đất đai năm 2024", "Luật quản lý thuế (sửa đổi)", "Luật sửa đổi, bổ sung một số điều của Luật Giá".
    """
    found: list[Named] = []
    covered = 0
    for word in words:
        start = word.span[0]
        if word.name not in _LAW_TYPES or start < covered or not flat_text[start].isupper():
            continue
        if flat_text.endswith(_NO_LAW, 0, start) and not flat_text.endswith("Tư pháp ", 0, start):  # a cell may end so
            continue
        end = _known_end(flat_text, start)
        rule = "law_name" if end else "law_grammar"
        end = end or _grammatical_end(flat_text, start)
        if not end and word.name == "Luật" and (by_date := _BY_DATE.match(flat_text, start)):
            found.append(Named(by_date.span(), "named", "Luật", "law_by_date"))
        if end:
            found += _law(flat_text, start, end, rule)
            covered = end
    return sorted(found, key=lambda n: (n.span[0], -n.span[1]))


def _known_end(flat_text: str, start: int) -> int | None:
    """Where the longest name of the table that begins at a place ends."""
    amending = flat_text.find("đổi", start, start + 14) > 0 or flat_text.find("ĐỔI", start, start + 14) > 0
    window = flat_text[start : start + (LONGEST_NAME if amending else PLAIN_NAME)].lower()
    first = next(iter(_law_names().find_matches_as_indexes(window)), None)
    if first is None or first[1] != 0 or not _whole(flat_text, start, start + first[2]):
        return None
    return start + first[2]


def _grammatical_end(flat_text: str, start: int) -> int | None:
    """Where a name that the table does not know ends: before a word that cannot belong to it; None where it is none."""
    match = _UNKNOWN_LAW.match(flat_text, start)
    stop = match and _NAME_END.search(flat_text, match.end(), match.end() + 90)
    if not match or not stop:
        return None
    end = start + len(flat_text[start : stop.start()].rstrip(" ,"))
    return end if end - match.end() > 3 else None


_AMENDING_NAME = re.compile(r"(?:luật|bộ luật|pháp lệnh) {1,2}(?:sửa đổi|bổ sung)")


def _law(flat_text: str, start: int, end: int, rule: str) -> list[Named]:
    """The law at a place, with the amending law around it or the amended laws inside it.

    A year after both names may be either's: it stays outside an amending law's span.
    """
    small = flat_text[start:end].lower()
    kind = next(t for t in ("Bộ luật", "Luật", "Pháp lệnh", "Hiến pháp") if small.startswith(t.lower()))
    if _AMENDING_NAME.match(small):
        inner = [
            Named((start + a, start + b), "named", kind, rule)
            for a, b in _names_in(small, len(kind))
            if flat_text[start + a].isupper()
        ]
        return [Named((start, end), "named", kind, "amending_law"), *inner]
    outer = _AMENDING.search(flat_text, max(0, start - 170), start)
    found = [] if outer is None else [Named((outer.start(), end), "named", kind, "amending_law")]
    for pattern in (_AMENDED, _NAMED_YEAR):
        if more := pattern.match(flat_text, end):
            end = more.end()
    return [*found, Named((start, end), "named", kind, rule)]


def _names_in(small: str, after: int) -> list[Span]:
    """The table's names inside a longer name, in small letters."""
    machine = _law_names()
    return [
        (after + a, after + b)
        for _, a, b in machine.find_matches_as_indexes(small[after:])
        if _whole(small, after + a, after + b)
    ]


def _whole(flat_text: str, start: int, end: int) -> bool:
    return not (start and flat_text[start - 1].isalnum()) and not (end < len(flat_text) and flat_text[end].isalnum())


# Resolutions of congresses and plenums have an ordinal, not a symbol, where they are cited by name
_CONGRESS = re.compile(
    r"(?:Nghị quyết|NGHỊ QUYẾT) {1,2}(?:số {1,2})?(?:của )?"
    r"(?:Đại hội|ĐẠI HỘI)(?: {1,2}(?:đại biểu|đảng viên|ĐẠI BIỂU))?(?: {1,2}(?:toàn {1,2}quốc|TOÀN {1,2}QUỐC))?"
    r"(?: {1,2}(?:Đảng bộ|ĐẢNG BỘ|Đảng|Chi bộ|Đoàn|Công đoàn|Hội)(?: (?!lần|nhiệm|khóa|khoá)[\wÀ-ỹ.-]+){0,9}?)?"
    rf"(?: {{1,2}}(?:lần|LẦN) {{1,2}}(?:thứ|THỨ) {{1,2}}{_ROMAN}| {{1,2}}{_ROMAN}(?!\w)"
    r"|(?:,| \()? {0,2}nhiệm kỳ \d{4} ?[-–] ?\d{4}\)?){1,2}"
    r"(?: {1,2}(?:của {1,2})?(?:Đảng(?: Cộng sản Việt Nam)?|ĐẢNG)(?! (?:bộ|ủy|uỷ|viên))(?!\w))?"
)
_PLENUM = re.compile(
    r"(?:Nghị quyết|Kết luận|NGHỊ QUYẾT|KẾT LUẬN) {1,2}(?:(?:Hội nghị(?: lần thứ)?|HNTW) {1,2})?"
    r"(?:Trung ương|TW|TRUNG ƯƠNG|lần thứ) {0,2}(?:\d{1,2}|[a-zđàáảãạăâêôơưéèíìóòúùýỳ]{2,5}(?: (?:hai|một))?)"
    r"(?: {1,2}Ban Chấp hành Trung ương(?: Đảng)?)?"
    r"(?: {0,2},?\(? ?[Kk](?:hóa|hoá|hóA)? {0,2}(?:XI{0,3}|XIV|IX|VI{0,3}|X|\d{1,2})\)?)"
)


def find_resolutions(flat_text: str, words: list[TypeWord]) -> list[Named]:
    """Resolutions of Party congresses and of plenums of the Central Committee.

    "Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "Nghị quyết Trung ương 4 khóa XII".
    """
    found = []
    for word in words:
        if word.name in ("Nghị quyết", "Kết luận"):
            for rule, pattern in (("congress", _CONGRESS), ("plenum", _PLENUM)):
                if match := pattern.match(flat_text, word.span[0]):
                    found.append(Named(match.span(), "named", word.name, rule))
                    break
    return found


_NUMBERED_TYPES = frozenset(
    [
        "Chỉ thị",
        "Nghị quyết",
        "Quyết định",
        "Quy định",
        "Kế hoạch",
        "Đề án",
        "Kết luận",
        "Nghị định",
        "Thông tư",
        "Thông tư liên tịch",
        "Luật",
        "Bộ luật",
        "Hướng dẫn",
        "Công điện",
        "Thông báo",
        "Chương trình",
        "Công văn",
        "Pháp lệnh",
        "Tờ trình",
        "Báo cáo",
    ]
)
_BARE = re.compile(
    r" {1,2}(?P<label>(?:số|Số|SỐ):? {1,2})?(?P<number>\d{1,4}[a-zđ]?)(?![\w/%]|[.,]\d|[-–]\d| {0,2}[-–/] {0,2}[A-ZĐ\d])"
    r"(?= {0,3}(?P<after>của|về|theo|ngày|năm \d{4}|và|này|nêu|nói|trên|trong|tại|ở|vào|đã|được|hoặc|[,.;:)”\"]|“|\(|$))?"
)
_BACK = re.compile(
    r" {1,2}(?:(?:số|Số) {1,2}\d{1,4} {1,2})?"
    r"(?:(?:nói|nêu|dẫn|kể|đã nêu|đã dẫn) {1,2}(?:ở {1,2})?trên|trên đây|đã dẫn|đã nêu)(?!\w)"
)
_THIS = re.compile(r" {1,2}(?:này|NÀY)(?!\w)")


_COUNTED = re.compile(
    r" {1,2}(?:năm|tháng|ngày|tuần|người|điều|khoản|điểm|mục|nội dung|nhiệm vụ|giải pháp|nhóm|chương|phần|trang|đồng|tỷ|triệu|bước"
    r"|văn bản|cơ quan|đơn vị|tỉnh|huyện|xã|lần|lĩnh vực|dự án|đề án|chỉ tiêu|mục tiêu|loại|bộ|cấp)(?!\w)"
)
_LEGAL = frozenset(("Nghị định", "Thông tư", "Thông tư liên tịch", "Nghị quyết", "Chỉ thị", "Luật"))


def _is_number(bare: re.Match[str], type_: str) -> bool:
    """Whether a bare number is the document's and does not count what follows: "Nghị định 54", not "Kế hoạch 05 năm"."""
    if bare["label"] or bare["after"]:
        return True
    return type_ in _LEGAL and len(bare["number"]) > 1 and not _COUNTED.match(bare.string, bare.end())


def find_short(flat_text: str, words: list[TypeWord]) -> list[Named]:
    """References by type and bare number, and those that point back.

    "Chỉ thị 05", "Quyết định số 32 nêu trên", "Kế hoạch này".

    A bare number counts only where "số" stands before it or what follows cannot be what it counts ("Kế hoạch 05 năm").
    """
    found: list[Named] = []
    for word in words:
        start, end = word.span
        capital = flat_text[start].isupper()
        if back := _BACK.match(flat_text, end):
            found.append(Named((start, back.end()), "back", word.name, "back_reference"))
        elif word.name not in _NUMBERED_TYPES:
            continue
        elif this := _THIS.match(flat_text, end):
            if capital:
                found.append(Named((start, this.end()), "self", word.name, "this_document"))
        elif (bare := _BARE.match(flat_text, end)) and capital and _is_number(bare, word.name):
            found.append(Named((start, bare.end("number")), "numbered", word.name, "type_and_number", bare["number"]))
    return found
