"""Where citations stand and what each prints itself: symbols with their type words, names, short forms.

One pass a kind over the flat text, symbols first; what a symbol's citation covers is not read again as a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

from thidua_kg.identity import Symbol, read_symbol
from thidua_kg.mentions.named import Named, find_laws, find_resolutions, find_short
from thidua_kg.mentions.symbols import FoundSymbol, TypeWord, find_symbols, find_type_words
from thidua_kg.model import CitationKind, Header, Span

_LAWS = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
_LABEL = re.compile(r"(?:(?:số|Số|SỐ) ?:? {0,2}|(?<=[a-zà-ỹ]):? {1,2})$")
_NAME_BETWEEN = re.compile(r"[^.;:()“”\"\[\]\d]{0,200}$")
_AMENDING = re.compile(
    r"(?:Luật|LUẬT|Pháp lệnh|PHÁP LỆNH|Bộ luật) {1,2}(?:[Ss]ửa đổi|SỬA ĐỔI|[Bb]ổ sung)[^.;:()“”\"\[\]]{0,140}$"
)
CONNECTED = re.compile(r"^[\s,;]*(?:(?:và|hoặc|&|VÀ)\s+)?(?:các\s+)?[\s,]*$")  # between two members of one list


class Core(msgspec.Struct, frozen=True, gc=False):
    """A citation's own span and what it prints, before its surroundings are read."""

    span: Span
    kind: CitationKind
    type: str | None
    rule: str
    symbol: Symbol | None = None
    number: str | None = None


def find_cores(level: str, header: Header) -> list[Core]:
    """All cores without overlap inside one kind: symbols first, then names, then short forms."""
    words = find_type_words(level)
    own = header.spans.get("symbol")
    starts = [word.span[0] for word in words]
    numbered: list[Core] = []
    for found in find_symbols(level):
        if own and found.span[0] < own[1] and own[0] < found.span[1]:
            continue
        core = _numbered(level, found, words, starts, numbered[-1] if numbered else None)
        if core is not None:
            numbered += (*_shared_suffix(level, core), core)
    taken = [core.span for core in numbered]
    named = [*find_laws(level, words), *find_resolutions(level, words)]
    cores = numbered + [_from_name(n) for n in _free(named, taken, same_start=True)]
    taken = sorted(core.span for core in cores)
    cores += [_from_name(n) for n in _free(find_short(level, words), taken, same_start=False)]
    return sorted(cores, key=lambda c: (c.span[0], -c.span[1]))


def _from_name(named: Named) -> Core:
    return Core(named.span, named.kind, named.type, named.rule, number=named.number)


def _free(named: list[Named], taken: list[Span], *, same_start: bool) -> list[Named]:
    """The names that no symbol's citation covers; an inner law inside a longer citation's name stays if it starts later."""
    ordered = sorted(taken)
    starts = [span[0] for span in ordered]
    free = []
    for name in named:
        at = bisect_right(starts, name.span[0]) - 1
        inside = at >= 0 and ordered[at][1] > name.span[0]
        if not inside or (same_start and ordered[at][0] < name.span[0] and name.span[1] < ordered[at][1]):
            free.append(name)
    return free


def _numbered(
    level: str, found: FoundSymbol, words: list[TypeWord], starts: list[int], last: Core | None
) -> Core | None:
    """The citation around a symbol: its label and type word to the left, the type shared by a list, or the symbol alone."""
    start, end = found.span
    floor = max(last.span[1] if last else 0, start - 240)
    label = _LABEL.search(level, max(floor, start - 6), start)
    at = label.start() if label else start
    word = _word_before(level, words, starts, at, floor, found.symbol, labelled=bool(label and "ố" in label[0].lower()))
    if word is not None:
        type_ = word.name
        return Core(
            (_outer_law(level, word, floor), end), "numbered", type_, "symbol", found.symbol, found.symbol.number
        )
    if found.weak and not (last and CONNECTED.match(level[last.span[1] : at])):
        return None
    shared = (
        last.type if last and _same_series(last.symbol, found.symbol) and _listed(level, last.span[1], at) else None
    )
    return Core(
        (at if label else start, end), "numbered", shared or found.symbol.type, "symbol_in_list" if shared else "symbol",
        found.symbol, found.symbol.number,
    )  # fmt: skip


_OF_THE_ASSEMBLY = (*_LAWS, "Nghị quyết", "Hiến pháp", "Lệnh", "Văn bản hợp nhất")


def _word_before(
    level: str, words: list[TypeWord], starts: list[int], at: int, floor: int, symbol: Symbol, *, labelled: bool
) -> TypeWord | None:
    """The type word that governs a symbol: right before it, or with a name in between where a label stands."""
    i = bisect_right(starts, at) - 1
    while i >= 0 and words[i].span[0] >= floor:
        word = words[i]
        between = level[word.span[1] : at]
        if not between.strip(" :*_"):
            if not _is_national(symbol) or word.name in _OF_THE_ASSEMBLY:
                return word
            i -= 1  # "Luật Quy hoạch số …": the word is the end of a law's name
            continue
        if not _NAME_BETWEEN.fullmatch(between):
            return None
        fits = word.name in _LAWS if _is_national(symbol) else word.name == symbol.type
        if fits and (labelled or (word.name in _LAWS and len(between) < 120)):
            return word
        i -= 1
    return None


def _is_national(symbol: Symbol) -> bool:
    return bool(symbol.issuers) and symbol.issuers[0].startswith(("QH", "UBTVQH")) and symbol.type_code is None


def _outer_law(level: str, word: TypeWord, floor: int) -> int:
    """Where the citation starts: at its type word, or at the amending law's that the name began with."""
    start = word.span[0]
    if word.name in _LAWS and (outer := _AMENDING.search(level, max(floor, start - 170), start)):
        return outer.start()
    return start


def _same_series(first: Symbol | None, second: Symbol) -> bool:
    return first is not None and (first.type_code, first.year is None) == (second.type_code, second.year is None)


_LIST_GAP = re.compile(
    r"^[\s,;]*(?:(?:ngày|NGÀY)?[\s\d/.\-]*(?:tháng|năm|\d|\s)*)?(?:của [^.;]{0,60})?[\s,;]*(?:và|hoặc|&)?\s*(?:số:?\s*)?$"
)


def _listed(level: str, end: int, start: int) -> bool:
    return start - end < 120 and bool(_LIST_GAP.match(level[end:start]))


_SUFFIXED = re.compile(r"(?<![\w/.,-])(\d{1,5})(?= ?(?:&|,|và) ?(?:\d{1,5} ?(?:&|,|và) ?){0,5}$)")


def _shared_suffix(level: str, core: Core) -> list[Core]:
    """Numbers joined before one suffix: "154 & 201/KH-ĐHHV" names two plans; only where "&" joins or "số" begins them."""
    assert core.symbol is not None
    before = level[max(0, core.span[0] - 40) : core.span[0]]
    if "&" not in before[-6:] or core.symbol.number is None:
        return []
    shift = core.span[0] - len(before)
    found = []
    for match in _SUFFIXED.finditer(before):
        symbol = read_symbol(
            core.symbol.canonical.replace(core.symbol.canonical[: len(core.symbol.number)], match[1], 1)
        )
        if symbol is not None:
            found.append(
                Core(
                    (shift + match.start(1), shift + match.end(1)),
                    "numbered",
                    core.type,
                    "shared_suffix",
                    symbol,
                    match[1],
                )
            )
    return found
