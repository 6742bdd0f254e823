"""Emulation movements, campaigns and models, and the titles and awards named beside them.

A quoted name has no class of its own: the noun before it decides ("phong trào “Dân vận khéo”" is a movement, "mô hình
“Dân vận khéo”" a model); a name may begin before its quotation mark. Titles are found longest first, since "Tập thể
lao động tiên tiến" holds the name of another title.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from thidua_kg.mentions.unit_words import reading_copy
from thidua_kg.model import Mention
from thidua_kg.text import matches_at, places
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
    r"(?:(?:yêu nước(?: năm \d{4}| giai đoạn \d{4} ?[-–] ?\d{4})?(?!\w))(?=\W|$)|"
    r"(?:đẩy mạnh|thực hiện|xây dựng|lập thành tích|chào mừng|chung sức|đổi mới|cải cách|bảo vệ|chuyển đổi|học tập)"
    r"[^,;.“”\"\n]{4,160}?(?= theo | trên địa bàn| trong (?!s)| tại | của | do | và (?:phong|các|tổ)|[,;.“”\"\n]|  |$))"
)


_HEAD_WORDS = (
    *("phong trào", "Phong trào", "đợt thi đua", "Đợt thi đua"),
    *("cuộc vận động", "Cuộc vận động", "mô hình", "Mô hình"),
)


def find_movements(text: str) -> list[Mention]:
    """The movements and awards named in a text, in order and without overlap; `rule` says which form was read."""
    flat = reading_copy(text)
    found: list[Mention] = []
    heads = places(flat, _HEAD_WORDS)
    for match in matches_at(_QUOTED, flat, heads):
        start = match.start("name") - 1 if not match["before"].strip() else match.start("before")
        start += len(flat[start : start + 4]) - len(flat[start : start + 4].lstrip())
        rule = "movement-quoted" if match["movement"] else "campaign-quoted" if match["campaign"] else "model-quoted"
        end = match.end()
        if not match["before"].strip():
            start, end = match.start("name"), match.end("name")
        found.append(_mention(text, start, end, "movement", rule))
    for match in matches_at(_PLAIN, flat, heads):
        found.append(_mention(text, match.start(), match.end(), "movement", "movement-plain"))
    for _, start, end in _names().find_matches_as_indexes(flat):
        if flat[start - 1 : start].isalnum() or flat[end : end + 1].isalnum():
            continue
        row = _rows()[_key(flat[start:end])]
        kind = "award" if row.kind in ("title", "honour", "award") else "movement"
        found.append(_mention(text, start, end, kind, f"{row.kind}-name"))
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
    """The mentions in text order; of two that overlap the quoted one stays, then the one read by its grammar."""
    order = {"quoted": 0, "plain": 1, "name": 2}
    starts: list[int] = []
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda one: (order[one.rule.rsplit("-", 1)[1]], one.span)):
        at = bisect_right(starts, mention.span[0])
        clear = (at == 0 or kept[at - 1].span[1] <= mention.span[0]) and (
            at == len(kept) or mention.span[1] <= kept[at].span[0]
        )
        if clear:
            starts.insert(at, mention.span[0])
            kept.insert(at, mention)
    return kept


def _key(name: str) -> str:
    """A name for look-up: small letters, one blank, old tone marks of oa and uy as they stand."""
    return " ".join(name.lower().split())


@cache
def _rows() -> dict[str, EmulationTerm]:
    """The row of each name and form."""
    return {_key(form): row for row in table("emulation", EmulationTerm) for form in (row.name, *row.forms)}


@cache
def _names() -> AhoCorasick:
    """All names, longest first, as printed and in small letters; a title inside a longer one is not matched again."""
    names = {form for row in table("emulation", EmulationTerm) for form in (row.name, *row.forms)}
    spelled = names | {name[0].lower() + name[1:] for name in names} | {name.lower() for name in names}
    spelled |= {name.replace("lao động", "Lao động") for name in names}
    return AhoCorasick(sorted(spelled), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
