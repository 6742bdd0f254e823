"""Readers in other processes see store, graph and index of one change while one writes; nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import thidua_kg
from thidua_kg import locks
from thidua_kg.database import network_kind
from thidua_kg.errors import KnowledgeBaseError
from thidua_kg.knowledge_base import KnowledgeBase
from thidua_kg.snapshots import Snapshots

# Asks again and again until told to stop, and counts the moments at which the three did not agree.
READER = """
import sys, thidua_kg
from pathlib import Path
folder, stop = map(Path, sys.argv[1:])
seen, wrong = set(), 0
with thidua_kg.open(folder, write=False) as kb:
    print("ready", flush=True)
    while True:
        last = stop.exists()
        found = kb.stats()
        held = found["documents"], kb._index().count(), len(kb._graph().ids())
        wrong += len({found["change"], found["graph"]["change"], found["index"]["change"]}) > 1
        seen.add(found["documents"])
        if last:
            break
print(wrong, *sorted(seen))
"""


def run(code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def numbers(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / "snapshots").iterdir())


def files_of(corpus: Path, count: int) -> list[Path]:
    return sorted(p for p in corpus.iterdir() if p.suffix in (".txt", ".md") and p.name != "README.md")[:count]


def test_a_reader_beside_the_writer_sees_all_three_of_one_change(corpus: Path, tmp_path: Path) -> None:
    folder, stop = tmp_path / "kho", tmp_path / "stop"
    first, *others = files_of(corpus, 9)
    with thidua_kg.open(folder) as kb:
        kb.add([first])
        reader = run(READER, folder, stop)
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for path in others:
            kb.add([path])
        stop.touch()
        said, _ = reader.communicate(timeout=60)
    wrong, *seen = map(int, said.split())
    assert wrong == 0
    assert seen[-1] == 9, "the last change is seen"
    assert reader.returncode == 0
    assert len(numbers(folder)) <= 2
    with thidua_kg.open(folder) as kb:  # the reader is gone: its snapshot goes with the next commit
        kb.remove([str(first)])
    assert len(numbers(folder)) == 1


def test_an_open_reader_follows_what_is_published(corpus: Path, tmp_path: Path) -> None:
    first, second, third = files_of(corpus, 3)
    with thidua_kg.open(tmp_path) as writer:
        writer.add([first])
        with thidua_kg.open(tmp_path, write=False) as reader:
            assert (len(reader.ls()), reader._index().count(), len(reader._graph().ids())) == (1, 1, 1)
            writer.add([second])
            assert reader.stats()["documents"] == 2
            assert (reader._index().count(), len(reader._graph().ids())) == (2, 2)
            writer.add([third])
            writer.remove([str(first)])
            assert len(reader.ls()) == 2


def test_nothing_is_visible_before_the_whole_is(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = files_of(corpus, 2)
    with thidua_kg.open(tmp_path) as writer, thidua_kg.open(tmp_path, write=False) as reader:
        writer.add([first])
        fill = writer._derived._fill

        def filling(folder: Path) -> None:
            fill(folder)
            assert reader.stats()["documents"] == 1

        monkeypatch.setattr(writer._derived, "_fill", filling)
        writer.add([second])
        assert reader.stats()["documents"] == 2


@pytest.mark.parametrize("part", ["_fill", "_into_graph", "_into_index"])
def test_a_failure_in_graph_or_index_undoes_the_whole(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    first, second = files_of(corpus, 2)

    def failing(*_: object) -> None:
        raise KnowledgeBaseError("đồ thị", "hết chỗ trên đĩa")

    with thidua_kg.open(tmp_path) as kb:
        kb.add([first])
        with monkeypatch.context() as patched:
            patched.setattr(kb._derived, part, failing)
            with pytest.raises(KnowledgeBaseError, match="hết chỗ"):
                kb.add([second])
        assert state(kb) == (1, 1, 1)
        kb.add([second])
        assert state(kb) == (2, 2, 2)


def state(kb: KnowledgeBase) -> tuple[int, int, int]:
    return kb.stats()["documents"], kb._index().count(), len(kb._graph().ids())


def test_a_second_writer_is_told_at_once(corpus: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path) as kb:
        kb.add(files_of(corpus, 1))
        with pytest.raises(KnowledgeBaseError, match=rf"tiến trình khác \({os.getpid()}\)"):
            thidua_kg.open(tmp_path)
        other = run(
            "import sys, thidua_kg; thidua_kg.open(sys.argv[1], write=False).ls(); thidua_kg.open(sys.argv[1])",
            tmp_path,
        )
        assert other.wait(timeout=30) == 1
    thidua_kg.open(tmp_path).close()


def test_a_killed_writer_leaves_no_lock_and_no_copies(corpus: Path, tmp_path: Path) -> None:
    code = (
        "import os, sys, thidua_kg; kb = thidua_kg.open(sys.argv[1]); kb.add([sys.argv[2]]); kb._graph(); os._exit(9)"
    )
    assert run(code, tmp_path, files_of(corpus, 1)[0]).wait(timeout=60) == 9
    assert any((tmp_path / "work").iterdir())
    with thidua_kg.open(tmp_path, write=False) as kb:
        assert state(kb) == (1, 1, 1)
    with thidua_kg.open(tmp_path) as kb:
        kb.add(files_of(corpus, 2))
        assert state(kb) == (2, 2, 2)
    assert not (tmp_path / "work").exists()
    assert len(numbers(tmp_path)) == 1


def test_a_snapshot_is_kept_while_it_is_held(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    one = snapshots.publish(0, lambda made: (made / "a").write_text("1"))
    held = snapshots.hold(one)
    assert held is not None
    two = snapshots.publish(one, lambda made: (made / "a").write_text("2"))
    snapshots.sweep(keep=two)
    assert numbers(tmp_path) == [str(one), str(two)]
    held.release()
    snapshots.sweep(keep=two)
    assert numbers(tmp_path) == [str(two)]
    assert snapshots.hold(one) is None


def test_snapshots_work_where_there_are_no_hard_links(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refusing)
    for path in files_of(corpus, 3):
        with thidua_kg.open(tmp_path) as kb:
            kb.add([path])
    with thidua_kg.open(tmp_path, write=False) as kb:
        assert state(kb) == (3, 3, 3)


def test_locks(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert locks.shared(path) is None
    alone = locks.alone(path, "note")
    assert alone is not None
    assert path.read_text() == "note"
    assert locks.alone(path) is None
    assert locks.shared(path) is None
    alone.release()
    one, two = locks.shared(path), locks.shared(path)
    assert one is not None
    assert two is not None
    one.release()
    assert locks.alone(path) is None
    two.release()
    two.release()
    again = locks.alone(path)
    assert again is not None
    again.release()


MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/data /mnt/data nfs4 rw 0 0
//server/share /mnt/tài\\040liệu cifs rw 0 0
x /mnt/data/local ext4 rw 0 0
me@host: /home/me/far fuse.sshfs rw 0 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the table of mounts as Linux writes it")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/kho", None),
        ("/mnt/data/kho", "nfs4"),
        ("/mnt/database", None),
        ("/mnt/data/local/kho", None),
        ("/home/me/far/kho", "fuse.sshfs"),
        ("/mnt/tài liệu/kho", "cifs"),
    ],
)
def test_network_drives_are_known(path: str, kind: str | None) -> None:
    assert network_kind(Path(path), MOUNTS) == kind


def test_nothing_is_written_on_a_network_drive(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with thidua_kg.open(tmp_path) as kb:
        kb.add(files_of(corpus, 1))
    monkeypatch.setattr("thidua_kg.database.network_kind", lambda _: "nfs4")
    with pytest.raises(KnowledgeBaseError, match=r"ổ mạng \(nfs4\)"):
        thidua_kg.open(tmp_path)
    with thidua_kg.open(tmp_path, write=False) as kb:
        assert state(kb) == (1, 1, 1)


def test_every_question_is_of_one_moment() -> None:
    """A method that reads and is no `question` could see rows of one change and a graph of another."""
    others = {"add", "add_catalogue", "remove", "purge", "rebuild", "verify", "close", "questions", "judge", "undo"}
    others |= {"add_vocabulary", "remove_vocabulary", "merge_judgements"}
    public = {name for name, value in vars(KnowledgeBase).items() if callable(value) and not name.startswith("_")}
    assert {name for name in public if not hasattr(vars(KnowledgeBase)[name], "__wrapped__")} == others
