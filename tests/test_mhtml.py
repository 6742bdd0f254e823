"""Pages saved as one file: the same text as the page itself, whoever saved it; other mail is no page."""

from __future__ import annotations

import quopri
from base64 import encodebytes

import pytest

from tests.conftest import CORPUS
from thidua_kg.errors import UnreadableSource
from thidua_kg.pipeline import parse
from thidua_kg.readers import read_bytes

PAGE = (CORPUS / "so-gddt-2024-ke-hoach-31.htm").read_bytes()


def saved(page: bytes, *, by: str = "word", charset: str = "", coding: str = "quoted-printable") -> bytes:
    """The page in one file, with a header page and a picture, as Word or a browser saves it."""
    body = quopri.encodestring(page) if coding == "quoted-printable" else encodebytes(page)
    said = f'; charset="{charset}"' if charset else ""
    start = {
        "word": "MIME-Version: 1.0\n",
        "blink": "From: <Saved by Blink>\nSnapshot-Content-Location: https://vidu.gov.vn/\nSubject: =?utf-8?Q?K?=\n"
        "Date: Mon, 4 Mar 2024 08:00:00 -0000\nMIME-Version: 1.0\n",
        "explorer": 'From: "Saved by Windows Internet Explorer 8"\nSubject: Ke hoach\nMIME-Version: 1.0\n',
    }[by]
    start += 'Content-Type: multipart/related;\n\ttype="text/html"; boundary="----=_P"; start="<trang@vidu>"\n\n'
    parts = [
        b"Content-Type: text/html\n\n<p>Trang 1</p>\n",
        f"Content-ID: <trang@vidu>\nContent-Type: text/html{said}\nContent-Transfer-Encoding: {coding}\n\n".encode()
        + body,
        b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n",
    ]
    return start.encode() + b"".join(b"------=_P\n" + part + b"\n" for part in parts) + b"------=_P--\n"


@pytest.mark.parametrize("by", ["word", "blink", "explorer"])
@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
def test_a_saved_page_reads_as_the_page(by: str, coding: str) -> None:
    own = read_bytes("x.htm", PAGE)
    found = read_bytes("x.doc", saved(PAGE, by=by, coding=coding).replace(b"\n", b"\r\n"))
    assert found.reader == "mhtml"
    assert found.text.value == own.text.value
    assert found.layout == own.layout


def test_the_set_that_its_part_names_counts() -> None:
    page = "<html><body><p>KẾ HOẠCH</p><p>Điều 1</p></body></html>".encode("utf-16-le")
    assert read_bytes("x.mht", saved("<p>Kế hoạch</p>".encode(), charset="utf-8")).encoding == "utf-8 (1.00)"
    assert "KẾ HOẠCH" in read_bytes("x.mht", saved(page, coding="base64")).text.value


def test_tasks_of_a_saved_page() -> None:
    own, found = parse(read_bytes("x.htm", PAGE)), parse(read_bytes("x.mht", saved(PAGE)))
    assert found.header == own.header
    assert [t.assignments for t in found.tasks] == [t.assignments for t in own.tasks]


def test_a_file_cut_off_is_read_as_far_as_it_goes_and_says_so() -> None:
    data = saved(PAGE, coding="base64")
    found = read_bytes("x.mht", data[: len(data) // 2])
    assert any("bị cắt cụt" in warning for warning in found.warnings)


def test_a_damaged_name_of_a_part_is_passed_over() -> None:
    data = saved(PAGE).replace(b"Content-ID: <trang@vidu>", b"Content-ID: <trang\xff@vidu>")
    assert read_bytes("x.mht", data).text.value.strip() == "Trang 1"  # the first page, as the one named is not there


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (saved(b""), "không có trang web nào"),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\nx",
            "không có trang",
        ),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + b"\n--x" * 5000, "quá 2000 phần"),
        (b"MIME-Version: 1.0\n" + b"Content-Type: multipart/related; boundary=x\n\n--x\n" * 3000, "quá 2000 phần"),
    ],
)
def test_what_holds_no_page_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why):
        read_bytes("x.mht", data)


def test_mail_and_texts_that_speak_of_it_are_no_saved_page() -> None:
    assert read_bytes("a.txt", b"MIME-Version: 1.0 la mot dong dau thu.\n").reader == "plain"
