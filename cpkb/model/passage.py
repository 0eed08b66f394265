"""Passages (段落): the unit that is searched, shown and cited. A clause, an article, a row, a record."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHOWN_LENGTH = 600  # judged searches read 800 characters of a result; 600 leaves room and fits a screen
CELL = "｜"
"""What parts the columns of a table's row."""
_NAME = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_ENDS = "。；！？\n"


@dataclass(frozen=True, slots=True)
class Passage:
    """One citable piece of a record's text."""

    ordinal: int
    """Position in the record, from 0."""
    text: str
    locator: str = ""
    """第二十七条, 6.1.3.2, 第3行, 表2: how a person cites it within its document."""
    headings: tuple[str, ...] = ()
    """Titles of the parts, chapters and clauses above it, outermost first."""
    kind: str = "clause"
    """One of KINDS."""
    page: int | None = None

    @property
    def anchor(self) -> str:
        """The fragment of its stable address, unique in the record when locators are."""
        return re.sub(r"\s+", "", self.locator) or f"p{self.ordinal}"

    @property
    def told(self) -> str:
        """The text with what names several columns of a table once: it is no more about 排放限值 for having twelve."""
        return told(self.text) if self.kind == "table" else self.text


KINDS = ("preface", "article", "clause", "table", "row", "paragraph", "record")


def told(text: str) -> str:
    """The rows of a table with what names several columns once."""
    return "\n".join(CELL.join(_once(line.split(CELL))) for line in text.split("\n"))


def _once(cells: list[str]) -> list[str]:
    return [cell for at, cell in enumerate(cells) if not at or cell != cells[at - 1] or not _NAME.search(cell)]


def cut(text: str, limit: int = SHOWN_LENGTH) -> str:
    """The start of a text, at most ``limit`` characters, ended at a sentence end where there is one."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, limit // 2, limit) for mark in _SENTENCE_ENDS)
    return text[: end + 1] if end > 0 else text[:limit]
