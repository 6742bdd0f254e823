"""PDF: reading order, tables over pages, what is kept out of the text, pieces of words, the way back to page and box, bad files."""

from __future__ import annotations

import io
import random
import re
import sys
from typing import Any

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import CORPUS, ROOT
from thidua_kg.errors import UnreadableSource
from thidua_kg.model import Document
from thidua_kg.pipeline import parse
from thidua_kg.readers import ocr, read_bytes
from thidua_kg.readers.compose import compose
from thidua_kg.readers.footnotes import notes_of
from thidua_kg.readers.furniture import strip_furniture
from thidua_kg.readers.layout import items_of
from thidua_kg.readers.page import Page, Rule, Word
from thidua_kg.readers.repair import is_syllable, joined

sys.path.insert(0, str(ROOT / "corpus"))
import make_pdf  # type: ignore[import-not-found]

PLAN = CORPUS / "so-tu-phap-2022-ke-hoach-57.pdf"
NEEDS_FONTS = pytest.mark.skipif(not make_pdf.fonts(), reason="needs DejaVu Serif (Debian: fonts-dejavu-core)")


def drawn(*pages: Any, size: tuple[float, float] = A4) -> bytes:
    """A PDF of pages, each drawn by a function of its canvas."""
    rl_config.invariant = 1
    make_pdf.fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for page in pages:
        canvas.setFont("DejaVuSerif", 12)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, top: float = 750, left: float = 85) -> Any:
    """A page with lines 16 points apart."""

    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            canvas.drawString(left, top - 16 * number, text)

    return draw


def text_of(data: bytes, name: str = "x.pdf") -> str:
    return read_bytes(name, data).text.value


def word(text: str, left: float, top: float = 100.0, right: float | None = None, size: float = 12.0) -> Word:
    return Word(text, left, top, left + 6 * len(text) if right is None else right, top + size)


# --- the samples


@pytest.fixture(scope="module")
def plan() -> Document:
    return parse(PLAN)


def test_the_two_columns_of_a_letterhead_and_of_a_closing_come_one_after_the_other(plan: Document) -> None:
    said = [line for line in plan.text.split("\n") if line]
    assert said[:3] == ["UBND TỈNH BÌNH THUẬN", "SỞ TƯ PHÁP", "Số: 57/KH-STP"]
    assert said[6] == "Bình Thuận, ngày 18 tháng 3 năm 2022"
    assert said.index("- Lưu: VT, VP.") + 1 == said.index("KT. GIÁM ĐỐC")
    assert [r.text for r in plan.header.recipients][-1] == "Lưu: VT, VP"


def test_a_table_goes_on_over_the_page_without_its_repeated_head(plan: Document) -> None:
    rows = [line for line in plan.text.split("\n") if line.startswith("|")]
    assert [row.split("|")[1].strip() for row in rows] == ["STT", "1", "2", "3", "4", "5", "6", "7"]
    assert rows[1] == (
        "| 1 | Rà soát các thủ tục hành chính về hộ tịch, đề nghị bỏ giấy tờ mà cơ sở dữ liệu đã có "
        "| Phòng Hành chính tư pháp | Phòng Tư pháp các huyện, thị xã, thành phố | Trước ngày 30/4/2022 |"
    )
    assert any(f.kind == "page_header" and f.place.page == 2 and f.text.startswith("STT") for f in plan.furniture)


def test_stamp_and_page_number_are_kept_out_of_the_text_with_their_place(plan: Document) -> None:
    kinds = {f.kind: f for f in plan.furniture}
    assert kinds["stamp"].text.startswith("Ký bởi: SỞ TƯ PHÁP")
    assert kinds["page_number"].text == "2"
    left, top, right, bottom = kinds["stamp"].place.box or (0, 0, 0, 0)
    assert 0 < top < bottom < 50
    assert 300 < left < right < 595
    assert "Ký bởi" not in plan.text


def test_a_footnote_goes_to_the_end_and_its_mark_stays(plan: Document) -> None:
    assert "trên địa bàn tỉnh[1], Sở" in plan.text
    assert plan.text.rstrip().split("\n")[-1].startswith("[1] Nội dung kế hoạch")


def test_paragraphs_are_apart_and_their_lines_are_not(plan: Document) -> None:
    assert "\n\n1. Mỗi phòng" in plan.text
    assert re.search(r"sát với phần việc\ncủa mình", plan.text)


@NEEDS_FONTS
def test_the_samples_are_what_their_script_makes() -> None:
    for name, make in make_pdf.SAMPLES.items():
        assert text_of(make())[:2000] == text_of((CORPUS / name).read_bytes())[:2000]


@NEEDS_FONTS
def test_a_plan_says_the_same_as_pdf_and_as_markdown() -> None:
    source = CORPUS / "bdvtu-2022-ke-hoach-thi-dua.md"
    paper = make_pdf.from_markdown(source.read_text("utf-8"))
    assert facts(parse(read_bytes("ke-hoach.pdf", make_pdf.pdf_of(paper)))) == facts(parse(source))


def facts(document: Document) -> dict[str, Any]:
    """What a plan says, white space and emphasis aside."""

    def flat(text: str | None) -> str:
        return " ".join((text or "").replace("*", "").split())

    header = document.header
    return {
        "header": (header.title, header.issuer, header.signer and header.signer.name, header.date_not_before),
        "recipients": [(r.text, r.kind, r.purpose) for r in header.recipients],
        "tasks": [
            (
                task.id,
                task.kind,
                [(a.unit, a.role, a.force, a.duty) for a in task.assignments],
                [(flat(t.text), t.kind, t.edtf, t.rrule) for t in task.times],
            )
            for task in document.tasks
        ],
        "citations": [(c.canonical, c.kind, c.relation, c.date, c.holder, flat(c.title)) for c in document.citations],
    }


# --- the way back


def shown_in(page: Any, box: tuple[float, float, float, float]) -> str:
    """The words that PDFium finds in a box of the page as it is shown."""
    x0, _, _, y1 = page.get_bbox()
    left, top, right, bottom = box
    middle = (top + bottom) / 2
    # Half a point inside, and along the middle of the line: PDFium gives each character that the box touches.
    return page.get_textpage().get_text_bounded(x0 + left + 0.5, y1 - middle - 1, x0 + right - 0.5, y1 - middle + 1)


def bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def check_places(document: Document, data: bytes, seed: int) -> None:
    """Random spans: the words in their boxes, read again, are the words of the span."""
    draw = random.Random(seed)
    pdf = pypdfium2.PdfDocument(data)
    starts = [segment.start for segment in document.layout]
    words = [(m.start(), m.end()) for m in re.finditer(r"[^\s|\[\]]+", document.text) if m.start() in set(starts)]
    assert len(words) > 20
    for _ in range(60):
        first = draw.randrange(len(words))
        last = min(first + draw.randrange(6), len(words) - 1)
        span = words[first][0], words[last][1]
        places = document.to_source(span)
        assert len(places) == last - first + 1
        again = "".join(bare(shown_in(pdf[(place.page or 1) - 1], place.box or (0, 0, 0, 0))) for place in places)
        wanted = bare("".join(document.text[slice(*one)] for one in words[first : last + 1]))
        assert again == wanted, (span, document.text[slice(*span)])


def test_words_lie_in_their_boxes() -> None:
    check_places(parse(PLAN), PLAN.read_bytes(), seed=7)


@NEEDS_FONTS
def test_a_page_that_is_turned_or_cropped_has_its_boxes_as_it_is_shown() -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.translate(500, 100)
        canvas.rotate(90)
        for number, line in enumerate(
            ("Phụ lục của kế hoạch in ngang trang giấy", "dòng thứ hai của phụ lục in ngang")
        ):
            canvas.drawString(0, -15 * number, line)

    found = read_bytes("x.pdf", drawn(sideways))
    assert found.text.value == "Phụ lục của kế hoạch in ngang trang giấy\ndòng thứ hai của phụ lục in ngang\n"
    left, top, right, bottom = found.layout[0].place.box or (0, 0, 0, 0)
    assert bottom - top > right - left  # the first word stands upright on the page as it is shown
    assert 480 < left < right < 510
    assert bottom == pytest.approx(A4[1] - 100, abs=2)


# --- lines, columns and furniture


@NEEDS_FONTS
def test_the_letterheads_of_several_documents_in_one_file_stay() -> None:
    data = make_pdf.pdf_of(make_pdf.NOTICE)
    whole = pypdfium2.PdfDocument.new()
    for _ in range(3):
        whole.import_pages(pypdfium2.PdfDocument(data))
    out = io.BytesIO()
    whole.save(out)
    assert text_of(out.getvalue()).count("CỘNG HÒA XÃ HỘI") == text_of(out.getvalue()).count("92/TB-UBND") == 3


@NEEDS_FONTS
def test_page_headers_that_return_and_numbers_are_furniture() -> None:
    def page(number: int) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(85, 800, f"CÔNG BÁO/Số {number + 30}/Ngày 12-4-2022")
            canvas.drawCentredString(300, 30, f"- {number} -")
            lines(f"Nội dung riêng của trang {number}, không trang nào giống", top=750 - 30 * number)(canvas)

        return draw

    found = read_bytes("x.pdf", drawn(*map(page, range(1, 5))))
    assert "CÔNG BÁO" not in found.text.value
    assert found.text.value.count("Nội dung riêng") == 4
    assert [f.text for f in found.furniture if f.kind == "page_number"] == ["- 1 -", "- 2 -", "- 3 -", "- 4 -"]
    assert sum(f.kind == "page_header" for f in found.furniture) == 4


@NEEDS_FONTS
def test_text_at_an_angle_is_a_stamp() -> None:
    def page(canvas: Canvas) -> None:
        lines("Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc", "của Hội đồng.")(canvas)
        canvas.translate(300, 400)
        canvas.rotate(45)
        canvas.drawString(0, 0, "BẢN SAO")

    found = read_bytes("x.pdf", drawn(page))
    assert "SAO" not in found.text.value
    assert " ".join(f.text for f in found.furniture if f.kind == "stamp") == "BẢN SAO"


@NEEDS_FONTS
@pytest.mark.parametrize("angle", [0, 30, 90])
def test_a_mark_of_secrecy_at_the_top_of_each_page_or_at_an_angle_is_seen(angle: int) -> None:
    def page(said: str) -> Any:
        def draw(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.translate(300, 790)
            canvas.rotate(angle)
            canvas.drawString(0, 0, "TỐI MẬT" if angle == 0 else "MẬT")
            canvas.restoreState()
            lines(f"Báo cáo về công tác thi đua, khen thưởng của {said}.", top=700)(canvas)

        return draw

    document = parse(read_bytes("x.pdf", drawn(*map(page, ("cơ quan", "công đoàn", "chi bộ", "khối")))))
    assert any("MẬT" in f.text for f in document.furniture)
    assert document.header.secrecy == ("TỐI MẬT" if angle == 0 else "MẬT")


@NEEDS_FONTS
def test_recipients_longer_than_the_signature_and_a_subject_below_the_number() -> None:
    def page(canvas: Canvas) -> None:
        for y, left, right in (
            (780, "SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (764, "Số: 486/SNV-TĐKT", "Độc lập - Tự do - Hạnh phúc"),
            (748, "V/v đăng ký", ""),
            (740, "", "Bình Thuận, ngày 01 tháng 3 năm 2022"),
            (732, "thi đua", ""),
            (700, "", "Kính gửi: Ủy ban nhân dân các huyện."),
        ):
            canvas.drawString(90, y, left)
            canvas.drawString(270, y, right)
        lines("Sở Nội vụ đề nghị các huyện gửi đăng ký thi đua trước ngày 15/3/2022./.", top=670)(canvas)
        for number, text in enumerate(("Nơi nhận:", "- Như trên;", "- Lưu: VT.")):
            canvas.drawString(90, 600 - 13 * number, text)
        canvas.drawCentredString(430, 600, "GIÁM ĐỐC")
        canvas.drawCentredString(430, 520, "Phạm Thị Mẫu")

    document = parse(read_bytes("x.pdf", drawn(page)))
    assert document.header.symbol == "486/SNV-TĐKT"
    assert document.header.date == "2022-03-01"
    assert document.header.title == "đăng ký thi đua"
    assert document.header.issuer == "Sở Nội vụ"
    assert document.header.signer is not None
    assert document.header.signer.name == "Phạm Thị Mẫu"
    assert [r.text for r in document.header.recipients] == ["Như trên", "Lưu: VT"]
    said = document.text
    assert said.index("Số: 486") < said.index("Độc lập") < said.index("V/v đăng ký\nthi đua") < said.index("Kính gửi")


def cell_page(rules: tuple[Rule, ...], *words: Word) -> Page:
    return Page(number=1, width=600, height=800, words=words, rules=rules)


def grid_rules(xs: list[float], ys: list[float]) -> tuple[Rule, ...]:
    return (*(Rule(xs[0], y, xs[-1], y) for y in ys), *(Rule(x, ys[0], x, ys[-1]) for x in xs))


def test_a_merged_cell_is_printed_once() -> None:
    xs, ys = [50.0, 100.0, 300.0, 400.0], [100.0, 130.0, 160.0]
    rules = [*grid_rules(xs, [100.0, 160.0]), Rule(100, 130, 400, 130)]  # the first column is one cell over both rows
    page = cell_page(
        tuple(rules), word("1", 60, 124), word("Rà", 110, 110), word("Soát", 110, 140), word("Sở", 310, 140)
    )
    assert compose([page]).text == "| 1 | Rà | |\n| | Soát | Sở |\n"
    assert len(ys) == 3


def test_a_word_that_a_narrow_column_broke_is_whole() -> None:
    page = cell_page(
        grid_rules([50.0, 100.0, 200.0], [100.0, 150.0]),
        word("In", 55, 105), word("thườn", 70, 105), word("g", 55, 120), word("Đứng", 110, 105), word(".", 110, 120),
    )  # fmt: skip
    assert compose([page]).text == "| In thường | Đứng. |\n"


def test_aligned_columns_below_stt_are_a_table() -> None:
    rows = [("STT", "Nội", "Cơ"), ("1", "Mở", "Sở"), ("", "lớp", ""), ("2", "Viết", "Ban")]
    words = [
        word(text, left, 100 + 16 * row)
        for row, cells in enumerate(rows)
        for text, left in zip(cells, (50, 120, 300), strict=True)
        if text
    ]
    assert compose([cell_page((), *words)]).text == "| STT | Nội | Cơ |\n| 1 | Mở lớp | Sở |\n| 2 | Viết | Ban |\n"


def test_a_row_cut_by_the_end_of_a_page_is_one_row() -> None:
    xs = [50.0, 100.0, 300.0]
    head = [word("STT", 60, 105), word("Việc", 110, 105)]
    first = cell_page(grid_rules(xs, [100.0, 120.0, 140.0]), *head, word("1", 60, 125), word("Mở", 110, 125))
    rest = cell_page(grid_rules(xs, [100.0, 120.0, 140.0]), *head, word("lớp.", 110, 125))
    assert compose([first, rest]).text == "| STT | Việc |\n| 1 | Mở lớp. |\n"


def test_footnotes_need_small_type_below_a_short_line() -> None:
    body = [word("chữ", 85, top) for top in range(100, 400, 16)]
    note = [Word("1", 85, 700, 89, 709, raised=True), word("Nguồn:", 92, 700, size=9.0)]
    page = Page(1, 600, 800, tuple(body + note), (Rule(85, 690, 200, 690),))
    items, notes = notes_of(items_of(page), page)
    assert [n.number for n in notes] == ["1"]
    assert all("Nguồn" not in getattr(item, "text", "") for item in items)
    large = Page(1, 600, 800, (*body, word("1", 85, 700), word("Nguồn:", 92, 700)), page.rules)
    assert notes_of(items_of(large), large)[1] == []


def test_copies_of_one_page_keep_their_text() -> None:
    page = [word("Kế", 85, 30), word("hoạch", 85, 50)]
    kept = strip_furniture([Page(number, 600, 800, tuple(page)) for number in range(1, 5)])
    assert [len(p.words) for p in kept] == [2, 2, 2, 2]


def test_a_number_in_the_text_is_no_page_number() -> None:
    words = (word("Năm", 85, 30), word("2", 85, 60), word("chữ", 85, 400))
    kept = strip_furniture([Page(number=5, width=600, height=800, words=words), Page(number=6, width=600, height=800)])
    assert [w.text for w in kept[0].words] == ["Năm", "2", "chữ"]


# --- pieces of words

SYLLABLES = [
    "điều",
    "khoản",
    "nghiêng",
    "quyết",
    "giếng",
    "uống",
    "thuở",
    "khuya",
    "ngoằn",
    "yêu",
    "ưu",
    "xoong",
    "quý",
    "huỳnh",
    "thưởng",
    "kĩ",
    "ỷ",
]
NO_SYLLABLES = ["điề", "thươ", "kh", "ngh", "hoănh", "bct", "tđkt", "mậ", "quyềt", "word", "2022"]


@pytest.mark.parametrize("text", SYLLABLES)
def test_a_syllable(text: str) -> None:
    assert is_syllable(text)
    assert is_syllable(text.upper())


@pytest.mark.parametrize("text", NO_SYLLABLES)
def test_no_syllable(text: str) -> None:
    assert not is_syllable(text)


def row_of(text: str, gaps: dict[int, float], space: float = 3.5) -> list[Word]:
    """The pieces of `text` on a line; `gaps` are those that are no usual space, by the number of the piece before."""
    row, at = [], 0.0
    for number, piece in enumerate(text.split()):
        row.append(word(piece, at))
        at = row[-1].right + gaps.get(number, space)
    return row


@pytest.mark.parametrize(
    ("text", "gaps", "wanted"),
    [
        ("ĐIỀ U KHO ẢN THI HÀNH", {0: 0.3, 2: 1.0}, "ĐIỀU KHOẢN THI HÀNH"),
        ("của các cơ quan", {}, "của các cơ quan"),
        ("thi đ ua yêu nước", {1: 0.0}, "thi đua yêu nước"),
        ("Số 43 -KH/BDVTU ngày", {1: 0.0}, "Số 43-KH/BDVTU ngày"),
        ("văn hóa an ninh", {1: 1.0}, "văn hóa an ninh"),  # "hóaan" is no syllable: two words set close
    ],
)
def test_pieces_of_a_word(text: str, gaps: dict[int, float], wanted: str) -> None:
    assert " ".join(w.text for w in joined(row_of(text, gaps), exact=True)) == wanted


@given(st.lists(st.sampled_from([*SYLLABLES, "43-KH/BDVTU", "2022", "và", "-", "(Sở"]), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_usual_gaps_join_nothing(words: list[str]) -> None:
    row = row_of(" ".join(words), {})
    assert [w.text for w in joined(row, exact=True)] == words


@NEEDS_FONTS
def test_marks_printed_as_glyphs_of_their_own_belong_to_the_letter_below() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(85, 700, "Ke\u0302\u0301 hoa\u0323ch thi \u0111ua")

    assert text_of(drawn(page)) == "Kế hoạch thi đua\n"


words_on_a_page = st.lists(
    st.builds(
        lambda text, left, top, size: Word(text, left, top, left + 5 * len(text), top + size),
        st.text("aáKTSố1.-", min_size=1, max_size=8),
        st.floats(0, 580),
        st.floats(0, 800),
        st.sampled_from([6.0, 12.0, 12.0, 20.0]),
    ),
    max_size=60,
)
rules_on_a_page = st.lists(
    st.one_of(
        st.builds(lambda x, y, n: Rule(x, y, x + n, y), st.floats(0, 500), st.floats(0, 800), st.floats(5, 300)),
        st.builds(lambda x, y, n: Rule(x, y, x, y + n), st.floats(0, 500), st.floats(0, 800), st.floats(5, 300)),
    ),
    max_size=20,
)


@example(  # a rule above a small word that begins with a figure: a footnote
    [Word("1", 0, 0, 5, 6), Word("1", 0, 1, 5, 7), Word("1", 0, 318, 5, 324)], [Rule(0, 320, 41, 320)], False
)
@given(words_on_a_page, rules_on_a_page, st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_word_of_any_page_is_in_the_text_or_among_the_furniture(
    words: list[Word], rules: list[Rule], exact: bool
) -> None:
    pages = strip_furniture([Page(1, 600, 800, tuple(words), tuple(rules), exact=exact)] * 2)
    found = compose(pages)
    said = sorted(
        re.sub(r"[|\[\]\s]", "", found.text)  # cells and marks of footnotes are written with these
        + "".join("".join(f.text.split()) for f in found.furniture)
    )
    assert said == sorted("".join(w.text for w in words) * 2)
    assert [s.start for s in found.segments] == sorted(s.start for s in found.segments)


# --- bad files


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\n", "cắt cụt hoặc hỏng"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "cắt cụt hoặc hỏng"),
        (PLAN.read_bytes()[:300], "cắt cụt hoặc hỏng"),
    ],
)
def test_a_broken_file_is_one_clear_line(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource) as error:
        read_bytes("x.pdf", data)
    assert why in str(error.value)
    assert "\n" not in str(error.value)


def test_a_locked_file_names_its_password() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("mo-khoa", strength=128))
    canvas.drawString(100, 700, "noi dung")
    canvas.save()
    with pytest.raises(UnreadableSource, match="mật khẩu"):
        read_bytes("x.pdf", out.getvalue())


def tree(
    count: int, box: str = "0 0 595 842", extra: str = "", said: str = "Noi dung trang", font: str = "Helvetica"
) -> bytes:
    """A PDF whose page tree declares `count` pages and has one, with `said` on it."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{' '.join(['3 0 R'] * min(count, 60))}] /Count {count} >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {30 + len(said)} >>\nstream\nBT /F 12 Tf 72 700 Td ({said}) Tj ET\nendstream",
        f"<< /Type /Font /Subtype /TrueType /BaseFont /{font} /Encoding /WinAnsiEncoding >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return body + f"{head}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF".encode()


def test_text_in_a_font_made_before_unicode_is_converted() -> None:
    found = read_bytes("x.pdf", tree(1, said="KÕ ho¹ch thi \xaeua yªu n\xadíc n¨m 2009", font=".VnTime"))
    assert found.text.value == "Kế hoạch thi đua yêu nước năm 2009\n"
    assert found.warnings == ("trang 1: chữ phông cũ (TCVN3 hoặc VNI) đã chuyển sang Unicode",)


def test_a_hundred_thousand_declared_pages_are_refused() -> None:
    with pytest.raises(UnreadableSource, match="100000 trang"):
        read_bytes("x.pdf", tree(100_000))


def test_a_huge_page_and_a_script_are_read_as_text_only() -> None:
    script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    assert text_of(tree(1, box="0 0 20000000 20000000", extra=script)) == "Noi dung trang\n"


@NEEDS_FONTS
def test_an_embedded_file_is_named() -> None:
    document = pypdfium2.PdfDocument(drawn(lines("Văn bản có tệp đính kèm bên trong.")))
    document.new_attachment("phu-luc.xlsx").set_data(b"PK\x03\x04")
    out = io.BytesIO()
    document.save(out)
    assert read_bytes("x.pdf", out.getvalue()).warnings == ("có tệp đính kèm bên trong, không đọc: phu-luc.xlsx",)


@NEEDS_FONTS
def test_characters_without_a_code_are_reported() -> None:
    found = read_bytes("x.pdf", drawn(lines("Tiếng Việt và một ký tự riêng \uf6c5 của phông.")))
    assert found.warnings == ("trang 1: 1 ký tự không có mã chữ (phông riêng), chữ ở đó có thể sai",)


@NEEDS_FONTS
def test_a_page_that_is_a_scan_is_named_where_nothing_can_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "missing", lambda: "hãy cài chương trình nhận dạng")
    mixed = (CORPUS / "ubnd-bac-binh-2022-thong-bao-92.pdf").read_bytes()
    found = read_bytes("x.pdf", mixed)
    assert "92/TB-UBND" in found.text.value
    assert found.warnings == ("trang 2: là bản quét, chưa đọc; hãy cài chương trình nhận dạng",)
    with pytest.raises(UnreadableSource, match="hãy cài chương trình nhận dạng"):
        read_bytes("x.pdf", make_pdf.image_only(make_pdf.pdf_of(make_pdf.ANNEX)))


@pytest.mark.parametrize("seed", range(50))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    draw = random.Random(seed)
    data = bytearray(PLAN.read_bytes())
    for _ in range(draw.choice((1, 10, 200))):
        data[draw.randrange(len(data))] = draw.randrange(256)
    if seed % 3 == 0:
        del data[draw.randrange(len(data)) :]
    try:
        found = read_bytes("x.pdf", bytes(data))
    except UnreadableSource:
        return
    assert found.text.value.strip()
