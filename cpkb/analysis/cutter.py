"""The analyzer's half for indexing (分析): text → terms. `analyzer` adds the half for asking.

Three kinds of terms over the same folded text (see docs/decisions/0003-terms.md):
- words: jieba words and Latin runs, for ranking by meaning;
- grams: characters and pairs of characters with positions, so that 铬 finds 含铬废水 and phrases work;
- codes: whole numbers and model codes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from cpkb.analysis.identifiers import Identifier, find_identifiers
from cpkb.analysis.lexicon import Lexicon
from cpkb.analysis.normalise import Folded, Folder
from cpkb.analysis.quantities import Quantity, find_quantities
from cpkb.analysis.units import Placed, grams, stretches

VERSION = 6
"""Bump when the same text gives other terms than before: built indexes are then rebuilt."""
STOP_WORDS = frozenset("的了和与及或在是对为等中其并应将以从由到把被有也就都而所之于")
"""One character each, left out of words only; grams keep every character, so phrases still match."""
SHORT = 60  # characters: titles, headings and places in a text, which come again with every passage
REMEMBERED = 2_000  # short texts: about 10 MB of terms


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text."""

    words: tuple[str, ...]
    latin: tuple[str, ...]
    """Latin runs; ``places`` tells where each stands."""
    places: tuple[int, ...]
    runs: tuple[Placed, ...]
    """Runs of characters, each with the place of its first one: every character and every pair of them is a gram."""
    codes: tuple[str, ...]
    quantities: tuple[Quantity, ...] = ()

    @property
    def grams(self) -> list[Placed]:
        """Characters, pairs of characters and Latin runs, each with its place; not in the order of the text."""
        return [*zip(self.latin, self.places, strict=True), *grams(self.runs)]


class Cutter:
    """Cuts texts. ``folder`` holds lexicon.txt and variants.tsv; ``cache_folder`` keeps what jieba loads fast."""

    def __init__(self, folder: Path, cache_folder: Path) -> None:
        self.made_of = (folder, cache_folder)  # for another process to make its own of
        variants = read_variants(folder / "variants.tsv")
        self._folder = Folder(variants)
        self._lexicon = Lexicon(folder / "lexicon.txt", cache_folder)
        self._variants_text = repr(sorted(variants.items()))
        self._short_terms = lru_cache(REMEMBERED)(self._cut)

    def fold(self, text: str) -> Folded:
        """The folded text with its origins."""
        return self._folder.fold(text)

    def folded(self, text: str) -> str:
        """The folded text alone."""
        return self._folder.text(text)

    def terms(self, text: str) -> Terms:
        """Terms for indexing."""
        return self._short_terms(text) if len(text) <= SHORT else self._cut(text)

    def hasten(self) -> None:
        """Get ready for many texts: up to a second now, the same terms sooner from then on."""
        self._lexicon.hasten()

    def _cut(self, text: str) -> Terms:
        folded = self.folded(text)
        runs, placed = stretches(folded)
        latin = tuple(text for text, _ in placed)
        words = (*self._lexicon.cut_all([run for run, _ in runs]), *latin)
        found, quantities = numbers(folded)
        codes = dict.fromkeys(key for n in found for key in (*n.keys, *([n.branch] if n.branch else [])))
        kept = [word for word in words if word not in STOP_WORDS]  # a list is made quicker than a tuple
        places = tuple(place for _, place in placed)
        return Terms(tuple(kept), latin, places, tuple(runs), tuple(codes), tuple(quantities))

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text might give other terms."""
        digest = hashlib.sha256(self._variants_text.encode()).hexdigest()[:12]
        return f"{VERSION}-{self._lexicon.fingerprint}-opencc-{version('opencc')}-{digest}"


def read_variants(file: Path) -> dict[str, str]:
    """variants.tsv: a group of interchangeable characters a line, the first stands for all."""
    table: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            first, *others = line.split("\t")[0].split()
            table.update(dict.fromkeys(others, first))
    return table


def numbers(folded: str) -> tuple[list[Identifier], list[Quantity]]:
    """Identifiers and quantities of a folded text; what is a value with its unit (35kW) is no model code."""
    found = find_identifiers(folded)
    quantities = find_quantities(folded, found)
    values = {place for q in quantities for place in range(q.start, q.end)}
    return [n for n in found if n.start not in values], quantities
