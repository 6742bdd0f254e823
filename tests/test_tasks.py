"""Who does what by when: units, role lines, tables, headings, sentences; targets and movements."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notation import cases, read_case
from thidua_kg.mentions.movements import find_movements
from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.targets import find_targets
from thidua_kg.mentions.tasks import find_tasks
from thidua_kg.mentions.units import find_units, split_units
from thidua_kg.model import Task
from thidua_kg.structure import blocks

PIECES = [
    *(
        "I. Nhiệm vụ\n\n",
        "1. ",
        "a) ",
        "- ",
        "Chủ trì: ",
        "Cơ quan phối hợp: ",
        "Thời gian: ",
        "Sở Nội vụ",
        ", ",
        "; ",
        " và ",
    ),
    *(
        "các sở, ngành",
        "Các Bộ: ",
        "Tài chính",
        "Đề nghị ",
        "Giao ",
        " chủ trì",
        " phối hợp với ",
        " có trách nhiệm",
        ": ",
        "(",
    ),
    *(")", ".\n\n", "100% ", "danh hiệu “", "”", "phong trào thi đua ", "trước ngày 15/12", " theo ", "tổ chức ", "\n"),
    *("TT\nNội dung\nCơ quan chủ trì\nThời gian\n1\n", "| TT | Nội dung | Chủ trì |\n", "UBND các xã, phường"),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


def tasks_of(text: str, *, year: int | None = 2025) -> dict[str, Task]:
    return {task.id: task for task in find_tasks(Outline(text, blocks(text)), year=year, issuer="Ủy ban nhân dân tỉnh")}


def roles(task: Task) -> list[tuple[str, str]]:
    return [(a.unit, a.role) for a in task.assignments]


@given(TEXTS)
@settings(max_examples=200)
def test_any_text_gives_spans_of_itself(text: str) -> None:
    found = blocks(text)
    ids = {block.id for block in found}
    for task in find_tasks(Outline(text, found), year=None, issuer=None):
        assert task.id in ids
        for assignment in task.assignments:
            said = text[slice(*assignment.span)]  # a shared head or place stands outside the span
            assert assignment.unit.split()[-1] in said or assignment.unit.split()[0] in said
        for time in task.times:
            assert text[slice(*time.span)] == time.text
    for mention in (*find_units(text, 0, len(text)), *find_movements(text)):
        assert text[slice(*mention.span)] == mention.text
    for target in find_targets(Outline(text, found)):
        assert 0 <= target.span[0] < target.span[1] <= len(text)


@pytest.mark.parametrize("line", cases("units.txt"))
def test_units_of_a_value(line: str) -> None:
    text, marks = read_case(line)
    found = [("group" if u.group else "unit", u.span, u.unit) for u in split_units(text, 0, len(text))]
    assert found == [(mark.kind, mark.span, mark.value or mark.text) for mark in marks]


@pytest.mark.parametrize("line", cases("tasks.txt"))
def test_sentences(line: str) -> None:
    text, marks = read_case(line)
    text, shift = f"I. NHIỆM VỤ\n\n1. {text}", len("I. NHIỆM VỤ\n\n1. ")
    found = [
        (a.role, a.span, a.unit, a.force, a.duty, a.serves) for t in tasks_of(text).values() for a in t.assignments
    ]
    assert found == [
        (
            mark.kind,
            (mark.span[0] + shift, mark.span[1] + shift),
            mark.value or mark.text,
            mark.fields.get("force", "assigned"),
            mark.fields.get("duty", "do"),
            mark.fields.get("for"),
        )
        for mark in marks
    ]


def test_role_lines_below_an_item() -> None:
    text = (
        "III. NHIỆM VỤ\n\n1. Tổ chức hội thi tay nghề.\n\n- Chủ trì: Công đoàn, Chi đoàn.\n\n"
        "- Chịu trách nhiệm tham mưu: Phòng Tổ chức.\n\n"
        "- Thời gian thực hiện: Quý II và thường xuyên.\n\n- Sản phẩm: Báo cáo kết quả.\n\n"
        "2. Khen thưởng người lao động.\n\n2.1- Xét chọn.\n\n- Chủ trì: Chi ủy.\n"
    )
    found = tasks_of(text)
    assert list(found) == ["III.1", "III.2", "III.2.1"]
    assert roles(found["III.1"]) == [("Công đoàn", "lead"), ("Chi đoàn", "lead"), ("Phòng Tổ chức", "advise")]
    assert [(t.kind, t.edtf) for t in found["III.1"].times] == [("date", "2025-34"), ("continuous", None)]
    assert [p.text for p in found["III.1"].products] == ["Báo cáo kết quả."]
    assert found["III.1"].text == "Tổ chức hội thi tay nghề."
    assert text[slice(*found["III.1"].span)].endswith("Báo cáo kết quả.")
    assert (roles(found["III.2"]), found["III.2"].times) == ([], ())  # nothing goes up from a part to the whole
    assert (found["III.2.1"].parent, roles(found["III.2.1"])) == ("III.2", [("Chi ủy", "lead")])


def test_items_of_a_content_line_share_the_role_lines() -> None:
    text = (
        "II. NHIỆM VỤ\n\n1. Về dữ liệu\n\na) Nhiệm vụ:\n\n- Rà soát dữ liệu;\n\n- Chuẩn hóa dữ liệu.\n\n"
        "b) Cơ quan thực hiện:\n\n"
        "- Đơn vị chủ trì: Sở Khoa học và Công nghệ.\n\n- Đơn vị phối hợp: Các sở, ngành.\n\nc) Thời gian thực hiện: Trong năm 2026.\n"
    )
    found = tasks_of(text)
    assert list(found) == ["II.1.a.-1", "II.1.a.-2"]
    for task in found.values():
        assert roles(task) == [("Sở Khoa học và Công nghệ", "lead"), ("Các sở, ngành", "coordinate")]
        assert {a.inherited_from for a in task.assignments} == {"II.1"}
        assert [(t.edtf, t.inherited_from) for t in task.times] == [("2026", "II.1")]


def test_a_heading_names_the_units_of_its_items() -> None:
    text = (
        "V. TỔ CHỨC THỰC HIỆN\n\n1. Sở Nội vụ\n\na) Chủ trì, phối hợp với Sở Tài chính rà soát biên chế;\n\n"
        "b) Báo cáo trước ngày 15/12.\n\n"
        "2. Đề nghị Hội Phụ nữ tỉnh\n\nVận động hội viên tham gia.\n\n"
        "3. Sở Y tế: Phối hợp với Công an tỉnh tập huấn.\n"
    )
    found = tasks_of(text)
    assert {id: roles(task) for id, task in found.items()} == {
        "V.1.a": [("Sở Nội vụ", "lead"), ("Sở Tài chính", "coordinate")],
        "V.1.b": [("Sở Nội vụ", "perform")],
        "V.2": [("Hội Phụ nữ tỉnh", "perform")],
        "V.3": [("Sở Y tế", "coordinate"), ("Công an tỉnh", "coordinate")],
    }
    assert {task.kind for task in found.values()} == {"duty"}
    assert found["V.1.a"].assignments[0].inherited_from == "V.1"
    assert [t.edtf for t in found["V.1.b"].times] == ["../2025-12-15"]
    assert found["V.1.b"].assignments[0].duty == "report"
    assert found["V.2"].assignments[0].force == "requested"


TABLE = """II. PHÂN CÔNG

| TT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian | Sản phẩm |
|---|---|---|---|---|---|
| I | Việc chung | | | | |
| 1 | Rà soát quy chế | Sở Nội vụ | Sở Tư pháp; các sở, ngành | Quý I/2026 | Quy chế |
| 2 | Tập huấn | | UBND cấp xã | Hằng năm | |
"""
FLATTENED = """PHỤ LỤC

TT
Nội dung
Cơ quan chủ
trì
Cơ quan phối hợp
Thời gian hoàn
thành
1
Rà soát quy chế của các
đơn vị trên địa bàn
Sở Khoa học và
Công nghệ
Các sở, ngành; UBND
các xã, phường
Trước ngày
30/11/2025
2
Tập huấn nghiệp vụ
Sở Nội vụ
Cơ quan liên quan
Thường xuyên
"""


def test_rows_of_a_table() -> None:
    found = tasks_of(TABLE)
    assert list(found) == ["II.t1.I.1", "II.t1.I.2"]
    first, second = found.values()
    assert roles(first) == [("Sở Nội vụ", "lead"), ("Sở Tư pháp", "coordinate"), ("các sở, ngành", "coordinate")]
    assert ([t.edtf for t in first.times], [p.text for p in first.products]) == (["2026-33"], ["Quy chế"])
    assert roles(second) == [("Sở Nội vụ", "lead"), ("UBND cấp xã", "coordinate")]
    assert second.assignments[0].inherited_from == "II.t1.I.1"  # the merged cell above


def test_rows_of_a_flattened_table() -> None:
    found = list(tasks_of(FLATTENED).values())
    assert roles(found[0]) == [
        ("Sở Khoa học và Công nghệ", "lead"),
        ("Các sở, ngành", "coordinate"),
        ("UBND các xã, phường", "coordinate"),
    ]
    assert found[0].text == "Rà soát quy chế của các đơn vị trên địa bàn"
    assert [t.edtf for t in found[0].times] == ["../2025-11-30"]
    assert (roles(found[1]), found[1].times[0].kind) == (
        [("Sở Nội vụ", "lead"), ("Cơ quan liên quan", "coordinate")],
        "continuous",
    )


def test_only_what_sets_a_date_is_a_time_of_a_sentence() -> None:
    text = "I. NHIỆM VỤ\n\n1. Thực hiện Kế hoạch ngày 27/01/2025 giai đoạn 2025-2030, hoàn thành trong tháng 11/2025.\n"
    assert [t.edtf for t in tasks_of(text)["I.1"].times] == ["2025-11"]


def test_aims_are_no_tasks() -> None:
    text = "I. MỤC ĐÍCH, YÊU CẦU\n\n1. Các sở, ngành triển khai thống nhất, đồng bộ.\n"
    assert tasks_of(text) == {}


@pytest.mark.parametrize("line", cases("targets.txt"))
def test_targets(line: str) -> None:
    text, marks = read_case(line)
    found = [
        (t.kind, t.span, t.outcome, t.subject, t.value, t.quantifier) for t in find_targets(Outline(text, blocks(text)))
    ]
    assert found == [
        (m.kind, m.span, m.value, m.fields.get("subject"), float(m.fields["value"]) if "value" in m.fields else None,
         m.fields.get("quantifier"))
        for m in marks
    ]  # fmt: skip


@pytest.mark.parametrize("line", cases("movements.txt"))
def test_movements_and_awards(line: str) -> None:
    text, marks = read_case(line)
    assert [(m.kind, m.span, m.rule) for m in find_movements(text)] == [(m.kind, m.span, m.value) for m in marks]


def test_units_in_running_text() -> None:
    text = "Sở Nội vụ và Ban Chỉ đạo\ntỉnh chủ trì; phòng chống lụt bão là việc chung."
    assert [m.text for m in find_units(text, 0, len(text))] == ["Sở Nội vụ", "Ban Chỉ đạo\ntỉnh"]


def test_the_addressees_of_a_telegram_are_told_nothing() -> None:
    text = "Chủ tịch tỉnh điện:\n\n- Giám đốc Sở Y tế chỉ đạo bệnh viện;\n\n- Công an tỉnh.\n\n1. Công an tỉnh bảo đảm trật tự.\n"
    assert {id: roles(task) for id, task in tasks_of(text).items()} == {"1": [("Công an tỉnh", "perform")]}


def test_the_label_of_a_form_names_nobody() -> None:
    found = tasks_of("II. NỘI DUNG\n\n1.1. Thủ tục\n\n1.2. Cơ quan giải quyết hồ sơ: Bộ Nội vụ.\n")
    assert [roles(task) for task in found.values()] == [[]]


THREE_COLUMNS = """PHỤ LỤC

STT
Tên nhiệm vụ
Người đứng đầu chịu trách nhiệm
Cơ quan
chủ trì
Cơ quan
phối hợp
Thời hạn
1
Xây dựng bộ quy tắc trên môi trường số
Cục trưởng các Cục: Báo chí;
Di sản văn hóa
Các Cục: Báo chí; Di sản văn hóa
Các đơn vị liên quan
Tháng 11 - 12/2025
2
Mở rộng mô hình của Đề án
06
Giám đốc Sở Nội vụ
Sở Nội vụ
2026-2027
"""

STEPS = """Phụ lục

Các bước
Trình tự
Trách nhiệm
Thời gian
Bước 1
Tiếp nhận hồ sơ của người dân
- Cán bộ Bộ phận Một cửa phường;
- Sở Nội vụ.
0,5 ngày
Bước 2
Kiểm tra, trình ký
Chuyên viên được giao xử lý hồ sơ/ Lãnh đạo phòng
Giờ hành chính
Tổng thời gian
1 ngày
"""

UNITS_FIRST = """Phụ lục

TT
Cơ quan chủ trì
Cơ quan phối hợp
Thuộc nhóm
Nội dung nhiệm
vụ
Thời hạn hoàn thành
1
Sở Y tế
- Sở Tài chính;
- Các trường đại học.
Nâng cao năng lực kiểm nghiệm thuốc
Quý IV/2026
"""


def test_lines_of_a_row_are_aligned_with_three_columns_of_units() -> None:
    first, second = tasks_of(THREE_COLUMNS).values()
    assert roles(first) == [
        ("Cục trưởng Cục Báo chí", "perform"),
        ("Cục trưởng Cục Di sản văn hóa", "perform"),
        ("Cục Báo chí", "lead"),
        ("Cục Di sản văn hóa", "lead"),
        ("Các đơn vị liên quan", "coordinate"),
    ]
    assert [time.edtf for time in first.times] == ["2025-11/2025-12"]
    assert second.text == "Mở rộng mô hình của Đề án 06"
    assert roles(second) == [("Giám đốc Sở Nội vụ", "perform"), ("Sở Nội vụ", "lead")]
    assert [time.edtf for time in second.times] == ["2026/2027"]


def test_steps_are_rows_and_their_actors_whole_names() -> None:
    first, second = tasks_of(STEPS).values()
    assert roles(first) == [("Cán bộ Bộ phận Một cửa phường", "perform"), ("Sở Nội vụ", "perform")]
    assert roles(second) == [("Chuyên viên được giao xử lý hồ sơ", "perform"), ("Lãnh đạo phòng", "perform")]
    assert "Tổng" not in second.text


def test_columns_of_units_may_stand_before_the_task() -> None:
    (task,) = tasks_of(UNITS_FIRST).values()
    assert task.text == "Nâng cao năng lực kiểm nghiệm thuốc"
    assert roles(task) == [("Sở Y tế", "lead"), ("Sở Tài chính", "coordinate"), ("Các trường đại học", "coordinate")]


def test_a_list_of_procedures_tasks_nobody() -> None:
    assert tasks_of("TT\nTên thủ tục hành chính\nCơ quan thực hiện\nThời hạn\n1\nCấp thẻ\nSở Nội vụ\n5 ngày\n") == {}


def test_a_heading_s_role_and_partners_come_down_to_its_items() -> None:
    text = (
        "V. TỔ CHỨC THỰC HIỆN\n\n1. Sở Công Thương\n\na) Chủ trì, phối hợp với Sở Tài chính\n\n"
        "- Mở hội chợ hàng thủ công.\n\n- Tham mưu nâng cấp chợ đầu mối.\n\n"
        "2. Vụ Báo chí: Tham mưu Lãnh đạo Bộ:\n\n- Đổi mới giao ban báo chí.\n\n"
        "3. Trách nhiệm, quyền hạn của người quản trị trang tin phường\n\na) Bảo quản mật khẩu.\n\nb) Báo lỗi kịp thời.\n"
    )
    found = tasks_of(text)
    assert {id: roles(task) for id, task in found.items()} == {
        "V.1.a.-1": [("Sở Công Thương", "lead"), ("Sở Tài chính", "coordinate")],
        "V.1.a.-2": [("Sở Công Thương", "lead"), ("Sở Tài chính", "coordinate")],
        "V.2.-1": [("Vụ Báo chí", "advise")],
        "V.3.a": [("người quản trị trang tin phường", "perform")],
        "V.3.b": [("người quản trị trang tin phường", "perform")],
    }


def test_a_body_is_called_by_the_short_name_the_text_gives_it() -> None:
    text = (
        "Điều 1. Quỹ hỗ trợ nông dân tỉnh (sau đây gọi tắt là Quỹ) là tổ chức tài chính.\n\n"
        "Điều 2. Hằng năm, Quỹ tổ chức kiểm kê tài sản.\n"
    )
    assert roles(tasks_of(text)["Điều 2"]) == [("Quỹ", "perform")]


def test_footnotes_and_competences_task_nobody() -> None:
    text = (
        "Điều 1. Nội dung phân cấp\n\n1. Sở Tài chính\n\na) Điều chuyển tài sản công.\n\nb) Thu hồi tài sản công.\n\n"
        "Điều 2. Sở Nội vụ tổ chức thực hiện Quyết định này./.\n\n[1] Sở Xây dựng rà soát năm 2019.\n"
    )
    assert {id: roles(task) for id, task in tasks_of(text).items()} == {"Điều 2": [("Sở Nội vụ", "perform")]}


def test_a_time_line_binds_the_item_above_it() -> None:
    text = "1. Sở Y tế:\n\n-\nThành lập tổ kiểm kê thuốc.\n\nThời hạn hoàn thành: Trước ngày 30/11/2025.\n\n- Báo cáo kết quả.\n"
    found = tasks_of(text)
    assert {id: [time.edtf for time in task.times] for id, task in found.items()} == {
        "1.-1": ["../2025-11-30"],
        "1.-2": [],
    }


@pytest.mark.parametrize(
    ("words", "duties"),
    [
        ("Sở Y tế tiêm chủng xong trước ngày 30/11/2025; báo cáo kết quả trước ngày 15/12/2025.", [None, "report"]),
        ("Sở Y tế rà soát kho thuốc. Định kỳ hằng quý báo cáo Ủy ban nhân dân tỉnh.", ["report"]),
        ("Sở Y tế báo cáo kết quả trước ngày 15/12/2025.", [None]),
        ("Sở Y tế hoàn thiện; lập báo cáo nghiên cứu khả thi trước ngày 15/12/2025.", [None]),
    ],
)
def test_a_report_s_day_is_not_the_task_s(words: str, duties: list[str | None]) -> None:
    (task,) = tasks_of(f"I. NHIỆM VỤ\n\n1. {words}\n").values()
    assert [time.duty for time in task.times] == duties


def test_a_letter_without_numbers_calls_on_its_addressee() -> None:
    text = (
        "Cục Thuế nhận được công văn của Thuế tỉnh Hải Lăng về tiền thuê kho bãi.\n\n"
        "Tại Điều 7 Nghị định về kho bãi đã nêu cách tính tiền thuê.\n\n"
        "Trên cơ sở đó, đề nghị Thuế tỉnh Hải Lăng căn cứ hồ sơ cụ thể để xử lý theo quy định.\n\n"
        "Đề nghị Thuế thành phố Hải Đông đối chiếu số thuế đã nộp.\n"
    )
    assert {id: roles(task) for id, task in tasks_of(text).items()} == {
        "p1": [("Thuế tỉnh Hải Lăng", "perform")],
        "p2": [("Thuế thành phố Hải Đông", "perform")],
    }


def test_a_paragraph_introduces_the_list_beside_it_and_no_further() -> None:
    text = (
        "Để phòng cháy mùa khô, Ủy ban nhân dân tỉnh yêu cầu Sở Công Thương, Sở Xây dựng thực hiện các việc sau:\n\n"
        "- Kiểm tra kho bãi.\n\n- Lắp bình chữa cháy.\n\n1. Tuyên truyền trong trường học.\n"
    )
    told = [("Sở Công Thương", "perform"), ("Sở Xây dựng", "perform")]
    found = {id: roles(task) for id, task in tasks_of(text).items()}
    assert (found["-1"], found["-2"]) == (told, told)
    assert not found.get("1")


@pytest.mark.parametrize(
    "preamble",
    [
        "Căn cứ Luật Lưu trữ và đề nghị Sở Nội vụ đã gửi;",
        "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 5/TTr-SNV.",
        "Xét đề nghị các sở, ngành đã gửi trong năm 2024.",
    ],
)
def test_what_a_decision_rests_on_calls_on_nobody(preamble: str) -> None:
    text = f"Căn cứ Luật Tổ chức chính quyền địa phương.\n\n{preamble}\n\nĐiều 1. Giao Sở Nội vụ rà soát kho lưu trữ.\n"
    assert list(tasks_of(text)) == ["Điều 1"]


def test_a_step_of_a_procedure_is_done_by_whoever_it_names() -> None:
    text = (
        "1. Quy trình nội bộ\n\n+ Bước 1: Chuyên viên trực tại Bộ phận Một cửa hướng dẫn, tiếp nhận hồ sơ.\n\n"
        "+ Bước 2: Văn thư vào sổ, đóng dấu.\n\n+ Bước 3: Sau khi đủ hồ sơ, Sở Y tế thẩm định.\n\n+ Bước 4: Trả kết quả.\n"
    )
    assert [roles(task) for task in tasks_of(text).values() if task.assignments] == [
        [("Chuyên viên trực tại Bộ phận Một cửa", "perform")],
        [("Văn thư", "perform")],
        [("Sở Y tế", "perform")],
    ]


def test_questions_and_answers_of_a_guide_task_nobody() -> None:
    text = "1. Câu hỏi: Doanh nghiệp nộp báo cáo ở đâu?\n\nTrả lời: Doanh nghiệp gửi báo cáo về Sở Công Thương.\n"
    assert not tasks_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # the members of a council, each body whole, what follows "trong phạm vi" passed over
            "Điều 2. Giao Thường trực Hội đồng nhân dân, các Ban Hội đồng nhân dân và đại biểu Hội đồng nhân dân thành phố trong phạm"
            " vi, nhiệm vụ, quyền hạn giám sát việc thực hiện Nghị quyết.\n",
            ["Thường trực Hội đồng nhân dân", "các Ban Hội đồng nhân dân", "đại biểu Hội đồng nhân dân thành phố"],
        ),
        (
            "Điều 6. Thẩm quyền, trách nhiệm của doanh nghiệp\n\n1. Quản lý hồ sơ cán bộ.\n\n2. Đề xuất nhân sự.\n",
            ["doanh nghiệp"] * 2,
        ),
        (
            "Điều 5. Điều khoản\n\n1. UBND tỉnh ủy quyền cho Giám đốc Sở Nội vụ:\n\na) Đánh giá cán bộ.\n\nb) Khen thưởng.\n",
            [],
        ),
        ("Điều 8. Chủ tịch công ty phải có kinh nghiệm ít nhất 03 năm làm công tác quản lý.\n", []),
        ("Điều 8. Chủ tịch công ty phải có văn bản báo cáo Sở Nội vụ.\n", ["Chủ tịch công ty"]),
    ],
)
def test_who_is_told_in_an_article(text: str, expected: list[str]) -> None:
    assert [unit for task in tasks_of(text).values() for unit, _ in roles(task)] == expected


def test_an_underscore_within_a_word_is_no_emphasis() -> None:
    text = "1. Giao Sở Y tế theo dõi chỉ số **VN_AQI** và _kho thuốc_ mỗi ngày.\n"
    assert tasks_of(text)["1"].text == "Giao Sở Y tế theo dõi chỉ số VN_AQI và kho thuốc mỗi ngày."
