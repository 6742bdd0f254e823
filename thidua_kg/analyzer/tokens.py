"""What is a word here, and when are two words the same?

`fold` gives the one spelling that is compared, `bare` the same without diacritics; `tokens` cuts a text into syllables,
numbers and document symbols, each with its place in the text that was given. The search engines index `terms`, which
are the same words without their places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from operator import itemgetter

import msgspec

from thidua_kg.model import Span
from thidua_kg.text import normalize

_MARKS = re.compile("[\u0300-\u036f]+")

# A tone may stand on either vowel of an open oa, oe, uy ("hòa", "hoà"): both are lawful, the second is taken. The same
# table repairs the closed syllables where only the second is ("hòan" for "hoàn") and "qúy" for "quý".
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_SECOND_VOWEL = {
    unicodedata.normalize("NFC", first + tone) + second: first + unicodedata.normalize("NFC", second + tone)
    for (first, second), tone in product((("o", "a"), ("o", "e"), ("u", "y")), _TONES)
}
# Cyrillic letters that look like Latin ones: signed texts hold them ("TT-BTС" with U+0421), nobody types them.
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХІЅЈаеорсухіѕј", "ABEKMHOPCTXISJaeopcyxisj")
_TONE_ON_FIRST = re.compile("[òóỏõọ][ae]|[ùúủũụ]y")

# Bounded, so that no input makes a word that an engine refuses; a longer run of letters is several words.
WORD = re.compile(
    r"\d{1,32}+(?:[.,]\d{1,32}+){0,8}+(?![^\W_]|[\u0300-\u036f])"  # 34, 66.7, 1.500.000, 83,2
    r"|[^\W_]{1,64}+(?:[\u0300-\u036f]{1,8}+[^\W_]{0,64}+){0,4}+"  # phong, QH15, 30c
)

# The shapes of Decrees 34/2016 and 30/2020 (State) and Guidance 36-HD/VPTW (Party), in rough. The parts between the
# separators carry the meaning and the separators do not, so "34/CT-TW" and "34-CT/TW" are one symbol. Where spaces
# stand inside or the first separator is missing, codes must be in capitals, or any dash between words would do.
_DASH = "[-/‐‑–—−]"
_CODE = r"[A-Za-zĐđƯưÐð&]{1,12}\d{0,2}"
_CAPITAL_CODE = r"[A-ZĐƯÐ]{2}[A-Za-zĐƯÐ&]{0,10}\d{0,2}"
_YEAR = r"(?:19|20)\d\d"
# The digit stands before what must not precede it: so the engine of `re` skips to the next digit without trying places.
SYMBOL = re.compile(
    rf"""(?P<number> [0-9](?<![\w.,\u0300-\u036f][0-9])\d{{0,5}}(?:\.\d{{1,3}})?[a-zđ]? )
    (?:
        {_DASH} (?P<tight> {_YEAR}[-/]{_CODE} (?:{_DASH}{_CODE}){{0,5}}  # 06/2022/QH15, 152-2025-nđ-cp
                         | {_CODE} (?:{_DASH}{_CODE}){{1,5}}          # 34-CT/TW, 385/KH-UBND
                         | (?<=/) {_CAPITAL_CODE} )                   # 35/CP
      | [ \u00a0]{{0,2}} (?:{_DASH}\s{{0,2}})?
        (?P<spaced> (?:{_YEAR}[ \u00a0]?/\s{{0,2}})?
                    {_CAPITAL_CODE} [ \u00a0]{{0,2}}{_DASH}\s{{0,2}} {_CAPITAL_CODE}
                    (?:{_DASH}{_CAPITAL_CODE}){{0,4}} )  # 05 CT/TW, 05VBHN-VPQH, 63/ 2006/QĐ - UBND
    )
    (?![^\W_]|[\u0300-\u036f])""",
    re.VERBOSE,
)
_FOLDED, _BARE = itemgetter(0), itemgetter(1)  # of both forms
_SEPARATORS = re.compile(rf"\s*{_DASH}\s*")


class Token(msgspec.Struct, frozen=True):
    """One word of a text: `folded` and `bare` are what is compared, `span` is its place in the text that was given.

    A document symbol is one token whose forms are its key ("34-CT/TW" → `34-ct-tw`) and whose `parts` are the words
    inside it, so that a search for "UBND" finds "385/KH-UBND" too; other tokens have no parts.
    """

    folded: str
    bare: str
    span: Span
    parts: tuple[Token, ...] = ()


class Terms(msgspec.Struct, frozen=True):
    """What an engine indexes of a text: its words in order in both forms, a space between two, and its symbols' keys."""

    folded: str
    bare: str
    symbols: tuple[str, ...]


def latin(text: str) -> str:
    """The text, of the same length, with Latin letters for the Cyrillic ones that look like them: "BTС" → "BTC"."""
    return text.translate(_LOOKALIKES) if _CYRILLIC.search(text) else text


def fold(text: str) -> str:
    """The one spelling of `text` for comparison: NFC, lower case, tone on the second vowel ("Thủy" → "thuỷ"), Ð as đ.

    The fold of an NFC text has its length, so a place in one is the same place in the other.
    """
    lowered = latin(unicodedata.normalize("NFC", text)).replace("İ", "i").lower().replace("ð", "đ")
    return _TONE_ON_FIRST.sub(lambda pair: _SECOND_VOWEL[pair[0]], lowered)


def bare(text: str) -> str:
    """`fold` without any diacritics, "đ" as "d": "Thi đua, khen thưởng" → "thi dua, khen thuong".

    It has the length of the NFC text unless that holds marks that no letter composes with, which are dropped.
    """
    stripped = _MARKS.sub("", unicodedata.normalize("NFD", fold(text)))
    return unicodedata.normalize("NFC", stripped).replace("đ", "d")


def tokens(text: str) -> list[Token]:
    """The syllables, numbers and document symbols of `text` in order; nothing is left out as a stop word."""
    if unicodedata.is_normalized("NFC", text):
        return list(_tokens(text))
    nfc = normalize(text)
    return [_at_home(token, nfc.home_span) for token in _tokens(nfc.value)]


def words_of(found: Iterable[Token]) -> list[Token]:
    """The tokens with every symbol replaced by the words inside it: what phrases and single words are compared with."""
    return [word for token in found for word in token.parts or (token,)]


def terms(text: str) -> Terms:
    """The words and symbols of `tokens(text)` without their places, many times as fast."""
    nfc = unicodedata.normalize("NFC", text)
    forms = list(map(_FORMS.__getitem__, nfc.split()))
    keys = [bare(key_of(match)) for match in SYMBOL.finditer(latin(nfc))]
    return Terms(" ".join(filter(None, map(_FOLDED, forms))), " ".join(filter(None, map(_BARE, forms))), tuple(keys))


def symbol_key(raw: str) -> str | None:
    """The key under which a document symbol is indexed, or None where `raw` is none: "34/CT-TW" → "34-ct-tw".

    Zero padding, case, spaces, diacritics and the kind of separator do not count ("02-CT/UBND" is "2/CT - UBND").
    """
    match = SYMBOL.fullmatch(latin(unicodedata.normalize("NFC", raw.strip())))
    return bare(key_of(match)) if match else None


def symbol_at(text: str, position: int) -> tuple[str, int] | None:
    """The document symbol of NFC `text` that begins at `position`, as printed, and where it ends."""
    match = SYMBOL.match(latin(text), position)
    return (match[0], match.end()) if match else None


def key_of(symbol: re.Match[str]) -> str:
    """The key of a match of `SYMBOL`, with its diacritics."""
    codes = _SEPARATORS.split(symbol["tight"] or symbol["spaced"])
    return fold("-".join((symbol["number"].lstrip("0") or "0", *codes)))


@lru_cache(maxsize=1 << 16)
def forms_of(surface: str) -> tuple[str, str]:
    """Both forms of one word; a number loses its zero padding, for "ngày 02/9" and "ngày 2/9" are the same day."""
    folded = fold(surface)
    if folded.isdecimal():
        folded = folded.lstrip("0") or "0"
    return folded, bare(folded)


class _Forms(dict[str, tuple[str, str]]):
    """The words of what stands between two white spaces, in both forms: few such pieces make up nearly every text."""

    MOST, LONGEST = 1 << 16, 64  # pieces kept, and their characters: what this holds on to stays below 20 MB

    def __missing__(self, piece: str) -> tuple[str, str]:
        words = [forms_of(surface) for surface in WORD.findall(piece)]
        forms = " ".join(map(_FOLDED, words)), " ".join(map(_BARE, words))
        if len(piece) <= self.LONGEST:
            if len(self) >= self.MOST:
                self.clear()
            self[piece] = forms
        return forms


_FORMS = _Forms()


def words_among(nfc: str, wanted: frozenset[str]) -> Iterator[Token]:
    """The words of an NFC text with one of some bare forms, in order: those of `words_of(tokens(nfc))`, much faster."""
    pieces = nfc.split() if wanted else []
    holding = {
        piece
        for piece in set(pieces)
        if (words := _FORMS[piece][1]) in wanted or (" " in words and not wanted.isdisjoint(words.split(" ")))
    }
    end = 0
    for piece in filter(holding.__contains__, pieces):
        start = _place_of(piece, nfc, end)
        end = start + len(piece)
        for match in WORD.finditer(nfc, start, end):
            folded, bare_form = forms_of(match[0])
            if bare_form in wanted:
                yield Token(folded, bare_form, match.span())


def _place_of(piece: str, text: str, after: int) -> int:
    """Where a piece first stands between white space."""
    start = text.index(piece, after)
    while not _stands_alone(text, start, start + len(piece)):
        start = text.index(piece, start + 1)
    return start


def _stands_alone(text: str, start: int, end: int) -> bool:
    return (not start or text[start - 1].isspace()) and (end == len(text) or text[end].isspace())


def _tokens(nfc: str) -> Iterator[Token]:
    symbols = SYMBOL.finditer(latin(nfc))
    symbol = next(symbols, None)
    parts: list[Token] = []
    for match in WORD.finditer(nfc):
        token = Token(*forms_of(match[0]), match.span())
        if symbol is None or match.end() <= symbol.start():
            yield token
            continue
        parts.append(token)
        if match.end() == symbol.end():
            key = key_of(symbol)
            yield Token(key, bare(key), symbol.span(), tuple(parts))
            symbol, parts = next(symbols, None), []


def _at_home(token: Token, home_span: Callable[[Span], Span]) -> Token:
    parts = tuple(_at_home(part, home_span) for part in token.parts)
    return Token(token.folded, token.bare, home_span(token.span), parts)
