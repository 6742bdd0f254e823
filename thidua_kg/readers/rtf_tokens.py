"""The marks of an RTF file one by one, and its bytes as characters. Rich Text Format Specification 1.9.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<value>-?\d{1,10})? ?"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\",
    re.DOTALL,
)
# \fcharset of a font to the code page that Windows gives it
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {65001: "utf-8", 10000: "mac_roman", 936: "gbk", 950: "big5"}


class Mark(NamedTuple):
    """One mark: a control `word` with its `value`, a `brace`, a control `sign`, or `text` as bytes."""

    kind: str
    word: str = ""
    value: int | None = None
    text: bytes = b""


def marks(data: bytes) -> Iterator[Mark]:
    """The marks of the file, line ends left out; the bytes after `\\bin` are passed over."""
    at = 0
    while at < len(data):
        match = _TOKEN.match(data, at)
        if match is None:
            return
        at = match.end()
        kind = match.lastgroup
        if match["word"] is not None:
            value = int(match["value"]) if match["value"] else None
            word = match["word"].decode("ascii")
            if word == "bin" and value and value > 0:
                at += value
            yield Mark("word", word, value)
        elif kind == "hex":
            yield Mark("text", text=bytes.fromhex(match["hex"].decode("ascii")))
        elif kind == "text":
            yield Mark("text", text=match["text"])
        elif kind is not None:
            yield Mark(kind, word=match[kind].decode("latin-1"))


def charset_page(charset: int | None) -> str:
    """The code page of a font's character set."""
    return _CHARSETS.get(charset or 0, "cp1252")


def code_page(number: int | None) -> str:
    """The code page that a file names with `\\ansicpg`, cp1252 where Python has none of that number."""
    name = _PAGES.get(number or 1252, f"cp{number or 1252}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
