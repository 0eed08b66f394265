"""Browse (浏览): a collection as a table that narrows, turns pages and can be taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, g, render_template

from cpkb.engines.query import MAX_DEPTH
from cpkb.errors import QueryError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import Collection, Field, collections
from cpkb.model.record import Record
from cpkb.model.results import Results
from cpkb.model.validity import Validity
from cpkb.pages.excerpts import excerpts
from cpkb.pages.links import Here, addressed, pages_around
from cpkb.pages.parameters import asked, named, only, said
from cpkb.pages.search_page import chips, for_hits, help_with
from cpkb.search.request import SearchRequest, parse_request

pages = Blueprint("collection_page", __name__)
ROWS = 50  # a page: three screens on a desktop
COLUMNS = 5  # beside the title: more do not fit 1280 px without sideways scroll
NO_COLUMN = ("plain_title", "aliases")  # one stands under the title, the other is searched rather than read
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


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of records, of how many, and what they can be narrowed by."""

    records: Sequence[Record]
    total: int
    last: int
    results: Results


@pages.get("/collections")
def index() -> str:
    """All collections with what each holds."""
    only()
    kb: KnowledgeBase = g.kb
    return render_template("collections.html", counts=kb.store.counts())


@pages.get("/collections/<name>")
def browse(name: str) -> str:
    """One collection, narrowed by its facets."""
    declared = named(name)
    kb: KnowledgeBase = g.kb
    wanted = _wanted(name)
    listing = _whole(name, wanted, kb) if _is_whole(wanted) else _found(wanted, kb)
    columns = columns_of(declared, listing.records)
    here = Here.of(f"/collections/{name}", {n: v for n, v in said(wanted).items() if n != "collection"})
    return render_template(
        "collection.html",
        collection=declared,
        columns=columns,
        rows=[_row(record, columns, kb.finder.validity_of(record, wanted.query)) for record in listing.records],
        total=listing.total,
        results=_without_itself(listing.results),
        asked=wanted,
        here=here,
        chips=chips(wanted, here, fixed=("collection",)),
        numbers=pages_around(wanted.page, listing.last),
        last=listing.last,
        names=list(collections()),
        whole=kb.store.counts().get(name, 0),
        excerpt=excerpts(wanted.query, kb),
        help=help_with(wanted, listing.results, kb),
        **for_hits(wanted),
    )


def _wanted(name: str) -> SearchRequest:
    if "collection" in asked():
        raise QueryError("这一页不认识参数“collection”；类别已经写在地址里")
    # The page number is checked as if pages had one record: a whole collection is turned to its end, past the
    # depth that a search can reach.
    checked = parse_request({**asked(), "collection": [name], "limit": ["1"]})
    offset = (checked.page - 1) * ROWS
    return replace(checked, query=replace(checked.query, offset=offset, limit=ROWS))


def _is_whole(wanted: SearchRequest) -> bool:
    return wanted.query.is_empty and set(wanted.chosen) == {"collection"} and wanted.query.sort == "relevance"


def _whole(name: str, wanted: SearchRequest, kb: KnowledgeBase) -> Listing:
    """A page of the whole collection, by title."""
    heads = kb.store.browse(name, wanted.query.offset, ROWS)
    total = kb.store.counts().get(name, 0)
    results = kb.finder.find(replace(wanted.query, offset=0, limit=1))
    return Listing([addressed(head) for head in heads], total, -(-total // ROWS) or 1, results)


def _found(wanted: SearchRequest, kb: KnowledgeBase) -> Listing:
    """A page of what was asked for in the collection."""
    if wanted.query.offset + ROWS > MAX_DEPTH:
        raise QueryError(f"只能翻到第 {MAX_DEPTH // ROWS} 页；请再选条件缩小范围")
    results = kb.finder.find(wanted.query)
    last = -(-min(results.total, MAX_DEPTH) // ROWS) or 1
    return Listing([hit.record for hit in results.hits], results.total, last, results)


def columns_of(declared: Collection, records: Sequence[Record]) -> list[Field]:
    """The fields worth a column among those filled on this page, in declared order."""
    filled = [f for f in declared.fields.values() if any(f.name in record.fields for record in records)]
    wanted = [f for is_worth in _WORTH for f in filled if is_worth(f) and f.name not in NO_COLUMN]
    best = list(dict.fromkeys(f.name for f in wanted))[:COLUMNS]
    return [f for f in filled if f.name in best]


def _row(record: Record, columns: Sequence[Field], state: Validity) -> Row:
    fields = record.fields
    cells = tuple((f.name, f.label, f.show(fields[f.name]) if f.name in fields else "") for f in columns)
    return Row(record, cells, state)


def _without_itself(results: Results) -> Results:
    return replace(results, facets=tuple(f for f in results.facets if f.name != "collection"))
