"""The documents known to exist that ship with the package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec

from thidua_kg.identity import unpadded, work_id
from thidua_kg.resolver.records import Entity
from thidua_kg.text import slug
from thidua_kg.vocab import KnownDocument, Law, table


class Registry:
    """The documents known to exist that ship with the package (`vocab/registry.csv`, `vocab/laws.csv`)."""

    def by_symbol(self, key: str, owner: str | None = None) -> Sequence[Entity]:  # noqa: ARG002  # they are few
        return _registry()[0].get(key, ())

    def by_name(self, key: str) -> Sequence[Entity]:
        return _registry()[1].get(key, ())

    def all(self) -> Sequence[Entity]:
        """Every entity, in the order of the tables."""
        return _registry()[2]


@cache
def _registry() -> tuple[dict[str, list[Entity]], dict[str, list[Entity]], tuple[Entity, ...]]:
    by_symbol: dict[str, list[Entity]] = {}
    by_name: dict[str, list[Entity]] = {}
    entities: dict[str, Entity] = {}
    for row in table("registry", KnownDocument):
        entity = entity_of(row)
        entities.setdefault(entity.id, entity)
    for law in table("laws", Law):
        if law.symbol:
            entity = _law_entity(law)
            known = entities.get(entity.id, entity)
            aliases = (*known.aliases, *entity.aliases)
            entities[entity.id] = msgspec.structs.replace(
                known, aliases=aliases, effective=entity.effective, until=entity.until
            )
    for entity in entities.values():
        if entity.canonical:
            by_symbol.setdefault(unpadded(entity.canonical), []).append(entity)
        for name in {slug(alias) for alias in (entity.title or "", *entity.aliases) if alias}:
            by_name.setdefault(name, []).append(entity)
    return by_symbol, by_name, tuple(entities.values())


def entity_of(row: KnownDocument) -> Entity:
    """The entity of a registry row; its identifier is the work's, or one from its name where it has no symbol."""
    identity = work_id(row.canonical, row.date, row.issuer, row.place or None) if row.canonical else None
    return Entity(
        id=identity or (f"name:{slug(row.title)}" if not row.canonical else f"registry:{slug(row.id)}"),
        canonical=row.canonical or None,
        type=row.type,
        issuer=row.issuer or None,
        place=row.place or None,
        date=row.date or None,
        title=row.title or None,
        aliases=row.aliases,
    )


def _law_entity(law: Law) -> Entity:
    year = law.year or law.date[:4]
    names = [
        name for base in (law.name, *law.forms) for name in (base, f"{base} năm {year}", f"{base} số {law.symbol}")
    ]
    return Entity(
        id=work_id(law.symbol, law.date or None, None, None) or f"registry:{slug(law.id)}",
        canonical=law.symbol,
        type=law.kind,
        issuer="Quốc hội" if law.kind != "Pháp lệnh" else "Ủy ban Thường vụ Quốc hội",
        date=law.date or year or None,
        effective=law.effective or None,
        until=law.until or None,
        title=law.name,
        aliases=tuple(names),
    )
