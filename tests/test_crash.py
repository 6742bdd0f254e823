"""A writer that dies, a disk that is full or read-only: what was committed answers, and nothing is half there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import thidua_kg
from benchmarks.crash import rounds
from benchmarks.generate import write
from tests.conftest import CORPUS
from tests.test_cli import lines, thidua
from thidua_kg.errors import KnowledgeBaseError

KILLS = 20  # benchmarks/crash.py kills 200 times


def test_a_killed_writer_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    outcome = rounds(tmp_path, KILLS, seed=3)
    assert outcome.faults == []
    assert sum(outcome.died.values()) == KILLS
    assert outcome.died["kept"] + outcome.died["gone"] >= KILLS // 3, "most die in the middle of their work"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; only root on Linux can have one."""
    folder = tmp_path / "dia"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root on Linux, to mount a small tmpfs")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "thidua", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)


def state(folder: Path) -> tuple[int, bool]:
    with thidua_kg.open(folder, write=False) as kb:
        return len(kb.ls()), kb.verify().clean


def test_a_full_disk_is_said_and_loses_nothing(disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "van-ban", 300, seed=2)
    files = sorted((tmp_path / "van-ban").rglob("*.*"))
    monkeypatch.setattr("thidua_kg.keeping.adding.BATCH", 20)
    folder = disk / "kho"
    with thidua_kg.open(folder) as kb:
        kb.add([CORPUS / "tw-2014-chi-thi-34.txt"])
    filler = disk / "day"
    filler.write_bytes(b"x" * (shutil.disk_usage(disk).free - 8_000_000))
    with thidua_kg.open(folder) as kb, pytest.raises(KnowledgeBaseError) as said:
        kb.add(files, workers=0)
    assert said.value.remedy
    filler.unlink()
    kept, clean = state(folder)
    assert clean
    assert 1 <= kept < 300
    with thidua_kg.open(folder) as kb:
        report = kb.add(files[: kept + 20], workers=0)
        assert report.unchanged == kept - 1
        assert report.added == 21
    assert state(folder) == (kept + 21, True)


def test_a_full_disk_on_the_command_line(disk: Path) -> None:
    assert thidua("add", CORPUS / "tw-2014-chi-thi-34.txt", "--kb", disk / "kho").returncode == 0
    (disk / "day").write_bytes(b"x" * (shutil.disk_usage(disk).free - 100_000))
    run = thidua("add", CORPUS, "--kb", disk / "kho")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr.decode()
    assert run.stderr.decode().startswith("thidua: ")
    assert state(disk / "kho") == (1, True)


def test_a_read_only_medium_answers_and_refuses_to_be_written(disk: Path) -> None:
    folder = disk / "kho"
    with thidua_kg.open(folder) as kb:
        added = kb.add([CORPUS]).added
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert state(folder) == (added, True)
    for words in (
        ["search", "thi đua"],
        ["implements", "214/KH-SNV"],
        ["sparql", "select * { ?s ?p ?o } limit 3", "--seconds", "20"],
    ):
        run = thidua(*words, "--json", kb=folder)
        assert run.returncode == 0, run.stderr.decode()
        assert lines(run)
    run = thidua("add", CORPUS / "tw-2014-chi-thi-34.txt", kb=folder)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr.decode()


def test_a_folder_that_vanishes_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "kho"
    with thidua_kg.open(folder) as kb:
        kb.add([CORPUS / "tw-2014-chi-thi-34.txt"])
    reader = thidua_kg.open(folder, write=False)
    shutil.rmtree(folder)
    with pytest.raises(KnowledgeBaseError):
        reader.search("thi đua")
    reader.close()
    with pytest.raises(KnowledgeBaseError, match="chưa có kho"):
        thidua_kg.open(folder, write=False)
