"""Texts without numbering: paragraphs packed to passages, never across a heading."""

from __future__ import annotations

from collections.abc import Sequence

from cpkb.extract.extractor import Block
from cpkb.extract.packing import Line, Packer, pack
from cpkb.extract.trail import Tables, Trail


def add_paragraphs(packer: Packer, blocks: Sequence[Block], above: Sequence[str], name: str) -> None:
    """Add paragraphs with the locator of their first one (第3段), tables after the stretch they are in."""
    trail, tables = Trail(tuple(above)), Tables()
    lines: list[tuple[int, Line]] = []
    count = 0
    for block in blocks:
        if tables.take(block):
            continue
        if block.level:
            _flush(packer, lines, trail, tables, name)
            trail.open(block.level, block.text)
            lines = []
        else:
            count += 1
            lines.append((count, Line(block.text, block.page)))
    _flush(packer, lines, trail, tables, name)


def _flush(packer: Packer, lines: list[tuple[int, Line]], trail: Trail, tables: Tables, name: str) -> None:
    numbers = {id(line): number for number, line in lines}
    number = lines[0][0] if lines else 1
    for piece in pack([line for _, line in lines]):
        number = numbers.get(id(piece[0]), number)
        packer.add(piece, f"{name} 第{number}段".strip(), trail.headings, "paragraph")
    tables.flush(packer, trail.headings, name)
