"""Words: what jieba's search mode gives with the domain dictionary, and the longer parts that it leaves out."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.lexicon import Lexicon
from tests.analysis.shipped import LEXICON, REPO, shipped_analyzer

speed = pytest.mark.skipif(importlib.util.find_spec("rjieba") is None, reason="the extra [speed] is not installed")
ODD = "清洁生产审核含铬废水中华人民共和国的一是不了在有二恶英镥镧㐀豈𠀀鿰龥"


FILES = sorted((REPO / "corpus" / "records").rglob("*.tsv"))


def stretches_of(file: Path) -> set[str]:
    return set(re.findall("[一-鿿]+", shipped_analyzer().folded(file.read_text(encoding="utf-8"))))


@cache
def hastened() -> Lexicon:
    lexicon = Lexicon(LEXICON / "lexicon.txt", shipped_analyzer().made_of[1])
    lexicon.hasten()
    return lexicon


def jieba_cut(lexicon: Lexicon, text: str) -> Iterator[str]:
    """jieba's own words in search mode, each after its longer parts."""
    known = lexicon._tokenizer.FREQ
    for word in lexicon._tokenizer.cut_for_search(text):
        for size in range(4, len(word)):
            yield from (word[at : at + size] for at in range(len(word) - size + 1) if known.get(word[at : at + size]))
        yield word


@given(st.text(alphabet=ODD, min_size=1, max_size=30))
def test_any_characters_are_cut_as_jieba_cuts_them(text: str) -> None:
    lexicon = shipped_analyzer()._lexicon
    assert lexicon.cut(text) == list(jieba_cut(lexicon, text))


@given(st.lists(st.text(alphabet=ODD, min_size=1, max_size=30)))
def test_runs_are_cut_together_as_they_are_one_by_one(runs: list[str]) -> None:
    lexicon = shipped_analyzer()._lexicon
    assert lexicon.cut_all(runs) == [word for run in runs for word in lexicon.cut(run)]


@speed
@given(st.lists(st.text(alphabet=ODD, min_size=1, max_size=30)))
def test_any_characters_are_cut_alike_when_hastened(runs: list[str]) -> None:
    assert hastened().cut_all(runs) == shipped_analyzer()._lexicon.cut_all(runs)


@speed
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shipped_texts_are_cut_alike_when_hastened(file: Path) -> None:
    lexicon = shipped_analyzer()._lexicon
    assert [text for text in stretches_of(file) if lexicon.cut(text) != hastened().cut(text)] == []
    together = sorted(stretches_of(file))
    assert hastened().cut_all(together) == lexicon.cut_all(together)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shipped_texts_are_cut_as_jieba_cuts_them(file: Path) -> None:
    lexicon = shipped_analyzer()._lexicon
    assert [text for text in stretches_of(file) if lexicon.cut(text) != list(jieba_cut(lexicon, text))] == []
