"""A directive, a provincial directive under it, and a plan that carries both out: hand-made records for the graph's tests."""

from __future__ import annotations

from thidua_kg.graph import Entity, GraphRecord, Judged
from thidua_kg.model import (
    Assignment,
    Citation,
    Document,
    Header,
    Manner,
    Mention,
    Product,
    Recipient,
    Relation,
    Signer,
    Statement,
    Target,
    Task,
    TimeExpression,
)

CENTRAL, PROVINCIAL, PLAN = "TW:2014:34-CT/TW", "UBND.binh-thuan:2021:16/CT-UBND", "sha256:00112233aabbccdd"
CITED, UNKNOWN = "TTg:2021:19/CT-TTg", f"?{PLAN}/3"
ISSUER = "unit:ban-dan-van-tinh-uy-binh-thuan"
LEADERS, OFFICE, UNION = (
    f"unit:{name}@ban-dan-van-tinh-uy-binh-thuan" for name in ("lanh-dao-ban", "van-phong", "cong-doan")
)


def document(sha256: str, header: Header, **parts: object) -> Document:
    return Document(
        path="x.txt", sha256=sha256, media_type="text/plain", reader="plain", text="", header=header, **parts
    )  # type: ignore[arg-type]


def citation(text: str, holder: str, relation: Relation, manner: Manner | None = None, **more: object) -> Citation:
    return Citation(
        span=(0, 0),
        text=text,
        kind="numbered",
        rule="test",
        full_span=(0, 0),
        holder=holder,
        relation=relation,
        manner=manner,
        **more,
    )  # type: ignore[arg-type]


def statement(
    subject: str, predicate: Relation, object: str, index: int = 0, manner: Manner | None = None
) -> Statement:
    return Statement(
        subject=subject,
        predicate=predicate,
        object=object,
        document=subject.partition("#")[0],
        span=(0, 0),
        quote="…",
        rule="test",
        citation=index,
        manner=manner,
    )


def central() -> GraphRecord:
    header = Header(
        type="Chỉ thị",
        canonical="34-CT/TW",
        number="34",
        system="party",
        issuer="Bộ Chính trị",
        issuer_id="unit:bo-chinh-tri",
        date="2014-04-07",
        title="tiếp tục đổi mới công tác thi đua, khen thưởng",
    )
    return GraphRecord(id=CENTRAL, document=document("34", header))


def provincial() -> GraphRecord:
    header = Header(type="Chỉ thị", canonical="16/CT-UBND", system="state", issuer="UBND tỉnh", date="2021-09-13")
    cites = (
        citation("Chỉ thị số 34-CT/TW", "preamble", "legal_basis", canonical="34-CT/TW"),
        citation("Chỉ thị số 19/CT-TTg", "preamble", "legal_basis", canonical="19/CT-TTg"),
    )
    return GraphRecord(
        id=PROVINCIAL,
        document=document("16", header, citations=cites),
        statements=(statement(PROVINCIAL, "legal_basis", CENTRAL), statement(PROVINCIAL, "legal_basis", CITED, 1)),
        entities=(directive_19(),),
    )


def directive_19() -> Entity:
    title = "tổ chức phong trào thi đua phục hồi kinh tế"
    return Entity(id=CITED, canonical="19/CT-TTg", type="Chỉ thị", issuer="Thủ tướng", date="2021-07-16", title=title)


def plan() -> GraphRecord:
    header = Header(
        type="Kế hoạch",
        system="party",
        issuer="Ban Dân vận Tỉnh ủy Bình Thuận",
        issuer_id=ISSUER,
        place="Bình Thuận",
        date_not_before="2022-02-10",
        title="phong trào thi đua năm 2022 “của” Ban",
        signer=Signer(capacity="KT.", position="Phó Trưởng ban", name="Lê Văn B"),
        recipients=(Recipient(text="Sở Nội vụ", span=(0, 0)), Recipient(text="Lưu: VT", span=(0, 0), kind="filing")),
        inferred=("issuer",),
    )
    cites = (
        citation("Chỉ thị số 34/CT-TW", "III.1", "implements", "disseminate", canonical="34-CT/TW", issues=("x",)),
        citation("Chỉ thị số 16/CT-UBND", "III.2", "implements", "carry_out", canonical="16/CT-UBND"),
        citation("Chỉ thị số 19/CT-TTg", "III.2", "nested", canonical="19/CT-TTg", nested_in=1),
        citation("Luật Thi đua, khen thưởng", "III.2", "cites"),
    )
    links = (
        statement(f"{PLAN}#III.1", "implements", CENTRAL, 0, "disseminate"),
        statement(f"{PLAN}#III.2", "implements", PROVINCIAL, 1, "carry_out"),
        statement(PLAN, "implements", PROVINCIAL, 1, "carry_out"),
        statement(PROVINCIAL, "nested", CITED, 2),
        statement(PLAN, "cites", UNKNOWN, 3),
    )
    nested = tuple(
        Statement(**{f: getattr(s, f) for f in s.__struct_fields__} | {"document": PLAN})
        if s.predicate == "nested"
        else s
        for s in links
    )
    target = Target(
        span=(0, 0), kind="title", outcome="Lao động tiên tiến", subject="cán bộ", quantifier="all", value=100, unit="%"
    )
    movement = Mention(kind="movement", span=(0, 0), text="Dân vận khéo", rule="test", id="movement:dan-van-kheo")
    return GraphRecord(
        id=PLAN,
        document=document(
            "ab", header, citations=cites, tasks=tasks(), targets=(target,), mentions=(movement, movement)
        ),
        statements=nested,
        entities=(directive_19(),),
        judgements=judgements(),
    )


def judgements() -> tuple[Judged, ...]:
    def said(id: str, kind: str, value: str, state: str, **more: object) -> Judged:
        return Judged(id=id, kind=kind, value=value, state=state, by="Lê Hoa", **more)  # type: ignore[arg-type]

    return (
        said("01", "header", "", "superseded", field="title", at="2026-01-02T03:04:05.120000Z"),
        said("02", "link", CENTRAL, "placed", quote="Chỉ thị số\n34/CT-TW", other=CENTRAL, at="2026-01-02T03:04:05Z"),
        said("03", "role", "lead", "orphaned", field="Công đoàn", quote="4. Sơ kết", why="“nhầm”", at="2026-01-03"),
        said("04", "different", "TW:2014:3-CT/TW", "placed", other="TW:2014:3-CT/TW", at="2026-01-04T03:04:05.000000Z"),
    )


def tasks() -> tuple[Task, ...]:
    def given(unit: str, id: str, role: str, **more: object) -> Assignment:
        return Assignment(unit=unit, unit_id=id, role=role, span=(0, 0), **more)  # type: ignore[arg-type]

    def when(text: str, kind: str, edtf: str | None = None, rrule: str | None = None) -> TimeExpression:
        return TimeExpression(text=text, span=(0, 0), kind=kind, edtf=edtf, rrule=rrule)  # type: ignore[arg-type]

    lead = given("Lãnh đạo Ban", LEADERS, "lead")
    return (
        Task(
            id="III.1",
            kind="task",
            span=(0, 0),
            text="1. Quán triệt Chỉ thị.",
            assignments=(lead, given("Văn phòng", OFFICE, "coordinate")),
            times=(
                when("trước ngày 15/12/2022", "deadline", "../2022-12-15"),
                when("6 tháng", "recurring", None, "FREQ=MONTHLY"),
            ),
        ),
        Task(
            id="III.2",
            kind="task",
            span=(0, 0),
            text="2. Tổ chức phong trào.",
            assignments=(given("Văn phòng", OFFICE, "advise", serves="Thường trực Tỉnh ủy"),),
            times=(when("giai đoạn 2022 - 2025", "range", "2022/2025"),),
            products=(Product(text="Kế hoạch", span=(0, 0)),),
        ),
        Task(id="III.2.a", kind="task", span=(0, 0), text="a) Phần một.", parent="III.2", assignments=(lead,)),
        Task(
            id="IV.1",
            kind="duty",
            span=(0, 0),
            text="Các phòng báo cáo.",
            assignments=(
                given("Các phòng", "unit:cac-phong", "perform", group=True, duty="report", force="requested"),
                given("Công đoàn", UNION, "perform", inherited_from="IV"),
            ),
        ),
    )  # fmt: skip


def records() -> list[GraphRecord]:
    return [central(), provincial(), plan()]
