"""Texts that say nearly the same: found however they are set, and not by what all texts of a field say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cpkb.comparison.likeness import LEAST_ALIKE, alike, catch_up_fingerprints, estimate, sample
from cpkb.model.record import Record
from cpkb.store.store import Store
from tests.analysis.shipped import shipped_analyzer
from tests.comparison.texts import body
from tests.store.samples import put

NOTICE = tuple(f"第{at}条　第{at}类企业应当在{at + 3}个月内完成第{at * 7}号审核并报送结果。" for at in range(1, 40))
OTHER = tuple(f"第{at}条　专家库的第{at}组成员由协会在{at}月推荐。" for at in range(1, 40))


def document(record_id: str, *articles: str, title: str = "某通知") -> Record:
    return Record(record_id, "policy", title, body=body(*articles))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "cpkb.sqlite")
    yield store
    store.close()


def found(store: Store, record_id: str) -> list[str]:
    catch_up_fingerprints(store, shipped_analyzer().fold)
    return [other for other, _ in alike(record_id, store)]


def reposted(text: str) -> str:
    return text.replace("，", ",").replace("　", "  ").replace("企业", "企 业").replace("第1条", "第一条")


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        pytest.param(NOTICE, True, id="the same"),
        pytest.param(tuple(reposted(text) for text in NOTICE), True, id="reposted in another setting"),
        pytest.param((*NOTICE[:20], "第九十条　新加的一条。", *NOTICE[21:]), True, id="amended"),
        pytest.param(NOTICE[:30], True, id="cut off"),
        pytest.param(OTHER, False, id="another text of the field"),
        pytest.param(("第一条　只有一条。",), False, id="a short text"),
    ],
)
def test_versions_are_found(store: Store, other: tuple[str, ...], is_alike: bool) -> None:  # noqa: FBT001 — a column of the table
    put(store, "a.txt", document("a", *NOTICE))
    put(store, "b.txt", document("b", *other, title="另一个标题"))
    assert found(store, "a") == (["b"] if is_alike else [])


def test_the_same_text_in_another_setting_shares_everything() -> None:
    fold = shipped_analyzer().fold
    assert estimate(sample(body(*NOTICE), fold), sample(body(*map(reposted, NOTICE)), fold)) == 1


def test_only_what_changed_is_looked_at_again(store: Store) -> None:
    put(store, "a.txt", document("a", *NOTICE))
    fold = shipped_analyzer().fold
    assert catch_up_fingerprints(store, fold) == 1
    assert catch_up_fingerprints(store, fold) == 0
    put(store, "b.txt", document("b", *NOTICE, title="另一个标题"))
    assert catch_up_fingerprints(store, fold) == 1


def test_what_is_gone_is_not_found(store: Store) -> None:
    put(store, "a.txt", document("a", *NOTICE))
    put(store, "b.txt", document("b", *NOTICE))
    assert found(store, "a") == ["b"]
    store.remove_file("b.txt")
    assert found(store, "a") == []


def test_a_record_without_text_is_like_nothing(store: Store) -> None:
    put(store, "a.tsv", Record("a", "policy", "登记的通知", {"summary": "摘要"}))
    assert found(store, "a") == []


def test_nothing_is_estimated_between_empty_texts() -> None:
    assert estimate([], []) == 0 < LEAST_ALIKE
