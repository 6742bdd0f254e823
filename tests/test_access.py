"""Collections: what is internal stays inside, in every format, whatever public texts say of it."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path

import pytest

import thidua_kg
from tests.test_cli import lines, thidua
from tests.test_works import BLANK, plan, put
from thidua_kg.errors import InvalidQuery, KnowledgeBaseError
from thidua_kg.exports import FORMATS
from thidua_kg.knowledge_base import KnowledgeBase

SECRET = ("Quyển Sổ Xanh", "Tổ Mật Danh", "Võ Kín Đáo", "Nhà Ký Tên", "việc không kể")
INNER = plan(
    "77-KH/BDVTU",
    title="Quyển Sổ Xanh",
    body="1. Giao Tổ Mật Danh lo việc không kể trong tháng 3/2022, theo Chỉ thị số 34-CT/TW.\n\n* Chủ trì: Tổ Mật Danh.\n",
).replace("Nguyễn Văn Mẫu", "Võ Kín Đáo")
OUTER = plan(
    "78-KH/BDVTU",
    title="việc ai cũng biết",
    body="1. Thực hiện Kế hoạch số 77-KH/BDVTU ngày 27/01/2022 và Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị.\n\n* Chủ trì: Văn phòng Ban.\n",
)


@pytest.fixture
def kb(tmp_path: Path) -> KnowledgeBase:
    opened = thidua_kg.open(tmp_path / "kho")
    opened.add([put(tmp_path, "trong.txt", INNER)], collection="Hồ sơ")
    opened.add([put(tmp_path, "ngoai.txt", OUTER)], collection="Cổng", access="public")
    return opened


def exported(kb: KnowledgeBase, form: str, tmp_path: Path, **options: str) -> str:
    """Everything that an export wrote, its names too."""
    path = tmp_path / f"ra.{'zip' if form == 'csv' else form}"
    kb.export(form, path, **options)  # type: ignore[arg-type]
    if form == "csv":
        with zipfile.ZipFile(path) as archive:
            return "".join(f"{name}\n{archive.read(name).decode('utf-8')}" for name in archive.namelist())
    return path.read_text("utf-8")


def said(text: str) -> str:
    """As JSON-LD and N-Triples may escape letters, compared without them."""
    return (
        text.encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")
        if "\\u" in text
        else text
    )


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_holds_nothing_of_internal_documents_but_their_cited_symbols(
    kb: KnowledgeBase, tmp_path: Path, form: str
) -> None:
    everything = said(exported(kb, form, tmp_path, access="all"))
    assert any(secret in everything for secret in SECRET), "the test would see a leak"
    public = said(exported(kb, form, tmp_path))
    assert not [secret for secret in SECRET if secret in public]
    assert "78-KH/BDVTU" in public or "78-KH%2FBDVTU" in public
    assert "77-KH/BDVTU" in public or "77-KH%2FBDVTU" in public


@pytest.mark.parametrize("form", FORMATS)
def test_judgements_are_exported_only_with_everything(kb: KnowledgeBase, tmp_path: Path, form: str) -> None:
    kb.judge("header", "78-KH/BDVTU", "Lê Công Khai", field="signer", by="Người Sửa", why="Lẽ Riêng")
    kb.judge("header", "77-KH/BDVTU", "Nhà Ký Tên", field="signer", by="Người Sửa", why="Lẽ Riêng")
    kept = ("Người Sửa", "Lẽ Riêng", "Nhà Ký Tên", "/judgement/")
    everything, public = said(exported(kb, form, tmp_path, access="all")), said(exported(kb, form, tmp_path))
    assert not [text for text in kept if text in public]
    if form in ("ttl", "nt", "jsonld"):
        assert all(text in everything for text in kept)
        assert "Lê Công Khai" in public, "what was corrected is said as corrected"


def test_the_number_held_back_is_told(kb: KnowledgeBase, tmp_path: Path) -> None:
    assert kb.held_back() == 1
    assert kb.export("ttl", tmp_path / "a.ttl").exists()


def test_no_byte_of_a_published_folder_is_internal(kb: KnowledgeBase, tmp_path: Path) -> None:
    kb.judge("link", "78-KH/BDVTU", "77-KH/BDVTU", quote="Kế hoạch số 77-KH/BDVTU", by="An", why="Quyển Sổ Xanh")
    kb.judge("header", "77-KH/BDVTU", "Nhà Ký Tên", field="signer", by="An")
    assert kb.publish(tmp_path / "moi").is_dir()
    bytes_ = b"".join(p.read_bytes() for p in (tmp_path / "moi").rglob("*") if p.is_file())
    assert "việc ai cũng biết".encode() in bytes_
    assert not [secret for secret in SECRET if secret.encode() in bytes_]
    with pytest.raises(KnowledgeBaseError, match="không trống"):
        kb.publish(tmp_path / "moi")


def test_a_work_with_sources_in_both_is_public_by_its_public_source(tmp_path: Path) -> None:
    word = put(tmp_path, "word.txt", plan(**BLANK).replace("Nguyễn Văn Mẫu", "Võ Kín Đáo"))
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([word], collection="Hồ sơ")
        kb.add([put(tmp_path, "ky.txt", plan())], collection="Cổng", access="public")
        assert len(kb.ls()) == 1
        text = said(exported(kb, "nt", tmp_path))
        assert "Nguyễn Văn Mẫu" in text
        assert "Võ Kín Đáo" not in text


def test_a_label_can_change_and_a_source_move(kb: KnowledgeBase, tmp_path: Path) -> None:
    assert [row[:2] for row in kb.collections()] == [
        ("Cổng", "public"),
        ("Hồ sơ", "internal"),
        ("mặc định", "internal"),
    ]
    report = kb.add([tmp_path / "trong.txt"], collection="Cổng")
    assert report.unchanged == 1
    assert kb.held_back() == 0
    kb.add([], collection="Cổng", access="internal")
    assert kb.held_back() == 2
    kb.remove(["78-KH/BDVTU"])
    assert ("Cổng", "internal", 1) in kb.collections()


def test_search_and_ls_within_a_collection(kb: KnowledgeBase) -> None:
    assert [a.document.canonical for a in kb.ls(collection="Hồ sơ") if a.document] == ["77-KH/BDVTU"]
    everywhere, inside = kb.search("kế hoạch"), kb.search("kế hoạch", collection="Cổng")
    assert (everywhere.total, inside.total) == (2, 1)
    assert dict(inside.facets["type"]) == {"Kế hoạch": 1}
    assert not kb.search("kế hoạch", collection="Cổng", offset=1).rows
    for ask in (kb.ls, partial(kb.search, "kế hoạch")):
        with pytest.raises(InvalidQuery, match="không có bộ sưu tập"):
            ask(collection="khác")
    with pytest.raises(InvalidQuery, match="bộ sưu tập"):
        kb.add([], collection=" \n ")


def test_the_index_follows_a_source_that_moves_and_a_document_of_two_collections(
    kb: KnowledgeBase, tmp_path: Path
) -> None:
    def inside() -> list[int]:
        return [kb.search("*", collection=name).total for name in ("Hồ sơ", "Cổng", "mặc định")]

    assert inside() == [1, 1, 0]
    kb.add([tmp_path / "trong.txt"], collection="Cổng")
    assert inside() == [0, 2, 0]
    copy = put(tmp_path, "bản sao.txt", OUTER)
    kb.add([copy])
    assert inside() == [0, 2, 1]
    kb.remove(["77-KH/BDVTU"])
    assert inside() == [0, 1, 1]
    kb.add([copy], collection="Hồ sơ")
    assert inside() == [1, 1, 0]
    assert kb.verify().clean


def test_the_command_line(tmp_path: Path) -> None:
    kho = tmp_path / "kho"
    assert thidua("add", put(tmp_path, "a.txt", INNER), "--collection", "Hồ sơ", kb=kho).returncode == 0
    assert (
        thidua("add", put(tmp_path, "b.txt", OUTER), "--collection", "Cổng", "--access", "public", kb=kho).returncode
        == 0
    )
    run = thidua("export", "nt", "-o", tmp_path / "ra.nt", kb=kho)
    assert run.returncode == 0
    assert "1 văn bản nội bộ" in run.stderr.decode("utf-8")
    assert [row["access"] for row in lines(thidua("collections", "--json", kb=kho))] == [
        "public",
        "internal",
        "internal",
    ]
    assert len(lines(thidua("ls", "--collection", "Cổng", "--json", kb=kho))) == 1
    assert len(lines(thidua("search", "kế hoạch", "--collection", "Cổng", "--json", kb=kho))) == 1
    assert thidua("publish", tmp_path / "moi", kb=kho).returncode == 0
    assert len(lines(thidua("ls", "--json", kb=tmp_path / "moi"))) == 1
