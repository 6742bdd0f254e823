"""Bytes of a file to NFC text: which reader, chosen by the content, and the text it gives.

A reader is a function from a name and bytes to an `Extract`; `formats.FORMATS` is the table of those there are.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from thidua_kg.errors import ThiduaError, UnreadableSource
from thidua_kg.model import Place, Segment
from thidua_kg.readers.formats import FORMATS, format_of, is_known
from thidua_kg.readers.records import Extract, Facts, SourceText
from thidua_kg.text import Text, normalize

LIMIT = 256 * 1024 * 1024  # bytes; a file beyond this is no document but a dump

__all__ = ["LIMIT", "Extract", "Facts", "SourceText", "is_readable", "read", "read_bytes", "readable_endings"]


def is_readable(path: Path) -> bool:
    """Whether the ending is one that a reader exists for."""
    return is_known(path.suffix)


def readable_endings() -> tuple[str, ...]:
    """The endings of the files that folder walks take."""
    return tuple(ending for f in FORMATS if f.module for ending in f.endings)


def read(path: str | Path) -> SourceText:
    """The text of one file; `UnreadableSource` where it is missing, empty, binary, too large or in another encoding.

    `read("ke-hoach.txt").text.value` is the file as NFC, with "\\n" line ends and nothing else changed.
    """
    return read_bytes(str(path), _bytes(Path(path)))


def read_bytes(name: str, data: bytes) -> SourceText:
    """The text of a file's bytes; `name` is for messages, and its ending counts where the content leaves the format open."""
    if not data:
        raise UnreadableSource(name, "tệp rỗng", "kiểm tra lại tệp gốc")
    found = format_of(name, data)
    try:
        extract: Extract = found.load(name)(name, data)
    except ModuleNotFoundError as error:
        raise found.missing(name, error.name) from error
    except ThiduaError:
        raise
    except Exception as error:  # a parser of others' making, before a file that is not what it should be
        why = f"tệp {found.name} hỏng hoặc trái chuẩn ({type(error).__name__})"
        raise UnreadableSource(name, why, "hãy mở ra kiểm tra rồi lưu lại") from error
    text = normalize(extract.text)
    if not text.value.strip():
        raise UnreadableSource(name, "tệp không có chữ nào", "kiểm tra lại tệp gốc")
    return SourceText(
        path=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=found.media_type,
        reader=found.reader,
        text=text,
        encoding=extract.encoding,
        layout=_layout(text, extract),
        furniture=extract.furniture,
        warnings=extract.warnings,
    )


def _layout(text: Text, extract: Extract) -> tuple[Segment, ...]:
    """The segments in positions of the NFC text; of a text file, the runs where it departs from the decoded characters."""
    if extract.segments:
        return tuple(Segment(start=text.at(s.start), place=s.place) for s in extract.segments)
    if len(text.starts) == 1 and not text.sources[0]:
        return ()  # nothing was changed: every position is its own home
    ends = [*text.sources[1:], len(extract.text)]
    return tuple(
        Segment(start=start, place=Place(chars=(home, end)))
        for start, home, end in zip(text.starts, text.sources, ends, strict=True)
    )


def _bytes(path: Path) -> bytes:
    name = str(path)
    try:
        if path.is_dir():
            raise UnreadableSource(name, "là một thư mục", "hãy nêu tên tệp, hoặc dùng `thidua add` cho cả thư mục")
        size = path.stat().st_size
        if size > LIMIT:
            raise UnreadableSource(name, f"tệp lớn {size // 2**20} MB, quá mức {LIMIT // 2**20} MB", "hãy chia nhỏ tệp")
        if size == 0:
            raise UnreadableSource(name, "tệp rỗng", "kiểm tra lại tệp gốc")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableSource(name, "không có tệp này", "kiểm tra lại đường dẫn") from None
    except OSError as error:
        raise UnreadableSource(name, f"không mở được ({error.strerror})", "kiểm tra quyền đọc tệp") from error
    except ValueError as error:  # a path with a NUL character
        raise UnreadableSource(name, f"đường dẫn không hợp lệ ({error})", "kiểm tra lại đường dẫn") from error
