"""Words that a PDF prints in pieces, put together again: "ĐIỀ U KHO ẢN" is "ĐIỀU KHOẢN".

A space that shows no gap is none. A gap narrower than the line's usual ones joins its pieces where they make one
Vietnamese syllable; a usual gap never does.
"""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from thidua_kg.readers.page import Word, middle
from thidua_kg.readers.syllables import is_syllable

_NONE, _NARROW = 0.03, 0.6  # no gap, in heights of a line; a narrow gap, in usual gaps of the line
_USUAL = 0.2  # the usual gap where a line has too few words: a space of most types is 0.25 of their size
_SHORTEST = 0.12
_CLOSING = re.compile(r"[.,;:)]{1,2}")
_CUT = 0.4  # heights of a line between two pieces that recognition made of one word


def joined(row: list[Word], exact: bool) -> list[Word]:
    """The words of one line, pieces of a word put together; of recognised words (not `exact`) only what is no syllable."""
    if len(row) < 2:
        return row
    if not exact:
        return _recognised(row)
    gaps = [(right.left - left.right) / right.height for left, right in pairwise(row)]
    usual = max(middle([gap for gap in gaps if _SHORTEST < gap < 1], _USUAL), _USUAL)
    if min(gaps) > _NARROW * usual:
        return row
    done = [row[0]]
    for gap, word in zip(gaps, row[1:], strict=True):
        if not word.raised and -0.5 < gap < _NARROW * usual and _one_word(done[-1], word, gap):
            done[-1] = _both(done[-1], word)
        else:
            done.append(word)
    return done


def wrapped(lines: list[list[Word]]) -> list[Word]:
    """The words of the lines of a table's cell; a word that its narrow column broke goes on without a space."""
    done: list[Word] = []
    for line in lines:
        if done and line:
            above, below = done[-1].text, line[0].text
            whole = is_syllable(above + below.rstrip(",.;:")) and not (is_syllable(above) and is_syllable(below))
            glued = whole or _CLOSING.fullmatch(below) is not None
            done += [msgspec.structs.replace(line[0], glued=glued), *line[1:]]
        else:
            done += line
    return done


def _recognised(row: list[Word]) -> list[Word]:
    """The words with those joined that recognition cut: "TRƯỞN G"."""
    done = [row[0]]
    for word in row[1:]:
        last = done[-1]
        pieces = last.text, word.text.rstrip(",.;:")
        near = word.left - last.right < _CUT * word.height
        if near and not all(map(is_syllable, pieces)) and is_syllable("".join(pieces)):
            done[-1] = _both(last, word)
        else:
            done.append(word)
    return done


def _one_word(left: Word, right: Word, gap: float) -> bool:
    """Whether two pieces with so narrow a gap are one word."""
    if left.raised or abs(left.height - right.height) > 0.2 * right.height:
        return False
    letters = re.search(r"[^\W\d_]+$", left.text), re.match(r"[^\W\d_]+", right.text)
    if letters[0] is None or letters[1] is None:
        return gap < _NONE
    pieces = letters[0][0], letters[1][0]
    if is_syllable("".join(pieces)):
        return True
    return gap < _NONE and not all(map(is_syllable, pieces))


def _both(left: Word, right: Word) -> Word:
    return msgspec.structs.replace(
        left,
        text=left.text + right.text,
        top=min(left.top, right.top),
        right=max(left.right, right.right),
        bottom=max(left.bottom, right.bottom),
    )
