"""The formats a paper can be taken away in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cpkb.errors import QueryError
from cpkb.writers.blocks import Paper
from cpkb.writers.docx import as_docx
from cpkb.writers.pdf import as_pdf


@dataclass(frozen=True, slots=True)
class Format:
    """How a paper is written, and as what it is sent."""

    mimetype: str
    write: Callable[[Paper, Path], bytes]
    """Takes the paper and the folder of fonts."""


FORMATS: Mapping[str, Format] = {
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", lambda paper, _: as_docx(paper)
    ),
    "pdf": Format("application/pdf", as_pdf),
}
"""By the ending of the file's name."""


def format_of(name: str) -> Format:
    """The format that a file's name ends in; raises QueryError naming those there are."""
    ending = name.rpartition(".")[2].lower()
    if ending not in FORMATS:
        raise QueryError(f"{name}: 备忘录写成 .docx 或 .pdf")
    return FORMATS[ending]
