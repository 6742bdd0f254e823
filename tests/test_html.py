"""Web pages: what a browser shows, Word's lists, tables, old fonts, and portals' pages without their menus."""

from __future__ import annotations

import quopri
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from corpus import make_html
from tests.conftest import CORPUS
from tests.test_encodings import PLAIN_SIGNS, to_cp1258, to_tcvn3, to_vni
from thidua_kg.errors import UnreadableSource
from thidua_kg.model import Document
from thidua_kg.pipeline import parse
from thidua_kg.readers import legacy, read_bytes
from thidua_kg.readers.html_page import page_of
from thidua_kg.readers.records import Extract

WORD = (
    '<html xmlns:o="o"><head><meta name=Generator content="Microsoft Word 15">{head}</head><body>{body}</body></html>'
)


def text_of(body: str, head: str = "") -> str:
    return read_bytes("a.htm", WORD.format(head=head, body=body).encode()).text.value


SHOWN = [
    ("<p>Kế\n  hoạch <b>thi</b>đua</p>", "Kế hoạch thiđua"),
    ("<p>a<br>b<br/> c</p>", "a\nb\nc"),
    ("<p>a</p><p> </p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
    ("<p>Số:&nbsp;&nbsp;&nbsp; /KH-UBND</p>", "Số:    /KH-UBND"),
    ("a<div>b<div>c</div>d</div>e", "a\n\nb\n\nc\n\nd\n\ne"),
    ("<pre>a\n  b</pre>", "a\nb"),
    ("<p>x<script>alert(1)</script><style>p{}</style>y</p>", "xy"),
    ("<p>m<sup>2</sup> &lt;b&gt; &amp;amp; &#7871; &#x1EBF; &unknown;</p>", "m2 <b> &amp; ế ế &unknown;"),
    ("<p>theo <q>Quy chế</q></p>", "theo “Quy chế”"),
    ("<p align=center>KẾ HOẠCH</p><p align=center>Thi đua</p><p>Căn cứ</p>", "KẾ HOẠCH\nThi đua\n\nCăn cứ"),
    ("<ol type=I start=3><li>Một</li><li value=9>Hai</ol>", "III. Một\n\nIX. Hai"),
    ("<ol type=a><li><p>Một</p><p>tiếp</p><li>Hai</ol>", "a. Một\n\ntiếp\n\nb. Hai"),
    ("<ol reversed><li>x<li>y</ol>", "2. x\n\n1. y"),
    ("<ul><li>Một<ul><li>Trong</ul><li>Hai</ul>", "- Một\n\n+ Trong\n\n- Hai"),
    ("<ol><li>1. Đã in số</li></ol>", "1. Đã in số"),
    ("<ul style='list-style:none'><li>Một</ul>", "Một"),
    (
        "<p style='mso-list:l0'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt"
        ' "Times New Roman"\'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Nội dung<o:p></o:p></p>',
        "1. Nội dung",
    ),
    (
        "<p><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt"
        ' "Times New Roman"\'>&nbsp; </span></span></span>Nội dung</p>',
        "• Nội dung",
    ),
    ("<p>Nơi nhận:<span style='mso-tab-count:2'>   </span>TM. BAN</p>", "Nơi nhận:    TM. BAN"),
    ("<p>còn<del cite='x'> bỏ</del><ins> thêm</ins></p>", "còn thêm"),
    ("<p>x<!--[if gte mso 9]><xml>ẩn</xml><![endif]--></p>", "x"),
    ("<p>x<span style='display:none'>ẩn</span></p>", "x"),
]


@pytest.mark.parametrize(("body", "text"), SHOWN)
def test_text_is_what_a_browser_shows(body: str, text: str) -> None:
    assert text_of(body) == text


def test_what_is_left_out_is_kept_apart() -> None:
    body = "<p>còn<del> bỏ đi</del></p><div style='mso-element:comment-list'><p>góp ý</p></div>"
    found = {(f.kind, f.text) for f in read_bytes("a.htm", WORD.format(head="", body=body).encode()).furniture}
    assert found == {("deleted", "bỏ đi"), ("comment", "góp ý")}


TABLES = [
    (
        "<table border=1><tr><th>TT<th>Nội dung<th>Chủ trì<tr><td>1<td rowspan=2>Rà soát<td>Sở Nội vụ<tr><td>2<td>Sở Y tế</table>",
        "| TT | Nội dung | Chủ trì |\n| 1 | Rà soát | Sở Nội vụ |\n| 2 |  | Sở Y tế |",
    ),
    (
        "<table border=1><tr><th>TT<th>Nội dung<th>Chủ trì<tr><td colspan=3>I. CHUNG<tr><td>1<td><p>a</p><p>b</p><td>c</table>",
        "| TT | Nội dung | Chủ trì |\n| I. CHUNG | | |\n| 1 | a b | c |",
    ),
    (
        "<table><tr><td><p>UBND TỈNH VÍ DỤ</p><p>Số: 12/KH-UBND</p><td><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p></table><p>x</p>",
        "UBND TỈNH VÍ DỤ\nSố: 12/KH-UBND\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nx",
    ),
    (
        "<table width=100%><tr><td><table><tr><td>menu</table><td><p>Thân bài</p><p>tiếp</p></table>",
        "menu\n\nThân bài\n\ntiếp",
    ),
]


@pytest.mark.parametrize(("body", "text"), TABLES)
def test_tables(body: str, text: str) -> None:
    assert text_of(body) == text


def test_every_block_knows_its_element() -> None:
    body = (
        "<div><p>Một</p><table border=1><tr><td>a<td>b<td>c<tr><td>d<td>e<td>f</table>"
        "<ol><li>Hai</ol><span><p>Ba</p></span>cuối</div>"
    )
    data = WORD.format(head="", body=body).encode()
    document = parse(read_bytes("a.htm", data))
    tree = page_of("a.htm", data).root.getroottree()
    for word in ("Một", "a", "e", "Hai", "Ba", "cuối"):
        at = document.text.index(word)
        (place,) = document.to_source((at, at + len(word)))
        (element,) = tree.xpath(place.element)
        assert word in "".join(element.itertext())


CHARSETS = [
    (b"<meta charset=utf-8>", "utf-8"),
    (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1258">', "cp1258"),
    (b"", "utf-8"),
    (b"", "utf-16"),
    (b"<meta charset=windows-1252>", "utf-8"),  # declares one and is the other
    (b"<meta charset=x-unknown>", "utf-8"),
]


@pytest.mark.parametrize(("meta", "encoding"), CHARSETS)
def test_the_character_set(meta: bytes, encoding: str) -> None:
    body = (
        "<html><head>"
        + meta.decode()
        + "</head><body><p>Việt Nam: "
        + "hoà bình, độc lập, thống nhất " * 3
        + "</p></body></html>"
    )
    data = to_cp1258(body) if encoding == "cp1258" else body.encode(encoding)
    source = read_bytes("a.html", data)
    assert source.text.value.startswith("Việt Nam: hoà bình, độc lập")
    assert source.encoding


PHRASE = "Kế hoạch tổ chức phong trào thi đua năm 2003 của Ủy ban nhân dân tỉnh"
OLD = [
    ("<p style='font-family:\".VnTime\"'>{tcvn3}</p>", PHRASE.replace("Ủy", "ủy")),
    ("<p><font face='.VnTimeH'>{tcvn3}</font></p>", PHRASE.upper()),
    ("<style>p.C {{font-family:VNI-Times;}}</style><p class=C>{vni}</p>", PHRASE),
    (
        "<div style='font-family:VNI-Times'><p>{vni} <span style='font-family:Arial'>São Paulo</span></p></div>",
        f"{PHRASE} São Paulo",
    ),
    ("<p>{tcvn3}</p><p>{tcvn3}</p>", "\n\n".join([PHRASE.replace("Ủy", "ủy")] * 2)),  # no font says so: the words do
]


@pytest.mark.parametrize(("body", "text"), OLD)
def test_old_fonts(body: str, text: str) -> None:
    surfaces = {"tcvn3": legacy.surface(to_tcvn3(PHRASE)), "vni": legacy.surface(to_vni(PHRASE))}
    page = f"<html><meta charset=windows-1252><body>{body.format(**surfaces)}</body></html>"
    assert read_bytes("a.htm", page.encode("cp1252")).text.value == text


def saved_as_one_file(page: bytes) -> bytes:
    """A page as Word saves it with all that belongs to it (MHTML)."""
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="=_x"\n\n--=_x\nContent-Type: text/html\n'
    return head + b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(page) + b"\n--=_x--\n"


def facts(document: Document) -> list[object]:
    """What a plan says, spans left aside: tasks with roles and times, citations with dates and relations, targets."""
    return [
        [
            (
                t.id,
                t.kind,
                [(a.unit, a.role, a.force, a.duty) for a in t.assignments],
                [(x.text, x.kind, x.edtf, x.rrule) for x in t.times],
            )
            for t in document.tasks
        ],
        [
            (c.canonical, c.type, c.date, c.issuer, c.relation, c.manner, c.holder, c.nested_in, c.entity)
            for c in document.citations
        ],
        [(t.kind, t.quantifier, t.value, t.unit) for t in document.targets],
        [(r.text, r.kind, r.purpose) for r in document.header.recipients],
        (document.header.type, document.header.issuer, document.header.date_not_before),
        document.header.signer and (document.header.signer.position, document.header.signer.name),
    ]


def test_a_plan_says_the_same_as_page_text_and_markdown() -> None:
    markdown = (CORPUS / "bdvtu-2022-ke-hoach-thi-dua.md").read_text("utf-8")
    plain_text = (
        re.sub(r"\*{1,2}(\S(?:[^*]*?\S)?)\*{1,2}", r"\1", markdown).replace("* ", "- ", 1).replace("\n* ", "\n- ")
    )
    wanted = facts(parse(read_bytes("a.md", markdown.encode())))
    for name, data in (
        ("a.htm", make_html.word_page(markdown)),
        ("a.mht", saved_as_one_file(make_html.word_page(markdown))),
        ("a.txt", plain_text.encode()),
        ("b.txt", to_cp1258(plain_text.translate(PLAIN_SIGNS))),
    ):
        found = facts(parse(read_bytes(name, data)))
        for ours, theirs in zip(found, wanted, strict=True):
            assert ours == theirs, name


@pytest.mark.parametrize("name", make_html.SAMPLES)
def test_the_samples_are_what_their_script_writes(name: str) -> None:
    assert (CORPUS / name).read_bytes() == make_html.SAMPLES[name]()


PORTAL = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Cổng</title></head><body>
<div id="top"><ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li><li><a href="/vb">Văn bản</a></li></ul></div>
<div class="breadcrumb"><a href="/">Trang chủ</a> » <a href="/vb">Văn bản</a></div>
<div class="page"><div class="left"><h3>Chuyên mục</h3><ul><li><a href="/1">Chỉ đạo</a><li><a href="/2">Lịch họp</a><li><a href="/3">Hỏi đáp</a></ul></div>
<div class="detail"><h1>Kế hoạch thi đua năm 2026</h1>
<div class="content">{body}</div>
<div class="share-links"><a href="#f">Facebook</a> <a href="#z">Zalo</a></div></div></div>
<footer><p>Bản quyền thuộc Ủy ban nhân dân tỉnh Ví Dụ. Địa chỉ: số 1, đường Mẫu, phường Ví Dụ. Điện thoại: 0123.456.789</p></footer>
</body></html>"""
DOCUMENT = """<table><tr><td><p>UBND TỈNH VÍ DỤ</p><p>Số: 12/KH-UBND</p></td><td><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>
<p>Độc lập - Tự do - Hạnh phúc</p><p>Ví Dụ, ngày 05 tháng 02 năm 2026</p></td></tr></table>
<p align="center"><b>KẾ HOẠCH</b></p><p align="center">Tổ chức phong trào thi đua năm 2026</p>
<p>Căn cứ <a href="/luat">Luật Thi đua, khen thưởng</a> ngày 15 tháng 6 năm 2022;</p>
<p>1. Sở Nội vụ chủ trì, phối hợp với các sở, ban, ngành tham mưu tổ chức phát động phong trào thi đua trước ngày 15/3/2026.</p>
<p>Ngắn.</p>
<table><tr><td><p>Nơi nhận:</p><p>- Như trên;</p><p>- Lưu: VT.</p></td><td><p>TM. ỦY BAN NHÂN DÂN</p><p>CHỦ TỊCH</p><p>Trần Văn Mẫu</p></td></tr></table>"""


def portal(body: str = DOCUMENT) -> Extract:
    from thidua_kg.readers.html import read

    return read("a.html", PORTAL.format(body=body).encode())


def test_a_portals_menus_are_no_part_of_the_document() -> None:
    found = portal()
    assert found.text.startswith("UBND TỈNH VÍ DỤ")
    assert found.text.endswith("Trần Văn Mẫu")
    assert "Ngắn." in found.text
    apart = " ".join(f.text for f in found.furniture if f.kind == "navigation")
    for words in ("Trang chủ", "Hỏi đáp", "Bản quyền", "Zalo"):
        assert words in apart
        assert words not in found.text
    header = parse(read_bytes("a.html", PORTAL.format(body=DOCUMENT).encode())).header
    assert (header.symbol, header.date, header.issuer) == ("12/KH-UBND", "2026-02-05", "Ủy ban nhân dân tỉnh Ví Dụ")
    assert header.signer is not None
    assert header.signer.name == "Trần Văn Mẫu"


def test_a_page_of_which_nothing_is_known_is_kept_whole() -> None:
    page = b"<html><body><div class=menu>a</div><div>b</div><footer>c</footer></body></html>"
    assert set("abc") <= set(
        read_bytes("a.html", page).text.value + " ".join(f.text for f in read_bytes("a.html", page).furniture)
    )


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td rowspan=9 colspan=70>", "</table>", "<ul><li>", "<b>", "</b>", "<br>", "<span>", "chữ ", "số 5 ", "&nbsp;", "<!--", "-->", "<ol start=x>", "</ol>"]), max_size=40))  # fmt: skip
def test_no_word_is_lost_whatever_the_tags(parts: list[str]) -> None:
    data = ("<html><meta name=generator content=Word><body>x " + "".join(parts) + "</body></html>").encode()
    source = read_bytes("a.html", data)
    shown = "".join("".join(page_of("a.html", data).root.find("body").itertext()).split())
    kept = "".join(source.text.value.replace("|", "").split())
    for mark in "-+;1234567890.":
        kept, shown = kept.replace(mark, ""), shown.replace(mark, "")
    assert sorted(kept) == sorted(shown)


DEEP = 2000


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>" + b"<div>" * DEEP + b"day</body></html>",
        b"<html><body>" + b"<table><tr><td>" * (DEEP // 3) + b"day</body></html>",
        b"<html><body><span>" + b"<b><i>" * (DEEP // 2) + b"day",
        b"<html><body>" + b"<div class=menu>" * 500 + b"<p>day</p>" + b"<p>KT. A</p>" * 100 + b"</body></html>",
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><body>day &b;</body></html>',
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>day &x;</body></html>',
        b"<html><body><table><tr><td rowspan=99999999 colspan=99999999>day</table></body></html>",
    ],
)
def test_hostile_pages_cost_nothing_but_themselves(data: bytes) -> None:
    text = read_bytes("a.html", data).text.value
    assert "day" in text
    assert "root:" not in text
    assert len(text) < 5000


def test_a_page_nested_beyond_measure_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="lồng"):
        read_bytes("a.html", b"<html><body>" + b"<div>" * 50_000 + b"day</body></html>")


TRUTH = {  # read by eye in a browser: type, symbol, date, place, issuer, signer, recipients
    "bau-cu-18-11-kh-thuc-hien": (
        "Kế hoạch",
        "16/KH-MTTQ-BTT",
        "2025-11-18",
        "Lương Minh",
        "xã Lương Minh",
        "Lan Thị Vân",
        10,
    ),
    "bau-cu-25-11-kh-thuc-hien": ("Kế hoạch", None, "2025-11-25", "Lương Minh", "xã Lương Minh", "Lan Thị Vân", 10),
    "bau-cu-ke-hoach-kiem-tra": (
        "Kế hoạch",
        None,
        "2025-11",
        "Bắc Cam Ranh",
        "phường Bắc Cam Ranh",
        "Phạm Thị Thúy",
        7,
    ),
    "bau-cu-ke-hoach-tiep-cong": ("Kế hoạch", None, "2025-12-10", "Lương Minh", "xã Lương Minh", "Lan Thị Vân", 10),
    "bau-cu-ke-hoach-to-chuc": ("Kế hoạch", None, "2026-01", "Lương Minh", "xã Lương Minh", "Lan Thị Vân", 7),
    "bau-cu-kh-kiem-tra-giam-sat": ("Kế hoạch", None, "2025-12-10", "Lương Minh", "xã Lương Minh", "Lan Thị Vân", 10),
    "bau-cu-kh-tieu-ban": ("Kế hoạch", "01/KH-TBTTKT", "2025-12-10", "Phố Bảng", "xã Phố Bảng", "Nguyễn Văn Hoàn", 4),
    "bau-cu-qd-thanh-lap": ("Quyết định", None, "2026-01-12", "Lương Minh", "xã Lương Minh", "Lan Thị Vân", 7),
}
COMMITTEE = "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam "


@pytest.mark.parametrize("start", TRUTH)
def test_the_saved_plans(shared: Path, start: str) -> None:
    (path,) = (shared / "corpus" / "files").glob(f"{start}*.htm")
    header = parse(path).header
    kind, symbol, date, place, unit, signer, recipients = TRUTH[start]
    assert (header.type, header.symbol, header.date, header.place) == (kind, symbol, date, place)
    body = "Tiểu ban Thông tin, Tuyên truyền, Khánh tiết Ủy ban bầu cử " if place == "Phố Bảng" else COMMITTEE
    assert header.issuer == body + unit
    assert header.signer is not None
    assert header.signer.name == signer
    assert len(header.recipients) == recipients
    assert header.title
    assert "BAN THƯỜNG TRỰC" not in header.title


def test_the_saved_plans_lead_back_to_their_elements(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "files").glob("*.htm")):
        data = path.read_bytes()
        document = parse(read_bytes(path.name, data))
        tree = page_of(path.name, data).root.getroottree()
        find = etree.XPathEvaluator(tree)
        for citation in document.citations[::5]:
            places = document.to_source(citation.span)
            shown = " ".join(" ".join("".join(e.itertext()) for e in find(p.element)) for p in places)
            words = " ".join(shown.replace("\u00a0", " ").split())
            assert " ".join(citation.text.split()) in words
