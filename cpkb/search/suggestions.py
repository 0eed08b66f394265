"""Suggestions (是不是要找): questions near one that found nothing, each of which finds something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.engine import Engine
from cpkb.model.query import AllOf, InField, Query
from cpkb.search.completion import Completer, Completion, Completions
from cpkb.search.find import Finder
from cpkb.search.prefixes import LONGEST
from cpkb.search.request import field_names
from cpkb.search.text import QUERY_LENGTH, parse_text

MOST = 4  # suggestions: more would be guessing
MOST_WORDS = 4  # words of a question that are looked at, each against every name
MOST_TRIED = 8  # suggestions that are tried: each is a search


@dataclass(frozen=True, slots=True)
class Help:
    """What is said where nothing was found."""

    meant: tuple[Completion, ...] = ()
    """Questions that find something, best first."""
    absent: tuple[str, ...] = ()
    """Numbers of the question that no text holds, as they were typed."""


class Suggester:
    """Looks for what was meant."""

    def __init__(self, completer: Completer, finder: Finder, engine: Engine, analyzer: Analyzer) -> None:
        self._completer = completer
        self._finder = finder
        self._engine = engine
        self._analyzer = analyzer

    def help(self, text: str, query: Query) -> Help:
        """Help for a question that found nothing; what is suggested finds something under the same conditions."""
        text = text[:QUERY_LENGTH]
        numbers = self._analyzer.numbers(text)[:MOST_WORDS]
        absent = [
            (typed, keys) for typed, keys in numbers if not self._finds(AllOf((InField("编号", typed),)), Query())
        ]
        read = self._completer.current()
        near = self._near(text, absent, read) if read else iter(())
        meant = (name for name in islice(dict.fromkeys(near), MOST_TRIED) if self._finds(_parsed(name.text), query))
        return Help(tuple(islice(meant, MOST)), tuple(typed for typed, _ in absent))

    def _finds(self, text: AllOf, query: Query) -> bool:
        return bool(self._finder.find(replace(query, text=text, facets=(), offset=0, limit=1)).total)

    def _near(self, text: str, absent: list[tuple[str, tuple[str, ...]]], read: Completions) -> Iterator[Completion]:
        for typed, keys in absent:
            same = [number for key in keys for number in read.numbered(key)]
            near = [number for number in read.near(typed) if read.names[number].kind == "number"]
            yield from _instead(text, typed, [*same, *near], read)
        words = (w for w in text.split()[:MOST_WORDS] if len(w) <= LONGEST and not w.startswith(("-", "－")))
        plain = [word for word in words if not self._analyzer.numbers(word)]
        for word in filter(self._is_strange, plain):
            yield from _instead(text, word, read.near(word), read)

    def _is_strange(self, word: str) -> bool:
        """Whether two neighbours in a word stand together in no text: what texts use is no slip."""
        return not all(self._engine.knows(gram) for gram, _ in self._analyzer.phrase(word))


def _instead(text: str, slip: str, names: list[int], read: Completions) -> Iterator[Completion]:
    for name in map(read.shown, names):
        yield replace(name, text=text.replace(slip, name.text, 1))


def _parsed(text: str) -> AllOf:
    return parse_text(text, field_names())
