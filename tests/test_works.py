"""One work, several sources: the Word file without a number and its signed copy, and what only looks like that."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import thidua_kg
from thidua_kg.errors import InvalidQuery
from thidua_kg.knowledge_base import KnowledgeBase
from thidua_kg.pipeline import parse
from thidua_kg.sketches import sketch
from thidua_kg.works import likeness

BODY = """Căn cứ Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua, khen thưởng, Ban Dân vận Tỉnh ủy xây dựng kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Giúp cán bộ, công chức trong cơ quan hiểu rõ ý nghĩa của phong trào, tự nguyện đăng ký việc làm cụ thể ngay từ quý đầu của năm {year}.

2. Việc tổ chức phải gọn, tránh hình thức, có người theo dõi và có kết quả đo được.

II. NHIỆM VỤ

1. Tổ chức ký kết giao ước thi đua giữa các phòng trong tháng 02/{year}; gửi bản ký về Văn phòng để theo dõi chung.

* Chủ trì: Văn phòng Ban.

2. Chọn mô hình “Dân vận khéo” tiêu biểu ở mỗi xã, viết bài giới thiệu trên trang tin của Ban, mỗi quý ít nhất 05 bài.

* Chủ trì: Phòng Đoàn thể và các hội.

3. Sơ kết phong trào vào tháng 6, tổng kết vào tháng 12; đề nghị khen những tập thể, cá nhân làm tốt.

* Chủ trì: Lãnh đạo Ban.
"""
CLOSING = """
Nơi nhận:
- Thường trực Tỉnh ủy,
- Lưu Văn phòng.

PHÓ TRƯỞNG BAN


Nguyễn Văn Mẫu
"""
TITLE = "tổ chức phong trào thi đua trong cơ quan năm {year}"


def plan(
    number: str = "43-KH/BDVTU",
    date: str = "Phan Thiết, ngày 27 tháng 01 năm 2022",
    *,
    body: str = BODY,
    title: str = TITLE,
    issuer: str = "TỈNH ỦY BÌNH THUẬN\nBAN DÂN VẬN",
    year: int = 2022,
    mark: str = "",
) -> str:
    head = f"{mark}{issuer}\n*\nSố {number}\n\nĐẢNG CỘNG SẢN VIỆT NAM\n{date}\n\n"
    return f"{head}KẾ HOẠCH\n{title.format(year=year)}\n-----\n\n{body.format(year=year)}{CLOSING}"


BLANK = {"number": "   -KH/BDVTU", "date": "Phan Thiết, ngày    tháng 01 năm 2022"}


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def held(kb: KnowledgeBase) -> list[str]:
    return [a.document.id for a in kb.ls() if a.document]


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    return thidua_kg.open(tmp_path / "kho")


def test_a_blank_number_is_a_draft_and_never_answers_as_issued(kb: KnowledgeBase, tmp_path: Path) -> None:
    kb.add(
        [
            put(tmp_path, "du-thao.txt", plan(**BLANK)),
            put(tmp_path, "nhan.txt", plan("44-KH/BDVTU", mark="DỰ THẢO\n", title="việc khác")),
        ]
    )
    found = [a.document for a in kb.ls() if a.document]
    assert [d.draft for d in found] == [True, True]
    assert all("[dự thảo]" in d.label() for d in found)
    assert all(a.document.draft for a in kb.find("44-KH/BDVTU") if a.document and a.document.held)


@pytest.mark.parametrize("order", [("word.txt", "ky.txt"), ("ky.txt", "word.txt")])
def test_the_word_file_and_its_signed_copy_are_one_work(
    kb: KnowledgeBase, tmp_path: Path, order: tuple[str, str]
) -> None:
    texts = {
        "word.txt": plan(**BLANK),
        "ky.txt": plan().replace("theo dõi chung", "theo dõi\nchung").replace("\n\n", "\n"),
    }
    for name in order:
        kb.add([put(tmp_path / "v", name, texts[name])])
    assert held(kb) == ["BDVTU.binh-thuan:2022:43-KH/BDVTU"]
    assert [Path(p).name for p in kb._store.paths(held(kb)[0])] == ["ky.txt", "word.txt"]
    (tmp_path / "v" / "ky.txt").write_text("Giấy mời họp cơ quan vào thứ hai.\n", "utf-8")
    kb.add([tmp_path / "v"])
    assert sum(i.startswith(("sha256:", "draft:")) for i in held(kb)) == 2


def test_text_comes_from_word_and_number_from_the_signed_copy(tmp_path: Path) -> None:
    word = parse(put(tmp_path, "word.txt", plan(**BLANK)))
    signed = parse(put(tmp_path, "ky.txt", plan()))
    from thidua_kg.works import combined

    for pair in ((word, signed), (signed, word)):
        main, header = combined([msgspec.structs.replace(d, reader="docx" if d is word else "pdf") for d in pair])
        assert main.text == word.text
        assert (header.canonical, header.date, header.draft) == ("43-KH/BDVTU", "2022-01-27", False)
        assert "symbol" not in header.spans


NEVER: dict[str, tuple[str, str]] = {
    "two printed symbols": (plan(), plan("44-KH/BDVTU")),
    "two years, one number blank": (
        plan(),
        plan(**{**BLANK, "date": "Phan Thiết, ngày   tháng 01 năm 2023"}, year=2023),
    ),
    "two provinces": (plan(), plan(**BLANK, issuer="TỈNH ỦY LÂM ĐỒNG\nBAN DÂN VẬN")),
    "two dates": (plan(), plan(**{**BLANK, "date": "Phan Thiết, ngày 28 tháng 01 năm 2022"})),
    "another body": (plan(), plan(**BLANK, body="Ban Dân vận mời họp vào sáng thứ hai, đúng giờ.\n\n" * 9)),
}
DOUBTFUL: dict[str, tuple[str, str]] = {
    "a number of the body differs": (plan(), plan(**BLANK).replace("05 bài", "15 bài")),
    "marked as a draft": (plan(), plan(**BLANK, mark="DỰ THẢO\n")),
    "another title": (plan(), plan(**BLANK, title="phát động thi đua trong cơ quan năm {year}")),
    "a paragraph more": (plan(), plan(**BLANK).replace("II. NHIỆM VỤ", "3. Việc nào dở thì nói rõ vì sao dở, ai chịu, bao giờ xong và ai kiểm tra lại việc ấy.\n\nII. NHIỆM VỤ")),
    "both without number": (plan(**BLANK), plan(**BLANK).replace("Nguyễn Văn Mẫu", "Trần Thị Mẫu")),
}  # fmt: skip


@pytest.mark.parametrize("texts", NEVER.values(), ids=NEVER)
def test_what_is_never_joined_nor_proposed(kb: KnowledgeBase, tmp_path: Path, texts: tuple[str, str]) -> None:
    kb.add([put(tmp_path, f"{i}.txt", text) for i, text in enumerate(texts)])
    assert len(held(kb)) == 2
    assert not kb.proposals()


@pytest.mark.parametrize("texts", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_doubtful_is_proposed_and_a_person_decides(
    kb: KnowledgeBase, tmp_path: Path, texts: tuple[str, str]
) -> None:
    kb.add([put(tmp_path, f"{i}.txt", text) for i, text in enumerate(texts)])
    assert len(held(kb)) == 2
    (proposal,) = kb.proposals()
    assert proposal.why
    no = kb.judge("different", proposal.document.id, proposal.other.id, by="An")
    assert not kb.proposals()
    kb.undo(no.id)
    yes = kb.judge("same", proposal.document.id, proposal.other.id, by="An")
    assert len(held(kb)) == 1
    assert not kb.proposals()
    assert len(kb._store.paths(held(kb)[0])) == 2
    assert not kb.find(held(kb)[0])[0].document.draft or all("43-KH" not in t for t in texts)  # type: ignore[union-attr]
    kb.undo(yes.id)
    assert len(held(kb)) == 2


def test_two_printed_symbols_are_not_joined_by_word_of_mouth(kb: KnowledgeBase, tmp_path: Path) -> None:
    kb.add([put(tmp_path, "a.txt", plan()), put(tmp_path, "b.txt", plan("44-KH/BDVTU"))])
    with pytest.raises(InvalidQuery, match="hai số, ký hiệu khác nhau"):
        kb.judge("same", "43-KH/BDVTU", "44-KH/BDVTU")


def test_a_pair_called_different_is_not_joined_again(kb: KnowledgeBase, tmp_path: Path) -> None:
    paths = [put(tmp_path, "word.txt", plan(**BLANK)), put(tmp_path, "ky.txt", plan())]
    kb.add(paths)
    (one,) = held(kb)
    word = "draft:" + parse(paths[0]).sha256
    kb._record([msgspec.structs.replace(_said("different"), document=one, value=word, sha256=parse(paths[1]).sha256, other_sha256=parse(paths[0]).sha256)])  # fmt: skip
    assert sorted(held(kb)) == sorted([one, word])
    kb.remove([one])
    kb.add(paths)
    assert sorted(held(kb)) == sorted([one, word])


def _said(kind: str):  # type: ignore[no-untyped-def]
    from thidua_kg.judgements.records import Judgement

    return Judgement(kind=kind, document="", value="", by="An", at="2026-01-01T00:00:00Z")  # type: ignore[arg-type]


def test_removing_one_source_leaves_the_text_of_the_other(kb: KnowledgeBase, tmp_path: Path) -> None:
    first = put(tmp_path, "a.txt", plan())
    second = put(tmp_path, "b.txt", plan().replace("gọn, tránh hình thức", "gọn nhẹ, tránh hình thức"))
    kb.add([first, second])
    assert len(held(kb)) == 1
    first.write_text("Giấy mời họp cơ quan vào thứ hai.\n", "utf-8")
    kb.add([first])
    assert "gọn nhẹ" in kb.show("43-KH/BDVTU").text


def test_the_order_of_two_sources_does_not_matter(tmp_path: Path) -> None:
    a = put(tmp_path, "a.txt", plan())
    b = put(tmp_path, "b.txt", plan().replace("gọn, tránh", "gọn nhẹ, tránh"))
    shown = []
    for n, order in enumerate(([a, b], [b, a])):
        with thidua_kg.open(tmp_path / f"kho{n}") as kb:
            for path in order:
                kb.add([path])
            shown.append(kb.show("43-KH/BDVTU"))
    assert shown[0] == shown[1]


def test_judgements_follow_a_draft_to_its_signed_copy(kb: KnowledgeBase, tmp_path: Path) -> None:
    path = put(tmp_path, "word.txt", plan(**BLANK))
    kb.add([path])
    kb.judge("role", f"{held(kb)[0]}#II.2", "coordinate", field="Văn phòng Ban", by="An")
    path.write_text(plan().replace("\n\n", "\n"), "utf-8")  # the same path now holds the signed text
    kb.add([path])
    assert held(kb) == ["BDVTU.binh-thuan:2022:43-KH/BDVTU"]
    assert [s.state for s in kb.judgements()] == ["placed"]
    path.write_text(plan("44-KH/BDVTU", year=2023, date="Phan Thiết, ngày 12 tháng 01 năm 2023"), "utf-8")
    kb.add([path])
    assert [s.state for s in kb.judgements()] == ["orphaned"], "next year's plan over the same file is another document"


def test_the_sketch_is_of_the_body_only(tmp_path: Path) -> None:
    a, b = parse(put(tmp_path, "a.txt", plan(**BLANK))), parse(put(tmp_path, "b.txt", plan()))
    assert sketch(a) == sketch(b)
    assert likeness(a, b).verdict == "certain"


def test_a_work_that_lost_a_source_is_parsed_from_what_its_file_says_now(kb: KnowledgeBase, tmp_path: Path) -> None:
    paths = [put(tmp_path, "a.txt", plan()), put(tmp_path, "b.txt", plan().replace("gọn, tránh", "gọn nhẹ, tránh"))]
    kb.add(paths)
    paths[0].write_text("Giấy mời họp cơ quan vào thứ hai.\n", "utf-8")
    kb.add(paths)
    paths[1].write_text(plan().replace("gọn, tránh", "rất gọn, tránh"), "utf-8")
    kb.add(paths)
    kb.judge("header", "43-KH/BDVTU", "2022-01-28", field="date", by="An")
    assert "rất gọn" in kb.show("43-KH/BDVTU").text
