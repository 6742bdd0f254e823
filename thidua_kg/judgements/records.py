"""What a judgement is: one person's correction of one fact, with who, when and why, as an entry of a log.

An entry's id is the hash of what it says, so the same entry from two knowledge bases is one. Its place is a quote with its
surroundings (W3C Web Annotation, TextQuoteSelector), never an offset, a block's number or a rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from thidua_kg.model import Manner, Record, Relation, Role

Kind = Literal["header", "link", "relation", "role", "time", "task", "same", "different", "undo"]
State = Literal["placed", "orphaned", "superseded", "undone"]

RELATIONS: tuple[str, ...] = get_args(Relation)
MANNERS: tuple[str, ...] = get_args(Manner)
ROLES: tuple[str, ...] = get_args(Role)
HEADER_FIELDS = (
    "type", "symbol", "issuer", "decided_by", "place", "date", "title", "signer", "position", "secrecy",
)  # fmt: skip
NONE, UNDECIDED = "none", "undecided"


class Quote(Record, frozen=True, kw_only=True):
    """A passage by its words and those around it; it was the `nth` of the `of` places where the words stood."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    nth: int = 1
    of: int = 1


class Judgement(Record, frozen=True, kw_only=True):
    """One entry of the log.

    `document` and `sha256` are the document and the source judged, `by`, `at` (UTC, ISO 8601) and `why` the person, the time
    and the reason. `field` is the header's field, the unit of a role, or the words of a time; `value` what holds, "none" for
    nothing: a header's value, a document's id, `relation` or `relation:manner`, a role, EDTF or RRULE, "add" or "drop", the
    other document of same and different (with `other_sha256`), the id of the entry that is undone.
    """

    kind: Kind
    document: str
    by: str
    at: str
    value: str
    why: str = ""
    sha256: str | None = None
    quote: Quote | None = None
    field: str | None = None
    other_sha256: str | None = None

    @property
    def id(self) -> str:
        """The hash of what the entry says: 16 hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:16]


class Standing(Record, frozen=True, kw_only=True):
    """An entry and how it stands: lying on a passage, orphaned, superseded by a later one, or undone; `note` says why."""

    id: str
    judgement: Judgement
    state: State
    held_by: str | None = None
    span: tuple[int, int] | None = None
    note: str = ""


def in_order(judgements: Iterable[Judgement]) -> list[Judgement]:
    """As they count, the later one last; of two of one moment the order is that of their ids, the same everywhere."""
    return sorted(judgements, key=lambda j: (j.at, j.id))


def undone(judgements: Iterable[Judgement]) -> set[str]:
    """The ids of the entries that an undo takes back; an undo can itself be undone.

    An entry names one that was there before it, so the entries of undo form trees: each is settled after those above it.
    """
    above: dict[str, list[str]] = {}
    for j in judgements:
        if j.kind == "undo":
            above.setdefault(j.value, []).append(j.id)
    settled: dict[str, bool] = {}  # whether an entry is undone
    for root in above:
        waiting = [root]
        while waiting:
            one = waiting[-1]
            open_ = [u for u in above.get(one, ()) if u not in settled]
            if open_ and one not in settled:
                waiting += open_
                continue
            settled[one] = any(not settled[u] for u in above.get(one, ()))
            waiting.pop()
    return {one for one, is_undone in settled.items() if is_undone}


def encode_line(judgement: Judgement) -> bytes:
    """The entry as one line of a log that other knowledge bases merge."""
    return msgspec.json.encode({"id": judgement.id, **msgspec.to_builtins(judgement)})


def decode_line(line: bytes) -> Judgement:
    """The entry of a line; ValueError where it is none, or says something else than its id stands for."""
    try:
        cells = msgspec.json.decode(line)
        judgement = msgspec.convert({k: v for k, v in cells.items() if k != "id"}, Judgement)
    except (msgspec.MsgspecError, AttributeError) as error:
        raise ValueError(f"không phải một xác nhận ({error})") from error
    if cells.get("id") not in (None, judgement.id):
        raise ValueError("nội dung không khớp với mã")
    return judgement
