"""What does a document say once a person's judgements lie over its parse? Pure functions from both to the document shown.

The parse stays as it is. Header judgements come first, since all that follows is read under the header; then tasks added and
dropped, relations, links, roles and times, each kind in the order of time, so that the later of two holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from thidua_kg.identity import read_symbol, unit_id
from thidua_kg.judgements.anchors import Key, Lost, key_of, locate
from thidua_kg.judgements.records import NONE, UNDECIDED, Judgement, State
from thidua_kg.model import Assignment, Citation, Document, Header, Signer, Span, Task, TimeExpression, TimeKind
from thidua_kg.pipeline import carried_out, unit_scope, with_header
from thidua_kg.text import fold_space, slug

_SAME_PLACE = 0.5  # of two spans must be common for a citation or task to be the one quoted
_SIGNER = {"signer": "name", "position": "position"}


class Placed(NamedTuple):
    """How one judgement stands: where it lies, or why it does not."""

    id: str
    state: State
    span: Span | None = None
    note: str = ""


Slot = tuple[str, ...]  # what a judgement speaks of; of two of one slot the later holds
_Outcome = tuple[Document, Slot] | Lost


def judged_header(header: Header, judgements: Iterable[Judgement]) -> Header:
    """The header with what persons set in it; a value that is the printed one confirms it."""
    for j in judgements:
        if j.kind == "header" and j.field:
            header = _set_field(header, j.field, None if j.value == NONE else j.value, j.id)
    return header


def under_header(document: Document, judgements: Iterable[Judgement]) -> Document:
    """The document as it is read under its judged header."""
    header = judged_header(document.header, judgements)
    if header == document.header:
        return document
    facts = ("issuer", "date", "place", "title", "type", "system")
    if all(getattr(header, name) == getattr(document.header, name) for name in facts):
        return msgspec.structs.replace(document, header=header)
    return with_header(document, header)


def overlaid(
    document: Document, judgements: list[Judgement], current: Callable[[str], str] = str
) -> tuple[Document, list[Placed]]:
    """The document, its header judged and its citations linked, with the other judgements over it, and how each stands.

    `judgements` are in order of time. `current` gives the id that a document bears today.
    """
    key = key_of(document.text) if judgements else Key("", [], "")
    placed: dict[str, Placed] = {}
    holding: dict[Slot, str] = {}
    for kind, step in _STEPS:
        changed = False
        for j in (j for j in judgements if j.kind == kind):
            outcome, span = step(document, j, key, current)
            if isinstance(outcome, Lost):
                placed[j.id] = Placed(j.id, "orphaned", None, outcome.why)
                continue
            document, slot = outcome
            earlier = holding.get((kind, *slot))
            if earlier is not None:
                placed[earlier] = placed[earlier]._replace(state="superseded", note=f"thay bằng {j.id}")
            holding[kind, *slot] = j.id
            placed[j.id] = Placed(j.id, "placed", span)
            changed = True
        if changed and kind in ("task", "relation"):
            document = carried_out(document)
    return document, list(placed.values())


# --- the header


def _set_field(header: Header, field: str, value: str | None, judgement: str) -> Header:
    changes: dict[str, object] = {field: value}
    if field == "symbol":
        changes = _symbol_fields(header, value)
    elif field == "issuer":
        changes["issuer_id"] = unit_id(value, None) if value else None
    elif field in _SIGNER:
        signer = header.signer or Signer()
        changes = {"signer": msgspec.structs.replace(signer, **{_SIGNER[field]: value})}
    return msgspec.structs.replace(
        header,
        **changes,
        inferred=tuple(name for name in header.inferred if name != field),
        judged={**header.judged, field: judgement},
    )


def _symbol_fields(header: Header, value: str | None) -> dict[str, object]:
    """The fields that hang on the number and symbol, as the pipeline fills them."""
    symbol = read_symbol(value, issuer=header.issuer, heading=header.type) if value else None
    if symbol is None:
        return {"symbol": None, "canonical": None, "number": None}
    return {
        "symbol": value,
        "canonical": symbol.canonical if symbol.number else None,
        "number": symbol.number,
        "draft": header.draft and symbol.number is None,
        "type": header.type or symbol.type,
        "type_code": symbol.type_code or header.type_code,
        "system": header.system or symbol.system,
    }


# --- tasks


def _task(document: Document, j: Judgement, key: Key, _: Callable[[str], str]) -> tuple[_Outcome, Span | None]:
    place = locate(key, j.quote) if j.quote else Lost("không có trích dẫn")
    if isinstance(place, Lost):
        return place, None
    at = task_at(document, place.span)
    slot = (str(place.span[0]),)
    if j.value == "add":
        if at is not None:
            ready = msgspec.structs.replace(at, judged=j.id)
            return (_with_task(document, at, ready), slot), at.span
        return (msgspec.structs.replace(document, tasks=_inserted(document, place.span, j.id)), slot), place.span
    return (_without_task(document, at) if at is not None else document, slot), place.span


def _with_task(document: Document, old: Task, new: Task) -> Document:
    return msgspec.structs.replace(document, tasks=tuple(new if task is old else task for task in document.tasks))


def _without_task(document: Document, gone: Task) -> Document:
    """The document without a task; what stood below it stands below the one above."""
    kept = (
        msgspec.structs.replace(t, parent=gone.parent) if t.parent == gone.id else t
        for t in document.tasks
        if t is not gone
    )
    return msgspec.structs.replace(document, tasks=tuple(kept))


def _inserted(document: Document, span: Span, judgement: str) -> tuple[Task, ...]:
    """The tasks with one that a person quoted, in its place; its id is its block's, "~2" where a task has that one."""
    block = next((b for b in document.blocks if b.span[0] <= span[0] < b.span[1]), None)
    base = block.id if block else "p"
    taken = {task.id for task in document.tasks}
    free = next(i for n in range(1, len(taken) + 2) if (i := base if n == 1 else f"{base}~{n}") not in taken)
    added = Task(
        id=free,
        kind="task",
        span=span,
        text=document.text[slice(*span)],
        number=block.number if block else None,
        parent=block.parent if block and block.parent in taken else None,
        judged=judgement,
    )
    return tuple(sorted((*document.tasks, added), key=lambda t: t.span))


def task_at(document: Document, span: Span) -> Task | None:
    """The task that a quoted passage is the beginning of, of several the shortest."""
    length = span[1] - span[0]
    scored = [
        (_common((t.span[0], min(t.span[1], t.span[0] + length)), span), t.span[0] - t.span[1], t)
        for t in document.tasks
        if t.span[0] < span[1] and span[0] < t.span[1]
    ]
    best = max(scored, key=lambda s: s[:2], default=None)
    return best[2] if best is not None and best[0] >= _SAME_PLACE else None


def _quoted_task(document: Document, j: Judgement, key: Key) -> tuple[Task, Span] | Lost:
    place = locate(key, j.quote) if j.quote else Lost("không có trích dẫn")
    if isinstance(place, Lost):
        return place
    task = task_at(document, place.span)
    return (task, place.span) if task else Lost("đoạn này còn, nhưng không còn là nhiệm vụ")


# --- citations


def _relation(document: Document, j: Judgement, key: Key, _: Callable[[str], str]) -> tuple[_Outcome, Span | None]:
    relation, _colon, manner = j.value.partition(":")

    def corrected(c: Citation) -> Citation:
        return msgspec.structs.replace(c, relation=relation, manner=manner or None, judged=j.id)

    return _with_citation(document, j, key, corrected)


def _link(document: Document, j: Judgement, key: Key, current: Callable[[str], str]) -> tuple[_Outcome, Span | None]:
    changes: Mapping[str, object]
    if j.value == NONE:
        changes = {"entity": None, "verdict": "unknown", "why": "được xác nhận là không chỉ văn bản nào"}
    elif j.value == UNDECIDED:
        changes = {"entity": None, "verdict": "ambiguous", "why": "được xác nhận là chưa rõ văn bản nào"}
    else:
        changes = {"entity": current(j.value), "verdict": "linked", "why": "được xác nhận", "candidates": ()}

    def corrected(c: Citation) -> Citation:
        return msgspec.structs.replace(c, **changes, judged=j.id)

    return _with_citation(document, j, key, corrected)


def _with_citation(
    document: Document, j: Judgement, key: Key, corrected: Callable[[Citation], Citation]
) -> tuple[_Outcome, Span | None]:
    """The document with the quoted citation corrected; one that the parse lacks is added last, so that no other moves."""
    place = locate(key, j.quote) if j.quote else Lost("không có trích dẫn")
    if isinstance(place, Lost):
        return place, None
    index = citation_at(document, place.span)
    if index is None and any(c.span[0] < place.span[1] and place.span[0] < c.span[1] for c in document.citations):
        return Lost("đoạn này còn, nhưng viện dẫn ở đó nay được tách khác"), None
    if index is None:
        block = next((b for b in document.blocks if b.span[0] <= place.span[0] < b.span[1]), None)
        words = document.text[slice(*place.span)]
        bare = Citation(
            span=place.span,
            text=words,
            kind="named",
            rule="judged",
            full_span=place.span,
            holder=block.id if block else "",
        )
        index = len(document.citations)
        document = msgspec.structs.replace(document, citations=(*document.citations, bare))
    citations = list(document.citations)
    citations[index] = corrected(citations[index])
    return (msgspec.structs.replace(document, citations=tuple(citations)), (str(index),)), citations[index].span


def citation_at(document: Document, span: Span) -> int | None:
    """The index of the citation that a quoted passage is, or None: the one it has most in common with, at least half."""
    scored = [
        (max(_common(c.span, span), _common(c.full_span, span)), -i)
        for i, c in enumerate(document.citations)
        if c.kind != "self" and c.full_span[0] < span[1] and span[0] < c.full_span[1]
    ]
    best = max(scored, default=None)
    return -best[1] if best is not None and best[0] >= _SAME_PLACE else None


def _common(a: Span, b: Span) -> float:
    """What two spans have in common, as a part of what they cover together."""
    both = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, both) / max(1, max(a[1], b[1]) - min(a[0], b[0]))


# --- roles and times


def _role(document: Document, j: Judgement, key: Key, _: Callable[[str], str]) -> tuple[_Outcome, Span | None]:
    found = _quoted_task(document, j, key)
    if isinstance(found, Lost):
        return found, None
    task, span = found
    unit = fold_space(j.field or "")
    others = tuple(a for a in task.assignments if slug(a.unit) != slug(unit))
    own = next((a for a in task.assignments if slug(a.unit) == slug(unit)), None)
    if j.value != NONE:
        at = document.text.find(unit, *task.span)
        shown = (at, at + len(unit)) if at >= 0 else (task.span[0], min(task.span[1], task.span[0] + len(task.text)))
        bare = own or Assignment(unit=unit, role="perform", span=shown, unit_id=unit_id(unit, unit_scope(document)))
        ready = msgspec.structs.replace(bare, role=j.value, judged=j.id)
        place = task.assignments.index(own) if own is not None else len(others)
        others = (*others[:place], ready, *others[place:])
    new = msgspec.structs.replace(task, assignments=others)
    return (_with_task(document, task, new), (str(task.span[0]), task.id, slug(unit))), span


def _time(document: Document, j: Judgement, key: Key, _: Callable[[str], str]) -> tuple[_Outcome, Span | None]:
    """A time of a task: the one with the words of `field`, else all that the task has."""
    found = _quoted_task(document, j, key)
    if isinstance(found, Lost):
        return found, None
    task, span = found
    words = fold_space(j.field or "")
    kept = tuple(t for t in task.times if words and slug(t.text) != slug(words))
    own = next((t for t in task.times if t not in kept), None)
    if j.value != NONE:
        at = document.text.find(words, *task.span) if words else -1
        shown = own.span if own else (at, at + len(words)) if at >= 0 else (task.span[0], task.span[0])
        rule = j.value.startswith("FREQ=")
        kept = (
            *kept,
            TimeExpression(
                text=own.text if own else words or j.value,
                span=shown,
                kind=time_kind(j.value),
                edtf=None if rule else j.value,
                rrule=j.value if rule else None,
                action=own.action if own else None,
                duty=own.duty if own else None,
                judged=j.id,
            ),
        )
    new = msgspec.structs.replace(task, times=kept)
    return (_with_task(document, task, new), (str(task.span[0]), task.id, slug(words))), span


def time_kind(value: str) -> TimeKind:
    """The kind of a time by its notation: a rule recurs, "../day" is a deadline, "a/b" a range."""
    if value.startswith("FREQ="):
        return "recurring"
    if value.startswith("../"):
        return "deadline"
    return "range" if "/" in value else "date"


_Step = Callable[[Document, Judgement, Key, Callable[[str], str]], tuple[_Outcome, Span | None]]
_STEPS: tuple[tuple[str, _Step], ...] = (
    ("task", _task),
    ("relation", _relation),
    ("link", _link),
    ("role", _role),
    ("time", _time),
)
