"""Comparisons and versions as JSON-ready values: the same for the API and `cpkb compare --json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cpkb.comparison.compare import KINDS, Comparison, Row, Side
from cpkb.comparison.versions import Version

Shape = dict[str, Any]


def comparison_shape(before: Version, after: Version, found: Comparison) -> Shape:
    """Two texts and every clause that is not the same in both."""
    return {
        "a": version_shape(before),
        "b": version_shape(after),
        "summary": found.summary,
        "places": found.places,
        "counts": {kind: found.count(kind) for kind in KINDS},
        "rows": [_row(row) for row in found.rows if row.kind != "same"],
    }


def versions_shape(found: Iterable[Version]) -> list[Shape]:
    """What a document can be compared with."""
    return [{**version_shape(known), "why": known.why, "share": round(known.share, 3)} for known in found]


def version_shape(known: Version) -> Shape:
    """A text: how it is asked for, called and reached."""
    return {"key": known.key, "title": known.record.title, "replaced": known.replaced, "url": known.address}


def _row(row: Row) -> Shape:
    sides = {"before": _side(row.before), "after": _side(row.after)}
    return {"kind": row.kind, "name": row.name, "places": row.places, "is_heading": row.is_heading, **sides}


def _side(side: Side | None) -> Shape | None:
    if side is None:
        return None
    parts = [{"text": text, "is_changed": is_changed} for text, is_changed in side.parts]
    return {"locator": side.locator, "anchor": side.anchor, "parts": parts}
