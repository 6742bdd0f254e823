"""What may a mistyped Vietnamese word have been meant to be? Candidates only; which of them are words, an index knows.

`accented` gives the spellings of a bare syllable, `from_keys` what a word in Telex or VNI keys stands for, `swaps` and
`slips` the words one slip of the fingers away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from thidua_kg.analyzer.tokens import fold

MAX_LETTERS = 7  # "nghiêng": no Vietnamese syllable is longer

_QUALITIES = {"a": "aăâ", "e": "eê", "o": "oôơ", "u": "uư", "d": "dđ"}
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_LETTERS = "abcdeghiklmnopqrstuvxy"
_ONSET = re.compile(r"(?:ngh|ng|nh|gh|ch|kh|ph|th|tr|gi(?=[aăâeêoôơuư])|qu|[bcdđghklmnpqrstvx])?")
_SYLLABLE = re.compile(rf"({_ONSET.pattern})([aăâeêioôơuưy]{{1,3}})(ch|ng|nh|[cmnpt])?")

_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TELEX = (("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))
_VNI = ({"a": "â", "e": "ê", "o": "ô"}, {"o": "ơ", "u": "ư"}, {"a": "ă"}, {"d": "đ"})  # the keys 6, 7, 8, 9


@lru_cache(maxsize=4096)
def accented(bare: str) -> tuple[str, ...]:
    """The spellings of a bare syllable with every mark that it can bear: "dat" → dat, đat, dát, …, đất; else none."""
    if len(bare) > MAX_LETTERS or not _SYLLABLE.fullmatch(bare):
        return ()
    letters = ("".join(choice) for choice in product(*(_QUALITIES.get(letter, letter) for letter in bare)))
    marked = (_with_tone(spelling, tone) for spelling in letters for tone in _TONES)
    return tuple(dict.fromkeys(fold(spelling) for spelling in marked if spelling))


def from_keys(word: str) -> str | None:
    """The syllable that a word left in Telex or VNI keys stands for: "ddaats" and "d9a61t" → "đất"; None for others."""
    if not 1 < len(word) <= 2 * MAX_LETTERS:
        return None
    decode = _from_vni if any(char.isdecimal() for char in word) else _from_telex
    found = decode(word.lower())
    return fold(found) if found and found != word.lower() else None


def swaps(word: str) -> Iterator[str]:
    """The words with two neighbouring letters swapped."""
    yield from (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))


def slips(word: str) -> Iterator[str]:
    """Bare words one letter left out, put in or changed away."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (left + right[1:] for left, right in cuts if right)
    yield from (left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS)
    yield from (left + letter + right for left, right in cuts for letter in _LETTERS)


def _from_telex(word: str) -> str | None:
    tone, letters = "", word
    for at in range(len(word) - 1, 0, -1):  # the tone's key comes after the vowel, mostly last
        if word[at] in _TELEX_TONES and re.search("[aeiouyw]", word[:at]) and _is_tone_key(word, at):
            tone, letters = _TELEX_TONES[word[at]], word[:at] + word[at + 1 :]
            break
    for keys, letter in _TELEX:
        letters = letters.replace(keys, letter)
    letters = letters.replace("ưo", "ươ").replace("uơ", "ươ").replace("w", "ư")
    return _with_tone(letters, tone)


def _is_tone_key(word: str, at: int) -> bool:
    """Not "s" or "r" of a coda that does not exist in Vietnamese: any of the keys after a vowel stands for a tone."""
    return at == len(word) - 1 or word[at + 1] in "ncmpght"


def _from_vni(word: str) -> str | None:
    tone, letters = "", ""
    for char in word:
        if char in _VNI_TONES:
            tone = _VNI_TONES[char]
        elif char in "6789" and letters:
            marks = _VNI[int(char) - 6]
            at = next((i for i in range(len(letters) - 1, -1, -1) if letters[i] in marks), None)
            if at is None:
                return None
            letters = letters[:at] + marks[letters[at]] + letters[at + 1 :]
        elif char.isdecimal():
            return None
        else:
            letters += char
    return _with_tone(letters.replace("ưo", "ươ").replace("uơ", "ươ"), tone)


def _with_tone(letters: str, tone: str) -> str | None:
    """The syllable with its tone on the vowel that bears it; None where the letters are no syllable."""
    match = _SYLLABLE.fullmatch(letters)
    if match is None:
        return None
    start, vowels = match.start(2), match[2]
    marked = [at for at, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if marked:
        at = marked[-1]
    elif len(vowels) == 3 or (len(vowels) == 2 and (match[3] or vowels in ("oa", "oe", "uy"))):
        at = 1
    else:
        at = 0
    place = start + at + 1
    return unicodedata.normalize("NFC", letters[:place] + tone + letters[place:])
