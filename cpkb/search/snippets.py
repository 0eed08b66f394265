"""Snippets (摘要): the piece of a passage that matched best, with what matched marked in the original text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.normalise import Folded
from cpkb.analysis.units import units
from cpkb.model.query import InField, Node, Not, Phrase, Words
from cpkb.model.results import Snippet
from cpkb.search.questions import Questions

LENGTH = 180  # characters shown of a passage: about five lines on a phone
_BREAKS = "。；！？\n"
_RUN = re.compile(r"\S+")


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
    longest_first, has_latin = _ordered(tuple(terms))
    latin = [unit for unit in units(folded.text) if not unit.is_character] if has_latin else []
    starts, ends = {unit.start for unit in latin}, {unit.end for unit in latin}
    text = "".join(folded.text.split())  # without white space: a wrapped line does not hide a term
    kept = [at for run in _RUN.finditer(folded.text) for at in range(*run.span())]
    found = []
    for term in longest_first:
        is_latin = term.isascii()
        at = text.find(term)
        while at >= 0:
            first, last = kept[at], kept[at + len(term) - 1]
            # A Latin term matches whole runs only: COD must not be marked inside CODCr.
            if not is_latin or (first in starts and last + 1 in ends):
                found.append((folded.origins[first], folded.origins[last] + 1, term))
            at = text.find(term, at + 1)
    joined: list[tuple[int, int, str]] = []
    for start, end, term in sorted(found, key=lambda mark: (mark[0], -mark[1])):
        if joined and start < joined[-1][1]:
            before = joined[-1]
            joined[-1] = (before[0], max(before[1], end), before[2])
        else:
            joined.append((start, end, term))
    return joined


@lru_cache(64)  # a page marks the same terms in some thirty texts
def _ordered(terms: tuple[str, ...]) -> tuple[list[str], bool]:
    """The terms, the longest first, and whether one is a Latin run."""
    return sorted({term for term in terms if term}, key=len, reverse=True), any(term.isascii() for term in terms)


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
