"""Validity (效力): what holds on a given day, and the text that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cpkb.model.dates import in_words
from cpkb.model.record import Record, Relation

STATES = {
    "draft": "草案",
    "not_yet": "尚未施行",
    "in_force": "现行",
    "amended": "已修改",
    "superseded": "已被代替",
    "repealed": "已废止",
    "unknown": "效力不明",
}
_ENDS = ("repeals", "replaces")
TIMED = (*_ENDS, "amends")
"""Relations that change what holds, from a day on."""
DATED = ("guideline", "policy")
"""Collections of texts, which have a validity of their own; a technology or a list row is as valid as its source."""
PART_OF = {"limit": "guideline", "duty": "policy"}
"""Collections of what is read from a text and holds while it does, and the field that names the text."""
HOLDING = (*DATED, *PART_OF)
"""Collections whose records have a validity."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement behind a validity: in words, with a link to the text that says it."""

    says: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """The state on a date, with its reasons."""

    state: str
    """One of STATES, or '' where validity does not apply (a technology, a row of a list)."""
    as_of: dt.date
    reasons: tuple[Reason, ...] = ()

    @property
    def label(self) -> str:
        """The state in Chinese; '' where validity does not apply."""
        return STATES.get(self.state, "")


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation stated by some record about this one."""

    relation: Relation
    by_title: str
    by_address: str
    """Where the statement is read: the clause of the acting text."""
    by_id: str = ""
    """The id of the acting text."""


@dataclass(frozen=True, slots=True)
class Interval:
    """When a text holds, as far as is known: what the index keeps, so that any date can be asked for."""

    is_draft: bool
    starts: dt.date | None
    ends: dt.date | None
    end_state: str
    """repealed or superseded: what it becomes when the interval ends."""
    is_dated: bool
    """False when nothing tells whether it holds (no date, no statement)."""
    amended: dt.date | None = None
    """The first day on which another text changes it."""
    first: dt.date | None = None
    """The first day of an amended text's earlier wordings, which are not at hand: nothing is known of them."""


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def interval(record: Record, claims: Iterable[Claim]) -> Interval:
    """The interval of a record from its own dates and what other texts say of it; the earliest end wins."""
    # The text of an amended law is its amended one: it holds from the amendment, though the law is older.
    starts = max((day for name in ("effective", "issued") if (day := _day(record.value(name)))), default=None)
    ends = [(day, "repealed") for day in (_day(record.value("repealed")),) if day]
    amended = []
    for claim in claims:
        if claim.relation.is_proposed:
            continue
        day = _day(claim.relation.on)
        state = {"repeals": "repealed", "replaces": "superseded"}.get(claim.relation.kind)
        if day and state and (starts is None or day > starts):
            ends.append((day, state))
        if day and claim.relation.kind == "amends" and (starts is None or day > starts):
            amended.append(day)
    end = min(ends, default=None)
    status = record.value("status")
    if end is None and status == "repealed":
        end = (starts or dt.date.min, "repealed")
    return Interval(
        is_draft=status == "draft",
        starts=starts,
        ends=end[0] if end else None,
        end_state=end[1] if end else "",
        is_dated=bool(starts or end or status),
        amended=min(amended, default=None),
        first=_first(record),
    )


def _first(record: Record) -> dt.date | None:
    began, worded = record.value("effective"), record.value("issued")
    return _day(began) if began < worded else None


def state_on(interval: Interval, as_of: dt.date) -> str:
    """The state of an interval on a date."""
    if interval.is_draft:
        return "draft"
    if interval.starts and as_of < interval.starts:
        return "unknown" if interval.first and interval.first <= as_of else "not_yet"
    if interval.ends and as_of >= interval.ends:
        return interval.end_state
    if not interval.is_dated:
        return "unknown"
    return "amended" if interval.amended and as_of >= interval.amended else "in_force"


def validity(record: Record, claims: Iterable[Claim], as_of: dt.date) -> Validity:
    """The state of a record on a date, with every reason a reader should see, future ends included."""
    claims = tuple(claims)
    span = interval(record, claims)
    reasons = []
    for name, word in (("issued", "公布"), ("effective", "施行"), ("repealed", "起不再有效")):
        if (day := _day(record.value(name))) and not (name == "issued" and span.first):
            reasons.append(Reason(f"{in_words(day)}{word}"))
    if span.first and span.starts:
        reasons.append(Reason(f"现有文字见于{in_words(span.starts)}的文本；此前施行的若是别的文字，这里没有"))
    if span.is_draft:
        reasons.append(Reason("这是草案，不是公布施行的文本"))
    reasons += [reason for claim in claims if (reason := _of_claim(claim, span))]
    reasons += _disagreement(claims, span)
    if record.value("status") and not (span.starts or span.ends):
        reasons.append(Reason("来源标注，未见日期"))
    return Validity(state_on(span, as_of), as_of, tuple(dict.fromkeys(reasons)))


def contradicting(record: Record, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims about this edition that do not go together: ends on different days, or two things on one day.

    Proposed ones count: who decides must see them. A new standard and its notice may end a text in different words.
    """
    claims = tuple(claims)
    span = interval(record, claims)
    told = [c for c in claims if c.relation.kind in TIMED and c.relation.on and not _is_past(c, span)]
    return tuple(one for one in told if any(_is_against(one, other) for other in told))


def _is_against(one: Claim, other: Claim) -> bool:
    if one.relation.on == other.relation.on:
        return one.relation.kind != other.relation.kind and one.by_title != other.by_title
    return one.relation.kind in _ENDS and other.relation.kind in _ENDS


def _is_past(claim: Claim, span: Interval) -> bool:
    """Whether it speaks of an earlier edition."""
    return bool(claim.relation.on and span.starts and claim.relation.on <= span.starts.isoformat())


def _disagreement(claims: Iterable[Claim], span: Interval) -> list[Reason]:
    """That several texts end this one on different days, and which day counts."""
    said = {(c.by_title, c.relation.on) for c in claims if c.relation.kind in _ENDS and not c.relation.is_proposed}
    days = sorted({on for _, on in said if on and (not span.starts or on > span.starts.isoformat())})
    if len(days) < 2:
        return []
    return [Reason(f"所说的日期不一致（{'、'.join(days)}），按最早的一日计")]


def _of_claim(claim: Claim, span: Interval) -> Reason | None:
    """The reason a claim gives, if it speaks of this edition."""
    relation, day = claim.relation, _day(claim.relation.on)
    if _is_past(claim, span):
        return None
    when = f"{in_words(day)}起" if day else "日期不明，"
    when = f"待核对：{when}" if relation.is_proposed else when
    by = f"《{claim.by_title}》{relation.locator}"
    words = {"repeals": f"{when}废止，见{by}", "replaces": f"{when}被代替，见{by}", "amends": f"{when}修改，见{by}"}
    return Reason(words[relation.kind], claim.by_address) if relation.kind in words else None
