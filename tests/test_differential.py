"""tantivy and Whoosh find the same documents for generated queries over real words: the sample corpus, all of the grammar."""

from __future__ import annotations

import random

import pytest

from thidua_kg.analyzer import choose_areas, matches, parse_query, relax, terms, tokens
from thidua_kg.answers.search import canonical
from thidua_kg.errors import InvalidQuery
from thidua_kg.index import ENGINES, FACETS, open_engine, record_of
from thidua_kg.index.fields import texts_of
from thidua_kg.pipeline import parse

QUERIES = 400
FIELDS = ("title", "body", "task", "symbol", "issuer", "unit", "type")


@pytest.fixture(scope="module")
def records(corpus):
    paths = [path for path in corpus.iterdir() if path.suffix in (".txt", ".md") and path.name != "README.md"]
    return [record_of(path.name, parse(path)) for path in sorted(paths)]


@pytest.fixture(scope="module")
def engines(records, tmp_path_factory):
    opened = {name: open_engine(name, tmp_path_factory.mktemp(name) / "index", write=True) for name in ENGINES}
    for index in opened.values():
        for start in range(0, len(records), 15):
            index.put(records[start : start + 15])
            index.commit(start)
    yield opened
    for index in opened.values():
        index.close()


class Maker:
    """Queries of every kind of the grammar, in words and symbols that the documents have, and some that none has."""

    def __init__(self, records, seed):
        self.chance = random.Random(seed)
        texts = [terms(text) for record in records for text in (record.title, record.tasks, record.body)]
        forms = [(text.bare.split(), text.folded.split()) for text in texts]
        self.texts = [(bare, folded) for bare, folded in forms if len(folded) > 12]
        self.symbols = sorted({symbol for record in records for symbol in (record.symbol, *record.cited) if symbol})

    def words(self, most):
        bare, folded = self.chance.choice(self.texts)
        form = bare if self.chance.random() < 0.4 else folded
        start, length = self.chance.randrange(len(form) - most), self.chance.randint(1, most)
        found = form[start : start + length]
        if self.chance.random() < 0.1:
            found[0] = "vắngmặt"
        return [word for word in found if word.isalnum()] or ["thi"]

    def leaf(self):
        kind = self.chance.choice(
            ("word", "words", "phrase", "field", "prefix", "fuzzy", "symbol", "loose", "date", "all")
        )
        first = self.words(1)[0]
        match kind:
            case "word":
                return first
            case "words":
                return f"({' '.join(self.words(7))})"
            case "phrase":
                return f'"{" ".join(self.words(4))}"'
            case "field":
                return f"{self.chance.choice(FIELDS)}:{self.leaf()}"
            case "prefix":
                return f"{first[: self.chance.randint(1, 4)]}*"
            case "fuzzy":
                return f"{first}~{self.chance.randint(1, 2)}"
            case "symbol":
                return self.chance.choice(self.symbols)
            case "loose":
                return (
                    self.chance.choice(self.symbols).replace("-", "/").replace("/", self.chance.choice(("", "-", "/")))
                )
            case "date":
                return f"{self.chance.randint(1, 12)}/{self.chance.randint(2019, 2026)}"
        return "*"

    def query(self, depth=2):
        if not depth or self.chance.random() < 0.3:
            return self.leaf()
        parts = [self.query(depth - 1) for _ in range(self.chance.randint(1, 4))]
        joined = self.chance.choice((" ", " ", " AND ", " OR ", " -")).join(parts)
        return f"({joined})" if self.chance.random() < 0.5 else joined

    def filters(self, records):
        some = self.chance.choice(records)
        chosen = {
            "types": [some.type],
            "issuers": [some.issuer],
            "units": list(some.units[:1]),
            "date_from": self.chance.choice(("2014", "2021-09", some.date or None)),
            "date_to": self.chance.choice(("2022", "2025-06-30")),
            "fields": self.chance.sample(FIELDS, 2),
        }
        return {name: value for name, value in chosen.items() if value and self.chance.random() < 0.12}


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_find_the_same_documents(engines, records, seed):
    maker = Maker(records, seed)
    held = {r.id: {area: [tokens(text) for text in texts] for area, texts in texts_of(r).items()} for r in records}
    answered = some = 0
    while answered < QUERIES // 4:
        query, filters = maker.query(), maker.filters(records)
        try:
            tree = parse_query(query, canonical)
        except InvalidQuery:
            continue
        answered += 1
        found = {name: index.search(tree, limit=1000, facets=FACETS, **filters) for name, index in engines.items()}
        one, two = found.values()
        assert {hit.id for hit in one.hits} == {hit.id for hit in two.hits}, (query, filters)
        assert (one.total, one.relaxed, one.facets) == (two.total, two.relaxed, two.facets), (query, filters)
        some += 0 < one.total < len(records)
        if not filters or set(filters) == {"fields"}:
            asked = relax(tree) if one.relaxed else tree
            areas = choose_areas(tuple(filters.get("fields", ())))
            assert {hit.id for hit in one.hits} == {
                id_ for id_, texts in held.items() if matches(asked, texts, areas)
            }, query
    assert some > answered // 4  # else the queries would show nothing


@pytest.mark.parametrize("seed", range(2))
def test_pages_are_stable(engines, records, seed):
    maker = Maker(records, 100 + seed)
    for query in (maker.leaf() for _ in range(15)):
        try:
            tree = parse_query(query, canonical)
        except InvalidQuery:
            continue
        for index in engines.values():
            whole = index.search(tree, limit=1000).hits
            assert list(whole) == sorted(whole, key=lambda hit: (-hit.score, hit.id))
            pages = [index.search(tree, limit=4, offset=start).hits for start in range(0, len(whole), 4)]
            assert tuple(hit for page in pages for hit in page) == whole, query
