"""May this SPARQL be run? Only a question of the SPARQL 1.1 standard that changes nothing and calls nobody.

pyoxigraph opens real connections for SERVICE and cannot be told not to, so two locks stand before it. The first walks
the query as rdflib's parser reads it. The second holds where the two parsers read a text differently (rdflib ends a
comment at a line feed alone and undoes `\\uXXXX` before it looks for strings, pyoxigraph does neither): the text that
pyoxigraph gets holds no "service" at all, since one letter is written as an escape, which means the same within strings
and IRIs and is a syntax error anywhere else.

Reading a query so takes milliseconds. A plain one, short, flat, and without the words "service" and "from", goes by the second
lock alone: the engine's own parser takes questions only, and says what it does not understand; then the first one says it better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

from thidua_kg.errors import InvalidQuery
from thidua_kg.text import line_and_column

_SUBJECT = "SPARQL"
# Parsing recurses in both parsers and pyoxigraph dies of a full stack: within these a thread's 1 MB is enough.
_MAX_LENGTH = 20_000
_MAX_WORDS = 6_000
_MAX_CHAIN = 200
# Within these the engine's own parser is safe, whatever the words are.
_PLAIN_WORDS = 600
_PLAIN_BRACKETS = 30

_WORDS = re.compile(r"\w+|[^\w\s]")
_ESCAPE = re.compile(r"\\[uU]")
# Line ends and controls that one of the two parsers takes for space, or for the end of a comment, and the other not.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]")
_SERVICE = re.compile("([sS])([eE][rR][vV][iI][cC][eE])")
_NOT_PLAIN = re.compile("service|from", re.IGNORECASE)
_PREFIXES = re.compile(r"(?:\s{0,9}PREFIX[ ]\w{0,30}:[ ]<[\w:/.#-]{1,200}>)+")  # plain however many there are
_BRACKET = re.compile(r"[(\[{]")


def check_read_only(query: str) -> None:
    """Raise InvalidQuery unless `query` is a SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE without SERVICE.

    FROM and FROM NAMED fetch nothing: they choose among the graphs that are here, and a name that is not gives no rows.
    """
    text = query.replace("\r\n", "\n")
    _check_characters(text)
    _check_tree(text)


@lru_cache(maxsize=256)
def checked(query: str) -> bool:
    """Whether an allowed query names its own dataset with FROM; InvalidQuery for one that is not allowed.

    A query that is asked again is not parsed again.
    """
    text = query.replace("\r\n", "\n")
    _check_characters(text)
    return not _is_plain(text) and "datasetClause" in _check_tree(text)


def _is_plain(text: str) -> bool:
    """Whether a query needs no reading before the engine's own."""
    prologue = _PREFIXES.match(text)
    body = text[prologue.end() :] if prologue else text
    few = len(body) <= _PLAIN_WORDS or len(_WORDS.findall(body)) <= _PLAIN_WORDS
    return few and len(_BRACKET.findall(body)) <= _PLAIN_BRACKETS and not _NOT_PLAIN.search(text)


def _check_tree(text: str) -> Any:
    """What rdflib's parser makes of an allowed query."""
    tree = _parse(text)
    for node in _nodes(tree):
        _check_node(node)
    return tree[1]


def _check_characters(text: str) -> None:
    if not text.strip():
        raise InvalidQuery(_SUBJECT, "câu hỏi rỗng", "viết một câu SELECT, ASK, CONSTRUCT hoặc DESCRIBE")
    if len(text) > _MAX_LENGTH or (len(text) > _MAX_WORDS and len(_WORDS.findall(text)) > _MAX_WORDS):
        raise _too_complex()
    if found := _CONTROL.search(text):
        code = f"U+{ord(found[0]):04X}"
        _refuse(text, found.start(), f"ký tự điều khiển {code} không được nhận", "dùng dấu cách hoặc xuống dòng thường")
    if found := _ESCAPE.search(text):
        _refuse(text, found.start(), f"không nhận mã thoát {found[0]}", "viết thẳng ký tự đó")


def _parse(text: str) -> Any:
    """The parse tree that rdflib makes: a prologue and a query."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        return parseQuery(text)
    except RecursionError:
        raise _too_complex() from None
    except ParseBaseException as error:
        if _is_update(text):
            why = "lệnh sửa đổi dữ liệu (INSERT, DELETE, LOAD, DROP …) bị từ chối"
            raise InvalidQuery(_SUBJECT, why, "chỉ đọc: dùng SELECT, ASK, CONSTRUCT hoặc DESCRIBE") from None
        raise _syntax_error(text, error.loc, error.msg) from None
    except Exception as error:  # rdflib's parse actions raise bare ValueErrors and the like on odd literals
        raise InvalidQuery(_SUBJECT, f"câu hỏi sai cú pháp ({error})", "xem lại các hằng trong câu hỏi") from None


def _is_update(text: str) -> bool:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return bool(parseUpdate(text).request)
    except (ParseBaseException, RecursionError, ValueError):
        return False


def _nodes(tree: object) -> Iterator[Any]:
    """Every node below `tree`, without recursion; the rows of VALUES are only terms, and as many as one likes."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, CompValue):
            pending.extend(part for key, part in node.items() if (node.name, key) != ("InlineData", "value"))
        elif isinstance(node, list | tuple | ParseResults):
            pending.extend(node)


def _check_node(node: Any) -> None:
    from rdflib import Variable

    name = getattr(node, "name", None)
    if name == "ServiceGraphPattern":
        remedy = "kho tri thức chỉ trả lời từ dữ liệu của mình"
        raise InvalidQuery(_SUBJECT, "SERVICE bị từ chối: câu hỏi không được gọi ra ngoài", remedy)
    if isinstance(node, list) and len(node) > _MAX_CHAIN:
        raise _too_complex()
    names = [node] if isinstance(node, Variable) else []
    if name in ("pname", "PrefixDecl"):
        names = [node.get("prefix"), node.get("localname")]
    if any(_SERVICE.search(str(part)) for part in names):
        raise InvalidQuery(_SUBJECT, "tên biến hoặc tiền tố chứa chữ “service”", "đặt tên khác")


def disarmed(text: str) -> str:
    """A checked query as pyoxigraph is to get it, each "service" led by an escape: "SERVICE" → "\\u0053ERVICE"."""
    return _SERVICE.sub(lambda match: f"\\u{ord(match[1]):04X}{match[2]}", text)


def _syntax_error(text: str, position: int, words: str) -> InvalidQuery:
    """The construct that could not be read, with its place and the parser's own words."""
    line, column = line_and_column(text, position)
    near = text[position : position + 24].partition("\n")[0]
    where = f"ở “{near}”" if near else "ở cuối"
    return InvalidQuery(_SUBJECT, f"dòng {line}, cột {column}: sai cú pháp {where} ({words})", "xem lại chỗ đó")


def _refuse(text: str, position: int, why: str, remedy: str) -> NoReturn:
    line, column = line_and_column(text, position)
    raise InvalidQuery(_SUBJECT, f"dòng {line}, cột {column}: {why}", remedy)


def _too_complex() -> InvalidQuery:
    return InvalidQuery(_SUBJECT, "câu hỏi quá dài hoặc lồng quá sâu", "chia nó thành nhiều câu hỏi nhỏ")
