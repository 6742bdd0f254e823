"""From a file to a parsed document: the ordered list of steps, each a pure function of what is known so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from thidua_kg.identity import draft_id, province_of, read_symbol, source_id, unit_id, work_id
from thidua_kg.mentions.citations import find_citations
from thidua_kg.mentions.envelope import answering, filled
from thidua_kg.mentions.file_name import suggestions
from thidua_kg.mentions.header import find_header
from thidua_kg.mentions.movements import find_movements
from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.secrecy import secrecy_mark
from thidua_kg.mentions.signature import closing
from thidua_kg.mentions.targets import find_targets
from thidua_kg.mentions.tasks import find_tasks
from thidua_kg.mentions.units import find_units
from thidua_kg.model import Block, Document, Evidence, Header, Implementation, Task
from thidua_kg.readers import Facts, SourceText, read
from thidua_kg.resolver import Catalog, Context, Registry, resolve
from thidua_kg.structure import blocks as find_blocks
from thidua_kg.text import fold_space, slug

RULES = "1"  # the version of the rules: a stored parse by other rules is made anew


def parse(source: str | Path | SourceText, catalog: Catalog | None = None) -> Document:
    """One file, or a text already read, as a document; `UnreadableSource` where it cannot become text.

    Citations are linked against `catalog`, by default the small registry that ships with the package.
    """
    found = source if isinstance(source, SourceText) else read(source)
    return linked(parsed(found), catalog or Registry())


def parsed(found: SourceText) -> Document:
    """The document of a text before its citations are linked: a pure function of the source."""
    document = Document(
        path=found.path,
        sha256=found.sha256,
        media_type=found.media_type,
        reader=found.reader,
        text=found.text.value,
        header=Header(),
        encoding=found.encoding,
        furniture=found.furniture,
        layout=found.layout,
        suggestions=suggestions(found.path),
        signatures=found.signatures,
        warnings=found.warnings,
    )
    for _, step in STEPS if found.facts is None else _with_envelope(found.facts):
        document = step(document)
    return document


def linked(document: Document, catalog: Catalog, identifier: str | None = None) -> Document:
    """The document with its citations resolved anew against `catalog`; `identifier` where it is not the printed one."""
    bare = [
        msgspec.structs.replace(c, issues=tuple(i for i in c.issues if i not in _LINK_ISSUES))
        for c in document.citations
    ]
    context = Context.of(identifier or document_id(document), document.header)
    return msgspec.structs.replace(document, citations=resolve(bare, context, catalog))


def with_header(document: Document, header: Header) -> Document:
    """The document as the steps after the header find it under another header: a judged one, or that of its signed copy."""
    document = msgspec.structs.replace(document, header=msgspec.structs.replace(header, date_not_before=None))
    outside = tuple(c for c in document.citations if c.span[0] == c.span[1])  # what only an envelope says
    for _, step in STEPS[1:]:
        document = step(document)
        if step is _citations and outside:
            document = msgspec.structs.replace(document, citations=(*document.citations, *outside))
    return document


_LINK_ISSUES = frozenset({"date_disagrees", "future_citation"})


def document_id(document: Document) -> str:
    """The identity of a parsed document: the work's where symbol, owner and year are printed, else its source's hash."""
    header = document.header
    if header.draft:
        return draft_id(document.sha256)
    if header.canonical and header.date:
        place = province_of(header.place, header.date)
        known = work_id(header.canonical, header.date, header.issuer, place)
        if known:
            return known
    return source_id(document.sha256)


# --- the steps


def _header(document: Document) -> Document:
    """Header and blocks: where the letterhead ends and the closing begins decides how the rest is cut."""
    ends = closing(document.text)
    header = _identified(find_header(document.text, ends))
    mark = header.secrecy or secrecy_mark(document.text, document.layout, document.furniture)
    header = msgspec.structs.replace(header, secrecy=mark)
    printed = [span[1] for name, span in header.spans.items() if name != "signer"]
    found = find_blocks(
        document.text,
        header_end=max(printed, default=0),
        recipients=ends.recipients_span,
        signature=ends.signature_span,
    )
    return msgspec.structs.replace(document, header=header, blocks=found)


def _identified(header: Header) -> Header:
    """The header with what its symbol and its issuer's name tell."""
    symbol = read_symbol(header.symbol, issuer=header.issuer, heading=header.type) if header.symbol else None
    if symbol is not None:
        header = msgspec.structs.replace(
            header,
            canonical=symbol.canonical if symbol.number else None,
            number=header.number or symbol.number,
            type=header.type or symbol.type,
            type_code=header.type_code or (symbol.type_code if header.type in (None, symbol.type) else None),
            system=header.system or symbol.system,
        )
    return msgspec.structs.replace(header, issuer_id=unit_id(header.issuer, None)) if header.issuer else header


def _citations(document: Document) -> Document:
    found = find_citations(document.text, document.header, document.blocks)
    return msgspec.structs.replace(document, citations=found)


_OWN_ANNEX = re.compile(r"\((?:[Bb]an {1,2}hành\s+)?[Kk]èm\s+theo\s+$")


def _own_number(document: Document) -> Document:
    """Where the letterhead is lost, the number that the document's annexes say they come with is its own.

    "(Kèm theo Công văn số 4001/UBND-ĐT ngày 24 tháng 11 năm 2025 của …)" at the head of an annex.
    """
    header, text = document.header, document.text
    if header.symbol:
        return document
    named = [
        c
        for c in document.citations
        if c.kind == "numbered" and c.canonical and c.type == header.type
        and _OWN_ANNEX.search(text, max(0, c.span[0] - 40), c.span[0])
    ]  # fmt: skip
    if len({c.canonical for c in named}) != 1:
        return document
    own = next((c for c in named if c.date), named[0])
    symbol = read_symbol(own.canonical or "")
    told = {"symbol": own.symbol, "canonical": own.canonical, "number": own.number}
    if not header.date and own.date and own.date_span:
        told["date"] = own.date
    header = msgspec.structs.replace(
        header,
        **told,
        draft=False,
        type_code=header.type_code or (symbol.type_code if symbol else None),
        system=header.system or (symbol.system if symbol else None),
        inferred=(*header.inferred, *(name for name in ("symbol", "date") if name in told)),
        evidence={
            **header.evidence,
            **{name: (Evidence(span=own.full_span, text=fold_space(text[slice(*own.full_span)])),)
               for name in ("symbol", "date") if name in told},
        },
    )  # fmt: skip
    citations = tuple(
        msgspec.structs.replace(c, kind="self", relation="cites", manner=None) if c.canonical == own.canonical else c
        for c in document.citations
    )
    return msgspec.structs.replace(document, header=header, citations=citations)


def _earliest_date(document: Document) -> Document:
    """Where no date is printed, the document is not older than the latest it cites (pitfall 22)."""
    dates = [c.date for c in document.citations if c.date and c.date_span and len(c.date) == 10]
    if document.header.date or not dates:
        return document
    return msgspec.structs.replace(
        document, header=msgspec.structs.replace(document.header, date_not_before=max(dates))
    )


_YEAR = re.compile(r"(?:năm|NĂM)\s+((?:19|20)\d\d)(?!\d)")


def plan_year(header: Header) -> int | None:
    """The year a plan is for: named in its title, else the year of its date, else of its earliest possible date."""
    named = _YEAR.findall(header.title or "")
    if len(set(named)) == 1:
        return int(named[0])
    date = header.date or header.date_not_before
    return int(date[:4]) if date else None


def _tasks(document: Document) -> Document:
    tree = Outline(document.text, document.blocks)
    found = find_tasks(tree, year=plan_year(document.header), issuer=document.header.issuer)
    scope = unit_scope(document)
    ready = [
        msgspec.structs.replace(
            task,
            assignments=tuple(msgspec.structs.replace(a, unit_id=unit_id(a.unit, scope)) for a in task.assignments),
        )
        for task in found
    ]
    return carried_out(msgspec.structs.replace(document, tasks=tuple(ready), targets=find_targets(tree)))


def carried_out(document: Document) -> Document:
    """The document with what each task carries out: the "implements" citations in its own text, and in those above it."""
    found = document.tasks
    carrying = [i for i, c in enumerate(document.citations) if c.relation == "implements"]
    own = _innermost(found, [(document.citations[i].span[0], i) for i in carrying])
    parents = {block.id: block for block in document.blocks}
    held: dict[str, list[int]] = {}
    for i in carrying:
        held.setdefault(document.citations[i].holder, []).append(i)
    ready = []
    for task in found:
        inherited = [(i, above) for above in _ancestors(parents, task.id) for i in held.get(above, ())]
        implements = [Implementation(citation=i) for i in own.get(task.id, ())]
        implements += [
            Implementation(citation=i, inherited_from=above)
            for i, above in inherited
            if not task.span[0] <= document.citations[i].span[0] < task.span[1]
        ]
        ready.append(msgspec.structs.replace(task, implements=tuple(implements)))
    return msgspec.structs.replace(document, tasks=tuple(ready))


def unit_scope(document: Document) -> str:
    """Within what a relative unit name holds: the issuer, or the source where none is known."""
    return slug(document.header.issuer) if document.header.issuer else document.sha256[:16]


def _innermost(tasks: tuple[Task, ...], places: list[tuple[int, int]]) -> dict[str, list[int]]:
    """For each task the citations in its own text and in no subtask's, by one sweep over both in text order."""
    found: dict[str, list[int]] = {}
    ordered = sorted(tasks, key=lambda t: (t.span[0], -t.span[1]))
    opened: list[Task] = []
    coming = 0
    for at, index in places:
        while coming < len(ordered) and ordered[coming].span[0] <= at:
            opened.append(ordered[coming])
            coming += 1
        while opened and opened[-1].span[1] <= at:
            opened.pop()
        if opened:
            found.setdefault(opened[-1].id, []).append(index)
    return found


def _ancestors(places: dict[str, Block], identifier: str) -> list[str]:
    """The headings above a block, nearest first; the preamble speaks for the document and is none of them."""
    found: list[str] = []
    block = places.get(identifier)
    while block is not None and block.parent is not None and block.parent not in found:
        found.append(block.parent)
        block = places.get(block.parent)
    return [i for i in found if places[i].kind in ("section", "item")]


def _mentions(document: Document) -> Document:
    found = [*find_units(document.text, 0, len(document.text)), *find_movements(document.text)]
    scope = unit_scope(document)
    ready = [m if m.id or m.kind != "unit" else msgspec.structs.replace(m, id=unit_id(m.text, scope)) for m in found]
    return msgspec.structs.replace(document, mentions=tuple(sorted(ready, key=lambda m: m.span)))


STEPS: tuple[tuple[str, Callable[[Document], Document]], ...] = (
    ("header and structure", _header),
    ("citations", _citations),
    ("own number", _own_number),
    ("earliest date", _earliest_date),
    ("tasks and targets", _tasks),
    ("mentions", _mentions),
)


def _with_envelope(facts: Facts) -> Iterator[tuple[str, Callable[[Document], Document]]]:
    """The steps, with what an envelope says after each step that reads the same from the text."""

    def header(document: Document) -> Document:
        made = filled(document.header, facts)
        warnings = (*document.warnings, *made.warnings)
        return msgspec.structs.replace(document, header=_identified(made.header), warnings=warnings)

    def citations(document: Document) -> Document:
        return msgspec.structs.replace(document, citations=answering(document, facts))

    for name, step in STEPS:
        yield name, step
        if step is _header:
            yield "envelope", header
        elif step is _citations:
            yield "what the envelope answers", citations
