"""Snippets (摘要): the piece of a passage that matched best, with what matched marked in the original text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.normalise import Folded
from cpkb.analysis.units import latin_runs
from cpkb.model.query import InField, Node, Not, Phrase, Words
from cpkb.model.results import Snippet
from cpkb.search.questions import Questions

LENGTH = 180  # characters shown of a passage: about five lines on a phone
_BREAKS = "。；！？\n"
_SPACE = re.compile(r"\s")


def marked_terms(node: Node, questions: Questions) -> tuple[str, ...]:
    """The folded strings to mark: words of the question, phrases and numbers as typed; nothing that was excluded."""
    if isinstance(node, Words):
        asked = questions.ask(node)
        words = [w for w in asked.words if len(w) > 1]
        singles = [g for g in asked.grams if len(g) == 1]
        numbers = [w for w in questions.fold(node.text).text.split() if any(c.isdigit() for c in w)]
        synonyms = [word for s in asked.synonyms for _, words, _ in s.terms for word in words if len(word) > 1]
        return tuple(dict.fromkeys((*words, *singles, *numbers, *synonyms)))
    if isinstance(node, Phrase | InField):
        text = node.text if isinstance(node, Phrase) else node.value
        return ("".join(questions.fold(text).text.split()),)
    if isinstance(node, Not):
        return ()
    return tuple(dict.fromkeys(term for child in node.nodes for term in marked_terms(child, questions)))


def snippet(text: str, terms: Iterable[str], analyzer: Analyzer, length: int = LENGTH) -> Snippet:
    """The window of a text with the most different terms, cut at sentence ends where they are near."""
    folded = analyzer.fold(text)
    marks = _marks(folded, terms)
    start, end = _window(text, marks, length)
    return Snippet(tuple(_parts(text, marks, start, end)))


def _marks(folded: Folded, terms: Iterable[str]) -> list[tuple[int, int, str]]:
    """(start, end, term) of every occurrence, in the original text, overlapping ones joined."""
    text = "".join(folded.text.split())  # without white space: a wrapped line does not hide a term
    places = [(at, term) for term in _ordered(tuple(terms)) for at in _places(text, term)]
    spans = _spans(folded, places) if places else ()
    joined: list[tuple[int, int, str]] = []
    for start, end, term in sorted(spans, key=lambda mark: (mark[0], -mark[1])):
        if joined and start < joined[-1][1]:
            before = joined[-1]
            joined[-1] = (before[0], max(before[1], end), before[2])
        else:
            joined.append((start, end, term))
    return joined


@lru_cache(64)  # a page marks the same terms in some thirty texts
def _ordered(terms: tuple[str, ...]) -> list[str]:
    """The terms, the longest first."""
    return sorted({term for term in terms if term}, key=len, reverse=True)


def _places(text: str, term: str) -> Iterator[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + 1)


def _spans(folded: Folded, places: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """Places in the text without white space, in the original text."""
    gaps = [space.start() - before for before, space in enumerate(_SPACE.finditer(folded.text))]
    latin = latin_runs(folded.text) if any(term.isascii() for _, term in places) else []
    starts, ends = {start for start, _ in latin}, {end for _, end in latin}
    for at, term in places:
        end = at + len(term) - 1
        first, last = at + bisect_right(gaps, at), end + bisect_right(gaps, end)
        # A Latin term matches whole runs only: COD must not be marked inside CODCr.
        if not term.isascii() or (first in starts and last + 1 in ends):
            yield folded.origins[first], folded.origins[last] + 1, term


def _window(text: str, marks: list[tuple[int, int, str]], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    best, start = -1, 0
    for first, _, _ in marks[:200]:
        held = {term for s, e, term in marks if first <= s and e <= first + length}
        if len(held) > best:
            best, start = len(held), first
    start = max((text.rfind(mark, max(start - 40, 0), start) + 1 for mark in _BREAKS), default=0) or max(start - 20, 0)
    end = min(start + length, len(text))
    near = max((text.rfind(mark, end - 40, end) for mark in _BREAKS), default=-1)
    return (start, near + 1) if end < len(text) and near > start else (start, end)


def _parts(text: str, marks: list[tuple[int, int, str]], start: int, end: int) -> Iterable[tuple[str, bool]]:
    at = start
    if start > 0:
        yield "…", False
    for mark_start, mark_end, _ in marks:
        if mark_end <= start or mark_start >= end:
            continue
        begin, stop = max(mark_start, start), min(mark_end, end)
        if begin > at:
            yield text[at:begin], False
        yield text[begin:stop], True
        at = stop
    if at < end:
        yield text[at:end], False
    if end < len(text):
        yield "…", False
