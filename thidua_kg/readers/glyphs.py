"""The glyphs of a PDF page put together to words, with their boxes; what is printed at an angle is set apart.

The order of the page's content and PDFium's own spaces are a first guess only: a word ends where a gap shows or the line
breaks. A mark that a PDF prints as a glyph of its own ("e" and a circumflex over it) belongs to the letter below.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from ctypes import byref, c_double, c_int, c_ushort, create_string_buffer
from math import atan2, hypot, pi
from typing import Any, NamedTuple

import msgspec
import pypdfium2.raw as pdfium

from thidua_kg.readers.html_styles import Legacy, converted, set_of
from thidua_kg.readers.page import Box, Word
from thidua_kg.readers.syllables import is_syllable
from thidua_kg.readers.symbol_fonts import PRIVATE, UNKNOWN

MOST = 100_000  # glyphs of one page; a printed A3 page in the smallest type has a tenth
_UNMAPPED = "\ufffd"
_RUN = re.compile(r"\S+")
_ODD = re.compile("[\u0002`´ˆ˜˘¨\u0300-\u036f]")  # a run with one of these is measured glyph by glyph
_OLD_FONTS = re.compile(r"(?:[A-Z]{6}\+)?(?P<name>\.?Vn|VNI)", re.IGNORECASE)
_STRANGE = re.compile("[\ufffd\ue000-\uf8ff]")
_ABOVE, _BELOW = 0.9, 0.25  # how far a line of type reaches from its base line, in sizes of the type
# What a glyph's code stands for where it is no character: codes without a character, PDFium's hyphen at a line's end, and
# those of symbol fonts that are known; the soft hyphen stays for the fonts of TCVN3, where it is "ư".
_READ: dict[int, str] = dict.fromkeys((*range(2), *range(3, 33), *range(0x7F, 0xA1), 0x200B, 0xFEFF, 0xF020), " ")
_READ |= dict.fromkeys((*range(0xD800, 0xE000), 0xFFFD, 0xFFFF), _UNMAPPED)
_READ[0xFFFE] = "\u0002"  # PDFium has two codes for its hyphen
_READ |= {code: shown for code, shown in PRIVATE.items() if shown != UNKNOWN}
_SPACING_MARKS = {"`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "˘": "\u0306", "¨": "\u0308"}


class Frame(NamedTuple):
    """How the PDF's coordinates become those of the upright page: x' = a·x + b·y + c, y' = d·x + e·y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the PDF on the upright page."""
        x0, y0 = self.a * left + self.b * bottom + self.c, self.d * left + self.e * bottom + self.f
        x1, y1 = self.a * right + self.b * top + self.c, self.d * right + self.e * top + self.f
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def turned(self, turn: int) -> Frame:
        """This frame after `turn` quarter turns clockwise."""
        frame = self
        for _ in range(turn % 4):
            a, b, c, d, e, f, width, height = frame
            frame = Frame(-d, -e, height - f, a, b, c, height, width)
        return frame


class Glyphs(NamedTuple):
    """The words of a page and what is printed at an angle; how many glyphs stand for no known character; whether there are
    fonts made before Unicode.
    """

    words: list[Word]
    aside: list[tuple[str, Box]]
    strange: int
    old: bool


class _Glyph(NamedTuple):
    text: str
    left: float
    right: float
    base: float  # of the line it stands on
    size: float  # of its type


class Meter:
    """Measures the glyphs of one page, by their number in PDFium's order."""

    def __init__(self, textpage: Any, frame: Frame) -> None:
        self.page, self.frame, self.at = textpage.raw, frame, -1
        self.rect, self.matrix, self.x, self.y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), c_double(), c_double()
        self.name, self.flags = create_string_buffer(128), c_int()
        self.to = byref(self.rect), byref(self.matrix), byref(self.x), byref(self.y)

    def turn_to(self, index: int) -> None:
        """Makes `matrix` the one of a glyph: that of upright type where PDFium has none."""
        if index != self.at:
            self.at = index
            if not pdfium.FPDFText_GetMatrix(self.page, index, self.to[1]):
                self.matrix.a, self.matrix.b, self.matrix.c, self.matrix.d = 1.0, 0.0, 0.0, 1.0

    def quarter(self, index: int) -> int | None:
        """How many quarter turns clockwise a glyph's line is turned from left to right; None at another angle."""
        self.turn_to(index)
        if abs(self.matrix.b) < 0.05 * abs(self.matrix.a) and self.matrix.a > 0:
            return 0
        turns = -atan2(self.matrix.b, self.matrix.a) / (pi / 2)
        nearest = round(turns)
        return nearest % 4 if abs(turns - nearest) < 0.06 else None

    def box(self, index: int) -> Box:
        """The box of a glyph, on the page turned upright."""
        pdfium.FPDFText_GetLooseCharBox(self.page, index, self.to[0])
        return self.frame.box(self.rect.left, self.rect.bottom, self.rect.right, self.rect.top)

    def base(self, index: int) -> float:
        """Where the line runs that a glyph stands on."""
        pdfium.FPDFText_GetCharOrigin(self.page, index, *self.to[2:])
        return float(self.frame.d * self.x.value + self.frame.e * self.y.value + self.frame.f)

    def size(self, index: int) -> float:
        """The size of a glyph's type in points, as its page shows it."""
        size = pdfium.FPDFText_GetFontSize(self.page, index)
        self.turn_to(index)
        size *= hypot(self.matrix.c, self.matrix.d) or 1.0
        return float(min(max(abs(size), 1.0), 500.0))

    def old_set(self, index: int) -> Legacy | None:
        """The character set before Unicode that a glyph's font is made for, None for any other font."""
        pdfium.FPDFText_GetFontInfo(self.page, index, self.name, len(self.name), byref(self.flags))
        name = self.name.value.decode("latin-1")
        found = _OLD_FONTS.match(name)
        kind = set_of(name[found.start("name") :].lower()) if found else "unicode"
        return kind if kind in ("tcvn3", "TCVN3", "vni") else None

    def glyph(self, text: str, index: int) -> _Glyph:
        """All of these."""
        left, _, right, _ = self.box(index)
        return _Glyph(text, left, right, self.base(index), self.size(index))


def text_of(textpage: Any) -> str:
    """One character for each glyph of the page, spaces where PDFium guessed them; at most `MOST`."""
    count = min(max(pdfium.FPDFText_CountChars(textpage), 0), MOST)
    buffer = (c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(textpage, 0, count, buffer) == count + 1:
        return "".join(map(chr, buffer[:count])).translate(_READ)
    codes = (pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(chr(code) if code < 0x110000 else _UNMAPPED for code in codes).translate(_READ)


def main_quarter(textpage: Any, text: str) -> int:
    """The direction that most glyphs of the page run in, from a sample of their words."""
    meter = Meter(textpage, Frame(1, 0, 0, 0, 1, 0, 0, 0))
    runs = [match.span() for match in _RUN.finditer(text)]
    found: Counter[int | None] = Counter()
    for start, end in runs[:: max(1, len(runs) // 40)]:
        found[meter.quarter(start)] += end - start
    return max(range(4), key=lambda quarter: (found[quarter], -quarter))


def gather(textpage: Any, text: str, frame: Frame, quarter: int) -> Glyphs:
    """The words of the glyphs that run in the page's direction `quarter`, and the others as they come."""
    meter = Meter(textpage, frame)
    words: list[Word] = []
    aside: list[tuple[str, Box]] = []
    runs = [match.span() for match in _RUN.finditer(text)]
    old = any(meter.old_set(start) for start, _ in runs[:: max(1, len(runs) // 12)])
    for start, end in runs:
        run = text[start:end] if old else text[start:end].replace("\u00ad", "")
        if meter.quarter(start) != quarter:
            aside.append((run, _union([meter.box(index) for index in range(start, end)])))
            continue
        word = _whole(meter, run, start, end - 1)
        kind = meter.old_set(start) if old else None
        found = (
            [word]
            if word
            else _parts([meter.glyph(text[i], i) for i in range(start, end) if old or text[i] != "\u00ad"])
        )
        words += [msgspec.structs.replace(w, text=_unicode(w.text, kind)) for w in found] if kind else found
    return Glyphs(_raised([word for word in words if word.text]), aside, sum(1 for _ in _STRANGE.finditer(text)), old)


def _unicode(text: str, kind: Legacy) -> str:
    """A word of an old font; the soft hyphen, "ư" in TCVN3, comes out of PDFium as a hyphen: "n-íc" is "nước"."""
    made = converted(text, kind)
    if "-" in text and kind != "vni":
        other = converted(text.replace("-", "\u00ad"), kind)
        return other if is_syllable(other.strip(".,;:()“”")) else made
    return made


def _raised(words: list[Word]) -> list[Word]:
    """The words, with figures marked that are small and raised beside a word on either side; what follows them closely is glued."""
    done: list[Word] = []
    for number, word in enumerate(words):
        before = done[-1] if done else None
        after = words[number + 1] if number + 1 < len(words) else None
        if before and before.raised and 0 <= word.left - before.right < 0.1 * word.height:
            done.append(msgspec.structs.replace(word, glued=not word.text[0].isalnum()))
        elif word.text.isdigit() and len(word.text) < 4 and (beside := _larger(word, before) or _larger(word, after)):
            done.append(msgspec.structs.replace(word, raised=True, bottom=beside.bottom))
        else:
            done.append(word)
    return done


def _larger(figure: Word, word: Word | None) -> Word | None:
    """The neighbour where it is larger than a figure and stands lower."""
    if word is None or figure.height > 0.8 * word.height:
        return None
    near = word.left - figure.right < 0.4 * word.height and figure.left - word.right < 0.4 * word.height
    rise = (word.bottom - figure.bottom) / word.height
    return word if near and 0.1 < rise < 0.8 and figure.bottom > word.top else None


def _whole(meter: Meter, text: str, first: int, last: int) -> Word | None:
    """The run as one word where its first and last glyph stand on one line, no wider apart than letters are."""
    if _ODD.search(text):
        return None
    size, base = meter.size(first), meter.base(first)
    left, _, right, _ = meter.box(first)
    if last > first:
        end = meter.box(last)
        off = abs(meter.base(last) - base) > 0.1 * size
        if off or end[0] < left or end[2] - left > 0.8 * size * len(text) + size:
            return None
        right = end[2]
    return Word(text, left, base - _ABOVE * size, right, base + _BELOW * size)


def _parts(glyphs: list[_Glyph]) -> Iterator[Word]:
    """The words of a run: cut where the line breaks, a gap shows, or small figures are raised above the line."""
    part: list[_Glyph] = []
    raised = False
    for glyph in glyphs:
        if part and (mark := _mark_over(part[-1], glyph)):
            part[-1] = part[-1]._replace(text=part[-1].text + mark)
            continue
        if part:
            lifted = _lifted(part[-1], glyph)
            if lifted or _apart(part[-1], glyph):
                yield _word(part, raised)
                part, raised = [], lifted
        part.append(glyph._replace(text="-") if glyph.text == "\u0002" else glyph)
    if part:
        yield _word(part, raised)


def _mark_over(base: _Glyph, glyph: _Glyph) -> str:
    """The combining mark that `glyph` is when it is printed over the letter before it, else ""."""
    text = glyph.text
    if unicodedata.combining(text):
        return text
    over = min(base.right, glyph.right) - max(base.left, glyph.left)
    if text in _SPACING_MARKS and base.text[-1].isalpha() and over > 0.5 * (glyph.right - glyph.left):
        return _SPACING_MARKS[text]
    return ""


def _lifted(before: _Glyph, glyph: _Glyph) -> bool:
    """Whether a figure is smaller than the letter before it and raised above its line."""
    rise = before.base - glyph.base
    return glyph.text.isdigit() and glyph.size < 0.9 * before.size and 0.1 * before.size < rise < before.size


def _apart(before: _Glyph, glyph: _Glyph) -> bool:
    """Whether two glyphs in the page's order are no neighbours: on two lines, far apart, or the second before the first."""
    size = max(before.size, glyph.size)
    off = abs(before.base - glyph.base) > 0.4 * size
    return off or glyph.left - before.right > 0.6 * size or glyph.left < before.left - 0.3 * size


def _word(glyphs: list[_Glyph], raised: bool) -> Word:
    size, base = max(glyph.size for glyph in glyphs), glyphs[0].base
    left, right = min(glyph.left for glyph in glyphs), max(glyph.right for glyph in glyphs)
    text = "".join(glyph.text for glyph in glyphs)
    return Word(text, left, base - _ABOVE * size, right, base + _BELOW * size, raised=raised)


def _union(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
