"""What stands above a passage: the open headings, and the table being collected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cpkb.extract import marks
from cpkb.extract.extractor import Block
from cpkb.extract.packing import Line, Packer, TableLines

_NO_MENTIONS: Mapping[str, tuple[str, ...]] = {}
_NOTE = re.compile(r"注\s?\d?\s?[：:]|[a-e]\s?[）)]?\s?[\u4e00-\u9fff]|[*＊]")


@dataclass(slots=True)
class Trail:
    """Open headings by level; a new one closes those of its level and below."""

    above: tuple[str, ...] = ()
    _open: dict[int, str] = field(default_factory=dict)

    def open(self, level: int, title: str) -> None:
        """Open a heading."""
        self._open = {at: text for at, text in self._open.items() if at < level} | {level: title}

    def extend(self, addition: str) -> None:
        """Add to the heading opened last: its title stood on a line of its own."""
        last = max(self._open)
        self._open[last] = f"{self._open[last]}　{addition}"

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, outermost first."""
        return (*self.above, *(self._open[level] for level in sorted(self._open)))


@dataclass(slots=True)
class Tables:
    """Collects the tables met in a clause, to be added after its text."""

    found: list[TableLines] = field(default_factory=list)
    _is_open: bool = False

    def take(self, block: Block) -> bool:
        """Whether the block belongs to a table; if so it has been taken."""
        if block.kind == "caption":
            self._caption(block)
        elif block.kind in ("row", "header"):
            self._row(block)
        else:
            return self._is_open and self._beside(block)
        return True

    def flush(
        self,
        packer: Packer,
        headings: tuple[str, ...],
        place: str,
        mentions: Mapping[str, tuple[str, ...]] = _NO_MENTIONS,
    ) -> None:
        """Add the tables to the passages; one without a caption is named after the clause it is in."""
        for table in self.found:
            above = mentions.get(table.locator, headings)
            table.locator = table.locator or f"{place}表".strip()
            packer.add_table(table, above)
        self.found, self._is_open = [], False

    def _beside(self, block: Block) -> bool:
        """The unit under a caption and the notes under a table are part of it; what else follows closes it."""
        table = self.found[-1]
        if not table.rows and table.caption and block.text.startswith("单位"):
            table.caption = Line(f"{table.caption.text}　{block.text}", table.caption.page)
            return True
        if table.rows and _NOTE.match(block.text):
            table.rows.append(Line(block.text, block.page))
            return True
        self._is_open = False
        return False

    def _caption(self, block: Block) -> None:
        label, continues = marks.caption(block.text) or ("", True)
        known = {table.locator for table in self.found[:-1]}
        if continues and self.found and label not in known:  # 续表 2 after 表 1 is a misprint met in practice
            self._is_open = True
            return
        self.found.append(TableLines(Line(block.text, block.page), locator=label))
        self._is_open = True

    def _row(self, block: Block) -> None:
        if not self._is_open:
            self.found.append(TableLines())
            self._is_open = True
        table, line = self.found[-1], Line(block.text, block.page)
        if block.kind == "header" and table.rows and not table.header:  # what stands above it is a form
            table = TableLines(table.caption, locator=table.locator)
            self.found.append(table)
        if block.kind == "row" or (table.rows and table.header and block.text not in {h.text for h in table.header}):
            table.rows.append(line)
        elif block.text not in {header.text for header in table.header}:
            table.header.append(line)
