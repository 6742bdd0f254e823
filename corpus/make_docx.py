"""Writes the Word samples of this folder, and any text of it as a Word file: the same contents every time.

    python corpus/make_docx.py            # writes so-noi-vu-2024-ke-hoach-57.docx and bdvtu-2023-ke-hoach-61.docx anew
    python corpus/make_docx.py FILE.md    # writes FILE.docx beside it

The parts of the files are written by hand rather than by a library, so that the samples hold what Word writes and libraries
do not: numbers that come from styles, revisions, text boxes, notes. All words are our own (CC0).
"""

from __future__ import annotations

import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" mc:Ignorable="wps"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# part → (root element, kind of relation and of content)
_PARTS = {
    "document": ("document", "officeDocument", "document.main"),
    "styles": ("styles", "styles", "styles"),
    "numbering": ("numbering", "numbering", "numbering"),
    "settings": ("settings", "settings", "settings"),
    "footnotes": ("footnotes", "footnotes", "footnotes"),
    "endnotes": ("endnotes", "endnotes", "endnotes"),
    "comments": ("comments", "comments", "comments"),
    "header1": ("hdr", "header", "header"),
    "footer1": ("ftr", "footer", "footer"),
}
LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def package(**parts: str) -> bytes:
    """A DOCX of parts given as the XML inside their root elements: `package(document="<w:body>…</w:body>")`."""
    overrides, relations = [], []
    files: dict[str, str] = {}
    for name, inner in parts.items():
        root, relation, content = _PARTS[name]
        files[f"word/{name}.xml"] = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<w:{root} {_NAMESPACES}>{inner}</w:{root}>'
        )
        overrides.append(f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{content}+xml"/>')
        if name != "document":
            relations.append(f'<Relationship Id="{name}" Type="{_OFFICE}/{relation}" Target="{name}.xml"/>')
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    )
    files["_rels/.rels"] = relationships.format(
        f'<Relationship Id="document" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    )
    files["word/_rels/document.xml.rels"] = relationships.format("".join(relations))
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(overrides)}</Types>'
    )
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # no time of writing
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, files[name].encode())
    return made.getvalue()


def run(text: str, properties: str = "") -> str:
    """Words of one look: `run("KẾ HOẠCH", "<w:b/>")`; "\\n" is a soft break, "\\t" a tab."""
    marks = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    inner = "".join(
        marks.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in re.split(r"([\n\t])", text)
        if piece
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"


def paragraph(
    *runs: str, style: str = "", number: tuple[int, int] | None = None, centre: bool = False, more: str = ""
) -> str:
    """A paragraph of runs, or of plain words; `number` is its list and level."""
    properties = [f'<w:pStyle w:val="{style}"/>'] if style else []
    if number is not None:
        properties.append(f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>')
    properties += ['<w:jc w:val="center"/>'] if centre else []
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{''.join(properties)}{more}</w:pPr>{inner}</w:p>"


def cell(*paragraphs: str, columns: int = 1, down: str = "") -> str:
    """A table cell of paragraphs, or of plain words; `down` is "restart" or "continue" in cells merged downwards."""
    properties = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    properties += f'<w:vMerge w:val="{down}"/>' if down else ""
    inner = "".join(one if one.startswith("<") else paragraph(one) for one in paragraphs) or "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: list[str], ruled: bool = True, heads: int = 0) -> str:
    """A table of rows of cells; the first `heads` rows repeat on every page."""
    drawn = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if at < heads else ''}{''.join(row)}</w:tr>"
        for at, row in enumerate(rows)
    )
    width = max(sum(int((re.search(r'gridSpan w:val="(\d+)"', one) or [0, 1])[1]) for one in row) for row in rows)
    borders = f"<w:tblBorders>{LINES}</w:tblBorders>" if ruled else ""
    grid = '<w:gridCol w:w="1500"/>' * width
    return f"<w:tbl><w:tblPr>{borders}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>"


def level(at: int, style: str, text: str, *, more: str = "", start: int = 1) -> str:
    """A level of a list: `level(0, "upperRoman", "%1.")`."""
    said = f'<w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{escape(text)}"/>'
    return f'<w:lvl w:ilvl="{at}">{said}</w:lvl>'


def lists(schemes: dict[int, str], numbers: dict[int, tuple[int, str]]) -> str:
    """The numbering part: levels by scheme, and for each list its scheme and overrides."""
    made = [f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>' for key, levels in schemes.items()]
    made += [
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{scheme}"/>{overrides}</w:num>'
        for key, (scheme, overrides) in numbers.items()
    ]
    return "".join(made)


def style(key: str, inner: str = "", *, based_on: str = "", kind: str = "paragraph", default: bool = False) -> str:
    """A style."""
    parent = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    first = ' w:default="1"' if default else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}"{first}><w:name w:val="{key}"/>{parent}{inner}</w:style>'


# --- any text of the corpus as a Word file


_MARKER = re.compile(
    r"(?P<roman>[IVX]+)-\s+|(?P<dotted>\d+\.\d+)-\s+|(?P<dashed>\d+)-\s+|(?P<plain>\d+)\.\s+|(?P<star>\*)\s+|-\s+"
)
_EMPHASIS = re.compile(r"(\*\*|\*)")


def of_text(text: str) -> bytes:
    """A Markdown or plain text as a Word file: its numbers and bullets as automatic ones, its paragraphs as they are.

    Reads what `bdvtu-2022-ke-hoach-thi-dua.md` uses: `I-`, `1-`, `1.`, `4.1-`, `-`, `*`, bold and italic words.
    """
    body = []
    lists_used: list[tuple[int, str]] = []
    parent = 0
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.split("\n")]
        marker = _MARKER.match(lines[0])
        if marker is None:
            bold = lines[0].startswith("**")
            body.append(paragraph(*_runs("\n".join(lines)), centre=bold))
            continue
        for line in lines:
            own = _MARKER.match(line)
            kind = own.lastgroup or "dash" if own else None
            if kind == "roman":
                parent += 1
            body.append(
                paragraph(
                    *_runs(line[own.end() :] if own else line), number=_list(kind, parent, lists_used) if kind else None
                )
            )
    schemes = {
        0: level(0, "upperRoman", "%1-"),
        1: level(0, "decimal", "%1-"),
        2: level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2-"),
        3: level(0, "bullet", "*") + level(1, "bullet", "-"),
    }
    numbers = {1: (0, ""), 2: (3, "")}
    for key, (at, kind) in enumerate(lists_used, start=3):
        numbers[key] = (
            1 if kind == "dashed" else 2,
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>',
        )
        assert at >= 0
    return package(
        document=f"<w:body>{''.join(body)}</w:body>",
        styles=style("Normal", default=True),
        numbering=lists(schemes, numbers),
    )


def _list(kind: str, parent: int, used: list[tuple[int, str]]) -> tuple[int, int]:
    """The list and level of a marker; figures start anew in each part."""
    if kind == "roman":
        return 1, 0
    if kind in ("star", "dash"):
        return 2, 0 if kind == "star" else 1
    own = (parent, "dashed" if kind == "dashed" else "plain")
    if own not in used:
        used.append(own)
    return used.index(own) + 3, 1 if kind == "dotted" else 0


def _runs(text: str) -> list[str]:
    """Words with `**bold**` and `*italic*` as runs."""
    made, bold, italic = [], False, False
    for piece in _EMPHASIS.split(text):
        if piece == "**":
            bold = not bold
        elif piece == "*":
            italic = not italic
        elif piece:
            made.append(run(piece, ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")))
    return made


# --- the samples


def plan_57() -> bytes:
    """A department's plan: letterhead and signature in tables, numbers from styles, a task table with merged cells, a note."""
    bold = "<w:b/>"
    letterhead = table(
        [
            cell(paragraph("UBND TỈNH BÌNH THUẬN", centre=True), paragraph(run("SỞ NỘI VỤ", bold), centre=True)),
            cell(
                paragraph(run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold), centre=True),
                paragraph(run("Độc lập - Tự do - Hạnh phúc", bold), centre=True),
            ),
        ],
        [
            cell(paragraph("Số: 57/KH-SNV", centre=True)),
            cell(paragraph(run("Bình Thuận, ngày 19 tháng 01 năm 2024", "<w:i/>"), centre=True)),
        ],
        ruled=False,
    )
    head = [
        [
            cell("STT", down="restart"),
            cell("Nội dung", down="restart"),
            cell("Cơ quan thực hiện", columns=2),
            cell("Thời gian", down="restart"),
        ],
        [cell(down="continue"), cell(down="continue"), cell("Chủ trì"), cell("Phối hợp"), cell(down="continue")],
    ]
    counted = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr></w:p>'
    section = [cell(paragraph(run("II", bold))), cell(paragraph(run("Khen thưởng", bold))), cell(), cell(), cell()]
    tasks = [
        [cell(paragraph(run("I", bold))), cell(paragraph(run("Cải cách thủ tục", bold))), cell(), cell(), cell()],
        [
            cell(counted),
            cell("Rút gọn mẫu báo cáo thành tích còn không quá hai trang"),
            cell("Ban Thi đua - Khen thưởng", down="restart"),
            cell(paragraph("Văn phòng Sở"), paragraph("Thanh tra Sở")),
            cell("Quý I/2024"),
        ],
        [
            cell(counted),
            cell("Trả kết quả khen thưởng qua Trung tâm Hành chính công"),
            cell(down="continue"),
            cell("Phòng Cải cách hành chính"),
            cell("Trước ngày 30/6/2024"),
        ],
        section,
        [
            cell(counted),
            cell("Chọn 05 tập thể tiêu biểu để nêu gương"),
            cell("Phòng Xây dựng chính quyền"),
            cell("Ban Thi đua - Khen thưởng"),
            cell("Tháng 10/2024"),
        ],
    ]
    signature = table(
        [
            cell(
                paragraph(run("Nơi nhận:", bold)),
                "- UBND tỉnh (báo cáo);",
                "- Các phòng, đơn vị thuộc Sở;",
                "- Lưu: VT, TĐKT.",
            ),
            cell(
                paragraph(run("KT. GIÁM ĐỐC", bold), centre=True),
                paragraph(run("PHÓ GIÁM ĐỐC", bold), centre=True),
                paragraph(),
                paragraph(),
                paragraph(run("Đặng Thị Ví Dụ", bold), centre=True),
            ),
        ],
        ruled=False,
    )
    reference = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    body = [
        letterhead,
        paragraph("Kế hoạch", style="Title"),
        paragraph(run("Thực hiện phong trào thi đua “Sở không giấy hẹn” năm 2024", bold), centre=True),
        paragraph(
            "Thực hiện Kế hoạch số 385/KH-UBND ngày 10/02/2022 của Ủy ban nhân dân tỉnh về phát động phong trào thi đua đẩy mạnh "
            "công tác cải cách hành chính nhà nước giai đoạn 2022 - 2025 trên địa bàn tỉnh",
            reference,
            ", Sở Nội vụ ban hành Kế hoạch năm 2024 như sau:",
        ),
        paragraph("Mục đích", style="Part"),
        paragraph("Người đến nộp hồ sơ khen thưởng không phải quay lại lần thứ hai.", style="Clause"),
        paragraph("Ít nhất 90% hồ sơ được trả trước hạn.", style="Clause"),
        paragraph("Nhiệm vụ", style="Part"),
        table(*head, *tasks, heads=2),
        paragraph("Tổ chức thực hiện", style="Part"),
        paragraph("Ban Thi đua - Khen thưởng:", style="Clause"),
        paragraph("Chủ trì, phối hợp với Văn phòng Sở đôn đốc việc thực hiện Kế hoạch;", style="Point"),
        paragraph("Báo cáo Giám đốc Sở trước ngày 25 hằng tháng.", style="Point"),
        paragraph("Các phòng, đơn vị chịu trách nhiệm về việc của mình trước Giám đốc Sở./.", style="Clause"),
        signature,
        paragraph(run("(Văn bản mẫu của thidua_kg, không phải văn bản chính thức)", "<w:i/>"), centre=True),
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:titlePg/></w:sectPr>',
    ]
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = [
        style("Normal", default=True),
        style("Title", '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:caps/></w:rPr>', based_on="Normal"),
        style("Part", f"{numbered}<w:rPr><w:b/><w:caps/></w:rPr>", based_on="Normal"),
        style("Clause", '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>', based_on="Normal"),
        style("Point", '<w:pPr><w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr></w:pPr>', based_on="Normal"),
    ]
    outline = (
        level(0, "upperRoman", "%1.", more='<w:pStyle w:val="Part"/>')
        + level(1, "decimal", "%2.", more='<w:pStyle w:val="Clause"/>')
        + level(2, "lowerLetter", "%3)", more='<w:pStyle w:val="Point"/>')
    )
    page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    page += '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return package(
        document=f"<w:body>{''.join(body)}</w:body>",
        styles="".join(styles),
        numbering=lists(
            {0: outline, 1: level(0, "decimal", "%1", more='<w:suff w:val="nothing"/>')}, {1: (0, ""), 2: (1, "")}
        ),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Sau đây gọi tắt là Kế hoạch 385.")}</w:footnote>',
        header1=paragraph(page, centre=True),
    )


def plan_61() -> bytes:
    """A provincial Party commission's plan: Party numbering, a revision that was accepted, a text box, bullets, a comment."""
    bold = "<w:b/>"
    letterhead = table(
        [
            cell(
                paragraph("TỈNH ỦY BÌNH THUẬN", centre=True),
                paragraph(run("BAN DÂN VẬN", bold), centre=True),
                paragraph("*", centre=True),
                paragraph("Số 61-KH/BDVTU", centre=True),
            ),
            cell(
                paragraph(run("ĐẢNG CỘNG SẢN VIỆT NAM", bold), centre=True),
                paragraph(),
                paragraph(run("Bình Thuận, ngày 14 tháng 4 năm 2023", "<w:i/>"), centre=True),
            ),
        ],
        ruled=False,
    )
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>'
        "<w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    ).format(paragraph("Lưu hành nội bộ", centre=True))
    revision = (
        '<w:del w:id="1" w:author="Mẫu"><w:r><w:delText>quý II</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="Mẫu"><w:r><w:t>quý III năm 2023</w:t></w:r></w:ins>'
    )
    remark = '<w:r><w:commentReference w:id="1"/></w:r>'
    signature = table(
        [
            cell(
                paragraph(run("Nơi nhận:", bold)),
                "- Thường trực Tỉnh ủy (báo cáo),",
                "- Ban dân vận các huyện ủy,",
                "- Lưu Văn thư.",
            ),
            cell(
                paragraph(run("K/T TRƯỞNG BAN", bold), centre=True),
                paragraph(run("PHÓ TRƯỞNG BAN", bold), centre=True),
                paragraph(),
                paragraph(run("Trần Thị Ví Dụ", bold), centre=True),
            ),
        ],
        ruled=False,
    )
    body = [
        letterhead,
        paragraph(box, centre=True),
        paragraph(run("KẾ HOẠCH", bold), centre=True),
        paragraph(run("thi đua “Dân vận khéo” trong đồng bào dân tộc thiểu số năm 2023", bold), centre=True),
        paragraph(
            "Thực hiện Chỉ thị số 34-CT/TW, ngày 07/4/2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua, khen thưởng, "
            "Ban Dân vận Tỉnh ủy xây dựng kế hoạch như sau:"
        ),
        paragraph("Mục đích", number=(1, 0)),
        paragraph("Mỗi thôn, bản có ít nhất một mô hình để bà con học theo.", number=(2, 0)),
        paragraph("Nhiệm vụ", number=(1, 0)),
        paragraph("Mở lớp tập huấn cho trưởng thôn, già làng, hoàn thành trong ", revision, ".", number=(2, 1)),
        paragraph("Chủ trì: Phòng Đoàn thể và các hội.", number=(3, 0)),
        paragraph("Phối hợp: Ban Dân vận Huyện ủy Hàm Thuận Bắc.", number=(3, 0)),
        paragraph("Lập sổ theo dõi mô hình ở từng xã.", remark, number=(2, 1)),
        paragraph("Chủ trì: Văn phòng Ban.", number=(3, 0)),
        paragraph("Thời gian thực hiện: Thường xuyên.", number=(3, 0)),
        paragraph("Tổ chức thực hiện", number=(1, 0)),
        paragraph("Giao Phòng Đoàn thể và các hội theo dõi, đôn đốc việc thực hiện Kế hoạch./.", number=(3, 0)),
        signature,
        paragraph(run("(Văn bản mẫu của thidua_kg, không phải văn bản chính thức)", "<w:i/>"), centre=True),
    ]
    schemes = {
        0: level(0, "upperRoman", "%1-"),
        1: level(0, "decimal", "%1-") + level(1, "decimal", "%2-", more='<w:lvlRestart w:val="0"/>'),
        2: level(0, "bullet", "\uf02d", more='<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>'),
    }
    return package(
        document=f"<w:body>{''.join(body)}</w:body>",
        styles=style("Normal", default=True),
        numbering=lists(schemes, {1: (0, ""), 2: (1, ""), 3: (2, "")}),
        comments=f'<w:comment w:id="1" w:author="Mẫu">{paragraph("Cần thêm cột người phụ trách.")}</w:comment>',
    )


SAMPLES = {"so-noi-vu-2024-ke-hoach-57.docx": plan_57, "bdvtu-2023-ke-hoach-61.docx": plan_61}


def main(names: list[str]) -> None:
    """Writes the samples, or the named texts as Word files."""
    for name in names:
        source = Path(name)
        source.with_suffix(".docx").write_bytes(of_text(source.read_text("utf-8")))
    if not names:
        for name, make in SAMPLES.items():
            (HERE / name).write_bytes(make())


if __name__ == "__main__":
    main(sys.argv[1:])
