"""Citations that are kept (引证): words of a passage at one version, and whether they still stand there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cpkb.errors import NotFoundError
from cpkb.model.answer import Citation
from cpkb.model.passage import SHOWN_LENGTH, Passage, cut
from cpkb.model.record import Record, passages_of
from cpkb.model.results import Hit
from cpkb.search.shapes import document_of
from cpkb.store.store import Store

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
REASONS = {
    "gone": "条目或段落已不在库里",
    "changed": "段落的文字已经改了，引的话不在里面",
    "version": "文件换了版本，引的话还在",
}
"""Why a kept citation has to be looked at again."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A kept citation that does not hold as it was kept, and why."""

    citation: Citation
    reason: str
    """One of REASONS."""


def cite(hit: Hit, stored: Record, words: Sequence[str] = ()) -> Citation:
    """The citation of a passage; ``stored`` is its record as kept, ``words`` what the question is about."""
    record, passage = hit.record, _as_kept(hit, stored)
    return Citation(
        record_id=record.id,
        ordinal=passage.ordinal,
        document=record.title if record.is_document or not passage.locator else document_of(record),
        number=record.value("number") or record.value("code"),
        locator=passage.locator,
        page=passage.page,
        quoted=stretch(passage.text, words),
        version=version_of(stored, passage),
        validity=hit.validity,
        authority=record.source.authority,
        address=hit.address,
        file=record.source.file,
    )


def _as_kept(hit: Hit, stored: Record) -> Passage:
    """The passage as it is kept: what is shown of a record may hold dates that another text lent it."""
    return hit.passage if hit.record.is_document else passages_of(stored)[0]


def version_of(stored: Record, passage: Passage) -> str:
    """The hash of the file an imported text was read from; of a record in own words, the hash of what it says."""
    if stored.source.origin == "imported" and stored.source.sha256:
        return stored.source.sha256
    return hashlib.sha256(passage.text.encode()).hexdigest()


def sentences(text: str) -> list[str]:
    """The sentences of a text, word for word; parted by semicolons too, as clauses of laws are."""
    return [match[0].strip() for match in _SENTENCE.finditer(text) if match[0].strip()]


def stretch(text: str, words: Sequence[str], limit: int = SHOWN_LENGTH) -> str:
    """A passage, or of a long one the stretch that begins a little before its most telling sentence."""
    if len(text) <= limit:
        return text
    best = max(_SENTENCE.finditer(text), key=lambda match: sum(word in match[0] for word in words), default=None)
    if best is None or best.end() <= limit:
        return cut(text, limit)
    return cut(text[best.start() :], limit)


def stale(kept: Iterable[Citation], store: Store) -> list[Stale]:
    """Which kept citations no longer hold as they were kept, in their order."""
    found = []
    for citation in kept:
        reason = _why_stale(citation, store)
        if reason:
            found.append(Stale(citation, reason))
    return found


def _why_stale(citation: Citation, store: Store) -> str:
    try:
        record = store.record(citation.record_id)
    except NotFoundError:
        return "gone"
    passages = {passage.ordinal: passage for passage in passages_of(record)}
    passage = passages.get(citation.ordinal)
    if passage is None or citation.quoted not in passage.text:
        elsewhere = any(citation.quoted in other.text for other in passages.values())
        return "version" if elsewhere else ("gone" if passage is None else "changed")
    return "" if version_of(record, passage) == citation.version else "version"
