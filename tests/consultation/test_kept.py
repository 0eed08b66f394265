"""Kept citations: which of them changed, lost their force or are gone, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cpkb.consultation.citations import cited_in, ended_text, stale
from cpkb.consultation.keeping import keep, place_of, reasons
from cpkb.consultation.shapes import citation_shape
from cpkb.errors import NotFoundError, StoreError
from cpkb.model.answer import Answer, Citation
from cpkb.model.record import Record, Relation
from cpkb.model.source import Citation as Source
from cpkb.store import kept as keeping
from cpkb.store.store import Store, StoredFile
from tests.consultation import evidence

DAY, LATER = evidence.DAY, dt.date(2027, 6, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "cpkb.sqlite")
    evidence.put(store, *evidence.records())
    yield store
    store.close()


@pytest.fixture
def told() -> Answer:
    return evidence.answer(evidence.records())


def why(store: Store, day: dt.date = DAY) -> dict[str, str]:
    """Locator or title → why a kept citation no longer holds."""
    kept = [citation for _, citation in store.kept.citations()]
    return {one.citation.locator or one.citation.record_id: one.reason for one in stale(kept, store, day)}


def law() -> Record:
    return evidence.records()[0]


def reimport(store: Store, changed: Record) -> None:
    """The law's file again with other words; its version is another one."""
    others = [record for record in evidence.records() if record.id != changed.id]
    evidence.put(store, replace(changed, sources=(replace(changed.source, sha256="cd" * 32),)), *others)


def test_what_is_kept_holds_as_long_as_nothing_changes(store: Store, told: Answer) -> None:
    kept = keep(told, store, DAY)
    assert store.kept.answer(kept.id) == kept
    assert len(store.kept.citations(kept.address)) == len(cited_in(told))
    assert [citation for _, citation in store.kept.citations(kept.address)] != []
    assert why(store) == {}


def test_a_passage_that_says_something_else_after_an_import_is_changed_the_others_are_of_another_version(
    store: Store, told: Answer
) -> None:
    keep(told, store, DAY)
    body = tuple(replace(p, text=p.text.replace("应当回用", "可以回用")) for p in law().body)
    reimport(store, replace(law(), body=body))
    found = why(store)
    assert found.pop("第二条") == "changed"
    assert set(found.values()) == {"version"}
    assert set(found) == {passage.locator for passage in law().body[1:]}


def test_a_passage_that_moved_is_of_another_version(store: Store, told: Answer) -> None:
    keep(told, store, DAY)
    new = replace(law().body[0], text="第一条　新加的一条。", locator="第一条")
    body = (new, *(replace(passage, ordinal=passage.ordinal + 1) for passage in law().body))
    reimport(store, replace(law(), body=body))
    assert set(why(store).values()) == {"version"}


def test_a_passage_or_a_text_that_is_gone_is_told(store: Store, told: Answer) -> None:
    keep(told, store, DAY)
    reimport(store, replace(law(), body=law().body[:-1]))
    assert why(store)["第十三条"] == "gone"
    store.remove_file("sample.md")
    assert set(why(store).values()) == {"gone"}


def repeal(kind: str = "repeals") -> Record:
    return Record(
        "new-law",
        "policy",
        "示例新条例",
        {"issued": "2026-12-01", "effective": "2027-01-01"},
        law().sources,
        relations=(Relation(kind, "示例节水条例", "2027-01-01", "第九条", "同时废止"),),
    )


@pytest.mark.parametrize(("kind", "reason"), [("repeals", "ended"), ("replaces", "ended"), ("amends", "amended")])
def test_a_law_that_has_ended_by_the_day_asked_for_is_told_though_its_words_stand(
    store: Store, told: Answer, kind: str, reason: str
) -> None:
    keep(told, store, DAY)
    store.put_file(StoredFile("new.md", "ef" * 32, 1, "sample-1", "imported"), [repeal(kind)])
    assert why(store, DAY) == {}, "not yet on that day"
    assert set(why(store, LATER).values()) == {reason}
    assert set(why(store, LATER)) == {passage.locator for passage in law().body}


def test_what_was_kept_as_ended_is_not_told_again(store: Store) -> None:
    store.put_file(StoredFile("new.md", "ef" * 32, 1, "sample-1", "imported"), [repeal()])
    keep(evidence.answer([law()], state="repealed"), store, LATER)
    assert why(store, LATER) == {}


def test_a_guide_is_told_that_a_text_it_cites_has_ended(store: Store) -> None:
    store.put_file(StoredFile("new.md", "ef" * 32, 1, "sample-1", "imported"), [repeal()])
    cited = Source("示例节水条例", "第二条", "示例令第7号")
    assert ended_text(cited, store, DAY) == ""
    assert ended_text(cited, store, LATER) == "repealed"
    assert ended_text(Source("没有登记的文件"), store, LATER) == ""


def test_the_reasons_of_an_answer_are_found_by_its_own_citations(store: Store, told: Answer) -> None:
    kept = keep(told, store, DAY)
    body = tuple(replace(p, text=p.text.replace("应当回用", "可以回用")) for p in law().body)
    reimport(store, replace(law(), body=body))
    first = next(told.items()).citation
    assert reasons(kept, store, DAY)[place_of(citation_shape(first))] == "changed"


def test_the_same_answer_is_kept_once_and_can_be_forgotten(store: Store, told: Answer) -> None:
    kept = keep(told, store, DAY)
    assert keep(told, store, LATER) == kept
    other = keep(replace(told, question="另一问"), store, LATER)
    assert [answer.id for answer in store.kept.answers()] == [other.id, kept.id]
    store.kept.forget(kept.id)
    with pytest.raises(NotFoundError, match="已经删掉"):
        store.kept.answer(kept.id)
    assert {cited_by for cited_by, _ in store.kept.citations()} == {other.address}
    with pytest.raises(NotFoundError):
        store.kept.forget(kept.id)


def test_there_is_room_for_so_many(store: Store, told: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_ANSWERS", 2)
    for question in ("一", "二"):
        keep(replace(told, question=question), store, DAY)
    with pytest.raises(StoreError, match="最多留存 2 份"):
        keep(replace(told, question="三"), store, DAY)
    assert keep(replace(told, question="二"), store, DAY).question == "二"


def test_keeping_changes_no_revision(store: Store, told: Answer) -> None:
    before = store.revision()
    keep(told, store, DAY)
    assert store.revision() == before


def test_anything_can_cite_and_cite_anew(store: Store, told: Answer) -> None:
    citations: list[Citation] = cited_in(told)
    store.kept.cite("/memos/1", citations[:3])
    store.kept.cite("/memos/1", citations[1:2])
    assert store.kept.citations("/memos/1") == [("/memos/1", citations[1])]


def test_ids_are_not_guessed() -> None:
    made = {keeping.new_id() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) >= 22 for one in made)  # 128 bits in letters of six
