"""Words that users add: what they change, what they leave alone, and what is wrong with a row."""

from __future__ import annotations

from pathlib import Path

import pytest

import thidua_kg
from tests.test_cli import lines, thidua
from tests.test_works import plan, put
from thidua_kg.errors import KnowledgeBaseError, UnreadableSource
from thidua_kg.knowledge_base import KnowledgeBase

TABLE = """kind;name;alias;into;date;group;within;symbol;type;issuer;place;title
alias;Văn phòng Ban;VP Ban;;;;;;;;;
merger;Phòng Đoàn thể và các hội;;Phòng Dân vận;01/3/2025;;Bình Thuận;;;;;
member;Phòng Dân vận;;;;Lãnh đạo Ban;Bình Thuận;;;;;
member;Phòng Dân vận;;;;Lãnh đạo Ban;Lâm Đồng;;;;;
unit;Tổ giúp việc;;;;;;;;;;
document;;;;2014-04-07;;;34-CT/TW;Chỉ thị;Bộ Chính trị;;tiếp tục đổi mới
sai;x;;;;;;;;;;
merger;A;;B;;;;;;;;
alias;A;A;;;;;;;;;
merger;A;;B;32/13/2024;;;;;;;
document;;;;;;;không;;;;
"""


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    opened = thidua_kg.open(tmp_path / "kho")
    other = plan(
        "44-KH/BDVTU",
        title="việc khác",
        body="1. Giao VP Ban mở sổ theo dõi trong tháng 3/2022.\n\n* Chủ trì: VP Ban.\n",
    )
    opened.add([put(tmp_path, "a.txt", plan()), put(tmp_path, "b.txt", other)])
    return opened


def test_a_table_is_kept_and_its_bad_rows_are_named(kb: KnowledgeBase, tmp_path: Path) -> None:
    report = kb.add_vocabulary(put(tmp_path, "tu.csv", TABLE))
    assert (report.added, [f.path.rsplit(" ", 1)[1] for f in report.failed]) == (6, ["8", "9", "10", "11", "12"])
    assert all(f.why for f in report.failed)
    again = kb.add_vocabulary(tmp_path / "tu.csv")
    assert (again.added, again.unchanged) == (0, 6)
    assert {version for _, version in kb.vocabulary()} == {1}


def test_only_documents_that_mention_it_change(kb: KnowledgeBase, tmp_path: Path) -> None:
    change = kb.stats()["change"]
    kb.add_vocabulary(put(tmp_path, "tu.csv", "kind,name,alias\nalias,Văn phòng Ban,VP Ban\n"))
    assert [c.document for c in kb._store.changes_since(change)] == ["BDVTU.binh-thuan:2022:44-KH/BDVTU"]
    ids = {a.unit_id for a in kb.who("VP Ban")}
    assert len(ids) == 1
    ((word, _),) = kb.vocabulary()
    kb.remove_vocabulary([word.id])
    assert len({a.unit_id for a in kb.who("VP Ban")}) == 1
    assert not ids & {a.unit_id for a in kb.who("VP Ban")}
    with pytest.raises(KnowledgeBaseError, match="không có dòng"):
        kb.remove_vocabulary([word.id])


def test_who_follows_aliases_mergers_and_groups_one_hop(kb: KnowledgeBase, tmp_path: Path) -> None:
    kb.add_vocabulary(put(tmp_path, "tu.csv", TABLE))
    answers = kb.who("Phòng Dân vận")
    assert [(a.unit, a.section) for a in answers][-1] == ("Lãnh đạo Ban", "group")
    assert all("qua nhóm" in (a.why or "") for a in answers if a.section == "group")
    merged = [a for a in answers if a.unit == "Phòng Đoàn thể và các hội"]
    assert merged
    assert all("từ ngày 01/3/2025" in (a.why or "") for a in merged)
    office = kb.who("Văn phòng Ban")
    assert {a.unit for a in office} == {"Văn phòng Ban", "VP Ban"}
    assert [a.section for a in office] == sorted((a.section or "" for a in office), key=("own", "open", "group").index)


def test_a_known_document_settles_citations_and_goes_again(kb: KnowledgeBase, tmp_path: Path) -> None:
    text = plan(
        "45-KH/BDVTU",
        title="việc ba",
        body="Căn cứ Kế hoạch số 7788/KH-UBND ngày 05/01/2021 của UBND tỉnh Bình Thuận, Ban xây dựng kế hoạch.\n",
    )
    kb.add([put(tmp_path, "c.txt", text)])

    def verdict() -> str:
        return next(c.verdict for c in kb.show("45-KH/BDVTU").citations if c.canonical == "7788/KH-UBND")

    assert verdict() == "unknown"
    kb.add_vocabulary(
        put(
            tmp_path,
            "tu.csv",
            "kind,symbol,type,issuer,place,date,title\ndocument,7788/KH-UBND,Kế hoạch,UBND tỉnh Bình Thuận,Bình Thuận,2021-01-05,x\n",
        )
    )
    assert verdict() == "linked"
    kb.remove_vocabulary([word.id for word, _ in kb.vocabulary()])
    assert verdict() == "unknown"


def test_a_workbook_reads_as_its_table(kb: KnowledgeBase, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import date

    book = openpyxl.Workbook()
    book.active.append(["kind", "name", "into", "date"])
    book.active.append(["merger", "Phòng Đoàn thể và các hội", "Phòng Dân vận", date(2025, 3, 1)])
    book.active.append(["merger", "A", None, None])
    book.save(tmp_path / "tu.xlsx")
    report = kb.add_vocabulary(tmp_path / "tu.xlsx")
    assert (report.added, len(report.failed)) == (1, 1)
    assert kb.vocabulary()[0][0].date == "2025-03-01"
    for bad in (b"", b"PK\x03\x04 not a zip", b"kind,name"):
        (tmp_path / "hong.xlsx").write_bytes(bad)
        with pytest.raises(UnreadableSource):
            kb.add_vocabulary(tmp_path / "hong.xlsx")


@pytest.mark.parametrize("text", ["name,alias\na,b\n", "\n", "kind\n" + "x" * 30])
def test_what_is_no_table(kb: KnowledgeBase, tmp_path: Path, text: str) -> None:
    path = put(tmp_path, "tu.csv", text)
    if text.startswith("kind"):
        assert kb.add_vocabulary(path).failed
    else:
        with pytest.raises(UnreadableSource):
            kb.add_vocabulary(path)


def test_the_command_line(tmp_path: Path) -> None:
    kho = tmp_path / "kho"
    run = thidua("vocab", "add", put(tmp_path, "tu.csv", TABLE), kb=kho)
    assert run.returncode == 1
    assert "dòng 8" in run.stderr.decode("utf-8")
    listed = lines(thidua("vocab", "ls", "--json", kb=kho))
    assert len(listed) == 6
    assert thidua("vocab", "remove", listed[0]["id"], kb=kho).returncode == 0
    assert len(lines(thidua("vocab", "ls", "--json", kb=kho))) == 5
    assert thidua("vocab", "remove", "khong-co", kb=kho).returncode == 1
