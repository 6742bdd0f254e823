"""Documents of any number for measuring: cascades as in `corpus/`, varied over provinces, years, numbers and tasks.

    python benchmarks/generate.py FOLDER --count 10000 [--seed 1]

Ten documents make a cascade: a directive of a province, its plan, seven plans of departments with tables of tasks, and a
report; each names those above it and the central documents that all name. About 6 KB each. Document number i is the same
whatever the count, so that a larger set holds the smaller one.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PLACES = (
    "Bình Thuận", "Hà Tĩnh", "Lâm Đồng", "Đà Nẵng", "An Giang", "Bắc Giang", "Bến Tre", "Bình Định", "Cà Mau",
    "Đắk Lắk", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hải Dương", "Hậu Giang", "Hòa Bình",
    "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lạng Sơn", "Lào Cai", "Long An", "Nam Định",
    "Nghệ An", "Ninh Bình", "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Trị", "Sóc Trăng",
    "Sơn La", "Tây Ninh", "Thái Bình", "Thanh Hóa",
)  # fmt: skip
YEARS = tuple(range(2015, 2025))
DEPARTMENTS = {
    "SNV": "Sở Nội vụ", "SGDĐT": "Sở Giáo dục và Đào tạo", "SYT": "Sở Y tế", "STC": "Sở Tài chính", "STP": "Sở Tư pháp",
    "SKHCN": "Sở Khoa học và Công nghệ", "SXD": "Sở Xây dựng", "SCT": "Sở Công Thương", "STTTT": "Sở Thông tin và Truyền thông",
    "SGTVT": "Sở Giao thông vận tải", "STNMT": "Sở Tài nguyên và Môi trường", "SVHTTDL": "Sở Văn hóa, Thể thao và Du lịch",
    "SNNPTNT": "Sở Nông nghiệp và Phát triển nông thôn", "SKHĐT": "Sở Kế hoạch và Đầu tư",
}  # fmt: skip
CENTRAL = (
    "Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua, khen thưởng",
    "Luật Thi đua, khen thưởng số 15/2003/QH11 ngày 26/11/2003",
    "Chỉ thị số 18/CT-TTg ngày 19/5/2014 của Thủ tướng Chính phủ",
)  # named by every cascade: what thousands cite must not slow the next one down
MOVEMENTS = (
    "đẩy mạnh cải cách hành chính", "chung sức xây dựng nông thôn mới", "đổi mới, sáng tạo trong lao động",
    "chuyển đổi số, xây dựng chính quyền số", "học tập suốt đời, xây dựng xã hội học tập", "giảm nghèo bền vững",
    "bảo đảm trật tự, an toàn giao thông", "thực hành tiết kiệm, chống lãng phí", "xây dựng văn hóa công sở",
    "bảo vệ môi trường, giữ gìn cảnh quan", "phát triển kết cấu hạ tầng đồng bộ", "chăm lo gia đình chính sách",
)  # fmt: skip
DEEDS = (
    "Rà soát và rút gọn quy trình giải quyết hồ sơ", "Mở lớp tập huấn nghiệp vụ cho công chức",
    "Khảo sát mức độ hài lòng của người dân", "Kiểm tra việc chấp hành kỷ luật, kỷ cương",
    "Xây dựng chuyên mục giới thiệu gương điển hình", "Số hóa hồ sơ đang lưu giữ",
    "Lập danh sách tập thể, cá nhân tiêu biểu", "Vận động đoàn viên đăng ký sáng kiến",
    "Đối thoại với doanh nghiệp, hợp tác xã", "Sửa chữa trụ sở tiếp công dân",
    "Ký giao ước giữa các đơn vị trong khối", "Chấm điểm, xếp loại phong trào của từng đơn vị",
    "Trồng cây, dọn vệ sinh nơi công cộng", "Tổ chức hội thi tìm hiểu pháp luật", "Hỗ trợ xóa nhà tạm cho hộ nghèo",
    "Đưa dịch vụ công lên môi trường mạng", "Kiểm kê tài sản công tại từng phòng",
    "Tuyên dương nhà giáo, thầy thuốc tận tụy", "Cập nhật cơ sở dữ liệu của ngành", "Phổ biến cách làm hay của cơ sở",
    "Giao ban chuyên đề về tiến độ", "Thăm hỏi người có công",
)  # fmt: skip
AIMS = (
    "gắn với nhiệm vụ chính trị của cơ quan, tránh hình thức", "lấy kết quả công việc làm thước đo",
    "hướng về cơ sở, về người trực tiếp làm", "bảo đảm công khai, khách quan, đúng người, đúng việc",
    "tạo không khí sôi nổi từ đầu năm đến cuối năm", "để người dân được phục vụ tốt hơn",
    "phát huy vai trò nêu gương của người đứng đầu", "khơi dậy tinh thần sáng tạo của người lao động",
)  # fmt: skip
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô")
GIVEN = ("Văn Mẫu", "Thị Ví Dụ", "Minh Họa", "Thị Giả Định", "Văn Thử")
WHEN = (
    "Quý I/{y}", "Quý II/{y}", "Quý III/{y}", "Quý IV/{y}", "Trước ngày 15/12/{y}", "Trước ngày 30/6/{y}",
    "Tháng 4/{y}", "Tháng 9/{y}", "Thường xuyên", "Hằng quý", "Hằng tháng", "Cả năm",
)  # fmt: skip
SAMPLE = "(Văn bản mẫu của thidua_kg, không phải văn bản chính thức)"
CASCADE = 10


class Sample(NamedTuple):
    """One made document: its file's path below the folder, and its text."""

    path: str
    text: str


class _Cascade:
    """What the ten documents of a cascade share: the place, the year, the movement, and their numbers."""

    def __init__(self, number: int, seed: int) -> None:
        self.number, self.random = number, random.Random(f"{seed}:{number}")
        self.place = PLACES[number % len(PLACES)]
        self.year = YEARS[number // len(PLACES) % len(YEARS)]
        self.turn = number // (len(PLACES) * len(YEARS))  # how many cascades this place and year have had before
        self.movement = self.random.choice(MOVEMENTS)
        self.departments = self.random.sample(sorted(DEPARTMENTS), 7)
        self.directive = (
            f"Chỉ thị số {self.turn + 1:02}/CT-UBND ngày {self.day(0)} của Ủy ban nhân dân tỉnh {self.place}"
        )
        self.plan = f"Kế hoạch số {100 + self.turn}/KH-UBND ngày {self.day(1)} của Ủy ban nhân dân tỉnh {self.place}"

    def day(self, step: int) -> str:
        return f"{1 + (self.number * 7 + step * 5) % 27:02}/{1 + step:02}/{self.year}"

    def dated(self, step: int) -> str:
        day, month, year = self.day(step).split("/")
        return f"{self.place}, ngày {day} tháng {month} năm {year}"


def documents(count: int, seed: int = 1) -> Iterator[Sample]:
    """The first `count` documents of the set with this seed, in order."""
    for number in range((count + CASCADE - 1) // CASCADE):
        cascade = _Cascade(number, seed)
        makers = (_directive, _plan, *[_department] * 7, _report)
        for step, make in enumerate(makers[: count - number * CASCADE]):
            random_ = random.Random(f"{seed}:{number}:{step}")
            yield make(cascade, step, random_)


def write(folder: Path, count: int, seed: int = 1) -> int:
    """Write the documents below `folder`; the bytes written."""
    size = 0
    for sample in documents(count, seed):
        path = folder / sample.path
        path.parent.mkdir(parents=True, exist_ok=True)
        data = sample.text.encode("utf-8")
        path.write_bytes(data)
        size += len(data)
    return size


def _directive(c: _Cascade, step: int, r: random.Random) -> Sample:
    items = "\n\n".join(
        f"{n}. {deed}, {r.choice(AIMS)}. {_sentence(c, r)} Giao {DEPARTMENTS[r.choice(c.departments)]} chủ trì, phối hợp với"
        f" {DEPARTMENTS[r.choice(sorted(DEPARTMENTS))]} thực hiện, hoàn thành trước ngày {r.randint(10, 28)}/{r.randint(6, 12)}"
        f"/{c.year}."
        for n, deed in enumerate(r.sample(DEEDS, 10), start=1)
    )
    text = (
        f"{_head('ỦY BAN NHÂN DÂN', f'TỈNH {c.place.upper()}', f'{c.turn + 1:02}/CT-UBND', c.dated(0))}CHỈ THỊ\n"
        f"Về việc phát động phong trào thi đua {c.movement} năm {c.year}\n\n"
        f"Thực hiện {CENTRAL[0]}; {CENTRAL[2]}, Ủy ban nhân dân tỉnh phát động phong trào thi đua năm {c.year} và yêu cầu:\n\n"
        f"{items}\n\n{_close(r, 'TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH')}"
    )
    return Sample(_path(c, step, "chi-thi", "txt"), text)


def _plan(c: _Cascade, step: int, r: random.Random) -> Sample:
    tasks = "\n\n".join(
        f"{n}. {deed}: {_sentence(c, r)}\n\n- Đơn vị chủ trì: {DEPARTMENTS[r.choice(sorted(DEPARTMENTS))]}.\n"
        f"- Đơn vị phối hợp: {DEPARTMENTS[r.choice(sorted(DEPARTMENTS))]}.\n- Thời gian: {r.choice(WHEN).format(y=c.year)}."
        for n, deed in enumerate(r.sample(DEEDS, 11), start=1)
    )
    text = (
        f"{_head('ỦY BAN NHÂN DÂN', f'TỈNH {c.place.upper()}', f'{100 + c.turn}/KH-UBND', c.dated(1))}KẾ HOẠCH\n"
        f"Thực hiện phong trào thi đua {c.movement} năm {c.year} trên địa bàn tỉnh\n\n"
        f"Căn cứ {CENTRAL[1]};\n\nThực hiện {c.directive}, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:\n\n"
        f"I. MỤC TIÊU\n\n1. {_sentence(c, r)}\n\n2. Phấn đấu ít nhất {r.randint(80, 99)}% công chức hoàn thành tốt nhiệm vụ.\n\n"
        f"II. NHIỆM VỤ\n\n{tasks}\n\nIII. TỔ CHỨC THỰC HIỆN\n\n"
        f"1. Giao Sở Nội vụ theo dõi, đôn đốc và báo cáo Ủy ban nhân dân tỉnh trước ngày 10/12/{c.year}.\n\n"
        f"{_close(r, 'TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH')}"
    )
    return Sample(_path(c, step, "ke-hoach", "txt"), text)


def _department(c: _Cascade, step: int, r: random.Random) -> Sample:
    code = c.departments[step - 2]
    name = DEPARTMENTS[code]
    offices = [f"Phòng {part}" for part in ("Tổ chức", "Kế hoạch", "Nghiệp vụ 1", "Nghiệp vụ 2", "Pháp chế")] + [
        "Văn phòng Sở"
    ]
    rows = "\n".join(
        f"| {n} | {deed}: {_sentence(c, r)} | {r.choice(offices)} | {r.choice(offices)} | {r.choice(WHEN).format(y=c.year)} |"
        for n, deed in enumerate(r.sample(DEEDS, 13), start=1)
    )
    text = (
        f"| UBND TỈNH {c.place.upper()} | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n| --- | --- |\n"
        f"| **{name.upper()}** | **Độc lập - Tự do - Hạnh phúc** |\n| Số: {10 + c.turn}/KH-{code} | *{c.dated(step)}* |\n\n"
        f"# KẾ HOẠCH\n\n**Thực hiện phong trào thi đua {c.movement} năm {c.year}**\n\n"
        f"Thực hiện {c.plan}; {c.directive} và {CENTRAL[step % 3]}, {name} ban hành Kế hoạch như sau:\n\n"
        f"## I. MỤC TIÊU\n\n1. {_sentence(c, r)}\n\n2. Ít nhất {r.randint(80, 99)}% hồ sơ trả đúng hoặc trước hạn.\n\n"
        f"## II. NHIỆM VỤ\n\n| STT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |\n| --- | --- | --- | --- | --- |\n"
        f"{rows}\n\n## III. TỔ CHỨC THỰC HIỆN\n\n1. {_sentence(c, r)}\n\n"
        f"2. Giao Văn phòng Sở chủ trì, phối hợp với các phòng theo dõi, báo cáo Giám đốc trước ngày 25 hằng tháng./.\n\n"
        f"{_close(r, 'KT. GIÁM ĐỐC', 'PHÓ GIÁM ĐỐC')}"
    )
    return Sample(_path(c, step, f"ke-hoach-{code.lower()}", "md"), text)


def _report(c: _Cascade, step: int, r: random.Random) -> Sample:
    items = "\n\n".join(
        f"{n}. {deed}: {_sentence(c, r)} {_sentence(c, r)} Kết quả đạt {r.randint(60, 100)}%."
        for n, deed in enumerate(r.sample(DEEDS, 12), start=1)
    )
    text = (
        f"{_head('ỦY BAN NHÂN DÂN', f'TỈNH {c.place.upper()}', f'{300 + c.turn}/BC-UBND', c.dated(step))}BÁO CÁO\n"
        f"Kết quả phong trào thi đua {c.movement} năm {c.year}\n\n"
        f"Thực hiện {c.plan} và {c.directive}, Ủy ban nhân dân tỉnh báo cáo kết quả như sau:\n\n"
        f"{items}\n\n{_close(r, 'TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH')}"
    )
    return Sample(_path(c, step, "bao-cao", "txt"), text)


def _head(above: str, issuer: str, symbol: str, dated: str) -> str:
    return (
        f"{above:<34} CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{issuer:<38} Độc lập - Tự do - Hạnh phúc\n"
        f"Số: {symbol:<30} {dated}\n\n"
    )


def _sentence(c: _Cascade, r: random.Random) -> str:
    """A sentence of the kind plans are full of; each has a mark of its own, as every real text has words of its own."""
    aim, other = r.sample(AIMS, 2)
    where = f"tại {r.randint(2, 30)} xã, phường của tỉnh {c.place}"
    return f"Việc này làm {where}, {aim}; đồng thời {other}, theo phương án {_word(r)} {r.randint(1, 999)}."


def _word(r: random.Random) -> str:
    return r.choice(("lúa", "sen", "tre", "đước", "cau", "dừa", "mai", "trúc")) + " " + r.choice("ABCDEGHKLMNPQRSTVX")


def _close(r: random.Random, on_behalf: str, position: str) -> str:
    return (
        f"Nơi nhận:\n- Thường trực Tỉnh ủy;\n- Các sở, ban, ngành tỉnh;\n- Ủy ban nhân dân các huyện, thành phố;\n- Lưu: VT.\n\n"
        f"{on_behalf}\n{position}\n\n{r.choice(FAMILY)} {r.choice(GIVEN)}\n\n{SAMPLE}\n"
    )


def _path(c: _Cascade, step: int, kind: str, ending: str) -> str:
    return f"{c.year}/{c.number // 100:04}/{c.number:06}-{step}-{kind}.{ending}"


def main() -> None:
    """Write the documents that the command line asks for."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--count", type=int, default=1000)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    size = write(given.folder, given.count, given.seed)
    print(f"{given.count} documents, {size / 1e6:.1f} MB, {size / given.count / 1e3:.1f} KB each")


if __name__ == "__main__":
    main()
