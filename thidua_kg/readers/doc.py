"""Word 6 to 2003 files (DOC): through LibreOffice where it is installed, else the words of the binary file itself."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.model import Furniture, Place
from thidua_kg.readers import docx, office, word6, word97
from thidua_kg.readers.flow import Cell, Flow, Paragraph, Table, render
from thidua_kg.readers.records import Extract

LOST = (
    "đọc không qua LibreOffice: số tự động có thể đã mất, chữ đã xóa có thể còn; "
    "hãy cài LibreOffice hoặc lưu tệp thành .docx để đọc đúng"
)
_OTHERS = {"Workbook": "bảng tính Excel", "Book": "bảng tính Excel", "PowerPoint Document": "trình chiếu PowerPoint"}
_LARGEST = 128 * 1024 * 1024


def read(name: str, data: bytes) -> Extract:
    """The text of a DOC; `UnreadableSource` where it is damaged, has a password, or is no Word file.

    Places are those of the DOCX that LibreOffice makes of it, or the like ("body/p[12]") without it.
    """
    streams = _streams(name, data)
    try:
        rough = _by_itself(name, *streams)
    except (ValueError, struct.error, IndexError, OverflowError, UnreadableSource):
        rough = None
    if rough is not None and office.is_marked(rough.text):
        return rough
    if rough is None and word6.seems_marked(streams[0]):
        raise UnreadableSource(
            name,
            "tệp Word cũ có dòng chỉ độ mật và phải ghi tạm ra đĩa mới đọc được, nên không đọc",
            "hãy mở tệp bằng Word rồi lưu thành .docx",
        )
    made = office.to_docx(data, ".doc")
    if made is not None:
        return docx.read(name, made)
    if rough is None:
        raise UnreadableSource(
            name,
            "tệp Word cũ hỏng, hoặc lưu kiểu nhanh từ trước Word 97, chưa đọc được nếu không có LibreOffice",
            "hãy cài LibreOffice, hoặc mở tệp rồi lưu thành .docx",
        )
    return rough


def _streams(name: str, data: bytes) -> tuple[bytes, bytes]:
    """The main stream and the table stream of the file."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage"):
                raise UnreadableSource(name, "tệp có mật khẩu", "hãy mở tệp, bỏ mật khẩu rồi lưu lại")
            if not ole.exists("WordDocument"):
                kind = next(
                    (kind for stream, kind in _OTHERS.items() if ole.exists(stream)), "tệp OLE không có văn bản Word"
                )
                raise UnreadableSource(name, f"là {kind}, chưa đọc được", "hãy lưu thành .docx hoặc .pdf rồi thử lại")
            main = ole.openstream("WordDocument").read(_LARGEST)
            if word97.is_encrypted(main):
                raise UnreadableSource(name, "tệp có mật khẩu", "hãy mở tệp, bỏ mật khẩu rồi lưu lại")
            table = word97.table_stream(main)
            return main, ole.openstream(table).read(_LARGEST) if ole.exists(table) else b""
    except UnreadableSource:
        raise
    except Exception as error:  # olefile raises whatever a damaged file leads it to
        raise UnreadableSource(name, "tệp Word cũ hỏng hoặc tải về chưa hết", "hãy lấy lại tệp gốc") from error


def _by_itself(name: str, main: bytes, table: bytes) -> Extract:
    """The words of the file without LibreOffice."""
    found = word6.stories(name, main) if word6.is_word6(main) else word97.stories(main, table)
    notes = [*_notes(found.footnotes, "footnotes"), *_notes(found.endnotes, "endnotes")]
    body = list(_marked(found.body))
    lost = sum(paragraph.listed for paragraph in body)
    extract = render(
        [*_flow(body, "body"), *_flow(found.boxes, "boxes")],
        notes=notes,
        furniture=[*_furniture(found.headers, "page_header"), *_furniture(found.comments, "comment")],
        warnings=[LOST, *([f"{lost} đoạn có số tự động không đọc được"] if lost else [])],
    )
    if not extract.text.strip():
        raise ValueError("no text")
    return extract


def _marked(paragraphs: Iterable[word97.Printed]) -> Iterator[word97.Printed]:
    """The body with "[1]", "[2]" … where notes are referred to."""
    count = 0
    for paragraph in paragraphs:
        parts = paragraph.text.split("\x02")
        text = parts[0]
        for part in parts[1:]:
            count += 1
            text += f"[{count}]{part}"
        yield paragraph._replace(text=text)


def _notes(paragraphs: Iterable[word97.Printed], story: str) -> Iterator[Paragraph]:
    """The paragraphs of the notes, each note with its mark."""
    count = 0
    for number, paragraph in enumerate(paragraphs, start=1):
        text = paragraph.text.strip()
        if text.startswith("\x02"):
            count += 1
            text = f"[{count}] {text[1:].strip()}"
        yield Paragraph(text.replace("\x02", ""), f"{story}/p[{number}]")


def _furniture(paragraphs: Iterable[word97.Printed], kind: str) -> Iterator[Furniture]:
    for number, paragraph in enumerate(paragraphs, start=1):
        if paragraph.text.strip():
            place = Place(element=f"{kind}/p[{number}]")
            yield msgspec.convert({"kind": kind, "text": paragraph.text.strip(), "place": place}, Furniture)


def _flow(paragraphs: Iterable[word97.Printed], story: str) -> Iterator[Flow]:
    """Paragraphs and tables, each with a place like that in a DOCX."""
    count = tables = 0
    rows: list[tuple[Cell, ...]] = []
    cells: list[Cell] = []
    inside: list[Paragraph | Table] = []
    for paragraph in paragraphs:
        text = paragraph.text.replace("\x02", "").strip(" \t")
        if paragraph.row_end:
            rows.append(tuple(cells))
            cells, inside = [], []
        elif paragraph.in_table:
            place = f"{story}/tbl[{tables + 1}]/tr[{len(rows) + 1}]/tc[{len(cells) + 1}]/p[{len(inside) + 1}]"
            inside.append(Paragraph(text, place, paragraph.centred))
            if paragraph.cell_end:
                cells.append(Cell(tuple(inside)))
                inside = []
        else:
            if rows or cells or inside:
                yield _table(rows, cells, inside)
                rows, cells, inside, tables = [], [], [], tables + 1
            count += 1
            yield Paragraph(text, f"{story}/p[{count}]", paragraph.centred)
    if rows or cells or inside:
        yield _table(rows, cells, inside)


def _table(rows: list[tuple[Cell, ...]], cells: list[Cell], inside: list[Paragraph | Table]) -> Table:
    """A table, with what a file that was cut off leaves of its last row."""
    last = [*cells, *([Cell(tuple(inside))] if inside else [])]
    return Table((*filter(None, rows), *([tuple(last)] if last else [])))
