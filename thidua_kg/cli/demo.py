"""The demonstration: the sample corpus in a temporary knowledge base, and four questions with their answers."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from thidua_kg import knowledge_base
from thidua_kg.answers.records import Answers
from thidua_kg.cli.output import show_answers
from thidua_kg.cli.views import progress_bar
from thidua_kg.errors import UnreadableSource

PLAN = "bdvtu-2022-ke-hoach-thi-dua.md"


def run(*, as_json: bool, english: bool) -> None:
    """Add `corpus/` and show a search, what a task implements, who is responsible, and a trace."""
    corpus = corpus_folder()
    with (
        tempfile.TemporaryDirectory(prefix="thidua-", ignore_cleanup_errors=True) as folder,
        knowledge_base.open(folder) as kb,
    ):
        with progress_bar() as progress:
            report = kb.add([corpus], progress)
        plan = (corpus / PLAN).resolve().as_posix()
        _say(f"Đã đọc {report.added} văn bản mẫu trong corpus/ ({len(report.failed)} lỗi).", as_json)
        questions: tuple[tuple[str, Callable[[], Answers]], ...] = (
            (
                'thidua search "thi đua cải cách hành chính" --limit 5',
                lambda: kb.search("thi đua cải cách hành chính", limit=5),
            ),
            (f'thidua implements "{PLAN}#2"', lambda: kb.implements(f"{plan}#2")),
            (
                'thidua who "Phòng Dân vận các cơ quan nhà nước"',
                lambda: kb.who("Phòng Dân vận các cơ quan nhà nước"),
            ),
            ('thidua trace "Chỉ thị 34" "Kế hoạch 43"', lambda: kb.trace("Chỉ thị 34", "Kế hoạch 43")),
        )
        for command, ask in questions:
            _say(f"\n$ {command}", as_json)
            show_answers(ask(), as_json=as_json, english=english)


def _say(line: str, as_json: bool) -> None:
    """What is no answer goes to standard error where the answers are for a program."""
    (sys.stderr if as_json else sys.stdout).write(line + "\n")


def corpus_folder() -> Path:
    """The sample corpus: beside the package in a checkout, in the package's data when installed."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "corpus", package / "corpus"):
        if (folder / "manifest.yaml").is_file():
            return folder
    raise UnreadableSource("corpus", "không thấy kho mẫu", "chạy từ bản sao mã nguồn, hoặc cài lại thidua-kg")
