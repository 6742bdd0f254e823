"""Which line begins an item: printed numbers, letters, bullets and heading words, told from wrapped lines.

A marker is what Decree 30/2020 (annex I) and the Party's guide on form call the number of a part, chapter, section,
article, clause or point, in any of the spellings that offices use: `Điều 5.`, `I-`, `1.`, `4.1-`, `a)`, `-`.
"""

from __future__ import annotations

import re

import msgspec

_ALPHABET = "abcdđeghiklmnopqrstuvxy"  # the letters that points are lettered with; f, j, w and z are skipped
HEADING_RANK = 5  # parts, chapters, articles and Roman numbers make sections; anything deeper an item
_RANKS = {
    "phần": 0, "chương": 1, "mục": 2, "tiểu mục": 3, "upper": 3, "điều": 4, "roman": 5, "arabic": 6, "arabic)": 7,
    "dotted2": 7, "dotted3": 8, "dotted4": 9, "dotted5": 9, "letter": 10, "letter.": 10, "paren": 11,
    "-": 12, "+": 13, "*": 13, "•": 13,
}  # fmt: skip
UPPER = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
_MARKER = re.compile(
    r"""
    (?P<hash>\#{1,6}[ \t]+)?                       # a Markdown heading
    (?:[*_]{1,3}(?=[^\s*_]))?                       # emphasis that opens before the marker
    (?:
      (?P<word>Phần|PHẦN|Chương|CHƯƠNG|Tiểu\ mục|TIỂU\ MỤC|Mục|MỤC|Điều|ĐIỀU)[ \t]{1,3}(?:thứ[ \t])?
        (?P<ordinal>\d{1,4}[a-zđ]?|[IVXLC]{1,8}|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)
        (?P<wordend>\\?[.:]?)(?=[\s*_–-]|$)
    | (?P<roman>[IVX]{1,7})(?:\\?[.)](?=\s|[*_]|$|[A-ZÀ-Ỹ])|[-–/](?=\s|[*_]|$))
    | (?P<upper>[A-H])(?:\\?[.)]|[-–/])(?=\s)
    | (?P<dotted>\d{1,2}(?:\.\d{1,2}){1,4})(?:\\?[.:)]|[-–/])?(?=[\s*_]|$)
    | (?P<arabic>\d{1,3})(?P<close>\\?[.)](?=\s|[*_]|$|[A-ZÀ-Ỹ])|[-–/](?=\s|[*_]|$))
    | (?P<letter>[a-zđ])(?P<lclose>\\?[.)])(?=\s|[*_]|$|[A-ZÀ-Ỹ])
    | \((?P<paren>[ivx]{1,5}|\d{1,2}|[a-zđ])\)(?=\s)
    | (?P<bullet>[-–—+*•●○▪·◦])(?:[ \t]+(?=[^\s\-–_*])|[ \t]+(?=[*_]{1,3}[^\s*_])|(?=[A-ZÀ-Ỹ])(?<!\*))
    )
    """.replace("A-ZÀ-Ỹ", UPPER),
    re.VERBOSE,
)
_HASHES = re.compile(r"(#{1,6})[ \t]+\S")
_ANNEX = re.compile(
    r"[*_#\s]{0,6}(?:PHỤ LỤC|Phụ lục|Phụ Lục)(?:[ \t]+(?:số[ \t]+|SỐ[ \t]+)?"
    r"(?P<n>[IVXLC]{1,6}|\d{1,3}[A-Za-z]?|[A-Z]))?[.:]?[*_\s]*$|"
    r"[*_#\s]{0,6}PHỤ LỤC[ \t]+(?P<m>[IVXLC]{1,6}|\d{1,3})[ \t]*[.:–-][ \t]*[^a-zà-ỹ\s]"
)
_END = re.compile(r"[.;:!?…][”\"’)*_\]]{0,4}\s*$|/\.\s*[*_]*$|[”\"][*_]*\s*$|\)[*_]*\s*$")
_REFERENCE_TAIL = re.compile(
    r"(?:^|[\s(])(?:[Kk]hoản|[Đđ]iểm|[Đđ]iều|[Mm]ục|[Ss]ố|[Nn]gày|[Tt]háng|[Nn]ăm|[Pp]hần|[Cc]hương|[Qq]uý|[Pp]hụ lục|"
    r"[Bb]ảng|[Bb]iểu|[Mm]ẫu|[Tt]iết|tại|từ|đến|và|hoặc|lần|thứ|với|là|của|theo|trên|dưới)$|,$"
)
_WORDS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


class Marker(msgspec.Struct, frozen=True, gc=False):
    """A printed marker: `style` groups siblings, `number` is what is printed, `value` its place in a count."""

    style: str
    rank: int
    number: str
    value: int
    start: int
    body: int
    firm: bool  # printed with its own closing mark, or a heading word
    heading: int  # Markdown heading level, 0 where there is none

    @property
    def is_bullet(self) -> bool:
        """Whether it counts nothing: a dash, a plus, a star."""
        return self.rank >= _RANKS["-"]


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line that is not blank: from its first visible character to its end, and how it stands to the one before."""

    start: int
    end: int
    text: str
    after_blank: bool


def marker_of(line: Line) -> Marker | None:
    """The marker that the line's first characters look like, context aside: `4.1- Triển khai` gives `4.1`."""
    match = _MARKER.match(line.text)
    if match is None:
        return None
    style, number, value = _reading(match)
    level = len(match["hash"].strip()) if match["hash"] else 0
    firm = bool(match["wordend"]) or not match["word"]
    return Marker(style, _RANKS[style], number, value, line.start, line.start + match.end(), firm, level)


def _reading(match: re.Match[str]) -> tuple[str, str, int]:
    """Style, printed number and count value of a matched marker."""
    if match["word"]:
        word, ordinal = match["word"].lower(), match["ordinal"]
        return word, f"{word.capitalize()} {ordinal}", _value(ordinal)
    if match["dotted"]:
        parts = match["dotted"].split(".")
        return f"dotted{len(parts)}", match["dotted"], int(parts[-1])
    if match["arabic"]:
        return ("arabic)" if ")" in match["close"] else "arabic"), match["arabic"], int(match["arabic"])
    if match["letter"]:
        style = "letter" if ")" in match["lclose"] else "letter."
        return style, match["letter"], _letter(match["letter"])
    if match["bullet"]:
        bullet = match["bullet"]
        return ("-" if bullet in "-–—" else bullet if bullet in "+*" else "•"), "-", 0
    style = "upper" if match["upper"] else "paren" if match["paren"] else "roman"
    number = match[style]
    return style, number, _letter(number.lower()) if style == "upper" else _value(number)


def _value(ordinal: str) -> int:
    """The count of a number in figures, Roman letters or words: `XIV` is 14; a lone letter counts in the alphabet."""
    if ordinal[0].isdigit():
        return int(re.sub(r"\D", "", ordinal))
    if ordinal in _WORDS:
        return _WORDS[ordinal]
    roman = [_ROMAN.get(letter, 0) for letter in ordinal.upper()]
    if 0 in roman:
        return _letter(ordinal[0].lower())
    return sum(-n if n < max(roman[i:]) else n for i, n in enumerate(roman))


def _letter(letter: str) -> int:
    """The place of a letter in the order of points; one that offices skip counts as the next they use."""
    at = _ALPHABET.find(letter)
    return at + 1 if at >= 0 else {"f": 7, "j": 11, "w": 23}.get(letter, 24)


def annex_number(line: str) -> str | None:
    """The printed number of an annex heading, "" where it has none, None where the line is not one: `PHỤ LỤC II`."""
    match = _ANNEX.match(line) if len(line) < 400 else None
    return None if match is None else match["n"] or match["m"] or ""


def heading_level(line: str) -> int:
    """The level of a Markdown heading without a printed number, else 0: `## Tổ chức` is 2."""
    match = _HASHES.match(line)
    return len(match[1]) if match else 0


def ends_sentence(line: str) -> bool:
    """Whether the line closes a sentence or introduces a list, so that the next one starts something new."""
    return not line[-1:].isalnum() and _END.search(line, max(0, len(line) - 12)) is not None


def starts_low(text: str) -> bool:
    """Whether the text goes on with a small letter, emphasis and quotes aside."""
    head = text[:12].lstrip("*_“\"'(\\ \t")
    return bool(head) and head[0].islower()


def is_plausible(marker: Marker, line: Line, previous: Line | None, last: int | None) -> bool:
    """Whether a marker-like line start is one, given the line before and the last sibling's value (None: no sibling).

    "quy định tại khoản" + "2. Nghị định" and "phát triển kinh tế" + "- xã hội" are wrapped sentences.
    """
    rest = line.text[marker.body - line.start :]
    open_before = previous is not None and not ends_sentence(previous.text)
    tail = previous.text[-20:] if previous is not None else ""
    if marker.is_bullet:
        return not (open_before and starts_low(rest)) or (not line.after_blank and tail.endswith(","))
    follows = marker.value == (last or 0) + 1 or marker.value == 1
    if not marker.firm and (
        starts_low(rest) or rest.lstrip()[:1] in {",", ";"} or (open_before and not line.after_blank)
    ):
        return False
    if marker.style.startswith("dotted") and not follows and not (last is not None and last < marker.value <= last + 3):
        return False
    if line.after_blank or not open_before:
        return follows or last is None or last - 1 <= marker.value <= last + 20 or marker.rank <= HEADING_RANK
    return follows and not starts_low(rest) and _REFERENCE_TAIL.search(tail) is None
