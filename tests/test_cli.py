"""The command line keeps the contract: output, exit status, messages that name the file and the remedy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLAN = "bdvtu-2022-ke-hoach-thi-dua.md"


def thidua(*words: str | Path, kb: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    kept = {**os.environ, **({"THIDUA_KB": str(kb)} if kb else {}), **environment}
    return subprocess.run(
        [sys.executable, "-m", "thidua_kg", *map(str, words)], capture_output=True, env=kept, check=False
    )


def lines(run: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]


def test_parse_prints_one_document_a_line_in_order(corpus: Path) -> None:
    names = ["tw-2014-chi-thi-34.txt", PLAN]
    run = thidua("parse", *(corpus / name for name in names), "--format", "json")
    assert run.returncode == 0
    found = lines(run)
    assert [Path(d["path"]).name for d in found] == names
    for document in found:
        text = document["text"]
        assert text == (corpus / Path(document["path"]).name).read_text("utf-8")
        for block in document["blocks"]:
            assert set(block) >= {"id", "kind", "number", "parent", "span", "title"}
        for citation in document["citations"]:
            assert text[slice(*citation["span"])] == citation["text"]
        for task in document["tasks"]:
            for assignment in task["assignments"]:
                assert set(assignment) >= {
                    "unit",
                    "unit_id",
                    "role",
                    "force",
                    "duty",
                    "for",
                    "group",
                    "span",
                    "inherited_from",
                }


def test_search_prints_a_line_for_each_hit_and_with_facets_for_each_value(folder: Path) -> None:
    def searched(*options: str) -> list[dict[str, Any]]:
        return lines(thidua("search", "thi đua", "--limit", "3", "--json", *options, kb=folder))

    hits, more = searched(), searched("--facets")
    assert len(hits) == 3
    assert more[:3] == hits
    counted = {(row["facet"], row["value"]): row["count"] for row in more[3:]}
    assert {facet for facet, _ in counted} == {"type", "issuer", "year", "unit"}
    assert len(searched("--type", "Chỉ thị", "--limit", "100")) == counted["type", "Chỉ thị"]
    assert not any(row.get("document") for row in more[3:])


def test_parse_goes_on_after_a_bad_file(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "rong.txt").write_bytes(b"")
    (tmp_path / "khong-utf8.txt").write_bytes(b"K\xe9 ho\xe2ch")
    run = thidua(
        "parse", tmp_path / "rong.txt", tmp_path / "khong-utf8.txt", tmp_path / "khong-co.txt", tmp_path, corpus / PLAN
    )
    assert run.returncode == 1
    assert len(lines(run)) == 1
    said = run.stderr.decode("utf-8").splitlines()
    assert len(said) == 4
    for line, name, why in zip(
        said,
        ["rong.txt", "khong-utf8.txt", "khong-co.txt", str(tmp_path)],
        ["rỗng", "UTF-8", "không có", "thư mục"],
        strict=True,
    ):
        assert line.startswith("thidua: ")
        assert name in line
        assert why in line


BAD: list[tuple[list[str], int, str]] = [
    (["implements", "Kế hoạch 999999"], 1, "chưa thấy"),
    (["implements", f"{PLAN}#77"], 1, "không có nhiệm vụ này"),
    (["who", "Phòng Dân vận các cơ quan nhà nướ"], 1, "gần nhất"),
    (["search", '"thi đua'], 2, "vị trí"),
    (["search", "((("], 2, "vị trí"),
    (["sparql", "select * where { ?s ?p "], 2, "dòng"),
    (["sparql", "insert data { <a:a> <a:b> <a:c> }"], 2, "chỉ đọc"),
    (["sparql", "select * { service <http://127.0.0.1:9/> { ?s ?p ?o } }"], 2, "SERVICE"),
    (["sparql", "load <http://127.0.0.1:9/x>"], 2, "chỉ"),
    (["query", "khong-co-cau-nay"], 1, "không có câu hỏi này"),
    (["symbol", "không phải"], 1, "không phải số, ký hiệu"),
    (["show", "19/CT-TTg năm 1999"], 1, "chưa thấy"),
    (["remove", "Kế hoạch 999999"], 1, "chưa thấy"),
    (["due", "--from", "hôm nay"], 2, "2022-01-31"),
    (["khong-co-lenh"], 2, ""),
]


@pytest.mark.parametrize(
    ("words", "status", "said"), BAD, ids=lambda value: " ".join(value) if isinstance(value, list) else None
)
def test_what_cannot_be_done_is_said(folder: Path, words: list[str], status: int, said: str) -> None:
    run = thidua(*words, kb=folder)
    message = run.stderr.decode("utf-8")
    assert run.returncode == status
    assert "Traceback" not in message
    assert said in message
    assert not run.stdout.strip()


def test_a_missing_or_newer_knowledge_base(tmp_path: Path) -> None:
    run = thidua("find", "Chỉ thị 34", kb=tmp_path / "khong-co")
    assert run.returncode == 1
    assert "chưa có kho" in run.stderr.decode("utf-8")
    assert not (tmp_path / "khong-co").exists()


QUESTIONS: list[list[str]] = [
    ["find", "Chỉ thị 34"],
    ["search", "thi đua"],
    ["ls"],
    ["implements", f"{PLAN}#2"],
    ["implemented-by", "34-CT/TW năm 2014"],
    ["trace", "Chỉ thị 34", "Kế hoạch 43"],
    ["who", "Lãnh đạo Ban"],
    ["responsible", f"{PLAN}#4.2"],
    ["due", "--from", "2022-01-01", "--to", "2022-12-31"],
]


@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[0])
def test_every_question_has_json_and_a_table(folder: Path, words: list[str]) -> None:
    machine = thidua(*words, "--json", kb=folder)
    assert machine.returncode == 0
    rows = lines(machine)
    assert rows
    assert all(row["document"] for row in rows)
    people = thidua(*words, kb=folder)
    assert people.returncode == 0
    assert "Văn bản" in people.stdout.decode("utf-8")
    assert "Document" in thidua("--english", *words, kb=folder).stdout.decode("utf-8")


def test_strict_refuses_what_several_documents_answer_to(folder: Path) -> None:
    run = thidua("implements", "Chỉ thị 34", "--strict", kb=folder)
    assert run.returncode == 1
    assert "có thể chỉ nhiều văn bản" in run.stderr.decode("utf-8")
    told = thidua("implements", "Chỉ thị 34", kb=folder)
    assert told.returncode == 0
    assert "24/5/2024" in told.stderr.decode("utf-8")


def test_symbol() -> None:
    run = thidua("symbol", "34/CT-TW", "154 & 201/KH-ĐHHV", "--json")
    assert [row["canonical"] for row in lines(run)] == ["34-CT/TW", "154/KH-ĐHHV", "201/KH-ĐHHV"]


@pytest.mark.parametrize("form", ["ttl", "jsonld", "graphml", "csv"])
def test_export(folder: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"kho.{form}"
    run = thidua("export", form, "-o", target, kb=folder)
    assert run.returncode == 0, run.stderr.decode("utf-8")
    assert target.exists()
    (tmp_path / "tep").write_text("đã có")
    refused = thidua("export", form, "-o", tmp_path / "tep" / "x", kb=folder)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr.decode("utf-8")


def test_a_console_of_another_encoding_is_no_obstacle(folder: Path) -> None:
    run = thidua("ls", kb=folder, PYTHONIOENCODING="ascii")
    assert run.returncode == 0
    assert lines(thidua("ls", "--json", kb=folder, PYTHONIOENCODING="ascii"))


def test_demo() -> None:
    run = thidua("demo")
    shown = run.stdout.decode("utf-8")
    assert run.returncode == 0
    for command in ("search", "implements", "who", "trace"):
        assert f"$ thidua {command}" in shown
    assert "cùng được viện dẫn" in shown
