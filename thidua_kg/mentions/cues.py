"""How a document relates to one that it cites: the nearest cue before the citation decides.

The region read is the citation's own sentence with all earlier citations (and their titles) blanked out, so that words
of a cited title never speak for this document.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from thidua_kg.model import Manner, Relation
from thidua_kg.vocab import Row, table


class RelationCue(Row, frozen=True, kw_only=True):
    """Words before a citation that say how this document relates to the cited one; the nearest cue decides."""

    pattern: str
    relation: Relation
    manner: Manner | Literal[""] = ""


NEAR = 120  # characters before a citation that are read first

_BASIS = re.compile(r"^[\s\-–+*•>]*(?:\d{1,2}[.)] )?[*_]{0,2}(?:Căn cứ|CĂN CỨ)(?: vào)?(?P<rest>.*)$")
_PROPOSAL = re.compile(r"(?:[Tt]heo|[Xx]ét) (?:đề nghị|đề xuất)|^[\s\-–+*•]*Xét ")
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
    region: str, type_: str | None, *, in_title: bool, with_provision: bool = False
) -> tuple[Relation, Manner | None]:
    """Relation and manner of a citation whose sentence so far, earlier citations blanked, is `region`.

    `in_title` is true in the document's own title, where "hướng dẫn thi hành" speaks of this document; `with_provision`
    where an article of the cited document is named.
    `relation_of("Thực hiện ", "Chỉ thị", in_title=False) == ("implements", "carry_out")`
    """
    region = _BRACKETED.sub(" ", region)
    if type_ in ("Tờ trình", "Báo cáo", "Công văn") and _PROPOSAL.search(region):
        return ("proposed_by", None) if type_ != "Báo cáo" or "đề nghị" in region else ("cites", None)
    basis = _BASIS.match(region)
    cue = _last_cue(basis["rest"] if basis else region, in_title=in_title)
    if basis and _names_only(basis["rest"]):
        return "legal_basis", None
    if type_ == "Công văn" and _REPLY.search(region) and (cue is None or cue[0].relation == "cites"):
        return "replies_to", None
    if cue is None:
        return "cites", None
    row, before, cue_word = cue
    relation, manner = row.relation, row.manner or None
    if relation in ("amends", "replaces", "repeals") and _PASSIVE.search(before):
        return "nested", None
    if relation in ("amends", "replaces", "repeals") and _OF_A_TYPE.search(before):
        return "cites", None  # another document's doing: "ban hành Quyết định thay thế Quyết định số …"
    if with_provision and cue_word.lower() == "theo":
        return "cites", None  # an article is applied; a document is carried out
    if relation == "guides" and not in_title:
        return "cites", None  # the guiding is another document's: "Thông tư hướng dẫn Luật …"
    if manner == "carry_out" and in_title and _FOLLOWED.search(region[-40:]):
        return "implements", "continue"
    return relation, manner


_BASIS_WORDS = re.compile(
    r"(?:quy định|tại|của|các|và|khoản|điểm|Điều|điều|Khoản|Điểm|Mục|mục|Chương|văn bản|ý kiến|nội dung|thông báo|kết luận|sau đây"
    r"|\d{1,3}[a-zđ]?|[a-zđ]|[,;.()\s])+"
)


def _names_only(rest: str) -> bool:
    """Whether nothing but provisions and connectives stands between "Căn cứ" and the citation, or lists of citations."""
    left = _BASIS_WORDS.sub("", rest).strip()
    return len(left) <= 24 or rest.rstrip().endswith((";", "; các", ";và", "; và"))


def _last_cue(region: str, *, in_title: bool) -> tuple[RelationCue, str, str] | None:
    """The nearest cue, what stands before it, and its words; "hướng dẫn" further back is no cue outside a title."""
    pattern, rows = _cues()
    near = region.find(" ", max(0, len(region) - NEAR))  # most cues are near, and the nearest decides
    for start in (near, 0) if near > 0 else (0,):
        for match in reversed(list(pattern.finditer(region, start))):
            row = rows[match.lastgroup or ""]
            if row.relation == "guides" and not in_title and region[match.end() :].strip():
                continue
            return row, region[: match.start()], match[0]
    return None
