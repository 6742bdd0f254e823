"""A page's image for recognition: one byte a dot, black 0 to white 255, and what is done with it in plain Python."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from itertools import pairwise

import msgspec

_DOTS = 300  # dots an inch that recognition is trained on
MOST_DOTS = 100_000_000  # of an image that is opened: A3 at 600 an inch has 70 million
_MOST = 40_000_000  # of one that is recognised
_SIDE = 10_000
_STROKE = 0.35  # inches that no letter of a text is long
_STEP = 4  # dots that one run of a line may lie from the next
_BINARY = bytes(ord("1") if grey < 140 else ord("0") for grey in range(256))
_GREY = bytes(0 if char == ord("1") else 255 for char in range(256))
_INKED = bytes(grey < 140 for grey in range(256))


class Image(msgspec.Struct, frozen=True, gc=False):
    """Rows of grey dots from the top down; `dots` are those of an inch.

    Of a coloured page `pixels` is the green channel, where red ink is black: the mark of a secret document is stamped in
    red and must be seen. `red` and `blue` are the other channels: red seals fade in one, blue signatures in the other.
    """

    pixels: bytes
    width: int
    height: int
    dots: float
    red: bytes = b""
    blue: bytes = b""

    @property
    def coloured(self) -> bool:
        """Whether the ink of seals and signatures can be told by its colour."""
        return bool(self.red)

    @staticmethod
    def of_rows(data: bytes, size: tuple[int, int], stride: int, channels: int, dots: float) -> Image:
        """The image in rows that are `stride` bytes long and hold one grey byte a dot, or red, green, blue and perhaps more."""
        width, height = size
        starts = range(0, stride * height, stride)
        planes = [
            b"".join(data[start + plane : start + width * channels : channels] for start in starts)
            for plane in (range(3) if channels >= 3 else range(1))
        ]
        if len(planes) == 1 or planes[0] == planes[1]:
            return Image(planes[-1], width, height, dots)
        return Image(planes[1], width, height, dots, planes[0], planes[2])

    def bmp(self) -> bytes:
        """The image as a BMP file: Leptonica reads that from memory everywhere, PNM by way of a temporary file on Windows."""
        wide = (self.width + 3) // 4 * 4
        fill = bytes(wide - self.width)
        rows = (
            self.pixels[start : start + self.width] + fill
            for start in range((self.height - 1) * self.width, -1, -self.width)
        )
        metre = round(self.dots / 0.0254)
        colours = b"".join(bytes((grey, grey, grey, 0)) for grey in range(256))
        head = struct.pack(
            "<IiiHHIIiiII", 40, self.width, self.height, 1, 8, 0, wide * self.height, metre, metre, 256, 0
        )
        begin = 14 + len(head) + len(colours)
        return struct.pack("<2sIHHI", b"BM", begin + wide * self.height, 0, 0, begin) + head + colours + b"".join(rows)

    def strokes(self) -> list[tuple[int, int, int, int]]:
        """The straight dark lines along and across that are longer than any letter: left, top, right, bottom.

        A scan lies askew, so a line is made of runs of dots that step from row to row; it is given as if it did not.
        """
        inked = self.pixels.translate(_INKED)
        run = re.compile(b"\x01{%d,}" % round(_STROKE * self.dots))
        rows = (inked[y * self.width : (y + 1) * self.width] for y in range(self.height))
        columns = (inked[x :: self.width] for x in range(self.width))
        across = [(start, at, end, at + 1) for at, start, end in _joined(run, rows)]
        return across + [(at, start, at + 1, end) for at, start, end in _joined(run, columns)]

    def cropped(self, left: int, top: int, right: int, bottom: int) -> Image:
        """The part between two columns and two rows of dots, red and blue ink faded."""
        planes = (self.red, self.blue) if self.coloured else (self.pixels,)
        parts = [
            b"".join(plane[y * self.width + left : y * self.width + right] for y in range(top, bottom))
            for plane in planes
        ]
        pixels = bytes(map(max, *parts)) if self.coloured else parts[0]
        return Image(pixels, right - left, bottom - top, self.dots)

    def smaller(self) -> Image:
        """The image at two thirds of its dots an inch."""
        rows = []
        for y in range(0, self.height - 1, 3):
            for row in (self.pixels[(y + more) * self.width : (y + more + 1) * self.width] for more in (0, 1)):
                kept = bytearray(len(row[0::3]) + len(row[1::3]))
                kept[0::2], kept[1::2] = row[0::3], row[1::3]
                rows.append(bytes(kept))
        return Image(b"".join(rows), len(rows[0]) if rows else 0, len(rows), self.dots * 2 / 3)

    def bolder(self, size: int) -> Image:
        """Only what is dark over squares of `size` dots: bold type stays, the thin lines of a seal over it go.

        Each row is one number, a bit a dot, so that a step takes the whole row.
        """
        inked = self.pixels.translate(_BINARY)
        rows = [int(inked[start : start + self.width] or b"0", 2) for start in range(0, len(inked), self.width)]
        for shrink in (True, False):
            for _ in range(size - 1):
                rows = [row & row >> 1 if shrink else row | row << 1 for row in rows]
            for _ in range(size - 1):
                pairs = pairwise([*rows, 0] if shrink else [0, *rows])
                rows = [one & other if shrink else one | other for one, other in pairs]
        lines = (f"{row:0{self.width}b}"[-self.width :].encode().translate(_GREY) for row in rows)
        return Image(b"".join(lines), self.width, self.height, self.dots)

    def turned(self, turn: int) -> Image:
        """The image after `turn` quarter turns clockwise."""
        if turn % 4 == 0:
            return self
        size = (self.width, self.height) if turn % 4 == 2 else (self.height, self.width)
        planes = (self._spun(plane, turn % 4) for plane in (self.pixels, self.red, self.blue))
        return Image(next(planes), *size, self.dots, *planes)

    def _spun(self, pixels: bytes, turn: int) -> bytes:
        if turn == 2 or not pixels:
            return pixels[::-1]
        columns = [pixels[x :: self.width] for x in range(self.width)]
        return b"".join([column[::-1] for column in columns] if turn == 1 else columns[::-1])


def _joined(run: re.Pattern[bytes], lines: Iterable[bytes]) -> list[tuple[int, int, int]]:
    """The runs of dark dots that touch each other from line to line: where they lie in the middle, start and end."""
    done: list[tuple[int, int, int]] = []
    front: list[list[int]] = []  # first line, last line, start and end of all, start and end of the last run
    for at, line in enumerate(lines):
        for found in run.finditer(line):
            start, end = found.span()
            near = next((one for one in front if start <= one[5] + _STEP and end >= one[4] - _STEP), None)
            if near is None:
                front.append([at, at, start, end, start, end])
            else:
                near[1:] = [at, min(near[2], start), max(near[3], end), start, end]
        done += [((one[0] + one[1]) // 2, one[2], one[3]) for one in front if at - one[1] > _STEP]
        front = [one for one in front if at - one[1] <= _STEP]
    return done + [((one[0] + one[1]) // 2, one[2], one[3]) for one in front]


def resolution(width: float, height: float) -> float:
    """The dots an inch to draw a page of so many points at: fewer where it is very large."""
    wide, high = max(width, 1.0) / 72, max(height, 1.0) / 72
    return float(min(_DOTS, _SIDE / wide, _SIDE / high, (_MOST / (wide * high)) ** 0.5))
