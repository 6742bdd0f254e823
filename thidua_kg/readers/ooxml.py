"""An Office Open XML or OpenDocument package: its parts, bounded, and their XML without entities, DTDs or network.

ISO/IEC 29500-2: a ZIP of parts; relationship parts (`_rels/NAME.rels`) say which part is which.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from thidua_kg.errors import UnreadableSource

_PART = 128 * 1024 * 1024  # bytes of one part unpacked
_WHOLE = 256 * 1024 * 1024  # bytes of all parts that are read
_RATIO, _FREE = 400, 16 * 1024 * 1024  # how far a part may unpack beyond the free size; text packs about 20 to 1
_MARKS = 6_000_000  # "<" in one part: three million elements, about 600 MB in memory
_MEMBERS = 20_000
_DTD = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E", re.IGNORECASE)
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, KeyError)


class Package:
    """The parts of one file; `name` and `kind` are for messages. Damage, passwords and bombs raise `UnreadableSource`."""

    def __init__(self, name: str, data: bytes, kind: str = "Word") -> None:
        self.name, self._kind, self._left = name, kind, _WHOLE
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._members = {info.filename.lower(): info for info in self._zip.infolist()}
        except (*_DAMAGED, RuntimeError) as error:
            raise self.damaged("tệp nén bên trong không mở được") from error
        if len(self._members) > _MEMBERS:
            raise UnreadableSource(
                name, f"gói có {len(self._members)} tệp con, quá mức {_MEMBERS}", "kiểm tra lại tệp gốc"
            )

    def damaged(self, why: str) -> UnreadableSource:
        """The error for a file that is cut off or spoilt."""
        return UnreadableSource(self.name, f"tệp {self._kind} hỏng hoặc tải về chưa hết ({why})", "hãy lấy lại tệp gốc")

    def part(self, path: str) -> bytes | None:
        """The bytes of a part, None where there is none of that name."""
        info = self._members.get(path.lower().lstrip("/"))
        if info is None:
            return None
        if info.flag_bits & 1:
            raise UnreadableSource(self.name, "tệp có mật khẩu", "hãy mở tệp, bỏ mật khẩu rồi lưu lại")
        limit = min(_PART, self._left, max(_FREE, info.compress_size * _RATIO))
        try:
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)
        except (*_DAMAGED, RuntimeError) as error:
            raise self.damaged(f"không đọc được {path}") from error
        if len(data) > limit:
            raise UnreadableSource(
                self.name, f"phần {path} bung ra quá {limit // 2**20} MB (nghi là bom nén)", "không mở tệp này"
            )
        self._left -= len(data)
        return data

    def xml(self, path: str) -> etree._Element | None:
        """The root element of a part, None where the part is absent."""
        data = self.part(path)
        return None if data is None else self._root(path, data)

    def _root(self, path: str, data: bytes) -> etree._Element:
        if _DTD.search(data):
            raise UnreadableSource(
                self.name, f"phần {path} khai báo DTD, tệp {self._kind} không được có", "không mở tệp này"
            )
        if data.count(b"<") > _MARKS:
            raise UnreadableSource(self.name, f"phần {path} có quá nhiều thẻ XML", "hãy chia nhỏ tệp")
        if b"purl.oclc.org/ooxml" in data:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if "depth" in str(error):
                raise UnreadableSource(
                    self.name, "bảng hoặc khung lồng nhau quá sâu", f"hãy lưu lại tệp bằng {self._kind}"
                ) from error
            raise self.damaged(f"{path} không phải XML đúng") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableSource(
                self.name, f"phần {path} khai báo DTD, tệp {self._kind} không được có", "không mở tệp này"
            )
        return root

    def related(self, path: str) -> Relations:
        """The relations of a part."""
        folder, base = posixpath.split(path)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = {}
        for child in root if root is not None else ():
            if child.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, child.get("Target", ""))).lstrip("/")
                found[child.get("Id", "")] = (child.get("Type", "").rpartition("/")[2], target)
        return Relations(found)


class Relations:
    """What a part refers to inside the package: the target by id, and the targets of a type ("styles", "header")."""

    def __init__(self, found: dict[str, tuple[str, str]]) -> None:
        self._found = found

    def target(self, identifier: str) -> str | None:
        """The part with this relation id."""
        found = self._found.get(identifier)
        return found[1] if found else None

    def of_type(self, kind: str) -> Iterator[str]:
        """The parts of a type, in order."""
        return (target for own, target in self._found.values() if own == kind)
