"""Where in a text does a query match, and does a document match at all?

`matches` is the definition that every search engine must agree with; `highlights` and `snippet` show a match in the
text as it was given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from thidua_kg.analyzer.tokens import Token, tokens, words_of
from thidua_kg.analyzer.tree import (
    DEFAULT_AREAS,
    And,
    Area,
    Everything,
    Leaf,
    Or,
    Phrase,
    Query,
    Symbol,
    Term,
    areas_of,
    leaves,
    strict_forms,
)
from thidua_kg.model import Span

# The texts of a document by area, each as its tokens; a phrase never runs from one text into the next.
DocumentTokens = Mapping[Area, Sequence[Sequence[Token]]]


def matches(query: Query, document: DocumentTokens, areas: tuple[Area, ...] = DEFAULT_AREAS) -> bool:
    """Whether a document matches: the plain definition, without an index."""
    if isinstance(query, Everything):
        return True
    if isinstance(query, And):
        return all(matches(part, document, areas) for part in query.parts)
    if isinstance(query, Or):
        return any(matches(part, document, areas) for part in query.parts)
    if isinstance(query, Term | Phrase | Symbol):
        texts = (text for area in areas_of(query, areas) for text in document.get(area, ()))
        return any(_leaf_matches(query, text) for text in texts)
    return not matches(query.part, document, areas)


def highlights(text: str, query: Query, area: Area | None = None) -> list[Span]:
    """The spans of `text` that the query looks for, in order, none overlapping another.

    With `area`, only what is looked for there. A word is marked where it stands with the diacritics typed, and in other
    forms only where the text has none such.
    """
    return _merged(span for _, span in _found(text, query, area))


def snippet(text: str, query: Query, width: int = 240, area: Area | None = None) -> tuple[Span, list[Span]]:
    """The stretch of about `width` characters that shows most of what is looked for, and the highlights in it.

    Both in places of `text`; the stretch begins and ends between words, at the start of `text` where nothing is found.
    """
    found = sorted(_found(text, query, area), key=lambda item: item[1])
    first, last = _densest(found, width)
    start, end = _widened(text, first, last, width)
    return (start, end), _merged((max(start, a), min(end, b)) for _, (a, b) in found if a < end and b > start)


def distance_within(one: str, other: str, limit: int) -> bool:
    """Whether at most `limit` letters must be put in, left out or changed to make one word the other."""
    if abs(len(one) - len(other)) > limit:
        return False
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (char != against))
        if min(row) > limit:
            return False
    return row[-1] <= limit


def _leaf_matches(leaf: Leaf, text: Sequence[Token]) -> bool:
    if isinstance(leaf, Symbol):
        return any(token.parts and token.bare in leaf.keys for token in text)
    words = words_of(text)
    if isinstance(leaf, Term):
        return any(_is_word(leaf, word) for word in words)
    return bool(_phrase_places(leaf, words))


def _is_word(term: Term, word: Token) -> bool:
    if term.distance:
        return distance_within(term.bare, word.bare, term.distance)
    wanted, forms = ((term.folded, term.bare), word.folded) if strict_forms(term) else ((term.bare,), word.bare)
    return forms.startswith(wanted) if term.prefix else forms in wanted


def _phrase_places(phrase: Phrase, words: Sequence[Token]) -> list[int]:
    """The indices at which the phrase begins: as typed or typed without diacritics; without any, whatever theirs."""
    if not strict_forms(phrase):
        return _runs(phrase.bare, [word.bare for word in words])
    folded = [word.folded for word in words]
    return sorted({*_runs(phrase.folded, folded), *_runs(phrase.bare, folded)})


def _runs(wanted: tuple[str, ...], words: list[str]) -> list[int]:
    return [at for at, word in enumerate(words) if word == wanted[0] and tuple(words[at : at + len(wanted)]) == wanted]


class _Looked(msgspec.Struct, frozen=True):
    """The words of a text, its symbols, and where each form of a word stands."""

    words: list[Token]
    symbols: list[Token]
    folded: dict[str, list[int]]
    bare: dict[str, list[int]]


def _found(text: str, query: Query, area: Area | None) -> list[tuple[int, Span]]:
    """What each leaf matches in `text`, as (number of the leaf, span), in the order of the leaves."""
    wanted = list(dict.fromkeys(leaf for leaf in leaves(query) if area is None or leaf.field in (None, area)))
    found = tokens(text) if wanted else []
    words = words_of(found)
    looked = _Looked(words, [token for token in found if token.parts], {}, {})
    for at, word in enumerate(words):
        looked.folded.setdefault(word.folded, []).append(at)
        looked.bare.setdefault(word.bare, []).append(at)
    return [(number, span) for number, leaf in enumerate(wanted) for span in _spans(leaf, looked)]


def _spans(leaf: Leaf, looked: _Looked) -> list[Span]:
    if isinstance(leaf, Symbol):
        return [token.span for token in looked.symbols if token.bare in leaf.keys]
    words = looked.words
    if isinstance(leaf, Phrase):
        last = len(leaf.bare) - 1
        return [(words[at].span[0], words[at + last].span[1]) for at in _phrase_places(leaf, words)]
    if leaf.prefix or leaf.distance:
        return [words[at].span for places in looked.bare.values() if _is_word(leaf, words[places[0]]) for at in places]
    exact = looked.folded.get(leaf.folded, []) if leaf.accented else []
    return [words[at].span for at in exact or looked.bare.get(leaf.bare, [])]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _densest(found: list[tuple[int, Span]], width: int) -> Span:
    """The first of the stretches that fit in `width` with most different leaves, then with most matches."""
    best, best_worth, left = (0, 0), (0, 0), 0
    inside: Counter[int] = Counter()
    for right, (number, (_, end)) in enumerate(found):
        inside[number] += 1
        while left < right and end - found[left][1][0] > width:
            inside[found[left][0]] -= 1
            left += 1
        worth = sum(count > 0 for count in inside.values()), right - left
        if worth > best_worth:
            best, best_worth = (found[left][1][0], end), worth
    return best


def _widened(text: str, first: int, last: int, width: int) -> Span:
    """`width` characters around a stretch, cut between words and free of white space at both ends."""
    start = max(0, first - max(0, width - (last - first)) // 2)
    end = min(len(text), start + width)
    start = max(0, min(start, end - width))
    while 0 < start < first and text[start - 1].isalnum():
        start += 1
    while last < end < len(text) and text[end].isalnum():
        end -= 1
    while start < first and text[start].isspace():
        start += 1
    while end > max(last, start) and text[end - 1].isspace():
        end -= 1
    return start, end
