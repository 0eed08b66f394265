"""The check over shipped records: what they say is told word for word, and no slight change of it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cpkb.analysis.synonyms import read_thesaurus
from cpkb.consultation.checking import Evidence, check
from cpkb.consultation.wording import Wording
from cpkb.model.record import Record, passages_of
from cpkb.pipeline.shipped import read_shipped
from tests.analysis.shipped import LEXICON, REPO, shipped_analyzer
from tests.consultation import evidence

TECHNOLOGIES = REPO / "corpus" / "records" / "technology"
TOLD = ("summary", "principle", "conditions")
TURNED = (("不", ""), ("应", "可"), ("可", "应"), ("和", "或"), ("以上", "以下"), ("以下", "以上"), ("一般", "都"))
"""One word for another that turns or binds."""


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(shipped_analyzer().fold, read_thesaurus(LEXICON / "thesaurus.tsv"))


def of(record: Record, wording: Wording) -> Evidence:
    (item,) = evidence.answer([record]).items()
    return Evidence(1, item, passages_of(record)[0], wording)


def sentences(record: Record) -> Iterator[str]:
    for field in TOLD:
        yield from re.findall(r"[^。]+。", record.value(field))


def changed(sentence: str) -> Iterator[str]:
    """The sentence with one digit more, or with one word turned."""
    for digit in re.finditer(r"\d", sentence):
        yield f"{sentence[: digit.start()]}{(int(digit[0]) + 1) % 10}{sentence[digit.end() :]}"
    for word, turned in TURNED:
        if word in sentence:
            yield sentence.replace(word, turned, 1)


@pytest.mark.parametrize("name", ["electroplating", "leather"])
def test_every_sentence_is_told_and_none_of_its_changes(wording: Wording, name: str) -> None:
    records = list(read_shipped(TECHNOLOGIES / f"{name}.toml", f"technology/{name}.toml"))[:30]
    tried = 0
    for record in records:
        held = {1: of(record, wording)}
        for sentence in sentences(record):
            assert check(sentence, [1], held).holds, sentence
            for lie in changed(sentence):
                tried += 1
                assert not check(lie, [1], held).holds, lie
    assert tried > 100
