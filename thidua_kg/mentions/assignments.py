"""From calls to assignments: each unit and role of a task once, with its force, its duty and whom it serves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from thidua_kg.mentions.calls import Call
from thidua_kg.mentions.roles import partners, second_predicate
from thidua_kg.mentions.units import UnitSpan
from thidua_kg.model import Assignment, Duty, Force, Role, Span

_OWN_BODY = re.compile(  # what an office calls its own parts and people
    r"(?:[Ll]ãnh đạo (?:Ban|Sở|cơ quan|Văn phòng|đơn vị)|[Cc]ác [Pp]hòng|Phòng |[Cc]hi (?:ủy|uỷ|bộ|đoàn)|"
    r"[Cc]ông đoàn(?: cơ quan)?$|Ban Chấp hành [Cc]ông đoàn|BCH [Cc]ông đoàn|[Tt]oàn thể|[Tt]ừng|[Đđ]ảng viên|"
    r"[Đđ]oàn viên|[Cc]án bộ|Ban$|[Cc]ơ quan$)"
)


def of_calls(flat: str, calls: Sequence[Call], span: Span, issuer: str) -> tuple[Assignment, ...]:
    """The assignments of the calls made in `span`; a second predicate of a single subject adds its role.

    `issuer` is the issuing body's name in small letters, "" where it is not known.
    """
    made: dict[tuple[str, Role], Assignment] = {}
    for call in calls:
        does = call.predicate
        for unit in call.units:
            one = assignment(unit, does.role, call.force, issuer, duty=does.duty, serves=does.serves)
            made.setdefault((unit.unit.lower(), does.role), one)
        for unit in does.helpers:
            made.setdefault((unit.unit.lower(), "coordinate"), assignment(unit, "coordinate", call.force, issuer))
    for unit in partners(flat, calls[0].predicate.at, span[1]) if len(calls) == 1 else ():
        made.setdefault((unit.unit.lower(), "coordinate"), assignment(unit, "coordinate", calls[0].force, issuer))
    if len(calls) == 1 and (more := second_predicate(flat, calls[0].predicate.at, span[1])):
        for unit in calls[0].units:
            serves = more.serves or calls[0].predicate.serves
            one = assignment(unit, more.role, calls[0].force, issuer, duty=more.duty, serves=serves)
            made.setdefault((unit.unit.lower(), more.role), one)
    return tuple(made.values())


def assignment(
    unit: UnitSpan, role: Role, force: Force | None, issuer: str, *, duty: Duty = "do", serves: str | None = None
) -> Assignment:
    """One unit's part in a task; a body of the issuer's own that nobody assigns acts for itself."""
    own = _OWN_BODY.match(unit.unit) is not None or unit.unit.lower() == issuer
    return Assignment(
        unit=unit.unit,
        role=role,
        span=unit.span,
        force=force or ("self" if own else "assigned"),
        duty=duty,
        serves=serves,
        group=unit.group,
    )
