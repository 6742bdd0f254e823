"""How answers reach a terminal or a script: tables for people, one JSON object a line for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from thidua_kg.answers.records import Answers, shortened, summary

if TYPE_CHECKING:
    from thidua_kg.keeping.adding import Report

HEADS = {
    "document": "Văn bản", "task": "Mục", "unit": "Đơn vị", "role": "Vai trò", "relation": "Quan hệ", "via": "Qua",
    "times": "Thời gian", "why": "Vì sao", "quote": "Trích dẫn",
}  # fmt: skip
ENGLISH = {
    "document": "Document", "task": "Task", "unit": "Unit", "role": "Role", "relation": "Relation", "via": "Via", "times": "Time",
    "why": "Why", "quote": "Quote",
}  # fmt: skip
WORDS = {
    "lead": "chủ trì", "coordinate": "phối hợp", "advise": "tham mưu", "perform": "thực hiện", "implements": "thực hiện",
    "legal_basis": "căn cứ", "nested": "nêu trong tên", "cites": "viện dẫn", "carry_out": "triển khai", "disseminate": "quán triệt",
    "respond": "hưởng ứng", "continue": "tiếp tục", "review": "sơ kết, tổng kết", "report": "báo cáo", "amends": "sửa đổi",
    "replaces": "thay thế", "repeals": "bãi bỏ", "guides": "hướng dẫn", "proposed_by": "theo đề nghị tại", "replies_to": "trả lời",
    "consolidates": "hợp nhất",
}  # fmt: skip


def prepare_console() -> None:
    """Let any console print Vietnamese: what its encoding lacks is replaced, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def write_json(items: Iterable[Any]) -> None:
    """One JSON object a line, UTF-8 whatever the console is."""
    for item in items:
        sys.stdout.buffer.write(msgspec.json.encode(item) + b"\n")
    sys.stdout.buffer.flush()


def end_with_reports(reports: Sequence[Report], *, as_json: bool, told: Callable[[Report], str]) -> NoReturn:
    """End a command that took sources in: each failure on standard error, what was done, exit 1 if any failed."""
    for failure in (f for report in reports for f in report.failed):
        sys.stderr.write(f"thidua: {failure.path}: {failure.why}\n")
    if as_json:
        write_json(reports)
    else:
        for report in reports:
            click.echo(told(report))
    sys.exit(1 if any(report.failed for report in reports) else 0)


def show_answers(answers: Answers, *, as_json: bool, english: bool, title: str | None = None) -> None:
    """The rows on standard output, the notes on standard error."""
    for note in answers.notes:
        sys.stderr.write(f"thidua: {note}\n")
    if as_json:
        write_json([*answers, *answers.facet_rows()])
        return
    rows = [summary(row) for row in answers]
    keys = [key for key in (rows[0] if rows else ()) if any(row[key] for row in rows)]
    heads = ENGLISH if english else HEADS
    words = {} if english else WORDS
    table(
        [heads[key] for key in keys],
        [[" · ".join(words.get(part, part) for part in row[key].split(" · ")) for key in keys] for row in rows],
        title=title,
    )
    if answers.facets:
        _show_facets(answers.facets)


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None) -> None:
    """A table as wide as the terminal, text never read as markup; no rows print nothing."""
    if not rows:
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for head in heads:
        shown.add_column(head, overflow="fold", ratio=3 if head in ("Trích dẫn", "Quote") else None)
    for row in rows:
        shown.add_row(*(Text(_printable("" if cell is None else str(cell))) for cell in row))
    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 140)
    console.print(shown)


def _printable(text: str) -> str:
    """Text of a document without the control characters that would steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in shortened(text, 400))


def _show_facets(facets: Mapping[str, Sequence[tuple[str, int]]]) -> None:
    names = {"type": "Loại", "issuer": "Cơ quan", "year": "Năm", "unit": "Đơn vị"}
    for name, values in facets.items():
        if values:
            shown = ", ".join(f"{value} ({count})" for value, count in values[:8])
            sys.stdout.write(f"{names.get(name, name)}: {shown}\n")
