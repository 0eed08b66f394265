"""What is searched beside a question: synonyms, pinyin, slips of typing. Words that the texts use are never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.pinyin import PinyinReader
from cpkb.analysis.spelling import Speller
from cpkb.analysis.synonyms import Entry, Synonym, Thesaurus, read_thesaurus
from cpkb.errors import DeclarationError
from tests.analysis.shipped import LEXICON

ENTRIES = [
    Entry("same", ("汞",), ("水银",)),
    Entry("lay", ("印染",), ("染布",)),
    Entry("abbreviation", ("蓄热燃烧",), ("RTO",)),
]
VOCABULARY = ("电镀", "含铬废水", "清洁生产", "蓄热燃烧", "水")


@pytest.fixture
def thesaurus() -> Thesaurus:
    return Thesaurus(ENTRIES, str.lower)


@pytest.mark.parametrize(
    ("question", "expanded"),
    [
        ("水银怎么处理", (Synonym("水银", ("汞",)),)),
        ("含汞废物", (Synonym("汞", ("水银",)),)),
        ("染布废水", (Synonym("染布", ("印染",)),)),
        ("印染废水", ()),  # a lay word stands for the formal one, never the other way round
        ("rto效率", (Synonym("rto", ("蓄热燃烧",)),)),
        ("drto2", ()),  # a Latin abbreviation is a whole run
        ("染布用水银", (Synonym("染布", ("印染",)), Synonym("水银", ("汞",)))),
        ("电镀", ()),
        ("", ()),
    ],
)
def test_words_of_the_thesaurus_are_expanded(
    thesaurus: Thesaurus, question: str, expanded: tuple[Synonym, ...]
) -> None:
    assert thesaurus.expand(question) == expanded


def test_an_empty_thesaurus_expands_nothing() -> None:
    assert Thesaurus([], str.lower).expand("水银") == ()


@pytest.mark.parametrize("line", ["same\t汞\t水银", "sane\t汞\t水银\t通名", "水银"])
def test_a_wrong_line_of_the_thesaurus_is_refused_by_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "thesaurus.tsv"
    file.write_text(f"# 说明\nsame\t汞\t水银\t通名\n{line}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"thesaurus\.tsv:3: .*same.*四列|thesaurus\.tsv:3: 应是四列.*same"):
        read_thesaurus(file)


def test_the_shipped_thesaurus_reads_and_every_entry_has_both_sides() -> None:
    entries = read_thesaurus(LEXICON / "thesaurus.tsv")
    assert entries
    assert all(entry.formal and entry.also for entry in entries)


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("diandu", "电镀"),
        ("dianduhangefeishui", "电镀 含铬废水"),
        ("dianduhanluofeishui", "电镀 含铬废水"),  # as plants say it
        ("qingjieshengchan", "清洁生产"),
        ("qjsc", "清洁生产"),
        ("hgfs", "含铬废水"),
        ("shui", "水"),
        ("cod", ""),
        ("rto", ""),
        ("dd", ""),
        ("diandux", ""),
        ("hello", ""),
        ("电镀", ""),
        ("diandu1", ""),
        ("", ""),
        ("diandu" * 20, ""),
    ],
)
def test_letters_are_read_as_words_when_they_spell_some(letters: str, words: str) -> None:
    assert PinyinReader(VOCABULARY).read(letters) == words


KNOWN = {"电镀", "镀废", "废水", "含铬", "铬废", "清洁", "洁生", "生产"}


@pytest.mark.parametrize(
    ("run", "slips"),
    [
        ("电镀废水", []),
        ("店镀", [Synonym("店镀", ("电镀",))]),
        ("清杰生产", [Synonym("清杰生产", ("清洁生产",))]),
        ("清浩生产", [Synonym("清浩生产", ("清洁生产",))]),  # one character of four differs
        ("垫度", [Synonym("垫度", ("电镀",))]),
        ("电视", []),  # one of two characters is too little to go by
        ("水", []),
    ],
)
def test_a_slip_is_looked_for_only_around_what_no_text_holds(run: str, slips: list[Synonym]) -> None:
    assert list(Speller(VOCABULARY).correct(run, KNOWN.__contains__, list)) == slips


def test_what_is_searched_beside_leaves_the_question_itself_as_it_is(analyzer: Analyzer) -> None:
    plain, asked = analyzer.ask_plainly("水银"), analyzer.ask("水银")
    assert (asked.words, asked.grams, asked.codes) == (plain.words, plain.grams, plain.codes)
    assert [(synonym.found, [term for term, *_ in synonym.terms]) for synonym in asked.synonyms] == [("水银", ["汞"])]
    assert plain.synonyms == ()
