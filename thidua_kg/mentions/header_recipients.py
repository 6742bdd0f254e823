"""The items of "Nơi nhận": to whom a document goes and for what.

NĐ 30/2020/NĐ-CP Phụ lục I, mục II.9 and HD 36-HD/VPTW: one addressee a dash line, closed by ";" (State) or "," (Party),
the last one says where the copy is filed ("Lưu: VT, NC."). A brace at the right gives all items above it one purpose.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from thidua_kg.mentions.header_words import LOWER, UPPER
from thidua_kg.model import Recipient, Span
from thidua_kg.text import fold_space

_UNSEEN = re.compile("[*\u00ad\u200b-\u200f\u2060\ufeff]|__")  # emphasis, soft hyphens and other marks without a width
_FILING = re.compile(r"(?:Lưu|LƯU)(?![\w])")
_BRACE = re.compile(r"[ ;,.]{0,3}\} {0,3}\(?(?P<purpose>[^()]{0,60})\)?[ ;,.]{0,3}$")
_PURPOSE = re.compile(r"\( ?(?P<purpose>[^()]{2,40}?) ?\)$")
_PURPOSES = re.compile(
    r"để |gửi |đăng |đưa tin|đ/b|[Bb]/c|[Bb]áo cáo|[Tt]h?/h|[Tt]hực hiện|[Pp]hối hợp|[Pp]/h|[Tt]heo dõi|[Cc]hỉ đạo|biết"
)
_PERSON = re.compile(r"(?:Các |các )?(?:[Đđ]ồng chí|[Đđ]/c|Ông|Bà)(?!\w)")
_OFFICE = (
    r"(?:P?CT|P?CTr|P?CN|BTCN|P?TTg|P?CVP|PVP|Chủ tịch|Bộ trưởng|Thứ trưởng|Bí thư|Giám đốc|Cục trưởng|Vụ trưởng"
    r"|Trưởng [Bb]an|Chủ nhiệm|Thủ tướng|Chánh [Vv]ăn phòng|Phó [^,;:()]{2,20})"
)
_NAMED = re.compile(rf"{_OFFICE} (?:[{UPPER}][{LOWER}]{{0,8}} ){{1,4}}[{UPPER}][{LOWER}]{{1,8}}$")
_CLOSING = " ;,.:*_"
BULLET = re.compile(r"[-–—−+•·●▪]{1,2} {0,3}(?=\S)")


class Item(msgspec.Struct, frozen=True):
    """One recipient while its list is being read: its pieces of text so far, with the place of all of them."""

    text: str
    span: Span
    purpose: str | None = None

    def joined(self, more: Item) -> Item:
        """This item continued by another line."""
        return msgspec.structs.replace(self, text=f"{self.text} {more.text}", span=(self.span[0], more.span[1]))

    def filing(self) -> bool:
        """Whether the item says where the copy is kept, which closes the list: "Lưu: VT, NC."."""
        return bool(_FILING.match(_UNSEEN.sub("", self.text)))

    def open(self) -> bool:
        """Whether the item's line cannot be its end: no closing mark, or an open parenthesis."""
        return self.text.rstrip()[-1:] not in (";", ".") or self.text.count("(") > self.text.count(")")


def item_of(text: str, start: int) -> Item:
    """The item that a line at `start` prints, its place without the dash and the closing mark."""
    body = without_bullet(text)
    begin = start + len(text) - len(body)
    return Item(body, (begin, begin + len(body.rstrip(_CLOSING))))


def without_bullet(text: str) -> str:
    """A line without its dash: `without_bullet("- Như trên;") == "Như trên;"`."""
    match = BULLET.match(text)
    return text[match.end() :] if match else text


def brace(text: str) -> tuple[str, str] | None:
    """What stands before a brace and the purpose after it: `brace("} (*Báo cáo*)") == ("", "Báo cáo")`."""
    match = _BRACE.search(text)
    if not match:
        return None
    return text[: match.start()].strip(), match["purpose"].strip(_CLOSING)


def recipient(item: Item) -> Recipient | None:
    """The finished record of an item, or None where nothing but marks was printed."""
    text = fold_space(_UNSEEN.sub("", item.text)).strip(_CLOSING)
    if not any(c.isalnum() for c in text):
        return None
    return Recipient(text=text, span=item.span, kind=_kind(text), purpose=item.purpose or _own_purpose(text))


def _kind(text: str) -> Literal["unit", "person", "filing"]:
    """What an item names: an office-holder without a name ("Chủ tịch UBND tỉnh") counts as a unit."""
    if _FILING.match(text):
        return "filing"
    head = text.split("(", maxsplit=1)[0].strip()
    return "person" if _PERSON.match(text) or (":" not in head and _NAMED.search(head)) else "unit"


def _own_purpose(text: str) -> str | None:
    match = _PURPOSE.search(text)
    return match["purpose"] if match and _PURPOSES.match(match["purpose"]) else None
