"""The saved questions: their headers, that they are allowed and run, and what they answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph_records import CENTRAL, CITED, LEADERS, OFFICE, PLAN, PROVINCIAL, records
from thidua_kg.errors import InvalidQuery, UnknownName
from thidua_kg.graph import Graph, Question, Value, answer, check_read_only, iri, load_questions, questions_folder
from thidua_kg.graph.questions import read_question, shipped_questions
from thidua_kg.knowledge_base import KnowledgeBase

QUESTIONS = load_questions(questions_folder())
VALUES = {"document": CENTRAL, "unit": OFFICE, "year": "2022", "text": "khéo"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    made = Graph.open(None)
    made.put(records())
    return made


def ask(graph: Graph, name: str, **values: str) -> list[tuple[Value, ...]]:
    return list(answer(graph, QUESTIONS[name], values).rows)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) >= 10
    assert shipped_questions() == QUESTIONS


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_well_formed_and_runs(graph: Graph, question: Question) -> None:
    check_read_only(question.text)
    assert question.vi.endswith("?")
    assert question.en.endswith("?")
    for parameter in question.params:
        assert f"VALUES ?{parameter.name} {{ UNDEF }}" in question.text
    table = answer(graph, question, {p.name: VALUES[p.kind] for p in question.params})
    assert table.columns == question.columns
    assert graph.select(question.text).columns == question.columns  # with its parameters open it runs too


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        (
            "nhiem-vu-theo-chi-thi",
            {"document": CENTRAL},
            {
                (f"{PLAN}#III.1", "1. Quán triệt Chỉ thị.", PLAN, CENTRAL, "disseminate"),
                (f"{PLAN}#III.2", "2. Tổ chức phong trào.", PLAN, PROVINCIAL, "carry_out"),
            },
        ),
        (
            "don-vi-chu-tri",
            {"document": PLAN},
            {
                (f"{PLAN}#III.1", "1. Quán triệt Chỉ thị.", LEADERS, "Lãnh đạo Ban"),
                (f"{PLAN}#III.2.a", "a) Phần một.", LEADERS, "Lãnh đạo Ban"),
            },
        ),
        (
            "van-ban-can-cu",
            {"document": PROVINCIAL},
            {
                (CENTRAL, "34-CT/TW", "tiếp tục đổi mới công tác thi đua, khen thưởng", "2014-04-07"),
                (CITED, "19/CT-TTg", "tổ chức phong trào thi đua phục hồi kinh tế", "2021-07-16"),
            },
        ),
        (
            "chuoi-chi-dao",
            {"document": PROVINCIAL},
            {
                ("above", CENTRAL, "34-CT/TW", "tiếp tục đổi mới công tác thi đua, khen thưởng"),
                ("above", CITED, "19/CT-TTg", "tổ chức phong trào thi đua phục hồi kinh tế"),
                ("below", PLAN, None, "phong trào thi đua năm 2022 “của” Ban"),
            },
        ),
        ("nhiem-vu-khong-chu-tri", {"document": PLAN}, {(f"{PLAN}#IV.1", "Các phòng báo cáo.")}),
        (
            "van-ban-duoc-vien-dan-nhieu",
            {},
            {
                (CENTRAL, "34-CT/TW", "tiếp tục đổi mới công tác thi đua, khen thưởng", 2),
                (CITED, "19/CT-TTg", "tổ chức phong trào thi đua phục hồi kinh tế", 2),
                (PROVINCIAL, "16/CT-UBND", None, 1),
            },
        ),
        (
            "chi-tieu-theo-van-ban",
            {"document": PLAN},
            {(iri(PLAN) + "/target/0", "cán bộ", "all", None, 100.0, "%", "Lao động tiên tiến")},
        ),
        (
            "nhiem-vu-moi-don-vi",
            {},
            {(LEADERS, 2), (OFFICE, 2), ("unit:cac-phong", 1), ("unit:cong-doan@ban-dan-van-tinh-uy-binh-thuan", 1)},
        ),
        ("phong-trao", {"text": "VẬN KHÉO"}, {("Dân vận khéo", PLAN, None)}),
        (
            "don-vi-phoi-hop",
            {"unit": OFFICE},
            {(f"{PLAN}#III.1", "1. Quán triệt Chỉ thị.", PLAN, LEADERS, "Lãnh đạo Ban")},
        ),
        (
            "nhiem-vu-cua-don-vi",
            {"unit": OFFICE},
            {
                ("coordinate", f"{PLAN}#III.1", "1. Quán triệt Chỉ thị.", PLAN, None),
                ("advise", f"{PLAN}#III.2", "2. Tổ chức phong trào.", PLAN, None),
            },
        ),
        (
            "nhiem-vu-theo-thoi-gian",
            {"year": "2022"},
            {
                (f"{PLAN}#III.1", "1. Quán triệt Chỉ thị.", PLAN, "../2022-12-15"),
                (f"{PLAN}#III.2", "2. Tổ chức phong trào.", PLAN, "2022/2025"),
            },
        ),
        ("nhiem-vu-theo-thoi-gian", {"year": "2024"}, {(f"{PLAN}#III.2", "2. Tổ chức phong trào.", PLAN, "2022/2025")}),
        ("nhiem-vu-theo-thoi-gian", {"year": "2021"}, set()),
    ],
)
def test_answers(graph: Graph, name: str, values: dict[str, str], expected: set[tuple[Value, ...]]) -> None:
    rows = ask(graph, name, **values)
    assert set(rows) == expected
    assert len(rows) == len(expected)


def test_the_most_cited_come_first(graph: Graph) -> None:
    counts = [row[-1] for row in ask(graph, "van-ban-duoc-vien-dan-nhieu")]
    assert counts == sorted(counts, key=lambda n: -int(str(n)))


def test_an_iri_is_taken_for_its_id(graph: Graph) -> None:
    assert ask(graph, "don-vi-chu-tri", document=iri(PLAN)) == ask(graph, "don-vi-chu-tri", document=PLAN)


@pytest.mark.parametrize(
    "value", ["x> } DROP ALL #", '" } SERVICE <http://127.0.0.1:9/> {', "'''", "\\u0022", "{ UNDEF }"]
)
def test_a_value_is_never_read_as_sparql(graph: Graph, value: str) -> None:
    assert ask(graph, "phong-trao", text=value) == []
    assert ask(graph, "don-vi-chu-tri", document=value) == []


@pytest.mark.parametrize(
    ("name", "values", "error"),
    [
        ("don-vi-chu-tri", {}, InvalidQuery),
        ("don-vi-chu-tri", {"document": PLAN, "unit": "x"}, UnknownName),
        ("nhiem-vu-theo-thoi-gian", {"year": "năm nay"}, InvalidQuery),
        ("nhiem-vu-theo-thoi-gian", {"year": "22"}, InvalidQuery),
    ],
)
def test_wrong_values_are_refused(graph: Graph, name: str, values: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(graph, name, **values)


def test_questions_on_the_sample_corpus(kb: KnowledgeBase) -> None:
    tasks = kb.query("nhiem-vu-theo-chi-thi", {"document": CENTRAL})
    manners = {row[tasks.columns.index("manner")] for row in tasks.rows}
    assert {"disseminate", "carry_out"} <= manners
    chain = kb.query("chuoi-chi-dao", {"document": CENTRAL})
    assert {row[0] for row in chain.rows} >= {"below"}
    cited = kb.query("van-ban-duoc-vien-dan-nhieu")
    assert CENTRAL in {row[0] for row in cited.rows[:5]}
    assert kb.query("phong-trao", {"text": "thi đua"}).rows
    assert kb.query("nhiem-vu-theo-thoi-gian", {"year": "2022"}).rows


HEADER = "# vi: Hỏi gì?\n# en: What?\n# columns: s\n"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ?p ?o }",
        HEADER.replace("# en: What?\n", "") + "SELECT ?s { ?s ?p ?o }",
        HEADER + "# vi: Hai lần?\nSELECT ?s { ?s ?p ?o }",
        HEADER + '# param: x place "nơi"\nSELECT ?s { ?s ?p ?o }',
        HEADER + "# param: x text nơi\nSELECT ?s { ?s ?p ?o }",
        HEADER + "SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        HEADER + "DROP ALL",
    ],
)
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "hong.rq").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidQuery, match=r"^hong:"):
        load_questions(tmp_path)
    assert read_question("dung", HEADER + "SELECT ?s { ?s ?p ?o }").columns == ("s",)
