"""What a person says, as an entry of the log: names become identifiers, and words a passage with its surroundings.

A judgement that could not be laid on its document is refused when it is made; only later texts can orphan it.
"""

from __future__ import annotations

import getpass
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from thidua_kg.answers.implements import split_task, task_id
from thidua_kg.answers.lookup import the_document, the_held
from thidua_kg.dates import bounds
from thidua_kg.errors import AmbiguousName, InvalidQuery, UnknownName, UnreadableSource
from thidua_kg.identity import read_symbol
from thidua_kg.judgements import log
from thidua_kg.judgements.anchors import AROUND, HEAD, LONGEST, Lost, key_of, locate, quote_of, spans_of
from thidua_kg.judgements.overlay import citation_at, task_at
from thidua_kg.judgements.records import (
    HEADER_FIELDS,
    MANNERS,
    NONE,
    RELATIONS,
    ROLES,
    UNDECIDED,
    Judgement,
    Kind,
    Quote,
    decode_line,
    encode_line,
)
from thidua_kg.keeping.documents import judgements_of, regroup, relink
from thidua_kg.keeping.names import current
from thidua_kg.model import Document, Span
from thidua_kg.store import Store
from thidua_kg.text import fold_space, normalize

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")
_RULE = re.compile(r"FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY)(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_LONGEST_VALUE = 2_000  # characters of a value, a unit or a reason
LOG_LIMIT = 64 * 1024 * 1024  # bytes of a log that is merged


class BadLine(msgspec.Struct, frozen=True):
    """A line of a log that was left out: its number, from 1, and why."""

    line: int
    why: str


def user() -> str:
    """The name of the person at this machine: THIDUA_USER, else the account's."""
    try:
        return os.environ.get("THIDUA_USER") or getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "không rõ"


def make(
    store: Store,
    kind: Kind,
    name: str,
    value: str,
    *,
    quote: str | None = None,
    field: str | None = None,
    why: str = "",
    by: str | None = None,
) -> Judgement:
    """The entry of what a person says of a document; nothing is written.

    Raises UnknownName where the document, task or passage is not there, AmbiguousName where a name or words can mean several,
    InvalidQuery for a value that the kind does not have.
    """
    part, task = split_task(name)
    document = the_held(store, part)
    held = store.get(document.id)
    if held is None:
        raise UnknownName(name, "chưa có toàn văn trong kho", "thêm tệp bằng `thidua add`")
    value, field = value.strip(), fold_space(field) if field else None
    for text in (value, field or "", why):
        if len(text) > _LONGEST_VALUE:
            raise InvalidQuery(text[:40] + "…", "quá dài", f"viết dưới {_LONGEST_VALUE} ký tự")
    subject = _Subject(store, held.id, held.document, task, quote, field)
    span, value = _READERS[kind](subject, value)
    other = _other(store, held.id, value) if kind in ("same", "different") else None
    return Judgement(
        kind=kind,
        document=held.id,
        by=(by or user()).strip(),
        at=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        value=other[0] if other else value,
        why=fold_space(why),
        sha256=held.document.sha256,
        quote=quote_of(held.document.text, span) if span else None,
        field=field,
        other_sha256=other[1] if other else None,
    )


class _Subject(msgspec.Struct, frozen=True):
    """What is judged, as given."""

    store: Store
    id: str
    document: Document
    task: str | None
    quote: str | None
    field: str | None


_Read = tuple[Span | None, str]  # the passage, and the value as it is kept


def _header(subject: _Subject, value: str) -> _Read:
    if subject.field not in HEADER_FIELDS:
        raise InvalidQuery(
            subject.field or "", "không phải trường của đầu văn bản", f"chọn: {', '.join(HEADER_FIELDS)}"
        )
    if subject.field == "date" and value != NONE and not (_DATE.fullmatch(value) and bounds(value)[0]):
        raise InvalidQuery(value, "không phải ngày", "viết như 2022-01-31, 2022-01 hoặc 2022")
    if subject.field == "symbol" and value != NONE and read_symbol(value) is None:
        raise InvalidQuery(value, "không phải số, ký hiệu", "viết như 34-CT/TW, 385/KH-UBND")
    return None, value


def _link(subject: _Subject, value: str) -> _Read:
    span = _citation_span(subject)
    if value in (NONE, UNDECIDED):
        return span, value
    found, rivals = the_document(subject.store, value)
    if rivals and found.id != value:
        the_document(subject.store, value, strict=True)  # what a link is set to is never guessed
    return span, found.id


def _relation(subject: _Subject, value: str) -> _Read:
    relation, _, manner = value.replace("·", ":").replace(" ", "").partition(":")
    if relation not in RELATIONS or (manner and (manner not in MANNERS or relation != "implements")):
        have = f"{', '.join(RELATIONS)}; với implements còn có cách: implements:{'|'.join(MANNERS)}"
        raise InvalidQuery(value, "không phải quan hệ", have)
    return _citation_span(subject), f"{relation}:{manner}" if manner else relation


def _role(subject: _Subject, value: str) -> _Read:
    if value not in (*ROLES, NONE):
        raise InvalidQuery(value, "không phải vai trò", f"chọn: {', '.join((*ROLES, NONE))}")
    if not subject.field:
        raise InvalidQuery("đơn vị", "để trống", "ghi tên đơn vị")
    return _task_span(subject), value


def _time(subject: _Subject, value: str) -> _Read:
    fine = value == NONE or _RULE.fullmatch(value) or (len(value) <= 40 and any(_edges(value)))
    if not fine:
        raise InvalidQuery(value, "không phải thời gian EDTF hay RRULE", "viết như 2022-02, ../2025-12-15, FREQ=YEARLY")
    return _task_span(subject), value


def _edges(value: str) -> tuple[str | None, str | None]:
    try:
        return bounds(value)
    except ValueError:
        return None, None


def _task(subject: _Subject, value: str) -> _Read:
    if value not in ("add", "drop"):
        raise InvalidQuery(value, "không phải add hay drop", "add thêm, drop bỏ một nhiệm vụ")
    span = _quoted(subject)
    held = task_at(subject.document, span)
    if held is None:
        holding = [t for t in subject.document.tasks if t.span[0] <= span[0] and span[1] <= t.span[1]]
        held = min(holding, key=lambda t: t.span[1] - t.span[0], default=None)
    if value == "drop":
        if held is None:
            raise UnknownName(subject.quote or "", "đoạn này không phải nhiệm vụ nào", "xem `thidua show`")
        return (held.span[0], min(held.span[1], held.span[0] + HEAD)), value
    return span, value


def _pair(subject: _Subject, value: str) -> _Read:
    del subject
    return None, value


def _other(store: Store, document: str, name: str) -> tuple[str, str]:
    """The other document of a pair and its source; two that print different symbols are never one."""
    other = the_held(store, name)
    if other.id == document:
        raise InvalidQuery(name, "là chính văn bản này", "ghi văn bản kia")
    one = store.get(document)
    two = store.get(other.id)
    symbols = {d.document.header.canonical for d in (one, two) if d and d.document.header.canonical}
    if len(symbols) > 1:
        why = f"hai văn bản in hai số, ký hiệu khác nhau: {', '.join(sorted(symbols))}"
        raise InvalidQuery(name, why, "nếu một số in sai, sửa bằng `thidua judge header` trước")
    return other.id, two.document.sha256 if two else ""


_READERS: Mapping[str, Callable[[_Subject, str], _Read]] = {
    "header": _header,
    "link": _link,
    "relation": _relation,
    "role": _role,
    "time": _time,
    "task": _task,
    "same": _pair,
    "different": _pair,
}


# --- passages


def _quoted(subject: _Subject) -> Span:
    """The one place of the words that a person gives; surroundings may be given as `before [[words]] after`."""
    words = unicodedata.normalize("NFC", normalize(subject.quote or "").value).strip()
    if not words:
        raise InvalidQuery("trích dẫn", "để trống", "ghi nguyên văn đoạn được xác nhận")
    if len(words) > LONGEST:
        raise InvalidQuery(words[:40] + "…", "trích dẫn quá dài", f"ghi dưới {LONGEST} ký tự đầu")
    key = key_of(subject.document.text)
    marked = re.fullmatch(r"(.*?)\[\[(.+?)\]\](.*)", words, re.DOTALL)
    if marked:
        place = locate(key, Quote(exact=marked[2], prefix=marked[1][-AROUND:], suffix=marked[3][:AROUND], nth=0, of=0))
        if isinstance(place, Lost):
            raise UnknownName(marked[2], place.why, "ghi nguyên văn hơn")
        return place.span
    spans = spans_of(key, words)
    if not spans:
        raise UnknownName(words[:60], "không có đoạn này trong văn bản", "chép nguyên văn từ `thidua show`")
    if len(spans) > 1:
        why = f"có {len(spans)} chỗ trong văn bản"
        raise AmbiguousName(words[:60], why, "chép thêm chữ quanh đó và đánh dấu: trước [[đoạn này]] sau")
    return spans[0]


def _citation_span(subject: _Subject) -> Span:
    """The passage of the citation that the words are, or lie in; words that are no citation stand for themselves."""
    span = _quoted(subject)
    index = citation_at(subject.document, span)
    if index is not None:
        return subject.document.citations[index].span
    touching = [c for c in subject.document.citations if c.span[0] < span[1] and span[0] < c.span[1]]
    if len(touching) > 1:
        have = "; ".join(fold_space(c.text) for c in touching[:5])
        raise AmbiguousName(subject.quote or "", "chạm nhiều viện dẫn", f"ghi một: {have}")
    return touching[0].span if touching else span


def _task_span(subject: _Subject) -> Span:
    if not subject.task:
        raise InvalidQuery(subject.id, "thiếu mục của nhiệm vụ", "ghi VĂN-BẢN#MỤC, xem `thidua show`")
    wanted = task_id(subject.store, subject.id, subject.task)
    task = next(t for t in subject.document.tasks if t.id == wanted)
    return task.span[0], min(task.span[1], task.span[0] + HEAD)


# --- the log


def record(store: Store, judgements: Iterable[Judgement]) -> list[Judgement]:
    """Add entries to the log and lay them on the documents that they speak of; call inside `transaction`."""
    new = log.append(store, judgements)
    touched: set[str] = set()
    again: set[str] = set()
    for j in new:
        spoken = log.entry(store, j.value) if j.kind == "undo" else j
        while spoken is not None and spoken.kind == "undo":
            spoken = log.entry(store, spoken.value)
        if spoken is None:
            continue
        named = {current(store, spoken.document), *_of_hash(store, spoken.sha256)}
        if spoken.kind in ("same", "different"):
            named |= {current(store, spoken.value), *_of_hash(store, spoken.other_sha256)}
        held = {name for name in named if store.holds(name)}
        touched |= held
        if spoken.kind in ("same", "different", "header"):
            again |= held
    affected = regroup(store, again) if again else set()
    relink(store, affected | touched)
    return new


def _of_hash(store: Store, sha256: str | None) -> list[str]:
    return [row[0] for row in store.rows("select document from sources where sha256=?", sha256)] if sha256 else []


def undoing(store: Store, identifier: str, *, why: str = "", by: str | None = None) -> Judgement:
    """The entry that takes another one back; UnknownName where there is none of this id, or beginning, or several."""
    rows = store.rows("select id from judgements where id >= ? and id < ?", identifier, identifier + "g")
    if len(rows) != 1 or len(identifier) < 4:
        raise UnknownName(identifier, "không có xác nhận này, hoặc mã quá ngắn", "xem `thidua judge ls`")
    undone = log.entry(store, rows[0][0])
    assert undone is not None
    return Judgement(
        kind="undo",
        document=undone.document,
        by=(by or user()).strip(),
        at=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        value=undone.id,
        why=fold_space(why),
        sha256=undone.sha256,
    )


def export_log(store: Store, path: Path) -> int:
    """Write the whole log as JSON Lines, in order of time; returns how many entries there are."""
    from thidua_kg.exports.files import replacing

    found = log.entries(store)
    with replacing(path) as temporary:
        temporary.write_bytes(b"".join(encode_line(j) + b"\n" for j in found))
    return len(found)


def read_log(path: Path) -> tuple[list[Judgement], list[BadLine]]:
    """The entries of a log and the lines that were left out; UnreadableSource for a file that cannot be read."""
    try:
        if path.stat().st_size > LOG_LIMIT:
            raise UnreadableSource(str(path), "tệp quá lớn", "chia nhỏ tệp")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(str(path), f"không đọc được ({error.strerror})", "kiểm tra lại đường dẫn") from error
    found: list[Judgement] = []
    bad: list[BadLine] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(decode_line(line))
        except ValueError as error:
            bad.append(BadLine(number, str(error)))
    return found, bad


__all__ = ["BadLine", "export_log", "judgements_of", "make", "read_log", "record", "undoing", "user"]
