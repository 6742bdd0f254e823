"""Marked documents leave no byte behind; drafts never answer as issued; a file's name only suggests."""

from __future__ import annotations

from pathlib import Path

import pytest

import thidua_kg
from tests.test_cli import thidua
from thidua_kg.mentions.file_name import suggestions
from thidua_kg.mentions.secrecy import secrecy_mark
from thidua_kg.model import Furniture, Place, Segment
from thidua_kg.pipeline import document_id, parse
from thidua_kg.readers import read_bytes

MARKER = "QUẢDƯAHẤU77"
LETTERHEAD = "ỦY BAN NHÂN DÂN\nTỈNH VÍ DỤ\nSố: {number}/KH-UBND\n{mark}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nVí Dụ, ngày 05 tháng 02 năm 2026\n\nKẾ HOẠCH\nThi đua năm 2026\n\nCăn cứ Luật Thi đua, khen thưởng;\n\n1. Sở Nội vụ chủ trì {word}.\n"


def document(mark: str = "", number: str = "12", word: str = "thực hiện") -> bytes:
    return LETTERHEAD.format(mark=mark, number=number, word=word).encode()


def bytes_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "Độ mật: MẬT", "[ MẬT ]"])
def test_a_marked_document_leaves_no_byte(tmp_path: Path, mark: str) -> None:
    files = tmp_path / "van-ban"
    files.mkdir()
    (files / "a.txt").write_bytes(document(mark, word=MARKER))
    (files / "b.txt").write_bytes(document(number="13"))
    kho = tmp_path / "kho"
    run = thidua("add", files, kb=kho)
    assert run.returncode == 1
    said = run.stderr.decode()
    (line,) = [one for one in said.splitlines() if one.startswith("thidua:")]
    assert "MẬT" in line
    assert "--allow-marked" in line
    assert MARKER not in said + run.stdout.decode()
    kept = bytes_under(kho)
    for form in (MARKER.encode(), MARKER.lower().encode(), MARKER.encode("utf-16-le"), b"quaduahau77"):
        assert form not in kept
    with thidua_kg.open(kho, write=False) as kb:
        assert kb.stats()["documents"] == 1
        assert not kb.search("quả")


def test_its_owner_may_decide_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(document("MẬT", word=MARKER))
    with thidua_kg.open(tmp_path / "kho") as kb:
        assert kb.add([path]).added == 0
        assert kb.add([path], allow_marked=True).added == 1
        assert kb.show("12/KH-UBND").header.secrecy == "MẬT"


MARKS = [
    ("MẬT", "MẬT"),
    ("* M Ậ T *", "MẬT"),
    ("UBND TỈNH        TUYỆT MẬT", "TUYỆT MẬT"),
    ("| UBND TỈNH | TỐI MẬT |", "TỐI MẬT"),
    ("dòng\n" * 100 + "\fTỐI MẬT\ndòng", "TỐI MẬT"),
    ("MẬT\n\fTUYỆT MẬT", "TUYỆT MẬT"),
    ("Sở Mật ong\nMẬT ONG\nbảo mật\nbí MẬT nhà nước", None),
    ("dòng\n" * 100 + "MẬT\n" + "dòng\n" * 10, None),
    ("Mật", None),
]


@pytest.mark.parametrize(("text", "mark"), MARKS)
def test_a_mark_is_a_line_of_its_own(text: str, mark: str | None) -> None:
    assert secrecy_mark(text) == mark


def test_marks_at_the_top_of_pages_and_stamps_count() -> None:
    text = "dòng\n" * 100 + "MẬT\n" + "dòng\n" * 10
    pages = (Segment(start=0, place=Place(page=1)), Segment(start=500, place=Place(page=2, confidence=0.8)))
    assert secrecy_mark(text, pages) == "MẬT"
    assert secrecy_mark("TUYÊT MẤT\ndòng", pages) == "TUYỆT MẬT", "OCR misreads vowels"
    assert secrecy_mark("MẤT\ndòng") is None
    assert secrecy_mark("x", (), (Furniture(kind="stamp", text="TỐI MẬT", place=Place(page=1)),)) == "TỐI MẬT"


@pytest.mark.parametrize("mark", ["Lưu hành nội bộ", "HỎA TỐC"])
def test_handling_marks_are_kept_and_shown(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(document(mark))
    with thidua_kg.open(tmp_path / "kho") as kb:
        assert kb.add([path]).added == 1
        assert kb.show("12/KH-UBND").header.handling == (mark,)


# --- drafts


@pytest.mark.parametrize(
    ("mark", "number", "draft"),
    [("", "12", False), ("", "      ", True), ("(DỰ THẢO)", "12", True), ("Dự thảo lần 2", "", True)],
)
def test_a_draft_says_so_or_has_no_number(mark: str, number: str, draft: bool) -> None:
    found = parse(read_bytes("a.txt", document(mark, number)))
    assert found.header.draft is draft
    assert document_id(found).startswith("draft:") is draft


def test_a_draft_never_answers_as_issued(tmp_path: Path) -> None:
    (tmp_path / "du-thao.txt").write_bytes(document("DỰ THẢO"))
    citing = document(
        number="99", word="thực hiện Kế hoạch số 12/KH-UBND ngày 05/02/2026 của Ủy ban nhân dân tỉnh Ví Dụ"
    )
    (tmp_path / "viện dẫn.txt").write_bytes(citing)
    (tmp_path / "không năm.txt").write_bytes(document(number="98", word="thực hiện Kế hoạch số 12/KH-UBND"))
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([tmp_path / "du-thao.txt", tmp_path / "viện dẫn.txt", tmp_path / "không năm.txt"])
        (bare,) = [c for c in kb.show("98/KH-UBND").citations if c.canonical == "12/KH-UBND"]
        assert not [c for c in bare.candidates if c.entity.startswith("draft:")]
        (cited,) = [c for c in kb.show("99/KH-UBND").citations if c.canonical == "12/KH-UBND"]
        assert cited.verdict != "linked"
        assert not [c for c in cited.candidates if c.entity.startswith("draft:")]
        rows = kb.find("12/KH-UBND").rows
        drafts = [row for row in rows if row.document and row.document.draft]
        assert len(drafts) == 1
        assert "dự thảo" in (drafts[0].why or "")
        assert "[dự thảo]" in drafts[0].document.label()  # type: ignore[union-attr]
        assert rows[-1] is drafts[0], "what was issued comes first"
        (tmp_path / "ban-hanh.txt").write_bytes(document())
        kb.add([tmp_path / "ban-hanh.txt"])
        (cited,) = [c for c in kb.show("99/KH-UBND").citations if c.canonical == "12/KH-UBND"]
        held = kb.find("12/KH-UBND").rows[0].document
        assert held is not None
        assert not held.draft


# --- names of files

NAMES = [
    ("KH 43 ngay 27.01.2022.doc", {"type": "Kế hoạch", "number": "43", "date": "2022-01-27"}),
    ("a/385-KH-UBND.pdf", {"symbol": "385/KH-UBND"}),
    ("goi.zip!QĐ số 733 (2019-06-14).docx", {"type": "Quyết định", "number": "733", "date": "2019-06-14"}),
    ("Ke hoach thi dua.docx", {"type": "Kế hoạch"}),
    ("C:\\van ban\\36-HD-VPTW.doc", {"symbol": "36-HD/VPTW"}),
    ("anh 31.02.2022.txt", {}),
    ("scan0001.pdf", {}),
]


@pytest.mark.parametrize(("name", "said"), NAMES)
def test_a_files_name_suggests(name: str, said: dict[str, str]) -> None:
    assert {s.field: s.value for s in suggestions(name)} == said
    assert all(s.text in name for s in suggestions(name))


def test_a_files_name_is_never_a_fact() -> None:
    one = parse(read_bytes("KH 43 ngay 27.01.2022.txt", b"Noi dung gi do."))
    other = parse(read_bytes("a.txt", b"Noi dung gi do."))
    assert one.header == other.header
    assert [s.value for s in one.suggestions] == ["Kế hoạch", "43", "2022-01-27"]
