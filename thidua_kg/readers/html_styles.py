"""What a page's styles say of how its text is shown: hidden, centred, ruled, in a font of an old character set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from lxml import etree

from thidua_kg.readers.legacy import from_tcvn3, from_vni

Legacy = Literal["tcvn3", "TCVN3", "vni", "symbol", "unicode"]
Apart = Literal["", "comment", "page_header", "page_footer", "navigation"]

_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<name>[\w-]+))?")
_CONCERNS = re.compile(r"font|text-align|border|white-space")
_MANY_RULES = 5000
_FONT = re.compile(r"(?<![\w-])font(?:-family)?\s*:\s*([^;]{1,200})")
_CENTRED = re.compile(r"text-align\s*:\s*center")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_KEPT = re.compile(r"white-space\s*:\s*pre")
_LABEL = re.compile(r"mso-list\s*:\s*ignore")
_GAP = re.compile(r"7\.0pt[ \"']+times new roman")  # Word's space between a list's number and its text
_RULED = re.compile(r"border[\w-]*\s*:[^;]*(?:solid|double|dotted|dashed)")
_UNRULED = re.compile(r"border(?:-style)?\s*:\s*(?:none|0)")
_APART: tuple[tuple[re.Pattern[str], Apart], ...] = (
    (re.compile(r"mso-element\s*:\s*comment-list|mso-special-character\s*:\s*comment"), "comment"),
    (re.compile(r"mso-element\s*:\s*header"), "page_header"),
    (re.compile(r"mso-element\s*:\s*footer(?!-)"), "page_footer"),
    (_HIDDEN, "navigation"),
)


class Style(NamedTuple):
    """What is said of one element; `kind` is None where no font is named, `centred` where no alignment is."""

    kind: Legacy | None = None
    font: str = ""
    centred: bool | None = None
    kept: bool = False
    label: bool = False
    tab: bool = False
    gap: bool = False
    ruled: bool = False
    unruled: bool = False
    apart: Apart = ""


class Styles:
    """The styles of one page; each combination of tag, class and attributes is read once."""

    def __init__(self, root: etree._Element) -> None:
        self._rules: dict[tuple[str, str], str] = {}
        for key, body in _rules(root):
            self._rules[key] = f"{self._rules.get(key, '')};{body}"
        self._seen: dict[tuple[str | None, ...], Style] = {}

    def of(self, element: etree._Element) -> Style:
        """The style of an element, by its rules and its own attributes, what it inherits left aside."""
        get = element.get
        key = (element.tag, get("class"), get("style"), get("align"), get("face"), get("hidden"))
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._read(*key)
        return found

    def _read(
        self, tag: str, name: str | None, own: str | None, align: str | None, face: str | None, hidden: str | None
    ) -> Style:
        said = [self._rules.get((tag, ""), "")]
        for one in (name or "").lower().split():
            said += [self._rules.get(("", one), ""), self._rules.get((tag, one), "")]
        style = ";".join((*filter(None, said), (own or "").lower()))
        font = _font(style) or (face or "").strip().lower()
        apart: Apart = next((kind for pattern, kind in _APART if pattern.search(style)), "")
        if "msocomtxt" in (name or "").lower():
            apart = "comment"
        aligned = align is not None or "text-align" in style
        return Style(
            kind=set_of(font) if font else None,
            font=font,
            centred=(_CENTRED.search(style) is not None or (align or "").lower() == "center") if aligned else None,
            kept=tag == "pre" or _KEPT.search(style) is not None,
            label=_LABEL.search(style) is not None,
            tab="mso-tab-count" in style,
            gap=_GAP.search(style) is not None,
            ruled=_RULED.search(style) is not None,
            unruled=_UNRULED.search(style) is not None,
            apart=apart or ("navigation" if hidden is not None else ""),
        )


def _rules(root: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    """The rules for a tag, a class, or both, that say something of fonts, alignment or borders."""
    for sheet in root.iter("style"):
        for rule in (sheet.text or "").lower().split("}", _MANY_RULES)[:_MANY_RULES]:
            head, _, body = rule.rpartition("{")
            if not _CONCERNS.search(body):
                continue
            for selector in head.rpartition("{")[2].split(","):
                match = _SELECTOR.fullmatch(selector.strip()[-100:])
                if match and (match["tag"] or match["name"]):
                    yield (match["tag"] or "", match["name"] or ""), body


def _font(style: str) -> str:
    """The last font that a style names, the first of its family: `font:7.0pt "Times New Roman",serif`."""
    named = [m[1] for m in _FONT.finditer(style)]
    first = named[-1].split(",", 1)[0].strip(" '\"\n\t") if named else ""
    return first.rpartition('"')[2].rpartition("'")[2].strip()


def set_of(font: str) -> Legacy:
    """The old set that text in a font is in: ".vntimeh" is TCVN3 shown in capitals, "TCVN3" here."""
    if font.startswith(".vn"):
        return "TCVN3" if font.endswith("h") else "tcvn3"
    if font.startswith(("vni-", "vni ")):
        return "vni"
    return "symbol" if font in ("symbol", "wingdings", "wingdings 2") else "unicode"


def converted(text: str, kind: Legacy) -> str:
    """Text of an old font as people saw it: `converted("Ban D©n vËn", "tcvn3") == "Ban Dân vận"`."""
    if kind == "vni":
        return from_vni(text)
    if kind in ("tcvn3", "TCVN3"):
        made = from_tcvn3(text)
        return made.upper() if kind == "TCVN3" else made
    return text
