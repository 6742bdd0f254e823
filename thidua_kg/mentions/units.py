"""Which bodies are named: departments, committees, offices, unions, groups of people, and lists of them.

A name begins with a head (`Sở`, `Ban Chỉ đạo`, `Chủ tịch`) or a common noun (`các cơ quan`) and goes on until a word
that no name holds. Names with a comma or "và" of their own stay whole; a list comes apart where the next part begins
with a head; a head shared by a list is given back to each part (`Các Bộ: Quốc phòng, Công an`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from thidua_kg.model import Mention, Span
from thidua_kg.structure.markers import UPPER
from thidua_kg.vocab import Province, RoleTerm, UnitTerm, table

_LONGEST = 260  # characters of one name
_BLANKS = str.maketrans("\n\t\u00a0*_", "     ")
_WORD = re.compile(r" {0,4}((?:[^\W_]|&)(?:[\w&/’'+]|[.-](?=\w))*|[-–](?= ))")
_SEPARATOR = re.compile(r" {0,4}(?:(?P<semi>;) {0,4}(?:và +)?|(?P<comma>,) {0,4}(?:và +|hoặc +|cùng(?: với)? +)?|"
                        r"(?P<word>và|hoặc|cùng với|cùng) +)")  # fmt: skip
_PARENTHESIS = re.compile(r" {0,4}\(([^()]{1,160})\)")
_COLON = re.compile(r" {0,4}: {0,4}")
_DELEGATED = re.compile(r" {1,4}được (?:phân công|giao|phân cấp|ủy quyền)[^.;:]{0,120}?(?= (?:có|chịu) trách nhiệm)")
_TOLD = re.compile(
    r" {1,4}được (?:phân công|giao|phân cấp|ủy quyền)"
)  # "..., A và B được giao ...": said of the whole list
_TIER = re.compile(r"[Cc]ấp (?:xã|tỉnh|huyện|[Tt]rung ương|thành phố) {1,4}\(")
_DETERMINER = (
    r"(?:(?:[Cc]ác đồng chí|[Đđ]ồng chí|[Tt]ất cả các|[Mm]ột số|[Tt]oàn thể|[Cc]ác|[Nn]hững|[Tt]ừng|[Mm]ỗi|[Mm]ọi|[Mm]ột)"
    r" +){0,3}"
)
_PLURAL = re.compile(r"[Cc]ác|[Nn]hững|[Tt]oàn thể|[Tt]ừng|[Mm]ỗi|[Mm]ọi|[Tt]ất cả|[Mm]ột số")
_COMRADE = re.compile(r"(?:[Cc]ác )?[Đđ]ồng chí +")
NOUN_AFTER = re.compile(r"tổ chức(?= {1,4}(?:chính trị|đảng|Đảng|xã hội|cá nhân|liên quan|có liên quan|thành viên|khác|đoàn thể|tín|kinh tế|hội|"
                         r"đại diện|cơ sở|quốc tế)(?!\w)|, {0,3}(?:cá nhân|đơn vị|doanh nghiệp|đoàn thể|cơ quan)| {1,4}và cá nhân)")  # fmt: skip
_ALONE = {"UBND", "HĐND", "MTTQ", "UBMTTQ", "BCĐ", "BHXH", "TAND", "VKSND", "VP"}
_AFTER_HEAD = re.compile(
    rf" {{1,4}}(?:[{UPPER}]|(?:tỉnh|thành phố|huyện|quận|xã|phường|cấp|khu vực|nhân dân|của|thuộc)(?!\w))| {{0,4}}(?:[,;.:)]|$)"
)
_AFTER_NOUN = re.compile(
    r" {0,4}(?:[,;.:)]|$)| {1,4}(?:và|hoặc|có liên quan|liên quan|có thẩm quyền|cấp|trên|thuộc|trực thuộc|của|tại|ở|chức năng|"
    r"chuyên môn|khác|trung ương|Trung ương|tỉnh|thành phố|Thành phố|huyện|xã|phường|quản lý|đảng|nhà nước|chủ quản|"
    r"chủ trì|phối hợp|đầu mối|thường trực|đăng ký|nào)(?!\w)"
)
_ROUTE = re.compile(
    rf" {{1,4}}từ {{1,4}}[{UPPER}]\w*(?: {{1,4}}[{UPPER}]\w*){{0,3}} {{1,4}}đến {{1,4}}[{UPPER}]\w*(?: {{1,4}}[{UPPER}]\w*){{0,3}}"
)
_SHARED = re.compile(r"(?:[Cc]ác|[Nn]hững) {1,4}(?:Sở|Bộ|Phòng|Vụ|Cục)$")
_OFFICES = {"cơ quan", "đơn vị", "doanh nghiệp", "lực lượng"}
_TERRITORY = r"(?:Thành phố|Tỉnh|Trung ương|Nhà nước)(?!\w)"
_COMPOUNDS = {"công trình", "chương trình", "lộ trình", "quá trình", "công lập", "dân lập", "thành lập", "độc lập"}
_NUMBERED = (
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
)
_JOINT = {"Chủ tịch", "Giám đốc", "Tổng Giám đốc", "Hiệu trưởng", "Phó Chủ tịch"}
_SELF = {
    "tỉnh ủy",
    "tỉnh uỷ",
    "thành ủy",
    "đảng ủy",
    "đảng uỷ",
    "đảng bộ",
    "ban",
    "bộ",
    "sở",
    "cơ quan",
    "đơn vị",
    "phòng",
    "trường",
    "hội",
    "ngành",
    "viện",
    "trung tâm",
}
_LEADERS = re.compile(rf"[Ll]ãnh đạo(?= +(?:[{UPPER}]|các|cơ quan|đơn vị|phòng|ban |sở ))")
_PARTY_SEAT = re.compile(r"(?:tỉnh|thành|huyện|Tỉnh|Thành|Huyện) (?:ủy|uỷ)$")


class UnitSpan(NamedTuple):
    """A body as it is called, with a shared head restored; `group` for people and open sets."""

    unit: str
    span: Span
    group: bool


class Name(NamedTuple):
    """What one reading step found: the units of one name (several where a head is shared) and where it ended."""

    units: tuple[UnitSpan, ...]
    end: int


def reading_copy(text: str) -> str:
    """`text` with line breaks and emphasis as blanks, offset for offset, so that patterns need not know of them."""
    return text.translate(_BLANKS) if len(text) < 400 else _blanked(text)


def _blanked(text: str) -> str:
    """The same by single replacements, which is faster on long texts."""
    for char in "\n\t\u00a0*_":
        text = text.replace(char, " ")
    return text


def find_units(text: str, start: int, end: int) -> list[Mention]:
    """The bodies named in `text[start:end]`, in order and without overlap; groups of people only are left out."""
    flat = reading_copy(text[start:end])
    found: list[Mention] = []
    done = 0
    for _, begin, after in _heads().find_matches_as_indexes(flat):
        inside = flat[begin - 1 : begin].isalnum() or flat[after : after + 1].isalnum()
        if begin < done or inside:
            continue
        name = _name(flat, begin, len(flat))
        if name is None:
            continue
        for unit in name.units:
            span = (start + unit.span[0], start + unit.span[1])
            kind = "unit-group" if unit.group else "unit-name"
            found.append(Mention(kind="unit", span=span, text=text[slice(*span)], rule=kind))
        done = name.end
    return found


def split_units(text: str, start: int, end: int) -> list[UnitSpan]:
    """The units of a role value, in order: `Lãnh đạo Ban, Chi ủy.` gives two, `Phòng Đoàn thể và các hội` one.

    A value that begins with no known head is taken as one name for each part between semicolons or commas.
    """
    flat = reading_copy(text[start:end])
    found: list[UnitSpan] = []
    at = 0
    while at < len(flat):
        units, after = read_units(flat, at, len(flat))
        if units:
            found += units
            at = after
        separator = _SEPARATOR.match(flat, at)
        step = separator.end() if separator else _next_break(flat, at)
        rest = flat[at:step].strip(" ,;.:()-–+•")
        if not units and rest and any(c.isalpha() for c in rest):
            left = at + flat[at:step].index(rest)
            found.append(UnitSpan(" ".join(rest.split()), (left, left + len(rest)), rest[:1].islower()))
        at = max(step, at + 1)
    return [UnitSpan(one.unit, (start + one.span[0], start + one.span[1]), one.group) for one in found]


def _next_break(flat: str, at: int) -> int:
    """The end of the next comma, semicolon or sentence mark at or after `at`."""
    match = re.compile(r"[,;.]").search(flat, at)
    return match.end() if match else len(flat)


def read_units(flat: str, at: int, end: int) -> tuple[list[UnitSpan], int]:
    """The list of units that begins at `at` of a reading copy, and where it ends; an empty list where none begins."""
    found: list[UnitSpan] = []
    while name := _name(flat, at, end):
        found += _shared_places(found, name, flat[at : name.end])
        at = name.end
        separator = _SEPARATOR.match(flat, at, end)
        if separator is None or not _opening(flat, separator.end(), end):
            break
        at = separator.end()
    if len(found) > 1 and (told := _TOLD.search(flat, found[-1].span[0], found[-1].span[1])):
        last = found.pop()
        words = " ".join(flat[last.span[0] : told.start()].split())
        found.append(UnitSpan(words, (last.span[0], told.start()), last.group))
    return found, at


def _opening(flat: str, at: int, end: int) -> re.Match[str] | None:
    """The beginning of a name at `at`: its determiner and head; common words that only look like one are refused.

    "Ban hành", "Hội nghị", "tổ chức thực hiện" and "cơ sở vật chất" begin no name.
    """
    match = _opens().match(flat, at, end)
    if match is None or match["det"]:
        return match
    kind, follow = match.lastgroup, match.end()
    if kind == "short":
        return match if _AFTER_HEAD.match(flat, follow, end) else None
    if kind == "generic":
        if match["generic"].lower() == "tổ chức" and not NOUN_AFTER.match(flat, match.start("generic"), end):
            return None
        word = _WORD.match(flat, follow, end)
        plain = (
            word is None
            or match["generic"].lower() in _OFFICES
            or _AFTER_NOUN.match(flat, follow, end)
            or _is_stop(flat, word, end)
        )
        return match if plain else None
    return match


def _shared_places(found: list[UnitSpan], name: Name, words: str) -> tuple[UnitSpan, ...]:
    """The units of `name`; a Party secretary just before a list of provinces is given its places too.

    "Bí thư tỉnh ủy và Chủ tịch UBND các tỉnh: Gia Lai, Đắk Lắk" names four office-holders.
    """
    if len(name.units) > 1 and ":" in words and found and _PARTY_SEAT.search(found[-1].unit):
        first = found.pop()
        places = [unit.unit.rsplit(" tỉnh ")[-1].rsplit(" thành phố ")[-1] for unit in name.units]
        found += [UnitSpan(f"{first.unit} {place}", first.span, first.group) for place in places]
    return name.units


def _name(flat: str, at: int, end: int) -> Name | None:
    """The name that begins at `at`, up to the first word that no name holds."""
    opening = _opening(flat, at, end)
    if opening is None:
        return None
    comrade = _COMRADE.match(flat, at, end)
    start = comrade.end() if comrade and not _PLURAL.match(flat, comrade.end()) else opening.start("name")
    plural = _PLURAL.match(opening["det"] or "") is not None
    tail = "head" if opening.lastgroup in ("short", None) else opening.lastgroup
    stop = min(end, at + _LONGEST)
    at, tail, plural = _extend(flat, opening.end(), stop, tail, plural)
    if tail == "level" and (route := _ROUTE.match(flat, at, end)):
        at = route.end()
    if (delegated := _DELEGATED.match(flat, at, end)) and tail in ("generic", "head"):
        at = delegated.end()
    at = _with_parenthesis(flat, at, end)
    colon = _COLON.match(flat, at, end)
    base = flat[start:at]
    if (colon or tail == "shared") and plural:
        listed = _listed(flat, colon.end() if colon else at, end, base)
        if listed:
            return listed
    if tier := _TIER.match(flat, start, at):
        return Name(tuple(read_units(flat, tier.end(), at - 1)[0]), at)
    words = " ".join(base.split())
    many = plural or tail == "people" or (opening.lastgroup == "generic" and words.lower() not in _SELF)
    return Name((UnitSpan(words, (start, at), many),), at) if words else None


def _extend(flat: str, at: int, end: int, tail: str, plural: bool) -> tuple[int, str, bool]:
    """Where the name ends, what kind of noun it ends with, and whether it speaks of many."""
    after_head = tail in ("head", "holder")
    while at < end:
        if after_head and (field := _fields().match(flat, at, end)):
            if _SHARED.search(flat, max(0, at - 14), at):
                return at, "shared", True
            at, tail, after_head = field.end(), "proper", False
            continue
        if inner := _inner_heads().match(flat, at, end):
            at, tail, after_head = inner.end(), "head", False
            continue
        noun = _nouns().match(flat, at, end)
        if noun and not noun["det"] and _begins_verb(flat, at, end):
            break
        if noun and not (noun["generic"] == "tổ chức" and not NOUN_AFTER.match(flat, noun.start("generic"), end)):
            several = _PLURAL.match(noun["det"] or "") is not None
            plural = plural or (several and (tail in ("head", "holder") or noun.lastgroup == "level"))
            at, tail = noun.end(), noun.lastgroup or "generic"
            continue
        word = _WORD.match(flat, at, end)
        if word is None:
            separator = _SEPARATOR.match(flat, at, end)
            if separator is None or not _goes_on(flat, separator, end, tail):
                break
            at, plural = separator.end(), plural or tail in ("level", "generic")
            continue
        if _is_stop(flat, word, end) or _starts_anew(flat, word, end, tail):
            break
        after_head = False
        if (separator := _SEPARATOR.match(flat, at, end)) is not None:
            if not _goes_on(flat, separator, end, tail):
                break
            at = separator.end()
            continue
        if word[1][0].isupper() or tail == "head":
            tail, after_head = "proper", word[1] in _HEADS_OF_FIELDS
        at = word.end()
    return at, tail, plural


_HEADS_OF_FIELDS = {"Sở", "Bộ", "Phòng", "Ban", "Văn", "phòng", "Thanh", "Trường"}


def _goes_on(flat: str, separator: re.Match[str], end: int, tail: str) -> bool:
    """Whether a name goes on behind a separator: "các sở, ban, ngành", "các xã, phường", "Phát thanh, Truyền hình"."""
    if separator["semi"]:
        return False
    at = separator.end()
    noun = _nouns().match(flat, at, end)
    plain = noun is not None and not noun["det"]
    if plain and noun is not None and tail == "generic" and noun.lastgroup == "generic":
        single = noun[0].strip()
        return single == "cá nhân" or (separator["comma"] is not None and not single.startswith("tổ chức chính trị"))
    title = " ".join(flat[max(0, separator.start() - 14) : separator.start()].split()[-2:])
    if (
        tail == "holder"
        and title in _JOINT
        and (holder := _opens().match(flat, at, end))
        and holder.lastgroup == "holder"
    ):
        return True
    if plain and noun is not None and tail in ("level", "people") and noun.lastgroup == tail:
        return True
    if _opening(flat, at, end):
        return False
    word = _WORD.match(flat, at, end)
    return tail == "proper" and word is not None and word[1][0].isupper() and not _is_stop(flat, word, end)


def _starts_anew(flat: str, word: re.Match[str], end: int, tail: str) -> bool:
    """Whether the word opens something else: a capital verb behind a common noun, or a row's number."""
    if word[1].isdigit():
        return not flat.endswith(_NUMBERED, 0, word.start(1) - 1)
    return tail in ("generic", "level", "people") and word[1][0].isupper() and _begins_verb(flat, word.start(), end)


def _begins_verb(flat: str, at: int, end: int) -> bool:
    """Whether the next two syllables are a verb, though the first alone is a noun: "ban hành"."""
    first = _WORD.match(flat, at, end)
    second = _WORD.match(flat, first.end(), end) if first else None
    return (
        first is not None and second is not None and first[1] != "tổ" and f"{first[1].lower()} {second[1]}" in _stops()
    )


def _with_parenthesis(flat: str, at: int, end: int) -> int:
    """The end of a parenthesis that holds exactly one unit and so belongs to the name; else `at`."""
    inside = _PARENTHESIS.match(flat, at, end)
    if inside is None:
        return at
    units, after = read_units(flat, inside.start(1), inside.end(1))
    return inside.end() if len(units) == 1 and after == inside.end(1) and not units[0].group else at


def skip_parenthesis(flat: str, at: int, end: int) -> int:
    """The position behind a parenthesis that stands at `at`, else `at`."""
    inside = _PARENTHESIS.match(flat, at, end)
    return inside.end() if inside else at


def _listed(flat: str, at: int, end: int, base: str) -> Name | None:
    """The units of a list with a shared plural head: `Giám đốc các Sở: Tài chính, Y tế` names two directors."""
    words = base.split()
    if len(words) < 2 or words[-1] not in _SINGULAR:
        return None
    head = " ".join(word for word in words if word.lower() not in ("các", "những"))
    head = head.replace("tỉnh, thành phố", "tỉnh").replace("Bộ, ngành", "Bộ")
    found: list[UnitSpan] = []
    while True:
        part = _fields().match(flat, at, end) or _proper().match(flat, at, end)
        if part is None:
            break
        left = part.end() - len(part[0].lstrip())
        name = " ".join(part[0].split())
        found.append(UnitSpan(f"{_level(head, name)} {name}", (left, part.end()), False))
        at = part.end()
        separator = _SEPARATOR.match(flat, at, end)
        if separator is None or separator["semi"]:
            break
        field = _fields().match(flat, separator.end(), end)
        alone = (
            (field
            and not _AFTER_HEAD.match(flat, field.end(), end))
            or (field
            and flat[field.end() : field.end() + 1] in ",;.")
        )
        if _opening(flat, separator.end(), end) and not alone:
            break
        at = separator.end()
    return Name(tuple(found), found[-1].span[1]) if found else None


_SINGULAR = {"Bộ", "Sở", "tỉnh", "phố", "huyện", "xã", "phường", "Phòng", "Ban", "bộ", "sở", "ngành", "Vụ", "Cục"}


def _level(head: str, place: str) -> str:
    """`head` with its last word as the place is one: a list of "các tỉnh" may name a city under the centre."""
    return f"{head[:-4]}thành phố" if head.endswith("tỉnh") and place in _cities() else head


def _is_stop(flat: str, word: re.Match[str], end: int) -> bool:
    """Whether no name goes on with this word: a verb, a preposition, a clause of its own."""
    if word[1][0].isupper() and word[1] not in ("Căn", "Hằng"):
        return False
    before = flat[max(0, word.start() - 8) : word.start()].split()[-1:]
    if before and f"{before[0]} {word[1]}" in _COMPOUNDS:
        return False
    nxt = _WORD.match(flat, word.end(), end)
    third = _WORD.match(flat, nxt.end(), end) if nxt else None
    two = f"{word[1]} {nxt[1]}" if nxt else word[1]
    if two in ("có liên", "có thẩm", "có nhiệm", "trong tỉnh", "trong hệ"):
        return False
    if two == "tổ chức":
        return NOUN_AFTER.match(flat, word.start(1), end) is None
    if two == "lãnh đạo":
        return _LEADERS.match(flat, word.start(1), end) is None
    stops = _stops()
    return word[1] in stops or two in stops or (third is not None and f"{two} {third[1]}" in stops)


@cache
def _stops() -> frozenset[str]:
    """Words, one to three syllables, that end a name."""
    return frozenset(form for row in table("roles", RoleTerm) if row.kind != "label" for form in row.forms)


def _forms(*kinds: str) -> str:
    """An alternation of the forms of these kinds, longest first, the first letter of common nouns in either case."""
    forms = {form for row in table("units", UnitTerm) if row.kind in kinds for form in row.forms}
    return "|".join(_spaced(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def _spaced(form: str) -> str:
    """A form as a pattern in which a blank may be a line break with indentation."""
    return " {1,4}".join(map(re.escape, form.split(" ")))


def _either_case(pattern: str) -> str:
    """An alternation whose members may begin with a capital."""
    return "|".join(
        f"[{part[0].upper()}{part[0]}]{part[1:]}" if part[0].islower() else part for part in pattern.split("|")
    )


@cache
def _opens() -> re.Pattern[str]:
    """What a name begins with; the group that matched says of what kind. Heads of two words and more come first."""
    heads = _forms("head").split("|")
    long, short = (
        "|".join(one for one in heads if ("{" in one) is wide or (one in _ALONE and wide)) for wide in (True, False)
    )
    return re.compile(
        rf" {{0,4}}(?<!\w)(?P<name>(?P<det>{_DETERMINER}))(?:"
        rf"(?P<people>{_either_case(_forms('people'))})(?!\w)"
        rf"|(?P<holder>{_forms('holder')}|{_LEADERS.pattern})(?!\w)|(?P<head>{long})(?!\w)"
        rf"|(?P<generic>{_either_case(_forms('generic'))})(?!\w)(?! {{1,4}}(?!{_TERRITORY})[{UPPER}])(?! {{0,3}}:)"
        rf"|(?P<short>{short})(?!\w))"
    )


@cache
def _inner_heads() -> re.Pattern[str]:
    """A head of several words inside a name: "Văn phòng Ban chỉ đạo ..."."""
    wide = "|".join(one for one in _forms("head").split("|") if "{" in one and one[:1].isupper())
    return re.compile(rf" {{0,4}}(?:{wide})(?!\w)")


@cache
def _nouns() -> re.Pattern[str]:
    """A common noun inside a name, with its determiner."""
    return re.compile(
        rf" {{0,4}}(?<!\w)(?P<det>{_DETERMINER})(?:(?P<people>{_forms('people')})|(?P<generic>{_either_case(_forms('generic'))})"
        rf"(?! {{1,4}}(?!{_TERRITORY})[{UPPER}])|(?P<level>{_forms('level')}))(?!\w)"
    )


@cache
def _heads() -> AhoCorasick:
    """What a unit mention begins with in running text."""
    forms = {form for row in table("units", UnitTerm) if row.kind in ("head", "holder") for form in row.forms}
    nouns = {form for row in table("units", UnitTerm) if row.kind == "generic" for form in row.forms}
    forms |= {f"{many} {noun}" for many in ("các", "Các") for noun in nouns} | {"lãnh đạo", "Lãnh đạo"}
    return AhoCorasick(sorted(forms), matchkind=MatchKind.LeftmostLongest)


@cache
def _fields() -> re.Pattern[str]:
    """A field of work that is a department's name, separators and all."""
    return re.compile(rf" {{0,4}}(?:{_forms('field')})(?!\w)")


@cache
def _proper() -> re.Pattern[str]:
    """A proper name in a list: capitals, each with at most two small syllables."""
    return re.compile(rf" {{0,4}}(?:[{UPPER}][\w&.-]*)(?: {{1,4}}[{UPPER}][\w&-]*){{0,4}}")


@cache
def _cities() -> frozenset[str]:
    """The cities under the centre."""
    return frozenset(row.name for row in table("provinces", Province) if "thành phố" in row.kind)
