"""Whether words are Vietnamese: the syllable's own grammar, onset, rhyme and tone, and no list of words.

Onsets, rhymes and the rule that a syllable closed by a stop (c, ch, p, t) bears only the sharp or the heavy tone are those
of the standard description of the spelling (Đoàn Thiện Thuật, "Ngữ âm tiếng Việt").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

import msgspec

_ONSET = r"(?:ngh?|gh|gi|g|kh|k|ch|c|ph|p|th|tr|t|nh|n|b|d|đ|h|l|m|r|s|v|x)?"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay  ăc ăm ăn ăng ăp ăt  âc âm ân âng âp ât âu ây
e ec em en eng eo ep et  ê êch êm ên ênh êp êt êu  i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot ooc oong  oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
ô ôc ôi ôm ôn ông ôp ôt  ơ ơi ơm ơn ơp ơt
u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uênh uơ uy uya uych uyn uynh uyp uyt uyu
uyên uyêt  ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu  y yêm yên yêng yêt yêu
"""
_AFTER_QU = """
a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eo et ê ên ênh êt êch êu it ich in inh ơ ơi ôc y
yên yêt ynh ych yt yêu ươ ôi
"""
_SYLLABLE = re.compile(
    rf"(?:{_ONSET}(?:{'|'.join(sorted(_RHYMES.split(), key=len, reverse=True))})"
    rf"|qu(?:{'|'.join(sorted(_AFTER_QU.split(), key=len, reverse=True))})"
    r"|gi(?:[mn]|êng|êt|êc|êm|êu)?)"
)
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_MARKED = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_OPEN_TONES = re.compile("[\u0300\u0303\u0309]")
_STOPPED = ("c", "ch", "p", "t")
_TOKEN = re.compile(r"\S+")
_OUTSIDE = "".join(map(chr, range(0x21, 0x30))) + ":;<=>?@[\\]^_`{|}~“”‘’„–—…•°§«»·×÷±©®\u00a0\u200b\ufeff\u00ad→−●○▪■□"
_PARTS = re.compile(r"[-/.,;:()“”‘’\"'…–—+&\[\]|*_]+")


class Score(msgspec.Struct, frozen=True):
    """How many words with letters beyond ASCII a text has, and how many of them are Vietnamese syllables."""

    valid: int
    total: int

    @property
    def share(self) -> float:
        """0 to 1; a text without such words says nothing, 0."""
        return self.valid / self.total if self.total else 0.0


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Whether a word in any case is spelt as a Vietnamese syllable is: "nghiêng", "Uỷ", "QUỐC"; not "nghỉẻng", "cát̀"."""
    parts = unicodedata.normalize("NFD", word.lower())
    marks = _MARKED.findall(parts)
    if len(marks) > 1:
        return False
    bare = unicodedata.normalize("NFC", parts.translate(_TONES))
    if not _SYLLABLE.fullmatch(bare):
        return False
    return not (bare.endswith(_STOPPED) and marks and _OPEN_TONES.match(marks[0]))


def score(text: str, limit: int = 200_000) -> Score:
    """The score of the first `limit` characters of `text`."""
    valid = total = 0
    for token, count in Counter(_TOKEN.findall(text[:limit])).items():
        if token.isascii():
            continue
        for part in _PARTS.split(token.strip(_OUTSIDE)):
            if not part or part.isascii() or (part.isupper() and part.replace("Đ", "").isascii()):
                continue  # "QĐ", "HĐND": an abbreviation proves nothing
            total += count
            valid += count * is_syllable(part)
    return Score(valid, total)
