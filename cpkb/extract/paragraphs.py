"""Texts without numbering: paragraphs packed to passages, never across a heading."""

from __future__ import annotations

from collections.abc import Sequence

from cpkb.extract.extractor import Block
from cpkb.extract.packing import Line, Packer
from cpkb.extract.trail import Tables, Trail
from cpkb.model.passage import SHOWN_LENGTH


class _Paragraphs:
    def __init__(self, packer: Packer, above: Sequence[str], name: str) -> None:
        self.packer, self.name = packer, name
        self.trail, self.tables = Trail(tuple(above)), Tables()
        self.lines: list[Line] = []
        self.count = 0  # paragraphs met so far

    def take(self, block: Block) -> None:
        if self.tables.take(block):
            return
        if block.level:
            self.flush()
            self.trail.open(block.level, block.text)
            return
        if sum(len(line.text) + 1 for line in self.lines) + len(block.text) > SHOWN_LENGTH:
            self._pass_on()
        self.count += 1
        self.lines.append(Line(block.text, block.page))

    def _pass_on(self) -> None:
        """Add the paragraphs collected, under the number of the first."""
        first = self.count - len(self.lines) + 1
        self.packer.add(self.lines, f"{self.name} 第{first}段".strip(), self.trail.headings, "paragraph")
        self.lines = []

    def flush(self) -> None:
        self._pass_on()
        self.tables.flush(self.packer, self.trail.headings, self.name)


def add_paragraphs(packer: Packer, blocks: Sequence[Block], above: Sequence[str], name: str) -> None:
    """Add paragraphs with the locator of their first one (第3段), tables after the stretch they are in."""
    reading = _Paragraphs(packer, above, name)
    for block in blocks:
        reading.take(block)
    reading.flush()
