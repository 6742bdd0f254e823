"""Which characters the bytes of a text file stand for, decided by how much of the outcome is spelt as Vietnamese is.

UTF-8, UTF-16 and UTF-32 prove themselves; Windows-1258, TCVN3, VNI and VISCII are told apart by the share of words that
become syllables. Well-formed Unicode is changed only where nearly nothing of it is Vietnamese and nearly all of the repair is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from itertools import islice

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.legacy import bytes_of, from_tcvn3, from_viqr, from_viscii, from_vni, surface
from thidua_kg.readers.syllables import Score, score

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SURE, _FAIR, _POOR = (
    0.9,
    0.75,
    0.3,
)  # shares of syllables: taken; taken with a warning above the middle one; overwhelming below
_MANY = 5  # words that evidence against well-formed Unicode must have
_SPARSE = 500  # characters for each damaged place that a text may have
_NAMED = 5  # damaged places whose lines are named
_SAMPLE = 200_000

# What a text of another set looks like as Unicode: letters and signs that Vietnamese has not, against those that only it has.
_FOREIGN = re.compile("[ÃÄÅÆÇËÏÐÑÖØÛÜÝÞßäåæçëïðñöøûüþÿ®¸·µ¹¬\xad»§¦¨©ª\u0178\u0192\u02c6\u02dc†‡‰‹›™\u0080-\u009f]")
_TELLTALE = "á»"  # two of the three bytes of most Vietnamese letters in UTF-8, read as Windows-1252
_OWN = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯ\u0300-\u0323]")


class Decoded(msgspec.Struct, frozen=True):
    """The characters of a text file, the encoding that was taken, its certainty 0 to 1, and what is to be said of it."""

    text: str
    encoding: str
    certainty: float
    warnings: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The choice as a document states it: "cp1258 (0.97)"."""
        return f"{self.encoding} ({self.certainty:.2f})"


def decode(name: str, data: bytes) -> Decoded:
    """The characters of `data`; `UnreadableSource` where they are no text, or no set makes Vietnamese of them."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(name, data, encoding)
    if b"\x00" in data:
        return _unmarked_wide(name, data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(name, data, error)
    return repaired(text)


def _marked(name: str, data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        where = f"byte thứ {error.start + 1}"
        raise UnreadableSource(
            name,
            f"không phải {encoding.removesuffix('-sig').upper()} như đầu tệp ghi ({where})",
            "kiểm tra lại tệp gốc",
        ) from error
    return repaired(text) if encoding == "utf-8-sig" else Decoded(text, encoding, 1.0)


def _unmarked_wide(name: str, data: bytes) -> Decoded:
    """UTF-16 without its mark, in the byte order that makes text of it; anything else with zero bytes is binary."""
    found = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        usual = sum(c in "\t\n\r" or " " <= c < "\u0250" or "\u1e00" <= c < "\u2100" for c in text[:_SAMPLE])
        found.append((usual / max(1, len(text[:_SAMPLE])), text, encoding))
    share, text, encoding = max(found, default=(0.0, "", ""))
    if share < _SURE or "\x00" in text:
        at = data.index(b"\x00")
        raise UnreadableSource(name, f"là tệp nhị phân (byte 0 ở vị trí {at})", "chỉ đọc được văn bản")
    return Decoded(text, encoding, round(share, 2))


class Repair(msgspec.Struct, frozen=True):
    """How well-formed Unicode that holds the bytes of another set becomes what it was, and how sure that is."""

    encoding: str
    mend: Callable[[str], str]
    certainty: float

    @property
    def warning(self) -> str:
        """What is to be said of it."""
        return f"bảng mã bị lẫn, đã chuyển lại: {self.encoding}"


def repaired(text: str) -> Decoded:
    """Well-formed Unicode, mended where that is beyond doubt (`repair_of`); ASCII that is VIQR converted."""
    if text[:_SAMPLE].isascii():
        return _viqr(text) or Decoded(text, "ascii" if text.isascii() else "utf-8", 1.0)
    repair = repair_of(text)
    if repair is None:
        return Decoded(text, "utf-8", 1.0)
    return Decoded(repair.mend(text), repair.encoding, repair.certainty, (repair.warning,))


def repair_of(text: str) -> Repair | None:
    """The repair of a text that holds the bytes of another set: "Cá»™ng hÃ²a" was UTF-8 read as Windows-1252.

    None unless at least `_MANY` words speak for it, nearly none of what it changes is Vietnamese as it stands, and nearly all
    of that is afterwards.
    """
    sample = text[:_SAMPLE]
    foreign = len(_FOREIGN.findall(sample))
    if foreign < _MANY:
        return None
    own = sum(1 for _ in islice(_OWN.finditer(sample), foreign * 3 + 1))
    if foreign * 3 < own and sample.count(_TELLTALE) < _MANY:
        return None
    rated = [(*_change(sample, mend), encoding, mend) for encoding, mend in _REPAIRS]
    before, after, encoding, mend = max(rated, key=lambda r: (r[1].share, r[1].valid))
    overwhelming = before.share < _POOR and after.share >= _SURE and after.valid >= _MANY
    return Repair(encoding, mend, round(after.share, 2)) if overwhelming else None


def _change(text: str, mend: Callable[[str], str]) -> tuple[Score, Score]:
    """The scores of the lines that a repair changes, before and after it."""
    lines = [(old, new) for old, new in zip(text.split("\n"), mend(text).split("\n"), strict=True) if old != new]
    return score("\n".join(old for old, _ in lines)), score("\n".join(new for _, new in lines))


def _undone(text: str) -> str:
    """The text with UTF-8 that was read as Windows-1252 read as UTF-8 again, line by line where that can be."""
    return "\n".join(map(_undone_line, text.split("\n")))


def _undone_line(line: str) -> str:
    data = None if line.isascii() else bytes_of(line)
    try:
        return line if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        return line


_REPAIRS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("utf-8 mã hóa 2 lần", _undone),
    ("utf-8 mã hóa 3 lần", lambda text: _undone(_undone(text))),
    ("tcvn3 trong utf-8", from_tcvn3),
    ("vni trong utf-8", from_vni),
)


def _viqr(text: str) -> Decoded | None:
    """ASCII that is VIQR: many words become Vietnamese by it, and nearly all that change do."""
    if not re.search(r"[aeouAEOU][\^(+]|dd", text[:_SAMPLE]):
        return None
    made = from_viqr(text)
    changed = [
        after for before, after in zip(text[:_SAMPLE].split(), made[:_SAMPLE].split(), strict=False) if before != after
    ]
    got = score(" ".join(changed))
    shaped = sum(any(c in "ăâêôơưđ" or "\u1ea4" <= c <= "\u1ef1" for c in word) for word in changed)
    if (
        got.valid < _MANY
        or got.share < _SURE
        or shaped * 4 < len(changed)
        or len(changed) * 5 < len(text[:_SAMPLE].split())
    ):
        return None
    return Decoded(made, "viqr", round(got.share, 2))


_SETS: tuple[tuple[str, Callable[[bytes], str]], ...] = (
    ("cp1258", lambda data: data.decode("cp1258", "surrogateescape")),
    ("tcvn3", lambda data: from_tcvn3(surface(data))),
    ("vni", lambda data: from_vni(surface(data))),
    ("viscii", from_viscii),
    ("cp1252", surface),
)


def _legacy(name: str, data: bytes, error: UnicodeDecodeError) -> Decoded:
    """Bytes that are no UTF-8, in the one-byte set that makes most of them Vietnamese."""
    rated = sorted(
        ((score(_clean(read(data[:_SAMPLE]))), encoding, read) for encoding, read in _SETS), key=lambda r: -r[0].share
    )
    best, encoding, read = rated[0]
    if best.total == 0 and score(surface(data[:_SAMPLE])).total == 0:
        return Decoded(surface(data), "cp1252", 0.5, ("bảng mã đoán là cp1252: không có chữ tiếng Việt để kiểm tra",))
    if best.share < _FAIR or (encoding == "cp1252" and best.share < _SURE):
        return _mixed(name, data, error)
    certainty = round(best.share * best.total / (best.total + 1), 2)
    warnings = [] if certainty >= _SURE else [f"bảng mã đoán là {encoding}, chắc {certainty:.0%}; hãy kiểm tra lại chữ"]
    rival, other, _ = rated[1]
    if best.share - rival.share < 0.1:
        warnings.append(f"bảng mã có thể là {encoding} hoặc {other}; đã đọc theo {encoding}")
    return Decoded(_clean(read(data)), encoding, certainty, tuple(warnings))


def _clean(text: str) -> str:
    """Bytes that the set leaves open become the replacement character."""
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def _mixed(name: str, data: bytes, error: UnicodeDecodeError) -> Decoded:
    """A file put together from several: UTF-8 where a line is, else the one old set that fits the other lines."""
    lines = data.split(b"\n")
    wide = [_line(line) for line in lines]
    odd = b"\n".join(line for line, text in zip(lines, wide, strict=True) if text is None)
    rated = [(score(_clean(read(odd[:_SAMPLE]))), encoding, read) for encoding, read in _SETS[:-1]]
    best, encoding, read = max(rated, key=lambda r: r[0].share)
    kept = [text for text in wide if text is not None and not text.isascii()]
    if best.share >= _SURE and best.total >= 2 and kept and score("\n".join(kept)).share >= _SURE:
        text = "\n".join(_clean(read(line)) if text is None else text for line, text in zip(lines, wide, strict=True))
        warning = f"tệp lẫn hai bảng mã, utf-8 và {encoding}: {wide.count(None)} dòng đọc theo {encoding}"
        return Decoded(text, f"utf-8 + {encoding}", round(min(best.share, score(text).share), 2), (warning,))
    if (damaged := _damaged(data)) is not None:
        return damaged
    line = data.count(b"\n", 0, error.start) + 1
    raise UnreadableSource(
        name,
        f"không phải UTF-8 (byte 0x{data[error.start]:02x} ở dòng {line}) và không đoán được bảng mã "
        f"(gần nhất: {encoding}, {best.share:.0%} chữ đọc được)",
        "hãy lưu lại tệp với bảng mã UTF-8",
    ) from error


def _damaged(data: bytes) -> Decoded | None:
    """UTF-8 with a few bytes that are none, as a broken copy leaves it: read, and every place named; None where they are many."""
    text = data.decode("utf-8", "replace")
    places = [match.start() for match in re.finditer("\ufffd+", text)]
    found = score(text)
    if len(places) * _SPARSE > len(text) or found.share < _SURE or found.total < 4 * _MANY:
        return None
    lines = sorted({text.count("\n", 0, place) + 1 for place in places[:_NAMED]})
    named = ", ".join(map(str, lines)) + (", …" if len(places) > _NAMED else "")
    warning = f"{len(places)} chỗ có byte hỏng, chữ ở đó đã mất (dòng {named}); hãy đối chiếu với bản gốc"
    return Decoded(text, "utf-8", round(found.share, 2), (warning,))


def _line(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None
