"""What did the reader ask for? The tree of a query, which every engine compiles and `matching` evaluates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

# The parts of a document that can be searched alone; "body" is all of it: text, title, tasks, symbol, issuer and type.
Area = Literal["title", "task", "body", "symbol", "cited", "issuer", "unit", "type"]
DEFAULT_AREAS: tuple[Area, ...] = ("body",)


class _Node(msgspec.Struct, frozen=True):
    """Base of the tree's nodes: immutable, comparable, usable as a key."""


class Term(_Node, frozen=True):
    """One word. `distance` is above 0 for `word~`; `prefix` is true for `word*`.

    `strict` asks for the diacritics as typed (under NOT); `accented` says that the query has diacritics somewhere, so
    that its words without any were meant so. `spared` marks the words of a row of which some may be missing.
    """

    folded: str
    bare: str
    field: Area | None = None
    distance: int = 0
    prefix: bool = False
    strict: bool = False
    accented: bool = False
    spared: bool = False


class Phrase(_Node, frozen=True):
    """Words that must stand next to each other in this order, in both forms."""

    folded: tuple[str, ...]
    bare: tuple[str, ...]
    field: Area | None = None


class Symbol(_Node, frozen=True):
    """A document symbol, by any of its keys: that of the form as typed and that of the official one."""

    keys: tuple[str, ...]
    field: Area | None = None


class Everything(_Node, frozen=True):
    """Every document."""


class And(_Node, frozen=True):
    """All of `parts`; `implicit` where the reader wrote them side by side, which may be relaxed.

    So many as `spare` of the words marked `spared` may be missing: a question in a sentence has words that no answer has.
    """

    parts: tuple[Query, ...]
    implicit: bool = False
    spare: int = 0


class Or(_Node, frozen=True):
    """At least one of `parts`."""

    parts: tuple[Query, ...]


class Not(_Node, frozen=True):
    """Every document but those of `part`."""

    part: Query


Leaf: TypeAlias = Term | Phrase | Symbol
Query: TypeAlias = Leaf | Everything | And | Or | Not


def areas_of(leaf: Leaf, chosen: tuple[Area, ...] = DEFAULT_AREAS) -> tuple[Area, ...]:
    """Where a leaf is looked for: its own field, else the chosen ones; a body holds what was found cited in it."""
    areas = (leaf.field,) if leaf.field else chosen
    return (*areas, "cited") if isinstance(leaf, Symbol) and "body" in areas else areas


def strict_forms(leaf: Term | Phrase) -> bool:
    """Whether the diacritics must be as typed, or the text typed without any: see `analyzer.grammar`."""
    return leaf.folded != leaf.bare and (isinstance(leaf, Phrase) or (leaf.strict and not leaf.distance))


def is_plain(query: Query) -> bool:
    """Whether a part is one word with nothing asked of it."""
    return isinstance(query, Term) and not (query.field or query.prefix or query.distance)


def is_spared(query: Query) -> bool:
    """Whether a part is one of the words of which a row may miss some."""
    return isinstance(query, Term) and query.spared


def leaves(query: Query) -> Iterator[Leaf]:
    """What the query looks for, in order, without what it excludes."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from leaves(part)
    elif isinstance(query, Term | Phrase | Symbol):
        yield query


def relax(query: Query) -> Query | None:
    """The query with side-by-side words as alternatives, exclusions kept; None where there are none."""
    if not isinstance(query, And | Or):
        return None
    parts = tuple(relax(part) or part for part in query.parts)
    if isinstance(query, And) and query.implicit:
        wanted = tuple(part for part in parts if not isinstance(part, Not))
        excluded = tuple(part for part in parts if isinstance(part, Not))
        if len(wanted) > 1:
            return And((Or(wanted), *excluded)) if excluded else Or(wanted)
    if parts == query.parts:
        return None
    return msgspec.structs.replace(query, parts=parts)
