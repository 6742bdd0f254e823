"""The saved questions: SPARQL in `queries/*.rq`, each headed by what it asks, its parameters and its columns.

# vi: Nhiệm vụ nào thực hiện văn bản này?
# en: Which tasks implement this document?
# param: document document "the directive"
# columns: task, label, manner
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from thidua_kg.errors import InvalidQuery, KnowledgeBaseError, UnknownName
from thidua_kg.graph.database import ROW_LIMIT, Graph
from thidua_kg.graph.guard import check_read_only
from thidua_kg.graph.names import Iri, iri
from thidua_kg.graph.records import Table
from thidua_kg.model import Record
from thidua_kg.text import fold_space, normalize

ParameterKind = Literal["document", "unit", "year", "text"]

_HEADER = re.compile(r"# (vi|en|param|columns): (.*)")
_PARAMETER = re.compile(r'(\w+) (\w+) "([^"]*)"')
_YEAR = re.compile(r"(?:19|20)\d\d")


class Parameter(Record, frozen=True, kw_only=True):
    """A variable of the question that the asker gives a value to: an id of a document or unit, a year, or a text."""

    name: str
    kind: ParameterKind
    description: str


class Question(Record, frozen=True, kw_only=True):
    """A saved question; `columns` are those of the answer, without the parameters, in order."""

    name: str
    vi: str
    en: str
    columns: tuple[str, ...]
    text: str
    params: tuple[Parameter, ...] = ()


def questions_folder() -> Path:
    """Where the questions are: within the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "queries", package.parent / "queries"):
        if any(folder.glob("*.rq")):
            return folder
    raise KnowledgeBaseError("queries", "không thấy các câu hỏi lưu sẵn", "cài lại gói thidua-kg")


def load_questions(folder: Path) -> dict[str, Question]:
    """The questions of a folder by name, which is the file's without `.rq`; InvalidQuery names a file that is wrong."""
    return {path.stem: read_question(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq"))}


@cache
def shipped_questions() -> dict[str, Question]:
    """The questions that come with the package."""
    return load_questions(questions_folder())


def read_question(name: str, text: str) -> Question:
    """A question from the text of its file; InvalidQuery where a line of the header is missing or the query refused."""
    found: dict[str, list[str]] = {"vi": [], "en": [], "param": [], "columns": []}
    for line in text.splitlines():
        if match := _HEADER.fullmatch(line.rstrip()):
            found[match[1]].append(match[2].strip())
    for key in ("vi", "en", "columns"):
        if len(found[key]) != 1:
            raise InvalidQuery(name, f"cần đúng một dòng “# {key}: …”", "xem các tệp khác trong queries/")
    try:
        check_read_only(text)
    except InvalidQuery as error:
        raise InvalidQuery(name, error.why, error.remedy) from None
    return Question(
        name=name,
        vi=found["vi"][0],
        en=found["en"][0],
        columns=tuple(column.strip() for column in found["columns"][0].split(",")),
        text=text,
        params=tuple(_parameter(name, line) for line in found["param"]),
    )


def _parameter(question: str, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None or match[2] not in get_args(ParameterKind):
        why = f"dòng “# param: {line}” sai dạng"
        raise InvalidQuery(question, why, f'viết: tên, một trong {get_args(ParameterKind)}, "mô tả"')
    kind: ParameterKind = match[2]  # type: ignore[assignment]
    return Parameter(name=match[1], kind=kind, description=match[3])


def answer(
    graph: Graph,
    question: Question,
    values: Mapping[str, str],
    *,
    limit: int | None = ROW_LIMIT,
    seconds: float | None = None,
) -> Table:
    """Ask a saved question; every parameter must have a value, and none else. Documents, tasks, units come as ids.

    UnknownName for a parameter that the question does not have, InvalidQuery for one left out or of the wrong kind.
    """
    known = {parameter.name: parameter for parameter in question.params}
    for name in values:
        if name not in known:
            raise UnknownName(name, f"câu hỏi {question.name} không có tham số này", f"tham số: {', '.join(known)}")
    for name, parameter in known.items():
        if name not in values:
            raise InvalidQuery(question.name, f"thiếu tham số {name} ({parameter.description})", f"thêm --{name}")
    bindings = {name: _bound(known[name], value, graph.base) for name, value in values.items()}
    table = graph.select(question.text, bindings, limit, seconds, ids=True)
    order = [table.columns.index(column) for column in question.columns]
    rows = tuple(tuple(row[place] for place in order) for row in table.rows)
    return Table(columns=question.columns, rows=rows, truncated=table.truncated)


def _bound(parameter: Parameter, value: str, base: str) -> str:
    """The value as it is bound: an id, or an IRI under the base, as a resource; a year and a text as texts."""
    if parameter.kind in ("document", "unit"):
        return Iri(value) if value.startswith(base) else iri(value, base)
    text = fold_space(normalize(value).value)
    if parameter.kind == "year" and not _YEAR.fullmatch(text):
        raise InvalidQuery(parameter.name, f"“{value}” không phải một năm", "viết bốn chữ số, như 2022")
    return text
