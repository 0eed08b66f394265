"""Tables found in documents (文件里的表): their header as column names and their rows, for mapping to records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cpkb.extract.extractor import Block
from cpkb.extract.mapping import Line

_PARTS = "/"  # between the heads of a parted column: 产品/名称


@dataclass(slots=True)
class FoundTable:
    """A table of a document, with what goes on after notes and page breaks."""

    heads: list[tuple[str, ...]] = field(default_factory=list)
    """The rows of its header."""
    lines: list[Line] = field(default_factory=list)
    """Its rows, counted from the first of the header as 1."""
    blocks: list[int] = field(default_factory=list)
    """Which blocks of the document it is made of."""

    @property
    def header(self) -> list[str]:
        """The name of each column: the heads above it, from the top, parted by /."""
        width = max((len(head) for head in self.heads), default=0)
        columns = [[head[at] for head in self.heads if at < len(head)] for at in range(width)]
        return [_PARTS.join(dict.fromkeys("".join(name.split()) for name in names if name)) for names in columns]


def found_tables(blocks: Sequence[Block]) -> list[FoundTable]:
    """The tables of a document in order; rows after a break that bring no other header go on with the last one."""
    found: list[FoundTable] = []
    for at, block in enumerate(blocks):
        if block.kind not in ("header", "row") or not block.cells:
            continue
        if block.kind == "header" and (not found or _begins(found[-1], block.cells)):
            found.append(FoundTable())
        if not found:
            continue  # rows before any header: nothing says what their columns are
        table = found[-1]
        table.blocks.append(at)
        if block.kind == "row":
            number = len(table.heads) + len(table.lines) + 1
            table.lines.append(Line(number, _once_if_alone(block.cells), block.page))
        elif block.cells not in table.heads:
            table.heads.append(block.cells)
    return found


def _begins(table: FoundTable, cells: tuple[str, ...]) -> bool:
    """Whether a header row is that of another table, and not one repeated on the next page."""
    return bool(table.lines) and cells not in table.heads


def _once_if_alone(cells: tuple[str, ...]) -> list[str]:
    """The cells of a row; one merged over the whole row (一、畜牧业) stands in the first column only."""
    is_alone = len(cells) > 1 and len(set(cells)) == 1
    return [cells[0], *[""] * (len(cells) - 1)] if is_alone else list(cells)
