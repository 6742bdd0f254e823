"""What the names of bodies are made of: where one may begin, what it goes on with, and the words that end it.

Patterns are built from the vocabulary; all of them read a reading copy of the text, where a line break is a blank.
"""

from __future__ import annotations

import re
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from thidua_kg.structure.markers import UPPER
from thidua_kg.vocab import Province, RoleTerm, UnitTerm, table
from thidua_kg.vocab.patterns import alternation

_BLANKS = str.maketrans("\n\t\u00a0*_", "     ")
WORD = re.compile(r" {0,4}((?:[^\W_]|&)(?:[\w&/’'+]|[.-](?=\w))*|[-–](?= ))")
SEPARATOR = re.compile(r" {0,4}(?:(?P<semi>;) {0,4}(?:và +)?|(?P<comma>,) {0,4}(?:và +|hoặc +|cùng(?: với)? +)?|"
                        r"(?P<word>và|hoặc|cùng với|cùng) +)")  # fmt: skip
_MANY = ("các đồng chí", "đồng chí", "tất cả các", "một số", "toàn thể", "các", "những", "từng", "mỗi", "mọi", "một")
_DETERMINER = rf"(?:{alternation(_MANY, either_case=True)} +){{0,3}}"
NOUN_AFTER = re.compile(
    r"tổ chức(?= {1,4}(?:chính trị|đảng|Đảng|xã hội|cá nhân|liên quan|có liên quan|thành viên|khác|đoàn thể|tín|kinh tế|"
    r"hội|đại diện|cơ sở|quốc tế|cung ứng|hành nghề|phát hành|kiểm định)(?!\w)"
    r"|, {0,3}(?:cá nhân|đơn vị|doanh nghiệp|đoàn thể|cơ quan)| {1,4}và cá nhân)"
)
_ALONE = {"UBND", "HĐND", "MTTQ", "UBMTTQ", "BCĐ", "BHXH", "TAND", "VKSND", "VP"}
AFTER_HEAD = re.compile(
    rf" {{1,4}}(?:[{UPPER}]|(?:tỉnh|thành phố|huyện|quận|xã|phường|cấp|khu vực|nhân dân|của|thuộc)(?!\w))| {{0,4}}(?:[,;.:)]|$)"
)
_AFTER_NOUN = re.compile(
    r" {0,4}(?:[,;.:)]|$)| {1,4}(?:và|hoặc|có liên quan|liên quan|có thẩm quyền|cấp|trên|thuộc|trực thuộc|của|tại|ở|chức năng|"
    r"chuyên môn|khác|trung ương|Trung ương|tỉnh|thành phố|Thành phố|huyện|xã|phường|quản lý|đảng|nhà nước|chủ quản|"
    r"chủ trì|phối hợp|đầu mối|thường trực|đăng ký|nào)(?!\w)"
)
_LOOKALIKE = re.compile(  # "trường hợp", "cấp giấy phép": the first syllable alone would be a body
    r"[Tt]rường {1,4}hợp|[Cc]ấp {1,4}(?:giấy|phép|phát|bù|kinh|đổi|lại|mới|thẻ|mã|điện|nước|tín|số|bằng|chứng|vốn|gạo)|"
    r"[Bb]ên {1,4}(?:cạnh|trong|ngoài|dưới)|[Hh]ội {1,4}(?:nghị|thảo|họp|nhập|thi|đồng(?= {1,4}(?:ý|thời)))|"
    r"[Bb]ộ {1,4}(?:máy|phận|tiêu)|[Đđ]ơn vị {1,4}tính|[Cc]ơ sở {1,4}(?:dữ liệu|vật chất|hạ tầng|pháp lý|khoa học|thực tiễn)"
)
_OFFICES = {"cơ quan", "đơn vị", "doanh nghiệp", "lực lượng"}
_TERRITORY = r"(?:Thành phố|Tỉnh|Trung ương|Nhà nước)(?!\w)"
_COMPOUNDS = {  # words that hold a verb's syllable and are none
    *("công trình", "chương trình", "lộ trình", "quá trình", "công lập", "dân lập", "thành lập", "độc lập", "trợ giúp"),
    *("việc làm", "giao dịch", "giao thông", "giao lưu", "giao ban", "Hậu cần", "hậu cần"),
}
_NUMBERED = (  # words that a number belongs to: "Khối thi đua 6", "Quân khu 5"
    *(
        "khu",
        "vực",
        "đua",
        "bộ",
        "đạo",
        "phường",
        "Phường",
        "quận",
        "Quận",
        "đội",
        "tổ",
        "số",
        "Đội",
        "Tổ",
        "đoàn",
        "BCĐ",
    ),
)
_LEADERS = re.compile(rf"[Ll]ãnh đạo(?= +(?:[{UPPER}]|các|cơ quan|đơn vị|phòng|ban |sở ))")


def reading_copy(text: str) -> str:
    """`text` with line breaks and emphasis as blanks, offset for offset, so that patterns need not know of them."""
    return text.translate(_BLANKS) if len(text) < 400 else _blanked(text)


def _blanked(text: str) -> str:
    """The same by single replacements, which is faster on long texts."""
    for char in "\n\t\u00a0*_":
        text = text.replace(char, " ")
    return text


def opening_at(flat: str, at: int, end: int) -> re.Match[str] | None:
    """The beginning of a name at `at`: its determiner and head; common words that only look like one are refused.

    "Ban hành", "Hội nghị", "tổ chức thực hiện" and "cơ sở vật chất" begin no name.
    """
    match = opens().match(flat, at, end)
    if match and match.lastgroup == "generic" and _LOOKALIKE.match(flat, match.start("generic"), end):
        return None
    if match is None or match["det"]:
        return match
    kind, follow = match.lastgroup, match.end()
    if kind == "short":
        return match if AFTER_HEAD.match(flat, follow, end) else None
    if kind == "generic":
        if match["generic"].lower() == "tổ chức":
            return match if NOUN_AFTER.match(flat, match.start("generic"), end) else None
        word = WORD.match(flat, follow, end)
        plain = (
            word is None
            or match["generic"].lower() in _OFFICES
            or _AFTER_NOUN.match(flat, follow, end)
            or is_stop(flat, word, end)
        )
        return match if plain else None
    return match


def starts_anew(flat: str, word: re.Match[str], end: int, tail: str) -> bool:
    """Whether the word opens something else: a capital verb behind a common noun, or a row's number."""
    if word[1].isdigit():
        return not flat.endswith(_NUMBERED, 0, word.start(1) - 1)
    return (
        tail in ("generic", "level", "people", "field")
        and word[1][0].isupper()
        and begins_verb(flat, word.start(), end)
    )


def begins_verb(flat: str, at: int, end: int) -> bool:
    """Whether the next two syllables are a verb, though the first alone is a noun: "ban hành"."""
    first = WORD.match(flat, at, end)
    second = WORD.match(flat, first.end(), end) if first else None
    return (
        first is not None
        and second is not None
        and first[1].lower() != "tổ"
        and f"{first[1].lower()} {second[1]}" in _stops()
    )


def is_stop(flat: str, word: re.Match[str], end: int) -> bool:
    """Whether no name goes on with this word: a verb, a preposition, a clause of its own."""
    if word[1][0].isupper() and word[1] not in ("Căn", "Hằng"):
        return False
    stops = _stops()
    if word[1] not in _stop_beginnings():
        return False
    before = flat[max(0, word.start() - 8) : word.start()].split()[-1:]
    if before and f"{before[0]} {word[1]}" in _COMPOUNDS:
        return False
    nxt = WORD.match(flat, word.end(), end)
    third = WORD.match(flat, nxt.end(), end) if nxt else None
    two = f"{word[1]} {nxt[1]}" if nxt else word[1]
    if two in _COMPOUNDS or two in ("có liên", "có thẩm", "có nhiệm", "trong tỉnh", "trong hệ"):
        return False
    if two == "tổ chức":
        return NOUN_AFTER.match(flat, word.start(1), end) is None
    if two == "lãnh đạo":
        return _LEADERS.match(flat, word.start(1), end) is None
    return word[1] in stops or two in stops or (third is not None and f"{two} {third[1]}" in stops)


@cache
def _stops() -> frozenset[str]:
    """Words, one to three syllables, that end a name."""
    return frozenset(form for row in table("roles", RoleTerm) if row.kind in ("verb", "stop") for form in row.forms)


@cache
def _stop_beginnings() -> frozenset[str]:
    """The first syllables of the words that end a name: most words are none of them."""
    return frozenset(form.split(" ", 1)[0] for form in _stops())


def _forms(*kinds: str) -> frozenset[str]:
    """The forms of these kinds of words."""
    return frozenset(form for row in table("units", UnitTerm) if row.kind in kinds for form in row.forms)


@cache
def opens() -> re.Pattern[str]:
    """What a name begins with; the group that matched says of what kind. Heads of two words and more come first."""
    heads = _forms("head")
    long = {head for head in heads if " " in head or head in _ALONE}
    return re.compile(
        rf" {{0,4}}+(?<!\w)(?P<name>(?P<det>{_DETERMINER}))(?:"
        rf"(?P<people>{alternation(_forms('people'), either_case=True)})(?!\w)"
        rf"|(?P<holder>{alternation(_forms('holder'))}|{_LEADERS.pattern})(?!\w)|(?P<head>{alternation(long)})(?!\w)"
        rf"|(?P<generic>{alternation(_forms('generic'), either_case=True)})(?!\w)"
        rf"(?! {{1,4}}(?:(?!{_TERRITORY})[{UPPER}]|quyền cho))(?! {{0,3}}:)"
        rf"|(?P<short>{alternation(heads - long)})(?!\w))"
    )


@cache
def inner_heads() -> re.Pattern[str]:
    """A head of several words inside a name: "Văn phòng Ban chỉ đạo ..."."""
    wide = (head for head in _forms("head") if " " in head and head[0].isupper())
    return re.compile(rf" {{0,4}}(?:{alternation(wide)})(?!\w)")


@cache
def nouns() -> re.Pattern[str]:
    """A common noun inside a name, with its determiner."""
    return re.compile(
        rf" {{0,4}}+(?<!\w)(?P<det>{_DETERMINER})(?:(?P<people>{alternation(_forms('people'))})"
        rf"|(?P<generic>{alternation(_forms('generic'), either_case=True)})"
        rf"(?! {{1,4}}(?:(?!{_TERRITORY})[{UPPER}]|quyền cho))|(?P<level>{alternation(_forms('level'))}))(?!\w)"
    )


@cache
def heads() -> AhoCorasick:
    """What a unit mention begins with in running text."""
    many = {f"{many} {noun}" for many in ("các", "Các") for noun in _forms("generic")}
    forms = sorted(_forms("head", "holder") | many | {"lãnh đạo", "Lãnh đạo"})
    return AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)


@cache
def fields() -> re.Pattern[str]:
    """A field of work that is a department's name, separators and all."""
    return re.compile(rf" {{0,4}}(?:{alternation(_forms('field'))})(?!\w)")


@cache
def proper_names() -> re.Pattern[str]:
    """A proper name in a list: capitals, each with at most two small syllables."""
    return re.compile(rf" {{0,4}}(?:[{UPPER}][\w&.-]*)(?: {{1,4}}[{UPPER}][\w&-]*){{0,4}}")


@cache
def cities() -> frozenset[str]:
    """The cities under the centre."""
    return frozenset(row.name for row in table("provinces", Province) if "thành phố" in row.kind)
