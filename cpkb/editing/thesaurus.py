"""The home's thesaurus: entries added and removed, one line each, beside the shipped ones that nobody changes here."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cpkb.analysis.synonyms import Entry, fault_of, read_entry, read_thesaurus, read_what_is_sound
from cpkb.errors import DeclarationError, NotFoundError, StoreError

HEAD = (
    "# 本站补充的同义词：类型	正式词	俗词	出处。用 cpkb thesaurus 增删；格式见程序的 index/thesaurus.tsv。\n"
)
LONGEST_SOURCE = 200  # characters: a title with its clause
Fold = Callable[[str], str]
Pair = tuple[str, str]
"""A folded word and a folded term that is searched beside it."""


class HomeThesaurus:
    """The file of a home beside the shipped one. Two that write at once both keep their line."""

    def __init__(self, file: Path, shipped: Path, fold: Fold) -> None:
        self.file = file
        self.shipped = read_thesaurus(shipped)
        self._fold = fold

    def read(self) -> tuple[list[Entry], list[str]]:
        """The home's entries, and what is wrong with the lines that are none."""
        return read_what_is_sound(self.file) if self.file.exists() else ([], [])

    def entries(self, word: str) -> list[Entry]:
        """Entries in which a word stands or is part of a term, the home's first."""
        folded = self._fold(word)
        return [e for e in (*self.read()[0], *self.shipped) if any(folded in self._fold(t) for t in _terms(e))]

    def pairs(self, entry: Entry) -> list[Pair]:
        """What an entry does, folded."""
        folded = ((self._fold(word), self._fold(term)) for word, term in entry.leads())
        return [(word, term) for word, term in folded if word != term]

    def add(self, kind: str, lay: str, formal: tuple[str, ...], source: str, holds: Callable[[str], bool]) -> Entry:
        """Add an entry; ``holds`` tells whether any text holds a formal term.

        Raises DeclarationError where a term or the entry cannot stand, naming the file and line it is at odds with.
        """
        self._refuse_faults(lay, formal)
        if not source.isprintable() or len(source) > LONGEST_SOURCE:
            raise DeclarationError(f"{self.file}: 出处应在 {LONGEST_SOURCE} 个字以内，没有制表符和换行")
        for term in formal:
            if not holds(term):
                raise DeclarationError(f"{self.file}: 没有一段含有正式词“{term}”；查一查写法，或加 --force")
        line = f"{kind}\t{'；'.join(formal)}\t{lay}\t{source}"
        with _alone(self.file.parent):
            text = _text(self.file) or HEAD
            lines = text.removesuffix("\n").split("\n")
            entry = read_entry(line, f"{self.file.parent.name}/{self.file.name}", len(lines) + 1)
            self._refuse_known(entry)
            _write(self.file, [*lines, line])
        return entry

    def remove(self, word: str) -> list[Entry]:
        """Take a word out of every entry of the home; returns what these entries were.

        Raises NotFoundError where it stands in none, naming the shipped entry it stands in.
        """
        folded = self._fold(word)
        with _alone(self.file.parent):
            found = {e.line: e for e in self.read()[0] if folded in map(self._fold, _terms(e))}
            if not found:
                raise NotFoundError(self._not_here(word))
            lines = _text(self.file).removesuffix("\n").split("\n")
            kept = (self._without(found[at], folded) if at in found else line for at, line in enumerate(lines, 1))
            _write(self.file, [line for line in kept if line is not None])
        return list(found.values())

    def _refuse_faults(self, lay: str, formal: tuple[str, ...]) -> None:
        for term in (lay, *formal):
            if fault := fault_of(term):
                raise DeclarationError(f"{self.file}: “{_shown(term)}”{fault}")
        if self._fold(lay) in map(self._fold, formal):
            raise DeclarationError(f"{self.file}: “{lay}”不必再搜它自己")

    def _refuse_known(self, entry: Entry) -> None:
        known = {pair: e.place for e in (*self.shipped, *self.read()[0]) for pair in self.pairs(e)}
        for word, term in self.pairs(entry):
            if place := known.get((word, term)):
                raise DeclarationError(f"{place}: 已经有“{word} → {term}”")

    def _not_here(self, word: str) -> str:
        place = next((e.place for e in self.shipped if self._fold(word) in map(self._fold, _terms(e))), "")
        elsewhere = f"；{place} 里的是随程序来的，不在这里改" if place else ""
        return f"{self.file}: 没有“{_shown(word)}”{elsewhere}"

    def _without(self, entry: Entry, folded: str) -> str | None:
        """The line without a word, or None when a side of it is then empty."""
        formal, also = ([t for t in side if self._fold(t) != folded] for side in (entry.formal, entry.also))
        return f"{entry.kind}\t{'；'.join(formal)}\t{'；'.join(also)}\t{entry.source}" if formal and also else None


def _terms(entry: Entry) -> tuple[str, ...]:
    return (*entry.formal, *entry.also)


def _shown(term: str) -> str:
    """A term that is at fault, fit for one line of a message."""
    return "".join(c if c.isprintable() else "□" for c in term[:20])


def _text(file: Path) -> str:
    """What a file holds, broken bytes included: lines that are not touched are written back as they were."""
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape") if file.exists() else ""
    except OSError as error:
        raise StoreError(f"{file}: 读不了：{error.strerror}") from error


def _write(file: Path, lines: list[str]) -> None:
    """Whole or not at all: a site that reads at this moment sees the old file or the new one."""
    new = file.with_name(f"{file.name}.new")
    try:
        with new.open("wb") as writing:
            writing.write(("\n".join(lines) + "\n").encode("utf-8", "surrogateescape"))
            writing.flush()
            os.fsync(writing.fileno())
        if file.exists():
            shutil.copymode(file, new)
        new.replace(file)
    except OSError as error:
        raise StoreError(f"{file}: 写不进去：{error.strerror}") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time, by a lock on the folder; it ends with the process that holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
