"""OpenDocument texts: numbers, tables, notes and revisions as LibreOffice prints them; bad files are refused.

The files in `tests/files` were saved by LibreOffice from the Word samples of `corpus/` and must read as these do.
"""

from __future__ import annotations

import io
import random
import re
import zipfile

import pytest
from lxml import etree

from tests.conftest import CORPUS, ROOT
from tests.test_docx import facts
from thidua_kg.errors import UnreadableSource
from thidua_kg.pipeline import parse
from thidua_kg.readers import read_bytes
from thidua_kg.readers.odt import read
from thidua_kg.readers.odt_styles import _NAMES

FILES = ROOT / "tests" / "files"
SAMPLES = ("so-noi-vu-2024-ke-hoach-57", "bdvtu-2023-ke-hoach-61")
SPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMES.items())
LIST = (
    '<text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="I" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix=")" text:start-value="3"/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="2" style:num-suffix="."/>'
    '<text:list-level-style-bullet text:level="4" text:bullet-char="–"/></text:list-style>'
)


def odt(body: str, automatic: str = LIST, **parts: str) -> bytes:
    """An ODT with this body and these automatic styles; further parts by name, "_" for "." and "__" for "/"."""
    target = io.BytesIO()
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    files = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<x/>",
        "content.xml": content,
    }
    files |= {name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()}
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def text(body: str, automatic: str = LIST) -> str:
    return read("x.odt", odt(body, automatic)).text


def p(words: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def items(*inner: str, more: str = "") -> str:
    return (
        f'<text:list text:style-name="L" {more}>'
        + "".join(f"<text:list-item>{one}</text:list-item>" for one in inner)
        + "</text:list>"
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_plan_reads_as_its_word_file(name: str) -> None:
    word, own = (read_bytes(path.name, path.read_bytes()) for path in (CORPUS / f"{name}.docx", FILES / f"{name}.odt"))
    assert own.reader == "odt"
    assert own.text.value == word.text.value
    kept = {(f.kind, f.text) for f in own.furniture if f.kind in ("deleted", "comment", "hidden")}
    assert kept == {(f.kind, f.text) for f in word.furniture if f.kind in ("deleted", "comment", "hidden")}


def test_a_plan_says_the_same_as_its_markdown() -> None:
    name = "bdvtu-2022-ke-hoach-thi-dua"
    assert facts(parse(FILES / f"{name}.odt")) == facts(parse(CORPUS / f"{name}.md"))


def test_the_way_back_is_the_paragraph() -> None:
    document = parse(FILES / "so-noi-vu-2024-ke-hoach-57.odt")
    start = document.text.index("Rút gọn mẫu")
    assert document.to_source((start, start + 5))[0].element == "body/table[2]/row[4]/cell[2]/p[1]"


def element_at(body: etree._Element, place: str) -> etree._Element:
    """The element that a place names, found without the reader."""
    kinds = {"item": ("list-item", "list-header"), "cell": ("table-cell", "covered-table-cell"), "row": ("table-row",)}
    here = body
    for step in place.split("/")[1:]:
        local, _, number = step.rstrip("]").partition("[")
        if local == "box":
            return here
        names = kinds.get(local, (local,))
        inner = here.iter() if local == "row" else here  # rows may stand in groups
        found = [child for child in inner if str(child.tag).rpartition("}")[2] in names]
        here = found[int(number) - 1]
    return here


@pytest.mark.parametrize("name", SAMPLES)
def test_random_words_lead_back_to_their_paragraph(name: str) -> None:
    path = FILES / f"{name}.odt"
    document = parse(path)
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("content.xml"))
    body = root.find(f".//{{{_NAMES['office']}}}text")
    assert body is not None
    words = [
        m for m in re.finditer(r"[^\W\d_]{3,}", document.text) if "[1]" not in document.text[m.start() - 4 : m.start()]
    ]
    for word in random.Random(3).sample(words, 60):
        (place, *_) = document.to_source(word.span())
        assert place.element
        if not place.element.startswith("notes"):
            assert word[0].lower() in "".join(element_at(body, place.element).itertext()).lower()


def test_lists_count_by_level_and_go_on_where_they_say_so() -> None:
    inner = items(p("b"), p("c") + items(p("d")) + p("không số"))
    body = items(p("a") + inner, p("e"), more='xml:id="one"') + p("xen giữa")
    body += items(p("mới")) + items(p("tiếp"), more='text:continue-list="one"')
    found = [line for line in text(body).split("\n") if line]
    assert found == ["I. a", "3) b", "4) c", "4.1. d", "không số", "II. e", "xen giữa", "I. mới", "III. tiếp"]


def test_a_start_value_and_an_item_that_only_holds_a_list() -> None:
    body = '<text:list text:style-name="L"><text:list-item text:start-value="7">' + p("a") + "</text:list-item>"
    body += (
        "<text:list-item>"
        + items(p("b"))
        + "</text:list-item><text:list-header>"
        + p("đầu")
        + "</text:list-header></text:list>"
    )
    assert [line for line in text(body).split("\n") if line] == ["VII. a", "3) b", "đầu"]


def test_headings_are_numbered_by_the_outline() -> None:
    outline = (
        '<text:outline-style style:name="O"><text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2" style:num-suffix="."/></text:outline-style>'
    )
    heads = "".join(
        f'<text:h text:outline-level="{n}">{w}</text:h>' for n, w in ((1, "A"), (2, "B"), (2, "C"), (1, "D"), (2, "E"))
    )
    styles = f"<office:document-styles {SPACES}><office:styles>{outline}</office:styles></office:document-styles>"
    found = read("x.odt", odt(heads, styles_xml=styles)).text
    assert [line for line in found.split("\n") if line] == ["1. A", "1.1. B", "1.2. C", "2. D", "2.1. E"]
    assert text(heads).split() == ["A", "B", "C", "D", "E"]


def test_spaces_breaks_capitals_and_hidden_words() -> None:
    automatic = (
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:text-transform="uppercase"/></style:style>'
        '<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="P0"/>'
        '<style:style style:name="P0" style:family="paragraph"><style:text-properties fo:text-transform="uppercase"/></style:style>'
    )
    body = p('một  \n hai<text:s text:c="3"/>ba<text:line-break/>bốn<text:tab/>năm')
    body += p(
        '<text:span text:style-name="T1">chữ hoa</text:span> <text:span text:style-name="T2">ẩn</text:span>thường'
    )
    body += p("kế hoạch", "P1")
    found = read("x.odt", odt(body, automatic))
    assert found.text == "một hai   ba\nbốn\tnăm\n\nCHỮ HOA thường\n\nKẾ HOẠCH"
    assert [(f.kind, f.text) for f in found.furniture] == [("hidden", "ẩn")]


def test_notes_stand_at_the_end_and_revisions_as_accepted() -> None:
    note = '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body></text:note>'
    gone = (
        "<text:tracked-changes><text:changed-region><text:deletion>"
        + p("đã bỏ")
        + "</text:deletion></text:changed-region></text:tracked-changes>"
    )
    body = (
        gone
        + p("Một" + note.format(p("Chú thích.")) + " hai<office:annotation>" + p("Hỏi lại") + "</office:annotation>")
        + p("Ba")
    )
    found = read("x.odt", odt(body))
    assert found.text == "Một[1] hai\n\nBa\n\n[1] Chú thích."
    assert {(f.kind, f.text) for f in found.furniture} == {("deleted", "đã bỏ"), ("comment", "Hỏi lại")}


def test_merged_and_repeated_cells() -> None:
    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{p(words)}</table:table-cell>"

    rows = (
        cell("STT") + cell("Nội dung", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>",
        cell("1", 'table:number-rows-spanned="2"') + cell("a") + cell("b"),
        "<table:covered-table-cell/>" + cell("x", 'table:number-columns-repeated="2"') + "<table:table-cell/>",
    )
    columns = '<table:table-column table:number-columns-repeated="3"/>'
    table = (
        f"<table:table>{columns}{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"
    )
    assert text(table).split("\n") == ["| STT | Nội dung | |", "| 1 | a | b |", "|  | x | x |"]


def test_heading_rows_that_repeat_are_one_heading() -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    one, wide = (
        "<table:table-cell>{}</table:table-cell>",
        '<table:table-cell table:number-columns-spanned="2">{}</table:table-cell>',
    )
    heads = row(one.format(p("STT")), wide.format(p("Thực hiện")), "<table:covered-table-cell/>")
    heads += row(*(one.format(p(words)) for words in ("", "Chủ trì", "Phối hợp")))
    body = row(*(one.format(p(words)) for words in ("1", "Sở A", "Sở B")))
    columns = '<table:table-column table:number-columns-repeated="3"/>'
    found = text(
        f"<table:table>{columns}<table:table-header-rows>{heads}</table:table-header-rows>{body}</table:table>"
    )
    assert found.split("\n") == ["| STT | Chủ trì | Phối hợp |", "|  | Thực hiện |  |", "| 1 | Sở A | Sở B |"]


def test_text_boxes_sections_and_contents() -> None:
    box = "<draw:frame><draw:text-box>" + p("trong khung") + "</draw:text-box></draw:frame>"
    body = p("trước" + box) + "<text:section>" + p("trong mục") + "</text:section>"
    body += '<text:section text:display="none">' + p("mục ẩn") + "</text:section>"
    body += "<text:table-of-content><text:index-body>" + p("Chương I 3") + "</text:index-body></text:table-of-content>"
    found = read("x.odt", odt(body))
    assert found.text == "trước\n\ntrong khung\n\ntrong mục"
    assert {(f.kind, f.text) for f in found.furniture} == {("hidden", "mục ẩn"), ("navigation", "Chương I 3")}


def test_page_headers_are_apart_but_a_letterhead_is_text() -> None:
    header = "<style:header>{}</style:header>"
    styles = "<office:document-styles {0}><office:master-styles><style:master-page>{1}</style:master-page></office:master-styles></office:document-styles>"
    own = read("x.odt", odt(p("a"), styles_xml=styles.format(SPACES, header.format(p("Trang 2")))))
    assert own.text == "a"
    assert [(f.kind, f.text) for f in own.furniture] == [("page_number", "Trang 2")]
    head = header.format(p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    assert read("x.odt", odt(p("a"), styles_xml=styles.format(SPACES, head))).text.startswith("CỘNG HÒA")


LOCKED = f"<manifest:manifest {SPACES}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
SHEET = f"<office:document-content {SPACES}><office:body><office:spreadsheet/></office:body></office:document-content>"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (odt(p("x"), **{"META-INF__manifest_xml": LOCKED}), "mật khẩu"),
        (odt("", content_xml=SHEET), "không phải văn bản"),
        (odt("", content_xml="<x"), "không phải XML đúng"),
        (odt("", content_xml="<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "DTD"),
        (odt(""), "không có chữ nào"),
        ((FILES / f"{SAMPLES[0]}.odt").read_bytes()[:9000], "hỏng hoặc tải về chưa hết"),
    ],
)
def test_bad_files_are_one_clear_line(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why) as caught:
        read_bytes("x.odt", data)
    assert "\n" not in str(caught.value)


def test_absurd_counts_are_bounded() -> None:
    huge = 'table:number-columns-repeated="99999999" table:number-rows-spanned="99999999"'
    rows = f'<table:table-row table:number-rows-repeated="99999999"><table:table-cell {huge}/></table:table-row>'
    cell = (
        '<table:table-cell table:number-columns-spanned="99999999">'
        + p("x" + '<text:s text:c="99999999"/>')
        + "</table:table-cell>"
    )
    found = text(
        f"<table:table><table:table-column table:number-columns-repeated='99999999'/>{rows * 50}<table:table-row>{cell * 3}</table:table-row></table:table>"
    )
    assert len(found) < 100_000
    deep = "<text:section>" * 200 + p("sâu") + "</text:section>" * 200
    assert read("x.odt", odt(p("a") + deep)).text.startswith("a")


@pytest.mark.parametrize("seed", range(50))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    draw = random.Random(seed)
    data = bytearray((FILES / f"{SAMPLES[seed % 2]}.odt").read_bytes())
    for _ in range(draw.choice((1, 10, 200))):
        data[draw.randrange(len(data))] = draw.randrange(256)
    try:
        found = read_bytes("x.odt", bytes(data))
    except UnreadableSource:
        return
    assert found.text.value.strip()
