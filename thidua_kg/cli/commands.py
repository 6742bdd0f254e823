"""The commands and their options; heavy parts are imported by the command that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from thidua_kg.cli.graph import query, sparql
from thidua_kg.cli.judge import judge
from thidua_kg.cli.options import JSON, KB, STRICT, answer, must_exist, open_kb
from thidua_kg.cli.questions import due, find, implemented_by, implements, responsible, trace, who
from thidua_kg.cli.upkeep import purge, rebuild, verify
from thidua_kg.cli.vocab import vocab

if TYPE_CHECKING:
    from thidua_kg.access import Access

_COLLECTION = click.option("--collection", help="chỉ trong bộ sưu tập này")
_SECONDS = click.option(
    "--seconds", type=click.FloatRange(min=1), default=120, show_default=True, help="thời gian tối đa cho một tệp"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--english", is_flag=True, envvar="THIDUA_ENGLISH", help="table heads in English")
@click.version_option(package_name="thidua-kg", prog_name="thidua")
@click.pass_context
def cli(context: click.Context, english: bool) -> None:
    """Đọc chỉ thị, kế hoạch và trả lời: ai làm gì, khi nào, theo văn bản nào.

    Reads Vietnamese directives and plans: who does what, by when, because of which document.
    """
    context.obj = english


_ELSEWHERE = (
    *(judge, vocab, verify, rebuild, purge),
    *(find, implements, implemented_by, trace, who, responsible, due, query, sparql),
)
for command in _ELSEWHERE:
    cli.add_command(command)


@cli.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["json", "table"]), default="json", show_default=True)
@_SECONDS
def parse(files: tuple[str, ...], form: str, seconds: float) -> None:
    """Đọc tệp và in kết quả, mỗi văn bản một dòng JSON (contract, section 2); gói ZIP, edXML: mỗi tệp trong gói một dòng."""
    from thidua_kg.cli.output import write_json
    from thidua_kg.cli.views import document_view
    from thidua_kg.pipeline import linked
    from thidua_kg.readers import expand
    from thidua_kg.resolver import Registry
    from thidua_kg.workers import Job, reading

    failed = False
    found = [name for file in files for name in expand(file)]
    names = [name for name in found if isinstance(name, str)]
    with reading([Path(name) for name in names], None, seconds) as read:
        outcomes = read(Job(path=name, name=name) for name in names)
        for name in found:
            outcome = next(outcomes) if isinstance(name, str) else None
            if outcome is None or outcome.document is None:
                sys.stderr.write(f"thidua: {f'{name}: {outcome.why}' if outcome else name}\n")
                failed = True
                continue
            document = linked(outcome.document, Registry())
            if form == "json":
                write_json([document])
            else:
                document_view(document)
    sys.exit(1 if failed else 0)


@cli.command()
@click.argument("paths", nargs=-1)
@click.option(
    "--catalogue",
    help="danh mục CSV các văn bản đã biết (cột symbol hoặc name; type, issuer, place, date, title, aliases)",
)
@click.option("--place", help="nơi ban hành của danh mục không ghi nơi")
@click.option("--issuer", help="cơ quan của danh mục không ghi cơ quan")
@click.option(
    "--allow-marked", is_flag=True, help="nhận cả văn bản mang dấu MẬT, TỐI MẬT, TUYỆT MẬT (quyết định của chủ kho)"
)
@click.option("--collection", help="bộ sưu tập của các tệp này (mặc định: “mặc định”)")
@click.option("--access", type=click.Choice(["public", "internal"]), help="nhãn của bộ sưu tập: công khai hay nội bộ")
@click.option("--workers", type=click.IntRange(0, 64), help="số tiến trình đọc tệp; mặc định theo số lõi của máy")
@_SECONDS
@KB
@JSON
def add(
    paths: tuple[str, ...],
    kb: str,
    as_json: bool,
    allow_marked: bool,
    collection: str | None,
    access: Access | None,
    workers: int | None,
    seconds: float,
    **catalogue: str | None,
) -> None:
    """Đưa tệp, thư mục và gói (ZIP, edXML) vào kho; tệp không đổi được bỏ qua, tệp đã đổi được thay."""
    from thidua_kg.cli.output import end_with_reports
    from thidua_kg.cli.views import progress_bar

    listed = catalogue.pop("catalogue")
    if not paths and listed is None:
        raise click.UsageError("thiếu tệp, thư mục hoặc --catalogue")
    with open_kb(kb, write=True) as opened:
        reports = [opened.add_catalogue(listed, **catalogue)] if listed is not None else []
        if paths:
            with progress_bar() as progress:
                reports.append(
                    opened.add(
                        paths, progress, workers=workers, seconds=seconds, allow_marked=allow_marked,
                        collection=collection, access=access,
                    )
                )  # fmt: skip
    end_with_reports(
        reports,
        as_json=as_json,
        told=lambda r: f"thêm {r.added}, thay {r.replaced}, không đổi {r.unchanged}, lỗi {len(r.failed)}",
    )


@cli.command()
@click.argument("documents", nargs=-1, required=True)
@click.option("--strict", is_flag=True, expose_value=False, help="luôn như vậy ở lệnh này (always so here)")
@KB
@JSON
def remove(documents: tuple[str, ...], kb: str, as_json: bool) -> None:
    """Bỏ văn bản khỏi kho, cùng mọi thứ rút ra từ nó; tên có thể chỉ nhiều văn bản thì từ chối."""
    from thidua_kg.cli.output import write_json

    must_exist(kb)
    with open_kb(kb, write=True) as opened:
        taken = opened.remove(documents)
    if as_json:
        write_json(taken)
    else:
        for document in taken:
            click.echo(f"đã bỏ: {document.label()}")


@cli.command()
@_COLLECTION
@KB
@JSON
@click.pass_context
def ls(context: click.Context, collection: str | None, kb: str, as_json: bool) -> None:
    """Liệt kê văn bản trong kho."""
    answer(context, kb, as_json, lambda opened: opened.ls(collection=collection))


@cli.command()
@click.argument("document")
@STRICT
@KB
@JSON
def show(document: str, strict: bool, kb: str, as_json: bool) -> None:
    """Xem một văn bản: đầu đề, viện dẫn, nhiệm vụ, chỉ tiêu."""
    from thidua_kg.cli.output import write_json
    from thidua_kg.cli.views import document_view

    with open_kb(kb) as opened:
        found = opened.show(document, strict=strict)
    if as_json:
        write_json([found])
    else:
        document_view(found)


@cli.command()
@click.argument("raw", nargs=-1, required=True)
@JSON
def symbol(raw: tuple[str, ...], as_json: bool) -> None:
    """Dạng chuẩn, các phần và lỗi của một số, ký hiệu."""
    from thidua_kg.cli.output import table, write_json
    from thidua_kg.resolver import symbols_meant

    failed = False
    rows: list[Any] = []
    for text in raw:
        found = symbols_meant(text)
        if not found:
            sys.stderr.write(
                f"thidua: {text}: không phải số, ký hiệu văn bản; ví dụ đúng: 34-CT/TW, 385/KH-UBND, 15/2022/NĐ-CP\n"
            )
            failed = True
        rows += found
    if as_json:
        write_json(rows)
    else:
        heads = ["In là", "Chuẩn", "Hệ thống", "Loại", "Số", "Năm", "Cơ quan", "Lưu ý"]
        table(
            heads,
            [
                [s.printed, s.canonical, s.system, s.type, s.number, s.year, "-".join(s.issuers), ", ".join(s.issues)]
                for s in rows
            ],
        )
    sys.exit(1 if failed else 0)


@cli.command()
@click.argument("query")
@click.option("--type", "types", multiple=True, help="loại văn bản")
@click.option("--issuer", "issuers", multiple=True, help="cơ quan ban hành")
@click.option("--unit", "units", multiple=True, help="đơn vị được giao")
@click.option("--from", "since", help="từ ngày, 2022-01-31")
@click.option("--to", "until", help="đến ngày")
@_COLLECTION
@click.option("--in", "fields", help="trường tìm: title,task,body,…")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--offset", default=0, type=click.IntRange(0, 100_000))
@click.option(
    "--facets", is_flag=True, help="với --json: thêm mỗi giá trị (loại, cơ quan, năm, đơn vị) một dòng sau các văn bản"
)
@KB
@JSON
@click.pass_context
def search(context: click.Context, /, query: str, kb: str, as_json: bool, facets: bool, **options: Any) -> None:
    """Tìm toàn văn; cụm từ trong ngoặc kép, AND OR NOT, trường:từ."""
    options["fields"] = tuple(filter(None, (options["fields"] or "").split(",")))
    answer(context, kb, as_json, lambda opened: opened.search(query, facets=facets or not as_json, **options))


@cli.command()
@click.argument("format", type=click.Choice(["ttl", "nt", "jsonld", "graphml", "csv"]))
@click.option("-o", "--output", required=True, help="tệp (hoặc thư mục với csv) để ghi")
@click.option(
    "--access", type=click.Choice(["public", "all"]), default="public", help="chỉ văn bản công khai, hay tất cả"
)
@KB
@JSON
def export(format: str, output: str, access: Literal["public", "all"], kb: str, as_json: bool) -> None:
    """Xuất văn bản công khai (hay cả kho với --access all): ttl, nt, jsonld, graphml, csv."""
    from thidua_kg.cli.output import write_json

    with open_kb(kb) as opened:
        opened.export(format, output, access=access)
        held_back = opened.held_back() if access == "public" else 0
    if held_back:
        sys.stderr.write(f"thidua: {held_back} văn bản nội bộ không được xuất; thêm --access all để xuất tất cả\n")
    if as_json:
        write_json([{"format": format, "path": output, "held_back": held_back}])
    else:
        click.echo(f"đã ghi {output}")


@cli.command()
@KB
@JSON
def collections(kb: str, as_json: bool) -> None:
    """Các bộ sưu tập, nhãn truy cập và số tệp của mỗi bộ."""
    from thidua_kg.cli.output import table, write_json

    with open_kb(kb) as opened:
        found = opened.collections()
    if as_json:
        write_json({"name": name, "access": access, "sources": size} for name, access, size in found)
    else:
        table(["Bộ sưu tập", "Truy cập", "Số tệp"], found)


@cli.command()
@click.argument("folder")
@KB
@JSON
def publish(folder: str, kb: str, as_json: bool) -> None:
    """Lập trong thư mục mới một kho chỉ có văn bản công khai, để chia sẻ hay phục vụ."""
    from thidua_kg.cli.output import write_json

    with open_kb(kb) as opened:
        opened.publish(folder)
        held_back = opened.held_back()
    if as_json:
        write_json([{"path": folder, "held_back": held_back}])
    else:
        click.echo(f"đã lập {folder}; {held_back} văn bản nội bộ ở lại")


@cli.command()
@KB
@JSON
def stats(kb: str, as_json: bool) -> None:
    """Số liệu của kho."""
    from thidua_kg.cli.output import table, write_json

    with open_kb(kb) as opened:
        found = opened.stats()
    if as_json:
        write_json([found])
    else:
        table(
            ["Mục", "Giá trị"],
            [[k, ", ".join(f"{a}: {b}" for a, b in v.items()) if isinstance(v, dict) else v] for k, v in found.items()],
        )


@cli.command()
@JSON
@click.pass_context
def demo(context: click.Context, as_json: bool) -> None:
    """Thêm kho mẫu vào một thư mục tạm và hỏi thử vài câu."""
    from thidua_kg.cli.demo import run

    run(as_json=as_json, english=bool(context.obj))
