"""Proposed relations (待核对的关系): what a text may say of another, and what an editor decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cpkb.model.record import Record, Relation, work_key

STATES = {"proposed": "待核对", "accepted": "已接受", "rejected": "已驳回"}
_ID_LENGTH = 12  # hexadecimal digits, as ids of documents have


@dataclass(frozen=True, slots=True)
class Proposal:
    """A relation that was read as proposed, with what was decided of it."""

    by: Record
    """The acting text, with as much of a body as its address needs."""
    relation: Relation
    """As it was read: accepting changes what counts, not what was read."""
    state: str = "proposed"
    """One of STATES."""
    day: str = ""
    """The ISO day of the decision; '' before one."""
    note: str = ""
    """What the editor wrote beside it."""
    said: str = ""
    """The sentence that was decided on; '' before a decision."""
    page: int | None = None
    """The page of the original on which the clause begins."""

    @property
    def id(self) -> str:
        """The same for as long as the text says the same: whichever file is read again, its decision is found by it."""
        return hashlib.sha256("\n".join(key(self.by.id, self.relation)).encode()).hexdigest()[:_ID_LENGTH]

    @property
    def address(self) -> str:
        """Where it is read: the clause of the acting text."""
        return self.by.at(self.relation.locator)

    @property
    def has_changed(self) -> bool:
        """Whether another sentence stands there than the one that was decided on."""
        return bool(self.said) and self.said != self.relation.says


def key(by: str, relation: Relation) -> tuple[str, str, str, str, str]:
    """What makes a relation this one: the record that says it, the kind, the work it speaks of, the day, the clause.

    Not the sentence, of which a better reader mends a character. Another day or clause is another statement.
    """
    return by, relation.kind, work_key(relation.target), relation.on, relation.locator
