"""A list's count as Word prints it: ST_NumberFormat of ISO/IEC 29500-1, 17.18.59, as far as offices use it."""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
OF_FIRST = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}  # HTML, ODF
_WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_LARGEST = 32_767  # the largest count of a Word list


def numeral(count: int, style: str) -> str | None:
    """`count` in a number format, None for one that is not known: `numeral(4, "upperRoman") == "IV"`.

    "bullet" and "none" count nothing; letters go on after z with aa, bb, as Word does.
    """
    if style in ("bullet", "none"):
        return ""
    write = _STYLES.get(style)
    return write(min(max(count, 0), _LARGEST)) if write else None


def padded(count: int, example: str) -> str:
    """A count in a custom format, whose first example tells the width: `padded(7, "001, 002, 003, ...") == "007"`."""
    first = example.split(",", 1)[0].strip()
    return str(count).zfill(len(first)) if first.isdigit() else str(count)


def _roman(count: int) -> str:
    parts = []
    for value, letters in _ROMAN:
        times, count = divmod(count, value)
        parts.append(letters * times)
    return "".join(parts)


def _letters(count: int) -> str:
    if count < 1:
        return ""
    times, at = divmod(count - 1, 26)
    return chr(ord("a") + at) * (times + 1)


def _ordinal(count: int) -> str:
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def _vietnamese(count: int) -> str:
    """Counting words up to 99: 21 is "hai mươi mốt", 15 "mười lăm"."""
    tens, ones = divmod(count, 10)
    if count > 99:
        return str(count)
    if tens == 0:
        return _WORDS[ones]
    head = "mười" if tens == 1 else f"{_WORDS[tens]} mươi"
    tail = {0: "", 1: " một" if tens == 1 else " mốt", 5: " lăm"}.get(ones, f" {_WORDS[ones]}")
    return head + tail


_STYLES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02d}",
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerLetter": _letters,
    "ordinal": _ordinal,
    "numberInDash": lambda count: f"- {count} -",
    "decimalEnclosedParen": lambda count: f"({count})",
    "decimalEnclosedFullstop": lambda count: f"{count}.",
    "decimalEnclosedCircle": lambda count: chr(0x2460 + count - 1) if 1 <= count <= 20 else str(count),
    "vietnameseCounting": _vietnamese,
    "hex": lambda count: f"{count:X}",
}
