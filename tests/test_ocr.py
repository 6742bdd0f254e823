"""Scans: pages without text are recognised, with places and confidence; the real signed files against what the eye reads."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pytest

from tests.conftest import CORPUS, ROOT
from thidua_kg.errors import UnreadableSource
from thidua_kg.identity import read_symbol
from thidua_kg.model import Document
from thidua_kg.pipeline import parse
from thidua_kg.readers import ocr, read_bytes
from thidua_kg.readers.bitmap import Image, resolution
from thidua_kg.readers.page import Word, surer
from thidua_kg.readers.seal import seal_of, without_seal
from thidua_kg.readers.under_seal import name_of

sys.path.insert(0, str(ROOT / "corpus"))
import make_pdf  # type: ignore[import-not-found]

NEEDS = pytest.mark.skipif(
    bool(ocr.missing()), reason="needs tesseract with Vietnamese: apt-get install tesseract-ocr tesseract-ocr-vie"
)
NEEDS_FONTS = pytest.mark.skipif(not make_pdf.fonts(), reason="needs DejaVu Serif (Debian: fonts-dejavu-core)")
MIXED = CORPUS / "ubnd-bac-binh-2022-thong-bao-92.pdf"


def picture(dots: int = 200, **look: Any) -> Any:
    """The first page of the sample notice as a Pillow image."""
    page = pypdfium2.PdfDocument(MIXED.read_bytes())[0]
    return page.render(scale=dots / 72, grayscale=True, **look).to_pil()


def saved(image: Any, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


# --- our own scans


@NEEDS
def test_only_the_page_without_text_is_recognised() -> None:
    document = parse(MIXED)
    of_page = {place.page: place.confidence for place in (segment.place for segment in document.layout)}
    assert of_page[1] is None
    assert of_page[2] is not None
    assert "| 2 | Xã Hồng Thái | 93 | 93 | Dẫn đầu khối xã |" in document.text
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("1 trang là bản quét, chữ do máy nhận dạng")


@NEEDS
@NEEDS_FONTS
def test_a_scan_says_what_its_pdf_says() -> None:
    data = make_pdf.pdf_of(make_pdf.NOTICE)
    texted, scanned = (parse(read_bytes("x.pdf", pdf)) for pdf in (data, make_pdf.image_only(data)))
    for name in ("canonical", "type", "issuer", "place", "date", "title"):
        assert getattr(scanned.header, name) == getattr(texted.header, name), name
    assert scanned.header.signer
    assert texted.header.signer
    assert scanned.header.signer.name == texted.header.signer.name
    assert [t.number for t in scanned.tasks] == [t.number for t in texted.tasks]
    assert [c.canonical for c in scanned.citations] == [c.canonical for c in texted.citations]


@NEEDS
@NEEDS_FONTS
def test_recognised_words_lie_where_they_are_printed() -> None:
    data = make_pdf.pdf_of(make_pdf.NOTICE)
    texted, scanned = (parse(read_bytes("x.pdf", pdf)) for pdf in (data, make_pdf.image_only(data)))
    for words in ("92/TB-UBND", "Hạnh", "niêm"):
        boxes = []
        for document in (texted, scanned):
            at = document.text.index(words)
            boxes.append(document.to_source((at, at + len(words)))[0].box or (0, 0, 0, 0))
        assert all(abs(one - other) < 6 for one, other in zip(*boxes, strict=True)), (words, boxes)


@NEEDS
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_images_are_read(kind: str) -> None:
    found = read_bytes(f"x.{kind.lower()}", saved(picture(), kind, dpi=(200, 200)))
    assert "92/TB-UBND" in found.text.value
    assert found.reader == "image"
    assert {segment.place.page for segment in found.layout} == {1}


@NEEDS
def test_each_page_of_a_tiff_is_read_and_the_content_decides_the_format() -> None:
    data = saved(picture(), "TIFF", save_all=True, append_images=[picture()], dpi=(200, 200))
    found = read_bytes("x.doc", data)
    assert found.text.value.count("92/TB-UBND") == 2
    assert {segment.place.page for segment in found.layout} == {1, 2}


@NEEDS
def test_a_page_that_lies_on_its_side_is_turned() -> None:
    found = read_bytes("x.png", saved(picture().rotate(90, expand=True), "PNG", dpi=(200, 200)))
    assert "92/TB-UBND" in found.text.value
    left, top, right, bottom = next(
        s.place.box or (0, 0, 0, 0) for s in found.layout if found.text.value.startswith("92/TB-UBND", s.start)
    )
    assert bottom - top > right - left  # it stands upright on the page as it was scanned


@NEEDS
def test_a_red_mark_of_secrecy_is_seen() -> None:
    """Red ink is black in what is recognised: the mark must not fade with the seals."""
    from PIL import Image as pillow
    from PIL import ImageDraw, ImageFont

    page = picture().convert("RGB")
    make = ImageDraw.Draw(page)
    font = next(
        (p for folder in make_pdf._FONTS if folder.is_dir() for p in folder.rglob("DejaVuSerif-Bold.ttf")), None
    )
    if font is None:
        pytest.skip("needs DejaVu Serif (Debian: fonts-dejavu-core)")
    make.rectangle((250, 60, 400, 130), outline=(220, 30, 40), width=4)
    make.text((285, 72), "MẬT", fill=(220, 30, 40), font=ImageFont.truetype(str(font), 40))
    assert isinstance(page, pillow.Image)
    document = parse(read_bytes("x.png", saved(page, "PNG", dpi=(200, 200))))
    assert "MẬT" in document.text


@NEEDS
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (saved(picture(), "PNG")[:4000], "hỏng hoặc bị cắt cụt"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "hỏng hoặc bị cắt cụt"),
        (b"\xff\xd8\xff\xe0" + b"junk" * 10, "hỏng hoặc bị cắt cụt"),
    ],
)
def test_a_broken_image_is_one_clear_line(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why):
        read_bytes("x.png", data)


@NEEDS
def test_an_image_bomb_is_refused_before_it_is_unpacked() -> None:
    from PIL import Image as pillow

    bomb = saved(pillow.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableSource, match="quá mức"):
        read_bytes("x.png", bomb)


def test_without_the_program_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_program", lambda: None)
    for system, words in (("linux", "apt-get install"), ("win32", "Windows"), ("darwin", "brew install")):
        monkeypatch.setattr(sys, "platform", system)
        assert words in (ocr.missing() or "")


@NEEDS
def test_a_page_that_takes_too_long_is_named_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.run

    def slow(command: list[str], **more: Any) -> Any:
        if "tsv" in command:
            raise subprocess.TimeoutExpired(command, 1)
        return real(command, **more)

    monkeypatch.setattr(subprocess, "run", slow)
    found = read_bytes("x.pdf", MIXED.read_bytes())
    assert "92/TB-UBND" in found.text.value
    assert found.warnings == ("trang 2: không nhận dạng được (quá 120 giây hoặc ảnh hỏng)",)


@NEEDS
def test_recognition_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    read_bytes("x.pdf", MIXED.read_bytes())
    assert list(tmp_path.iterdir()) == []


# --- pictures


def test_a_picture_is_turned_and_cropped() -> None:
    image = Image(bytes(range(6)), 3, 2, 300.0)
    assert image.turned(1).pixels == bytes((3, 0, 4, 1, 5, 2))
    assert (image.turned(1).width, image.turned(1).height) == (2, 3)
    assert image.turned(1).turned(3) == image.turned(2).turned(2) == image
    assert image.cropped(1, 0, 3, 2).pixels == bytes((1, 2, 4, 5))


def test_thin_lines_go_and_bold_type_stays() -> None:
    width = 12
    rows = [bytearray(b"\xff" * width) for _ in range(8)]
    for y in range(2, 6):
        rows[y][6:10] = bytes(4)  # a bold stroke
    for y in range(8):
        rows[y][2] = 0  # a thin line
    found = Image(b"".join(rows), width, 8, 300.0).bolder(3).pixels
    assert [found[y * width + 2] for y in range(8)] == [255] * 8
    assert [found[4 * width + x] for x in range(5, 11)] == [255, 0, 0, 0, 0, 255]


def test_strokes_step_with_a_page_that_lies_askew() -> None:
    width, height = 600, 40
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for y, (start, end) in enumerate(((10, 200), (195, 400), (396, 590)), start=10):
        rows[y][start:end] = bytes(end - start)
    assert Image(b"".join(rows), width, height, 300.0).strokes() == [(10, 11, 590, 12)]


def test_red_ink_fades_in_one_channel_only() -> None:
    red, black = (220, 30, 40), (10, 10, 10)
    image = Image.of_rows(bytes((*red, *black, 0, 0)), (2, 1), 8, 3, 300.0)
    assert (list(image.pixels), list(image.red)) == ([30, 10], [220, 10])
    assert not Image.of_rows(bytes((5, 5, 5, 9, 9, 9)), (2, 1), 6, 3, 300.0).coloured


def test_a_second_look_sees_neither_red_nor_blue_ink() -> None:
    red, blue, black = (220, 30, 40), (30, 60, 200), (10, 10, 10)
    image = Image.of_rows(bytes((*red, *blue, *black)), (3, 1), 9, 3, 300.0)
    assert list(image.pixels) == [30, 60, 10]
    assert list(image.cropped(0, 0, 3, 1).pixels) == [220, 200, 10]


def test_a_smaller_picture_keeps_two_rows_and_columns_of_three() -> None:
    image = Image(bytes(range(36)), 6, 6, 300.0).smaller()
    assert (image.width, image.height, image.dots) == (4, 4, 200.0)
    assert list(image.pixels[:8]) == [0, 1, 3, 4, 6, 7, 9, 10]


def test_the_bmp_is_one_that_others_read() -> None:
    pillow = pytest.importorskip("PIL.Image")
    image = Image(bytes(range(15)), 5, 3, 300.0)
    opened = pillow.open(io.BytesIO(image.bmp()))
    assert opened.size == (5, 3)
    assert opened.convert("L").tobytes() == image.pixels


def test_a_huge_page_is_drawn_at_fewer_dots() -> None:
    assert resolution(595, 842) == 300
    for width, height in ((14_400, 14_400), (2e7, 10), (1e9, 1e9)):
        dots = resolution(width, height)
        assert 0 < width / 72 * dots <= 10_001
        assert width / 72 * dots * height / 72 * dots <= 40_000_001


def test_a_surer_second_look_replaces_the_first() -> None:
    first = [Word("ran", 10, 0, 40, 12, 0.4), Word("Sơn", 80, 0, 110, 12, 0.96)]
    second = [Word("Trần", 4, 0, 40, 12, 0.9), Word("S0n", 80, 0, 110, 12, 0.5), Word("Văn", 45, 0, 75, 12, 0.9)]
    assert {w.text for w in surer(first, second)} == {"Trần", "Văn", "Sơn"}


# --- under a seal


def sealed(
    name: str, ink: tuple[int, int, int] = (0, 0, 0), pen: tuple[int, int, int] = (0, 0, 0), *, seal: bool = True
) -> Any:
    """A page at 200 dots an inch whose signature has a round seal over its left third, as NĐ 30/2020/NĐ-CP has it."""
    from PIL import Image as pillow
    from PIL import ImageDraw, ImageFont

    path = next(
        (p for folder in make_pdf._FONTS if folder.is_dir() for p in folder.rglob("DejaVuSerif-Bold.ttf")), None
    )
    if path is None:
        pytest.skip("needs DejaVu Serif (Debian: fonts-dejavu-core)")
    bold, plain = ImageFont.truetype(str(path), 38), ImageFont.truetype(str(path).replace("-Bold", ""), 32)
    page = pillow.new("RGB", (1654, 2339), "white")
    make = ImageDraw.Draw(page)
    for number, words in enumerate(("Nơi nhận:", "- Như trên;", "- Sở Nội vụ;", "- Lưu: VT.")):
        make.text((160, 1200 + 50 * number), words, "black", plain)
    for number, words in ((0, "KT. CHỦ TỊCH"), (1, "PHÓ CHỦ TỊCH"), (5.4, name)):
        make.text((1150, 1180 + 56 * number), words, "black", bold, anchor="ma")
    if not seal:
        return page
    x, y = 1000, 1360
    for radius, width in ((145, 4), (137, 2), (100, 2)):
        make.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink, width=width)
    make.regular_polygon((x, y, 60), 5, fill=ink)
    make.regular_polygon((x, y + 118, 12), 5, fill=ink)
    make.line((1000, 1400, 1100, 1330, 1150, 1420, 1300, 1380), fill=pen, width=4)
    return page


@NEEDS
@pytest.mark.parametrize("name", ["Nguyễn Thị Lụa", "Trần Văn Mẫu"])
def test_a_name_below_a_seal_is_read(name: str) -> None:
    document = parse(read_bytes("x.png", saved(sealed(name).convert("1"), "PNG", dpi=(200, 200))))
    assert document.header.signer
    assert document.header.signer.name == name
    at = document.text.index(name)
    box = document.to_source((at, at + len(name)))[0].box or (0, 0, 0, 0)
    assert 0.36 * 840 < box[0] < 0.36 * 1654
    assert abs(box[3] - 0.36 * 1520) < 8


@NEEDS
@pytest.mark.parametrize("name", ["Phan Thị Bưởi", "Đinh Văn Vinh", "Cao Kim Phúc", "Huỳnh Văn Mai"])
def test_a_name_in_doubt_is_left_out_and_said_so(name: str) -> None:
    """These the font of the tests makes hard to read: read whole or not at all, never a part or another name."""
    document = parse(read_bytes("x.png", saved(sealed(name).convert("1"), "PNG", dpi=(200, 200))))
    signer = document.header.signer
    assert (signer and signer.name) in (name, None)
    assert signer or any("tên người ký bị con dấu che" in warning for warning in document.warnings)


@NEEDS
def test_a_name_below_a_red_seal_and_a_blue_signature_is_read() -> None:
    page = sealed("Võ Thị Mùi", (200, 30, 40), (40, 60, 190))
    document = parse(read_bytes("x.png", saved(page, "PNG", dpi=(200, 200))))
    assert document.header.signer
    assert document.header.signer.name == "Võ Thị Mùi"


def bits(page: Any) -> Image:
    grey = page.convert("1").convert("L")
    return Image(grey.tobytes(), *grey.size, 200.0)


def test_a_seal_is_found_by_its_ring_and_taken_away() -> None:
    pytest.importorskip("PIL.Image")
    page = bits(sealed("Nguyễn Thị Lụa"))
    seal = seal_of(page)
    assert seal is not None
    assert abs(seal.x - 1000) < 4
    assert abs(seal.y - 1360) < 4
    assert 130 < seal.radius < 150
    clean = without_seal(page, seal)
    ring = [(round(1000 + 143 * math.cos(a / 50)), round(1360 + 143 * math.sin(a / 50))) for a in range(314)]
    inked = [sum(image.pixels[y * image.width + x] < 140 for x, y in ring) for image in (page, clean)]
    assert inked[0] > 290
    assert inked[1] < 90
    printed = bits(sealed("Nguyễn Thị Lụa", seal=False)).pixels
    letters = [at for at, grey in enumerate(printed) if grey < 140 and at // page.width > 1450]
    assert sum(clean.pixels[at] < 140 for at in letters) > 0.95 * len(letters)  # the name stays, ring or not


def test_a_page_without_a_ring_has_no_seal() -> None:
    pytest.importorskip("PIL.Image")
    page = picture(200).convert("RGB")
    assert seal_of(bits(page)) is None
    assert seal_of(Image(bytes(1000), 100, 10, 300.0)) is None
    hatched = b"".join((b"\0" if y % 5 == 0 else b"\xff") * 600 for y in range(600))
    assert seal_of(Image(hatched, 600, 600, 200.0)) is None


@pytest.mark.parametrize(
    ("readings", "name"),
    [
        (["Nguyễn/9 Thị/9 Lụa/9", "Nguyễn/8 Thị/9 Lụa/9", "x/1 Nguyễn/9 Thị/8 Lụa/9"], "Nguyễn Thị Lụa"),
        (["“Ñguyễn/1 Sỹ/9 An/9", "guyễn/4 Sỹ/9 An/9", "_Nuuyễn/0 Sỹ/8 An/9"], "Nguyễn Sỹ An"),
        (["ssTtần/0 Hồng/8 An/9", "TYần/0 Hồng/8 An/9", "lrần/0 Hồng/8 An/9", "Vận/1 Hồng/9 An/9"], "Trần Hồng An"),
        (["Trần/9 Lựu/1 Ba/9", "Trần/9 Lưu/2 Ba/9", "Trần/9 Eưế/3 Ba/9"], None),  # the middle is in doubt
        (["Xrý/1 Sỹ/9 An/9", "Mm/1 Sỹ/9 An/9", "Kz/1 Sỹ/9 An/9"], None),  # no family name is near
        (["Đâng/1 Văn/9 Ba/9", "Đẳng/1 Văn/9 Ba/9", "Dương/2 Văn/9 Ba/9"], None),  # two are
        (["Ttần/0 Ba/9", "TYần/0 Ba/9", "lrần/0 Ba/9", "Hoảng/1 Ba/9", "Hoanq/1 Ba/9"], None),  # so far apart
        (["hủ,/9 Phan/9 An/9 Ba/9", "hủ,/9 Phan/9 An/9 Ba/9", "hủ,/8 Phan/9 An/9 Ba/9"], "Phan An Ba"),
        (["(ao/1 Kim/9 Ba/9", "Ca0/1 Kim/9 Ba/9", "“ao/1 Kim/9 Ba/9"], None),  # Kim may be a middle name
        (["Kim/9 Ba/9", "Kim/9 Ba/9", "Kim/9 Ba/9"], "Kim Ba"),
        (["Kính/9 gửi/9", "Kính/9 gửi/9", "Kính/9 gửi/9"], None),
        ([], None),
    ],
)
def test_what_most_looks_agree_on_is_read(readings: list[str], name: str | None) -> None:
    looks = [[(word.split("/")[0], int(word.split("/")[1]) / 10) for word in reading.split()] for reading in readings]
    found = name_of(looks)
    assert (" ".join(found.words) if found else None) == name


# --- the real signed files


class Truth(NamedTuple):
    """What the eye reads on a file's pages; `unread` names what recognition cannot: written by hand, or below a stamp or seal."""

    symbol: str
    type: str
    issuer: str
    date: str
    signer: str
    unread: tuple[str, ...] = ()


# All ten are scans in black and white, signed by the portal that published them. The number and the day of the first and
# the ninth are written by hand (of the first the number is read all the same); the border of a stamp of incoming mail
# runs through the number of the second; every name is partly below a seal, of the last two two of its words.
TRUTH = {
    "06-bct": Truth("06/2024/TT-BCT", "Thông tư", "Bộ Công Thương", "2024-04-04", "Nguyễn Sinh Nhật Tân", ("date",)),
    "153-tb-vpcp": Truth("153/TB-VPCP", "Thông báo", "Văn phòng Chính phủ", "2024-04-10", "Nguyễn Sỹ Hiệp", ("symbol",)),
    "163-tb-vpcp": Truth("163/TB-VPCP", "Thông báo", "Văn phòng Chính phủ", "2024-04-15", "Nguyễn Sỹ Hiệp"),
    "188-vpcp": Truth("188/QĐ-VPCP", "Quyết định", "Văn phòng Chính phủ", "2024-04-11", "Trần Văn Sơn"),
    "2450-kgvx": Truth("2450/VPCP-KGVX", "Công văn", "Văn phòng Chính phủ", "2024-04-12", "Nguyễn Sỹ Hiệp"),
    "2470-qhdp": Truth("2470/VPCP-QHĐP", "Công văn", "Văn phòng Chính phủ", "2024-04-15", "Nguyễn Sỹ Hiệp"),
    "255-nn": Truth("225/TTg-NN", "Công văn", "Thủ tướng Chính phủ", "2024-04-05", "Trần Hồng Hà"),
    "28-pt": Truth("28/2023/QĐ-UBND", "Quyết định", "Ủy ban nhân dân tỉnh Phú Thọ", "2023-12-21", "Phan Trọng Tấn"),
    "288-ttg": Truth("288/QĐ-TTg", "Quyết định", "Thủ tướng Chính phủ", "2024-04-08", "Trần Lưu Quang", ("symbol", "date", "signer")),
    "299-ttg": Truth("299/QĐ-TTg", "Quyết định", "Thủ tướng Chính phủ", "2024-04-10", "Trần Lưu Quang", ("signer",)),
}  # fmt: skip


@pytest.fixture(scope="module", params=TRUTH)
def signed(request: pytest.FixtureRequest, shared: Path) -> tuple[Truth, Document]:
    """A real signed file, parsed once; its name is no evidence: "255-nn" prints number 225."""
    if ocr.missing():
        pytest.skip("needs tesseract with Vietnamese: apt-get install tesseract-ocr tesseract-ocr-vie")
    return TRUTH[request.param], parse(shared / "corpus" / "files" / f"{request.param}.signed.pdf")


def test_what_a_signed_file_prints(signed: tuple[Truth, Document]) -> None:
    truth, document = signed
    header = document.header
    found = {
        "symbol": header.canonical,
        "type": header.type,
        "issuer": header.issuer,
        "date": header.date,
        "signer": header.signer and header.signer.name,
    }
    wanted = truth._asdict()
    assert {k: v for k, v in found.items() if k not in truth.unread} == {
        k: wanted[k] for k in found if k not in truth.unread
    }
    printed = read_symbol(truth.symbol)
    assert printed is not None
    assert printed.canonical == truth.symbol


def test_the_signature_field_of_a_signed_file_is_no_text(signed: tuple[Truth, Document]) -> None:
    _, document = signed
    stamps = [f for f in document.furniture if f.kind == "stamp" and f.text.startswith("Người ký:")]
    assert len(stamps) == 1
    assert stamps[0].place.page == 1
    assert stamps[0].place.box is not None
    assert "Người ký:" not in document.text


def test_places_of_a_signed_file_lie_on_its_pages(signed: tuple[Truth, Document]) -> None:
    _, document = signed
    assert document.layout
    for segment in document.layout:
        left, top, right, bottom = segment.place.box or (-1, -1, -1, -1)
        assert -1 <= left < right < 860
        assert -20 <= top < bottom < 860
        assert 0 <= (segment.place.confidence or 0) <= 1
