"""Originals (原件): the copy of the file that a text or a row was read from, opened at a page or taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, g, send_file

from cpkb.comparison.versions import version
from cpkb.errors import NotFoundError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.pages.parameters import known
from cpkb.settings import Settings

pages = Blueprint("original_page", __name__)
SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
"""Formats that browsers show and that cannot act on the site: PDF's scripts run in a viewer of their own."""
_SIGNS = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
_LOOKED_AT = 1024  # bytes: %PDF- may stand a little after the start
_TAKEN = "application/octet-stream"
"""All else is taken away: a page, a mail or a drawing would act as the site's own."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'"


@dataclass(frozen=True, slots=True)
class Original:
    """The kept copy of an imported file."""

    file: Path
    name: str
    is_shown: bool
    """Whether a browser opens it; else it is saved."""
    address: str

    @property
    def kind(self) -> str:
        """Its format as people call it: PDF."""
        return self.file.suffix.lstrip(".").upper()

    @property
    def has_pages(self) -> bool:
        """Whether it can be opened at a page."""
        return self.is_shown and self.file.suffix == ".pdf"

    def at(self, page: int | None) -> str:
        """Where it opens at a page."""
        return f"{self.address}#page={page}" if page and self.has_pages else self.address


@pages.get("/documents/<record_id>/original")
@pages.get("/documents/<record_id>/versions/<int:number>/original")
@pages.get("/records/<collection_name>/<record_id>/original")
def original(record_id: str, number: int = 0, collection_name: str = "") -> Response:
    """The file that a text, an earlier text or a row was read from; ``#page=N`` opens a PDF there."""
    known()
    kb: KnowledgeBase = g.kb
    record = (
        version(f"{record_id}@{number}", kb.store).record if number else kb.store.record(record_id, with_body=False)
    )
    if collection_name not in ("", record.collection):
        raise NotFoundError(f"“{record.title}”不在这一类里，它在 {record.address}")
    found = original_of(record, kb.settings)
    if found is None:
        raise NotFoundError(f"《{record.title}》没有存下原件：它不是导入的文件，或者原件已经撤销")
    kind = SHOWN[found.file.suffix] if found.is_shown else _TAKEN
    answer = send_file(
        found.file, kind, as_attachment=not found.is_shown, download_name=found.name, etag=found.file.stem, max_age=0
    )
    answer.headers["Content-Security-Policy"] = _POLICY if found.is_shown else "default-src 'none'; sandbox"
    return answer


def original_of(record: Record, settings: Settings, address: str = "") -> Original | None:
    """The copy of the strongest imported source that has one; ``address`` is given of an earlier text."""
    path = f"{address or record.address}/original"
    copies = (_copy(source, settings.originals, path) for source in reversed(record.sources))
    return next(filter(None, copies), None)


def _copy(source: Source, originals: Path, path: str) -> Original | None:
    if source.origin != "imported" or not _SHA256.fullmatch(source.sha256):
        return None
    name = PurePosixPath(source.file).name
    file = originals / source.sha256[:2] / f"{source.sha256}{PurePosixPath(name).suffix.lower()}"
    if not file.is_file():
        return None
    return Original(file, name, _is_what_it_says(file), path)


def _is_what_it_says(file: Path) -> bool:
    """Whether a file is of a shown format by its bytes, not by its name alone."""
    sign = _SIGNS.get(file.suffix)
    if sign is None:
        return False
    with file.open("rb") as data:
        start = data.read(_LOOKED_AT)
    return sign in start if file.suffix == ".pdf" else start.startswith(sign)
