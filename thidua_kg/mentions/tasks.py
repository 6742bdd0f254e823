"""What a document tells whom to do: tasks with their assignments, times and products.

Four ways of saying it are read: role lines below an item, table rows, a heading that names units over the items they
are to do, and sentences ("Giao Sở Nội vụ chủ trì, phối hợp với ..."). A task is the innermost item that says one
thing; roles and times come down from a heading to its items and never go up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from thidua_kg.dates import time_expressions
from thidua_kg.mentions.assignments import assignment, of_calls
from thidua_kg.mentions.calls import Call, call_at
from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.role_lines import Line, assigned, lines_below
from thidua_kg.mentions.roles import Predicate, label_at, predicate_at
from thidua_kg.mentions.task_headings import Subject, read_heading, shared_role
from thidua_kg.mentions.task_rows import read_row
from thidua_kg.mentions.task_sentences import Reader, handed_down
from thidua_kg.mentions.times import times_in_sentence, times_of_value
from thidua_kg.mentions.units import defined_bodies, read_units
from thidua_kg.model import Assignment, Product, Span, Task, TimeExpression
from thidua_kg.structure.markers import UPPER
from thidua_kg.text import fold_space

_OPENED = re.compile(  # an item that calls on others than the heading's units; "Đối với các nội dung …: Giao Sở Y tế …"
    r" {0,4}(?:(?:Giao|Đề nghị|Yêu cầu)(?: |:)"
    rf"|(?:Đối với|Về) [^.;:]{{3,240}}[:,] {{1,4}}(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu) (?=[{UPPER}]|các ))"
)
_PAPER = re.compile(
    r"(?:[Bb]an hành|[Xx]ây dựng) {1,4}((?:Hướng dẫn|Kế hoạch|Quyết định|Đề án|Chương trình|Quy chế|Nghị quyết|Chỉ thị|"
    r"Bộ tiêu chí|Báo cáo)(?! số)(?! {1,4}\d)(?= )[^.;]{0,240})"
)
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)")  # an underscore within a word is its own: "VN_AQI"
_THING = re.compile(  # what is listed below a body and is nothing to do: papers, measures, rights
    r" {0,4}(?:Mẫu|Biên bản|Giấy|Danh mục|Danh sách|Bản|Tờ|Phiếu|Số(?! hóa| hoá)|Tên|Loại|Mức|Được|Có quyền"
    r"|[^.;:]{2,40}: ?\d)(?!\w)"
)
_ASKED = re.compile(r"(?:Câu hỏi|Hỏi|Trả lời|Đáp)(?: \d{1,2})? {0,2}:")
_ASKING = ("hỏi", "Hỏi", "Trả lời", "Đáp")
_SILENT = ("recipients", "signature", "table", "annex")
_SHORTEST = 12  # characters; less is a fragment, no task


def find_tasks(tree: Outline, *, year: int | None, issuer: str | None) -> tuple[Task, ...]:
    """The tasks of a document in text order; `year` (of the plan) completes times, `issuer` tells own bodies from others.

    `implements` and the units' ids are left to the caller.
    """
    return tuple(Finder(tree, year, issuer).run())


class Finder:
    """Walks the blocks of one document once."""

    def __init__(self, tree: Outline, year: int | None, issuer: str | None) -> None:
        self.tree = tree
        self.text, self.flat, self.blocks = tree.text, tree.flat, tree.blocks
        self.year, self.issuer = year, fold_space(issuer or "").lower()
        self.reader = Reader(tree, self.issuer, defined_bodies(self.flat))
        self.subjects: dict[str, Subject] = {}
        self.introduced: dict[int, Subject] = {}  # what a paragraph says of the items beside it
        self.done: set[int] = set()
        self.times: dict[str, tuple[TimeExpression, ...]] = {}
        self.due: dict[str, tuple[TimeExpression, ...]] = {}
        self.leads: dict[str, tuple[tuple[Assignment, ...], str]] = {}
        self.found: dict[str, Task] = {}
        self.asks = any(word in self.flat for word in _ASKING)

    def run(self) -> Iterable[Task]:
        """The tasks, each knowing the task it is part of."""
        addressed, (notes, after_notes) = False, self.footnotes()
        for index, block in enumerate(self.blocks):
            if notes <= block.span[0] < after_notes:
                continue
            if block.parent is not None or not (block.number or "").startswith("-"):
                addressed = self.flat.endswith(("điện:", "gửi:"), *self.tree.body(index))
            elif addressed:  # whom a telegram is sent to
                continue
            if index in self.done or block.id == "header" or block.kind in _SILENT or self.explains(index):
                continue
            if block.kind == "row":
                self.row(index)
            else:
                self.item(index)
        return [self._placed(task) for task in self.found.values()]

    def explains(self, index: int) -> bool:
        """Whether a block is a question or an answer of a guide, which say what the law demands."""
        return self.asks and _ASKED.match(self.flat, *self.tree.body(index)) is not None

    def footnotes(self) -> Span:
        """Where the footnotes stand that a conversion put behind the text: they explain, and task nobody."""
        first = self.text.find("\n[1]", max(0, self.text.rfind("/.")))
        if first < 0:
            return len(self.text), len(self.text)
        later = (b.span[0] for b in self.blocks if b.kind == "annex" and b.span[0] > first)
        return first + 1, next(later, len(self.text))

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
        subject = self.subjects.get(block.parent or "") or self.introduced.get(index)
        self.heading_time(index, span)
        lines = lines_below(self.tree, index, span)
        if any(line.field in ("lead", "coordinate", "advise", "perform") for line in lines):
            self.with_lines(index, span, lines)
            return
        self.own_lines(index, lines)
        if block.kind in ("section", "item") and self.heading(index, span, subject):
            return
        if subject and subject.source == "sentence":
            subject = self.going_on(index, span, subject)
            if subject is None:
                return
        if subject and subject.units:
            self.below_heading(index, span, subject)
            return
        calls = self.reader.calls(index, span, subject.force if subject else None)
        if calls and self.hands_down(index, span, calls[0]):
            return
        if calls:
            self.add(index, self.made(calls, span), times_in_sentence(self.text, span, self.year), span)
            if len(calls) == 1 and block.kind == "item" and block.id not in self.subjects:
                self.subjects[block.id] = self.said_of_parts(block.id, span, calls[0])
        elif self.flat.endswith("đề nghị:", *span):
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
        if shared := shared_role(self.tree, index, span):
            self.subjects[block.id] = shared
            return bool(self.tree.below(index))
        heading = read_heading(self.tree, index, span, above)
        if heading is None:
            return False
        if heading.task:
            told, said = heading.task
            self.told(index, said, heading.subject, span if told == index else said)
            self.done.update(() if told == index else (told,))
        self.subjects[block.id] = heading.subject
        return True

    def made(self, calls: Sequence[Call], span: Span) -> tuple[Assignment, ...]:
        """The assignments of calls made in `span`."""
        return of_calls(self.flat, calls, span, self.issuer)

    def said_of_parts(self, block: str, span: Span, call: Call) -> Subject:
        """What a block with one call says of the parts below it: theirs as well where it ends in a colon."""
        if not self.flat.endswith(":", *span):
            return Subject(call.units, call.force, "sentence")
        does = call.predicate
        shared = does.role != "perform"
        return Subject(call.units, call.force, block, does.role if shared else None, does.helpers if shared else ())

    def hands_down(self, index: int, span: Span, call: Call) -> bool:
        """Whether a call only introduces the items below it; what it says for them is kept."""
        down = handed_down(self.tree, index, span, call)
        if down and down.block:
            self.subjects[down.block] = down.subject
        elif down:
            self.introduced.update(dict.fromkeys(self.tree.list_behind(index), down.subject))
        return down is not None and down.only

    def below_heading(self, index: int, span: Span, subject: Subject) -> None:
        """An item or paragraph below a heading that names units: theirs to do, unless it calls on others."""
        block = self.blocks[index]
        below = [child for child in self.tree.below(index) if self.blocks[child].kind == "item"]
        units, after = read_units(self.flat, *span)
        opened = _OPENED.match(self.flat, *span) is not None
        call = call_at(self.flat, *span, until=span[1], bare=bool(units)) if units or opened else None
        if call and (opened or after < span[1]):
            if not self.hands_down(index, span, call):
                self.add(index, self.made([call], span), times_in_sentence(self.text, span, self.year), span)
                self.subjects.setdefault(block.id, self.said_of_parts(block.id, span, call))
            return
        does = predicate_at(self.flat, *span) or (Predicate(subject.role, "do", span[0]) if subject.role else None)
        if (
            does
            and block.kind == "item"
            and block.title is not None
            and below
            and not self.flat.endswith("gồm:", *span)
        ):
            role = does.role if does.role != "perform" else subject.role
            self.subjects[block.id] = Subject(
                subject.units, subject.force, subject.source, role, does.helpers or subject.helpers
            )
            return
        if does is None and (block.kind != "item" or (block.title is not None and below) or "Phụ lục" in block.id):
            if block.kind == "item":
                self.subjects[block.id] = subject
            return
        if does is None and (block.kind == "paragraph" or _THING.match(self.flat, *span)):
            return
        self.told(index, span, subject, span)
        self.subjects[block.id] = Subject((), subject.force, "inside")

    def going_on(self, index: int, span: Span, subject: Subject) -> Subject | None:
        """What a sentence's subject means for a block below it: one that begins with a verb is its own as well."""
        block = self.blocks[index]
        if predicate_at(self.flat, *span) is not None and not read_units(self.flat, *span)[0]:
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
        made = tuple(replace(one, inherited_from=source) if source else one for one in self.made([call], said))
        self.add(index, made, times_in_sentence(self.text, span, self.year), said)

    def row(self, index: int) -> None:
        """The task of a table row; a blank lead cell was merged with the one above."""
        row = read_row(self.tree, index, self.year, self.issuer)
        if row is None:
            return
        made = row.made
        if row.leads:
            self.leads[row.table] = (row.leads, self.blocks[index].id)
        elif row.table in self.leads:
            leads, source = self.leads[row.table]
            made = (*(replace(one, inherited_from=source) for one in leads), *made)
        self.add(index, made, row.times, row.content, row.products)

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
        said = self.text[slice(*words)]
        said = fold_space(_EMPHASIS.sub("", said) if "*" in said or "_" in said else said)
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
