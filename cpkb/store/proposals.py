"""Proposed relations (待核对的关系): listed with what was decided of them, and decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, case, func, or_, select, union_all

from cpkb.errors import NotFoundError
from cpkb.model.passage import Passage
from cpkb.model.proposal import Proposal
from cpkb.model.record import Record, Relation, work_key
from cpkb.model.validity import TIMED
from cpkb.store import contributions, decisions
from cpkb.store.database import Database
from cpkb.store.tables import passages, records, relation_decisions, relations

EVERY = (
    select(relations, records.c.title, records.c.collection, records.c.body_file, records.c.work_key)
    .add_columns(decisions.STATE.label("state"))
    .join(records, records.c.id == relations.c.record_id)
    .outerjoin(relation_decisions, decisions.OF_ITS_RELATION)
)
"""Relations with the records that state them and what was decided: what `relation` and `acting` read."""


class Proposals:
    """Finds and decides them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, state: str, record: str = "", limit: int = -1, offset: int = 0) -> list[Proposal]:
        """Those of a state, that one record states or that are about it or all, by title, in reading order."""
        query = _proposed(record).where(decisions.STATE.in_((state,)))
        query = query.order_by(records.c.title, records.c.id, relations.c.position).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return [_proposal(row) for row in connection.execute(query).mappings()]

    def counts(self, record: str = "") -> dict[str, int]:
        """How many there are by state, of one record or of all; a state without any is missing."""
        found = _proposed(record).with_only_columns(decisions.STATE.label("state"), func.count()).group_by("state")
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(found)}

    def get(self, proposal_id: str) -> Proposal:
        """One of them; raises NotFoundError."""
        with self._database.reading() as connection:
            return _get(connection, proposal_id)

    def decide(self, proposal_id: str, state: str, day: dt.date, note: str = "") -> Proposal:
        """Accept or reject one, or open it again (proposed); what it speaks of is indexed anew.

        Raises NotFoundError.
        """
        with self._database.writing() as connection:
            found = _get(connection, proposal_id)
            is_open = state == "proposed"
            told = ("", "", "") if is_open else (day.isoformat(), note, found.relation.says)
            made = replace(found, state=state, day=told[0], note=told[1], said=told[2])
            decisions.put(connection, made)
            revision = contributions.next_revision(connection)
            contributions.refresh(connection, made.by.id, revision)
            contributions.touch(connection, {work_key(made.relation.target)}, revision)
        return made

    def contested(self) -> list[str]:
        """Ids of records of which several others speak and not all say the same of a day, rejected words aside."""
        is_timed = relations.c.kind.in_(TIMED) & (relations.c.on_date != "")
        says = case((is_timed, relations.c.kind + relations.c.on_date))
        told = (
            select(records.c.id, records.c.title, relations.c.record_id.label("by"), says.label("says"))
            .select_from(relations)
            .join(records, relations.c.target_key == key)
            .outerjoin(relation_decisions, decisions.OF_ITS_RELATION)
            .where(decisions.STATE != "rejected")
            for key in (records.c.work_key, records.c.number_key)  # joined by either at once, every record is looked at
        )
        found = union_all(*told).subquery().c
        differ = (func.count(found.by.distinct()) > 1, func.count(found.says.distinct()) > 1)
        query = select(found.id).group_by(found.id).having(*differ).order_by(found.title, found.id)
        with self._database.reading() as connection:
            return list(connection.scalars(query))


def relation(row: Mapping[Any, Any], *, is_proposed: bool) -> Relation:
    """The relation of a row."""
    return Relation(row["kind"], row["target"], row["on_date"], row["locator"], row["says"], is_proposed)


def acting(row: Mapping[Any, Any]) -> Record:
    """The record that states the relation of a row, with as much of a body as its address needs."""
    body = (Passage(0, ""),) if row["body_file"] else ()
    return Record(row["record_id"], row["collection"], row["title"], body=body)


def _proposed(record: str) -> Select[Any]:
    is_its = (passages.c.record_id == records.c.id) & (passages.c.file == records.c.body_file)
    page = select(func.min(passages.c.page)).where(is_its, passages.c.locator == relations.c.locator)
    told = relation_decisions.c
    query = EVERY.where(relations.c.is_proposed)
    query = query.add_columns(told.day, told.note, told.said, page.scalar_subquery().label("page"))
    mine = records.alias()
    keys = [select(key).where(mine.c.id == record, key != "") for key in (mine.c.work_key, mine.c.number_key)]
    is_about = relations.c.target_key.in_(union_all(*keys))
    return query.where(or_(records.c.id == record, is_about)) if record else query


def _get(connection: Connection, proposal_id: str) -> Proposal:
    # The id is not kept: proposals are few, and what cannot be found by it cannot be out of step with it.
    found = (_proposal(row) for row in connection.execute(_proposed("")).mappings())
    proposal = next((one for one in found if one.id == proposal_id), None)
    if proposal is None:
        raise NotFoundError(f"没有编号为 {proposal_id[:40]!r} 的待核对关系；用 cpkb relations list 看有哪些")
    return proposal


def _proposal(row: Mapping[Any, Any]) -> Proposal:
    read = relation(row, is_proposed=True)
    told = (row["day"] or "", row["note"] or "", row["said"] or "")
    return Proposal(acting(row), read, row["state"], *told, page=row["page"])
