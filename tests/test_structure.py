"""Blocks tile the text, their ids are paths of printed markers, and wrapped lines are told from markers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notation import cases, read_case
from thidua_kg.model import Block
from thidua_kg.structure import blocks, extent

PIECES = [
    *("I. ", "II- ", "1. ", "2. ", "2.1. ", "a) ", "b) ", "đ) ", "(i) ", "- ", "* *", "+ ", "Điều 1. ", "Chương I"),
    *(
        "PHỤ LỤC",
        "# ",
        "| a | b | c |",
        "a\tb\tc\t",
        "“",
        "”",
        "\n",
        "\n\n",
        " ",
        "Sở Nội vụ",
        "thi đua.",
        "khoản\n2. ",
        "9999",
    ),
    "STT\nNội dung\nCơ quan chủ trì\nThời gian\n1\n",
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


def must_hold(text: str, found: tuple[Block, ...]) -> None:
    """What is true of the blocks of any text."""
    assert "".join(text[slice(*block.span)] for block in found) == text
    assert [block.span[0] for block in found][:1] in ([0], [])
    seen: set[str] = set()
    for index, block in enumerate(found):
        assert block.id not in seen
        assert block.parent is None or block.parent in seen
        seen.add(block.id)
        start, end = extent(found, index)
        assert block.span[0] == start < end <= len(text)


@given(TEXTS)
def test_blocks_tile_any_text(text: str) -> None:
    must_hold(text, blocks(text))


@given(TEXTS, st.data())
@settings(max_examples=50)
def test_blocks_tile_around_given_parts(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=5, max_size=5)))
    found = blocks(text, header_end=cuts[0], recipients=(cuts[1], cuts[2]), signature=(cuts[3], cuts[4]))
    must_hold(text, found)


@pytest.mark.parametrize("line", cases("blocks.txt"))
def test_ids(line: str) -> None:
    text, marks = read_case(line)
    found = [(b.kind, b.id, b.span[0]) for b in blocks(text) if b.kind != "preamble"]
    assert found == [(mark.kind, mark.value, mark.span[0]) for mark in marks]


def test_closing_parts_and_annexes() -> None:
    text = (
        "KẾ HOẠCH\nvề thi đua\n\nI. VIỆC CHUNG\n\n1. Làm việc.\n\n"
        "Nơi nhận:\n- 1. Phòng A;\n- Lưu.\nTRƯỞNG BAN\nHọ Tên\n\nPHỤ LỤC I\n\n1. Mẫu.\n"
    )
    at = [text.index(word) for word in ("\nI. VIỆC", "Nơi nhận", "TRƯỞNG BAN", "\nPHỤ LỤC")]
    found = blocks(text, header_end=at[0], recipients=(at[1], at[2]), signature=(at[2], at[3]))
    assert [(b.kind, b.id) for b in found] == [
        ("preamble", "header"),
        ("section", "I"),
        ("item", "I.1"),
        ("recipients", "recipients"),
        ("signature", "signature"),
        ("annex", "Phụ lục I"),
        ("item", "Phụ lục I.1"),
    ]
    assert text[slice(*found[3].span)] == text[at[1] : at[2]]


def test_a_closing_paragraph_belongs_to_no_item() -> None:
    text = "IV. TỔ CHỨC THỰC HIỆN\n\n1. Phòng A\n\na) Rà soát.\n\nĐây là việc quan trọng, các phòng cùng làm./.\n"
    assert [(b.id, b.parent) for b in blocks(text)][-1] == ("p1", None)


def test_piped_table() -> None:
    text = (
        "1. Phân công:\n\n| TT | Việc | Chủ trì |\n|---|---|---|\n"
        "| I | Chung | |\n| 1 | Rà soát | Phòng A |\n| 2 | Báo cáo | Phòng B |\n"
    )
    found = blocks(text)
    assert [(b.kind, b.id) for b in found[1:]] == [
        ("table", "1.t1"),
        ("row", "1.t1.I"),
        ("row", "1.t1.I.1"),
        ("row", "1.t1.I.2"),
    ]


def test_flattened_table() -> None:
    text = (
        "PHỤ LỤC\n\nTT\nNội dung công\nviệc\nCơ quan chủ trì\nThời gian\nI\nVIỆC CHUNG\n"
        "1\nRà soát quy chế\nPhòng A\n2025\n2\nBáo cáo\nPhòng B\nQuý I\n"
    )
    assert [b.id for b in blocks(text) if b.kind == "row"] == ["Phụ lục.t1.I", "Phụ lục.t1.I.1", "Phụ lục.t1.I.2"]


def test_titles() -> None:
    text = "I.\nMỤC ĐÍCH,\nYÊU CẦU\n\n1. Sở Nội vụ:\n\na) Rà soát quy chế của cơ quan.\n"
    assert [b.title for b in blocks(text)] == ["MỤC ĐÍCH, YÊU CẦU", "Sở Nội vụ", None]


def test_a_long_line_and_many_lines() -> None:
    assert len(blocks("x " * 500_000)) == 1
    assert len(blocks("1. Việc.\n\n" * 5_000)) == 5_000


def test_every_real_text_tiles(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "official" / "text").glob("*.txt"))[::8]:
        text = path.read_text("utf-8")
        must_hold(text, blocks(text))
