"""What many tests share: the sample corpus in a knowledge base, and the real texts where they are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import thidua_kg
from thidua_kg.knowledge_base import KnowledgeBase

settings.register_profile("no deadline", deadline=None)  # timings are measured in benchmarks, never asserted in tests
settings.load_profile("no deadline")

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def corpus() -> Path:
    return CORPUS


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real documents that rules are measured on; tests that need them are skipped where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of real documents, which is not here")
    return SHARED


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base's folder with the sample corpus in it; tests read it and leave it as it is."""
    folder = tmp_path_factory.mktemp("kho")
    with thidua_kg.open(folder) as made:
        report = made.add([CORPUS])
    assert not report.failed
    return folder


@pytest.fixture(scope="session")
def kb(folder: Path) -> Iterator[KnowledgeBase]:
    with thidua_kg.open(folder, write=False) as opened:
        yield opened
