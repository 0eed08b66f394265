"""Checking (核对): whether a sentence of a language model says what one passage says, and if not, why not.

A sentence holds when it is one way to tell a statement of a passage that it names: the same signs in the same order
(`wording`), begun and ended where that is safe (`statements`). So a number, a unit, a date, a name, a negation, a word
that binds or a condition cannot change, and nothing of two passages can be joined. Honest sentences in other words
are dropped too: what cannot be verified is not told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cpkb.consultation.statements import Statement, statements_of
from cpkb.consultation.wording import DUTY, LEAVE, VALUE, Sign, Wording
from cpkb.model.answer import Item
from cpkb.model.numerals import NUMERAL
from cpkb.model.passage import Passage

LONGEST = 400  # characters of a sentence: a long article has 300
_DECISIVE = DUTY | LEAVE | frozenset("不未无非没否免勿已将曾均都全各仅只除但或若约需")
"""Signs that turn what is said around, narrow it or bind somebody."""
_KEPT = _DECISIVE - frozenset("已将曾约")
"""Of these, those that no sentence may leave out."""
_LINKS = re.compile(r"^(?:此外|另外|同时|首先|其次|再次|最后)[，,]\s*")
_SOURCE_WORDS = ("根据", "按照", "依照", "依据", "参照")
_SAYS_WORDS = ("规定", "要求", "明确", "指出", "提出")
_EDITION = re.compile(r"[(（][^()（）]*[)）]|^中华人民共和国")
_SHOWN = 20  # characters of a wording that a reason quotes


@dataclass(frozen=True)
class Evidence:
    """A passage that may be told, with the number that the model knows it by."""

    number: int
    item: Item
    passage: Passage
    wording: Wording

    @cached_property
    def tellings(self) -> frozenset[tuple[str, ...]]:
        """Every way to tell something of it, as rows of signs."""
        return frozenset(_keys(telling) for statement in self.statements for telling in statement.tellings())

    @cached_property
    def statements(self) -> list[Statement]:
        """What it says."""
        return statements_of(self.item, self.passage, self.wording)

    @cached_property
    def names(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """What it may be named by: groups of a title, a number and a locator that belong together."""
        cited = self.item.citation
        groups = [(self.item.title,), (cited.document, cited.number, cited.locator)]
        groups += [(r.citation.document, r.citation.number, r.citation.locator) for r in self.item.rests]
        return tuple(tuple(self._named(group)) for group in groups)

    def _named(self, group: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for name in group:
            for written in dict.fromkeys((name, _EDITION.sub("", name))):
                if keys := _keys(self.wording.signs(written)):
                    yield keys

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All signs of the passage and of what it is named by."""
        told = self.wording.signs(f"{self.item.title}\n{self.passage.text}")
        return (*_keys(told), *(key for group in self.names for name in group for key in name))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which passage a sentence is held by and what of it is told; or the reason why none holds it."""

    holds: Evidence | None
    text: str
    reason: str = ""


def check(text: str, ids: Sequence[int], known: Mapping[int, Evidence]) -> Verdict:
    """Whether a sentence is held by one of the passages that it names."""
    if not ids:
        return Verdict(None, text, "没有写依据哪一段")
    if strange := [number for number in ids if number not in known]:
        return Verdict(None, text, f"没有第 {strange[0]} 段")
    if len(text) > LONGEST or not text.isprintable():
        return Verdict(None, text, "太长，或有看不见的字符，没法核对")
    named = [known[number] for number in dict.fromkeys(ids)]
    for evidence in named:
        for begun in (text, _LINKS.sub("", text)):  # a passage may itself begin so
            if (told := _held(begun, evidence)) is not None:
                return Verdict(evidence, told)
    return Verdict(None, text, _why_not(text, named))


def _held(text: str, evidence: Evidence) -> str | None:
    """What of a sentence is told, without the words that name the passage; None where it is not held."""
    for start in _after_names(text, evidence):
        told = text[start:].lstrip("，,：: 》」)）")
        if _is_told(told, evidence):
            return told
    return None


def _is_told(text: str, evidence: Evidence) -> bool:
    """The whole text, or each of its parts between semicolons, is a telling of this passage."""
    if _keys(evidence.wording.signs(text)) in evidence.tellings:
        return True
    parts = [part for part in re.split("[；;]", text.rstrip("。")) if part.strip()]
    return len(parts) > 1 and all(_keys(evidence.wording.signs(part)) in evidence.tellings for part in parts)


def _after_names(text: str, evidence: Evidence) -> Iterator[int]:
    """Where a sentence begins after naming its passage (根据《…》第二条规定，); first of all, at its beginning."""
    yield 0
    signs = evidence.wording.signs(text)
    keys = _keys(signs)
    begin = _skipped(keys, 0, _SOURCE_WORDS)
    for group in evidence.names:
        at = begin
        while (after := next((at + len(n) for n in group if keys[at : at + len(n)] == n), at)) != at:
            at = after
        if at == begin:
            continue
        at = _skipped(keys, _skipped(keys, at, ("中",)), _SAYS_WORDS)
        if at < len(signs):
            yield signs[at].start


def _skipped(keys: tuple[str, ...], at: int, words: Sequence[str]) -> int:
    return next((at + len(word) for word in words if keys[at : at + len(word)] == tuple(word)), at)


def _keys(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(sign.key for sign in signs)


def _why_not(text: str, named: Sequence[Evidence]) -> str:
    """The gravest difference between a sentence and what its passages say."""
    text = text[max(_after_names(text, named[0])) :]
    signs = named[0].wording.signs(text)
    there = Counter(key for evidence in named for key in evidence.keys)
    new = [(sign, text[sign.start : sign.end]) for sign in signs if not there[sign.key]]
    # A Chinese numeral is as often part of a word: 六价铬 is told below with its neighbours.
    if value := next((said for sign, said in new if sign.kind == VALUE and said not in NUMERAL), ""):
        return f"数值、单位、日期或编号“{value}”不在所引的段落里"
    if word := next((said for sign, said in new if sign.key in _DECISIVE), ""):
        return f"“{word}”是所引的段落没有说的"
    if strange := _strange(text, signs, named):
        return f"“{strange}”不在所引的段落里"
    if rest := _unfinished(_keys(signs), named):
        return f"没有写全，原文接着还有“{rest}”"
    if left := _left_out(signs, named):
        return f"漏了原文的“{left}”"
    return "字都在所引的段落里，但次序、搭配或范围与原文不同"


def _strange(text: str, signs: Sequence[Sign], named: Sequence[Evidence]) -> str:
    """The first stretch of words that no passage holds: signs that stand beside none of their neighbours there."""
    pairs = {pair for evidence in named for pair in zip(evidence.keys, evidence.keys[1:], strict=False)}
    keys = _keys(signs)
    is_known = [
        (at and (keys[at - 1], key) in pairs) or (at + 1 < len(keys) and (key, keys[at + 1]) in pairs)
        for at, key in enumerate(keys)
    ]
    begin = next((at for at, known in enumerate(is_known) if not known), None)
    if begin is None:
        return ""
    end = next((at for at in range(begin, len(keys)) if is_known[at]), len(keys))
    return text[signs[begin].start : signs[end - 1].end][:_SHOWN]


def _unfinished(keys: tuple[str, ...], named: Sequence[Evidence]) -> str:
    """What follows in the statement whose beginning a sentence is."""
    for evidence in named:
        for statement in evidence.statements:
            if _keys(statement.signs)[: len(keys)] == keys:
                told = len(keys)
                for clause in statement.clauses:
                    if told <= 0:
                        return clause.text[:_SHOWN]
                    told -= len(clause.signs)
    return ""


def _left_out(signs: Sequence[Sign], named: Sequence[Evidence]) -> str:
    """A decisive sign of the nearest statement that the sentence does not have."""
    own = Counter(_keys(signs))
    statements = [statement for evidence in named for statement in evidence.statements]
    nearest = max(statements, key=lambda s: sum((own & Counter(_keys(s.signs))).values()), default=None)
    if nearest is None:
        return ""
    missing = Counter(sign.key for sign in nearest.signs if sign.key in _KEPT) - own
    return next((key.rpartition(":")[2] for key in missing), "")
