"""The query syntax: words, "phrase", -word, OR, field:value. Anything else is words; nothing is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from cpkb.model.query import AllOf, AnyOf, InField, Node, Not, Phrase, Words

MOST_NODES = 12  # phrases, exclusions and fields of one question; people use two or three, and each costs a search
QUERY_LENGTH = 1000
"""Characters of a question that are read; a pasted page is asked by its beginning."""
_TOKEN = re.compile(
    r"(?P<minus>(?<!\S)[-－])?(?:(?P<open>[\"“「『＂])(?P<phrase>[^\"”」』＂]{1,200})[\"”」』＂]|(?P<word>\S+))"
)
_FIELD = re.compile(r"(?P<name>[^\s:：\"]{1,20})[:：](?P<value>\S+)")


def parse_text(text: str, field_names: Iterable[str], *, synonyms: bool = True, meaning: bool = True) -> AllOf:
    """Parse what was typed; ``field_names`` are the names and labels that may stand before a colon."""
    known = frozenset(field_names)
    nodes: list[Node] = []
    joins_next = False
    for match in _TOKEN.finditer(text[:QUERY_LENGTH]):
        if match["word"] in ("OR", "|") and nodes:
            joins_next = True
            continue
        node = _node(match, known)
        if joins_next and not isinstance(node, Not):
            before = nodes.pop()
            branches = before.nodes if isinstance(before, AnyOf) else (before,)
            node = AnyOf((*branches, node))
        if isinstance(node, Words) or (node not in nodes and len(_others(nodes)) < MOST_NODES):
            nodes.append(node)
        joins_next = False
    return AllOf(_joined(nodes, Words("", synonyms, meaning)))


def _others(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if not isinstance(node, Words)]


def _node(match: re.Match[str], known: frozenset[str]) -> Node:
    inner = _positive(match, known)
    if not match["minus"]:
        return inner
    # What is left out is left out as it stands: characters in a row, not a ranked likeness.
    return Not(Phrase(inner.text) if isinstance(inner, Words) else inner)


def _positive(match: re.Match[str], known: frozenset[str]) -> Node:
    if match["phrase"]:
        return Phrase(match["phrase"])
    word = match["word"]
    found = _FIELD.fullmatch(word)
    if found and found["name"] in known:
        return InField(found["name"], found["value"].strip('"“”'))
    return Words(word)


def _joined(nodes: list[Node], like: Words) -> tuple[Node, ...]:
    """All plain words become one ranked text, in the place of the first and asked ``like`` that."""
    words = [node.text for node in nodes if isinstance(node, Words)]
    if not words:
        return tuple(nodes)
    first = next(at for at, node in enumerate(nodes) if isinstance(node, Words))
    others = [node for at, node in enumerate(nodes) if not isinstance(node, Words) or at == first]
    joined = replace(like, text=" ".join(words))
    return tuple(joined if isinstance(node, Words) else node for node in others)
