"""What a number/symbol means and which document it names: symbol ↔ value ↔ identifier.

A symbol such as "34-CT/TW" is read into its parts, repaired to the official form, and, with the series owner and the
year, becomes the identifier of a work. Shapes and repairs follow NĐ 30/2020/NĐ-CP (State), NĐ 34/2016/NĐ-CP Điều 58
(legal) and HD 36-HD/VPTW (Party).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import msgspec

from thidua_kg.model import System
from thidua_kg.text import slug
from thidua_kg.vocab import DocumentType, IssuerCode, Province, table
from thidua_kg.vocab.patterns import alternation

FIRST_DIGITS = r"\d{1,6}"
NUMBER = FIRST_DIGITS + r"(?:\.\d{1,3})?(?:[a-zđA-ZĐ](?![^\W\d_]))?"
YEAR = r"(?:19|20)\d\d"
CODE = r"[A-ZĐÐƯ][A-ZĐÐƯa-zđðư0-9&.]{0,14}(?![\w&])"

# Cyrillic capitals that look like Latin ones, typed in codes on keyboards of another layout: "16495/BТС-PTHT"
LOOKALIKES = "АВЕКМНОРСТХ"
_LATIN = str.maketrans(LOOKALIKES, "ABEKMHOPCTX")
LONGEST_SYMBOL = 200  # characters with label and blanks; nothing longer is one
_LABEL = re.compile(r"^.*?(?:[Ss](?:ố|Ố)\s*:?|:)\s*(?=\d|/|-)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SHAPE = re.compile(
    rf"""
    (?P<number>{NUMBER}|\(draft\)|)          # 385, 30c, 66.17, or nothing in a draft
    \s*(?:/\s*(?P<year>{YEAR}))?             # only legal documents print the year
    \s*(?P<first>[-/]?)\s*                   # the first separator tells Party from State
    (?P<codes>[^\W\d_][\w&.]*(?:\s*[-/]\s*[\w&.]+|\s+[\w&.]+)*)
    """,
    re.VERBOSE,
)
_TERM = re.compile(r"(QH|UBTVQH)(\d{1,2})?$")
_CONVENED = {  # the years in which each National Assembly sat, for a symbol that lost its term
    1: 1946, 2: 1960, 3: 1964, 4: 1971, 5: 1975, 6: 1976, 7: 1981, 8: 1987,
    9: 1992, 10: 1997, 11: 2002, 12: 2007, 13: 2011, 14: 2016, 15: 2021, 16: 2026,
}  # fmt: skip
_SLASHED_TYPES = frozenset({"NQLT", "QCPH"})  # the official old shape has a second slash: 19/2008/NQLT/CP-UBTWMTTQVN
_LEGAL_TYPES = frozenset({"NĐ", "TT", "TTLT", "NQLT", "VBHN", "PL", "L", "SL"})
_LOCAL_FORMS = {
    "Nghị quyết": "NQ",
    "Quyết định": "QĐ",
    "Chỉ thị": "CT",
}  # normative forms of localities: Luật 31/2004/QH11
_TYPELESS = frozenset({"CP", "HĐBT", "TTg", "HĐNN"})  # until 1996: 94/CP, 235/HĐBT
_YOUTH = ("ĐTN", "TĐTN")


class Symbol(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a number/symbol; `canonical` is its official form, `issues` what had to be repaired."""

    printed: str
    canonical: str
    system: System
    number: str | None = None
    year: int | None = None
    type_code: str | None = None
    type: str | None = None
    issuers: tuple[str, ...] = ()
    suffix: str | None = None
    issues: tuple[str, ...] = ()


@lru_cache(maxsize=8192)  # a text cites the same few symbols again and again
def read_symbol(printed: str, *, issuer: str | None = None, heading: str | None = None) -> Symbol | None:
    """The symbol in `printed`, a single number/symbol with or without its label; None where it is none.

    `issuer` is the issuing body's name where the text gives it: where code and name disagree, the name wins. `heading` is the
    type that the document bears as its heading: a normative document of a locality is what its heading says.
    `read_symbol("34/CT-TƯ").canonical == "34-CT/TW"`; `read_symbol("733/QĐ/TTg").canonical == "733/QĐ-TTg"`.
    """
    if len(printed) > LONGEST_SYMBOL:
        return None
    raw = " ".join(_INVISIBLE.sub("", printed).split())
    issues: list[str] = []
    clean = _DASHES.sub("-", raw)
    if clean != raw:
        issues.append("en_dash")
    if "Ð" in clean or "ð" in clean:
        clean = clean.replace("Ð", "Đ").replace("ð", "đ")
        issues.append("eth_U+00D0_for_Đ_U+0110")
    if clean != (latin := clean.translate(_LATIN)):
        clean = latin
        issues.append("lookalike_letters")
    clean = re.sub(r"(?<=\w)\s*&\s+(?=\w)", "&", _LABEL.sub("", clean))
    match = _SHAPE.fullmatch(clean)
    if not match:
        return None
    parts = [p for p in re.split(r"[\s/-]+", match["codes"]) if p]
    if re.search(r"\s", clean) and (match["first"] or match["year"]):
        issues.append("spaces")
    codes, repairs = _official_codes(parts, legal=bool(match["year"]), first=match["first"])
    if codes is None:
        return None
    issues += repairs
    number = None if match["number"] in ("", "(draft)") else match["number"]
    if number is None:
        issues.append("number_blank")
    return _shape(printed, number, match, codes, issues, issuer, heading)


def _shape(
    printed: str,
    number: str | None,
    match: re.Match[str],
    codes: list[str],
    issues: list[str],
    issuer: str | None,
    heading: str | None,
) -> Symbol:
    """Put repaired codes into the shape of their system and note what was printed otherwise."""
    year = int(match["year"]) if match["year"] else None
    type_code, rest = _type_and_rest(codes, dated=year is not None)
    headed = _LOCAL_FORMS.get(heading or "")
    if headed and year and type_code in _LOCAL_FORMS.values() and type_code != headed:
        type_code = headed
        issues.append("type_code_contradicts_heading")
    if issuer and rest and _contradicts(rest[0], issuer):
        rest = ["TW", *rest[1:]]
        issues.append("issuer_code_contradicts_issuer_name")
    term = _TERM.match(rest[0]) if rest else None
    sat = str(max((t for t, since in _CONVENED.items() if since <= year), default="")) if term and year else ""
    if term and sat.startswith(term[2] or "") and sat != term[2]:  # lost, or cut short: 43/2024/QH1
        rest = [term[1] + sat, *rest[1:]]
        issues.append("term_missing")
    owners = _owners(rest) if type_code else rest[:1]  # an official letter has one issuer and a drafting unit
    suffix = "-".join(rest[len(owners) :]) or None
    party = is_party_shaped(rest, match["first"], match["codes"])
    padded = (number.zfill(2) if number.isdigit() else number) if number else "(draft)"
    tail = "-".join(rest)
    if type_code == "L" and match["first"] == "-" and year is None:  # laws were numbered so until 1996: 24-L/CTN
        party = True
    if party and type_code and year is None:
        canonical = f"{padded}-{type_code}/{tail}"
        if match["first"] == "/":
            issues.append("state_style_for_party_issuer")
    else:
        inner = "/" if type_code in _SLASHED_TYPES else "-"
        code = f"{type_code}{inner}{tail}" if type_code and tail else type_code or tail
        canonical = f"{padded}/{year}/{code}" if year else f"{padded}/{code}"
        printed_codes = match["codes"]
        if match["first"] == "-" and type_code and year is None:
            issues.append("party_style_for_state_issuer")
        elif (
            inner == "-"
            and type_code
            and tail
            and re.match(rf"{re.escape(printed_codes.split('/')[0])}\s*/", printed_codes)
        ):
            issues.append("slash_for_hyphen")
    if not match["first"] and not ("missing_separator" in issues or year):
        issues.append("missing_separator")
    return Symbol(
        printed=printed,
        canonical=canonical,
        system=_system(party, year, type_code, owners),
        number=number,
        year=year,
        type_code=type_code,
        type=type_name(type_code, party=party, issuer=owners[0] if owners else None),
        issuers=tuple(owners),
        suffix=suffix,
        issues=tuple(dict.fromkeys(issues)),
    )


def _type_and_rest(codes: list[str], *, dated: bool) -> tuple[str | None, list[str]]:
    """The type code, if the first code is one, and the codes after it.

    A code that is both, before one that is no issuer, is the issuer of an official letter: "5348/CT-CS" is Cục Thuế's.
    """
    first, rest = codes[0], codes[1:]
    if not is_type(first) or _TERM.match(first) or (dated and not rest):
        return None, codes
    if first in _issuers() and rest and not dated and not is_issuer(rest[0]) and not is_party_code(rest[0]):
        return None, codes
    return first, rest


def _owners(rest: list[str]) -> list[str]:
    """The issuers at the start of the codes: joint ones follow each other, a division of the one before it is a suffix."""
    owners = rest[:1]
    for code in rest[1:]:
        row = _issuers().get(code)
        if not is_issuer(code) or (row is not None and row.parent and row.parent in owners):
            break
        owners.append(code)
    return owners


def _official_codes(parts: list[str], *, legal: bool, first: str) -> tuple[list[str] | None, list[str]]:
    """Each code in its official spelling, a type glued to its issuer taken apart; None where they cannot be codes."""
    issues: list[str] = []
    codes: list[str] = []
    for part in parts:
        code = part
        if "TƯ" in code or "T.Ư" in code:
            code = code.replace("T.Ư", "TW").replace("TƯ", "TW")
            issues.append("TU_horn_variant")
        if "TUMTTQ" in code:  # the Front has a central committee (TW), never a provincial Party one (TU)
            code = code.replace("TUMTTQ", "TWMTTQ")
            issues.append("TU_for_TW_typo")
        known = _spellings().get(code) or _spellings().get(_plain(code))
        if known is not None and known.upper().count("Đ") < code.upper().count("Đ"):
            known = None  # a stroke may be lost, not gained: "BĐT" is no "BDT"
        if known is not None and known != code and "&" in code and known == code.replace("&", ""):
            known = code  # "BNN&MT" is as good as "BNNMT": `unpadded` compares without it
        if known is not None and known != code:
            same_letters = known.upper() == code.upper()
            issues.append(("type_case" if is_type(known) else "issuer_case") if same_letters else "stroke_lost")
        codes.append(known or code)
    if codes and not is_type(codes[0]) and not is_issuer(codes[0]):
        glued = _unglue(codes[0])
        if glued:
            codes[:1] = glued
            issues.append("hyphen_lost")
    if not codes or not all(_looks_like_code(code) for code in codes):
        return None, issues
    if not first and not legal and not is_type(codes[0]) and codes[0] not in _TYPELESS:
        return None, issues
    return codes, issues


def _unglue(code: str) -> tuple[str, str] | None:
    """A type code and a known issuer code written as one, longest type first.

    `_unglue("NĐCP") == ("NĐ", "CP")`; a letter that both share may be typed once: `_unglue("CTTg") == ("CT", "TTg")`.
    """
    for shared in (0, 1):
        for cut in range(min(5, len(code) - 1), 0, -1):
            head, tail = _spellings().get(code[:cut], code[:cut]), code[cut - shared :]
            if is_type(head) and is_issuer(tail):
                return head, _spellings().get(tail, tail)
    return None


def _looks_like_code(code: str) -> bool:
    """Whether letters are mostly capitals, as in codes and not in words: "TTg", "KTr", "C04", but not "Ban"."""
    if code in _spellings():
        return True
    capitals = sum(c.isupper() for c in code)
    return capitals > sum(c.islower() for c in code) and (
        capitals > 1 or any(c.isdigit() for c in code) or len(code) == 1
    )


def is_type(code: str) -> bool:
    """Whether `code` stands for a document type in symbols: "KH", "CTr"."""
    return code in _types()


def is_issuer(code: str) -> bool:
    """Whether `code` is the code of an issuing body: "UBND", "BDVTU", "QH15"."""
    return code.replace("&", "") in _issuers() or bool(_TERM.match(code)) or code.rstrip("0123456789") in _issuers()


def _body(code: str) -> str:
    """The table's code of a body that is written with an ampersand more: "BNN&MT" is BNNMT."""
    return code if code in _issuers() else _spellings().get(code.replace("&", ""), code)


def is_per_place(code: str) -> bool:
    """Whether every province, district or office has a body with this code: "UBND", but not "TTg"; unknown codes count so."""
    row = _issuers().get(_body(code))
    return not _TERM.match(code) and (row is None or row.per_place)


def issuer_name(code: str) -> str | None:
    """The body that a code stands for, as the table names it: `issuer_name("BDVTU") == "Ban Dân vận Tỉnh ủy"`."""
    row = _issuers().get(code)
    return row.name if row else None


def is_party_code(code: str) -> bool:
    """Whether the code belongs to a Party body: by the table, else by its ending (symbol grammar, section 1)."""
    known = _issuers().get(code)
    if known is not None:
        return known.system == "party"
    return code.endswith(("TU", "TW")) and not code.startswith("MT")


def is_party_shaped(issuers: list[str], first: str, codes: str) -> bool:
    """Whether a symbol has the Party shape `N-TYPE/ISSUER`: the issuer's code outranks the separator printed."""
    if not issuers:
        return first == "-"
    owner = issuers[0]
    if is_party_code(owner) or any(mark in owner for mark in _YOUTH):
        return True
    known = _issuers().get(owner)
    if (known is not None and known.system in ("state", "mass")) or owner in ("UBND", "HĐND") or _TERM.match(owner):
        return False
    return first == "-" and "/" in codes


def type_name(code: str | None, *, party: bool = False, issuer: str | None = None) -> str | None:
    """The type that a code stands for: "TT" is "Thông tri" in the Party and "Thông tư" elsewhere; none is a công văn."""
    if code is None:
        return None if issuer is None or _TERM.match(issuer) or issuer == "CP" else "Công văn"
    names = _types().get(code)
    if not names:
        return None
    system = "party" if party else "state"
    fitting = [row.name for row in names if system in row.systems] or [
        row.name for row in names if party == ("party" in row.systems)
    ]
    return (fitting or [names[0].name])[0]


def _system(party: bool, year: int | None, type_code: str | None, issuers: list[str]) -> System:
    known = _issuers().get(issuers[0]) if issuers else None
    if known is not None and known.system == "mass":
        return "mass"
    if party:
        return "party"
    national = bool(issuers) and bool(_TERM.match(issuers[0]))
    return "legal" if national or type_code in _LEGAL_TYPES or (year and type_code != "CT") else "state"


def _contradicts(code: str, issuer: str) -> bool:
    """Whether the name is one of the three bodies of TW while the code is another's (`57-NQ/TU` của Bộ Chính trị)."""
    central = ("Bộ Chính trị", "Ban Bí thư", "Ban Chấp hành Trung ương")
    return code in ("TU", "BCĐ") and issuer.startswith(central)


@cache
def _types() -> dict[str, tuple[DocumentType, ...]]:
    grouped: dict[str, tuple[DocumentType, ...]] = {}
    for row in table("doc_types", DocumentType):
        if row.code:
            grouped[row.code] = (*grouped.get(row.code, ()), row)
    return grouped


@cache
def _issuers() -> dict[str, IssuerCode]:
    found: dict[str, IssuerCode] = {}
    for row in table("issuers", IssuerCode):
        found.setdefault(row.code, row)
    return found


@cache
def _spellings() -> dict[str, str]:
    """Every accepted spelling of a code, also without diacritics and in capitals, to the official one."""
    official = (*_types(), *_issuers())
    known = {code: code for code in official}
    for row in table("issuers", IssuerCode):
        for variant in row.variants:
            if _letters(variant) == _letters(row.code):  # other variants are other codes of the body, and stay
                known.setdefault(variant, row.code)
    for code in official:
        known.setdefault(code.upper(), code)
        known.setdefault(_plain(code), code)
    return known


def _letters(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", _plain(code))


def _plain(code: str) -> str:
    return code.upper().replace("Đ", "D").replace("Ư", "U")


class WorkId(msgspec.Struct, frozen=True):
    """The identity of a work: canonical symbol without zero padding, series owner, year of issue.

    `str(WorkId("TW", 2014, "34-CT/TW")) == "TW:2014:34-CT/TW"`; `WorkId.parse` is its exact inverse.
    """

    owner: str
    year: int
    symbol: str

    def __str__(self) -> str:
        return f"{self.owner}:{self.year}:{self.symbol}"

    @staticmethod
    def parse(text: str) -> WorkId:
        """The identity that `text` formats; ValueError where it is none."""
        owner, year, symbol = text.split(":", 2)
        return WorkId(owner, int(year), symbol)


def work_id(canonical: str, date: str | None, issuer: str | None, place: str | None) -> str | None:
    """The identifier of a document, or None where its owner's place or its year is unknown.

    `work_id("02/CT-UBND", "2022-02-09", "UBND tỉnh", "Bình Thuận") == "UBND.binh-thuan:2022:2/CT-UBND"`
    """
    symbol = read_symbol(canonical)
    if symbol is None or symbol.number is None or not symbol.issuers:
        return None
    year = symbol.year or (int(date[:4]) if date else None)
    owner = series_owner(symbol, issuer, place)
    return str(WorkId(owner, year, unpadded(symbol.canonical))) if year and owner else None


def series_owner(symbol: Symbol, issuer: str | None, place: str | None) -> str | None:
    """Whose number series a symbol belongs to: the first code, with its place where every place has that body."""
    if not symbol.issuers:
        return None
    code = _body(symbol.issuers[0])
    if term := _TERM.match(code):
        return str(term[1])
    if not is_per_place(code):
        return code
    where = locality(issuer or "", place)
    return f"{code}.{where}" if where else None


_LOCAL = re.compile(
    r"(?:[Xx]ã|[Pp]hường|[Tt]hị trấn|[Đđ]ặc khu|[Hh]uyện|[Qq]uận|[Tt]hị xã|[Tt]hành phố)(?: ủy)? "
    r"((?:[A-ZĐÀ-Ỹ][\w’']*\s?){1,5}|\d{1,2})"
)


def locality(issuer: str, place: str | None) -> str | None:
    """The place part of an owner: the province's slug, below it the commune's or district's where the name has one."""
    province = province_in(issuer) or (province_in(place) if place else None) or place
    if not province:
        return None
    local = next((m for m in _LOCAL.finditer(issuer) if not province_pattern().fullmatch(m[1].strip())), None)
    return slug(province) + (f".{slug(local[0])}" if local else "")


@cache
def _province_names() -> dict[str, str]:
    """Every spelling of a province, of the 63 and of the 34, to the name the table gives it."""
    names: dict[str, str] = {}
    for row in table("provinces", Province):
        names |= dict.fromkeys((row.name, *row.forms), row.name)
    return {row.successor: row.successor for row in table("provinces", Province)} | names


@cache
def province_pattern() -> re.Pattern[str]:
    """The name of a province or centrally governed city, as a whole word, in normal case or capitals."""
    spellings = (spelled for name in _province_names() for spelled in (name, name.upper()))
    names = alternation(spellings, blank=r"\s+")
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)")


def province_in(text: str) -> str | None:
    """The last province or centrally governed city that `text` names, as the table spells it."""
    found = province_pattern().findall(text)
    return _provinces_by_slug().get(slug(found[-1])) if found else None


def province_of(place: str | None, date: str | None) -> str | None:
    """The province of the place in a letterhead: itself, or the one whose seat it was, or is part of since a merger.

    `province_of("Phan Thiết", "2014-12-29") == "Bình Thuận"`; of a place that is neither, the place itself.
    """
    rows: tuple[Province, ...] = table("provinces", Province)
    for row in rows:
        if place in row.seats:
            return row.successor if row.effective and date and date >= row.effective else row.name
    return place


@cache
def _provinces_by_slug() -> dict[str, str]:
    return {slug(form): name for form, name in _province_names().items()}


def unpadded(canonical: str) -> str:
    """A canonical symbol as it is compared: `unpadded("02/KH-BNN&MT") == "2/KH-BNNMT"`."""
    return re.sub(r"^0+(?=\d)", "", canonical).replace("&", "")


def draft_id(sha256: str) -> str:
    """The identity of a draft: its file's, marked so that no citation is ever linked to it as to an issued document."""
    return f"draft:{sha256}"


def is_draft(identifier: str) -> bool:
    """Whether an identity is a draft's."""
    return identifier.startswith("draft:")


def source_id(sha256: str) -> str:
    """The identity of a document that prints no symbol: its source's hash."""
    return f"sha256:{sha256[:16]}"


def provisional_id(document: str, citation: int) -> str:
    """The identity of a cited document that is not known: tied to the citing place, never merged by key."""
    return f"?{document}/{citation}"


def unit_id(name: str, scope: str | None) -> str:
    """The identifier of a unit: its name, and the body within which a relative name ("Lãnh đạo Ban") holds.

    `unit_id("Lãnh đạo Ban", "ban-dan-van-tinh-uy-binh-thuan") == "unit:lanh-dao-ban@ban-dan-van-tinh-uy-binh-thuan"`
    """
    return f"unit:{slug(name)}" + (f"@{scope}" if scope else "")
