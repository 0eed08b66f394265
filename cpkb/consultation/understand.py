"""Understand: a question → slots, by words and rules alone. What is chosen by hand replaces what is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.synonyms import Thesaurus
from cpkb.consultation.vocabulary import TERMS, Vocabulary, build, many, read_declaration
from cpkb.model.answer import INTENTS, Slot
from cpkb.model.field_types import DIVISIONS, PROVINCES
from cpkb.store.store import Store

MOST = 3  # values of one slot: a question that names more is a list, and the first ones say what it is about
READ = 300  # characters of a question that are read for slots: the longest judged one has 40
MOST_CHOICES = 12  # other values of a slot that are offered: two lines on a phone
KEPT_CHOICES = 256  # lists of them: three slots of each industry fit
NOTHING = "-"
"""Chosen for a slot: what was read there is not meant."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A word of the vocabulary in the folded question."""

    start: int
    end: int
    word: str

    def holds(self, other: _Found) -> bool:
        """Whether the other stands inside this longer one."""
        return self.start <= other.start and other.end <= self.end and len(other.word) < len(self.word)


class Understander:
    """Reads questions with the words of ``file`` (index/understanding.toml), of the thesaurus and of the store."""

    def __init__(self, file: Path, store: Store, analyzer: Analyzer) -> None:
        self._declared: Mapping[str, Any] = read_declaration(file)
        self._store = store
        self._analyzer = analyzer
        self._vocabulary = lru_cache(2)(self._vocabulary_now)
        self._choices = lru_cache(KEPT_CHOICES)(self._choices_now)

    def understand(self, question: str, chosen: Mapping[str, Sequence[str]] | None = None) -> tuple[Slot, ...]:
        """The slots of a question, in the order of SLOTS, the intent last; ``chosen`` ones stand for what was read."""
        words = self._vocabulary(self._store.revision(), self._analyzer.thesaurus)
        folded = self._analyzer.fold(question[:READ])
        said = lambda start, end: question[folded.origins[start] : folded.origins[end - 1] + 1]  # noqa: E731
        text = folded.text
        found = _outermost(_words_in(text, words))
        read = [
            *_industry(text, words, said),
            *_terms(found, words, said),
            *self._quantities(question[:READ]),
            *_region(text, words, said),
            _intent(text, words),
        ]
        return _with_chosen(read, chosen or {})

    def choices(self, name: str, industry: str) -> tuple[str, ...]:
        """Values of a slot that technologies have, of an industry where one is known; those of most of them first."""
        return self._choices(name, industry, self._store.revision())

    def _choices_now(self, name: str, industry: str, _revision: int) -> tuple[str, ...]:
        counts: Counter[str] = Counter()
        for record in self._store.named():
            if record.collection == "technology" and (not industry or industry in many(record, "industry")):
                counts.update(map(str, many(record, name)))
        return tuple(value for value, _ in counts.most_common(MOST_CHOICES))

    def _quantities(self, question: str) -> list[Slot]:
        asked = self._analyzer.ask_plainly(question).quantities
        return [Slot("quantity", value.shown, value.shown, value.shown) for value in asked[:MOST]]

    def _vocabulary_now(self, _revision: int, thesaurus: Thesaurus) -> Vocabulary:
        technologies = [record for record in self._store.named() if record.collection == "technology"]
        return build(self._declared, technologies, thesaurus.leading(), self._analyzer.folded)


def _words_in(text: str, words: Vocabulary) -> Iterator[_Found]:
    yield from _found(text, words.terms, words.longest)


def _found(text: str, words: Mapping[str, object], longest: int) -> Iterator[_Found]:
    """Every word that stands in a text; a Latin one as a whole run only."""
    for start in range(len(text)):
        for end in range(start + 1, min(start + longest, len(text)) + 1):
            word = text[start:end]
            if word in words and _is_whole(text, start, end):
                yield _Found(start, end, word)


def _is_whole(text: str, start: int, end: int) -> bool:
    def is_latin(at: int) -> bool:
        return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()

    return not (is_latin(start) and is_latin(start - 1)) and not (is_latin(end - 1) and is_latin(end))


def _outermost(found: Iterator[_Found]) -> list[_Found]:
    """Without the words inside longer ones: 电镀污泥 is a waste and says nothing of the process."""
    every = list(found)
    return [one for one in every if not any(other.holds(one) for other in every)]


def _terms(found: Sequence[_Found], words: Vocabulary, said: Any) -> list[Slot]:
    slots: dict[tuple[str, str], Slot] = {}
    for one in found:
        for name, value in words.terms[one.word]:
            slots.setdefault((name, value), Slot(name, value, value, said(one.start, one.end)))
    return [slot for name in TERMS for slot in [s for s in slots.values() if s.name == name][:MOST]]


def _industry(text: str, words: Vocabulary, said: Any) -> list[Slot]:
    """The trade that the longest word names; what only hints at one counts where nothing names one."""
    for trades in (words.trades, words.weak_trades):
        found = _outermost(_found(text, trades, words.longest))
        if found:
            best = max(found, key=lambda one: (len(one.word), -one.start))
            code = trades[best.word]
            return [Slot("industry", code, DIVISIONS[code], said(best.start, best.end))]
    return []


def _region(text: str, words: Vocabulary, said: Any) -> list[Slot]:
    found = list(_found(text, words.regions, words.longest))[:1]
    codes = [(words.regions[one.word], one) for one in found]
    return [Slot("region", code, PROVINCES[code], said(one.start, one.end)) for code, one in codes]


def _intent(text: str, words: Vocabulary) -> Slot:
    """The intent whose phrases weigh most; the first declared of equals, technique where there is none."""
    weights: dict[str, int] = {}
    phrases: dict[str, str] = {}
    for name, weight, pattern in words.intents:
        for match in pattern.finditer(text):
            weights[name] = weights.get(name, 0) + weight
            phrases.setdefault(name, match[0])
    best = max(weights, key=lambda name: weights[name], default="technique")
    return Slot("intent", best, INTENTS[best], phrases.get(best, ""))


def _with_chosen(read: Sequence[Slot], chosen: Mapping[str, Sequence[str]]) -> tuple[Slot, ...]:
    kept = [slot for slot in read if slot.name not in chosen]
    made = [
        Slot(name, value, label_of(name, value))
        for name, values in chosen.items()
        for value in values
        if value != NOTHING
    ]
    if "intent" in chosen and not any(slot.name == "intent" for slot in made):
        made.append(Slot("intent", "technique", INTENTS["technique"]))
    order = ("industry", *TERMS, "quantity", "region", "intent")
    return tuple(sorted((*kept, *made), key=lambda slot: order.index(slot.name)))


def label_of(name: str, value: str) -> str:
    """A slot's value as people read it."""
    tables: Mapping[str, Mapping[str, str]] = {"industry": DIVISIONS, "region": PROVINCES, "intent": INTENTS}
    return tables.get(name, {}).get(value, value)
