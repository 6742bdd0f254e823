"""How far does a graph on disk reach, and in which form is it? One small file beside the engine's own.

Not in the graph itself: every note there would be a file of its own for the engine to sort in with all others.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from thidua_kg.snapshots import put

FORM = 3  # raise it whenever what `quads` gives for a document changes
STATE = "state.json"


class State(msgspec.Struct, frozen=True):
    """The last change of the store that a graph holds, and the form of its quads."""

    change: int = 0
    form: int = FORM


def read_state(folder: Path) -> State | None:
    """The state of the graph in a folder, None where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / STATE).read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError):
        return None


def write_state(folder: Path, state: State) -> None:
    """Put the state in place of the old one, all of it or nothing."""
    put(folder / STATE, msgspec.json.encode(state))


def is_current(folder: Path) -> bool:
    """Whether a folder holds a graph that this version can go on with."""
    state = read_state(folder)
    return state is not None and state.form == FORM
