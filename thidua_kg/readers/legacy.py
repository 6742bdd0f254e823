"""The character sets that Vietnam wrote in before Unicode, each a function from its surface to Unicode.

A surface is the text as a program without the set's fonts shows it: one character a byte, of Windows-1252. Tables: TCVN3
("ABC", fonts .VnTime) is TCVN 5712:1993, table VN2, as glibc's TCVN5712-1 has it; VISCII and VIQR are RFC 1456; VNI is the
two byte set of VNI for Windows.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

from thidua_kg.readers.syllables import is_syllable

_TCVN3 = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

# A VNI mark follows its letter and carries tone, shape or both; ơ, ư, đ and the i's are letters of their own.
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_ROOF, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "õ": _TILDE, "û": _HOOK, "ï": _DOT,
    "â": _ROOF, "à": _ROOF + _GRAVE, "á": _ROOF + _ACUTE, "ã": _ROOF + _TILDE, "å": _ROOF + _HOOK, "ä": _ROOF + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ü": _BREVE + _TILDE, "ú": _BREVE + _HOOK, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_BASES = {c: c for c in "aeouy"} | {"ô": "ơ", "ö": "ư"}

_VIQR_MARKS = {
    "'": _ACUTE,
    "`": _GRAVE,
    "?": _HOOK,
    "~": _TILDE,
    ".": _DOT,
    "^": _ROOF,
    "(": _BREVE,
    "+": "\u031b",
    "*": "\u031b",
}
_VIQR = re.compile(r"\\(?P<escaped>.)|(?P<dd>[dD][dD])|(?P<vowel>[aeiouyAEIOUY])(?P<shape>[\^(+*])?(?P<tone>['`?~.])?")


def _both_cases(table: dict[str, str]) -> dict[str, str]:
    return table | {key.upper(): value.upper() for key, value in table.items()}


def surface(data: bytes) -> str:
    """Bytes as Windows-1252, the five codes it leaves open as control characters: one character a byte."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_WINDOWS)


def bytes_of(text: str) -> bytes | None:
    """The way back of `surface`; None where a character has no byte in it."""
    try:
        return text.translate(_UNWINDOWS).encode("latin-1")
    except UnicodeEncodeError:
        return None


_WINDOWS = {b: bytes([b]).decode("cp1252") for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_UNWINDOWS = {ord(char): chr(byte) for byte, char in _WINDOWS.items()}

_FROM_TCVN3 = {0xA0 + at: char for at, char in enumerate(_TCVN3)}
_CODE = re.compile(r"\d|[/-]")  # a token of a symbol: its capitals say nothing of the line
_SMALL, _CAPITAL = re.compile("[a-z]"), re.compile("[A-Z\xa1-\xa7]")
_TCVN3_WORD = re.compile(r"[A-Za-z\xa1-\xff]+")


def from_tcvn3(text: str) -> str:
    """TCVN3 to Unicode: `from_tcvn3("Céng hßa x· héi") == "Cộng hòa xã hội"`.

    The set has no capitals with a tone. They are restored in a line that has capitals only, and in a word with at least two
    ("KÕ HO¹CH" is "KẾ HOẠCH"); elsewhere a word that begins with one stays small ("ñy ban").
    """
    return "\n".join(map(_tcvn3_line, text.split("\n")))


def _tcvn3_line(line: str) -> str:
    words = "".join(token for token in line.split() if not _CODE.search(token))
    if not _SMALL.search(line) and len(_CAPITAL.findall(words)) > 1:
        return line.translate(_FROM_TCVN3).upper()
    return _TCVN3_WORD.sub(_tcvn3_word, line)


def _tcvn3_word(match: re.Match[str]) -> str:
    made = match[0].translate(_FROM_TCVN3)
    return made.upper() if not _SMALL.search(match[0]) and len(_CAPITAL.findall(match[0])) > 1 else made


def from_viscii(data: bytes) -> str:
    """VISCII to Unicode; six of its letters stand among the control characters."""
    table = {0x80 + at: char for at, char in enumerate(_VISCII)} | _VISCII_LOW
    return data.decode("latin-1").translate(table)


def from_vni(text: str) -> str:
    """VNI to Unicode: `from_vni("Coäng hoøa xaõ hoäi") == "Cộng hòa xã hội"`."""
    return _VNI.sub(lambda match: _VNI_PAIRS[match[0]], text)


def _vni_pairs() -> dict[str, str]:
    pairs = _both_cases(_VNI_LETTERS)
    for (base, letter), (mark, parts) in product(_both_cases(_VNI_BASES).items(), _both_cases(_VNI_MARKS).items()):
        made = unicodedata.normalize("NFC", letter + parts)
        if len(made) == 1:
            pairs[base + mark] = made
    return pairs


_VNI_PAIRS = _vni_pairs()
_VNI = re.compile("|".join(sorted(map(re.escape, _VNI_PAIRS), key=len, reverse=True)))


def from_viqr(text: str) -> str:
    """VIQR to Unicode: `from_viqr("Co^.ng ho`a xa~ ho^.i") == "Cộng hòa xã hội"`; a backslash keeps what follows as it is.

    A mark that would give its word a second tone, or no syllable at all, is punctuation.
    """
    return _VIQR_WORD.sub(lambda match: _viqr_word(match[0]), text)


_VIQR_WORD = re.compile(r"(?:\\.|[A-Za-z'`?~.^(+*])+", re.DOTALL)
_VIQR_TONES = "'`?~."


def _viqr_word(word: str) -> str:
    whole = _VIQR.sub(_viqr_letter, word)
    if "\\" in word or is_syllable(whole) or not any(mark in word for mark in _VIQR_TONES):
        return whole
    bare = word.rstrip("'`?~.(*")
    rest = word[len(bare) :]
    for cut in range(len(rest), -1, -1):
        made = _VIQR.sub(_viqr_letter, bare + rest[:cut])
        if is_syllable(made):
            return made + rest[cut:]
    return whole if any(is_syllable(part) for part in re.split(r"\W+", whole) if not part.isascii()) else word


def _viqr_letter(match: re.Match[str]) -> str:
    if match["escaped"]:
        return str(match["escaped"])
    if match["dd"]:
        return "đ" if match["dd"][0] == "d" else "Đ"
    made = unicodedata.normalize(
        "NFC", match["vowel"] + "".join(_VIQR_MARKS[m] for m in (match["shape"], match["tone"]) if m)
    )
    return made if len(made) == 1 else match[0]
