"""Who does what in a clause: the labels of role lines, the verb that gives a role, and whom it calls on.

Roles follow the words of administrative practice: *chủ trì* and *đầu mối* lead, *phối hợp* coordinates, *tham mưu* advises,
any other verb performs. *Giao* and *Yêu cầu* assign, *Đề nghị* asks a body outside the chain of command.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple, cast

from thidua_kg.mentions.unit_words import NOUN_AFTER, SEPARATOR, opening_at
from thidua_kg.mentions.units import DELEGATED, UnitSpan, read_units, skip_parenthesis
from thidua_kg.model import Duty, Force, Role
from thidua_kg.structure.markers import UPPER
from thidua_kg.vocab import RoleTerm, table

Field = Literal["lead", "coordinate", "advise", "perform", "time", "product", "content", "other"]
_LONGEST_SUBJECT = 130  # characters of a subject that no table knows
_LONGEST_LIST = 700  # characters of the list of those who carry a decision out
_REACH = 320  # characters between a subject and its verb, adverbials included
_ADVERB = re.compile(
    r" {0,4}(?:(?:[Cc]ó|[Cc]hịu) (?:quyền hạn và )?trách nhiệm(?: toàn diện| chính)?(?=[ :])|[Cc]hủ động|[Kk]ịp thời|[Tt]iếp tục|[Tt]hường xuyên|"
    r"[Kk]hẩn trương|[Tt]ích cực|[Nn]ghiêm túc|[Tt]rực tiếp|[Qq]uyết liệt|phải|cần|[Tt]ập trung|[Đđ]ịnh kỳ|[Hh][ằà]ng (?:năm|quý|"
    r"tháng)|[Kk]hẩn cấp|[Ss]ớm|[Đđ]ồng thời|cùng nhau|Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)(?=,)|Bước \d{1,2} {0,3}:|"
    r"Là(?= (?:cơ quan|đơn vị|đầu mối))|làm)(?![\w-])(?: hơn nữa)?,?"
)
_TIME_WORD = re.compile(r" {0,4}(?:[Đđ]ịnh kỳ|[Hh][ằà]ng|[Tt]hường xuyên|[Đđ]ồng thời|Bước|Là)")
_TROUBLE = re.compile(
    r" {0,4}(?:[Tt]rong quá trình [^.;,]{0,80}?,? )?[Nn]ếu (?:có |gặp |phát sinh )*"
    r"(?:những )?(?:khó khăn|vướng mắc|vấn đề|nội dung)"
    r"(?:(?:,| và)? (?:khó khăn|vướng mắc|vấn đề|phát sinh|bất cập|mới|cần|nảy sinh|sửa đổi|bổ sung|điều chỉnh))*,? "
)
_OPEN_LIST = re.compile(
    r"(?:^|[\s(])(?:[Ss]ở|[Bb]ộ|[Bb]an|[Nn]gành|cơ quan|đơn vị|đoàn thể|tổ chức|xã|phường|huyện|quận|thị xã|Cơ quan|Đơn vị)$"
)
_ADVERBIAL = re.compile(
    r" {0,4},? {0,4}(?:[Tt]heo|[Cc]ăn cứ|[Tt]rên cơ sở|[Tt]rong|[Kk]hi|[Ss]au|[Nn]ếu|Để|Nhằm|[Tt]ại|[Vv]ới|[Tt]rước|[Tt]ừ|"
    r"[Nn]hất là|[Đđ]ặc biệt(?: là)?|[Tt]hông qua|[Đđ]ối với|[Bb]ằng|[Nn]goài|[Tt]rường hợp|[Vv]ề|[Đđ]ịnh kỳ|H[ằà]ng|"
    r"[Qq]ua|[Dd]o)(?!\w)"
)
_STRONG = re.compile(
    r"(?<= )(?:(?:có|chịu) trách nhiệm|chủ trì|chủ động|phối hợp|tham mưu|tổ chức (?:thực hiện|triển khai)|"
    r"triển khai thực hiện|xây dựng|tiếp tục|tập trung|khẩn trương|nghiêm túc|kịp thời|triển khai|bố trí|thực hiện)(?!\w)"
)
_NOT_A_VERB = re.compile(
    r"(?:được|bị|cơ quan|đơn vị|việc|sự|công tác|tình hình|quá trình|kết quả|nhiệm vụ|phân công|giao|về|tiến độ|chế độ|"
    r"chủ đầu tư|để|cơ chế|bộ|hoạt động|tổ chức|yêu cầu) {0,4}$"
)
_DUTY = re.compile(r"(?<!không) {1,4}(?:có|chịu) (?:quyền hạn và )?trách nhiệm(?!\w)")
_BOUND = re.compile(r"(?<!không) {1,4}(?:(?:có|chịu) trách nhiệm|có nghĩa vụ)(?!\w)|(?<!không) phải(?= )")
_BINDING = (" phải ", "nghĩa vụ")
_ENFORCED = re.compile(r"chịu trách nhiệm (?:tổ chức,? )?(?:thi hành|thực hiện) [A-ZĐ][^.;,]{3,24} này")
_NOUN = r"(?:[Cc]ơ quan|[Đđ]ơn vị|[Tt]ổ chức|[Nn]gười|[Dd]oanh nghiệp|[Cc]á nhân|[Tt]huê bao)"
_BODY_WITHOUT_NAME = re.compile(
    rf" {{0,4}}((?:[Cc]ác )?{_NOUN}(?:, {_NOUN})*)(?= [a-zđ]\w* )(?! (?:có|phải|chịu|thuộc|của)(?!\w))"
)
_ASIDES = re.compile(r" {0,4}\([^()]{1,160}\)")
_PART_NAMED = re.compile(r" {1,4}(?:chủ trì|phối hợp)(?!\w)")  # "Cơ quan chủ trì tổ chức cuộc họp có trách nhiệm …"
_MODAL = re.compile(r"(?: (?:phải|cũng|đều|cần|chủ động)|,)+$")  # what stands between a name and "có trách nhiệm"
_BARE_NOUN = re.compile(r"(?:[Cc]ơ quan|[Đđ]ơn vị|[Tt]ổ chức|[Dd]oanh nghiệp|[Cc]á nhân|[Nn]gười)")
_LONGEST_DESCRIBED = 90  # characters of what such a body does
_CARRIED_OUT = re.compile(r" {1,4}căn cứ (?:Quyết định|Nghị quyết|Chỉ thị|Kế hoạch)(?: này)? (?:để )?(?:tổ chức )?thi hành")
_AGENT = re.compile(  # who can be bound to do something, where no name is read; things "phải" as well
    r"(?:(?:[Cc]ác|[Nn]hững|[Mm]ỗi) +)?(?:[Cc]ơ quan|[Đđ]ơn vị|[Tt]ổ chức|[Cc]á nhân|[Nn]gười|[Dd]oanh nghiệp|[Cc]ông ty"
    r"|[Tt]hủ trưởng|[Cc]hủ|[Bb]ên|[Vv]ăn thư|[Tt]huê bao|[Cc]án bộ|[Cc]ông chức|[Vv]iên chức|[Cc]ấp|[Cc]hính quyền|[Nn]hà|[Đđ]oàn"
    r"|[Ll]ãnh đạo|[Bb]ộ phận|[Cc]ơ sở|[Tt]ập thể|[Hh]ộ|[Vv]ăn phòng|[A-ZĐ]{3,8}(?= ))(?!\w)"
)
_LEADING = re.compile(
    r" {0,4}(?:[Ll]à |[Ll]àm )?(?:(?:cơ quan|đơn vị) )?đầu mối(?:,? (?:và )?(?:chủ trì|chịu trách nhiệm chính))?"
)
_WITH = re.compile(r" {0,4}(?:,| và)? {0,4}phối hợp(?: chặt chẽ| thường xuyên| đồng bộ)?(?: cùng với| cùng| với)?(?= )")
_TOGETHER = re.compile(r"(?<= với)(?= )|(?<= cùng)(?= )| {1,4}(?:chặt chẽ |thường xuyên |đồng bộ )?(?:cùng )?với(?= )")
_JOINTLY = re.compile(
    r"(?<=[;,.] )(?:(?:và|đồng thời|chủ động|thường xuyên),? {1,4})?[Pp]hối hợp(?: chặt chẽ| thường xuyên| đồng bộ)? {1,4}(?:cùng )?với(?= )"
)
_SERVED = re.compile(r" {0,4}(?:cho |giúp )?(?= )")
_HELPS = re.compile(r" {0,4}giúp(?= )")
_OPENER = re.compile(
    rf"(?:(?P<ask>[Đđ]ề nghị|mong)|(?P<order>(?:[Tt]hống nhất |[Tt]iếp tục )?[Gg]iao(?: trách nhiệm)?(?: cho)?|[Yy]êu cầu|"
    rf"[Pp]hân công))(?!\w) {{0,4}}:?"
    rf"(?= {{1,4}}[{UPPER}]| {{1,4}}(?:các|cơ quan|địa phương|đơn vị|đồng chí|từng|mỗi|nhà|doanh|người|chi|công|chủ|lãnh|thủ|toàn|cán|tổ))"
)
_OPENING_WORDS = ("giao ", " mong ", "Giao ", "ề nghị", "êu cầu", "hân công")  # a quick look before the pattern
_FORM_WORD = re.compile(
    r"(?:Cơ quan|Đơn vị|Cấp|Bên|Chủ thể|Tổ chức|Cá nhân|Người)(?: phối hợp| chủ trì| thực hiện| có thẩm quyền)?"
)
_ALSO = re.compile(r"(?:[.] {1,4}|đồng thời,? )(?=[Tt]ham mưu )|[;.] {1,4}(?=[Cc]hủ trì )")
_INLINE = re.compile(r" {0,4}\((?:[ivx]{1,4}|\d{1,2}|[a-zđ])\)(?= )")  # a number inside a sentence: "(i) Chỉ đạo …"
_POLITE = re.compile(r" (?:xin |kính |trân trọng |cảm ơn và |rất |đã |cũng )+$")
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


class Call(NamedTuple):
    """A subject with its predicate, and how it is addressed; `force` is None where nothing is said."""

    units: tuple[UnitSpan, ...]
    predicate: Predicate
    force: Force | None


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
    limit = min(end, at + _REACH)
    for _ in range(12):
        if inline := _INLINE.match(flat, at, limit):
            at = inline.end()
        if lead := _LEADING.match(flat, at, limit):
            return _with_helpers(flat, "lead", at, lead.end(), end)
        if helped := _HELPS.match(flat, at, limit):
            return _helping(flat, at, helped.end(), end)
        if verb := verb_at(flat, at, limit):
            return _read_verb(flat, verb, end)
        if adverb := _ADVERB.match(flat, at, limit):
            duty_bound = duty_bound or _TIME_WORD.match(adverb[0]) is None
            at = adverb.end()
            continue
        if told := DELEGATED.match(flat, at, limit):
            at = told.end()
            continue
        if flat[at : at + 2] in (", ", "; ") and _ADVERB.match(flat, at + 1, limit):
            at += 1
            continue
        step = _past_adverbial(flat, at, limit)
        if step is None:
            break
        at = step
    return Predicate("perform", "do", at) if duty_bound else None


def verb_at(flat: str, at: int, end: int) -> re.Match[str] | None:
    """The verb that begins at `at`; "tổ chức" before what only a body has is none."""
    verb = _verbs().match(flat, at, end)
    return (
        None if verb and verb[1].lower().startswith("tổ chức") and NOUN_AFTER.match(flat, verb.start(1), end) else verb
    )


def _past_adverbial(flat: str, at: int, end: int) -> int | None:
    """Where the verb after an adverbial stands: "theo chức năng, nhiệm vụ được giao, xây dựng ..."; None for none."""
    opening = _ADVERBIAL.match(flat, at, end)
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
        if (verb_at(flat, comma + 1, stop) or _ADVERB.match(flat, comma + 1, stop)) is not None:
            return comma + 1
        comma = flat.find(",", comma + 1, stop)
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
        units, after = read_units(flat, served.end(), end) if served else ([], 0)
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
        return tuple(units)
    last, near = units.pop(), min(end, after + _LONGEST_DESCRIBED)
    marks = (mark for mark in SEPARATOR.finditer(flat, after, near) if opening_at(flat, mark.end(), end))
    mark = next(marks, None)
    if mark is None or re.search("[.:]", flat[after : mark.start()]):
        return tuple(units)
    whole = UnitSpan(" ".join(flat[last.span[0] : mark.start()].split()), (last.span[0], mark.start()), last.group)
    return (*units, whole, *_helpers(flat, mark.end(), end))


def call_at(flat: str, at: int, end: int, *, until: int, bare: bool = True) -> Call | None:
    """The call that a sentence makes: an opener with its addressee, or (`bare`) a subject with its verb.

    The sentence ends at `until`, its list of units may go on to `end`. Looks behind adverbials ("Trong quá trình thực
    hiện, nếu có khó khăn, đề nghị các cơ quan ... phản ánh").
    """
    if described := _described_call(flat, at, until):
        return described
    near = min(until, at + 700)
    for opener in (
        _OPENER.finditer(flat, at, near) if any(flat.find(word, at, near) >= 0 for word in _OPENING_WORDS) else ()
    ):
        if _is_opening(flat, at, opener.start()):
            units, after = read_units(flat, opener.end(), end)
            after = _past_apposition(flat, skip_parenthesis(flat, after, end), end)
            after += flat[after : after + 2] == ", "  # "Giao Sở A và Sở B, triển khai …"
            predicate = predicate_at(flat, after, end) if units else None
            if predicate:
                return Call(tuple(units), predicate, "requested" if opener["ask"] else "assigned")
    reach = min(end, at + _LONGEST_LIST)
    enforced = flat.find("chịu trách nhiệm", at, reach) >= 0 and _ENFORCED.search(flat, at, reach)
    if enforced and (call := _bound_call(flat, at, end, _DUTY)):
        return call
    if carried := _CARRIED_OUT.search(flat, at, reach) if flat.find("thi hành", at, reach) >= 0 else None:
        units = _bound_units(flat, at, carried.start())
        return Call(tuple(units), Predicate("perform", "do", carried.start()), None) if units else None
    if bare:
        return _bare_call(flat, at, end) or _bound_call(flat, at, until, _DUTY) or _bound_call(flat, at, until, _BOUND)
    return _bound_call(flat, at, until, _DUTY)  # whatever the section is about, a duty is one


def _described_call(flat: str, at: int, end: int) -> Call | None:
    """The call on a body that is known by what it does: "Cơ quan lập đề án có trách nhiệm …"."""
    noun = _BODY_WITHOUT_NAME.match(flat, at, end)
    if noun and _PART_NAMED.match(flat, noun.end(), end):
        return None
    bound = _DUTY.search(flat, noun.end(), min(end, noun.end() + _LONGEST_SUBJECT)) if noun else None
    if noun is None or bound is None or re.search("[,;:.(]", flat[noun.end() : bound.start()]):
        return None
    between = flat[noun.end() : bound.start()]
    if any(opening_at(between, mark.end(), len(between)) for mark in SEPARATOR.finditer(between)):
        return None
    words = _MODAL.sub("", " ".join(flat[at : bound.start()].split()))
    does = predicate_at(flat, bound.start(), end)
    unit = UnitSpan(words, (noun.start(1), bound.start()), noun[1][:3].lower() == "các")
    return Call((unit,), does, None) if does else None


def defined_call(flat: str, at: int, end: int, names: re.Pattern[str] | None) -> Call | None:
    """The call on a body by the short name that the text itself has given it: "TCPHT phải gặp mặt …"."""
    if names is None:
        return None
    named = names.match(flat, at, end)
    if named is None and _ADVERBIAL.match(flat, at, end):
        clauses = (names.match(flat, mark.end(), end) for mark in _CLAUSE_MARK.finditer(flat, at, min(end, at + _REACH)))
        named = next(filter(None, clauses), None)
    does = predicate_at(flat, named.end(), end) if named else None
    return Call((UnitSpan(named[1], named.span(1), False),), does, None) if named and does else None


_CLAUSE_MARK = re.compile(r", | thì(?= )")
_APPOSITION = re.compile(r" {1,4}[-–] (?=[Cc]ơ quan |[Đđ]ơn vị |Trưởng |Phó |Ủy viên |Chủ tịch )")


def _past_apposition(flat: str, at: int, end: int) -> int:
    """The position behind what a body is called besides: "Bộ Tài chính - Cơ quan Thường trực Ban Chỉ đạo 751"."""
    also = _APPOSITION.match(flat, at, end)
    verb = _verbs().search(flat, also.end(), min(end, also.end() + _LONGEST_SUBJECT)) if also else None
    return verb.start() if also and verb and not re.search("[.;:]", flat[also.end() : verb.start()]) else at


def _bound_call(flat: str, at: int, end: int, binding: re.Pattern[str]) -> Call | None:
    """A subject that is bound to do something, whatever its name is made of: "Cơ quan quản lý trực tiếp có trách nhiệm …".

    The names that are known are read first; the last of them goes on to the words that bind.
    """
    listed = binding is _DUTY  # who carries a decision out may be listed with semicolons
    reach = min(end, at + (_LONGEST_LIST if listed else _REACH))
    if flat.find("trách nhiệm", at, reach) < 0 and (listed or not any(flat.find(w, at, reach) >= 0 for w in _BINDING)):
        return None  # plain look-ups first: most sentences bind nobody
    bound = binding.search(flat, at, reach)
    between = _ASIDES.sub("", flat[at : bound.start()]) if bound else ""
    if bound is None or any(mark in between for mark in (". ", ":", *(() if listed else (";", "(")))):
        return None
    units = _bound_units(flat, at, bound.start())
    does = predicate_at(flat, bound.start(), end) if units else None
    return Call(tuple(units), does, None) if does else None


def _bound_units(flat: str, at: int, end: int) -> list[UnitSpan]:
    """All units of a list that ends where the binding words begin; each goes on to where the next one opens."""
    found: list[UnitSpan] = []
    while at < end:
        units, after = read_units(flat, at, end)
        left = flat[after:end]
        if units and (_ADVERBIAL.match(left) or _ADVERB.match(left)):
            return []
        agent = None if units else _AGENT.match(flat, at, end)
        if not units and agent is None:
            return []
        stop = next((m for m in SEPARATOR.finditer(flat, after, end) if opening_at(flat, m.end(), end)), None)
        until = end if stop is None or (units and units[-1].unit[:4].lower() == "các ") else stop.start()
        after_it = opening_at(flat, stop.end(), end) if agent and stop else None
        if agent and ("," in flat[agent.end() : until] or (after_it and after_it.lastgroup in ("generic", "people"))):
            return []
        first = units[-1].span[0] if units else at + len(flat[at:until]) - len(flat[at:until].lstrip())
        if units and flat.startswith(" là ", after):
            until = after  # "Sở A là cơ quan thường trực, có trách nhiệm …" is called by its name
        words = _MODAL.sub("", " ".join(_ASIDES.sub("", flat[first:until]).split()))
        if len(words) > _LONGEST_SUBJECT:
            return []
        found += [*units[:-1], UnitSpan(words, (first, until), units[-1].group if units else words[:1].islower())]
        at = end if until == end or stop is None else stop.end()
    return found


def _is_opening(flat: str, start: int, at: int) -> bool:
    """Whether an opener stands where one can: at the sentence's start, after a comma, or after the issuer's name."""
    before = _POLITE.sub("", flat[start:at]).rstrip()
    if not before or before.endswith((",", ":", "(", " và", "đồng thời")) or _TROUBLE.fullmatch(before + " "):
        return True
    clause = max(before.rfind(", "), before.rfind(": ")) + 1
    units, after = read_units(before, clause, len(before))
    return bool(units) and after >= len(before)


def _bare_call(flat: str, at: int, end: int) -> Call | None:
    """A subject at the sentence's start, or behind its first adverbials, with a verb."""
    if trouble := _TROUBLE.match(flat, at, end):
        at = trouble.end()
    for step in range(7):
        units, after = read_units(flat, at, end)
        if units:
            after = _past_apposition(flat, skip_parenthesis(flat, after, end), end)
            predicate = predicate_at(flat, after, end) if flat[after : after + 1] in (" ", ",") else None
            return Call(tuple(units), predicate, None) if predicate else None
        if step == 0 and not trouble and not _ADVERBIAL.match(flat, at, end):
            return None
        at = _next_clause(flat, at, end)
        if at < 0:
            return None
    return None


def _next_clause(flat: str, at: int, end: int) -> int:
    """Where the words after the next comma begin that stands in no list of bodies, -1 for none near."""
    comma = flat.find(", ", at, min(end, at + _REACH))
    while comma >= 0 and _OPEN_LIST.search(flat, max(at, comma - 12), comma):
        comma = flat.find(", ", comma + 1, min(end, at + _REACH))
    return comma + 2 if comma >= 0 else -1


def further_calls(flat: str, at: int, end: int) -> list[Call]:
    """Calls later in a sentence whose subject is "..., X có trách nhiệm ...", in order."""
    found: list[Call] = []
    for duty in _DUTY.finditer(flat, at, end):
        comma = flat.rfind(", ", max(at, duty.start() - 160), duty.start())
        while comma >= 0:
            units, after = read_units(flat, comma + 2, duty.start())
            if units and after == duty.start():
                does = predicate_at(flat, after, end)
                found += [Call(tuple(units), does, None)] if does else []
                break
            comma = flat.rfind(", ", max(at, duty.start() - 160), comma)
    return found


def is_label(flat: str, call: Call) -> bool:
    """Whether a bare common noun and its verb are a form's label: "Cơ quan giải quyết hồ sơ: ..."."""
    start = call.units[0].span[0]
    alone = len(call.units) == 1 and _FORM_WORD.fullmatch(call.units[0].unit) is not None
    return alone and flat.find(":", start, start + 80) >= 0


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
def _verbs() -> re.Pattern[str]:
    """A verb at the beginning of a predicate, in either case."""
    forms = sorted(_rows(), key=lambda form: (-len(form), form))
    return re.compile(
        r" {0,4}(" + "|".join(f"[{f[0].upper()}{f[0]}]" + f[1:].replace(" ", " {1,4}") for f in forms) + r")(?![\w-])"
    )


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
