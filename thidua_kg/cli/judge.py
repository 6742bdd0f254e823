"""`thidua judge …`: a person's corrections, each with who, when and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from thidua_kg.cli.options import JSON, KB, must_exist, open_kb

if TYPE_CHECKING:
    from thidua_kg.judgements.records import Judgement, Kind, Standing

_F = TypeVar("_F", bound=Callable[..., Any])
_STATES = {"placed": "đang dùng", "orphaned": "mất chỗ", "superseded": "đã thay", "undone": "đã rút"}
_KINDS = {
    "header": "đầu văn bản", "link": "viện dẫn", "relation": "quan hệ", "role": "vai trò", "time": "thời gian",
    "task": "nhiệm vụ", "same": "cùng văn bản", "different": "khác văn bản", "undo": "rút lại",
}  # fmt: skip


def _reasons(command: _F) -> _F:
    """The options that every judgement has."""
    for option in (
        JSON,
        KB,
        click.option("--by", help="người xác nhận (mặc định: THIDUA_USER hoặc tên tài khoản)"),
        click.option("--why", default="", help="vì sao"),
    ):
        command = option(command)
    return command


@click.group()
def judge() -> None:
    """Ghi điều người đọc xác nhận hay sửa; còn nguyên khi văn bản được đọc lại.

    Records a person's corrections; they lie over the parse and survive re-parsing. QUOTE là nguyên văn một đoạn; nếu đoạn có
    nhiều chỗ, chép thêm chữ quanh đó: "trước [[đoạn này]] sau".
    """


def _make(kb: str, kind: Kind, document: str, value: str, as_json: bool, **rest: Any) -> None:
    must_exist(kb)
    with open_kb(kb, write=True) as opened:
        made = opened.judge(kind, document, value, **rest)
    _say(made, as_json)


def _say(made: Judgement, as_json: bool) -> None:
    from thidua_kg.cli.output import write_json
    from thidua_kg.judgements.records import encode_line

    if as_json:
        import msgspec

        write_json([msgspec.Raw(encode_line(made))])
    else:
        click.echo(f"đã ghi {made.id}: {_KINDS[made.kind]} — {made.document}")


@judge.command()
@click.argument("document")
@click.argument("field")
@click.argument("value")
@_reasons
def header(document: str, field: str, value: str, kb: str, as_json: bool, **said: Any) -> None:
    """Sửa hay xác nhận một trường: symbol, date, type, issuer, decided_by, place, title, signer, position, secrecy; none để bỏ."""
    _make(kb, "header", document, value, as_json, field=field, **said)


@judge.command()
@click.argument("document")
@click.argument("quote")
@click.argument("target")
@_reasons
def link(document: str, quote: str, target: str, kb: str, as_json: bool, **said: Any) -> None:
    """Viện dẫn QUOTE chỉ văn bản TARGET; none: không chỉ văn bản nào; undecided: chưa rõ."""
    _make(kb, "link", document, target, as_json, quote=quote, **said)


@judge.command()
@click.argument("document")
@click.argument("quote")
@click.argument("relation")
@_reasons
def relation(document: str, quote: str, relation: str, kb: str, as_json: bool, **said: Any) -> None:
    """Viện dẫn QUOTE có quan hệ RELATION: legal_basis, implements:carry_out, implements:disseminate, amends, cites …"""
    _make(kb, "relation", document, relation, as_json, quote=quote, **said)


@judge.command()
@click.argument("task")
@click.argument("unit")
@click.argument("role")
@_reasons
def role(task: str, unit: str, role: str, kb: str, as_json: bool, **said: Any) -> None:
    """Đơn vị UNIT có vai trò ROLE trong nhiệm vụ TASK (VĂN-BẢN#MỤC): lead, coordinate, advise, perform, none."""
    _make(kb, "role", task, role, as_json, field=unit, **said)


@judge.command()
@click.argument("task")
@click.argument("time")
@click.option("--words", "field", help="thời gian nào, nếu nhiệm vụ có nhiều: nguyên văn như “trong tháng 02/2022”")
@_reasons
def time(task: str, time: str, kb: str, as_json: bool, **said: Any) -> None:
    """Thời gian của nhiệm vụ TASK là TIME: 2022-02, ../2025-12-15, FREQ=YEARLY, none."""
    _make(kb, "time", task, time, as_json, **said)


@judge.command()
@click.argument("document")
@click.argument("quote")
@click.argument("action", type=click.Choice(["add", "drop"]))
@_reasons
def task(document: str, quote: str, action: str, kb: str, as_json: bool, **said: Any) -> None:
    """Đoạn QUOTE là một nhiệm vụ (add), hay không phải nhiệm vụ (drop)."""
    _make(kb, "task", document, action, as_json, quote=quote, **said)


@judge.command()
@click.argument("document")
@click.argument("other")
@_reasons
def same(document: str, other: str, kb: str, as_json: bool, **said: Any) -> None:
    """Hai tệp là một văn bản, như tệp Word không số và bản PDF đã ký."""
    _make(kb, "same", document, other, as_json, **said)


@judge.command()
@click.argument("document")
@click.argument("other")
@_reasons
def different(document: str, other: str, kb: str, as_json: bool, **said: Any) -> None:
    """Hai tệp là hai văn bản khác nhau."""
    _make(kb, "different", document, other, as_json, **said)


@judge.command()
@click.option("--orphans", is_flag=True, help="chỉ những xác nhận không còn tìm thấy chỗ")
@click.option("--proposed", is_flag=True, help="những cặp văn bản có thể là một, chờ xác nhận")
@KB
@JSON
def ls(orphans: bool, proposed: bool, kb: str, as_json: bool) -> None:
    """Liệt kê các xác nhận, hay các cặp chờ xác nhận."""
    from thidua_kg.cli.output import table, write_json

    with open_kb(kb) as opened:
        if proposed:
            pairs = opened.proposals()
            if as_json:
                write_json(pairs)
            else:
                table(
                    ["Văn bản", "Văn bản kia", "Vì sao"], [[p.document.label(), p.other.label(), p.why] for p in pairs]
                )
            return
        found = [s for s in opened.judgements() if not orphans or s.state == "orphaned"]
    if as_json:
        write_json(found)
    else:
        heads = ["Mã", "Loại", "Văn bản", "Đoạn", "Giá trị", "Ai", "Ngày", "Vì sao", "Tình trạng"]
        table(heads, [_row(standing) for standing in found])


def _row(s: Standing) -> list[str]:
    j = s.judgement
    quote = " ".join(j.quote.exact.split())[:60] if j.quote else ""
    value = " = ".join(filter(None, (j.field, j.value)))
    state = _STATES[s.state] + (f": {s.note}" if s.note else "")
    return [s.id, _KINDS[j.kind], s.held_by or j.document, quote, value, j.by, j.at[:10], j.why, state]


@judge.command()
@click.argument("judgement")
@_reasons
def undo(judgement: str, kb: str, as_json: bool, **said: Any) -> None:
    """Rút lại một xác nhận (theo mã trong `thidua judge ls`); lịch sử vẫn giữ cả hai."""
    must_exist(kb)
    with open_kb(kb, write=True) as opened:
        made = opened.undo(judgement, **said)
    _say(made, as_json)


@judge.command("export")
@click.argument("file")
@KB
@JSON
def export(file: str, kb: str, as_json: bool) -> None:
    """Ghi mọi xác nhận ra tệp JSON Lines."""
    from thidua_kg.cli.output import write_json

    with open_kb(kb) as opened:
        count = opened.export_judgements(file)
    if as_json:
        write_json([{"path": file, "judgements": count}])
    else:
        click.echo(f"đã ghi {count} xác nhận: {file}")


@judge.command()
@click.argument("file")
@KB
@JSON
def merge(file: str, kb: str, as_json: bool) -> None:
    """Nhập các xác nhận của kho khác; điều đã có không đổi gì, trái nhau thì điều sau được dùng và cả hai được giữ."""
    from thidua_kg.cli.output import end_with_reports

    must_exist(kb)
    with open_kb(kb, write=True) as opened:
        report = opened.merge_judgements(file)
    end_with_reports(
        [report], as_json=as_json, told=lambda r: f"thêm {r.added}, đã có {r.unchanged}, lỗi {len(r.failed)}"
    )
