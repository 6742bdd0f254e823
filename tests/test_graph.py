"""The graph: identifiers, what is written, what stays after replacing and removing, and what may be asked."""

from __future__ import annotations

import io
import socketserver
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, Store, parse

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
from thidua_kg.errors import InvalidQuery, KnowledgeBaseError
from thidua_kg.graph import Entity, Graph, GraphRecord, Iri, Table, check_read_only, id_of, iri
from thidua_kg.graph.guard import disarmed
from thidua_kg.graph.names import MANNERS, META, PREFIXES, RELATIONS, ROLES, TD
from thidua_kg.graph.quads import quads_of, quads_of_entity, shorten
from thidua_kg.model import Header

PACKAGE = Path(__file__).resolve().parents[1] / "thidua_kg"


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
    assert len(quads_of(plan())) < 150


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


def test_replacing_a_document_replaces_its_two_graphs(graph: Graph) -> None:
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
    assert len(graph.select(f"SELECT * {{ GRAPH <{META.value}> {{ ?s td:lastChange ?o }} }}").rows) == 1


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
        assert content(at_once) == content(one_by_one)


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


BOUND = "SELECT ?s ?x WHERE { VALUES ?x { UNDEF } VALUES ?s { 'một' } }"
SUBSTITUTED = "SELECT ?s ?x WHERE { VALUES ?s { 'một' } BIND(?x AS ?y) }"


@given(st.text())
@example('"} SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } VALUES ?z { "')
@example("' . ?s ?p ?o } #")
@example("\\u0022 } UNION { ?s ?p ?o")
@example("VALUES ?x { UNDEF }")
def test_a_bound_text_is_that_text_and_nothing_else(value: str) -> None:
    graph = Graph.open(None)
    for query in (BOUND, SUBSTITUTED):
        assert graph.select(query, {"x": value}).rows == (("một", value),)


def test_a_value_that_looks_like_a_place_stays_a_value() -> None:
    query = "SELECT ?a ?b { VALUES ?a { UNDEF } VALUES ?b { UNDEF } }"
    trick = 'VALUES ?b { UNDEF } "'
    assert Graph.open(None).select(query, {"a": trick, "b": "x"}).rows == ((trick, "x"),)


def test_a_string_that_looks_like_a_place_opens_no_door() -> None:
    query = "SELECT ('VALUES ?x { UNDEF } ' AS ?y) {}"
    with pytest.raises(InvalidQuery):
        Graph.open(None).select(query, {"x": "' AS ?q) { SERVICE <http://127.0.0.1:9/> {?a ?b ?c} } #"})


@pytest.mark.parametrize("value", ["a b", "a> <b", 'a"b', "", "a{b}"])
def test_a_bound_resource_must_be_an_iri(graph: Graph, value: str) -> None:
    with pytest.raises(InvalidQuery):
        graph.select(BOUND, {"x": Iri(value)})


@pytest.mark.parametrize("name", ["a b", "?x", "", "x } {"])
def test_a_parameter_must_have_a_name(graph: Graph, name: str) -> None:
    with pytest.raises(InvalidQuery):
        graph.select(BOUND, {name: "v"})


def test_a_parameter_without_a_place_must_be_selected(graph: Graph) -> None:
    with pytest.raises(InvalidQuery, match="SELECT") as caught:
        graph.select("SELECT ?p { ?s ?p ?o }", {"s": iri(PLAN)})
    assert caught.value.remedy
    assert graph.select("SELECT ?s ?p { ?s ?p ?o }", {"s": iri(PLAN)}).rows


# --- the guard


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    calls = 0


@pytest.fixture(scope="module")
def listener() -> Iterator[_Listener]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            server.calls += 1

    with _Listener(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


CALLS = [  # each calls out if pyoxigraph gets it as it stands; <U> is a listening address
    "SELECT * { SERVICE <U> { ?a ?b ?c } }",
    "select * { service<U>{ ?a ?b ?c } }",
    "SELECT * { SERVICE SILENT <U> { ?a ?b ?c } }",
    "SELECT * { { { { SERVICE <U> { ?a ?b ?c } } } } }",
    "SELECT * { { SELECT * { { SELECT ?a { SERVICE <U> { ?a ?b ?c } } } } } }",
    "SELECT * { VALUES ?x { 1 } OPTIONAL { SERVICE <U> { ?a ?b ?c } } }",
    "SELECT * { { VALUES ?x { 1 } } UNION { SERVICE <U> { ?a ?b ?c } } }",
    "SELECT * { VALUES ?x { 1 } MINUS { SERVICE <U> { ?x ?b ?c } } }",
    "SELECT * { VALUES ?x { 1 } FILTER EXISTS { SERVICE <U> { ?a ?b ?c } } }",
    "SELECT * { VALUES ?x { 1 } FILTER NOT EXISTS { SERVICE <U> { ?a ?b ?c } } }",
    "SELECT (EXISTS { SERVICE <U> { ?a ?b ?c } } AS ?x) {}",
    "SELECT * { VALUES ?x { 1 } BIND(EXISTS { SERVICE <U> { ?a ?b ?c } } AS ?y) }",
    "SELECT ?x { VALUES ?x { 1 } } ORDER BY (EXISTS { SERVICE <U> { ?a ?b ?c } })",
    "SELECT ?x { VALUES ?x { 1 } } GROUP BY ?x HAVING (EXISTS { SERVICE <U> { ?a ?b ?c } })",
    "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?a ?b ?c } }",
    "ASK { SERVICE <U> { ?a ?b ?c } }",
    "CONSTRUCT { ?a ?b ?c } WHERE { SERVICE <U> { ?a ?b ?c } }",
    "DESCRIBE ?a { SERVICE <U> { ?a ?b ?c } }",
    # rdflib reads a comment up to the line feed, pyoxigraph up to the carriage return
    "SELECT * { # \r SERVICE <U> { ?a ?b ?c }\n}",
    # rdflib undoes the escape first and sees \" within a string, pyoxigraph sees the string end
    "SELECT * { BIND('\\u005C' AS ?s) SERVICE <U> { ?a ?b ?c } BIND('' AS ?t) }",
    "PREFIX p: <U> SELECT * { SERVICE p: { ?a ?b ?c } }",
]


def _address(listener: _Listener) -> str:
    return f"http://127.0.0.1:{listener.server_address[1]}/"


@pytest.mark.parametrize("query", CALLS)
def test_nothing_is_called(graph: Graph, listener: _Listener, query: str) -> None:
    hostile = query.replace("<U>", f"<{_address(listener)}>")
    before = listener.calls
    with pytest.raises(InvalidQuery):
        check_read_only(hostile)
    with pytest.raises(InvalidQuery):
        graph.select(hostile)
    with pytest.raises(SyntaxError):  # the second lock holds by itself
        list(Store().query(disarmed(hostile)))
    assert listener.calls == before


@pytest.mark.parametrize("query", CALLS[:4] + CALLS[-3:])
def test_these_would_call(listener: _Listener, query: str) -> None:
    before = listener.calls
    with suppress(OSError, SyntaxError):
        list(Store().query(query.replace("<U>", f"<{_address(listener)}>")))
    assert listener.calls > before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ('SERVICE <http://a.example/> { }' AS ?x) {}",
        'SELECT ("""LOAD\nSERVICE""" AS ?x) {}',
        "SELECT * { ?a ?b ?c } # SERVICE, INSERT",
        "SELECT * { <http://a.example/service/LOAD> ?b ?c }",
        "PREFIX s: <http://a.example/Service#>\r\nSELECT * { s:x ?b ?c }",
        "SELECT ?load ?insert { ?load ?insert 'DROP ALL' }",
    ],
)
def test_words_in_strings_comments_and_iris_are_harmless(graph: Graph, query: str) -> None:
    check_read_only(query)
    graph.select(query)


def test_a_literal_is_the_same_behind_the_second_lock(graph: Graph) -> None:
    query = "SELECT ('Service SERVICE sErViCe' AS ?x) (STR(<http://a.example/service>) AS ?y) {}"
    assert graph.select(query).rows == (("Service SERVICE sErViCe", "http://a.example/service"),)


REFUSED = [
    ("INSERT DATA { <a:a> <a:b> <a:c> }", "sửa đổi"),
    ("DELETE WHERE { ?s ?p ?o }", "sửa đổi"),
    ("DROP ALL", "sửa đổi"),
    ("CLEAR GRAPH <a:a>", "sửa đổi"),
    ("LOAD <http://127.0.0.1:9/x>", "sửa đổi"),
    ("PREFIX a: <a:> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "sửa đổi"),
    ("SELECT * { ?s ?p ?o } ; DROP ALL", "sai cú pháp"),
    ("", "rỗng"),
    (" \n ", "rỗng"),
    ("# chỉ có ghi chú", "sai cú pháp"),
    ("SELECT ?x { ?x ?service ?y }", "service"),
    ("PREFIX my_service: <a:> SELECT * { my_service:x ?b ?c }", "service"),
    ("SELECT * { ?a ?b '\\u0041' }", "mã thoát"),
    ("SELECT * { ?a ?b ?c \u2028 }", "U\\+2028"),
    ("SELECT * { ?a ?b \x00 }", "U\\+0000"),
    ("SELECT * {" + "{" * 60 + "}" * 60 + "}", "quá dài"),
    ("SELECT * {" + "{" * 5000 + "}" * 5000 + "}", "quá dài"),
    ("SELECT * { FILTER(" + "(" * 400 + "1" + ")" * 400 + ") }", "quá dài"),
    ("SELECT * { ?a ?b " + "[ ?p " * 300 + "?c" + "]" * 300 + "}", "quá dài"),
    ("SELECT * { FILTER(" + " && ".join(["?a=?b"] * 300) + ") }", "quá dài"),
    ("SELECT * { ?a " + "/".join(["<a:b>"] * 300) + " ?c }", "quá dài"),
    ("SELECT * { " + " UNION ".join(["{}"] * 300) + " }", "quá dài"),
    ("SELECT * { ?a ?b '" + "x" * 20_001 + "' }", "quá dài"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "why"), REFUSED, ids=range(len(REFUSED)))
def test_refused(graph: Graph, query: str, why: str) -> None:
    with pytest.raises(InvalidQuery, match=why):
        check_read_only(query)
    with pytest.raises(InvalidQuery, match=why):
        graph.select(query)


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n  ?s ?p ?o\n  FILTER(?o = )\n}", 3, 3),
        ("SELECT * { ?s ?p ?o }}", 1, 22),
        ("SELEC * { }", 1, 1),
        ("SELECT ?x\nWHERE ?x ?y ?z", 2, 7),
        ("SELECT * { ?s ?p\r\n ?o ", 2, 5),
        ("SELECT * { LATERAL { ?a ?b ?c } }", 1, 12),
    ],
)
def test_a_wrong_query_is_refused_with_its_place(query: str, line: int, column: int) -> None:
    with pytest.raises(InvalidQuery, match=f"^SPARQL: dòng {line}, cột {column}: sai cú pháp"):
        check_read_only(query)


@pytest.mark.parametrize(
    "query", ["SELECT * { ?a foo:bar ?c }", "SELECT (<a:f>(1) AS ?x) {}", "SELECT ?a ?b { ?a ?b ?c } GROUP BY ?a"]
)
def test_what_only_the_engine_refuses(graph: Graph, query: str) -> None:
    check_read_only(query)
    with pytest.raises(InvalidQuery):
        graph.select(query)


fragments = st.lists(
    st.sampled_from(
        [
            "SELECT",
            "*",
            "?x",
            "{",
            "}",
            "WHERE",
            "SERVICE",
            "<http://127.0.0.1:9/>",
            "'",
            '"',
            "#",
            "\n",
            "\r",
            "\\u0022",
            "FILTER",
            "(",
            ")",
            ".",
            "EXISTS",
            "VALUES",
            "UNION",
            "ASK",
            "a:b",
            "1",
            " ",
            "LOAD",
            "INSERT",
            "DATA",
        ]
    ),
    max_size=25,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(fragments | st.text(max_size=60))
def test_any_text_is_answered_or_refused(query: str) -> None:
    graph = Graph.open(None)
    with suppress(InvalidQuery):
        assert len(graph.select(query, limit=10).rows) <= 10


def test_the_largest_queries_that_are_allowed_do_not_kill_the_engine() -> None:
    """In a thread with a stack of 1 MB, as Windows gives; run apart, since a full stack ends the process."""
    script = textwrap.dedent("""
        import threading
        from thidua_kg.graph import Graph
        queries = [
            "SELECT * { FILTER(" + " && ".join(["?a=?b"] * 199) + ") }",
            "SELECT * { " + " UNION ".join(["{ ?a ?b ?c }"] * 199) + " }",
            "SELECT * { " + " ".join(["OPTIONAL { ?a <a:p> ?c }"] * 199) + " }",
            "SELECT * { VALUES ?x { " + "<a:b> " * 1500 + "} }",
            "SELECT * {" + "{" * 18 + "?a ?b ?c" + "}" * 18 + "}",
        ]
        def ask():
            graph = Graph.open(None)
            for query in queries:
                graph.select(query, limit=1)
            print("done")
        threading.stack_size(1024 * 1024)
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr


# --- the time limit


@pytest.mark.parametrize("write", [False, True])
def test_a_query_ends_with_its_time(tmp_path: Path, write: bool) -> None:
    with Graph.open(tmp_path / "graph", write=True) as made:
        made.put(records())
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with Graph.open(tmp_path / "graph", write=write) as graph:
        named = {"x": iri(CENTRAL)}
        query = "SELECT ?x ?t { VALUES ?x { UNDEF } ?x dcterms:title ?t }"
        assert graph.select(query, named, seconds=60, ids=True) == graph.select(query, named, ids=True)
        with pytest.raises(InvalidQuery, match="giây"):
            graph.select(endless, seconds=0.8)
        with pytest.raises(InvalidQuery, match="SERVICE"):
            graph.select(CALLS[0], seconds=60)
        with pytest.raises(InvalidQuery, match="tiền tố"):
            graph.select("SELECT * { ?a foo:bar ?c }", seconds=60)
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_in_memory_there_is_no_time_limit(graph: Graph) -> None:
    with pytest.raises(KnowledgeBaseError, match="trong bộ nhớ"):
        graph.select("ASK {}", seconds=5)
    with pytest.raises(KnowledgeBaseError, match="trong bộ nhớ"):
        graph.snapshot(Path("nowhere"))


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


# --- the ontology and the shapes


def ontology() -> list[Quad]:
    return list(parse((PACKAGE / "ontology.ttl").read_bytes(), RdfFormat.TURTLE))


def test_every_own_term_is_declared_and_named_in_two_languages(graph: Graph) -> None:
    labels: dict[str, set[str]] = {}
    for quad in ontology():
        if quad.predicate.value == PREFIXES["rdfs"] + "label":
            labels.setdefault(quad.subject.value, set()).add(quad.object.language)
    own = {
        term.value for term in (*RELATIONS.values(), *MANNERS.values(), *ROLES.values()) if term.value.startswith(TD)
    }
    written = {v for row in graph.stream("SELECT ?s ?p ?o { ?s ?p ?o }") for v in row if str(v).startswith(TD)}
    assert written - {TD.rstrip("#")} <= labels.keys()
    assert own <= labels.keys()
    assert all(languages == {"vi", "en"} for languages in labels.values())


def test_every_declared_property_is_written(graph: Graph) -> None:
    """By the hand-made records, or because it is the twin of one that they write."""
    graph.commit(1)
    declared = {
        q.subject.value for q in ontology() if q.predicate.value.endswith("type") and "Property" in str(q.object)
    }
    written = {row[0] for row in graph.stream("SELECT DISTINCT ?p { ?s ?p ?o }")}
    twins = {term.value for term in (*RELATIONS.values(), *MANNERS.values())}
    rare = {TD + name for name in ("printedSymbol", "decidedBy", "secrecy", "handling", "provision", "comparator")}
    assert declared - written - twins == rare


def test_shapes(graph: Graph) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    rdflib = pytest.importorskip("rdflib")
    shapes = rdflib.Graph().parse(PACKAGE / "shapes.ttl")
    written = io.BytesIO()
    graph.dump("nt", written)
    data = rdflib.Graph().parse(data=written.getvalue(), format="nt")
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, report
    unit = rdflib.URIRef(TD + "unit")
    data.remove((next(data.subjects(unit)), unit, None))
    assert not pyshacl.validate(data, shacl_graph=shapes)[0]
