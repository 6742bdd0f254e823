"""The DOCX reader: what Word prints is the text, what it does not print is kept apart, and every span finds its way home."""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from tests.conftest import CORPUS
from tests.docx_files import extract, make, text
from thidua_kg.model import Document
from thidua_kg.pipeline import parse
from thidua_kg.readers.docx import read
from thidua_kg.readers.docx_xml import w
from thidua_kg.text import fold_space

P, RUN, CELL, TABLE = make.paragraph, make.run, make.cell, make.table
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
HIDDEN = "<w:vanish/>"


def field(code: str, result: str) -> str:
    return (
        f"{FIELD.format('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{FIELD.format('separate')}{result}"
        f"{FIELD.format('end')}"
    )


@pytest.mark.parametrize(
    ("runs", "printed"),
    [
        ("<w:r><w:t>Số</w:t><w:noBreakHyphen/><w:t>43</w:t></w:r>", "Số-43"),
        (RUN("dòng một\ndòng hai"), "dòng một\ndòng hai"),
        (RUN("\t\tSố 05\t\t\tHà Nội\t"), "Số 05\tHà Nội"),
        ("<w:r><w:t>kế</w:t><w:softHyphen/><w:t> hoạch</w:t></w:r>", "kế hoạch"),
        ('<w:r><w:t>trang 1</w:t><w:br w:type="page"/><w:t>trang 2</w:t></w:r>', "trang 1 trang 2"),
        (RUN("số\u00a043\u201105\u200b/KH"), "số 43-05/KH"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' + RUN(" đạt"), "✓ đạt"),
        ('<w:r><w:sym w:font="Symbol" w:char="sai"/></w:r>' + RUN("x"), "x"),
        (RUN("Kế hoạch", "<w:caps/>") + RUN(" nhỏ", '<w:caps w:val="0"/>'), "KẾ HOẠCH nhỏ"),
        (field(" PAGEREF _Toc1 \\h ", RUN("7")), "7"),
        (field(" IF ", field(" REF x ", RUN("trong")) + RUN(" ngoài")), "trong ngoài"),
        (FIELD.format("begin") + "<w:r><w:instrText>XE</w:instrText></w:r>" + FIELD.format("end") + RUN("chữ"), "chữ"),
        (f'<w:fldSimple w:instr=" DATE ">{RUN("05/4/2022")}</w:fldSimple>', "05/4/2022"),
        (f"<w:hyperlink>{RUN('liên kết')}</w:hyperlink>", "liên kết"),
        (f"<w:smartTag><w:smartTagPr/>{RUN('thẻ')}</w:smartTag>", "thẻ"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN('ô chọn')}</w:sdtContent></w:sdt>", "ô chọn"),
        (f"<w:ins>{RUN('thêm')}</w:ins>" + "<w:del><w:r><w:delText>bớt</w:delText></w:r></w:del>", "thêm"),
        (f"<w:moveTo>{RUN('đến')}</w:moveTo>" + f"<w:moveFrom>{RUN('đi')}</w:moveFrom>", "đến"),
        (f"<w:ins><w:hyperlink>{RUN('lồng nhau')}</w:hyperlink></w:ins>", "lồng nhau"),
        (RUN("thấy") + RUN("giấu", HIDDEN), "thấy"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>nhỏ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>lớn</w:t></w:r></w:rubyBase></w:ruby></w:r>", "lớn"),
        (
            '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>a+b</m:t></m:r></m:oMath>',
            "a+b",
        ),
        ("<w:proofErr/><w:bookmarkStart/>" + RUN("đánh dấu") + "<w:bookmarkEnd/>", "đánh dấu"),
        ("<w:r><w:t>a&amp;b &lt;c&gt;</w:t></w:r>", "a&b <c>"),
    ],
)  # fmt: skip
def test_a_paragraph_is_what_word_prints(runs: str, printed: str) -> None:
    assert text(P(runs)) == printed


OLD = '<w:rFonts w:ascii="{}"/>'


@pytest.mark.parametrize(
    ("runs", "printed"),
    [
        (RUN("Ban D©n vËn", OLD.format(".VnTime")), "Ban Dân vận"),
        (RUN("kÕ ho¹ch", OLD.format(".VnTimeH")), "KẾ HOẠCH"),
        (RUN("KEÁ HOAÏCH", OLD.format("VNI-Times")), "KẾ HOẠCH"),
        (RUN("keá hoa", OLD.format("VNI-Times")) + RUN("ïch", OLD.format("VNI-Times")), "kế hoạch"),
        (RUN("©", OLD.format("Times New Roman")) + RUN("©", OLD.format(".VnTime")), "©â"),
    ],
)
def test_words_in_old_fonts_are_what_people_saw(runs: str, printed: str) -> None:
    assert text(P(runs)) == printed


def test_an_old_font_comes_from_a_style() -> None:
    styles = make.style("Normal", f"<w:rPr>{OLD.format('.VnTime')}</w:rPr>", default=True)
    assert text(P("Ban D©n vËn", RUN(" Tỉnh ủy", OLD.format("Arial"))), styles=styles) == "Ban Dân vận Tỉnh ủy"


def test_paragraphs_stand_apart_and_centred_ones_together() -> None:
    centred = make.style("Normal", default=True) + make.style("Title", '<w:pPr><w:jc w:val="center"/></w:pPr>')
    found = text(P("KẾ HOẠCH", style="Title"), P("về một việc", centre=True), P(), P("Thân"), P("bài"), styles=centred)
    assert found == "KẾ HOẠCH\nvề một việc\n\nThân\n\nbài"


def test_a_field_runs_over_paragraphs() -> None:
    start = f"{FIELD.format('begin')}<w:r><w:instrText> QUOTE </w:instrText></w:r>"
    assert text(
        P(start), P("<w:r><w:t>mã</w:t></w:r>"), P(FIELD.format("separate"), "một"), P("hai", FIELD.format("end"))
    ) == ("một\n\nhai")


def test_what_is_not_printed_is_kept_apart_with_its_place() -> None:
    styles = make.style("Normal", default=True) + make.style("Ghost", f"<w:rPr>{HIDDEN}</w:rPr>", kind="character")
    styles += make.style("toc 1")
    found = extract(
        P("một", '<w:del><w:r><w:delText xml:space="preserve">hai </w:delText></w:r></w:del>', "ba"),
        P("bốn", RUN("năm", '<w:rStyle w:val="Ghost"/>')),
        P("sáu", '<w:r><w:commentReference w:id="3"/></w:r>'),
        P("I. MỤC ĐÍCH\t2", style="toc 1"),
        styles=styles,
        comments=f'<w:comment w:id="3">{P("Xem lại.")}{P("Gấp.")}</w:comment>',
    )
    assert found.text == "mộtba\n\nbốn\n\nsáu"
    assert [(f.kind, f.text, f.place.element) for f in found.furniture] == [
        ("deleted", "hai ", "body/p[1]"),
        ("hidden", "năm", "body/p[2]"),
        ("comment", "Xem lại.\nGấp.", "body/p[3]"),
        ("navigation", "I. MỤC ĐÍCH\t2", "body/p[4]"),
    ]


def test_a_deleted_paragraph_end_joins_two_paragraphs_and_counts_once() -> None:
    numbering = make.lists({0: make.level(0, "decimal", "%1.")}, {1: (0, "")})
    gone = "<w:rPr><w:del/></w:rPr>"
    body = [
        P("<w:del><w:r><w:delText>bỏ hẳn</w:delText></w:r></w:del>", number=(1, 0), more=gone),
        P("nửa đầu", more=gone),
        P("nửa sau", number=(1, 0)),
        P("kế", number=(1, 0)),
    ]
    assert text(*body, numbering=numbering) == "1. nửa đầu nửa sau\n\n2. kế"
    assert text(P("cuối", more=gone)) == "cuối"


BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent>'
    "</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent>"
    "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_text_box_is_printed_once_and_counts_for_itself() -> None:
    numbering = make.lists({0: make.level(0, "decimal", "%1.")}, {1: (0, "")})
    inside = P("trong khung", number=(1, 0))
    found = text(P("trước", BOX.format(inside), number=(1, 0)), P("sau", number=(1, 0)), numbering=numbering)
    assert found == "1. trước\n\n1. trong khung\n\n2. sau"
    nested = BOX.format(P("ngoài", BOX.format(P("trong"))))
    assert text(P(nested)) == "ngoài\n\ntrong"
    art = '<w:r><w:pict><v:shape><v:textpath string="MẬT"/></v:shape></w:pict></w:r>'
    assert text(P(art)) == "MẬT"


def test_notes_are_marked_in_the_order_of_their_marks_and_stand_last() -> None:
    mark = '<w:r><w:{}Reference w:id="{}"/></w:r>'
    found = extract(
        P("một", mark.format("footnote", 7), ", hai", mark.format("footnote", 5)),
        P("ba", mark.format("endnote", 2), mark.format("footnote", 99)),
        footnotes=f'<w:footnote w:id="5">{P("chú thích hai")}</w:footnote><w:footnote w:id="7">{P("chú thích một")}</w:footnote>'
        f'<w:footnote w:id="8">{P("không ai nhắc")}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{P("cuối bài")}</w:endnote>',
    )
    assert found.text == "một[1], hai[2]\n\nba[i]\n\n[1] chú thích một\n\n[2] chú thích hai\n\n[i] cuối bài"
    assert found.segments[2].place.element == "footnotes/footnote[7]/p[1]"


# --- tables


def test_a_data_table_is_piped_with_a_blank_for_each_merged_cell() -> None:
    found = text(
        TABLE(
            [CELL("STT"), CELL("Nội dung"), CELL("Chủ trì")],
            [CELL("I", columns=1), CELL("Phần chung", columns=2)],
            [CELL("1"), CELL("Việc | một\nhai"), CELL(P("Sở Nội vụ"), P("Sở Tài chính"), down="restart")],
            [CELL("2"), CELL("Việc hai"), CELL(down="continue")],
        )
    )
    assert found.split("\n") == [
        "| STT | Nội dung | Chủ trì |",
        "| I | Phần chung | |",
        "| 1 | Việc ¦ một hai | Sở Nội vụ; Sở Tài chính |",
        "| 2 | Việc hai |  |",
    ]


def test_a_heading_of_two_rows_keeps_its_lowest_labels() -> None:
    head = [CELL("TT", down="restart"), CELL("Nội dung", down="restart"), CELL("Cơ quan", columns=2)]
    under = [CELL(down="continue"), CELL(down="continue"), CELL("Chủ trì"), CELL("Phối hợp")]
    found = text(TABLE(head, under, [CELL("1"), CELL("Việc"), CELL("Sở A"), CELL("Sở B")]))
    assert found.split("\n") == [
        "| TT | Nội dung | Chủ trì | Phối hợp |",
        "|  |  | Cơ quan |  |",
        "| 1 | Việc | Sở A | Sở B |",
    ]


def test_a_title_across_a_table_stands_above_its_heading() -> None:
    found = text(
        TABLE([CELL("Biểu 1", columns=2)], [CELL("Nội dung"), CELL("Thời gian")], [CELL("Việc"), CELL("Quý I")])
    )
    assert found == "Biểu 1\n\n| Nội dung | Thời gian |\n| Việc | Quý I |"


def test_numbers_of_a_table_s_own_list_fill_empty_cells() -> None:
    numbering = make.lists({0: make.level(0, "decimal", "%1")}, {1: (0, "")})
    counted = P(number=(1, 0))
    rows = [[CELL(counted), CELL(f"Việc {n}")] for n in "ab"]
    found = text(TABLE([CELL("STT"), CELL("Nội dung")], *rows), numbering=numbering)
    assert found.split("\n")[1:] == ["| 1 | Việc a |", "| 2 | Việc b |"]


def test_borders_dragged_a_little_make_no_columns() -> None:
    grid = '<w:tblGrid><w:gridCol w:w="800"/><w:gridCol w:w="40"/><w:gridCol w:w="4000"/><w:gridCol w:w="900"/></w:tblGrid>'
    rows = [
        [CELL("STT"), CELL("Nội dung", columns=2), CELL("Ghi chú")],
        [CELL("1", columns=2), CELL("Việc"), CELL("x")],
        [CELL("cả dòng", columns=3), CELL("y")],
    ]
    raw = TABLE(*rows)
    found = text(re.sub(r"<w:tblGrid>.*</w:tblGrid>", grid, raw))
    assert found.split("\n") == ["| STT | Nội dung | Ghi chú |", "| 1 | Việc | x |", "| cả dòng | | y |"]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_letterhead_is_read_column_by_column(ruled: bool) -> None:
    found = text(
        TABLE(
            [CELL(P("UBND TỈNH"), P("SỞ NỘI VỤ")), CELL("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [CELL("Số: 1/KH-SNV"), CELL("Huế, ngày 01 tháng 02 năm 2025")],
            ruled=ruled,
        )
    )
    assert found.split("\n") == [
        "UBND TỈNH", "SỞ NỘI VỤ", "Số: 1/KH-SNV", "",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Huế, ngày 01 tháng 02 năm 2025",
    ]  # fmt: skip


def test_a_table_inside_a_cell() -> None:
    inner = TABLE([CELL("Nội dung"), CELL("Thời gian")], [CELL("Việc"), CELL("Quý I")])
    assert text(TABLE([CELL(P("khung"), inner, P())])) == "khung\n\n| Nội dung | Thời gian |\n| Việc | Quý I |"
    found = text(TABLE([CELL("A"), CELL("B")], [CELL(inner, P()), CELL("x")]))
    assert found == "| A | B |\n| Nội dung; Thời gian Việc Quý I | x |"


def test_a_style_s_borders_make_a_table_of_data_and_bare_ones_do_not() -> None:
    rows = [[CELL("Họ tên"), CELL("Chức vụ")], [CELL("Người Mẫu"), CELL("Trưởng phòng")]]
    borders = f"<w:tblPr><w:tblBorders>{make.LINES}</w:tblBorders></w:tblPr>"
    styles = make.style("Grid", borders, kind="table") + make.style("Mine", kind="table", based_on="Grid")
    raw = TABLE(*rows, ruled=False)
    styled = raw.replace("<w:tblPr>", '<w:tblPr><w:tblStyle w:val="Mine"/>', 1)
    assert text(styled, styles=styles).startswith("| Họ tên | Chức vụ |\n")
    assert text(raw).startswith("Họ tên\n\nChức vụ\n\n")
    bare = '<w:tcPr><w:tcBorders><w:top w:val="nil"/><w:left w:val="nil"/></w:tcBorders>'
    assert text(styled.replace("<w:tcPr>", bare), styles=styles).startswith("Họ tên\n\n")
    drawn = '<w:tcPr><w:tcBorders><w:top w:val="single"/><w:left w:val="single"/></w:tcBorders>'
    assert text(raw.replace("<w:tcPr>", drawn)).startswith("| Họ tên | Chức vụ |\n")


def test_deleted_rows_and_rows_in_wrappers() -> None:
    row = "<w:tr>{}" + CELL("a") + CELL("b") + "</w:tr>"
    gone = row.format("<w:trPr><w:del/></w:trPr>").replace(">a<", ">bỏ<")
    wrapped = f"<w:sdt><w:sdtContent>{row.format('')}</w:sdtContent></w:sdt>"
    found = extract(
        f"<w:tbl><w:tblPr><w:tblBorders>{make.LINES}</w:tblBorders></w:tblPr>{gone}{wrapped}{row.format('')}</w:tbl>"
    )
    assert found.text == "| a | b |\n| a | b |"
    assert [(f.kind, f.text) for f in found.furniture] == [("deleted", "bỏ b")]


# --- headers and footers, places


def test_page_headers_in_use_are_kept_apart_and_numbers_told() -> None:
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference w:type="{}" r:id="footer1"/></w:sectPr>'
    parts = {"header1": P(field("PAGE", RUN("2"))), "footer1": P("Kho lưu trữ")}
    found = extract(P("thân"), section.format("default"), **parts)
    assert [(f.kind, f.text) for f in found.furniture] == [("page_number", "2"), ("page_footer", "Kho lưu trữ")]
    unused = extract(P("thân"), section.format("even"), **parts)
    assert [f.kind for f in unused.furniture] == ["page_number"]
    assert found.text == "thân"


def test_a_letterhead_in_a_page_header_is_text() -> None:
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
    found = extract(P("KẾ HOẠCH"), section, header1=P("ĐẢNG CỘNG SẢN VIỆT NAM"))
    assert found.text == "ĐẢNG CỘNG SẢN VIỆT NAM\n\nKẾ HOẠCH"


def words_at(parts: dict[str, Any], element: str) -> str:
    """The characters of the paragraph that a place names, read from the XML anew."""
    part, _, path = element.partition("/")
    at = parts["document"].find(w("body")) if part == "body" else parts[part]
    for step in filter(None, path.split("/")):
        kind, index = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", step).groups()  # type: ignore[union-attr]
        if kind in ("footnote", "endnote"):
            at = next(note for note in at if note.get(w("id")) == index)
            continue
        if kind == "box":
            return "".join(at.itertext())
        at = at.findall(w(kind))[int(index) - 1]
    return "".join(at.itertext())


def click_back(document: Document, path: Path) -> None:
    """Random spans: each word of a span stands in one of the places that it leads to (automatic numbers aside)."""
    chance = random.Random(path.name)
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if re.fullmatch(r"word/\w+\.xml", name)]
        parts = {Path(name).stem: etree.fromstring(package.read(name)) for name in names}
    for segment in document.layout:
        assert words_at(parts, segment.place.element or "") is not None
    for _ in range(200):
        start = chance.randrange(len(document.text) - 1)
        end = min(len(document.text), start + chance.randint(1, 80))
        places = document.to_source((start, end))
        there = fold_space(" ".join(words_at(parts, place.element or "") for place in places)).upper()
        for word in re.findall(r"[^\W\d_]{3,}", document.text[start:end].upper())[1:-1]:
            assert set(word) <= set("IVX") or word in there.replace("\u200b", ""), (
                word,
                [p.element for p in places],
            )


@pytest.mark.parametrize("name", list(make.SAMPLES))
def test_spans_of_the_samples_lead_back_to_their_paragraphs(name: str) -> None:
    document = parse(CORPUS / name)
    click_back(document, CORPUS / name)
    assert document.to_source(document.citations[0].span)[0].element == "body/p[3]" if "57" in name else "body/p[4]"


def test_spans_of_a_real_file_lead_back_to_their_paragraphs(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "files").glob("*.docx")):
        click_back(parse(path), path)


# --- whole documents


@pytest.mark.parametrize("name", list(make.SAMPLES))
def test_the_samples_are_what_the_script_writes(name: str) -> None:
    with zipfile.ZipFile(CORPUS / name) as kept, zipfile.ZipFile(BytesIO(make.SAMPLES[name]())) as made:
        assert kept.namelist() == made.namelist()
        assert all(kept.read(one) == made.read(one) for one in made.namelist()), "run corpus/make_docx.py"


def test_the_sample_with_styles_reads_as_it_is_printed() -> None:
    document = parse(CORPUS / "so-noi-vu-2024-ke-hoach-57.docx")
    leads = {task.id: [a.unit for a in task.assignments if a.role == "lead"] for task in document.tasks}
    assert leads == {
        "II.t1.I.1": ["Ban Thi đua - Khen thưởng"],
        "II.t1.I.2": ["Ban Thi đua - Khen thưởng"],
        "II.t1.II.3": ["Phòng Xây dựng chính quyền"],
        "III.1.a": ["Ban Thi đua - Khen thưởng"],
        "III.1.b": [],
        "III.2": [],
    }
    first = document.tasks[0]
    assert [a.unit for a in first.assignments if a.role == "coordinate"] == ["Văn phòng Sở", "Thanh tra Sở"]
    assert document.to_source(first.span)[0].element == "body/tbl[2]/tr[4]/tc[1]/p[1]"
    assert [(f.kind, f.text) for f in document.furniture] == [("page_number", "2")]


def test_the_sample_with_revisions_reads_as_accepted() -> None:
    document = parse(CORPUS / "bdvtu-2023-ke-hoach-61.docx")
    assert document.header.handling == ("Lưu hành nội bộ",)
    assert [t.times[0].edtf for t in document.tasks if t.number == "1"] == ["2023-35"]
    assert [(f.kind, f.text) for f in document.furniture] == [
        ("deleted", "quý II"),
        ("comment", "Cần thêm cột người phụ trách."),
    ]


def facts(document: Document) -> object:
    """What two files of one document must agree in: everything but where it stands and how bullets are drawn."""

    def plain(words: str | None) -> str:
        return fold_space(re.sub(r"[*_]", "", words or ""))

    return {
        "header": (document.header.type, document.header.title, document.header.signer and document.header.signer.name),
        "recipients": [plain(r.text) for r in document.header.recipients],
        "blocks": [(b.id, b.kind) for b in document.blocks],
        "tasks": [
            (
                task.id,
                task.kind,
                plain(task.text),
                [(a.unit, a.role, a.force, a.duty, a.serves, a.inherited_from) for a in task.assignments],
                [(t.text, t.kind, t.edtf, t.rrule) for t in task.times],
                [document.citations[one.citation].canonical for one in task.implements],
            )
            for task in document.tasks
        ],
        "citations": [
            (c.canonical, c.date, c.issuer, plain(c.title), c.relation, c.manner, c.entity, c.verdict, c.nested_in)
            for c in document.citations
        ],
        "targets": [(t.kind, t.outcome, t.subject, t.value) for t in document.targets],
    }


def test_a_plan_saved_as_word_says_the_same_as_its_markdown(tmp_path: Path) -> None:
    source = CORPUS / "bdvtu-2022-ke-hoach-thi-dua.md"
    saved = tmp_path / "ke-hoach.docx"
    saved.write_bytes(make.of_text(source.read_text("utf-8")))
    assert len(parse(source).tasks) == 13
    assert facts(parse(saved)) == facts(parse(source))


# symbol, date, issuer, title's beginning, signer, recipients: read by eye in Word
TRUTH = {
    "36-HD-VPTW.docx": ("36-HD/VPTW", "2018-04-03", "Văn phòng Trung ương Đảng", "THỂ THỨC", "KT.", "Bùi Văn Thạch", 5),
    "ke-hoach-tuan-le-hoc-tap.docx": (
        None, "2026-08-17", "Trường THPT Đốc Binh Kiều", "Tổ chức sinh hoạt công dân", "KT.", "Nguyễn Minh Trí", 5,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(TRUTH))
def test_real_files_have_their_header(shared: Path, name: str) -> None:
    symbol, date, issuer, title, capacity, signer, recipients = TRUTH[name]
    header = parse(shared / "corpus" / "files" / name).header
    assert (header.canonical, header.date, header.issuer) == (symbol, date, issuer)
    assert header.title is not None
    assert header.title.startswith(title)
    assert header.signer is not None
    assert (header.signer.capacity, header.signer.name, len(header.recipients)) == (capacity, signer, recipients)


def test_the_json_of_a_word_file_is_complete() -> None:
    document = parse(CORPUS / "so-noi-vu-2024-ke-hoach-57.docx")
    again = msgspec.json.decode(msgspec.json.encode(document), type=Document)
    assert again == document
    assert document.media_type.endswith("wordprocessingml.document")


def test_strict_files_and_files_with_another_main_part_are_read() -> None:
    data = make.package(document=f"<w:body>{P('chữ')}</w:body>")
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            new.writestr(
                name.replace("document.xml", "document2.xml"), content.replace(b"document.xml", b"document2.xml")
            )
    assert read("a.docx", made.getvalue()).text == "chữ"
