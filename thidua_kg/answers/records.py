"""What an answer is: one record for all questions, with the words and the place that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, overload

import msgspec

from thidua_kg.model import Record, Span
from thidua_kg.text import fold_space


class DocumentReference(Record, frozen=True, kw_only=True):
    """A document as answers name it: in the knowledge base, or only cited, or only known to the registry."""

    id: str
    canonical: str | None = None
    type: str | None = None
    title: str | None = None
    date: str | None = None
    issuer: str | None = None
    held: bool = False
    draft: bool = False

    def label(self) -> str:
        """A short name for people: "Chỉ thị 34-CT/TW (07/4/2014)"; the title stands in for a symbol that is not there."""
        named = self.canonical or (f"“{shortened(self.title, 60)}”" if self.title else None)
        name = " ".join(part for part in (self.type, named) if part) or self.id
        name = f"{name} [dự thảo]" if self.draft else name
        return f"{name} ({day(self.date)})" if self.date and self.date not in name else name


class Answer(Record, frozen=True, kw_only=True):
    """One row of an answer; a question leaves the fields that it does not have empty.

    `document` and `task` say what the row is about, `via` the documents between it and what was asked, `source` the
    document whose text says so, and `quote`, `span`, `path` the words there. `suggestion` is the query as it may have been
    meant; in a facet's row `count` of the documents found have this `value`. `inferred` is true where a period was worked
    out from the plan's year; `section` lists a unit's duties apart: "own", "open" (no time set) and "group".
    """

    document: DocumentReference | None = None
    task: str | None = None
    text: str | None = None
    unit: str | None = None
    unit_id: str | None = None
    role: str | None = None
    force: str | None = None
    duty: str | None = None
    group: bool = False
    section: str | None = None
    serves: str | None = msgspec.field(default=None, name="for")
    relation: str | None = None
    manner: str | None = None
    via: tuple[str, ...] = ()
    inherited_from: str | None = None
    times: tuple[str, ...] = ()
    edtf: str | None = None
    rrule: str | None = None
    inferred: bool = False
    score: float | None = None
    highlights: tuple[Span, ...] = ()
    why: str | None = None
    source: str | None = None
    quote: str | None = None
    span: Span | None = None
    suggestion: str | None = None
    path: str | None = None
    facet: str | None = None
    value: str | None = None
    count: int | None = None


class Answers(Sequence[Answer]):
    """The rows of one answer, with `notes` (names taken and their rivals, gaps) and `facets` where a search has them."""

    def __init__(
        self,
        rows: Iterable[Answer],
        notes: Iterable[str] = (),
        facets: Mapping[str, Sequence[tuple[str, int]]] | None = None,
        total: int | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.rows, self.notes, self.facets = tuple(rows), tuple(notes), facets or {}
        self.total = len(self.rows) if total is None else total
        self.suggestion = suggestion

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Answer]: ...
    def __getitem__(self, index: int | slice) -> Answer | Sequence[Answer]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return "\n".join(
            [*(f"# {note}" for note in self.notes), *(" | ".join(summary(row).values()) for row in self.rows)]
        )

    def facet_rows(self) -> list[Answer]:
        """A row for each value of each facet, the most frequent first."""
        return [
            Answer(facet=facet, value=value, count=count)
            for facet, counts in self.facets.items()
            for value, count in counts
        ]

    def records(self) -> list[dict[str, Any]]:
        """The rows as plain dictionaries, the document's fields flat: what `pandas.DataFrame` takes."""
        found = []
        for row in self.rows:
            fields = msgspec.to_builtins(row)
            document = fields.pop("document") or {}
            found.append(
                {**{f"document_{key}" if key != "id" else "document": v for key, v in document.items()}, **fields}
            )
        return found

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame; needs the extra `notebook`."""
        import pandas

        return pandas.DataFrame(self.records())

    def _repr_html_(self) -> str:
        rows = [summary(row) for row in self.rows]
        heads = [head for head in (rows[0] if rows else {}) if any(row[head] for row in rows)]
        notes = "".join(f"<p><em>{escape(note)}</em></p>" for note in self.notes)
        head = "".join(f"<th>{escape(h)}</th>" for h in heads)
        body = "".join("<tr>" + "".join(f"<td>{escape(row[h])}</td>" for h in heads) + "</tr>" for row in rows)
        return f"{notes}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def summary(row: Answer) -> dict[str, str]:
    """The cells of one row for people, by column name; empty where the question has none."""
    return {
        "document": row.document.label() if row.document else "",
        "task": row.task or "",
        "unit": (row.unit or "") + (f" (giúp {row.serves})" if row.serves else ""),
        "role": row.role or "",
        "relation": " · ".join(part for part in (row.relation, row.manner) if part),
        "via": " → ".join(row.via),
        "times": period(row.edtf) or "; ".join(row.times),
        "why": row.why or "",
        "quote": shortened(fold_space(row.quote or row.text or "")),
    }


def shortened(text: str, width: int = 160) -> str:
    """The beginning of a quotation, cut at a word, with an ellipsis where it goes on."""
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0] + " …"


def day(date: str | None) -> str:
    """An ISO date as it is written in Vietnam: `day("2014-04-07") == "07/4/2014"`; months 3 to 9 bear no zero."""
    if not date or len(date) != 10:
        return date or ""
    year, month, number = date.split("-")
    return f"{number}/{month if month in ('01', '02') else month.lstrip('0')}/{year}"


_SEASONS = {
    "33": "quý I/{}", "34": "quý II/{}", "35": "quý III/{}", "36": "quý IV/{}",
    "40": "6 tháng đầu năm {}", "41": "6 tháng cuối năm {}",
}  # fmt: skip


def period(edtf: str | None) -> str:
    """A time as it is said in Vietnam; what is no notation known here stays as it is.

    `period("../2025-12-05") == "đến 05/12/2025"`; `period("2022-33") == "quý I/2022"`; `period("2022-01/2022-03") ==
    "tháng 01/2022 – tháng 3/2022"`.
    """
    if not edtf:
        return ""
    if "/" in edtf:
        low, high = edtf.split("/", 1)
        if ".." in (low, high):
            return f"đến {period(high)}" if low == ".." else f"từ {period(low)}"
        return f"{period(low)} – {period(high)}"
    year, _, part = edtf.partition("-")
    if not part:
        return f"năm {year}"
    if part in _SEASONS:
        return _SEASONS[part].format(year)
    return f"tháng {day(f'{edtf}-01')[3:]}" if len(part) == 2 else day(edtf)
