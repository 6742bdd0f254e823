"""What is to be done: the head verbs of a task and their object, up to where a reader would stop.

Where it begins is read by the finders of calls and roles. Where it ends is told by underthesea's parts of speech: each word
becomes a letter, and a pattern over the letters is the grammar of such phrases. This costs a thousand times a parse and runs
on request only.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from thidua_kg.analyzer import pos
from thidua_kg.mentions.calls import call_at
from thidua_kg.mentions.roles import ADVERB, noun_before, predicate_at, verb_at, verbs
from thidua_kg.mentions.units import read_units, skip_parenthesis
from thidua_kg.model import Span

_REACH = 700  # characters of a task that are read for where the action begins
_LONGEST_SUBJECT = _LONGEST_PARTNER = 120
_LONGEST = 300  # characters that an action and what follows it may have


class _Word(NamedTuple):
    """A word of a task, in small letters, and its part of speech."""

    span: Span
    text: str
    tag: str


def action_in(text: str) -> Span | None:
    """The place of the action in a task's text on one line; None where no verb is found.

    "Chủ trì, phối hợp với Sở Y tế rà soát hồ sơ để trình …" gives "rà soát hồ sơ".
    """
    start = _begin(text)
    words = _words(text, start, _clause_end(text, start))
    phrase = _PHRASE.match(_letters(text, words))
    return (start, words[phrase.end() - 1].span[1]) if phrase else None


# --- where it begins

_LIST_MARK = re.compile(
    r" {0,4}(?:(?:[-–+•]|\d{1,2}(?:\.\d{1,2}){0,2}[.)]|[a-zđ]\)|\([ivxđa-z\d]{1,4}\)|Bước \d{1,2} {0,3}[:.]) {0,4}){1,3}"
)
_SENTENCE_END = re.compile(r"\.{1,9}(?= [^a-zđ]|/|$)")
_CLAUSE_END = re.compile(r";|:|\.{1,9}(?= |/|$)")
_OPENED = re.compile(r"(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu) ")
_SHARED_OUT = re.compile(r"[Pp]hân công {1,4}$")  # "… phân công cán bộ xử lý hồ sơ": the sharing out is the action
_TOPIC = re.compile(
    r"(?:Về|Đối với|Liên quan)(?= )[^:;.]{3,240}: |(?:Trường hợp|Nếu|Khi|Đối với|Trong|Sau)(?= )[^:;.]{3,400}? thì "
)
_GROUNDS = re.compile(r" {0,4}(?:[Cc]ăn cứ|[Tt]rên cơ sở|[Dd]ựa)(?= )[^:;]{3,400}? để(?= )")
_OFFICE = re.compile(  # "theo chức năng, nhiệm vụ được giao"
    r" {0,4},? {0,4}(?:[Tt]heo|[Cc]ăn cứ(?: vào)?|[Tt]rên cơ sở|[Tt]rong|[Tt]ùy theo)"
    r"(?: (?:đúng |phạm vi |phạm vi, )?(?:chức năng|nhiệm vụ|quyền hạn|thẩm quyền|trách nhiệm)),?"
    r"(?: (?:và )?(?:chức năng|nhiệm vụ|quyền hạn|thẩm quyền|phạm vi|lĩnh vực|trách nhiệm|địa bàn|quản lý|nhà nước|phụ trách|"
    r"được (?:giao|phân công|phân cấp)|ngành|quy định|hiện hành|của (?:pháp luật|đơn vị|cơ quan|mình|ngành|địa phương|ngành mình))"
    r"(?!\w),?){0,12}"
)
_BOUND_TO = re.compile(r"(?<!không)(?<!và) (?:(?:có|chịu) trách nhiệm|được giao nhiệm vụ|có nhiệm vụ|phải)(?= )")
_UNREAD = re.compile(  # what offices do and the reader of units takes for a part of their name
    r"(?<!ăng)(?<!thư)(?<!chữ) (?:vào sổ|cấp phép|ký|đóng dấu|thụ lý|viết|đăng tải|duyệt|chấp thuận)(?!\w)"
)
_MORE_ADVERBS = re.compile(r" {0,4}(?:tự|cùng|đều|cũng|sẽ|(?:và|hoặc) đột xuất(?: \([^()]{1,60}\))?,?)(?= )")
_COLON = re.compile(r" {0,4}(?:[Tt]hực hiện|[Tt]riển khai)?(?: (?:như )?sau)? {0,4}: {0,4}")
_LEADING = re.compile(
    r" {0,4}(?:[Ll]à )?(?:(?:cơ quan|đơn vị) )?(?:[Cc]hủ trì|[Đđ]ầu mối)(?!\w),?(?: và(?= phối hợp))?"
)
_JOINTLY = re.compile(
    r" {0,4}[Pp]hối hợp(?:,? (?:chặt chẽ|thường xuyên|đồng bộ|hiệu quả|tốt)){0,3}(?P<with>(?: cùng)?(?: với| cùng))?(?= )"
)
_IN_DOING = re.compile(r"(?: (?:để|nhằm)|,? trong(?: quá trình| việc| công tác)| (?:thực hiện )?việc)(?= )")


def _begin(text: str) -> int:
    """Where what is to be done begins: behind list marks, the topic, whom it calls on, adverbs, roles and partners."""
    mark = _LIST_MARK.match(text)
    at = _past_adverbs(text, mark.end() if mark else 0, len(text))
    stop = _SENTENCE_END.search(text, at, at + _REACH)
    end = stop.start() if stop else min(len(text), at + _REACH)
    for opening in (_TOPIC, _OFFICE):
        opened = opening.match(text, at, end)
        after = _past_marks(text, opened.end()) if opened else at
        if opened and (read_units(text, after, end)[0] or verb_at(text, after, end)):
            at = after
    if verb_at(text, at, end) and not read_units(text, at, end)[0] and not _OPENED.match(text, at):
        return _doing(text, at, end)
    told = _told(text, at, end)
    bound = _BOUND_TO.search(text, told, end)
    apart = "[;:.]" if told == at else "[,;:.(]"
    if bound and bound.start() - told < _LONGEST_SUBJECT and not re.search(apart, text[told : bound.start()]):
        told = bound.end()
    return _doing(text, told, end)


def _told(text: str, at: int, end: int) -> int:
    """The position behind the subject or addressee of a sentence."""
    units, after = read_units(text, at, end)
    if unread := _UNREAD.search(text, at, after):
        return unread.start() + 1
    after = skip_parenthesis(text, after, end)
    does = predicate_at(text, after, end) if units and text[after : after + 1] in (" ", ",") else None
    if does and not _OPENED.match(text, _past_marks(text, does.at)):
        return after
    call = call_at(text, at, end, until=end)
    if call and call.predicate:
        shared_out = _SHARED_OUT.search(text, at, call.units[0].span[0])
        return shared_out.start() if shared_out else call.predicate.at
    return after if units else at


def _doing(text: str, at: int, end: int) -> int:
    """Where what is to be done begins behind grounds, adverbs, the words of a role and the partners."""
    for _ in range(8):
        office = _OFFICE.match(text, at, end)
        if office and _goes_on(text, office.end(), end):
            at = _past_marks(text, office.end())
        does = predicate_at(text, at, end)
        grounds = _GROUNDS.match(text, at, end)
        if grounds and verb_at(text, grounds.end(), end) and (does is None or does.at >= grounds.end()):
            at = grounds.end()
        elif does:
            at = does.at - len("làm ") if text.endswith("làm", at - 4, at) and text.startswith(" việc", at) else does.at
        at = _past_adverbs(text, at, end)
        after = _behind_role(text, at, end)
        if after is None or not _goes_on(text, after, end):
            return at
        at = after
    return at


def _behind_role(text: str, at: int, end: int) -> int | None:
    """The position behind the words of a role, with the partners; None where no role is named."""
    if role := _COLON.match(text, at, end) or _LEADING.match(text, at, end):
        return role.end()
    jointly = _JOINTLY.match(text, at, end)
    if jointly is None:
        return None
    does = predicate_at(text, at, end)
    named = max((unit.span[1] for unit in does.helpers), default=0) if does else 0
    after = named or read_units(text, jointly.end(), end)[1]
    if after <= jointly.end():
        return _behind_unknown(text, jointly.end(), end) if jointly["with"] else jointly.end()
    after = skip_parenthesis(text, after, end)
    doing = _IN_DOING.match(text, after, end)
    return doing.end() if doing else after


def _behind_unknown(text: str, at: int, end: int) -> int | None:
    """The position behind partners that no table knows: where the first verb stands that is no part of a noun."""
    near = verbs().finditer(text, at + 6, min(end, at + _LONGEST_PARTNER))
    return next((verb.start() for verb in near if verb[0][:1] == " " and not noun_before(text, verb.start(1))), None)


def _goes_on(text: str, at: int, end: int) -> bool:
    """Whether what is to be done follows."""
    if _LEADING.match(text, at, end) or _JOINTLY.match(text, at, end) or predicate_at(text, at, end):
        return True
    words = _words(text, _past_marks(text, at), end)
    return bool(words) and words[0].tag == "V"


def _past_adverbs(text: str, at: int, end: int) -> int:
    """The position behind adverbs; "làm việc" begins with none."""
    while not text.startswith(" làm việc", at) and (
        adverb := ADVERB.match(text, at, end) or _MORE_ADVERBS.match(text, at, end)
    ):
        at = adverb.end()
    return _past_marks(text, at)


def _past_marks(text: str, at: int) -> int:
    """The position behind blanks and commas."""
    while text[at : at + 1] in (" ", ","):
        at += 1
    return at


# --- where it ends
# Letters: V verb, R adverb, K adverb that opens a clause, A adjective, N noun, W noun that a verb may follow ("việc"),
# U part of a body's name, O "của", B "về", E D prepositions before an object, S comma or "và", Z end of an object, X of all.

_VERBS = r"[AR]*V[VARK]*+(?:S[VA][VARK]*+)*+"
_OF_VERBS = r"[WB][AR]?V+(?:SV+)*+"  # "việc quản lý, khai thác"
_IN_NOUN = rf"(?:{_OF_VERBS}|O(?=[NWUA])|B(?=[NWU])|V(?!D)|ASA(?!V)|K(?!V)|[NWUA])*+"
_NOUNS = rf"(?:{_OF_VERBS}|B?[NWU]){_IN_NOUN}(?:SA?[NWU]{_IN_NOUN})*+"
_OBJECT = rf"[EDB]?(?:U+K?{_VERBS}(?:[EDB]?{_NOUNS}|(?!S))|{_NOUNS})"  # bodies may be told to do something in turn
_PHRASE = re.compile(rf"{_VERBS}(?:{_OBJECT})?")

_LETTERS = {
    "S": ", | và | hoặc | cũng như | hay | /",
    "X": "( | + | ; | : | . | – | để | nhằm | theo | trong | trước | khi | nếu | thông qua | qua | tại | trên | đồng thời | ngày | "
    "kể từ | kể | căn cứ | từ | nhất là | đối với | góp phần | kèm theo | như | bao gồm | gồm | thì | mà | trên cơ sở | "
    "làm cơ sở",
    "Z": "sau | bằng | bảo đảm | đảm bảo | phục vụ | gửi | được | đã | đang | sẽ | do | bởi | thuộc | không | chưa | nêu | "
    "giai đoạn | kèm | phối hợp",
    "E": "cho | với",
    "D": "vào | đến | tới",
    "O": "của",
    "B": "về",
    "W": "việc | sự | công tác | hoạt động | giải pháp | biện pháp | nội dung | quá trình | văn bản | phương án | nhiệm vụ | "
    "chức năng | cơ chế | quy trình | hệ thống | hạ tầng | thủ tục | kết quả | tình hình | chính sách | thông tư | nghị định | "
    "luật | hình thức | phương thức | tiến độ | chất lượng | kỹ năng",
    "A": "lại",
    "V": "thụ lý | cài đặt | đóng dấu | vào sổ | đính chính | sửa đổi | phân loại | đăng tải | dự thảo | số hóa | số hoá | hóa | "
    "hoá | đăng ký | thông báo | chấp thuận | đào tạo | kiểm kê | tích hợp | gia hạn | đấu nối | chỉnh lý | phòng ngừa | "
    "bổ nhiệm | cảnh báo | dự báo | thu thập | bảo trì | tái chế | ứng dụng | tuyển dụng | quan trắc | kiểm định | cắt giảm | "
    "sát hạch | biên tập | phân định | giảm thiểu | chứng thực | ủy quyền | đàm phán | tra cứu | sắp xếp | tính toán | "
    "ngăn chặn | bãi bỏ | duyệt | ký | xếp hạng | tu bổ | tôn tạo | cử | cấp phép | góp ý | mời | niêm yết | ứng phó | "
    "tháo gỡ | bầu | truyền thông | thu gom | vận chuyển | lắp đặt | xác nhận | thẩm tra | thẩm duyệt | nghiệm thu | "
    "kê khai | kiểm soát",
    "N": "quản lý nhà nước | tôn giáo | tín ngưỡng | lao động | điện lực | quy hoạch | thành phần | cơ sở dữ liệu | dữ liệu | "
    "kết cấu hạ tầng | danh mục | thiên tai | bom mìn | khoáng sản | hóa chất | nguồn lực | số liệu | quy chuẩn | nền tảng | "
    "mưa lũ | thiệt hại | chất thải | dịch bệnh | nghĩa vụ | quyền hạn | tờ trình | chỉ tiêu | du lịch | văn hóa | hạng mục | "
    "hồ sơ | tài liệu | khó khăn | vướng mắc | thông tin | trình tự | kế hoạch",
}
_BY_WORD = {word: letter for letter, words in _LETTERS.items() for word in words.split(" | ")}
_BY_TAG = {"V": "V", "A": "A", "P": "A", "R": "R", "E": "E", "C": "X", "CH": "X", "X": "X"}
_PREPOSITIONS = [*_LETTERS["E"].split(" | "), *_LETTERS["D"].split(" | ")]
_BY_NEXT = {  # (word, next word)
    **{("phòng", word): "V" for word in (",", "chống", "cháy", "ngừa")},
    ("vào", "sổ"): "V",
    **{("trong", word): "E" for word in ("nguồn", "dự toán")},
    **{(verb, word): "Z" for verb in ("liên quan", "gắn", "phù hợp", "kết hợp") for word in _PREPOSITIONS},
}
_BY_LAST = {  # (word before, word)
    ("nhà", "ở"): "N",
    **{(mark, "đặc biệt"): "X" for mark in _LETTERS["S"].split(" | ")},
    **{
        (last, word): "V"
        for last in ("thực hiện", "triển khai", "tổ chức", *_LETTERS["W"].split(" | "))
        for word in ("bảo đảm", "đảm bảo", "phục vụ")
    },
    ("gắn", "liền"): "V",
    ("gắn liền", "với"): "V",
    ("liền", "với"): "V",
}
_PAIRS = {  # one notion in two words, whatever stands between
    *(("phòng", "chống"), ("phòng", "chữa cháy"), ("cháy", "chữa cháy"), ("phòng cháy", "chữa cháy")),
    *(("khiếu nại", "tố cáo"), ("kiến nghị", "phản ánh"), ("phản ánh", "kiến nghị"), ("sơ", "tổng kết")),
    *(("cá nhân", "tổ chức"), ("cơ quan", "tổ chức")),
}


def _clause_end(text: str, at: int) -> int:
    """Where the clause at `at` ends at the latest."""
    stop = _CLAUSE_END.search(text, at, at + _LONGEST)
    return stop.start() if stop else min(len(text), at + _LONGEST)


def _words(text: str, at: int, end: int) -> list[_Word]:
    """The words from `at` on with their tags; the first in small letters, as a capital makes the tagger see a noun."""
    piece = text[at : min(end, at + _LONGEST)]
    piece = piece[:1].lower() + piece[1:]
    found: list[_Word] = []
    for (start, stop), tag in pos(piece) if piece.strip() else ():
        known = verb_at(piece, start, len(piece)) is not None
        found.append(_Word((at + start, at + stop), piece[start:stop].lower(), "V" if known else tag))
    return found


def _letters(text: str, words: list[_Word]) -> str:
    """A letter for each word; what stands in quotation marks is one noun."""
    found: list[str] = []
    nouns: set[str] = set()  # a word that was a noun is one again: "quy trình nội bộ, quy trình điện tử"
    named, quoted = 0, False
    for i, word in enumerate(words):
        before, follows = words[i - 1].text if i else "", words[i + 1].text if i + 1 < len(words) else ""
        quoted = quoted or word.text == "“"
        if quoted or word.span[0] < named:
            found.append("N" if quoted else "U")
            quoted = quoted and word.text != "”"
            continue
        letter = "N" if i and _joins_name(text, word, words[i - 1]) else _letter(text, word, before, follows, nouns)
        if i and letter in "NW":
            units, named = read_units(text, word.span[0], words[-1].span[1])
            named = named if units else 0
            letter = "U" if units else letter
        if letter in "NWU":
            nouns.add(word.text if letter != "U" else "")
        found.append(letter)
    return "".join(found)


def _joins_name(text: str, word: _Word, before: _Word) -> bool:
    """Whether a word stands inside a name or a range: "Dân số và Phát triển", "2025 - 2030"."""
    capitals = text[before.span[0]].isupper() and text[word.span[1] + 1 : word.span[1] + 2].isupper()
    years = before.text.isdigit() and text[word.span[1] + 1 : word.span[1] + 2].isdigit()
    return (word.text == "và" and capitals) or (word.text in ("-", "–") and years)


def _letter(text: str, word: _Word, before: str, follows: str, nouns: set[str]) -> str:
    """The letter of a word, by its neighbours, the word itself, or its part of speech."""
    if (before, follows) in _PAIRS or (follows in ("hóa", "hoá") and word.tag[0] in "NA"):
        return "V"
    if word.text == "tổ chức" and verb_at(text, word.span[0], len(text)) is None:
        return "N"
    if before == "sự" and word.tag == "V":
        return "V"
    letter = _BY_LAST.get((before, word.text)) or _BY_NEXT.get((word.text, follows)) or _BY_WORD.get(word.text)
    if word.tag == "V" and ((letter == "Z" and not nouns) or (letter == "N" and not before)):
        return "V"
    if letter is None and word.text in nouns:
        return "N"
    if letter is None and ADVERB.fullmatch(text, *word.span):
        return "K"
    if letter in (None, "V") and word.tag == "V" and before and text[word.span[0]].isupper():
        return "W"  # "Quyết định", "Đăng ký" as a name
    return letter or _BY_TAG.get(word.tag, "N")
