"""What is in a package, each member a source of its own: ZIPs and edXML envelopes, those in one another as well.

A member is named "goi.zip!thu-muc/ke-hoach.docx", one of a package in it "goi.zip!trong.zip!a.txt"; no deeper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.formats import format_of
from thidua_kg.readers.records import Facts
from thidua_kg.readers.zips import Entry, Found

NESTING = 2  # packages in one another
_ENDINGS = (".zip", ".edxml", ".xml")  # of members that may be packages themselves
_LARGEST_ENVELOPE = 4 * 1024 * 1024  # bytes of an envelope that leaves its files beside it


def walk(name: str, data: bytes, depth: int = 1) -> Iterator[Found]:
    """The documents in a package, in its order, packages in it opened; what is refused comes as its error."""
    try:
        found: list[Found] = list(format_of(name, data).load(name, "entries")(name, data))
    except UnreadableSource as error:
        yield error
        return
    for entry in _told(found):
        if isinstance(entry, UnreadableSource) or entry.name == name:  # an envelope without files is a text itself
            yield entry
        else:
            yield from _opened(entry, depth)


def _opened(entry: Entry, depth: int) -> Iterator[Found]:
    """The member itself, or what is in it where it is a package."""
    if not entry.name.lower().endswith(_ENDINGS):
        yield entry
        return
    try:
        data = entry.load()
    except UnreadableSource as error:
        yield error
        return
    if not format_of(entry.name, data).package:
        yield entry
    elif depth >= NESTING:
        yield UnreadableSource(entry.name, f"gói lồng trong gói quá {NESTING} lớp", "hãy giải nén rồi thêm từng tệp")
    else:
        yield from walk(entry.name, data, depth + 1)


def _told(found: Sequence[Found]) -> Iterator[Found]:
    """The members without envelopes whose files lie beside them; those files with what their envelope says."""
    envelopes: dict[str, dict[str, Facts]] = {}
    for entry in found:
        if isinstance(entry, Entry) and entry.name.lower().endswith(_ENDINGS[1:]) and (said := _beside(entry)):
            envelopes[entry.name] = said
    for entry in found:
        if isinstance(entry, UnreadableSource):
            yield entry
        elif entry.name not in envelopes:
            own = entry.name.rpartition("!")[2].rpartition("/")[2].casefold()
            facts = next((said[own] for said in envelopes.values() if own in said), None)
            yield msgspec.structs.replace(entry, facts=facts) if facts else entry


def _beside(entry: Entry) -> dict[str, Facts]:
    """What an envelope says of a file beside it, by the file's name; {} where the member is no such envelope."""
    from thidua_kg.readers.edxml import outside

    try:
        data = entry.load()
        return outside(entry.name, data) if len(data) < _LARGEST_ENVELOPE else {}
    except UnreadableSource:
        return {}
