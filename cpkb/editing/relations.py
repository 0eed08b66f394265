"""Relations (关系) that a person decides: proposed ones accepted or rejected, and texts that contradict one another."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from cpkb.errors import QueryError
from cpkb.model.dates import in_words as day_in_words
from cpkb.model.proposal import Proposal
from cpkb.model.record import RELATIONS, Record, addressed
from cpkb.model.validity import TIMED, Claim, contradicting
from cpkb.store.store import Store

DECISIONS = {"accept": "accepted", "reject": "rejected", "reopen": "proposed"}
"""What an editor does, and the state it leads to."""
MOST_NOTE = 500  # characters: a reason, not a report


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A text of which others say what does not go together."""

    about: Record
    claims: tuple[Claim, ...]


def decide(store: Store, proposal_id: str, decision: str, day: dt.date, note: str = "") -> Proposal:
    """Accept, reject or reopen a proposed relation; raises QueryError, NotFoundError."""
    if decision not in DECISIONS:
        raise QueryError(f"没有“{decision[:40]}”这种处理；有：{'、'.join(DECISIONS)}")
    note = " ".join(note.split())
    if len(note) > MOST_NOTE:
        raise QueryError(f"备注有 {len(note)} 个字，最多 {MOST_NOTE} 个；请写短些")
    return store.proposals.decide(proposal_id, DECISIONS[decision], day, note)


def contradictions(store: Store) -> list[Contradiction]:
    """Every text of which others say what does not go together, by title; rejected words do not count."""
    ids = store.proposals.contested()
    heads = store.without_bodies(ids)
    texts = (addressed(heads[record_id]) for record_id in ids if record_id in heads)
    found = (Contradiction(text, contradicting(store.dated(text), store.claims_about(text))) for text in texts)
    return [one for one in found if one.claims]


def proposal_shape(proposal: Proposal) -> dict[str, Any]:
    """A proposed relation for machines."""
    relation = proposal.relation
    return {
        "id": proposal.id,
        "state": proposal.state,
        "by": {"id": proposal.by.id, "title": proposal.by.title, "url": proposal.address, "page": proposal.page},
        "relation": {name: value for name, value in asdict(relation).items() if name != "is_proposed"},
        "decided": {"day": proposal.day, "note": proposal.note, "said": proposal.said} if proposal.day else None,
    }


def contradiction_shape(found: Contradiction) -> dict[str, Any]:
    """What contradicts itself, for machines."""
    claims = [{"by": c.by_title, "url": c.by_address, **asdict(c.relation)} for c in found.claims]
    return {"title": found.about.title, "url": found.about.address, "claims": claims}


def in_words(proposal: Proposal) -> str:
    """What it says, on one line: 2026年8月15日起废止《示例旧条例》, 日期不明，代替 HJ 1306—2023."""
    relation = proposal.relation
    is_number = relation.target[:1].isascii()
    named = f" {relation.target}" if is_number else f"《{relation.target}》"
    day = f"{day_in_words(dt.date.fromisoformat(relation.on))}起" if relation.on else ""
    return f"{'日期不明，' if lacks_day(proposal) else day}{RELATIONS[relation.kind]}{named}"


def lacks_day(proposal: Proposal) -> bool:
    """Whether no day was read from which it would hold: accepted, it is shown and changes no validity."""
    return not proposal.relation.on and proposal.relation.kind in TIMED
