"""Verify, rebuild, purge, migrate: what disagrees is found and mended, and what is purged is nowhere."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from pathlib import Path

import msgspec
import pytest

import thidua_kg
from tests.conftest import CORPUS, ROOT
from tests.test_cli import lines, thidua
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.judgements.records import Judgement
from thidua_kg.knowledge_base import KnowledgeBase
from thidua_kg.model import Document
from thidua_kg.rows import unpacked
from thidua_kg.store import SCHEMA

NAMES = ("tw-2014-chi-thi-34.txt", "bdvtu-2022-ke-hoach-43.txt", "bdvtu-2022-ke-hoach-thi-dua.md")
SECOND = "BDVTU.binh-thuan:2022:43-KH/BDVTU"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([CORPUS / name for name in NAMES])
    return tmp_path / "kho"


def faults(folder: Path) -> set[tuple[str, str | None]]:
    with thidua_kg.open(folder, write=False) as kb:
        found = kb.verify()
        assert found.clean == (not found.faults)
        assert all(fault.why and fault.remedy for fault in found.faults)
        return {(fault.part, fault.document) for fault in found.faults}


def snapshot(folder: Path) -> Path:
    (only,) = (folder / "snapshots").iterdir()
    return only


def test_a_sound_knowledge_base_is_clean(folder: Path) -> None:
    assert faults(folder) == set()
    with thidua_kg.open(folder, write=False) as kb:
        assert kb.verify().documents == {"store": 3, "graph": 3, "index": 3}
    with thidua_kg.open(folder) as kb:
        kb.add([CORPUS])
        assert kb.verify().clean
        kb.remove([SECOND])
        assert kb.verify().clean


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_what_graph_and_index_hold_otherwise_is_found_and_mended(tmp_path: Path, engine: str) -> None:
    with thidua_kg.open(tmp_path, engine=engine) as kb:
        kb.add([CORPUS / name for name in NAMES])
        held = kb._store.get(SECOND)
        assert held is not None
        kb._store._db.execute("delete from documents where id=?", (SECOND,))  # behind the back of graph and index
        found = {(f.part, f.document) for f in kb.verify().faults}
        assert {("store", SECOND), ("index", SECOND)} <= found
        changed = msgspec.structs.replace(held.document, text=held.document.text + " thêm")
        with kb._store.transaction():
            kb._store.follower = None
            kb._store.put(SECOND, changed, held.statements, None)
        found = {(f.part, f.document) for f in kb.verify().faults}
        assert ("index", SECOND) in found
        assert not any(part == "store" for part, _ in found)
        kb._store.follower = kb._derived
        kb.rebuild()
        assert kb.verify().clean


def test_a_missing_snapshot_is_said_and_mended(folder: Path) -> None:
    shutil.rmtree(folder / "snapshots")
    assert faults(folder) == {("graph", None), ("index", None)}
    run = thidua("search", "thi đua", kb=folder)
    assert run.returncode == 1
    assert "thidua rebuild" in run.stderr.decode()
    assert thidua("rebuild", kb=folder).returncode == 0
    assert faults(folder) == set()


@pytest.mark.parametrize(("kind", "part"), [("graph/*.sst", "graph"), ("index-tantivy/*.idx", "index")])
def test_a_damaged_file_is_said_and_mended(folder: Path, kind: str, part: str) -> None:
    for file in snapshot(folder).glob(kind):
        data = bytearray(file.read_bytes())
        for place in range(len(data) // 8, len(data) - 200, max(1, len(data) // 8)):
            data[place] ^= 0xFF
        file.write_bytes(data)
    run = thidua("verify", "--json", kb=folder)
    assert run.returncode == 1
    (found,) = lines(run)
    assert {fault["part"] for fault in found["faults"]} == {part}
    assert all("rebuild" in fault["remedy"] for fault in found["faults"])
    assert thidua("rebuild", kb=folder).returncode == 0
    assert faults(folder) == set()


def test_a_damaged_page_is_said(folder: Path) -> None:
    file = folder / "thidua.sqlite"
    data = bytearray(file.read_bytes())
    place = data.rindex("dân vận".encode())  # somewhere in a document
    for at in range(place - 40, place):
        data[at] ^= 0x55
    file.write_bytes(data)
    assert any(part == "store" for part, _ in faults(folder))
    half = data[: len(data) // 2]
    file.write_bytes(half)
    run = thidua("verify", kb=folder)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr.decode()


def test_verify_on_the_command_line(folder: Path) -> None:
    run = thidua("verify", "--json", kb=folder)
    assert run.returncode == 0
    assert lines(run)[0]["clean"] is True
    assert "khớp" in thidua("verify", kb=folder).stdout.decode()
    assert thidua("rebuild", kb=folder / "khong-co").returncode == 1
    assert not (folder / "khong-co").exists()


# --- purge

MARK = "Dấu vết bí ẩn zqxjkvw"  # in the title, a task, an assignment and a citation's title


def forms(text: str) -> list[bytes]:
    """How a text may stand in a file: in UTF-8 and 16, as words of the index, and alone compressed."""
    words = text.rsplit(maxsplit=1)[-1]
    encoded = [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [*encoded, words.encode(), words.encode("utf-16-le"), zlib.compress(text.encode())]


def traces(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {form!r}"
        for path in folder.rglob("*")
        if path.is_file()
        for form in forms(MARK)
        if form.lower() in path.read_bytes().lower()
    ]


def found(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def marked(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    text = (CORPUS / "bdvtu-2022-ke-hoach-43.txt").read_text("utf-8").replace("43-KH/BDVTU", "88-KH/BDVTU")
    path = folder / "danh-dau.txt"
    path.write_text(text.replace("Ban Dân vận", f"Ban Dân vận {MARK}").replace("nhiệm vụ", f"nhiệm vụ {MARK}"), "utf-8")
    return path


def test_purge_leaves_no_byte(folder: Path, tmp_path: Path) -> None:
    path = marked(tmp_path / "nguon")
    with thidua_kg.open(folder) as kb:
        kb.add([path])
        kb.add([CORPUS / "tw-2013-nghi-quyet-25.txt"])
        kb.judge("header", "88-KH/BDVTU", f"tên {MARK} đã sửa", field="title", by="An")
        other, purged = (
            kb._store.rows(f"select id from documents where id like '%{s}'")[0][0] for s in ("34-CT/TW", "88-KH/BDVTU")
        )
        kb._record([Judgement(kind="different", document=other, by="An", at="2026-01-02T03:04:05Z", value=purged)])
        ((record,),) = kb._store.rows("select record from parses where document like '%88-KH/BDVTU'")
    assert traces(folder), "the mark can be found where it is"
    assert found(folder, record[:64]), "the compressed record can be found where it is"
    assert thidua("purge", "88-KH/BDVTU", kb=folder).returncode == 0
    assert traces(folder) == []
    assert not found(folder, record[:64])
    assert not found(folder, b"88-KH")
    assert faults(folder) == set()
    with thidua_kg.open(folder, write=False) as kb:
        assert len(kb.ls()) == 4


def test_removing_alone_leaves_traces(folder: Path, tmp_path: Path) -> None:
    """What purge is for: it could not fail if `remove` left nothing either."""
    with thidua_kg.open(folder) as kb:
        kb.add([marked(tmp_path / "nguon")])
        kb.remove(["88-KH/BDVTU"])
        assert traces(folder)


def test_purge_says_who_is_in_the_way(folder: Path, tmp_path: Path) -> None:
    with thidua_kg.open(folder) as kb:
        kb.add([marked(tmp_path / "nguon")])
        with thidua_kg.open(folder, write=False) as reader:
            reader.ls()
            with pytest.raises(KnowledgeBaseError, match="đang đọc"):
                kb.purge(["88-KH/BDVTU"])
        kb.purge([])
    assert traces(folder) == []


# --- migration


def test_a_graph_of_an_older_form_is_made_anew(folder: Path) -> None:
    state = snapshot(folder) / "graph" / "state.json"
    state.write_text('{"change":3,"form":2}')
    with thidua_kg.open(folder) as kb:
        assert kb.verify().clean
        assert kb._graph().last_change() == kb._store.last_change()
    assert '"form":2' not in (snapshot(folder) / "graph" / "state.json").read_text()


def old(folder: Path, kb: KnowledgeBase) -> None:
    """A knowledge base as schema 1 had it, with the documents of another; its SQL is that of the old code."""
    folder.mkdir()
    with sqlite3.connect(folder / "thidua.sqlite") as made:
        made.executescript((ROOT / "tests" / "schema_1.sql").read_text("utf-8"))
        made.execute("insert into meta values ('schema', '1')")
        for (table,) in made.execute("select name from sqlite_master where type='table'").fetchall():
            if table in ("meta", "sqlite_sequence"):
                continue
            columns = ", ".join(row[1] for row in made.execute(f"pragma table_info({table})"))
            source = "documents join parses on document=id" if table == "documents" else table
            rows = [tuple(map(plain, row)) for row in kb._store.rows(f"select {columns} from {source}")]
            if rows:
                made.executemany(f"insert into {table} values ({','.join('?' * len(rows[0]))})", rows)
    made.close()


def plain(value: object) -> object:
    """A record without the compression that it has since schema 4, anything else as it is."""
    return msgspec.msgpack.encode(unpacked(value, Document)) if isinstance(value, bytes) else value


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    database = sqlite3.connect(path)
    tables = [row[0] for row in database.execute("select name from sqlite_master where type='table' order by 1")]
    names = dict(database.execute("select doc, document from docs")) if "docs" in tables else {}
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in set(tables) - {"meta", "docs"}:
        columns = [row[1] for row in database.execute(f"pragma table_info({table})") if row[1] != "digest"]
        rows = database.execute(f"select {','.join(columns)} from {table}")
        told = (tuple(names[v] if c == "doc" else plain(v) for c, v in zip(columns, row, strict=True)) for row in rows)
        found[table] = sorted(told, key=repr)
    found["docs"] = sorted((name,) for name in names.values())
    found["schema"] = sorted(
        (kind, name, " ".join(str(sql).split()) if kind == "index" else "")
        for kind, name, sql in database.execute(
            "select type, name, sql from sqlite_master where name not like 'sqlite%'"
        )
    )
    found["columns"] = [(t, *row[1:3]) for t in tables for row in database.execute(f"pragma table_info({t})")]
    database.close()
    return found


def test_an_older_knowledge_base_is_migrated_after_a_copy(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "cu"
    with thidua_kg.open(folder, write=False) as kb:
        old(other, kb)
    before = content(other / "thidua.sqlite")
    with pytest.raises(KnowledgeBaseError, match="phiên bản cũ hơn"):
        thidua_kg.open(other, write=False)
    run = thidua("rebuild", kb=other)
    assert run.returncode == 0, run.stderr.decode()
    assert content(other / "thidua-luoc-do-1.sqlite") == before
    expected = content(folder / "thidua.sqlite")
    expected["sketches"] = []  # of bodies, to tell the same work again: only what is put by this version has them
    assert content(other / "thidua.sqlite") == expected
    assert faults(other) == set()
    with thidua_kg.open(other) as kb:
        assert kb._store.rows("select value from meta where key='schema'")[0][0] == str(SCHEMA)
        kb.purge(["34-CT/TW năm 2014"])
    assert not (other / "thidua-luoc-do-1.sqlite").exists()


# What schema 3 had otherwise than schema 4: words and bands named their document in full.
SCHEMA_3 = """
create table old_words (
  document text not null, word text not null, length integer not null, primary key (word, length, document)
) without rowid;
insert into old_words select document, word, length from title_words join docs using (doc);
drop table title_words;
alter table old_words rename to title_words;
create index title_words_document on title_words (document);
create table old_sketches (
  band integer not null, numbered integer not null, document text not null, primary key (band, numbered, document)
) without rowid;
insert into old_sketches select band, numbered, document from sketches join docs using (doc);
drop table sketches;
alter table old_sketches rename to sketches;
create index sketches_document on sketches (document);
drop table docs;
drop index citations_symbol;
create index citations_symbol on citations (symbol, owner, entity);
update meta set value='3' where key='schema';
"""


def test_words_and_bands_are_migrated(folder: Path) -> None:
    expected = content(folder / "thidua.sqlite")
    assert expected["sketches"]
    assert expected["title_words"]
    with sqlite3.connect(folder / "thidua.sqlite") as database:
        database.executescript(SCHEMA_3)
    database.close()
    with thidua_kg.open(folder) as kb:
        assert kb.verify().clean
    assert content(folder / "thidua.sqlite") == expected


def test_a_migration_that_fails_leaves_all_as_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "cu"
    with thidua_kg.open(folder, write=False) as kb:
        old(other, kb)
    before = content(other / "thidua.sqlite")

    def failing(*_: object) -> str:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("thidua_kg.migrations.digest_of", failing)
        with pytest.raises(KnowledgeBaseError, match="disk is full"):
            thidua_kg.open(other)
    assert content(other / "thidua.sqlite") == before
    with thidua_kg.open(other) as kb:
        assert kb.verify().clean
