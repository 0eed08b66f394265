"""A body as units of comparison: headings, whole clauses, and the signature (落款) apart from the last of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cpkb.comparison.tokens import Fold, Token, keys, tokens
from cpkb.model.dates import find_date
from cpkb.model.passage import Passage

_CONTINUED = "（续"
_SIGNED = re.compile(r"^(?:主题词|抄送|抄报|印发)|印发|共印\d+份")
_SENTENCE = re.compile(r"[，。；]")
_HEADING_NUMBER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+(?:分编|[编篇章节])|[（(]?[一二三四五六七八九十]+[）)、.]|[A-Z]?\d+(?:\.\d+)*"
)
_LAST = 3  # passages at the end in which a signature may stand
_SIGNATURE = "落款"


@dataclass(frozen=True, slots=True)
class Unit:
    """A clause or a heading."""

    locator: str
    text: str
    anchor: str
    tokens: tuple[Token, ...]
    label: int
    """How many of the tokens are its number, which is no part of what it says."""
    is_heading: bool = False
    says: tuple[str, ...] = ()
    """What is compared: everything but its number."""
    place: tuple[str, ...] = ()
    """Its locator, however it is written."""
    grams: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    """Neighbouring tokens: what likeness is measured by."""


def units(body: Sequence[Passage], fold: Fold) -> list[Unit]:
    """The units of a body in reading order; those without any word or number are left out."""
    made: list[Unit] = []
    under: tuple[str, ...] = ()
    for passage, text in _clauses(_signature_apart(body)):
        for heading in _opened(under, passage.headings):
            if not (made and _first_line(made[-1].text) == _bare(heading)):  # a clause's own title heads those under it
                made.append(_unit(_number(heading), heading, passage.anchor, fold, is_heading=True))
        under = passage.headings
        made.append(_unit(passage.locator, text, passage.anchor, fold))
    return [unit for unit in made if unit.tokens]


def _clauses(body: Sequence[Passage]) -> list[tuple[Passage, str]]:
    """Each clause with its whole text: what had to be shown in several pieces (续1, 续2) is one again."""
    found: list[tuple[Passage, str]] = []
    for passage in body:
        base, is_continued, _ = passage.locator.partition(_CONTINUED)
        if found and ((is_continued and found[-1][0].locator == base) or _is_signature(found[-1][0], passage)):
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{passage.text}")
        else:
            found.append((passage, passage.text))
    return found


def _is_signature(before: Passage, passage: Passage) -> bool:
    return before.locator == passage.locator == _SIGNATURE


def _signature_apart(body: Sequence[Passage]) -> list[Passage]:
    """The body with the lines of the signature in a passage of their own, wherever the reader left them."""
    found = list(body[:-_LAST])
    for passage in body[-_LAST:]:
        lines = passage.text.split("\n")
        first = next((at for at, line in enumerate(lines) if at and _is_signed(line)), len(lines))
        rest = "\n".join(lines[first:])
        if rest:
            found.append(_piece(passage, "\n".join(lines[:first]), passage.locator))
        found.append(_piece(passage, rest, _SIGNATURE) if rest else passage)
    return found


def _is_signed(line: str) -> bool:
    return bool(_SIGNED.search(line) or (find_date(line) and not _SENTENCE.search(line)))


def _piece(passage: Passage, text: str, locator: str) -> Passage:
    return Passage(passage.ordinal, text, locator, passage.headings, passage.kind, passage.page)


def _unit(locator: str, text: str, anchor: str, fold: Fold, *, is_heading: bool = False) -> Unit:
    found = tokens(text, fold)
    place = keys(tokens(locator, fold))
    label = _label(place, keys(found))
    says = keys(found[label:])
    grams = frozenset(itertools.pairwise(says)) or frozenset((key, "") for key in says)
    return Unit(locator, text, anchor, found, label, is_heading, says, place, grams)


def _number(heading: str) -> str:
    match = _HEADING_NUMBER.match(heading)
    return match[0] if match else ""


def _label(locator: Sequence[str], text: Sequence[str]) -> int:
    """How much of a text's beginning only repeats the end of its locator: （三） of 七（三）."""
    for start in range(len(locator)):
        if tuple(text[: len(locator) - start]) == tuple(locator[start:]):
            return len(locator) - start
    return 0


def _opened(under: Sequence[str], headings: Sequence[str]) -> Sequence[str]:
    same = 0
    while same < min(len(under), len(headings)) and under[same] == headings[same]:
        same += 1
    return headings[same:]


def _first_line(text: str) -> str:
    return _bare(text.partition("\n")[0])


def _bare(text: str) -> str:
    return "".join(text.split())
