"""Where does a quoted passage stand in a text that was parsed or saved anew? One place or none, never a likely one.

Compared are letters and digits: line breaks, hyphens, soft breaks, tabs, bullets, quotation marks and the marks of Markdown
come and go between a Word file, its PDF and its text. What tells numbers apart ("1,5 %", "34/CT") stays. A few letters may
differ, a digit never; of equal passages the surroundings decide, and where they do not, the quote has no place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from thidua_kg.judgements.approximate import distance, near
from thidua_kg.judgements.records import Quote
from thidua_kg.model import Span

AROUND = 32  # characters of the text kept on either side of a quote
WIDEST = 256  # the same where the quote stands several times, so that its surroundings tell which it is
LONGEST = 600  # characters of a quote; a longer passage is told by its beginning
HEAD = 240  # characters that tell a task: what stands further in it may be edited
_TELLING = re.compile(r"[^\W_]|(?<=\d)[.,:](?=\d)|[%/]")
_DIGITS = re.compile(r"\d+")
_LONG = 40  # letters from which words speak for themselves, whatever stands around them
_SHORTEST_NEAR = 12  # letters; a shorter quote must stand as it is
_TOLERANCE = 0.15  # of the letters of a quote may differ
_MARGIN = 0.15  # by which the best place must lead
_HALF, _MOST, _ALL = (
    0.5,
    0.8,
    0.98,
)  # agreement of surroundings: of a quote in its old rank, of one that differs, of any other
_OCCURRENCES = 500  # of one quote in one text that are weighed


class Key(NamedTuple):
    """The telling characters of a text, and where each stands in it."""

    letters: str
    places: list[int]
    text: str


class Place(NamedTuple):
    """Where a quote stands: its span, and whether its words stand there unchanged."""

    span: Span
    exact: bool


class Lost(NamedTuple):
    """Why a quote has no place."""

    why: str


class _Candidate(NamedTuple):
    start: int
    end: int
    likeness: float  # 1 for the same letters
    before: float  # agreement of the surroundings, 0 to 1
    after: float

    @property
    def score(self) -> float:
        return self.likeness + (self.before + self.after) / 2


def key_of(text: str) -> Key:
    """The telling characters of a text in lower case: "Kế hoạch\\n số 34-KH/TW" is "kếhoạchsố34kh/tw"."""
    found = list(_TELLING.finditer(text))
    lower = "".join(m[0] for m in found).lower()
    if len(lower) != len(found):  # the few letters whose small form is longer keep their own
        lower = "".join(low if len(low := m[0].lower()) == 1 else m[0] for m in found)
    return Key(lower, [m.start() for m in found], text)


def quote_of(text: str, span: Span) -> Quote:
    """The passage of a text as a quote; its surroundings are as long as it takes to tell it from its like."""
    start, end = span[0], _at_word(text, span[0], min(span[1], span[0] + LONGEST))
    key = key_of(text)
    exact = text[start:end]
    pattern = key_of(exact).letters
    places = sorted(
        key.places[low] for low, _, _ in _copies(key, pattern, [*_exact(key, pattern), *_near(key, pattern)])
    )
    width = AROUND
    while len(places) > 1 and width < WIDEST:
        width *= 2
        if len(list(_occurrences(key, key_of(text[max(0, start - width) : end + width]).letters))) == 1:
            break
    return Quote(
        exact=exact,
        prefix=text[max(0, start - width) : start],
        suffix=text[end : end + width],
        nth=max(1, sum(place < end for place in places)),
        of=max(1, len(places)),
    )


def _at_word(text: str, start: int, end: int) -> int:
    """The end of a passage that is cut short, before the word that the cut would split."""
    cut = end
    while cut > start and text[cut - 1].isalnum() and text[cut : cut + 1].isalnum():
        cut -= 1
    return cut if cut > start else end


def spans_of(key: Key, words: str) -> list[Span]:
    """Every place where words stand in a text, compared as quotes are."""
    pattern = key_of(unicodedata.normalize("NFC", words)).letters
    return [_span(key, start, start + len(pattern)) for start in _occurrences(key, pattern)]


def locate(key: Key, quote: Quote) -> Place | Lost:
    """The one place of a quote in a text, or why there is none."""
    pattern, before, after = (
        key_of(unicodedata.normalize("NFC", part)).letters for part in (quote.exact, quote.prefix, quote.suffix)
    )
    if not pattern:
        return Lost("đoạn trích không có chữ nào")
    found = _exact(key, pattern)
    weighed = [_weighed(key, *one, before, after) for one in found]
    if not (_sure(weighed) and len(found) == quote.of):
        weighed += [_weighed(key, *one, before, after) for one in _copies(key, pattern, _near(key, pattern))]
    return _decided(key, quote, pattern, weighed)


_Match = tuple[int, int, float]  # from, to, and how alike the letters are


def _exact(key: Key, pattern: str) -> list[_Match]:
    return [(start, start + len(pattern), 1.0) for start in _occurrences(key, pattern)]


def _near(key: Key, pattern: str) -> list[_Match]:
    """Where the pattern stands but for a few letters."""
    if len(pattern) < _SHORTEST_NEAR:
        return []
    errors = int(len(pattern) * _TOLERANCE)
    return [(n.start, n.end, 1 - n.errors / len(pattern)) for n in near(key.letters, pattern, errors) if n.errors]


def _copies(key: Key, pattern: str, found: list[_Match]) -> list[_Match]:
    """Those with the numbers of the pattern: with another number it is another passage."""
    digits = _DIGITS.findall(pattern)
    return [one for one in found if _DIGITS.findall(key.letters[one[0] : one[1]]) == digits]


def _decided(key: Key, quote: Quote, pattern: str, found: list[_Candidate]) -> Place | Lost:
    """The candidate that the quote's letters and surroundings speak for, or why none is taken.

    Of words that stood several times the rank must bear it out; where they now stand less often, theirs may be the place lost.
    """
    copies = sorted(found)
    if not copies:
        return Lost("không còn đoạn này trong văn bản")
    best, *rest = sorted(copies, key=lambda c: -c.score)
    ranked = copies[quote.nth - 1] if len(copies) == quote.of else None
    if rest and best.score - rest[0].score < _MARGIN:
        if ranked is None or best.score - ranked.score >= _MARGIN or min(ranked.before, ranked.after) < _HALF:
            return Lost("nhiều đoạn giống nhau, không rõ đoạn nào")
        best = ranked
    if len(copies) < quote.of or ranked not in (None, best):
        return Lost("đoạn này có nhiều chỗ, và chỗ được xác nhận nay không rõ")
    if not _agrees(quote, pattern, best, settled=ranked is not None):
        return Lost("lời văn quanh đoạn này đã khác, không chắc là đoạn cũ")
    return Place(_span(key, best.start, best.end), best.likeness == 1)


def _agrees(quote: Quote, pattern: str, best: _Candidate, *, settled: bool) -> bool:
    """Whether the surroundings of the best place are those of the quote, as far as it takes to be sure.

    `settled` is whether the words stand as often as they did, this being their old rank.
    """
    least, most = sorted((best.before, best.after))
    if best.likeness < 1:
        return least >= _MOST and settled
    if settled:
        return most >= _HALF or (quote.of == 1 and len(pattern) >= _LONG)
    return least >= _ALL


def _sure(found: list[_Candidate]) -> bool:
    """Whether one exact place leaves nothing to look for: its like, with a few other letters, could not outweigh it."""
    if not found:
        return False
    best, *rest = sorted(found, key=lambda c: -c.score)
    agreed = min(best.before, best.after) >= 0.9
    return agreed and (not rest or best.score - rest[0].score >= _MARGIN)


def _occurrences(key: Key, pattern: str) -> Iterator[int]:
    """Where the letters stand as whole words, not as the end of one word and the beginning of another."""
    at, count = key.letters.find(pattern) if pattern else -1, 0
    while at >= 0 and count < _OCCURRENCES:
        first, last = key.places[at], key.places[at + len(pattern) - 1]
        if not _splits_word(key.text, first) and not _splits_word(key.text, last + 1):
            count += 1
            yield at
        at = key.letters.find(pattern, at + 1)


def _splits_word(text: str, at: int) -> bool:
    return text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()


def _span(key: Key, start: int, end: int) -> Span:
    return key.places[start], key.places[end - 1] + 1


def _weighed(key: Key, start: int, end: int, likeness: float, before: str, after: str) -> _Candidate:
    """How far the surroundings of a place agree with those of the quote."""
    left = key.letters[max(0, start - len(before)) : start]
    right = key.letters[end : end + len(after)]
    return _Candidate(start, end, likeness, _agreement(before[::-1], left[::-1]), _agreement(after, right))


def _agreement(expected: str, found: str) -> float:
    """How far two stretches agree, read from the quote outwards: by their common beginning, or but for a few letters."""
    if not expected:  # the quote stood at the edge of its text
        return _HALF if found else 1.0
    run = next(
        (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), min(len(expected), len(found))
    )
    likeness = 1 - distance(expected, found) / len(expected)
    return max(run / len(expected), likeness if likeness >= _HALF else 0.0)
