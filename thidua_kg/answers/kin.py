"""By which other names do a unit's duties stand? Its aliases, what it merged from or into (one hop), and its groups."""

from __future__ import annotations

from typing import NamedTuple

from thidua_kg.answers.records import day
from thidua_kg.overlay import Word, speaking_of
from thidua_kg.store import Store
from thidua_kg.text import slug


class Kin(NamedTuple):
    """A folded name under which duties of a unit stand, why, where, and whether it is a group that the unit is in."""

    name: str
    why: str
    word: Word
    group: bool


def kin(store: Store, name: str) -> list[Kin]:
    """The other names of the unit with a folded name, aliases first, each once a reason."""
    found: list[Kin] = []
    for word in speaking_of(store, name, column="other", kinds=("alias", "merger")):
        found.append(Kin(slug(word.name), _why(word), word, False))
    for word in speaking_of(store, name, column="name", kinds=("alias", "merger")):
        found.append(Kin(slug(word.other or ""), _why(word), word, False))
    for word in speaking_of(store, name, column="name", kinds=("member",)):
        found.append(Kin(slug(word.other or ""), _why(word), word, True))
    return [one for one in found if one.name and one.name != name]


def is_known(store: Store, name: str) -> bool:
    """Whether users named a unit so, by its folded name."""
    return bool(
        store.rows("select 1 from vocabulary where (name=? or other=?) and kind<>'document' limit 1", name, name)
    )


def _why(word: Word) -> str:
    if word.kind == "alias":
        return f"“{word.other}” là tên khác của “{word.name}”"
    if word.kind == "merger":
        return f"“{word.name}” thành “{word.other}” từ ngày {day(word.date)}"
    return f"qua nhóm “{word.other}”"
