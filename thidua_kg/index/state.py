"""How far does an index reach, and can this version read it? One small file beside the engine's own.

It is written after the engine's commit: a crash in between leaves the older number, and repeating a change that the
index holds already changes nothing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from thidua_kg.errors import KnowledgeBaseError, ThiduaError
from thidua_kg.snapshots import put

REBUILD = "chạy `thidua rebuild` để dựng lại chỉ mục từ kho"
SCHEMA = 4  # raise it whenever fields, forms of words or their weights in the index change
STATE = "state.json"


_LOCKED = re.compile("LockBusy|LockError")  # tantivy, Whoosh


class State(msgspec.Struct, frozen=True):
    """The engine and form of an index, and the last store change it holds."""

    engine: str
    schema: int = SCHEMA
    change: int = 0


def read_state(path: Path, engine: str) -> State:
    """The state of the index in a folder; raises KnowledgeBaseError where there is none that `engine` can read."""
    try:
        state = msgspec.json.decode((path / STATE).read_bytes(), type=State)
    except FileNotFoundError:
        raise KnowledgeBaseError(str(path), "chưa có chỉ mục tìm kiếm", REBUILD) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise KnowledgeBaseError(str(path), f"chỉ mục tìm kiếm không đọc được ({error})", REBUILD) from error
    if (state.engine, state.schema) != (engine, SCHEMA):
        made_by = f"{state.engine}, dạng {state.schema}"
        raise KnowledgeBaseError(str(path), f"chỉ mục tìm kiếm do phiên bản khác tạo ({made_by})", REBUILD)
    return state


def is_current(path: Path, engine: str) -> bool:
    """Whether a folder holds an index that this version of `engine` can read and go on with."""
    try:
        read_state(path, engine)
    except KnowledgeBaseError:
        return False
    return True


def write_state(path: Path, state: State) -> None:
    """Puts the state in place of the old one, all of it or nothing."""
    put(path / STATE, msgspec.json.encode(state))


def create(path: Path, engine: str, make: Callable[[Path], object]) -> None:
    """Makes an index where there is no folder or an empty one, all of it or nothing; elsewhere nothing is done."""
    if path.exists() and any(path.iterdir()):
        return
    new = path.with_name(f"{path.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    make(new)
    write_state(new, State(engine))
    if path.exists():
        path.rmdir()  # Windows renames onto nothing only
    new.rename(path)


@contextmanager
def engine_errors(path: Path) -> Iterator[None]:
    """Turns whatever an engine raises into KnowledgeBaseError; its panics do not even derive from Exception."""
    try:
        yield
    except (ThiduaError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if _LOCKED.search(f"{type(error).__name__}: {error}"):
            why, remedy = "chỉ mục tìm kiếm đang được một tiến trình khác ghi", "đợi tiến trình đó xong rồi chạy lại"
        else:
            why, remedy = f"chỉ mục tìm kiếm hỏng hoặc không ghi được ({type(error).__name__}: {error})", REBUILD
        raise KnowledgeBaseError(str(path), why, remedy) from error
