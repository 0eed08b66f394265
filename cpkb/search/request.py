"""From a request (URL or command line) to a checked Query; what is not known is refused by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpkb.engines.query import MAX_DEPTH
from cpkb.errors import QueryError
from cpkb.model.dates import find_date
from cpkb.model.query import Query
from cpkb.search.completion import MOST, MOST_TYPED
from cpkb.search.facets import HIDDEN, checked_value, facet_labels, facets_by_label, shown_for
from cpkb.search.text import parse_text

SORTS = {"relevance": "相关", "newest": "最新", "effective": "施行日期"}
PAGE_SIZE = 10
MOST_VALUES = 20  # of one facet at once; a person ticks three or four
MOST_PER_PAGE = 100  # enough for an export; more would be a dump, which has its own address
PLAIN = {"synonyms": ["off"], "semantic": ["off"]}
"""Parameters of a search by the question's own words and characters."""
_KNOWN = ("q", "as_of", "sort", "page", "limit", "synonyms", "semantic", "explain")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What was asked: the checked query, and the words as typed."""

    text: str
    query: Query
    page: int
    chosen: Mapping[str, tuple[str, ...]]
    is_dated: bool
    """Whether a date was asked for, rather than today."""


def field_names() -> list[str]:
    """Names and labels that may stand before a colon in a query."""
    return ["标题", "title", "编号", "number", *facet_labels(), *facets_by_label()]


def facet_named(name: str) -> str:
    """The facet of a name or label."""
    return name if name in facet_labels() else facets_by_label()[name]


def parse_request(args: Mapping[str, Sequence[str]], *, grouped: bool = True) -> SearchRequest:
    """Check the parameters of a search; raises QueryError naming the parameter and what is accepted."""
    for name in args:
        if name not in _KNOWN and (name not in facet_labels() or name in HIDDEN):
            known = "、".join([*_KNOWN, *(n for n in facet_labels() if n not in HIDDEN)])
            raise QueryError(f"不认识参数“{name}”；可以用：{known}")
    for name, values in args.items():
        if len(values) > MOST_VALUES:
            raise QueryError(f"参数“{name}”最多 {MOST_VALUES} 个值")
    text = one(args, "q")
    chosen = {
        name: tuple(dict.fromkeys(checked_value(name, v) for v in values if v))
        for name, values in args.items()
        if name not in _KNOWN and any(values)
    }
    page, limit = _whole(args, "page", 1), _whole(args, "limit", PAGE_SIZE)
    if limit > MOST_PER_PAGE:
        raise QueryError(f"limit 最多 {MOST_PER_PAGE}")
    if page * limit > MAX_DEPTH:
        raise QueryError(f"只能翻到第 {MAX_DEPTH // limit} 页；请加词或用左边的条件缩小范围")
    query = Query(
        text=parse_text(text, field_names(), synonyms=_switch(args, "synonyms"), meaning=_switch(args, "semantic")),
        filters=tuple(chosen.items()),
        facets=shown_for(chosen.get("collection", ())),
        as_of=day_of(args),
        sort=_sort(args),
        offset=(page - 1) * limit,
        limit=limit,
        grouped=grouped,
        explained=_switch(args, "explain", "off"),
    )
    return SearchRequest(text, query, page, chosen, bool(one(args, "as_of")))


def parse_completion(args: Mapping[str, Sequence[str]]) -> tuple[str, int]:
    """(what was typed, how many completions) of a request; raises QueryError like `parse_request`."""
    for name, values in args.items():
        if name not in ("q", "limit"):
            raise QueryError(f"不认识参数“{name[:40]}”；可以用：q、limit")
        if len(values) > 1:
            raise QueryError(f"参数“{name}”只能给一个")
    typed, limit = "".join(args.get("q", ())), _whole(args, "limit", MOST)
    if len(typed) > MOST_TYPED:
        raise QueryError(f"q 最多 {MOST_TYPED} 个字")
    if limit > MOST:
        raise QueryError(f"limit 最多 {MOST}")
    return typed, limit


def one(args: Mapping[str, Sequence[str]], name: str) -> str:
    """The value of a parameter that is given at most once, '' where it is not; raises QueryError for more."""
    values = [value.strip() for value in args.get(name, ()) if value.strip()]
    if len(values) > 1:
        raise QueryError(f"参数“{name}”只能给一个")
    return values[0] if values else ""


def _whole(args: Mapping[str, Sequence[str]], name: str, default: int) -> int:
    raw = one(args, name)
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 6 and int(raw)):
        raise QueryError(f"{name} 应是正整数，不是“{raw[:20]}”")
    return int(raw)


def _switch(args: Mapping[str, Sequence[str]], name: str, default: str = "on") -> bool:
    raw = one(args, name) or default
    if raw not in ("on", "off"):
        raise QueryError(f"{name} 只能是 on 或 off，不是“{raw[:20]}”")
    return raw == "on"


def day_of(args: Mapping[str, Sequence[str]]) -> dt.date:
    """The day whose validity is asked for, today where none is; raises QueryError for what is no date."""
    raw = one(args, "as_of")
    if not raw:
        return dt.date.today()  # noqa: DTZ011 — validity is by the calendar where the server stands
    date = find_date(raw)
    if date is None:
        raise QueryError(f"日期应写成 2026-08-15 或 2026年8月15日，不是“{raw[:20]}”")
    return date


def _sort(args: Mapping[str, Sequence[str]]) -> str:
    sort = one(args, "sort") or "relevance"
    if sort not in SORTS:
        raise QueryError(f"排序没有“{sort[:20]}”；可以选：{'、'.join(SORTS)}")
    return sort
