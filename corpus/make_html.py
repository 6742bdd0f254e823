"""Writes this folder's web pages and edXML package, and any text of it as a page that Word saved: the same bytes every time.

    python corpus/make_html.py            # writes the samples anew
    python corpus/make_html.py FILE.md    # writes FILE.htm beside it

All words are our own (CC0).
"""

from __future__ import annotations

import base64
import re
import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset={charset}">
<meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml>
 <w:WordDocument>
  <w:View>Normal</w:View>
 </w:WordDocument>
</xml><![endif]-->
<style>
<!--
 p.MsoNormal, li.MsoNormal, div.MsoNormal
	{{margin:0cm; font-size:14.0pt; font-family:"Times New Roman","serif";}}
@list l0:level1
	{{mso-level-number-format:arabic;}}
-->
</style>
</head>

<body lang=EN-US>

<div class=WordSection1>

"""
_TAIL = "\n</div>\n\n</body>\n\n</html>\n"
_SAMPLE = "(Văn bản mẫu của thidua_kg, không phải văn bản chính thức)"


def word_page(text: str) -> bytes:
    """A text of this folder as Word saves it: a paragraph for each of its own, Windows-1252 with numbers for other letters."""
    paragraphs = [_paragraph(part) for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    page = _HEAD.format(charset="windows-1252") + "\n\n".join(paragraphs) + _TAIL
    return page.replace("\n", "\r\n").encode("cp1252", "xmlcharrefreplace")


def _paragraph(part: str) -> str:
    """Lines as soft breaks, emphasis as spans, blanks at the beginning of a line as Word's hard blanks."""
    lines = [
        re.sub(r"^ +", lambda m: "&nbsp;" * len(m[0]), escape(line, quote=False))
        for line in part.strip("\n").split("\n")
    ]
    words = "<br>\n".join(lines)
    words = re.sub(r"\*\*(.+?)\*\*", r"<b style='mso-bidi-font-weight:normal'>\1</b>", words, flags=re.DOTALL)
    words = re.sub(r"\*(\S(?:[^*]*?\S)?)\*", r"<i>\1</i>", words)
    return f"<p class=MsoNormal style='text-align:justify'><span style='font-size:14.0pt'>{words}<o:p></o:p></span></p>"


def _p(text: str, align: str = "justify") -> str:
    return f"<p class=MsoNormal style='text-align:{align}'><span>{escape(text)}<o:p></o:p></span></p>"


def _item(number: str, text: str, font: str = "") -> str:
    """A paragraph of a Word list, its number printed as Word does."""
    gap = "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span>"
    label = f"<span style='mso-list:Ignore{font}'>{number}{gap}</span>"
    return f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>{label}</span><![endif]>{escape(text)}<o:p></o:p></p>"


def _frame(left: list[str], right: list[str], align: str = "center") -> str:
    cells = ("\n".join(_p(line, align) for line in side) for side in (left, right))
    tds = "".join(
        f"\n  <td width=300 valign=top style='border:none;padding:0cm 5.4pt'>\n{cell}\n  </td>" for cell in cells
    )
    return f"<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0>\n <tr>{tds}\n </tr>\n</table>"


def _grid(rows: list[list[str | tuple[str, str]]]) -> str:
    """A ruled table; a cell may be its text with the attributes of its tag."""
    lines = []
    for row in rows:
        cells = [cell if isinstance(cell, tuple) else (cell, "") for cell in row]
        lines.append(
            "".join(f"<td {more} style='border:solid windowtext 1.0pt'>{_p(text, 'left')}</td>" for text, more in cells)
        )
    body = "\n".join(f" <tr>{line}</tr>" for line in lines)
    return f"<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;border:none'>\n{body}\n</table>"


def school_plan() -> bytes:
    """so-gddt-2024-ke-hoach-31.htm: a page saved by Word, with lists, a table of merged cells, a deletion and a footer line."""
    parts = [
        _frame(
            ["UBND TỈNH BÌNH THUẬN", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Số: 31/KH-SGDĐT"],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "Bình Thuận, ngày 20 tháng 02 năm 2024",
            ],
        ),
        _p("KẾ HOẠCH", "center"),
        _p("Tổ chức phong trào thi đua “Lớp học hạnh phúc” năm 2024", "center"),
        _p(
            "Thực hiện Kế hoạch số 385/KH-UBND ngày 10 tháng 02 năm 2022 của Ủy ban nhân dân tỉnh Bình Thuận về phát động phong trào thi"
            " đua đẩy mạnh công tác cải cách hành chính nhà nước giai đoạn 2022 - 2025, Sở Giáo dục và Đào tạo ban hành Kế hoạch như sau:"
        ),
        _p("I. MỤC ĐÍCH, YÊU CẦU"),
        _item(
            "·",
            "Mỗi trường chọn việc nhỏ mà học sinh thấy ngay, không đặt thêm sổ sách cho giáo viên.",
            ";font-family:Symbol",
        ),
        _p("II. NHIỆM VỤ"),
        _item(
            "1.",
            "Phòng Chính trị, Tư tưởng chủ trì, phối hợp với Công đoàn ngành phát động phong trào trước ngày 15 tháng 3 năm 2024.",
        ),
        _item("2.", "Các phòng giáo dục và đào tạo chọn ít nhất 03 trường làm điểm, hoàn thành trong quý II năm 2024."),
        '<p class=MsoNormal>3. Văn phòng Sở tham mưu bố trí kinh phí<del cite="mailto:ai" datetime="2024-02-19"> từ nguồn xã hội'
        " hóa</del>, trình Giám đốc Sở trước ngày 30 tháng 3 năm 2024.<o:p></o:p></p>",
        _grid(
            [
                ["TT", "Nội dung", "Đơn vị chủ trì", "Thời gian"],
                ["1", ("Thăm lớp, dự giờ chéo", "rowspan=2"), "Phòng Giáo dục Trung học", "Tháng 4 năm 2024"],
                ["2", "Phòng Giáo dục Tiểu học và Mầm non", "Tháng 5 năm 2024"],
                ["3", "Bình chọn lớp điển hình", "Phòng Chính trị, Tư tưởng", "Trước ngày 30/5/2024"],
            ]
        ),
        _p("III. TỔ CHỨC THỰC HIỆN"),
        _p("Giao Phòng Chính trị, Tư tưởng theo dõi, đôn đốc, báo cáo Giám đốc Sở trước ngày 15 tháng 12 năm 2024./."),
        _frame(
            ["Nơi nhận:", "- UBND tỉnh (báo cáo);", "- Công đoàn ngành Giáo dục;", "- Lưu: VT, CTTT."],
            ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Thị Ví Dụ"],
            "left",
        ),
        _p(_SAMPLE, "center"),
    ]
    page = _HEAD.format(charset="windows-1252") + "\n\n".join(parts) + _TAIL
    return page.replace("\n", "\r\n").encode("cp1252", "xmlcharrefreplace")


_PORTAL = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Kế hoạch 66/KH-UBND - Cổng mẫu</title>
<style>.nav{{background:#eee}} .vb p{{text-align:justify}} .giua{{text-align:center}}</style>
<script>var demo = "KẾ HOẠCH số 99/KH-UBND";</script></head>
<body>
<header><div class="nav"><ul><li><a href="/">Trang chủ</a></li><li><a href="/gioi-thieu">Giới thiệu</a></li>
<li><a href="/van-ban">Văn bản</a></li><li><a href="/lien-he">Liên hệ</a></li></ul></div></header>
<div class="wrap">
<div class="cot-trai"><h3>Chuyên mục</h3><ul><li><a href="/1">Thi đua, khen thưởng</a></li><li><a href="/2">Cải cách hành chính</a></li>
<li><a href="/3">Lịch công tác</a></li></ul></div>
<div class="cot-giua">
<h1>Phát động thi đua “Tuyến phố không rác” năm 2024</h1>
<div class="vb">
<table width="100%"><tbody><tr><td class="giua"><p>ỦY BAN NHÂN DÂN<br>THÀNH PHỐ PHAN THIẾT</p><p>Số: 66/KH-UBND</p></td>
<td class="giua"><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</p><p>Phan Thiết, ngày 05 tháng 3 năm 2024</p></td></tr></tbody></table>
<p class="giua"><strong>KẾ HOẠCH</strong></p>
<p class="giua">Tổ chức phong trào thi đua “Tuyến phố không rác” năm 2024</p>
<p>Thực hiện <a href="/vb/385">Kế hoạch số 385/KH-UBND</a> ngày 10 tháng 02 năm 2022 của Ủy ban nhân dân tỉnh Bình Thuận, Ủy ban nhân dân thành
phố ban hành Kế hoạch như sau:</p>
<p>I. NHIỆM VỤ</p>
<ol><li>Phòng Nội vụ chủ trì, phối hợp với Phòng Quản lý đô thị phát động phong trào trước ngày 25 tháng 3 năm 2024.</li>
<li>Ủy ban nhân dân các phường, xã rà soát, chọn ít nhất 01 tuyến phố làm điểm trong tháng 4 năm 2024:
<ul><li>Tuyến phố có chợ được chọn trước;</li><li>Mỗi tuyến có một tổ tự quản.</li></ul></li></ol>
<p>II. TỔ CHỨC THỰC HIỆN</p>
<p>Giao Phòng Nội vụ theo dõi, tổng hợp, báo cáo Ủy ban nhân dân thành phố trước ngày 10 tháng 12 năm 2024./.</p>
<table width="100%"><tr><td><p>Nơi nhận:</p><p>- Sở Nội vụ;</p><p>- Ủy ban nhân dân các phường, xã;</p><p>- Lưu: VT, NV.</p></td>
<td><p>TM. ỦY BAN NHÂN DÂN</p><p>CHỦ TỊCH</p><p>Phạm Văn Mẫu</p></td></tr></table>
<p class="giua">{sample}</p>
</div>
<div class="share"><a href="#f">Chia sẻ</a> <a href="#i">In trang</a> <a href="#e">Gửi thư</a></div>
</div></div>
<footer><p>Cổng thông tin mẫu. Bản quyền: không ai cả. Ghi rõ nguồn khi dùng lại.</p></footer>
</body></html>
"""
_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016" xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
 <edXML:edXMLEnvelope>
  <edXML:edXMLHeader>
   <edXML:MessageHeader>
    <edXML:From><edXML:OrganId>000.00.00.MAU</edXML:OrganId><edXML:OrganName>Sở Nội vụ tỉnh Bình Thuận</edXML:OrganName></edXML:From>
    <edXML:To><edXML:OrganId>001.00.00.MAU</edXML:OrganId><edXML:OrganName>Ban Dân vận Tỉnh ủy Bình Thuận</edXML:OrganName></edXML:To>
    <edXML:Code><edXML:CodeNumber>513</edXML:CodeNumber><edXML:CodeNotation>SNV-TĐKT</edXML:CodeNotation></edXML:Code>
    <edXML:PromulgationInfo><edXML:Place>Bình Thuận</edXML:Place><edXML:PromulgationDate>2022/03/08</edXML:PromulgationDate></edXML:PromulgationInfo>
    <edXML:DocumentType><edXML:Type>18</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>
    <edXML:Subject>{subject}</edXML:Subject>
    <edXML:Content>{sample}</edXML:Content>
    <edXML:SignerInfo><edXML:Position>Giám đốc</edXML:Position><edXML:FullName>Đặng Thị Ví Dụ</edXML:FullName></edXML:SignerInfo>
    <edXML:DueDate>2022/03/31</edXML:DueDate>
    <edXML:ToPlaces><edXML:Place>Ban Dân vận Tỉnh ủy</edXML:Place></edXML:ToPlaces>
    <edXML:ResponseFor><edXML:OrganId>001.00.00.MAU</edXML:OrganId><edXML:Code>77-CV/BDVTU</edXML:Code></edXML:ResponseFor>
   </edXML:MessageHeader>
  </edXML:edXMLHeader>
  <edXML:edXMLBody><edXML:edXMLManifest><edXML:Reference><edXML:ContentId>cid:1</edXML:ContentId>
   <edXML:AttachmentName>cong-van.txt</edXML:AttachmentName></edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody>
 </edXML:edXMLEnvelope>
 <AttachmentEncoded><Attachment><ContentId>cid:1</ContentId><AttachmentName>cong-van.txt</AttachmentName>
  <edXML:ContentTransferEncoded>{attached}</edXML:ContentTransferEncoded></Attachment></AttachmentEncoded>
</edXML>
"""
_SUBJECT = "hướng dẫn đăng ký danh hiệu thi đua năm 2022"
_LETTER = f"""UBND TỈNH BÌNH THUẬN
SỞ NỘI VỤ
Số:        /SNV-TĐKT
V/v {_SUBJECT}

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bình Thuận, ngày      tháng 3 năm 2022

Kính gửi: Ban Dân vận Tỉnh ủy

Sở Nội vụ hướng dẫn đăng ký theo Kế hoạch số 385/KH-UBND ngày 10/02/2022 của Ủy ban nhân dân tỉnh như sau:

1. Đăng ký bằng danh sách của cơ quan, không cần hồ sơ từng người.

2. Đề nghị Ban Dân vận Tỉnh ủy gửi danh sách về Sở Nội vụ trước ngày 31/3/2022./.

Nơi nhận:
- Như trên;
- Lưu: VT, TĐKT.

GIÁM ĐỐC

{_SAMPLE}
"""


def letter_package() -> bytes:
    """so-noi-vu-2022-cong-van-513.edxml: number, day and signer stand in the envelope only, as a stamp would print them."""
    attached = base64.b64encode(_LETTER.encode()).decode()
    return _ENVELOPE.format(subject=_SUBJECT, sample=_SAMPLE, attached=attached).encode()


SAMPLES = {
    "so-gddt-2024-ke-hoach-31.htm": school_plan,
    "ubnd-phan-thiet-2024-ke-hoach-66.html": lambda: _PORTAL.format(sample=_SAMPLE).encode(),
    "so-noi-vu-2022-cong-van-513.edxml": letter_package,
}

if __name__ == "__main__":
    for given in map(Path, sys.argv[1:]):
        given.with_suffix(".htm").write_bytes(word_page(given.read_text("utf-8")))
    if len(sys.argv) == 1:
        for name, make in SAMPLES.items():
            (HERE / name).write_bytes(make())
