"""A query with a time limit: pyoxigraph cannot be stopped, so another process answers and can be ended.

The child is a fresh interpreter, not a fork and not `multiprocessing`: the latter would run the caller's main script
again where it has no `__main__` guard, as notebooks' and researchers' scripts have none.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import IO

from pyoxigraph import Store

from thidua_kg.errors import InvalidQuery, KnowledgeBaseError, ThiduaError
from thidua_kg.graph.query import Ask, run
from thidua_kg.graph.records import Table
from thidua_kg.limits import bound_memory

# -I: nothing of the working directory is imported; the parent's own search path is passed on instead.
_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from thidua_kg.graph.child import answer; answer(sys.stdin.buffer, sys.stdout.buffer)"
)
_SUBJECT = "SPARQL"


def run_in_child(path: Path, ask: Ask, seconds: float) -> Table:
    """The table of a query over the read-only graph in `path`; InvalidQuery after `seconds` or if the engine dies."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _START],
            input=pickle.dumps(sys.path) + pickle.dumps((str(path), ask)),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        why = f"quá {seconds:g} giây chưa xong, đã dừng"
        raise InvalidQuery(_SUBJECT, why, "thu hẹp câu hỏi hoặc tăng giới hạn thời gian") from None
    if done.returncode or not done.stdout:
        raise InvalidQuery(_SUBJECT, f"máy truy vấn dừng đột ngột (mã {done.returncode})", "chia nhỏ câu hỏi")
    outcome = pickle.loads(done.stdout)
    if isinstance(outcome, ThiduaError):
        raise outcome
    table: Table = outcome
    return table


def answer(requests: IO[bytes], out: IO[bytes]) -> None:
    """In the child: run the query that was asked and write the table, or the error of this library that it raised."""
    bound_memory()
    path, ask = pickle.load(requests)
    outcome: Table | ThiduaError
    try:
        outcome = run(Store.read_only(path), ask)
    except ThiduaError as error:
        outcome = error
    except OSError as error:
        outcome = KnowledgeBaseError(path, f"không đọc được ({error})", "chạy `thidua rebuild`")
    pickle.dump(outcome, out)
