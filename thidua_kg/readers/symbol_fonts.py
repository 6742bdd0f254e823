"""Characters that Word prints through symbol fonts, as the Unicode characters that look the same.

Symbol and Wingdings keep their characters in the private use area, U+F020 to U+F0FF (ISO/IEC 29500-1, 17.3.3.30).
"""

from __future__ import annotations

_SYMBOL = {
    0x2B: "+", 0x2D: "-", 0x2A: "*", 0x6F: "o", 0xA3: "≤", 0xA5: "∞", 0xA7: "♣", 0xA8: "♦", 0xAE: "→", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xBE: "—", 0xD7: "⋅", 0xDE: "⇒",
}  # fmt: skip
_WINGDINGS = {
    0x21: "✏", 0x28: "☎", 0x2A: "✉", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x75: "◆",
    0x76: "❖", 0x77: "⬥", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→",
    0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "•", 0x98: "•", 0xA3: "□"}
_UNSAID = _WINGDINGS | {
    code: _SYMBOL[code] for code in (0x2A, 0x2B, 0x2D, 0xB0, 0xB1, 0xB3, 0xB4, 0xB7)
}  # no font is named
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_BULLETS = "-–—+*•●○▪·◦"  # what `structure.markers` knows as a bullet
_HOLLOW = "□❑❒◻☐o"
UNKNOWN = "□"  # what is printed for a character that nothing is known of


def symbol(code: int, font: str | None) -> str:
    """The character that a code prints in a symbol font: `symbol(0xF0FC, "Wingdings") == "✓"`."""
    low = code & 0xFF if 0xF000 <= code <= 0xF0FF else code
    table = _FONTS.get((font or "").lower())
    if table is not None and 0x20 <= low <= 0xFF:
        return table.get(low, chr(low) if table is _SYMBOL and 0x30 <= low <= 0x39 else UNKNOWN)
    if 0xE000 <= code <= 0xF8FF:
        return _UNSAID.get(low, UNKNOWN)
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else UNKNOWN


PRIVATE = {code: symbol(code, None) for code in range(0xF020, 0xF100)}  # for `str.translate`, where no font is known


def bullet(text: str, font: str | None) -> str:
    """A list's bullet as a character that counts as one: arrows, ticks and ornaments are "•", hollow ones "○".

    `bullet("\\uf0b7", "Symbol") == "•"`, `bullet("o", "Courier New") == "○"`; letters and figures stay as they are.
    """
    if len(text) != 1:
        return text
    shown = symbol(ord(text), font) if (font or "").lower() in _FONTS or "\ue000" <= text <= "\uf8ff" else text
    if shown in _BULLETS:
        return shown
    if shown in _HOLLOW:
        return "○"
    return shown if shown.isalnum() else "•"
