"""A web page's bytes as a tree: its character set is that of its mark, else of its declaration, else what makes Vietnamese of it.

Word-saved pages of before Unicode declare Windows-1252 and mean the set of their fonts (`html_styles`).
"""

from __future__ import annotations

import codecs
import re

import msgspec
from lxml import etree

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers.encodings import decode
from thidua_kg.readers.legacy import from_tcvn3, from_vni, surface

_CHARSET = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{2,30})",
    re.IGNORECASE,
)
_WINDOWS = ("cp1252", "iso8859-1", "latin-1", "ascii")  # browsers read all of them as Windows-1252
_TCVN3_NAMES = ("x-viet-tcvn5712", "x-viet-tcvn", "tcvn5712-1", "tcvn")
_VNI_NAMES = ("x-viet-vni",)


class Page(msgspec.Struct, frozen=True):
    """A page's tree, its encoding as a document states it, and what is to be said of it."""

    root: etree._Element
    encoding: str
    warnings: tuple[str, ...] = ()


def page_of(name: str, data: bytes, charset: str = "") -> Page:
    """The page in `data`; UnreadableSource where its characters cannot be told. `charset` is what stands outside of it."""
    text, encoding, warnings = _characters(name, data, charset)
    return Page(parsed(name, text), encoding, tuple(warnings))


def parsed(name: str, text: str) -> etree._Element:
    """The tree of a page's text; nothing outside it is asked for.

    Whatever it holds a tree comes of it, but for elements nested so deep that the parser would leave the rest out.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    cleaned = text.replace("\0", " ").encode("utf-8", "replace")
    root = etree.fromstring(cleaned, parser) if cleaned.strip() else None
    if any("depth" in entry.message for entry in parser.error_log):
        raise UnreadableSource(
            name, "trang lồng quá nhiều lớp thẻ", "hãy mở bằng trình duyệt rồi lưu lại thành văn bản"
        )
    return root if root is not None else etree.Element("html")


def _characters(name: str, data: bytes, charset: str) -> tuple[str, str, list[str]]:
    """The page's characters, its encoding with certainty, and warnings."""
    head = data[:4096]
    if not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\x00" not in head:
        match = _CHARSET.search(head.replace(b"\x00", b""))
        declared = charset or ((match[1] or match[2]).decode("ascii").lower() if match else "")
        if declared and (text := _declared(declared, data)) is not None:
            return text, f"{declared} (1.00)", []
    found = decode(name, data)
    return found.text, found.label, list(found.warnings)


def _declared(name: str, data: bytes) -> str | None:
    """The characters by the declared set; None where there is no such set, or the bytes are not in it."""
    if name in _TCVN3_NAMES:
        return from_tcvn3(surface(data))
    if name in _VNI_NAMES:
        return from_vni(surface(data))
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    if codec.startswith(("utf-16", "utf-32")):
        return None  # the declaration itself was read as ASCII: it cannot be true
    if codec in _WINDOWS:
        return None if _is_utf8(data) else surface(data)
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_utf8(data: bytes) -> bool:
    """Whether the page holds characters beyond ASCII, and all of it is UTF-8 whatever it declares."""
    try:
        return not data.isascii() and data.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False
