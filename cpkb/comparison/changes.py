"""What differs between two pieces of text: the parts of either, those that the other has not marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cpkb.comparison.tokens import Token, keys

Part = tuple[str, bool]
"""A stretch of text as written, and whether it is marked as changed."""
_SLIGHT = set("的地得了在之")
"""Words whose coming and going changes no meaning of a rule; 应、可、和、或、将、并 do, and are not here."""
_SWAPPED = 2  # characters that only changed places (餐饮, 饮餐): a slip of writing
_BRIDGE = 1  # tokens that two changes may have in common between them and still read as one
_BRACKETS = (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”"), ("〔", "〕"), ("[", "]"))
MOST_PAIRS = 4_000_000  # tokens of one text times tokens of the other: more takes more than a second to align


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of tokens in one text and the one that stands for it in the other; either may be empty."""

    before: tuple[int, int]
    after: tuple[int, int]
    is_slight: bool
    """Whether only a particle came or went, or two characters changed places."""


def changes(before: Sequence[Token], after: Sequence[Token]) -> list[Change]:
    """Where the texts differ, in order."""
    old, new = keys(before), keys(after)
    found = [_settled(spans, before, after) for spans in _joined(_differing(old, new))]
    return [Change(a, b, _is_slight(old[a[0] : a[1]], new[b[0] : b[1]])) for a, b in found]


Spans = tuple[tuple[int, int], tuple[int, int]]


def _differing(old: Sequence[str], new: Sequence[str]) -> list[Spans]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    if not inner_old and not inner_new:
        return []
    if len(inner_old) * len(inner_new) > MOST_PAIRS:
        return [((start, len(old) - end), (start, len(new) - end))]
    matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=False)
    return [
        ((start + a, start + b), (start + c, start + d)) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    ]


def _joined(found: Sequence[Spans]) -> list[Spans]:
    """Changes with next to nothing between them are one: a reader sees a phrase that was rewritten."""
    joined: list[Spans] = []
    for before, after in found:
        if joined and before[0] - joined[-1][0][1] <= _BRIDGE:
            joined[-1] = ((joined[-1][0][0], before[1]), (joined[-1][1][0], after[1]))
        else:
            joined.append((before, after))
    return joined


def _settled(spans: Spans, before: Sequence[Token], after: Sequence[Token]) -> Spans:
    """What only came or went, begun where its phrase begins: “，以及淘汰目录” and not “目录，以及淘汰”."""
    (a, b), (c, d) = spans
    if (a == b) == (c == d):
        return spans
    side, start, end = (after, c, d) if a == b else (before, a, b)
    by = next((by for by in _slides(side, start, end) if _begins_a_phrase(side, start + by)), 0)
    return (a + by, b + by), (c + by, d + by)


def _slides(side: Sequence[Token], start: int, end: int) -> Iterator[int]:
    """By how much a stretch can be moved with the text reading the same: to the left, then to the right."""
    yield 0
    by = 0
    while start + by > 0 and side[start + by - 1].key == side[end + by - 1].key:
        by -= 1
        yield by
    by = 0
    while end + by < len(side) and side[start + by].key == side[end + by].key:
        by += 1
        yield by


def _begins_a_phrase(side: Sequence[Token], start: int) -> bool:
    return start == 0 or side[start].start > side[start - 1].end


def _is_slight(old: Sequence[str], new: Sequence[str]) -> bool:
    if len(old) == len(new) == _SWAPPED and sorted(old) == sorted(new):
        return True
    return set(old) | set(new) <= _SLIGHT


def marked(text: str, found: Sequence[Token], spans: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """The text in parts, the tokens of ``spans`` marked with what stands between them."""
    parts: list[Part] = []
    at = 0
    for first, last in spans:
        if first == last:
            continue
        start, end = found[first].start, _closed(text, found[first].start, found[last - 1].end)
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(part for part in [*parts, (text[at:], False)] if part[0])


def _closed(text: str, start: int, end: int) -> int:
    """Where a mark ends that has opened a bracket which closes right behind it."""
    for opening, closing in _BRACKETS:
        if text.count(opening, start, end) > text.count(closing, start, end) and text.startswith(closing, end):
            return end + 1
    return end
