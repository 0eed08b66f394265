"""Citations that are kept (引证): words of a passage at one version, and whether they still stand there."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cpkb.errors import NotFoundError
from cpkb.model.answer import Answer, Citation
from cpkb.model.passage import SHOWN_LENGTH, Passage, cut
from cpkb.model.record import Record, passages_of
from cpkb.model.results import Hit
from cpkb.model.source import Citation as Source
from cpkb.model.validity import DATED, HOLDING, validity
from cpkb.search.shapes import document_of
from cpkb.store.store import Store

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
REASONS = {
    "gone": "条目或段落已不在库里",
    "changed": "段落的文字已经改了，引的话不在里面",
    "ended": "所引的文件已经失效",
    "amended": "所引的文件已被修改，引的话还在",
    "version": "文件换了版本，引的话还在",
}
"""Why a kept citation has to be looked at again, the gravest first."""
ENDED = ("repealed", "superseded")
_AT_HAND = 16  # records with their texts: citations come sorted by record, and a law has megabytes


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


def stale(kept: Iterable[Citation], store: Store, as_of: dt.date) -> list[Stale]:
    """Which kept citations no longer hold on a day as they were kept, in their order."""
    record_of = lru_cache(_AT_HAND)(lambda record_id: _record(record_id, store))
    reasons = ((citation, _why_stale(citation, record_of(citation.record_id), store, as_of)) for citation in kept)
    return [Stale(citation, reason) for citation, reason in reasons if reason]


def _record(record_id: str, store: Store) -> Record | None:
    try:
        return store.record(record_id)
    except NotFoundError:
        return None


def _why_stale(citation: Citation, record: Record | None, store: Store, as_of: dt.date) -> str:
    if record is None:
        return "gone"
    passages = {passage.ordinal: passage for passage in passages_of(record)}
    passage = passages.get(citation.ordinal)
    stands = passage is not None and citation.quoted in passage.text
    if not stands and not any(citation.quoted in other.text for other in passages.values()):
        return "gone" if passage is None else "changed"
    if lost := _lost_force(citation, record, store, as_of):
        return lost
    return "" if passage and stands and version_of(record, passage) == citation.version else "version"


def _lost_force(citation: Citation, record: Record, store: Store, as_of: dt.date) -> str:
    state = state_of(record, store, as_of)
    if state == citation.validity.state:
        return ""
    return "ended" if state in ENDED else ("amended" if state == "amended" else "")


def state_of(record: Record, store: Store, as_of: dt.date) -> str:
    """The state of a record on a day; '' where validity does not apply."""
    if record.collection not in HOLDING:
        return ""
    return validity(store.dated(record), store.claims_about(record), as_of).state


def ended_text(cited: Source, store: Store, as_of: dt.date) -> str:
    """The state of a cited text that has lost its force on a day; '' while any edition that may be meant holds."""
    heads = [head for name in DATED for head, _ in store.same_work(Record("", name, cited.document))]
    meant = [head for head in heads if cited.number and head.value("number") == cited.number] or heads
    states = [state_of(head, store, as_of) for head in meant]
    return states[0] if states and all(state in ENDED for state in states) else ""


def cited_in(answer: Answer) -> list[Citation]:
    """Every citation that an answer shows, once."""
    items = (*answer.lead, *answer.items())
    return list(dict.fromkeys(c for item in items for c in (item.citation, *item.twins, *item.against)))
