"""Import jobs: their numbers, reports and states; a file's line is there exactly when what it brought is; undoing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from cpkb.errors import NotFoundError
from cpkb.model.record import Record, Relation
from cpkb.model.source import Source
from cpkb.store.addresses import Address
from cpkb.store.imports import FileLine
from cpkb.store.store import Store, StoredFile
from tests.store.samples import law, technique


def put(store: Store, job: int, key: str, *records: Record) -> None:
    """Store a file of an import job that says these records."""
    sha256 = hashlib.sha256(repr((key, records)).encode()).hexdigest()
    said = [replace(r, sources=(Source(key, file=key, sha256=sha256),)) for r in records]
    store.put_file(StoredFile(key, sha256, 10, "reader-1", "imported"), said, job)


def state(store: Store) -> dict[str, Any]:
    """All that the store says, but for when and in which order it was said."""
    heads = {head.id: store.record(head.id) for head in store.named()}
    return {
        "files": [replace(file, imported="") for file in store.files()],
        "records": heads,
        "contributed": {file.key: store.lookup.contributed(file.key) for file in store.files()},
        "claims": {name: store.claims_about(record) for name, record in heads.items()},
        "editions": {name: [replace(e, replaced="") for e in store.editions.of(name)] for name in heads},
    }


def test_jobs_are_numbered_and_listed_newest_first(store: Store) -> None:
    first, second = store.imports.begin(["/home/a/guides"]), store.imports.begin(["https://example.com/a"])
    assert (first, second) == (1, 2)
    assert [job.number for job in store.imports.newest(10)] == [2, 1]
    assert [job.number for job in store.imports.newest(1, 1)] == [1]
    assert store.imports.count() == 2
    job = store.imports.get(first)
    assert (job.state, job.ended, job.paths, job.names) == ("running", "", ("/home/a/guides",), ("guides",))
    assert store.imports.get(second).names == ("https://example.com/a",)
    with pytest.raises(NotFoundError, match="第 3 次导入"):
        store.imports.get(3)
    many = store.imports.begin([f"/home/a/{name}" for name in "bcde"])
    assert [store.imports.get(number).called for number in (first, many)] == ["guides", "b、c、d 等 4 处"]


def test_files_of_no_report_are_counted_and_only_imported_ones(store: Store) -> None:
    for key, origin in (("old/a.tsv", "imported"), ("old/b.tsv", "imported"), ("shipped/c.toml", "shipped")):
        store.put_file(StoredFile(key, "0" * 64, 1, "reader-1", origin), [])
    put(store, store.imports.begin(["/in"]), "in/d.tsv", technique("1"))
    assert store.imports.untold() == 2
    store.imports.note(1, [FileLine("old/a.tsv", "unchanged")])
    assert store.imports.untold() == 1


def test_a_report_has_a_line_a_file_and_counts_by_outcome(store: Store) -> None:
    job = store.imports.begin(["/in"])
    store.imports.note(job, [FileLine("in/b.txt", "failed", problems=("坏了",)), FileLine("in/c.txt", "skipped")])
    store.imports.expect(job, 1)
    put(store, job, "in/a.tsv", technique("1"), technique("2"))
    assert store.imports.lines(job) == [
        FileLine("in/a.tsv", "stored", 2, 2, 2),
        FileLine("in/b.txt", "failed", problems=("坏了",)),
        FileLine("in/c.txt", "skipped"),
    ]
    assert [line.file for line in store.imports.lines(job, "failed")] == ["in/b.txt"]
    assert store.imports.told(job) == {"in/a.tsv": "stored", "in/b.txt": "failed", "in/c.txt": "skipped"}
    found = store.imports.get(job)
    assert (found.counts, found.told, found.total) == ({"stored": 1, "failed": 1, "skipped": 1}, 3, 3)


def test_what_cannot_be_stored_has_no_line(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    job = store.imports.begin(["/in"])
    monkeypatch.setattr("cpkb.store.contributions.refresh", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put(store, job, "in/a.tsv", technique("1"))
    assert store.imports.lines(job) == []
    assert store.imports.undoable(job) == []
    assert store.files() == []


def test_only_an_interrupted_job_of_the_same_paths_is_found(store: Store) -> None:
    for paths in (["/a"], ["/a"], ["/a", "/b"]):
        store.imports.begin(paths)
    store.imports.end(1, "done")
    assert store.imports.interrupted(["/a"]) is None
    store.imports.interrupt()
    found = store.imports.interrupted(["/a"])
    assert found is not None
    assert found.number == 2
    assert store.imports.interrupted(["/b"]) is None


def test_a_job_that_goes_on_keeps_its_lines_but_asks_addresses_again(store: Store) -> None:
    job = store.imports.begin(["https://example.com/a"])
    store.imports.note(job, [FileLine("https://example.com/a", "failed"), FileLine("web/a/b.html", "failed")])
    store.imports.interrupt()
    store.imports.go_on(job)
    assert [line.file for line in store.imports.lines(job)] == ["web/a/b.html"]
    assert store.imports.get(job).state == "running"


def test_no_more_lines_are_told_than_there_will_be(store: Store) -> None:
    job = store.imports.begin(["https://example.com/a", "https://example.com/b"])
    store.imports.note(job, [FileLine("https://example.com/a", "failed")])
    assert store.imports.get(job).far == (1, 1), "addresses are not expected"


# undoing

REPEALS = (Relation("repeals", "旧法", "2026-08-15", "第1条", "废止"),)


def begun(store: Store) -> None:
    """An import before: a list, a law with an earlier text, a text that another repeals."""
    first = store.imports.begin(["/in"])
    put(store, first, "in/list.tsv", technique("1"), technique("2"), technique("3"))
    put(store, first, "in/law.md", law("law", "甲法", "甲一"))
    second = store.imports.begin(["/in"])
    put(store, second, "in/law.md", law("law", "甲法", "甲一改"))
    put(store, second, "in/old.md", law("old", "旧法", "旧一"))
    put(store, second, "in/rows.jsonl", law("x", "乙法", "乙一"), law("y", "丙法", "丙一"))
    third = store.imports.begin(["/in"])
    put(store, third, "in/rows.jsonl", law("x", "乙法", "乙一改"), law("y", "丙法", "丙一"))


CHANGES = {
    "a new file": [("in/new.tsv", (technique("9"),))],
    "other values and rows": [("in/list.tsv", (technique("1", "改了"), technique("3"), technique("4")))],
    "another text": [("in/law.md", (law("law", "甲法", "甲一又改"),))],
    "another title": [("in/law.md", (law("law", "甲条例", "甲一又改", issued="2026-01-01"),))],
    "the same text with other fields": [("in/law.md", (law("law", "甲法", "甲一改", issued="2026-01-01"),))],
    "a repeal": [("in/code.md", (law("code", "法典", "正文", relations=REPEALS),))],
    "a document that is gone with its earlier texts": [("in/rows.jsonl", (law("y", "丙法", "丙一"),))],
    "another file that says more of the same record": [("in/more.tsv", (technique("2", "另有"),))],
    "the same again": [("in/list.tsv", (technique("1"), technique("2"), technique("3")))],
    "nothing any more": [("in/list.tsv", ()), ("in/law.md", ())],
    "everything": [
        ("in/list.tsv", (technique("7"),)),
        ("in/law.md", (law("law", "甲法", "甲一又改", relations=REPEALS),)),
        ("in/rows.jsonl", (law("z", "丁法", "丁一"),)),
        ("in/new.tsv", (technique("3", "别处说"),)),
    ],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_import_that_is_undone_was_never_there(store: Store, change: list[tuple[str, tuple[Record, ...]]]) -> None:
    begun(store)
    before, revision = state(store), store.revision()
    job = store.imports.begin(["/in"])
    for key, records in change:
        put(store, job, key, *records)
    assert store.imports.undoable(job) == sorted(key for key, _ in change)
    for key in store.imports.undoable(job):
        store.imports.undo(job, key)
    assert state(store) == before
    assert store.imports.undoable(job) == []
    assert store.revision() > revision
    assert {line.file for line in store.imports.lines(job)} == {key for key, _ in change}, "the report stays"


def test_all_imports_can_be_undone_one_after_another(store: Store) -> None:
    begun(store)
    for job in (3, 2, 1):
        for key in store.imports.undoable(job):
            store.imports.undo(job, key)
    assert state(store) == {"files": [], "records": {}, "contributed": {}, "claims": {}, "editions": {}}


def test_what_undoing_changes_is_indexed_again(store: Store) -> None:
    begun(store)
    job = store.imports.begin(["/in"])
    put(store, job, "in/code.md", law("code", "法典", "正文", relations=REPEALS))
    put(store, job, "in/law.md", law("law", "甲法", "甲一又改"))
    before = store.revision()
    for key in store.imports.undoable(job):
        store.imports.undo(job, key)
    assert [record.id for record in store.changed_since(before)] == ["law", "old"]
    assert store.removed_since(before) == ["code"]


def test_later_imports_that_stored_the_same_files_anew_are_named(store: Store) -> None:
    begun(store)
    assert store.imports.built_upon(1) == [("in/law.md", 2)]
    assert store.imports.built_upon(2) == [("in/rows.jsonl", 3)]
    assert store.imports.built_upon(3) == []
    store.imports.undo(3, "in/rows.jsonl")
    assert store.imports.built_upon(2) == []


def test_an_address_is_asked_for_whole_after_its_file_was_undone(store: Store) -> None:
    job = store.imports.begin(["https://example.com/a"])
    put(store, job, "web/a.zip!/b.md", law("law", "甲法", "甲一"))
    store.addresses.put(Address("https://example.com/a", file="web/a.zip", etag='"1"', sha256="0" * 64))
    store.imports.undo(job, "web/a.zip!/b.md")
    known = store.addresses.get("https://example.com/a")
    assert (known.etag, known.sha256, known.file) == ("", "", "web/a.zip")
