"""ZIPs: each member a source; bombs, path tricks, passwords and nesting refused one by one."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thidua_kg
from tests.conftest import CORPUS
from tests.test_cli import lines, thidua
from tests.test_encodings import to_cp1258
from thidua_kg.errors import UnreadableSource
from thidua_kg.readers import expand, read, sources
from thidua_kg.readers.packages import walk

TEXT = "KẾ HOẠCH\n\nThi đua năm 2022.\n".encode()


def zipped(members: dict[str, bytes], **options: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", **options) as archive:  # type: ignore[arg-type]
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def saved(folder: Path, data: bytes, name: str = "goi.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def found(path: Path) -> tuple[list[str], list[str]]:
    """The names of the sources at a path, and the lines of those refused."""
    names, refused = [], []
    for one in sources(path):
        if isinstance(one, UnreadableSource):
            refused.append(str(one))
        else:
            names.append(one.path)
    return [n.rpartition("goi.zip!")[2] for n in names], [r.rpartition("goi.zip!")[2] for r in refused]


def test_each_member_is_a_source(tmp_path: Path) -> None:
    inner = zipped({"trong.txt": TEXT})
    path = saved(
        tmp_path,
        zipped({"thu-muc/kh.txt": TEXT, "b.md": TEXT, "__MACOSX/x": b"x", "c.zip": inner, "d.bin": b"a\x00\x01"}),
    )
    names, refused = found(path)
    assert names == ["thu-muc/kh.txt", "b.md", "c.zip!trong.txt"]
    assert len(refused) == 1
    assert "nhị phân" in refused[0]
    assert next(map(str, expand(path))) == f"{path}!thu-muc/kh.txt"
    for name in names:
        source = read(f"{path}!{name}")
        assert source.text.value == TEXT.decode()
        assert source.path == f"{path}!{name}"
    with pytest.raises(UnreadableSource, match="không có tệp này"):
        read(f"{path}!khong-co.txt")
    with pytest.raises(UnreadableSource, match="gói"):
        read(path)


def test_a_file_with_the_mark_in_its_name_is_a_file(tmp_path: Path) -> None:
    path = saved(tmp_path, TEXT, "khẩn!.txt")
    assert read(path).text.value == TEXT.decode()
    assert list(expand(path)) == [str(path)]


@pytest.mark.parametrize(
    "name", ["../x.txt", "a/../../x.txt", "/etc/x.txt", "C:/x.txt", "a\\x.txt", "..\\x.txt", "a\x01.txt", "x/.."]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    stored = "a" * len(name.encode())
    data = zipped({stored: TEXT, "b.txt": TEXT}).replace(stored.encode(), name.encode())
    names, refused = found(saved(tmp_path, data))
    assert names == ["b.txt"]
    assert len(refused) == 1
    assert "\n" not in refused[0]


def test_a_name_cut_by_a_zero_byte_is_refused(tmp_path: Path) -> None:
    data = zipped({"abc.exe_txt": TEXT, "b.txt": TEXT}).replace(b"abc.exe_txt", b"abc.exe\x00txt")
    names, refused = found(saved(tmp_path, data))
    assert names == ["b.txt"]
    assert len(refused) == 1


def test_doubles_links_and_passwords_are_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("A.TXT", TEXT)
        link = zipfile.ZipInfo("lien-ket.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("khoa.txt", TEXT)
    data = bytearray(target.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(
            signature, 0, data.rindex(b"khoa.txt") if signature == b"PK\x01\x02" else data.index(b"khoa.txt")
        )
        (flags,) = struct.unpack_from("<H", data, at + offset)
        struct.pack_into("<H", data, at + offset, flags | 1)
    names, refused = found(saved(tmp_path, bytes(data)))
    assert names == ["a.txt"]
    assert [line.split(":")[0] for line in refused] == ["A.TXT", "lien-ket.txt", "khoa.txt"]
    assert "mật khẩu" in refused[2]


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"bom.txt": b"0" * 30_000_000, "b.txt": TEXT}, compression=zipfile.ZIP_DEFLATED)
    names, refused = found(saved(tmp_path, bomb))
    assert names == ["b.txt"]
    assert "phá hoại" in refused[0]
    monkeypatch.setattr("thidua_kg.readers.zips.TOTAL", 1000)
    names, refused = found(saved(tmp_path, zipped({f"{n}.txt": TEXT for n in range(40)})))
    assert not names
    assert "bung ra" in refused[0]
    monkeypatch.setattr("thidua_kg.readers.zips.MEMBERS", 30)
    names, refused = found(saved(tmp_path, zipped({f"{n}.txt": TEXT for n in range(40)})))
    assert not names
    assert "40 tệp" in refused[0]


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": TEXT * 100}, compression=zipfile.ZIP_DEFLATED))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    names, refused = found(saved(tmp_path, bytes(data)))
    assert not names
    assert len(refused) == 1


def test_nesting_ends_at_two(tmp_path: Path) -> None:
    data = zipped({"a.txt": TEXT})
    for name in ("1.zip", "2.zip", "3.zip"):
        data = zipped({name: data})
    names, refused = found(saved(tmp_path, data))
    assert not names
    assert "lồng" in refused[0]


@pytest.mark.parametrize("encode", [to_cp1258, lambda text: text.encode("utf-8")])
def test_names_in_old_character_sets(tmp_path: Path, encode: object) -> None:
    name = encode("Kế hoạch thi đua.txt")  # type: ignore[operator]
    stored = "a" * len(name)
    data = zipped({stored: TEXT}).replace(stored.encode(), name)
    assert found(saved(tmp_path, data)) == (["Kế hoạch thi đua.txt"], [])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_zip_is_refused_in_one_line(data: st.DataObject) -> None:
    whole = bytearray(zipped({"a.txt": TEXT, "b/c.md": TEXT}, compression=zipfile.ZIP_DEFLATED))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(whole)))
    if not bytes(whole[:cut]).startswith(b"PK\x03\x04"):
        return
    for one in walk("goi.zip", bytes(whole[:cut])):
        if not isinstance(one, UnreadableSource):
            with contextlib.suppress(UnreadableSource):
                one.load()
        else:
            assert "\n" not in str(one)


def test_a_package_goes_into_the_knowledge_base_and_out_again(tmp_path: Path) -> None:
    names = ("ubnd-binh-thuan-2022-ke-hoach-385.md", "tinh-uy-2014-chi-thi-55.txt")
    members = {f"thu-muc/{name}": (CORPUS / name).read_bytes() for name in names}
    path = saved(tmp_path, zipped(members | {"../x.txt": TEXT}))
    with thidua_kg.open(tmp_path / "kho") as kb:
        report = kb.add([path])
        assert report.added == 2
        assert len(report.failed) == 1
        assert kb.add([path]).unchanged == 2
        (shown,) = [a for a in kb.ls() if a.document and a.document.canonical == "385/KH-UBND"]
        assert shown.path == f"{path.resolve().as_posix()}!thu-muc/{names[0]}"
    run = thidua("parse", path)
    assert run.returncode == 1
    assert [document["path"] for document in lines(run)] == [f"{path}!{name}" for name in members]
    assert "x.txt" in run.stderr.decode()
