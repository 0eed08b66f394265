"""Laws: 编, 分编, 章 and 节 as headings, one passage an article (第二十七条)."""

from __future__ import annotations

from collections.abc import Sequence

from cpkb.extract import marks
from cpkb.extract.extractor import Block
from cpkb.extract.packing import Line, Packer, is_title
from cpkb.extract.trail import Tables, Trail

_CONTENTS = ("目录", "目　录", "目 录")
_OTHER_HEADING = 3  # a marked heading that is no 编, 章 or 节 (附则) stands beside the chapters


class _Articles:
    def __init__(self, packer: Packer, above: Sequence[str], name: str) -> None:
        self.packer, self.name = packer, name
        self.trail, self.tables = Trail(tuple(above)), Tables()
        self.previous = 0
        self.locator, self.kind = "题注", "preface"
        self.lines: list[Line] = []
        self.awaits_title = False

    def take(self, block: Block) -> None:
        if self.tables.take(block):
            return
        found = marks.part(block.text)
        if found:
            self._heading(*found)
        elif self.awaits_title and is_title(block.text) and not marks.article(block.text, self.previous):
            self.trail.extend(block.text)
            self.awaits_title = False
        elif not self.lines and self.kind == "paragraph" and self._is_untitled_section(block):
            self.trail.open(marks.PART_LEVELS["节"], block.text)
        elif block.level and not marks.article(block.text, self.previous):
            self._heading(_OTHER_HEADING, block.text)
        elif block.text not in _CONTENTS:
            self._paragraph(block)

    def _is_untitled_section(self, block: Block) -> bool:
        """A short line under a chapter's heading is the title of a section that lost its mark (一般规定)."""
        return is_title(block.text) and not marks.article(block.text, self.previous)

    def _heading(self, level: int, title: str) -> None:
        self.flush()
        if level == 1:
            # Chapters of each 编 are counted anew, articles go on.
            self.trail.open(1, title)
        else:
            self.trail.open(level, title)
        self.awaits_title = "　" not in title and title.startswith("第")
        self.lines, self.locator, self.kind = [], title.partition("　")[0], "paragraph"

    def _paragraph(self, block: Block) -> None:
        self.awaits_title = False
        if found := marks.article(block.text, self.previous):
            self.flush()
            self.previous, self.locator, self.kind = *found, "article"
        self.lines.append(Line(block.text, block.page))

    def flush(self) -> None:
        place = f"{self.name} {self.locator}".strip()
        self.packer.add(self.lines, place, self.trail.headings, self.kind)
        self.tables.flush(self.packer, self.trail.headings, place)
        self.lines = []


def add_articles(packer: Packer, blocks: Sequence[Block], above: Sequence[str], name: str) -> None:
    """Add the passages of a law; what stands before its first article is its 题注 (how it was passed)."""
    reading = _Articles(packer, above, name)
    for block in blocks:
        reading.take(block)
    reading.flush()
