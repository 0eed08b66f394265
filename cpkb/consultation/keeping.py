"""Keeping (留存): an answer as it was told on a day, at an address, with citations that tell when they fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cpkb.consultation.citations import cited_in, stale
from cpkb.consultation.shapes import citation_shape, kept_shape
from cpkb.errors import QueryError
from cpkb.model.answer import Answer
from cpkb.store.kept import KeptAnswer, new_id
from cpkb.store.store import Store


def keep(answer: Answer, store: Store, day: dt.date) -> KeptAnswer:
    """Keep an answer; the same one kept again is the one that is there.

    Raises QueryError when nothing answers, StoreError when there is no room.
    """
    if answer.none:
        raise QueryError("本库没有答得上这个问题的内容，没有什么可以留存")
    kept = KeptAnswer(new_id(), answer.question, day.isoformat(), kept_shape(answer))
    return store.kept.keep(kept, cited_in(answer))


def reasons(kept: KeptAnswer, store: Store, day: dt.date) -> dict[str, str]:
    """`place_of` each citation of a kept answer that no longer holds on a day → why, one of `REASONS`."""
    cited = [citation for _, citation in store.kept.citations(kept.address)]
    return {place_of(citation_shape(one.citation)): one.reason for one in stale(cited, store, day)}


def place_of(shape: Mapping[str, object]) -> str:
    """What tells one citation of an answer from the others: its record, its passage, its words."""
    return f"{shape['record']}#{shape['ordinal']}:{shape['sha256']}"
