"""How is the SQLite file opened? For one writer or for readers, on any medium, and never where locks cannot be trusted."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thidua_kg import locks
from thidua_kg.errors import KnowledgeBaseError

FILE = "thidua.sqlite"
_LOCK = "thidua.lock"
_WAIT = 5  # seconds that SQLite waits for another connection's short work
_CACHE = -192_000  # KB of pages kept in memory by a writer
_OVER_FUSE = ("fuse.sshfs", "fuse.davfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone")
_ON_THE_NETWORK = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "davfs", *_OVER_FUSE}
_OCTAL = re.compile(r"\\([0-7]{3})")  # how the table of mounts writes a blank
_REMOTE = 4  # Windows: what GetDriveType calls a network drive


def connect_writer(folder: Path) -> tuple[sqlite3.Connection, locks.Lock]:
    """The connection of the one writer, and the lock that makes it the only one; the folder is made if need be.

    Raises KnowledgeBaseError on a network drive, where another process writes, and where the medium is read-only.
    """
    kind = network_kind(folder)
    if kind is not None:
        raise KnowledgeBaseError(
            str(folder),
            f"nằm trên ổ mạng ({kind}), khóa của SQLite ở đó không tin được nên không ghi",
            "đặt kho trên ổ đĩa của máy này; đọc trên ổ mạng thì được",
        )
    folder.mkdir(parents=True, exist_ok=True)
    lock = locks.alone(folder / _LOCK, f"{os.getpid()}\n")
    if lock is None:
        raise being_written(folder)
    try:
        connection = sqlite3.connect(folder / FILE, timeout=_WAIT, isolation_level=None)
        for pragma in ("journal_mode=wal", "synchronous=full", f"cache_size={_CACHE}", "temp_store=memory"):
            connection.execute(f"pragma {pragma}")
    except BaseException:
        lock.release()
        raise
    return connection, lock


def connect_reader(folder: Path) -> sqlite3.Connection:
    """A connection that changes nothing; on a read-only medium, where SQLite cannot lock, the file is taken as unchanging."""
    file = folder / FILE
    if not os.path.exists(file):
        raise missing(folder)
    uri = file.resolve().as_uri()
    if network_kind(folder) is None:
        try:
            return _reading(f"{uri}?mode=ro")
        except sqlite3.OperationalError as error:
            if is_writable(folder) or not any(words in str(error) for words in ("unable to open", "readonly")):
                raise
    if _size(file.with_name(f"{FILE}-wal")):
        raise KnowledgeBaseError(
            str(folder),
            "kho trên ổ chỉ đọc còn phần chưa đóng (tệp -wal)",
            "mở kho gốc để ghi một lần (`thidua stats` không đủ, dùng `thidua rebuild`) rồi chép lại",
        )
    return _reading(f"{uri}?immutable=1")


@contextmanager
def opening(folder: Path) -> Iterator[None]:
    """What fails within, as this library says it."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if "locked" in str(error):
            raise being_written(folder) from error
        remedy = "kiểm tra thư mục, hoặc khôi phục từ bản sao"
        if getattr(error, "errno", None) in (errno.EROFS, errno.EACCES, errno.EPERM):
            remedy = "ổ hoặc thư mục chỉ đọc: chép kho sang nơi ghi được; ở đây chỉ hỏi được, không thêm, sửa, bỏ được"
        raise KnowledgeBaseError(str(folder / FILE), f"không mở được kho ({error})", remedy) from error


def missing(folder: Path) -> KnowledgeBaseError:
    """What is told where there is nothing to be read yet."""
    return KnowledgeBaseError(str(folder), "chưa có kho dữ liệu ở đây", "hãy chạy `thidua add TỆP... --kb` trước")


def being_written(folder: Path) -> KnowledgeBaseError:
    """What a second writer is told."""
    try:
        process = (folder / _LOCK).read_text("utf-8").strip()
    except OSError:  # Windows lets nobody read a locked file
        process = ""
    by = f"tiến trình khác ({process})" if process.isdecimal() else "tiến trình khác"
    return KnowledgeBaseError(
        str(folder), f"kho đang được {by} ghi", "chờ tiến trình đó xong rồi chạy lại; trong lúc đó vẫn đọc được"
    )


def network_kind(folder: Path, mounts: str | None = None) -> str | None:
    """The kind of network drive that a folder is on ("nfs4", "UNC"), None for a disk of this machine."""
    path = folder.resolve()
    if sys.platform == "win32":
        import ctypes

        if str(path).startswith("\\\\"):
            return "UNC"
        return "mapped drive" if ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == _REMOTE else None
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text("utf-8", "surrogateescape")
        except OSError:
            return None
    found = ("", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point, kind = _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[1]), fields[2]
        if path.is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1] if found[1] in _ON_THE_NETWORK else None


def _reading(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)
    try:
        connection.execute("select 1 from sqlite_master limit 1")
    except BaseException:
        connection.close()
        raise
    return connection


def is_writable(folder: Path) -> bool:
    """Whether a file can be made there; a mode says nothing to root, nor a read-only medium to a mode."""
    probe = folder / f".{os.getpid()}.thu"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
