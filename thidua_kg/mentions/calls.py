"""Whom a sentence calls on: an opener with its addressee, a subject with its verb, a body that is bound to a duty.

*Giao* and *Yêu cầu* assign, *Đề nghị* asks a body outside the chain of command; a subject alone is told what its verb says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from thidua_kg.mentions.roles import ADVERB, ADVERBIAL, CONDITION, REACH, Predicate, predicate_at, verbs
from thidua_kg.mentions.unit_words import SEPARATOR, opening_at
from thidua_kg.mentions.units import UnitSpan, read_units, skip_parenthesis
from thidua_kg.model import Force
from thidua_kg.structure.markers import UPPER
from thidua_kg.text import places

_APPOSITION = re.compile(r" {1,4}[-–] (?=[Cc]ơ quan |[Đđ]ơn vị |Trưởng |Phó |Ủy viên |Chủ tịch )")
_CLAUSE_MARK = re.compile(r", | thì(?= )")
_LONGEST_SUBJECT = 130  # characters of a subject that no table knows
_LONGEST_LIST = 700  # characters of the list of those who carry a decision out
_TROUBLE = re.compile(
    r" {0,4}(?:[Tt]rong quá trình [^.;,]{0,80}?,? )?[Nn]ếu (?:có |gặp |phát sinh )*"
    r"(?:những )?(?:khó khăn|vướng mắc|vấn đề|nội dung)"
    r"(?:(?:,| và)? (?:khó khăn|vướng mắc|vấn đề|phát sinh|bất cập|mới|cần|nảy sinh|sửa đổi|bổ sung|điều chỉnh))*,? "
)
_OPEN_LIST = re.compile(
    r"(?:^|[\s(])(?:[Ss]ở|[Bb]ộ|[Bb]an|[Nn]gành|cơ quan|đơn vị|đoàn thể|tổ chức|xã|phường|huyện|quận|thị xã|Cơ quan|Đơn vị)$"
)
_DUTY = re.compile(r"(?<!không) {1,4}(?:có|chịu) (?:quyền hạn và )?trách nhiệm(?!\w)")
_BOUND = re.compile(
    rf"(?<!không) {{1,4}}(?:(?:có|chịu) trách nhiệm|có nghĩa vụ)(?!\w)|(?<!không)(?!{CONDITION.pattern}) phải(?= )"
)
_ENFORCED = re.compile(r"chịu trách nhiệm (?:tổ chức,? )?(?:thi hành|thực hiện) [A-ZĐ][^.;,]{3,24} này")
_NOUN = r"(?:[Cc]ơ quan|[Đđ]ơn vị|[Tt]ổ chức|[Nn]gười|[Dd]oanh nghiệp|[Cc]á nhân|[Tt]huê bao)"
_BODY_WITHOUT_NAME = re.compile(
    rf" {{0,4}}((?:[Cc]ác )?{_NOUN}(?:, {_NOUN})*)(?= [a-zđ]\w* )(?! (?:có|phải|chịu|thuộc|của)(?!\w))"
)
_ASIDES = re.compile(r" {0,4}\([^()]{1,160}\)")
_PART_NAMED = re.compile(r" {1,4}(?:chủ trì|phối hợp)(?!\w)")  # "Cơ quan chủ trì tổ chức cuộc họp có trách nhiệm …"
_ACTOR = re.compile(r" {0,4}[A-ZĐ][^,;:.()]{1,80}?(?: được(?: phân công| giao)?)?")
_ARTICLE_TITLE = re.compile(  # whose line ran into the article's own: "Điều 5. Tổ chức thực hiện / Chánh Văn phòng …"
    rf" {{0,4}}(?:Tổ chức (?:thực hiện|thi hành)|Trách nhiệm (?:tổ chức )?(?:thực hiện|thi hành)|Điều khoản thi hành)"
    rf"[.:]? {{1,4}}(?=[{UPPER}])"
)
_MODAL = re.compile(r"(?: (?:phải|cũng|đều|cần|chủ động)|,)+$")  # what stands between a name and "có trách nhiệm"
_CARRIED_OUT = re.compile(
    r" {1,4}căn cứ (?:Quyết định|Nghị quyết|Chỉ thị|Kế hoạch)(?: này)? (?:để )?(?:tổ chức )?thi hành"
)
_AGENT = re.compile(  # who can be bound to do something, where no name is read; things "phải" as well
    r"(?:(?:[Cc]ác|[Nn]hững|[Mm]ỗi) +)?(?:[Cc]ơ quan|[Đđ]ơn vị|[Tt]ổ chức|[Cc]á nhân|[Nn]gười|[Dd]oanh nghiệp|[Cc]ông ty"
    r"|[Tt]hủ trưởng|[Cc]hủ|[Bb]ên|[Vv]ăn thư|[Tt]huê bao|[Cc]án bộ|[Cc]ông chức|[Vv]iên chức|[Cc]ấp|[Cc]hính quyền|[Nn]hà|[Đđ]oàn"
    r"|[Ll]ãnh đạo|[Bb]ộ phận|[Cc]ơ sở|[Tt]ập thể|[Hh]ộ|[Vv]ăn phòng|[A-ZĐ]{3,8}(?= ))(?!\w)"
)
_OPENER = re.compile(
    rf"(?:(?P<ask>[Đđ]ề nghị|mong)|(?P<order>(?:[Tt]hống nhất |[Tt]iếp tục )?[Gg]iao(?: trách nhiệm)?(?: cho)?|[Yy]êu cầu|"
    rf"[Pp]hân công))(?!\w) {{0,4}}:?"
    rf"(?= {{1,4}}[{UPPER}]| {{1,4}}(?:các|cơ quan|địa phương|đơn vị|đồng chí|từng|mỗi|nhà|doanh|người|chi|công|chủ|lãnh|thủ|"
    rf"toàn|cán|tổ))"
)
_OPENING = (  # what an opener begins with
    "mong",
    *(spelled for words in ("đề nghị", "thống nhất giao", "thống nhất Giao", "tiếp tục giao", "tiếp tục Giao", "giao", "yêu cầu",
                            "phân công") for spelled in (words, words[0].upper() + words[1:])),
)  # fmt: skip
_FORM_WORD = re.compile(
    r"(?:[Cc]ơ quan|[Đđ]ơn vị|[Cc]ấp|[Bb]ên|[Cc]hủ thể|[Tt]ổ chức|[Cc]á nhân|[Nn]gười)"
    r"(?: phối hợp| chủ trì| thực hiện| có thẩm quyền)?"
)
_POLITE = re.compile(r" (?:xin |kính |trân trọng |cảm ơn và |rất |đã |cũng )+$")


class Signals(NamedTuple):
    """Where the words of a text stand without which no rule applies, each list in order."""

    openers: list[int]
    duties: list[int]
    bindings: list[int]
    enforcements: list[int]


@lru_cache(maxsize=4)  # the sentences of a text are read one after the other
def _signals(flat: str) -> Signals:
    """The signals of a whole text: most of its sentences then cost a look into a list."""
    duties = places(flat, ("trách nhiệm",))
    bindings = sorted([*duties, *places(flat, (" phải ", "nghĩa vụ"))])
    enforcements = places(flat, ("thi hành", "chịu trách nhiệm"))
    return Signals(places(flat, _OPENING), duties, bindings, enforcements)


def _any_within(signals: list[int], start: int, end: int) -> bool:
    """Whether one of the sorted places lies in `start:end`."""
    first = bisect_left(signals, start)
    return first < len(signals) and signals[first] < end


class Call(NamedTuple):
    """A subject with its predicate, and how it is addressed; `force` is None where nothing is said."""

    units: tuple[UnitSpan, ...]
    predicate: Predicate
    force: Force | None


def call_at(flat: str, at: int, end: int, *, until: int, bare: bool = True) -> Call | None:
    """The call that a sentence makes: an opener with its addressee, or (`bare`) a subject with its verb.

    The sentence ends at `until`, its list of units may go on to `end`. Looks behind adverbials ("Trong quá trình thực
    hiện, nếu có khó khăn, đề nghị các cơ quan ... phản ánh"). The rules are tried in order; a subject that is bound to
    a duty is called on whatever its section is about.
    """
    signals = _signals(flat)
    duty = _any_within(signals.duties, at, until)
    bound = _any_within(signals.bindings, at, until)
    enforced = _any_within(signals.enforcements, at, min(end, at + _LONGEST_LIST))
    return (
        (_described_call(flat, at, until) if duty else None)
        or _opened_call(flat, at, end, until, signals.openers)
        or (_enforcing_call(flat, at, end) if enforced else None)
        or (_bare_call(flat, at, end) if bare else None)
        or (_bound_call(flat, at, until, _DUTY) if duty else None)
        or (_bound_call(flat, at, until, _BOUND) if bound and bare else None)
    )


def _opened_call(flat: str, at: int, end: int, until: int, openers: list[int]) -> Call | None:
    """The call of an opener on its addressee: "Giao Sở A và Sở B, triển khai …", "đề nghị các cơ quan … phản ánh"."""
    near = min(until, at + _LONGEST_LIST)
    for place in openers[bisect_left(openers, at) : bisect_left(openers, near)]:
        opener = _OPENER.match(flat, place, near)
        if opener is None or not _is_opening(flat, at, place):
            continue
        units, after = read_units(flat, opener.end(), end)
        after = _past_apposition(flat, skip_parenthesis(flat, after, end), end)
        after += flat[after : after + 2] == ", "
        predicate = predicate_at(flat, after, end) if units else None
        if predicate:
            return Call(units, predicate, "requested" if opener["ask"] else "assigned")
    return None


def _enforcing_call(flat: str, at: int, end: int) -> Call | None:
    """The call on those who carry a paper out, whose list may be long: "… chịu trách nhiệm thi hành Quyết định này"."""
    reach = min(end, at + _LONGEST_LIST)
    if _ENFORCED.search(flat, at, reach):
        return _bound_call(flat, at, end, _DUTY)
    carried = _CARRIED_OUT.search(flat, at, reach)
    units = _bound_units(flat, at, carried.start()) if carried else []
    return Call(tuple(units), Predicate("perform", "do", carried.start()), None) if carried and units else None


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
    does = predicate_at(flat, bound.start(), end)
    unit = _called(flat, noun.start(1), bound.start(), group=noun[1][:3].lower() == "các")
    return Call((unit,), does, None) if does else None


def step_call(flat: str, at: int, end: int) -> Call | None:
    """The call on whoever does a step of a procedure, whatever he is called: "Bước 3: Văn thư vào sổ, đóng dấu …".

    `at` is where the words behind the step's number begin.
    """
    verb = verbs().search(flat, at, min(end, at + _LONGEST_SUBJECT))
    if verb is None or ADVERBIAL.match(flat, at, end) or not _ACTOR.fullmatch(flat, at, verb.start()):
        return None
    does = predicate_at(flat, verb.start(), end)
    return Call((_called(flat, at, verb.start(), group=False),), does, None) if does else None


def _called(flat: str, start: int, end: int, *, group: bool) -> UnitSpan:
    """The body that these words call, what only leads over to its verb and what is put in parentheses left out."""
    words = flat[start:end].rstrip()
    stop = start + len(_MODAL.sub("", words))
    return UnitSpan(" ".join(_ASIDES.sub("", flat[start:stop]).split()), (start, stop), group)


def defined_call(flat: str, at: int, end: int, names: re.Pattern[str] | None) -> Call | None:
    """The call on a body by the short name that the text itself has given it: "TCPHT phải gặp mặt …"."""
    if names is None:
        return None
    named = names.match(flat, at, end)
    if named is None and ADVERBIAL.match(flat, at, end):
        clauses = (names.match(flat, mark.end(), end) for mark in _CLAUSE_MARK.finditer(flat, at, min(end, at + REACH)))
        named = next(filter(None, clauses), None)
    does = predicate_at(flat, named.end(), end) if named else None
    return Call((UnitSpan(named[1], named.span(1), False),), does, None) if named and does else None


def _past_apposition(flat: str, at: int, end: int) -> int:
    """The position behind what a body is called besides: "Bộ Tài chính - Cơ quan Thường trực Ban Chỉ đạo 751"."""
    also = _APPOSITION.match(flat, at, end)
    verb = verbs().search(flat, also.end(), min(end, also.end() + _LONGEST_SUBJECT)) if also else None
    return verb.start() if also and verb and not re.search("[.;:]", flat[also.end() : verb.start()]) else at


def _bound_call(flat: str, at: int, end: int, binding: re.Pattern[str]) -> Call | None:
    """A subject that is bound to do something, whatever its name is made of: "Cơ quan quản lý trực tiếp có trách nhiệm …".

    The names that are known are read first; the last of them goes on to the words that bind.
    """
    title = _ARTICLE_TITLE.match(flat, at, end)
    at = title.end() if title else at
    listed = binding is _DUTY  # who carries a decision out may be listed with semicolons
    reach = min(end, at + (_LONGEST_LIST if listed else REACH))
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
        if units and (ADVERBIAL.match(left) or ADVERB.match(left)):
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
        last = _called(flat, first, until, group=units[-1].group if units else flat[first].islower())
        if len(last.unit) > _LONGEST_SUBJECT:
            return []
        found += [*units[:-1], last]
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
            return Call(units, predicate, None) if predicate else None
        if step == 0 and not trouble and not ADVERBIAL.match(flat, at, end):
            return None
        at = _next_clause(flat, at, end)
        if at < 0:
            return None
    return None


def _next_clause(flat: str, at: int, end: int) -> int:
    """Where the words after the next comma begin that stands in no list of bodies, -1 for none near."""
    comma = flat.find(", ", at, min(end, at + REACH))
    while comma >= 0 and _OPEN_LIST.search(flat, max(at, comma - 12), comma):
        comma = flat.find(", ", comma + 1, min(end, at + REACH))
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
                found += [Call(units, does, None)] if does else []
                break
            comma = flat.rfind(", ", max(at, duty.start() - 160), comma)
    return found


def is_label(flat: str, call: Call) -> bool:
    """Whether a bare common noun and its verb are a form's label: "Cơ quan giải quyết hồ sơ: ..."."""
    start = call.units[0].span[0]
    alone = all(_FORM_WORD.fullmatch(unit.unit) for unit in call.units) and len(call.units) < 3
    return alone and flat.find(":", start, start + 80) >= 0
