"""`thidua vocab …`: words that users add, as CSV or XLSX."""

from __future__ import annotations

import click
import msgspec

from thidua_kg.cli.options import JSON, KB, must_exist, open_kb


@click.group()
def vocab() -> None:
    """Đơn vị, tên gọi khác, sáp nhập, thành viên của nhóm, văn bản đã biết: thêm từ bảng CSV hoặc XLSX."""


@vocab.command()
@click.argument("file")
@KB
@JSON
def add(file: str, kb: str, as_json: bool) -> None:
    """Thêm các dòng của một bảng; dòng sai được nêu số dòng và bỏ qua.

    \b
    Dòng đầu ghi tên cột, thứ tự tùy ý; cột kind quyết định các cột kia:
      unit      name                     một đơn vị
      alias     name, alias              alias là tên khác của name
      merger    name, into, date         name thành into từ ngày date
      member    group, name              name thuộc nhóm group (“các sở, ban, ngành”)
      document  symbol hoặc name; type, issuer, place, date, title, aliases
    Cột within (“Bình Thuận”) giới hạn dòng trong văn bản của cơ quan hay nơi ấy; note để ghi chú.
    """
    from thidua_kg.cli.output import end_with_reports

    with open_kb(kb, write=True) as opened:
        report = opened.add_vocabulary(file)
    end_with_reports(
        [report], as_json=as_json, told=lambda r: f"thêm {r.added}, không đổi {r.unchanged}, lỗi {len(r.failed)}"
    )


@vocab.command()
@KB
@JSON
def ls(kb: str, as_json: bool) -> None:
    """Liệt kê các dòng đã thêm, với phiên bản từ vựng đưa nó vào."""
    from thidua_kg.cli.output import table, write_json

    with open_kb(kb) as opened:
        found = opened.vocabulary()
    if as_json:
        write_json({"id": word.id, "version": version, **msgspec.to_builtins(word)} for word, version in found)
    else:
        heads = ["Mã", "Loại", "Tên", "Là, thành, thuộc", "Ngày", "Trong", "Phiên bản"]
        rows = [[w.id, w.kind, w.name, w.other, w.date, w.within, version] for w, version in found]
        table(heads, rows)


@vocab.command()
@click.argument("ids", nargs=-1, required=True)
@KB
@JSON
def remove(ids: tuple[str, ...], kb: str, as_json: bool) -> None:
    """Bỏ các dòng theo mã (trong `thidua vocab ls`)."""
    from thidua_kg.cli.output import write_json

    must_exist(kb)
    with open_kb(kb, write=True) as opened:
        gone = opened.remove_vocabulary(ids)
    if as_json:
        write_json(gone)
    else:
        click.echo(f"đã bỏ {len(gone)} dòng")
