"""Runs a checked query over an open pyoxigraph store and makes a table of what comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Store, Triple, Variable

from thidua_kg.errors import InvalidQuery, KnowledgeBaseError
from thidua_kg.graph.guard import check_read_only, checked, disarmed
from thidua_kg.graph.names import PREFIXES, XSD, Iri, id_of
from thidua_kg.graph.records import Table, Value

_Term = NamedNode | BlankNode | Literal | Triple

_SUBJECT = "SPARQL"
_PLACE = re.compile(r"VALUES \?([A-Za-z]\w{0,60}) \{ UNDEF \}")
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
    with _translated_errors(ask.text):
        kept = tuple(rows if ask.limit is None else islice(rows, ask.limit))
        truncated = ask.limit is not None and next(rows, None) is not None
    return Table(columns=columns, rows=kept, truncated=truncated)


def stream(store: Store, ask: Ask) -> tuple[tuple[str, ...], Iterator[tuple[Value, ...]]]:
    """The columns of a query and all its rows as they are found."""
    has_dataset, ids_below = checked(ask.text), ask.ids_below
    with _translated_errors(ask.text):
        text, substitutions = _bind(ask.text, ask.bindings)
        result: Any = store.query(
            disarmed(text),
            prefixes=PREFIXES,
            use_default_graph_as_union=not has_dataset,
            substitutions=substitutions,
        )
    if isinstance(result, QueryBoolean):
        return ("answer",), iter([(bool(result),)])
    if isinstance(result, QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        return columns, (tuple(_value(term, ids_below) for term in solution) for solution in result)
    triples = ((_value(t.subject, ids_below), t.predicate.value, _value(t.object, ids_below)) for t in result)
    return ("subject", "predicate", "object"), triples


@contextmanager
def _translated_errors(query: str) -> Iterator[None]:
    """pyoxigraph's errors as this library's, with the engine's own words where the guard has none."""
    try:
        yield
    except SyntaxError as error:
        check_read_only(query)
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


def _bind(query: str, bindings: Mapping[str, str]) -> tuple[str, dict[Variable, _Term]]:
    """The query with its parameters bound: an `Iri` is a resource, any other string a text and nothing else.

    A query may keep a place for a parameter, `VALUES ?document { UNDEF }`: pyoxigraph joins from there, a hundred times
    faster than from a substituted variable, which its planner takes for unknown. What is written there is a term as
    pyoxigraph itself writes it. A parameter without a place is substituted, and must be named by SELECT.
    """
    terms: dict[Variable, _Term] = {
        Variable(name): NamedNode(value) if isinstance(value, Iri) else Literal(value)
        for name, value in bindings.items()
    }
    placed = set[Variable]()

    def write(place: re.Match[str]) -> str:
        variable = Variable(place[1])
        if variable not in terms:
            return place[0]
        placed.add(variable)
        return f"VALUES {variable} {{ {terms[variable]} }}"

    # In one pass: a value that itself looks like a place stays a value.
    text = _PLACE.sub(write, query)
    return text, {variable: term for variable, term in terms.items() if variable not in placed}


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
