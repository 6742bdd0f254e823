"""What of a portal's page is the document: its paragraphs, and not the menus, link lists and footers around them.

By rule, not by site: the smallest part of the page that holds all blocks of running text (long, and not made of links) and
all lines that only a document prints (motto, number, type, recipients, signature); in it, parts that are links for the most
part, or that the page itself names as navigation, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
        "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
UNSEEN = frozenset(
    (
        "script", "style", "head", "title", "template", "noscript", "iframe", "object", "embed", "svg", "canvas", "audio",
        "video", "select", "option", "textarea", "button", "datalist", "xml", "map",
    )
)  # fmt: skip
_CHROME = frozenset(("nav", "footer", "aside", "menu", "dialog"))
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog", "toolbar")
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu\w*|footer|sidebar|bread-?crumbs?|paginat\w*|pager|shar(?:e|ing)|social|related|"
    r"comments?|toolbar|login|search\w*|popup|modal|cookies?|advert\w*|hotline|copyright|skip|chia-?se|lien-?quan|lien-?ket)"
    r"(?:$|[\s_-])"
)
_SPEAKS = re.compile(
    r"^\s*(?:CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập ?[-–] ?Tự do|Số ?:|Nơi nhận|Căn cứ |Kính gửi"
    r"|(?:TM|KT|TL|TUQ)\. ?[A-ZĐÀ-Ỹ]|[\w ]{2,40}, ngày [\d ]{0,4}tháng"
    r"|(?:KẾ HOẠCH|QUYẾT ĐỊNH|CHỈ THỊ|THÔNG BÁO|BÁO CÁO|TỜ TRÌNH|HƯỚNG DẪN|NGHỊ QUYẾT|NGHỊ ĐỊNH|CÔNG ĐIỆN|CHƯƠNG TRÌNH|THÔNG TƯ)\b)"
)
_IMPRINT = re.compile(
    r"Bản quyền|Copyright|©|Ghi rõ nguồn|Giấy phép (?:số|thiết lập)|Chịu trách nhiệm (?:chính|nội dung)|Đang truy cập|Lượt truy cập"
)
_LINES = frozenset(("p", "td", "div", "h1", "h2", "strong", "b", "span"))
_LINE = 300  # characters of a line
_LONG = 80  # characters of a block that is running text
_LINKED = 0.6  # share of a part's text in links that makes it navigation
_LINKS = 3
_TOLD = 0.3  # share of a page's text that must be told as the document's before what lies around it is left out


def navigation(root: etree._Element) -> tuple[etree._Element, ...]:
    """The parts of a page that are no part of its document, outermost only, in order; none where nothing tells them."""
    sizes = _Sizes(root)
    speaking = [block for block in _leaves(root, sizes) if _is_text(block, sizes)]
    said = sum(sizes.text[block] for block in speaking)
    main = _common(speaking) if said > _TOLD * (sizes.text[root] - sizes.linked.get(root, 0)) else root
    chosen: list[etree._Element] = []
    inner = main
    for parent in main.iterancestors():
        chosen += [child for child in parent if child is not inner]
        inner = parent
    chosen += _inside(main, sizes)
    return tuple(part for part in chosen if sizes.text.get(part, 0))


class _Sizes:
    """How many visible characters each element has, how many of them in links, how many links, and how many of its lines
    only a document prints; all of it in one pass from the last element to the first."""

    def __init__(self, root: etree._Element) -> None:
        self.text: dict[etree._Element, int] = {}
        self.linked: dict[etree._Element, int] = {}
        self.links: dict[etree._Element, int] = {}
        self.said: dict[etree._Element, int] = {}
        for element in reversed([e for e in root.iter() if isinstance(e.tag, str)]):
            own = 0 if element.tag in UNSEEN else _size(element.text) + self.text.get(element, 0)
            self.text[element] = own
            if element.tag == "a" and element.get("href"):
                self.linked[element], self.links[element] = own, 1
            if own and own < _LINE and element.tag in _LINES and not self.said.get(element):
                self.said[element] = int(_SPEAKS.match("".join(element.itertext())) is not None)
            parent = element.getparent()
            if parent is not None and parent.tag not in UNSEEN:
                self.text[parent] = self.text.get(parent, 0) + own + _size(element.tail)
                self.linked[parent] = self.linked.get(parent, 0) + self.linked.get(element, 0)
                self.links[parent] = self.links.get(parent, 0) + self.links.get(element, 0)
                self.said[parent] = self.said.get(parent, 0) + self.said.get(element, 0)

    def is_chrome(self, element: etree._Element) -> bool:
        """Whether the page names the element as navigation; not where a letterhead stands in it: some pages are one form."""
        return _is_named(element) and self.said.get(element, 0) < 2

    def is_links(self, element: etree._Element) -> bool:
        """Whether the element's text is in links for the most part."""
        text = self.text.get(element, 0)
        return self.links.get(element, 0) >= _LINKS and self.linked.get(element, 0) > _LINKED * text


def _size(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _leaves(root: etree._Element, sizes: _Sizes) -> Iterator[etree._Element]:
    """The blocks with no block in them, those in parts that the page names as navigation left out."""
    stack = [root]
    while stack:
        element = stack.pop()
        inner = [c for c in element if isinstance(c.tag, str) and c.tag not in UNSEEN]
        if element.tag in BLOCKS and not any(inner.tag in BLOCKS for inner in element.iterdescendants()):
            yield element
        elif not sizes.is_chrome(element):
            stack += reversed(inner)


def _is_named(element: etree._Element) -> bool:
    if element.tag in _CHROME or (element.get("role") or "").lower() in _ROLES:
        return True
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
    return bool(names.strip()) and element.tag not in ("html", "body", "form") and bool(_NAMED.search(names))


def _is_text(block: etree._Element, sizes: _Sizes) -> bool:
    words = "".join(block.itertext()) if sizes.text.get(block, 0) else ""
    if not words or sizes.is_links(block) or _IMPRINT.search(words[:400]):
        return False
    own = sizes.text[block] - sizes.linked.get(block, 0)
    return own >= _LONG or (bool(_SPEAKS.match(words)) and own * 2 > sizes.text[block])


def _common(blocks: Iterable[etree._Element]) -> etree._Element:
    """The innermost element around all of them."""
    line: list[etree._Element] = []
    for block in blocks:
        above = [*reversed(list(block.iterancestors())), block]
        line = line or above
        same = 0
        for one, other in zip(line, above, strict=False):
            if one is not other:
                break
            same += 1
        line = line[:same]
    return line[-1]


def _inside(main: etree._Element, sizes: _Sizes) -> Iterator[etree._Element]:
    """The parts in the main one that are navigation, outermost only."""
    stack = [c for c in reversed(main) if isinstance(c.tag, str)]
    while stack:
        element = stack.pop()
        if element.tag not in BLOCKS:
            continue
        if sizes.is_chrome(element) or (element.tag != "p" and sizes.is_links(element)):
            yield element
        else:
            stack += [c for c in reversed(element) if isinstance(c.tag, str)]
