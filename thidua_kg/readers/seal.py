"""A round seal on a scan: where it is, and the page with its drawing taken away.

NĐ 30/2020/NĐ-CP, Điều 33: the seal covers the left third of the signature, so it lies over the offices and the name too.
Scans in black and white cannot tell its ink from theirs, but its shape can: a ring as thin as a line, nowhere as long
across as a letter's stem. Seals measure 34 to 42 mm (Thông tư 07/2010/TT-BCA).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import cos, hypot, pi, sin

import msgspec

from thidua_kg.readers.bitmap import Image

_COARSE = 50  # dots an inch that a ring is looked for at
_RADII = 0.62, 0.88  # inches
_ANGLES = 96
_DRAWN = 0.86  # of a ring's angles that must be dark
_AROUND = 0.3  # of those just outside of it that may be
INK = 140  # below which a dot is dark
_EMBLEM = 0.62  # of the radius: what a seal holds inside of its ring of words
_BELT = 0.66, 1.14  # of the radius, where its rings are
_RING = 0.45  # of the angles that are dark at a ring's radius
_USUAL = 0.6  # of a ring's crossings are no thicker than what is taken for its line


class Seal(msgspec.Struct, frozen=True):
    """The centre and the outer radius of a seal, in dots of its image."""

    x: float
    y: float
    radius: float


def seal_of(image: Image) -> Seal | None:
    """The seal whose ring is drawn most clearly, None where there is none."""
    coarse = _shrunk(image)
    found = max(_circles(coarse), default=None)
    return _fitted(image, coarse.dots / image.dots, found[1:]) if found else None


def without_seal(image: Image, seal: Seal) -> Image:
    """The image without the emblem and the rings of a seal; what is printed over them stays."""
    pixels = bytearray(image.pixels)
    inner = _EMBLEM * seal.radius
    for y in range(max(round(seal.y - inner), 0), min(round(seal.y + inner) + 1, image.height)):
        half = max(inner**2 - (y - seal.y) ** 2, 0) ** 0.5
        left, right = max(round(seal.x - half), 0), min(round(seal.x + half), image.width)
        if left < right:
            pixels[y * image.width + left : y * image.width + right] = b"\xff" * (right - left)
    rays = list(_rays(image, seal))
    runs = [(ray, list(_runs(ray, image.pixels))) for ray in rays]
    for low, high in _rings(rays, image.pixels):
        crossing = [(ray, run) for ray, found in runs for run in found if run[0] < high and run[1] > low]
        lengths = sorted(end - start for _, (start, end) in crossing)
        most = lengths[int(len(lengths) * _USUAL)] + 1 if lengths else 0
        for ray, (start, end) in crossing:
            if end - start <= most:
                for at in ray[start:end]:
                    pixels[at] = 255
    return msgspec.structs.replace(image, pixels=bytes(pixels))


# --- finding


def _shrunk(image: Image) -> Image:
    """The image at a few dots an inch, 1 where enough of a square is dark; rows are padded so that circles may leave it.

    Sums of rows and of columns are sums of long numbers, a byte a dot.
    """
    step = max(2, min(15, round(image.dots / _COARSE)))
    inked = image.pixels.translate(bytes(grey < INK for grey in range(256)))
    width, height = image.width // step, image.height // step
    enough = bytes(count > step * step * 0.12 for count in range(256))
    pad = bytes(round(2 * _RADII[1] * _COARSE))
    rows = []
    for y in range(height):
        lines = (inked[at * image.width : at * image.width + width * step] for at in range(y * step, (y + 1) * step))
        total = sum(int.from_bytes(line, "little") for line in lines).to_bytes(width * step, "little")
        columns = sum(int.from_bytes(total[at::step], "little") for at in range(step))
        rows.append(columns.to_bytes(width + 1, "little")[:width].translate(enough) + pad)
    return Image(b"".join(rows), width + len(pad), height, image.dots / step)


def _circles(coarse: Image) -> Iterator[tuple[float, float, float, float]]:
    """The clearest ring of each radius: how clear it is, its centre and radius; all places are tried at once."""
    grid = int.from_bytes(coarse.pixels, "little")
    size = len(coarse.pixels)
    if not grid:
        return
    for radius in range(round(_RADII[0] * coarse.dots), round(_RADII[1] * coarse.dots) + 1):
        total = 0
        reach = (radius + 1) * coarse.width
        for across, down in _offsets(radius):
            total += grid << 8 * (reach - down * coarse.width - across)
        sums = total.to_bytes(size + 2 * reach + 8, "little")[reach : reach + size]
        best = max(sums)
        if best < _DRAWN * _ANGLES:
            continue
        at = sums.index(best)
        x, y = at % coarse.width, at // coarse.width
        outside = sum(_dark(coarse, x + across, y + down) for across, down in _offsets(radius + 3)) / _ANGLES
        if outside <= _AROUND:
            yield best / _ANGLES - outside / 2, x, y, radius


def _offsets(radius: int) -> list[tuple[int, int]]:
    turns = (2 * pi * turn / _ANGLES for turn in range(_ANGLES))
    return [(round(radius * cos(turn)), round(radius * sin(turn))) for turn in turns]


def _dark(coarse: Image, x: int, y: int) -> int:
    inside = 0 <= x < coarse.width and 0 <= y < coarse.height
    return coarse.pixels[y * coarse.width + x] if inside else 0


def _fitted(image: Image, scale: float, coarse: tuple[float, float, float]) -> Seal:
    """The seal at the image's own resolution: the circle near the coarse one that is dark at most angles."""
    x, y, radius = ((value + half) / scale for value, half in zip(coarse, (0.5, 0.5, 0), strict=True))
    reach = [step / scale / 3 for step in range(-3, 4)]
    turns = [(cos(pi * turn / 90), sin(pi * turn / 90)) for turn in range(180)]
    tried = [Seal(x + across, y + down, radius + more) for more in reach for across in reach for down in reach]

    def drawn(seal: Seal) -> int:
        return sum(_is_ink(image, round(seal.x + seal.radius * a), round(seal.y + seal.radius * b)) for a, b in turns)

    return max(tried, key=drawn)


def _is_ink(image: Image, x: int, y: int) -> bool:
    return 0 <= x < image.width and 0 <= y < image.height and image.pixels[y * image.width + x] < INK


# --- taking away


def _rays(image: Image, seal: Seal) -> Iterator[list[int]]:
    """For each direction the places of the dots from inside of the rings to outside of them."""
    count = int(2 * pi * seal.radius * 1.3)
    steps = range(int(_BELT[0] * seal.radius), int(_BELT[1] * seal.radius))
    for turn in range(count):
        across, down = cos(2 * pi * turn / count), sin(2 * pi * turn / count)
        ends = (seal.x + across * steps[-1], seal.y + down * steps[-1])
        if 1 <= ends[0] < image.width - 1 and 1 <= ends[1] < image.height - 1:
            yield [round(seal.y + down * step) * image.width + round(seal.x + across * step) for step in steps]


def _runs(ray: list[int], pixels: bytes) -> Iterator[tuple[int, int]]:
    """Where a ray crosses ink: first dot and the one behind the last."""
    dark = [False, *(pixels[at] < INK for at in ray), False]
    edges = [at for at, (before, after) in enumerate(pairwise(dark)) if before != after]
    yield from zip(edges[::2], edges[1::2], strict=True)


def _rings(rays: list[list[int]], pixels: bytes) -> list[tuple[int, int]]:
    """The steps of the rays where a ring runs: first and the one behind the last."""
    dark = [sum(pixels[at] < INK for at in places) > _RING * len(rays) for places in zip(*rays, strict=True)]
    edges = [at for at, (before, after) in enumerate(pairwise([False, *dark, False])) if before != after]
    return list(zip(edges[::2], edges[1::2], strict=True))


def distance(seal: Seal, x: float, y: float) -> float:
    """How far a place is from the centre of a seal, in its radii."""
    return hypot(x - seal.x, y - seal.y) / seal.radius
