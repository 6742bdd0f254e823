"""Options that commands share, and how they open the knowledge base."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from thidua_kg.answers.records import Answers
    from thidua_kg.knowledge_base import KnowledgeBase

KB = click.option(
    "--kb", default="./kho", envvar="THIDUA_KB", show_default=True, help="thư mục kho dữ liệu (knowledge base)"
)
JSON = click.option("--json", "as_json", is_flag=True, help="in JSON, mỗi dòng một câu trả lời (one Answer a line)")
STRICT = click.option(
    "--strict", is_flag=True, help="từ chối khi tên có thể chỉ nhiều văn bản (refuse ambiguous names)"
)
LIMIT = click.option(
    "--limit", type=click.IntRange(1), help="số dòng nhiều nhất; để trống: 200 dòng, với --json: tất cả"
)


def open_kb(kb: str, *, write: bool = False) -> KnowledgeBase:
    """The knowledge base in a folder, to read or to write."""
    from thidua_kg import knowledge_base

    return knowledge_base.open(kb, write=write)


def must_exist(kb: str) -> None:
    """A command that changes a knowledge base does not make one."""
    open_kb(kb).close()


def answer(context: click.Context, kb: str, as_json: bool, ask: Callable[[KnowledgeBase], Answers]) -> None:
    """Ask a question and show the answer."""
    from thidua_kg.cli.output import show_answers

    with open_kb(kb) as opened:
        show_answers(ask(opened), as_json=as_json, english=bool(context.obj))


def rows_for(limit: int | None, as_json: bool) -> int | None:
    """How many rows of an answer are wanted: programs get all where they do not say, people as many as they can read."""
    from thidua_kg.answers.facts import LIMIT as READABLE

    return limit if limit is not None or as_json else READABLE
