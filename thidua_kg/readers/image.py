"""Scans kept as images, PNG, JPEG and TIFF of one or more pages: each page is recognised."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import msgspec

from thidua_kg.errors import UnreadableSource
from thidua_kg.readers import ocr
from thidua_kg.readers.bitmap import MOST_DOTS, Image, resolution
from thidua_kg.readers.compose import compose
from thidua_kg.readers.furniture import strip_furniture
from thidua_kg.readers.records import Extract

MOST_PAGES = 500
_PILLOW = "hãy cài: pip install thidua-kg[ocr]"
_BROKEN = ("ảnh hỏng hoặc bị cắt cụt", "hãy quét hoặc lưu lại tệp")


def read(name: str, data: bytes) -> Extract:
    """The text of an image's pages; `UnreadableSource` where it is broken, too large, or nothing can recognise it."""
    try:
        from PIL import Image as pillow
    except ImportError:
        raise UnreadableSource(name, "là ảnh, cần thư viện Pillow để đọc", _PILLOW) from None
    try:
        with pillow.open(io.BytesIO(data)) as opened:
            count = getattr(opened, "n_frames", 1)
            if count > MOST_PAGES:
                raise UnreadableSource(name, f"có {count} trang ảnh, quá mức {MOST_PAGES}", "hãy chia nhỏ tệp")
            if missing := ocr.missing():
                raise UnreadableSource(name, "là ảnh, không có chữ", missing)
            found = ocr.recognise(_images(name, opened, count))
    except pillow.DecompressionBombError:
        raise UnreadableSource(name, *_too_large()) from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, OverflowError, MemoryError) as error:
        raise UnreadableSource(name, *_BROKEN) from error
    if not any(page.words for page in found.pages):
        raise UnreadableSource(name, "không nhận dạng được chữ nào trong ảnh", "hãy quét lại rõ hơn, 300 điểm/inch")
    extract = compose(strip_furniture(list(found.pages)))
    return msgspec.structs.replace(extract, warnings=found.warnings)


def _too_large() -> tuple[str, str]:
    return f"ảnh quá mức {MOST_DOTS // 10**6} triệu điểm", "hãy quét lại ở 300 điểm/inch"


def _images(name: str, opened: Any, count: int) -> Iterator[tuple[int, Image]]:
    """The pages, turned as the camera says, at no more dots than recognition needs."""
    from PIL import ImageOps

    for number in range(count):
        opened.seek(number)
        if opened.width * opened.height > MOST_DOTS:
            raise UnreadableSource(name, *_too_large())
        page = ImageOps.exif_transpose(opened)
        page = page.convert("L" if page.mode in ("1", "L", "I", "I;16", "LA") else "RGB")
        printed = min(opened.info.get("dpi", (0, 0)))
        dots = float(printed) if printed > 100 else max(page.size) / 11.7  # as if it were A4
        wanted = resolution(page.width / dots * 72, page.height / dots * 72)
        if dots > wanted:
            page = page.resize((max(1, round(page.width * wanted / dots)), max(1, round(page.height * wanted / dots))))
            dots = wanted
        channels = len(page.getbands())
        yield number + 1, Image.of_rows(page.tobytes(), page.size, page.width * channels, channels, dots)
