"""Forms of the vocabulary as one regular expression.

A plain alternation of a thousand forms is tried form by form at every place; here forms that begin alike share a path,
so that a place is left after a letter or two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

BLANK = " {1,4}"  # a blank in a form may be a line break with indentation
_Tree = dict[str, "_Tree"]


def alternation(forms: Iterable[str], *, either_case: bool = False, blank: str = BLANK) -> str:
    """A pattern that matches the longest of `forms`, a shorter one where what follows the pattern refuses the longer.

    With `either_case` a form in small letters may begin with a capital; `blank` is the pattern of a blank. The same as joining
    the escaped forms with "|", longest first: `alternation(["sở", "sở y tế"])` matches "sở y tế" in "sở y tế tỉnh" and "sở" in
    "sở tài chính".
    """
    root: _Tree = {}
    for form in forms:
        for spelled in {form, form[0].upper() + form[1:]} if either_case else {form}:
            node = root
            for char in spelled:
                node = node.setdefault(char, {})
            node[""] = {}
    return _rendered(root, blank)


def _rendered(node: _Tree, blank: str) -> str:
    """The pattern of what may follow a node; letters with the same continuation become one class."""
    letters: dict[str, str] = {}
    for char, child in node.items():
        if char:
            tail = _rendered(child, blank)
            letters[tail] = letters.get(tail, "") + char
    branches = [_one_of(chars, blank) + tail for tail, chars in letters.items()]
    if not branches:
        return ""
    ends_here = "" in node
    if len(branches) == 1 and not ends_here:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if ends_here else ''}"


def _one_of(chars: str, blank: str) -> str:
    """A pattern for one of these characters; a blank is a class of its own, as it may be several."""
    if chars == " ":
        return blank
    if " " in chars:
        return f"(?:{blank}|{_one_of(chars.replace(' ', ''), blank)})"
    return re.escape(chars) if len(chars) == 1 else f"[{''.join(map(re.escape, sorted(chars)))}]"
