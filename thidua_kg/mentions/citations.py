"""Every reference to a document in a text, read and tied to its place.

The finder runs in passes over immutable lists: cores (symbols, names, short forms), tails (date, issuer, title), nesting
(a citation inside another's title belongs to it), sharing (an issuer that a list shares), relations. Each pass is linear.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from thidua_kg.identity import Symbol, read_symbol, unpadded
from thidua_kg.mentions.citation_cores import Core, find_cores
from thidua_kg.mentions.citation_issuers import Origin, origins
from thidua_kg.mentions.citation_nesting import nesting, trimmed
from thidua_kg.mentions.citation_relations import relations
from thidua_kg.mentions.citation_tail import Tail, read_tail, read_year
from thidua_kg.mentions.symbols import flat
from thidua_kg.model import Block, Citation, CitationKind, Header, Manner, Relation

_PROVISION = re.compile(
    r"(?:(?:các {1,2})?(?:[Đđ]iểm|[Kk]hoản|[Đđ]iều|[Mm]ục|[Cc]hương|[Pp]hần|[Pp]hụ lục|ĐIỀU|KHOẢN) {1,2}(?:số )?"
    r"(?:\d{1,3}(?:\.\d{1,2})?[a-zđ]?|[a-zđ]|[IVXLC]{1,6})(?![\wÀ-ỹ])"
    r"(?:(?: ?, ?| và | hoặc |[-–])(?:\d{1,3}[a-zđ]?|[a-zđ]|[IVXLC]{1,6})(?![\wÀ-ỹ])){0,8}[ ,]{0,3}(?:và |hoặc |của )?(?:các )?)"
)
_JOINING = (" của", " các", " và", " hoặc")  # what may stand between an article and the document it belongs to


def find_citations(text: str, header: Header, blocks: tuple[Block, ...]) -> tuple[Citation, ...]:
    """Every citation of `text`, in order; the header's own number is none, its repetition in the body is `self`.

    `find_citations("Thực hiện Chỉ thị số 34-CT/TW …", Header(), blocks)[0].canonical == "34-CT/TW"`
    """
    level = flat(text)
    cores = find_cores(level, header)
    breaks = _paragraph_ends(text, header, blocks)
    tails = _tails(level, cores, breaks)
    parents = nesting(level, cores, tails)
    provisions = [_provision(level, core.span[0]) for core in cores]
    tails = trimmed(level, cores, tails, parents)
    printed = origins(level, cores, tails)
    related = relations(level, cores, tails, parents, provisions, breaks, header, blocks)
    return tuple(_assembled(text, level, header, blocks, cores, tails, parents, printed, related, provisions))


_NEW_LINE = re.compile(r"\n(?:[ \t]*\n\s*(?=[A-ZĐÀ-Ỹ“\"(+*•–\d-])|[ \t]*(?=(?:Căn cứ|CĂN CỨ|Xét|Theo đề nghị) ))")


def _paragraph_ends(text: str, header: Header, blocks: tuple[Block, ...]) -> list[int]:
    """Where a sentence ends at the latest: with a block or header field, at a blank line before a new beginning, or before
    a line of the preamble.

    A blank line before a small letter is a soft break inside a sentence.
    """
    ends = {span[1] for span in (*(block.span for block in blocks), *header.spans.values())} | {len(text)}
    return sorted(ends.union(match.end() for match in _NEW_LINE.finditer(text)))


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


_BLANK = re.compile(r",? {0,2}(?:(?:số|ngày) ?[.…_]|[.…_]{2})")  # a form leaves number or date to its user


def _assembled(
    text: str,
    level: str,
    header: Header,
    blocks: tuple[Block, ...],
    cores: list[Core],
    tails: list[Tail],
    parents: list[int | None],
    printed: list[Origin],
    related: list[tuple[Relation, Manner | None]],
    provisions: list[str | None],
) -> list[Citation]:
    starts = [block.span[0] for block in blocks]
    dates = _dates_by_symbol(cores, printed)
    citations = []
    for i, (core, tail) in enumerate(zip(cores, tails, strict=True)):
        symbol, origin = core.symbol, printed[i]
        if symbol and origin.issuer and symbol.issuers[:1] in _DOUBTFUL:
            symbol = read_symbol(symbol.printed, issuer=origin.issuer) or symbol
        canonical = symbol.canonical if symbol else None
        issues = list(symbol.issues) if symbol else []
        date, date_span = origin.date, origin.date_span
        year = symbol.year if symbol else None
        if core.kind == "named" and (named_year := re.search(r"\d{4}$", level[slice(*core.span)])):
            year = int(named_year[0])
        elif core.kind == "named" and date is None and (after := read_year(level, core.span[1])):
            year, date_span = int(after[0]), after[1]
        if date is None and canonical and len(dates.get(unpadded(canonical), ())) == 1:
            date = next(iter(dates[unpadded(canonical)]))
            issues.append("date_inherited")
        quote = text[slice(*core.span)]
        if "\n" in quote:
            issues.append("soft_break")
        if core.kind == "named" and _BLANK.match(level, core.span[1]):
            issues.append("number_blank")
        own = header.canonical and canonical and unpadded(canonical) == unpadded(header.canonical)
        same_day = not (origin.date and header.date) or origin.date == header.date
        kind: CitationKind = "self" if own and same_day and core.kind == "numbered" else core.kind
        relation, manner = related[i]
        citations.append(
            Citation(
                span=core.span,
                text=quote,
                kind=kind,
                rule=core.rule,
                full_span=(core.span[0], max(core.span[1], tail.end)),
                holder=blocks[bisect_right(starts, core.span[0]) - 1].id if blocks else "",
                type=core.type,
                number=core.number,
                year=year,
                symbol=symbol.printed if symbol else None,
                canonical=canonical,
                issuer=origin.issuer,
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


def _dates_by_symbol(cores: list[Core], printed: list[Origin]) -> dict[str, set[str]]:
    dates: dict[str, set[str]] = {}
    for core, origin in zip(cores, printed, strict=True):
        if core.symbol and origin.date:
            dates.setdefault(unpadded(core.symbol.canonical), set()).add(origin.date)
    return dates


def _provision(level: str, start: int) -> str | None:
    """The articles before a citation that belong to it: "khoản 2 Điều 5" in "khoản 2 Điều 5 Nghị định số …"."""
    before = level[max(0, start - 16) : start].rstrip(" ,")
    for word in _JOINING:
        before = before.removesuffix(word)
    last = before[before.rfind(" ") + 1 :].rstrip(",")  # a part's number or letter, or there is none: "5", "12a", "IV"
    if len(last) > 6 or not (last[:1].isdigit() or len(last) == 1 or last.isupper()):
        return None
    for reach in (80, 200):  # most are short; a chain that begins near the edge is read again from further back
        begin, end = None, start
        for match in _PROVISION.finditer(level, max(0, start - reach), start):
            if begin is None or match.start() > end + 1:
                begin = match.start()
            end = match.end()
        if begin is None or level[end:start].strip(" "):
            return None
        if begin > start - reach + 24:
            break
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
