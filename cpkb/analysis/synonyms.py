"""Synonyms (同义词): which reviewed formal terms a question's words stand for.

Nothing is expanded when indexing; a question is, at a lower weight, and the person is told what else was searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cpkb.errors import DeclarationError

ONE_WAY = ("lay", "narrower")
BOTH_WAYS = ("same", "abbreviation")
_SEPARATOR = re.compile("[；;]")
_MOST_TERMS = 6  # of one word: more would drown what was typed


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word found in a question and the terms that are searched beside it."""

    found: str
    terms: tuple[str, ...]


class Thesaurus:
    """Looks reviewed words up in folded questions, longest first."""

    def __init__(
        self, entries: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]], fold: Callable[[str], str]
    ) -> None:
        self._terms: dict[str, tuple[str, ...]] = {}
        self._written: dict[str, str] = {}
        for kind, formal, also in entries:
            for word in (*also, *(formal if kind in BOTH_WAYS else ())):
                key = fold(word)
                self._written.setdefault(key, word)
                others = tuple(term for term in (*formal, *(also if kind in BOTH_WAYS else ())) if fold(term) != key)
                self._terms[key] = tuple(dict.fromkeys((*self._terms.get(key, ()), *others)))
        surfaces = sorted(self._terms, key=len, reverse=True)
        self._pattern = re.compile("|".join(_bounded(surface) for surface in surfaces) or r"(?!)")

    @property
    def words(self) -> tuple[str, ...]:
        """Every word it knows: formal terms before the words that lead to them."""
        formal = (term for terms in self._terms.values() for term in terms)
        return tuple(dict.fromkeys((*formal, *self._terms)))

    def leading(self) -> dict[str, tuple[str, ...]]:
        """Every word as it is written, with the formal terms it leads to; a formal term leads nowhere."""
        formal = dict.fromkeys(term for terms in self._terms.values() for term in terms)
        lay = {word: self._terms[key] for key, word in self._written.items() if word not in formal}
        return {**dict.fromkeys(formal, ()), **lay}

    def expand(self, folded: str) -> tuple[Synonym, ...]:
        """Every word of the thesaurus in a folded question, with its terms; a term already asked is left out."""
        found = dict.fromkeys(match[0] for match in self._pattern.finditer(folded))
        made = (Synonym(word, self._terms[word][:_MOST_TERMS]) for word in found)
        return tuple(synonym for synonym in made if synonym.terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __contains__(self, word: str) -> bool:
        return word in self._terms


def _bounded(surface: str) -> str:
    """A Latin abbreviation is found as a whole run only: RTO never inside DRTO2."""
    escaped = re.escape(surface)
    before = r"(?<![a-z0-9])" if surface[0].isascii() else ""
    after = r"(?![a-z0-9])" if surface[-1].isascii() else ""
    return f"{before}{escaped}{after}"


def read_thesaurus(file: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(kind, formal, also) of each line of thesaurus.tsv; raises DeclarationError naming the line."""
    entries = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4 or cells[0] not in (*ONE_WAY, *BOTH_WAYS):
            kinds = "、".join((*ONE_WAY, *BOTH_WAYS))
            raise DeclarationError(f"{file.name}:{number}: 应是四列：类型（{kinds}）、正式词、俗词、出处")
        entries.append((cells[0], _split(cells[1]), _split(cells[2])))
    return entries


def _split(cell: str) -> tuple[str, ...]:
    return tuple(term.strip() for term in _SEPARATOR.split(cell) if term.strip())
