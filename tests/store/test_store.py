"""The store: files and what they say, records made of several files, what changed since when."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Engine, event

from cpkb.errors import NotFoundError
from cpkb.model.record import Record, Relation
from cpkb.model.source import Citation, Source
from cpkb.store import tables
from cpkb.store.documents import digest, from_document, to_document
from cpkb.store.store import Change, Store, StoredFile
from tests.store.samples import law, put, technique


def changed(store: Store, since: int) -> list[str]:
    return [record.id for record in store.changed_since(since)]


# files


def test_storing_a_file_counts_what_it_changed(store: Store) -> None:
    assert put(store, "a.tsv", technique("1"), technique("2")) == Change(added=2)
    assert put(store, "a.tsv", technique("1", "改了"), technique("3")) == Change(added=1, changed=1, removed=1)
    assert put(store, "a.tsv", technique("1", "改了"), technique("3")) == Change(unchanged=2)
    assert store.counts() == {"technology": 2}


def test_storing_the_same_file_again_changes_no_record(store: Store) -> None:
    put(store, "a.tsv", technique("1"), technique("2"))
    before = store.revision()
    put(store, "a.tsv", technique("1"), technique("2"))
    assert changed(store, before) == []


def test_every_change_has_a_higher_revision_than_the_one_before(store: Store) -> None:
    assert store.revision() == 0
    put(store, "a.tsv", technique("1"))
    first = store.revision()
    put(store, "b.tsv", technique("2"))
    second = store.revision()
    store.remove_file("a.tsv")
    assert 0 < first < second < store.revision()


LARGE = set(tables.metadata.tables) - {"addresses"}  # web pages that are watched are few


def test_storing_undoing_and_removing_a_file_look_through_no_whole_table(store: Store) -> None:
    whole: set[str] = set()

    def explain(connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            one = parameters[0] if isinstance(parameters, list) else parameters
            cursor = cast("sqlite3.Connection", connection.connection.dbapi_connection).cursor()
            plan = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", one).fetchall()
            scanned = [step[3].split()[1] for step in plan if step[3].startswith("SCAN ")]
            whole.update(f"{name}: {statement}" for name in scanned if name in LARGE)

    event.listen(Engine, "before_cursor_execute", explain)
    relation = Relation("repeals", "旧法", "2026-08-15", "第九条", is_proposed=True)
    text, duty = law("new", "新法", "第一条文", relations=(relation,)), Record("d", "duty", "义务", {"policy": "new"})
    try:
        for made in (text, replace(text, title="新法二")):
            job = store.imports.begin(["/in"])
            store.put_file(StoredFile("new.md", "a" * 64, 1, "reader", "imported"), [sourced(made)], job)
            put(store, "duties.tsv", duty)
            store.lookup.contributed("new.md")
        store.imports.undo(job, "new.md")
        store.remove_file("new.md")
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
    assert whole == set()


def sourced(record: Record) -> Record:
    return replace(record, sources=(Source("新法", origin="imported", file="new.md"),))


def test_a_file_is_remembered_with_its_problems(store: Store) -> None:
    put(store, "guides/a.pdf", technique("1"))
    file = store.file("guides/a.pdf")
    assert file is not None
    assert (file.key, file.size, file.reader, file.origin) == ("guides/a.pdf", 10, "reader-1", "imported")
    assert file.problems == ("第3行：少一格",)
    assert file.imported.endswith("+00:00")
    assert store.file("guides/b.pdf") is None
    assert store.same_content(file.sha256) == [file]
    assert store.same_content("0" * 64) == []


def test_files_are_listed_by_origin(store: Store) -> None:
    put(store, "b.tsv", technique("1"))
    put(store, "a.toml", technique("2"), origin="shipped")
    assert [file.key for file in store.files()] == ["a.toml", "b.tsv"]
    assert [file.key for file in store.files("shipped")] == ["a.toml"]


def test_a_file_without_records_is_remembered_too(store: Store) -> None:
    assert put(store, "empty.tsv") == Change()
    assert store.file("empty.tsv") is not None


# records


def test_a_record_comes_back_as_it_went_in(store: Store) -> None:
    relation = Relation("repeals", "旧法", "2026-08-15", "第九条", "废止旧法")
    stored = law("code", "生态环境法典", "第一条文", "第二条文", relations=(relation,), effective="2026-08-15")
    stored = replace(stored, citations=(Citation("法典", "第九条", "", 3),), locator="1-1")
    put(store, "code.md", stored)
    found = store.record("code")
    assert replace(found, sources=()) == stored
    assert found.source.file == "code.md"
    assert store.record("code", with_body=False).body == ()
    assert store.count_documents() == 1


def test_documents_turn_into_json_and_back_without_loss() -> None:
    record = Record("a", "elimination", "电动机", {"models": ("Y180M-4", "JO2"), "class": "eliminated"})
    assert from_document(to_document(record)) == record


def test_a_digest_sees_every_change_the_text_included() -> None:
    text = law("a", "法", "第一条文")
    others = [
        replace(text, title="法二"),
        law("a", "法", "第一条文。"),
        law("a", "法", "第一条文", issued="2026-01-01"),
    ]
    assert len({digest(record) for record in (text, *others)}) == 4
    assert digest(text) == digest(law("a", "法", "第一条文"))


def test_an_unknown_record_is_named_in_the_answer(store: Store) -> None:
    with pytest.raises(NotFoundError, match="'nowhere'"):
        store.record("nowhere")


def test_passages_are_fetched_by_record_and_place(store: Store) -> None:
    put(store, "a.md", law("a", "甲法", "甲一", "甲二"))
    put(store, "b.md", law("b", "乙法", "乙一"))
    found = store.passages([("a", 1), ("b", 0), ("b", 7), ("none", 0)])
    assert {place: passage.text for place, passage in found.items()} == {("a", 1): "甲二", ("b", 0): "乙一"}
    assert found["a", 1].locator == "第2条"
    assert found["a", 1].headings == ("总则",)


def test_heads_come_without_texts_but_know_whether_there_is_one(store: Store) -> None:
    put(store, "a.md", law("a", "甲法", "甲一"))
    put(store, "b.tsv", technique("b"))
    heads = store.without_bodies(["a", "b", "none"])
    assert {name: (head.body, has_body) for name, (head, has_body) in heads.items()} == {
        "a": ((), True),
        "b": ((), False),
    }


def test_browsing_goes_by_title_in_pages(store: Store) -> None:
    put(store, "a.tsv", *(technique(str(number)) for number in range(9)), law("z", "法"))
    pages = [[head.id for head, _ in store.browse("technology", offset, 4)] for offset in (0, 4, 8, 12)]
    assert pages == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8"], []]


# one record from several files


@pytest.mark.parametrize("imported_first", [True, False])
def test_an_import_stands_over_the_shipped_corpus_whichever_came_first(store: Store, imported_first: bool) -> None:  # noqa: FBT001 — a case of the table
    shipped = technique("1", "摘编说", principle="摘编的原理")
    imported = technique("1", "指南说")
    if imported_first:
        put(store, "guide.pdf", imported)
    put(store, "corpus.toml", shipped, origin="shipped")
    put(store, "guide.pdf", imported)
    record = store.record("1")
    assert (record.value("summary"), record.value("principle")) == ("指南说", "摘编的原理")
    assert [source.file for source in record.sources] == ["corpus.toml", "guide.pdf"]
    assert store.counts() == {"technology": 1}


def test_when_one_file_goes_the_other_speaks_again(store: Store) -> None:
    put(store, "corpus.toml", technique("1", "摘编说"), origin="shipped")
    put(store, "guide.pdf", technique("1", "指南说"))
    before = store.revision()
    assert store.remove_file("guide.pdf") == Change(removed=1)
    assert store.record("1").value("summary") == "摘编说"
    assert changed(store, before) == ["1"]
    assert store.removed_since(before) == []
    assert store.file("guide.pdf") is None


def test_a_text_survives_a_shipped_record_of_the_same_id(store: Store) -> None:
    put(store, "law.md", law("a", "甲法", "甲一"))
    put(store, "corpus.toml", law("a", "甲法", summary="要点"), origin="shipped")
    record = store.record("a")
    assert [passage.text for passage in record.body] == ["甲一"]
    assert record.value("summary") == "要点"


def test_a_new_edition_of_a_file_replaces_its_text(store: Store) -> None:
    put(store, "law.md", law("a", "甲法", "甲一", "甲二", "甲三"))
    put(store, "law.md", law("a", "甲法", "新一"))
    assert [passage.text for passage in store.record("a").body] == ["新一"]
    assert store.passages([("a", 2)]) == {}


# what changed


def test_only_what_changed_is_named_since_a_revision(store: Store) -> None:
    put(store, "a.tsv", technique("1"), technique("2"))
    before = store.revision()
    put(store, "a.tsv", technique("1"), technique("2", "改了"), technique("3"))
    assert changed(store, before) == ["2", "3"]
    assert changed(store, -1) == ["1", "2", "3"]
    assert changed(store, store.revision()) == []


def test_what_is_gone_is_named_until_it_comes_back(store: Store) -> None:
    put(store, "a.tsv", technique("1"), technique("2"))
    before = store.revision()
    put(store, "a.tsv", technique("2"))
    assert store.removed_since(before) == ["1"]
    assert changed(store, before) == []
    store.remove_file("a.tsv")
    assert sorted(store.removed_since(before)) == ["1", "2"]
    put(store, "a.tsv", technique("1"))
    assert store.removed_since(before) == ["2"]
    assert changed(store, before) == ["1"]


def test_what_is_removed_while_changes_are_read_is_left_out(store: Store) -> None:
    put(store, "a.tsv", technique("1"))
    put(store, "b.tsv", technique("2"))
    reading = store.changed_since(-1)
    assert next(reading).id == "1"
    store.remove_file("b.tsv")
    assert list(reading) == []


# what texts say of one another

CODE = law(
    "code",
    "生态环境法典",
    "正文",
    relations=(Relation("repeals", "中华人民共和国环境保护法", "2026-08-15", "第1条", "废止"),),
)


def test_a_repeal_is_known_to_the_repealed_text_with_a_link_to_the_clause(store: Store) -> None:
    put(store, "code.md", CODE)
    put(store, "law.md", law("old", "环境保护法（2014修订）", "正文"))
    (claim,) = store.claims_about(store.record("old"))
    assert (claim.relation.kind, claim.relation.on) == ("repeals", "2026-08-15")
    assert (claim.by_title, claim.by_address) == ("生态环境法典", "/documents/code#第1条")


def test_a_claim_may_name_a_number(store: Store) -> None:
    put(store, "new.md", law("new", "新标准", "正文", relations=(Relation("replaces", "HJ 1306—2023", "2027-01-01"),)))
    put(store, "old.md", law("old", "电镀指南", "正文", number="HJ 1306—2023"))
    (claim,) = store.claims_about(store.record("old"))
    assert claim.by_address == "/documents/new"


def test_a_new_edition_of_the_same_title_ends_the_old_one_by_its_number(store: Store) -> None:
    replaces = (Relation("replaces", "GB 9901—1992", "2013-01-01"),)
    put(store, "new.md", law("new", "示例排放标准", "正文", relations=replaces, number="GB 9901—2012"))
    put(store, "old.md", law("old", "示例排放标准", "正文", number="GB 9901—1992"))
    assert [claim.relation.on for claim in store.claims_about(store.record("old"))] == ["2013-01-01"]
    assert store.claims_about(store.record("new")) == []


def test_a_proposed_relation_stays_one_with_its_sentence(store: Store) -> None:
    proposed = Relation("repeals", "旧办法", "2026-08-15", "第九条", "《旧办法》停止执行。", is_proposed=True)
    put(store, "new.md", law("new", "新办法", "正文", relations=(proposed,)))
    put(store, "old.md", law("old", "旧办法", "正文"))
    assert store.record("new").relations == (proposed,)
    assert [claim.relation for claim in store.claims_about(store.record("old"))] == [proposed]


def test_a_text_does_not_speak_of_its_own_work_or_of_others(store: Store) -> None:
    put(store, "code.md", CODE)
    put(store, "law.md", law("old", "环境保护法", relations=(Relation("repeals", "环境保护法", "2015-01-01"),)))
    put(store, "other.md", law("other", "清洁生产促进法"))
    assert [claim.by_title for claim in store.claims_about(store.record("old"))] == ["生态环境法典"]
    assert store.claims_about(store.record("other")) == []


def test_the_same_statement_by_a_record_and_by_its_text_is_one_claim_read_in_the_text(store: Store) -> None:
    put(store, "corpus.toml", replace(CODE, id="code-shipped", body=()), origin="shipped")
    put(store, "code.md", CODE)
    put(store, "law.md", law("old", "环境保护法"))
    assert [claim.by_address for claim in store.claims_about(store.record("old"))] == ["/documents/code#第1条"]


def test_a_repealed_text_is_indexed_again_when_the_repeal_comes_and_when_it_goes(store: Store) -> None:
    put(store, "law.md", law("old", "环境保护法", "正文"))
    before = store.revision()
    put(store, "code.md", CODE)
    assert changed(store, before) == ["code", "old"]
    before = store.revision()
    store.remove_file("code.md")
    assert changed(store, before) == ["old"]
    assert store.claims_about(store.record("old")) == []


def test_editions_of_one_work_know_one_another(store: Store) -> None:
    put(
        store,
        "a.md",
        law("2012", "清洁生产促进法（2012修正）"),
        law("2002", "中华人民共和国清洁生产促进法"),
        law("x", "水法"),
    )
    assert [head.id for head, _ in store.same_work(store.record("2012"))] == ["2002"]


WHOLE = law("whole", "生态环境法典", issued="2026-03-12", effective="2026-08-15")
PART = law("part", "生态环境法典", "第一编")


def test_an_undated_text_takes_the_dates_its_work_agrees_on(store: Store) -> None:
    put(store, "part.md", PART)
    put(store, "draft.md", law("draft", "生态环境法典", issued="2025-04-30", status="draft"))
    assert dict(store.dated(store.record("part")).fields) == {}
    put(store, "whole.md", WHOLE)
    assert dict(store.dated(store.record("part")).fields) == {"issued": "2026-03-12", "effective": "2026-08-15"}
    put(store, "other.md", law("other", "生态环境法典", issued="2026-03-13"))
    assert dict(store.dated(store.record("part")).fields) == {}, "where texts disagree, nothing is guessed"


def test_a_text_with_a_date_of_its_own_keeps_it(store: Store) -> None:
    put(store, "whole.md", WHOLE, law("old", "生态环境法典（2020年版）", issued="2020-01-01"))
    assert dict(store.dated(store.record("old")).fields) == {"issued": "2020-01-01"}


def test_a_duty_of_an_amended_text_begins_with_its_wording_and_not_with_the_text(store: Store) -> None:
    text = law("text", "示例法", issued="2018-10-26", effective="2009-01-01")
    own = {"policy": "text", "effective": "2012-03-01", "wording": "edition"}
    put(store, "a.md", text, Record("duty", "duty", "示例义务", own))
    dated = store.dated(store.record("duty"))
    assert (dated.value("effective"), dated.value("issued")) == ("2009-01-01", "2012-03-01")


@pytest.mark.parametrize("day", [{"effective": "2009-01-01"}, {}])
def test_a_duty_whose_wording_is_the_first_or_has_no_day_is_told_no_day_of_issue(
    store: Store, day: dict[str, str]
) -> None:
    text = law("text", "示例法", issued="2018-10-26", effective="2009-01-01")
    put(store, "a.md", text, Record("duty", "duty", "示例义务", {"policy": "text", "wording": "original", **day}))
    dated = store.dated(store.record("duty"))
    assert (dated.value("effective"), dated.value("issued")) == ("2009-01-01", "")


def test_a_text_is_indexed_again_when_the_dates_of_its_work_come_and_go(store: Store) -> None:
    put(store, "part.md", PART)
    before = store.revision()
    put(store, "whole.md", WHOLE)
    assert changed(store, before) == ["part", "whole"]
    before = store.revision()
    store.remove_file("whole.md")
    assert changed(store, before) == ["part"]


def test_two_stores_of_one_file_see_one_another(tmp_path: Path, store: Store) -> None:
    other = Store(tmp_path / "cpkb.sqlite")
    put(store, "a.tsv", technique("1"))
    assert other.record("1").title == "技术1"
    put(other, "b.tsv", technique("2"))
    assert store.counts() == {"technology": 2}
    other.close()


def test_what_records_are_called_comes_without_their_texts(store: Store) -> None:
    put(store, "b.md", law("b", "示例办法", "第一条　甲。", number="示例〔2026〕1号"))
    put(store, "a.tsv", technique("a"))
    assert [(r.id, r.collection, r.title, r.value("number"), r.body, r.sources) for r in store.named()] == [
        ("a", "technology", "技术a", "", (), ()),
        ("b", "policy", "示例办法", "示例〔2026〕1号", (), ()),
    ]
