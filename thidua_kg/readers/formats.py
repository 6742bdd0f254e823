"""Which format bytes are in: the content decides, the name's ending only where the content leaves it open."""

from __future__ import annotations

import importlib
import io
import zipfile
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
    Format(
        reader="docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        module="docx",
        endings=(".docx", ".docm", ".dotx"),
        magic=(b"PK\x03\x04",),
    ),
    Format(
        reader="doc",
        media_type="application/msword",
        module="doc",
        endings=(".doc", ".dot"),
        magic=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    ),
    Format(reader="rtf", media_type="application/rtf", module="rtf", endings=(".rtf",), magic=(b"{\\rtf",)),
    Format(reader="markdown", media_type="text/markdown", module="plain", endings=(".md", ".markdown")),
)
PLAIN = FORMATS[0]


def is_known(ending: str) -> bool:
    """Whether files with this ending (".docx") are read."""
    return any(ending.lower() in f.endings for f in FORMATS)


def format_of(name: str, data: bytes) -> Format:
    """The format of `data`: by its first bytes, else by the ending of `name`, else plain text."""
    inside = _zip_kind(name, data) if data.startswith(b"PK") else None
    for candidate in FORMATS:
        if candidate.magic and data.startswith(candidate.magic) and inside in (None, candidate.reader):
            return candidate
    ending = "." + name.rpartition(".")[2].lower()
    return next((f for f in FORMATS if ending in f.endings and not f.magic), PLAIN)


def _zip_kind(name: str, data: bytes) -> str:
    """What a ZIP holds: "docx" for a Word document, also for a broken ZIP that is named as one, else "zip"."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "docx" if "word/document.xml" in package.namelist() else "zip"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "docx" if name.lower().endswith((".docx", ".docm", ".dotx")) else "zip"
