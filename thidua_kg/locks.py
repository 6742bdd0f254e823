"""Locks on files that die with the process that took them, on every system: one holder, or many that keep one out.

A lock is of an open file, so a second one in the same process is refused as well. On Windows, which locks bytes and knows no
shared locks there, one who shares locks a byte of its own and one who is alone locks all of them.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

_BYTES = 1 << 20  # on Windows: the bytes that sharers choose from, behind what the file holds
_FIRST = 1 << 30


class Lock:
    """A lock that is held until `release` or the end of the process."""

    def __init__(self, file: int) -> None:
        self._file = file

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def alone(path: Path, note: str = "") -> Lock | None:
    """The lock on a file that is made where there is none; None where any other holds it. `note` is written into it."""
    lock = _take(path, os.O_RDWR | os.O_CREAT, shared=False)
    if lock is not None and note:
        os.ftruncate(lock._file, 0)
        os.pwrite(lock._file, note.encode(), 0) if hasattr(os, "pwrite") else os.write(lock._file, note.encode())
    return lock


def shared(path: Path) -> Lock | None:
    """The lock on a file that many may hold; None where one holds it alone, or the file is gone."""
    try:
        return _take(path, os.O_RDONLY, shared=True)
    except FileNotFoundError:
        return None


def _take(path: Path, flags: int, *, shared: bool) -> Lock | None:
    file = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0), 0o666)
    try:
        taken = _lock(file, shared)
    except BaseException:
        os.close(file)
        raise
    if not taken:
        os.close(file)
        return None
    return Lock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, shared: bool) -> bool:
        for _ in range(8 if shared else 1):  # two sharers may choose the same byte
            os.lseek(file, _FIRST + (random.randrange(_BYTES) if shared else 0), os.SEEK_SET)
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1 if shared else _BYTES)
            except OSError:
                continue
            os.lseek(file, 0, os.SEEK_SET)
            return True
        return False

else:
    import fcntl

    def _lock(file: int, shared: bool) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
