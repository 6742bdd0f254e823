"""Views of one document, and the progress bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from thidua_kg.answers.records import day, shortened
from thidua_kg.cli.output import WORDS, table
from thidua_kg.model import Document
from thidua_kg.text import fold_space


def document_view(document: Document) -> None:
    """A document for people: its header, then citations, tasks and targets as tables."""
    sys.stdout.writelines(f"{line}\n" for line in _header_lines(document))
    for heads, rows in (_citations(document), _tasks(document), _targets(document)):
        table(heads, rows, title={"Mục": "Nhiệm vụ"}.get(heads[0], heads[0]))
    for warning in document.warnings:
        sys.stderr.write(f"thidua: {document.path}: {warning}\n")


_Table = tuple[list[str], list[list[Any]]]  # heads and rows


def _header_lines(document: Document) -> Iterator[str]:
    h = document.header
    title = " ".join(filter(None, (h.type, h.canonical or "(không số)")))
    yield f"{title} — {h.issuer or 'không rõ cơ quan ban hành'}, {day(h.date) or 'không ghi ngày'}"
    marks = [*(["DỰ THẢO"] if h.draft else []), *([h.secrecy] if h.secrecy else []), *h.handling]
    if marks:
        yield f"Dấu: {', '.join(dict.fromkeys(marks))}"
    if h.title:
        yield h.title
    if h.signer:
        yield f"Người ký: {' '.join(filter(None, (h.signer.capacity, h.signer.position, h.signer.name)))}"
    if h.judged:
        yield f"Được xác nhận: {', '.join(sorted(h.judged))}"
    if h.inferred:
        yield f"Suy ra từ nội dung: {', '.join(h.inferred)}"
    if document.suggestions:
        told = ", ".join(f"{s.field} {s.value}" for s in document.suggestions)
        yield f"Tên tệp gợi ý (cần người xác nhận): {told}"
    for signature in document.signatures:
        told = ", ".join(filter(None, (signature.name, signature.organisation, signature.time)))
        yield f"Chữ ký số (chưa kiểm tra giá trị): {told or 'không đọc được'}"


def _citations(document: Document) -> _Table:
    return ["Viện dẫn", "Ngày", "Cơ quan", "Quan hệ", "Ở mục", "Kết luận"], [
        [
            c.canonical or fold_space(c.text),
            day(c.date),
            c.issuer,
            _relation(c.relation, c.manner),
            c.holder,
            f"{c.verdict}: {c.why}{_mark(c.judged)}",
        ]
        for c in document.citations
        if c.kind != "self"
    ]


def _tasks(document: Document) -> _Table:
    cited = [c.canonical or c.text for c in document.citations]
    return ["Mục", "Nội dung", "Ai", "Thời gian", "Thực hiện"], [
        [
            t.id,
            f"{shortened(t.text, 120)}{_mark(t.judged)}",
            "; ".join(f"{a.unit} ({WORDS[a.role]}){_mark(a.judged)}" for a in t.assignments),
            "; ".join(f"{x.text}{_mark(x.judged)}" for x in t.times),
            "; ".join(cited[i.citation] for i in t.implements),
        ]
        for t in document.tasks
    ]


def _targets(document: Document) -> _Table:
    return ["Chỉ tiêu", "Ai", "Mức"], [
        [
            t.outcome,
            t.subject,
            f"{t.comparator or ''} {t.value:g}{t.unit or ''}" if t.value is not None else t.quantifier,
        ]
        for t in document.targets
    ]


def _mark(judgement: str | None) -> str:
    """What marks a fact that a person judged; `thidua judge ls` has the rest."""
    return f" [xác nhận {judgement}]" if judgement else ""


def _relation(relation: str, manner: str | None) -> str:
    return " · ".join(WORDS.get(part, part) for part in (relation, manner) if part)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """A bar on standard error with count, rate and remaining time; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    began = time.monotonic()

    console = Console(stderr=True)
    with Progress(
        TextColumn("đọc"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]:.0f}/giây"),
        TextColumn("còn"), TimeRemainingColumn(), TextColumn("{task.description}"),
        console=console, transient=True, disable=not console.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None, rate=0.0)

        def advance(done: int, total: int, path: str) -> None:
            rate = done / max(time.monotonic() - began, 0.001)
            bar.update(task, completed=done, total=total, description=path[-40:].replace("[", "("), rate=rate)

        yield advance
