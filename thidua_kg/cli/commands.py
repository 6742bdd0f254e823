"""The commands and their options; heavy parts are imported by the command that needs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from thidua_kg.cli.judge import judge
from thidua_kg.cli.options import JSON as _JSON
from thidua_kg.cli.options import KB as _KB
from thidua_kg.cli.options import must_exist as _must_exist
from thidua_kg.cli.options import open_kb as _open
from thidua_kg.cli.upkeep import purge, rebuild, verify
from thidua_kg.cli.vocab import vocab

if TYPE_CHECKING:
    from thidua_kg.access import Access
    from thidua_kg.answers.records import Answers
    from thidua_kg.graph.records import Table
    from thidua_kg.knowledge_base import KnowledgeBase

_COLLECTION = click.option("--collection", help="chỉ trong bộ sưu tập này")
_STRICT = click.option(
    "--strict", is_flag=True, help="từ chối khi tên có thể chỉ nhiều văn bản (refuse ambiguous names)"
)


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


cli.add_command(judge)
cli.add_command(vocab)
for command in (verify, rebuild, purge):
    cli.add_command(command)


def _show(context: click.Context, kb: str, as_json: bool, ask: Callable[[KnowledgeBase], Answers]) -> None:
    from thidua_kg.cli.output import show_answers

    with _open(kb) as opened:
        show_answers(ask(opened), as_json=as_json, english=bool(context.obj))


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
@_KB
@_JSON
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
    with _open(kb, write=True) as opened:
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
@_KB
@_JSON
def remove(documents: tuple[str, ...], kb: str, as_json: bool) -> None:
    """Bỏ văn bản khỏi kho, cùng mọi thứ rút ra từ nó; tên có thể chỉ nhiều văn bản thì từ chối."""
    from thidua_kg.cli.output import write_json

    _must_exist(kb)
    with _open(kb, write=True) as opened:
        taken = opened.remove(documents)
    if as_json:
        write_json(taken)
    else:
        for document in taken:
            click.echo(f"đã bỏ: {document.label()}")


@cli.command()
@_COLLECTION
@_KB
@_JSON
@click.pass_context
def ls(context: click.Context, collection: str | None, kb: str, as_json: bool) -> None:
    """Liệt kê văn bản trong kho."""
    _show(context, kb, as_json, lambda opened: opened.ls(collection=collection))


@cli.command()
@click.argument("document")
@_STRICT
@_KB
@_JSON
def show(document: str, strict: bool, kb: str, as_json: bool) -> None:
    """Xem một văn bản: đầu đề, viện dẫn, nhiệm vụ, chỉ tiêu."""
    from thidua_kg.cli.output import write_json
    from thidua_kg.cli.views import document_view

    with _open(kb) as opened:
        found = opened.show(document, strict=strict)
    if as_json:
        write_json([found])
    else:
        document_view(found)


@cli.command()
@click.argument("raw", nargs=-1, required=True)
@_JSON
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
@click.argument("name")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@_KB
@_JSON
@click.pass_context
def find(context: click.Context, name: str, limit: int, kb: str, as_json: bool) -> None:
    """Tìm văn bản theo cách người ta gọi: "Chỉ thị 34", "KH 43 của Ban Dân vận"."""
    _show(context, kb, as_json, lambda opened: opened.find(name, limit))


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
@_KB
@_JSON
@click.pass_context
def search(context: click.Context, /, query: str, kb: str, as_json: bool, facets: bool, **options: Any) -> None:
    """Tìm toàn văn; cụm từ trong ngoặc kép, AND OR NOT, trường:từ."""
    options["fields"] = tuple(filter(None, (options["fields"] or "").split(",")))
    _show(context, kb, as_json, lambda opened: opened.search(query, facets=facets or not as_json, **options))


_DIRECT = click.option("--direct/--transitive", default=False, help="chỉ quan hệ trực tiếp, hay cả bắc cầu (mặc định)")


@cli.command()
@click.argument("document")
@_DIRECT
@_STRICT
@_KB
@_JSON
@click.pass_context
def implements(context: click.Context, document: str, direct: bool, strict: bool, kb: str, as_json: bool) -> None:
    """Văn bản, nhiệm vụ (DOC#MỤC) này thực hiện những văn bản nào."""
    _show(context, kb, as_json, lambda opened: opened.implements(document, direct=direct, strict=strict))


@cli.command("implemented-by")
@click.argument("document")
@_DIRECT
@_STRICT
@_KB
@_JSON
@click.pass_context
def implemented_by(context: click.Context, document: str, direct: bool, strict: bool, kb: str, as_json: bool) -> None:
    """Những văn bản, nhiệm vụ nào thực hiện văn bản này."""
    _show(context, kb, as_json, lambda opened: opened.implemented_by(document, direct=direct, strict=strict))


@cli.command()
@click.argument("document")
@click.argument("other", required=False)
@_STRICT
@_KB
@_JSON
@click.pass_context
def trace(context: click.Context, document: str, other: str | None, strict: bool, kb: str, as_json: bool) -> None:
    """Chuỗi văn bản trên và dưới một văn bản; với hai văn bản: đường nối giữa chúng."""
    _show(context, kb, as_json, lambda opened: opened.trace(document, other, strict=strict))


@cli.command()
@click.argument("unit")
@click.option("--role", type=click.Choice(["lead", "coordinate", "advise", "perform"]))
@_KB
@_JSON
@click.pass_context
def who(context: click.Context, unit: str, role: str | None, kb: str, as_json: bool) -> None:
    """Việc của một đơn vị trong mọi kế hoạch."""
    _show(context, kb, as_json, lambda opened: opened.who(unit, role=role))


@cli.command()
@click.argument("document")
@_STRICT
@_KB
@_JSON
@click.pass_context
def responsible(context: click.Context, document: str, strict: bool, kb: str, as_json: bool) -> None:
    """Ai chịu trách nhiệm về một văn bản hay nhiệm vụ (DOC#MỤC)."""
    _show(context, kb, as_json, lambda opened: opened.responsible(document, strict=strict))


@cli.command()
@click.option("--from", "since", help="từ ngày, 2022-01-31")
@click.option("--to", "until", help="đến ngày")
@click.option("--unit", help="của đơn vị nào")
@_KB
@_JSON
@click.pass_context
def due(context: click.Context, since: str | None, until: str | None, unit: str | None, kb: str, as_json: bool) -> None:
    """Thời hạn; việc định kỳ được trải theo năm của kế hoạch (ghi rõ là suy ra)."""
    _show(context, kb, as_json, lambda opened: opened.due(since=since, until=until, unit=unit))


def _print_table(found: Table, as_json: bool) -> None:
    from thidua_kg.cli.output import table, write_json

    if as_json:
        write_json(dict(zip(found.columns, row, strict=True)) for row in found.rows)
    else:
        table(found.columns, found.rows)
    if found.truncated:
        sys.stderr.write(f"thidua: chỉ in {len(found.rows)} dòng đầu; thêm --limit để lấy nhiều hơn\n")


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name", required=False)
@click.option("--limit", default=10_000, show_default=True, type=click.IntRange(1))
@_KB
@_JSON
@click.pass_context
def query(context: click.Context, name: str | None, limit: int, kb: str, as_json: bool) -> None:
    """Hỏi một câu đã lưu: thidua query TÊN --THAM-SỐ GIÁ-TRỊ; không có tên thì liệt kê."""
    from thidua_kg.cli.output import table

    with _open(kb) as opened:
        if name is None:
            rows = [[n, q.vi, " ".join(f"--{p.name}" for p in q.params)] for n, q in opened.questions().items()]
            table(["Tên", "Câu hỏi", "Tham số"], rows)
            return
        _print_table(opened.query(name, _parameters(context.args), limit=limit), as_json)


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


@cli.command()
@click.argument("text")
@click.option("--limit", default=10_000, show_default=True, type=click.IntRange(1))
@click.option("--seconds", type=click.FloatRange(min=0.1), help="giới hạn thời gian")
@_KB
@_JSON
def sparql(text: str, limit: int, seconds: float | None, kb: str, as_json: bool) -> None:
    """Câu hỏi SPARQL 1.1 chỉ đọc; @TỆP đọc câu hỏi từ tệp."""
    from thidua_kg.errors import UnreadableSource

    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableSource(
                text[1:], f"không đọc được ({error})", "kiểm tra lại đường dẫn và bảng mã"
            ) from error
    with _open(kb) as opened:
        _print_table(opened.sparql(text, limit=limit, seconds=seconds), as_json)


@cli.command()
@click.argument("format", type=click.Choice(["ttl", "nt", "jsonld", "graphml", "csv"]))
@click.option("-o", "--output", required=True, help="tệp (hoặc thư mục với csv) để ghi")
@click.option(
    "--access", type=click.Choice(["public", "all"]), default="public", help="chỉ văn bản công khai, hay tất cả"
)
@_KB
@_JSON
def export(format: str, output: str, access: Literal["public", "all"], kb: str, as_json: bool) -> None:
    """Xuất văn bản công khai (hay cả kho với --access all): ttl, nt, jsonld, graphml, csv."""
    from thidua_kg.cli.output import write_json

    with _open(kb) as opened:
        opened.export(format, output, access=access)
        held_back = opened.held_back() if access == "public" else 0
    if held_back:
        sys.stderr.write(f"thidua: {held_back} văn bản nội bộ không được xuất; thêm --access all để xuất tất cả\n")
    if as_json:
        write_json([{"format": format, "path": output, "held_back": held_back}])
    else:
        click.echo(f"đã ghi {output}")


@cli.command()
@_KB
@_JSON
def collections(kb: str, as_json: bool) -> None:
    """Các bộ sưu tập, nhãn truy cập và số tệp của mỗi bộ."""
    from thidua_kg.cli.output import table, write_json

    with _open(kb) as opened:
        found = opened.collections()
    if as_json:
        write_json({"name": name, "access": access, "sources": size} for name, access, size in found)
    else:
        table(["Bộ sưu tập", "Truy cập", "Số tệp"], found)


@cli.command()
@click.argument("folder")
@_KB
@_JSON
def publish(folder: str, kb: str, as_json: bool) -> None:
    """Lập trong thư mục mới một kho chỉ có văn bản công khai, để chia sẻ hay phục vụ."""
    from thidua_kg.cli.output import write_json

    with _open(kb) as opened:
        opened.publish(folder)
        held_back = opened.held_back()
    if as_json:
        write_json([{"path": folder, "held_back": held_back}])
    else:
        click.echo(f"đã lập {folder}; {held_back} văn bản nội bộ ở lại")


@cli.command()
@_KB
@_JSON
def stats(kb: str, as_json: bool) -> None:
    """Số liệu của kho."""
    from thidua_kg.cli.output import table, write_json

    with _open(kb) as opened:
        found = opened.stats()
    if as_json:
        write_json([found])
    else:
        table(
            ["Mục", "Giá trị"],
            [[k, ", ".join(f"{a}: {b}" for a, b in v.items()) if isinstance(v, dict) else v] for k, v in found.items()],
        )


@cli.command()
@_JSON
@click.pass_context
def demo(context: click.Context, as_json: bool) -> None:
    """Thêm kho mẫu vào một thư mục tạm và hỏi thử vài câu."""
    from thidua_kg.cli.demo import run

    run(as_json=as_json, english=bool(context.obj))
