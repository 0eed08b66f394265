"""Two texts clause by clause (条文对照): what changed, what came, what went, what only got another number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cpkb.comparison.changes import Part, changes, marked
from cpkb.comparison.pairing import paired
from cpkb.comparison.tokens import Fold
from cpkb.comparison.units import Unit, units
from cpkb.model.passage import Passage

KINDS = {
    "changed": "有改动",
    "added": "新增",
    "removed": "删去",
    "slight": "只差虚词或字序",
    "renumbered": "只是编号变了",
    "same": "没有变化",
}
_NAME = 20  # characters of a clause without a number that stand for it
REAL = ("changed", "added", "removed")
"""What counts as a difference."""


@dataclass(frozen=True, slots=True)
class Side:
    """A clause of one of the texts, what the other lacks marked."""

    locator: str
    anchor: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The clause as written."""
        return "".join(text for text, _ in self.parts)

    @property
    def marks(self) -> tuple[str, ...]:
        """What is marked."""
        return tuple(text for text, is_marked in self.parts if is_marked)


@dataclass(frozen=True, slots=True)
class Row:
    """A clause and its counterpart."""

    kind: str
    """One of KINDS."""
    before: Side | None
    after: Side | None
    places: int
    """In how many places they differ."""
    is_heading: bool = False

    @property
    def name(self) -> str:
        """What the clause is called, in the later text where it stands there."""
        side = self.after or self.before
        return (side.locator if not self.is_heading and side.locator else side.text[:_NAME]) if side else ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts, clause by clause in the order of the later one."""

    rows: tuple[Row, ...]

    def count(self, *kinds: str) -> int:
        """How many clauses are of these kinds; headings count where they changed."""
        return sum(row.kind in kinds and (row.kind in REAL or not row.is_heading) for row in self.rows)

    @property
    def places(self) -> int:
        """In how many places the texts differ, slight ones left out."""
        return sum(row.places for row in self.rows if row.kind in REAL)

    @property
    def summary(self) -> str:
        """In a sentence: 改了 33 处：10 条有改动；3 条只差虚词或字序；19 条没有变化."""
        parts = [f"{self.count(kind)} 条{KINDS[kind]}" for kind in REAL if self.count(kind)]
        start = f"改了 {self.places} 处：{'、'.join(parts)}" if parts else "没有实质改动"
        beside = [
            f"{self.count(kind)} 条{KINDS[kind]}" for kind in ("slight", "renumbered", "same") if self.count(kind)
        ]
        return "；".join([start, *beside])


def compare(before: Sequence[Passage], after: Sequence[Passage], fold: Fold) -> Comparison:
    """Compare two bodies. Spacing, wrapped lines, punctuation and numeral styles make no difference."""
    pairs = paired(units(before, fold), units(after, fold))
    return Comparison(tuple(_row(old, new) for old, new in pairs))


def _row(old: Unit | None, new: Unit | None) -> Row:
    if old is None or new is None:
        kind = "added" if old is None else "removed"
        return Row(kind, _alone(old), _alone(new), 1, (old or new).is_heading)  # type: ignore[union-attr]
    if old.says == new.says:
        kind = "same" if old.place == new.place else "renumbered"
        return Row(kind, _plain(old), _plain(new), 0, new.is_heading)
    found = changes(old.tokens[old.label :], new.tokens[new.label :])
    kind = "slight" if all(change.is_slight for change in found) else "changed"
    places = sum(not change.is_slight for change in found)
    before = Side(old.locator, old.anchor, marked(old.text, old.tokens[old.label :], [c.before for c in found]))
    after = Side(new.locator, new.anchor, marked(new.text, new.tokens[new.label :], [c.after for c in found]))
    return Row(kind, before, after, places, new.is_heading)


def _plain(unit: Unit) -> Side:
    return Side(unit.locator, unit.anchor, ((unit.text, False),))


def _alone(unit: Unit | None) -> Side | None:
    return Side(unit.locator, unit.anchor, ((unit.text, True),)) if unit else None
