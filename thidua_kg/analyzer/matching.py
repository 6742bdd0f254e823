"""Where in a text does a query match, and does a document match at all?

`matches` is the definition that every search engine must agree with; `highlights` and `snippet` show a match in the
text as it was given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise

from thidua_kg.analyzer.tokens import SYMBOL, WORD, Token, bare, forms_of, key_of, latin, words_among, words_of
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
    is_spared,
    leaves,
    strict_forms,
)
from thidua_kg.model import Span
from thidua_kg.text import normalize

# The texts of a document by area, each as its tokens; a phrase never runs from one text into the next.
DocumentTokens = Mapping[Area, Sequence[Sequence[Token]]]


def matches(query: Query, document: DocumentTokens, areas: tuple[Area, ...] = DEFAULT_AREAS) -> bool:
    """Whether a document matches: the plain definition, without an index."""
    if isinstance(query, Everything):
        return True
    if isinstance(query, And):
        missing = [part for part in query.parts if not matches(part, document, areas)]
        return len(missing) <= query.spare and all(map(is_spared, missing))
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
        return any(_is_word(leaf, word.folded, word.bare) for word in words)
    return _holds_phrase(leaf, [word.folded for word in words], [word.bare for word in words])


def _is_word(term: Term, folded: str, bare: str) -> bool:
    if term.distance:
        return distance_within(term.bare, bare, term.distance)
    wanted, form = ((term.folded, term.bare), folded) if strict_forms(term) else ((term.bare,), bare)
    return form.startswith(wanted) if term.prefix else form in wanted


def _holds_phrase(phrase: Phrase, folded: Sequence[str], bare: Sequence[str]) -> bool:
    """Whether the words hold the phrase as typed or typed without diacritics; without any, whatever theirs."""
    if strict_forms(phrase):
        return _holds_run(phrase.folded, folded) or _holds_run(phrase.bare, folded)
    return _holds_run(phrase.bare, bare)


def _holds_run(wanted: tuple[str, ...], words: Sequence[str]) -> bool:
    starts = range(len(words) - len(wanted) + 1)
    return any(words[at] == wanted[0] and tuple(words[at : at + len(wanted)]) == wanted for at in starts)


def _found(text: str, query: Query, area: Area | None) -> list[tuple[int, Span]]:
    """What each leaf matches in `text`, as (number of the leaf, span), in the order of the leaves."""
    wanted = list(dict.fromkeys(leaf for leaf in leaves(query) if area is None or leaf.field in (None, area)))
    nfc = normalize(text)
    places = _places(nfc.value, wanted)
    keys = {key for leaf in wanted if isinstance(leaf, Symbol) for key in leaf.keys}
    symbols = [(bare(key_of(match)), match.span()) for match in SYMBOL.finditer(latin(nfc.value))] if keys else []
    return [
        (number, nfc.home_span(span))
        for number, leaf in enumerate(wanted)
        for span in _spans(nfc.value, leaf, places, symbols)
    ]


def _places(text: str, wanted: list[Leaf]) -> list[Token]:
    """The words of NFC `text` that a leaf may look for; the rest are passed over without making anything of them."""
    words = {word for leaf in wanted if isinstance(leaf, Phrase) for word in leaf.bare}
    words |= {leaf.bare for leaf in wanted if isinstance(leaf, Term) and not (leaf.prefix or leaf.distance)}
    rough = [leaf for leaf in wanted if isinstance(leaf, Term) and (leaf.prefix or leaf.distance)]
    if rough:
        distinct = {forms_of(surface) for surface in set(WORD.findall(text))}
        words |= {form[1] for form in distinct if any(_is_word(leaf, *form) for leaf in rough)}
    return list(words_among(text, frozenset(words)))


def _spans(text: str, leaf: Leaf, places: list[Token], symbols: list[tuple[str, Span]]) -> list[Span]:
    if isinstance(leaf, Symbol):
        return [span for key, span in symbols if key in leaf.keys]
    if isinstance(leaf, Phrase):
        length = len(leaf.bare)
        runs = (places[at : at + length] for at in range(len(places) - length + 1))
        return [(run[0].span[0], run[-1].span[1]) for run in runs if _is_run(text, leaf, run)]
    if leaf.prefix or leaf.distance:
        return [place.span for place in places if _is_word(leaf, place.folded, place.bare)]
    exact = [place.span for place in places if place.folded == leaf.folded] if leaf.accented else []
    return exact or [place.span for place in places if place.bare == leaf.bare]


def _is_run(text: str, phrase: Phrase, run: list[Token]) -> bool:
    if any(place.bare != word for place, word in zip(run, phrase.bare, strict=True)):
        return False
    if any(map(str.isalnum, chain.from_iterable(text[one.span[1] : two.span[0]] for one, two in pairwise(run)))):
        return False  # another word stands between
    return _holds_phrase(phrase, [place.folded for place in run], [place.bare for place in run])


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
    start = max(0, end - width)
    latest = first if first < last else end
    while 0 < start < latest and text[start - 1].isalnum():
        start += 1
    while start < latest and text[start].isspace():
        start += 1
    earliest = max(last, start)
    while earliest < end < len(text) and text[end].isalnum():
        end -= 1
    while earliest < end and text[end - 1].isspace():
        end -= 1
    return start, end
