"""How a document relates to each one it cites: which words speak for the citation, and what a list shares.

The words are the citation's own sentence with all earlier citations blanked out; where a list item holds nothing else,
the sentence that introduces the list.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from thidua_kg.mentions.citation_cores import CONNECTED, Core
from thidua_kg.mentions.citation_tail import Tail
from thidua_kg.mentions.cues import relation_of
from thidua_kg.model import Block, Header, Manner, Relation

REACH = 900  # characters before a citation that are read for its sentence

_SENTENCE = re.compile(
    r"[.!?…][”\"]? {1,3}(?=[A-ZĐÀ-Ỹ“]|[-–+*•] |\d{1,2}[.)] |[a-zđ]\) )|:(?= {2,})"
    r"| {2,}(?=(?:Căn cứ|Thực hiện|Theo đề nghị|Xét|Để|Trên cơ sở) )"
    r"|;(?= {1,3}(?:[-+*•] |[a-zđ]\) |Căn cứ |Thực hiện |Theo |Xét ))"
)
_FOOTNOTE = re.compile(r"\s*\[(\d{1,3})\][\s;,]*(?:và\s*)?")
_MARKER = re.compile(r"[\s\-–+*•]*(?:\d{1,3}[.)]|[a-zđ][.)])?[\s*_]*")
_LAPSES = re.compile(r"[^.;:“”]{0,200}? hết hiệu lực(?! (?:thì|mà|hoặc))")

_Related = tuple[Relation, Manner | None]


def relations(
    level: str,
    cores: list[Core],
    tails: list[Tail],
    parents: list[int | None],
    provisions: list[str | None],
    breaks: list[int],
    header: Header,
    blocks: tuple[Block, ...],
) -> list[_Related]:
    """Relation and manner of each citation: `nested` where it belongs to another, else by the words that speak for it."""
    found: list[_Related] = []
    title = header.spans.get("title", (0, 0))
    lists = _Lists(level, blocks)
    consolidated = header.type_code == "VBHN" or (header.symbol or "").find("VBHN") > 0
    top: int | None = None
    for i, core in enumerate(cores):
        if core.kind == "self" or parents[i] is not None:
            found.append(("cites" if core.kind == "self" else "nested", None))
            continue
        start = core.span[0]
        at = bisect_right(breaks, start) - 1
        region = _region(level, cores, tails, i, max(breaks[at] if at >= 0 else 0, start - REACH))
        if note := _FOOTNOTE.fullmatch(region):
            region = _footnote_region(level, note[1], start)
        elif _MARKER.fullmatch(region):
            region = lists.introduction(start) or region
        relation = relation_of(
            region,
            core.type,
            in_title=title[0] <= start < title[1],
            with_provision=provisions[i] is not None,
            own_type=header.type,
        )
        if relation is None and top is not None and _in_one_list(level, cores, tails, top, i):
            relation = found[top] if found[top][0] != "proposed_by" or core.type == "Tờ trình" else None
        if relation is None and core.kind == "numbered" and not region.strip(" 0123456789.-*_abcdđ)"):
            if consolidated:
                relation = ("consolidates", None)
            elif _LAPSES.match(level, tails[i].end, tails[i].end + 230):
                relation = ("repeals", None)
        found.append(relation or ("cites", None))
        top = i
    return found


def _in_one_list(level: str, cores: list[Core], tails: list[Tail], before: int, i: int) -> bool:
    gap = level[max(cores[before].span[1], tails[before].end) : cores[i].span[0]]
    return len(gap) < 12 and bool(gap.strip()) and bool(CONNECTED.fullmatch(gap))


class _Lists:
    """The sentences that introduce lists, looked up by a place in an item; built when first asked."""

    def __init__(self, level: str, blocks: tuple[Block, ...]) -> None:
        self._level, self._blocks = level, blocks
        self._starts: list[int] = []
        self._by_id: dict[str, Block] = {}

    def introduction(self, position: int) -> str | None:
        """The sentence before the colon of the block above the one at `position`, None where it ends with none."""
        if not self._blocks:
            return None
        if not self._starts:
            self._starts = [block.span[0] for block in self._blocks]
            self._by_id = {block.id: block for block in self._blocks}
        above = self._by_id.get(self._blocks[bisect_right(self._starts, position) - 1].parent or "")
        if above is None or above.kind not in ("section", "item", "paragraph", "preamble"):
            return None
        words = self._level[max(above.span[0], above.span[1] - REACH) : above.span[1]].rstrip()
        return _last_sentence(words) if words.endswith(":") else None


def _footnote_region(level: str, number: str, start: int) -> str:
    """The sentence that a footnote belongs to, up to its mark: its citations stand where the mark stands."""
    mark = level.find(f"[{number}]", 0, start)
    if mark < 0 or level.find(f"[{number}]", mark + 1, start) < 0:
        return ""
    return _last_sentence(level[max(0, mark - 400) : mark])


def _region(level: str, cores: list[Core], tails: list[Tail], i: int, start: int) -> str:
    """The sentence before citation `i` with the earlier citations and their titles left out; each leaves a semicolon mark.

    "Quyết định này" stays: it says whose doing the words are.
    """
    parts: list[str] = []
    at = cores[i].span[0]
    for j in range(i - 1, max(-1, i - 40), -1):
        if cores[j].span[1] <= start:
            break
        if cores[j].kind == "self":
            continue
        end = max(cores[j].span[1], tails[j].end)
        if end <= at:
            parts.append(level[end:at])
            at = cores[j].span[0]
        elif cores[j].span[0] < at:
            at = cores[j].span[0]
    parts.append(level[min(start, at) : at])
    return _last_sentence("".join(reversed(parts)))


def _last_sentence(region: str) -> str:
    """What follows the last sentence end of a stretch of text, looked for near its end first."""
    for start in (max(0, len(region) - 200), 0):
        ends = [m.end() for m in _SENTENCE.finditer(region, start)]
        if ends:
            return region[ends[-1] :]
    return region
