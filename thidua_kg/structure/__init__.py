"""What is under what: a document's text as a flat list of blocks that tile it, each knowing its parent.

Reads the numbering that Vietnamese offices print (parts to points, dashes), tables, annexes, and the paragraphs
between; a marker-like start of a wrapped line is told from a real one by its context. Nothing is joined or moved: a
block's span is its own text up to where the next one begins.
"""

from __future__ import annotations

from thidua_kg.model import Block, Span
from thidua_kg.structure.builder import Builder
from thidua_kg.structure.tables import cells

__all__ = ["blocks", "cells", "extent"]


def blocks(
    text: str, *, header_end: int = 0, recipients: Span | None = None, signature: Span | None = None
) -> tuple[Block, ...]:
    """The blocks of `text` in order: contiguous from 0 to its end, ids unique, parents before children.

    `header_end` is where the letterhead and title end, `recipients` and `signature` are the closing blocks; markers
    inside these are not read. An id is the path of printed markers (`III.4.1`, `Điều 2.1.a`, `IV.-2`); paragraphs that
    print none count as `p1`, tables as `t1`, and a repeated id gets `~2`. Linear in the length of the text.
    """
    return Builder(text, header_end, recipients, signature).build()


def extent(found: tuple[Block, ...], index: int) -> Span:
    """The span of a block together with all blocks below it, which follow it without a gap."""
    family, end = {found[index].id}, found[index].span[1]
    for block in found[index + 1 :]:
        if block.parent not in family:
            break
        family.add(block.id)
        end = block.span[1]
    return found[index].span[0], end
