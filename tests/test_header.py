"""The header and the closing: whole small documents of our own, one a file, and what must hold for any text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_kg.mentions.header import find_header
from thidua_kg.mentions.header_words import in_capitals, modern, normal_case
from thidua_kg.mentions.signature import closing, find_recipients, find_signer
from thidua_kg.model import Header, Recipient
from thidua_kg.text import fold_space

CASES = sorted((Path(__file__).parent / "cases" / "header").glob("*.txt"))
SHARED = Path(__file__).resolve().parents[2] / "shared"
PLAIN = (
    "type", "type_code", "system", "number", "symbol", "issuer", "decided_by", "place", "date", "title", "secrecy",
)  # fmt: skip


def _read(case: Path) -> tuple[dict[str, list[str]], str]:
    """The expected facts, by name, and the document below the line "===="."""
    head, text = case.read_text("utf-8").split("====\n", 1)
    facts: dict[str, list[str]] = {}
    for line in head.splitlines():
        name, value = line.split(": ", 1)
        facts.setdefault(name, []).append(value)
    return facts, unicodedata.normalize("NFC", text)


def _parts(line: str) -> tuple[str | None, ...]:
    return tuple(None if part == "-" else part for part in line.split(" | "))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_header(case: Path) -> None:
    facts, text = _read(case)
    header = find_header(text)
    assert {name: getattr(header, name) for name in PLAIN} == {name: facts.get(name, [None])[0] for name in PLAIN}
    assert list(header.handling) == facts.get("handling", [])
    assert ", ".join(header.inferred) == facts.get("inferred", [""])[0]
    for name in header.inferred:
        assert header.evidence[name]
        wanted = facts.get(f"evidence {name}")
        assert wanted is None or header.evidence[name][0].text == wanted[0]
    signer = header.signer and (header.signer.capacity, header.signer.position, header.signer.name)
    assert signer == (_parts(facts["signer"][0]) if "signer" in facts else None)
    found = [(r.text, r.kind, *([r.purpose] if r.purpose else [])) for r in header.recipients]
    assert found == [_parts(line) for line in facts.get("recipients", facts.get("recipient", []))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_places_quote_the_text(case: Path) -> None:
    _, text = _read(case)
    _holds(text, find_header(text))


def _holds(text: str, header: Header) -> None:
    """Every place lies in the text and says what the header says."""
    end = closing(text)
    for start, stop in (*header.spans.values(), end.recipients_span or (0, 0), end.signature_span or (0, 0)):
        assert 0 <= start <= stop <= len(text)
    for passages in header.evidence.values():
        assert all(text[e.span[0] : e.span[1]] == e.text for e in passages)
    if header.symbol and "symbol" in header.spans:
        assert "".join(_slice(text, header.spans["symbol"]).split()) == "".join(header.symbol.split())
    if header.title and "title" in header.spans:
        assert _words(_slice(text, header.spans["title"])) == _words(header.title)
    if header.signer and header.signer.span:
        assert _words(_slice(text, header.signer.span)).casefold().endswith(_words(header.signer.name or "").casefold())
    for item in header.recipients:
        assert _words(_slice(text, item.span)) == _words(item.text)


def _slice(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def _words(text: str) -> str:
    """Letters and digits only: line breaks, emphasis, dashes and closing marks aside."""
    return "".join(re.findall(r"[^\W_]", text.replace("<br>", "\n")))


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("UỶ BAN NHÂN DÂN TỈNH ĐẮK LẮK", "Ủy ban nhân dân tỉnh Đắk Lắk"),
        ("UBND TP. CẦN THƠ", "Ủy ban nhân dân thành phố Cần Thơ"),
        ("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "Sở Văn hóa, Thể thao và Du lịch"),
        ("HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG", "Hội đồng Thi đua - Khen thưởng"),
        ("PHÓ TRƯỞNG BAN", "Phó Trưởng ban"),
        ("TRƯỞNG BAN BAN CHÍNH SÁCH, THUẾ QUỐC TẾ", "Trưởng ban Ban Chính sách, Thuế quốc tế"),
        ("BAN DÂN VẬN TỈNH ỦY BÌNH THUẬN", "Ban Dân vận Tỉnh ủy Bình Thuận"),
        ("ĐẢNG ỦY XÃ HÒA BÌNH", "Đảng ủy xã Hòa Bình"),
        ("TRƯỜNG THPT LÊ LỢI", "Trường THPT Lê Lợi"),
        ("Cục Thuế", "Cục Thuế"),
    ],
)
def test_normal_case(printed: str, written: str) -> None:
    assert normal_case(printed) == written


@given(st.lists(st.sampled_from(("hoà", "uỷ", "thuỷ", "quý", "hoàn", "khoẻ", "toá")), max_size=6).map(" ".join))
def test_modern_spelling_is_stable_and_keeps_letters(text: str) -> None:
    once = modern(text)
    assert modern(once) == once
    assert len(once) == len(text)
    assert modern(text.upper()) == once.upper()


def test_in_capitals_overlooks_symbols() -> None:
    assert in_capitals("THỰC HIỆN CHỈ THỊ SỐ 19/CT-TTg NGÀY 16/7/2021")
    assert not in_capitals("Thực hiện CHỈ THỊ")
    assert not in_capitals("12/2025")


def test_closing_is_what_the_header_gives() -> None:
    _, text = _read(next(case for case in CASES if case.stem == "state_plan"))
    header = find_header(text)
    assert header == find_header(text, closing(text))
    assert (find_signer(text), find_recipients(text)) == (header.signer, header.recipients)


def test_recipients_and_signature_lie_apart() -> None:
    for case in CASES:
        end = closing(_read(case)[1])
        if end.recipients_span and end.signature_span:
            (a, b), (c, d) = sorted((end.recipients_span, end.signature_span))
            assert b <= c, case.stem
            assert a < b
            assert c < d


PIECES = [case.read_text("utf-8").split("====\n", 1)[1] for case in CASES]
LINES = sorted({line for piece in PIECES for line in piece.splitlines()})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40), st.sampled_from(["\n", "\n\n", " ", "\t"]))
def test_shuffled_lines_never_raise(lines: list[str], between: str) -> None:
    text = unicodedata.normalize("NFC", between.join(lines))
    _holds(text, find_header(text))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PIECES), st.integers(0, 900), st.integers(0, 900))
def test_cut_documents_never_raise(piece: str, start: int, size: int) -> None:
    text = unicodedata.normalize("NFC", piece)[start : start + size]
    _holds(text, find_header(text))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    _holds(text, find_header(text))


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "\n", "Nơi nhận:\n", "Nơi nhận: ", "CHỦ TỊCH\n", "KT. CHỦ TỊCH ", "ngày 1 tháng 2 năm 2025 ", "Số: 1/AA/AA",
     "Hà Nội, ngày 01\n", "- a;\n", "} ", "CỘNG HÒA XÃ HỘI ", "Ban ban hành Kế hoạch\n", "| ", "NGUYỄN VĂN "],
)  # fmt: skip
def test_a_long_repetition_is_read(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    _holds(text, find_header(text))


def test_empty_text_has_an_empty_header() -> None:
    assert find_header("") == Header()


def test_recipient_kinds() -> None:
    text = "Nơi nhận:\n- Ông Hà Văn Sáu;\n- Chủ tịch UBND tỉnh;\n- PCT Lò Thị Mai (để b/c);\n- Đoàn TNCS Hồ Chí Minh;\n- Lưu."
    assert [r.kind for r in find_recipients(text)] == ["person", "unit", "person", "unit", "filing"]


@pytest.mark.parametrize(
    ("lines", "signed"),
    [
        ("TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch\n\nHà Văn Sáu", ("KT.", "Phó Chủ tịch", "Hà Văn Sáu")),
        ("K.T THỐNG ĐỐC\nPHÓ THỐNG ĐỐC\n( đã ký )\nĐoàn Thị Lê", ("KT.", "Phó Thống đốc", "Đoàn Thị Lê")),
        ("THỐNG ĐỐC\nPHÓ THỐNG ĐỐC\nĐoàn Thị Lê", (None, "Phó Thống đốc", "Đoàn Thị Lê")),
        ("KT. BỘ TRƯỞNG,\nCHỦ NHIỆM\nPHÓ CHỦ NHIỆM\nCao Văn Lộc", ("KT.", "Phó Chủ nhiệm", "Cao Văn Lộc")),
        ("KT. BỘ TRƯỞNG, CHỦ NHIỆN\n\nCHỦ NHIỆM\n\nCao Văn Lộc", ("KT.", None, "Cao Văn Lộc")),
        ("KT. CHỦ TỊCH HỘI ĐỒNG\nGIÁM ĐỐC SỞ NỘI VỤ\nCao Văn Lộc", ("KT.", "Giám đốc Sở Nội vụ", "Cao Văn Lộc")),
        ("TL. CỤC\nTRƯỞNG\nTRƯỞNG BAN PHÁP CHẾ\nVũ Thị Na", ("TL.", "Trưởng ban Pháp chế", "Vũ Thị Na")),
        ("KT.\nTRƯỞNG THUẾ TỈNH\nPHÓ TRƯỞNG THUẾ TỈNH\nLưu Thị Én", ("KT.", "Phó Trưởng Thuế tỉnh", "Lưu Thị Én")),
        ("BÍ THƯ kiêm TRƯỞNG BAN CHỈ ĐẠO\nLý A Páo", (None, "Bí thư kiêm Trưởng ban Chỉ đạo", "Lý A Páo")),
        ("CHỦ TỊCH\nThiếu tướng, PGS.TS Mai Thị Đào", (None, "Chủ tịch", "Mai Thị Đào")),
        ("GIÁM ĐỐC\nY Bhiu Niê Kđăm", (None, "Giám đốc", "Y Bhiu Niê Kđăm")),
        ("CHỦ TỊCH\n(Ký, ghi rõ họ tên)", None),
        ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH\nCăn cứ Luật Thư viện;", None),
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nPHỤ LỤC\nDANH SÁCH", None),
    ],
)
def test_signatures(lines: str, signed: tuple[str | None, str, str] | None) -> None:
    found = find_signer("Văn bản này có hiệu lực từ ngày ký./.\n\n" + lines + "\n")
    assert (found and (found.capacity, found.position, found.name)) == signed


def test_the_real_plan_of_2022() -> None:
    plan = SHARED / "corpus" / "plan-2022" / "ke-hoach-thi-dua-2022.txt"
    if not plan.exists():
        pytest.skip(f"needs the shared corpus: {plan}")
    header = find_header(unicodedata.normalize("NFC", plan.read_text("utf-8")))
    assert (header.type, header.system, header.symbol, header.date) == ("Kế hoạch", "party", None, None)
    assert (header.issuer, header.place) == ("Ban Dân vận Tỉnh ủy Bình Thuận", "Bình Thuận")
    assert header.inferred == ("issuer", "place")
    assert [fold_space(e.text) for e in header.evidence["issuer"]] == [
        "Ban Dân vận Tỉnh ủy ban hành Kế hoạch",
        "tỉnh Bình Thuận",
    ]
    assert header.signer is not None
    assert (header.signer.capacity, header.signer.position) == ("KT.", "Phó Trưởng ban")
    purposes = {
        r.purpose: sum(1 for other in header.recipients if other.purpose == r.purpose) for r in header.recipients
    }
    assert purposes == {"Báo cáo": 4, "Gửi mạng": 4}
    assert isinstance(header.recipients[0], Recipient)
