"""Which documents hold these words? Full-text search behind one protocol; no engine is imported before it is opened.

`records` (what goes in and out), `fields` (its words by field), `plan` (what both engines carry out), `state` (how far
an index reaches), and the engines: tantivy by default (`tantivy_engine`, with `tantivy_query` for its look-ups and
`tantivy_files` for its files), Whoosh in pure Python as the readable reference.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.index.records import FACETS, Facet, Hit, IndexRecord, Result, SearchEngine, record_of

ENGINES = ("tantivy", "whoosh")


def open_engine(engine: str, path: Path, *, write: bool = False) -> SearchEngine:
    """The index in a folder of its own, opened with the engine of that name; see `SearchEngine.open`."""
    if engine == "tantivy":
        from thidua_kg.index.tantivy_engine import TantivyEngine

        return TantivyEngine.open(path, write=write)
    if engine == "whoosh":
        from thidua_kg.index.whoosh_engine import WhooshEngine

        return WhooshEngine.open(path, write=write)
    raise KnowledgeBaseError(engine, "không có bộ máy tìm kiếm này", f"dùng một trong: {', '.join(ENGINES)}")


def words_of(engine: str, record: IndexRecord) -> bytes:
    """What an engine's `put` needs of a record, packed: another process may work it out beforehand."""
    if engine == "tantivy":
        from thidua_kg.index.tantivy_engine import document_of as made
    else:
        from thidua_kg.index.whoosh_engine import document_of as made
    return msgspec.msgpack.encode(made(record))


__all__ = [
    "ENGINES",
    "FACETS",
    "Facet",
    "Hit",
    "IndexRecord",
    "Result",
    "SearchEngine",
    "open_engine",
    "record_of",
    "words_of",
]
