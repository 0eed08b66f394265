"""Provenance (出处): where a statement comes from, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORITIES = {
    "official": "官方发布",
    "repost": "转载",
    "ocr": "识别件",
    "own_summary": "本库摘编",
    "sample": "示例",
}
REVIEWS = {"unreviewed": "未复核", "reviewed": "已复核"}
ORIGINS = ("shipped", "imported", "edited")
"""Who brought it, weakest first: an import fills in over the shipped corpus, an editor over both."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a record: what it is, where it is, and the exact bytes read (sha256)."""

    title: str
    publisher: str = ""
    number: str = ""
    address: str = ""
    licence: str = ""
    retrieved: str = ""
    authority: str = "repost"
    review: str = "unreviewed"
    origin: str = "imported"
    file: str = ""
    """Folder and name of the imported file, ``guides/电镀….pdf``; for the shipped corpus its path in corpus/."""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a text: the document's title, its number, the clause or row, the page."""

    document: str
    locator: str = ""
    number: str = ""
    page: int | None = None

    def in_words(self) -> str:
        """《电镀污染防治可行技术指南》HJ 1306—2023 5.2.1（第9页）."""
        page = f"（第{self.page}页）" if self.page else ""
        return " ".join(part for part in (f"《{self.document}》{self.number}", self.locator) if part) + page
