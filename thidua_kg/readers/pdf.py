"""PDF: the text of each page by PDFium, in reading order, with page and box of every word; scanned pages by recognition.

PDFium runs in this process: a file made to crash it takes the process along, so untrusted batches are read by a pool.
Nothing in a PDF is ever run: no JavaScript, no form script, no launch of another file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers import ocr
from thidua_kg.readers.compose import compose
from thidua_kg.readers.furniture import strip_furniture
from thidua_kg.readers.pdf_page import Sheet, image_of, sheet_of
from thidua_kg.readers.records import Extract
from thidua_kg.readers.signatures import signatures_of, signer_of

MOST_PAGES = 5000
_ONE_AT_A_TIME = Lock()  # PDFium is not made for threads
_REFUSED = {
    pdfium.FPDF_ERR_PASSWORD: ("có mật khẩu, không mở được", "hãy lưu bản không đặt mật khẩu rồi thử lại"),
    pdfium.FPDF_ERR_SECURITY: ("mã hóa theo cách chưa đọc được", "hãy in lại thành PDF không mã hóa rồi thử lại"),
}
_BROKEN = ("không phải PDF đọc được, có thể bị cắt cụt hoặc hỏng", "hãy tải hoặc lưu lại tệp gốc")


def read(name: str, data: bytes) -> Extract:
    """The text of a PDF; `UnreadableSource` where it is locked, broken, too long, or holds no text that can be had."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableSource(name, *_REFUSED.get(getattr(error, "err_code", None), _BROKEN)) from error
        opened = [document]
        try:
            return _read(name, document, lambda: _second(opened, data))
        finally:
            for one in reversed(opened):
                one.close()


def _second(opened: list[Any], data: bytes) -> Any:
    """The same document opened once more, for its pages to be changed."""
    if len(opened) < 2:
        opened.append(pypdfium2.PdfDocument(data))
    return opened[1]


def _read(name: str, document: Any, second: Callable[[], Any]) -> Extract:
    count = len(document)
    if count > MOST_PAGES:
        raise UnreadableSource(name, f"khai {count} trang, quá mức {MOST_PAGES}", "hãy tách thành các tệp nhỏ hơn")
    sheets = [sheet_of(document, number, second) for number in range(1, count + 1)]
    scanned = [sheet.number for sheet in sheets if sheet.scanned]
    broken = [sheet.number for sheet in sheets if sheet.broken]
    if count and len(broken) == count:
        raise UnreadableSource(name, *_BROKEN)
    done, warnings = _recognised(name, document, sheets, scanned)
    warnings += [f"trang {_pages(broken)}: hỏng, không đọc được"] if broken else []
    warnings += list(_warnings(document, sheets))
    pages = [done.get(sheet.number, sheet.page) for sheet in sheets]
    found = compose(strip_furniture([page for page in pages if page is not None]))
    signatures = signatures_of(document)
    return msgspec.structs.replace(found, warnings=tuple(warnings), signatures=signatures, facts=signer_of(signatures))


def _recognised(name: str, document: Any, sheets: list[Sheet], scanned: list[int]) -> tuple[dict[int, Any], list[str]]:
    """The scanned pages after recognition; without it the others are read, and a warning names what was not."""
    if not scanned:
        return {}, []
    texted = any(sheet.page is not None and sheet.page.words for sheet in sheets if not sheet.scanned)
    missing = ocr.missing()
    if missing and not texted:
        raise UnreadableSource(name, "là bản quét, không có chữ", missing)
    if missing:
        return {}, [f"trang {_pages(scanned)}: là bản quét, chưa đọc; {missing}"]
    images = ((number, image_of(document, number)) for number in scanned)
    kept = {sheet.number: sheet.page.furniture for sheet in sheets if sheet.page is not None}
    found = ocr.recognise(images)
    pages = {
        page.number: msgspec.structs.replace(page, furniture=(*kept.get(page.number, ()), *page.furniture))
        for page in found.pages
    }
    if not pages and not texted:
        raise UnreadableSource(name, "không nhận dạng được trang nào", "; ".join(found.warnings))
    return pages, list(found.warnings)


def _warnings(document: Any, sheets: list[Sheet]) -> Iterator[str]:
    """What a reader of the text should know."""
    strange = [sheet.number for sheet in sheets if sheet.strange]
    if strange:
        total = sum(sheet.strange for sheet in sheets)
        yield f"trang {_pages(strange)}: {total} ký tự không có mã chữ (phông riêng), chữ ở đó có thể sai"
    old = [sheet.number for sheet in sheets if sheet.old]
    if old:
        yield f"trang {_pages(old)}: chữ phông cũ (TCVN3 hoặc VNI) đã chuyển sang Unicode"
    cut = [sheet.number for sheet in sheets if sheet.cut]
    if cut:
        yield f"trang {_pages(cut)}: quá nhiều chữ, chỉ đọc phần đầu trang"
    embedded = [_name_of(document, index) for index in range(min(pdfium.FPDFDoc_GetAttachmentCount(document), 50))]
    if embedded:
        yield f"có tệp đính kèm bên trong, không đọc: {', '.join(embedded)}"


def _name_of(document: Any, index: int) -> str:
    """The name of an embedded file, on one line."""
    try:
        return " ".join(document.get_attachment(index).get_name().split())[:120] or "(không tên)"
    except pypdfium2.PdfiumError:
        return "(không tên)"


def _pages(numbers: list[int]) -> str:
    """Page numbers as people list them: `_pages([1, 2, 3, 7]) == "1-3, 7"`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
