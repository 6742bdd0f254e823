"""Every reference to a document in a text, read and tied to its place.

The finder runs in passes over immutable lists: cores (symbols, names, short forms), tails (date, issuer, title), nesting
(a citation inside another's title belongs to it), sharing (an issuer that a list shares), relations. Each pass is linear.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

import msgspec

from thidua_kg.identity import Symbol, read_symbol, unpadded
from thidua_kg.mentions.citation_tail import Tail, read_tail, read_year
from thidua_kg.mentions.cues import relation_of
from thidua_kg.mentions.named import Named, find_laws, find_resolutions, find_short
from thidua_kg.mentions.symbols import FoundSymbol, TypeWord, find_symbols, find_type_words, flat
from thidua_kg.model import Block, Citation, CitationKind, Header, Manner, Relation, Span

_LAWS = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
_LABEL = re.compile(r"(?:(?:số|Số|SỐ) ?:? {0,2}|(?<=[a-zà-ỹ]):? {1,2})$")
_NAME_BETWEEN = re.compile(r"[^.;:()“”\"\[\]\d]{0,200}$")
_AMENDING = re.compile(
    r"(?:Luật|LUẬT|Pháp lệnh|PHÁP LỆNH|Bộ luật) {1,2}(?:[Ss]ửa đổi|SỬA ĐỔI|[Bb]ổ sung)[^.;:()“”\"\[\]]{0,140}$"
)
_CONNECTED = re.compile(r"^[\s,;]*(?:(?:và|hoặc|&|VÀ)\s+)?(?:các\s+)?[\s,]*$")
_AMENDED_BY = re.compile(
    r"(?:được|đã|bị) (?:được )?(?:sửa đổi|bổ sung|thay thế|điều chỉnh|đính chính|bãi bỏ)[^.;()“”]{0,90}?"
    r"(?:bởi|tại|theo|bằng)[^.;()“”]{0,60}$"
)
_SENTENCE = re.compile(
    r"[.!?…][”\"]? {1,3}(?=[A-ZĐÀ-Ỹ“])|:(?= {2,})"
    r"| {2,}(?=(?:Căn cứ|Thực hiện|Theo đề nghị|Xét|Để|Trên cơ sở) )"
    r"|;(?= {1,3}(?:[-+*•] |[a-zđ]\) |Căn cứ |Thực hiện |Theo ))"
)
_PROVISION = re.compile(
    r"(?:(?:các {1,2})?(?:[Đđ]iểm|[Kk]hoản|[Đđ]iều|[Mm]ục|[Cc]hương|[Pp]hần|[Pp]hụ lục|ĐIỀU|KHOẢN) {1,2}(?:số )?"
    r"(?:\d{1,3}(?:\.\d{1,2})?[a-zđ]?|[a-zđ]|[IVXLC]{1,6})(?![\wÀ-ỹ])"
    r"(?:(?: ?, ?| và | hoặc |[-–])(?:\d{1,3}[a-zđ]?|[a-zđ]|[IVXLC]{1,6})(?![\wÀ-ỹ])){0,8}[ ,]{0,3}(?:và |hoặc |của )?(?:các )?)"
)
_JOINING = (" của", " các", " và", " hoặc")  # what may stand between an article and the document it belongs to
_QUOTED = re.compile(r":\s{0,4}([“\"])")


class Core(msgspec.Struct, frozen=True, gc=False):
    """A citation's own span and what it prints, before its surroundings are read."""

    span: Span
    kind: CitationKind
    type: str | None
    rule: str
    symbol: Symbol | None = None
    number: str | None = None


def find_citations(text: str, header: Header, blocks: tuple[Block, ...]) -> tuple[Citation, ...]:
    """Every citation of `text`, in order; the header's own number is none, its repetition in the body is `self`.

    `find_citations("Thực hiện Chỉ thị số 34-CT/TW …", Header(), blocks)[0].canonical == "34-CT/TW"`
    """
    level = flat(text)
    words = find_type_words(level)
    cores = _cores(level, words, header)
    breaks = _paragraph_ends(text, header, blocks)
    tails = _tails(level, cores, breaks)
    parents = _nesting(level, cores, tails)
    provisions = [_provision(level, core.span[0]) for core in cores]
    tails = _trimmed(level, cores, tails, parents)
    issuers = _shared_issuers(level, cores, tails)
    relations = _relations(level, cores, tails, parents, provisions, breaks, header)
    return tuple(_assembled(text, level, header, blocks, cores, tails, parents, issuers, relations, provisions))


# --- cores


def _cores(level: str, words: list[TypeWord], header: Header) -> list[Core]:
    """All cores without overlap inside one kind: symbols first, then names, then short forms."""
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
    if found.weak and not (last and _CONNECTED.match(level[last.span[1] : at])):
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


# --- tails and nesting


_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*(?=[A-ZĐÀ-Ỹ“\"(+*•–\d-])")


def _paragraph_ends(text: str, header: Header, blocks: tuple[Block, ...]) -> list[int]:
    """Where a sentence ends at the latest: with a block or a header field, or at a blank line before a new beginning.

    A blank line before a small letter is a soft break inside a sentence.
    """
    ends = {span[1] for span in (*(block.span for block in blocks), *header.spans.values())} | {len(text)}
    return sorted(ends.union(match.end() for match in _BLANK_LINE.finditer(text)))


def _tails(level: str, cores: list[Core], breaks: list[int]) -> list[Tail]:
    tails = []
    for i, core in enumerate(cores):
        if core.kind in ("self", "back"):
            tails.append(Tail(core.span[1]))  # what follows is said of the document, not its title
            continue
        j = i + 1
        while j < len(cores) and cores[j].span[0] < core.span[1]:
            j += 1
        following = cores[j].span[0] if j < len(cores) else len(level)
        paragraph = breaks[min(bisect_right(breaks, core.span[1] - 1), len(breaks) - 1)]
        tails.append(read_tail(level, core.span[1], following, paragraph))
    return tails


def _nesting(level: str, cores: list[Core], tails: list[Tail]) -> list[int | None]:
    """For each citation the one whose title it belongs to: by position in the title, by "được sửa đổi bởi", by quotation."""
    parents: list[int | None] = []
    quotes = _quotations(level, cores)
    last_top: int | None = None
    reach = 0  # the furthest end of the citations so far: most begin behind it and lie in none
    for i, core in enumerate(cores):
        start = core.span[0]
        parent = None
        if start < reach:
            parent = next((j for j in range(i - 1, max(-1, i - 6), -1) if start < cores[j].span[1]), None)
        reach = max(reach, core.span[1])
        if parent is None and i and last_top is not None:
            parent = _title_parent(level, cores, tails, parents, i, last_top)
        if (
            parent is None
            and i
            and start - cores[i - 1].span[1] < 260
            and _AMENDED_BY.search(level, max(cores[i - 1].span[1], start - 170), start)
        ):
            parent = parents[i - 1] if parents[i - 1] is not None else i - 1
        if parent is None:
            q = (
                bisect_left(quotes, (start,)) - 1
            )  # quotations follow each other, so that only the last begun can hold it
            parent = quotes[q][2] if q >= 0 and start < quotes[q][1] and quotes[q][2] < i else None
        parents.append(parent)
        if parent is None:
            last_top = i
    return parents


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
        if _CONNECTED.match(gap):
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
        if i < 0 or match.start() - cores[i].span[1] > 400 or (found and match.start() < found[-1][1]):
            continue
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


def _trimmed(level: str, cores: list[Core], tails: list[Tail], parents: list[int | None]) -> list[Tail]:
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


# --- sharing


def _shared_issuers(level: str, cores: list[Core], tails: list[Tail]) -> list[str | None]:
    """The issuer printed with each citation, or with a later member of its list where the codes agree."""
    issuers = [tail.issuer for tail in tails]
    for i in range(len(cores) - 2, -1, -1):
        if issuers[i] is not None or issuers[i + 1] is None or tails[i].title_span is not None:
            continue
        a, b = cores[i].symbol, cores[i + 1].symbol
        same = a is not None and b is not None and a.issuers == b.issuers
        if same and cores[i].kind == "numbered" and _CONNECTED.match(level[tails[i].end : cores[i + 1].span[0]]):
            issuers[i] = issuers[i + 1]
    return issuers


# --- relations


def _relations(
    level: str,
    cores: list[Core],
    tails: list[Tail],
    parents: list[int | None],
    provisions: list[str | None],
    breaks: list[int],
    header: Header,
) -> list[tuple[Relation, Manner | None]]:
    found: list[tuple[Relation, Manner | None]] = []
    title = header.spans.get("title", (0, 0))
    consolidated = header.type_code == "VBHN" or (header.symbol or "").find("VBHN") > 0
    for i, core in enumerate(cores):
        if parents[i] is not None or core.kind == "self":
            found.append(("nested", None) if core.kind != "self" else ("cites", None))
            continue
        start = core.span[0]
        at = bisect_right(breaks, start) - 1
        region = _region(level, cores, tails, i, max(breaks[at] if at >= 0 else 0, start - 900))
        if note := _FOOTNOTE.fullmatch(region):
            region = _footnote_region(level, note[1], start)
        in_title = title[0] <= start < title[1]
        relation = relation_of(region, core.type, in_title=in_title, with_provision=provisions[i] is not None)
        if consolidated and relation[0] == "cites" and not region.strip(" 0123456789.-") and core.kind == "numbered":
            relation = ("consolidates", None)
        found.append(relation)
    return found


_FOOTNOTE = re.compile(r"\s*\[(\d{1,3})\][\s;,]*(?:và\s*)?")


def _footnote_region(level: str, number: str, start: int) -> str:
    """The sentence that a footnote belongs to, up to its mark: its citations stand where the mark stands."""
    mark = level.find(f"[{number}]", 0, start)
    if mark < 0 or level.find(f"[{number}]", mark + 1, start) < 0:
        return ""
    return _last_sentence(level[max(0, mark - 400) : mark])


def _region(level: str, cores: list[Core], tails: list[Tail], i: int, start: int) -> str:
    """The sentence before citation `i` with the earlier citations and their titles left out; each leaves a semicolon mark."""
    parts: list[str] = []
    at = cores[i].span[0]
    for j in range(i - 1, max(-1, i - 40), -1):
        if cores[j].span[1] <= start:
            break
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


# --- assembly


def _assembled(
    text: str,
    level: str,
    header: Header,
    blocks: tuple[Block, ...],
    cores: list[Core],
    tails: list[Tail],
    parents: list[int | None],
    issuers: list[str | None],
    relations: list[tuple[Relation, Manner | None]],
    provisions: list[str | None],
) -> list[Citation]:
    starts = [block.span[0] for block in blocks]
    dates = _dates_by_symbol(cores, tails)
    citations = []
    for i, (core, tail) in enumerate(zip(cores, tails, strict=True)):
        symbol = core.symbol
        if symbol and issuers[i] and symbol.issuers[:1] in _DOUBTFUL:
            symbol = read_symbol(symbol.printed, issuer=issuers[i]) or symbol
        canonical = symbol.canonical if symbol else None
        issues = list(symbol.issues) if symbol else []
        issuer = issuers[i] or _proposer(level, core.span[0])
        date, date_span = tail.date, tail.date_span
        year = symbol.year if symbol else None
        if core.kind == "named" and (named_year := re.search(r"\d{4}$", level[slice(*core.span)])):
            year = int(named_year[0])
        elif core.kind == "named" and date is None and (after := read_year(level, core.span[1])):
            year, date_span = int(after[0]), after[1]
        if date is None and canonical and len(dates.get(unpadded(canonical), ())) == 1:
            date = next(iter(dates[unpadded(canonical)]))
            issues.append("date_inherited")
        if "\n" in text[slice(*core.span)]:
            issues.append("soft_break")
        own = header.canonical and canonical and unpadded(canonical) == unpadded(header.canonical)
        same_day = not (tail.date and header.date) or tail.date == header.date
        kind: CitationKind = "self" if own and same_day and core.kind == "numbered" else core.kind
        relation, manner = relations[i]
        citations.append(
            Citation(
                span=core.span,
                text=text[slice(*core.span)],
                kind=kind,
                rule=core.rule,
                full_span=(core.span[0], max(core.span[1], tail.end)),
                holder=blocks[bisect_right(starts, core.span[0]) - 1].id if blocks else "",
                type=core.type,
                number=core.number,
                year=year,
                symbol=symbol.printed if symbol else None,
                canonical=canonical,
                issuer=issuer,
                date=date,
                date_span=date_span,
                title=tail.title,
                provision=provisions[i],
                relation=relation if kind != "self" else "cites",
                manner=manner if kind != "self" else None,
                nested_in=parents[i],
                issues=tuple(dict.fromkeys(issues)),
            )
        )
    return citations


_DOUBTFUL = (("TU",), ("BCĐ",))  # codes that are mistaken for that of a central body, whose name then decides
_PROPOSER = re.compile(
    r"(?:đề nghị|đề xuất|kiến nghị|ý kiến|thẩm định) của ((?:(?! của | tại )[^.;()“”]){3,110}) tại (?:các )?$"
)


def _proposer(level: str, start: int) -> str | None:
    """The body before "tại Tờ trình số …": "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 417/TTr-SNV"."""
    if not level.endswith(("tại ", "các "), max(0, start - 4), start):
        return None
    found = _PROPOSER.search(level, max(0, start - 170), start)
    return " ".join(found[1].split()) if found else None


def _dates_by_symbol(cores: list[Core], tails: list[Tail]) -> dict[str, set[str]]:
    dates: dict[str, set[str]] = {}
    for core, tail in zip(cores, tails, strict=True):
        if core.symbol and tail.date:
            dates.setdefault(unpadded(core.symbol.canonical), set()).add(tail.date)
    return dates


def _provision(level: str, start: int) -> str | None:
    """The articles before a citation that belong to it: "khoản 2 Điều 5" in "khoản 2 Điều 5 Nghị định số …"."""
    before = level[max(0, start - 16) : start].rstrip(" ,")
    for word in _JOINING:
        before = before.removesuffix(word)
    last = before[before.rfind(" ") + 1 :].rstrip(",")  # a part's number or letter, or there is none: "5", "12a", "IV"
    if len(last) > 6 or not (last[:1].isdigit() or len(last) == 1 or last.isupper()):
        return None
    window = max(0, start - 160)
    begin, end = None, None
    for match in _PROVISION.finditer(level, window, start):
        if end is None or match.start() > end + 1:
            begin = match.start()
        end = match.end()
    if begin is None or end is None or level[end:start].strip(" "):
        return None
    return re.sub(r" (?:của|và|hoặc)?(?: các)?$", "", " ".join(level[begin:end].split())).strip(" ,") or None


_HEADING = re.compile(r"nghị quyết|quyết định|chỉ thị", re.IGNORECASE)


def read_symbols(text: str) -> list[Symbol]:
    """The symbols in a line that a person typed: one with its label, or a list; none where there is no symbol.

    What stands in brackets behind a symbol is its context: who issued it, the heading it stands under, its date.
    `[s.canonical for s in read_symbols("154 & 201/KH-ĐHHV")] == ["154/KH-ĐHHV", "201/KH-ĐHHV"]`
    """
    cited = [c for c in find_citations(text, Header(), ()) if c.symbol]
    if len(cited) > 1 or (cited and cited[0].issuer):
        return [s for c in cited if (s := read_symbol(c.symbol or "", issuer=c.issuer))]
    bare, _, context = text.partition("(")
    heading = _HEADING.search(context)
    whole = read_symbol(bare, heading=heading[0].capitalize() if heading else None) or read_symbol(text)
    return [whole] if whole else [s for c in cited if (s := read_symbol(c.symbol or ""))]
