"""A web page saved as one file (MHTML, RFC 2557) by Word or a browser: its page, read as any other.

Pictures, style sheets and Word's lists of files in it are passed over; nothing is asked of the addresses that it names.
"""

from __future__ import annotations

from email import policy
from email.message import Message
from email.parser import BytesParser

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers import html
from thidua_kg.readers.records import Extract

_MOST = 2000  # parts of one file
_DEPTH = 20  # parts that hold parts
_PAGES = ("text/html", "application/xhtml+xml")
_CUT = "tệp bị cắt cụt, phần sau của trang có thể đã mất"
_BROKEN = ("không có trang web nào trong tệp MHTML, có thể bị cắt cụt hoặc hỏng", "hãy mở bằng trình duyệt rồi lưu lại")


def read(name: str, data: bytes) -> Extract:
    """The text of the page that the file was saved from; `UnreadableSource` where it holds none."""
    if data.count(b"\n--") > 2 * _MOST or data.lower().count(b"multipart/") > _DEPTH:
        raise UnreadableSource(name, f"tệp MHTML có quá {_MOST} phần", "hãy mở bằng trình duyệt rồi lưu lại")
    message = BytesParser(policy=policy.compat32).parsebytes(data)
    page = _page(message)
    body = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(body, bytes) or not body.strip():
        raise UnreadableSource(name, *_BROKEN)
    found = html.read(name, body, charset=page.get_content_charset() or "")
    cut = any(type(defect).__name__ == "CloseBoundaryNotFoundDefect" for defect in message.defects)
    return msgspec.structs.replace(found, warnings=(*found.warnings, _CUT)) if cut else found


def _page(message: Message) -> Message | None:
    """The part that the others belong to: the one that the file names as its start, else its first page."""
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    start = message.get_param("start")
    named = (part for part in pages if start and str(part.get("Content-ID", "")).strip() == start)
    return next(named, pages[0] if pages else None)
