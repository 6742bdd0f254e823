"""The text of a source: NFC, with an exact way back to the characters it was made from.

Everything downstream counts in code points of `Text.value`. Only `normalize` changes characters: line ends become "\\n"
and the text becomes NFC; `Text.home` says where a position lies in the string before that.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import msgspec

from thidua_kg.model import Span

_LINE_ENDS = re.compile(r"\r\n?")


class Text(msgspec.Struct, frozen=True):
    """NFC text and the runs where it departs from the string it was made from.

    `starts[i]` is a position in `value` and `sources[i]` the one it came from; between two entries both run in step.
    """

    value: str
    starts: array[int]
    sources: array[int]

    def home(self, position: int) -> int:
        """The position before normalisation of `position`: for "e\\u0301a", `home(1) == 2`."""
        run = bisect_right(self.starts, position) - 1
        return self.sources[run] + position - self.starts[run]

    def at(self, home: int) -> int:
        """The position in `value` of a position before normalisation, the way back of `home`."""
        run = bisect_right(self.sources, home) - 1
        if run < 0:
            return 0
        position = self.starts[run] + home - self.sources[run]
        return min(position, self.starts[run + 1]) if run + 1 < len(self.starts) else position

    def home_span(self, span: Span) -> Span:
        """The span before normalisation, half open as ever."""
        return self.home(span[0]), self.home(span[1])


def normalize(raw: str) -> Text:
    """`raw` as NFC with "\\n" line ends, in linear time; a byte order mark at the start is dropped.

    Text that is NFC already, as nearly all is, costs one scan.
    """
    pattern = _changing() if not unicodedata.is_normalized("NFC", raw) else _LINE_ENDS
    starts, sources = array("q", [0]), array("q", [0])
    parts: list[str] = []
    done = length = 0
    if raw.startswith("\ufeff"):
        done = sources[0] = 1
    composed: dict[str, str] = {}  # a language uses few distinct clusters: each is normalised once
    for match in pattern.finditer(raw, done):
        old = match[0]
        new = composed.get(old)
        if new is None:
            new = composed[old] = "\n" if old[0] == "\r" else unicodedata.normalize("NFC", old)
        if new == old:
            continue
        parts += (raw[done : match.start()], new)
        length += match.start() - done
        done = match.end()
        for _ in new:  # inside what was composed, every place but the first comes home to its end
            length += 1
            starts.append(length)
            sources.append(done)
    return Text("".join((*parts, raw[done:])), starts, sources)


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """The place of a position as people count it, both from 1: `line_and_column("a\\nbc", 3) == (2, 2)`."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def places(text: str, words: Iterable[str]) -> list[int]:
    """Where any of these words stands, in order: for few words plain look-ups are several times faster than a pattern."""
    found: list[int] = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            found.append(at)
            at = text.find(word, at + 1)
    return sorted(found)


def matches_at(
    pattern: re.Pattern[str], text: str, starts: Iterable[int], end: int | None = None
) -> Iterator[re.Match[str]]:
    """What `pattern.finditer` gives before `end`, tried at these places only: fast where they are found otherwise."""
    reached, end = 0, len(text) if end is None else end
    for at in starts:
        if at >= reached and (match := pattern.match(text, at, end)):
            reached = match.end()
            yield match


def fold_space(text: str) -> str:
    """The words of `text` with one space between them, as a quotation is printed on one line."""
    return " ".join(text.split())


@cache
def _changing() -> re.Pattern[str]:
    """Runs that NFC may change: a character with the marks after it, or one that NFC replaces by itself.

    A mark is what can be the second half of a composed character or has a combining class; both sets come from
    Python's own Unicode tables, so they agree with `unicodedata.normalize`. Built only when a text needs it.
    """
    marks, alone = [], []
    for code in range(0x80, sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.combining(char) or (0x1160 <= code <= 0x11FF):
            marks.append(code)
        elif unicodedata.decomposition(char) and unicodedata.normalize("NFC", char) != char:
            alone.append(code)
    seconds = set()
    for code in range(0x80, sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(int(parts[1], 16))
    mark = _char_class(sorted(seconds.union(marks)))
    return re.compile(rf"\r\n?|[^\r]?{mark}+|{_char_class(alone)}")


def _char_class(codes: list[int]) -> str:
    """A regular expression class of the code points, neighbours joined into ranges."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "]"


_NO_LETTERS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=16_384)  # a document names the same few bodies again and again
def slug(text: str) -> str:
    """ASCII letters, digits and hyphens for an identifier: `slug("Ủy ban nhân dân tỉnh") == "uy-ban-nhan-dan-tinh"`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NO_LETTERS.sub("-", plain).strip("-")
