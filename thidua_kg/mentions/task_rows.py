"""What one row of a table says: the words of its task, who does it, when, and what comes of it."""

from __future__ import annotations

from typing import NamedTuple

from thidua_kg.mentions.assignments import assignment
from thidua_kg.mentions.outline import Outline
from thidua_kg.mentions.role_tables import row_cells
from thidua_kg.mentions.times import times_of_value
from thidua_kg.mentions.units import split_units
from thidua_kg.model import Assignment, Product, Span, TimeExpression
from thidua_kg.text import fold_space


class Row(NamedTuple):
    """A task row: the table it stands in, its words, and what its other cells hold."""

    table: str
    content: Span
    made: tuple[Assignment, ...]
    times: tuple[TimeExpression, ...]
    products: tuple[Product, ...]

    @property
    def leads(self) -> tuple[Assignment, ...]:
        """Who leads; none where the cell was merged with the one above."""
        return tuple(one for one in self.made if one.role == "lead")


def read_row(tree: Outline, index: int, year: int | None, issuer: str) -> Row | None:
    """The task of a table row, None where it tells nobody anything: the title of the rows below, a sum."""
    block = tree.blocks[index]
    table = index
    while tree.blocks[table].kind == "row" and tree.blocks[table].parent is not None:
        table = tree.at[tree.blocks[table].parent or ""]
    made: list[Assignment] = []
    times: tuple[TimeExpression, ...] = ()
    products: tuple[Product, ...] = ()
    content: Span | None = None
    for cell in row_cells(tree.text, tree.blocks[table], block):
        if cell.field == "content":
            content = cell.span
        elif cell.field == "time":
            times = times_of_value(tree.text, cell.span, year)
        elif cell.field == "product":
            products = (*products, Product(text=fold_space(tree.text[slice(*cell.span)]), span=cell.span))
        elif cell.field != "other":
            units = [cell.whole] if cell.whole else split_units(tree.text, *cell.span)
            made += [assignment(unit, cell.field, None, issuer) for unit in units]
    heads_rows = block.number is not None and not block.number[-1].isdigit()
    if content is None or not (made or times or (products and not heads_rows)):
        return None
    return Row(tree.blocks[table].id, content, tuple(made), times, products)
