"""How a document relates to one that it cites: the nearest cue before the citation decides.

The region read is the citation's own sentence with all earlier citations (and their titles) blanked out, so that words
of a cited title never speak for this document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from thidua_kg.model import Manner, Relation
from thidua_kg.vocab import Row, table


class RelationCue(Row, frozen=True, kw_only=True):
    """Words before a citation that say how this document relates to the cited one; the nearest cue decides."""

    pattern: str
    relation: Relation
    manner: Manner | Literal[""] = ""


NEAR = 120  # characters before a citation that are read first

_BASIS = re.compile(r"^[\s\-–+*•>]*(?:\d{1,2}[.)] )?[*_]{0,2}(?:Căn cứ|CĂN CỨ)(?! pháp lý)(?: vào)?(?P<rest>.*)$")
_PROPOSAL = re.compile(
    r"[Xx]em xét Tờ trình|(?:[Tt]heo|[Xx]ét|[Tt]rên cơ sở|[Cc]hấp thuận)(?: báo cáo,?)? (?:đề nghị|đề xuất)|^[\s\-–+*•]*Xét "
)
_REPLY = re.compile(r"(?:[Nn]hận được|[Tt]rả lời|[Pp]húc đáp)(?: (?:các|văn bản|nội dung|đơn|kiến nghị))*[^.;:]{0,60}$")
_BRACKETED = re.compile(r"\([^()]{0,200}\)")
_OF_A_TYPE = re.compile(
    r"(?:Quyết định|Nghị quyết|Nghị định|Thông tư|Kế hoạch|Luật|[Vv]ăn bản|Chỉ thị|Quy chế|Quy định)(?: mới| để)? +$"
)
_PASSIVE = re.compile(r"(?:được|bị|đã) +(?:được +)?$")
_FOLLOWED = re.compile(r"tiếp tục (?:triển khai )?thực hiện $")


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, RelationCue]]:
    rows = table("relations", RelationCue)
    pattern = "|".join(f"(?P<{row.id}>{row.pattern})" for row in rows)
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])"), {row.id: row for row in rows}


def relation_of(
    region: str, type_: str | None, *, in_title: bool, with_provision: bool = False, own_type: str | None = None
) -> tuple[Relation, Manner | None] | None:
    """Relation and manner of a citation whose sentence so far, earlier citations blanked, is `region`; None without a cue.

    `in_title` is true in the document's own title, where "hướng dẫn thi hành" speaks of this document; `with_provision`
    where an article of the cited document is named; `own_type` is the type of the citing document.
    `relation_of("Thực hiện ", "Chỉ thị", in_title=False) == ("implements", "carry_out")`
    """
    region = _BRACKETED.sub(" ", region)
    if type_ in ("Tờ trình", "Báo cáo", "Công văn") and _PROPOSAL.search(region):
        return ("proposed_by", None) if type_ != "Báo cáo" or "đề nghị" in region else ("cites", None)
    basis = _BASIS.match(region)
    cues = _cues_before(basis["rest"] if basis else region, in_title=in_title)
    nearest = next(cues, None)
    if basis and _names_only(basis["rest"]):
        return "legal_basis", None
    if type_ == "Công văn" and _REPLY.search(region) and (nearest is None or nearest.row.relation == "cites"):
        return "replies_to", None
    if nearest is None:
        return None
    if nearest.row.id == "place":  # "Bãi bỏ thủ tục hành chính công bố tại Quyết định số …": a part of it
        changed = next((c for c in cues if c.row.relation in _CHANGES), None)
        if changed is not None and _is_own_doing(changed, own_type, in_title=in_title):
            return changed.row.relation, None
    return _by_cue(nearest, type_, region, own_type, in_title=in_title, with_provision=with_provision)


class Cue(msgspec.Struct, frozen=True, gc=False):
    """A cue found: its row, its words, and what stands before it in the sentence."""

    row: RelationCue
    words: str
    before: str


_CHANGES = ("amends", "replaces", "repeals")
_ENACTING = frozenset(("Luật", "Pháp lệnh", "Nghị định", "Nghị quyết", "Quyết định", "Thông tư", "Chỉ thị", None))
_BEGINNING = re.compile(r"[\s\-–+*•]*(?:(?:Điều )?\d{1,3}[.)]|[a-zđ][.)])?[\s*_]*(?:và |nay )?")
_THIS = re.compile(
    r"(?<!dự thảo )(?:Luật|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|[Vv]ăn bản|Quy định|Công văn|Kế hoạch"
    r"|Công điện|Thông báo|Hướng dẫn|Quy chế) này(?![^()]*\()"
)
_PLANNING = frozenset(("Kế hoạch", "Chương trình", "Đề án", "Chỉ thị", "Công điện"))  # their tasks tell to amend
_APPLYING = frozenset(("Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Thông tư", "Thông tư liên tịch"))


def _by_cue(
    cue: Cue, type_: str | None, region: str, own_type: str | None, *, in_title: bool, with_provision: bool
) -> tuple[Relation, Manner | None]:
    relation, manner = cue.row.relation, cue.row.manner or None
    if relation in _CHANGES:
        if _PASSIVE.search(cue.before) or (relation == "amends" and _others_title(cue, own_type)):
            return "nested", None
        return (relation if _is_own_doing(cue, own_type, in_title=in_title) else "cites"), None
    if with_provision and cue.words.lower() == "theo":
        return "cites", None  # an article is applied; a document is carried out
    if cue.row.id == "directed" and type_ in _APPLYING and "hướng dẫn" in cue.words:
        return "cites", None  # a rule's guidance is applied
    if relation == "guides" and not in_title:  # the guiding is another document's: "Thông tư hướng dẫn Luật …"
        if _THIS.search(cue.before):
            return "guides", None
        return ("nested" if _others_title(cue, own_type) else "cites"), None
    if manner == "carry_out" and in_title and _FOLLOWED.search(region[-40:]):
        return "implements", "continue"
    return relation, manner


def _others_title(cue: Cue, own_type: str | None) -> bool:
    """Whether the change is in the name of another document: "trình Quốc hội Nghị quyết sửa đổi Nghị quyết số …"."""
    of = _OF_A_TYPE.search(cue.before)
    return of is not None and not of[0].startswith(own_type or "?")


def _is_own_doing(cue: Cue, own_type: str | None, *, in_title: bool) -> bool:
    """Whether this document amends, replaces or repeals by these words: in its title, as an order, or said of itself."""
    if in_title or cue.row.id == "lapse" or _THIS.search(cue.before):
        return True
    of = _OF_A_TYPE.search(cue.before)
    if own_type in _PLANNING and of is None:
        return True
    if own_type not in _ENACTING:
        return False
    enacting = of is not None and of[0].startswith(own_type or "?") and cue.before[: of.start()].endswith("ban hành ")
    return enacting or bool(_BEGINNING.fullmatch(cue.before))


_BASIS_WORDS = re.compile(
    r"(?:quy định|tại|của|các|và|khoản|điểm|Điều|điều|Khoản|Điểm|Mục|mục|Chương|văn bản|ý kiến|nội dung|thông báo|kết luận|sau đây"
    r"|\d{1,3}[a-zđ]?|[a-zđ]|[,;.()\s])+"
)


def _names_only(rest: str) -> bool:
    """Whether nothing but provisions and connectives stands between "Căn cứ" and the citation, or lists of citations."""
    left = _BASIS_WORDS.sub("", rest).strip()
    return len(left) <= 24 or rest.rstrip().endswith((";", "; các", ";và", "; và"))


def _cues_before(region: str, *, in_title: bool) -> Iterator[Cue]:
    """The cues of a sentence, the nearest to its end first; "hướng dẫn" further back is no cue outside a title.

    The whole sentence is read only where its last words hold none, or the nearest looks further back.
    """
    pattern, rows = _cues()
    near = region.find(" ", max(0, len(region) - NEAR))
    read = len(region)
    for start in (near, 0) if near > 0 else (0,):
        for match in reversed(list(pattern.finditer(region, start))):
            row = rows[match.lastgroup or ""]
            if match.start() >= read or (row.relation == "guides" and not in_title and region[match.end() :].strip()):
                continue
            read = match.start()
            yield Cue(row, match[0], region[: match.start()])
