"""The thesaurus as its files are now: the shipped one, and beside it that of the home, which editors change."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

from cpkb.analysis.synonyms import MOST_BYTES, Thesaurus, read_thesaurus, read_what_is_sound

TICK = 100_000_000  # nanoseconds in which two changes may bear one time: many systems count it a hundred times a second
MOST_TOLD = 10  # broken lines named in the log at once; `cpkb thesaurus check` names all

_log = logging.getLogger(__name__)
_State = tuple[int, int, int]


class LiveThesaurus:
    """Follows the home's file: a question asked after a change is read with it, in every process, with no restart."""

    def __init__(self, shipped: Path, home: Path | None, fold: Callable[[str], str]) -> None:
        self._entries = read_thesaurus(shipped)
        self._home = home
        self._fold = fold
        self.shipped = Thesaurus(self._entries, fold)
        # One attribute, so that threads never see the state of one file with the words of another.
        self._current: tuple[_State | None, bytes, Thesaurus] = (None, b"", self.shipped)

    def now(self) -> Thesaurus:
        """The same object as long as nothing changed."""
        state = self._state()
        known, said, thesaurus = self._current
        if state != known or (state and time.time_ns() - state[0] < TICK):
            # The state is older than what is read after it: a change in between is seen the next time.
            says = self._content()
            thesaurus = self._read() if says != said else thesaurus
            self._current = (state, says, thesaurus)
        return thesaurus

    def _state(self) -> _State | None:
        """A look at the file costs microseconds; None where there is none."""
        try:
            found = self._home.stat() if self._home else None
        except OSError:
            return None
        # Any change of content, owner or rights moves the change time; an edit that keeps the old date does too.
        return (found.st_ctime_ns, found.st_size, found.st_ino) if found else None

    def _content(self) -> bytes:
        """What tells its content from any other; nothing where there is no file."""
        if self._home is None or not self._home.exists():
            return b""
        try:
            with self._home.open("rb") as file:
                return hashlib.sha256(file.read(MOST_BYTES + 1)).digest()
        except OSError as error:
            return str(error).encode()

    def _read(self) -> Thesaurus:
        """The home's terms first: of a word that both know they are searched before the shipped ones."""
        if self._home is None or not self._home.exists():
            return self.shipped
        entries, problems = read_what_is_sound(self._home)
        for problem in problems[:MOST_TOLD]:
            _log.warning("%s", problem)
        return Thesaurus((*entries, *self._entries), self._fold)
