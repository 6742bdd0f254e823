"""Which words, parts of speech and sentences has a Vietnamese text? underthesea's answers, with their places.

The package and its models load on first use, not on import. Its word models slow down on long strings, so they see one
bounded piece at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from thidua_kg.model import Span

MAX_PIECE = 1000
_PIECE = re.compile(rf"\S[\s\S]{{0,{MAX_PIECE - 1}}}(?!\S)|\S{{1,{MAX_PIECE}}}")
_CLOSERS = re.compile(r"[)\]\"”’»]*(?=\s|$)")


def sentences(text: str, span: Span | None = None) -> list[Span]:
    """The sentences of `text` (or of one stretch of it) as places in `text`, without the white space between them.

    A soft line break does not end a sentence; a full stop does only before white space, closing marks taken along:
    "ngày 07/4/2014\\ncủa Bộ Chính trị." is one.
    """
    from underthesea import sent_tokenize

    start, end = span or (0, len(text))
    stops = (right for _, right in _places(text, sent_tokenize(text[start:end]), start, end))
    cuts = [closed.end() for stop in stops if (closed := _CLOSERS.match(text, stop, end))]
    return [place for place in (_stripped(text, cut) for cut in pairwise((start, *cuts, end))) if place[0] < place[1]]


def words(text: str) -> list[Span]:
    """The words of NFC `text` as places in it, several syllables each where they are one word ("thi đua")."""
    return [place for start, end in _pieces(text) for place in _places(text, _segment(text[start:end]), start, end)]


def pos(text: str) -> list[tuple[Span, str]]:
    """The words of NFC `text` with their part of speech as underthesea names it (`N`, `V`, `Np`, `CH`, …).

    The tagger repairs spelling before it cuts ("nghành" → "ngành"), so words are placed by counting their syllables.
    """
    from underthesea import pos_tag

    found: list[tuple[Span, str]] = []
    for start, end in _pieces(text):
        syllables = (syllable for word in _segment(text[start:end]) for syllable in word.split(" "))
        places = iter(_places(text, syllables, start, end))
        for word, tag in pos_tag(text[start:end]):
            own = list(islice(places, len(word.split(" "))))
            found.append(((own[0][0], own[-1][1]), tag))
    return found


def _segment(piece: str) -> list[str]:
    """The words of one piece with the characters they have in it, one space between two syllables."""
    from underthesea import word_tokenize

    found: list[str] = word_tokenize(piece, use_token_normalize=False)
    return found


def _pieces(text: str) -> Iterator[Span]:
    """Sentences, the long ones cut between words into pieces of at most `MAX_PIECE` characters."""
    for start, end in sentences(text):
        for piece in _PIECE.finditer(text, start, end):
            yield piece.span()


def _places(text: str, found: Iterable[str], start: int, end: int) -> Iterator[Span]:
    """Where each of the strings stands in turn; they hold every character of the stretch but its white space."""
    at = start
    for item in found:
        first = -1
        for part in item.split():
            while at < end and text[at].isspace():
                at += 1
            first = at if first < 0 else first
            at += len(part)
        yield first, at


def _stripped(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
