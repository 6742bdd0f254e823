"""Cases as one line of text with marks in it; offsets are computed.

`Thực hiện [numbered Chỉ thị số 34-CT/TW|34-CT/TW|relation=implements] của Bộ Chính trị` is the text without the marks, and a mark with
its kind, span, value and named fields. Lines that begin with # are comments; "\\n" in a case is a line end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

MARK = re.compile(r"\[(\w+) ([^\[\]|]+)((?:\|[^\[\]|]*)*)\]")
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Mark:
    kind: str
    span: tuple[int, int]
    text: str
    value: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


def read_case(line: str) -> tuple[str, list[Mark]]:
    """The text of a case and its marks, in order."""
    line = line.replace("\\n", "\n")
    text, marks, done = "", [], 0
    for match in MARK.finditer(line):
        text += line[done : match.start()]
        start = len(text)
        text += match[2]
        parts = match[3].split("|")[1:]
        named = dict(part.split("=", 1) for part in parts if "=" in part)
        value = next((part for part in parts if part and "=" not in part), None)
        marks.append(Mark(match[1], (start, len(text)), match[2], value, named))
        done = match.end()
    return text + line[done:], marks


def cases(name: str) -> list[str]:
    """The cases of a file in tests/cases, without comments and blank lines."""
    lines = (CASES / name).read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
