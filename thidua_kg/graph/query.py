"""Runs a checked query over an open pyoxigraph store and makes a table of what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Store, Triple, Variable

from thidua_kg.errors import InvalidQuery, KnowledgeBaseError
from thidua_kg.graph.guard import checked
from thidua_kg.graph.names import PREFIXES, XSD, Iri, id_of
from thidua_kg.graph.records import Table, Value

_SUBJECT = "SPARQL"
_NUMBERS: dict[str, Callable[[str], Value]] = {
    XSD + "integer": int,
    XSD + "decimal": float,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
}


class Ask(msgspec.Struct, frozen=True):
    """One question to the engine: at most `limit` rows, all for None; IRIs under `ids_below` come as their ids."""

    text: str
    bindings: Mapping[str, str]
    limit: int | None = None
    ids_below: str | None = None


def run(store: Store, ask: Ask) -> Table:
    """The rows of a query as a table.

    SELECT gives its own columns, ASK one column "answer", CONSTRUCT and DESCRIBE subject, predicate and object.
    """
    columns, rows = stream(store, ask)
    with _translated_errors():
        kept = tuple(rows if ask.limit is None else islice(rows, ask.limit))
        truncated = ask.limit is not None and next(rows, None) is not None
    return Table(columns=columns, rows=kept, truncated=truncated)


def stream(store: Store, ask: Ask) -> tuple[tuple[str, ...], Iterator[tuple[Value, ...]]]:
    """The columns of a query and all its rows as they are found."""
    plan, ids_below = checked(ask.text), ask.ids_below
    with _translated_errors():
        result: Any = store.query(
            plan.text,
            prefixes=PREFIXES,
            use_default_graph_as_union=not plan.dataset,
            substitutions=_terms(ask.bindings),
        )
    if isinstance(result, QueryBoolean):
        return ("answer",), iter([(bool(result),)])
    if isinstance(result, QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        return columns, (tuple(_value(term, ids_below) for term in solution) for solution in result)
    triples = ((_value(t.subject, ids_below), t.predicate.value, _value(t.object, ids_below)) for t in result)
    return ("subject", "predicate", "object"), triples


@contextmanager
def _translated_errors() -> Iterator[None]:
    """pyoxigraph's errors as this library's, with the engine's own words."""
    try:
        yield
    except SyntaxError as error:
        words = str(error)
        if "Prefix not found" in words:
            raise InvalidQuery(
                _SUBJECT, "tiền tố chưa khai báo", f"khai báo PREFIX; có sẵn: {' '.join(PREFIXES)}"
            ) from None
        raise InvalidQuery(_SUBJECT, f"máy truy vấn không nhận ({words[:200]})", "xem lại câu hỏi") from None
    except RuntimeError as error:
        if "projection" in str(error):
            why = f"tham số được gán không có trong SELECT ({error})"
            raise InvalidQuery(_SUBJECT, why, "kể tên tham số trong SELECT") from None
        raise InvalidQuery(_SUBJECT, f"không chạy được ({error})", "xem lại câu hỏi") from None
    except ValueError as error:
        raise InvalidQuery(_SUBJECT, f"tên hoặc giá trị tham số không hợp lệ ({error})", "xem lại tham số") from None
    except OSError as error:
        raise KnowledgeBaseError("đồ thị", f"không đọc được ({error})", "chạy `thidua rebuild`") from None


def _terms(bindings: Mapping[str, str]) -> dict[Variable, NamedNode | BlankNode | Literal | Triple]:
    """The terms that variables stand for: an `Iri` is a resource, any other string a text and nothing else."""
    return {
        Variable(name): NamedNode(value) if isinstance(value, Iri) else Literal(value)
        for name, value in bindings.items()
    }


def _value(term: Any, ids_below: str | None) -> Value:
    """A term as Python shows it: numbers and truth values as such, everything else as text."""
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return _id_or_iri(term.value, ids_below)
    if isinstance(term, Literal):
        try:
            return _NUMBERS.get(term.datatype.value, str)(term.value)
        except ValueError:  # a literal may claim to be a number and not be one
            return term.value
    return str(term)


def _id_or_iri(iri: str, base: str | None) -> str:
    if base is None:
        return iri
    try:
        return id_of(iri, base)
    except ValueError:
        return iri
