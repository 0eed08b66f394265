"""From the query of a person to the query of an engine: words become terms, by the analyzer that indexed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.query import (
    Alternative,
    Either,
    EngineQuery,
    Every,
    HasCode,
    HasValue,
    InARow,
    Match,
    Ranked,
    Without,
)
from cpkb.model.query import AllOf, AnyOf, InField, Node, Not, Phrase, Query, Words
from cpkb.model.record import work_key
from cpkb.search.facets import SAMPLE, checked_value
from cpkb.search.indexing import span_of
from cpkb.search.questions import Questions
from cpkb.search.request import facet_named

LONGEST_PHRASE = 40  # pairs of a phrase that are compared; nobody quotes a longer stretch to tell two texts apart
LIMITS = (("collection", "limit"),)
"""A standard has some hundred limits: where none is asked for they would fill the page before what to do about it."""
TERMS = (("collection", "term"),)
"""A definition holds the words of a question and few others: where no meaning is asked it says what the asker knows."""
SCOPE = ("origin",)
"""Facets that tell what is searched: imported texts asked alone are ranked as if the shipped corpus were not there."""
_WHAT_IS = re.compile("什么是|是什么|什么叫|叫什么|何谓|意思|含义|定义|术语|指的|缩写|全称|英文|区别")
_HOW_MUCH = re.compile("限值|限量|标准|浓度|达标|合格|多少|多高|指标|最高|允许|毫克|克每|mg|不超过|不得超")
MOST_TERMS = 256  # a question of more pairs than this is a pasted text; its beginning says what it is about


def compile_query(query: Query, questions: Questions, *, relaxed: bool = False) -> EngineQuery:
    """The engine's form of a query; ``relaxed`` asks for whatever shares a word with it."""
    match = _compile(query.text, questions)
    return EngineQuery(
        match=_relaxed(match) if relaxed else match,
        filters=tuple(chosen for chosen in query.filters if chosen[0] not in SCOPE),
        facets=query.facets,
        as_of=query.as_of,
        sort=query.sort,
        offset=query.offset,
        limit=query.limit,
        grouped=query.grouped,
        explained=query.explained,
        aside=_aside(match, query.text),
        scope=tuple(chosen for chosen in query.filters if chosen[0] in SCOPE),
    )


def _aside(match: Match, text: AllOf) -> tuple[tuple[str, str], ...]:
    """What the question does not ask for."""
    asks_what = any(isinstance(node, Words) and _WHAT_IS.search(node.text) for node in text.nodes)
    return (*(() if _asks_how_much(match, text) else LIMITS), *(() if asks_what else TERMS))


def _asks_how_much(match: Match, text: AllOf) -> bool:
    """Whether limits may be what is asked for: by a value, a word for one, or more than the number of a standard."""
    asked = match.nodes if isinstance(match, Every) else (match,)
    told = any(isinstance(node, Ranked) and ((node.codes and node.grams) or node.quantities) for node in asked)
    return told or any(isinstance(node, Words) and _HOW_MUCH.search(node.text) for node in text.nodes)


def without_samples(query: EngineQuery, collections: Sequence[str]) -> EngineQuery:
    """The query without the shipped samples of these collections."""
    left_out = tuple(Without(HasValue(SAMPLE, name)) for name in collections)
    return replace(query, match=Every((query.match, *left_out))) if left_out else query


def _compile(node: Node, questions: Questions) -> Match:
    analyzer = questions.analyzer
    if isinstance(node, Words):
        return _words(node, questions)
    if isinstance(node, Phrase):
        return _phrase(node.text, analyzer)
    if isinstance(node, InField):
        return _in_field(node, analyzer)
    if isinstance(node, Not):
        return Without(_compile(node.node, questions))
    if isinstance(node, AnyOf):
        return Either(tuple(_compile(child, questions) for child in node.nodes))
    return Every(tuple(_compile(child, questions) for child in _searchable(node, analyzer)))


def _searchable(node: AllOf, analyzer: Analyzer) -> list[Node]:
    """Exclusions of punctuation only are dropped: they would exclude nothing."""
    return [n for n in node.nodes if not (isinstance(n, Not) and _is_blank(n.node, analyzer))]


def _is_blank(node: Node, analyzer: Analyzer) -> bool:
    return isinstance(node, Phrase) and not analyzer.phrase(node.text)


def _relaxed(node: Match) -> Match:
    if isinstance(node, Ranked):
        return replace(node, relaxed=True)
    return Every(tuple(_relaxed(child) for child in node.nodes)) if isinstance(node, Every) else node


def _words(node: Words, questions: Questions) -> Match:
    asked = questions.ask(node)
    whole = work_key(questions.fold(node.text).text)
    synonyms = tuple(
        tuple(Alternative(term, words, grams, synonym.grams) for term, words, grams in synonym.terms)
        for synonym in asked.synonyms
    )
    return Ranked(
        words=asked.words[:MOST_TERMS],
        grams=asked.grams[:MOST_TERMS],
        codes=asked.codes[:MOST_TERMS],
        characters=len("".join(node.text.split())),
        whole=whole,
        synonyms=synonyms,
        quantities=tuple(
            replace(span_of(value.quantity), shown=value.shown, stands_for=value.grams)
            for value in asked.quantities[:MOST_TERMS]
        ),
        meaning=questions.meaning(node),
        families=asked.families[:MOST_TERMS],
    )


def _phrase(text: str, analyzer: Analyzer) -> Match:
    """A quoted number is that number in any bracket; anything else is its characters in a row."""
    keys = analyzer.keys(text)
    row = InARow(analyzer.phrase(text)[:LONGEST_PHRASE])
    return Either((HasCode(keys[:1]), row)) if len(keys) == 1 and not analyzer.ask_plainly(text).grams else row


def _in_field(node: InField, analyzer: Analyzer) -> Match:
    if node.name in ("标题", "title"):
        return InARow(analyzer.phrase(node.value), zones=("title",))
    if node.name in ("编号", "number"):
        return HasCode(analyzer.keys(node.value))
    name = facet_named(node.name)
    return HasValue(name, checked_value(name, node.value))
