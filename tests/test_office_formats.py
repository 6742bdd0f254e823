"""Old and damaged office files: DOC and RTF with and without LibreOffice, and everything a hostile file may try."""

from __future__ import annotations

import os
import re
import stat
import struct
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docx_files import make, script
from tests.test_encodings import to_cp1258, to_tcvn3, to_vni
from thidua_kg.errors import UnreadableSource
from thidua_kg.pipeline import parse
from thidua_kg.readers import office, ooxml, read_bytes, rtf, word97
from thidua_kg.readers.formats import FORMATS, format_of
from thidua_kg.readers.rtf_tokens import code_page, marks

FILES = ROOT / "tests" / "files"  # made by LibreOffice of the sample in corpus/, for the readers that work without it
SAMPLE = "so-noi-vu-2024-ke-hoach-57"
DOCX = (ROOT / "corpus" / f"{SAMPLE}.docx").read_bytes()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without LibreOffice."""
    monkeypatch.setenv("THIDUA_OFFICE", "")


def with_office() -> None:
    if office.find_office() is None:
        pytest.skip("needs LibreOffice, which is not installed")


# --- DOC


@pytest.mark.usefixtures("alone")
def test_a_doc_is_read_without_libreoffice() -> None:
    document = parse(FILES / f"{SAMPLE}.doc")
    assert document.reader == "doc"
    assert (document.header.canonical, document.header.date) == ("57/KH-SNV", "2024-01-19")
    assert document.header.signer is not None
    assert document.header.signer.name == "Đặng Thị Ví Dụ"
    assert "số tự động có thể đã mất" in document.warnings[0]
    assert document.warnings[1].startswith("12 đoạn")
    assert "| Nội dung | Chủ trì | Phối hợp | Thời gian |" not in document.text  # merged headings are not known here
    assert "Văn phòng Sở; Thanh tra Sở" in document.text
    assert "[1] Sau đây gọi tắt" in document.text
    assert [(f.kind, f.text) for f in document.furniture] == [("page_header", "2")]
    start = document.text.index("Rút gọn mẫu")
    assert document.to_source((start, start + 5))[0].element == "body/tbl[2]/tr[4]/tc[2]/p[1]"


@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_old_files_read_through_libreoffice_like_the_docx(ending: str) -> None:
    with_office()
    document, other = parse(FILES / f"{SAMPLE}.{ending}"), parse(ROOT / "corpus" / f"{SAMPLE}.docx")
    assert not document.warnings
    assert document.reader == ending

    def roles(one: object) -> list[object]:
        return [(t.id, [(a.unit, a.role) for a in t.assignments], [x.edtf for x in t.times]) for t in one.tasks]  # type: ignore[attr-defined]

    assert roles(document) == roles(other)
    assert document.header.recipients[0].text == other.header.recipients[0].text


def test_real_doc_and_docx_are_one_text(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = shared / "corpus" / "files"
    docx = parse(files / "36-HD-VPTW.docx")
    monkeypatch.setenv("THIDUA_OFFICE", "")
    rough = parse(files / "36-HD-VPTW.doc")
    assert [b.id for b in rough.blocks] == [b.id for b in docx.blocks]
    assert "".join(rough.text.split()).replace("|", "") == "".join(docx.text.split()).replace("|", "")
    assert rough.header.signer is not None
    assert docx.header.signer is not None
    assert (rough.header.canonical, rough.header.date, rough.header.signer.name) == (
        docx.header.canonical,
        docx.header.date,
        docx.header.signer.name,
    )


def test_real_doc_through_libreoffice_is_the_same_text(shared: Path) -> None:
    with_office()
    files = shared / "corpus" / "files"
    doc, docx = parse(files / "36-HD-VPTW.doc"), parse(files / "36-HD-VPTW.docx")
    assert doc.text.split() == docx.text.split()


def refused(name: str, data: bytes) -> str:
    """The one line that a file is refused with."""
    with pytest.raises(UnreadableSource) as caught:
        read_bytes(name, data)
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert ";" in line, "says what to do"
    return line


@pytest.mark.usefixtures("alone")
def test_docs_that_cannot_be_read_say_why() -> None:
    doc = (FILES / f"{SAMPLE}.doc").read_bytes()
    refused("a.doc", doc[:700])
    at = doc.index(struct.pack("<H", 0xA5EC))
    flags = struct.unpack_from("<H", doc, at + 0x0A)[0]
    locked = doc[: at + 0x0A] + struct.pack("<H", flags | 0x0100) + doc[at + 0x0C :]
    assert "mật khẩu" in refused("a.doc", locked)
    older = doc[: at + 2] + struct.pack("<H", 0x65) + doc[at + 4 :]
    assert "LibreOffice" in refused("a.doc", older)
    for old, new, why in (
        ("WordDocument", "Workbook", "Excel|không phải Word"),
        ("1Table", "EncryptedPackage", "mật khẩu"),
    ):
        entry = old.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(old) + 2)
        assert entry in doc
        other = new.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(new) + 2)
        assert re.search(why, refused("a.doc", doc.replace(entry, other)))


def test_an_old_file_under_another_name_is_told_by_its_content() -> None:
    doc, text = (FILES / f"{SAMPLE}.doc").read_bytes(), (FILES / f"{SAMPLE}.rtf").read_bytes()
    assert [format_of(f"a{ending}", doc).reader for ending in (".docx", ".txt", "")] == ["doc"] * 3
    assert [format_of(f"a{ending}", text).reader for ending in (".doc", ".docx")] == ["rtf"] * 2
    assert [format_of(f"a{ending}", DOCX).reader for ending in (".doc", ".zip", ".pdf")] == ["docx"] * 3


def test_properties_of_a_doc_s_paragraphs() -> None:
    centred = struct.pack("<HBHBHH", 0x2403, 1, 0x2416, 1, 0x460B, 3)
    found = word97._read_properties(centred)
    assert (found.centred, found.in_table, found.row_end, found.listed) == (True, True, False, True)
    assert word97._read_properties(b"\xff") == word97._Properties()


# --- Word 6 and 95


def compound(main: bytes) -> bytes:
    """A compound file with one stream, "WordDocument" ([MS-CFB])."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    main = main.ljust(max(-(-len(main) // 512) * 512, 4096), b"\0")
    count = len(main) // 512
    entries = [
        ("Root Entry", 5, 1, end, 0),
        ("WordDocument", 2, free, 0, len(main)),
        ("", 0, free, 0, 0),
        ("", 0, free, 0, 0),
    ]
    folder = b""
    for name, kind, child, start, size in entries:
        raw = (name + "\0").encode("utf-16-le") if name else b""
        head = struct.pack("<HBBIII", len(raw), kind, 1, free, free, child)
        folder += raw.ljust(64, b"\0") + head + bytes(36) + struct.pack("<III", start, size, 0)
    links = [*range(1, count), end, end, 0xFFFFFFFD]
    table = struct.pack(f"<{len(links)}I", *links).ljust(512, b"\xff")
    head = OLE + bytes(16) + struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, count, 0, 4096, end, 0, end, 0)
    return (head + struct.pack("<I", count + 1)).ljust(512, b"\xff") + main + folder + table


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_PLAN = (
    "UỶ BAN NHÂN DÂN TỈNH VÍ DỤ\rSố: 12/KH-UB\rKẾ HOẠCH\rTổ chức phong trào thi đua năm 1996\r"
    "1. Sở Nội vụ chủ trì, phối hợp với các sở, ban, ngành \x13 PAGE \x14phát động\x15 phong trào thi đua trong tháng 3.\r"
)


def word6(text: bytes, flags: int = 0) -> bytes:
    """A Word 6 file of these 8-bit characters."""
    main = bytearray(0x300)
    struct.pack_into("<HH", main, 0, 0xA5DC, 104)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<II", main, 0x18, 0x300, 0x300 + len(text))
    struct.pack_into("<i", main, 0x34, len(text))
    return compound(bytes(main) + text)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("encoded", [to_cp1258, to_tcvn3, to_vni])
def test_word_6_is_read_without_libreoffice(encoded: Callable[[str], bytes]) -> None:
    found = read_bytes("x.doc", word6(encoded(OLD_PLAN)))
    lines = [line.lower() for line in found.text.value.split("\n") if line]
    assert lines[1:] == [
        "số: 12/kh-ub",
        "kế hoạch",
        "tổ chức phong trào thi đua năm 1996",
        "1. sở nội vụ chủ trì, phối hợp với các sở, ban, ngành phát động phong trào thi đua trong tháng 3.",
    ]
    assert "số tự động có thể đã mất" in found.warnings[0]


def test_word_6_is_read_through_libreoffice() -> None:
    with_office()
    found = read_bytes("x.doc", word6(b"KE HOACH\rViec nay lam truoc ngay 15/3.\r"))
    assert "Viec nay lam truoc ngay 15/3." in found.text.value
    assert not found.warnings


def test_what_word_6_saved_in_pieces_needs_libreoffice_and_a_mark_in_it_is_seen_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office, "to_docx", lambda *_: None)
    with pytest.raises(UnreadableSource, match="hãy cài LibreOffice"):
        read_bytes("x.doc", word6(to_cp1258(OLD_PLAN), flags=4))

    def fail(*_: object) -> bytes:
        raise AssertionError("a marked file was written")

    monkeypatch.setattr(office, "to_docx", fail)
    for encoded in (to_cp1258, to_tcvn3, to_vni):
        with pytest.raises(UnreadableSource, match="dòng chỉ độ mật"):
            read_bytes("x.doc", word6(encoded("TUYỆT MẬT\r" + OLD_PLAN), flags=4))
    marked = read_bytes("x.doc", word6(to_cp1258("MẬT\r" + OLD_PLAN)))  # read by itself: `add` refuses it
    assert parse(marked).header.secrecy == "MẬT"


# --- LibreOffice


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program in LibreOffice's place; tests write what it does."""
    if os.name == "nt":
        pytest.skip("the stand-in is a script with a #! line")
    path = tmp_path / "soffice"
    monkeypatch.setenv("THIDUA_OFFICE", str(path))
    monkeypatch.setattr(office.tempfile, "tempdir", str(tmp_path))
    yield path
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("thidua-")] == [], "the temporary folder is gone"


def stand_in(path: Path, code: str) -> None:
    path.write_text(f"#!{sys.executable}\n{code}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_libreoffice_that_hangs_is_ended_with_its_children(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "SECONDS", 1.5)
    note = program.parent / "pid"
    stand_in(
        program,
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\ntime.sleep(60)",
    )
    document = read_bytes("a.doc", (FILES / f"{SAMPLE}.doc").read_bytes())
    assert "không qua LibreOffice" in document.warnings[0]
    child = int(note.read_text())
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child of the program lives on")


@pytest.mark.parametrize("code", ["import sys; sys.exit(3)", "", "import os; os.abort()"])
def test_a_libreoffice_that_fails_or_writes_nothing_leaves_the_words_of_the_file(program: Path, code: str) -> None:
    stand_in(program, code)
    assert "không qua LibreOffice" in read_bytes("a.doc", (FILES / f"{SAMPLE}.doc").read_bytes()).warnings[0]


def test_a_program_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THIDUA_OFFICE", str(tmp_path / "nowhere"))
    assert office.to_docx(b"x", ".doc") is None


def test_a_file_with_a_secrecy_mark_is_given_to_no_program(program: Path) -> None:
    stand_in(program, f"open({str(program.parent / 'seen')!r}, 'w')")
    found = read_bytes("a.rtf", rb"{\rtf1\ansi M\u7852\'3fT\par K\u7870\'3f HO\u7840\'3fCH\par}")
    assert found.text.value == "MẬT\n\nKẾ HOẠCH"
    assert not (program.parent / "seen").exists()


# --- RTF


def words(source: bytes) -> str:
    return unicodedata.normalize("NFC", rtf._Reading("a.rtf").read(source).text)


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        (rb"{\rtf1\ansi\ansicpg1258{\fonttbl{\f0\fcharset163 Times;}}\f0 K\'ea\'ec ho\'f2ach\par}", "Kế họach"),
        (rb"{\rtf1\uc1 K\u7871? ho\u7841?ch\par}", "Kế hoạch"),
        (rb"{\rtf1\uc2 \u-10179??\u-8704?? \u7871\'3f\'3f\par}", "😀 ế"),
        (rb"{\rtf1 a\line b\tab c\~d\_e\-f\par\par g}", "a\nb\tc d-ef\n\ng"),
        (rb"{\rtf1{\info{\title T}}{\*\generator X;}{\stylesheet{\s0 Normal;}}{\pict 0a0b}body\par}", "body"),
        (rb"{\rtf1{\upr{ho}{\*\ud{h\u7885?}}}c\par}", "học"),
        (rb"{\rtf1{\listtext\pard\plain 1.\tab}M\'f4t\par{\listtext 2.\tab}Hai\par}", "1. Môt\n\n2. Hai"),
        (rb"{\rtf1 a{\deleted b}{\v c}d\par}", "ad"),
        (rb"{\rtf1 x{\footnote note}y\par z\par}", "x[1]y\n\nz\n\n[1] note"),
        (rb"{\rtf1 {\field{\*\fldinst PAGE}{\fldrslt 7}}\par}", "7"),
        (rb"{\rtf1{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt box\par}}}after\par}", "box\n\nafter"),
        (rb"{\rtf1\caps nh\'e0\caps0  b\'e9\par}", "NHÀ bé"),
        (rb"{\rtf1 \bin4 }}}}ok\par}", "ok"),
        (rb"{\rtf1\trowd a\intbl\cell b\cell\row c\cell d\cell\row\pard e\par}", "| a | b |\n| c | d |\n\ne"),
        (rb"{\rtf1 \'9 \{x\}\par}", "'9 {x}"),
        (rb"{\rtf1 cut off", "cut off"),
    ],
)
def test_an_rtf_is_what_it_prints(source: bytes, printed: str) -> None:
    assert words(source).strip() == printed


def test_a_file_all_in_an_old_set_is_mended_and_says_so() -> None:
    old = "Ban D©n vËn tØnh ban hµnh kÕ ho¹ch thùc hiÖn phong trµo thi ®ua yªu n­íc".encode("cp1252")
    found = rtf._Reading("a.rtf").read(rb"{\rtf1 " + old + rb"\par}")
    assert found.text == "Ban Dân vận tỉnh ban hành kế hoạch thực hiện phong trào thi đua yêu nước"
    assert "tcvn3" in found.warnings[0]


@pytest.mark.usefixtures("alone")
def test_an_rtf_keeps_its_printed_numbers_and_what_is_not_text() -> None:
    document = parse(FILES / f"{SAMPLE}.rtf")
    assert (document.header.canonical, document.header.date, document.reader) == ("57/KH-SNV", "2024-01-19", "rtf")
    assert [t.id for t in document.tasks][-3:] == ["III.1.a", "III.1.b", "III.2"]
    assert not document.warnings
    assert [(f.kind, f.text) for f in document.furniture] == [("page_header", "2")]
    found = read_bytes("a.rtf", rb"{\rtf1\ls1 khong so\par{\annotation ghi chu}{\footer chan}}")
    assert "số tự động" in found.warnings[0]
    assert [(f.kind, f.text) for f in found.furniture] == [("comment", "ghi chu"), ("page_footer", "chan")]


@pytest.mark.usefixtures("alone")
def test_an_rtf_nested_without_end_or_without_words() -> None:
    assert "lồng" in refused("a.rtf", rb"{\rtf1" + b"{" * 100_000)
    assert "không có chữ" in refused("a.rtf", rb"{\rtf1}")
    assert words(rb"{\rtf1 a" + b"}" * 1000 + b"b") == "ab"


def test_marks_of_an_rtf_take_linear_time() -> None:
    start = time.perf_counter()
    assert sum(1 for _ in marks(rb"\'e0" * 300_000)) == 300_000
    assert len(words(rb"{\rtf1 " + rb"\'e0" * 300_000 + b"}")) == 300_000
    assert time.perf_counter() - start < 30  # quadratic time would be hours
    assert code_page(4711) == "cp1252"


# --- hostile DOCX


def packed(**members: bytes) -> bytes:
    """A DOCX with members replaced or added, "__" in a name standing for a slash and "_xml" for its ending."""
    made = BytesIO()
    own = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in members.items()}
    with zipfile.ZipFile(BytesIO(DOCX)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, own.pop(name, None) or old.read(name))
        for name, data in own.items():
            new.writestr(name, data)
    return made.getvalue()


HEAD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TAIL = b"</w:body></w:document>"
BOMB = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + HEAD + b"<w:p>&b;</w:p>" + TAIL
OUTSIDE = (
    b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HEAD + b"<w:p><w:r><w:t>&a;</w:t></w:r></w:p>" + TAIL
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (DOCX[: len(DOCX) // 2], "hỏng"),
        (DOCX[:100], "hỏng"),
        (b"PK\x03\x04", "hỏng"),
        (packed(word__document_xml=HEAD + b"<w:p>"), "hỏng"),
        (packed(word__document_xml=b"<nothing/>"), "không có phần văn bản"),
        (packed(word__document_xml=BOMB), "DTD"),
        (packed(word__document_xml=OUTSIDE), "DTD"),
        (packed(word__document_xml=('<?xml version="1.0" encoding="UTF-16"?>' + BOMB.decode()).encode("utf-16")), "DTD"),
        (packed(word__styles_xml=BOMB), "DTD"),
        (packed(word__document_xml=HEAD + b" " * 40_000_000 + TAIL), "bom nén"),
        (packed(word__document_xml=HEAD + b"<w:p/>" + TAIL), "không có chữ"),
        (packed(word__document_xml=HEAD + b"<w:tbl><w:tr><w:tc>" * 1000 + b"</w:tc></w:tr></w:tbl>" * 1000 + TAIL), "sâu"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_docx_are_refused_in_one_line(data: bytes, why: str) -> None:
    assert why in refused("a.docx", data)


def test_a_part_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ooxml, "_MARKS", 1000)
    assert "quá nhiều thẻ" in refused("a.docx", packed(word__document_xml=HEAD + b"<w:p/>" * 1000 + TAIL))


def test_a_docx_with_a_password_says_so() -> None:
    locked = bytearray(DOCX)
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + flag] |= 1
            at = locked.find(signature, at + 4)
    assert "mật khẩu" in refused("a.docx", bytes(locked))


def test_nesting_that_xml_allows_is_read() -> None:
    deep = b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" + b"</w:tc></w:tr></w:tbl>" * 60
    assert read_bytes("a.docx", packed(word__document_xml=HEAD + deep + TAIL)).text.value == "x"
    boxes = b"<w:p><w:r><w:pict><w:txbxContent>" * 60 + b"<w:p/>" + b"</w:txbxContent></w:pict></w:r></w:p>" * 60
    refused("a.docx", packed(word__document_xml=HEAD + boxes + TAIL))


def test_a_hundred_thousand_paragraphs_are_read() -> None:
    many = b"".join(b"<w:p><w:r><w:t>so %d</w:t></w:r></w:p>" % n for n in range(100_000))
    found = read_bytes("a.docx", packed(word__document_xml=HEAD + many + TAIL))
    assert len(found.layout) == 100_000
    assert found.layout[-1].place.element == "body/p[100000]"


def test_parts_that_are_missing_or_point_outside_are_left_out() -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="a" Type="x/styles" Target="../../../etc/passwd"/>'
        b'<Relationship Id="b" Type="x/numbering" Target="http://a.example/x.xml" TargetMode="External"/>'
        b'<Relationship Id="c" Type="x/footnotes" Target="nowhere.xml"/></Relationships>'
    )
    found = read_bytes("a.docx", packed(**{"word___rels__document_xml.rels": relations}))
    assert "Rút gọn mẫu" in found.text.value
    assert "[1]" not in found.text.value


@pytest.mark.parametrize("reader", list(dict.fromkeys(f.reader for f in FORMATS if f.module)))
def test_mutated_files_are_read_or_refused(reader: str) -> None:
    fuzz = script("benchmarks", "fuzz_readers")
    if not fuzz.seeds(reader):
        pytest.skip(f"no file to mutate for the reader {reader}")
    report = fuzz.fuzz(reader, 50, seconds=60)
    assert not report.failures, report.failures[0]
    assert sum(report.counts.values()) == 50


def test_the_mutations_of_a_seed_are_the_same() -> None:
    fuzz = script("benchmarks", "fuzz_readers")
    first, second = (list(fuzz.cases("docx", 20)) for _ in range(2))
    assert [case.name for case in first] == [case.name for case in second]
    assert len({case.data for case in first}) > 10


def test_a_text_of_the_corpus_can_be_saved_as_word_by_the_script(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("**KẾ HOẠCH**\n\nI- Một\n\n1- Hai\n\n* *Chủ trì:* Ba\n", "utf-8")
    make.main([str(source)])
    assert parse(tmp_path / "a.docx").text == "KẾ HOẠCH\n\nI- Một\n\n1- Hai\n\n* Chủ trì: Ba"
