"""Which citation belongs to which: inside a title, amended by, or quoted; and where a title then ends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

import msgspec

from thidua_kg.mentions.citation_cores import CONNECTED, Core
from thidua_kg.mentions.citation_tail import Tail

_AMENDED_BY = re.compile(
    r"(?:được|đã|bị) (?:được )?(?:sửa đổi|bổ sung|thay thế|điều chỉnh|đính chính|bãi bỏ)"
    r"(?:[^.;()“”]{0,90}?(?:bởi|tại|theo|bằng)[^.;()“”]{0,60}|(?:, bổ sung|, thay thế)?(?: một số điều)? {1,2})$"
)
_AND_ALSO = re.compile(r" ?(?:,|,? và) {1,2}(?:các )?")  # "bởi Luật số 56/2024/QH15 và Luật số 90/2025/QH15"
_QUOTED = re.compile(r":\s{0,4}([“\"])")


def nesting(level: str, cores: list[Core], tails: list[Tail]) -> list[int | None]:
    """For each citation the one whose title it belongs to: by position in the title, by "được sửa đổi bởi", by quotation."""
    parents: list[int | None] = []
    quotes = _quotations(level, cores)
    amended = False  # whether the citation before is nested as an amending one, so that its list goes on
    top: int | None = None
    reach = 0  # the furthest end of the citations so far: most begin behind it and lie in none
    for i, core in enumerate(cores):
        start = core.span[0]
        parent = _around(cores, i) if start < reach else None
        reach = max(reach, core.span[1])
        if parent is None and top is not None:
            parent = _title_parent(level, cores, tails, parents, i, top)
        if parent is None and i:
            amended = _is_amending(level, cores[i - 1], start) or (amended and _goes_on(level, cores, tails, i))
            if amended:
                parent = i - 1 if parents[i - 1] is None else parents[i - 1]
        else:
            amended = False
        if parent is None:
            parent = _quoting(quotes, start, i)
        if parent is not None and _is_repeated(level, cores, parent, i):
            parent = None
        parents.append(parent)
        if parent is None:
            top = i
    return parents


def _around(cores: list[Core], i: int) -> int | None:
    """The citation whose own words hold the beginning of citation `i`: an amended law in the amending one's name."""
    return next((j for j in range(i - 1, max(-1, i - 6), -1) if cores[i].span[0] < cores[j].span[1]), None)


def _is_amending(level: str, previous: Core, start: int) -> bool:
    """Whether "được sửa đổi, bổ sung bởi" stands between the citation before and the one at `start`."""
    if start - previous.span[1] >= 260:
        return False
    return bool(_AMENDED_BY.search(level, max(previous.span[1], start - 170), start))


def _goes_on(level: str, cores: list[Core], tails: list[Tail], i: int) -> bool:
    return bool(_AND_ALSO.fullmatch(level[max(cores[i - 1].span[1], tails[i - 1].end) : cores[i].span[0]]))


def _quoting(quotes: list[tuple[int, int, int]], start: int, i: int) -> int | None:
    """The citation that is quoted around a place; quotations follow each other, so only the last begun can hold it."""
    last = bisect_left(quotes, (start,)) - 1
    return quotes[last][2] if last >= 0 and start < quotes[last][1] and quotes[last][2] < i else None


def _is_repeated(level: str, cores: list[Core], parent: int, i: int) -> bool:
    """Whether a bracket behind a title only repeats the document's number: "… chuyển đổi số (Nghị quyết 214/NQ-CP)"."""
    one, other = cores[parent].symbol, cores[i].symbol
    same = one is not None and other is not None and one.canonical == other.canonical
    return same and level.endswith("(", 0, cores[i].span[0])


def _title_parent(
    level: str, cores: list[Core], tails: list[Tail], parents: list[int | None], i: int, top: int
) -> int | None:
    """The top citation whose title reaches over citation `i`, unless "và" or a comma makes `i` its sibling.

    After a nested citation the list goes on nested ("theo Chỉ thị số 16/CT-UBND và Kế hoạch số 4088/KH-UBND").
    """
    title, start = tails[top].title_span, cores[i].span[0]
    if title is None or not title[0] <= start < title[1]:
        return None
    previous = cores[i - 1]
    gap = level[tails[i - 1].end if tails[i - 1].title_span is None else previous.span[1] : start]
    if parents[i - 1] is not None and previous.span[0] >= title[0]:
        if CONNECTED.match(gap):
            return parents[i - 1]
        own = tails[i - 1].title_span
        if own and own[0] <= start < own[1] and not _sibling(level, own[0], start):
            return i - 1
    return None if _sibling(level, title[0], start) else top


_SIBLING = re.compile(r"(?:,|;|”| và| VÀ) {1,3}(?:các )?$")


def _sibling(level: str, title_start: int, start: int) -> bool:
    """Whether a comma, semicolon or "và" right before a capitalised reference makes it a member of the outer list."""
    return (
        level[start].isupper()
        and start - title_start > 12
        and bool(_SIBLING.search(level, max(title_start, start - 8), start))
    )


LONGEST_QUOTATION = 200_000  # characters; a mark that is never closed quotes nothing


def _quotations(level: str, cores: list[Core]) -> list[tuple[int, int, int]]:
    """Quoted provisions of another document ("… quy định: “Điều 257. …”") and the citation whose text they are."""
    found: list[tuple[int, int, int]] = []
    starts = [core.span[0] for core in cores]
    for match in _QUOTED.finditer(level):
        i = bisect_right(starts, match.start()) - 1
        if i < 0 or match.start() - cores[i].span[1] > 400:
            continue
        if found and match.start() < found[-1][1]:
            if i <= found[-1][2] or not level.endswith("quy định", 0, match.start()):
                continue
            found[-1] = (found[-1][0], starts[i], found[-1][2])  # never closed: the next document is quoted here
        end = level.find("”" if match[1] == "“" else '"', match.end(), match.end() + LONGEST_QUOTATION)
        if end - match.end() > 40:
            found.append((match.end(), _balanced(level, match.end(), end, match[1]), i))
    return found


def _balanced(level: str, start: int, end: int, opening: str) -> int:
    """The end of a quotation that may hold quotations of its own; at most eight are looked through."""
    if opening != "“":
        return end
    for _ in range(8):
        if level.count("“", start, end) <= level.count("”", start, end):
            return end
        following = level.find("”", end + 1, end + LONGEST_QUOTATION)
        if following < 0:
            return end
        end = following
    return end


def trimmed(level: str, cores: list[Core], tails: list[Tail], parents: list[int | None]) -> list[Tail]:
    """Titles cut where the next member of the same list begins."""
    trimmed: list[Tail] = []
    for i, tail in enumerate(tails):
        title = tail.title_span
        if title is None:
            trimmed.append(tail)
            continue
        inner = {i}
        stop = None
        for j in range(i + 1, min(len(cores), i + 40)):
            if cores[j].span[0] >= title[1]:
                break
            if parents[j] in inner:
                inner.add(j)
            else:
                stop = cores[j].span[0]
                break
        if stop is None or stop <= title[0]:
            trimmed.append(tail if stop is None else _untitled(level, cores[i], tail))
            continue
        words = re.sub(r"[\s,;]+(?:và|VÀ)?\s*(?:các)?\s*$", "", level[title[0] : stop])
        end = title[0] + len(words)
        trimmed.append(
            msgspec.structs.replace(
                tail, title_span=(title[0], end), end=end, title=" ".join(words.split()).strip(' “”"')
            )
        )
    return trimmed


def _untitled(level: str, core: Core, tail: Tail) -> Tail:
    ends = [core.span[1], *(span[1] for span in (tail.date_span,) if span)]
    if tail.issuer and tail.title_span:
        ends.append(len(level[: tail.title_span[0]].rstrip()))
    return msgspec.structs.replace(tail, title=None, title_span=None, end=max(ends))
