"""The commands that look after a knowledge base: verify, rebuild, purge."""

from __future__ import annotations

import sys

import click

from thidua_kg.cli.options import JSON, KB, must_exist, open_kb


@click.command()
@KB
@JSON
def verify(kb: str, as_json: bool) -> None:
    """So kho với đồ thị và chỉ mục, từng văn bản; nói rõ cái gì sai và lệnh nào sửa."""
    from thidua_kg.cli.output import table, write_json

    with open_kb(kb) as opened:
        found = opened.verify()
    if as_json:
        write_json([found])
    else:
        names = {"store": "kho", "graph": "đồ thị", "index": "chỉ mục"}
        counts = ", ".join(f"{names[part]} {count}" for part, count in found.documents.items() if count is not None)
        click.echo(f"số văn bản: {counts}; {'khớp' if found.clean else f'{len(found.faults)} lỗi'}")
        table(
            ["Ở đâu", "Văn bản", "Lỗi", "Cách sửa"],
            [[names[f.part], f.document, f.why, f.remedy] for f in found.faults],
        )
    sys.exit(0 if found.clean else 1)


@click.command()
@KB
@JSON
def rebuild(kb: str, as_json: bool) -> None:
    """Dựng lại đồ thị và chỉ mục từ kho; kho của phiên bản cũ được chuyển, bản cũ giữ lại."""
    from thidua_kg.cli.output import write_json

    _must_be_there(kb)
    with open_kb(kb, write=True) as opened:
        opened.rebuild()
        found = opened.stats()
    if as_json:
        write_json([found])
    else:
        click.echo(f"đã dựng lại: {found['documents']} văn bản, {found['graph']['quads']} bộ tư của đồ thị")


@click.command()
@click.argument("documents", nargs=-1)
@KB
@JSON
def purge(documents: tuple[str, ...], kb: str, as_json: bool) -> None:
    """Xóa văn bản khỏi kho không để lại dấu vết; không kèm tên thì xóa nốt dấu vết của lần trước."""
    from thidua_kg.cli.output import write_json

    must_exist(kb)
    with open_kb(kb, write=True) as opened:
        taken = opened.purge(documents)
    if as_json:
        write_json(taken)
    else:
        for document in taken:
            click.echo(f"đã xóa hẳn: {document.label()}")
        click.echo("không còn dấu vết nào của văn bản đã xóa trong thư mục kho")


def _must_be_there(kb: str) -> None:
    """As `_must_exist`, for a knowledge base that cannot be opened for reading as it is."""
    from pathlib import Path

    from thidua_kg.database import FILE

    if not (Path(kb) / FILE).is_file():
        must_exist(kb)
