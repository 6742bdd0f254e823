"""How is a query written? The query language and its parser.

    thi đua khen                 every word (words next to each other rank higher); of a longer row of words most
    "công tác dân vận"           these words in this order
    thi đua OR phong trào        either; AND, OR and NOT in capitals only, for "và" and "hoặc" are words like others
    thi đua -"khen thưởng"       without; so does NOT
    (A OR B) title:"kế hoạch"    groups, and one field alone
    34-CT/TW                     a document symbol, its own document first
    phonq~ thưở*                 words one letter away (`~2`: two), words that begin so
    *                            every document

A word matches whatever its diacritics and ranks higher with those typed; a phrase, and a word after NOT, typed with
diacritics matches only them or a text that was typed without any. Words side by side bind weaker than AND and stronger
than OR.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import ceil
from typing import Literal, NoReturn

import msgspec

from thidua_kg.analyzer.tokens import Token, bare, symbol_at, symbol_key, tokens, words_of
from thidua_kg.analyzer.tree import (
    DEFAULT_AREAS,
    And,
    Area,
    Everything,
    Leaf,
    Not,
    Or,
    Phrase,
    Query,
    Symbol,
    Term,
    is_plain,
    leaves,
)
from thidua_kg.errors import InvalidQuery
from thidua_kg.text import normalize

MAX_LENGTH = 2000
MAX_WORDS = 256
MAX_DEPTH = 20
MAX_EXPANDING = 16  # words with * or ~: each makes an engine walk its dictionary
ALL_OF_UP_TO = 3  # so many words side by side must all be there; of more
MOST = 0.7  # this share: people ask in sentences, and a long law holds every common word

# The names that people type before ":", without their diacritics.
FIELDS: dict[str, Area] = {
    "title": "title",
    "tieude": "title",
    "trichyeu": "title",
    "body": "body",
    "noidung": "body",
    "task": "task",
    "tasks": "task",
    "nhiemvu": "task",
    "symbol": "symbol",
    "sohieu": "symbol",
    "kyhieu": "symbol",
    "so": "symbol",
    "issuer": "issuer",
    "coquan": "issuer",
    "unit": "unit",
    "units": "unit",
    "donvi": "unit",
    "type": "type",
    "loai": "type",
}
_HELP = 'viết: từ, "cụm từ", AND/OR/NOT, (nhóm), trường:từ, từ~, từ*; dấu câu đặt trong ngoặc kép thì được bỏ qua'

_QUOTES = '"“”„«»'
_PHRASE = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]")
_CHUNK = re.compile(rf"[^\s(){_QUOTES}]+")
_FIELD = re.compile(r"([^\W\d_][^\W\d]{0,30}):(?=\S)")
_OPERATOR = re.compile(r"(AND|OR|NOT)(?![^\s()])")
_MINUS = re.compile(r"-++(?=\S)")
_FUZZY = re.compile(r"~(\d*)$")
# What may be a symbol whose separators were left out ("34CTTW", "385 KH UBND"): `canonical` knows the codes.
_LOOSE = re.compile(
    r"\d{1,6}(?:\.\d{1,3})?[a-zđ]?(?:[-/](?:19|20)\d\d)?"
    r"(?:[ /-]?[A-Za-zĐđƯư]{2,16}\d{0,2}(?![^\W_])){1,4}"
)

_Kind = Literal["(", ")", "AND", "OR", "NOT", "field", "leaf", "end"]


class _Lexeme(msgspec.Struct, frozen=True):
    """A piece of a query and its place; the place of a field name is followed by what it applies to."""

    kind: _Kind
    place: int
    leaf: Leaf | Everything | None = None
    field: Area | None = None


def parse_query(query: str, canonical: Callable[[str], str | None] | None = None) -> Query:
    """The tree of a query; `canonical` gives the official form of a symbol as typed, or None.

    Raises InvalidQuery, whose `why` holds the place of the error, counted in characters from 1.
    """
    if len(query) > MAX_LENGTH:
        _refuse(query, f"câu hỏi dài {len(query)} ký tự, nhiều nhất là {MAX_LENGTH}", MAX_LENGTH)
    nfc = normalize(query)

    def fail(why: str, place: int) -> NoReturn:
        _refuse(query, why, nfc.home(place))

    lexemes = list(_lex(nfc.value, fail, canonical or (lambda _: None)))
    tree = _Parser(lexemes, fail).parse()
    accented = any(not isinstance(leaf, Symbol) and leaf.folded != leaf.bare for leaf in leaves(tree))
    return _marked(tree, accented, under_not=False)


def choose_areas(names: tuple[str, ...]) -> tuple[Area, ...]:
    """The areas for field names as people type them ("tiêu đề" or "title"); none gives the default ones."""
    for name in names:
        if _area(name) is None:
            raise InvalidQuery(name, "không có trường này", f"dùng một trong: {', '.join(FIELDS)}")
    return tuple(dict.fromkeys(area for name in names if (area := _area(name)))) or DEFAULT_AREAS


def _area(name: str) -> Area | None:
    return FIELDS.get(re.sub(r"[\s_-]", "", bare(name)))


def _refuse(query: str, why: str, position: int) -> NoReturn:
    shown = "".join(char if char.isprintable() else " " for char in query[:200]) + ("…" if len(query) > 200 else "")
    raise InvalidQuery(shown, f"ở vị trí {position + 1}: {why}", _HELP)


_Fail = Callable[[str, int], NoReturn]


def _lex(text: str, fail: _Fail, canonical: Callable[[str], str | None]) -> Iterator[_Lexeme]:
    """The pieces of a query; punctuation that means nothing here is passed over."""
    place = words = expanding = 0
    while place < len(text):
        lexeme, end = _next(text, place, fail, canonical)
        if lexeme is not None:
            yield lexeme
        if lexeme is not None and isinstance(lexeme.leaf, Term | Phrase | Symbol):
            words += len(lexeme.leaf.bare) if isinstance(lexeme.leaf, Phrase) else 1
            expanding += isinstance(lexeme.leaf, Term) and bool(lexeme.leaf.prefix or lexeme.leaf.distance)
            if words > MAX_WORDS:
                fail(f"nhiều hơn {MAX_WORDS} từ", place)
            if expanding > MAX_EXPANDING:
                fail(f"nhiều hơn {MAX_EXPANDING} từ có dấu * hoặc ~", place)
        place = end
    yield _Lexeme("end", len(text))


def _next(text: str, place: int, fail: _Fail, canonical: Callable[[str], str | None]) -> tuple[_Lexeme | None, int]:
    char = text[place]
    if char.isspace():
        return None, place + 1
    if char == "(":
        return _Lexeme("(", place), place + 1
    if char == ")":
        return _Lexeme(")", place), place + 1
    if char in _QUOTES:
        return _phrase(text, place, fail)
    if minus := _MINUS.match(text, place):
        return _Lexeme("NOT", place), minus.end()
    if operator := _OPERATOR.match(text, place):
        return _Lexeme(operator[1], place), operator.end()  # type: ignore[arg-type]  # the pattern's three words
    if field := _FIELD.match(text, place):
        area = _area(field[1]) or fail(f"không có trường “{field[1]}”", place)
        return _Lexeme("field", place, field=area), field.end()
    if symbol := symbol_at(text, place):
        raw, end = symbol
        keys = (symbol_key(form) for form in (raw, canonical(raw)) if form)
        return _Lexeme("leaf", place, Symbol(tuple(dict.fromkeys(key for key in keys if key)))), end
    return _loose_symbol(text, place, canonical) or _chunk(text, place, fail)


def _loose_symbol(text: str, place: int, canonical: Callable[[str], str | None]) -> tuple[_Lexeme, int] | None:
    """A symbol whose separators were left out, the longest that is one; no word goes into two of them."""
    match = _LOOSE.match(text, place)
    if match is None or (place and not (text[place - 1].isspace() or text[place - 1] in "(-:")):
        return None
    ends = [match.end(), *(match.start() + at for at, char in enumerate(match[0]) if char == " ")]
    for end in sorted(ends, reverse=True):
        known = canonical(text[place:end])
        if known and (key := symbol_key(known)):
            return _Lexeme("leaf", place, Symbol((key,))), end
    return None


def _phrase(text: str, place: int, fail: _Fail) -> tuple[_Lexeme, int]:
    match = _PHRASE.match(text, place) or fail("ngoặc kép chưa đóng", place)
    words = words_of(tokens(match[1]))
    if not words:
        fail("cụm từ trống", place)
    return _Lexeme("leaf", place, _phrase_of(words)), match.end()


def _chunk(text: str, place: int, fail: _Fail) -> tuple[_Lexeme | None, int]:
    """What stands between two spaces: a word with its mark, or several that punctuation joins ("2021-2025")."""
    match = _CHUNK.match(text, place) or fail("ký tự không hiểu được", place)
    chunk, end = match[0].rstrip(".,;:!?…"), match.end()
    if chunk == "*" and (place == 0 or text[place - 1] in "(-" or text[place - 1].isspace()):
        return _Lexeme("leaf", place, Everything()), end
    star, fuzzy = chunk.find("*"), _FUZZY.search(chunk)
    if star >= 0 and (star == 0 or star < len(chunk) - 1):
        fail("dấu * chỉ đứng cuối một từ", place + star)
    if fuzzy and fuzzy[1] not in ("", "1", "2"):
        fail("sau dấu ~ chỉ có thể là 1 hoặc 2", place + fuzzy.start())
    words = words_of(tokens(chunk[: fuzzy.start()] if fuzzy else chunk))
    if not words:
        return None, end
    if len(words) == 1:
        distance = int(fuzzy[1] or 1) if fuzzy else 0
        return _Lexeme("leaf", place, Term(words[0].folded, words[0].bare, distance=distance, prefix=star > 0)), end
    if star > 0 or fuzzy:
        fail("dấu * và ~ chỉ dùng với một từ", end - 1)
    return _Lexeme("leaf", place, _phrase_of(words)), end


def _phrase_of(words: list[Token]) -> Phrase:
    return Phrase(tuple(word.folded for word in words), tuple(word.bare for word in words))


class _Parser:
    """Reads the pieces of one query, loosest binding first: OR, side by side, AND, NOT."""

    def __init__(self, lexemes: list[_Lexeme], fail: _Fail) -> None:
        self._lexemes, self._fail = lexemes, fail
        self._at = self._depth = 0

    def parse(self) -> Query:
        if len(self._lexemes) == 1:
            self._fail("không có từ nào để tìm", 0)
        tree = self._either()
        if self._now.kind == ")":
            self._fail("ngoặc đóng không có ngoặc mở", self._now.place)
        return tree

    @property
    def _now(self) -> _Lexeme:
        return self._lexemes[self._at]

    def _accept(self, kind: _Kind) -> bool:
        self._at += (found := self._now.kind == kind)
        return found

    def _either(self) -> Query:
        parts = [self._side_by_side()]
        while self._accept("OR"):
            parts.append(self._side_by_side())
        return _joined(parts, Or)

    def _side_by_side(self) -> Query:
        parts = [self._all_of()]
        while self._now.kind not in ("OR", ")", "end"):
            parts.append(self._all_of())
        return _joined(parts, _together)

    def _all_of(self) -> Query:
        parts = [self._maybe_not()]
        while self._accept("AND"):
            parts.append(self._maybe_not())
        return _joined(parts, And)

    def _maybe_not(self) -> Query:
        negated = False
        while self._accept("NOT"):
            negated = not negated
        part = self._part()
        return Not(part) if negated else part

    def _part(self) -> Query:
        lexeme = self._now
        field = lexeme.field
        if field:
            self._at += 1
        operand = self._now
        if operand.kind == "(":
            return _in_field(self._group(), field)
        if operand.leaf is None or (field and isinstance(operand.leaf, Everything)):
            self._fail(_missing(operand.kind, field), operand.place)
        self._at += 1
        return _in_field(operand.leaf, field)

    def _group(self) -> Query:
        opening = self._now
        self._at += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(f"ngoặc lồng nhau quá {MAX_DEPTH} lớp", opening.place)
        inside = self._either()
        if not self._accept(")"):
            self._fail("ngoặc mở không có ngoặc đóng", opening.place)
        self._depth -= 1
        return inside


def _missing(kind: _Kind, field: Area | None) -> str:
    if field:
        return "sau tên trường phải là một từ, một cụm từ hoặc một nhóm"
    if kind in ("AND", "OR"):
        return f"trước {kind} thiếu từ cần tìm"
    return "thiếu từ cần tìm" + (" trước ngoặc đóng" if kind == ")" else "")


def _together(parts: tuple[Query, ...]) -> Query:
    """What stands side by side: all of it, but of a long row of plain words only most."""
    plain = sum(map(is_plain, parts))
    if plain <= ALL_OF_UP_TO:
        return And(parts, implicit=True)
    marked = (msgspec.structs.replace(part, spared=True) if is_plain(part) else part for part in parts)
    return And(tuple(marked), implicit=True, spare=plain - ceil(MOST * plain))


def _joined(parts: list[Query], join: Callable[[tuple[Query, ...]], Query]) -> Query:
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else join(distinct)


def _in_field(query: Query, field: Area | None) -> Query:
    """The query with `field` given to every leaf that has none of its own."""
    if isinstance(query, Term | Phrase | Symbol):
        return msgspec.structs.replace(query, field=query.field or field)
    return _rebuilt(query, lambda part: _in_field(part, field)) if field else query


def _marked(query: Query, accented: bool, under_not: bool) -> Query:
    if isinstance(query, Term):
        return msgspec.structs.replace(query, accented=accented, strict=under_not)
    if isinstance(query, And) and under_not:  # what is excluded is never guessed
        query = msgspec.structs.replace(query, spare=0)
    return _rebuilt(query, lambda part: _marked(part, accented, under_not or isinstance(query, Not)))


def _rebuilt(query: Query, change: Callable[[Query], Query]) -> Query:
    if isinstance(query, And | Or):
        return msgspec.structs.replace(query, parts=tuple(change(part) for part in query.parts))
    return Not(change(query.part)) if isinstance(query, Not) else query
