"""The commands that ask about documents, tasks and units: who does what, by when, because of which document."""

from __future__ import annotations

import click

from thidua_kg.cli.options import JSON, KB, LIMIT, STRICT, answer, rows_for

_DIRECT = click.option("--direct/--transitive", default=False, help="chỉ quan hệ trực tiếp, hay cả bắc cầu (mặc định)")


@click.command()
@click.argument("name")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@KB
@JSON
@click.pass_context
def find(context: click.Context, name: str, limit: int, kb: str, as_json: bool) -> None:
    """Tìm văn bản theo cách người ta gọi: "Chỉ thị 34", "KH 43 của Ban Dân vận"."""
    answer(context, kb, as_json, lambda opened: opened.find(name, limit))


@click.command()
@click.argument("document")
@_DIRECT
@STRICT
@LIMIT
@KB
@JSON
@click.pass_context
def implements(
    context: click.Context, document: str, direct: bool, strict: bool, limit: int | None, kb: str, as_json: bool
) -> None:
    """Văn bản, nhiệm vụ (DOC#MỤC) này thực hiện những văn bản nào."""
    rows = rows_for(limit, as_json)
    answer(context, kb, as_json, lambda opened: opened.implements(document, direct=direct, strict=strict, limit=rows))


@click.command("implemented-by")
@click.argument("document")
@_DIRECT
@STRICT
@LIMIT
@KB
@JSON
@click.pass_context
def implemented_by(
    context: click.Context, document: str, direct: bool, strict: bool, limit: int | None, kb: str, as_json: bool
) -> None:
    """Những văn bản, nhiệm vụ nào thực hiện văn bản này."""
    rows = rows_for(limit, as_json)
    answer(
        context, kb, as_json, lambda opened: opened.implemented_by(document, direct=direct, strict=strict, limit=rows)
    )


@click.command()
@click.argument("document")
@click.argument("other", required=False)
@STRICT
@LIMIT
@KB
@JSON
@click.pass_context
def trace(
    context: click.Context, document: str, other: str | None, strict: bool, limit: int | None, kb: str, as_json: bool
) -> None:
    """Chuỗi văn bản trên và dưới một văn bản; với hai văn bản: đường nối giữa chúng."""
    rows = rows_for(limit, as_json)
    answer(context, kb, as_json, lambda opened: opened.trace(document, other, strict=strict, limit=rows))


@click.command()
@click.argument("unit")
@click.option("--role", type=click.Choice(["lead", "coordinate", "advise", "perform"]))
@LIMIT
@KB
@JSON
@click.pass_context
def who(context: click.Context, unit: str, role: str | None, limit: int | None, kb: str, as_json: bool) -> None:
    """Việc của một đơn vị trong mọi kế hoạch."""
    answer(context, kb, as_json, lambda opened: opened.who(unit, role=role, limit=rows_for(limit, as_json)))


@click.command()
@click.argument("document")
@STRICT
@KB
@JSON
@click.pass_context
def responsible(context: click.Context, document: str, strict: bool, kb: str, as_json: bool) -> None:
    """Ai chịu trách nhiệm về một văn bản hay nhiệm vụ (DOC#MỤC)."""
    answer(context, kb, as_json, lambda opened: opened.responsible(document, strict=strict))


@click.command()
@click.option("--from", "since", help="từ ngày, 2022-01-31")
@click.option("--to", "until", help="đến ngày")
@click.option("--unit", help="của đơn vị nào")
@LIMIT
@KB
@JSON
@click.pass_context
def due(
    context: click.Context,
    since: str | None,
    until: str | None,
    unit: str | None,
    limit: int | None,
    kb: str,
    as_json: bool,
) -> None:
    """Thời hạn; việc định kỳ được trải theo năm của kế hoạch (ghi rõ là suy ra)."""
    rows = rows_for(limit, as_json)
    answer(context, kb, as_json, lambda opened: opened.due(since=since, until=until, unit=unit, limit=rows))
