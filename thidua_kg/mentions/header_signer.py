"""A signature block read: the mark of capacity, the office held, the name.

NĐ 30/2020/NĐ-CP Phụ lục I, mục II.7 ("TM.", "KT.", "TL.", "TUQ.", "Q."); HD 36-HD/VPTW for the Party's "T/M", "K/T".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from thidua_kg.mentions.header_rows import Row, capital, covering, is_rule, joined, rows
from thidua_kg.mentions.header_words import LOWER, UPPER, modern, normal_case
from thidua_kg.model import Signer, Span
from thidua_kg.text import slug
from thidua_kg.vocab import FamilyName, table

_MARK = r"(?:T[/.]?M|K[/.]?T|T[/.]?L|T/?UQ|Q(?=\.))"
_OFFICE = (
    r"(?:PHÓ|QUYỀN|Q\.|TỔNG|CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TRƯỞNG|CỤC TRƯỞNG|VỤ TRƯỞNG|VIỆN TRƯỞNG|HIỆU TRƯỞNG"
    r"|CHI CỤC TRƯỞNG|TRƯỞNG(?= )|GIÁM ĐỐC|CHÁNH|BÍ THƯ|THỦ TƯỚNG|THỐNG ĐỐC|CHỦ NHIỆM|[ỦU][YỶ] VIÊN|CHỈ HUY|TƯ LỆNH"
    r"|CHÍNH ỦY|THƯ KÝ|ĐỘI TRƯỞNG|TRẠM TRƯỞNG)"
)
_DEPUTY = re.compile(r"(?:PHÓ|THỨ TRƯỞNG|[ỦU][YỶ] VIÊN)(?!\w)")
_DEPUTY_BESIDE = re.compile(r" (?P<held>(?:PHÓ|THỨ TRƯỞNG)(?!\w).*)$")
_MARKED = re.compile(rf"(?P<mark>{_MARK})(?:\.|(?![\w/])) ?(?P<rest>.*)")
_POSITION = re.compile(rf"{_OFFICE}(?!\w)")
# It begins with a character, so that the search skips from one cell to the next.
_START = re.compile(rf"[\n\t|][ *_>#]{{0,5}}(?P<sign>{_MARK}(?:\.|(?= ))\s{{0,3}}[{UPPER}]|{_OFFICE}(?![\w/]))")
_BESIDE = re.compile(rf"(?<=[;.,)]) {{1,2}}(?P<sign>(?:{_MARK}\. ?[{UPPER}]|{_OFFICE}(?!\w))[^{LOWER}]{{0,80}})$")

_WORD = rf"[{UPPER}][{LOWER}'’{UPPER}]{{0,9}}"
_ONE_WORD = re.compile(_WORD)
_NAME = re.compile(rf"{_WORD}(?:[ -]{{1,2}}{_WORD}){{1,5}}")
_REST_OF_NAME = re.compile(
    rf"[*_ ]{{0,3}}\n[*_ ]{{0,3}}(?P<word>[{UPPER}][{LOWER}]{{1,7}})[*_ ]{{0,3}}(?=\n(?![{LOWER}])|$)"
)
_RANK = re.compile(
    r"(?:(?:Đại tướng|Thượng tướng|Trung tướng|Thiếu tướng|Chuẩn đô đốc|Phó đô đốc|Đô đốc|Đại tá|Thượng tá|Trung tá"
    r"|Thiếu tá|Đại úy|Thượng úy|Trung úy|Thiếu úy|PGS|GS|TSKH|TS|ThS|Ths|BS|KS|LS|CN|CKI{1,2}|NGƯT|NGND|TTND|TTƯT"
    r"|Tiến sĩ|Thạc sĩ|Bác sĩ|Kỹ sư|Luật sư|Giáo sư|Phó giáo sư|Linh mục|Hòa thượng)(?![\w])[.,/ -]{0,3}){1,4}"
)
_FAMILY = frozenset(row.name.upper() for row in table("family_names", FamilyName))
_BARE_OFFICES = frozenset(("chu-tich", "thu-tuong", "giam-doc", "bi-thu", "chu-nhiem", "thu-truong"))
_SKIPPED = re.compile(
    r"\(? ?(?:[Đđ]ã ký|[Kk]ý số|[Kk]ý tên|[Kk]ý, )[^\n]{0,60}"
    r"|(?:Người ký|Ký bởi|Ngày ký|Thời gian ký|Email|Cơ quan|Tổ chức) ?:.*"
    r"|XÁC THỰC VĂN BẢN.*|HỢP NHẤT|!?\[.*|(?:Digitally )?[Ss]ign(?:ed|ature).*"
)
_HEADING = re.compile(r"(?:PHỤ LỤC|DANH MỤC|DANH SÁCH|BIỂU|MẪU|CHƯƠNG|PHẦN|CỘNG H|[IVX]{1,4}[.)-]|\d{1,2}[.)]|\[\d)")
_NOT_A_NAME = frozenset(("Nơi", "Kính", "Phụ", "Điều", "Mẫu", "Biểu", "Số", "Ngày", "Căn"))
_REACH = 900  # characters that a signature block may take
_LINES = 9  # lines of offices and bodies that it may have


def first_signer(text: str, end: int) -> Signer | None:
    """The first place before `end` where an office in capitals is followed by a person's name."""
    tried = 0
    for start in chain((0,), (match.start("sign") for match in _START.finditer(text, 0, end))):
        if start < tried:
            continue
        signer, tried = _block(text, rows(text, (start, min(start + _REACH, len(text)))))
        if signer is not None:
            return signer
    return None


def signer_of(text: str, lines: Iterable[Row]) -> Signer | None:
    """The signature that rows of `text` begin with: offices in capitals, then a name; None where it is not one."""
    return _block(text, lines)[0]


def _block(text: str, lines: Iterable[Row]) -> tuple[Signer | None, int]:
    """The signature that rows begin with, or None and where the row stands that shows it to be none."""
    heads: list[Row] = []
    waiting: Row | None = None  # the first word of a name broken over two lines
    at = 0
    for row in lines:
        at = row.span[0]
        if is_rule(row) or is_stamp(row):
            continue
        if waiting is not None:
            return _signed(text, heads, f"{waiting.text} {row.text}", row.span[1]), at
        if heads and _is_name(row.text):
            return _signed(text, heads, row.text, row.span[1]), at
        if _is_head(row, heads):
            heads.append(row)
        elif heads and _ONE_WORD.fullmatch(row.text):
            waiting = row
        else:
            break
    return None, at


def represented(text: str, span: Span) -> tuple[str, Span] | None:
    """The body on whose behalf a signature stands: "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH / ..." is for ỦY BAN NHÂN DÂN."""
    group: list[Row] = []
    for row in rows(text, span):
        marked = _MARKED.match(row.text)
        if group and (marked or _POSITION.match(modern(row.text)) or not capital(row)):
            break
        if group:
            group.append(row)
        elif marked and marked["mark"].replace("/", "").replace(".", "") == "TM" and len(marked["rest"]) > 2:
            cut = row.span[0] + marked.start("rest")
            group.append(Row(marked["rest"], (cut, row.span[1]), row.apart))
    return (joined(group), covering(group)) if group else None


def begins_signature(row: Row, *, closed: bool) -> bool:
    """Whether a row after recipients begins a signature; an office in small letters only after a `closed` list."""
    if capital(row):
        return not row.first or bool(_MARKED.match(row.text) or _POSITION.match(modern(row.text)))
    marked = _MARKED.match(row.text)
    office = closed and len(row.text.split()) <= 6 and _POSITION.match(modern(row.text).upper())
    return bool(marked and row.text[: marked.start("rest")].rstrip().endswith((".", "/"))) or bool(office)


def beside(row: Row) -> tuple[Row, Row | None]:
    """A row's own words and the piece of a signature printed at its right: "- Như trên; KT. CHỦ TỊCH"."""
    found = _BESIDE.search(row.text)
    if found is None:
        return row, None
    start, end = row.span
    right = Row(found["sign"], (start + found.start("sign"), end), apart=True, first=False)
    left = row.text[: found.start()]
    return Row(left, (start, start + len(left)), row.apart, row.first), right


def starts_cell(text: str, at: int) -> bool:
    """Whether nothing but emphasis stands before `at` in its line or table cell."""
    before = text[max(0, at - 60) : at].rstrip(" *_>#")
    return before[-1:] in ("\n", "\t", "|") or (not before and at < 60)


def is_stamp(row: Row) -> bool:
    """Whether a row is a mark of signing, not a word of the block: "(Đã ký)", "Ký bởi: ..."."""
    return bool(_SKIPPED.fullmatch(row.text))


def is_heading(row: Row) -> bool:
    """Whether a row opens an annex or a note, so that a list or a signature ends before it."""
    return bool(_HEADING.match(row.text))


def _is_head(row: Row, heads: list[Row]) -> bool:
    if len(heads) >= _LINES:
        return False
    upper = modern(row.text).upper()
    if _MARKED.match(row.text) or (_POSITION.match(upper) and len(upper) < 90 and not row.text.endswith((":", ";"))):
        return True
    return bool(heads) and capital(row) and not is_heading(row) and len(row.text) < 120


def _is_name(text: str) -> bool:
    """Whether a line is a person's name, ranks and degrees aside; in capitals it must begin with a family name."""
    bare = _bare_name(text)
    if not _NAME.fullmatch(bare) or bare.split()[0] in _NOT_A_NAME:
        return False
    upper = modern(bare).upper()
    if bare == bare.upper():  # "CHU TỊCH" in a recognised scan is an office, though Chu is a family, too
        return upper.split()[0] in _FAMILY and slug(bare) not in _BARE_OFFICES
    return not _POSITION.match(upper)


def _bare_name(text: str) -> str:
    stripped = text.strip(" .,;*_")
    rank = _RANK.match(stripped)
    return " ".join(stripped[rank.end() if rank else 0 :].split())


def _signed(text: str, heads: list[Row], name: str, end: int) -> Signer | None:
    """The record of a signature block; a name in capitals keeps one capital a word."""
    if not _is_name(name):
        return None
    bare = _bare_name(name)
    if len(bare.split()) < 4 and (rest := _REST_OF_NAME.match(text, end)) and rest["word"] not in _NOT_A_NAME:
        bare, end = f"{bare} {rest['word']}", rest.end("word")
    if bare == bare.upper():
        bare = " ".join(word.capitalize() for word in bare.split())
    capacity, position = _office([row.text for row in heads])
    return Signer(capacity=capacity, position=position, name=bare, span=(heads[0].span[0], end))


def _office(lines: list[str]) -> tuple[str | None, str | None]:
    """The last mark of a block and the office that the signer holds.

    `["TL. CỤC TRƯỞNG", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"]` gives "KT.", "Phó Trưởng ban".
    """
    marks = [(number, match) for number, line in enumerate(lines) if (match := _MARKED.match(line))]
    if not marks:
        deputies = [at for at, line in enumerate(lines) if _DEPUTY.match(modern(line).upper())]
        return None, _position(lines[deputies[-1] if deputies else 0 :])
    number, match = marks[-1]
    capacity = match["mark"].replace("/", "").replace(".", "") + "."
    rest, follow = match["rest"].strip(), lines[number + 1 :]
    if capacity == "Q.":
        return capacity, _position([rest, *follow])
    if not rest and follow:
        rest, follow = follow[0], follow[1:]
    return capacity, _position(_held(rest, follow, deputy=capacity == "KT."))


def _position(lines: list[str]) -> str | None:
    """An office in its normal spelling, two offices held by one person each: "Bí thư kiêm Trưởng Ban Chỉ đạo"."""
    words = " ".join(lines).strip(" ,")
    return " kiêm ".join(normal_case(office) for office in words.split(" kiêm ")) or None


def _held(rest: str, follow: list[str], *, deputy: bool) -> list[str]:
    """The lines of the held office among those after a mark; the ones before belong to the body or absent office."""
    starts = [at for at, line in enumerate(follow) if _POSITION.match(modern(line).upper())]
    if deputy:
        # Nobody signs for an office that he holds: there a scan has lost the "PHÓ" before it (and the last letter above).
        starts = [at for at in starts if _DEPUTY.match(modern(follow[at]).upper())] or [
            at for at in starts[-1:] if slug(follow[at])[:-1] not in slug(rest)
        ]
        if not starts and (aside := _DEPUTY_BESIDE.search(rest)):
            return [aside["held"]]
    return follow[starts[0] :] if starts else []
