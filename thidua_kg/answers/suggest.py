"""Did the reader mean other words? A whole query weighed against the words that the index holds.

A word is in doubt where no document has it, or has it beside a word that it stands beside in the query. For a word in doubt
there are candidates: its spellings with other marks, what its Telex or VNI keys stand for, and words one slip away. That
row of candidates is proposed whose words stand together most often in the documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import sqrt

import msgspec

from thidua_kg.analyzer.spelling import MAX_LETTERS, accented, from_keys, slips, swaps
from thidua_kg.analyzer.tokens import Token, tokens
from thidua_kg.analyzer.tree import And, Query, is_plain
from thidua_kg.index import SearchEngine

MAX_WORDS = 16
_MOST_CANDIDATES = 40
_MARGIN = 0.1
_CHANCE = 3  # documents: what stands together once or twice proves little

# What it costs that a word was typed otherwise; what two words beside each other earn is between 0 and 1.
_MARKS_LEFT_OUT, _KEYS, _OTHER_MARKS, _SWAP, _SLIP, _UNKNOWN = 0.0, 0.05, 0.1, 0.25, 0.4, 0.6


class _Candidate(msgspec.Struct, frozen=True):
    """A word that may have been meant, in how many documents it is, and what its being typed otherwise costs."""

    word: str
    documents: int
    cost: float


def suggestion(engine: SearchEngine, query: str, tree: Query) -> str | None:
    """The query as it may have been meant, or None; for rows of plain words only, of at most `MAX_WORDS`."""
    parts = tree.parts if isinstance(tree, And) and tree.implicit else (tree,)
    words = tokens(query)
    if not all(map(is_plain, parts)) or not 1 <= len(words) <= MAX_WORDS or any(word.parts for word in words):
        return None
    marked = any(word.folded != word.bare for word in words)
    doubtful = _doubtful(engine, [word.folded if marked else word.bare for word in words], marked)
    if not doubtful:
        return None
    choices = [_candidates(engine, word, marked, at in doubtful) for at, word in enumerate(words)]
    best, typed = _best_row(engine, choices), [choice[0] for choice in choices]
    better = _worth(engine, best) - _worth(engine, typed) >= _MARGIN
    if not better or [one.word for one in best] == [one.word for one in typed]:
        return None
    return "".join(_rewritten(query, words, [one.word for one in best]))


def _doubtful(engine: SearchEngine, words: Sequence[str], marked: bool) -> set[int]:
    """The places of words that no document has, or none beside one of their neighbours."""
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    known = engine.frequencies((*words, *pairs), "folded" if marked else "bare")
    found = set()
    for at, word in enumerate(words):
        beside = pairs[max(0, at - 1) : at + 1]
        if word not in known:
            found |= {at} if word.isalpha() or from_keys(word) else set()  # VNI keys are digits
        elif word.isalpha() and not all(pair in known for pair in beside):
            found.add(at)
    return found


def _candidates(engine: SearchEngine, word: Token, marked: bool, doubtful: bool) -> list[_Candidate]:
    """The typed word first, then what else may have been meant, of words in documents only."""
    typed = word.folded
    costs: dict[str, float] = {}
    if not marked:
        costs |= dict.fromkeys(accented(word.bare), _MARKS_LEFT_OUT)
    if doubtful:
        if keys := from_keys(typed):
            costs.setdefault(keys, _KEYS)
        for spelling in accented(word.bare):
            costs.setdefault(spelling, _OTHER_MARKS)
        if 1 < len(word.bare) <= MAX_LETTERS + 1 and word.bare.isalpha():
            swapped = set(swaps(word.bare))
            for slip in engine.frequencies((*swapped, *slips(word.bare)), "bare"):
                cost = _SWAP if slip in swapped else _SLIP
                for spelling in accented(slip) or (slip,):
                    costs.setdefault(spelling, cost)
    known = engine.frequencies((typed, *costs), "folded")
    own = _Candidate(typed, known.get(typed, 0), 0.0 if typed in known or typed.isdecimal() else _UNKNOWN)
    others = [_Candidate(w, known[w], cost) for w, cost in costs.items() if w in known and w != typed]
    return [own, *sorted(others, key=lambda c: (c.cost >= _SLIP, -c.documents, c.word))[:_MOST_CANDIDATES]]


def _best_row(engine: SearchEngine, choices: list[list[_Candidate]]) -> list[_Candidate]:
    """The row of candidates with the greatest worth (Viterbi)."""
    rows = [(-one.cost, [one]) for one in choices[0]]
    for choice in choices[1:]:
        ends = [row[-1] for _, row in rows]
        beside = _beside(engine, [(one, two) for one in ends for two in choice])
        rows = [
            max(
                ((worth - one.cost + beside[row[-1].word, one.word], [*row, one]) for worth, row in rows),
                key=lambda item: item[0],
            )
            for one in choice
        ]
    return max(rows, key=lambda item: item[0])[1]


def _worth(engine: SearchEngine, row: list[_Candidate]) -> float:
    return sum(_beside(engine, list(pairwise(row))).values()) - sum(one.cost for one in row)


def _beside(engine: SearchEngine, pairs: Iterable[tuple[_Candidate, _Candidate]]) -> dict[tuple[str, str], float]:
    """How much two words belong together: the cosine of the documents with one, the other, and both in a row."""
    pairs = list(pairs)
    known = engine.frequencies((f"{one.word} {two.word}" for one, two in pairs), "folded")
    return {
        (one.word, two.word): known.get(f"{one.word} {two.word}", 0)
        / sqrt((one.documents + _CHANCE) * (two.documents + _CHANCE))
        for one, two in pairs
    }


def _rewritten(query: str, words: list[Token], meant: list[str]) -> Iterator[str]:
    end = 0
    for word, new in zip(words, meant, strict=True):
        start, stop = word.span
        yield query[end:start]
        old = query[start:stop]
        yield old if new == word.folded else (new.capitalize() if old[:1].isupper() else new)
        end = stop
    yield query[end:]
