"""CSV for spreadsheets: who does what as one table, or documents, tasks, assignments and citations as four.

UTF-8 with a byte order mark, since Excel takes a file without one for another encoding.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from thidua_kg.exports.files import replacing
from thidua_kg.graph import Graph, Value

_Row = tuple[Value, ...]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the time of making is no content; a zip cannot leave it out

_TABLES = {
    "documents": """
        SELECT DISTINCT ?id ?symbol ?type ?title ?date ?issuer (BOUND(?file) AS ?has_text)
        WHERE {
          ?id a eli:LegalResource .
          OPTIONAL { ?id prov:wasDerivedFrom ?file }
          OPTIONAL { ?id eli:id_local ?symbol }
          OPTIONAL { ?id eli:type_document/skos:prefLabel ?type }
          OPTIONAL { ?id dcterms:title|dcterms:alternative ?title }
          OPTIONAL { ?id eli:date_document ?date }
          OPTIONAL { ?id td:issuerName ?issuer }
        }""",
    "tasks": """
        SELECT DISTINCT ?id ?document ?block ?text ?time
        WHERE {
          ?document td:task ?id .
          ?id td:block ?block ; rdfs:label ?text .
          OPTIONAL { ?id td:timeText ?time }
        }""",
    "assignments": """
        SELECT DISTINCT ?assignment ?task ?unit ?printed ?role (COALESCE(?force_, "assigned") AS ?force)
                        (COALESCE(?duty_, "do") AS ?duty) (COALESCE(?group_, false) AS ?group)
        WHERE {
          ?task td:assignment ?assignment .
          ?assignment td:unit ?unit ; td:role ?concept ; td:quote ?printed .
          ?concept skos:notation ?role .
          OPTIONAL { ?assignment td:force ?force_ }
          OPTIONAL { ?assignment td:duty ?duty_ }
          OPTIONAL { ?assignment td:group ?group_ }
        }""",
    "citations": """
        SELECT DISTINCT ?citation ?document ?block ?quote ?symbol ?relation ?cited
        WHERE {
          ?document td:citation ?citation .
          ?citation td:block ?block ; td:quote ?quote ; td:relation ?property .
          BIND(REPLACE(STR(?property), "^.*[#/]", "") AS ?relation)
          OPTIONAL { ?citation td:canonical ?symbol }
          OPTIONAL { ?citation td:refersTo ?cited }
        }""",
}

_WHO_DOES_WHAT = """
    SELECT DISTINCT ?document ?symbol ?type ?date ?title ?block ?text ?unit ?role ?time
    WHERE {
      ?document td:task ?task .
      ?task td:block ?block ; rdfs:label ?text .
      OPTIONAL { ?document eli:id_local ?symbol }
      OPTIONAL { ?document eli:type_document/skos:prefLabel ?type }
      OPTIONAL { ?document eli:date_document ?date }
      OPTIONAL { ?document dcterms:title|dcterms:alternative ?title }
      OPTIONAL {
        ?task td:assignment ?assignment .
        ?assignment td:quote ?unit ; td:role/skos:notation ?role .
      }
      OPTIONAL { ?task td:timeText ?time }
    }"""


def write(graph: Graph, path: Path) -> None:
    """Write one table of tasks with their units and times to a `.csv`; four tables to a `.zip`, or into a folder."""
    if path.suffix.lower() == ".csv":
        with replacing(path) as temporary:
            temporary.write_bytes(_csv(graph, _WHO_DOES_WHAT))
        return
    if path.suffix.lower() != ".zip":
        for name, query in _TABLES.items():
            with replacing(path / f"{name}.csv") as temporary:
                temporary.write_bytes(_csv(graph, query))
        return
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, query in _TABLES.items():
            entry = zipfile.ZipInfo(f"{name}.csv", _NO_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3  # Unix, wherever it is made
            archive.writestr(entry, _csv(graph, query))


def _csv(graph: Graph, query: str) -> bytes:
    table = graph.select(query, limit=None, ids=True)
    rows = sorted(table.rows, key=repr)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    for row in _with_joined_times(rows) if table.columns[-1] == "time" else rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _with_joined_times(rows: Iterable[_Row]) -> Iterator[_Row]:
    """One row a task: its times, last in the rows, are joined by " | "."""
    for facts, group in groupby(rows, key=lambda row: row[:-1]):
        yield *facts, " | ".join(str(row[-1]) for row in group if row[-1] is not None)


def _cell(value: Value) -> str | int | float:
    """A cell that no spreadsheet runs: text that begins like a formula is led by an apostrophe ("=1+1" → "'=1+1")."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value
