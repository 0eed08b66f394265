"""The port every file format fulfils, and the values that pass between reading and structuring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cpkb.model.passage import Passage
from cpkb.model.record import Relation

BLOCK_KINDS = ("paragraph", "heading", "caption", "header", "row", "cover", "figure")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table row of a file, before clauses are recognised."""

    text: str
    page: int | None = None
    level: int = 0
    """Heading level where the format marks one (Markdown #, HTML h1…h6), else 0."""
    kind: str = "paragraph"
    """One of BLOCK_KINDS; a table is a caption (if it has one), its header rows and its rows."""
    cells: tuple[str, ...] = ()
    """Of a header or row: the text of each column, that of merged cells in all they cover; what mapping reads."""
    confidence: float = 1.0
    """How sure the reader is of it, 0 to 1: that of its least sure line where it was recognised (OCR)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a format reader found: blocks in reading order, and facts the format itself states."""

    blocks: tuple[Block, ...]
    title: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Raw values by field name: number, issuer, issued, effective, repealed, status, kind, region, address.

    ``author`` and ``dated`` are what the page that carries the text says of it: the text itself knows better.
    """
    key: str = ""
    """What tells it from other texts of the same file ('' when the file holds one)."""
    problems: tuple[str, ...] = ()
    """What could not be read, with its place (environment.jsonl:17 …); a draft may hold nothing else."""
    is_recognised: bool = False
    """Whether most of it was recognised from pictures (OCR): its source is then 识别件."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """One text, ready to become a document."""

    title: str
    collection: str
    passages: tuple[Passage, ...]
    fields: Mapping[str, object] = field(default_factory=dict)
    """Raw field values; the collection checks them."""
    relations: tuple[Relation, ...] = ()
    is_recognised: bool = False
    """Whether most of it was recognised from pictures (OCR)."""
    key: str = ""
    """What tells it from other texts of the same file ('' when the file holds one)."""
    problems: tuple[str, ...] = ()
    """Statements that disagree, for a person to check: which was taken, and where it stands."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a file (an archive, a mail), or why it is not taken."""

    path: str
    """Its place in it; parts of nested containers end in ! (a.zip!/b.pdf)."""
    data: bytes = b""
    refused: str = ""


class Extractor(Protocol):
    """Reads one format. Raises ExtractError saying what the file is instead and what would be right."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The file name endings it reads, lower case."""
        ...

    def read(self, data: bytes, name: str) -> list[Draft]:
        """The drafts in a file: one, but for JSON lines (a draft a line) and files that hold several texts."""
        ...
