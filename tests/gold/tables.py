"""Table cells: found by row and column head in the tables the blocks of a file make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cpkb.extract.extractor import Block
from cpkb.model.passage import CELL
from tests.gold.facts import Gold, Outcome, Read
from tests.gold.reading import fold

_CONTINUES = re.compile(r"\(?续|.*\(续\)$")


@dataclass(slots=True)
class Table:
    """A table as the blocks tell it: its caption, header rows, and rows with the page of each."""

    caption: str = ""
    heads: list[list[str]] = field(default_factory=list)
    rows: list[tuple[int | None, list[str]]] = field(default_factory=list)

    def columns(self, path: Sequence[str]) -> list[int]:
        """The columns under a head, outermost head first; two where a head that spans columns was given once."""
        leaves = self.heads[-1] if self.heads else []
        return [at for at in range(len(leaves)) if self._is_under(at, path)]

    def _is_under(self, column: int, path: Sequence[str]) -> bool:
        leaves = self.heads[-1]
        if leaves[column] != path[-1]:
            return False
        if all(len(row) == len(leaves) for row in self.heads):
            above = iter([row[column] for row in self.heads])
            return all(part in above for part in path)  # in this order
        return all(any(part in row for row in self.heads[:-1]) for part in path[:-1])


def tables_of(blocks: Iterable[Block]) -> list[Table]:
    """The tables of a file: a caption or a header after rows starts one, 续表 goes on with the last."""
    tables: list[Table] = []
    is_open = False
    for block in blocks:
        cells = [fold(cell) for cell in block.text.split(CELL)]
        if block.kind == "caption":
            if not (tables and _CONTINUES.match(fold(block.text))):
                tables.append(Table(fold(block.text)))
            is_open = True
        elif block.kind == "header":
            if not is_open or (tables[-1].rows and cells not in tables[-1].heads):
                tables.append(Table())
            if cells not in tables[-1].heads:
                tables[-1].heads.append(cells)
            is_open = True
        elif block.kind == "row":
            if not is_open:
                tables.append(Table())
            tables[-1].rows.append((block.page, cells))
            is_open = True
        elif not (tables and tables[-1].caption and not tables[-1].rows):  # 单位：mg/L between caption and header
            is_open = False
    return tables


def cells(golds: Iterable[Gold], read: Read) -> list[Outcome]:
    """Each cell by the words of its row and column; where a head fits several columns, all must agree."""
    found = []
    for gold in golds:
        reading = read(gold["file"])
        got = _values(tables_of(reading.blocks), gold)
        is_right = any(bool(row) and all(_is(value, gold["value"]) for value in row) for row in got)
        where = f"{gold['file']} {gold.get('page') or gold.get('sheet') or ''} {gold.get('table', gold['caption'])}"
        wanted = f"{'/'.join(gold['row'])} × {'/'.join(gold['column'])} = {gold['value']}"
        shown = "; ".join(" & ".join(value or "(empty)" for value in row) for row in got if row)
        found.append(
            Outcome(
                row="cells",
                is_right=is_right,
                place=where,
                wanted=wanted,
                got=shown or reading.failure or _why_not(got),
            )
        )
    return found


def held(golds: Iterable[Gold], read: Read) -> list[Outcome]:
    """The same for the cells that are kept for a last look: no rule of a reader was chosen with them in view."""
    return [replace(outcome, row="cells, held") for outcome in cells(golds, read)]


def _why_not(rows: Sequence[Sequence[str]]) -> str:
    return "no such column" if rows else "no such row"


def _values(tables: Iterable[Table], gold: Gold) -> list[list[str]]:
    """For each row that has the words of the gold's row: what stands in the columns its head fits."""
    path = [fold(part) for part in gold["column"]]
    page = gold.get("page")
    found = []
    for table in tables:
        if "table" in gold and not re.match(rf"{re.escape(fold(gold['table']))}(?!\d)", table.caption):
            continue
        columns = table.columns(path)
        for at, row in table.rows:
            if (page is None or at == page) and all(_has(row, word) for word in gold["row"]):
                found.append([row[column] if column < len(row) else "" for column in columns])
    return found


def _has(row: Sequence[str], word: str) -> bool:
    """Whether a cell is the word; a long one is given by its beginning and …."""
    if word.endswith("…"):
        return any(cell.startswith(fold(word[:-1])) for cell in row)
    return fold(word) in row


def _is(value: str, wanted: str | dict[str, Any]) -> bool:
    """Whether a cell holds the value; a long value is given by its ends and its length after folding."""
    if isinstance(wanted, str):
        return value == fold(wanted)
    ends = value.startswith(wanted["start"]) and value.endswith(wanted["end"])
    return ends and len(value) == wanted["length"]
