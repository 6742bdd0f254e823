"""The issuing body: from the letterhead's rows, or, where the letterhead was lost, from what the text says.

A letterhead names the superior body above the issuing one (NĐ 30/2020/NĐ-CP Phụ lục I, mục II.2; HD 36-HD/VPTW). A
Party body's own name goes with its committee's ("TỈNH ỦY BÌNH THUẬN / BAN DÂN VẬN" is Ban Dân vận Tỉnh ủy Bình Thuận).
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from thidua_kg.identity import province_in, province_pattern
from thidua_kg.mentions.header_rows import Row, covering, joined
from thidua_kg.mentions.header_words import modern, normal_case
from thidua_kg.model import Evidence, Span, System
from thidua_kg.text import fold_space

_HEADS = (
    r"(?:[ỦU][YỶ] BAN|UBND|HỘI ĐỒNG|HĐND|BỘ|CỤC|TỔNG CỤC|CHI CỤC|SỞ|BAN|VĂN PHÒNG|CHÍNH PHỦ|THỦ TƯỚNG|CHỦ TỊCH NƯỚC|QUỐC HỘI"
    r"|NGÂN HÀNG|TỈNH [ỦU][YỶ]|THÀNH [ỦU][YỶ]|HUYỆN [ỦU][YỶ]|QUẬN [ỦU][YỶ]|THỊ [ỦU][YỶ]|ĐẢNG [ỦU][YỶ]|ĐẢNG BỘ|CHI BỘ|CĐCS"
    r"|TRUNG TÂM|TRƯỜNG|THUẾ|KHO BẠC|BẢO HIỂM|VIỆN|TÒA ÁN|TOÀ ÁN|CÔNG AN|CÔNG ĐOÀN|LIÊN ĐOÀN|TỔNG LIÊN ĐOÀN|HỘI|ĐOÀN"
    r"|MẶT TRẬN|PHÒNG|KIỂM TOÁN|THANH TRA|HỌC VIỆN|ĐẠI HỌC|BỆNH VIỆN|TỔNG CÔNG TY|TẬP ĐOÀN|CÔNG TY|ĐÀI|BÁO|QUÂN [ỦU][YỶ]"
    r"|TIỂU BAN|TỔ|CỤM|KHỐI|TRẠM|NHÀ|QUỸ|TỈNH ĐOÀN|THÀNH ĐOÀN)"
)
_HEAD = re.compile(rf"{_HEADS}(?!\w)")
_UNFINISHED = re.compile(
    r"(?:[ỦU][YỶ]|[ỦU][YỶ] BAN|[ỦU][YỶ] BAN THƯỜNG VỤ|HỘI|BAN|BỘ|SỞ|CỤC|VĂN PHÒNG|THỦ|THỦ TƯỚNG|CHÍNH|QUỐC|ĐẢNG|ĐẢNG [ỦU][YỶ]"
    r"|ĐẢNG BỘ|CHI BỘ|TỈNH|THÀNH|NGÂN HÀNG|TRUNG TÂM|TRƯỜNG|VIỆN|HỘI ĐỒNG|BAN CHẤP HÀNH|BAN CHẤP HÀNH ĐẢNG BỘ|THANH TRA"
    r"|TỔNG|CHI|CÔNG|LIÊN|KIỂM|PHÒNG|CÔNG ĐOÀN|.*(?:ĐOÀN CHỦ TỊCH|[ỦU][YỶ] BAN TRUNG ƯƠNG|(?<!\w)(?:VÀ|CỦA)|[,–-]))"
)
_JOINT = re.compile(rf" [-–] (?:{_HEADS}|ĐOÀN CHỦ TỊCH)(?!\w)")
_PARTY_PARENT = re.compile(r"(?:TỈNH|THÀNH|HUYỆN|QUẬN|THỊ|ĐẢNG|QUÂN) [ỦU][YỶ]|ĐẢNG BỘ|CHI BỘ|BAN CHẤP HÀNH ĐẢNG BỘ")
_SUBORDINATE = re.compile(  # names that say nothing without the body they belong to
    r"(?:BAN THƯỜNG TRỰC|BAN THƯỜNG VỤ|BAN CHẤP HÀNH|VĂN PHÒNG|[ỦU][YỶ] BAN KIỂM TRA|THƯỜNG TRỰC|PHÒNG|TIỂU BAN|TRẠM)(?!\w)"
)
_OWN_NAME = re.compile(r"(?:CHI BỘ|ĐẢNG BỘ|ĐẢNG [ỦU][YỶ]|CÔNG ĐOÀN|CĐCS) \w")  # names that stand without their superior
_PROVINCE_OF = re.compile(r"TỈNH [ỦU][YỶ](?= )")
_OF_COMMITTEE = re.compile(r"^(?:[ỦU][YỶ] BAN NHÂN DÂN|UBND) ")  # a division is named by the place, not its committee
_CENTRAL = "BAN CHẤP HÀNH TRUNG ƯƠNG"
_OFFICE = re.compile(
    r"(?:Phó )?(?:Chủ tịch(?! nước)|Bộ trưởng,? Chủ nhiệm|Bộ trưởng|Tổng Giám đốc|Giám đốc|Tổng Cục trưởng|Chi cục trưởng"
    r"|Cục trưởng|Thống đốc|Chánh án|Viện trưởng|Tổng Thanh tra|Chánh Thanh tra|Hiệu trưởng|Chánh Văn phòng|Trưởng ban) "
)
_BODY = (
    r"(?P<body>(?:Ban|[ỦU][ỷy] ban|UBND|HĐND|Hội đồng|Bộ|Chính phủ|Thủ tướng|Quốc hội|Sở|Cục|Tổng cục|Chi cục|Tỉnh [uủ][ỷy]"
    r"|Thành [uủ][ỷy]|Huyện [uủ][ỷy]|Đảng [uủ][ỷy]|Đảng bộ|Chi bộ|Văn phòng|Ngân hàng|Thống đốc|Chủ tịch|Giám đốc|Viện|T[oò][àa] án"
    r"|Trường|Trung tâm|Công đoàn|Liên đoàn|Hội|Đoàn|Thanh tra|Kiểm toán|Bảo hiểm|Kho bạc|Công an|Thuế|Phòng|Học viện)"
    r"(?:[^.;:“”\"()\n]|\n(?!\s)){0,90}?)"
)
_ENACTS = re.compile(rf"{_BODY}\s{{1,2}}ban\s{{1,2}}hành\s{{1,2}}(?P<type>[A-ZĐ]\w{{1,7}}\s{{1,2}}\w{{2,7}})")
_WRITES = re.compile(
    rf"{_BODY}\s{{1,2}}(?:có\s{{1,2}}ý\s{{1,2}}kiến|đã\s{{1,2}}(?:nhận|có)|nhận\s{{1,2}}được|thông\s{{1,2}}báo|hướng\s{{1,2}}dẫn"
    r"|yêu\s{1,2}cầu|đề\s{1,2}nghị|trân\s{1,2}trọng|kính)(?!\w)"
)
_LOCAL = re.compile(r"(?:[Tt]ỉnh|[Tt]hành|[Tt]ỉnh [uủ][ỷy]|[Tt]hành [uủ][ỷy]|[Tt]hành phố)$")
_NAMELESS = re.compile(r"(?:[Tt]ỉnh|[Tt]hành phố|[Tt]ỉnh [uủ][ỷy]|[Tt]hành [uủ][ỷy]|Sở .*|Công an tỉnh|Tỉnh đoàn)$")
_PLACED = re.compile(r"(?:tỉnh|Tỉnh|[Tt]hành\s{1,2}phố|TP\.?)\s{1,2}(?:$|(?=\S))")
_CLAUSE = re.compile(r"(?<!\w)(?:của|đã|về|tại|theo|để|đến|ngày|số|cho|như|các|khi|nếu|được)(?!\w)")
_PARTY_NAME = re.compile(
    r"(?:Tỉnh|Thành|Huyện|Quận|Thị|Đảng|Quân) ủy|Đảng bộ|Chi bộ|Bộ Chính trị|Ban Bí thư|Ban Chấp hành Trung ương"
    r"|^(?:Ban|Văn phòng|Ủy ban Kiểm tra).* Trung ương|Đảng đoàn|Ban cán sự đảng"
)
_MASS_NAME = re.compile(
    r"Mặt trận|MTTQ|Công đoàn|Liên đoàn Lao động|Đoàn Thanh niên|Đoàn TNCS|Hội (?:Liên hiệp|Nông|Cựu)|Tỉnh đoàn"
)


class Issuer(msgspec.Struct, frozen=True):
    """A body with the passages that name it; `printed` where the letterhead does."""

    name: str
    span: Span
    printed: bool
    decided_by: str | None = None
    evidence: tuple[Evidence, ...] = ()


def of_letterhead(lines: tuple[Row, ...], *, sure: bool) -> Issuer | None:
    """The issuing body that a letterhead's rows name, the last of them, with what its name needs of the one above.

    Rows that are not `sure` to be a letterhead must begin with a word that heads names.
    """
    bodies = _bodies(lines)
    if not bodies or not (sure or _HEAD.match(_plain(bodies[0]))):
        return None
    if any(_JOINT.search(modern(row.text).upper()) for row in lines):
        return Issuer(normal_case(" - ".join(_plain(group) for group in bodies)), covering(list(lines)), printed=True)
    own = _plain(bodies[-1])
    above = _plain(bodies[-2]) if len(bodies) > 1 else ""
    group = bodies[-1]
    if above.startswith(_CENTRAL):
        name = (
            "VĂN PHÒNG TRUNG ƯƠNG ĐẢNG" if own == "VĂN PHÒNG" else own if "TRUNG ƯƠNG" in own else f"{own} TRUNG ƯƠNG"
        )
    elif above and _OWN_NAME.match(own):
        name = own + (_PROVINCE_OF.sub("", above) if own.endswith(" TỈNH") and _PROVINCE_OF.match(above) else "")
    elif above and above not in own and (_PARTY_PARENT.match(above) or _SUBORDINATE.match(own)):
        name = f"{own} {_OF_COMMITTEE.sub('', above) if own.startswith('PHÒNG') else above}"
    else:
        name = own
    if name != own:
        group = [*bodies[-2], *bodies[-1]]
    return Issuer(normal_case(name), covering(group), printed=True)


def of_owner(words: str, span: Span) -> Issuer:
    """The body that a Party document names under its type: "KẾT LUẬN / CỦA BỘ CHÍNH TRỊ, BAN BÍ THƯ"."""
    return Issuer(normal_case(words), span, printed=True)


def body_of(name: str) -> str:
    """The body of an office-holder: `body_of("Chủ tịch Ủy ban nhân dân tỉnh") == "Ủy ban nhân dân tỉnh"`."""
    rest = _OFFICE.sub("", name, count=1)
    return rest if rest and rest[0].isupper() else name


def holds_office(name: str) -> bool:
    """Whether a name is an office and not a body."""
    return bool(_OFFICE.match(name)) or name.startswith(("Thủ tướng", "Chủ tịch nước"))


def enacting(text: str, start: int, end: int, kind: str | None) -> Issuer | None:
    """Who issues by the text's own words: "Ban Dân vận Tỉnh ủy ban hành Kế hoạch", "Bộ trưởng Bộ Y tế ban hành Thông tư"."""
    for match in _ENACTS.finditer(text, start, end):
        if kind and fold_space(match["type"]) == kind[: len(fold_space(match["type"]))] and _opens(text, match.start()):
            return _said(match)
    return None


def writing(text: str, start: int, end: int) -> Issuer | None:
    """Who writes a letter without its head: the body that most often gives an opinion, answers or asks in it."""
    found = [
        match for match in _WRITES.finditer(text, start, end) if _opens(text, match.start()) and _is_body(match["body"])
    ]
    count = Counter(fold_space(match["body"]) for match in found)
    if not count:
        return None
    name, times = count.most_common(1)[0]
    if any(number == times for other, number in count.items() if other != name):
        return None
    return _said(next(match for match in found if fold_space(match["body"]) == name))


def named(words: str, span: Span, passage: str) -> Issuer:
    """The body that a deciding line or a signature names, where the letterhead is lost."""
    name = normal_case(words)
    office = name if holds_office(name) else None
    return Issuer(
        _long(body_of(name)), span, printed=False, decided_by=office, evidence=(Evidence(span=span, text=passage),)
    )


def with_place(issuer: Issuer, place: str | None, shown: tuple[Evidence, ...]) -> Issuer:
    """The issuer with its province where its name stops before it: "Ban Dân vận Tỉnh ủy" + "Bình Thuận"."""
    if not place or not _LOCAL.search(issuer.name) or province_in(issuer.name):
        return issuer
    return msgspec.structs.replace(issuer, name=f"{issuer.name} {place}", evidence=(*issuer.evidence, *shown[:1]))


def needs_place(name: str) -> bool:
    """Whether a local body's name lacks its province."""
    return bool(_NAMELESS.search(name)) and province_in(name) is None


def places(text: str, end: int) -> tuple[str, tuple[Evidence, ...]] | None:
    """The province that the text names most often as "tỉnh X" or "thành phố X", with the passages, the first five."""
    found: list[tuple[str, Evidence]] = []
    for match in province_pattern().finditer(text, 0, end):
        kind = _PLACED.search(text, max(0, match.start() - 12), match.start())
        if (kind or _PLACED.match(match[0])) and (name := province_in(match[0])):
            span = (kind.start() if kind else match.start(), match.end())
            found.append((name, Evidence(span=span, text=text[span[0] : span[1]])))
    if not found:
        return None
    name, times = Counter(name for name, _ in found).most_common(1)[0]
    if times * 2 <= len(found):  # no province stands out
        return None
    return name, tuple(shown for place, shown in found if place == name)[:5]


def system_of(name: str | None) -> System | None:
    """The system that a body's name shows: Party, mass organisation, or State."""
    if not name:
        return None
    if _MASS_NAME.search(name):
        return "mass"
    return "party" if _PARTY_NAME.search(name) else "state"


def _bodies(lines: tuple[Row, ...]) -> list[list[Row]]:
    """The rows grouped by body: one begins at a word that heads names, unless the name before it is unfinished."""
    groups: list[list[Row]] = []
    for row in lines:
        begins = _HEAD.match(modern(row.text).upper().lstrip("/. "))
        if groups and not (begins and not _UNFINISHED.fullmatch(_plain(groups[-1]))):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _plain(group: list[Row]) -> str:
    return modern(joined(group)).upper().strip(" /.,*:")


def _long(name: str) -> str:
    """A body's name with its abbreviation spelled out: `_long("UBND tỉnh") == "Ủy ban nhân dân tỉnh"`."""
    name = re.sub(r"^UBND(?!\w)", "Ủy ban nhân dân", modern(name))
    return re.sub(r"^HĐND(?!\w)", "Hội đồng nhân dân", name)


def _said(match: re.Match[str]) -> Issuer:
    name = fold_space(match["body"])
    shown = Evidence(span=match.span(), text=match[0])
    office = _long(name) if holds_office(name) else None
    return Issuer(_long(body_of(name)), match.span("body"), printed=False, decided_by=office, evidence=(shown,))


def _opens(text: str, at: int) -> bool:
    """Whether a clause begins at `at`: after a mark, or as the first words of a paragraph."""
    before = text[max(0, at - 4) : at]
    bare = before.rstrip(" \n*_")
    return not bare or bare[-1] in '.;:,)”"-' or "\n\n" in before


def _is_body(words: str) -> bool:
    return len(words) < 70 and "," not in words[:1] and not _CLAUSE.search(words)
