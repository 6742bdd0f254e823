"""Bytes of a file to NFC text: which reader, chosen by the content, and the text it gives.

A reader is a function from bytes to a string; `READERS` is the list of those there are, by file ending.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.plain import decode
from thidua_kg.text import Text, normalize

LIMIT = 256 * 1024 * 1024  # bytes; a text beyond this is no document but a dump
READERS = {
    ".txt": ("plain", "text/plain"),
    ".md": ("markdown", "text/markdown"),
    ".markdown": ("markdown", "text/markdown"),
}
_OTHER = {
    ".docx": "Word", ".doc": "Word", ".pdf": "PDF", ".htm": "HTML", ".html": "HTML", ".rtf": "RTF", ".odt": "OpenDocument",
    ".xlsx": "Excel", ".png": "ảnh", ".jpg": "ảnh", ".tif": "ảnh", ".zip": "ZIP",
}  # fmt: skip
_MAGIC = {b"%PDF": "PDF", b"PK\x03\x04": "Word hoặc ZIP", b"\xd0\xcf\x11\xe0": "Word 97", b"{\\rtf": "RTF"}


class SourceText(msgspec.Struct, frozen=True):
    """A file read: where it is, what it is, and its text with the way home to the decoded characters."""

    path: str
    sha256: str
    media_type: str
    reader: str
    text: Text


def is_readable(path: Path) -> bool:
    """Whether the ending is one that a reader exists for."""
    return path.suffix.lower() in READERS


def read(path: str | Path) -> SourceText:
    """The text of one file; `UnreadableSource` where it is missing, empty, binary, too large or in another encoding.

    `read("ke-hoach.txt").text.value` is the file as NFC, with "\\n" line ends and nothing else changed.
    """
    data = _bytes(Path(path))
    name = str(path)
    reader, media_type = READERS.get(Path(path).suffix.lower(), READERS[".txt"])
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise UnreadableSource(
                name, f"là tệp {kind}, chưa đọc được", "hãy lưu thành văn bản (.txt, UTF-8) rồi thử lại"
            )
    text = normalize(decode(name, data))
    if not text.value.strip():
        raise UnreadableSource(name, "tệp không có chữ nào", "kiểm tra lại tệp gốc")
    return SourceText(name, hashlib.sha256(data).hexdigest(), media_type, reader, text)


def _bytes(path: Path) -> bytes:
    name = str(path)
    try:
        if path.is_dir():
            raise UnreadableSource(name, "là một thư mục", "hãy nêu tên tệp, hoặc dùng `thidua add` cho cả thư mục")
        size = path.stat().st_size
        if size > LIMIT:
            raise UnreadableSource(name, f"tệp lớn {size // 2**20} MB, quá mức {LIMIT // 2**20} MB", "hãy chia nhỏ tệp")
        if path.suffix.lower() in _OTHER:
            kind = _OTHER[path.suffix.lower()]
            raise UnreadableSource(
                name, f"định dạng {kind} chưa đọc được", "hãy lưu thành văn bản (.txt hoặc .md, UTF-8)"
            )
        if size == 0:
            raise UnreadableSource(name, "tệp rỗng", "kiểm tra lại tệp gốc")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableSource(name, "không có tệp này", "kiểm tra lại đường dẫn") from None
    except OSError as error:
        raise UnreadableSource(name, f"không mở được ({error.strerror})", "kiểm tra quyền đọc tệp") from error
    except ValueError as error:  # a path with a NUL character
        raise UnreadableSource(name, f"đường dẫn không hợp lệ ({error})", "kiểm tra lại đường dẫn") from error
