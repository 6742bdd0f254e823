"""Where numbers/symbols and document-type words stand in a text.

Both scans run over `flat(text)`: the same characters with every line end, tab and fixed space made one blank, so that
offsets agree and a symbol or a type word broken over lines is found like any other.
"""

from __future__ import annotations

import re
from functools import cache

import ahocorasick_rs
import msgspec

from thidua_kg.identity import FIRST_DIGITS, LOOKALIKES, NUMBER, YEAR, Symbol, is_issuer, read_symbol
from thidua_kg.model import Span
from thidua_kg.vocab import DocumentType, table

_BLANKS = "\n\t\r\u00a0\u2009\u202f"


def flat(text: str) -> str:
    """`text` with every kind of white space as one blank each; the length stays."""
    for blank in _BLANKS:  # six scans in C are faster than one table look-up a character
        text = text.replace(blank, " ")
    return text


class FoundSymbol(msgspec.Struct, frozen=True, gc=False):
    """A symbol and its place; `weak` where only a type word before it makes it a reference (`01/KGL`, `41/CP`)."""

    span: Span
    symbol: Symbol
    weak: bool


class TypeWord(msgspec.Struct, frozen=True, gc=False):
    """A document-type word and its place: "Nghị định", "KẾ HOẠCH"; `name` is the type as the table spells it."""

    span: Span
    name: str


_CAPITAL = f"A-ZĐÐƯ{LOOKALIKES}"
_CODE = (
    rf"(?:(?:UBTV)?QH\d{{1,2}}|[{_CAPITAL}]"
    rf"(?:(?:[{_CAPITAL}a-zđðư0-9.]|& ?(?=[A-ZĐ])){{0,13}}[{_CAPITAL}a-zđðư0-9])?(?![^\W_]|&))"
)
_DASH = r"[-‐-―−]"
_SEPARATOR = rf"(?:/|{_DASH})"
_GAP = r" {0,2}"


@cache
def _symbol_pattern() -> re.Pattern[str]:
    """A number, its year if printed, and two or more codes, or one; spaces only where a typist puts them.

    The four branches are the legal shape, the State shape, the Party shape, and a lost separator before a type code.
    """
    types = sorted({c for row in table("doc_types", DocumentType) if row.code for c in _printed(row.code)}, key=len)
    typed = rf"(?:{'|'.join(reversed(types))}){_GAP}{_SEPARATOR}{_GAP}{_CODE}"
    codes = rf"(?:{typed}|{_CODE})(?:{_SEPARATOR} ?{_CODE}){{0,4}}"
    tight = rf"(?:{typed}|{_CODE}{_SEPARATOR}{_CODE})(?:{_SEPARATOR} ?{_CODE}){{0,3}}"
    return re.compile(
        # the first digit stands before the look-behinds, so that the scan can skip to digits; most numbers end there
        # ([0-9] and not \d: a bitmap instead of a table look-up a character)
        r"[0-9](?<![A-Za-z0-9Đđ/]\d)(?<!\d[-–.,:]\d)(?<![A-ZĐ][-–]\d)"
        rf"[0-9]{{0,5}}{NUMBER.removeprefix(FIRST_DIGITS)}(?= {{0,2}}[/‐-―−-]| ?[A-ZĐÐ])"
        rf"(?:{_GAP}/{_GAP}{YEAR}{_GAP}{_SEPARATOR}{_GAP}{codes}"
        rf"|{_GAP}/{_GAP}{codes}"
        rf"|{_GAP}{_DASH}{_GAP}{tight}"
        rf"| ?{typed}"
        rf"|(?:{_GAP}{_DASH}{_GAP}| )(?:CP|HĐBT|TTg|HĐNN)(?!\w))"  # before 1997 symbols had no type: 94-CP, 150 CP
    )


def _printed(code: str) -> set[str]:
    """How typists print a type code: as it is, in capitals, without the stroke, with an eth for the Đ."""
    return {code, code.upper(), code.replace("Đ", "D"), code.replace("Đ", "Ð")}


_NOT_BEFORE = re.compile(
    r"(?:[Mm]ẫu|MẪU|[Bb]iểu|[Pp]hiếu|[Tt]ờ khai|TCVN|QCVN|TCCS|ISO|[Hh]óa đơn|[Hh]ợp đồng|[Tt]ài khoản|[Bb]ản án"
    r"|[Bb]ản án, quyết định)(?: (?:biểu|đơn|số|kinh tế|mua bán))*:? $"
)
_COURT = re.compile(
    r"\d/(?:20\d\d/)?(?:HS|DS|HC|LĐ|KDTM|HNGĐ|HN|KT|QĐ|QĐST|VP)(?:-[A-ZĐ]{2,6})?-(?:ST|PT|GĐT|TT|DS|HS)\b"
)
_COURT_ENDS = ("-ST", "-PT", "-GĐT", "-TT", "-DS", "-HS")
_FORM_WORDS = ("ẫu", "ẪU", "iểu", "iếu", "khai", "CVN", "TCCS", "ISO", "óa đơn", "ợp đồng", "khoản", "ản án")
_LABEL = re.compile(r"(?:số|Số|SỐ):? {0,2}$")


def _is_none(printed: str, before: str) -> bool:
    """Whether what looks like a symbol is that of a form, a standard, an account or a judgement.

    Plain look-ups for a part of the words come first: nearly every symbol ends there, several times faster.
    """
    if any(word in before for word in _FORM_WORDS) and _NOT_BEFORE.search(before):
        return True
    return any(end in printed for end in _COURT_ENDS) and bool(_COURT.search(printed))


def find_symbols(flat_text: str) -> list[FoundSymbol]:
    """Every number/symbol in a flat text, left to right, without those of forms, standards, courts and the like."""
    found: list[FoundSymbol] = []
    for match in _symbol_pattern().finditer(flat_text):
        start, end = match.span()
        before = flat_text[max(0, start - 32) : start]
        if _is_none(match[0], before):
            continue
        symbol = read_symbol(match[0])
        if symbol is None:
            continue
        known = bool(symbol.issuers) and is_issuer(symbol.issuers[0])
        lettered = (symbol.number or "0")[-1].isupper()  # forms are numbered 09B/PL-TNCN
        typed = symbol.type_code is not None and bool(symbol.issuers) and not (lettered and not known)
        weak = (
            not typed
            and not (known and (symbol.suffix or symbol.year))
            and not (symbol.suffix and _LABEL.search(before))
        )
        found.append(FoundSymbol((start, end), symbol, weak))
    return found


_FOLLOWING = "0123456789sSntđk:"  # the first letters of "số", "nêu", "nói", "trên", "đã dẫn", "kể trên"


@cache
def _type_words() -> tuple[ahocorasick_rs.AhoCorasick, tuple[tuple[str, int], ...]]:
    """The forms of type words; for each its type and how many characters after it were asked for.

    "kế hoạch" in small letters names no document unless a number, "số" or "nêu trên" follows, so the first letter of
    that is part of the form: the words of running text, thousands to one, then never leave the automaton.
    """
    names: dict[str, tuple[str, int]] = {}
    for row in table("doc_types", DocumentType):
        for form in (row.name, *row.forms):
            for cased in (form, form.upper()):
                names.setdefault(cased, (row.name, 0))
            small = form[0].lower() + form[1:]
            for following in _FOLLOWING:
                names.setdefault(f"{small} {following}", (row.name, 2))
    names |= {"Bộ Luật": ("Bộ luật", 0), "Pháp Lệnh": ("Pháp lệnh", 0)}
    names |= dict.fromkeys(("Văn bản", "VĂN BẢN"), ("Công văn", 0))  # an official letter, where a number follows
    names |= {f"văn bản {following}": ("Công văn", 2) for following in _FOLLOWING}
    forms = tuple(names)
    machine = ahocorasick_rs.AhoCorasick(  # as a DFA it reads a third faster than as an NFA, and is built in 10 ms
        forms,
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.DFA,
    )
    return machine, tuple(names.values())


def _is_law(flat_text: str, start: int, end: int) -> bool:
    """Whether "luật" in small letters is a law: before a number, and not the end of "pháp luật"."""
    return flat_text.startswith(" số", end) and not flat_text.endswith("pháp ", max(0, start - 5), start)


def find_type_words(flat_text: str) -> list[TypeWord]:
    """Every document-type word that stands alone as a word, longest form first."""
    machine, names = _type_words()
    size = len(flat_text)
    found = []
    for form, start, stop in machine.find_matches_as_indexes(flat_text):
        name, asked = names[form]
        end = stop - asked
        if (start and flat_text[start - 1].isalnum()) or (end < size and flat_text[end].isalnum()):
            continue
        if flat_text.startswith(" sư", end):  # a lawyer is no law
            continue
        if not (asked and flat_text.startswith("luật", start) and not _is_law(flat_text, start, end)):
            found.append(TypeWord((start, end), name))
    return found
