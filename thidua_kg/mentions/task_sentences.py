"""Whom the sentences of a block call on, and which of them only introduce what is listed below."""

from __future__ import annotations

import re
from typing import NamedTuple

from thidua_kg.mentions.calls import Call, call_at, defined_call, further_calls, is_label, step_call
from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.task_headings import Subject
from thidua_kg.mentions.units import read_units
from thidua_kg.model import Force, Span

_SEEN_BEHIND = 120  # characters at a block's end in which a list is introduced
_BARE_LIST = 90  # characters from the verb of "... thực hiện một số nội dung sau:", which tells nothing itself
_LONGEST_REST = 60  # characters behind "chủ trì, phối hợp với Sở A" that still say nothing of their own
_AFTER = r"(?: như)?(?: sau(?: đây)?)?"
_LIST_FOLLOWS = re.compile(
    r"(?:(?:nội dung|nhiệm vụ|công việc|giải pháp|biện pháp|yêu cầu|việc|bước)[^.;:]{0,40}(?:sau|sau đây)(?: đây)?"
    rf"|(?:có|chịu) (?:quyền hạn và )?trách nhiệm{_AFTER}|có (?:các |những )?nhiệm vụ(?:,? (?:và )?quyền hạn)?{_AFTER}|giúp"
    r"|[.;] {1,4}Cụ thể(?: như sau)?)"
    r" {0,2}:$"
)
_STEP = re.compile(r" {0,4}Bước \d{1,2}(?:\.\d)? {0,3}:")  # of a procedure, before who does it
_SAYS = re.compile(
    r" {0,4}(?:có ý kiến|chỉ đạo|kết luận|thông báo|trả lời|báo cáo|quyết định)[^.;:]{0,60}(?:như sau|sau|sau đây) {0,2}:$"
)
_NO_TASK = re.compile(r" {0,4}(?:đã |xin |trân |kính |có ý kiến|nhận được|trả lời|thông báo|thống nhất|cơ bản|đề nghị)")
_BY_THIS = re.compile(
    r" {0,4}(?:ban hành|phân cấp|giao|yêu cầu|đề nghị|phê duyệt|công bố|quyết định|thống nhất|thông qua|trình)(?!\w)"
)


class Reader(NamedTuple):
    """What reading the sentences of one document needs: its tree, its issuer's name, the short names it gives."""

    tree: Outline
    issuer: str  # small letters, "" where not known
    own_names: re.Pattern[str] | None

    def calls(self, index: int, span: Span, force: Force | None) -> list[Call]:
        """The calls of a block's sentences, in order; `force` is handed down to those that do not say theirs."""
        flat = self.tree.flat
        bare = self.tree.blocks[index].kind != "preamble" and self.tree.topics[index] != "aims"
        found: list[Call] = []
        reached, listed, step = span[0], -1, False
        for begin, end in self.tree.sentences(span):
            if begin < reached:
                continue
            after_step, step = step, _STEP.fullmatch(flat, begin, end) is not None
            start = begin if listed < 0 else listed
            listed = -1
            if flat[end - 1] == ";" and read_units(flat, start, end)[1] >= end - 1:
                listed = start  # "Các bộ, cơ quan ngang bộ; Ủy ban nhân dân các tỉnh …": one list of bodies
                continue
            call = call_at(flat, start, span[1], until=end, bare=bare)
            call = call or (defined_call(flat, start, end, self.own_names) if bare else None)
            call = call or (step_call(flat, start, end) if after_step else None)
            if call is None or (call.force is None and self.tells_nobody(call, span[1])):
                continue
            if force and call.force is None:
                call = call._replace(force=force)
            found += [call, *further_calls(flat, call.predicate.at + 2, end)]
            reached = max(call.predicate.at, *(unit.span[1] for unit in call.predicate.helpers), 0)
        return found

    def tells_nobody(self, call: Call, end: int) -> bool:
        """Whether a sentence with a subject and a verb tells nobody to do anything."""
        flat, behind = self.tree.flat, call.units[-1].span[1]
        competence = flat.startswith(" quyết định ", behind)  # what a body may decide is no task
        said = _SAYS.match(flat, behind, end) is not None
        return competence or said or self._is_the_issuers(call) or is_label(flat, call)

    def _is_the_issuers(self, call: Call) -> bool:
        """Whether the call only tells what the issuer does by this document ("UBND tỉnh ban hành ...")."""
        named = call.units[0].unit.lower().replace("ubnd", "ủy ban nhân dân").removeprefix("chủ tịch ")
        own = bool(self.issuer) and (self.issuer.startswith(named) or named.startswith(self.issuer))
        by_this = _BY_THIS.match(self.tree.flat, call.predicate.at)
        return own and bool(by_this or _NO_TASK.match(self.tree.flat, call.units[-1].span[1]))


class HandedDown(NamedTuple):
    """What a call says for the items below `block`; `only` where it tells nothing besides."""

    block: str
    subject: Subject
    only: bool


def handed_down(tree: Outline, index: int, span: Span, call: Call) -> HandedDown | None:
    """What a call that introduces a list hands to it ("... thực hiện các nội dung sau:"), None where none follows."""
    block, does = tree.blocks[index], call.predicate
    below = bool(tree.below(index))
    said = max((unit.span[1] for unit in does.helpers), default=does.at)
    if tree.flat.endswith(":", *span) and does.role != "perform" and below and span[1] - said < _LONGEST_REST:
        return HandedDown(block.id, Subject(call.units, call.force, block.id, does.role, does.helpers), only=True)
    if not _LIST_FOLLOWS.search(tree.flat, max(span[0], span[1] - _SEEN_BEHIND), span[1]):
        return None
    only = span[1] - does.at < _BARE_LIST  # a longer one says what to do as well
    subject = Subject(call.units, call.force, block.id)
    if block.kind in ("preamble", "paragraph"):  # the items that follow stand beside it
        return HandedDown(block.parent or "", subject, only)
    return HandedDown(block.id, subject, only and below)
