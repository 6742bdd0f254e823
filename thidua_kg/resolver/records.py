"""What the resolver works on: entities, where they are looked up, the context of a document, and a decision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from thidua_kg.identity import province_of
from thidua_kg.model import Candidate, Citation, Header, Record, Verdict
from thidua_kg.text import slug


class Entity(Record, frozen=True, kw_only=True):
    """A document that can be linked to: one in the knowledge base, or one that the registry knows."""

    id: str
    canonical: str | None
    type: str | None
    issuer: str | None = None
    place: str | None = None
    date: str | None = None
    effective: str | None = None
    until: str | None = None
    title: str | None = None
    aliases: tuple[str, ...] = ()
    origin: Literal["document", "cited", "registry"] = "registry"


class Catalog(Protocol):
    """Where candidates are looked up: the shipped registry alone, or a knowledge base with it."""

    def by_symbol(self, key: str, owner: str | None = None) -> Sequence[Entity]:
        """The entities of an unpadded canonical symbol, `2/CT-UBND`; others than of the series `owner` may be left out."""

    def by_name(self, key: str) -> Sequence[Entity]:
        """The entities that a name, as `text.slug`, stands for: a law's name, an alias, a congress resolution."""


class Context(msgspec.Struct, frozen=True):
    """What a citation is read against: the citing document's id, place, date and level."""

    document: str
    place: str | None
    date: str | None
    local: bool
    consolidated: bool = (
        False  # words older than the document: what it names in full elsewhere says nothing of a bare name
    )

    @staticmethod
    def of(document: str, header: Header) -> Context:
        """The context of a document; `local` where its issuer is below the province, so that a bare "UBND" is unsure."""
        issuer = (header.issuer or "").lower()
        date = header.date or header.date_not_before
        place = province_of(header.place, date)
        consolidated = header.type_code == "VBHN"  # its words are older than its date
        return Context(document, place, None if consolidated else date, any(w in issuer for w in _LOCAL), consolidated)


_LOCAL = (" xã", " phường", " thị trấn", " đặc khu", " huyện", " quận", " thị xã")


Decision = tuple[
    Verdict, str | None, str, tuple[Candidate, ...], tuple[str, ...]
]  # verdict, entity, why, candidates, issues

LAWS = frozenset({"Luật", "Bộ luật", "Pháp lệnh"})
NUMBER_LABEL = re.compile(r"\s+số\s")  # what stands between a law's name and its number


def law_name(citation: Citation) -> str | None:
    """The name that a mention prints before its number: "Luật Đất đai" in "Luật Đất đai số 31/2024/QH15"."""
    if citation.type not in LAWS:
        return None
    name = NUMBER_LABEL.split(citation.text, maxsplit=1)[0].strip()
    return name if slug(name) != slug(citation.type) else None


def ranked(entities: Sequence[Entity]) -> tuple[Candidate, ...]:
    """Ranked as given: the newest first."""
    return tuple(
        Candidate(entity=e.id, why=known_from(e)) for e in sorted(entities, key=lambda e: newest_first(e.date))
    )


def newest_first(date: str | None) -> str:
    """A sort key that puts the newest first and the undated last."""
    return "".join(chr(0x39 - ord(c) + 0x30) if c.isdigit() else c for c in date) if date else "~"


def known_from(entity: Entity) -> str:
    held = "có trong kho" if entity.origin == "document" else "trong danh mục"
    return f"{held}: {entity.issuer or 'không rõ cơ quan'}, {entity.date or 'không rõ ngày'}"
