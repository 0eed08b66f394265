"""What editors decided of proposed relations, laid over what was read.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, and_, case, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from cpkb.model.proposal import Proposal, key
from cpkb.model.record import Record, Relation
from cpkb.store.tables import relation_decisions as decided
from cpkb.store.tables import relations

_KEY = ("record_id", "kind", "target_key", "on_date", "locator")
OF_ITS_RELATION = and_(*(decided.c[name] == relations.c[name] for name in _KEY))
"""Joins a relation with what was decided of it."""
STATE = case((relations.c.is_proposed, func.coalesce(decided.c.state, "proposed")), else_="stated")
"""Of a joined relation: stated, where the text itself is certain, or one of `model.proposal.STATES`."""


def applied(connection: Connection, record: Record) -> Record:
    """The record as decided: what was accepted is certain, what was rejected is gone."""
    if not any(relation.is_proposed for relation in record.relations):
        return record
    query = select(decided).where(decided.c.record_id == record.id)
    known = {tuple(row[name] for name in _KEY): row["state"] for row in connection.execute(query).mappings()}

    def state(relation: Relation) -> str:
        return known.get(key(record.id, relation), "") if relation.is_proposed else ""

    kept = [(relation, state(relation)) for relation in record.relations if state(relation) != "rejected"]
    now = [replace(relation, is_proposed=False) if said == "accepted" else relation for relation, said in kept]
    return replace(record, relations=tuple(dict.fromkeys(now)))


def put(connection: Connection, proposal: Proposal) -> None:
    """Keep what was decided; a proposal that is open again leaves nothing."""
    named = dict(zip(_KEY, key(proposal.by.id, proposal.relation), strict=True))
    connection.execute(delete(decided).where(*(decided.c[name] == value for name, value in named.items())))
    if proposal.state != "proposed":
        told = {"state": proposal.state, "day": proposal.day, "note": proposal.note, "said": proposal.said}
        connection.execute(insert(decided).values(named | told))
