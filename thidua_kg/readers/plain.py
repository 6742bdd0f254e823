"""Plain text and Markdown: the file is the text, in UTF-8, or in UTF-16 with its byte order mark."""

from __future__ import annotations

import codecs

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.records import Extract

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(name: str, data: bytes) -> Extract:
    """The file's characters, all of them and nothing else."""
    return Extract(text=decode(name, data))


def decode(name: str, data: bytes) -> str:
    """The characters of `data`; `UnreadableSource` names the first byte that is no text."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if not encoding.startswith(("utf-16", "utf-32")) and b"\x00" in data:
        at = data.index(b"\x00")
        raise UnreadableSource(name, f"là tệp nhị phân (byte 0 ở vị trí {at})", "chỉ đọc được văn bản")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableSource(
            name,
            f"không phải UTF-8 (byte 0x{data[error.start]:02x} ở dòng {line})",
            "hãy lưu lại tệp với bảng mã UTF-8",
        ) from error
