"""Results (搜索结果): the question, what was found, and ways to narrow or widen it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache, partial

from flask import Blueprint, Flask, Response, current_app, g, make_response, render_template, request

from cpkb.engines.query import MAX_DEPTH
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.query import Phrase
from cpkb.model.results import Results
from cpkb.pages import display
from cpkb.pages.excerpts import excerpts
from cpkb.pages.links import Here, pages_around
from cpkb.pages.parameters import asked, said
from cpkb.search.facets import label_of, value_label
from cpkb.search.find import State
from cpkb.search.request import SORTS, SearchRequest, parse_request
from cpkb.search.suggestions import Help
from cpkb.search.unanswered import to_count

pages = Blueprint("search_page", __name__)
KEPT = "search pages"
PAGES_KEPT = 256  # of some 60 kB: 15 MB a process


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it is sent, and what it was drawn of."""

    body: str
    wanted: SearchRequest
    results: Results
    turned: str
    """The address of the page."""


@pages.get("/search")
def search() -> Response:
    """The results of a question; for htmx only the part below the box."""
    kb: KnowledgeBase = g.kb
    is_part = request.headers.get("HX-Request") == "true"
    drawn: Drawn = current_app.extensions[KEPT](
        request.full_path, g.today, display.site(), kb.finder.state(), is_part=is_part
    )
    answer = make_response(drawn.body)
    if is_part:
        answer.headers["HX-Replace-Url"] = drawn.turned
    elif settled():
        answer.call_on_close(partial(count_poor, kb, drawn.wanted, drawn.results, g.today))
    answer.vary.add("HX-Request")
    return answer


def install(app: Flask, *, keeps_pages: bool) -> None:
    """Keep the pages drawn last: as long as index, store, thesaurus and day are the same, so is a page."""
    app.extensions[KEPT] = lru_cache(PAGES_KEPT if keeps_pages else 0)(_in_turn)


def _in_turn(_address: str, _today: dt.date, _site: str, state: State, *, is_part: bool) -> Drawn:
    """The page of the request at hand; what is not used of it is what else it depends on."""
    kb: KnowledgeBase = g.kb
    with kb.finder.turn:
        return _drawn(kb, state, is_part=is_part)


def _drawn(kb: KnowledgeBase, state: State, *, is_part: bool) -> Drawn:
    wanted = parse_request(asked())
    results = kb.finder.find(wanted.query, state)
    here = Here.of("/search", said(wanted))
    last = -(-min(results.total, MAX_DEPTH) // wanted.query.limit) or 1
    body = render_template(
        "search_results.html" if is_part else "search.html",
        asked=wanted,
        text=wanted.text,
        results=results,
        excerpt=excerpts(wanted.query, kb),
        help=help_with(wanted, results, kb),
        is_part=is_part,
        here=here,
        chips=chips(wanted, here),
        sorts=SORTS,
        numbers=pages_around(wanted.page, last),
        last=last,
        **for_hits(wanted),
    )
    return Drawn(body, wanted, results, here.turned(wanted.page))


def settled() -> bool:
    """Whether a person waits for the whole page: it is not loaded ahead, and not only its head is asked for."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in ahead


def count_poor(kb: KnowledgeBase, wanted: SearchRequest, results: Results, today: dt.date) -> None:
    """Count a question that found nothing or little; runs when the answer is already on its way."""
    counted = to_count(wanted, results, kb.analyzer) if kb.settings.log_queries else None
    if counted:
        kb.store.questions.note(*counted, today)


def for_hits(wanted: SearchRequest) -> dict[str, object]:
    """What the lists of hits, and the help when there are none, are shown with."""
    return {
        "has_phrase": any(isinstance(node, Phrase) for node in wanted.query.text.nodes),
        "kept": {"q": wanted.text, "as_of": wanted.query.as_of.isoformat() if wanted.is_dated else ""},
    }


def help_with(wanted: SearchRequest, results: Results, kb: KnowledgeBase) -> Help:
    """What was perhaps meant, where nothing was found."""
    return Help() if results.total or wanted.query.is_empty else kb.suggester.help(wanted.text, wanted.query)


def chips(wanted: SearchRequest, here: Here, fixed: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """(what it filters by, the value, the address without it) of every condition but the fixed ones."""
    collections = wanted.chosen.get("collection", ())
    return [
        (label_of(name, collections), value_label(name, value), here.minus(name, value))
        for name, values in wanted.chosen.items()
        if name not in fixed
        for value in values
    ]
