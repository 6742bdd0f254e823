"""A file that is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from thidua_kg.errors import ThiduaError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to write to, which takes its place in the end; after a failure `path` is as before.

    ThiduaError where the folder cannot be written to.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise ThiduaError(str(path), f"không ghi được ({error.strerror or error})", "chọn nơi khác để ghi") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
