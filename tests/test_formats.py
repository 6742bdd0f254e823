"""The content decides what a file is; its ending only where the content leaves it open."""

from __future__ import annotations

import io
import zipfile

import pytest

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers import read_bytes
from thidua_kg.readers.formats import format_of


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64
PAGE = "<!DOCTYPE html><html><body><p>Kế hoạch</p></body></html>"
CASES = [
    ("a.txt", b"%PDF-1.7\n1 0 obj", "pdf"),
    ("a.pdf", b"\x00\x00junk\n%PDF-1.4\n1 0 obj", "pdf"),
    ("a.txt", b"Tep bat dau bang %PDF-1.4 la PDF.", "plain"),
    ("a.pdf", PAGE.encode(), "html"),
    ("a.doc", b"\xef\xbb\xbf" + PAGE.encode(), "html"),
    ("a.txt", PAGE.encode("utf-16"), "html"),
    ("a", PAGE.encode("utf-16-le"), "html"),
    ("a.txt", b"<!-- saved -->\n<?xml version='1.0'?>\n<HTML xmlns='x'>", "html"),
    ("a.txt", b"<table><tr><td>x</td></tr></table>", "html"),
    ("a.md", b"<div align=center>x</div>\n\n# KE HOACH", "markdown"),
    ("a.html", b"KE HOACH khong co the nao, 1 < 2", "plain"),
    ("a.htm", b"Ke hoach<br>nam 2022", "html"),
    ("a.txt", zipped("[Content_Types].xml", "word/document.xml"), "docx"),
    ("a.docx", zipped("mimetype", "META-INF/manifest.xml", "content.xml"), "odt"),
    ("a.docx", zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    ("a.docx", zipped("a.txt"), "zip"),
    ("a.docx", b"PK\x03\x04 truncated", "docx"),
    ("a.tmp", b"PK\x03\x04 truncated", "zip"),
    ("a.txt", OLE + "WordDocument".encode("utf-16-le"), "doc"),
    ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("a.doc", OLE + "Workbook".encode("utf-16-le"), "ole"),
    ("a.doc", b"{\\rtf1\\ansi", "rtf"),
    ("a.txt", b"\x89PNG\r\n\x1a\n", "image"),
    ("a.txt", b"\xff\xd8\xff\xe0", "image"),
    ("a.png", b"BM/HD-01: bieu mau", "plain"),
    ("a.xml", b"<?xml version='1.0'?><edXML xmlns='http://www.mic.gov.vn/TBT/QCVN_102_2016'>", "edxml"),
    ("a.xml", b"<?xml version='1.0'?><e:Envelope xmlns:e='x'><h:MessageHeader xmlns:h='edXML'>", "edxml"),
    ("a.doc", b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument>", "wordml"),
    ("a.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mhtml"),
    ("a.MD", "# KẾ HOẠCH".encode(), "markdown"),
    ("a.xyz", "KẾ HOẠCH".encode(), "plain"),
]


@pytest.mark.parametrize(("name", "data", "reader"), CASES, ids=lambda value: str(value)[:30])
def test_the_content_decides(name: str, data: bytes, reader: str) -> None:
    assert format_of(name, data).reader == reader


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped("xl/workbook.xml"), "Excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"Rar!\x1a\x07", "zip"),
        (b"", "rỗng"),
    ],
)
def test_what_is_not_read_is_named_with_a_remedy(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why) as caught:
        read_bytes("tep.txt", data)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_a_reader_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'pypdfium2'", name="pypdfium2")

    monkeypatch.setattr("thidua_kg.readers.plain.read", read)
    with pytest.raises(UnreadableSource, match="pip install"):
        read_bytes("a.txt", b"x")


def test_a_parser_that_fails_costs_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("thidua_kg.readers.plain.read", read)
    with pytest.raises(UnreadableSource, match="KeyError"):
        read_bytes("a.txt", b"x")
