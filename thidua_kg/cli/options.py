"""Options that commands share, and how they open the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from thidua_kg.knowledge_base import KnowledgeBase

KB = click.option(
    "--kb", default="./kho", envvar="THIDUA_KB", show_default=True, help="thư mục kho dữ liệu (knowledge base)"
)
JSON = click.option("--json", "as_json", is_flag=True, help="in JSON, mỗi dòng một câu trả lời (one Answer a line)")


def open_kb(kb: str, *, write: bool = False) -> KnowledgeBase:
    """The knowledge base in a folder, to read or to write."""
    from thidua_kg import knowledge_base

    return knowledge_base.open(kb, write=write)


def must_exist(kb: str) -> None:
    """A command that changes a knowledge base does not make one."""
    open_kb(kb).close()
