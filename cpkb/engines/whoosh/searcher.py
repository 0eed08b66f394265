"""One generation of the built index, open for asking: from a query to a page of hits and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cpkb.engines.engine import EngineHit, EngineQuery, EngineResults
from cpkb.engines.ranking import Ranking
from cpkb.engines.whoosh.matching import Matched, Matcher, ranked_nodes
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Segment
from cpkb.model.validity import STATES

OTHERS_SHOWN = 5  # further clauses of a document that a results page folds under the best one


@dataclass(frozen=True, slots=True)
class _Found:
    """A matching passage on its way to the page."""

    key: tuple[Any, ...]
    record_id: str
    ordinal: int
    score: float
    at: int
    """The segment, and the row in it."""
    row: int
    twin: str


class Searcher:
    """Answers queries over fixed segments; safe to share between threads."""

    def __init__(self, reader: Any, ranking: Ranking) -> None:
        leaves = [leaf for leaf, _ in reader.leaf_readers()]
        self._reader = reader
        self.segments = [Segment(leaf) for leaf in leaves]
        self._scorer = Scorer(self.segments, ranking)

    @property
    def passages(self) -> int:
        """Live passages."""
        return self._scorer.passages

    @property
    def terms(self) -> int:
        """Distinct (field, term) pairs."""
        return sum(1 for _ in self._reader.all_terms())

    def knows(self, gram: str) -> bool:
        """Whether any passage holds the gram."""
        return self._scorer.impact("grams", gram).size > 0

    def search(self, query: EngineQuery) -> EngineResults:
        """See `engines.engine.Engine.search`."""
        matched = self._matched(query)
        found, twins = self._without_twins(self._ordered(matched, query), matched)
        passages = sum(int(m.mask.sum()) for m in matched)
        grouped = _grouped(found) if query.grouped else [(f, ()) for f in found]
        page = grouped[query.offset : query.offset + query.limit]
        facets = {name: self._count(name, matched, query) for name in query.facets}
        hits = tuple(
            EngineHit(f.record_id, f.ordinal, f.score, tuple(others), tuple(twins.get(f.twin, ())))
            for f, others in page
        )
        return EngineResults(hits, len(grouped), passages, facets)

    def _ordered(self, matched: Sequence[Matched], query: EngineQuery) -> list[_Found]:
        found = (f for at, rows in enumerate(matched) for f in self._collect(at, rows, query))
        return sorted(found, key=_key)

    def _collect(self, at: int, matched: Matched, query: EngineQuery) -> Iterator[_Found]:
        segment = self.segments[at]
        rows = np.flatnonzero(matched.mask)
        dates = {"newest": segment.issued, "effective": segment.starts}.get(query.sort)
        ended = segment.ends <= query.as_of.toordinal()
        for row in rows:
            record, ordinal, score = segment.records[row], int(segment.ordinals[row]), float(matched.scores[row])
            # Rounding keeps sums of the same numbers in another order from deciding between equals: of those the one
            # in force comes first, then the id decides.
            first = (-int(dates[row]),) if dates is not None else ()
            key = (*first, -round(score, 9), bool(ended[row]), record, ordinal)
            yield _Found(key, record, ordinal, score, at, int(row), segment.twins[row])

    def _without_twins(
        self, found: Sequence[_Found], matched: Sequence[Matched]
    ) -> tuple[list[_Found], dict[str, list[tuple[str, int]]]]:
        """One hit for each wording: the copies of a clause in other texts are told with it, and not counted."""
        kept: list[_Found] = []
        twins: dict[str, list[tuple[str, int]]] = {}
        for item in found:
            if item.twin in twins:
                twins[item.twin].append((item.record_id, item.ordinal))
                matched[item.at].mask[item.row] = False
                continue
            if item.twin:
                twins[item.twin] = []
            kept.append(item)
        return kept, twins

    def _matched(self, query: EngineQuery) -> list[Matched]:
        """What matches in each segment, without what scores less than a share of the best of its question."""
        matchers = [Matcher(self._scorer, at, query) for at in range(len(self.segments))]
        tail = self._scorer.ranking.tail
        asked = set(ranked_nodes(query.match))
        least = {node: tail * max((m.ranked(node).best for m in matchers), default=0.0) for node in asked}
        matched = [matcher.run(least) for matcher in matchers]
        # Where filters leave nothing but the tail, the tail is better than nothing.
        return matched if any(m.mask.any() for m in matched) else [matcher.run({}) for matcher in matchers]

    def _count(self, name: str, matched: Sequence[Matched], query: EngineQuery) -> dict[str, int]:
        counted: dict[str, set[str]] = {}
        for segment, rows in zip(self.segments, matched, strict=True):
            for value, ids in _values_of(segment, name, query):
                held = ids[rows.mask[ids]]
                if len(held):
                    counted.setdefault(value, set()).update(_keys(segment, held, query))
        return {value: len(keys) for value, keys in counted.items()}


def _keys(segment: Segment, rows: Any, query: EngineQuery) -> list[str]:
    """What is counted: records when grouped, else passages."""
    if query.grouped:
        return [segment.records[row] for row in rows]
    return [f"{segment.records[row]}#{segment.ordinals[row]}" for row in rows]


def _values_of(segment: Segment, name: str, query: EngineQuery) -> list[tuple[str, Any]]:
    if name != "validity":
        return list(segment.values.get(name, {}).items())
    return [(state, np.flatnonzero(segment.state_rows(state, query.as_of))) for state in STATES]


def _key(found: _Found) -> tuple[Any, ...]:
    return found.key


def _grouped(found: Sequence[_Found]) -> list[tuple[_Found, list[int]]]:
    """The best passage of each record in order, with the ordinals of its next best."""
    groups: dict[str, tuple[_Found, list[int]]] = {}
    for item in found:
        if item.record_id not in groups:
            groups[item.record_id] = (item, [])
        elif len(groups[item.record_id][1]) < OTHERS_SHOWN:
            groups[item.record_id][1].append(item.ordinal)
    return list(groups.values())
