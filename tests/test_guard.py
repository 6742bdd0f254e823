"""What may be asked of the graph: bound values stay values, nothing is changed or called, and a query ends in time."""

from __future__ import annotations

import socketserver
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from tests.graph_records import CENTRAL, PLAN, records
from thidua_kg.errors import InvalidQuery, KnowledgeBaseError
from thidua_kg.graph import Graph, Iri, check_read_only, iri
from thidua_kg.graph.guard import disarmed


@pytest.fixture
def graph() -> Graph:
    made = Graph.open(None)
    made.put(records())
    return made


# --- bound values


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
            "SELECT * { VALUES ?x { " + "<a:b> " * 1000 + "} }",
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


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".graph-beside-x" / "graph").mkdir(parents=True)
    Graph.open(tmp_path / "graph", write=True).close()
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_in_memory_there_is_no_time_limit(graph: Graph) -> None:
    with pytest.raises(KnowledgeBaseError, match="trong bộ nhớ"):
        graph.select("ASK {}", seconds=5)
    with pytest.raises(KnowledgeBaseError, match="trong bộ nhớ"):
        graph.snapshot(Path("nowhere"))
