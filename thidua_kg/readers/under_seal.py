"""What is printed under a seal: the offices above a signature and the signer's name below it, read a second time.

The seal is taken away, the line of the name is cut out and looked at in several ways; what most looks agree on is read.
The seal lies over the beginning of the name, which is a family name, and of these there are few: where the looks leave
one only, it is taken, and a remark says so. A name with another word in doubt is left out: no name is better than a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from thidua_kg.readers.bitmap import Image
from thidua_kg.readers.page import Word, overlap, surer
from thidua_kg.readers.seal import INK, Seal, distance, seal_of, without_seal
from thidua_kg.readers.syllables import is_syllable
from thidua_kg.vocab import FamilyName, table

Look = Callable[[Image, int], list[list[Word]]]  # an image and a page segmentation mode of Tesseract to its lines
Box = tuple[int, int, int, int]

_AREA = (
    1.2,
    2.4,
    3.2,
    1.9,
)  # radii to the left of a seal's centre, above, to the right and below, where its signature is
_ABOVE, _BELOW = 0.45, 0.45  # radii from its centre, beyond which offices and names stand
_FREE = 1.12  # radii from its centre, where its drawing ends
_LINE, _BLOCK = 7, 6  # page segmentation modes: one line, one block
_HEIGHT = 0.06, 0.37  # inches that a line of a name may be high
_GAP = 0.035  # inches between a letter and the dot below it
_MARGINS = 0.03, 0.05  # inches above and below a line that are looked at with it
_SURE, _VERY_SURE = 0.5, 0.85  # means of the looks at a word of a name; words under the seal that stay
_VOTES = 3  # looks that must tell a family name
_LONGEST = 5  # words of a name
_SIGNS = re.compile(r"N[oơ]i nh[aâậ]n|(?:^| )(?:(?:KT|TM|TL|TUQ)[.,]|[KT]/[TML])")  # "Nơi nhận:", "KT."
_OFFICE_WORDS = """
BỘ TRƯỞNG THỨ THỦ TƯỚNG PHÓ CHỦ TỊCH NHIỆM GIÁM ĐỐC CHÁNH VĂN PHÒNG ỦY BAN NHÂN DÂN TỔNG CỤC VỤ BÍ THƯ QUYỀN
"""
_OFFICES = tuple(_OFFICE_WORDS.split())
_CAPACITIES = ("KT", "TM", "TL", "TUQ")
_NAME_WORD = re.compile(r"\W*(?P<word>[^\W\d_]+)\.?")


class Signed(msgspec.Struct, frozen=True):
    """The words of a page after the second look, those that stay in doubt, and what a person should know of them."""

    words: list[Word]
    doubtful: tuple[Word, ...] = ()
    remarks: tuple[str, ...] = ()


class Name(msgspec.Struct, frozen=True):
    """A person's name as most looks read it; `repaired` where its family name was found by the table of these."""

    words: tuple[str, ...]
    confidences: tuple[float, ...]
    repaired: bool = False


def read_under_seal(image: Image, words: list[Word], look: Look) -> Signed | None:
    """The words with those under the seal of a signature; None where there is no such seal.

    Where no name can be read for sure, what the first look made of its line is taken out of them.
    """
    if not _SIGNS.search(" ".join(word.text for word in words)):
        return None
    seal = seal_of(image)
    if seal is None:
        return None
    box = _area(image, seal)
    part = image.cropped(*box)
    seal_there = Seal(seal.x - box[0], seal.y - box[1], seal.radius)
    clean = part if image.coloured else without_seal(part, seal_there)
    offices = [_moved(word, box) for word in _offices(clean, seal_there, look)]
    lines = [*_lines(part, seal_there, round(seal_there.y + _BELOW * seal_there.radius), part.height)]
    for line in lines:
        looks = [list(_words(look, view, where)) for view, where in _views(clean, line)]
        name = name_of([[(word.text, word.confidence or 0.0) for word in words] for words in looks])
        if name is not None:
            found = [*offices, *(_moved(word, box) for word in _placed(name, looks))]
            kept = list(_outside(words, found, [_shifted(line, box)], seal))
            return Signed([*kept, *found], remarks=_remarks(name))
    names = [place for line in lines if _may_be_name(words, place := _shifted(line, box), seal)]
    kept = list(_outside(words, offices, names, seal))
    doubtful = tuple(word for word in words if word not in kept and word.bottom > seal.y)
    return Signed([*kept, *offices], doubtful, _remarks(None) if doubtful or offices else ())


def _shifted(line: Box, box: Box) -> Box:
    return line[0] + box[0], line[1] + box[1], line[2] + box[0], line[3] + box[1]


def name_of(readings: list[list[tuple[str, float]]]) -> Name | None:
    """The name that several readings of one line agree on, from its last word to a family name; None where they do not.

    `[[("“Ñguyễn", 0.4), ("Sỹ", 0.9), ("Hiệp", 0.9)], …]` is "Nguyễn Sỹ Hiệp".
    """
    agreed: list[tuple[str, float]] = []
    while len(agreed) < _LONGEST:
        found = _agreed(
            [reading[-1 - len(agreed)] for reading in readings if len(reading) > len(agreed)], len(readings)
        )
        if found is None:
            break
        agreed.append(found)
    words, sure = tuple(text for text, _ in reversed(agreed)), tuple(sure for _, sure in reversed(agreed))
    before = [reading[-1 - len(agreed)][0] for reading in readings if len(reading) > len(agreed)]
    if len(agreed) > 1 and words[0] in _families():
        return Name(words, sure) if _is_whole(words, before, len(readings)) else None
    family = _family(before) if 0 < len(agreed) < _LONGEST else None
    if family is None:
        return None
    return Name((family[0], *words), (min(family[1] / len(readings), _SURE), *sure), repaired=True)


def _is_whole(words: tuple[str, ...], before: list[str], readings: int) -> bool:
    """Whether nothing of a name is lost before its first word: many a middle name is a family's, too."""
    letters = sum(any(map(str.isalpha, text)) for text in before)
    return letters < _SURE * readings or (len(words) > 2 and words[0] in _families(common=True))


def _agreed(seen: list[tuple[str, float]], readings: int) -> tuple[str, float] | None:
    """The word of a name that the looks are sure of, and how much."""
    weights: Counter[str] = Counter()
    for text, sure in seen:
        if (match := _NAME_WORD.fullmatch(text)) and match["word"].istitle() and is_syllable(match["word"]):
            weights[match["word"]] += sure  # type: ignore[assignment]
    if not weights:
        return None
    word, weight = max(weights.items(), key=lambda pair: (pair[1], pair[0]))
    return (word, round(weight / readings, 2)) if weight >= _SURE * readings else None


def _family(seen: list[str]) -> tuple[str, int] | None:
    """The family name that enough looks come near to, and how many do; None where others are as near."""
    votes = Counter(name for text in seen if (name := nearest_family(text)))
    if not votes:
        return None
    name, count = max(votes.items(), key=lambda pair: (pair[1], pair[0]))
    return (name, count) if count >= _VOTES and count > 2 * (sum(votes.values()) - count) else None


def nearest_family(text: str) -> str | None:
    """The one common family name that a misread word comes near to: one letter away, diacritics aside; None where two do.

    `nearest_family("“Ñguyễn") == "Nguyễn"`; a short name must be read letter by letter.
    """
    word = _bare(_last_word(text))
    apart = {name: _apart(word, _bare(name)) for name in _families(common=True)}
    least = min(apart.values())
    nearest = [name for name, steps in apart.items() if steps == least and steps <= (len(name) > 3)]
    return nearest[0] if len(nearest) == 1 else None


def _last_word(text: str) -> str:
    """The last letters of a reading that a name's word may be: "ssTtần" ends in "Ttần", what is before is drawing."""
    letters = "".join(filter(str.isalpha, text))
    capitals = letters.rstrip("".join(filter(str.islower, letters)))
    start = len(capitals)
    while start and letters[start - 1].isupper():
        start -= 1
    return letters[start:]


@cache
def _families(*, common: bool = False) -> frozenset[str]:
    return frozenset(row.name for row in table("family_names", FamilyName) if row.common or not common)


def _bare(word: str) -> str:
    parts = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _apart(one: str, other: str) -> int:
    """0 where two words are the same, 1 where one letter is added, dropped or changed, else 2."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > 1:
        return 2
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    tails = (one[start + 1 :], other[start + 1 :]), (one[start:], other[start + 1 :]), (one[start + 1 :], other[start:])
    return 1 if any(a == b for a, b in tails) else 2


# --- the places of lines


def _area(image: Image, seal: Seal) -> Box:
    """The part of a page that a seal's signature stands in: left, top, right, bottom."""
    left, above, right, below = (reach * seal.radius for reach in _AREA)
    return (
        max(round(seal.x - left), 0),
        max(round(seal.y - above), 0),
        min(round(seal.x + right), image.width),
        min(round(seal.y + below), image.height),
    )


def _lines(part: Image, seal: Seal, top: int, bottom: int) -> Iterator[Box]:
    """The lines between two rows of dots, seen where a seal's drawing ends: at the right of it."""
    low, high = (share * part.dots for share in _HEIGHT)
    found: list[list[int]] = []
    for y in (y for y in range(top, bottom) if _inked_beside(part, seal, y)):
        if found and y - found[-1][1] <= _GAP * part.dots:
            found[-1][1] = y + 1
        else:
            found.append([y, y + 1])
    yield from ((0, start, part.width, end) for start, end in found if low <= end - start <= high)


def _inked_beside(part: Image, seal: Seal, y: int) -> bool:
    """Whether a row of dots has ink at the right of a seal."""
    half = max((_FREE * seal.radius) ** 2 - (y - seal.y) ** 2, 0) ** 0.5
    left = min(round(seal.x + half), part.width)
    return sum(grey < INK for grey in part.pixels[y * part.width + left : (y + 1) * part.width]) > 2


def _views(clean: Image, line: Box) -> Iterator[tuple[Image, Box]]:
    """A line with little and with more room around it, at two sizes, its thin strokes kept and dropped."""
    left, top, right, bottom = line
    for share in _MARGINS:
        room = round(share * clean.dots)
        box = left, max(top - room, 0), right, min(bottom + room, clean.height)
        part = clean.cropped(*box)
        bold = part.bolder(max(2, round(clean.dots) // 100))
        for view in (part, part.smaller(), part.bolder(2), bold, bold.smaller()):
            yield view, box


# --- words


def _words(look: Look, view: Image, box: Box) -> Iterator[Word]:
    """The words that a look at a part of the page sees, at their places; drawn lines after the last are none."""
    scale = (box[2] - box[0]) / max(view.width, 1)
    words = [word for row in look(view, _LINE) for word in row]
    while words and not any(map(str.isalpha, words[-1].text)):
        words.pop()
    for word in words:
        left, top, right, bottom = (side * scale for side in (word.left, word.top, word.right, word.bottom))
        yield _moved(msgspec.structs.replace(word, left=left, top=top, right=right, bottom=bottom), box)


def _placed(name: Name, looks: list[list[Word]]) -> list[Word]:
    """The words of a name at the places where the look that reads most of them sees them."""
    ends = [words[-len(name.words) :] for words in looks]
    best = max(
        (words for words in ends if len(words) == len(name.words)),
        key=lambda words: sum(word.text == text for word, text in zip(words, name.words, strict=True)),
        default=[],
    )
    return [
        msgspec.structs.replace(word, text=text, confidence=sure)
        for word, text, sure in zip(best, name.words, name.confidences, strict=bool(best))
    ]


def _offices(clean: Image, seal: Seal, look: Look) -> list[Word]:
    """The words in capitals above a seal's centre, each as the look that is surest of it: "KT. BỘ TRƯỞNG"."""
    above = clean.cropped(0, 0, clean.width, max(round(seal.y - _ABOVE * seal.radius), 1))
    found: list[Word] = []
    for view in (above, above.bolder(2), above.bolder(max(2, round(clean.dots) // 100))):
        found = surer(found, [word for row in look(view, _BLOCK) for word in _capitals(row)])
    return [msgspec.structs.replace(word, text=_office_word(word.text)) for word in found]


def _capitals(row: list[Word]) -> list[Word]:
    """The words of a line in capitals, from the first one that is sure; none where none of them is very sure."""
    sure = [_is_capital(word) and (word.confidence or 0.0) >= _SURE for word in row]
    if not any(_is_capital(word) and (word.confidence or 0.0) >= _VERY_SURE for word in row):
        return []
    return [word for word in row[sure.index(True) :] if _is_capital(word) and (word.confidence or 0.0) >= _SURE]


def _is_capital(word: Word) -> bool:
    letters = [c for c in word.text if c.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _office_word(text: str) -> str:
    """A word of an office with what the seal hid of it, where its letters are those of one word only: "NHIÊM" is "NHIỆM"."""
    letters = text.strip("".join(c for c in text if not c.isalpha()))
    if letters in _CAPACITIES:
        return f"{letters}."
    same = [word for word in _OFFICES if _bare(word) == _bare(letters)]
    return (same[0] if len(same) == 1 else letters) + ("," if text.endswith(",") else "")


def _outside(words: list[Word], found: list[Word], names: list[Box], seal: Seal) -> Iterator[Word]:
    """The words of the first look that are neither the seal's letters nor on a line of the name, nor found since."""
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        doubtful = (word.confidence or 0.0) < _VERY_SURE
        hidden = distance(seal, x, y) < _FREE and doubtful
        named = any(_is_on(word, name, seal) for name in names)
        if not (hidden or named or any(overlap(word, other) > 0.3 for other in found)):
            yield word


def _is_on(word: Word, line: Box, seal: Seal) -> bool:
    """Whether a word stands on a line, in the seal or at the right of it."""
    beside = (word.left + word.right) / 2 > seal.x - _FREE * seal.radius
    return beside and line[1] <= (word.top + word.bottom) / 2 <= line[3]


def _may_be_name(words: list[Word], line: Box, seal: Seal) -> bool:
    """Whether the first look saw no more on a line than the words of a name."""
    seen = [word.text for word in words if _is_on(word, line, seal) and any(map(str.isalpha, word.text))]
    return len(seen) <= _LONGEST and not any(text.islower() and is_syllable(text) for text in seen)


def _moved(word: Word, box: Box) -> Word:
    left, top, *_ = box
    return msgspec.structs.replace(
        word, left=word.left + left, top=word.top + top, right=word.right + left, bottom=word.bottom + top
    )


def _remarks(name: Name | None) -> tuple[str, ...]:
    if name is None:
        return ("tên người ký bị con dấu che, máy không đọc chắc; cần xem bản gốc",)
    if not name.repaired:
        return ()
    return (f"họ của người ký “{' '.join(name.words)}” bị con dấu che, lấy theo bảng họ; cần so lại với bản gốc",)
