"""Adding, replacing and removing: idempotent, complete, and never half done."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

import thidua_kg
from thidua_kg.errors import KnowledgeBaseError, UnknownName
from thidua_kg.knowledge_base import KnowledgeBase


def content(kb: KnowledgeBase) -> list[object]:
    """All that a knowledge base holds, without the numbers of its changes."""
    store = kb._store
    names = ("documents", "citations", "tasks", "assignments", "times", "statements", "sources")
    return [[tuple(row) for row in store.rows(f"select * from {name} order by 1, 2, 3")] for name in names]


@pytest.fixture
def files(corpus: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "van-ban"
    folder.mkdir()
    for name in ("tw-2014-chi-thi-34.txt", "bdvtu-2022-ke-hoach-43.txt", "bdvtu-2022-ke-hoach-thi-dua.md"):
        shutil.copy(corpus / name, folder)
    return folder


def test_adding_twice_changes_nothing(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        assert kb.add([files]).added == 3
        before, change = content(kb), kb.stats()["change"]
        report = kb.add([files])
        assert (report.added, report.unchanged) == (0, 3)
        assert content(kb) == before
        assert kb.stats()["change"] == change


def test_removing_takes_all_of_a_document_and_nothing_else(files: Path, tmp_path: Path) -> None:
    plan = files / "bdvtu-2022-ke-hoach-thi-dua.md"
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([p for p in sorted(files.iterdir()) if p != plan])
        before, quads, indexed = content(kb), kb._graph().count(), kb._index().count()
        kb.add([plan])
        assert content(kb) != before
        kb.remove([plan.name])
        assert content(kb) == before
        assert (kb._graph().count(), kb._index().count()) == (quads, indexed)


def test_a_changed_file_replaces_its_document(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        path = files / "bdvtu-2022-ke-hoach-43.txt"
        path.write_text(path.read_text("utf-8").replace("43-KH/BDVTU", "44-KH/BDVTU"), "utf-8")
        assert kb.add([files]).replaced == 1
        held = {a.document.canonical for a in kb.ls() if a.document}
        assert "44-KH/BDVTU" in held
        assert "43-KH/BDVTU" not in held


def test_order_does_not_matter_and_late_documents_settle_earlier_mentions(files: Path, tmp_path: Path) -> None:
    paths = sorted(files.iterdir())
    with thidua_kg.open(tmp_path / "a") as first, thidua_kg.open(tmp_path / "b") as second:
        first.add(paths)
        for path in reversed(paths):
            second.add([path])
        assert content(first) == content(second)
        assert sorted(map(str, first._graph().ids())) == sorted(map(str, second._graph().ids()))


def test_bad_files_are_reported_and_leave_no_trace(files: Path, tmp_path: Path) -> None:
    (files / "rong.txt").write_bytes(b"")
    (files / "nhi-phan.txt").write_bytes(b"abc\x00\x01def")
    (files / "ma-cu.txt").write_bytes("Kế hoạch số 1".encode("utf-16")[2:] + b"\xff\xfe\xfd")
    (files / "cp1251.txt").write_bytes("Жизнь и судьба".encode("cp1251"))
    with thidua_kg.open(tmp_path / "kho") as kb:
        report = kb.add([files, tmp_path / "khong-co.txt"])
        assert report.added == 3
        assert sorted(Path(f.path).name for f in report.failed) == [
            "cp1251.txt", "khong-co.txt", "ma-cu.txt", "nhi-phan.txt", "rong.txt",
        ]  # fmt: skip
        assert all(f.why for f in report.failed)
        assert kb.stats()["documents"] == 3


def test_a_failure_inside_a_batch_keeps_the_knowledge_base_as_it_was(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files / "tw-2014-chi-thi-34.txt"])
        before = content(kb)
        put = kb._store.put
        calls = iter(range(10))

        def failing(*given: object) -> int:
            number = put(*given)  # type: ignore[arg-type]
            if next(calls) == 1:
                raise sqlite3.OperationalError("database or disk is full")
            return number

        monkeypatch.setattr(kb._store, "put", failing)
        with pytest.raises(KnowledgeBaseError, match="disk is full"):
            kb.add([files])
        assert content(kb) == before
    with thidua_kg.open(tmp_path / "kho") as kb:
        assert content(kb) == before
        assert kb.add([files]).added == 2


def test_what_failed_is_tried_again_while_its_error_is_looked_at(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error refers to the graph that it came from, whose folder stays locked for as long."""

    def failing(*_: object) -> object:
        raise KnowledgeBaseError("đồ thị", "hết chỗ", "dọn chỗ")

    for path in sorted(files.iterdir())[:2]:
        with thidua_kg.open(tmp_path / "kho") as kb:
            with monkeypatch.context() as broken:
                broken.setattr("thidua_kg.derived.graph_record", failing)
                with pytest.raises(KnowledgeBaseError, match="hết chỗ") as held:
                    kb.add([path])
            assert kb.add([path]).added == 1
            assert held.value.__traceback__
            assert kb.verify().clean


def test_graph_and_index_catch_up_with_the_store(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        quads, indexed = kb._graph().count(), kb._index().count()
    shutil.rmtree(tmp_path / "kho" / "snapshots")
    with thidua_kg.open(tmp_path / "kho") as kb:
        assert (kb._graph().count(), kb._index().count()) == (quads, indexed)


def test_a_newer_knowledge_base_is_refused(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
    with sqlite3.connect(tmp_path / "kho" / "thidua.sqlite") as database:
        database.execute("update meta set value='99' where key='schema'")
    for write in (True, False):
        with pytest.raises(KnowledgeBaseError, match="phiên bản mới hơn"):
            thidua_kg.open(tmp_path / "kho", write=write)


def test_reading_needs_a_knowledge_base(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="chưa có kho"):
        thidua_kg.open(tmp_path / "khong-co", write=False)
    assert not (tmp_path / "khong-co").exists()
    (tmp_path / "hong").mkdir()
    (tmp_path / "hong" / "thidua.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(KnowledgeBaseError, match="không mở được kho"):
        thidua_kg.open(tmp_path / "hong", write=False)


def test_only_what_is_held_can_be_removed(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        with pytest.raises(UnknownName, match="chỉ được viện dẫn"):
            kb.remove(["19/CT-TTg năm 2021"])
