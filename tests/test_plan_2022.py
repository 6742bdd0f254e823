"""The first real plan gives exactly what its hand annotation says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import thidua_kg
from thidua_kg.knowledge_base import KnowledgeBase
from thidua_kg.model import Document
from thidua_kg.pipeline import parse


@pytest.fixture(scope="module")
def plan(shared: Path) -> Document:
    return parse(next((shared / "corpus" / "plan-2022").glob("*.txt")))


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "domain" / "seed_annotation.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def only_plan(plan: Document, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with thidua_kg.open(tmp_path_factory.mktemp("plan")) as kb:
        assert not kb.add([plan.path]).failed
        yield kb


def test_citations(plan: Document, gold: dict[str, Any]) -> None:
    found = [c for c in plan.citations if c.kind in ("numbered", "named")]
    assert [list(c.span) for c in found] == [r["span"] for r in gold["references"]]
    for citation, wanted in zip(found, gold["references"], strict=True):
        assert citation.canonical == wanted["canonical"]
        assert (citation.relation, citation.manner) == (wanted["relation"], wanted["manner"])
        assert citation.date == wanted["date"] or "date_inherited" in citation.issues
    assert sorted({c.canonical for c in found if c.canonical}) == gold["distinct_documents_with_symbol"]
    assert found[10].date == "2021-09-13"  # by its earlier mention
    assert found[10].issuer == found[11].issuer == "Ủy ban nhân dân tỉnh Bình Thuận"
    assert found[10].nested_in == found[11].nested_in == 9
    assert "party_style_for_state_issuer" in found[0].issues


ROLES = {"lead": "lead", "advisor": "advise", "executor": "perform"}


def test_tasks(plan: Document, gold: dict[str, Any]) -> None:
    tasks = [t for t in plan.tasks if t.kind == "task"]
    assert [t.id for t in tasks] == [f"III.{t['no']}" for t in gold["tasks"]]
    for task, wanted in zip(tasks, gold["tasks"], strict=True):
        for key, role in ROLES.items():
            units = [u["group"] if isinstance(u, dict) else u for u in wanted[key]]
            groups = [isinstance(u, dict) for u in wanted[key]]
            had = [a for a in task.assignments if a.role == role]
            assert [a.unit.lower() for a in had] == [u.lower() for u in units]
            assert [a.group for a in had] == groups
        times = [(t.kind, t.edtf, t.rrule) for t in task.times]
        expected: list[tuple[str, str | None, str | None]] = []
        for time in wanted["time"]:
            for rule in time.get("rrule", [None]):
                expected.append((time.get("kind", "date"), time.get("edtf"), rule))
        assert times == expected
    assert tasks[6].assignments[-1].serves == "Thường trực Tỉnh ủy"  # task 5 advises it
    assert tasks[7].products[0].text.startswith("Hướng dẫn xây dựng mô hình")


def test_duties(plan: Document) -> None:
    duties = {t.id: [(a.unit, a.role, a.force, a.duty) for a in t.assignments] for t in plan.tasks if t.kind == "duty"}
    assert list(duties) == ["IV.-1", "IV.-2", "IV.-3", "IV.-4"]
    assert [(unit, force) for unit, _, force, _ in duties["IV.-2"]] == [
        ("chi ủy", "requested"),
        ("Ban Chấp hành Công đoàn", "requested"),
    ]
    assert ("Phòng Dân vận các cơ quan nhà nước", "monitor") in {(u, duty) for u, _, _, duty in duties["IV.-4"]}


def test_targets(plan: Document, gold: dict[str, Any]) -> None:
    assert [(t.kind, t.value, t.subject) for t in plan.targets] == [
        (t["kind"], 100 if t["value"] else None, t["subject"]) for t in gold["targets"]
    ]
    assert all(t.outcome.startswith(g["object"][:20]) for t, g in zip(plan.targets, gold["targets"], strict=True))


def test_header(plan: Document) -> None:
    header = plan.header
    assert (header.type, header.system, header.symbol, header.date) == ("Kế hoạch", "party", None, None)
    assert header.issuer == "Ban Dân vận Tỉnh ủy Bình Thuận"
    assert header.place == "Bình Thuận"
    assert {"issuer", "place"} <= set(header.inferred)
    assert header.evidence["issuer"][0].text == "Ban Dân vận Tỉnh ủy ban hành Kế hoạch"
    assert header.date_not_before == "2022-02-10"
    assert header.signer is not None
    assert (header.signer.capacity, header.signer.position, header.signer.name) == (
        "KT.",
        "Phó Trưởng ban",
        "Võ Thị Mùi",
    )


def test_recipients(plan: Document, gold: dict[str, Any]) -> None:
    found = [(r.purpose, r.kind) for r in plan.header.recipients]
    assert found == [(r["purpose"].split(" (")[0], "filing" if "filing" in r else "unit") for r in gold["recipients"]]
    assert plan.header.recipients[4].text == "Lãnh đạo Ban, Chi ủy"


def test_what_task_2_implements(only_plan: KnowledgeBase, plan: Document) -> None:
    found = only_plan.implements(f"{Path(plan.path).as_posix()}#2")
    by_via = [(a.document.canonical, len(a.via)) for a in found if a.document]
    assert by_via[:5] == [
        ("43-KH/BDVTU", 0),
        ("385/KH-UBND", 0),
        ("34-KH/BDVTU", 0),
        ("16/CT-UBND", 1),
        ("4088/KH-UBND", 1),
    ]
    assert by_via[5:] == [(None, 2)]  # the congress resolution that 16/CT-UBND goes by, as task 1 says
    assert all(a.quote and a.path for a in found)


def test_find_ranks_the_cited_directive_first(only_plan: KnowledgeBase) -> None:
    found = [(a.document.canonical, a.document.date) for a in only_plan.find("Chỉ thị 34") if a.document]
    assert found[:2] == [("34-CT/TW", "2014-04-07"), ("34-CT/TW", "2024-05-24")]


def test_trace_names_the_link_and_claims_no_descent(only_plan: KnowledgeBase) -> None:
    found = only_plan.trace("Chỉ thị 34", "Kế hoạch 43")
    assert [(a.task, a.manner, a.why) for a in found] == [
        ("III.1", "disseminate", "cùng được viện dẫn trong"),
        ("III.2", "carry_out", "cùng được viện dẫn trong"),
    ]
    assert any("24/5/2024" in note for note in found.notes)


def test_who_and_due(only_plan: KnowledgeBase) -> None:
    found = only_plan.who("Phòng Dân vận các cơ quan nhà nước")
    assert {(a.task, a.role) for a in found} >= {("III.1", "advise"), ("III.3", "advise"), ("III.4.2", "advise")}
    assert {a.task for a in found} == {"III.1", "III.3", "III.4.2", "IV.-4"}
    periods = [(a.edtf, a.inferred) for a in only_plan.due()]
    assert sorted(p for p in periods if p[0]) == [
        ("2022", True),
        ("2022-02", False),
        ("2022-40", True),
        ("2022-41", True),
    ]
