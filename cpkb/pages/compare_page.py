"""Comparison (版本对照): two texts of a document side by side, what changed marked, what did not folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request

from cpkb.comparison.compare import Comparison, Row, compare
from cpkb.comparison.versions import Version, key_of, version, versions
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages.parameters import known
from cpkb.search.request import parse_request

pages = Blueprint("compare_page", __name__)
_ASKED = ("a", "b")
_FOLDED = ("same", "renumbered")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Clauses one after the other: those that changed each alone, those that did not together."""

    rows: tuple[Row, ...]
    is_folded: bool

    @property
    def clauses(self) -> int:
        """How many of them are clauses and not headings."""
        return sum(not row.is_heading for row in self.rows)

    @property
    def renumbered(self) -> int:
        """How many of them only got another number."""
        return sum(row.kind == "renumbered" and not row.is_heading for row in self.rows)


@pages.get("/compare")
def comparison() -> str:
    """Two texts compared; with one or none named, which can be."""
    known(*_ASKED)
    kb: KnowledgeBase = g.kb
    named = [key_of(request.args.get(name, "")) for name in _ASKED]
    texts = [version(key, kb.store) for key in named if key]
    if len(texts) < 2:
        others = versions(texts[0].record, kb.store) if texts else []
        return render_template("compare_choice.html", text="", chosen=texts, versions=others, named=named)
    before, after = texts
    found = compare(before.record.body, after.record.body, kb.analyzer.fold)
    return render_template(
        "compare.html",
        text="",
        before=before,
        after=after,
        states=[_state(text, kb) for text in texts],
        found=found,
        stretches=list(stretches(found)),
    )


def _state(text: Version, kb: KnowledgeBase) -> str:
    """The state of validity of a text that stands; '' for an earlier one, whose badge says that."""
    return "" if text.replaced else kb.finder.validity_of(text.record, parse_request({}).query).state


def stretches(found: Comparison) -> Iterator[Stretch]:
    """The rows as they are shown; the heading above a changed clause stays in sight."""
    waiting: list[Row] = []
    for row in found.rows:
        if row.kind in _FOLDED:
            waiting.append(row)
            continue
        heading = [waiting.pop()] if waiting and waiting[-1].is_heading else []
        yield from _folded(waiting)
        waiting = []
        yield from (Stretch((shown,), is_folded=False) for shown in (*heading, row))
    yield from _folded(waiting)


def _folded(rows: Iterable[Row]) -> Iterator[Stretch]:
    kept = tuple(rows)
    if all(row.is_heading for row in kept):
        yield from (Stretch((row,), is_folded=False) for row in kept)
    else:
        yield Stretch(kept, is_folded=True)
