"""How does tantivy look up a plan? Which documents match is decided without scores, what they score is added up beside it.

Intersecting and counting documents without scoring them is several times as fast, and a union of single look-ups is the
cheapest thing that scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import tantivy

from thidua_kg.index.fields import IN_BODY, pair_key
from thidua_kg.index.plan import (
    All,
    Any,
    AtLeast,
    Begins,
    Between,
    Every,
    Except,
    Near,
    Pair,
    Plan,
    Prefer,
    Run,
    Word,
)
from thidua_kg.index.records import Form

PAIRS = "pairs"  # the field for `Pair`: two words in a row as one, in the order of the text
PAIRED: dict[str, Form] = {"body_folded": "folded", "body_bare": "bare"}  # the fields whose neighbours it holds
_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_Clause = tuple[tantivy.Occur, tantivy.Query]


class Lookup:
    """Plans as queries of an index with this schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def matching(self, plan: Plan) -> tantivy.Query:
        """The documents of a plan."""
        make, schema = tantivy.Query, self._schema
        match plan:
            case Word(field, text):
                return self._word(field, text)
            case Run(field, words):
                return self._run(field, words)
            case Pair(words, form):
                return self._word(PAIRS, pair_key(words, form))
            case Begins(field, text):
                return make.fuzzy_term_query(schema, field, text, distance=0, prefix=True)
            case Near(field, text, distance):
                return make.fuzzy_term_query(schema, field, text, distance, transposition_cost_one=False)
            case Between(field, low, high):
                return make.range_query(schema, field, tantivy.FieldType.Integer, low, high)
            case All():
                return make.all_query()
            case Any(parts):
                return make.boolean_query([(_SHOULD, self.matching(part)) for part in parts])
            case AtLeast(parts, least) if least == len(parts) - 1:
                return self.matching(_all_but_one(parts))
            case AtLeast(parts, least):
                some = [(_SHOULD, self.matching(part)) for part in parts]
                return make.boolean_query(some, minimum_number_should_match=least)
            case Prefer(wanted):
                return self.matching(wanted)
            case Except() | Every():
                return self._both(plan)

    def scoring(self, plan: Plan) -> Iterator[tantivy.Query]:
        """What adds to a document's score; a document may match without any of it."""
        match plan:
            case Run(field, words, boost) if field in PAIRED:
                for pair in pairwise(words):  # how often they are there: counting the places of all would cost more
                    yield _boosted(self._word(PAIRS, pair_key(pair, PAIRED[field])), boost)
            case Word(boost=boost) | Run(boost=boost) | Pair(boost=boost):
                yield _boosted(self.matching(plan), boost)
            case Begins(boost=boost) | Near(boost=boost):
                yield tantivy.Query.const_score_query(self.matching(plan), boost)
            case Any(parts) | Every(parts) | AtLeast(parts):
                for part in parts:
                    yield from self.scoring(part)
            case Prefer(wanted, bonus):
                for part in (wanted, *bonus):
                    yield from self.scoring(part)

    def _word(self, field: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, text, "freq")

    def _run(self, field: str, words: tuple[str, ...]) -> tantivy.Query:
        """Words in a row; in the body by as few of their pairs as cover them, which are rarer than the words."""
        form = PAIRED.get(field)
        if form is None:
            return tantivy.Query.phrase_query(self._schema, field, list(words))
        pairs = [pair_key(pair, form) for pair in pairwise(words)]
        clauses = [(_MUST, self._word(PAIRS, pair)) for pair in pairs]
        if len(pairs) > 1:
            ends = {*range(0, len(pairs), 2), len(pairs) - 1}
            placed: list[str | tuple[int, str]] = [(at, pairs[at]) for at in sorted(ends)]
            clauses.append((_MUST, tantivy.Query.phrase_query(self._schema, PAIRS, placed)))
        return tantivy.Query.boolean_query(clauses)

    def _both(self, plan: Plan) -> tantivy.Query:
        clauses = list(self._clauses(plan))
        if all(occur == _MUST_NOT for occur, _ in clauses):
            clauses.append((_MUST, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(clauses)

    def _clauses(self, plan: Plan) -> Iterator[_Clause]:
        """The clauses of a conjunction, flat, so that the rarest of all leads."""
        match plan:
            case Every(parts):
                for part in parts:
                    yield from self._clauses(part)
            case Prefer(wanted):
                yield from self._clauses(wanted)
            case Except(part):
                yield _MUST_NOT, self.matching(part)
            case _:
                yield _MUST, self.matching(plan)


def conjunction(parts: list[tantivy.Query]) -> tantivy.Query:
    """The documents of all parts."""
    return parts[0] if len(parts) == 1 else tantivy.Query.boolean_query([(_MUST, part) for part in parts])


def ranked(wanted: tantivy.Query, scores: list[tantivy.Query]) -> tantivy.Query:
    """The documents that are wanted, with the sum of what scores."""
    only = tantivy.Query.const_score_query(wanted, 0.0)
    return tantivy.Query.boolean_query([(_MUST, only), *((_SHOULD, score) for score in scores)])


def union(scores: list[tantivy.Query]) -> tantivy.Query:
    """The documents of any part, with the sum of what scores."""
    return tantivy.Query.boolean_query([(_SHOULD, score) for score in scores])


def is_whole(plan: Plan) -> bool:
    """Whether what scores is all that matches: so one word, whose places elsewhere the body holds too."""
    match plan:
        case Prefer(Word("body_bare"), bonus):
            return all(isinstance(step, Word) and step.field in IN_BODY for step in bonus)
    return isinstance(plan, Word)


def _all_but_one(parts: tuple[Plan, ...]) -> Plan:
    """What is in all parts but one at most, by halves: sets are joined and intersected faster than counted over."""
    if len(parts) == 1:
        return All()
    first, second = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    return Any((Every((*first, _all_but_one(second))), Every((_all_but_one(first), *second))))


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)
