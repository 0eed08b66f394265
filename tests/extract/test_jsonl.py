"""JSON lines of laws: a draft a line, facts by category, broken lines by number."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.formats import extract
from cpkb.extract.jsonl import KINDS
from cpkb.model.collection import collection
from tests.extract.documents import ROWS, rows


def test_each_line_is_a_document_with_its_facts() -> None:
    documents, problems = extract(rows(*ROWS), "laws.jsonl")
    assert problems == []
    local, national = documents
    assert (local.title, local.key, local.collection) == ("上海市示例条例", "S1", "policy")
    assert local.fields == {
        "kind": "local_regulation",
        "region": "上海",
        "issued": "2020-05-06",
        "effective": "2021-01-01",
    }
    assert national.fields == {
        "kind": "administrative_regulation",
        "issuer": "国务院",
        "number": "国务院令第9999号",
        "issued": "2013-10-02",
        "effective": "2014-01-01",
    }


def test_what_was_read_fits_the_collection() -> None:
    for document in extract(rows(*ROWS), "laws.jsonl")[0]:
        assert collection(document.collection).parse(document.fields)


def test_a_broken_line_is_named_and_the_others_are_read() -> None:
    documents, problems = extract(rows(ROWS[0], '{"id": "S9", "title": ', ROWS[1]), "laws.jsonl")
    assert [document.key for document in documents] == ["S1", "S2"]
    assert len(problems) == 1
    assert problems[0].startswith("laws.jsonl:2 ")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"title": "示例"}, "缺少文字 'text'"),
        ({"title": "", "text": "示例"}, "缺少文字 'title'"),
        ([1, 2], "不是 JSON 对象"),
        (ROWS[0] | {"category": "杂类"}, "不认识的类别“杂类”"),
        (ROWS[0] | {"region": "火星"}, "不认识的地区“火星”"),
        (ROWS[0] | {"extra": 1}, "不认识的键 extra"),
    ],
)
def test_a_doubtful_row_is_reported(row: object, says: str) -> None:
    problems = extract(rows(ROWS[1], row), "laws.jsonl")[1]
    assert [says in problem and problem.startswith("laws.jsonl:2 ") for problem in problems] == [True]


def test_a_file_without_one_good_line_is_refused() -> None:
    with pytest.raises(ExtractError, match=r"laws\.jsonl:1 .*没有一行可读"):
        extract(b"{\n[\n", "laws.jsonl")


def test_a_deeply_nested_line_is_a_problem_of_that_line() -> None:
    problems = extract(rows(ROWS[0], "[" * 100_000), "laws.jsonl")[1]
    assert problems[0].startswith("laws.jsonl:2 ")


def test_every_category_is_a_kind_of_policy() -> None:
    assert set(KINDS.values()) <= set(collection("policy").fields["kind"].options)
