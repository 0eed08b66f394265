"""Synonyms (同义词): which reviewed formal terms a question's words stand for.

Nothing is expanded when indexing; a question is, at a lower weight, and the person is told what else was searched.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cpkb.errors import DeclarationError

ONE_WAY = ("lay", "narrower")
BOTH_WAYS = ("same", "abbreviation")
KINDS = (*ONE_WAY, *BOTH_WAYS)
LONGEST_TERM = 40  # characters: twice the longest of the shipped ones
MOST_BYTES = 1_000_000  # of a file: ten times the shipped one; every question is compared with all its words
_SEPARATOR = re.compile("[；;]")
_MOST_TERMS = 6  # of one word: more would drown what was typed


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word found in a question and the terms that are searched beside it."""

    found: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a thesaurus (词条)."""

    kind: str
    formal: tuple[str, ...]
    also: tuple[str, ...]
    source: str = ""
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.file}:{self.line}"

    def leads(self) -> Iterator[tuple[str, str]]:
        """(word of a question, term that is searched beside it)."""
        both = self.kind in BOTH_WAYS
        for word in (*self.also, *(self.formal if both else ())):
            for term in (*self.formal, *(self.also if both else ())):
                yield word, term


class Thesaurus:
    """Looks reviewed words up in folded questions, longest first."""

    def __init__(self, entries: Iterable[Entry], fold: Callable[[str], str]) -> None:
        folded = cache(fold)
        terms: dict[str, dict[str, None]] = {}
        self._written: dict[str, str] = {}
        for entry in entries:
            for word, term in entry.leads():
                self._written.setdefault(folded(word), word)
                if folded(word) != folded(term):
                    terms.setdefault(folded(word), {})[term] = None
        self._terms = {word: tuple(found) for word, found in terms.items()}
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
        """Every word of the thesaurus in a folded question, with its terms."""
        found = dict.fromkeys(match[0] for match in self._pattern.finditer(folded))
        return tuple(Synonym(word, self._terms[word][:_MOST_TERMS]) for word in found)

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


def read_thesaurus(file: Path) -> list[Entry]:
    """The entries of a thesaurus.tsv; raises DeclarationError naming the first line that is none."""
    entries, problems = read_what_is_sound(file)
    if problems:
        raise DeclarationError(problems[0])
    return entries


def read_what_is_sound(file: Path) -> tuple[list[Entry], list[str]]:
    """The entries of a thesaurus.tsv, and for each line that is none what is wrong with it, by file and line."""
    name = f"{file.parent.name}/{file.name}"
    try:
        if file.stat().st_size > MOST_BYTES:
            return [], [f"{name}: 大于 {MOST_BYTES:,} 字节，没有读"]
        # Bytes that are no UTF-8 become characters that no term may hold: they cost their line, not the file.
        text = file.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    except OSError as error:
        return [], [f"{name}: 读不了：{error.strerror}"]
    entries: list[Entry] = []
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            try:
                entries.append(read_entry(line.rstrip("\r"), name, number))
            except DeclarationError as error:
                problems.append(str(error))
    return entries, problems


def read_entry(text: str, file: str, line: int) -> Entry:
    """The entry that a line states; raises DeclarationError that names file and line."""
    cells, place = text.split("\t"), f"{file}:{line}"
    if len(cells) != 4 or cells[0] not in KINDS:
        raise DeclarationError(f"{place}: 应是四列：类型（{'、'.join(KINDS)}）、正式词、俗词、出处")
    formal, also = _split(cells[1]), _split(cells[2])
    for side, terms in (("正式词", formal), ("俗词", also)):
        if wrong := "是空的" if not terms else next(filter(None, map(fault_of, terms)), ""):
            raise DeclarationError(f"{place}: {side}{wrong}")
    if not cells[3].isprintable():
        raise DeclarationError(f"{place}: 出处里有不可见的字符，或不是 UTF-8")
    return Entry(cells[0], formal, also, cells[3], file, line)


def fault_of(term: str) -> str:
    """Why a term cannot stand in a thesaurus, or ''."""
    if not term.strip():
        return "是空的"
    if len(term) > LONGEST_TERM:
        return f"超过 {LONGEST_TERM} 个字"
    if not term.isprintable():
        return "里有制表符等不可见的字符，或不是 UTF-8"
    if _SEPARATOR.search(term):
        return "里有分号；几个词请分开写"
    return "" if any(character.isalnum() for character in term) else "没有字，只有标点"


def _split(cell: str) -> tuple[str, ...]:
    return tuple(term.strip() for term in _SEPARATOR.split(cell) if term.strip())
