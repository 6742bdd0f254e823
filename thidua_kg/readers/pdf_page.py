"""One page of a PDF: its words, drawn lines and stamps, whether it is a scan, and its image for recognition."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_float, c_int
from typing import Any

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from thidua_kg.model import Furniture
from thidua_kg.readers.bitmap import Image, resolution
from thidua_kg.readers.glyphs import MOST, Frame, gather, main_quarter, text_of
from thidua_kg.readers.page import Box, Page, Rule, Word, around, printed

_OBJECTS = 20_000  # objects of one page that are looked at
_DEPTH = 4  # forms inside of forms
_POINTS = 400  # points of one path: a table's borders drawn in one go have fewer
_THIN = 3.0  # points; what is thinner is a line
_COVERED = 0.5  # of the page: an image of this size is a scan
_FEW = 40  # words that a scan may have besides: its signature's stamp

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


class Sheet(msgspec.Struct, frozen=True, gc=False):
    """A page as PDFium gives it; `page` is None where it cannot be loaded. `strange` counts glyphs without a
    character, `old` says that fonts made before Unicode were read.
    """

    number: int
    page: Page | None = None
    scanned: bool = False
    strange: int = 0
    old: bool = False
    cut: bool = False

    @property
    def broken(self) -> bool:
        """Whether the page cannot be loaded."""
        return self.page is None


def sheet_of(document: Any, number: int, shown: Any) -> Sheet:
    """The page with the given number, from 1; `shown` gives the same document to be changed.

    A page with form fields is read with these drawn into it, so that what was filled in is part of it.
    """
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        return Sheet(number=number)
    with closing(page):
        signed = list(_fields(page))
        if not signed:
            return _sheet(page, number, [])
    try:
        other = shown()[number - 1]
        pdfium.FPDFPage_Flatten(other, pdfium.FLAT_NORMALDISPLAY)
        other.close()
        with closing(shown()[number - 1]) as page:
            return _sheet(page, number, [box for box, signature in signed if signature])
    except pypdfium2.PdfiumError:
        return Sheet(number=number)


def image_of(document: Any, number: int) -> Image | None:
    """A page drawn for recognition, None where it cannot be drawn."""
    try:
        with closing(document[number - 1]) as page:
            width, height = page.get_size()
            dots = resolution(width, height)
            bitmap = page.render(scale=dots / 72, may_draw_forms=False, draw_annots=False, rev_byteorder=True)
            with closing(bitmap):
                size = bitmap.width, bitmap.height
                return Image.of_rows(bytes(bitmap.buffer), size, bitmap.stride, bitmap.n_channels, dots)
    except (pypdfium2.PdfiumError, RuntimeError, ValueError, MemoryError):
        return None


def _sheet(page: Any, number: int, signatures: list[Box]) -> Sheet:
    with closing(page.get_textpage()) as textpage:
        text = text_of(textpage)
        quarter = main_quarter(textpage, text)
        turn = (4 - (quarter + page.get_rotation() // 90) % 4) % 4
        frame = _frame(page).turned(turn)
        found = gather(textpage, text, frame, quarter)
        cut = pdfium.FPDFText_CountChars(textpage) > MOST
    drawn, covered = _drawings(page, frame)
    made = Page(number=number, width=frame.width, height=frame.height, rules=tuple(drawn), turn=turn)
    boxes = [frame.box(*box) for box in signatures]
    words, stamps = _parted(found.words, boxes)
    scanned = covered > _COVERED and len(words) < _FEW
    pieces = [_piece(made, printed(stamp), around(stamp)) for stamp in stamps]
    pieces += [_piece(made, words, box) for words, box in found.aside]
    if scanned and words:
        pieces.append(_piece(made, printed(words), around(words)))
        words = []
    made = msgspec.structs.replace(made, words=tuple(words), furniture=tuple(pieces))
    return Sheet(number, made, scanned, found.strange, found.old, cut)


def _piece(page: Page, text: str, box: Box) -> Furniture:
    return Furniture(kind="stamp", text=text, place=page.place(box))


def _parted(words: list[Word], boxes: list[Box]) -> tuple[list[Word], list[list[Word]]]:
    """The words outside of all boxes, and those inside of each."""
    stamps: list[list[Word]] = [[] for _ in boxes]
    kept: list[Word] = []
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        home = next(
            (n for n, (left, top, right, low) in enumerate(boxes) if left <= x <= right and top <= y <= low), None
        )
        (kept if home is None else stamps[home]).append(word)
    return kept, [stamp for stamp in stamps if stamp]


def _frame(page: Any) -> Frame:
    """From the PDF's coordinates to those of the page as it is shown."""
    x0, y0, x1, y1 = page.get_bbox()
    width, height = x1 - x0, y1 - y0
    return {
        0: Frame(1, 0, -x0, 0, -1, y1, width, height),
        90: Frame(0, 1, -y0, 1, 0, -x0, height, width),
        180: Frame(-1, 0, x1, 0, 1, -y0, width, height),
        270: Frame(0, -1, y1, -1, 0, x1, height, width),
    }[page.get_rotation()]


def _fields(page: Any) -> Iterator[tuple[Box, bool]]:
    """The boxes of the form fields, and whether each is a signature's."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 1000)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        if pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_WIDGET:
            rect = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(note, byref(rect))
            signature = pdfium.FPDFAnnot_GetValueType(note, b"V") in (
                pdfium.FPDF_OBJECT_DICTIONARY,
                pdfium.FPDF_OBJECT_REFERENCE,
            )
            yield (rect.left, rect.bottom, rect.right, rect.top), signature
        pdfium.FPDFPage_CloseAnnot(note)


# --- drawn lines and images


def _drawings(page: Any, frame: Frame) -> tuple[list[Rule], float]:
    """The drawn lines that run along or across the page, and how much of it images cover."""
    rules: list[Rule] = []
    covered = 0.0
    for kind, item, matrix in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules += _rules(item, matrix, frame)
        else:
            left, top, right, bottom = frame.box(*_bounds(item, matrix))
            across, down = min(right, frame.width) - max(left, 0), min(bottom, frame.height) - max(top, 0)
            covered += max(across, 0) * max(down, 0)
    return rules, covered / max(frame.width * frame.height, 1)


def _objects(page: Any) -> Iterator[tuple[int, Any, Matrix]]:
    """The paths and images of a page, those in forms too, each with the matrix of its form."""
    left = _OBJECTS
    front: list[tuple[Any, int, bool, Matrix, int]] = [(page, pdfium.FPDFPage_CountObjects(page), False, _SAME, 0)]
    while front:
        owner, count, is_form, matrix, depth = front.pop()
        get = pdfium.FPDFFormObj_GetObject if is_form else pdfium.FPDFPage_GetObject
        for index in range(min(count, left)):
            item = get(owner, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                front.append(
                    (item, pdfium.FPDFFormObj_CountObjects(item), True, _times(_matrix(item), matrix), depth + 1)
                )
            elif kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield kind, item, matrix
        left -= min(count, left)


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, byref(found)):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that does `one`, then `other`."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _bounds(item: Any, matrix: Matrix) -> Box:
    sides = [c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *map(byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _rules(path: Any, matrix: Matrix, frame: Frame) -> Iterator[Rule]:
    """The straight lines that a path draws, thin filled boxes among them."""
    left, top, right, bottom = frame.box(*_bounds(path, matrix))
    if min(right - left, bottom - top) <= _THIN:
        yield Rule(left, top, right, bottom)
        return
    if not 2 <= pdfium.FPDFPath_CountSegments(path) <= _POINTS:
        return
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    for points in _outlines(path, _times(_matrix(path), matrix), frame):
        xs, ys = zip(*points, strict=True)
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
            yield Rule(min(xs), min(ys), max(xs), max(ys))
        elif stroke.value:
            for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
                if min(abs(x1 - x0), abs(y1 - y0)) < 1:
                    yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _outlines(path: Any, matrix: Matrix, frame: Frame) -> list[list[tuple[float, float]]]:
    """The corners of each closed or open line of a path, on the page."""
    a, b, c, d, e, f = matrix
    found: list[list[tuple[float, float]]] = []
    x, y = c_float(), c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y)):
            continue
        if not found or pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            found.append([])
        u, v = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        found[-1].append(frame.box(u, v, u, v)[:2])
    return [points for points in found if len(points) > 1]
