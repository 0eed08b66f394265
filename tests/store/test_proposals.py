"""Proposed relations: listed with their evidence, decided, and decided for good whatever is read again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cpkb.errors import NotFoundError
from cpkb.model.proposal import Proposal
from cpkb.model.record import Record, Relation
from cpkb.model.validity import validity
from cpkb.store import contributions
from cpkb.store.store import Store, StoredFile
from tests.store.samples import law, put

DAY, AFTER = dt.date(2026, 11, 22), dt.date(2026, 9, 1)
STOPS = Relation("repeals", "示例旧办法", "2026-08-15", "第1条", "《示例旧办法》停止执行。", is_proposed=True)
ENDS = Relation("repeals", "示例老规定", "2026-08-15", "第1条", "《示例老规定》同时废止。")
OLD = law("old", "示例旧办法", "第一条　旧。", issued="2003-01-01", effective="2003-02-01")
NEW = law("new", "示例新办法", "第一条　《示例旧办法》停止执行。", relations=(STOPS, ENDS))


@pytest.fixture
def asked(store: Store) -> Proposal:
    """The one proposal of a store where one text may end another."""
    put(store, "in/old.md", OLD)
    put(store, "in/new.md", NEW)
    (found,) = store.proposals.listed("proposed")
    return found


def state(store: Store) -> str:
    """What the old text is after the day it may have ended on."""
    old = store.record("old")
    return validity(store.dated(old), store.claims_about(old), AFTER).state


def decided(store: Store) -> dict[str, int]:
    return store.proposals.counts()


def test_a_proposal_comes_with_what_it_was_read_from(asked: Proposal) -> None:
    assert (asked.by.title, asked.address, asked.page) == ("示例新办法", "/documents/new#第1条", 1)
    assert asked.relation == STOPS
    assert (asked.state, asked.day, asked.note, asked.said) == ("proposed", "", "", "")


def test_what_a_text_states_is_no_proposal(store: Store, asked: Proposal) -> None:
    assert decided(store) == {"proposed": 1}
    assert [claim.relation for claim in store.claims_about(law("x", "示例老规定"))] == [ENDS]
    assert asked.relation.target == "示例旧办法"


def test_accepted_it_counts_as_if_it_were_stated(store: Store, asked: Proposal) -> None:
    assert state(store) == "in_force"
    made = store.proposals.decide(asked.id, "accepted", DAY, "问过发布机关")
    assert (made.state, made.day, made.note) == ("accepted", "2026-11-22", "问过发布机关")
    assert state(store) == "repealed"
    assert [claim.relation.is_proposed for claim in store.claims_about(store.record("old"))] == [False]
    assert store.record("new").relations == (replace(STOPS, is_proposed=False), ENDS)
    assert store.proposals.listed("accepted") == [made]
    assert decided(store) == {"accepted": 1}


def test_rejected_it_is_said_to_nobody(store: Store, asked: Proposal) -> None:
    store.proposals.decide(asked.id, "rejected", DAY)
    assert state(store) == "in_force"
    assert store.claims_about(store.record("old")) == []
    assert store.record("new").relations == (ENDS,)
    assert [found.relation for found in store.proposals.listed("rejected")] == [STOPS]


@pytest.mark.parametrize("first", ["accepted", "rejected"])
def test_a_decision_can_be_changed_and_taken_back(store: Store, asked: Proposal, first: str) -> None:
    other = {"accepted": "rejected", "rejected": "accepted"}[first]
    store.proposals.decide(asked.id, first, DAY, "看错了")
    store.proposals.decide(asked.id, other, DAY)
    assert decided(store) == {other: 1}
    assert store.proposals.decide(asked.id, "proposed", DAY) == asked
    assert store.proposals.listed("proposed") == [asked]
    assert store.record("new").relations == (STOPS, ENDS)
    assert state(store) == "in_force"


def test_who_speaks_and_who_is_spoken_of_are_indexed_again_and_nobody_else(store: Store, asked: Proposal) -> None:
    put(store, "in/other.md", law("other", "示例老规定", "第一条　别的。"))
    duty = Record("duty", "duty", "示例义务", {"policy": "old"})
    put(store, "in/duties.tsv", duty)
    for made in ("accepted", "rejected", "proposed"):
        before = store.revision()
        store.proposals.decide(asked.id, made, DAY)
        assert store.revision() == before + 1
        assert [record.id for record in store.changed_since(before)] == ["duty", "new", "old"]


def test_a_decision_survives_another_reading_of_the_file(store: Store, asked: Proposal) -> None:
    """A better reader mends the sentence, adds relations before it and writes the name in full."""
    store.proposals.decide(asked.id, "accepted", DAY)
    mended = replace(STOPS, target="中华人民共和国示例旧办法（2003修正）", says="《示例旧办法》即行停止执行。")
    put(store, "in/new.md", replace(NEW, relations=(ENDS, mended)))
    (found,) = store.proposals.listed("accepted")
    assert (found.id, found.relation, found.said) == (asked.id, mended, STOPS.says)
    assert found.has_changed
    assert state(store) == "repealed"


def test_a_decision_is_there_again_when_a_removed_file_is(store: Store, asked: Proposal) -> None:
    store.proposals.decide(asked.id, "accepted", DAY)
    store.remove_file("in/new.md")
    assert (decided(store), state(store)) == ({}, "in_force")
    put(store, "in/new.md", NEW)
    assert (decided(store), state(store)) == ({"accepted": 1}, "repealed")


def test_undoing_an_import_brings_back_what_was_decided_before_it(store: Store, asked: Proposal) -> None:
    store.proposals.decide(asked.id, "accepted", DAY)
    silent = replace(NEW, relations=(ENDS,), sources=store.record("new").sources)
    job = store.imports.begin(["/in"])
    store.put_file(StoredFile("in/new.md", "a" * 64, 10, "reader-1", "imported"), [silent], job)
    assert (decided(store), state(store)) == ({}, "in_force")
    store.imports.undo(job, "in/new.md")
    assert (decided(store), state(store)) == ({"accepted": 1}, "repealed")


@pytest.mark.parametrize(
    "said",
    [
        replace(STOPS, kind="replaces"),
        replace(STOPS, target="示例别的办法"),
        replace(STOPS, on="2027-01-01"),
        replace(STOPS, locator="第2条"),
    ],
)
def test_a_decision_is_not_taken_for_another_statement(store: Store, asked: Proposal, said: Relation) -> None:
    store.proposals.decide(asked.id, "accepted", DAY)
    put(store, "in/new.md", replace(NEW, relations=(said,)))
    (found,) = store.proposals.listed("proposed")
    assert found.id != asked.id
    assert state(store) == "in_force"


def test_the_same_words_in_another_text_are_another_proposal(store: Store, asked: Proposal) -> None:
    store.proposals.decide(asked.id, "rejected", DAY)
    put(store, "in/copy.md", replace(NEW, id="copy"))
    (found,) = store.proposals.listed("proposed")
    assert (found.by.id, found.relation) == ("copy", STOPS)


@pytest.mark.parametrize("made", ["accepted", "rejected"])
def test_a_text_that_says_it_plainly_is_believed_whatever_was_decided(store: Store, asked: Proposal, made: str) -> None:
    store.proposals.decide(asked.id, made, DAY)
    put(store, "in/new.md", replace(NEW, relations=(replace(STOPS, is_proposed=False),)))
    assert decided(store) == {}
    assert state(store) == "repealed"


def test_what_is_not_there_cannot_be_decided(store: Store, asked: Proposal) -> None:
    before = store.revision()
    for unknown in ("", "0" * 12, asked.id[:-1], f"{asked.id}%", "new"):
        with pytest.raises(NotFoundError, match="cpkb relations list"):
            store.proposals.decide(unknown, "accepted", DAY)
    assert store.revision() == before


def test_a_decision_that_fails_half_way_is_none(store: Store, asked: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(contributions, "touch", failing)
    before = store.revision()
    with pytest.raises(ZeroDivisionError):
        store.proposals.decide(asked.id, "accepted", DAY)
    assert (decided(store), store.revision(), state(store)) == ({"proposed": 1}, before, "in_force")


def test_they_are_listed_by_title_in_pages_and_of_one_record(store: Store) -> None:
    many = tuple(replace(STOPS, target=f"示例旧办法{at}", locator=f"第{at}条") for at in range(5))
    put(store, "in/b.md", law("b", "乙办法", "第一条　乙。", relations=many))
    put(store, "in/a.md", law("a", "丙办法", "第一条　丙。", relations=(STOPS,)))
    told = [(found.by.id, found.relation.target) for found in store.proposals.listed("proposed")]
    assert told == [("a", "示例旧办法"), *(("b", relation.target) for relation in many)]
    parts = [store.proposals.listed("proposed", limit=4, offset=offset) for offset in (0, 4)]
    assert [(found.by.id, found.relation.target) for part in parts for found in part] == told
    assert [found.by.id for found in store.proposals.listed("proposed", "a")] == ["a"]
    assert (store.proposals.counts("b"), store.proposals.counts("none")) == ({"proposed": 5}, {})


def test_those_of_a_record_are_what_it_says_and_what_is_said_of_it(store: Store, asked: Proposal) -> None:
    put(store, "in/numbered.md", law("standard", "示例标准", "第一条　标。", number="HJ 1306—2023"))
    replaces = Relation("replaces", "HJ 1306—2023", "2027-01-01", "第1条", "代替", is_proposed=True)
    put(store, "in/next.md", law("next", "示例下一标准", "第一条　标。", relations=(replaces,)))
    told = {name: [f.by.id for f in store.proposals.listed("proposed", name)] for name in ("new", "old", "standard")}
    assert told == {"new": ["new"], "old": ["new"], "standard": ["next"]}
    assert asked.by.id == "new"


def test_a_relation_of_a_record_without_text_is_read_at_the_record(store: Store) -> None:
    put(store, "a.toml", law("register", "登记", relations=(STOPS,)))
    (found,) = store.proposals.listed("proposed")
    assert (found.address, found.page) == ("/records/policy/register", None)


def test_texts_of_which_several_say_different_things_are_found_and_rejected_words_do_not_count(
    store: Store, asked: Proposal
) -> None:
    assert store.proposals.contested() == []
    put(store, "in/notice.md", law("notice", "示例通知", relations=(replace(STOPS, is_proposed=False),)))
    assert store.proposals.contested() == [], "the same day"
    put(
        store,
        "in/notice.md",
        law("notice", "示例通知", relations=(replace(ENDS, target="示例旧办法", on="2027-01-01"),)),
    )
    assert store.proposals.contested() == ["old"]
    store.proposals.decide(asked.id, "rejected", DAY)
    assert store.proposals.contested() == []
