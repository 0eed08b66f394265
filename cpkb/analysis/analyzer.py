"""The one analyzer for indexing and for asking: what `cutter` does to texts, and questions → what is asked for.

A question is cut by the same functions as a text; a number in it is whole, and words are searched beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from cpkb.analysis.cutter import STOP_WORDS, Cutter, numbers
from cpkb.analysis.identifiers import ARTICLE, Identifier, find_identifiers
from cpkb.analysis.live_thesaurus import LiveThesaurus
from cpkb.analysis.pinyin import PinyinReader
from cpkb.analysis.quantities import Quantity
from cpkb.analysis.spelling import Known, Speller
from cpkb.analysis.synonyms import Synonym, Thesaurus
from cpkb.analysis.typed import Typed, key_of, typed
from cpkb.analysis.units import Unit, grams, is_characters, runs, stretches, units


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plain question is made of: words and pairs to rank by, codes that stand for themselves."""

    words: tuple[str, ...]
    grams: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    """One tuple of alternative keys for each number in the question."""
    families: tuple[tuple[str, ...], ...] = ()
    """For each number the series it may belong to, nearest first."""
    synonyms: tuple[AskedSynonym, ...] = ()
    quantities: tuple[AskedQuantity, ...] = ()
    meant: str = ""
    """The folded question with pinyin and slips of typing as the words they stand for."""


@dataclass(frozen=True, slots=True)
class AskedQuantity:
    """A value in the question, as it is written there, and the grams it is written with."""

    quantity: Quantity
    shown: str
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedSynonym:
    """A word of the question, its own grams, and the terms searched beside it, each cut like a question."""

    found: str
    grams: tuple[str, ...]
    terms: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    """(term, words, grams)."""


class Analyzer(Cutter):
    """Cuts texts and questions. ``folder`` holds lexicon.txt, variants.tsv, stop_phrases.txt and thesaurus.tsv.

    ``home_thesaurus`` is a file like the last, of terms that editors add; it need not exist and may change.
    """

    def __init__(self, folder: Path, cache_folder: Path, home_thesaurus: Path | None = None) -> None:
        super().__init__(folder, cache_folder)
        self._stop_phrases = read_stop_phrases(folder / "stop_phrases.txt")
        self._live = LiveThesaurus(folder / "thesaurus.tsv", home_thesaurus, self.folded)

    @property
    def thesaurus(self) -> Thesaurus:
        """The synonyms as they are now; another object after each change."""
        return self._live.now()

    def ask(self, text: str, known: Known = lambda _: True) -> Asked:
        """Terms of a plain question; numbers and codes in it are whole and leave no parts behind.

        ``known`` tells whether a pair of characters is indexed: where it is not, a slip of typing is looked for.
        """
        folded, row, plain = self._plain(text)
        reviewed = self.thesaurus.expand(folded)

        def is_known(gram: str) -> bool:
            # An editor's word is no slip of typing, though no text holds it.
            return known(gram) or any(gram in synonym.found for synonym in reviewed)

        slips = (*self._read_pinyin(row, known), *self._corrected(row, folded, is_known))
        meant = plain.meant
        for slip in slips:
            meant = meant.replace(slip.found, slip.terms[0])
        synonyms = tuple(self._asked_synonym(synonym) for synonym in (*reviewed, *slips))
        return replace(plain, synonyms=synonyms, meant=meant)

    def ask_plainly(self, text: str) -> Asked:
        """Terms of a question with nothing searched beside them."""
        return self._plain(text)[2]

    def _plain(self, text: str) -> tuple[str, list[Unit], Asked]:
        meant = self.folded(text)
        folded = self._stop_phrases.sub(lambda found: " " * len(found[0]), meant)
        found, quantities = numbers(folded)
        row = [unit for unit in units(folded) if not _inside(unit, found)]
        words, pairs = self._asked(row, folded)
        keys, families = tuple(_asked_keys(n) for n in found), tuple(n.families for n in found)
        values = self._quantities(quantities, row, folded)
        return folded, row, Asked(words, pairs, keys, families, quantities=values, meant=meant)

    def _quantities(
        self, quantities: Iterable[Quantity], row: Sequence[Unit], folded: str
    ) -> tuple[AskedQuantity, ...]:
        found = []
        for quantity in quantities:
            written = [unit for unit in row if quantity.start <= unit.start and unit.end <= quantity.end]
            shown = folded[quantity.start : quantity.end].strip()
            found.append(AskedQuantity(quantity, shown, self._asked(written, folded)[1]))
        return tuple(found)

    def _asked(self, row: Sequence[Unit], folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        asked = (gram for run in _spaced_runs(row, folded) for gram in _asked_grams(run))
        return tuple(dict.fromkeys(self._words(row))), tuple(dict.fromkeys(asked))

    def _read_pinyin(self, row: Sequence[Unit], known: Known) -> list[Synonym]:
        """Runs of letters that spell words: searched as a synonym of themselves, so that the person sees it."""
        reviewed = self.thesaurus
        letters = [unit.text for unit in row if unit.text not in reviewed and unit.text.isalpha()]
        read = ((text, self._pinyin.read(text, known)) for text in letters if text.isascii())
        return [Synonym(text, (words,)) for text, words in read if words]

    def _corrected(self, row: Sequence[Unit], folded: str, known: Known) -> list[Synonym]:
        runs_of_characters = [run for run in _spaced_runs(row, folded) if run[0].is_character]
        texts = ["".join(unit.text for unit in run) for run in runs_of_characters]
        return [
            slip for text in texts if len(text) > 1 for slip in self._speller.correct(text, known, self._side_by_side)
        ]

    def _side_by_side(self, text: str) -> list[str]:
        return [word for word, _ in self._lexicon.side_by_side(text)]

    @cached_property
    def _field_words(self) -> tuple[str, ...]:
        """Words of the domain dictionary, then of the shipped thesaurus."""
        chinese = [word for word in self._live.shipped.words if not any(c.isascii() for c in word)]
        return (*self._lexicon.domain_words, *chinese)

    @cached_property
    def _pinyin(self) -> PinyinReader:
        return PinyinReader((*self._field_words, *self._lexicon.common_words()))

    @cached_property
    def _speller(self) -> Speller:
        # Words of the field only: among all common words something always sounds like any stretch of plain speech.
        return Speller(self._lexicon.domain_words, self._field_words)

    def _asked_synonym(self, synonym: Synonym) -> AskedSynonym:
        terms = []
        for term in synonym.terms:
            folded = self.folded(term)
            terms.append((term, *self._asked(units(folded), folded)))
        own = self._asked(units(synonym.found), synonym.found)[1]
        return AskedSynonym(synonym.found, own, tuple(terms))

    def phrase(self, text: str) -> tuple[tuple[str, int], ...]:
        """(gram, offset) pairs that must stand at those offsets from one another; () when nothing is searchable."""
        characters, latin = stretches(self.folded(text))
        placed = [*latin, *grams(characters)]
        pairs = [gram for gram in placed if len(gram[0]) > 1 and is_characters(gram[0])]
        covered = {position + step for _, position in pairs for step in (0, 1)}
        alone = (gram for gram in placed if gram[1] not in covered)
        held = sorted((*pairs, *alone), key=lambda gram: gram[1])
        return tuple((gram, position - held[0][1]) for gram, position in held)

    def keys(self, text: str) -> tuple[str, ...]:
        """The most exact key of every number in a text."""
        return tuple(i.keys[0] for i in find_identifiers(self.folded(text)))

    def numbers(self, text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(as written, keys) of every number in a text, but for those of articles and values with a unit (35kW)."""
        folded = self.fold(text)
        found = (i for i in numbers(folded.text)[0] if not i.keys[0].startswith(ARTICLE))
        return tuple((text[folded.origins[i.start] : folded.origins[i.end - 1] + 1], i.keys) for i in found)

    def typed(self, text: str) -> Typed:
        """A name as it is typed, for completing it."""
        return typed(self._lexicon.side_by_side(self.folded(text)))

    def typed_key(self, text: str) -> str:
        """What was typed of a name, without spaces, brackets and dashes."""
        return key_of(self.folded(text))

    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """Words of the field and those of the thesaurus, each with the formal terms a lay word leads to."""
        return {**dict.fromkeys(self._lexicon.domain_words, ()), **self.thesaurus.leading()}

    def _words(self, row: Sequence[Unit]) -> list[str]:
        words: list[str] = []
        for run in runs(list(row)):
            for stretch in _stretches(run):
                if stretch[0].is_character:
                    words += self._lexicon.cut("".join(u.text for u in stretch))
                else:
                    words.append(stretch[0].text)
        return [word for word in words if word not in STOP_WORDS]


def read_stop_phrases(file: Path) -> re.Pattern[str]:
    """stop_phrases.txt as one pattern, longer phrases first."""
    lines = file.read_text(encoding="utf-8").splitlines()
    phrases = sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)))


def _asked_keys(number: Identifier) -> tuple[str, ...]:
    """A model without its variants (JO2) asks for them all, after itself."""
    is_whole_branch = number.branch.endswith(number.keys[0]) and bool(number.branch)
    return (*number.keys, number.branch) if is_whole_branch else number.keys


def _stretches(run: Sequence[Unit]) -> list[list[Unit]]:
    """A run cut into stretches of characters and single Latin runs."""
    cut: list[list[Unit]] = []
    for unit in run:
        if cut and unit.is_character and cut[-1][-1].is_character:
            cut[-1].append(unit)
        else:
            cut.append([unit])
    return cut


def _spaced_runs(row: Sequence[Unit], folded: str) -> list[list[Unit]]:
    """Stretches for asking: a space in a question separates, though in a document it may be a wrapped line."""
    cut: list[list[Unit]] = []
    for stretch in (s for run in runs(list(row)) for s in _stretches(run)):
        cut.append(stretch[:1])
        for left, right in pairwise(stretch):
            if left.end == right.start or folded[left.end : right.start].strip():
                cut[-1].append(right)
            else:
                cut.append([right])
    return cut


def _asked_grams(run: Sequence[Unit]) -> list[str]:
    """Pairs of a run; a character that stands alone, or a Latin run, is asked for itself."""
    if len(run) == 1:
        return [run[0].text]
    return [left.text + right.text for left, right in pairwise(run)]


def _inside(unit: Unit, numbers: Sequence[Identifier]) -> bool:
    return any(number.start <= unit.start and unit.end <= number.end for number in numbers)
