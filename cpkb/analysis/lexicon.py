"""Words (分词) with jieba and the domain dictionary: the only module that imports jieba."""

from __future__ import annotations

import hashlib
import logging
from functools import cached_property
from pathlib import Path

import jieba

COMMON = 30  # occurrences in the corpus of jieba: leaves out names and rarities
JIEBA_PARTS = 3  # characters of the longest word that jieba names inside a longer one


class Lexicon:
    """Cuts Chinese text into words. ``words_file`` lists ``word frequency`` a line, every word with its frequency."""

    def __init__(self, words_file: Path, cache_folder: Path) -> None:
        jieba.setLogLevel(logging.ERROR)
        cache_folder.mkdir(parents=True, exist_ok=True)
        self._tokenizer = jieba.Tokenizer()
        # jieba's own default is a file in the shared temp folder, which anybody could have written.
        self._tokenizer.tmp_dir = str(cache_folder)
        self._words_file = words_file
        self._is_loaded = False

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
        """Words of a folded text in search mode: a long word comes with the words inside it."""
        if not self._is_loaded:
            self._load()
        return [part for word in self._tokenizer.cut_for_search(text) for part in (*self._long_parts(word), word)]

    def _long_parts(self, word: str) -> list[str]:
        """The words inside a word that jieba leaves out: 危险废物 in 危险废物转移联单."""
        lengths = range(JIEBA_PARTS + 1, len(word))
        parts = (word[at : at + length] for length in lengths for at in range(len(word) - length + 1))
        return [part for part in parts if self._tokenizer.FREQ.get(part)]

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
