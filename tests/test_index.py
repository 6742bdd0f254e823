"""Both engines keep the protocol, find the same documents, and find those that `matches` says."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua_kg.analyzer import bare, choose_areas, matches, parse_query, tokens
from thidua_kg.analyzer.tree import Query
from thidua_kg.errors import InvalidQuery, KnowledgeBaseError
from thidua_kg.index import ENGINES, FACETS, IndexRecord, SearchEngine, open_engine
from thidua_kg.index.fields import texts_of

# Words that collide in their bare forms, that differ only in where the tone stands, that are close in spelling.
WORDS = [
    *("công", "cộng", "cong", "cống", "an", "án", "ăn", "toàn", "toan", "hoà", "hòa", "hoa", "bình", "binh"),
    *("thuỷ", "thủy", "đua", "dua", "đưa", "thi", "thị", "khen", "thưởng", "thuong", "thương", "trường"),
    *("xã", "hội", "2", "02", "2022", "66.7", "kế", "hoạch", "UBND", "TW"),
]
SYMBOLS = ["34-CT/TW", "34/CT-TW", "385/KH-UBND", "02/2022/NĐ-CP", "2/2022/ND-CP", "15/QĐ-UBND", "35/CP"]
TYPES = ("Kế hoạch", "Chỉ thị", "Công văn")
UNITS = ("Sở Nội vụ", "Sở Y tế", "Công an tỉnh", "Hội Nông dân", "Tỉnh đoàn")
COLLECTIONS = ("Cổng", "cong", "Hồ sơ; mật")
ISSUERS = ("Ủy ban nhân dân tỉnh", "Ban Dân vận", "")


def generated(number: int, seed: int) -> list[IndexRecord]:
    chance = random.Random(seed)

    def words(most: int) -> str:
        return " ".join(
            chance.choice(WORDS if chance.random() < 0.95 else SYMBOLS) for _ in range(chance.randint(0, most))
        )

    def record(i: int) -> IndexRecord:
        year = chance.choice(("", "2021", "2022", "2023"))
        return IndexRecord(
            id=f"d{i:03}",
            title=words(5),
            body=words(25),
            tasks=words(6),
            symbol=chance.choice(("", *SYMBOLS)),
            cited=tuple(chance.sample(SYMBOLS, chance.randint(0, 2))),
            collections=tuple(chance.sample(COLLECTIONS, chance.randint(1, 2))),
            issuer=chance.choice(ISSUERS),
            units=tuple(chance.sample(UNITS, chance.randint(0, 3))),
            type=chance.choice(TYPES),
            system="state",
            date=f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" if year else "",
            year=year,
        )

    return [record(i) for i in range(number)]


DOCUMENTS = generated(60, seed=1)
DOCUMENT_TOKENS = {
    record.id: {area: [tokens(text) for text in texts] for area, texts in texts_of(record).items()}
    for record in DOCUMENTS
}


def filled(engine: str, path: Path, records: list[IndexRecord] = DOCUMENTS) -> SearchEngine:
    index = open_engine(engine, path, write=True)
    for start in range(0, len(records), 25):  # several commits, hence several segments
        index.put(records[start : start + 25])
        index.commit(start)
    return index


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    opened = {name: filled(name, tmp_path_factory.mktemp("index") / name) for name in ENGINES}
    yield opened
    for index in opened.values():
        index.close()


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def index(engine, engines):
    return engines[engine]


def found(index: SearchEngine, query: str | Query, **options: object) -> list[str]:
    return [hit.id for hit in index.search(query, limit=1000, **options).hits]


def one_by_one(engine: str, path: Path, **texts: str) -> SearchEngine:
    return filled(engine, path, [IndexRecord(id=id_, body=body) for id_, body in texts.items()])


# --- what is found

single = st.sampled_from([*WORDS, *SYMBOLS, "2021-2023", "vắng"])
leaf = st.one_of(
    single,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from([word for word in WORDS if "." not in word]).map(lambda word: f"{word[:3]}*"),
    st.tuples(st.sampled_from(["thuogn", "cong", "hoạh", "trườn", "202"]), st.sampled_from(["~", "~1", "~2"])).map(
        "".join
    ),
    st.just("*"),
)
fielded = st.tuples(
    st.sampled_from(["title", "task", "body", "symbol", "issuer", "unit", "type"]),
    st.one_of(single, st.just('"kế hoạch"'), st.just("sở"), st.just("(cong OR ban)")),
).map(":".join)
queries = st.recursive(
    st.one_of(leaf, fielded),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " -", " NOT "]), inner).map(
            lambda p: f"({''.join(p)})"
        ),
        inner.map(lambda query: f"NOT {query}"),
    ),
    max_leaves=6,
)
sentences = st.lists(single, min_size=4, max_size=10).map(" ".join)
RUNS = sorted({
    " ".join(words[start : start + length])
    for words in (text.split() for record in DOCUMENTS for text in (record.body, record.title))
    for length in range(2, 7)
    for start in range(len(words) - length + 1)
})  # fmt: skip
runs = st.sampled_from(RUNS).map('"{}"'.format)
chosen_fields = st.lists(st.sampled_from(["title", "task", "symbol", "issuer", "type", "body"]), max_size=2)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.one_of(queries, sentences, runs), fields=chosen_fields)
def test_every_engine_finds_what_the_definition_says(engines, query, fields):
    tree = parse_query(query)
    areas = choose_areas(tuple(fields))
    expected = {id_ for id_, document in DOCUMENT_TOKENS.items() if matches(tree, document, areas)}
    for name, index in engines.items():
        result = index.search(tree, fields=fields, limit=1000, facets=FACETS)
        if expected or not result.relaxed:
            assert ({hit.id for hit in result.hits}, result.total) == (expected, len(expected)), name


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.sampled_from(["*", "cong", "kế hoạch", "công OR an"]),
    types=st.lists(st.sampled_from([*TYPES, "ke hoach", "KẾ HOẠCH", "khác"]), max_size=2),
    units=st.lists(st.sampled_from([*UNITS, "so y te", "Sở"]), max_size=2),
    issuers=st.lists(st.sampled_from([*ISSUERS[:2], "Uỷ ban nhân dân Tỉnh"]), max_size=1),
    date_from=st.sampled_from([None, "2021", "2022-03", "2022-06-15"]),
    date_to=st.sampled_from([None, "2022", "2022-03", "2023-01-31"]),
    collections=st.lists(st.sampled_from([*COLLECTIONS, "không có"]), max_size=2),
)
def test_filters_keep_what_has_one_of_the_values_each(engines, query, **filters):
    def bare_words(text):
        return [word.bare for word in tokens(text)]

    def kept(record):
        values = {"types": (record.type,), "units": record.units, "issuers": (record.issuer,)}
        low, high = filters["date_from"], filters["date_to"]
        inside = not filters["collections"] or set(filters["collections"]) & set(record.collections)
        return (
            bool(inside)
            and all(
                not filters[name] or any(bare_words(w) == bare_words(h) for w in filters[name] for h in held)
                for name, held in values.items()
            )
            and (not (low or high) or (bool(record.date) and (low or "") <= record.date <= f"{high or ''}~"))
        )

    tree = parse_query(query)
    expected = {record.id for record in DOCUMENTS if kept(record) and matches(tree, DOCUMENT_TOKENS[record.id])}
    for name, index in engines.items():
        result = index.search(query, limit=1000, **filters)
        assert expected == set() if result.relaxed else {hit.id for hit in result.hits} == expected, name


@pytest.mark.parametrize("length", [2, 3, 4, 5, 6])
def test_a_phrase_is_not_its_pairs_in_other_places(engine, tmp_path, length):
    words = ["một", "hai", "ba", "bốn", "năm", "sáu"][:length]
    apart = " xa ".join(" ".join(pair) for pair in pairwise(words))
    late = f"{' '.join(words[:-1])} xa {' '.join(words[-2:])}"
    texts = {"đúng": f"xa {' '.join(words)} xa", "rời": apart, "cuối": late, "ngược": " ".join(reversed(words))}
    with closing(one_by_one(engine, tmp_path / "index", **texts)) as index:
        expected = {"đúng"} if length > 2 else {"đúng", "rời", "cuối"}
        for query in (f'"{" ".join(words)}"', f'"{bare(" ".join(words))}"'):
            assert set(found(index, query)) == expected, query


def test_a_year_that_no_word_says_is_no_word_of_the_text(engine, tmp_path):
    with closing(filled(engine, tmp_path / "index", [IndexRecord(id="a", year="2022", body="thi đua")])) as index:
        assert not found(index, "2022")


def test_facets_count_all_matches_not_the_page(index):
    result = index.search("*", limit=1, facets=("type", "unit", "year", "issuer", "system"))
    expected = {
        "type": Counter(record.type for record in DOCUMENTS),
        "unit": Counter(unit for record in DOCUMENTS for unit in record.units),
        "year": Counter(record.year for record in DOCUMENTS if record.year),
        "issuer": Counter(record.issuer for record in DOCUMENTS if record.issuer),
        "system": Counter({"state": 60}),
    }
    assert {name: dict(counts) for name, counts in result.facets.items()} == expected
    for counts in result.facets.values():
        assert list(counts) == sorted(counts, key=lambda item: (-item[1], item[0]))


def test_facets_of_what_is_filtered(index):
    assert dict(index.search("*", types=["Kế hoạch"], facets=("type",)).facets["type"]).keys() == {"Kế hoạch"}


# --- ranking


@pytest.mark.parametrize("query", ["*", "công", "kế hoạch", "thi*", 'type:"kế hoạch"', "cong OR an", "-công"])
@pytest.mark.parametrize("size", [1, 7, 60])
def test_pages_join_to_the_whole_answer(index, query, size):
    whole = index.search(query, limit=1000).hits
    pages = [index.search(query, limit=size, offset=start).hits for start in range(0, 70, size)]
    assert tuple(hit for page in pages for hit in page) == whole
    assert list(whole) == sorted(whole, key=lambda hit: (-hit.score, hit.id))


def test_equal_documents_come_in_the_order_of_their_ids_whatever_the_order_of_adding(engine, tmp_path):
    ids = [f"x{i}" for i in range(30)]
    for seed in (1, 2):
        shuffled = random.Random(seed).sample(ids, len(ids))
        with closing(one_by_one(engine, tmp_path / str(seed), **dict.fromkeys(shuffled, "thi đua"))) as index:
            assert found(index, "đua") == sorted(ids)
            assert found(index, "*") == sorted(ids)


def test_many_equals_are_paged_like_few(tmp_path):
    ids = [f"x{i:04}" for i in range(2500)]
    texts = dict.fromkeys(random.Random(3).sample(ids, len(ids)), "thi đua")
    with closing(one_by_one("tantivy", tmp_path / "index", **texts)) as index:
        assert [hit.id for hit in index.search("đua", limit=5, offset=2000).hits] == ids[2000:2005]
        assert [hit.id for hit in index.search("*", limit=5, offset=2498).hits] == ids[2498:]


RANKED = """
thi đua         | đủ dấu: phong trào thi đua | không dấu: phong trao thi dua | dấu khác: thị đưa
"thi đua"       | đủ dấu: phong trào thi đua | không dấu: phong trao thi dua
công an         | liền: công an tỉnh họp     | rời: công việc bình an tỉnh
cong an         | liền: công an tỉnh họp     | rời: công việc bình an tỉnh
34-CT/TW        | trong: Chỉ thị số 34-CT/TW
34/CT-TW        | trong: Chỉ thị số 34-CT/TW
"""


@pytest.mark.parametrize("case", RANKED.strip().splitlines())
def test_what_is_nearer_to_the_query_comes_first(engine, tmp_path, case):
    query, *texts = (part.strip() for part in case.split("|"))
    bodies = dict(text.split(": ") for text in texts)
    with closing(one_by_one(engine, tmp_path / "index", **bodies, **{"xa": "nội dung khác hẳn"})) as index:
        assert found(index, query) == list(bodies)


def test_a_symbol_finds_its_document_above_those_that_cite_it(engine, tmp_path):
    citing = "Căn cứ Chỉ thị số 34-CT/TW, thực hiện Chỉ thị số 34-CT/TW. " * 5
    records = [
        IndexRecord(id="viện dẫn", title="Thực hiện Chỉ thị số 34-CT/TW", body=citing, cited=("34-CT/TW",)),
        IndexRecord(id="chính nó", title="Về thi đua", body="Chỉ thị về thi đua. " * 40, symbol="34-CT/TW"),
        IndexRecord(id="sửa", body="Chỉ thị", cited=("34-CT/TW",)),
    ]
    with closing(filled(engine, tmp_path / "index", records)) as index:
        for query in ("34-CT/TW", "34/CT-TW", "34 - CT/TW", "34-ct/tw", "034-CT/TW"):
            assert found(index, query) == ["chính nó", "viện dẫn", "sửa"], query
        assert found(index, "symbol:34-CT/TW") == ["chính nó"]
        assert found(index, parse_query("34-CT/TƯ", canonical=lambda _: "34-CT/TW"))[0] == "chính nó"


def test_type_and_number_find_their_document_above_those_that_name_it(engine, tmp_path):
    others = [IndexRecord(id=f"khác {i}", body="Chỉ thị khác", symbol=f"{i}-CT/TW", type="Chỉ thị") for i in range(9)]
    records = [
        IndexRecord(id="nhắc đến", body="Thực hiện Chỉ thị 34, Chỉ thị số 34-CT/TW. " * 5, type="Kế hoạch"),
        IndexRecord(id="chính nó", body="Chỉ thị về thi đua. " * 40, symbol="34-CT/TW", type="Chỉ thị"),
        *others,
    ]
    with closing(filled(engine, tmp_path / "index", records)) as index:
        assert found(index, "Chỉ thị 34") == ["chính nó", "nhắc đến"]


def test_a_title_weighs_more_than_tasks_and_tasks_more_than_text(engine, tmp_path):
    filler = "nội dung chung của văn bản này"
    records = [
        IndexRecord(id="text", title="khác", tasks="khác", body=f"{filler} dân vận"),
        IndexRecord(id="tasks", title="khác", tasks="dân vận", body=f"{filler} dân vận"),
        IndexRecord(id="title", title="dân vận", tasks="khác", body=f"{filler} dân vận"),
    ]
    with closing(filled(engine, tmp_path / "index", records)) as index:
        assert found(index, "dân vận") == ["title", "tasks", "text"]


def test_only_what_nothing_matches_is_relaxed(index):
    strict = index.search("công an", limit=1000)
    loose = index.search("công vắngmặt -an", limit=1000)
    assert (strict.relaxed, loose.relaxed) == (False, True)
    assert {hit.id for hit in loose.hits} == set(found(index, "công -an"))
    assert not index.search("công AND vắngmặt").hits
    assert not index.search("vắngmặt nữađâu").relaxed


# --- storage


def test_an_index_is_there_after_closing_with_its_last_change(engine, tmp_path):
    with closing(one_by_one(engine, tmp_path / "kho" / "index", a="thi đua", b="khen thưởng")) as index:
        index.commit(41)
    with closing(open_engine(engine, tmp_path / "kho" / "index")) as index:
        assert (index.last_change(), index.count(), found(index, '"khen thưởng"')) == (41, 2, ["b"])
        with pytest.raises(KnowledgeBaseError):
            index.put([IndexRecord(id="c")])


def test_what_was_not_committed_is_neither_seen_nor_kept(engine, tmp_path):
    index = one_by_one(engine, tmp_path / "index", a="thi đua")
    index.put([IndexRecord(id="b", body="thi đua")])
    index.remove(["a"])
    assert found(index, "đua") == ["a"]
    index.close()
    with closing(open_engine(engine, tmp_path / "index", write=True)) as index:
        assert (index.count(), found(index, "đua")) == (1, ["a"])


def test_putting_again_replaces_and_removing_takes_away(engine, tmp_path):
    with closing(one_by_one(engine, tmp_path / "index", a="thi đua", b="thi đua")) as index:
        index.put([IndexRecord(id="a", body="mới"), IndexRecord(id="a", body="mới hơn")])
        index.remove(["b", "không có"])
        index.put([IndexRecord(id="c", body="thêm")])
        index.remove(["c"])
        index.commit(2)
        assert (index.count(), found(index, "*"), found(index, "hơn"), found(index, "đua")) == (1, ["a"], ["a"], [])


def test_a_reader_sees_what_a_writer_commits(engine, tmp_path):
    with (
        closing(one_by_one(engine, tmp_path / "index", a="thi đua")) as writer,
        closing(open_engine(engine, tmp_path / "index")) as reader,
    ):
        assert found(reader, "đua") == ["a"]
        writer.put([IndexRecord(id="b", body="thi đua")])
        writer.commit(9)
        assert (found(reader, "đua"), reader.last_change(), reader.count()) == (["a", "b"], 9, 2)


def test_the_same_records_in_another_order_answer_the_same(engine, engines, tmp_path):
    shuffled = random.Random(7).sample(DOCUMENTS, len(DOCUMENTS))
    with closing(filled(engine, tmp_path / "index", shuffled)) as index:
        for query in ("công an", "thưởng", "34-CT/TW", "hoà bình OR kế hoạch"):
            assert index.search(query, limit=1000).hits == engines[engine].search(query, limit=1000).hits


def test_a_missing_index_says_what_to_do(engine, tmp_path):
    with pytest.raises(KnowledgeBaseError, match="thidua rebuild"):
        open_engine(engine, tmp_path / "không có")


def test_a_folder_of_something_else_is_left_alone(engine, tmp_path):
    (tmp_path / "tệp.txt").write_text("của người dùng", encoding="utf-8")
    with pytest.raises(KnowledgeBaseError, match="thidua rebuild"):
        open_engine(engine, tmp_path, write=True)
    assert [path.name for path in tmp_path.iterdir()] == ["tệp.txt"]


def test_an_index_of_another_engine_or_form_is_refused(engine, tmp_path):
    one_by_one(engine, tmp_path / "index", a="thi đua").close()
    other = next(name for name in ENGINES if name != engine)
    with pytest.raises(KnowledgeBaseError, match="thidua rebuild"):
        open_engine(other, tmp_path / "index")
    state = tmp_path / "index" / "state.json"
    state.write_text(state.read_text("utf-8").replace('"schema":', '"schema":9'), "utf-8")
    with pytest.raises(KnowledgeBaseError, match="thidua rebuild"):
        open_engine(engine, tmp_path / "index")


@pytest.mark.parametrize("harm", ["delete", "empty", "halve"])
def test_a_damaged_index_never_shows_the_engines_own_error(engine, tmp_path, harm):
    one_by_one(engine, tmp_path / "whole", a="thi đua", b="khen thưởng").close()
    refused = 0
    for number, file in enumerate(sorted((tmp_path / "whole").iterdir())):
        harmed = shutil.copytree(tmp_path / "whole", tmp_path / str(number)) / file.name
        content = file.read_bytes()
        harmed.write_bytes(content[: len(content) // 2] if harm == "halve" else b"")
        if harm == "delete":
            harmed.unlink()
        try:
            with closing(open_engine(engine, harmed.parent)) as index:
                index.search("thi đua OR khen*", facets=FACETS)
        except KnowledgeBaseError as error:
            refused += "thidua rebuild" in error.remedy
    assert refused >= 2


def test_a_closed_index_lets_its_folder_go(engine, tmp_path):
    index = one_by_one(engine, tmp_path / "index", a="thi đua")
    assert found(index, "đua") == ["a"]
    index.close()
    with closing(one_by_one(engine, tmp_path / "index", b="thi đua")) as again:
        assert found(again, "đua") == ["a", "b"]


def test_two_writers_do_not_write_at_once(tmp_path):
    writer = one_by_one("tantivy", tmp_path / "index", a="thi đua")
    with closing(writer), pytest.raises(KnowledgeBaseError, match="tiến trình khác"):
        open_engine("tantivy", tmp_path / "index", write=True)


def test_an_unknown_engine_is_named(tmp_path):
    with pytest.raises(KnowledgeBaseError, match="tantivy"):
        open_engine("khác", tmp_path)


# --- hostile input

HOSTILE = [
    "\x00\x01\x02 thi \x7f đua",
    "thi\ud800 đua",
    "thi " * 10_000,
    "(" * 500 + "thi" + ")" * 500,
    "-" * 1900 + "thi",
    "NOT " * 400 + "thi",
    "*thi",
    "t*i",
    "a* " * 300,
    "a~2 " * 15,
    '"' + "thi " * 255 + '"',
    " OR ".join(f"w{i}" for i in range(200)),
    " ".join(f"-w{i}" for i in range(200)),
    "x" * 2000,
    "{!func}field^99 /regex/ [a TO z] \\ ^ + && ||",
    "title:title:title:a",
    "34-CT/TW" * 100,
    " ".join(f"w{i}" for i in range(10_000)),
    "(" * 19 + "thi" + ")" * 19,
    "thi (" * 15 + "đua" + ")" * 15,
    " ".join(f"{letter}*" for letter in "abcdefghiklmnopq"),
    " ".join(f"{word}~2" for word in ("thi", "dua", "khen", "cong", "an", "hoa", "binh", "toan") * 2),
    "a~2 " + "x" * 1500 + "~2",
    "?*",
    "**",
    "~",
    "~~2",
    "thi~99999999999999999999",
    "title:*",
    "1" * 1999,
    "1.1" * 600,
    "\u0301" * 1500 + "a",
    "\u202e\u200b\ufeff thi \u2028 đua",
    "34 CT " * 300,
    "thi đua " * 120,
    "9" * 6 + "/2025" * 350,
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_answered_or_refused(index, query):
    try:
        assert index.search(query, limit=5).total <= len(DOCUMENTS)
    except InvalidQuery as error:
        assert error.why.startswith("ở vị trí")  # noqa: PT017  # both outcomes are right


BOUNDED = """
import resource, sys
from pathlib import Path
from thidua_kg.analyzer import parse_query, snippet
from thidua_kg.answers.search import canonical
from thidua_kg.answers.suggest import suggestion
from thidua_kg.errors import InvalidQuery
from thidua_kg.index import IndexRecord, open_engine
from tests.test_index import HOSTILE

index = open_engine(sys.argv[1], Path(sys.argv[2]), write=True)
index.put(IndexRecord(id=str(n), body=" ".join(f"t{n}x{i} thi w{i % 97}" for i in range(250))) for n in range(40))
index.commit(1)  # 10,000 different words
body = "thi đua " * 20_000 + "x" * 100_000
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for query in HOSTILE:
    try:
        tree = parse_query(query, canonical)
        index.search(tree, limit=5, facets=("type",))
        suggestion(index, query, tree)
        snippet(body, tree)
    except InvalidQuery:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory is read through Unix's getrusage")
def test_hostile_queries_end_in_bounded_memory(engine, tmp_path):
    """Five minutes are the limit for all of them together on any machine; tantivy takes seconds."""
    root = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", BOUNDED, engine, str(tmp_path / "index")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=root)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 300  # megabytes


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-5, -5), (10**9, 10**9), (5, 59), (5, 60), (1000, 0)])
def test_any_page_can_be_asked_for(index, limit, offset):
    result = index.search("*", limit=limit, offset=offset)
    assert result.total == 60
    assert len(result.hits) == max(0, min(max(0, limit), 60 - max(0, offset)))


@pytest.mark.parametrize("wrong", [{"date_from": "hôm qua"}, {"date_to": "2022-1-1"}, {"fields": ["không"]}])
def test_wrong_arguments_are_refused(index, wrong):
    with pytest.raises(InvalidQuery):
        index.search("thi", **wrong)


HOSTILE_FILTERS = {
    "long": ({"types": ["x" * 100_000]}, 0),
    "many": (
        {"units": ["Sở Nội vụ", *map(str, range(5000))]},
        sum("Sở Nội vụ" in record.units for record in DOCUMENTS),
    ),
    "without a word": ({"issuers": ["\x00", "\ud800"]}, sum(not record.issuer for record in DOCUMENTS)),
    "collections": ({"collections": ["\ud800", "", "x" * 100_000, *map(str, range(5000))]}, 0),
    "backwards": ({"date_from": "9999", "date_to": "0000"}, 0),
}


@pytest.mark.parametrize(("hostile", "expected"), HOSTILE_FILTERS.values(), ids=HOSTILE_FILTERS)
def test_hostile_filters_are_answered(index, hostile, expected):
    assert index.search("*", **hostile, facets=FACETS).total == expected


def test_hostile_documents_are_indexed(engine, tmp_path):
    bodies = {
        "a": "\x00\ud800 thi | đua " + "x" * 100_000,
        "b": "9" * 100_000,
        "c": "",
        "d": "\u0301\u0302 a\u0323\u0302",
    }
    records = [IndexRecord(id=id_, body=body, issuer=body[:50], units=(body[:9],)) for id_, body in bodies.items()]
    with closing(filled(engine, tmp_path / "index", records)) as index:
        assert found(index, "đua") == ["a"]
        assert found(index, "ậ") == ["d"]
        assert index.search("*", facets=FACETS).total == 4


def test_no_engine_is_imported_before_it_is_opened():
    code = "import sys, thidua_kg.index; print(sorted({'tantivy', 'whoosh', 'underthesea'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
