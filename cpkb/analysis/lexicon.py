"""Words (分词) with jieba and the domain dictionary: the only module that imports jieba.

With the extra ``[speed]`` there is rjieba beside it, which gives the same words in a tenth of the time.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import logging
import re
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from math import inf, log
from pathlib import Path

import jieba
from jieba import finalseg

COMMON = 30  # occurrences in the corpus of jieba: leaves out names and rarities
REMEMBERED = 50_000  # words with their parts, and runs of unknown characters: a hundred bytes or two each
SHORT = 8  # characters: stretches that come again, as 县级以上人民政府 does
_NO_WORD = "\U000f0000"  # for private use: folded texts give no stretch that holds it
_APART = "\n"  # between runs: no word reaches across it
_KNOWN = re.compile("[\u4e00-\u9fd5]*")  # the characters jieba takes for Chinese; it never joins others


class Lexicon:
    """Cuts Chinese text into words. ``words_file`` lists ``word frequency`` a line, every word with its frequency."""

    def __init__(self, words_file: Path, cache_folder: Path) -> None:
        jieba.setLogLevel(logging.ERROR)
        cache_folder.mkdir(parents=True, exist_ok=True)
        self._tokenizer = jieba.Tokenizer()
        # jieba's own default is a file in the shared temp folder, which anybody could have written.
        self._tokenizer.tmp_dir = str(cache_folder)
        self._words_file = words_file
        self._is_loaded = self._is_fast = False
        self._cut_known: Callable[[str], list[str]] = self._likeliest
        self._parts = lru_cache(REMEMBERED)(self._with_parts)
        self._short = lru_cache(REMEMBERED)(self.cut)
        self._guessed = lru_cache(REMEMBERED)(lambda run: tuple(finalseg.cut(run)))

    def _load(self) -> None:
        self._tokenizer.initialize()
        for line in self._words_file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                word, frequency = line.split()
                self._tokenizer.add_word(word, int(frequency))
        self._is_loaded = True

    @cached_property
    def domain_words(self) -> tuple[str, ...]:
        """The words of the domain dictionary, in its order."""
        lines = self._words_file.read_text(encoding="utf-8").splitlines()
        return tuple(line.split()[0] for line in lines if line and not line.startswith("#"))

    def common_words(self) -> tuple[str, ...]:
        """Frequent words of the general dictionary, most frequent first."""
        if not self._is_loaded:
            self._load()
        frequencies = self._tokenizer.FREQ
        common = [word for word, count in frequencies.items() if count >= COMMON and len(word) > 1]
        return tuple(sorted(common, key=lambda word: (-frequencies[word], word)))

    def cut(self, text: str) -> list[str]:
        """Words of a stretch of characters in search mode: a long word comes after the words inside it."""
        if not self._is_loaded:
            self._load()
        words = self._cut_known(text) if _KNOWN.fullmatch(text) else self._tokenizer.cut(text)
        return list(chain.from_iterable(map(self._parts, words)))

    def cut_all(self, runs: Sequence[str]) -> list[str]:
        """Words of the runs of characters of a text."""
        if self._is_fast and _KNOWN.fullmatch("".join(runs)):  # one call for all is soonest
            return list(chain.from_iterable(map(self._parts, self._cut_known(_APART.join(runs)))))
        words: list[str] = []
        for run in runs:
            words += self._short(run) if len(run) <= SHORT else self.cut(run)
        return words

    def hasten(self) -> None:
        """From now on cut with rjieba, where it is installed; for many texts, as getting ready takes up to a second."""
        if not self._is_loaded:
            self._load()
        with contextlib.suppress(ImportError):
            self._cut_known, self._is_fast = self._fast(), True

    def _fast(self) -> Callable[[str], list[str]]:
        """Cutting by rjieba; raises ImportError where it is not installed."""
        fast = importlib.import_module("rjieba").Jieba.empty()
        known = {word: count for word, count in self._tokenizer.FREQ.items() if count}
        # A word of both dictionaries counts twice in jieba's total, which all likelihoods are shares of.
        for word, count in (*known.items(), (_NO_WORD, self._tokenizer.total - sum(known.values()))):
            fast.add_word(word, count, None)
        cut: Callable[[str], list[str]] = fast.cut
        return cut

    def _with_parts(self, word: str) -> tuple[str, ...]:
        """The words inside a word, shorter ones first, and itself: jieba's search mode leaves those of four out."""
        if word == _APART:
            return ()
        parts = (word[at : at + size] for size in range(2, len(word)) for at in range(len(word) - size + 1))
        return (*(part for part in parts if self._tokenizer.FREQ.get(part)), word)

    def _likeliest(self, text: str) -> list[str]:
        """What `jieba.cut` gives, in half its time: the likeliest words; characters left over are guessed at."""
        words: list[str] = []
        alone = at = 0  # text[alone:at] are single characters in a row
        for end in self._route(text):
            if end - at > 1:
                words += self._left_over(text[alone:at])
                words.append(text[at:end])
                alone = end
            at = end
        return [*words, *self._left_over(text[alone:])]

    def _route(self, text: str) -> list[int]:
        """Where the words of the likeliest cut end; of two equally likely the longer word, as jieba has it."""
        frequency, total, size = self._tokenizer.FREQ.get, log(self._tokenizer.total), len(text)
        best, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            likeliest, last = -inf, start + 1
            for end in range(start + 1, size + 1):
                count = frequency(text[start:end])
                if count is None:
                    break
                if count and (likely := log(count) - total + best[end]) >= likeliest:
                    likeliest, last = likely, end
            best[start] = likeliest if likeliest > -inf else best[start + 1] - total
            ends[start] = last
        at, route = 0, []
        while at < size:
            at = ends[at]
            route.append(at)
        return route

    def _left_over(self, run: str) -> tuple[str, ...]:
        """Words of characters that make none with their neighbours."""
        if len(run) < 2:
            return (run,) if run else ()
        return tuple(run) if self._tokenizer.FREQ.get(run) else self._guessed(run)

    def side_by_side(self, text: str) -> list[tuple[str, tuple[int, ...]]]:
        """Words of a folded text one after the other, each with where a word begins in it: 清洁生产 at 0 and 2."""
        if not self._is_loaded:
            self._load()
        # Without guesses at unknown words: what is no word begins at every character.
        return [(word, (0, *self._inside(word))) for word in self._tokenizer.cut(text, HMM=False)]

    def _inside(self, word: str) -> list[int]:
        return [at for at in range(1, len(word) - 1) if self._tokenizer.FREQ.get(word[at : at + 2])]

    @property
    def fingerprint(self) -> str:
        """Changes when the dictionary or jieba does: an index built with another one is stale."""
        digest = hashlib.sha256(self._words_file.read_bytes()).hexdigest()[:12]
        return f"jieba-{jieba.__version__}-{digest}"
