"""What is wrong with a home's thesaurus, a line each by file and line; and what an entry does to a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cpkb.analysis.synonyms import ONE_WAY, Entry
from cpkb.editing.thesaurus import HomeThesaurus, Pair
from cpkb.model.query import AllOf, Phrase, Query
from cpkb.search.find import Finder
from cpkb.search.request import parse_request


@dataclass(frozen=True, slots=True)
class Trial:
    """A question asked with and without what is searched beside it."""

    also_searched: tuple[tuple[str, tuple[str, ...]], ...]
    with_synonyms: int
    without: int


def tried(finder: Finder, text: str) -> Trial:
    """How many results a question has with its synonyms and without."""
    found = finder.find(parse_request({"q": [text]}).query)
    plain = finder.find(parse_request({"q": [text], "synonyms": ["off"]}).query)
    return Trial(found.also_searched, found.total, plain.total)


def is_held(finder: Finder, term: str) -> bool:
    """Whether any passage holds a term, its characters in a row."""
    return finder.find(Query(AllOf((Phrase(term),)), limit=1)).total > 0


def problems_of(thesaurus: HomeThesaurus, holds: Callable[[str], bool]) -> list[str]:
    """Broken lines, what is said twice, formal terms that no text holds, and words that lead back to themselves."""
    entries, broken = thesaurus.read()
    return [*broken, *_repeated(thesaurus, entries), *_unheld(entries, holds), *_cycles(thesaurus, entries)]


def _repeated(thesaurus: HomeThesaurus, entries: Sequence[Entry]) -> Iterator[str]:
    seen = {pair: entry.place for entry in thesaurus.shipped for pair in thesaurus.pairs(entry)}
    for entry in entries:
        told: dict[str, Pair] = {}
        for pair in thesaurus.pairs(entry):
            if (place := seen.setdefault(pair, entry.place)) != entry.place:
                told.setdefault(place, pair)
        yield from (f"{entry.place}: “{word} → {term}”在 {place} 已经有了" for place, (word, term) in told.items())


def _unheld(entries: Sequence[Entry], holds: Callable[[str], bool]) -> Iterator[str]:
    for entry in entries:
        for term in entry.formal:
            if not holds(term):
                yield f"{entry.place}: 没有一段含有正式词“{term}”"


def _cycles(thesaurus: HomeThesaurus, entries: Sequence[Entry]) -> Iterator[str]:
    one_way = [entry for entry in (*entries, *thesaurus.shipped) if entry.kind in ONE_WAY]
    leads: dict[str, list[str]] = {}
    for word, term in (pair for entry in one_way for pair in thesaurus.pairs(entry)):
        leads.setdefault(word, []).append(term)
    for entry in entries:
        ways = (_way_back(pair, leads) for pair in thesaurus.pairs(entry) if entry.kind in ONE_WAY)
        yield from (f"{entry.place}: 绕回自己：{' → '.join(way)}" for way in ways if way)


def _way_back(pair: Pair, leads: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """From the word over its term back to the word, or ()."""
    word, term = pair
    ways: list[tuple[str, ...]] = [pair]
    seen = {term}
    while ways:
        way = ways.pop()
        for after in leads.get(way[-1], ()):
            if after == word:
                return (*way, word)
            if after not in seen:
                seen.add(after)
                ways.append((*way, after))
    return ()
