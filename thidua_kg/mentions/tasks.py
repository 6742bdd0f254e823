"""What a document tells whom to do: tasks with their assignments, times and products.

Four ways of saying it are read: role lines below an item, table rows, a heading that names units over the items they
are to do, and sentences ("Giao Sở Nội vụ chủ trì, phối hợp với ..."). A task is the innermost item that says one
thing; roles and times come down from a heading to its items and never go up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from thidua_kg.dates import time_expressions
from thidua_kg.mentions.assignments import assignment, of_calls
from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.role_lines import Line, assigned, lines_below
from thidua_kg.mentions.role_tables import row_cells
from thidua_kg.mentions.roles import (
    Call,
    Predicate,
    call_at,
    defined_call,
    further_calls,
    is_label,
    label_at,
    predicate_at,
)
from thidua_kg.mentions.times import times_in_sentence, times_of_value
from thidua_kg.mentions.units import UnitSpan, defined_bodies, read_units, skip_parenthesis, split_units
from thidua_kg.model import Assignment, Force, Product, Role, Span, Task, TimeExpression
from thidua_kg.text import fold_space

_ADDRESS = re.compile(
    r" {0,4}(?:(?P<ask>[Đđ]ề nghị)|[Gg]iao(?: cho)?|(?:[Tt]rách nhiệm|[Nn]hiệm vụ)(?:,? (?:và )?(?:quyền hạn|trách nhiệm|nhiệm vụ|quyền)){0,2}(?: chính| cụ thể)? của|[Đđ]ối với|[Vv]ề phía|[Yy]êu cầu)?"
    r"(?: {0,4}:)? {0,4}"
)
_LIST_FOLLOWS = re.compile(
    r"(?:(?:nội dung|nhiệm vụ|công việc|giải pháp|biện pháp|yêu cầu|việc|bước)[^.;:]{0,40}(?:sau|sau đây)(?: đây)?"
    r"|(?:có|chịu) (?:quyền hạn và )?trách nhiệm(?: như)?(?: sau(?: đây)?)?|có (?:các |những )?nhiệm vụ(?:,? (?:và )?quyền hạn)?(?: như)?(?: sau(?: đây)?)?"
    r"|giúp) {0,2}:$"
)
_OPENED = re.compile(r" {0,4}(?:Giao|Đề nghị|Yêu cầu)(?: |:)")  # an item that calls on others than the heading's units
_OPENED_LATE = re.compile(  # "Đối với các nội dung …: Giao Sở Y tế …"
    r" {0,4}(?:Đối với|Về) [^.;:]{3,240}[:,] {1,4}(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu) (?=[A-ZĐỦ]|các )"
)
_SAYS = re.compile(
    r" {0,4}(?:có ý kiến|chỉ đạo|kết luận|thông báo|trả lời|báo cáo|quyết định)[^.;:]{0,60}(?:như sau|sau|sau đây) {0,2}:$"
)
_NO_TASK = re.compile(r" {0,4}(?:đã |xin |trân |kính |có ý kiến|nhận được|trả lời|thông báo|thống nhất|cơ bản|đề nghị)")
_ASKS = re.compile(r"[Đđ]ề nghị:$")
_PAPER = re.compile(
    r"(?:[Bb]an hành|[Xx]ây dựng) {1,4}((?:Hướng dẫn|Kế hoạch|Quyết định|Đề án|Chương trình|Quy chế|Nghị quyết|Chỉ thị|"
    r"Bộ tiêu chí|Báo cáo)(?! số)(?! {1,4}\d)(?= )[^.;]{0,240})"
)
_BY_THIS = re.compile(
    r" {0,4}(?:ban hành|phân cấp|giao|yêu cầu|đề nghị|phê duyệt|công bố|quyết định|thống nhất|thông qua|trình)(?!\w)"
)
_EMPHASIS = re.compile(r"[*_]{1,3}")
_TOPIC = re.compile(
    r"(?!Các |các |Những |những |Toàn thể|Sở|Cơ quan|Đơn vị|[^,]{0,40},)"
)  # "Doanh nghiệp số": no addressee
_FIRST_NOTE = re.compile(r"(?m)^\[1\] ?(?=\w)")
_SILENT = ("recipients", "signature", "table", "annex")
_LONGEST_REST = 60  # characters of a heading behind the names that are known
_LONGEST_NAME = 160  # characters of a name after "Trách nhiệm của"
_ASIDE = re.compile(r" {0,4}, (?:nhất là|đặc biệt là|trong đó có|bao gồm|gồm) [^:;.]{3,200}(?<!tỉnh)(?<!phố)(?=:)")
_BESIDES = re.compile(r"^ {0,4}(?:trong|về|tại|theo|với|khi|đối với|để|là|có|,|;|và)(?!\w)|;")  # the name has ended before
_CLAUSE = re.compile(  # a heading that says more than a name
    r"[,;:(]|^ {0,4}(?:trong|về|tại|theo|với|và|do|là|để|từ|đến|-|–) "
    r"| (?:cần|phải|quyết định) | có (?:các |những )?(?:nhiệm vụ|trách nhiệm|quyền|chức năng)|(?:có|chịu) trách nhiệm|chủ trì|phối hợp|thực hiện|tham mưu|ban hành"
)
_PART_OF = re.compile(
    r" {0,4}(?:Những |Các )?(?:[Nn]ội dung|[Nn]hiệm vụ|[Cc]ông việc|[Vv]iệc)(?: công việc)?(?: do)?(?= )"
)
_BARE_LIST = 90  # characters from the verb of "... thực hiện một số nội dung sau:", which tells nothing itself
_SHORTEST = 12  # characters; less is a fragment, no task


class Subject(NamedTuple):
    """Whom the items below a heading are for; `units` is empty where only the way of asking is handed down."""

    units: tuple[UnitSpan, ...]
    force: Force | None
    source: str
    role: Role | None = None  # where the heading says it for all: "Nội dung Công an tỉnh có trách nhiệm chủ trì"
    helpers: tuple[UnitSpan, ...] = ()  # and with whom: "a) Chủ trì, phối hợp với các sở, ngành:"


def find_tasks(tree: Outline, *, year: int | None, issuer: str | None) -> tuple[Task, ...]:
    """The tasks of a document in text order; `year` (of the plan) completes times, `issuer` tells own bodies from others.

    `implements`, `action` and the units' ids are left to the caller.
    """
    return tuple(Finder(tree, year, issuer).run())


class Finder:
    """Walks the blocks of one document once."""

    def __init__(self, tree: Outline, year: int | None, issuer: str | None) -> None:
        self.tree = tree
        self.text, self.flat, self.blocks = tree.text, tree.flat, tree.blocks
        self.year, self.issuer = year, fold_space(issuer or "").lower()
        self.own_names = defined_bodies(self.flat)
        self.subjects: dict[str, Subject] = {}
        self.done: set[int] = set()
        self.times: dict[str, tuple[TimeExpression, ...]] = {}
        self.due: dict[str, tuple[TimeExpression, ...]] = {}
        self.leads: dict[str, tuple[tuple[Assignment, ...], str]] = {}
        self.found: dict[str, Task] = {}

    def run(self) -> Iterable[Task]:
        """The tasks, each knowing the task it is part of."""
        addressed, (notes, after_notes) = False, self.footnotes()
        for index, block in enumerate(self.blocks):
            if notes <= block.span[0] < after_notes:
                continue
            if block.parent is not None or not (block.number or "").startswith("-"):
                addressed = self.text[slice(*block.span)].rstrip().endswith(("điện:", "gửi:"))
            elif addressed:  # whom a telegram is sent to
                continue
            if index in self.done or block.id == "header" or block.kind in _SILENT:
                continue
            if block.kind == "row":
                self.row(index)
            else:
                self.item(index)
        return [self._placed(task) for task in self.found.values()]

    def footnotes(self) -> Span:
        """Where the footnotes stand that a conversion put behind the text: they explain, and task nobody."""
        first = _FIRST_NOTE.search(self.text, max(0, self.text.rfind("/.")))
        if first is None:
            return len(self.text), len(self.text)
        later = (b.span[0] for b in self.blocks if b.kind == "annex" and b.span[0] > first.start())
        return first.start(), next(later, len(self.text))

    def _placed(self, task: Task) -> Task:
        """The task with its parent task and the times of the headings above it."""
        above, times = self.blocks[self.tree.at[task.id]].parent, task.times
        parent = None
        while above is not None:
            if not times and above in self.times:
                times = tuple(replace(one, inherited_from=above) for one in self.times[above])
            if parent is None and above in self.found:
                parent = above
            above = self.blocks[self.tree.at[above]].parent
        return task if parent is None and times == task.times else replace(task, parent=parent, times=times)

    def item(self, index: int) -> None:
        """Reads one block that is no row: role lines, heading, sentences, in this order."""
        block = self.blocks[index]
        span = self.tree.body(index)
        subject = self.subjects.get(block.parent or "")
        self.heading_time(index, span)
        lines = lines_below(self.tree, index, span)
        if any(line.field in ("lead", "coordinate", "advise", "perform") for line in lines):
            self.with_lines(index, span, lines)
            return
        self.own_lines(index, lines)
        if block.kind in ("section", "item") and (self.shared_role(index, span) or self.heading(index, span, subject)):
            return
        if subject and subject.source == "sentence":
            subject = self.going_on(index, span, subject)
            if subject is None:
                return
        if subject and subject.units:
            self.below_heading(index, span, subject)
            return
        calls = self.calls(index, span, subject)
        if calls and self.hands_down(index, span, calls[0]):
            return
        if calls:
            self.add(
                index,
                of_calls(self.flat, calls, span, self.issuer),
                times_in_sentence(self.text, span, self.year),
                span,
            )
            if len(calls) == 1 and block.kind == "item" and block.id not in self.subjects:
                listed = self.flat[span[0] : span[1]].endswith(":")
                does = calls[0].predicate
                role = does.role if listed and does.role != "perform" else None
                self.subjects[block.id] = Subject(
                    calls[0].units,
                    calls[0].force,
                    block.id if listed else "sentence",
                    role,
                    does.helpers if role else (),
                )
        elif self.flat[span[0] : span[1]].endswith("đề nghị:"):
            self.subjects[block.id] = Subject((), "requested", block.id)
        elif self.is_own_work(index, span):
            self.add(index, (), times_in_sentence(self.text, span, self.year), span)

    def own_lines(self, index: int, lines: Sequence[Line]) -> None:
        """Keeps the times that lines below an item set for it, whoever is to do it."""
        block = self.blocks[index]
        for line in lines:
            if line.field == "time":
                self.due[block.id] = (*self.due.get(block.id, ()), *times_of_value(self.text, line.value, self.year))
                self.done.update(() if line.block == index else (line.block,))

    def with_lines(self, index: int, span: Span, lines: Sequence[Line]) -> None:
        """The task of an item with role lines; items listed under its content line are tasks of their own."""
        block = self.blocks[index]
        text_span = span
        listed: list[int] = []
        times: list[TimeExpression] = []
        products: list[Product] = []
        for line in lines:
            self.done.update(self.subtree(line.block) if line.block != index else ())
            if line.field == "content":
                listed = [child for child in self.tree.below(line.block) if self.blocks[child].kind == "item"]
                text_span = line.value if line.value[0] < line.value[1] else span
            elif line.field == "time":
                times += times_of_value(self.text, line.value, self.year)
            elif line.field == "product":
                products.append(Product(text=fold_space(self.text[slice(*line.value)]), span=line.value))
        own_end = min([line.value[0] for line in lines if line.block == index], default=span[1])
        if text_span == span:
            text_span = (span[0], max(span[0], min(own_end, span[1])))
        roles = assigned(self.flat, lines)
        does = predicate_at(self.flat, *text_span)  # "Tham mưu X ..." says whom the advising units serve
        serves = does.serves if does and does.role == "advise" else None
        made = tuple(
            assignment(unit, role, None, self.issuer, serves=serves if role == "advise" else None)
            for unit, role in roles
        )
        targets = listed or self.numbered_parts(index)
        if targets:
            for child in targets:
                part = self.tree.body(child)
                own = times_in_sentence(self.text, part, self.year)
                self.add(child, tuple(replace(one, inherited_from=block.id) for one in made), own, part)
                self.done.update(self.subtree(child))
            self.times[block.id] = tuple(times)
            return
        self.add(index, made, tuple(times) or times_in_sentence(self.text, text_span, self.year), text_span, products)
        self.times[block.id] = tuple(times)
        self.subjects[block.id] = Subject((), None, "inside")

    def numbered_parts(self, index: int) -> list[int]:
        """The numbered items below a heading with role lines, where there are several without lines of their own."""
        if self.blocks[index].title is None:
            return []
        parts = [
            child
            for child in self.tree.below(index)
            if child not in self.done
            and self.blocks[child].kind == "item"
            and not (self.blocks[child].number or "-").startswith("-")
        ]
        bare = [part for part in parts if not lines_below(self.tree, part, self.tree.body(part))]
        return parts if len(parts) > 1 and len(bare) == len(parts) else []

    def heading(self, index: int, span: Span, above: Subject | None) -> bool:
        """Whether the block is a heading that names units; what it says is then handed to the items below."""
        block = self.blocks[index]
        address = _ADDRESS.match(self.flat, *span)
        start = address.end() if address else span[0]
        units, after = self.named_by_heading(index, start, span[1], whole=address is not None and "của" in address[0])
        if not units:
            return False
        after = skip_parenthesis(self.flat, after, span[1])
        if aside := _ASIDE.match(self.flat, after, span[1]):
            after = aside.end()
        rest = self.flat[after : span[1]].strip()
        colon = rest.startswith(":")
        below = [child for child in self.tree.below(index) if self.blocks[child].kind in ("item", "paragraph")]
        named = address is not None and "của" in address[0]
        bare = not named and len(units) == 1 and units[0].group and _TOPIC.match(units[0].unit) is not None
        if (
            bare
            or self.tree.topics[index] == "aims"
            or (rest.strip(":;., ") and not colon)
            or not (below or rest.strip(":;., "))
        ):
            return False
        asked = address is not None and address["ask"] is not None
        force: Force | None = "requested" if asked else above.force if above else None
        does = predicate_at(self.flat, after + self.flat[after : span[1]].index(":") + 1, span[1]) if colon else None
        shared = does if does and does.role != "perform" and self.flat[span[0] : span[1]].endswith(":") else None
        subject = Subject(
            tuple(units), force, block.id, shared.role if shared else None, shared.helpers if shared else ()
        )
        items = [child for child in below if self.blocks[child].kind == "item"]
        if not items and rest.strip(":;., "):
            inline = (after + self.flat[after : span[1]].index(":") + 1, span[1])
            if predicate_at(self.flat, *inline) is None:
                return False
            self.told(index, inline, subject, span)
        elif not items:
            self.told(index, self.tree.body(below[0]), subject, self.tree.body(below[0]))
            self.done.add(below[0])
        self.subjects[block.id] = subject
        return True

    def shared_role(self, index: int, span: Span) -> bool:
        """Whether a heading says who leads all that is listed below: "Nội dung Công an tỉnh có trách nhiệm chủ trì"."""
        match = _PART_OF.match(self.flat, *span)
        units, after = read_units(self.flat, match.end(), span[1]) if match else ([], 0)
        does = predicate_at(self.flat, after, span[1]) if units else None
        if does is None or self.blocks[index].title is None or self.flat[does.at : span[1]].count(" ") > 5:
            return False
        self.subjects[self.blocks[index].id] = Subject(tuple(units), None, self.blocks[index].id, does.role)
        return bool(self.tree.below(index))

    def named_by_heading(self, index: int, start: int, end: int, *, whole: bool) -> tuple[list[UnitSpan], int]:
        """The units at the beginning of a heading; a short title without a verb is one name to its end.

        "Trách nhiệm của Cơ quan quản lý trực tiếp", "Thủ trưởng các đơn vị được giao nhiệm vụ"; after "Trách nhiệm của"
        (`whole`) all of it is a name, whatever it is made of.
        """
        units, after = read_units(self.flat, start, end)
        left = self.flat[after:end].rstrip(" :.")
        titled = self.blocks[index].title is not None and bool(self.tree.below(index))
        if whole and titled and len(units) < 2 and left and len(self.flat[start:end]) < _LONGEST_NAME and not _BESIDES.search(left):
            name = fold_space(self.flat[start : after + len(left)])
            return [UnitSpan(name, (start, after + len(left)), units[0].group if units else name[0].islower())], after + len(left)
        if not units or not titled or not left or len(left) > _LONGEST_REST or _CLAUSE.search(left):
            return units, after
        last = units[-1]
        whole = (last.span[0], after + len(left))
        return [*units[:-1], UnitSpan(fold_space(self.flat[slice(*whole)]), whole, last.group)], whole[1]

    def below_heading(self, index: int, span: Span, subject: Subject) -> None:
        """An item or paragraph below a heading that names units: theirs to do, unless it calls on others."""
        block = self.blocks[index]
        below = [child for child in self.tree.below(index) if self.blocks[child].kind == "item"]
        units, after = read_units(self.flat, *span)
        opened = (_OPENED.match(self.flat, *span) or _OPENED_LATE.match(self.flat, *span)) is not None
        call = call_at(self.flat, *span, until=span[1], bare=bool(units)) if units or opened else None
        if call and (opened or after < span[1]):
            if self.hands_down(index, span, call):
                return
            self.add(
                index,
                of_calls(self.flat, [call], span, self.issuer),
                times_in_sentence(self.text, span, self.year),
                span,
            )
            return
        does = predicate_at(self.flat, *span) or (Predicate(subject.role, "do", span[0]) if subject.role else None)
        if does and block.kind == "item" and block.title is not None and below:
            role = does.role if does.role != "perform" else subject.role
            self.subjects[block.id] = Subject(
                subject.units, subject.force, subject.source, role, does.helpers or subject.helpers
            )
            return
        if does is None and (block.kind != "item" or (block.title is not None and below) or "Phụ lục" in block.id):
            if block.kind == "item":
                self.subjects[block.id] = subject
            return
        if block.kind == "paragraph" and does is None:
            return
        self.told(index, span, subject, span)
        self.subjects[block.id] = Subject((), subject.force, "inside")

    def going_on(self, index: int, span: Span, subject: Subject) -> Subject | None:
        """What a sentence's subject means for a block below it: one that begins with a verb is its own as well."""
        block = self.blocks[index]
        if predicate_at(self.flat, *span) is not None and read_units(self.flat, *span)[0] == []:
            return Subject(subject.units, subject.force, block.parent or "")
        return Subject((), subject.force if block.kind == "item" else None, "inside")

    def told(self, index: int, said: Span, subject: Subject, span: Span) -> None:
        """Adds the task that the subject's units are told in `said`."""
        own = call_at(self.flat, *said, until=said[1]) if read_units(self.flat, *said)[0] else None
        does = predicate_at(self.flat, *said) or Predicate("perform", "do", said[0])
        if subject.role:
            does = does._replace(role=subject.role, helpers=does.helpers or subject.helpers)
        call = own or Call(subject.units, does, subject.force)
        source = subject.source if subject.source != self.blocks[index].id else None
        made = tuple(
            replace(one, inherited_from=source) if source else one
            for one in of_calls(self.flat, [call], said, self.issuer)
        )
        self.add(index, made, times_in_sentence(self.text, span, self.year), said)

    def calls(self, index: int, span: Span, subject: Subject | None) -> list[Call]:
        """The calls of a block's sentences, in order."""
        block = self.blocks[index]
        bare = (
            block.kind != "preamble"
            and self.tree.topics[index] != "aims"
        )
        found: list[Call] = []
        reached, listed = span[0], -1
        for begin, end in self.tree.sentences(span):
            if begin < reached:
                continue
            start = begin if listed < 0 else listed
            listed = -1
            if self.flat[end - 1] == ";" and read_units(self.flat, start, end)[1] >= end - 1:
                listed = start  # "Các bộ, cơ quan ngang bộ; Ủy ban nhân dân các tỉnh …": one list of bodies
                continue
            call = call_at(self.flat, start, span[1], until=end, bare=bare)
            call = call or (defined_call(self.flat, start, end, self.own_names) if bare else None)
            if call is None or (call.force is None and self.is_none(call, span[1])):
                continue
            if subject and call.force is None and subject.force:
                call = call._replace(force=subject.force)
            found += [call, *further_calls(self.flat, call.predicate.at + 2, end)]
            reached = call.predicate.at
        return found

    def is_none(self, call: Call, end: int) -> bool:
        """Whether a sentence with a subject and a verb tells nobody to do anything."""
        behind = call.units[-1].span[1]
        competence = self.flat[behind : behind + 14].startswith(" quyết định ")  # what a body may decide is no task
        said = _SAYS.match(self.flat, behind, end) is not None
        return competence or said or self.is_the_issuers(call) or is_label(self.flat, call)

    def is_the_issuers(self, call: Call) -> bool:
        """Whether the call only tells what the issuer does by this document ("UBND tỉnh ban hành ...")."""
        named = call.units[0].unit.lower().replace("ubnd", "ủy ban nhân dân").removeprefix("chủ tịch ")
        own = bool(self.issuer) and (self.issuer.startswith(named) or named.startswith(self.issuer))
        behind = call.units[-1].span[1]
        return own and bool(_BY_THIS.match(self.flat, call.predicate.at) or _NO_TASK.match(self.flat, behind))

    def hands_down(self, index: int, span: Span, call: Call) -> bool:
        """Whether a call only introduces the items below it ("... thực hiện các nội dung sau:")."""
        said = max((unit.span[1] for unit in call.predicate.helpers), default=call.predicate.at)
        opens_list = self.flat[span[0] : span[1]].endswith(":") and call.predicate.role != "perform"
        if opens_list and span[1] - said < _LONGEST_REST and self.tree.below(index):
            does = call.predicate
            self.subjects[self.blocks[index].id] = Subject(
                call.units, call.force, self.blocks[index].id, does.role, does.helpers
            )
            return True
        if not _LIST_FOLLOWS.search(self.flat, max(span[0], span[1] - 120), span[1]):
            return False
        block = self.blocks[index]
        if block.kind in ("preamble", "paragraph"):  # the items that follow stand beside it
            if block.kind == "paragraph":
                self.subjects[block.parent or ""] = Subject(call.units, call.force, block.id)
            return span[1] - call.predicate.at < _BARE_LIST  # a longer one says what to do as well
        self.subjects[block.id] = Subject(call.units, call.force, block.id)
        return bool(self.tree.below(index)) and span[1] - call.predicate.at < _BARE_LIST

    def row(self, index: int) -> None:
        """The task of a table row."""
        block = self.blocks[index]
        table = index
        while self.blocks[table].kind == "row" and self.blocks[table].parent is not None:
            table = self.tree.at[self.blocks[table].parent or ""]
        made: list[Assignment] = []
        times: tuple[TimeExpression, ...] = ()
        products: list[Product] = []
        content: Span | None = None
        leads = False
        for cell in row_cells(self.text, self.blocks[table], block):
            if cell.field == "content":
                content = cell.span
            elif cell.field == "time":
                times = times_of_value(self.text, cell.span, self.year)
            elif cell.field == "product":
                products.append(Product(text=fold_space(self.text[slice(*cell.span)]), span=cell.span))
            elif cell.field != "other":
                leads = leads or cell.field == "lead"
                units = [cell.whole] if cell.whole else split_units(self.text, *cell.span)
                made += [assignment(unit, cell.field, None, self.issuer) for unit in units]
        heads_rows = block.number is not None and not block.number[-1].isdigit()
        if content is None or not (made or times or (products and not heads_rows)):
            return
        key = self.blocks[table].id
        if leads:
            self.leads[key] = (tuple(one for one in made if one.role == "lead"), block.id)
        elif key in self.leads:
            made = [replace(one, inherited_from=self.leads[key][1]) for one in self.leads[key][0]] + made
        self.add(index, tuple(made), times, content, products)

    def heading_time(self, index: int, span: Span) -> None:
        """Keeps the time of a heading that names nothing else ("Quý II năm 2025") for the items below."""
        title = self.blocks[index].title
        if title and len(title) < 40 and self.tree.below(index):
            times = time_expressions(self.text, *span, year=self.year)
            if times and times[0].span[0] - span[0] < 3 and span[1] - times[-1].span[1] < 3:
                self.times[self.blocks[index].id] = times

    def is_own_work(self, index: int, span: Span) -> bool:
        """Whether an item without any unit is a task of the plan itself: it stands under tasks and is no mere heading."""
        block = self.blocks[index]
        if block.kind != "item" or self.tree.topics[index] not in ("work", "duties") or self.tree.in_articles(index):
            return False
        subject = self.subjects.get(block.parent or "")
        if subject or span[1] - span[0] < _SHORTEST or label_at(self.flat, *span):
            return False
        return block.title is None or not any(self.blocks[child].kind == "item" for child in self.tree.below(index))

    def subtree(self, index: int) -> range:
        """The indices of a block and everything below it."""
        end = self.tree.ends[index]
        last = index + 1
        while last < len(self.blocks) and self.blocks[last].span[0] < end:
            last += 1
        return range(index, last)

    def add(
        self,
        index: int,
        made: tuple[Assignment, ...],
        times: tuple[TimeExpression, ...],
        words: Span,
        products: Sequence[Product] = (),
    ) -> None:
        """Adds the task of a block."""
        block = self.blocks[index]
        said = fold_space(_EMPHASIS.sub("", self.text[slice(*words)]))
        paper = _PAPER.search(self.flat, *words)
        if paper and not products and len(said) < 600:
            products = [Product(text=fold_space(self.text[slice(*paper.span(1))]), span=paper.span(1))]
        self.found[block.id] = Task(
            id=block.id,
            kind="duty" if self.tree.topics[index] == "duties" else "task",
            span=self.tree.extent(index),
            text=said,
            number=block.number,
            assignments=made,
            times=self.due.get(block.id) or times,
            products=tuple(products),
        )
