"""Terms of the glossary stand aside unless a question asks what something means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpkb.model.record import Record
from tests.search.library import Library, build

TERM = Record("term", "term", "逆流漂洗", {"definition": "漂洗水与镀件反向流动的清洗。"}, ())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = build(tmp_path_factory.mktemp("terms"), (TERM,))
    yield library
    library.engine.close()


def kinds(library: Library, question: str) -> set[str]:
    return {part.kind for part in library.ask(question, explain="on").hits[0].parts}


@pytest.mark.parametrize("question", ["逆流漂洗", "逆流漂洗 镀件"])
def test_a_term_loses_something_where_no_meaning_is_asked(library: Library, question: str) -> None:
    assert "aside" in kinds(library, question)


@pytest.mark.parametrize("question", ["什么是逆流漂洗", "逆流漂洗是什么意思", "逆流漂洗的定义"])
def test_a_term_whose_meaning_is_asked_loses_nothing(library: Library, question: str) -> None:
    assert "aside" not in kinds(library, question)
