"""Plain text and Markdown: the file is the text, in whatever encoding Vietnam has written in."""

from __future__ import annotations

from thidua_kg.readers.encodings import decode
from thidua_kg.readers.records import Extract


def read(name: str, data: bytes) -> Extract:
    """The file's characters, all of them and nothing else."""
    found = decode(name, data)
    return Extract(text=found.text, encoding=found.label, warnings=found.warnings)
