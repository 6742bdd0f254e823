"""Which files does a tantivy index consist of, and are they whole? What is done to them beside tantivy itself."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from thidua_kg.index.state import STATE
from thidua_kg.snapshots import place_file

META, _MANAGED = "meta.json", ".managed.json"  # tantivy's own lists: of the segments that count, of all its files
_FOOTER_MARK = 1337


def stand_in(path: Path) -> TemporaryDirectory[str]:
    """A folder in which the index of a read-only medium can be opened: tantivy takes a lock even to read."""
    folder = TemporaryDirectory(prefix="thidua-", ignore_cleanup_errors=True)
    for entry in os.scandir(path):
        target = Path(folder.name) / entry.name
        try:
            target.symlink_to(Path(entry.path).resolve())
        except OSError:  # Windows gives links to administrators only
            shutil.copyfile(entry.path, target)
    return folder


def linked(path: Path, folder: Path) -> bool:
    """Link the files that the index consists of; False where a merge in the background put others in their place."""
    meta = (path / META).read_bytes()
    folder.mkdir(parents=True)
    try:
        for name in files_of(meta, path):
            place_file(path / name, folder / name)
    except FileNotFoundError:
        return False
    for name in (_MANAGED, STATE):
        place_file(path / name, folder / name)
    (folder / META).write_bytes(meta)
    return (path / META).read_bytes() == meta


def files_of(meta: bytes, path: Path) -> Iterator[str]:
    """The names of the files that tantivy's list of segments says count."""
    segments = {segment["segment_id"].replace("-", "") for segment in msgspec.json.decode(meta)["segments"]}
    yield from (name for name in os.listdir(path) if name.partition(".")[0] in segments)


def check_sum(file: Path) -> None:
    """A file of tantivy ends with a JSON footer that holds the CRC-32 of what is before it, its length, and a mark."""
    data = memoryview(file.read_bytes())
    length, mark = struct.unpack("<II", data[-8:])
    footer = msgspec.json.decode(bytes(data[-8 - length : -8])) if mark == _FOOTER_MARK else {}
    if footer.get("crc") != zlib.crc32(data[: -8 - length]):
        raise ValueError(f"checksum of {file.name} does not agree")
