"""Bytes of a file to NFC text: which reader, chosen by the content, and the text it gives.

A reader is a function from a name and bytes to an `Extract`; `formats.FORMATS` is the table of those there are.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from thidua_kg.errors import ThiduaError, UnreadableSource
from thidua_kg.model import Place, Segment
from thidua_kg.readers.formats import FORMATS, Format, format_of, is_known
from thidua_kg.readers.packages import walk
from thidua_kg.readers.records import Extract, Facts, SourceText
from thidua_kg.readers.zips import Entry
from thidua_kg.text import Text, normalize

LIMIT = 256 * 1024 * 1024  # bytes; a file beyond this is no document but a dump

__all__ = [
    "LIMIT", "Extract", "Facts", "SourceText", "expand", "is_readable", "read", "read_bytes", "readable_endings", "sources",
]  # fmt: skip


def is_readable(path: Path) -> bool:
    """Whether the ending is one that a reader exists for."""
    return is_known(path.suffix)


def readable_endings() -> tuple[str, ...]:
    """The endings of the files that folder walks take."""
    return tuple(ending for f in FORMATS if f.module for ending in f.endings)


def expand(path: str | Path) -> Iterator[str | UnreadableSource]:
    """The names of the sources at a path: the file itself, or the members of a package; what is refused as its error.

    `expand("goi.zip")` gives "goi.zip!thu-muc/ke-hoach.docx" and so on, each of which `read` reads.
    """
    name = str(path)
    package = _package(name)
    if package is None:
        yield name
        return
    for found in walk(name, package):
        yield found.name if isinstance(found, Entry) else found


def sources(path: str | Path) -> Iterator[SourceText | UnreadableSource]:
    """The texts at a path, one for each document in it; a member that cannot be read comes as its error."""
    name = str(path)
    package = _package(name)
    for found in [name] if package is None else walk(name, package):
        try:
            yield _entry(found) if isinstance(found, Entry) else read(found) if isinstance(found, str) else found
        except UnreadableSource as error:
            yield error


def read(path: str | Path) -> SourceText:
    """The text of one file, or of a package's member ("goi.zip!ke-hoach.docx").

    Raises UnreadableSource where it is missing, empty, binary, too large or damaged. `read("ke-hoach.txt").text.value` is the
    file as NFC, with "\\n" line ends and nothing else changed.
    """
    name = str(path)
    outer = _outer(name)
    if outer is None:
        return read_bytes(name, _bytes(Path(name)))
    name = outer + name[len(outer) :].replace("\\", "/")  # as a path of Windows has it
    data = _bytes(Path(outer))
    for found in walk(outer, data) if format_of(outer, data).package else ():
        if isinstance(found, UnreadableSource) and found.subject == name:
            raise found
        if isinstance(found, Entry) and found.name == name:
            return _entry(found)
    raise UnreadableSource(name, "không có tệp này trong gói", "xem tên các tệp bằng `thidua parse` cả gói")


def _entry(entry: Entry) -> SourceText:
    return read_bytes(entry.name, entry.load(), entry.facts)


def _outer(name: str) -> str | None:
    """The package's own path in a member's name, None where the name is a file's, whatever marks are in it."""
    at = -1 if os.path.exists(name) else name.find("!")
    while at >= 0:
        if os.path.isfile(name[:at]):
            return name[:at]
        at = name.find("!", at + 1)
    return None


def _package(name: str) -> bytes | None:
    """The bytes of a package, None for any other file and for one that cannot be opened: `read` says why."""
    try:
        with open(name, "rb") as file:
            head = file.read(16_384)
        if not head.startswith(b"PK") and not format_of(name, head).package:
            return None
        data = _bytes(Path(name))
    except (OSError, ValueError, UnreadableSource):
        return None
    return data if format_of(name, data).package else None


def read_bytes(name: str, data: bytes, facts: Facts | None = None) -> SourceText:
    """The text of a file's bytes; `name` is for messages, and its ending counts where the content leaves the format open.

    `facts` are what an envelope says of the file. Of a package only an edXML envelope has a text of its own.
    """
    if not data:
        raise UnreadableSource(name, "tệp rỗng", "kiểm tra lại tệp gốc")
    found = format_of(name, data)
    if found.reader == "zip":
        raise UnreadableSource(name, "là gói nhiều tệp", "hãy nêu tên một tệp trong gói, như goi.zip!ke-hoach.docx")
    extract = _extract(found, name, data)
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
        facts=facts or extract.facts,
        signatures=extract.signatures,
        warnings=extract.warnings,
    )


def _extract(found: Format, name: str, data: bytes) -> Extract:
    try:
        made: Extract = found.load(name)(name, data)
    except ModuleNotFoundError as error:
        raise found.missing(name, error.name) from error
    except ThiduaError:
        raise
    except Exception as error:  # a parser of others' making, before a file that is not what it should be
        why = f"tệp {found.name} hỏng hoặc trái chuẩn ({type(error).__name__})"
        raise UnreadableSource(name, why, "hãy mở ra kiểm tra rồi lưu lại") from error
    return made


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
