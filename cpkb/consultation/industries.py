"""What is known of one industry (行业), without a question: the sections of an answer, and how full they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cpkb.consultation.vocabulary import many
from cpkb.errors import NotFoundError
from cpkb.model.collection import collections
from cpkb.model.field_types import DIVISIONS
from cpkb.model.query import AllOf, Query, Words
from cpkb.model.results import Hit
from cpkb.search.find import Finder

MOST = 400  # technologies of one industry: the fullest has some 300
SHOWN = 12  # records of the other sections; the rest are one link away
FREQUENT = 14  # pollutants and processes: two lines on a phone
_KINDS = ("prevention", "recovery", "management", "", "treatment", "equipment")
"""Prevention stands before treatment."""


@dataclass(frozen=True, slots=True)
class Known:
    """Records of one kind about an industry."""

    collection: str
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of an industry on a day."""

    code: str
    label: str
    as_of: dt.date
    techniques: Mapping[str, tuple[Hit, ...]]
    """By process, those with most to prevent first; within one, prevention before treatment."""
    pollutants: tuple[tuple[str, int], ...]
    """(pollutant, how many techniques are about it)."""
    bans: Known
    limits: Known
    duties: Known
    incentives: Known
    guides: Known
    cases: Known
    people: tuple[Known, ...]

    @property
    def coverage(self) -> list[tuple[str, str, int]]:
        """(collection, its label, how many records), also where there is none."""
        counts = {"technology": len({hit.record.id for hits in self.techniques.values() for hit in hits})}
        counts |= {known.collection: known.total for known in (self.bans, self.limits, self.guides, self.cases)}
        counts["duty"] = self.duties.total + self.incentives.total
        return [(name, collections()[name].label, count) for name, count in counts.items()]


def industries(finder: Finder) -> list[tuple[str, str, int]]:
    """(code, label, how many records are about it) of every industry that something is known of."""
    found = finder.find(Query(facets=("industry",), limit=1))
    counts = {count.value: count.count for facet in found.facets for count in facet.counts}
    return [(code, label, counts[label]) for code, label in DIVISIONS.items() if label in counts]


def overview(finder: Finder, code: str, as_of: dt.date) -> Overview:
    """Everything known of an industry; raises NotFoundError for a code that is none."""
    if code not in DIVISIONS:
        raise NotFoundError(f"没有行业代码“{code[:20]}”；代码是两位数字，如 33（金属制品业）")
    label = DIVISIONS[code]

    def known(collection: str, limit: int = SHOWN, **filters: str) -> Known:
        chosen = {"collection": collection, "industry": label, **filters}
        found = finder.find(Query(filters=tuple((n, (v,)) for n, v in chosen.items()), as_of=as_of, limit=limit))
        return Known(collection, found.total, found.hits)

    technologies = known("technology", MOST).hits
    pollutants = Counter(str(value) for hit in technologies for value in many(hit.record, "pollutant"))
    return Overview(
        code=code,
        label=label,
        as_of=as_of,
        techniques=_by_process(technologies),
        pollutants=tuple(pollutants.most_common(FREQUENT)),
        bans=known("elimination"),
        limits=known("limit"),
        duties=known("duty", kind=_duty("duty")),
        incentives=known("duty", kind=_duty("incentive")),
        guides=known("guideline"),
        cases=known("case"),
        people=(known("expert"), _about(finder, "organisation", label, as_of)),
    )


def _duty(kind: str) -> str:
    """A kind of duty as the facet keeps it: as people read it."""
    return collections()["duty"].fields["kind"].options[kind]


def _about(finder: Finder, collection: str, label: str, as_of: dt.date) -> Known:
    """Records that have no industry of their own, by the words of its name."""
    words = AllOf((Words(label.removesuffix("业")),))
    found = finder.find(Query(words, (("collection", (collection,)),), as_of=as_of, limit=SHOWN))
    return Known(collection, found.total, found.hits)


def _by_process(hits: tuple[Hit, ...]) -> Mapping[str, tuple[Hit, ...]]:
    """Technologies under the first of their processes."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        processes = many(hit.record, "process")
        groups.setdefault(str(processes[0]) if processes else "其他", []).append(hit)
    ordered = sorted(groups.items(), key=lambda group: (-_prevented(group[1]), -len(group[1]), group[0]))
    return {process: tuple(sorted(found, key=_place)) for process, found in ordered}


def _prevented(hits: list[Hit]) -> int:
    return sum(hit.record.value("kind") == "prevention" for hit in hits)


def _place(hit: Hit) -> tuple[int, str]:
    return _KINDS.index(hit.record.value("kind")), hit.record.title
