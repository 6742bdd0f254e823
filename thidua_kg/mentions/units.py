"""Which bodies are named: departments, committees, offices, unions, groups of people, and lists of them.

A name begins with a head (`Sở`, `Ban Chỉ đạo`, `Chủ tịch`) or a common noun (`các cơ quan`) and goes on until a word
that no name holds. Names with a comma or "và" of their own stay whole; a list comes apart where the next part begins
with a head; a head shared by a list is given back to each part (`Các Bộ: Quốc phòng, Công an`).
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from thidua_kg.mentions.unit_words import (
    AFTER_HEAD,
    NOUN_AFTER,
    SEPARATOR,
    WORD,
    begins_verb,
    cities,
    fields,
    heads,
    inner_heads,
    is_stop,
    nouns,
    opening_at,
    opens,
    proper_names,
    reading_copy,
    starts_anew,
)
from thidua_kg.model import Mention, Span
from thidua_kg.structure.markers import UPPER

_LONGEST_UNKNOWN = 90  # characters of a name with no known head
_LONGEST = 260  # characters of one name
_PARENTHESIS = re.compile(r" {0,4}\(([^()]{1,160})\)")
_COLON = re.compile(r" {0,4}: {0,4}")
DELEGATED = re.compile(r" {1,4}được (?:phân công|giao|phân cấp|ủy quyền)[^.;:]{0,120}?(?= (?:có|chịu) trách nhiệm)")
_LISTED_IN = re.compile(
    r" {1,4}(?:được )?nêu tại (?:(?:điểm|khoản) \w{1,2},? ){0,2}Điều \d{1,3}(?: (?:Quyết định )?này)?(?!\w)"
)
_COMPETENT = re.compile(  # "cơ quan có thẩm quyền cấp Giấy chứng nhận … xem xét hồ sơ"
    r" {1,4}có thẩm quyền {1,4}(?:cấp|giải quyết|quyết định|phê duyệt|thẩm định|xử lý|tiếp nhận) [^.;:]{3,110}?"
    r"(?= (?:có trách nhiệm|thực hiện|xem xét|thông báo|phải|tổ chức|gửi|kiểm tra|ban hành|tiếp nhận|trả|ra )(?!\w))"
)
_TOLD = re.compile(
    r" {1,4}được (?:phân công|giao|phân cấp|ủy quyền)"
)  # "..., A và B được giao ...": said of the whole list
_TIER = re.compile(r"[Cc]ấp (?:xã|tỉnh|huyện|[Tt]rung ương|thành phố) {1,4}\(")
_PLURAL = re.compile(r"[Cc]ác|[Nn]hững|[Tt]oàn thể|[Tt]ừng|[Mm]ỗi|[Mm]ọi|[Tt]ất cả|[Mm]ột số")
_COMRADE = re.compile(r"(?:[Cc]ác )?[Đđ]ồng chí +")
_ROUTE = re.compile(
    rf" {{1,4}}từ {{1,4}}[{UPPER}]\w*(?: {{1,4}}[{UPPER}]\w*){{0,3}} {{1,4}}đến {{1,4}}[{UPPER}]\w*(?: {{1,4}}[{UPPER}]\w*){{0,3}}"
)
_MANY = re.compile(
    r"(?:nhân dân|UBND) +(?:tỉnh|thành phố|xã|phường)$|(?:các|những) +\w+$"
)  # before the colon of a list
_PROVINCES = re.compile(rf" {{0,4}}(?P<name>(?:[Cc]ác|[Nn]hững) {{1,4}}tỉnh)(?= {{0,4}}:? {{0,4}}[{UPPER}])")
_NAMED_OFFICE = re.compile(
    rf"(?<![Cc]ác )(?:[Cc]ơ quan|[Ll]ực lượng) {{1,4}}[{UPPER}]\w*(?: {{1,4}}\w+)?$"
)  # "Cơ quan Công an, …"
_DEFINING = ("gọi tắt là", "gọi là", "gọi chung là", "viết tắt là", "viết gọn là")
_DEFINED = re.compile(
    rf"\((?:[Ss]au đây )?(?:được )?(?:{'|'.join(_DEFINING)}):? {{0,3}}[\"“]?([^()\"”;,]{{2,40}}?)[\"”]? {{0,3}}\)"
)
_SHARED = re.compile(r"(?:[Cc]ác|[Nn]hững) {1,4}(?:Sở|Bộ|Phòng|Vụ|Cục)$")
_BUSINESSES = re.compile(rf" {{0,4}}[Cc]ác {{1,4}}(?:Tập đoàn|Tổng [Cc]ông ty|Công ty)(?= {{1,4}}[{UPPER}])")
_TITLE_FOLLOWS = re.compile(r" (?:[Cc]ơ quan|[Đđ]ơn vị|Trưởng|Phó Trưởng) ")
_CORPORATION = re.compile(r" {0,4}Tổng [Cc]ông ty(?! [A-ZĐ])")
_CLASS = re.compile(r" {0,4}cơ quan (?:ngang [Bb]ộ|(?:trực )?thuộc Chính phủ)")  # a class of bodies of its own
_JOINT = {"Chủ tịch", "Giám đốc", "Tổng Giám đốc", "Hiệu trưởng", "Phó Chủ tịch"}
_SELF = {  # small nouns that, standing alone, mean the issuer's own body rather than an open set
    *("tỉnh ủy", "tỉnh uỷ", "thành ủy", "đảng ủy", "đảng uỷ", "đảng bộ", "ban", "bộ", "sở", "cơ quan", "đơn vị"),
    *("phòng", "trường", "hội", "ngành", "viện", "trung tâm"),
}
_PARTY_SEAT = re.compile(r"(?:tỉnh|thành|huyện|Tỉnh|Thành|Huyện) (?:ủy|uỷ)$")


class UnitSpan(msgspec.Struct, frozen=True, gc=False):
    """A body as it is called, with a shared head restored; `group` for people and open sets."""

    unit: str
    span: Span
    group: bool


class Name(msgspec.Struct, frozen=True, gc=False):
    """What one reading step found: the units of one name (several where a head is shared) and where it ended."""

    units: tuple[UnitSpan, ...]
    end: int


def find_units(text: str, start: int, end: int) -> list[Mention]:
    """The bodies named in `text[start:end]`, in order and without overlap; groups of people only are left out."""
    flat = reading_copy(text[start:end])
    found: list[Mention] = []
    done = 0
    for _, begin, after in heads().find_matches_as_indexes(flat):
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
        separator = SEPARATOR.match(flat, at)
        step = separator.end() if separator else _next_break(flat, at)
        rest = flat[at:step].strip(" ,;.:()-–+•")
        named = (
            1 < len(rest) <= _LONGEST_UNKNOWN and any(c.isalpha() for c in rest) and not begins_verb(rest, 0, len(rest))
        )
        if not units and named:
            left = at + flat[at:step].index(rest)
            found.append(UnitSpan(" ".join(rest.split()), (left, left + len(rest)), rest[:1].islower()))
        at = max(step, at + 1)
    return [UnitSpan(one.unit, (start + one.span[0], start + one.span[1]), one.group) for one in found]


def defined_bodies(flat: str) -> re.Pattern[str] | None:
    """The short names that a text itself gives to bodies, as a pattern: "… tỉnh Quảng Trị (sau đây gọi tắt là Quỹ)"."""
    if not any(words in flat for words in _DEFINING):
        return None
    shorts = {" ".join(match[1].split()) for match in _DEFINED.finditer(flat)}
    names = sorted((one for one in shorts if opening_at(one, 0, len(one))), key=lambda one: (-len(one), one))
    return re.compile(rf" {{0,4}}({'|'.join(map(re.escape, names))})(?= )") if names else None


def _next_break(flat: str, at: int) -> int:
    """The end of the next comma, semicolon or sentence mark at or after `at`."""
    match = re.compile(r"[,;.]").search(flat, at)
    return match.end() if match else len(flat)


@lru_cache(maxsize=64)  # the beginning of an item is asked for as a heading's, a list's and a subject's
def read_units(flat: str, at: int, end: int) -> tuple[tuple[UnitSpan, ...], int]:
    """The units listed from `at` on in a reading copy, and where the list ends; no unit where none begins there."""
    found: list[UnitSpan] = []
    while name := _name(flat, at, end):
        found += _shared_office(found, _shared_places(found, name, flat[at : name.end]))
        at = name.end
        separator = SEPARATOR.match(flat, at, end)
        if separator is None or not opening_at(flat, separator.end(), end):
            break
        at = separator.end()
    if len(found) > 1 and (told := _TOLD.search(flat, found[-1].span[0], found[-1].span[1])):
        last = found.pop()
        end = last.span[0] + len(flat[last.span[0] : told.start()].rstrip(" ,"))
        words = " ".join(flat[last.span[0] : end].split())
        found.append(UnitSpan(words, (last.span[0], end), last.group))
    return tuple(found), at


def _shared_places(found: list[UnitSpan], name: Name, words: str) -> tuple[UnitSpan, ...]:
    """The units of `name`; a Party secretary just before a list of provinces is given its places too.

    "Bí thư tỉnh ủy và Chủ tịch UBND các tỉnh: Gia Lai, Đắk Lắk" names four office-holders.
    """
    if len(name.units) > 1 and ":" in words and found and _PARTY_SEAT.search(found[-1].unit):
        first = found.pop()
        places = [unit.unit.rsplit(" tỉnh ")[-1].rsplit(" thành phố ")[-1] for unit in name.units]
        found += [UnitSpan(f"{first.unit} {place}", first.span, first.group) for place in places]
    return name.units


def _shared_office(found: list[UnitSpan], units: tuple[UnitSpan, ...]) -> tuple[UnitSpan, ...]:
    """The units; a class of bodies behind "Thủ trưởng cơ quan ngang bộ, …" is named by its heads as well."""
    if not found or not found[-1].unit.startswith("Thủ trưởng "):
        return units
    return tuple(
        msgspec.structs.replace(u, unit=f"Thủ trưởng {u.unit}") if _CLASS.fullmatch(u.unit) else u for u in units
    )


def _name(flat: str, at: int, end: int) -> Name | None:
    """The name that begins at `at`, up to the first word that no name holds."""
    opening = opening_at(flat, at, end)
    if opening is None:
        provinces = _PROVINCES.match(flat, at, end)
        colon = _COLON.match(flat, provinces.end(), end) if provinces else None
        return _listed(flat, (colon or provinces).end(), end, provinces["name"]) if provinces else None
    if (group := _BUSINESSES.match(flat, at, end)) and (
        listed := _listed(flat, group.end(), end, flat[at : group.end()])
    ):
        return listed
    comrade = _COMRADE.match(flat, opening.start("name"), end)
    start = comrade.end() if comrade and not _PLURAL.match(flat, comrade.end()) else opening.start("name")
    plural = _PLURAL.match(opening["det"] or "") is not None
    tail = "head" if opening.lastgroup in ("short", None) else opening.lastgroup
    stop = min(end, at + _LONGEST)
    at, tail, plural = _extend(flat, opening.end(), stop, tail, plural)
    if tail == "level" and (route := _ROUTE.match(flat, at, end)):
        at = route.end()
    if (delegated := DELEGATED.match(flat, at, end)) and tail in ("generic", "head"):
        at = delegated.end()
    if (plural or tail in ("level", "people")) and (listed_in := _LISTED_IN.match(flat, at, end)):
        at = listed_in.end()
    at = _with_parenthesis(flat, at, end)
    colon = _COLON.match(flat, at, end)
    base = flat[start:at]
    if (colon or tail == "shared") and (plural or _MANY.search(base)):
        listed = _listed(flat, colon.end() if colon else at, end, base)
        if listed:
            return listed
    if colon and opening.lastgroup == "holder" and (joint := _joint_holders(flat, colon.end(), end, base)):
        return joint
    if tier := _TIER.match(flat, start, at):
        return Name(read_units(flat, tier.end(), at - 1)[0], at)
    words = " ".join(base.split())
    one_body = opening.lastgroup in ("head", "holder", "short")  # "Vụ Tổ chức cán bộ", whatever it ends with
    people = tail == "people" and not one_body
    many = plural or people or (opening.lastgroup == "generic" and words.lower() not in _SELF)
    return Name((UnitSpan(words, (start, at), many),), at) if words else None


def _joint_holders(flat: str, at: int, end: int, title: str) -> Name | None:
    """The holders of one office in several bodies: "Giám đốc: Trung tâm A, Trung tâm B"."""
    found: list[UnitSpan] = []
    while (opening := opening_at(flat, at, end)) and opening.lastgroup == "head" and (name := _name(flat, at, end)):
        found += [UnitSpan(f"{title} {unit.unit}", unit.span, unit.group) for unit in name.units]
        at = name.end
        separator = SEPARATOR.match(flat, at, end)
        if separator is None:
            break
        at = separator.end()
    return Name(tuple(found), found[-1].span[1]) if found else None


def _extend(flat: str, at: int, end: int, tail: str, plural: bool) -> tuple[int, str, bool]:
    """Where the name ends, what kind of noun it ends with, and whether it speaks of many."""
    after_head = tail in ("head", "holder")
    solid = at  # the end of the last word: a separator that leads nowhere is no part of the name
    while at < end:
        if after_head and (field := fields().match(flat, at, end)):
            if _SHARED.search(flat, max(0, at - 14), at):
                return at, "shared", True
            solid = at = field.end()
            tail, after_head = "field", False
        elif (
            tail in ("generic", "head", "people")
            and flat.find("có thẩm", at, at + 12) >= 0
            and (competent := _COMPETENT.match(flat, at, end))
        ):
            return competent.end(), "proper", plural
        elif flat[at : at + 5].lstrip()[:1].isupper() and (inner := inner_heads().match(flat, at, end)):
            solid = at = inner.end()
            tail, after_head = "head", False
        elif noun := _noun_at(flat, at, end, tail):
            if not noun["det"] and begins_verb(flat, at, end):
                break
            several = _PLURAL.match(noun["det"] or "") is not None
            plural = plural or (several and (tail in ("head", "holder") or noun.lastgroup == "level"))
            solid = at = noun.end()
            tail = noun.lastgroup or "generic"
        elif separator := SEPARATOR.match(flat, at, end):
            if not _goes_on(flat, separator, end, tail):
                break
            after_head = False
            at, plural = separator.end(), plural or (separator["word"] is None and tail in ("level", "generic"))
        else:
            word = WORD.match(flat, at, end)
            if word is None or _ends_name(flat, word, end, tail):
                break
            after_head = False
            if word[1][0].isupper() or tail == "head":
                tail, after_head = "proper", word[1] in _HEADS_OF_FIELDS
            solid = at = word.end()
    return solid, tail, plural


def _ends_name(flat: str, word: re.Match[str], end: int, tail: str) -> bool:
    """Whether no name goes on with the word: it opens a title besides, a verb, or something else."""
    titled = word[1] in ("-", "–") and _TITLE_FOLLOWS.match(flat, word.end(), end) is not None
    return titled or is_stop(flat, word, end) or starts_anew(flat, word, end, tail)


_HEADS_OF_FIELDS = {"Sở", "Bộ", "Phòng", "Ban", "Văn", "phòng", "Thanh", "Trường"}


def _noun_at(flat: str, at: int, end: int, tail: str) -> re.Match[str] | None:
    """The common noun that the name goes on with: not the verb "tổ chức", not a name's own capital ("Phòng Tổ chức")."""
    noun = nouns().match(flat, at, end)
    if noun is None or noun["det"] or not noun["generic"]:
        return noun
    if noun["generic"] == "tổ chức" and not NOUN_AFTER.match(flat, noun.start("generic"), end):
        return None
    return None if tail in ("head", "proper", "field") and noun["generic"][0].isupper() else noun


def _goes_on(flat: str, separator: re.Match[str], end: int, tail: str) -> bool:
    """Whether a name goes on behind a separator: "các sở, ban, ngành", "các xã, phường", "Phát thanh, Truyền hình"."""
    if separator["semi"]:
        return False
    at = separator.end()
    if flat.endswith(("các Tập đoàn", "Các Tập đoàn"), 0, separator.start()):
        return _CORPORATION.match(flat, at, end) is not None
    noun = nouns().match(flat, at, end)
    plain = noun is not None and not noun["det"]
    if plain and noun is not None and tail == "generic" and noun.lastgroup == "generic":
        if _CLASS.match(flat, at, end) or flat.endswith("các cấp", 0, separator.start()):
            return False
        single = noun[0].strip()
        if _NAMED_OFFICE.search(flat, max(0, separator.start() - 40), separator.start()):
            return False
        return single == "cá nhân" or (separator["comma"] is not None and not single.startswith("tổ chức chính trị"))
    title = " ".join(flat[max(0, separator.start() - 14) : separator.start()].split()[-2:])
    if (
        tail == "holder"
        and title in _JOINT
        and (holder := opens().match(flat, at, end))
        and holder.lastgroup == "holder"
    ):
        return True
    if plain and noun is not None and tail in ("level", "people") and noun.lastgroup == tail:
        return True
    if opening_at(flat, at, end):
        return False
    word = WORD.match(flat, at, end)
    proper = tail in ("proper", "field") and word is not None and word[1][0].isupper()
    return proper and word is not None and not is_stop(flat, word, end)


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
    business = words[-1] in ("đoàn", "ty")  # "các Tập đoàn: Bưu chính Viễn thông Việt Nam, …": small syllables too
    found: list[UnitSpan] = []
    while True:
        known = fields().match(flat, at, end)
        part = known or proper_names().match(flat, at, end)
        if part is None:
            break
        stop = part.end() if known and not business else _end_of_name(flat, part.end(), end)
        left = part.end() - len(part[0].lstrip())
        name = " ".join(flat[left:stop].split())
        found.append(UnitSpan(f"{_level(head, name)} {name}", (left, stop), False))
        at = stop
        separator = SEPARATOR.match(flat, at, end)
        if separator is None:
            break
        field = fields().match(flat, separator.end(), end)
        alone = (field and not AFTER_HEAD.match(flat, field.end(), end)) or (
            field and flat[field.end() : field.end() + 1] in ",;.:"
        )
        if opening_at(flat, separator.end(), end) and not alone:
            break
        at = separator.end()
    return Name(tuple(found), found[-1].span[1]) if found else None


def _end_of_name(flat: str, at: int, end: int) -> int:
    """Where a name with small syllables ends: before a separator or a word that no name holds."""
    while (word := WORD.match(flat, at, end)) and not is_stop(flat, word, end) and not SEPARATOR.match(flat, at, end):
        at = word.end()
    return at


_SINGULAR = {  # the last words of heads before a list of names: "các Sở: …"
    "Bộ", "Sở", "tỉnh", "phố", "huyện", "xã", "phường", "Phòng", "Ban", "bộ", "sở", "ngành", "Vụ", "Cục", "đoàn", "ty",
}  # fmt: skip


def _level(head: str, place: str) -> str:
    """`head` with its last word as the place is one: a list of "các tỉnh" may name a city under the centre."""
    return f"{head[:-4]}thành phố" if head.endswith("tỉnh") and place in cities() else head
