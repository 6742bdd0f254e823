"""Reads Vietnamese directives and plans and answers who does what, by when, because of which document.

`import thidua_kg; kb = thidua_kg.open("kho"); kb.add(["van-ban"]); kb.find("Chỉ thị 34")`; `thidua_kg.parse("ke-hoach.txt")`
reads one file. Both are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thidua_kg.knowledge_base import open as open
    from thidua_kg.pipeline import parse as parse

__version__ = "0.1.0"
_HOMES = {"open": "thidua_kg.knowledge_base", "parse": "thidua_kg.pipeline"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
