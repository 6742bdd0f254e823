"""The commands that ask the graph: saved questions and SPARQL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thidua_kg.cli.options import JSON, KB, open_kb

if TYPE_CHECKING:
    from thidua_kg.graph.records import Table


def _print_table(found: Table, as_json: bool) -> None:
    from thidua_kg.cli.output import table, write_json

    if as_json:
        write_json(dict(zip(found.columns, row, strict=True)) for row in found.rows)
    else:
        table(found.columns, found.rows)
    if found.truncated:
        sys.stderr.write(f"thidua: chỉ in {len(found.rows)} dòng đầu; thêm --limit để lấy nhiều hơn\n")


_SECONDS = click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=60, show_default=True, help="giới hạn thời gian"
)


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name", required=False)
@click.option("--limit", default=10_000, show_default=True, type=click.IntRange(1))
@_SECONDS
@KB
@JSON
@click.pass_context
def query(context: click.Context, name: str | None, limit: int, seconds: float, kb: str, as_json: bool) -> None:
    """Hỏi một câu đã lưu: thidua query TÊN --THAM-SỐ GIÁ-TRỊ; không có tên thì liệt kê."""
    from thidua_kg.cli.output import table

    with open_kb(kb) as opened:
        if name is None:
            rows = [[n, q.vi, " ".join(f"--{p.name}" for p in q.params)] for n, q in opened.questions().items()]
            table(["Tên", "Câu hỏi", "Tham số"], rows)
            return
        _print_table(opened.query(name, _parameters(context.args), limit=limit, seconds=seconds), as_json)


def _parameters(words: list[str]) -> dict[str, str]:
    """`["--van-ban", "Chỉ thị 34", "--nam=2022"]` as a mapping; a usage error where they do not pair."""
    values: dict[str, str] = {}
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("--"):
            raise click.UsageError(f"tham số phải bắt đầu bằng --: {word}")
        key, separator, value = word[2:].partition("=")
        if not separator:
            following = next(waiting, None)
            if following is None:
                raise click.UsageError(f"thiếu giá trị cho --{key}")
            value = following
        values[key] = value
    return values


@click.command()
@click.argument("text")
@click.option("--limit", default=10_000, show_default=True, type=click.IntRange(1))
@_SECONDS
@KB
@JSON
def sparql(text: str, limit: int, seconds: float, kb: str, as_json: bool) -> None:
    """Câu hỏi SPARQL 1.1 chỉ đọc; @TỆP đọc câu hỏi từ tệp."""
    from thidua_kg.errors import UnreadableSource

    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableSource(
                text[1:], f"không đọc được ({error})", "kiểm tra lại đường dẫn và bảng mã"
            ) from error
    with open_kb(kb) as opened:
        _print_table(opened.sparql(text, limit=limit, seconds=seconds), as_json)
