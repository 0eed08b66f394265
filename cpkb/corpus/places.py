"""Cited places (引用处): the clause, table or row that a record cites stands in its source, on a page that exists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cpkb.corpus.faults import Fault, fault
from cpkb.corpus.sources import Sources, SourceText, source_of, squeeze
from cpkb.model.record import Record
from cpkb.model.source import Citation

_BACK = 3  # pages: a long clause or table is cited by the page that says it, and begins before
_COUNTED = re.compile(r"第\d+(?:-\d+)?[行项]|全[文表]")
"""Rows that were counted for the record, and the whole: no text prints them."""
_ITEM = re.compile(
    r"(?:[a-z]\)?|[(（]?\d+[)）]|第?[一二三四五六七八九十\d]+[款项段]|注\d*|[（(][一二三四五六七八九十]+[)）]|续\d*|(?<=说明)\d+|序号\d+.*)$"
)


def check(records: Sequence[Record], sources: Sources) -> list[Fault]:
    """Faults of citations whose source text is at hand; others are passed over."""
    return [
        fault(record, says)
        for record in records
        for citation in record.citations
        if (text := source_of(citation.document, citation.number, sources)) and (says := _missing(citation, text))
    ]


def _missing(citation: Citation, text: SourceText) -> str:
    lost = _lost(citation.locator, "".join(text.pages))
    if lost:
        return f"{text.name}里没有“{'、'.join(lost)}”"
    if citation.page and text.has_pages:
        return _off_page(citation, text)
    return ""


def _off_page(citation: Citation, text: SourceText) -> str:
    assert citation.page  # noqa: S101 — asked for by its caller
    if citation.page > len(text.pages):
        return f"{text.name}只有 {len(text.pages)} 页，没有第 {citation.page} 页"
    around = "".join(text.pages[max(0, citation.page - 1 - _BACK) : citation.page])
    lost = _lost(citation.locator, around)
    return f"{text.name}第 {citation.page} 页和前 {_BACK} 页没有“{'、'.join(lost)}”" if lost else ""


def _lost(locator: str, text: str) -> list[str]:
    """The places that stand neither between the breaks of a text nor across them."""
    places = [place for place in _places(locator) if not re.search(_pattern(place), text)]
    return [place for place in places if not re.search(_pattern(place), text.replace("\n", ""))]


def _places(locator: str) -> Iterable[str]:
    """What a locator names: 5.2.1、表3 is two places; an item of a list (b, 第二款) is looked for as its clause."""
    for place in re.split(r"[、，；,;至]|和|及", squeeze(locator).removesuffix("等")):
        clause = place
        while (shorter := _ITEM.sub("", clause)) and shorter != clause:
            clause = shorter
        if clause and not _COUNTED.fullmatch(clause):
            yield clause


def _pattern(place: str) -> str:
    """The place itself, not the beginning of a longer number."""
    before = r"(?<![\d.])" if place[0].isdigit() else ""
    after = r"(?!\d|\.\d)" if place[-1].isdigit() else ""
    return before + re.escape(place) + after
