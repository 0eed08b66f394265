"""Versions of one document: earlier texts stay at their number, drafts and likely copies are proposed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cpkb.comparison.likeness import catch_up_fingerprints
from cpkb.comparison.versions import Version, in_order, key_of, version, versions
from cpkb.errors import NotFoundError, QueryError
from cpkb.model.record import Record, Relation
from cpkb.store.store import Store
from tests.analysis.shipped import shipped_analyzer
from tests.store.samples import law, put, technique

ARTICLES = tuple(f"第{at}条　第{at}类企业应当在{at + 3}个月内完成审核并报送结果。" for at in range(1, 30))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "cpkb.sqlite")
    yield store
    store.close()


def test_a_new_text_under_the_same_name_keeps_the_earlier_one(store: Store) -> None:
    put(store, "a.txt", law("a", "某办法", "第一条　旧的。"))
    put(store, "a.txt", law("a", "某办法", "第一条　新的。"))
    put(store, "a.txt", law("a", "某办法", "第一条　更新的。"))
    found = versions(store.record("a"), store)
    assert [(v.key, v.why) for v in found] == [("a@2", "earlier"), ("a@1", "earlier")]
    assert found[1].address == "/documents/a/versions/1"
    assert version("a@1", store).record.body[0].text == "第一条　旧的。"
    assert version("a", store).record.body[0].text == "第一条　更新的。"


def test_a_better_reader_of_the_same_bytes_makes_no_version(store: Store) -> None:
    put(store, "a.txt", law("a", "某办法", "第一条　同样的字，", "分成两段。"))
    put(store, "a.txt", law("a", "某办法", "第一条　同样的字，分成两段。"))
    assert versions(store.record("a"), store) == []


def test_a_document_that_is_forgotten_leaves_no_earlier_text(store: Store) -> None:
    put(store, "a.txt", law("a", "某办法", "第一条　旧的。"))
    put(store, "a.txt", law("a", "某办法", "第一条　新的。"))
    store.remove_file("a.txt")
    assert store.editions.of("a") == []


def test_a_draft_is_proposed_from_both_sides(store: Store) -> None:
    draft = law("d", "某意见稿", "第一条　稿。", relations=(Relation("draft_of", "某通知"),), status="draft")
    put(store, "d.txt", draft)
    put(store, "n.txt", law("n", "某通知", "第一条　定稿。"))
    assert [(v.key, v.why) for v in versions(store.record("d"), store)] == [("n", "draft")]
    assert [(v.key, v.why) for v in versions(store.record("n"), store)] == [("d", "draft")]


def test_a_standard_and_the_one_it_replaces_are_versions_of_one_another(store: Store) -> None:
    new = law(
        "new", "电镀示例标准", "4.1 新的。", relations=(Relation("replaces", "HJ 9998—2003"),), number="HJ 9999—2026"
    )
    put(store, "new.pdf", new)
    put(store, "old.pdf", law("old", "电镀示例规范", "4.1 旧的。", number="HJ 9998—2003"))
    assert [(v.key, v.why) for v in versions(store.record("new"), store)] == [("old", "replaced")]
    assert [(v.key, v.why) for v in versions(store.record("old"), store)] == [("new", "replaced")]


def test_a_text_of_the_same_name_and_one_that_says_the_same_are_proposed(store: Store) -> None:
    put(store, "a.txt", law("a", "某条例", *ARTICLES))
    put(store, "b.txt", law("b", "中华人民共和国某条例（2020修正）", "第一条　别的。"))
    put(store, "c.txt", law("c", "关于印发条例的通知", *ARTICLES[:-2]))
    catch_up_fingerprints(store, shipped_analyzer().fold)
    found = versions(store.record("a"), store)
    assert [(v.key, v.why) for v in found] == [("b", "same_work"), ("c", "alike")]
    assert found[1].share > 0.8


def test_the_parts_of_a_code_are_no_versions_of_one_another(store: Store) -> None:
    put(store, "1.md", law("a", "某法典", *ARTICLES))
    put(
        store,
        "2.md",
        law("b", "某法典", *(f"第{at}条　监测站第{at}组每隔{at * 3}天取样一次。" for at in range(30, 60))),
    )
    catch_up_fingerprints(store, shipped_analyzer().fold)
    assert versions(store.record("a"), store) == []


def test_what_has_no_text_is_no_version(store: Store) -> None:
    put(store, "a.txt", law("a", "某条例", *ARTICLES))
    put(store, "a.toml", Record("registered", "policy", "某条例", {"summary": "摘要"}))
    assert versions(store.record("a"), store) == []


def _text(key: str, *, replaced: str = "", **fields: str) -> Version:
    return Version(key, Record(key, "policy", "某", fields), replaced=replaced)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (_text("a@1", replaced="2026-01-01"), _text("a")),
        (_text("a@1", replaced="2026-01-01"), _text("a@2", replaced="2026-02-01")),
        (_text("d", status="draft", issued="2004-01-01"), _text("n", issued="2003-01-01")),
        (_text("old", issued="2002-06-29"), _text("new", issued="2012-02-29")),
    ],
    ids=["the text that stands", "by day of replacement", "a draft before its text", "by day of issue"],
)
def test_the_earlier_text_comes_first(earlier: Version, later: Version) -> None:
    assert in_order(earlier, later) == (earlier, later) == in_order(later, earlier)


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("f4465e0c3973", "f4465e0c3973"),
        (" f4465e0c3973@1 ", "f4465e0c3973@1"),
        ("/documents/f4465e0c3973", "f4465e0c3973"),
        ("http://127.0.0.1:8000/documents/f4465e0c3973?q=x#一", "f4465e0c3973"),
        ("https://kb.example/documents/f4465e0c3973/versions/2", "f4465e0c3973@2"),
    ],
)
def test_a_pasted_address_names_its_text(pasted: str, key: str) -> None:
    assert key_of(pasted) == key


def test_what_is_not_there_is_said(store: Store) -> None:
    put(store, "a.txt", law("a", "某办法", "第一条　旧的。"))
    put(store, "t.tsv", technique("t"))
    with pytest.raises(NotFoundError, match="没有第 3 版"):
        version("a@3", store)
    with pytest.raises(QueryError, match="不是数字"):
        version("a@b", store)
    with pytest.raises(QueryError, match="只有摘要"):
        version("t", store)
    with pytest.raises(NotFoundError):
        version("nothing", store)
