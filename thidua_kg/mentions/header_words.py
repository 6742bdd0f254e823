"""The words of letterheads and signatures: Vietnamese capitals turned into the normal spelling of names.

NĐ 30/2020/NĐ-CP Phụ lục I and HD 36-HD/VPTW print bodies and offices in capitals ("ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK",
"KT. CHỦ TỊCH"); Phụ lục II of the decree says how they are written inside a sentence.
"""

from __future__ import annotations

import re
from functools import cache

from thidua_kg.text import fold_space
from thidua_kg.vocab import IssuerCode, Province, table

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐÐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA, 2))
LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơư" + "".join(chr(code) for code in range(0x1EA1, 0x1EFA, 2))

# "uỷ" and "ủy" are one; inside a longer syllable ("hoàn", "quý") the mark has one place only.
_OLD = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_NEW = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_CASES = (str.lower, str.upper, str.capitalize)
_TONES = {case(old): case(new) for old, new in zip(_OLD.split(), _NEW.split(), strict=True) for case in _CASES}
_OLD_TONE = re.compile(f"(?<![qQ])(?:{'|'.join(_TONES)})(?![{LOWER}{UPPER}])")

_WORD = re.compile(r"[^\W_][\w'’&.]*|[^\w\s]|_")

_VOWEL = re.compile("[AEIOUYÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2))) + "]")

_PHRASES = """
Ủy ban nhân dân | Hội đồng nhân dân | Ủy ban Mặt trận Tổ quốc | Mặt trận Tổ quốc | Ủy ban Kiểm tra | Ủy ban Thường vụ
Ủy ban Trung ương | Ủy ban | Hội đồng | Mặt trận
Ban Chấp hành | Ban Thường vụ | Ban Thường trực | Ban Bí thư | Bộ Chính trị | Đoàn Chủ tịch
Trung ương | Văn phòng | Tỉnh ủy | Thành ủy | Huyện ủy | Quận ủy | Thị ủy | Đảng ủy | Quân ủy | Đảng bộ | Chi bộ
Đảng ủy Khối | Đảng bộ Khối
Đảng | Chính phủ | Quốc hội | Thường trực | Thường vụ | Nhà nước | Việt Nam | Hồ Chí Minh | Cộng hòa xã hội chủ nghĩa
Thủ tướng | Chủ tịch | Chủ tịch nước | Bộ trưởng | Thứ trưởng | Trưởng ban | Giám đốc | Tổng Giám đốc | Cục trưởng
Vụ trưởng | Tổng Cục trưởng | Chi cục trưởng | Chánh Văn phòng | Bí thư | Tổng Bí thư | Chủ nhiệm | Thống đốc
Chánh án | Viện trưởng | Hiệu trưởng | Trưởng phòng | Trưởng đoàn | Trưởng Thuế | Tổng Thư ký | Thư ký | Ủy viên
Chánh Thanh tra | Tổng Thanh tra | Tổng Kiểm toán | Chỉ huy trưởng | Tư lệnh | Tham mưu trưởng | Phó | Quyền | Đại diện
Tòa án nhân dân | Viện kiểm sát nhân dân | Bảo hiểm xã hội | Kho bạc Nhà nước | Ngân hàng Nhà nước
Kiểm toán nhà nước | Liên đoàn Lao động | Tổng Liên đoàn Lao động | Hội Nông dân | Hội Liên hiệp Phụ nữ
Hội Cựu chiến binh | Đoàn Thanh niên Cộng sản | Hội Chữ thập đỏ | Tổng công ty | Công ty | Tập đoàn | Học viện
Bệnh viện | Trung tâm | Tổng cục | Chi cục | Tiểu ban | Tỉnh đoàn | Thành đoàn
"""
_ABBREVIATIONS = {
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "MTTQ": "Mặt trận Tổ quốc",
    "TP.": "thành phố",
    "TP": "thành phố",
    "CĐCS": "Công đoàn cơ sở",
}
_KEPT = frozenset(("TNCS", "TNHH", "MTV", "KHCN", "GDĐT", "VNPT", "EVN", "HĐQT", "II", "III", "IV", "XV", "XVI"))
_SCHOOLS = frozenset(("THPT", "THCS", "PTTH", "PTDTNT"))  # a proper name follows: "Trường THPT Lê Quý Đôn"
# After these a name begins with a capital ("Sở Nội vụ"), and again after "và" and a comma ("Sở Giáo dục và Đào tạo").
_OPENING = "bộ sở ban cục vụ viện phòng tâm trường hội đồng đoàn ty tổ đài báo khối quỹ"
_OPENERS = frozenset(_OPENING.split())
_COMMITTEES = ("Tỉnh ủy", "Thành ủy", "Huyện ủy", "Quận ủy", "Thị ủy")
_PLACES = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")


def modern(text: str) -> str:
    """`text` with the tone mark on the first vowel of an open pair: `modern("UỶ BAN") == "ỦY BAN"`."""
    return _OLD_TONE.sub(lambda match: _TONES[match[0]], text)


def in_capitals(text: str) -> bool:
    """Whether the words of `text` are in capitals, symbols and numbers aside: "THỰC HIỆN QUYẾT ĐỊNH SỐ 1899/QĐ-TTg"."""
    words = [word for word in text.split() if not any(c in "/0123456789" for c in word) and "-TT" not in word]
    letters = "".join(words)
    return letters == letters.upper() and any(c.isalpha() for c in text)


def normal_case(capitals: str) -> str:
    """A name printed in capitals as it is written in a sentence; other text keeps its case.

    `normal_case("UBND TỈNH ĐẮK LẮK") == "Ủy ban nhân dân tỉnh Đắk Lắk"`; `normal_case("PHÓ TRƯỞNG BAN") ==
    "Phó Trưởng ban"`.
    """
    text = modern(fold_space(capitals))
    if not in_capitals(text):
        return text
    known = _known()
    words = _WORD.findall(text)
    done: list[str] = []
    at, state = 0, "start"
    while at < len(words):
        size = next((n for n in range(min(8, len(words) - at), 0, -1) if _key(words[at : at + n]) in known), 0)
        if size:
            phrase = known[_key(words[at : at + size])]
            done.append(phrase)
            state = _after(phrase)
            at += size
        else:
            word, state = _spelled(words[at], state)
            done.append(word)
            at += 1
    return _joined(done)


def _key(words: list[str]) -> str:
    return " ".join(words).upper()


def _after(phrase: str) -> str:
    """What a phrase lets follow: a place's name, a capital, or small letters."""
    if phrase in _PLACES or phrase in _COMMITTEES:
        return "place"
    return "name" if phrase.rsplit(maxsplit=1)[-1].lower() in _OPENERS else "rest"


def _spelled(word: str, state: str) -> tuple[str, str]:
    """One word outside the known phrases, and the state after it."""
    if word in _SCHOOLS:
        return word, "place"
    if word in _KEPT or any(c.isdigit() for c in word):
        return word, state
    lower = word.lower()
    if len(word) > 1 and word.isalpha() and not _VOWEL.search(word):  # "CQ", "DN": letters that make no syllable
        return word, "rest"
    if not word[0].isalpha():
        return word, "name" if word in ",-–" else state
    if state == "place":
        return lower.capitalize(), "place"
    if lower == "và":
        return lower, "name"
    capital = state in ("start", "name")
    opens = capital and lower in _OPENERS
    return (lower.capitalize() if capital else lower), "name" if opens else "rest"


def _joined(words: list[str]) -> str:
    text = " ".join(words)
    text = re.sub(r"\s+([,;.:)])", r"\1", text)
    text = re.sub(r"([(])\s+", r"\1", text)
    return text[:1].upper() + text[1:]


@cache
def _known() -> dict[str, str]:
    """Phrases, bodies and places in capitals to their normal spelling."""
    names = [phrase.strip() for phrase in _PHRASES.replace("\n", "|").split("|") if phrase.strip()]
    bodies = [row.name for row in table("issuers", IssuerCode) if not re.search(r"[(/…]|\.\.", row.name)]
    places = [name for row in table("provinces", Province) for name in (row.name, row.successor)]
    spelled = {modern(name).upper(): modern(name) for name in (*places, *bodies, *names)}
    return spelled | {place.upper(): place for place in _PLACES} | _ABBREVIATIONS
