"""Exports: the same bytes for the same content, whole files or none, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import networkx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_records import CENTRAL, CITED, PLAN, PROVINCIAL, central, records
from thidua_kg.errors import ThiduaError, UnknownName
from thidua_kg.exports import FORMATS, export
from thidua_kg.exports.csv import _cell
from thidua_kg.exports.files import replacing
from thidua_kg.graph import Graph, GraphRecord, iri
from thidua_kg.model import Header

FILES = {"ttl": "x.ttl", "nt": "x.nt", "jsonld": "x.jsonld", "graphml": "x.graphml", "csv": "x.zip"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    made = Graph.open(None)
    made.put(records())
    made.commit(3)
    return made


def test_every_format_has_a_file() -> None:
    assert set(FORMATS) == set(FILES)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_content_gives_the_same_bytes(graph: Graph, tmp_path: Path, form: str) -> None:
    other = Graph.open(tmp_path / "graph", write=True)
    for record in (*reversed(records()), *records()):
        other.put([record])
    first, second = tmp_path / FILES[form], tmp_path / ("2" + FILES[form])
    export(graph, form, first)
    export(other, form, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.name, second.name, "graph"])


def without_bookkeeping(graph: Graph) -> int:
    query = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }"
    bookkeeping = "SELECT (COUNT(*) AS ?n) { GRAPH <https://thidua.example/graph/meta> { ?s ?p ?o } }"
    counts = [graph.select(each).rows[0][0] for each in (query, bookkeeping)]
    return int(str(counts[0])) - int(str(counts[1]))


@pytest.mark.parametrize(("form", "reader"), [("ttl", "turtle"), ("nt", "nt")])
def test_rdflib_reads_all_triples_back(graph: Graph, tmp_path: Path, form: str, reader: str) -> None:
    export(graph, form, tmp_path / "x")
    read = rdflib.Graph().parse(tmp_path / "x", format=reader)
    assert len(read) == without_bookkeeping(graph)
    title = rdflib.URIRef("http://purl.org/dc/terms/title")
    assert str(read.value(rdflib.URIRef(iri(CENTRAL)), title)) == central().document.header.title


def test_jsonld_keeps_the_graphs_apart(graph: Graph, tmp_path: Path) -> None:
    export(graph, "jsonld", tmp_path / "x.jsonld")
    names = [part["@id"] for part in json.loads((tmp_path / "x.jsonld").read_text("utf-8"))]
    assert iri(PLAN) in names
    assert iri(PLAN) + "/links" in names
    assert iri(CITED) + "/known" in names
    assert iri(PLAN) + "/judgements" in names


@pytest.mark.parametrize("form", FORMATS)
def test_judgements_can_be_left_out(graph: Graph, tmp_path: Path, form: str) -> None:
    path, other = tmp_path / FILES[form], tmp_path / ("2" + FILES[form])
    export(graph, form, path)
    export(graph, form, other, judgements=False)
    if form in ("csv", "graphml"):  # which never have them
        assert other.read_bytes() == path.read_bytes()
        assert "Lê Hoa".encode() not in path.read_bytes()
    else:
        with Graph.open(None) as without:
            without.put([msgspec.structs.replace(record, judgements=()) for record in records()])
            without.commit(3)
            export(without, form, path)
        assert other.read_bytes() == path.read_bytes()


def test_graphml_is_the_network(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(central().document, header=Header(title="dấu \x0b lạ \ufffe"))
    with Graph.open(None) as made:
        made.put([*records(), GraphRecord(id="A\x02", document=odd)])
        export(made, "graphml", tmp_path / "x.graphml")
        read = networkx.read_graphml(tmp_path / "x.graphml", force_multigraph=True)
        assert read.number_of_edges() == made.network("all").number_of_edges()
    assert read.nodes["A\ufffd"]["title"] == "dấu \ufffd lạ \ufffd"
    assert read.nodes[CENTRAL]["symbol"] == "34-CT/TW"
    assert {"relation": "legal_basis"} in read.get_edge_data(PROVINCIAL, CENTRAL).values()


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_one_csv_says_who_does_what(graph: Graph, tmp_path: Path) -> None:
    export(graph, "csv", tmp_path / "x.csv")
    rows = table((tmp_path / "x.csv").read_bytes())
    assert {row["role"] for row in rows} > {"lead"}
    assert all(row["document"] and row["block"] and row["text"] for row in rows)


def test_csv_tables(graph: Graph, tmp_path: Path) -> None:
    export(graph, "csv", tmp_path / "x.zip")
    export(graph, "csv", tmp_path / "folder")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.namelist() == ["documents.csv", "tasks.csv", "assignments.csv", "citations.csv"]
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "folder" / name).read_bytes()
        documents, tasks, assignments, citations = (table(archive.read(name)) for name in archive.namelist())
    held = {row["id"]: row["has_text"] for row in documents}
    assert held == {CENTRAL: "1", PROVINCIAL: "1", PLAN: "1", CITED: "0"}
    assert next(row for row in documents if row["id"] == CENTRAL)["type"] == "Chỉ thị"
    by_id = {row["id"]: row for row in tasks}
    assert by_id[f"{PLAN}#III.1"]["time"] == "6 tháng | trước ngày 15/12/2022"
    assert by_id[f"{PLAN}#IV.1"]["document"] == PLAN
    group = next(row for row in assignments if row["printed"] == "Các phòng")
    assert (group["role"], group["force"], group["duty"], group["group"]) == ("perform", "requested", "report", "1")
    assert len(assignments) == 6
    assert {(row["symbol"], row["cited"]) for row in citations if row["relation"] == "disseminates"} == {
        ("34-CT/TW", CENTRAL)
    }


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (True, "1"),
        (-3, -3),
    ],
)
def test_a_cell_is_no_formula(value: str | float | None, cell: str | float) -> None:
    assert _cell(value) == cell


@given(st.text())
def test_no_cell_begins_like_a_formula(value: str) -> None:
    cell = str(_cell(value))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == value or cell == value


def test_a_title_that_is_a_formula(tmp_path: Path) -> None:
    title = '=HYPERLINK("http://a.example";"x")'
    with Graph.open(None) as made:
        made.put(
            [GraphRecord(id=CENTRAL, document=msgspec.structs.replace(central().document, header=Header(title=title)))]
        )
        export(made, "csv", tmp_path / "folder")
    assert table((tmp_path / "folder" / "documents.csv").read_bytes())[0]["title"] == "'" + title


# --- files


def _interrupted(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_text("một nửa", encoding="utf-8")
        raise KeyboardInterrupt


def _full_disk(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_text("một nửa", encoding="utf-8")
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("fail", "error"), [(_interrupted, KeyboardInterrupt), (_full_disk, ThiduaError)])
def test_after_a_failure_the_file_is_as_before(
    tmp_path: Path, fail: Callable[[Path], None], error: type[BaseException]
) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("cũ", encoding="utf-8")
    with pytest.raises(error):
        fail(path)
    assert path.read_text("utf-8") == "cũ"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_said(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for form, name in (("ttl", "file/x.ttl"), ("csv", "file/x.zip"), ("csv", "file/x.csv")):
        with pytest.raises(ThiduaError) as caught:
            export(graph, form, tmp_path / name)
        assert caught.value.remedy
    with pytest.raises(UnknownName, match="ttl"):
        export(graph, "docx", tmp_path / "x")
    with pytest.raises(UnknownName):
        export(graph, "files", tmp_path / "x")
