"""The members of a ZIP, bombs and path tricks refused, names in old character sets read; nothing is ever written to disk."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.encodings import decode
from thidua_kg.readers.records import Facts

MEMBERS = 2000  # members of a package
TOTAL = 1024 * 1024 * 1024  # bytes that all members may have unpacked
LARGEST = 256 * 1024 * 1024  # bytes of one member
RATIO = 200  # times that a member of some size may grow: texts grow 5 to 50 times, bombs 1,000
_SMALL = 4 * 1024 * 1024  # bytes below which the ratio says nothing: blank pages shrink well

_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\.(?=[^./\\])|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UTF8_NAME = 0x800  # the flag of a member whose name is UTF-8 (APPNOTE 4.4.4, bit 11)
_ENCRYPTED = 0x1
_UNPACK = "hãy giải nén rồi thêm từng tệp"


class Entry(msgspec.Struct, frozen=True):
    """A member: its whole name, how its bytes are had (raises UnreadableSource), what an envelope says of it."""

    name: str
    load: Callable[[], bytes]
    facts: Facts | None = None


Found = Entry | UnreadableSource


def entries(name: str, data: bytes) -> Iterator[Found]:
    """The members of a ZIP; UnreadableSource where the archive as a whole is damaged or a bomb."""
    archive = _archive(name, data)
    members = [info for info in archive.infolist() if not info.is_dir() and not _JUNK.search(info.filename)]
    total = sum(info.file_size for info in members)
    if len(archive.infolist()) > MEMBERS:
        raise UnreadableSource(name, f"gói có {len(archive.infolist())} tệp, quá mức {MEMBERS}", "hãy chia nhỏ gói")
    if total > TOTAL:
        raise UnreadableSource(
            name, f"gói bung ra {total // 2**20} MB, quá mức {TOTAL // 2**20} MB", "hãy chia nhỏ gói"
        )
    if not members:
        raise UnreadableSource(name, "gói không có tệp nào", "kiểm tra lại gói")
    seen: set[str] = set()
    for info in members:
        shown = member_name(info)
        whole = f"{name}!{shown}"
        fault = _fault(info, shown, seen)
        seen.add(shown.casefold())
        yield UnreadableSource(whole, *fault) if fault else Entry(whole, _loader(archive, info, whole))


def _archive(name: str, data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableSource(name, "tệp nén hỏng hoặc thiếu phần cuối", "hãy tải hoặc chép lại tệp") from error


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name as people gave it: what is not marked as UTF-8 may be so, or in an old Vietnamese set."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
            name = decode(name, raw).text
        except (UnicodeEncodeError, UnreadableSource):
            pass
    return unicodedata.normalize("NFC", name)


def _fault(info: zipfile.ZipInfo, name: str, seen: set[str]) -> tuple[str, str] | None:
    """Why a member is refused, and what to do; None where it is not."""
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name) or _CONTROL.search(name):
        return "tên tệp trong gói trỏ ra ngoài gói hoặc có ký tự cấm", _UNPACK
    if name.casefold() in seen:
        return "trùng tên với một tệp khác trong gói", _UNPACK
    if stat.S_ISLNK(info.external_attr >> 16):
        return "là liên kết, không phải tệp", _UNPACK
    if info.flag_bits & _ENCRYPTED:
        return "có mật khẩu", "hãy bỏ mật khẩu của gói"
    if info.file_size > LARGEST:
        return f"tệp bung ra {info.file_size // 2**20} MB, quá mức {LARGEST // 2**20} MB", "hãy chia nhỏ tệp"
    if info.file_size > _SMALL and info.file_size > RATIO * max(info.compress_size, 1):
        return "bung ra quá nhiều lần, có thể là tệp phá hoại", "kiểm tra nguồn gốc của gói"
    return None


def _loader(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], bytes]:
    def load() -> bytes:
        try:
            with archive.open(info) as member:
                data = member.read(info.file_size + 1)
        except NotImplementedError as error:
            raise UnreadableSource(name, "nén theo kiểu không đọc được", _UNPACK) from error
        except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError) as error:
            raise UnreadableSource(name, "tệp trong gói bị hỏng", "hãy tải hoặc chép lại gói") from error
        if len(data) != info.file_size:
            raise UnreadableSource(name, "tệp trong gói không đúng cỡ đã ghi", "hãy tải hoặc chép lại gói")
        return data

    return load
