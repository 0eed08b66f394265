"""Source texts (原文) that records are compared with: squeezed, with their pages where they have any."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cpkb.model.record import Record, work_key


@dataclass(frozen=True)
class SourceText:
    """One text that was read for the corpus."""

    name: str
    pages: tuple[str, ...]
    """Squeezed words of each page; one page where there are none."""
    has_pages: bool = False

    @cached_property
    def text(self) -> str:
        """All of it without breaks."""
        return "".join(self.pages).replace("\n", "")

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every stretch of RUN characters."""
        return frozenset(self.text[at : at + RUN] for at in range(len(self.text) - RUN + 1))


RUN = 16
"""Characters in a row: fewer are how everybody would say it."""
Sources = Mapping[str, SourceText]
"""Source texts by the work key of their title, and of their number."""


def squeeze(text: str) -> str:
    """A text as it is compared: one width, no white space."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text))


def squeeze_words(text: str) -> str:
    """The same with a break for white space: a clause is told from a page number, a cell from the next."""
    return re.sub(r"[\s\u200b\ufeff]+", "\n", unicodedata.normalize("NFKC", text)) + "\n"


def cited(record: Record, sources: Sources) -> Iterable[SourceText]:
    """The source texts that a record cites, each once."""
    names = [(c.document, c.number) for c in record.citations] + [(s.title, s.number) for s in record.sources]
    found = (source_of(document, number, sources) for document, number in names)
    return {id(text): text for text in found if text}.values()


def source_of(document: str, number: str, sources: Sources) -> SourceText | None:
    """The text of that number, else of that title (a page about a standard has it too); None if not at hand."""
    by_number = sources.get(work_key(number)) if number else None
    return by_number or sources.get(work_key(document))
