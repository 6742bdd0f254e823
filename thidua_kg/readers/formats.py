"""Which format bytes are in: the content decides, the name's ending only where the content leaves it open."""

from __future__ import annotations

import codecs
import importlib
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec

from thidua_kg.errors import UnreadableSource

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_SAVE_AS = "hãy mở ra rồi lưu thành .docx, .pdf hoặc .txt"
_WINDOW = 1024  # bytes before a PDF's mark that viewers forgive


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format: `module` in this package has `read(name, data) -> Extract`; without one it is known and refused.

    `magic` are the bytes a file of it starts with, `within` how far behind the start they may stand. Of a ZIP `member` is
    the entry, and of a Word 97 file `stream` the part, that tells it from its kin. `markup` is what `_markup` finds.
    A format with none of these is told by its ending. `name` is for messages, `extra` what pip installs for it; a
    `package` has `entries`.
    """

    reader: str
    media_type: str
    name: str
    module: str = ""
    endings: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    within: int = 0
    member: str = ""
    stream: str = ""
    markup: str = ""
    extra: str = ""
    remedy: str = _SAVE_AS
    package: bool = False

    def load(self, file: str, call: str = "read") -> Callable[..., Any]:
        """The reader's function `call`; heavy packages are imported by it, when a file needs them.

        Raises UnreadableSource, in the name of `file`, where the format has no reader.
        """
        if not self.module:
            raise UnreadableSource(file, f"là tệp {self.name}, chưa đọc được", self.remedy)
        return getattr(importlib.import_module(f"thidua_kg.readers.{self.module}"), call)  # type: ignore[no-any-return]

    def missing(self, file: str, package: str | None) -> UnreadableSource:
        """The error of a file whose reader lacks `package`."""
        what = f"thidua-kg[{self.extra}]" if self.extra else str(package)
        return UnreadableSource(
            file, f"là tệp {self.name}; máy chưa cài {package} để đọc", f'hãy chạy: pip install "{what}"'
        )


FORMATS = (
    Format(reader="plain", name="văn bản", media_type="text/plain", module="plain", endings=(".txt",)),
    Format(
        reader="markdown",
        name="Markdown",
        media_type="text/markdown",
        module="plain",
        endings=(".md", ".markdown"),
    ),
    Format(
        reader="docx",
        name="Word (DOCX)",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        module="docx",
        endings=(".docx", ".docm", ".dotx", ".dotm"),
        magic=_ZIP,
        member="word/document.xml",
    ),
    Format(
        reader="odt",
        name="OpenDocument",
        media_type="application/vnd.oasis.opendocument.text",
        module="odt",
        endings=(".odt", ".ott"),
        magic=_ZIP,
        member="META-INF/manifest.xml",
    ),
    Format(reader="xlsx", name="Excel", media_type="application/vnd.ms-excel", magic=_ZIP, member="xl/workbook.xml"),
    Format(
        reader="pptx",
        name="PowerPoint",
        media_type="application/vnd.ms-powerpoint",
        magic=_ZIP,
        member="ppt/presentation.xml",
    ),
    Format(
        reader="zip", name="ZIP", media_type="application/zip", module="zips", endings=(".zip",), magic=_ZIP, package=True
    ),
    Format(
        reader="encrypted",
        name="Office có mật khẩu",
        media_type="application/x-ole-storage",
        magic=_OLE,
        stream="EncryptedPackage",
        remedy="hãy bỏ mật khẩu rồi lưu lại",
    ),
    Format(
        reader="doc",
        name="Word 97 (DOC)",
        media_type="application/msword",
        module="doc",
        endings=(".doc", ".dot"),
        magic=_OLE,
        stream="WordDocument",
    ),
    Format(reader="ole", name="Office cũ không phải Word", media_type="application/x-ole-storage", magic=_OLE),
    Format(
        reader="rtf",
        name="RTF",
        media_type="application/rtf",
        module="rtf",
        endings=(".rtf",),
        magic=(b"{\\rtf", b"\xef\xbb\xbf{\\rtf"),
    ),
    Format(
        reader="pdf",
        name="PDF",
        media_type="application/pdf",
        module="pdf",
        endings=(".pdf",),
        magic=(b"%PDF-",),
        within=_WINDOW,
    ),
    Format(
        reader="image",
        name="ảnh",
        media_type="image/*",
        module="image",
        extra="ocr",
        endings=(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
        magic=(b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8"),
    ),
    Format(reader="rar", name="RAR", media_type="application/vnd.rar", magic=(b"Rar!\x1a",), remedy="hãy nén lại thành .zip"),
    Format(
        reader="7z", name="7-Zip", media_type="application/x-7z-compressed", magic=(b"7z\xbc\xaf",), remedy="hãy nén lại thành .zip"
    ),
    Format(
        reader="mhtml",
        name="trang web lưu (MHTML)",
        media_type="multipart/related",
        module="mhtml",
        endings=(".mht", ".mhtml"),
        markup="mhtml",
    ),
    Format(
        reader="edxml",
        name="edXML",
        media_type="application/xml",
        module="edxml",
        endings=(".edxml",),
        markup="edxml",
        package=True,
    ),
    Format(reader="wordml", name="Word 2003 XML", media_type="application/xml", markup="wordml"),
    Format(
        reader="html",
        name="HTML",
        media_type="text/html",
        module="html",
        endings=(".html", ".htm", ".xhtml"),
        markup="html",
    ),
)  # fmt: skip
PLAIN = FORMATS[0]


def is_known(ending: str) -> bool:
    """Whether files with this ending (".docx") are read."""
    return any(f.module and ending.lower() in f.endings for f in FORMATS)


def format_of(name: str, data: bytes) -> Format:
    """The format of `data`: by what it holds, else by the ending of `name`, else plain text.

    A ".txt" that holds a PDF is a PDF, a ".pdf" that holds a web page is HTML.
    """
    ending = "." + name.rpartition(".")[2].lower()
    for candidate in FORMATS:
        if candidate.magic and _starts(candidate, data) and _holds(candidate, data, ending):
            return candidate
    if found := _markup(data, ending):
        return next(f for f in FORMATS if f.markup == found)
    return next((f for f in FORMATS if ending in f.endings and not (f.magic or f.markup)), PLAIN)


def _starts(candidate: Format, data: bytes) -> bool:
    if data.startswith(candidate.magic) or not candidate.within:
        return data.startswith(candidate.magic)
    found = (data.find(mark, 0, candidate.within + len(mark)) for mark in candidate.magic)
    return any(at >= 0 and b" obj" in data[at : at + 4096] for at in found)  # a text may speak of "%PDF-"


def _holds(candidate: Format, data: bytes, ending: str) -> bool:
    if candidate.member:
        entries = _entries(data)
        return ending in candidate.endings if entries is None else candidate.member in entries
    return not candidate.stream or candidate.stream.encode("utf-16-le") in data


def _entries(data: bytes) -> frozenset[str] | None:
    """The names of a ZIP's entries, None where its directory is damaged: the reader that the ending names says so."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body|meta|title|style)\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"<(?:div|table|p|center|font|span|h[1-6]|br|section|article)\b[^>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_PROLOGUE = re.compile(r"(?:\s+|<\?[^>]{0,500}\?>|<!--.{0,5000}?-->)+", re.DOTALL)
_MIME = re.compile(
    r"(?:[A-Za-z][\w-]{1,40}:[^\n]{0,900}\n(?:[ \t][^\n]{0,900}\n){0,20}){0,20}MIME-Version:", re.IGNORECASE
)
_SAVED_PAGE = re.compile(r"^Content-Type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)
_EDXML = re.compile(r"<(?:\w+:)?(?:edXML\w*|Envelope)\b[^>]{0,3000}", re.IGNORECASE)


def _markup(data: bytes, ending: str) -> str | None:
    """ "html", "mhtml", "edxml" or "wordml" where the text starts so, whatever Unicode form it is in; None where it is no markup.

    A text that merely holds tags, as Markdown may, is none, unless its ending says HTML.
    """
    start = _as_latin(data[:16_384]).lstrip("\ufeff\xef\xbb\xbf")
    skipped = _PROLOGUE.match(start)
    body = start[skipped.end() :] if skipped else start
    if _MIME.match(start) and _SAVED_PAGE.search(start):
        return "mhtml"
    if "mso-application" in start[:500]:
        return "wordml"
    if (root := _EDXML.match(body)) and ("edxml" in body[:4000].lower() or "QCVN" in root[0]):
        return "edxml"
    if _HTML.match(body):
        return "html"
    if body[:9].upper() == "<!DOCTYPE" and "edxml" in body[:8000].lower():
        return "edxml"  # which may have no document type: its reader says so
    if ending in (".htm", ".html", ".xhtml"):
        return "html" if _TAG.search(start) else None
    return "html" if _FRAGMENT.match(body) and "</" in start and ending not in (".md", ".markdown") else None


def _as_latin(data: bytes) -> str:
    """The first characters of a text for the ASCII in it: UTF-16 and UTF-32 by mark or by their zero bytes."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data[: len(data) // 4 * 4].decode("utf-32", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data[: len(data) // 2 * 2].decode("utf-16", "replace")
    head = data[:64]
    if head[1::2].count(0) > len(head) // 4 or head[::2].count(0) > len(head) // 4:
        return data.replace(b"\x00", b"").decode("latin-1")
    return data.decode("latin-1")
