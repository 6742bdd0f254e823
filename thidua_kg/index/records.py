"""What goes into the full-text index, and what comes out of it? The records, and the protocol that engines keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Protocol, Self

import msgspec

from thidua_kg.analyzer.tree import Query
from thidua_kg.model import Document

Facet = Literal["type", "issuer", "unit", "year", "system"]
FACETS: tuple[Facet, ...] = ("type", "issuer", "unit", "year", "system")
Form = Literal["folded", "bare"]  # of a word: as typed, or without diacritics
MAX_FACET_VALUES = 50
COLLECTION_FIELD = "collection"  # the one field that is not worked out of a document's text
NOTHING_MADE: Mapping[str, bytes] = MappingProxyType({})


class IndexRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One document as the index sees it.

    `symbol` is its own canonical symbol and `cited` those it cites; `tasks` is the text of all its tasks; `date` is an
    ISO day or "", `year` four digits or ""; `collections` are those its sources are in, which its text does not say.
    """

    id: str
    title: str = ""
    body: str = ""
    tasks: str = ""
    symbol: str = ""
    cited: tuple[str, ...] = ()
    issuer: str = ""
    units: tuple[str, ...] = ()
    type: str = ""
    system: str = ""
    date: str = ""
    year: str = ""
    collections: tuple[str, ...] = ()


def record_of(identifier: str, document: Document, collections: Iterable[str] = ()) -> IndexRecord:
    """What the index holds of a document; nothing of it depends on what its citations are linked to."""
    header = document.header
    return IndexRecord(
        id=identifier,
        title=header.title or "",
        body=document.text,
        tasks="\n".join(task.text for task in document.tasks),
        symbol=header.canonical or "",
        cited=tuple(sorted({c.canonical for c in document.citations if c.canonical})),
        issuer=header.issuer or "",
        units=tuple(sorted({a.unit for t in document.tasks for a in t.assignments})),
        type=header.type or "",
        system=header.system or "",
        date=header.date or "",
        year=(header.date or "")[:4],
        collections=tuple(sorted(collections)),
    )


def digest_of(record: IndexRecord) -> str:
    """The hash of a record that is stored with it, so that `verify` sees whether the index holds what it should."""
    try:
        content = msgspec.msgpack.encode(record)
    except UnicodeEncodeError:  # halves of surrogate pairs
        content = repr(record).encode()
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def fitting(made: Mapping[str, bytes], record: IndexRecord) -> dict[str, Any] | None:
    """What was worked out beforehand for a record, if it was for this one as it is; its collections are put in."""
    packed = made.get(record.id)
    words: dict[str, Any] | None = msgspec.msgpack.decode(packed) if packed is not None else None
    if words is None or words["digest"] != digest_of(msgspec.structs.replace(record, collections=())):
        return None
    return {**words, "digest": digest_of(record), COLLECTION_FIELD: list(record.collections)}


class Hit(msgspec.Struct, frozen=True):
    """A document found; scores compare within one answer only."""

    id: str
    score: float


class Result(msgspec.Struct, frozen=True):
    """One page of an answer, best first, and of all `total` matches the facets that were asked for.

    `facets` holds (value, number of documents), most frequent first, at most `MAX_FACET_VALUES` each. `relaxed` is true
    where no document has every word, so that those with any are given.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
    relaxed: bool = False


class SearchEngine(Protocol):
    """A full-text index in a folder of its own; where it cannot be read or written, methods raise KnowledgeBaseError.

    What is put or removed is seen by searches, here and in other processes, from the next `commit` on; what was not
    committed is lost when the engine is closed.
    """

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        """The index in a folder; to write, it is made where there is none."""
        ...

    def put(self, records: Iterable[IndexRecord], made: Mapping[str, bytes] = NOTHING_MADE) -> None:
        """Adds documents; one whose id is there already is replaced. `made` holds what `words_of` gave for some ids,
        and counts where it was made of the same record."""
        ...

    def remove(self, ids: Iterable[str]) -> None:
        """Removes documents; an id that is not there is passed over."""
        ...

    def commit(self, change: int) -> None:
        """Makes what was put and removed durable, and with it the number of the last store change that it holds.

        A crash in between leaves the old number beside the new documents: putting them once more changes nothing.
        """
        ...

    def last_change(self) -> int:
        """The number given to the last commit, 0 for a new index."""
        ...

    def search(
        self,
        query: Query | str,
        *,
        types: Sequence[str] = (),
        issuers: Sequence[str] = (),
        units: Sequence[str] = (),
        date_from: str | None = None,
        date_to: str | None = None,
        collections: Sequence[str] = (),
        fields: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        facets: Sequence[Facet] = (),
    ) -> Result:
        """The matching documents, best first, equals in the order of their ids.

        The values of one filter are alternatives, compared whole but for case, diacritics and punctuation; names of
        collections are compared as they are. Dates are
        `2022-02-10`, `2022-02` or `2022`, both ends included; documents without a date are then left out. `fields` are
        where words without a field are looked for. Raises InvalidQuery for a wrong query, field or date.
        """
        ...

    def frequencies(self, words: Iterable[str], form: Form) -> dict[str, int]:
        """In how many documents each word, or two in a row ("thi đua"), stands; those in none are left out.

        The words are in the form asked for, as `analyzer.fold` or `analyzer.bare` gives them. Removed documents may count.
        """
        ...

    def snapshot(self, folder: Path) -> None:
        """Copies what the last commit made into a new folder, which others may open for reading: see `snapshots`."""
        ...

    def digests(self) -> dict[str, str]:
        """The `digest_of` each record that is in the index, by id."""
        ...

    def check(self) -> None:
        """Reads every file and raises KnowledgeBaseError where one is damaged, as far as the engine keeps checksums."""
        ...

    def count(self) -> int:
        """How many documents are in the index."""
        ...

    def close(self) -> None:
        """Lets the folder go; the engine cannot be used after that."""
        ...


def rough(score: float) -> float:
    """A score without its last digits, in which the order of summation shows: equal documents have equal scores."""
    return float(f"{score:.5g}")


def most_frequent(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The values of a facet as `Result` gives them, equals in the order of the values."""
    return tuple(sorted(counts, key=lambda item: (-item[1], item[0]))[:MAX_FACET_VALUES])
