"""Judgements lie over the parse and stay on their passages: through other rules, files saved anew, rebuilds and new numbers."""

from __future__ import annotations

import json
import random
import shutil
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thidua_kg
from tests.resaving import GONE, WAYS, as_read, passages, saved, tried
from tests.test_cli import lines, thidua
from thidua_kg.answers.records import DocumentReference
from thidua_kg.errors import AmbiguousName, InvalidQuery, UnknownName
from thidua_kg.graph import id_of
from thidua_kg.judgements.anchors import Place, key_of, locate, quote_of
from thidua_kg.judgements.approximate import distance, near
from thidua_kg.judgements.log import note
from thidua_kg.judgements.overlay import Placed
from thidua_kg.judgements.records import Judgement, decode_line, encode_line, undone
from thidua_kg.keeping.documents import relink
from thidua_kg.knowledge_base import KnowledgeBase
from thidua_kg.model import Citation, Document, Task
from thidua_kg.pipeline import parse

PLAN = "bdvtu-2022-ke-hoach-thi-dua.md"
DIRECTIVE = "34/CT-TW"


@pytest.fixture(scope="module")
def documents(corpus: Path) -> list[Document]:
    files = [p for p in sorted(corpus.iterdir()) if p.suffix in (".txt", ".md") and p.name != "README.md"]
    return [parse(path) for path in files]


@pytest.fixture
def files(corpus: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "van-ban"
    folder.mkdir()
    for name in ("tw-2014-chi-thi-34.txt", "bdvtu-2022-ke-hoach-43.txt", PLAN):
        shutil.copy(corpus / name, folder)
    return folder


# --- the place of a quote


@pytest.mark.parametrize("way", WAYS)
def test_a_quote_finds_its_passage_or_none(documents: list[Document], way: str) -> None:
    """Every passage of the corpus under every way of saving: never a wrong place, and what only changed its looks is found."""
    rng = random.Random(3)
    picked = rng.sample([(i, s) for i, d in enumerate(documents) for s in passages(d)], 200)
    right = wrong = 0
    for index in sorted({i for i, _ in picked}):
        found = tried(documents[index], way, [s for i, s in picked if i == index])
        right += found.right
        wrong += found.wrong
    assert wrong == 0
    if way not in (*GONE, "words on both sides edited"):
        assert right >= 190


@pytest.mark.parametrize("form", ["NFD", "CRLF"])
def test_the_form_of_a_file_moves_nothing(documents: list[Document], form: str) -> None:
    for document in documents[:12]:
        key = key_of(as_read(document.text, form))
        for span in passages(document):
            place = locate(key, quote_of(document.text, span))
            assert isinstance(place, Place)
            assert abs(place.span[0] - span[0]) <= 4


def test_a_quote_of_the_same_text_is_at_home(documents: list[Document]) -> None:
    for document in documents:
        key = key_of(document.text)
        for span in passages(document):
            place = locate(key, quote_of(document.text, span))
            assert isinstance(place, Place), document.text[slice(*span)]
            assert span[0] <= place.span[0] < span[1]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abc ", max_size=40), st.text(alphabet="abc ", min_size=1, max_size=30), st.data())
def test_any_text_and_edit(start: str, quote: str, data: st.DataObject) -> None:
    """Locating never raises, and an exact place holds the letters of the quote."""
    text = start + quote + data.draw(st.text(alphabet="abc \n-", max_size=40))
    made = quote_of(text, (len(start), len(start) + len(quote)))
    at = data.draw(st.integers(0, len(text)))
    new = saved(text, [(at, at, data.draw(st.text(alphabet="abc \n", max_size=10)))]).text
    place = locate(key_of(new), made)
    if isinstance(place, Place) and place.exact:
        assert key_of(new[slice(*place.span)]).letters == key_of(made.exact).letters


def _slow_distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row, old = [i], row
        for j, y in enumerate(b, start=1):
            row.append(min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (x != y)))
    return row[-1]


@given(st.text(alphabet="abcđ", max_size=20), st.text(alphabet="abcđ", max_size=20))
def test_distance_is_the_edit_distance(a: str, b: str) -> None:
    assert distance(a, b) == _slow_distance(a, b)


def test_near_gives_whole_stretches() -> None:
    found = near("xxthiđuakhenthưởngyy thiduakhenthưởng", "thiđuakhenthưởng", 3)
    assert [(n.start, n.end, n.errors) for n in found] == [(2, 18, 0), (21, 37, 1)]


# --- the log


def _entry(**changes: object) -> Judgement:
    given_ = {"kind": "link", "document": "d", "by": "An", "at": "2026-01-01T00:00:00Z", "value": "none", **changes}
    return msgspec.convert(given_, Judgement)


def test_an_undo_can_be_undone() -> None:
    first = _entry()
    undo = _entry(kind="undo", value=first.id, at="2026-01-02T00:00:00Z")
    redo = _entry(kind="undo", value=undo.id, at="2026-01-03T00:00:00Z")
    assert undone([first, undo]) == {first.id}
    assert undone([redo, undo, first]) == {undo.id}


def test_a_long_chain_of_undo_ends() -> None:
    chain = [_entry()]
    for _ in range(5000):
        chain.append(_entry(kind="undo", value=chain[-1].id))
    assert (chain[0].id in undone(chain)) == (len(chain) % 2 == 0)


def test_a_line_says_what_its_id_stands_for() -> None:
    line = encode_line(_entry(why="vì sao"))
    assert decode_line(line) == _entry(why="vì sao")
    for bad in (line.replace(b"none", b"nine"), b"[]", b"{}", b"x", b'{"kind":"nope"}', b'"a"'):
        with pytest.raises(ValueError, match=r"xác nhận|không khớp"):
            decode_line(bad)


# --- over the parse


def held(kb: KnowledgeBase, name: str) -> DocumentReference:
    """What a name finds first."""
    document = kb.find(name)[0].document
    assert document is not None
    return document


def shown(kb: KnowledgeBase, name: str = PLAN) -> Document:
    return kb.show(name)


def cited(document: Document, words: str) -> Citation:
    return next(c for c in document.citations if words in " ".join(c.text.split()))


def task(document: Document, identifier: str) -> Task:
    return next(t for t in document.tasks if t.id == identifier)


def test_every_kind_lies_over_the_parse_and_is_marked(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        raw = kb._store.parse_of(held(kb, PLAN).id)
        link = kb.judge("link", PLAN, "43-KH/BDVTU", quote="Kế hoạch số 4088/KH-UBND", by="Lê Hoa", why="thử")
        none = kb.judge("link", PLAN, "none", quote="Chỉ thị số 19/CT-TTG", by="An")
        relation = kb.judge("relation", PLAN, "cites", quote="385/KH-UBND", by="An")
        role = kb.judge("role", f"{PLAN}#III.2", "coordinate", field="Chi ủy", by="An")
        added = kb.judge("role", f"{PLAN}#III.2", "advise", field="Sở Nội vụ", by="An")
        gone = kb.judge("role", f"{PLAN}#III.2", "none", field="Công đoàn", by="An")
        time = kb.judge("time", f"{PLAN}#III.5", "2022-06", by="An")
        new = kb.judge("task", PLAN, "add", quote="Phát động phải nghiêm túc mà sôi nổi", by="An")
        dropped = kb.judge("task", PLAN, "drop", quote="Xem lại các quy chế, quy định của cơ quan", by="An")
        title = kb.judge("header", PLAN, "Phát động thi đua năm 2022", field="title", by="An")
        document = shown(kb)
        assert (cited(document, "4088").entity, cited(document, "4088").judged) == (
            "BDVTU.binh-thuan:2022:43-KH/BDVTU",
            link.id,
        )
        assert (cited(document, "19/CT-TTG").entity, cited(document, "19/CT-TTG").judged) == (None, none.id)
        assert (cited(document, "385").relation, cited(document, "385").judged) == ("cites", relation.id)
        roles = {a.unit: (a.role, a.judged) for a in task(document, "III.2").assignments}
        assert roles["Chi ủy"] == ("coordinate", role.id)
        assert roles["Sở Nội vụ"] == ("advise", added.id)
        assert "Công đoàn" not in roles
        index = next(i for i, c in enumerate(document.citations) if "385" in c.text)
        assert index not in [i.citation for i in task(document, "III.2").implements]
        assert [(t.edtf, t.judged) for t in task(document, "III.5").times] == [("2022-06", time.id)]
        assert any(t.judged == new.id for t in document.tasks)
        assert not any(t.id == "III.3" for t in document.tasks)
        assert document.header.judged == {"title": title.id}
        assert {s.id for s in kb.judgements() if s.state == "placed"} == {
            j.id for j in (link, none, relation, role, added, gone, time, new, dropped, title)
        }
        assert kb._store.parse_of(held(kb, PLAN).id) == raw
        who = [a for a in kb.who("Sở Nội vụ") if a.why and "do An xác nhận ngày" in a.why]
        assert [a.task for a in who] == ["III.2"]
        assert any("do Lê Hoa xác nhận" in (a.why or "") for a in kb.implements(f"{PLAN}#III.2"))
        assert any("do An xác nhận" in (a.why or "") for a in kb.due(since="2022-06", until="2022-06"))
        for j in kb.judgements():
            kb.undo(j.id, by="An")
        assert shown(kb) == raw
        assert {s.state for s in kb.judgements() if s.judgement.kind != "undo"} == {"undone"}


def test_the_later_of_two_holds_and_both_are_kept(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        first = kb.judge("role", f"{PLAN}#III.2", "coordinate", field="Chi ủy", by="An")
        second = kb.judge("role", f"{PLAN}#III.2", "advise", field="Chi ủy", by="Bình")
        assert {a.role for a in task(shown(kb), "III.2").assignments if a.unit == "Chi ủy"} == {"advise"}
        states = {s.id: s.state for s in kb.judgements()}
        assert states == {first.id: "superseded", second.id: "placed"}
        kb.undo(second.id)
        assert {a.role for a in task(shown(kb), "III.2").assignments if a.unit == "Chi ủy"} == {"coordinate"}


def test_a_number_that_becomes_known_takes_the_judgements_along(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        before = held(kb, PLAN)
        kb.judge("role", f"{PLAN}#III.2", "coordinate", field="Chi ủy", by="An")
        kb.judge("header", PLAN, "51-KH/BDVTU", field="symbol", by="An")
        kb.judge("header", PLAN, "2022-02-10", field="date", by="An")
        after = held(kb, PLAN)
        assert before.id.startswith("sha256:")
        assert after.id == "BDVTU.binh-thuan:2022:51-KH/BDVTU"
        assert kb._store.rows("select count(*) from documents where id=?", before.id)[0][0] == 0
        assert all(s.state == "placed" for s in kb.judgements())
        path = files / PLAN
        path.write_text(path.read_text("utf-8").replace("sôi nổi", "sôi nổi, rộng khắp"), "utf-8")
        assert kb.add([files]).replaced == 1
        assert held(kb, PLAN).id == after.id
        assert all(s.state == "placed" for s in kb.judgements())


def test_judgements_survive_removal_and_go_with_a_log(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        kb.judge("link", PLAN, "undecided", quote=DIRECTIVE, by="An")
        kb.judge("role", f"{PLAN}#III.2", "coordinate", field="Chi ủy", by="An")
        before = shown(kb)
        assert kb.export_judgements(tmp_path / "log.jsonl") == 2
        kb.remove([PLAN])
        assert [s.state for s in kb.judgements()] == ["orphaned", "orphaned"]
        kb.add([files])
        assert shown(kb) == before
    with thidua_kg.open(tmp_path / "kho2") as other:
        (tmp_path / "log.jsonl").open("ab").write(b"{not json}\n")
        report = other.merge_judgements(tmp_path / "log.jsonl")
        assert (report.added, [f.path.rsplit(", ", 1)[1] for f in report.failed]) == (2, ["dòng 3"])
        other.add([files])
        assert shown(other) == before
        assert other.merge_judgements(tmp_path / "log.jsonl").added == 0


# --- in the graph


def told(kb: KnowledgeBase) -> list[tuple[object, ...]]:
    """The judgements as the graph tells them, each in the graph of its document; the three parts agree."""
    rows = kb.sparql(
        "SELECT ?d ?kind ?value ?state { GRAPH ?g { ?d td:judgement ?j . ?j td:judgementKind ?kind ; td:judgedValue ?value ;"
        " td:state ?state } FILTER(STR(?g) = CONCAT(STR(?d), '/judgements')) } ORDER BY ?kind ?value"
    ).rows
    assert kb.verify().clean
    return [(id_of(str(row[0])), *row[1:]) for row in rows]


def changes(kb: KnowledgeBase, since: int) -> list[tuple[str, str]]:
    return [(c.kind, c.document) for c in kb._store.changes_since(since)]


def test_the_graph_tells_who_said_what_and_how_it_stands(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        plan = held(kb, PLAN)
        assert told(kb) == []
        kb.judge("role", f"{PLAN}#III.2", "coordinate", field="Chi ủy", by="An", why="đính chính")
        second = kb.judge("role", f"{PLAN}#III.2", "advise", field="Chi ủy", by="Bình")
        first_told, second_told = (plan.id, "role", "coordinate", "superseded"), (plan.id, "role", "advise", "placed")
        assert told(kb) == [second_told, first_told]
        before = kb._store.last_change()
        kb.add([files])
        kb.merge_judgements(_log(kb, tmp_path))
        assert changes(kb, before) == []
        kb.undo(second.id)
        assert told(kb) == [(plan.id, "role", "coordinate", "placed")]
        path = files / PLAN
        lines_ = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(line for line in lines_ if not line.startswith("2. Mở các phong trào")), "utf-8")
        assert kb.add([files]).replaced == 1
        (orphan,) = told(kb)
        assert orphan[1:] == ("role", "coordinate", "orphaned")
        kb.rebuild()
        assert told(kb) == [orphan]
        kb.remove([PLAN])
        assert told(kb) == []


def _log(kb: KnowledgeBase, folder: Path) -> Path:
    kb.export_judgements(folder / "log.jsonl")
    return folder / "log.jsonl"


def test_the_graph_learns_of_an_entry_that_changes_no_fact(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        plan = held(kb, PLAN)
        lost = _entry(document=plan.id, quote={"exact": "không có chữ nào như vậy"}, at="hôm qua")
        shown_before, before = shown(kb), kb._store.last_change()
        kb._record([lost])
        assert shown(kb) == shown_before
        assert changes(kb, before) == [("link", plan.id)]
        assert told(kb) == [(plan.id, "link", "none", "orphaned")]
        before = kb._store.last_change()
        with kb._store.transaction():
            relink(kb._store, kb._store.document_ids())
        assert changes(kb, before) == []
        kb.undo(lost.id)
        assert changes(kb, before) == [("link", plan.id)]
        assert told(kb) == []


def test_the_graph_tells_pairs_with_the_document_that_they_name(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        plan, other = held(kb, PLAN), held(kb, "bdvtu-2022-ke-hoach-43.txt")
        made = kb.judge("different", PLAN, other.id, by="An")
        assert told(kb) == [(plan.id, "different", other.id, "placed")]
        named = kb.sparql("SELECT ?o { ?j td:judgedDocument ?o . ?o td:issuerName ?n }").rows
        assert [id_of(str(row[0])) for row in named] == [other.id]
        kb.undo(made.id)
        kb.judge("same", PLAN, other.id, by="An")
        (one,) = told(kb)
        assert one[1:] == ("same", other.id, "placed")
        assert one[0] in {a.document.id for a in kb.ls() if a.document}


def test_an_entry_that_turns_to_another_document_leaves_the_graph_of_the_first(files: Path, tmp_path: Path) -> None:
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([files])
        other = held(kb, "bdvtu-2022-ke-hoach-43.txt")
        assert held(kb, PLAN).id != other.id
        made = kb.judge("header", PLAN, "việc khác", field="title", by="An")
        with kb._store.transaction():
            note(kb._store, other.id, [Placed(made.id, "placed")])
        assert told(kb) == [(other.id, "header", "việc khác", "placed")]


@pytest.mark.parametrize(
    ("kind", "name", "value", "given_", "error"),
    [
        ("link", PLAN, "none", {"quote": "không có chữ nào như vậy"}, UnknownName),
        ("link", PLAN, "none", {"quote": "Lãnh đạo Ban"}, AmbiguousName),
        ("link", PLAN, "none", {}, InvalidQuery),
        ("link", PLAN, "Chỉ thị 999", {"quote": DIRECTIVE}, UnknownName),
        ("link", "Kế hoạch 999", "none", {"quote": DIRECTIVE}, UnknownName),
        ("relation", PLAN, "nuốt", {"quote": DIRECTIVE}, InvalidQuery),
        ("relation", PLAN, "cites:carry_out", {"quote": DIRECTIVE}, InvalidQuery),
        ("role", PLAN, "lead", {"field": "A"}, InvalidQuery),
        ("role", f"{PLAN}#III.2", "boss", {"field": "A"}, InvalidQuery),
        ("role", f"{PLAN}#III.2", "lead", {}, InvalidQuery),
        ("role", f"{PLAN}#99", "lead", {"field": "A"}, UnknownName),
        ("time", f"{PLAN}#III.2", "mai", {}, InvalidQuery),
        ("time", f"{PLAN}#III.2", "2022-99-99-99", {}, InvalidQuery),
        ("task", PLAN, "drop", {"quote": "Căn cứ Chỉ thị số 02-CT/UBND"}, UnknownName),
        ("task", PLAN, "maybe", {"quote": "Căn cứ"}, InvalidQuery),
        ("header", PLAN, "x", {"field": "colour"}, InvalidQuery),
        ("header", PLAN, "hôm qua", {"field": "date"}, InvalidQuery),
        ("header", PLAN, "không phải", {"field": "symbol"}, InvalidQuery),
        ("same", PLAN, PLAN, {}, InvalidQuery),
        ("header", PLAN, "x" * 3000, {"field": "title"}, InvalidQuery),
        ("link", PLAN, "none", {"quote": "x" * 3000}, InvalidQuery),
    ],
)
def test_what_cannot_lie_on_its_document_is_refused(
    kb: KnowledgeBase, kind: str, name: str, value: str, given_: dict[str, str], error: type[Exception]
) -> None:
    from thidua_kg.keeping.judging import make

    with pytest.raises(error):
        make(kb._store, kind, name, value, **given_)  # type: ignore[arg-type]


def test_other_rules_leave_two_hundred_judgements_where_they_were(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Citations a little longer or shorter, every seventh lost, task ids renamed: each judgement on its words, or orphaned."""
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([corpus])
        made = _two_hundred(kb)
        assert len(made) == 200
        assert all(s.state in ("placed", "superseded") for s in kb.judgements())
        _perturb(monkeypatch)
        for row in kb.ls():
            path = Path(str(row.path))
            kb._store.execute("update sources set sha256='' where path=?", path.as_posix())
        report = kb.add([corpus])
        assert not report.failed
        standings = {s.id: s for s in kb.judgements()}
        assert set(made) == set(standings)
        states = [standings[i].state for i in made]
        assert states.count("placed") + states.count("superseded") >= 170
        for identifier, standing in standings.items():
            if standing.state == "placed" and standing.span and standing.held_by:
                text = kb._store.get(standing.held_by).document.text  # type: ignore[union-attr]
                _holds(text, standing.span, made[identifier])


@pytest.mark.parametrize(
    "way", ["rewrapped", "hyphens, tabs, soft breaks", "Markdown to text", "paragraph inserted before"]
)
def test_files_saved_anew_leave_two_hundred_judgements_where_they_were(corpus: Path, tmp_path: Path, way: str) -> None:
    """The same paths with other bytes: NFD, Windows line ends and the way's own changes; each placed one on its true place."""
    folder = tmp_path / "van-ban"
    shutil.copytree(corpus, folder)
    with thidua_kg.open(tmp_path / "kho") as kb:
        kb.add([folder])
        made = _two_hundred(kb)
        before = {s.id: s for s in kb.judgements()}
        homes = {}
        for row in kb.ls():
            assert row.document is not None
            text = kb.show(row.document.id).text
            new = saved(text, WAYS[way](text, random.Random(5), (len(text) // 2, len(text) // 2)))
            Path(str(row.path)).write_bytes(unicodedata.normalize("NFD", new.text.replace("\n", "\r\n")).encode())
            homes[row.path] = new.home
        assert not kb.add([folder]).failed
        after = {s.id: s for s in kb.judgements()}
        assert set(after) == set(made)
        paths = {row.document.id: row.path for row in kb.ls() if row.document}
        placed = [s for s in after.values() if s.state in ("placed", "superseded")]
        for standing in placed:
            old = before[standing.id].span
            if standing.span and old and standing.held_by:
                true = [h for i in range(*old) if (h := homes[paths[standing.held_by]](i)) is not None]
                assert min(true) - 6 <= standing.span[0]
                assert standing.span[1] <= max(true) + 7
        assert len(placed) >= 130  # the rest are tasks that the parser no longer finds where lines are broken otherwise


def _holds(text: str, span: tuple[int, int], judgement: Judgement) -> None:
    assert judgement.quote is not None
    told, there = key_of(judgement.quote.exact).letters, key_of(text[slice(*span)]).letters
    assert told[:12] in there or there[:12] in told or told in there


def _two_hundred(kb: KnowledgeBase) -> dict[str, Judgement]:
    from thidua_kg.keeping.judging import make

    made: dict[str, Judgement] = {}
    for row in kb.ls():
        assert row.document is not None
        document = kb._store.get(row.document.id).document  # type: ignore[union-attr]
        wanted: list[tuple[str, str, str, dict[str, str]]] = [
            (("link", "none"), ("relation", "cites"))[i % 2] + (row.document.id, {"at": str(i)})  # type: ignore[misc]
            for i, c in enumerate(document.citations)
            if c.kind != "self"
        ]
        for kind, value, name, where in wanted:
            span = document.citations[int(where["at"])].span
            quote = (
                " ".join((document.text[max(0, span[0] - 20) : span[0]], "[[", document.text[slice(*span)], "]]"))
                + (document.text[span[1] : span[1] + 20])
            )
            try:
                one = make(kb._store, kind, name, value, quote=quote, by="An")  # type: ignore[arg-type]
            except (AmbiguousName, UnknownName):
                continue
            made[one.id] = one
        for t in document.tasks:
            name = f"{row.document.id}#{t.id}"
            one = make(kb._store, "role", name, "lead", field="Sở Thử nghiệm", by="An")
            other = make(kb._store, "time", name, "2022-06", by="An")
            made |= {one.id: one, other.id: other}
    chosen = dict(random.Random(11).sample(list(made.items()), 200))
    kb._record(list(chosen.values()))
    return chosen


def _perturb(monkeypatch: pytest.MonkeyPatch) -> None:
    from thidua_kg import pipeline

    find_citations, find_tasks = pipeline.find_citations, pipeline.find_tasks

    def other_citations(*given_: object) -> tuple[Citation, ...]:
        found = find_citations(*given_)  # type: ignore[arg-type]
        text = str(given_[0])
        kept = []
        for i, c in enumerate(found):
            end = min(len(text), c.span[1] + i % 2)
            start = c.span[0] + (4 if i % 3 == 0 and c.span[1] - c.span[0] > 12 else 0)
            kept.append(
                msgspec.structs.replace(c, span=(start, end), text=text[start:end], relation="guides", nested_in=None)
            )
        return tuple(c for i, c in enumerate(kept) if i % 7)

    def other_tasks(*given_: object, **named: object) -> tuple[Task, ...]:
        found = find_tasks(*given_, **named)  # type: ignore[arg-type]
        return tuple(
            msgspec.structs.replace(t, id=f"x{t.id}", times=(), assignments=()) for t in found if t.span[0] % 9
        )

    monkeypatch.setattr(pipeline, "find_citations", other_citations)
    monkeypatch.setattr(pipeline, "find_tasks", other_tasks)


def test_the_command_line(files: Path, tmp_path: Path) -> None:
    kho = tmp_path / "kho"
    assert thidua("judge", "ls", kb=kho).returncode == 1
    thidua("add", files, kb=kho)
    made = lines(thidua("judge", "link", PLAN, DIRECTIVE, "none", "--by", "An", "--why", "nhầm", "--json", kb=kho))
    assert (made[0]["by"], made[0]["why"], made[0]["quote"]["exact"]) == ("An", "nhầm", "Chỉ thị số 34/CT-TW")
    assert thidua("judge", "role", f"{PLAN}#III.2", "Chi ủy", "coordinate", kb=kho).returncode == 0
    assert thidua("judge", "time", f"{PLAN}#III.5", "2022-06", kb=kho).returncode == 0
    assert thidua("judge", "task", PLAN, "Xem lại các quy chế", "drop", kb=kho).returncode == 0
    assert thidua("judge", "header", PLAN, "date", "2022-02-10", kb=kho).returncode == 0
    listed = lines(thidua("judge", "ls", "--json", kb=kho))
    assert len(listed) == 5
    assert "xác nhận" in thidua("show", PLAN, kb=kho).stdout.decode("utf-8")
    assert thidua("judge", "undo", made[0]["id"][:8], kb=kho).returncode == 0
    assert lines(thidua("judge", "export", tmp_path / "log.jsonl", "--json", kb=kho))[0]["judgements"] == 6
    assert json.loads((tmp_path / "log.jsonl").read_text("utf-8").splitlines()[0])["by"] == "An"
    assert thidua("judge", "merge", tmp_path / "log.jsonl", kb=kho).returncode == 0
    assert not lines(thidua("judge", "ls", "--orphans", "--json", kb=kho))
    refused = thidua("judge", "link", PLAN, "không có", "none", kb=kho)
    assert refused.returncode == 1
    assert "chép nguyên văn" in refused.stderr.decode("utf-8")
