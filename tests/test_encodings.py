"""Old encodings told apart and converted; good Unicode left alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import CORPUS
from thidua_kg.errors import UnreadableSource
from thidua_kg.readers import legacy, read_bytes
from thidua_kg.readers.encodings import decode
from thidua_kg.readers.syllables import is_syllable, score

# --- encoders, each the inverse of a published table


def to_cp1258(text: str) -> bytes:
    made = bytearray()
    for char in text:
        try:
            made += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
            made += (unicodedata.normalize("NFC", parts.replace(tone, "")) + tone).encode("cp1258")
    return bytes(made)


@cache
def _tcvn3() -> dict[str, int]:
    return {char: 0xA0 + at for at, char in enumerate(legacy._TCVN3) if char in "ĂÂÊÔƠƯĐ" or char.islower()}


def to_tcvn3(text: str) -> bytes:
    """As people typed it: a capital with a tone is the small letter's code, shown large by a font."""
    table = _tcvn3()
    return b"".join(
        bytes([table[c]]) if c in table else bytes([table[c.lower()]]) if c.lower() in table else c.encode("cp1252")
        for c in text
    )


def to_viscii(text: str) -> bytes:
    table = {char: 0x80 + at for at, char in enumerate(legacy._VISCII)} | {c: b for b, c in legacy._VISCII_LOW.items()}
    return bytes(table.get(c, ord(c)) for c in text)


def to_vni(text: str) -> bytes:
    table = {made: pair for pair, made in legacy._VNI_PAIRS.items()}
    return "".join(table.get(c, c) for c in text).encode("cp1252")


def to_viqr(text: str) -> bytes:
    marks = {
        "\u0301": "'",
        "\u0300": "`",
        "\u0309": "?",
        "\u0303": "~",
        "\u0323": ".",
        "\u0302": "^",
        "\u0306": "(",
        "\u031b": "+",
    }
    text = re.sub(r"(?<=[^\W\d_])([.'`?~^(+*])|\\", lambda m: "\\" + m[0], text)
    made = []
    for char in re.sub(r"[dD](?=[dD])", lambda m: m[0] + "\\", text):
        parts = unicodedata.normalize("NFD", char)
        shaped = sorted(parts[1:], key=lambda c: c not in "\u0302\u0306\u031b")
        made.append({"đ": "dd", "Đ": "DD"}.get(char) or parts[0] + "".join(marks[c] for c in shaped))
    return "".join(made).encode("ascii")


def twice(text: str) -> bytes:
    return legacy.surface(text.encode("utf-8")).encode("utf-8")


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda t: t.encode("utf-8"),
    "utf-8-sig": lambda t: t.encode("utf-8-sig"),
    "utf-16": lambda t: t.encode("utf-16"),
    "utf-16-le": lambda t: t.encode("utf-16-le"),
    "utf-16-be": lambda t: t.encode("utf-16-be"),
    "utf-32": lambda t: t.encode("utf-32"),
    "nfd": lambda t: unicodedata.normalize("NFD", t).encode("utf-8"),
    "cp1258": to_cp1258,
    "viscii": to_viscii,
    "vni": to_vni,
    "tcvn3": to_tcvn3,
    "viqr": to_viqr,
    "twice": twice,
    "thrice": lambda t: legacy.surface(twice(t)).encode("utf-8"),
    "tcvn3 as unicode": lambda t: legacy.surface(to_tcvn3(t)).encode("utf-8"),
    "vni as unicode": lambda t: legacy.surface(to_vni(t)).encode("utf-8"),
}
PLAIN_SIGNS = str.maketrans(
    {"–": "-", "“": '"', "”": '"', "…": "...", "’": "'", "‘": "'", "•": "-", "≥": ">=", "×": "x"}
)


def expressible(text: str, encoding: str) -> str:
    """What of a text the encoding can say: typographic signs only where it has them."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    if encoding in ("viscii", "viqr", "vni", "tcvn3", "cp1258", "tcvn3 as unicode", "vni as unicode"):
        text = text.translate(PLAIN_SIGNS)
    return text


def same(got: str, text: str, encoding: str) -> bool:
    """Whether a text came back; from TCVN3 a toned capital may come back small, where its word has no two plain capitals."""
    if got == text or not encoding.startswith("tcvn3"):
        return got == text
    pairs = list(zip(got, text, strict=True))
    only_small = all(a == b or (a == b.lower() and b not in _tcvn3()) for a, b in pairs)
    words = zip(re.findall(r"[^\W\d_]+", got), re.findall(r"[^\W\d_]+", text), strict=True)
    return only_small and all(
        a == b for a, b in words if sum(c.isascii() or c in "ĂÂÊÔƠƯĐ" for c in b if c.isupper()) > 1
    )


FILES = sorted(p.name for p in CORPUS.iterdir() if p.suffix in (".txt", ".md") and p.name != "README.md")


@pytest.mark.parametrize("encoding", ENCODERS)
def test_our_own_texts_come_back_the_same(encoding: str) -> None:
    for name in FILES:
        text = expressible((CORPUS / name).read_text("utf-8"), encoding)
        source = read_bytes(name, ENCODERS[encoding](text))
        assert same(source.text.value, text, encoding), (name, source.encoding)
        assert source.encoding
        certainty = float(source.encoding.rpartition("(")[2].rstrip(")"))
        assert certainty >= 0.9, (name, source.encoding)


SAMPLES = [  # as old documents have them, by eye
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "tcvn3", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("§éc lËp - Tù do - H¹nh phóc", "tcvn3", "Độc lập - Tự do - Hạnh phúc"),
    ("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "tcvn3", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "vni", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (
        "Ñoäc laäp - Töï do - Haïnh phuùc, UÛy ban nhaân daân tænh",
        "vni",
        "Độc lập - Tự do - Hạnh phúc, Ủy ban nhân dân tỉnh",
    ),
]


@pytest.mark.parametrize(("surface", "encoding", "text"), SAMPLES)
def test_old_fonts_are_read_as_people_saw_them(surface: str, encoding: str, text: str) -> None:
    found = decode("a.txt", surface.encode("cp1252"))
    assert (found.text, found.encoding) == (text, encoding)


def test_viqr_as_people_wrote_it() -> None:
    text = "Co^.ng ho`a xa~ ho^.i chu? nghi~a Vie^.t Nam. DDo^.c la^.p, tu+. do, ha.nh phu'c (so^' 12/KH-UBND)?"
    found = decode("a.txt", text.encode())
    assert found.text == "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập, tự do, hạnh phúc (số 12/KH-UBND)?"
    assert found.encoding == "viqr"


SYLLABLES = [
    "nghiêng",
    "quốc",
    "Uỷ",
    "ủy",
    "QUẢNG",
    "giếng",
    "gì",
    "gìn",
    "khuỷu",
    "rượu",
    "xoong",
    "Đắk",
    "yêu",
    "oách",
    "thuở",
    "quýnh",
]
NOT_SYLLABLES = ["cãt", "ngỉẻng", "ngoèa", "xyz", "Cßng", "hßa", "áà", "ưu̕x", "brô", "tôq", "zá"]


@pytest.mark.parametrize("word", [w for w in SYLLABLES if w != "Đắk"])
def test_a_syllable(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", NOT_SYLLABLES)
def test_no_syllable(word: str) -> None:
    assert not is_syllable(word)


LEFT_ALONE = [
    "Kế hoạch thi đua năm 2022.",
    "Văn phòng São Paulo, Düsseldorf, Malmö, Århus, Besançon, España, Ærø; Ủy ban nhân dân tỉnh tiếp đoàn.",
    "Düsseldorf Malmö Århus España Reykjavík Göteborg Zürich Köln",  # no Vietnamese: nothing speaks for a repair
    "© 2022 ® ¹ · § 5 « x » µm ¬ ¸ ¹ · ® ®",
    "KE HOACH thi dua (a) (o) e. o. a? dd o+ thu tuc",
    "hà nội, đà lạt",
    "là và cà, cát và lá: § 1, § 2, § 3, § 4, § 5, § 6",  # Vietnamese both as it stands and as TCVN3
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_good_unicode_is_left_alone(text: str) -> None:
    found = decode("a.txt", text.encode())
    assert found.text == text
    assert not found.warnings


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_short_unicode_of_any_kind_is_left_alone_unless_it_becomes_vietnamese(text: str) -> None:
    found = decode("a.txt", text.encode())
    assert found.text == text.removeprefix("\ufeff") or score(found.text).share >= 0.9


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused_in_one_line(data: bytes) -> None:
    refusals = []
    try:
        decode("a.txt", data)
    except UnreadableSource as error:
        refusals.append(error)
    assert all("\n" not in str(error) and error.remedy for error in refusals)


def test_a_file_of_two_encodings_says_so() -> None:
    lines = [
        "Kế hoạch tổ chức phong trào thi đua",
        "Ủy ban nhân dân tỉnh quyết định khen thưởng",
        "Hướng dẫn thực hiện",
    ]
    found = decode("a.txt", b"\n".join([lines[0].encode(), to_cp1258(lines[1]), lines[2].encode()]))
    assert found.text.splitlines()[0] == lines[0]
    assert unicodedata.normalize("NFC", found.text) == "\n".join(lines)
    assert found.encoding == "utf-8 + cp1258"
    assert "hai bảng mã" in found.warnings[0]


def test_lines_that_were_encoded_twice_are_mended_among_good_ones() -> None:
    good = ["Kế hoạch tổ chức phong trào thi đua yêu nước", "Ủy ban nhân dân tỉnh quyết định khen thưởng"] * 10
    bad = "Hướng dẫn thực hiện những nhiệm vụ trọng tâm"
    found = decode("a.txt", "\n".join(good).encode() + b"\n" + twice(bad))
    assert found.text.split("\n") == [*good, bad]
    assert found.warnings


def test_a_few_damaged_bytes_cost_what_they_stood_for_and_are_named() -> None:
    text = (CORPUS / "bdvtu-2021-ke-hoach-34.txt").read_text("utf-8")
    data = text.encode()
    at = data.index("phong trào".encode())
    found = decode("a.txt", data[: at + 7] + b"\xff" + data[at + 8 :])
    assert found.encoding == "utf-8"
    start = len(data[:at].decode())
    assert found.text[:start] == text[:start]
    assert found.text.endswith(text[start + len("phong trào") :])
    assert found.text.count("\ufffd") <= 3
    line = data.count(b"\n", 0, at) + 1
    assert f"dòng {line})" in found.warnings[0]
    with pytest.raises(UnreadableSource, match="không đoán"):
        decode("a.txt", b"\xff".join([data[n : n + 40] for n in range(0, len(data), 40)]))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes(range(128, 256)) * 20, "không đoán được"),
        ("Жизнь и судьба народа".encode("cp1251"), "không đoán được"),
        (b"abc\x00\x01\x02\x00def", "nhị phân"),
        (b"\xff\xfea", "UTF-16"),
        (b"\xef\xbb\xbfK\xff", "UTF-8"),
    ],
)
def test_what_cannot_be_decided_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableSource, match=why):
        decode("a.txt", data)


def test_the_real_texts_are_left_alone(shared: Path) -> None:
    for path in [
        *sorted((shared / "corpus" / "official").glob("*.txt")),
        *sorted((shared / "corpus" / "laws").glob("*.txt")),
    ]:
        data = path.read_bytes()
        found = decode(path.name, data)
        assert found.encoding in ("utf-8", "utf-8-sig"), path.name
        assert found.text == data.decode("utf-8-sig")
