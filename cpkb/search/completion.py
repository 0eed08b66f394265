"""Completion (自动补全): what may be meant, while it is being typed.

The names are read once for each revision of the store and the index. That happens in a thread beside the answers,
which meanwhile go on from the names read before: typing must never wait, and an import of a thousand files raises
the revision a thousand times.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.typed import Typed
from cpkb.engines.engine import Engine
from cpkb.search.names import KINDS, Name, names
from cpkb.search.neighbours import Neighbours
from cpkb.search.prefixes import LONGEST, Prefixes, Ranks
from cpkb.store.store import Store

MOST = 8  # completions: what fits above the keyboard of a phone
MOST_TYPED = 100  # characters: what is longer is a question, not the beginning of a name
LOOK_EVERY = 1.0  # seconds between looks at the revision
REST = 10  # times as long as reading took, until the next reading: at most a tenth of one core during an import
LONGEST_WORD = 12  # characters of a name after other words: a longer one is a title, not a word of a question
_SYNTAX = re.compile(r"[\"“”「」『』＂:：|]|(?<!\S)[-－]|(?<!\S)OR(?!\S)")
_LAST_WORD = re.compile(r"(.*\S\s+)(\S+)", re.DOTALL)
Version = tuple[int, int, dt.date]


@dataclass(frozen=True, slots=True)
class Completion:
    """What to put in the box, and what it is."""

    text: str
    kind: str
    """One of `names.KINDS`."""
    note: str = ""

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return KINDS[self.kind]


class Completions:
    """The names of one revision."""

    def __init__(self, found: Iterable[Name], analyzer: Analyzer) -> None:
        self.names = list(found)
        self._analyzer = analyzer
        self._prefixes = Prefixes(_spelt(name, analyzer) for name in self.names)
        self._neighbours = Neighbours(self._prefixes.key, len(self.names), LONGEST)
        self._is_term = np.array([name.kind == "term" for name in self.names], dtype=bool)
        self._is_short = np.array([len(name.text) <= LONGEST_WORD for name in self.names], dtype=bool)

    def complete(self, typed: str, limit: int) -> tuple[Completion, ...]:
        """Names that go on like all that was typed, then such as go on like its last word."""
        if _SYNTAX.search(typed):
            return ()
        # One more, as what was typed whole is left out when there is nothing to say beside it.
        found = [name for name in self._begun(typed, limit + 1) if name.note or name.text != typed.strip()]
        parted = _LAST_WORD.fullmatch(typed)
        # HJ 13 is one number, and 13 no word after HJ.
        if parted and not (found and parted[2].isascii()):
            after = self._begun(parted[2], limit, is_word=True)
            found += [replace(name, text=parted[1] + name.text) for name in after if name.text != parted[2]]
        return tuple(found[:limit])

    def _begun(self, typed: str, limit: int, *, is_word: bool = False) -> list[Completion]:
        key = self._analyzer.typed_key(typed)
        if len(key) < 2 and key.isascii():
            return []
        found = [self._prefixes.written(key)]
        if key.isascii() and key.isalpha():
            found += self._prefixes.sounding(key)
        return [self.shown(number) for number in self._best(found, limit, is_word=is_word)]

    def _best(self, found: Iterable[Ranks], limit: int, *, is_word: bool) -> list[int]:
        """The best names; where there are others too, terms take no more than half of the room."""
        ranks = np.concatenate(list(found))
        # Among other words a name counts by its beginning only: a title around the word is another question.
        ranks = ranks[ranks < self._prefixes.size] if is_word else ranks
        numbers = ranks % np.uint32(max(self._prefixes.size, 1))
        numbers = numbers[self._is_short[numbers]] if is_word else numbers
        is_term = self._is_term[numbers]
        # A name may stand here several times, by several of its words.
        terms, others = (dict.fromkeys(numbers[kind][: 16 * limit].tolist()) for kind in (is_term, ~is_term))
        kept = list(terms)[: max(limit // 2, limit - len(others))]
        kept += list(others)[: limit - len(kept)]
        return list(dict.fromkeys(numbers[np.isin(numbers, kept)].tolist()))

    def near(self, word: str) -> list[int]:
        """The names that one slip of typing parts from a word, best first."""
        return self._neighbours.of(self._analyzer.typed_key(word))

    def numbered(self, key: str) -> list[int]:
        """The numbers that are one with a key, whatever their year: HJ 1306—2023 for hj1306."""
        found = self._prefixes.written(self._analyzer.typed_key(key)) % np.uint32(max(self._prefixes.size, 1))
        names = ((number, self.names[number]) for number in dict.fromkeys(found.tolist()))
        numbers = ((number, self._analyzer.numbers(name.text)) for number, name in names if name.kind == "number")
        return [number for number, held in numbers if any(key in keys for _, keys in held)]

    def shown(self, number: int) -> Completion:
        """A name as a completion."""
        name = self.names[number]
        return Completion(name.text, name.kind, name.note)


def _spelt(name: Name, analyzer: Analyzer) -> tuple[list[Typed], int]:
    """The spellings of a name, and the length of what people leave out at its beginning."""
    typed = analyzer.typed(name.text)
    left_out = len(analyzer.typed_key(name.prefix))
    if name.is_led:  # the number is a name of its own
        typed = replace(typed, starts=tuple(start for start in typed.starts if start >= left_out))
    found = analyzer.numbers(name.text) if name.kind == "number" else ()
    # GB/T 1 is typed GB 1 too: the key of a number is its other spelling.
    other = analyzer.typed(found[0][1][0]) if len(found) == 1 else typed
    return [typed] if typed.key.startswith(other.key) else [typed, other], left_out


class Completer:
    """Completes what is typed, from the names of one knowledge base."""

    def __init__(self, store: Store, engine: Engine, analyzer: Analyzer) -> None:
        self._store = store
        self._engine = engine
        self._analyzer = analyzer
        self._read: Completions | None = None
        self._version: Version | None = None
        self._looking = 0.0
        """When the revision is looked at again."""
        self._reading = threading.Lock()

    def complete(self, typed: str, limit: int = MOST) -> tuple[Completion, ...]:
        """At most ``limit`` completions, best first; none before the names were first read."""
        read = self.current()
        return read.complete(typed, limit) if read else ()

    def current(self) -> Completions | None:
        """The names read last; whether there is a newer revision is looked at beside the answers, and then read."""
        if time.monotonic() >= self._looking and self._reading.acquire(blocking=False):
            threading.Thread(target=self._read_and_release, daemon=True).start()
        return self._read

    def read(self) -> None:
        """Read the names now, if there is a newer revision."""
        with self._reading:
            self._read_now()

    def _read_and_release(self) -> None:
        try:
            self._read_now()
        finally:
            self._reading.release()

    def _read_now(self) -> None:
        begun = time.monotonic()
        version = self._newest()
        try:
            if version != self._version:
                self._read = Completions(names(self._store, self._engine, self._analyzer, version[2]), self._analyzer)
                self._version = version
        finally:
            ended = time.monotonic()
            self._looking = ended + LOOK_EVERY + REST * (ended - begun)

    def _newest(self) -> Version:
        today = dt.date.today()  # noqa: DTZ011 — validity is by the calendar where the server stands
        return self._store.revision(), self._engine.revision(), today
