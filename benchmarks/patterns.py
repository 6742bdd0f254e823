"""Whether every pattern is linear: the time of each on hostile text of one length and of four times it.

    python benchmarks/patterns.py [--length 20000] [--worst 15]

All compiled patterns of the package's modules, those that functions build and cache included, scan texts made of the
pieces that patterns are made of (digits, slashes, capitals, the words of citations and tasks) without line breaks. A
linear pattern takes about four times as long on four times the text; those above eight times are listed.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator

import thidua_kg

PIECES = (
    "1", "12/", "2022/", "-", "A", "Đ", "KH-", "UBND ", " ", "(", "“", "a", "ế", ",", ", ", " và ", "Căn cứ ", "số ", "của ",
    "ngày 12 tháng 3 năm 2022 ", "Chỉ thị ", "Luật ", "Nghị quyết ", "Điều 5 ", "khoản 2 ", "các sở, ban, ngành ", "Sở Nội vụ ",
    "có trách nhiệm ", "chủ trì, phối hợp với ", "theo chỉ đạo của ", "được sửa đổi, bổ sung ", "nếu có khó khăn ", "Bộ ",
    "cơ quan ", "…", ".", "*", "|", "\t", "<", "&", "%", "100% ",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--length", type=int, default=500)
    ask.add_argument("--worst", type=int, default=15)
    given = ask.parse_args()
    found = dict(patterns())
    rows = sorted(((*growth(p, given.length), name) for name, p in found.items()), reverse=True)
    print(f"{len(found)} patterns, {len(PIECES)} texts of {given.length} and {4 * given.length} characters")
    bad = [row for row in rows if row[0] > 8]
    print(f"above eight times on four times the text: {len(bad)}")
    for ratio, seconds, piece, name in rows[: max(given.worst, len(bad))]:
        print(f"{ratio:6.1f} times  {seconds * 1000:8.1f} ms  {name}  on {piece!r}")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern by where it lives: module attributes, and what cached functions without arguments build."""
    for module in pkgutil.walk_packages(thidua_kg.__path__, "thidua_kg."):
        if module.name.endswith("__main__"):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:
            continue  # a reader whose package is not installed
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value
            elif (
                hasattr(value, "cache_info")
                and value.__module__ == module.name
                and not inspect.signature(value).parameters
            ):
                built = value()
                for part in built if isinstance(built, tuple) else (built,):
                    if isinstance(part, re.Pattern):
                        yield f"{module.name}.{name}()", part


def growth(pattern: re.Pattern[str], length: int) -> tuple[float, float, str]:
    """The largest ratio of times over all hostile texts, the seconds on the longer text, and its piece."""
    worst = (0.0, 0.0, "")
    if isinstance(pattern.pattern, bytes):
        return worst
    for piece in PIECES:
        text = piece * (length // len(piece))
        short = scan(pattern, text)
        if short > 0.5:  # not worth four times as much: it is listed as it is
            return (99.0, short, piece)
        long = scan(pattern, text * 4)
        if long > 0.005:  # shorter times are noise
            worst = max(worst, (long / short, long, piece))
    return worst


def scan(pattern: re.Pattern[str], text: str) -> float:
    """Seconds of finding every match, at best of two."""
    best = 1e9
    for _ in range(2):
        start = time.perf_counter()
        for _match in pattern.finditer(text):
            pass
        best = min(best, time.perf_counter() - start)
    return best


if __name__ == "__main__":
    main()
