"""The graph: identifiers, what is written, what stays after replacing and removing, and what may be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.graph_records import (
    CENTRAL,
    CITED,
    ISSUER,
    LEADERS,
    OFFICE,
    PLAN,
    PROVINCIAL,
    UNKNOWN,
    central,
    directive_19,
    plan,
    provincial,
    records,
    statement,
)
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.graph import Entity, Graph, GraphRecord, Table, id_of, iri
from thidua_kg.graph.changes import Putting
from thidua_kg.graph.quads import quads_of, quads_of_entity, shorten
from thidua_kg.graph.state import read_state
from thidua_kg.model import Header


@pytest.fixture
def graph() -> Graph:
    made = Graph.open(None)
    made.put(records())
    return made


def content(graph: Graph) -> set[str]:
    """Every quad of the graph, as text."""
    return {" ".join(map(str, row)) for row in graph.stream("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }")}


# --- identifiers


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("TW:2014:34-CT/TW", "https://thidua.example/id/TW:2014:34-CT%2FTW"),
        ("TW:2014:34-CT/TW#III.2", "https://thidua.example/id/TW:2014:34-CT%2FTW#III.2"),
        ("unit:phong-a@ban-b", "https://thidua.example/id/unit:phong-a@ban-b"),
        ("?sha256:ab/3", "https://thidua.example/id/%3Fsha256:ab%2F3"),
        ("QĐ", "https://thidua.example/id/Q%C4%90"),
    ],
)
def test_iri(id: str, expected: str) -> None:
    assert iri(id) == expected
    assert id_of(expected) == id


@given(st.text(), st.sampled_from(["https://thidua.example/id/", "http://kho.local/"]))
@example("a#b#c", "http://kho.local/")
@example("100%25", "http://kho.local/")
def test_iri_and_id_are_inverse(id: str, base: str) -> None:
    made = iri(id, base)
    assert id_of(made, base) == id
    assert id_of(made + "", base) == id


@pytest.mark.parametrize(
    "other", ["https://elsewhere.example/a", iri("a/b") + "/links", iri("a") + "%2f", iri("a") + " "]
)
def test_other_iris_are_no_ids(other: str) -> None:
    with pytest.raises(ValueError, match="not the IRI of an id"):
        id_of(other)


# --- what is written


@pytest.mark.parametrize(
    "ask",
    [
        f"ASK {{ GRAPH <{iri(PLAN)}> {{ <{iri(PLAN)}> td:task <{iri(PLAN + '#III.1')}> }} }}",
        f"ASK {{ GRAPH <{iri(PLAN)}/links> {{ <{iri(PLAN + '#III.1')}> td:implements <{iri(CENTRAL)}> }} }}",
        f"ASK {{ <{iri(PLAN + '#III.1')}> td:disseminates <{iri(CENTRAL)}> }}",
        f"ASK {{ <{iri(PROVINCIAL)}> eli:based_on <{iri(CENTRAL)}> ; eli:cites <{iri(CENTRAL)}> }}",
        f"ASK {{ <{iri(PLAN)}> eli:cites <{iri(UNKNOWN)}> . <{iri(UNKNOWN)}> a td:UnidentifiedDocument }}",
        f"ASK {{ <{iri(CENTRAL)}> eli:id_local '34-CT/TW' ; eli:date_document ?d ; eli:passed_by ?u }}",
        f"ASK {{ GRAPH <{iri(CITED)}/known> {{ <{iri(CITED)}> dcterms:alternative ?t }} }}",
        f"ASK {{ <{iri(PLAN + '#IV.1')}> a td:Duty ; td:assignment [ td:group true ; td:duty 'report' ] }}",
        f"ASK {{ <{iri(PLAN + '#III.1')}> td:deadline '../2022-12-15'^^<http://id.loc.gov/datatypes/edtf/EDTF> }}",
        f"ASK {{ <{iri(PLAN)}> td:citation ?inner . ?inner td:nestedIn ?outer . ?outer td:refersTo <{iri(PROVINCIAL)}> }}",
        f"ASK {{ <{iri(PLAN)}> eli:type_document/skos:prefLabel 'Kế hoạch'@vi }}",
        f"ASK {{ GRAPH <{iri(PLAN)}/judgements> {{ <{iri(PLAN)}> td:judgement ?j . ?j a td:Judgement ; td:state 'orphaned' ; "
        "td:judgementKind 'role' ; td:judgedField 'Công đoàn' ; td:judgedValue 'lead' ; td:judgedBy 'Lê Hoa' ; "
        "rdfs:comment '“nhầm”' ; td:quote '4. Sơ kết' ; prov:generatedAtTime '2026-01-03T00:00:00Z'^^xsd:dateTime } }",
        f"ASK {{ ?j td:quote 'Chỉ thị số 34/CT-TW' ; td:judgedValue '{CENTRAL}' ; td:judgedDocument <{iri(CENTRAL)}> }}",
        f"ASK {{ ?j td:judgementKind 'different' ; td:judgedDocument <{iri('TW:2014:3-CT/TW')}> }}",
        "ASK { ?j td:judgedField 'title' ; td:judgedValue '' ; td:state 'superseded' }",
    ],
)
def test_the_graph_says(graph: Graph, ask: str) -> None:
    assert graph.select(ask).rows == ((True,),)


def test_what_only_a_manner_says_is_not_said_of_another(graph: Graph) -> None:
    assert graph.select(f"ASK {{ <{iri(PLAN + '#III.1')}> td:carriesOut ?x }}").rows == ((False,),)


def test_every_manner_stands_beside_the_general_relation(graph: Graph) -> None:
    rows = graph.select(
        "SELECT ?s ?o { ?p rdfs:subPropertyOf td:implements . ?s ?p ?o . FILTER NOT EXISTS { ?s td:implements ?o } }"
    ).rows
    assert not rows
    assert len(graph.select("SELECT ?s { ?p rdfs:subPropertyOf td:implements . ?s ?p ?o }").rows) == 3


def test_no_fact_stands_in_two_graphs(graph: Graph) -> None:
    """Equal triples of several graphs multiply in joins; only a relation between two other documents may repeat."""
    other = GraphRecord(
        id="B:2022:1/KH-B", document=provincial().document, statements=(statement("B:2022:1/KH-B", "cites", CITED),)
    )
    graph.put([other])
    assert not graph.select("SELECT ?s ?p ?o { ?s ?p ?o } GROUP BY ?s ?p ?o HAVING (COUNT(*) > 1)").rows


def test_a_document_that_cites_itself_makes_no_loop() -> None:
    record = GraphRecord(
        id=CENTRAL, document=central().document, statements=(statement(CENTRAL, "implements", CENTRAL),)
    )
    assert not [q for q in quads_of(record) if q.subject == q.object]


def test_a_document_stays_within_its_budget() -> None:
    said = quads_of(msgspec.structs.replace(plan(), judgements=()))
    assert len(said) < 150
    assert len(quads_of(plan())) - len(said) <= 11 * len(plan().judgements)


def test_a_unit_in_a_role_is_one_assignment_of_a_document() -> None:
    graph = Graph.open(None)
    task = next(t for t in plan().document.tasks if t.assignments)
    again = msgspec.structs.replace(task, id="IX.9", parent=None)
    graph.put([GraphRecord(id="A", document=msgspec.structs.replace(plan().document, tasks=(task, again)))])
    rows = graph.select("SELECT ?a (COUNT(?t) AS ?n) { ?t td:assignment ?a } GROUP BY ?a").rows
    assert [row[1] for row in rows] == [2] * len({(a.unit, a.role, a.force, a.duty) for a in task.assignments})


def test_long_items_are_cut_at_a_word() -> None:
    assert shorten("một  hai\nba") == "một hai ba"
    assert shorten("chữ " * 100).endswith("chữ…")
    assert len(shorten("chữ " * 100)) <= 241


def test_partial_dates_are_edtf() -> None:
    entity = Entity(id="A:2020:1/KH-A", date="2020-05")
    assert [q.predicate.value for q in quads_of_entity(entity)][1:] == ["http://purl.org/dc/terms/date"]


def test_any_text_in_a_header_is_written_as_it_is() -> None:
    odd = 'a"b\\c\n\t\u0000 “é” \U0001f600 > . } DROP ALL'
    graph = Graph.open(None)
    for title in (odd, odd + "!"):  # the second replaces the first, by an update
        graph.put(
            [GraphRecord(id="A", document=msgspec.structs.replace(central().document, header=Header(title=title)))]
        )
        assert graph.select("SELECT ?t { ?s dcterms:title ?t }").rows == ((title,),)


# --- replacing and removing


def test_judgements_come_and_go_in_a_graph_of_their_own(graph: Graph) -> None:
    before, graph_name = content(graph), f"{iri(PLAN)}/judgements"
    first, *others = plan().judgements
    graph.put([msgspec.structs.replace(plan(), judgements=(msgspec.structs.replace(first, state="orphaned"), *others))])
    (gone,), (come,) = before - content(graph), content(graph) - before
    assert graph_name in gone
    assert "superseded" in gone
    assert "orphaned" in come
    without = msgspec.structs.replace(plan(), judgements=())
    assert list(graph.disagreeing([plan(), without])) == [PLAN, PLAN]
    graph.put([without])
    assert content(graph) == {line for line in before if graph_name not in line}
    graph.put([plan()])
    assert content(graph) == before
    assert not graph.unexpected([CENTRAL, PROVINCIAL, PLAN], [CITED])
    graph.remove([PLAN])
    assert not graph.select(f"SELECT * {{ GRAPH <{graph_name}> {{ ?s ?p ?o }} }}").rows


@pytest.mark.parametrize(
    ("at", "written"),
    [
        ("2026-01-02T03:04:05.120000Z", ("2026-01-02T03:04:05.12Z",)),
        ("2026-01-02T03:04:00.000000Z", ("2026-01-02T03:04:00Z",)),
        ("2026-01-02T00:00:00+07:00", ("2026-01-01T17:00:00Z",)),
        ("0001-01-01T00:00:00.5", ("0001-01-01T00:00:00.5Z",)),
        ("0001-01-01T00:00:00+07:00", ()),
        ("hôm qua", ()),
    ],
)
def test_a_time_is_written_as_it_is_read_back(at: str, written: tuple[str, ...]) -> None:
    graph = Graph.open(None)
    judged = msgspec.structs.replace(plan().judgements[0], at=at)
    record = msgspec.structs.replace(central(), judgements=(judged,))
    graph.put([record])
    assert not list(graph.disagreeing([record]))
    assert tuple(row[0] for row in graph.select("SELECT ?t { ?j prov:generatedAtTime ?t }").rows) == written


def test_the_same_content_in_any_order_is_the_same_graph(graph: Graph) -> None:
    for order in (records()[::-1], [plan(), central(), provincial(), plan()]):
        other = Graph.open(None)
        for record in order:
            other.put([record])
        assert content(other) == content(graph)


def test_putting_again_changes_nothing(graph: Graph) -> None:
    before = content(graph)
    graph.put(records())
    graph.put([provincial()])
    assert content(graph) == before


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([CENTRAL, PROVINCIAL, PLAN]), unique=True))
def test_removing_leaves_what_the_others_say(gone: list[str]) -> None:
    graph, expected = Graph.open(None), Graph.open(None)
    graph.put(records())
    graph.remove(gone)
    kept = [record for record in records() if record.id not in gone]
    expected.put(kept)
    assert content(graph) == content(expected)
    assert graph.ids() == {record.id for record in kept}


def test_replacing_a_document_replaces_the_graphs_that_changed(graph: Graph) -> None:
    before = content(graph)
    changed = msgspec.structs.replace(plan(), statements=(), entities=())
    graph.put([changed])
    gone = before - content(graph)
    assert gone
    assert all(f"{iri(PLAN)}/links" in line for line in gone)
    graph.put([plan()])
    assert content(graph) == before


def test_facts_of_a_cited_document_go_with_its_last_citation(graph: Graph) -> None:
    known = f"ASK {{ GRAPH <{iri(CITED)}/known> {{ ?s ?p ?o }} }}"
    graph.remove([PLAN])
    assert graph.select(known).rows == ((True,),)
    graph.remove([PROVINCIAL])
    assert graph.select(known).rows == ((False,),)


def test_a_document_that_arrives_takes_the_place_of_what_was_known(graph: Graph) -> None:
    arrived = GraphRecord(
        id=CITED, document=msgspec.structs.replace(central().document, header=Header(title="chính nó"))
    )
    graph.put([arrived])
    query = f"SELECT ?t {{ <{iri(CITED)}> dcterms:title|dcterms:alternative ?t }}"
    assert graph.select(query).rows == (("chính nó",),)
    graph.put([plan()])  # still says what it knows of it, which is no longer wanted
    assert graph.select(query).rows == (("chính nó",),)
    graph.remove([CITED])
    graph.describe([directive_19()])
    assert graph.select(query).rows == ((directive_19().title,),)


def test_last_change(graph: Graph) -> None:
    assert graph.last_change() == 0
    graph.commit(7)
    graph.commit(12)
    assert graph.last_change() == 12


def test_a_failed_batch_leaves_nothing(graph: Graph) -> None:
    def failing() -> Iterator[GraphRecord]:
        yield GraphRecord(id="A:2020:1/KH-A", document=central().document)
        raise ValueError("đứt giữa chừng")

    before = content(graph)
    with pytest.raises(ValueError, match="đứt"):
        graph.put(failing())
    assert content(graph) == before


# --- on disk


def test_on_disk_it_keeps_and_locks(tmp_path: Path) -> None:
    folder = tmp_path / "kho" / "graph"
    with Graph.open(folder, write=True) as writer:
        writer.put(records())
        writer.commit(3)
        whole = content(writer)
        with pytest.raises(KnowledgeBaseError, match="đang ghi") as caught:
            Graph.open(folder, write=True)
        assert caught.value.remedy
        writer.snapshot(tmp_path / "copy")
        with pytest.raises(KnowledgeBaseError):
            writer.snapshot(tmp_path / "copy")
        writer.remove([PLAN])
        writer.compact()
    with Graph.open(tmp_path / "copy") as reader:
        assert content(reader) == whole
        assert reader.last_change() == 3
        for change in (lambda: reader.put([plan()]), lambda: reader.remove([PLAN]), lambda: reader.commit(1)):
            with pytest.raises(KnowledgeBaseError, match="chỉ để đọc"):
                change()
    with Graph.open(folder) as reader:
        assert reader.ids() == {CENTRAL, PROVINCIAL}
    with pytest.raises(KnowledgeBaseError, match="đã đóng"):
        reader.count()


def test_many_documents_are_written_as_few_are(tmp_path: Path) -> None:
    """A large batch takes another way to the disk than a small one."""
    many = [msgspec.structs.replace(plan(), id=f"A:2022:{n}/KH-A", statements=()) for n in range(60)]
    with Graph.open(tmp_path / "at-once", write=True) as at_once, Graph.open(None) as one_by_one:
        at_once.put(many)
        for record in many:
            one_by_one.put([record])
        assert at_once.count() > 4_000
        expected = content(one_by_one)
        assert content(at_once) == expected
    with Graph.open(None) as in_memory:
        in_memory.put(many)
        assert content(in_memory) == expected


def batch() -> list[GraphRecord]:
    """So many that they are written in a thread; one of them twice, the later one holds."""
    many = [msgspec.structs.replace(plan(), id=f"A:2022:{n}/KH-A", statements=()) for n in range(60)]
    return [*many, plan(), msgspec.structs.replace(many[0], document=central().document)]


SETTLING: dict[str, Callable[[Graph, Path], object]] = {
    "commit": lambda graph, _: graph.commit(3),
    "select": lambda graph, _: graph.select("ASK {}"),
    "snapshot": lambda graph, folder: graph.snapshot(folder / "copy"),
    "put": lambda graph, _: graph.put(records()),
    "close": lambda *_: None,
}


@pytest.mark.parametrize("settling", SETTLING.values(), ids=SETTLING)
def test_a_large_batch_is_whole_whatever_needs_it_first(
    tmp_path: Path, settling: Callable[[Graph, Path], object]
) -> None:
    with Graph.open(tmp_path / "graph", write=True) as graph:
        graph.put(records())
        graph.put(batch())
        settling(graph, tmp_path)
    with Graph.open(tmp_path / "graph") as graph, Graph.open(None) as expected:
        for record in (*records(), *batch()):
            expected.put([record])
        assert content(graph) == content(expected)
    assert not list(tmp_path.glob(".*")), "the file by which the quads went is gone"


@pytest.mark.parametrize(
    "error", [KnowledgeBaseError("kho", "hỏng", ""), FileNotFoundError("hỏng"), KeyboardInterrupt("hỏng")]
)
def test_a_large_batch_that_breaks_off_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    """What its records raise is no fault of the disk."""

    def broken() -> Iterator[GraphRecord]:
        yield from batch()
        raise error

    with Graph.open(tmp_path / "graph", write=True) as graph:
        before = graph.count()
        with pytest.raises(type(error), match="hỏng"):
            graph.put(broken())
        assert graph.count() == before
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Graph.open(tmp_path / "graph", write=True) as graph:
        with monkeypatch.context() as broken:
            full = TemporaryDirectory(dir=tmp_path)
            broken.setattr(graph, "_folder_beside", lambda: full)
            (Path(full.name) / "quads.nq").symlink_to("/dev/full")
            with pytest.raises(KnowledgeBaseError, match="dọn chỗ trên đĩa"):
                graph.put(batch())
        assert not Path(full.name).exists()
        graph.put(batch())
        assert graph.count() > 4_000


def test_what_could_not_be_written_is_told_each_time(tmp_path: Path) -> None:
    graph = Graph.open(tmp_path / "graph", write=True)
    failing: Future[None] = Future()
    failing.set_exception(OSError("No space left on device"))
    graph._loading = failing, Putting(graph._store, graph.base)
    for _ in range(2):
        with pytest.raises(KnowledgeBaseError, match=r"No space left.*dọn chỗ trên đĩa"):
            graph.commit(7)
    graph.close()
    assert read_state(tmp_path / "graph") is None


def test_a_graph_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="chưa có đồ thị"):
        Graph.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


# --- asking


def test_select_shapes(graph: Graph) -> None:
    assert graph.select("ASK {}") == Table(columns=("answer",), rows=((True,),))
    table = graph.select("SELECT (1 AS ?n) (1.5 AS ?x) (true AS ?b) ('a'@vi AS ?t) ('x'^^xsd:integer AS ?bad) ?none {}")
    assert table.columns == ("n", "x", "b", "t", "bad", "none")
    assert table.rows == ((1, 1.5, True, "a", "x", None),)
    assert graph.select(f"CONSTRUCT {{ ?s td:block ?b }} {{ <{iri(PLAN)}> td:task ?s . ?s td:block ?b }}").columns == (
        "subject",
        "predicate",
        "object",
    )
    assert graph.select(f"DESCRIBE <{iri(CENTRAL)}>", ids=True).rows[0][0] == CENTRAL
    msgspec.json.encode(graph.select("SELECT * { ?s ?p ?o }"))


def test_rows_are_limited_and_say_so(graph: Graph) -> None:
    assert graph.select("SELECT * { ?s ?p ?o }", limit=5).truncated
    assert len(graph.select("SELECT * { ?s ?p ?o }", limit=5).rows) == 5
    exact = graph.select("SELECT * { VALUES ?x { 1 2 3 } }", limit=3)
    assert (len(exact.rows), exact.truncated) == (3, False)
    assert len(graph.select("SELECT * { ?s ?p ?o }", limit=None).rows) == graph.count()


def test_from_chooses_among_the_graphs_that_are_here(graph: Graph) -> None:
    query = "SELECT DISTINCT ?s FROM <{}> {{ ?s a td:Task }}"
    assert len(graph.select(query.format(iri(PLAN))).rows) == 4
    assert not graph.select(query.format(iri(CENTRAL))).rows
    assert not graph.select(query.format("http://127.0.0.1:1/remote")).rows


# --- rdflib and networkx


def test_rdflib_sees_the_same(graph: Graph) -> None:
    dataset = graph.rdf()
    found = dataset.query(f"SELECT ?t {{ <{iri(CENTRAL)}> dcterms:title ?t }}")
    assert [str(row.t) for row in found] == [central().document.header.title]
    assert len(dataset.graph(iri(PLAN) + "/links")) == len(
        [q for q in quads_of(plan()) if "links" in str(q.graph_name)]
    )


def edges(network: networkx.MultiDiGraph[str]) -> set[tuple[str, ...]]:
    return {(a, b, e["relation"], e.get("manner", "")) for a, b, e in network.edges(data=True)}


def test_networks(graph: Graph) -> None:
    documents = graph.network("documents")
    assert edges(documents) == {
        (PROVINCIAL, CENTRAL, "legal_basis", ""),
        (PROVINCIAL, CITED, "legal_basis", ""),
        (PROVINCIAL, CITED, "nested", ""),
        (PLAN, PROVINCIAL, "implements", "carry_out"),
        (PLAN, CENTRAL, "cites", ""),
        (PLAN, CITED, "cites", ""),
        (PLAN, UNKNOWN, "cites", ""),
    }
    assert documents.nodes[CENTRAL] == {
        "kind": "document",
        "title": "tiếp tục đổi mới công tác thi đua, khen thưởng",
        "date": "2014-04-07",
        "symbol": "34-CT/TW",
        "type": "Chỉ thị",
    }
    tasks = edges(graph.network("tasks"))
    assert (f"{PLAN}#III.1", CENTRAL, "implements", "disseminate") in tasks
    assert (PLAN, f"{PLAN}#IV.1", "task", "") in tasks
    units = graph.network("units")
    assert (LEADERS, f"{PLAN}#III.1", "lead", "") in edges(units)
    assert (ISSUER, PLAN, "issues", "") in edges(units)
    assert units.nodes[OFFICE] == {"kind": "unit", "label": "Văn phòng"}
    everything = graph.network()
    assert edges(everything) == edges(documents) | tasks | edges(units)


def test_long_chains_are_walked_without_recursion() -> None:
    length = 20_000
    chain = [
        GraphRecord(
            id=f"A:2020:{n}/CT-A",
            document=central().document,
            statements=(statement(f"A:2020:{n}/CT-A", "legal_basis", f"A:2020:{n + 1}/CT-A"),),
        )
        for n in range(length)
    ]
    graph = Graph.open(None)
    graph.put(chain)
    above = networkx.descendants(graph.network("documents"), "A:2020:0/CT-A")
    assert len(above) == length
    query = "SELECT (COUNT(DISTINCT ?x) AS ?n) { VALUES ?d { UNDEF } ?d eli:based_on+ ?x }"
    assert graph.select(query, {"d": iri("A:2020:0/CT-A")}).rows == ((length,),)
