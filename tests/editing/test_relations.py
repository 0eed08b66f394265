"""What editors do to proposed relations, and the texts of which others say what does not go together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cpkb.editing.relations import (
    MOST_NOTE,
    contradiction_shape,
    contradictions,
    decide,
    in_words,
    proposal_shape,
)
from cpkb.errors import QueryError
from cpkb.model.proposal import Proposal
from cpkb.model.record import Record, Relation
from cpkb.store.store import Store
from tests.store.samples import law, put

DAY = dt.date(2026, 11, 22)
STOPS = Relation("repeals", "示例旧办法", "2026-08-15", "第1条", "《示例旧办法》停止执行。", is_proposed=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "cpkb.sqlite")
    put(store, "old.md", law("old", "示例旧办法", "第一条　旧。", effective="2003-02-01", number="示例令第1号"))
    put(store, "new.md", law("new", "示例新办法", "第一条　新。", relations=(STOPS,)))
    yield store
    store.close()


@pytest.fixture
def asked(store: Store) -> Proposal:
    return store.proposals.listed("proposed")[0]


def says(store: Store, record_id: str, kind: str, on: str, target: str = "示例旧办法") -> None:
    """Another text states something."""
    said: Record = law(
        record_id, f"示例{record_id}", "第一条　别的。", relations=(Relation(kind, target, on, "第1条"),)
    )
    put(store, f"{record_id}.md", said)


@pytest.mark.parametrize(
    ("decision", "state"), [("accept", "accepted"), ("reject", "rejected"), ("reopen", "proposed")]
)
def test_a_decision_leads_to_a_state(store: Store, asked: Proposal, decision: str, state: str) -> None:
    assert decide(store, asked.id, decision, DAY, "  问过\n发布机关 ").state == state
    (found,) = store.proposals.listed(state)
    assert found.note == ("" if decision == "reopen" else "问过 发布机关")


@pytest.mark.parametrize(
    ("decision", "note", "why"),
    [
        ("accepted", "", "没有“accepted”这种处理；有：accept、reject、reopen"),
        ("", "", "没有“”这种处理"),
        ("accept", "长" * (MOST_NOTE + 1), "备注有 501 个字，最多 500 个"),
    ],
)
def test_what_is_no_decision_is_refused(store: Store, asked: Proposal, decision: str, note: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        decide(store, asked.id, decision, DAY, note)
    assert store.proposals.listed("proposed") == [asked]


def test_a_proposal_is_told_to_machines_with_its_place_and_decision(store: Store, asked: Proposal) -> None:
    shape = proposal_shape(asked)
    assert shape["by"] == {"id": "new", "title": "示例新办法", "url": "/documents/new#第1条", "page": 1}
    told = {"kind": "repeals", "target": "示例旧办法", "on": "2026-08-15", "locator": "第1条"}
    assert shape["relation"] == told | {"says": STOPS.says}
    assert (shape["id"], shape["state"], shape["decided"]) == (asked.id, "proposed", None)
    shape = proposal_shape(decide(store, asked.id, "reject", DAY, "只停半年"))
    assert shape["decided"] == {"day": "2026-11-22", "note": "只停半年", "said": STOPS.says}


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        (STOPS, "2026年8月15日起废止《示例旧办法》"),
        (replace(STOPS, on=""), "日期不明，废止《示例旧办法》"),
        (replace(STOPS, kind="implements", on=""), "贯彻《示例旧办法》"),
        (replace(STOPS, kind="replaces", target="HJ 1306—2023"), "2026年8月15日起代替 HJ 1306—2023"),
    ],
)
def test_a_proposal_is_told_on_one_line(asked: Proposal, relation: Relation, told: str) -> None:
    assert in_words(replace(asked, relation=relation)) == told


@pytest.mark.parametrize(
    ("kind", "on", "is_against"),
    [
        ("repeals", "2026-08-15", False),
        ("repeals", "2026-12-01", True),
        ("replaces", "2026-08-15", True),
        ("amends", "2026-08-15", True),
        ("amends", "2020-01-01", False),
        ("implements", "2026-08-15", False),
        ("repeals", "2003-02-01", False),
        ("repeals", "", False),
    ],
)
def test_ends_on_two_days_and_two_things_on_one_day_contradict(
    store: Store, kind: str, on: str, *, is_against: bool
) -> None:
    says(store, "other", kind, on, target="示例令第1号")
    found = contradictions(store)
    assert [(f.about.id, {c.by_id for c in f.claims}) for f in found] == [("old", {"new", "other"})] * is_against


def test_a_rejected_relation_contradicts_nothing(store: Store, asked: Proposal) -> None:
    says(store, "other", "repeals", "2026-12-01")
    (found,) = contradictions(store)
    shape = contradiction_shape(found)
    assert (shape["title"], shape["url"]) == ("示例旧办法", "/documents/old")
    assert [(c["by"], c["on"], c["is_proposed"]) for c in shape["claims"]] == [
        ("示例other", "2026-12-01", False),
        ("示例新办法", "2026-08-15", True),
    ]
    decide(store, asked.id, "reject", DAY)
    assert contradictions(store) == []
