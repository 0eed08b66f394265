"""Browse (浏览): a collection as a table that narrows, turns pages and can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, g, render_template

from cpkb.engines.engine import MAX_DEPTH
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import Collection, Field, collection, collections
from cpkb.model.record import Record
from cpkb.model.results import Results
from cpkb.model.validity import Validity
from cpkb.pages.links import Here, addressed, pages_around
from cpkb.pages.parameters import asked
from cpkb.pages.search_page import chips
from cpkb.search.request import SearchRequest, parse_request

pages = Blueprint("collection_page", __name__)
ROWS = 50  # a page: three screens on a desktop
COLUMNS = 5  # beside the title: more do not fit 1280 px without sideways scroll
_WORTH: tuple[Callable[[Field], bool], ...] = (
    lambda f: f.kind.name == "models" or (f.kind.name == "number" and not f.many),
    lambda f: f.facet,
    lambda f: f.kind.name == "date",
    lambda f: f.kind.name == "name",
)
"""What is worth a column, best first; long texts and lists of standards are read on the record's own page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the table."""

    record: Record
    cells: tuple[tuple[str, str, str], ...]
    """(name, label, value) of each column."""
    state: Validity


@pages.get("/collections")
def index() -> str:
    """All collections with what each holds."""
    kb: KnowledgeBase = g.kb
    return render_template("collections.html", counts=kb.store.counts())


@pages.get("/collections/<name>")
def browse(name: str) -> str:
    """One collection, narrowed by its facets."""
    declared = collection(name)
    kb: KnowledgeBase = g.kb
    wanted = parse_request({"limit": [str(ROWS)], **asked(), "collection": [name]})
    results = kb.finder.find(wanted.query)
    is_whole = wanted.query.is_empty and set(wanted.chosen) == {"collection"} and wanted.query.sort == "relevance"
    records = _all(name, wanted, kb) if is_whole else [hit.record for hit in results.hits]
    total = kb.store.counts().get(name, 0) if is_whole else results.total
    columns = columns_of(declared, records)
    here = Here.of(f"/collections/{name}", {n: v for n, v in asked().items() if n != "collection"})
    last = -(-(total if is_whole else min(total, MAX_DEPTH)) // wanted.query.limit) or 1
    return render_template(
        "collection.html",
        collection=declared,
        columns=columns,
        rows=[_row(record, columns, kb.finder.validity_of(record, wanted.query)) for record in records],
        total=total,
        results=_without_itself(results),
        asked=wanted,
        here=here,
        chips=[chip for chip in chips(wanted, here) if chip[0] != "类别"],
        numbers=pages_around(wanted.page, last),
        last=last,
        names=list(collections()),
    )


def columns_of(declared: Collection, records: Sequence[Record]) -> list[Field]:
    """The fields worth a column among those filled on this page, in declared order."""
    filled = [f for f in declared.fields.values() if any(f.name in record.fields for record in records)]
    wanted = [f for is_worth in _WORTH for f in filled if is_worth(f)]
    best = list(dict.fromkeys(f.name for f in wanted))[:COLUMNS]
    return [f for f in filled if f.name in best]


def _all(name: str, wanted: SearchRequest, kb: KnowledgeBase) -> list[Record]:
    """A page of the whole collection by title: unlike a search it can be turned to the end."""
    heads = kb.store.browse(name, wanted.query.offset, wanted.query.limit)
    return [addressed(head) for head in heads]


def _row(record: Record, columns: Sequence[Field], state: Validity) -> Row:
    fields = record.fields
    cells = tuple((f.name, f.label, f.show(fields[f.name]) if f.name in fields else "") for f in columns)
    return Row(record, cells, state)


def _without_itself(results: Results) -> Results:
    return replace(results, facets=tuple(f for f in results.facets if f.name != "collection"))
