"""Limits stand a little lower where a question does not ask how much is allowed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpkb.model.record import Record
from cpkb.model.results import Hit
from tests.search.library import Library, build

BURNER = Record("burner", "technology", "燃气锅炉低氮燃烧器", {"summary": "燃气锅炉换燃烧器，氮氧化物少生成。"}, ())
NOX = {"pollutant": "氮氧化物", "value": "200", "unit": "mg/m3", "applies": "燃气锅炉"}
LIMIT = Record("limit", "limit", "GB 13271—2014 表2 氮氧化物（燃气锅炉）", NOX, ())
STANDARD = Record("standard", "guideline", "锅炉大气污染物排放标准", {"number": "GB 13271—2014"}, ())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = build(tmp_path_factory.mktemp("limits"), (BURNER, LIMIT, STANDARD))
    yield library
    library.engine.close()


def limit(library: Library, question: str) -> Hit:
    return next(hit for hit in library.ask(question, explain="on").hits if hit.record.id == "limit")


@pytest.mark.parametrize("question", ["燃气锅炉氮氧化物超了换什么", "燃气锅炉 氮氧化物", "燃气锅炉氮氧化物 治理"])
def test_what_to_do_stands_before_what_is_allowed(library: Library, question: str) -> None:
    assert library.first(question).record.id == "burner"
    assert [part.score < 0 for part in limit(library, question).parts if part.kind == "aside"] == [True]


@pytest.mark.parametrize("number", ["GB 13271—2014", "GB 13271"])
def test_a_number_alone_lands_on_its_standard_before_the_limits_of_it(library: Library, number: str) -> None:
    assert library.first(number).record.id == "standard"


@pytest.mark.parametrize(
    "question",
    [
        "燃气锅炉氮氧化物限值",
        "燃气锅炉氮氧化物能排多少",
        "燃气锅炉氮氧化物 200mg/m3",
        "燃气锅炉氮氧化物排放标准",
        "GB 13271 氮氧化物",
    ],
)
def test_a_limit_that_is_asked_for_loses_nothing(library: Library, question: str) -> None:
    assert "aside" not in {part.kind for part in limit(library, question).parts}
