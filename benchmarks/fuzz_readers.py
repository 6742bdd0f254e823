"""Feeds each reader mutated files: it must give a text or one clear refusal, in time, without asking the network.

    python benchmarks/fuzz_readers.py [READER ...] [--count 2000] [--seconds 20] [--seed 1] [--parse] [--office]

Seeds are the files of `corpus/`, `tests/files/` and, where it is at hand, `../shared/corpus/files` that a reader takes. A file
is cut off, its bytes are flipped, stretches of it dropped, repeated or taken from another file; in a ZIP, also those of a
member before it is packed again. The mutations of a seed number are the same every time. LibreOffice and Tesseract are left out
unless `--office` says otherwise, as they would be fuzzed, not the reader; `--parse` runs the rules on what was read as well.
"""

from __future__ import annotations

import argparse
import copy
import io
import multiprocessing
import os
import random
import socket
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "corpus", ROOT / "tests" / "files", ROOT.parent / "shared" / "corpus" / "files")
LARGEST = 3_000_000  # bytes of a seed
_ODD = "trái chuẩn ("  # what `readers` says where a reader fell over something that it did not foresee


class Case(NamedTuple):
    """A mutated file: where it comes from, the number that makes it again, its bytes."""

    name: str
    number: int
    data: bytes


class Report(NamedTuple):
    """What became of the cases: how many were read or refused; the failures, and the refusals for an error that nobody
    foresaw, with their traces; seconds of the slowest.
    """

    counts: Counter[str]
    failures: list[str]
    odd: list[str]
    slowest: float


def seeds(reader: str) -> list[tuple[str, bytes]]:
    """The files that the reader takes, by their content."""
    from thidua_kg.readers.formats import format_of

    found = []
    for folder in FOLDERS:
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix not in (".py", ".yaml") and path.stat().st_size <= LARGEST:
                data = path.read_bytes()
                if format_of(path.name, data).reader == reader:
                    found.append((path.name, data))
    return found


def cases(reader: str, count: int, seed: int = 1) -> Iterator[Case]:
    """`count` mutated files for a reader."""
    files = seeds(reader)
    for number in range(count if files else 0):
        name, data = files[number % len(files)]
        chance = random.Random(f"{seed} {reader} {number}")
        inside = data.startswith(b"PK") and chance.random() < 0.7
        yield Case(name, number, _repacked(data, chance) if inside else mutated(data, chance, files))


def mutated(data: bytes, chance: random.Random, files: list[tuple[str, bytes]] | None = None) -> bytes:
    """The bytes with one to six small damages."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        size = max(len(made), 1)
        at, length = chance.randrange(size), min(chance.choice((1, 2, 8, 64, 512, 4096)), size)
        kind = chance.randrange(7)
        if kind == 0:
            made[at : at + length] = chance.randbytes(length)
        elif kind == 1:
            made[at : at + 1] = bytes(
                [chance.choice((0, 1, 0x7F, 0x80, 0xFF, ord("<"), ord("{"), ord("\\"), ord('"')))]
            )
        elif kind == 2:
            del made[at : at + length]
        elif kind == 3:
            made[at:at] = made[at : at + length] * chance.choice((1, 2, 50))
        elif kind == 4 and chance.random() < 0.3:
            del made[at:]
        elif kind == 5 and files:
            other = chance.choice(files)[1]
            start = chance.randrange(max(len(other), 1))
            made[at : at + length] = other[start : start + length]
        else:  # a number made absurd, as in offsets and lengths
            made[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"9999"))
    return bytes(made)


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """A ZIP with one member damaged before it is packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, OSError):
        return data
    large = [name for name in members if name.endswith((".xml", ".rels"))] or list(members)
    damage = _grafted if chance.random() < 0.7 else mutated
    for name in chance.sample(large, min(len(large), chance.randint(1, 2))):
        members[name] = damage(members[name], chance)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return made.getvalue()


def _grafted(data: bytes, chance: random.Random) -> bytes:
    """XML that stays XML: elements dropped, repeated, put inside others, renamed, their values made absurd."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return mutated(data, chance)
    for _ in range(chance.randint(1, 12)):
        parts = [part for part in root.iter() if isinstance(part.tag, str)]
        one, other = chance.choice(parts), chance.choice(parts)
        kind = chance.randrange(6)
        if kind == 0 and one.getparent() is not None:
            one.getparent().remove(one)
        elif kind == 1:
            other.extend(
                [copy.deepcopy(one) for _ in range(chance.choice((1, 1, 1, 40)))] if len(parts) < 20_000 else []
            )
        elif kind == 2:
            one.tag = other.tag
        elif kind == 3:
            one.text = chance.choice(("", "-1", "\uf0b7", "x" * 9000, "Điều 1."))
        else:
            for name in one.attrib:
                one.set(name, chance.choice(("", "-1", "0", "99999999999", "2147483648", "đ", "%1.%9", "rId1")))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _no_network(*_: object, **__: object) -> None:
    raise AssertionError("a reader asked the network")


def _work(pipe: Connection, parse: bool, office: bool) -> None:
    """The worker: takes names and bytes, answers "read", "refused" or a trace."""
    socket.socket.connect = _no_network  # type: ignore[assignment,method-assign]
    if not office:
        os.environ["THIDUA_OFFICE"] = ""
        os.environ["THIDUA_TESSERACT"] = ""
    from thidua_kg.errors import UnreadableSource
    from thidua_kg.pipeline import parse as parsed
    from thidua_kg.readers import read_bytes

    while True:
        name, data = pipe.recv()
        try:
            source = read_bytes(name, data)
            if parse:
                parsed(source)
            pipe.send("read")
        except UnreadableSource as error:
            if "\n" in str(error):
                pipe.send(f"a refusal of several lines: {error}")
            else:
                pipe.send(f"odd: {traceback.format_exc()}" if _ODD in error.why else "refused")
        except BaseException:
            pipe.send(traceback.format_exc())


class Worker:
    """A process that reads one file after the other and is replaced when it hangs."""

    def __init__(self, *, parse: bool = False, office: bool = False) -> None:
        self._how = (parse, office)
        self._start()

    def _start(self) -> None:
        self._pipe, other = multiprocessing.get_context("spawn").Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(other, *self._how), daemon=True
        )
        self._process.start()
        other.close()

    def outcome(self, name: str, data: bytes, seconds: float) -> str:
        """What becomes of a file: "read", "refused", "hang", "crash", or a trace."""
        self._pipe.send((name, data))
        try:
            if self._pipe.poll(seconds):
                answer: str = self._pipe.recv()
                return answer
            said = "hang"
        except (EOFError, OSError):
            said = "crash"
        self.close()
        self._start()
        return said

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def fuzz(
    reader: str, count: int, *, seed: int = 1, seconds: float = 20, parse: bool = False, office: bool = False
) -> Report:
    """What becomes of `count` mutated files of a reader."""
    worker = Worker(parse=parse, office=office)
    counts: Counter[str] = Counter()
    failures: list[str] = []
    odd: list[str] = []
    slowest = 0.0
    try:
        worker.outcome("a.txt", b"Warm up.", 120)  # the imports
        for case in cases(reader, count, seed):
            start = time.perf_counter()
            said = worker.outcome(case.name, case.data, seconds)
            slowest = max(slowest, time.perf_counter() - start)
            kind = said.partition(":")[0]
            counts[kind if kind in ("read", "refused", "hang", "crash", "odd") else "failed"] += 1
            where = f"{reader} {case.name} seed {seed} number {case.number}: {said}"
            if kind == "odd":
                odd.append(where)
            elif kind not in ("read", "refused"):
                failures.append(where)
    finally:
        worker.close()
    return Report(counts, failures, odd, slowest)


def main() -> int:
    """Fuzz and print."""
    from thidua_kg.readers.formats import FORMATS

    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("readers", nargs="*", default=[], metavar="READER")
    ask.add_argument("--count", type=int, default=2000)
    ask.add_argument("--seconds", type=float, default=20)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--parse", action="store_true")
    ask.add_argument("--office", action="store_true")
    given = ask.parse_args()
    failed = 0
    for reader in given.readers or dict.fromkeys(f.reader for f in FORMATS):
        report = fuzz(
            reader, given.count, seed=given.seed, seconds=given.seconds, parse=given.parse, office=given.office
        )
        print(f"{reader:10s} {dict(report.counts)}, slowest {report.slowest:.2f} s", flush=True)
        for failure in (*report.failures[:20], *report.odd[:5]):
            print(failure, flush=True)
        failed += len(report.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
