"""Files saved anew, and where each passage of the old text stands in the new one: what judgements must live through.

A way of saving is a list of edits `(start, end, new)` on the old text, so the true place of every passage is known.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from thidua_kg.judgements.anchors import HEAD, Lost, key_of, locate, quote_of
from thidua_kg.judgements.records import Quote
from thidua_kg.model import Document, Span
from thidua_kg.text import normalize

Edit = tuple[int, int, str]
TOLERANCE = 4  # characters that a found place may be off: marks at its edges come and go


class Saved(NamedTuple):
    """A text saved anew, and where a position of the old text is now; None where it is gone."""

    text: str
    home: Callable[[int], int | None]


class Outcome(NamedTuple):
    """How many passages were found rightly, orphaned, and found in a wrong place."""

    right: int
    orphaned: int
    wrong: int


def passages(document: Document) -> list[Span]:
    """What persons judge: citations and the heads of tasks."""
    cited = [c.span for c in document.citations if c.kind != "self"]
    tasks = [(t.span[0], min(t.span[1], t.span[0] + HEAD)) for t in document.tasks]
    return [span for span in dict.fromkeys([*cited, *tasks]) if document.text[slice(*span)].strip()]


def saved(text: str, edits: list[Edit]) -> Saved:
    """The text after edits that do not overlap, made as a reader would give it."""
    parts: list[str] = []
    shifts: list[tuple[int, int, int, int]] = []  # old start, old end, new start, new end of what stays
    done = length = 0
    for start, end, new in sorted(edits):
        if start < done:
            continue
        shifts.append((done, start, length, length + start - done))
        parts += (text[done:start], new)
        length += start - done + len(new)
        done = end
    shifts.append((done, len(text), length, length + len(text) - done))
    parts.append(text[done:])

    def home(position: int) -> int | None:
        for old_start, old_end, new_start, _ in shifts:
            if old_start <= position < old_end or position == old_end == len(text):
                return new_start + position - old_start
        return None

    return Saved("".join(parts), home)


def _spaces(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?<=\w)[ ](?=\w)", text))


def rewrapped(text: str, rng: random.Random, _: Span) -> list[Edit]:
    """Line breaks at other words, as a PDF has them, and those there were joined."""
    edits = [(m.start(), m.end(), "\n") for m in _spaces(text) if rng.random() < 0.12]
    return edits + [(m.start(), m.end(), " ") for m in re.finditer(r"(?<=[\w,;])\n(?=\w)", text)]


def hyphenated(text: str, rng: random.Random, _: Span) -> list[Edit]:
    """Words broken with a hyphen at line ends, compounds with a soft one, tabs and no-break spaces between words."""
    edits = [
        (m.start(), m.end(), rng.choice(["-\n", "\t", "\u00a0", "\u00ad\n"]))
        for m in _spaces(text)
        if rng.random() < 0.1
    ]
    inside = [m.start() + 3 for m in re.finditer(r"[^\W\d_]{6,}", text) if rng.random() < 0.1]
    return edits + [(at, at, "-\n") for at in inside]


def scattered(text: str, rng: random.Random, _: Span) -> list[Edit]:
    """Spaces inside words, as bad PDF text has them: "ĐIỀ U KHO ẢN"."""
    return [(m.start() + 2, m.start() + 2, " ") for m in re.finditer(r"[^\W\d_]{4,}", text) if rng.random() < 0.1]


def plain(text: str, _: random.Random, __: Span) -> list[Edit]:
    """Markdown saved as text: its marks go, bullets change."""
    marks = [(m.start(), m.end(), "") for m in re.finditer(r"\*\*?|^#+ |[|_`]", text, re.MULTILINE)]
    return marks + [(m.start(), m.end(), "+ ") for m in re.finditer(r"^- ", text, re.MULTILINE)]


def preceded(text: str, _: random.Random, span: Span) -> list[Edit]:
    """A paragraph of its own put before the line of the passage."""
    at = text.rfind("\n", 0, span[0]) + 1
    return [(at, at, "Đoạn này mới được thêm khi văn bản được soát lại lần cuối, gồm hai câu. Câu thứ hai.\n\n")]


def edited_before(_text: str, _: random.Random, span: Span) -> list[Edit]:
    """The words before the passage written anew."""
    start = max(0, span[0] - 40)
    return [(start, span[0], "Lời mới viết lại khác hẳn trước ")] if start < span[0] else []


def edited_around(text: str, _: random.Random, span: Span) -> list[Edit]:
    """The words on both sides written anew."""
    stop = min(len(text), span[1] + 40)
    return [*edited_before(text, _, span), (span[1], stop, ", lời sau cũng được viết lại khác xưa ")]


def slipped(text: str, rng: random.Random, span: Span) -> list[Edit]:
    """A typing slip corrected inside the passage: one letter in forty."""
    letters = [i for i in range(*span) if text[i].isalpha()]
    return [(i, i + 1, "ơ") for i in rng.sample(letters, max(1, len(letters) // 40))] if len(letters) > 20 else []


def deleted(_: str, __: random.Random, span: Span) -> list[Edit]:
    """The passage is gone: the judgement must be orphaned, or nothing else will do."""
    return [(*span, "")]


def renumbered(text: str, _: random.Random, span: Span) -> list[Edit]:
    """The passage now has another number: it is another passage."""
    digits = [i for i in range(*span) if text[i].isdigit()]
    return [(digits[0], digits[0] + 1, str((int(text[digits[0]]) + 3) % 10))] if digits else [(*span, "")]


WAYS: dict[str, Callable[[str, random.Random, Span], list[Edit]]] = {
    "rewrapped": rewrapped,
    "hyphens, tabs, soft breaks": hyphenated,
    "spaces inside words": scattered,
    "Markdown to text": plain,
    "paragraph inserted before": preceded,
    "words before edited": edited_before,
    "words on both sides edited": edited_around,
    "letters of the quote edited": slipped,
    "quote deleted": deleted,
    "number in the quote changed": renumbered,
}
GONE = ("quote deleted", "number in the quote changed")


def as_read(text: str, form: str) -> str:
    """A text through a file of another form: NFD, or Windows line ends, as the readers give it."""
    raw = unicodedata.normalize("NFD", text) if form == "NFD" else text.replace("\n", "\r\n")
    return normalize(raw).value


def tried(document: Document, way: str, spans: list[Span], seed: int = 7) -> Outcome:
    """Each passage quoted, the text saved anew, and the quote looked for: by the true place, right, orphaned or wrong."""
    right = orphaned = wrong = 0
    for n, span in enumerate(spans):
        quote = quote_of(document.text, span)
        edits = WAYS[way](document.text, random.Random(seed * 1000 + n), span)
        new = saved(document.text, edits)
        place = locate(key_of(new.text), quote)
        if isinstance(place, Lost):
            orphaned += 1
        elif way not in GONE and _near(place.span, document.text, new, span[0], span[0] + len(quote.exact)):
            right += 1
        else:
            wrong += 1
    return Outcome(right, orphaned, wrong)


def _near(found: Span, old: str, new: Saved, start: int, end: int) -> bool:
    """Whether a place is the true one, but for signs at its edges."""
    letters = [i for i in range(start, end) if old[i].isalnum()]
    true_start = next((h for i in letters if (h := new.home(i)) is not None), None)
    true_end = next((h + 1 for i in reversed(letters) if (h := new.home(i)) is not None), None)
    if true_start is None or true_end is None:
        return False
    return abs(found[0] - true_start) <= TOLERANCE and abs(found[1] - true_end) <= TOLERANCE


def quote_from(text: str, words: str) -> Quote:
    """The quote of words that stand once in a text."""
    at = text.index(words)
    return quote_of(text, (at, at + len(words)))
