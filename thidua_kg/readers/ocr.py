"""Recognition of scanned pages by Tesseract, the words with their boxes and how sure each is.

Tesseract runs as a process of its own, a page each, several at once. Images go in and words come out through pipes: no
file holds a page's content, since a secret document must leave no trace. What it reads is kept as it reads it; slips in
symbols ("Sô:", "O" for "0") are left to the finders, which report them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import msgspec

from thidua_kg.model import Furniture
from thidua_kg.readers.bitmap import Image
from thidua_kg.readers.page import Page, Rule, Word, around, middle, printed, stretches, surer
from thidua_kg.readers.under_seal import Signed, read_under_seal

LIMIT = 120.0  # seconds that one page may take
_SURE = 0.6  # a line whose surest word is less is a stain
_SEEN = 0.85  # the same for what is read below a seal, where most is drawing
_LOW = 0.75  # mean of a page below which a person should look
_SYSTEMS = {
    "win32": "hãy cài Tesseract cho Windows, chọn thêm tiếng Việt (Vietnamese)",
    "darwin": "hãy cài: brew install tesseract tesseract-lang",
}
_DEBIAN = "hãy cài: sudo apt-get install tesseract-ocr tesseract-ocr-vie"
_MARKS = frozenset(("MẬT", "TỐI", "TUYỆT", "HỎA", "KHẨN"))
_DRAWN = re.compile(r"[|¦—_`ˆ^~'\"°£¬=<>«»\\]+")  # what lines and specks are taken for
_QUIET = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # no console window on Windows
_TURN = re.compile(rb"Rotate: (\d+)")
_ORIENTATION = re.compile(rb"Orientation confidence: ([\d.]+)")


class Recognised(msgspec.Struct, frozen=True):
    """The pages that were read, and what to know of them."""

    pages: tuple[Page, ...]
    warnings: tuple[str, ...]


class _Found(msgspec.Struct, frozen=True):
    """What one run of Tesseract saw: the words of each stretch of a line, and areas without words, in dots."""

    lines: list[list[Word]]
    blanks: list[tuple[int, int, int, int]]


def missing() -> str | None:
    """What to install where recognition cannot run, None where it can."""
    program = _program()
    if program is not None:
        done = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=30, check=False, creationflags=_QUIET
        )
        if b"vie" in done.stdout.split():
            return None
    return f"để đọc bản quét, {_SYSTEMS.get(sys.platform, _DEBIAN)}"


def recognise(images: Iterable[tuple[int, Image | None]]) -> Recognised:
    """The pages drawn in `images`, by number, in order; they are drawn one after the other and read side by side."""
    workers = max(1, os.cpu_count() or 1)
    pages: list[Page] = []
    failed: list[int] = []
    waiting: deque[tuple[int, Future[Page | None]]] = deque()

    def take() -> None:
        number, future = waiting.popleft()
        page = future.result()
        if page is None:
            failed.append(number)
        else:
            pages.append(page)

    with ThreadPoolExecutor(workers) as pool:
        for number, image in images:
            waiting.append((number, pool.submit(read_page, number, image)))
            if len(waiting) > workers + 1:
                take()
        while waiting:
            take()
    return Recognised(tuple(pages), tuple(_warnings(pages, failed)))


def _warnings(pages: list[Page], failed: list[int]) -> Iterator[str]:
    means = {page.number: sureness(page) for page in pages if page.words}
    if means:
        mean = sum(means.values()) / len(means)
        yield f"{len(means)} trang là bản quét, chữ do máy nhận dạng (độ tin cậy trung bình {mean:.0%})"
    yield from (f"trang {page.number}: {remark}" for page in pages for remark in page.remarks)
    low = [f"{number} ({mean:.0%})" for number, mean in means.items() if mean < _LOW]
    if low:
        yield f"trang {', '.join(low)}: nhận dạng kém, cần so lại với bản gốc"
    if failed:
        yield f"trang {', '.join(map(str, failed))}: không nhận dạng được (quá {LIMIT:.0f} giây hoặc ảnh hỏng)"


def sureness(page: Page) -> float:
    """The mean confidence of the words of a page."""
    sure = [word.confidence or 0.0 for word in page.words]
    return sum(sure) / len(sure) if sure else 0.0


def read_page(number: int, image: Image | None) -> Page | None:
    """One page; None where Tesseract fails or takes too long. A page that lies on its side is turned first."""
    if image is None or not image.pixels:
        return None
    end = monotonic() + LIMIT
    try:
        page = _read(number, image, 0, end)
        if len(page.words) < 8 or sureness(page) < _SURE:
            turn = _turn(image, end)
            other = _read(number, image.turned(turn), turn, end) if turn else page
            page = other if sureness(other) > sureness(page) else page
    except (subprocess.SubprocessError, OSError, ValueError):
        return None
    return page


def _read(number: int, image: Image, turn: int, end: float) -> Page:
    """The words of an upright image: of the whole page first, then of the areas that a seal or a drawing hides."""
    found = _found(_tesseract(image, 3, end, "tsv"), image)
    words = [word for line in found.lines if _is_text(line) for word in line if _is_word(word)]
    signed = read_under_seal(
        image, words, lambda part, layout: _found(_tesseract(part, layout, end, "tsv"), part).lines
    )
    for blank in () if signed else found.blanks:
        words = surer(words, _below_seal(image, blank, end, 1.6 * middle([word.height for word in words], 50.0)))
    words = signed.words if signed else words
    scale = 72 / image.dots
    page = Page(
        number=number,
        width=image.width * scale,
        height=image.height * scale,
        words=tuple(_scaled(word, scale) for word in words),
        rules=tuple(Rule(*(side * scale for side in box)) for box in image.strokes()),
        turn=turn,
        exact=False,
    )
    return _remarked(page, signed, scale) if signed else page


def _remarked(page: Page, signed: Signed, scale: float) -> Page:
    """The page with what is in doubt under its seal kept apart."""
    doubtful = [_scaled(word, scale) for word in signed.doubtful]
    pieces = [Furniture(kind="stamp", text=printed(doubtful), place=page.place(around(doubtful)))] if doubtful else []
    return msgspec.structs.replace(page, furniture=(*page.furniture, *pieces), remarks=signed.remarks)


# --- the program


def _program() -> str | None:
    """Where Tesseract is: as `THIDUA_TESSERACT` says ("" leaves it out), on the path, or where its installer puts it."""
    named = os.environ.get("THIDUA_TESSERACT")
    if named is not None:
        return shutil.which(named) if named else None
    found = shutil.which("tesseract")
    if found or sys.platform != "win32":
        return found
    roots = [os.environ.get(name) for name in ("LOCALAPPDATA", "PROGRAMFILES")]
    places = [
        Path(root, *more, "Tesseract-OCR", "tesseract.exe") for root in roots if root for more in ((), ("Programs",))
    ]
    return next((str(place) for place in places if place.is_file()), None)


def _tesseract(image: Image, layout: int, end: float, *more: str) -> bytes:
    """What Tesseract prints for an image; `layout` is its page segmentation mode."""
    program = _program()
    if program is None:
        raise FileNotFoundError("tesseract")
    languages = "osd" if layout == 0 else "vie"
    command = [
        program,
        "stdin",
        "stdout",
        "-l",
        languages,
        "--psm",
        str(layout),
        "--dpi",
        str(round(image.dots)),
        *more,
    ]
    done = subprocess.run(
        command,
        input=image.bmp(),
        capture_output=True,
        timeout=max(end - monotonic(), 0.1),
        check=layout != 0,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # pages run side by side, so each keeps to one core
        creationflags=_QUIET,
    )
    return bytes(done.stdout + (done.stderr if layout == 0 else b""))


def _turn(image: Image, end: float) -> int:
    """The quarter turns clockwise that set a page upright, 0 where that is not sure."""
    said = _tesseract(image, 0, end)
    degrees, sure = _TURN.search(said), _ORIENTATION.search(said)
    return int(degrees[1]) // 90 % 4 if degrees and sure and float(sure[1]) > 1 else 0


def _found(table: bytes, image: Image, most: float = float("inf")) -> _Found:
    """The rows of Tesseract's table: page, block, paragraph, line and word with box, confidence and text."""
    lines: dict[tuple[str, ...], list[Word]] = defaultdict(list)
    blocks: dict[str, tuple[int, int, int, int]] = {}
    worded: set[str] = set()
    for row in table.decode("utf-8", "replace").splitlines()[1:]:
        fields = row.split("\t")
        if len(fields) != 12:
            continue
        left, top, width, height = map(int, fields[6:10])
        if fields[0] == "2":
            blocks[fields[2]] = left, top, left + width, top + height
        text = "".join(fields[11].split())
        if fields[0] == "5" and text:
            sure = max(0.0, min(1.0, float(fields[10]) / 100))
            lines[tuple(fields[2:5])].append(Word(text, left, top, left + width, top + height, round(sure, 2)))
            worded.add(fields[2])
    inch = image.dots
    blanks = [
        box
        for number, box in blocks.items()
        if number not in worded and box[2] - box[0] > 0.5 * inch and box[3] - box[1] > 0.25 * inch
    ]
    return _Found(list(_levelled(lines.values(), most)), blanks)


# --- words and stains


def _is_text(line: list[Word]) -> bool:
    """Whether a line is printed text: one of its words with a letter or figure is sure. A secrecy mark always is."""
    return any(word.text.strip(".,:") in _MARKS for word in line) or any(
        (word.confidence or 0) >= _SURE for word in line if any(map(str.isalnum, word.text))
    )


def _is_word(word: Word) -> bool:
    """Whether a word is more than a stain or a drawn line: marks alone must be sure."""
    if any(map(str.isalnum, word.text)):
        return True
    return (word.confidence or 0) >= _SURE and not _DRAWN.fullmatch(word.text)


def _below_seal(image: Image, box: tuple[int, int, int, int], end: float, most: float) -> list[Word]:
    """The words in and around an area where the first run saw a picture: names and offices below a seal.

    They are bold, and the seal is drawn in thin lines: without these first, then as the area stands.
    """
    left, top, right, bottom = box
    inch = round(image.dots)
    left, top = max(left - inch // 10, 0), max(top - inch // 4, 0)
    right, bottom = min(right + inch, image.width), min(bottom + inch // 6, image.height)
    part = image.cropped(left, top, right, bottom)
    seen: list[Word] = []
    for shown in (part.bolder(max(2, inch // 100)), part):
        found = _found(_tesseract(shown, 6, end, "tsv"), shown, most)
        seen = surer(seen, [word for line in found.lines if _is_seen(line) for word in line if _is_lettered(word)])
    return [
        msgspec.structs.replace(
            word, left=word.left + left, top=word.top + top, right=word.right + left, bottom=word.bottom + top
        )
        for word in seen
    ]


def _is_seen(line: list[Word]) -> bool:
    """Whether a line below a seal is printed text: one of its words is very sure."""
    return any((word.confidence or 0) >= _SEEN and sum(map(str.isalpha, word.text)) > 1 for word in line)


def _is_lettered(word: Word) -> bool:
    """Whether a word is mostly letters. One that is not sure stays: a name without its first part is another's name."""
    letters = sum(map(str.isalpha, word.text))
    return letters > 1 and 2 * letters >= len(word.text)


def _levelled(lines: Iterable[list[Word]], most: float) -> Iterator[list[Word]]:
    """The stretches of each line, all words as high as their stretch: recognised boxes are as high as their letters.

    None is higher than `most`: what a seal adds to a line makes no large type.
    """
    for line in lines:
        for part in stretches(sorted(line, key=lambda word: word.left)):
            plain = [word for word in part.words if len(word.text) > 1] or list(part.words)
            bottom, height = middle([word.bottom for word in plain], 0), middle([word.height for word in plain], 0)
            top = bottom - min(height, most)
            yield [msgspec.structs.replace(word, top=top, bottom=bottom) for word in part.words]


def _scaled(word: Word, scale: float) -> Word:
    return msgspec.structs.replace(
        word, left=word.left * scale, top=word.top * scale, right=word.right * scale, bottom=word.bottom * scale
    )
