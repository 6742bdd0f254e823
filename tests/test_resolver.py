"""Which document a citation means: linked only where the text and the registry leave no doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

import thidua_kg
from thidua_kg.catalogue import read_catalogue
from thidua_kg.errors import UnreadableSource
from thidua_kg.mentions.citations import find_citations
from thidua_kg.model import Citation, Header
from thidua_kg.resolver import Context, Registry, resolve


def read(
    text: str, *, place: str | None = "Bình Thuận", date: str | None = "2022-03-01", local: bool = False
) -> list[Citation]:
    return list(resolve(find_citations(text, Header(), ()), Context("doc", place, date, local), Registry()))


LINKED = {
    "Chỉ thị số 34-CT/TW, ngày 07/4/2014 của Bộ Chính trị": "TW:2014:34-CT/TW",
    "Chỉ thị số 02/CT-UBND ngày 09/02/2022 của UBND tỉnh": "UBND.binh-thuan:2022:2/CT-UBND",
    "Chỉ thị số 02/CT-UBND ngày 12/01/2022 của UBND thành phố Đà Nẵng": "UBND.da-nang:2022:2/CT-UBND",
    "Luật Thi đua, khen thưởng số 06/2022/QH15": "QH:2022:6/2022/QH15",
    "Luật Thi đua, khen thưởng năm 2003": "QH:2003:15/2003/QH11",
    "Chỉ thị số 34-CT/TW, ngày 08/4/2014 của Bộ Chính trị": "TW:2014:34-CT/TW",
    "Luật Dược 2016": "QH:2016:105/2016/QH13",  # the year without "năm"
    "Luật Ngân sách nhà nước số 83/2015/QH14": "QH:2015:83/2015/QH13",  # the term misprinted: name, number and year
    "Luật Xử lý vi phạm hành chính số 15/2021/QH13 ngày 20/6/2012": "QH:2012:15/2012/QH13",  # name and date
    "Luật Đầu tư số 61/2020/QH14 ngày 17/6/2021": "QH:2020:61/2020/QH14",  # the symbol bears the year
    "Pháp lệnh Quản lý thị trường": "UBTVQH:2016:11/2016/UBTVQH13",  # the only one of its name
    "Đề án 06": "TTg:2022:6/QĐ-TTg",  # the proper name of what a decision approved
    "Nghị quyết của Đại hội đại biểu toàn quốc lần thứ XIII của Đảng": (
        "name:dai-hoi-dai-bieu-toan-quoc-lan-thu-xiii-cua-dang"
    ),
}


@pytest.mark.parametrize("text", LINKED)
def test_linked(text: str) -> None:
    (citation,) = read(f"Thực hiện {text} trong năm.")
    assert (citation.verdict, citation.entity) == ("linked", LINKED[text]), citation.why


DOUBTFUL = [
    "Chỉ thị số 34-CT/TW của Trung ương",  # 2014 or 2024 or an older term
    "Chỉ thị số 02/CT-UBND",  # no year
    "Luật Thi đua, khen thưởng (sửa đổi)",  # may be the bill
    "Luật Thi đua, khen thưởng số … ngày … tháng … năm …",  # a form
    "Luật Ngân sách nhà nước",  # passed anew, not yet in force
    "Nghị quyết 18",
    "Nghị quyết số 41/2009/QH12",  # a law has the number; resolutions are numbered apart
    "Luật Ban hành văn bản quy phạm pháp luật ngày 19/02/2015",  # the law of that year is of June, that of the day of 2025
    "Luật Tổ chức chính quyền địa phương số 65/2025/QH15 ngày 16/6/2025",  # number of one, date of the other
]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_in_doubt_nothing_is_linked(text: str) -> None:
    (citation,) = read(f"Thực hiện {text}.", date="2025-08-05")
    assert citation.verdict != "linked"
    assert citation.why


def test_a_symbol_without_an_issuer_is_no_error() -> None:
    (citation,) = read("Thực hiện Quyết định số 12/QĐ ngày 05/3/2021.")
    assert citation.verdict == "unknown"


IN_FORCE = {  # a law by its bare name is the one in force at the day of the document
    ("Luật Thi đua, khen thưởng", "2022-02-10"): "QH:2003:15/2003/QH11",
    ("Luật Thi đua, khen thưởng", "2023-02-10"): None,  # passed anew, in force from 2024-01-01
    ("Luật Thi đua, khen thưởng", "2025-11-10"): "QH:2022:6/2022/QH15",
    ("Luật Đất đai", "2026-01-15"): "QH:2024:31/2024/QH15",
    ("Luật Khoa học và công nghệ", "2025-11-10"): None,  # a law of another name has taken its place
    ("Luật Đất đai", "2031-01-01"): None,  # later than the table of laws reaches
}


@pytest.mark.parametrize(("name", "day"), IN_FORCE)
def test_a_bare_name_depends_on_the_day(name: str, day: str) -> None:
    (citation,) = read(f"Theo {name}, các đơn vị lập hồ sơ.", date=day)
    assert citation.entity == IN_FORCE[name, day], citation.why


def test_a_name_in_a_title_depends_on_the_day_of_that_document() -> None:
    text = "Căn cứ Nghị định số 43/2014/NĐ-CP ngày 15 tháng 5 năm 2014 của Chính phủ quy định chi tiết một số điều của Luật Đất đai;"
    decree, law = read(text, date="2026-01-15")
    assert (law.nested_in, law.entity) == (0, "QH:2013:45/2013/QH13"), "made to take effect with the law, on 2014-07-01"
    _, law = read(text.replace("15 tháng 5", "15 tháng 02"), date="2026-01-15")
    assert law.verdict == "ambiguous", "the law of 2013 was passed, and not in force for months"
    assert decree.kind == "numbered"


def test_a_bare_name_is_the_law_named_in_full_further_on() -> None:
    first, second = read("Theo Luật Giá, cụ thể hóa Luật Giá số 16/2023/QH15.", date="2023-12-01")
    assert (first.entity, second.entity) == ("QH:2023:16/2023/QH15",) * 2


def test_an_amending_law_by_its_day_alone() -> None:
    text = "Căn cứ Luật Ban hành văn bản quy phạm pháp luật ngày 19 tháng 02 năm 2025; Luật ngày 25 tháng 6 năm 2025;"
    assert [c.entity for c in read(text, date="2025-11-10")] == ["QH:2025:64/2025/QH15", "QH:2025:87/2025/QH15"]


def test_a_commune_does_not_speak_for_its_province() -> None:
    (citation,) = read("Thực hiện Chỉ thị số 02/CT-UBND ngày 09/02/2022.", local=True)
    assert citation.verdict == "ambiguous"
    assert "UBND.binh-thuan:2022:2/CT-UBND" in {c.entity for c in citation.candidates}


def test_the_future_is_flagged_and_a_slip_is_noted() -> None:
    (future,) = read("Thực hiện Chỉ thị số 34-CT/TW, ngày 24/5/2024 của Ban Bí thư.")
    assert (future.verdict, future.entity) == ("unknown", None)
    assert "future_citation" in future.issues
    (slip,) = read("Thực hiện Chỉ thị số 34-CT/TW, ngày 08/4/2014 của Bộ Chính trị.")
    assert "date_disagrees" in slip.issues


def test_a_repetition_means_what_was_named_in_full() -> None:
    text = "Theo Kế hoạch số 385/KH-UBND ngày 10/02/2022 của UBND tỉnh Bình Thuận. Tổng kết Kế hoạch số 385/KH-UBND nêu trên."
    first, second = read(text, place="Lâm Đồng", date="2025-08-25")
    assert first.entity == second.entity == "UBND.binh-thuan:2022:385/KH-UBND"
    _, back = read("Theo Nghị định số 98/2023/NĐ-CP của Chính phủ. Trái với Nghị định nêu trên.", date="2024-05-05")
    assert (back.kind, back.entity) == ("back", "CP:2023:98/2023/NĐ-CP")


CATALOGUE = """symbol,date,title,issuer,place
777/KH-UBND,2022-05-05,"thi đua, khen thưởng",UBND tỉnh Bình Thuận,Bình Thuận
hỏng,2022-05-05,x,y,z
778/KH-UBND,2022-13-45,x,y,z
779/KH-UBND,5/6/2022,x,UBND tỉnh Bình Thuận,Bình Thuận
"""


def test_a_catalogue_settles_citations_of_texts_that_nobody_has(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(
        "UBND TỈNH BÌNH THUẬN\nKẾ HOẠCH\nThực hiện Kế hoạch số 777/KH-UBND ngày 05/5/2022 của UBND tỉnh Bình Thuận.",
        "utf-8",
    )
    listed = tmp_path / "danh-muc.csv"
    listed.write_text(CATALOGUE, "utf-8")
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([plan])
        (before,) = [c for c in kb.show("plan.txt").citations if c.canonical]
        assert before.verdict == "unknown"
        report = kb.add_catalogue(listed)
        assert report.added == 2
        assert [f.path.rpartition(", ")[2] for f in report.failed] == ["dòng 3", "dòng 4"]
        (after,) = [c for c in kb.show("plan.txt").citations if c.canonical]
        assert (after.verdict, after.entity) == ("linked", "UBND.binh-thuan:2022:777/KH-UBND")
        document = kb.find("kế hoạch 779")[0].document
        assert document is not None
        assert (document.date, document.held) == ("2022-06-05", False)


def test_what_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "khac.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UnreadableSource, match="symbol"):
        read_catalogue(other)


def test_a_law_by_its_name_alone_is_the_one_cited_in_full_before() -> None:
    text = "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15;\n\nThực hiện khen thưởng theo Luật Thi đua, khen thưởng."
    full, alone = read(text, date="2025-05-05")
    assert alone.entity == full.entity == "QH:2022:6/2022/QH15"
    assert "nhắc lại" in (alone.why or "")


def test_the_name_wins_over_another_laws_number() -> None:
    (citation,) = read("Căn cứ Luật Ban hành văn bản quy phạm pháp luật số 63/2025/QH15;", date="2025-12-01")
    assert citation.entity == "QH:2025:64/2025/QH15"
    assert "symbol_disagrees" in citation.issues
