"""The letterhead: motto, number, place and date, and the rows that name the issuing body.

NĐ 30/2020/NĐ-CP Phụ lục I (State), NĐ 34/2016/NĐ-CP Điều 58 (laws: "Luật số:", no place), HD 36-HD/VPTW (Party: "Số"
without a colon, "ĐẢNG CỘNG SẢN VIỆT NAM"). Lines break anywhere: "Số:" and its number, a date, a place's name.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

from thidua_kg.identity import province_pattern
from thidua_kg.mentions.header_rows import Row, capital, is_rule, rows
from thidua_kg.mentions.header_signer import is_stamp, starts_cell
from thidua_kg.mentions.header_words import LOWER, UPPER
from thidua_kg.model import Span
from thidua_kg.text import fold_space

HEAD = 20_000  # characters within which a letterhead may begin, after a portal's summary
_NEAR = 1500  # characters that the parts of one letterhead may lie apart

_MOTTO = re.compile(
    r"CỘNG\s{1,3}H(?:ÒA|OÀ)\s{1,3}X[ÃĂ]\s{1,3}HỘI(?:\s{1,3}CH[ỦU]\s{1,3}NGH[ĨÍIỈ]A\s{1,3}VIỆT\s{1,3}NAM)?"
    r"|CHỦ\s{1,3}NGHĨA\s{1,3}VIỆT\s{1,3}NAM"
    r"|Độc\s{1,3}lập\s{0,3}[-–—.]?\s{0,3}Tự\s{1,3}do\s{0,3}[-–—.]?\s{0,3}Hạnh\s{1,3}[Pp]húc"
    r"|ĐẢNG\s{1,3}CỘNG\s{1,3}SẢN\s{1,3}VIỆT\s{1,3}NAM(?=[\s*_|]*(?:\n|$))"
)
_CODE = r"[A-ZĐÐƯ0-9][\w&.]{0,19}"
_TIGHT = rf"(?:[/–-]\n?{_CODE})"
_LOOSE = r"(?: ?[/–-] ?\n?[A-ZĐÐƯ0-9&.]{2,14}(?![\w]))"
_SYMBOL = rf"\d{{1,6}}(?:\.\d{{1,3}})?[a-zđA-ZĐ]?(?:{_TIGHT}|{_LOOSE}){{1,6}}"
_DRAFT = rf"[\s.…_·]{{0,40}}(?:/\d{{4}})?[/-]{_CODE}(?:[/–-]{_CODE}){{1,5}}"
_NUMBER = re.compile(
    rf"(?P<label>(?:(?:[Bb]ộ [Ll]uật|[Ll]uật|[Pp]háp lệnh|[Nn]ghị quyết|[Qq]uyết định) (?=[Ss]ố ?:))?"
    rf"[SsS][ốỐôÔ]\s{{0,3}}[:：.]?)[\s*_]{{0,6}}(?:(?P<symbol>{_SYMBOL})|(?P<draft>{_DRAFT}))"
    rf"(?=[.,;*_]{{0,3}}(?:\s*$|[ \t*_]*[\n|\t]|<br|  |\s*V/v| [{UPPER}][{LOWER}]+[^\n]{{0,40}},? ngày))",
)
_PLACE_WORD = rf"(?:[{UPPER}][{LOWER}'’]{{1,9}}|[Tt][Pp]\.?|Y|phố|tỉnh|xã|phường|huyện|thị|trấn|đảo|khu)"
_PLACE = re.compile(rf"(?P<place>{_PLACE_WORD}(?:[ \n.-]{{1,3}}{_PLACE_WORD}){{0,6}})\s{{0,2}},?[\s*_]{{0,3}}$")
_BLANK = r"[\s.…_·/]{0,12}"
_DAY = re.compile(
    rf"[Nn]gày\s{{0,3}}(?:(?P<day>\d{{1,2}})|{_BLANK})\s{{0,3}}tháng\s{{0,3}}(?:(?P<month>\d{{1,2}})|{_BLANK})\s{{0,3}}"
    rf"năm\s{{0,3}}(?P<year>(?:19|20)\d\d|[\d.…_·]{{0,8}})"
    r"|ngày\s{1,3}(?P<day2>\d{1,2})\s?[/.-]\s?(?P<month2>\d{1,2})\s?[/.-]\s?(?P<year2>(?:19|20)\d\d)"
)
_SUBJECT = re.compile(r"(?:V/[vV]|v/v|V\.v|Về việc)(?![\w])\s{0,2}[:.]?\s{0,2}")
_ADDRESSED = re.compile(r"(?:Đồng )?[Kk]ính(?:\s|$)")
_SECRECY = {"MẬT": "MẬT", "TỐI MẬT": "TỐI MẬT", "TUYỆT MẬT": "TUYỆT MẬT"}
_HANDLING = re.compile(
    r"(?:HỎA TỐC|HOẢ TỐC)(?: HẸN GIỜ)?|THƯỢNG KHẨN|KHẨN|Lưu hành nội bộ|LƯU HÀNH NỘI BỘ|XEM XONG TRẢ LẠI|DỰ THẢO(?:.{0,20})?"
    r"|KHÔNG PHỔ BIẾN|TÀI LIỆU THU HỒI|(?:Hỏa|Hoả) tốc|Dự thảo(?: lần.{0,12})?|SAO Y|SAO Y BẢN CHÍNH"
)
_BODY = re.compile(r"(?:Căn(?: |$)|Điều \d|CHƯƠNG |Chương |PHỤ LỤC|Phụ lục|Mẫu (?:số )?\d|Nơi nhận|QUYẾT ĐỊNH ?:|STT$|TT$)")
_SESSION = re.compile(r"KH[ÓO][AÁ]|KỲ HỌP|NHIỆM KỲ|PHIÊN HỌP")

Kind = Literal["body", "subject", "secrecy", "handling", "title", "addressed", "skip"]


class Number(msgspec.Struct, frozen=True):
    """The number/symbol as printed; `symbol` is None in a draft, whose `codes` are still printed ("/KH-UBND")."""

    symbol: str | None
    codes: str
    span: Span


class Day(msgspec.Struct, frozen=True):
    """The place and date line; `edtf` is a day, a month where the day is blank, or None."""

    edtf: str | None
    span: Span
    place: str | None = None
    place_span: Span | None = None


class Letterhead(msgspec.Struct, frozen=True):
    """What stands above the title. `end` is where the rest of the document begins; `found` is false where it was lost."""

    found: bool
    end: int
    party: bool = False
    number: Number | None = None
    day: Day | None = None
    body: tuple[Row, ...] = ()
    subject: tuple[Row, ...] = ()
    secrecy: str | None = None
    handling: tuple[str, ...] = ()
    addressed: bool = False
    after: tuple[Row, ...] = ()
