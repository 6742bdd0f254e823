"""Adding by worker processes: the same results however many, and a file that hangs or kills its reader costs only itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import thidua_kg
from benchmarks.generate import documents, write
from tests.conftest import CORPUS, ROOT
from tests.test_cli import lines, thidua
from thidua_kg.knowledge_base import KnowledgeBase
from thidua_kg.schema import BY_NUMBER
from thidua_kg.workers import Job, Workers, prepare

COUNT = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("van-ban")
    write(folder, COUNT, seed=7)
    return folder


def content(kb: KnowledgeBase, out: Path) -> tuple[object, ...]:
    """All that a knowledge base holds: the rows of its tables, its RDF, and what its index says of itself."""
    tables = [row[0] for row in kb._store.rows("select name from sqlite_master where type='table' order by 1")]
    by_number = {table: f"{table} join docs using (doc)" for table in BY_NUMBER}  # numbers are given as documents come
    rows = [
        sorted((tuple(value for name, value in dict(row).items() if name != "doc") for row in found), key=repr)
        for table in tables
        if table not in ("changes", "meta", "sqlite_sequence")
        and (found := kb._store.rows(f"select * from {by_number.get(table, table)}"))
    ]
    with out.open("wb") as file:
        kb._graph().dump("nt", file)
    return rows, out.read_bytes(), kb._index().digests()


def test_generated_documents_are_the_same_in_a_larger_set(made: Path) -> None:
    some = list(documents(15, seed=7))
    assert some == list(documents(COUNT, seed=7))[:15]
    assert some != list(documents(15, seed=8))
    assert (made / some[3].path).read_text("utf-8") == some[3].text


def test_the_same_whatever_the_number_of_workers_and_the_order(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(p for p in made.rglob("*") if p.is_file())
    found = []
    for number, (workers, paths, batch) in enumerate([(0, files, 2_000), (1, files, 7), (3, files[::-1], 13)]):
        monkeypatch.setattr("thidua_kg.keeping.adding.BATCH", batch)
        with thidua_kg.open(tmp_path / str(number)) as kb:
            assert kb.add(paths, workers=workers).added == COUNT
            found.append(content(kb, tmp_path / "nt"))
            assert kb.verify().clean
    assert found[0] == found[1] == found[2]


def test_outcomes_come_in_order_and_as_if_read_here(made: Path) -> None:
    jobs = [Job(path=str(p), name=p.name, engine="tantivy") for p in sorted(made.rglob("*.*"))]
    jobs[5] = Job(path=str(made / "khong-co.txt"), name="khong-co.txt")
    with Workers(2) as workers:
        assert list(workers.map(jobs)) == [prepare(job) for job in jobs]
        assert list(workers.map([])) == []


# A package of others' making that a reader imports, in three bad moods; it stands before the real one on the path.
MOODS = {
    "hangs": ("import time\ntime.sleep(600)\n", "quá thời gian"),
    "dies": ("import os\nos.abort()\n", "dừng đột ngột"),
    "eats": ("held = bytearray(1 << 33)\n", "MemoryError"),
    "prints": ("print('x' * 100_000)\nraise ValueError('lỗi lạ')\n", "ValueError"),
}


@pytest.fixture(params=sorted(MOODS))
def mood(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What is said of a Word file when lxml is in this mood, in processes started from now on."""
    if request.param == "eats" and sys.platform != "linux":
        pytest.skip("only Linux holds a process to a limit of memory")
    package = tmp_path / "path" / "lxml"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(MOODS[request.param][0])
    monkeypatch.syspath_prepend(str(package.parent))
    return MOODS[request.param][1]


def word_file(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w:document/>")
    return path


def test_a_bad_file_costs_only_itself(tmp_path: Path, mood: str) -> None:
    bad = word_file(tmp_path / "xau.docx")
    good = [CORPUS / name for name in ("tw-2014-chi-thi-34.txt", "bdvtu-2022-ke-hoach-43.txt")]
    with thidua_kg.open(tmp_path / "kho") as kb:
        report = kb.add([good[0], bad, good[1]], seconds=5)
        assert report.added == 2
        (failure,) = report.failed
        assert failure.path == str(bad)
        assert mood in failure.why
        assert kb.verify().clean


@pytest.mark.parametrize("mood", ["hangs"], indirect=True)
def test_parse_has_the_same_limit(tmp_path: Path, mood: str) -> None:
    run = thidua(
        "parse", word_file(tmp_path / "xau.docx"), CORPUS / "tw-2014-chi-thi-34.txt", "--seconds", "3",
        PYTHONPATH=str(tmp_path / "path"),
    )  # fmt: skip
    assert run.returncode == 1
    assert len(lines(run)) == 1
    assert mood in run.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no Ctrl-C to one process")
def test_an_interrupted_addition_goes_on_where_it_stopped(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kho"
    code = (
        "import sys, thidua_kg, thidua_kg.keeping.adding as adding; adding.BATCH = 5\n"
        "with thidua_kg.open(sys.argv[1]) as kb:\n"
        "    kb.add([sys.argv[2]], lambda done, total, path: print(done, flush=True), workers=2)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(made)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) == 22:
            process.send_signal(signal.SIGINT)
            break
    process.stdout.close()
    assert process.wait(timeout=60) != 0
    with thidua_kg.open(folder) as kb:
        kept = kb.stats()["documents"]
        assert 20 <= kept < COUNT
        assert kb.verify().clean
        report = kb.add([made], workers=1)
        assert (report.unchanged, report.added) == (kept, COUNT - kept)


def test_what_is_whole_at_an_interruption_is_kept(made: Path, tmp_path: Path) -> None:
    files = sorted(p for p in made.rglob("*") if p.is_file())

    def progress(done: int, *_: object) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with thidua_kg.open(tmp_path) as kb:
        with pytest.raises(KeyboardInterrupt):
            kb.add(files, progress, workers=0)
        assert kb.stats()["documents"] == 7
        assert kb.verify().clean
        assert kb.add(files, workers=0).unchanged == 7


def test_an_interruption_within_a_document_leaves_no_part_of_it(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(p for p in made.rglob("*") if p.is_file())[:3]

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with thidua_kg.open(tmp_path) as kb:
        kb.add(files[:2], workers=0)
        with monkeypatch.context() as patched:
            patched.setattr("thidua_kg.keeping.documents._propose", interrupted)  # the document is put by then
            with pytest.raises(KeyboardInterrupt):
                kb.add(files, workers=0)
        assert kb.stats()["documents"] == 2
        assert kb.verify().clean


def test_little_room_keeps_the_order(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thidua_kg.workers._ROOM", 1)
    jobs = [Job(path=str(p), name=p.name) for p in sorted(made.rglob("*.*"))[:12]]
    with Workers(3) as workers:
        assert [o.document.path for o in workers.map(jobs) if o.document] == [job.name for job in jobs]


def test_workers_end_with_their_parent(made: Path) -> None:
    code = (
        "import os, sys; from thidua_kg.workers import Job, Workers\n"
        "jobs = [Job(path=p, name=p) for p in sys.argv[1:]]\n"
        "workers = Workers(2); next(workers.map(jobs))\n"
        "print(*(h._process.pid for h in workers._hands if h._process), flush=True); os._exit(1)\n"
    )
    paths = [str(p) for p in sorted(made.rglob("*.*"))[:10]]
    said = subprocess.run([sys.executable, "-c", code, *paths], capture_output=True, text=True, check=False, cwd=ROOT)
    pids = [int(word) for word in said.stdout.split()]
    assert pids
    deadline = time.monotonic() + 20
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlives its parent"
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    if os.name == "nt":
        found = subprocess.run(["tasklist", "/fi", f"pid eq {pid}"], capture_output=True, text=True, check=False)
        return str(pid) in found.stdout
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z" if Path("/proc").is_dir() else True
