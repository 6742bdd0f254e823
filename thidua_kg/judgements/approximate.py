"""Where does a string occur, give or take a few letters? G. Myers' bit-parallel search (JACM 46:3, 1999) on Python integers.

A column of the edit-distance table is two integers, so a step costs a few operations on numbers of the pattern's length.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

PIECE = 8  # letters; of a pattern with few enough errors, one piece of this length is unharmed
_HITS = 64  # occurrences of one piece that are looked at


class Near(NamedTuple):
    """A stretch of the text and how many letters differ from the pattern."""

    start: int
    end: int
    errors: int


def distance(a: str, b: str) -> int:
    """The number of letters to change, add or drop between two strings: `distance("khen", "khem") == 1`."""
    if not a or not b:
        return len(a) + len(b)
    *_, last = (score for _, score in _columns(b, a, anchored=True))
    return last


def near(text: str, pattern: str, errors: int) -> list[Near]:
    """The stretches of `text` within `errors` of `pattern`, each the best of its neighbourhood, in text order."""
    found: list[Near] = []
    for low, high in _windows(text, pattern, errors):
        best: tuple[int, int] | None = None
        for end, score in _columns(text[low:high], pattern, anchored=False):
            if score <= errors and (best is None or end - best[0] > len(pattern) // 2 or score < best[1]):
                if best is not None and end - best[0] > len(pattern) // 2:
                    found.append(_whole(text, pattern, low + best[0], best[1]))
                best = (end, score)
        if best is not None:
            found.append(_whole(text, pattern, low + best[0], best[1]))
    return found


def _whole(text: str, pattern: str, end: int, errors: int) -> Near:
    """The stretch that ends at `end`: its beginning is where the reversed pattern, laid from there, fits best."""
    reverse = text[max(0, end - len(pattern) - errors) : end][::-1]
    length, score = min(_columns(reverse, pattern[::-1], anchored=True), key=lambda step: (step[1], -step[0]))
    return Near(end - length, end, score)


def _columns(text: str, pattern: str, *, anchored: bool) -> Iterator[tuple[int, int]]:
    """After each letter of `text`: how many were read, and the errors of `pattern` against the best stretch ending there.

    `anchored` stretches begin at the beginning of `text`.
    """
    masks: dict[str, int] = {}
    for i, letter in enumerate(pattern):
        masks[letter] = masks.get(letter, 0) | 1 << i
    full, last = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    plus, minus, score, first = full, 0, len(pattern), int(anchored)
    for read, letter in enumerate(text, start=1):
        equal = masks.get(letter, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        up = minus | (~(horizontal | plus) & full)
        down = plus & horizontal
        if up & last:
            score += 1
        elif down & last:
            score -= 1
        up = (up << 1 | first) & full
        down = (down << 1) & full
        plus = down | (~(vertical | up) & full)
        minus = up & vertical
        yield read, score


def _windows(text: str, pattern: str, errors: int) -> list[tuple[int, int]]:
    """The parts of the text around places that share a piece with the pattern, joined where they meet."""
    around: list[tuple[int, int]] = []
    for offset in range(0, max(1, len(pattern) - PIECE + 1), PIECE):
        piece = pattern[offset : offset + PIECE]
        at = text.find(piece)
        for _ in range(_HITS):
            if at < 0:
                break
            low = max(0, at - offset - errors)
            around.append((low, min(len(text), at - offset + len(pattern) + errors)))
            at = text.find(piece, at + 1)
    joined: list[tuple[int, int]] = []
    for low, high in sorted(around):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined
