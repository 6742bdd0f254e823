"""Every table loads, keeps its own promises, and its rows match their examples and none of their counter-examples."""

from __future__ import annotations

import csv
import pkgutil
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from thidua_kg import mentions, vocab
from thidua_kg.identity import read_symbol
from thidua_kg.model import Relation, System
from thidua_kg.text import slug
from thidua_kg.vocab import (
    BodyChange,
    DocumentType,
    IssuerCode,
    KnownDocument,
    Law,
    Province,
    Row,
    UnitTerm,
    cells_of,
    table,
)

for module in pkgutil.iter_modules(mentions.__path__, "thidua_kg.mentions."):
    import_module(module.name)  # a finder may define the row type of its own table

SHARED = Path(__file__).resolve().parents[2] / "shared"
NAMES = sorted(p.name.removesuffix(".csv") for p in files("thidua_kg.vocab").iterdir() if p.name.endswith(".csv"))
SYSTEMS = {*get_args(System), "any"}
TYPES, ISSUERS = table("doc_types", DocumentType), table("issuers", IssuerCode)
PROVINCES, CHANGES = table("provinces", Province), table("org_changes", BodyChange)
REGISTRY, LAWS = table("registry", KnownDocument), table("laws", Law)
CODES = {row.code for row in ISSUERS}


@cache
def kind_of(name: str) -> type[Row]:
    """The row type of a table: the smallest whose fields hold all its columns and whose required fields are there."""
    columns = set(files("thidua_kg.vocab").joinpath(f"{name}.csv").read_text("utf-8").split("\n", 1)[0].split(","))
    fits = []
    for kind in Row.__subclasses__():
        fields = msgspec.structs.fields(kind)
        if columns <= {f.name for f in fields} and {f.name for f in fields if f.required} <= columns:
            fits.append(kind)
    assert fits, f"no row type has the columns of {name}.csv"
    return min(fits, key=lambda kind: len(msgspec.structs.fields(kind)))


def words_of(row: Row) -> tuple[str, ...]:
    """All that a row can be printed as, apart from its code."""
    names = (getattr(row, "name", ""), *getattr(row, "other_names", ()))
    return tuple(word for word in (*names, *getattr(row, "forms", ()), *getattr(row, "variants", ())) if word)


def pattern_of(row: Row) -> re.Pattern[str] | None:
    """What an example of the row must hold: its pattern, else its name, forms or code, as whole words."""
    if getattr(row, "pattern", ""):
        return re.compile(rf"(?<![^\W_])(?:{row.pattern})(?![^\W_])")  # type: ignore[attr-defined]
    words = [re.escape(word) for word in words_of(row)]
    if code := getattr(row, "code", ""):
        # a term, an ordinal or a decision's number may follow an issuer's code: QH15, KTĐ6, BCĐ389
        words.append(re.escape(code) + (r"\d{0,4}" if isinstance(row, IssuerCode) else ""))
    return re.compile(rf"(?<![\w&])(?:{'|'.join(words)})(?![\w&])") if words else None


def rows_with_evidence() -> list[tuple[str, Row]]:
    return [(name, row) for name in NAMES for row in table(name, kind_of(name)) if row.examples or row.counter_examples]


def is_day_or_part(value: str) -> bool:
    """Whether `value` is an ISO day, month or year of the calendar: `2025-02-03`, `2025-02`, `2025`."""
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_table_is_clean(name: str) -> None:
    rows = table(name, kind_of(name))
    assert rows
    assert [i for i, n in Counter(row.id for row in rows).items() if n > 1] == []
    text = files("thidua_kg.vocab").joinpath(f"{name}.csv").read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\ufeff" not in text
    for row in rows:
        assert row.id == row.id.strip() != ""
        for field in msgspec.structs.fields(type(row)):
            value = getattr(row, field.name)
            for cell in value if isinstance(value, tuple) else (value,):
                if isinstance(cell, str) and field.name != "pattern":
                    assert cell == " ".join(cell.split()), (row.id, field.name)
                    assert "Ð" not in cell, (row.id, field.name)  # the Icelandic letter that looks like Đ
            if isinstance(value, tuple):
                assert len(set(value)) == len(value), (row.id, field.name)


@pytest.mark.parametrize(("name", "row"), rows_with_evidence(), ids=lambda v: v if isinstance(v, str) else slug(v.id))
def test_examples_match_and_counter_examples_do_not(name: str, row: Row) -> None:
    pattern = pattern_of(row)
    assert pattern is not None, f"{name}: {row.id} has nothing that an example could hold"
    assert [text for text in row.examples if not pattern.search(text)] == []
    # words that names begin with or go on with are also parts of other words ("xã" of "xã hội"): there, no form is one whole
    holds = pattern.fullmatch if isinstance(row, UnitTerm) else pattern.search
    assert [text for text in row.counter_examples if holds(text)] == []


@pytest.mark.parametrize("rows", [TYPES, ISSUERS, PROVINCES], ids=["doc_types", "issuers", "provinces"])
def test_every_row_has_an_example_and_a_source(rows: tuple[Row, ...]) -> None:
    assert [row.id for row in rows if not row.examples or not row.source] == []


def test_types() -> None:
    assert [pair for pair, n in Counter((row.name, row.code) for row in TYPES).items() if n > 1] == []
    owners: dict[str, set[str]] = {}
    for row in TYPES:
        assert set(row.systems) <= set(get_args(System))
        for word in (row.name, *row.forms):
            owners.setdefault(word, set()).add(row.name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("code", "system", "name"),
    [
        ("QĐ", "party", "Quyết định"),
        ("QĐ", "state", "Quyết định"),
        ("TT", "party", "Thông tri"),
        ("TT", "legal", "Thông tư"),
        ("CTr", "party", "Chương trình"),
        ("KL", "party", "Kết luận"),
        ("CV", "party", "Công văn"),
        ("L", "legal", "Lệnh"),
    ],
)
def test_first_type_of_a_code_is_its_plain_reading(code: str, system: str, name: str) -> None:
    assert next(row.name for row in TYPES if row.code == code and system in row.systems) == name


def test_issuers() -> None:
    levels = {"central", "region", "province", "district", "commune", "grassroots", "any"}
    for row in ISSUERS:
        assert row.system in SYSTEMS, row.id
        assert set(row.level.split("/")) <= levels, row.id
        assert re.fullmatch(r"[A-ZĐƯ][A-ZĐƯTgh&V\d]*(?:-NV)?", row.code), row.id
        assert set(row.successors) | ({row.parent} - {""}) <= CODES, row.id
        assert row.code not in row.variants, row.id
        assert not set(row.variants) & CODES, row.id  # a variant that is a body's own code would name that body
        assert all(is_day_or_part(day) for day in (row.valid_from, row.valid_to) if day), row.id
        assert not (row.valid_from and row.valid_to) or row.valid_from <= row.valid_to, row.id
        assert not re.search(r"[/()…=]|\.\.", row.name), row.id
        if row.level == "central":
            assert not row.per_place, row.id


@pytest.mark.parametrize(
    "code", ["UBND", "HĐND", "TU", "BDVTU", "HU", "ĐU", "CB", "SNV", "SGDĐT", "MTTQ", "LĐLĐ", "CAT"]
)
def test_bodies_that_every_place_has(code: str) -> None:
    assert next(row for row in ISSUERS if row.code == code).per_place


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("TW", "Bộ Chính trị"),
        ("TW", "Ban Bí thư"),
        ("TTg", "Thủ tướng Chính phủ"),
        ("TTCP", "Thanh tra Chính phủ"),
        ("CT", "Cục Thuế"),
        ("CHQ", "Cục Hải quan"),
        ("BNNMT", "Bộ Nông nghiệp và Môi trường"),
        ("BTGDVTW", "Ban Tuyên giáo và Dân vận Trung ương"),
        ("MTTW", "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"),
    ],
)
def test_central_bodies(code: str, name: str) -> None:
    assert name in [row.name for row in ISSUERS if row.code == code and not row.per_place]


def test_provinces() -> None:
    assert len(PROVINCES) == 63
    assert len({row.successor for row in PROVINCES}) == 34
    by_name = {row.name: row for row in PROVINCES}
    owners = Counter(word for row in PROVINCES for word in {row.name, *row.forms})
    assert [word for word, n in owners.items() if n > 1] == []
    assert Counter(row.kind for row in PROVINCES) == {"tỉnh": 57, "thành phố": 6}
    for row in PROVINCES:
        assert by_name[row.successor].successor == row.successor, row.id
        assert row.effective in ("", "2025-07-01"), row.id
        assert row.effective or row.successor == row.name, row.id


def test_changes_of_bodies() -> None:
    sizes = {"day": 10, "month": 7, "year": 4}
    for row in CHANGES:
        assert len(row.date) == sizes[row.precision], row.id
        assert is_day_or_part(row.date), row.id
        assert row.old, row.id
        assert row.new, row.id
        written_as_code = {body for body in (*row.old, *row.new) if " " not in body and body != body.lower()}
        assert written_as_code <= CODES, row.id
    new = {row.new[0] for row in CHANGES if row.id.startswith("C14")}
    assert new == {f"{p.kind} {p.name}" for p in PROVINCES if p.effective and p.successor == p.name}


def test_registry() -> None:
    types, places = {row.name for row in TYPES}, {row.name for row in PROVINCES}
    ids = {row.id for row in REGISTRY}
    keys = Counter((row.canonical or row.title, row.issuer, row.place, row.date) for row in REGISTRY)
    assert [key for key, n in keys.items() if n > 1] == []
    for row in REGISTRY:
        assert row.type in types, row.id
        assert row.system in get_args(System), row.id
        assert row.place in places | {""}, row.id
        assert not row.date or is_day_or_part(row.date), row.id
        assert row.canonical or row.title, row.id
        assert row.id.split("@")[1:] == [part for part in (row.place, row.date) if part], row.id
        assert not row.canonical or row.id.split("@")[0] == row.canonical, row.id
        assert not set(row.aliases) & {row.canonical}, row.id
        assert not re.search(r"\bkhóa\b|\bUBND\b|\bTW\b|;", row.issuer), row.id
        for relation in row.relations:
            name, target = relation.split(" ", 1)
            assert name in get_args(Relation), row.id
            assert target != row.id, row.id
            known = [row.id for row in REGISTRY if row.canonical and row.canonical == target.split("@")[0]]
            assert target in ids or not known, (row.id, target)  # what the registry holds is named by its full id


@pytest.mark.parametrize("row", [row for row in REGISTRY if row.canonical], ids=lambda row: slug(row.id))
def test_registry_symbols_are_in_their_official_form(row: KnownDocument) -> None:
    symbol = read_symbol(row.canonical)
    assert symbol is not None
    assert (symbol.canonical, symbol.issues) == (row.canonical, ())


def named(name: str) -> set[str]:
    """The documents of the registry and the laws that a human name can mean."""
    found = {row.canonical or row.id for row in REGISTRY if slug(name) in map(slug, row.aliases)}
    base, _, year = name.partition(" năm ")
    laws = {law.symbol for law in LAWS if base in (law.name, *law.forms) and year in ("", law.year)}
    return found | laws


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("Chỉ thị 34", {"34-CT/TW"}),
        ("Chỉ thị 16", {"16/CT-TTg", "16/CT-UBND"}),
        ("Nghị quyết 18", {"18-NQ/TW"}),
        ("Nghị quyết Trung ương 4 khóa XII", {"04-NQ/TW"}),
        ("Nghị quyết Trung ương 4 khóa XI", {"12-NQ/TW"}),
        (
            "Nghị quyết Đại hội XIII của Đảng",
            {"Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng@2021-02-01"},
        ),
        ("Đề án 06", {"06/QĐ-TTg"}),
        ("Luật Thi đua, khen thưởng năm 2022", {"06/2022/QH15"}),
        ("Luật Thi đua - Khen thưởng năm 2003", {"15/2003/QH11"}),
        ("Luật Tổ chức chính quyền địa phương", {"77/2015/QH13", "65/2025/QH15", "72/2025/QH15"}),
    ],
)
def test_human_names(name: str, documents: set[str]) -> None:
    assert named(name) == documents


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the domain notes beside the project")
def test_the_domain_notes_names_are_answered() -> None:
    with (SHARED / "domain" / "symbol_examples.csv").open(encoding="utf-8", newline="") as lines:
        wanted = [row["raw"] for row in csv.DictReader(lines) if row["needs"] == "registry"]
    names = [raw for raw in wanted if not raw.startswith("Số:")]  # a draft's blank number names no document
    assert len(names) >= 8
    assert [name for name in names if not named(name)] == []


def test_laws() -> None:
    assert len({row.name for row in LAWS}) >= 250
    keys = Counter((row.name, row.symbol or row.date or row.year) for row in LAWS)
    assert [key for key, n in keys.items() if n > 1] == []
    symbols = Counter(row.symbol for row in LAWS if row.symbol)
    assert [symbol for symbol, n in symbols.items() if n > 1] == []
    for row in LAWS:
        assert row.name.startswith(row.kind + " "), row.id
        assert re.fullmatch(r"\d{4}", row.year), row.id
        assert not row.date or (is_day_or_part(row.date) and row.date.startswith(row.year)), row.id
        assert re.fullmatch(rf"\d+/{row.year}/(?:PL-)?(?:UBTV)?QH\d{{1,2}}|\d+-L/CTN|", row.symbol), row.id
        assert not re.search(r" (?:năm|ngày|số) \d", row.name) or "/QH" in row.name, row.id
        assert row.name not in row.forms, row.id


def test_cells() -> None:
    assert cells_of("TƯ | T.Ư") == ("TƯ", "T.Ư")
    assert cells_of("") == cells_of(" | ") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name,systems,colour\nx,X,state,red\n", "line 1: DocumentType has no colour"),
        ("id,name,systems\nx,X,state\ny,Y\n", "line 3: 3 cells expected"),
        ("id,name,systems\nx,X,state,more\n", "line 2: 3 cells expected"),
        ("id,name,systems\nx,,state\n", "line 2: Object missing required field `name`"),
    ],
)
def test_a_wrong_table_says_where(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(vocab, "files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match=re.escape(f"vocab/broken.csv {said}")):
        table.__wrapped__("broken", DocumentType)
