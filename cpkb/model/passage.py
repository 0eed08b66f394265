"""Passages (段落): the unit that is searched, shown and cited. A clause, an article, a row, a record."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHOWN_LENGTH = 600  # judged searches read 800 characters of a result; 600 leaves room and fits a screen
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


KINDS = ("preface", "article", "clause", "table", "row", "paragraph", "record")


def cut(text: str, limit: int = SHOWN_LENGTH) -> str:
    """The start of a text, at most ``limit`` characters, ended at a sentence end where there is one."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, limit // 2, limit) for mark in _SENTENCE_ENDS)
    return text[: end + 1] if end > 0 else text[:limit]
