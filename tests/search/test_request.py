"""Requests: what is understood, and what is refused by name with what would be right."""

from __future__ import annotations

import datetime as dt

import pytest

from cpkb.engines.query import MAX_DEPTH
from cpkb.errors import QueryError
from cpkb.search.facets import COMMON, HIDDEN, facet_labels
from cpkb.search.request import MOST_PER_PAGE, PAGE_SIZE, SORTS, parse_request

REFUSED = [
    ({"query": ["水"]}, ["“query”", "q", "as_of", "industry"]),
    ({"industrie": ["33"]}, ["“industrie”", "industry"]),
    ({"origin": ["shipped"]}, ["“origin”"]),
    ({"sort": ["price"]}, ["“price”", *SORTS]),
    ({"as_of": ["2026-02-30"]}, ["“2026-02-30”", "2026-08-15"]),
    ({"as_of": ["tomorrow"]}, ["“tomorrow”", "2026年8月15日"]),
    ({"page": ["0"]}, ["page", "“0”"]),
    ({"page": ["-1"]}, ["page", "正整数"]),
    ({"page": ["1.5"]}, ["page"]),
    ({"page": ["２"]}, ["page"]),
    ({"page": ["²"]}, ["page"]),
    ({"page": ["000000001" + "9" * 5000]}, ["page"]),
    ({"page": [str(MAX_DEPTH)]}, [f"第 {MAX_DEPTH // PAGE_SIZE} 页"]),
    ({"limit": ["many"]}, ["limit", "“many”"]),
    ({"limit": [str(MOST_PER_PAGE + 1)]}, ["limit", str(MOST_PER_PAGE)]),
    ({"collection": ["plants"]}, ["类别", "“plants”", "technology（技术）"]),
    ({"validity": ["fresh"]}, ["效力", "“fresh”", "in_force（现行）"]),
    ({"synonyms": ["maybe"]}, ["synonyms", "on", "off"]),
    ({"q": ["水", "气"]}, ["“q”", "一个"]),
    ({"sort": ["newest", "relevance"]}, ["“sort”", "一个"]),
]  # fmt: skip


@pytest.mark.parametrize(("args", "said"), REFUSED, ids=[str(args)[:40] for args, _ in REFUSED])
def test_refused_by_name_with_what_is_accepted(args: dict[str, list[str]], said: list[str]) -> None:
    with pytest.raises(QueryError) as refused:
        parse_request(args)
    for words in said:
        assert words in str(refused.value)


def test_nothing_asked_is_a_page_of_everything_as_of_today() -> None:
    before = dt.date.today()  # noqa: DTZ011 — as the program does
    request = parse_request({})
    assert request.query.is_empty
    assert (request.query.offset, request.query.limit, request.query.sort) == (0, PAGE_SIZE, "relevance")
    assert before <= request.query.as_of <= dt.date.today()  # noqa: DTZ011 — midnight may have passed
    assert not request.is_dated
    assert request.query.facets == tuple(COMMON)


def test_empty_parameters_are_as_if_not_given() -> None:
    given: dict[str, list[str]] = {"q": [""], "industry": [""], "as_of": [" "], "page": [""], "sort": [""]}
    request = parse_request(given)
    assert request.query == parse_request({}).query


def test_a_full_request_is_understood() -> None:
    request = parse_request(
        {
            "q": ["铬"],
            "collection": ["技术"],
            "industry": ["33", "33", "17"],
            "as_of": ["2026年8月15日"],
            "sort": ["newest"],
            "page": ["3"],
            "limit": ["20"],
        },
        grouped=False,
    )
    query = request.query
    assert (request.text, request.page, request.is_dated) == ("铬", 3, True)
    assert dict(query.filters) == {"collection": ("technology",), "industry": ("金属制品业", "纺织业")}
    assert (query.as_of, query.sort) == (dt.date(2026, 8, 15), "newest")
    assert (query.offset, query.limit, query.grouped) == (40, 20, False)
    assert set(query.facets) > set(COMMON)


@pytest.mark.parametrize("name", sorted(set(facet_labels()) - set(HIDDEN) - {"collection", "validity"}))
def test_every_facet_is_a_parameter(name: str) -> None:
    assert dict(parse_request({name: ["某个值"]}).query.filters) == {name: ("某个值",)}


def test_the_last_page_of_the_allowed_depth_is_allowed() -> None:
    assert parse_request({"page": [str(MAX_DEPTH // PAGE_SIZE)]}).query.offset == MAX_DEPTH - PAGE_SIZE
