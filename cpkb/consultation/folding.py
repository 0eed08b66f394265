"""Folding: near-identical rules are told once, with their twins; what says otherwise is put beside what it denies."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from cpkb.model.answer import Item
from cpkb.model.record import Record, work_key

ALIKE = 0.7
"""Of the character pairs of two clauses: local rules that repeat a national one differ in the names of offices."""
SHORTEST = 30  # characters: shorter clauses are alike by chance
_SAME: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "elimination": (("models", "conditions"), ("class", "stop_making", "stop_using")),
    "limit": (("standard", "medium", "pollutant", "condition", "place", "applies", "region"), ("value", "unit")),
}
"""Collection → fields that tell the same thing, fields that then must agree."""


def folded(items: Sequence[Item]) -> list[Item]:
    """Items in order, those whose wording an earlier one has as twins of it."""
    kept: list[tuple[Item, frozenset[str]]] = []
    for item in items:
        own = _pairs(item.citation.quoted)
        at = next((n for n, (one, pairs) in enumerate(kept) if _are_twins(one, pairs, item, own)), None)
        if at is None:
            kept.append((item, own))
        else:
            head, pairs = kept[at]
            kept[at] = (replace(head, twins=(*head.twins, item.citation, *item.twins)), pairs)
    return [item for item, _ in kept]


def _are_twins(one: Item, pairs: frozenset[str], other: Item, own: frozenset[str]) -> bool:
    """Clauses of different texts with the same wording; records are told apart by what they are about."""
    is_clause = one.collection in ("policy", "guideline") and other.collection == one.collection
    same_text = one.citation.record_id == other.citation.record_id
    if not is_clause or same_text or min(len(one.citation.quoted), len(other.citation.quoted)) < SHORTEST:
        return False
    return len(pairs & own) >= ALIKE * len(pairs | own)


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(character for character in text if character.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def contradicting(items: Sequence[Item], records: dict[str, Record]) -> list[Item]:
    """Items with those put against them whose fields name the same thing and say otherwise."""
    told: dict[Hashable, list[Item]] = {}
    for item in items:
        if key := _same(item, records):
            told.setdefault(key, []).append(item)
    against = {
        item.citation.record_id: tuple(o.citation for o in group if _says(o, records) != _says(item, records))
        for group in told.values()
        for item in group
    }
    return [replace(item, against=against.get(item.citation.record_id, ())) for item in items]


def _same(item: Item, records: dict[str, Record]) -> Hashable:
    if item.collection not in _SAME:
        return None
    record = records[item.citation.record_id]
    fields, _ = _SAME[item.collection]
    return (item.collection, work_key(record.title), *(record.fields.get(name, "") for name in fields))


def _says(item: Item, records: dict[str, Record]) -> Hashable:
    record = records[item.citation.record_id]
    return tuple(record.fields.get(name, "") for name in _SAME[item.collection][1])
