"""Emulation movements, campaigns and models, and the titles and awards named beside them.

A quoted name has no class of its own: the noun before it decides ("phong trào “Dân vận khéo”" is a movement, "mô hình
“Dân vận khéo”" a model); a name may begin before its quotation mark. Titles are found longest first, since "Tập thể
lao động tiên tiến" holds the name of another title.
"""

from __future__ import annotations

import re
from functools import cache

from thidua_kg.mentions.units import reading_copy
from thidua_kg.model import Mention
from thidua_kg.vocab import EmulationTerm, table

_HEADS = (
    r"(?P<movement>[Pp]hong trào(?: thi đua)?(?: yêu nước)?|[Đđ]ợt thi đua(?: đặc biệt| cao điểm)?)"
    r"|(?P<campaign>[Cc]uộc vận động)|(?P<model>[Mm]ô hình)"
)
_QUOTED = re.compile(
    rf"(?:{_HEADS})(?P<before>[^“”\"«».;:\n,]{{0,70}}?) {{0,3}}(?P<open>[“\"«])(?P<name>[^“”\"«»]{{3,200}})[”\"»]"
)
_PLAIN = re.compile(
    r"(?P<movement>[Pp]hong trào thi đua|[Đđ]ợt thi đua|[Cc]uộc vận động) "
    r"(?P<name>(?:yêu nước(?: năm \d{4}| giai đoạn \d{4} ?[-–] ?\d{4})?(?=[ ,.;:]|$))|"
    r"(?:đẩy mạnh|thực hiện|xây dựng|lập thành tích|chào mừng|chung sức|đổi mới|cải cách|bảo vệ|chuyển đổi|học tập)[^,;.“”\"\n]{4,160}?)"
    r"(?= trên địa bàn| trong (?!s)| tại | của | do | và (?:phong|các|tổ)|[,;.“”\"\n]|$)"
)


def find_movements(text: str) -> list[Mention]:
    """The movements and awards named in a text, in order and without overlap; `rule` says which form was read."""
    flat = reading_copy(text)
    found: list[Mention] = []
    for match in _QUOTED.finditer(flat):
        start = match.start("name") - 1 if not match["before"].strip() else match.start("before")
        start += len(flat[start : start + 4]) - len(flat[start : start + 4].lstrip())
        rule = "movement-quoted" if match["movement"] else "campaign-quoted" if match["campaign"] else "model-quoted"
        end = match.end()
        if not match["before"].strip():
            start, end = match.start("name"), match.end("name")
        found.append(_mention(text, start, end, "movement", rule))
    for match in _PLAIN.finditer(flat):
        found.append(_mention(text, match.start(), match.end(), "movement", "movement-plain"))
    for match in _names().finditer(flat):
        row = _rows()[_key(match[0])]
        award = row.kind in ("title", "honour", "award")
        rule = f"{row.kind}-name"
        found.append(_mention(text, *match.span(), "award" if award else "movement", rule))
    return _without_overlap(found)


def _mention(text: str, start: int, end: int, kind: str, rule: str) -> Mention:
    """A mention without emphasis and blanks at its ends."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip(" *_\n"))
    right = start + len(words.rstrip(" *_\n"))
    return Mention(
        kind="award" if kind == "award" else "movement", span=(left, right), text=text[left:right], rule=rule
    )


def _without_overlap(found: list[Mention]) -> list[Mention]:
    """The mentions in text order; of two that overlap the earlier rule, then the longer one, stays."""
    order = {"quoted": 0, "plain": 1, "name": 2}
    kept: list[Mention] = []
    reached = -1
    ranked = sorted(found, key=lambda one: (one.span[0], order[one.rule.rsplit("-", 1)[1]], -one.span[1]))
    for mention in ranked:
        if mention.span[0] >= reached:
            kept.append(mention)
            reached = mention.span[1]
    return kept


def _key(name: str) -> str:
    """A name for look-up: small letters, one blank, old tone marks of oa and uy as they stand."""
    return " ".join(name.lower().split())


@cache
def _rows() -> dict[str, EmulationTerm]:
    """The row of each name and form."""
    return {_key(form): row for row in table("emulation", EmulationTerm) for form in (row.name, *row.forms)}


@cache
def _names() -> re.Pattern[str]:
    """All names, longest first, each word in either case; a title inside a longer one is not matched again."""
    names = sorted({name for name in _rows()}, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(" {1,4}".join(map(_word, name.split())) for name in names) + r")(?!\w)")


def _word(word: str) -> str:
    """One word of a name, its first letter in either case."""
    first = word[0]
    return (f"[{first.upper()}{first}]" if first.upper() != first else re.escape(first)) + re.escape(word[1:])
