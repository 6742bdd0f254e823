"""Words that users add: units, aliases, mergers, members of groups and known documents, from CSV or XLSX.

The first row names the columns, in any order; `kind` says what a row is and which of the others it needs:

    unit      name                      a body of its own
    alias     name, alias               `alias` is another name of the body `name`
    merger    name, into, date          the body `name` became `into` on that day
    member    group, name               "các sở, ban, ngành" has the member `name`
    document  symbol (or name), …       as in a catalogue: type, issuer, place, date, title, aliases

`within` limits a row to documents whose issuer or place has these words ("Bình Thuận"); `note` is for people. A row that cannot be
read is reported with its line and left out; the others count.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from thidua_kg.catalogue import LONGEST_CELL, BadRow, date_of, entity_of_cells
from thidua_kg.errors import KnowledgeBaseError, UnreadableSource
from thidua_kg.identity import unit_id
from thidua_kg.model import Assignment, Document, Record
from thidua_kg.pipeline import unit_scope
from thidua_kg.readers import read
from thidua_kg.resolver import Entity
from thidua_kg.store import Store
from thidua_kg.text import fold_space, slug

Kind = Literal["unit", "alias", "merger", "member", "document"]
NEEDED: dict[str, tuple[str, ...]] = {
    "unit": ("name",),
    "alias": ("name", "alias"),
    "merger": ("name", "into", "date"),
    "member": ("group", "name"),
    "document": (),
}
_OTHER = {"alias": "alias", "merger": "into", "member": "group"}
_MOST_ROWS = 100_000
_MOST_BYTES = 256 * 1024 * 1024  # of a workbook unpacked


class Word(Record, frozen=True, kw_only=True):
    """One row: `name` is the body, or the document as printed; `other` its alias, what it became, or the group it is in."""

    kind: Kind
    name: str
    other: str | None = None
    date: str | None = None
    within: str | None = None
    note: str | None = None
    entity: Entity | None = None

    @property
    def id(self) -> str:
        """The hash of what makes it this row: a row with another date or note replaces it."""
        said = "|".join((self.kind, slug(self.name), slug(self.other or ""), slug(self.within or "")))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def holds_in(self, issuer: str | None, place: str | None) -> bool:
        """Whether the row counts for a document of this issuer and place."""
        where = slug(" ".join(filter(None, (issuer, place))))
        return self.within is None or f"-{slug(self.within)}-" in f"-{where}-"


def read_words(path: str | Path) -> tuple[list[Word], list[BadRow]]:
    """The rows of a file and those that were left out; UnreadableSource for a file that is no such table."""
    file = Path(path)
    rows = _workbook(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _csv(file)
    found: list[Word] = []
    bad: list[BadRow] = []
    for line, cells in rows:
        try:
            found.append(_word(cells))
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
    return found, bad


def _word(cells: dict[str, str]) -> Word:
    """The row of a table's cells; ValueError says what is wrong with it."""
    kind = cells.get("kind", "").lower()
    if kind not in NEEDED:
        raise ValueError(f"kind là “{kind[:20]}”; phải là một trong: {', '.join(NEEDED)}")
    missing = [name for name in NEEDED[kind] if not cells.get(name)]
    if missing:
        raise ValueError(f"thiếu {', '.join(missing)}")
    if any(len(cell) > LONGEST_CELL for cell in cells.values()):
        raise ValueError("ô dài bất thường, có thể thiếu dấu ngoặc kép")
    shared = {"within": cells.get("within") or None, "note": cells.get("note") or None}
    if kind == "document":
        entity = entity_of_cells(cells, None, None)
        return Word(
            kind="document", name=entity.canonical or "", other=entity.id, date=entity.date, entity=entity, **shared
        )
    other = cells.get(_OTHER.get(kind, ""), "") or None
    if not slug(cells["name"]) or (other is not None and slug(other) == slug(cells["name"])):
        raise ValueError("tên trống, hoặc trùng với chính nó")
    day = date_of(cells.get("date", ""))
    return Word(kind=kind, name=cells["name"], other=other, date=day, **shared)  # type: ignore[arg-type]


def _csv(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    text = read(path).text.value
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)  # a spreadsheet in Vietnamese writes semicolons
    table = csv.reader(io.StringIO(text), delimiter=separator)
    return _cells(path, ((table.line_num, row) for row in table))


def _workbook(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of the first sheet; formulas count by their last value."""
    try:
        import openpyxl
    except ImportError:
        raise UnreadableSource(
            str(path), "cần openpyxl để đọc XLSX", 'cài `pip install "thidua-kg[xlsx]"`, hoặc lưu thành CSV'
        ) from None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
                raise UnreadableSource(str(path), "bảng tính quá lớn", "chia nhỏ, hoặc lưu thành CSV")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            rows = [
                (n, [_text(cell) for cell in row]) for n, row in enumerate(sheet.iter_rows(values_only=True), start=1)
            ]
        finally:
            book.close()
    except UnreadableSource:
        raise
    except Exception as error:  # openpyxl and zipfile raise whatever a damaged file makes them stumble over
        raise UnreadableSource(
            str(path), f"không đọc được bảng tính ({error})", "mở và lưu lại, hoặc lưu thành CSV"
        ) from error
    return _cells(path, iter(rows))


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _cells(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row under the names of the first; rows without any cell are passed over."""
    _, heads = next(rows, (0, []))
    names = [fold_space(head).lower() for head in heads]
    if "kind" not in names:
        remedy = "dòng đầu phải ghi tên cột, ví dụ: kind,name,alias,into,date,group,within"
        raise UnreadableSource(str(path), "không có cột kind", remedy)
    for count, (line, row) in enumerate(rows):
        if count >= _MOST_ROWS:
            raise UnreadableSource(str(path), f"quá {_MOST_ROWS} dòng", "chia nhỏ tệp")
        if any(cell.strip() for cell in row):
            yield line, {name: fold_space(cell) for name, cell in zip(names, row, strict=False) if name}


# --- in the store


def add(store: Store, words: Iterable[Word], source: str) -> list[Word]:
    """Keep rows, a row of the same id replaced; returns those that changed something. Call inside `transaction`."""
    changed = []
    version = current_version(store) + 1
    for word in words:
        rows = store.rows("select record from vocabulary where id=?", word.id)
        record = msgspec.json.encode(word).decode()
        if rows and rows[0][0] == record:
            continue
        store.execute(
            "insert or replace into vocabulary values (?,?,?,?,?,?)",
            word.id, version, word.kind, slug(word.name), slug(word.other or ""), record,
        )  # fmt: skip
        changed.append(word)
    if changed:
        store.execute("insert into vocabulary_versions values (?,?,?,?)", version, "add", source, len(changed))
    return changed


def remove(store: Store, identifiers: Iterable[str]) -> list[Word]:
    """Forget rows by their ids and return them; KnowledgeBaseError for one that is not there. Call inside `transaction`."""
    gone = []
    for identifier in identifiers:
        rows = store.rows("select record from vocabulary where id=?", identifier)
        if not rows:
            raise KnowledgeBaseError(identifier, "không có dòng từ vựng này", "xem `thidua vocab ls`")
        store.execute("delete from vocabulary where id=?", identifier)
        gone.append(msgspec.json.decode(rows[0][0], type=Word))
    version = current_version(store) + 1
    store.execute("insert into vocabulary_versions values (?,?,?,?)", version, "remove", "", len(gone))
    return gone


def current_version(store: Store) -> int:
    """The version of the words that users added: how often they were changed."""
    return int(store.rows("select coalesce(max(version), 0) from vocabulary_versions")[0][0])


def words(store: Store) -> list[tuple[Word, int]]:
    """All rows with the version that brought them, in a stable order."""
    rows = store.rows("select record, version from vocabulary order by kind, name, other, id")
    return [(msgspec.json.decode(row[0], type=Word), row[1]) for row in rows]


def speaking_of(store: Store, name: str, *, column: Literal["name", "other"], kinds: tuple[Kind, ...]) -> list[Word]:
    """The rows of some kinds that have a folded name in one column."""
    marks = ",".join("?" * len(kinds))
    rows = store.rows(
        f"select record from vocabulary where {column}=? and kind in ({marks}) order by kind, name, other", name, *kinds
    )
    return [msgspec.json.decode(row[0], type=Word) for row in rows]


def touched(store: Store, changed: Iterable[Word]) -> set[str]:
    """The documents that mention what rows speak of, as a unit with a task or as issuer: those to be looked at again."""
    found: set[str] = set()
    for word in changed:
        if word.kind in ("alias", "unit"):
            for name in filter(None, (word.other, word.name)):
                rows = store.rows("select distinct document from assignments where name=?", slug(name))
                found |= {row[0] for row in rows}
    return found


def with_units(document: Document, store: Store) -> Document:
    """The document with the identifier of the body in the place of an alias's own."""
    if not store.rows("select 1 from vocabulary where kind='alias' limit 1"):
        return document
    tasks = tuple(
        msgspec.structs.replace(task, assignments=tuple(_official(a, document, store) for a in task.assignments))
        for task in document.tasks
    )
    return msgspec.structs.replace(document, tasks=tasks)


def _official(assignment: Assignment, document: Document, store: Store) -> Assignment:
    """The assignment under its body's own identifier, where one alias of this document's issuer or place says which."""
    known = speaking_of(store, slug(assignment.unit), column="other", kinds=("alias",))
    fitting = [w for w in known if w.holds_in(document.header.issuer, document.header.place)]
    if len(fitting) != 1:
        return assignment
    return msgspec.structs.replace(assignment, unit_id=unit_id(fitting[0].name, unit_scope(document)))
