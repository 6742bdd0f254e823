"""Role lines: which labelled lines belong to an item, and which units their values name in which role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.roles import Field, label_at, predicate_at
from thidua_kg.mentions.units import UnitSpan, read_units, skip_parenthesis, split_units
from thidua_kg.model import Role, Span

_ROLES = ("lead", "coordinate", "advise", "perform")
_MORE = re.compile(r"(?:;|,| và) {1,4}(?=(?:các|Các|UBND|Ủy ban|Uỷ ban|Sở|Bộ|Ban|Công an)(?!\w))")
_LINE = re.compile(r"\n[ \t]*(?:[-+*•][ \t]*)?(?=[^\s])")


class Line(NamedTuple):
    """A labelled line: what it holds, its value, and the block it stands in."""

    field: Field
    value: Span
    block: int


def lines_below(tree: Outline, index: int, own: Span) -> list[Line]:
    """The labelled lines of an item: its direct children that begin with a label, those below an empty label
    ("Cơ quan thực hiện:" over "Đơn vị chủ trì: ..."), and lines within the item's own text."""
    found = list(_within(tree, index, own))
    for child in tree.below(index):
        if tree.blocks[child].kind in ("item", "paragraph"):
            found += _of_child(tree, child)
    return found


def _of_child(tree: Outline, child: int) -> Iterator[Line]:
    """The labelled line that a child block is, with the lines below it where its own value is empty."""
    span = tree.body(child)
    label = label_at(tree.flat, *span)
    if label is None:
        return
    value = _trimmed(tree.flat, label.value, span[1])
    below = [line for part in tree.below(child) for line in _of_child(tree, part)] if value[0] >= value[1] else []
    if not below or label.field == "content":
        yield Line(label.field, value, child)
    elif below:
        yield Line("other", value, child)
    yield from below


def _within(tree: Outline, index: int, own: Span) -> Iterator[Line]:
    """Labelled lines inside the item's own text, after its first line."""
    if tree.text.find("\n", *own) < 0:
        return
    starts = [match.end() for match in _LINE.finditer(tree.text, *own)]
    labels = [(start, label) for start in starts if (label := label_at(tree.flat, start, min(own[1], start + 120)))]
    for (_, label), end in zip(labels, [start for start, _ in labels[1:]] + [own[1]], strict=False):
        yield Line(label.field, _trimmed(tree.flat, label.value, end), index)


def _trimmed(flat: str, start: int, end: int) -> Span:
    """A value without the blanks around it."""
    words = flat[start:end]
    left = start + len(words) - len(words.lstrip())
    return left, max(left, start + len(words.rstrip()))


def assigned(flat: str, lines: Sequence[Line]) -> list[tuple[UnitSpan, Role]]:
    """The units that role lines name, each with its role once."""
    found: dict[tuple[str, Role], UnitSpan] = {}
    for line in lines:
        if line.field in _ROLES:
            for unit, role in read_value(flat, line.value, cast(Role, line.field)):
                found.setdefault((unit.unit.lower(), role), unit)
    return [(unit, role) for (_, role), unit in found.items()]


def read_value(flat: str, value: Span, role: Role) -> Iterator[tuple[UnitSpan, Role]]:
    """The units of a role line's value; one that is said to lead there does ("Sở Nội vụ chủ trì ...; Sở Tư pháp ...")."""
    at, end = value
    seen = False
    while at < end:
        units, after = read_units(flat, at, end)
        if not units:
            break
        seen = True
        after = skip_parenthesis(flat, after, end)
        does = predicate_at(flat, after, end) if flat[after : after + 1] in (" ", ",") else None
        yield from ((unit, "lead" if does and does.role == "lead" and role == "perform" else role) for unit in units)
        yield from ((unit, "coordinate") for unit in (does.helpers if does else ()))
        more = None if does else _MORE.search(flat, after, min(end, after + 200))
        cut = flat.find(";", does.at, end) + 1 if does else more.end() if more else 0
        if not cut:
            return
        at = cut
    if not seen and end - value[0] < 300:
        yield from ((unit, role) for unit in split_units(flat, *value))
