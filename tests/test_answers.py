"""Questions to the sample corpus and what must come back."""

from __future__ import annotations

from pathlib import Path

import pytest

import thidua_kg
from thidua_kg.answers.records import period, summary
from thidua_kg.errors import AmbiguousName, UnknownName
from thidua_kg.knowledge_base import KnowledgeBase

PLAN = "bdvtu-2022-ke-hoach-thi-dua.md"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Chỉ thị 34", ("34-CT/TW", "2014-04-07")),
        ("chi thi 34", ("34-CT/TW", "2014-04-07")),
        ("CT34", ("34-CT/TW", "2014-04-07")),
        ("34/CT-TW", ("34-CT/TW", "2014-04-07")),
        ("34/ct-tw năm 2024", ("34-CT/TW", "2024-05-24")),
        ("Chỉ thị 34 nhà ở xã hội", ("34-CT/TW", "2024-05-24")),
        ("KH 43 của Ban Dân vận", ("43-KH/BDVTU", "2022-01-27")),
        ("kế hoạch 385 Hà Tĩnh", ("385/KH-UBND", "2020-10-22")),
        ("kế hoạch 385 Bình Thuận", ("385/KH-UBND", "2022-02-10")),
        ("luật thi đua khen thưởng năm 2022", ("06/2022/QH15", "2022-06-15")),
        ("NQ TW4 khóa XII", ("04-NQ/TW", "2016-10-30")),
    ],
)
def test_find(kb: KnowledgeBase, name: str, first: tuple[str, str]) -> None:
    found = kb.find(name)
    assert found
    document = found[0].document
    assert document is not None
    assert (document.canonical, document.date) == first
    assert found[0].why


def test_a_bare_number_in_two_provinces_has_rivals(kb: KnowledgeBase) -> None:
    held = {a.document.id for a in kb.find("385/KH-UBND") if a.document and a.document.held}
    assert held == {"UBND.binh-thuan:2022:385/KH-UBND", "UBND.ha-tinh:2020:385/KH-UBND"}
    with pytest.raises(AmbiguousName, match="có thể chỉ nhiều văn bản"):
        kb.implements("385/KH-UBND", strict=True)


def test_an_unknown_name_suggests_the_nearest(kb: KnowledgeBase) -> None:
    with pytest.raises(UnknownName, match="gần nhất"):
        kb.implements("Kế hoạch phong trào thi đua chưa từng có")
    with pytest.raises(UnknownName, match="Phòng Dân vận các cơ quan nhà nước"):
        kb.who("Phòng Dân vận các cơ quan nhà nướ")
    with pytest.raises(UnknownName, match="có: "):
        kb.responsible(f"{PLAN}#99")


def test_implements_goes_up_only_what_texts_say(kb: KnowledgeBase) -> None:
    direct = [a.document.canonical for a in kb.implements(f"{PLAN}#2", direct=True) if a.document]
    assert direct == ["43-KH/BDVTU", "385/KH-UBND", "34-KH/BDVTU"]
    closure = {(a.document.canonical, a.document.date) for a in kb.implements("214/KH-SNV") if a.document}
    assert {("385/KH-UBND", "2022-02-10"), ("02/CT-UBND", "2022-02-09"), ("16/CT-UBND", "2021-09-13")} <= closure
    for answer in kb.implements("214/KH-SNV"):
        assert answer.quote
        assert answer.path
        assert answer.span is not None
        text = kb.show(answer.source or "").text
        assert " ".join(text[slice(*answer.span)].split()) == answer.quote


def test_implemented_by_is_the_way_back(kb: KnowledgeBase) -> None:
    for name in ("16/CT-UBND năm 2021", "385/KH-UBND Bình Thuận", "02/CT-UBND Bình Thuận"):
        for answer in kb.implemented_by(name, direct=True):
            if answer.document is None or not answer.document.held:
                continue
            target = answer.document.id + (f"#{answer.task}" if answer.task else "")
            wanted = kb.find(name)[0].document
            assert wanted is not None
            assert wanted.id in {a.document.id for a in kb.implements(target, direct=True) if a.document}


def test_trace_between_two_documents(kb: KnowledgeBase) -> None:
    found = kb.trace("Chỉ thị 34", "Kế hoạch 43")
    tasks = {(a.task, a.manner) for a in found if a.why and a.why.startswith("cùng được viện dẫn")}
    assert {("III.1", "disseminate"), ("III.2", "carry_out")} <= tasks
    assert any("24/5/2024" in note for note in found.notes)
    path = [a for a in kb.trace("19/CT-TTg", "82-KH/BDVTU") if a.why and a.why.startswith("đường dẫn")]
    assert [(a.document.canonical, a.relation, a.why) for a in path if a.document] == [
        ("82-KH/BDVTU", "implements", "đường dẫn, bước 1"),
        ("34-KH/BDVTU", "implements", "đường dẫn, bước 2"),
        ("16/CT-UBND", "implements", "đường dẫn, bước 3"),
    ]
    joined = kb.trace("16/CT-UBND năm 2021", "214/KH-SNV")
    assert not [a for a in joined if a.why and a.why.startswith("đường dẫn")], (
        "a title that names a directive is no descent"
    )


def test_due_keeps_periods_as_periods(kb: KnowledgeBase) -> None:
    found = kb.due(since="2022-01-01", until="2022-12-31")
    assert found
    for answer in found:
        if answer.inferred and "DAY" not in (answer.rrule or ""):
            assert len(answer.edtf or "") <= 7, "no day is invented for a recurrence that names none"
    assert kb.due(since="1990-01-01", until="1990-12-31").notes


def test_due_tells_the_day_of_a_report_from_the_day_of_the_task(tmp_path: Path) -> None:
    written = tmp_path / "kế hoạch.txt"
    written.write_text(
        "UBND TỈNH HẢI LĂNG\nSố: 7/KH-UBND\nHải Lăng, ngày 03 tháng 02 năm 2025\n\nKẾ HOẠCH\nRà soát kho lưu trữ năm 2025\n\n"
        "II. NHIỆM VỤ\n1. Giao Sở Nội vụ rà soát kho lưu trữ xong trước ngày 30/9/2025; báo cáo kết quả về Ủy ban nhân dân tỉnh"
        " trước ngày 15/12/2025.\n",
        "utf-8",
    )
    with thidua_kg.open(tmp_path / "kho") as opened:
        opened.add([written])
        found = [(summary(a)["times"], a.why, a.duty) for a in opened.due()]
        graph = "SELECT ?p ?d { ?t ?p ?d FILTER(STRENDS(STR(?p), 'eadline')) }"
        rdf = {(row[0].rpartition("#")[2].rpartition("/")[2], row[1]) for row in opened.sparql(graph).rows}
    assert found == [
        ("đến 30/9/2025", "thời hạn", None),
        ("đến 15/12/2025", "hạn báo cáo", "report"),
    ]
    assert rdf == {("deadline", "../2025-09-30"), ("reportDeadline", "../2025-12-15")}


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        (None, ""),
        ("2022", "năm 2022"),
        ("2022-02", "tháng 02/2022"),
        ("2022-02-01", "01/02/2022"),
        ("2022-34", "quý II/2022"),
        ("2022-41", "6 tháng cuối năm 2022"),
        ("../2025-12-05", "đến 05/12/2025"),
        ("2024-06-01/..", "từ 01/6/2024"),
        ("2021/2025", "năm 2021 – năm 2025"),
        ("2022-01/2022-03", "tháng 01/2022 – tháng 3/2022"),
    ],
)
def test_a_period_is_said_as_in_vietnam(edtf: str | None, said: str) -> None:
    assert period(edtf) == said


LETTER = """TỔNG CỤC THUẾ
CỤC THUẾ TỈNH AN GIANG                     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
                                           Độc lập - Tự do - Hạnh phúc
Số: {number}/CT-NVT                        An Giang, ngày 03 tháng 4 năm 2023

Kính gửi: Các tổ chức tín dụng trên địa bàn tỉnh

Cục Thuế tỉnh đề nghị các tổ chức tín dụng gửi số liệu trước ngày 15 tháng 4 năm 2023.

                                           CỤC TRƯỞNG
                                           Lê Văn Bảy
"""


def test_a_code_that_looks_like_another_type_hides_no_document(tmp_path: Path) -> None:
    """Letters of a Cục Thuế are numbered "/CT-", which elsewhere is a directive's code."""
    (tmp_path / "cong-van.txt").write_text(LETTER.format(number=5435), "utf-8")
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([tmp_path / "cong-van.txt"])
        for name in ("Công văn 5435", "5435/CT-NVT"):
            (found,) = kb.find(name)
            assert found.document
            assert (found.document.canonical, found.document.held) == ("5435/CT-NVT", True)


def test_search_finds_the_document_above_those_that_cite_it(kb: KnowledgeBase) -> None:
    for query in ("34-CT/TW", "34/CT-TW"):
        document = kb.search(query)[0].document
        assert document is not None
        assert document.canonical == "34-CT/TW"
    exact = [a.document.id for a in kb.search("thi đua khen thưởng", limit=50) if a.document]
    folded = [a.document.id for a in kb.search("thi dua khen thuong", limit=50) if a.document]
    assert set(exact) <= set(folded)
    hit = kb.search("cải cách hành chính", limit=1)[0]
    text = kb.show(hit.source or "").text
    assert hit.highlights
    assert all(text[slice(*span)].lower() in "cải cách hành chính" for span in hit.highlights)


def test_a_text_is_read_without_the_rest_of_its_record(kb: KnowledgeBase) -> None:
    for row in kb.ls():
        assert row.document is not None
        assert kb._store.text_of(row.document.id) == kb.show(row.document.id).text != ""
    assert kb._store.text_of("không có") == ""


def test_search_with_whoosh_finds_the_same(kb: KnowledgeBase, corpus: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path, engine="whoosh") as other:
        other.add([corpus])
        for query in ("thi đua", '"khen thưởng"', "dân vận AND khéo", "nhà ở -thi", "34-CT/TW", "title:kế hoạch"):
            ours = {a.document.id for a in kb.search(query, limit=100) if a.document}
            assert ours == {a.document.id for a in other.search(query, limit=100) if a.document}, query


def test_answers_are_tables_too(kb: KnowledgeBase) -> None:
    frame = kb.ls().to_pandas()
    assert len(frame) == len(kb.ls())
    assert "document_title" in frame
    shown = kb.find("Chỉ thị 34")._repr_html_()
    assert "<table>" in shown
    assert "<script" not in shown


# --- long answers


@pytest.mark.parametrize("few", [0, 5_000])
@pytest.mark.parametrize("unit", [None, "Sở Nội vụ"])
def test_the_first_deadlines_are_those_of_all(
    kb: KnowledgeBase, unit: str | None, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thidua_kg.answers.deadlines._FEW", few)  # 0: all times are gone through, few or many
    for days in ({}, {"since": "2022-03"}, {"since": "2022-03", "until": "2022-09"}, {"until": "2021"}):
        every = kb.due(**days, unit=unit, limit=None)
        for limit in (1, 2, 7, 30, 1000):
            some = kb.due(**days, unit=unit, limit=limit)
            assert some.rows == every.rows[:limit]
            assert any("còn nữa" in note for note in some.notes) == (len(every) > limit)


def test_the_first_duties_are_those_of_all(kb: KnowledgeBase) -> None:
    for unit in ("Sở Nội vụ", "Chi ủy", "Phòng Dân vận các cơ quan nhà nước"):
        every = kb.who(unit, limit=None)
        for limit in (1, 3, 1000):
            some = kb.who(unit, limit=limit)
            assert some.rows == every.rows[:limit]
            assert any("còn nữa" in note for note in some.notes) == (len(every) > limit)
            assert some.total == len(every)


def test_a_long_answer_ends_at_its_limit(kb: KnowledgeBase) -> None:
    every = kb.implemented_by("Chỉ thị 34", limit=None)
    assert kb.implemented_by("Chỉ thị 34", limit=2).rows == every.rows[:2]
    whole, cut = kb.trace("Chỉ thị 34", limit=None), kb.trace("Chỉ thị 34", limit=2)
    for way in ("trên", "dưới"):
        rows = [a for a in whole if (a.why or "").startswith(way)]
        assert [a for a in cut if (a.why or "").startswith(way)] == rows[:2]
    assert any("còn nữa" in note for note in kb.trace("Chỉ thị 34", limit=2).notes)


def test_a_chain_of_20_000_documents_neither_recurses_nor_stalls(tmp_path: Path) -> None:
    length = 20_000
    with thidua_kg.open(tmp_path) as kb:
        with kb._store.transaction():
            for n in range(length):
                kb._store.execute(
                    "insert into statements values (?, 0, ?, 'implements', 'carry_out', ?, 0, 1, 'q', 'r', 0, null)",
                    f"A:2020:{n}/KH-A", f"A:2020:{n}/KH-A", f"A:2020:{n + 1}/KH-A",
                )  # fmt: skip
            kb._store.execute(
                "insert into documents values ('A:2020:0/KH-A', '0/KH-A', '0/KH-A', '0', 'Kế hoạch', 'KH', 'state', null, null,"
                " null, null, 'đầu', 'x', 1, 0, 1, null, null)"
            )
        found = kb.implements("A:2020:0/KH-A", limit=None)
        assert len(found) == length
        assert found[-1].document is not None
        assert found[-1].document.id == f"A:2020:{length}/KH-A"
        assert len(found[-1].via) == 33
        assert "… (19967)" in found[-1].via
        assert len(kb.trace("A:2020:0/KH-A", limit=None)) == length


def test_what_is_removed_is_not_found_by_words(kb: KnowledgeBase) -> None:
    held = next(a.document for a in kb.ls() if a.document and a.document.title)
    assert held.title
    assert any(a.document and a.document.id == held.id for a in kb.find(held.title))
    with pytest.raises(UnknownName):
        kb.remove([held.title])
