"""Who does what in a clause: the labels of role lines, the verb that gives a role, and who is to help.

Roles follow the words of administrative practice: *chủ trì* and *đầu mối* lead, *phối hợp* coordinates, *tham mưu* advises,
any other verb performs.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple, cast

from thidua_kg.mentions.unit_words import NOUN_AFTER, SEPARATOR, opening_at
from thidua_kg.mentions.units import DELEGATED, UnitSpan, read_units
from thidua_kg.model import Duty, Role
from thidua_kg.vocab import RoleTerm, table
from thidua_kg.vocab.patterns import alternation

Field = Literal["lead", "coordinate", "advise", "perform", "time", "product", "content", "other"]
REACH = 320  # characters between a subject and its verb, adverbials included
ADVERB = re.compile(
    r" {0,4}(?:(?:[Cc]ó|[Cc]hịu) (?:quyền hạn và )?trách nhiệm(?: toàn diện| chính)?(?=[ :])|[Cc]hủ động|[Kk]ịp thời|"
    r"[Tt]iếp tục|[Tt]hường xuyên|[Kk]hẩn trương|[Tt]ích cực|[Nn]ghiêm túc|[Tt]rực tiếp|[Qq]uyết liệt|phải|cần|[Tt]ập trung|"
    r"[Đđ]ịnh kỳ|[Hh][ằà]ng (?:năm|quý|tháng)|[Kk]hẩn cấp|[Ss]ớm|[Đđ]ồng thời|cùng nhau|"
    r"Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)(?=,)|Bước \d{1,2} {0,3}:|"
    r"Là(?= (?:cơ quan|đơn vị|đầu mối))|làm)(?![\w-])(?: hơn nữa)?,?"
)
_TIME_WORD = re.compile(r" {0,4}(?:[Đđ]ịnh kỳ|[Hh][ằà]ng|[Tt]hường xuyên|[Đđ]ồng thời|Bước|Là)")
ADVERBIAL = re.compile(
    r" {0,4},? {0,4}(?:[Tt]heo|[Cc]ăn cứ|[Tt]rên cơ sở|[Tt]rong|[Kk]hi|[Ss]au|[Nn]ếu|Để|Nhằm|[Tt]ại|[Vv]ới|[Tt]rước|[Tt]ừ|"
    r"[Nn]hất là|[Đđ]ặc biệt(?: là)?|[Tt]hông qua|[Đđ]ối với|[Bb]ằng|[Nn]goài|[Tt]rường hợp|[Vv]ề|[Đđ]ịnh kỳ|H[ằà]ng|"
    r"[Qq]ua|[Dd]o|Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)(?=,))(?!\w)"
)
_STRONG = re.compile(
    r"(?<= )(?:(?:có|chịu) trách nhiệm|chủ trì|chủ động|phối hợp|tham mưu|tổ chức (?:thực hiện|triển khai)|"
    r"triển khai thực hiện|xây dựng|tiếp tục|tập trung|khẩn trương|nghiêm túc|kịp thời|triển khai|bố trí|thực hiện|"
    r"giám sát(?= việc)|đôn đốc)(?!\w)"
)
CONDITION = re.compile(  # what somebody must have, and not do
    r" {0,4}phải có (?:ít nhất|tối thiểu|đủ|kinh nghiệm|trình độ|bằng|phẩm chất|thời gian)(?!\w)"
)
_BASIS = re.compile(r" {0,4},? {0,4}(?:[Cc]ăn cứ|[Tt]rên cơ sở)")
_PURPOSE = re.compile(r" để(?= )")  # "căn cứ các quy định nêu trên và hồ sơ cụ thể để xử lý"
_NOT_A_VERB = re.compile(
    r"(?:được|bị|cơ quan|đơn vị|việc|sự|công tác|tình hình|quá trình|kết quả|nhiệm vụ|phân công|giao|về|tiến độ|chế độ|"
    r"chủ đầu tư|để|cơ chế|bộ|hoạt động|tổ chức|yêu cầu) {0,4}$"
)
_BARE_NOUN = re.compile(r"(?:[Cc]ơ quan|[Đđ]ơn vị|[Tt]ổ chức|[Dd]oanh nghiệp|[Cc]á nhân|[Nn]gười)")
_LONGEST_DESCRIBED = 90  # characters of what such a body does
_LEADING = re.compile(
    r" {0,4}(?:[Ll]à |[Ll]àm )?(?:(?:cơ quan|đơn vị) )?đầu mối(?:,? (?:và )?(?:chủ trì|chịu trách nhiệm chính))?"
)
_WITH = re.compile(r" {0,4}(?:,| và)? {0,4}phối hợp(?: chặt chẽ| thường xuyên| đồng bộ)?(?: cùng với| cùng| với)?(?= )")
_TOGETHER = re.compile(
    r"(?<= với)(?= )|(?<= cùng)(?= )| {1,4}(?:chặt chẽ |thường xuyên |đồng bộ )?(?:cùng )?với(?= )"
    r"|(?= (?:các|Sở|Bộ|UBND|Ủy ban|Ban|Công an|Văn phòng|Phòng|Trung tâm|Cục|Chi cục|Thuế|Mặt trận) )"
)
_JOINTLY = re.compile(
    r"(?<=[;,.] )(?:(?:và|đồng thời|chủ động|thường xuyên),? {1,4})?[Pp]hối hợp(?: chặt chẽ| thường xuyên| đồng bộ)? {1,4}"
    r"(?:cùng )?với(?= )"
)
_SERVED = re.compile(r" {0,4}(?:cho |giúp )?(?= )")
_HELPS = re.compile(r" {0,4}giúp(?= )")
_ALSO = re.compile(r"(?:[.] {1,4}|đồng thời,? )(?=[Tt]ham mưu )|[;.] {1,4}(?=[Cc]hủ trì )")
_INLINE = re.compile(r" {0,4}\((?:[ivx]{1,4}|\d{1,2}|[a-zđ])\)(?= )")  # a number inside a sentence: "(i) Chỉ đạo …"
_LABEL_END = r"(?: {0,3}\([^()]{0,60}\))? {0,4}:"


class Label(NamedTuple):
    """A label at the beginning of a line and where its value begins."""

    field: Field
    value: int


class Predicate(NamedTuple):
    """What a subject is told to do: its role and duty, whom it serves, who is called on to help, where it stands."""

    role: Role
    duty: Duty
    at: int
    helpers: tuple[UnitSpan, ...] = ()
    serves: str | None = None


def label_at(flat: str, at: int, end: int) -> Label | None:
    """The role, time, product or content label that a line begins with: `Cơ quan chủ trì:` is lead."""
    if flat.find(":", at, min(end, at + 160)) < 0:
        return None
    match = _labels().match(flat, at, end)
    return Label(cast(Field, match.lastgroup), match.end()) if match else None


def field_of(heading: str) -> Field | None:
    """What a table column holds, by its heading: `Cơ quan, đơn vị chủ trì` is lead; None for a number or unknown column."""
    match = _columns().fullmatch(heading.strip(" *_:"))
    return cast(Field, match.lastgroup) if match else None


def predicate_at(flat: str, at: int, end: int) -> Predicate | None:
    """The predicate that begins at `at`, adverbs and adverbials before it passed over; None where no verb follows."""
    duty_bound = False
    limit = min(end, at + REACH)
    for _ in range(12):
        if inline := _INLINE.match(flat, at, limit):
            at = inline.end()
        if lead := _LEADING.match(flat, at, limit):
            return _with_helpers(flat, "lead", at, lead.end(), end)
        if helped := _HELPS.match(flat, at, limit):
            return _helping(flat, at, helped.end(), end)
        if verb := verb_at(flat, at, limit):
            return _read_verb(flat, verb, end)
        if adverb := ADVERB.match(flat, at, limit):
            if CONDITION.match(flat, at, limit):
                return None
            duty_bound = duty_bound or _TIME_WORD.match(adverb[0]) is None
            at = adverb.end()
            continue
        if told := DELEGATED.match(flat, at, limit):
            at = told.end()
            continue
        if flat[at : at + 2] in (", ", "; ") and ADVERB.match(flat, at + 1, limit):
            at += 1
            continue
        step = _past_adverbial(flat, at, limit)
        if step is None:
            break
        at = step
    return Predicate("perform", "do", at) if duty_bound else None


def verb_at(flat: str, at: int, end: int) -> re.Match[str] | None:
    """The verb that begins at `at`; "tổ chức" before what only a body has is none."""
    verb = verbs().match(flat, at, end)
    return (
        None if verb and verb[1].lower().startswith("tổ chức") and NOUN_AFTER.match(flat, verb.start(1), end) else verb
    )


def _past_adverbial(flat: str, at: int, end: int) -> int | None:
    """Where the verb after an adverbial stands: "theo chức năng, nhiệm vụ được giao, xây dựng ..."; None for none."""
    opening = ADVERBIAL.match(flat, at, end)
    if opening is None:
        return None
    marks = (
        (";", ". ")
        if flat[opening.start() : opening.end()].rsplit(maxsplit=1)[-1] in ("là", "biệt", "nhất")
        else (";", ". ", ":")
    )
    stop = min((i for i in (flat.find(mark, opening.end(), end) for mark in marks) if i >= 0), default=end)
    comma = flat.find(",", opening.end(), stop)
    strong = next((m for m in _STRONG.finditer(flat, opening.end(), stop) if not _noun_before(flat, m.start())), None)
    while comma >= 0 and (strong is None or comma < strong.start()):
        if (verb_at(flat, comma + 1, stop) or ADVERB.match(flat, comma + 1, stop)) is not None:
            return comma + 1
        comma = flat.find(",", comma + 1, stop)
    if strong is None and _BASIS.match(flat, opening.start(), opening.end()):
        purposes = (m.end() for m in _PURPOSE.finditer(flat, opening.end(), stop))
        return next((at for at in purposes if verb_at(flat, at, stop)), None)
    return strong.start() if strong else None


def _noun_before(flat: str, at: int) -> bool:
    """Whether the word before makes a verb part of a noun: "việc triển khai", "được giao"."""
    return _NOT_A_VERB.search(flat, max(0, at - 16), at) is not None


def _read_verb(flat: str, verb: re.Match[str], end: int) -> Predicate:
    """The predicate of a matched verb."""
    row = _row_of(verb)
    role, duty = cast(Role, row.role), cast(Duty, row.duty)
    if role == "lead":
        return _with_helpers(flat, role, verb.start(), verb.end(), end)
    if role == "advise":
        served = _SERVED.match(flat, verb.end(), end)
        units, after = read_units(flat, served.end(), end) if served else ((), 0)
        does = verb_at(flat, after if units else verb.end(), end)
        reports = " báo cáo " in flat[verb.end() : verb.end() + 30] and not units
        told: Duty = (
            "report"
            if reports
            else cast(Duty, _rows()[" ".join(does[1].lower().split())].duty)
            if does and units
            else "do"
        )
        return Predicate(role, told, verb.start(), serves=units[0].unit if units else None)
    if role == "coordinate":
        joined = _TOGETHER.match(flat, verb.end(), end)
        return Predicate(role, duty, verb.start(), _helpers(flat, joined.end(), end) if joined else ())
    return Predicate(role, duty, verb.start())


def _helping(flat: str, at: int, after: int, end: int) -> Predicate:
    """The predicate of "giúp X theo dõi": what is done, for X."""
    units, then = read_units(flat, after, end)
    if units and (does := predicate_at(flat, then, end)):
        return Predicate(does.role, does.duty, at, does.helpers, units[0].unit)
    return Predicate("perform", "do", at, serves=units[0].unit if units else None)


def _with_helpers(flat: str, role: Role, at: int, after: int, end: int) -> Predicate:
    """A leading predicate with the units that it is to work with."""
    joined = _WITH.match(flat, after, end)
    return Predicate(role, "do", at, _helpers(flat, joined.end(), end) if joined else ())


def _helpers(flat: str, at: int, end: int) -> tuple[UnitSpan, ...]:
    """The bodies to work with; one that is known only by what it does goes on to where the next one begins.

    "phối hợp với Sở A, đơn vị cung cấp dịch vụ công nghệ thông tin và các cơ quan liên quan"; where no other follows,
    nobody can tell where it ends, and it is left out.
    """
    units, after = read_units(flat, at, end)
    if not units or not _BARE_NOUN.fullmatch(units[-1].unit) or flat[after : after + 1] != " ":
        return units
    *first, last = units
    near = min(end, after + _LONGEST_DESCRIBED)
    marks = (mark for mark in SEPARATOR.finditer(flat, after, near) if opening_at(flat, mark.end(), end))
    mark = next(marks, None)
    if mark is None or re.search("[.:]", flat[after : mark.start()]):
        return tuple(first)
    whole = UnitSpan(" ".join(flat[last.span[0] : mark.start()].split()), (last.span[0], mark.start()), last.group)
    return (*first, whole, *_helpers(flat, mark.end(), end))


def partners(flat: str, at: int, end: int) -> tuple[UnitSpan, ...]:
    """Whom the same subject is to work with later on: "…; phối hợp với Sở Xây dựng và các địa phương …"."""
    return tuple(unit for joint in _JOINTLY.finditer(flat, at, end) for unit in _helpers(flat, joint.end(), end))


def second_predicate(flat: str, at: int, end: int) -> Predicate | None:
    """A second role of the same subject: "đồng thời tham mưu ...", "; chủ trì ...", a sentence "Tham mưu ...\"."""
    match = _ALSO.search(flat, at, end)
    return predicate_at(flat, match.end(), end) if match else None


def _row_of(verb: re.Match[str]) -> RoleTerm:
    """The row of a matched verb."""
    return _rows()[" ".join(verb[1].lower().split())]


@cache
def _rows() -> dict[str, RoleTerm]:
    """The row of each verb."""
    return {form: row for row in table("roles", RoleTerm) if row.kind == "verb" for form in row.forms}


@cache
def verbs() -> re.Pattern[str]:
    """A verb at the beginning of a predicate, in either case."""
    return re.compile(rf" {{0,4}}({alternation(_rows(), either_case=True)})(?![\w-])")


@cache
def _labels() -> re.Pattern[str]:
    """A label with its colon."""
    return re.compile(rf"[ .–+-]{{0,6}}(?:{_fields('label')}){_LABEL_END}")


@cache
def _columns() -> re.Pattern[str]:
    """A column heading."""
    return re.compile(_fields("label", "column"))


def _fields(*kinds: str) -> str:
    """The patterns of these kinds as groups named by what they hold."""
    patterns: dict[str, list[str]] = {}
    for row in table("roles", RoleTerm):
        if row.kind in kinds:
            patterns.setdefault(row.role, []).append(row.pattern.replace(" ", " {1,4}"))
    return "|".join(f"(?P<{role}>{'|'.join(forms)})" for role, forms in patterns.items())
