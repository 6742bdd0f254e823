"""Makes the PDF samples of this folder: `python corpus/make_pdf.py` (needs the extra `test` and the fonts fonts-dejavu-core).

The documents are our own, set as offices set theirs: a letterhead in two columns, justified paragraphs, a table that goes
on over the page with its head repeated, a footnote, page numbers, the small stamp of a digital signature; one has a page
that is an image only. `from_markdown` sets any plain document of this folder the same way, for tests.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

HERE = Path(__file__).resolve().parent
NOTE = "(Văn bản mẫu của thidua_kg, không phải văn bản chính thức)"
_FONTS = (
    Path("/usr/share/fonts"),
    Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"),
    Path("/Library/Fonts"),
    Path.home() / ".fonts",
)
_LEFT, _WIDE = 85.0, A4[0] - 85.0 - 57.0  # NĐ 30/2020/NĐ-CP: 30 mm at the left, 20 mm elsewhere
_GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
_COLUMNS = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
]


@dataclass(frozen=True)
class Paper:
    """A document: letterhead left and right, title, paragraphs and tables, the two columns of its end, stamp, footnote."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    body: tuple[str | tuple[tuple[str, ...], ...], ...] = ()
    recipients: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    stamp: tuple[str, ...] = ()
    footnote: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()


def fonts() -> bool:
    """Whether the free fonts are there; they are registered then."""
    for name in ("DejaVuSerif", "DejaVuSerif-Bold"):
        found = next((path for folder in _FONTS if folder.is_dir() for path in folder.rglob(f"{name}.ttf")), None)
        if found is None:
            return False
        pdfmetrics.registerFont(TTFont(name, str(found)))
    return True


def style(size: float = 12, bold: bool = False, **more: object) -> ParagraphStyle:
    """A paragraph's look; `alignment` is 0 left, 1 centre, 4 justified."""
    font = "DejaVuSerif-Bold" if bold else "DejaVuSerif"
    return ParagraphStyle("x", fontName=font, fontSize=size, leading=size * 1.25, **more)


def pdf_of(paper: Paper, scan: bytes = b"") -> bytes:
    """The document as the bytes of a PDF, the same each time; the first page of `scan` follows it as an image only."""
    rl_config.invariant = 1
    if not fonts():
        raise SystemExit("needs the fonts DejaVu Serif (Debian: apt-get install fonts-dejavu-core)")
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=_LEFT, rightMargin=57, topMargin=57, bottomMargin=80, title="Văn bản mẫu"
    )
    more = [PageBreak(), Spacer(1, 1)] if scan else []
    page.build(
        [*_story(paper), *more],
        onFirstPage=lambda canvas, _: _first(canvas, paper),
        onLaterPages=lambda canvas, _: _scanned(canvas, pypdfium2.PdfDocument(scan)[0]) if scan else _later(canvas),
    )
    return out.getvalue()


def _story(paper: Paper) -> Iterable[Flowable]:
    if paper.left:
        sides = [
            [Paragraph(line, style(11, n < 2, alignment=1)) for n, line in enumerate(side)]
            for side in (paper.left, paper.right)
        ]
        yield Table([sides], colWidths=[_WIDE * 0.42, _WIDE * 0.58], style=_COLUMNS)
        yield Spacer(1, 14)
    for line in paper.title:
        yield Paragraph(line, style(12, bold=True, alignment=1))
    yield Spacer(1, 10)
    for part in paper.body:
        if isinstance(part, str):
            yield Paragraph(part, style(alignment=4, firstLineIndent=28, spaceAfter=6))
        else:
            rows = [[Paragraph(cell, style(10, bold=number == 0)) for cell in row] for number, row in enumerate(part)]
            yield Table(rows, colWidths=[_WIDE * part for part in paper.widths], style=_GRID, repeatRows=1)
            yield Spacer(1, 8)
    if paper.recipients:
        signature = [Paragraph(line, style(12, bold=True, alignment=1)) for line in paper.signature[:-1]]
        name = [Spacer(1, 50), Paragraph(paper.signature[-1], style(12, bold=True, alignment=1))]
        listed = [Paragraph(line, style(9)) for line in paper.recipients]
        yield Table([[listed, [*signature, *name]]], colWidths=[_WIDE * 0.5, _WIDE * 0.5], style=_COLUMNS)
    yield Spacer(1, 12)
    yield Paragraph(NOTE, style(10, alignment=1))


def _first(canvas: Canvas, paper: Paper) -> None:
    canvas.setFont("DejaVuSerif", 6)
    for number, line in enumerate(paper.stamp):
        canvas.drawString(_LEFT + _WIDE - 150, A4[1] - 20 - 8 * number, line)
    if paper.footnote:
        canvas.line(_LEFT, 74, _LEFT + 140, 74)
        canvas.setFont("DejaVuSerif", 6)
        canvas.drawString(_LEFT, 65, "1")
        canvas.setFont("DejaVuSerif", 9)
        for number, line in enumerate(paper.footnote):
            canvas.drawString(_LEFT + 6, 62 - 11 * number, line)


def _later(canvas: Canvas) -> None:
    canvas.setFont("DejaVuSerif", 12)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 40, str(canvas.getPageNumber()))


def _scanned(canvas: Canvas, page: pypdfium2.PdfPage, dots: int = 200) -> None:
    drawn = page.render(scale=dots / 72, grayscale=True).to_pil()
    canvas.drawImage(ImageReader(drawn), 0, 0, *A4)


def image_only(data: bytes, dots: int = 200) -> bytes:
    """A PDF with the pages of another drawn as images: what a scanner makes."""
    rl_config.invariant = 1
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for page in pypdfium2.PdfDocument(data):
        _scanned(canvas, page, dots)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def from_markdown(text: str) -> Paper:
    """A document of this folder without letterhead: the title in bold first, "Nơi nhận:" and the signature at the end."""
    blocks = [re.sub(r"\*\*|(?<!\w)\*(?! )|(?<=\S)\*(?!\w)", "", block) for block in re.split(r"\n\s*\n", text.strip())]
    title = next(n for n, block in enumerate(blocks) if block.startswith("Căn cứ"))
    end = next(n for n, block in enumerate(blocks) if block.startswith("Nơi nhận"))
    closing = [line.strip() for block in blocks[end:-1] for line in block.split("\n")]
    sign = next(n for n, line in enumerate(closing) if re.match(r"[KT]/[TM] ", line))
    return Paper(
        title=tuple(blocks[:title]),
        body=tuple(" ".join(block.split()) for block in blocks[title:end]),
        recipients=tuple(closing[:sign]),
        signature=tuple(closing[sign:]),
    )


PLAN = Paper(
    left=("UBND TỈNH BÌNH THUẬN", "SỞ TƯ PHÁP", "Số: 57/KH-STP"),
    right=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Bình Thuận, ngày 18 tháng 3 năm 2022"),
    title=("KẾ HOẠCH", "Thực hiện phong trào thi đua cải cách hành chính của ngành Tư pháp tỉnh năm 2022"),
    body=(
        "Thực hiện Kế hoạch số 385/KH-UBND ngày 10/02/2022 của Ủy ban nhân dân tỉnh về phát động phong trào thi đua đẩy mạnh "
        "công tác cải cách hành chính nhà nước giai đoạn 2022 - 2025 trên địa bàn tỉnh<super size=7 rise=4>1</super>, Sở Tư pháp ban hành "
        "Kế hoạch thi đua năm 2022 của ngành như sau:",
        "I. MỤC ĐÍCH, YÊU CẦU",
        "1. Mỗi phòng, mỗi đơn vị chọn được việc thi đua sát với phần việc của mình, làm xong có người kiểm, có số đo và có "
        "ngày kết thúc; việc nào người dân phải chờ lâu nhất thì làm trước.",
        "2. Không đặt thêm sổ sách chỉ để phục vụ thi đua; kết quả lấy từ phần mềm đang dùng hằng ngày.",
        "II. NHIỆM VỤ",
        "Các nhiệm vụ của năm 2022 được giao theo bảng sau:",
        (
            ("STT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"),
            ("1", "Rà soát các thủ tục hành chính về hộ tịch, đề nghị bỏ giấy tờ mà cơ sở dữ liệu đã có", "Phòng Hành chính tư pháp", "Phòng Tư pháp các huyện, thị xã, thành phố", "Trước ngày 30/4/2022"),
            ("2", "Rút thời gian cấp Phiếu lý lịch tư pháp còn không quá 07 ngày làm việc", "Phòng Hành chính tư pháp", "Công an tỉnh", "Tháng 6/2022"),
            ("3", "Lập danh mục văn bản quy phạm pháp luật của tỉnh đã hết hiệu lực để công bố", "Phòng Xây dựng và Kiểm tra văn bản", "Văn phòng Ủy ban nhân dân tỉnh", "Quý II/2022"),
            ("4", "Mở chuyên mục hỏi đáp pháp luật trên trang thông tin điện tử của Sở, trả lời trong 05 ngày", "Phòng Phổ biến, giáo dục pháp luật", "Văn phòng Sở", "Trước ngày 15/7/2022"),
            ("5", "Tập huấn kỹ năng hòa giải cho tổ hòa giải ở các xã miền núi, hải đảo", "Phòng Phổ biến, giáo dục pháp luật", "Hội Luật gia tỉnh", "Quý III/2022"),
            ("6", "Kiểm tra việc tự đánh giá, công nhận xã đạt chuẩn tiếp cận pháp luật", "Thanh tra Sở", "Phòng Tư pháp các huyện, thị xã, thành phố", "Trước ngày 31/10/2022"),
            ("7", "Số hóa sổ hộ tịch lưu tại Sở từ năm 1992 đến năm 2005", "Văn phòng Sở", "Phòng Hành chính tư pháp", "Trước ngày 30/11/2022"),
        ),
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Giao Văn phòng Sở theo dõi, đôn đốc các phòng, đơn vị thực hiện Kế hoạch; báo cáo Giám đốc Sở trước ngày 15/12/2022.",
        "2. Trưởng các phòng, đơn vị đăng ký việc thi đua của mình với Văn phòng Sở trước ngày 31/3/2022.",
        "Trên đây là Kế hoạch thi đua năm 2022 của ngành Tư pháp tỉnh, yêu cầu các phòng, đơn vị nghiêm túc thực hiện./.",
    ),
    widths=(0.08, 0.36, 0.2, 0.2, 0.16),
    recipients=("Nơi nhận:", "- UBND tỉnh (báo cáo);", "- Sở Nội vụ;", "- Các phòng, đơn vị thuộc Sở;", "- Lưu: VT, VP."),
    signature=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phan Văn Mẫu"),
    stamp=("Ký bởi: SỞ TƯ PHÁP", "Cơ quan: TỈNH BÌNH THUẬN", "Ngày ký: 18-03-2022 14:05:20 +07:00"),
    footnote=("Nội dung kế hoạch của tỉnh được kể lại bằng lời của người soạn văn bản mẫu này.",),
)  # fmt: skip
NOTICE = Paper(
    left=("ỦY BAN NHÂN DÂN", "HUYỆN BẮC BÌNH", "Số: 92/TB-UBND"),
    right=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Bắc Bình, ngày 12 tháng 4 năm 2022"),
    title=("THÔNG BÁO", "Kết quả chấm điểm thi đua quý I năm 2022 của các xã, thị trấn"),
    body=(
        "Thực hiện Chỉ thị số 02/CT-UBND ngày 09/02/2022 của Ủy ban nhân dân tỉnh về việc phát động phong trào thi đua yêu nước "
        "thực hiện thắng lợi nhiệm vụ phát triển kinh tế - xã hội năm 2022, Ủy ban nhân dân huyện thông báo kết quả chấm điểm "
        "thi đua quý I năm 2022 như sau:",
        "1. Các xã, thị trấn đều gửi bảng tự chấm đúng hạn; điểm của từng nơi ghi ở Phụ lục kèm theo.",
        "2. Giao Phòng Nội vụ hướng dẫn các xã có điểm dưới 80 tìm chỗ vướng, báo cáo Ủy ban nhân dân huyện trước ngày 10/5/2022.",
        "3. Yêu cầu Ủy ban nhân dân các xã, thị trấn niêm yết kết quả tại trụ sở trước ngày 20/4/2022./.",
    ),
    recipients=("Nơi nhận:", "- Sở Nội vụ (báo cáo);", "- UBND các xã, thị trấn;", "- Phòng Nội vụ;", "- Lưu: VT."),
    signature=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Hồ Thị Mẫu"),
)  # fmt: skip
ANNEX = Paper(
    title=("PHỤ LỤC", "ĐIỂM THI ĐUA QUÝ I NĂM 2022", "(Kèm theo Thông báo số 92/TB-UBND ngày 12/4/2022 của Ủy ban nhân dân huyện Bắc Bình)"),
    body=(
        (
            ("STT", "Xã, thị trấn", "Điểm tự chấm", "Điểm được công nhận", "Ghi chú"),
            ("1", "Thị trấn Chợ Lầu", "96", "94", ""),
            ("2", "Xã Hồng Thái", "93", "93", "Dẫn đầu khối xã"),
            ("3", "Xã Phan Điền", "85", "79", "Trừ điểm báo cáo chậm"),
        ),
    ),
    widths=(0.1, 0.3, 0.18, 0.2, 0.22),
)  # fmt: skip
SAMPLES = {
    "so-tu-phap-2022-ke-hoach-57.pdf": lambda: pdf_of(PLAN),
    "ubnd-bac-binh-2022-thong-bao-92.pdf": lambda: pdf_of(NOTICE, pdf_of(ANNEX)),
}

if __name__ == "__main__":
    for name, make in SAMPLES.items():
        (HERE / name).write_bytes(make())
