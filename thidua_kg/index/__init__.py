"""Which documents hold these words? Full-text search behind one protocol; no engine is imported before it is opened.

`records` (what goes in and out), `plan` (what both engines carry out), `state` (how far an index reaches), and the
engines: tantivy by default, Whoosh in pure Python as the readable reference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from thidua_kg.index.records import FACETS, Facet, Hit, IndexRecord, Result, SearchEngine

EngineName = Literal["tantivy", "whoosh"]


def open_engine(path: Path, *, engine: EngineName = "tantivy", write: bool = False) -> SearchEngine:
    """The index in a folder of its own, opened with an engine; see `SearchEngine.open`."""
    if engine == "whoosh":
        from thidua_kg.index.whoosh_engine import WhooshEngine

        return WhooshEngine.open(path, write=write)
    from thidua_kg.index.tantivy_engine import TantivyEngine

    return TantivyEngine.open(path, write=write)


__all__ = ["FACETS", "EngineName", "Facet", "Hit", "IndexRecord", "Result", "SearchEngine", "open_engine"]
