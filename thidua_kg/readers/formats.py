"""Which format bytes are in: the content decides, the name's ending only where the content leaves it open."""

from __future__ import annotations

import importlib
from typing import cast

import msgspec

from thidua_kg.readers.records import Reader


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format that is read: `module` in this package has `read(name, data) -> Extract`.

    `magic` are the bytes a file of it starts with; a format without magic is told by its ending.
    """

    reader: str
    media_type: str
    module: str
    endings: tuple[str, ...]
    magic: tuple[bytes, ...] = ()

    def load(self) -> Reader:
        """The reader, imported now: heavy packages only when a file needs them."""
        return cast(Reader, importlib.import_module(f"thidua_kg.readers.{self.module}").read)


FORMATS = (
    Format(reader="plain", media_type="text/plain", module="plain", endings=(".txt",)),
    Format(reader="markdown", media_type="text/markdown", module="plain", endings=(".md", ".markdown")),
)
PLAIN = FORMATS[0]


def is_known(ending: str) -> bool:
    """Whether files with this ending (".docx") are read."""
    return any(ending.lower() in f.endings for f in FORMATS)


def format_of(name: str, data: bytes) -> Format:
    """The format of `data`: by its first bytes, else by the ending of `name`, else plain text."""
    for candidate in FORMATS:
        if candidate.magic and data.startswith(candidate.magic):
            return candidate
    ending = "." + name.rpartition(".")[2].lower()
    return next((f for f in FORMATS if ending in f.endings and not f.magic), PLAIN)
