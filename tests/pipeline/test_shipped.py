"""The shipped corpus: all of it is valid, and a wrong file is refused with what would be right."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cpkb.corpus import references
from cpkb.errors import DeclarationError
from cpkb.model.collection import collections
from cpkb.model.record import RELATIONS, Record, work_key
from cpkb.pipeline.declarations import Declarations
from cpkb.pipeline.shipped import read_shipped, shipped_files, sync_shipped
from cpkb.store.store import Store
from tests.analysis.shipped import REPO

CORPUS = REPO / "corpus"
FILES = [file for _, file in shipped_files(CORPUS)]


@cache
def records_of(file: Path) -> tuple[Record, ...]:
    return tuple(read_shipped(file, f"corpus/{file.relative_to(CORPUS)}"))


@cache
def everything() -> tuple[Record, ...]:
    return tuple(record for file in FILES for record in records_of(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_record_of_every_file_is_valid(file: Path) -> None:
    records = records_of(file)
    assert records
    for record in records:
        assert record.collection == file.parent.name
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", record.id), record.id
        assert record.title == record.title.strip() != ""
        assert record.source.origin == "shipped"
        assert record.source.title, f"{record.id} does not say where it comes from"


def test_every_file_lies_in_the_folder_of_a_collection() -> None:
    assert {file.parent.name for file in FILES} <= set(collections())
    tables = {file.with_suffix(".toml") for file in (CORPUS / "records").rglob("*.tsv")}
    assert tables <= set(FILES), "a table without the TOML that names it is never read"


def test_ids_are_unique_across_files() -> None:
    twice = [name for name, times in Counter(record.id for record in everything()).items() if times > 1]
    assert twice == []


def test_every_reference_leads_to_a_record() -> None:
    known = {record.id for record in everything()}
    for record in everything():
        for field in record.declared.fields.values():
            if field.kind.name == "reference" and field.name in record.fields:
                value = record.fields[field.name]
                targets = value if isinstance(value, tuple) else (value,)
                assert set(targets) <= known, (record.id, field.name)


def test_every_relation_names_a_work_and_a_possible_day() -> None:
    for record in everything():
        for relation in record.relations:
            assert relation.kind in RELATIONS
            assert work_key(relation.target), record.id
            assert not relation.on or dt.date.fromisoformat(relation.on)
            if work_key(relation.target) == work_key(record.title):
                assert relation.on or relation.kind == "draft_of", f"{record.id}: which edition of itself?"


def test_every_citation_names_its_document() -> None:
    for record in everything():
        for citation in record.citations:
            assert citation.document.strip(), record.id
            assert citation.page is None or citation.page > 0, record.id


def test_every_source_declaration_is_valid() -> None:
    files = sorted((CORPUS / "sources").glob("*/source.toml"))
    assert files
    assert len(Declarations(CORPUS / "sources")._shipped) == len(files)


class TestSync:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        folder = tmp_path / "corpus" / "records" / "technology"
        folder.mkdir(parents=True)
        (folder / "a.toml").write_text(GOOD, encoding="utf-8")
        return tmp_path / "corpus"

    def test_only_what_changed_is_read_again(self, corpus: Path, tmp_path: Path) -> None:
        store = Store(tmp_path / "cpkb.sqlite")
        file = corpus / "records" / "technology" / "a.toml"
        assert sync_shipped(store, corpus) == 1
        before = store.revision()
        assert sync_shipped(store, corpus) == 0
        assert store.revision() == before
        file.write_text(GOOD.replace("逆流漂洗", "喷淋"), encoding="utf-8")
        assert sync_shipped(store, corpus) == 1
        assert store.record("rinsing").title == "喷淋"
        file.unlink()
        assert sync_shipped(store, corpus) == 1
        assert store.counts() == {}
        store.close()

    def test_a_table_beside_its_toml_is_noticed_too(self, corpus: Path, tmp_path: Path) -> None:
        store = Store(tmp_path / "cpkb.sqlite")
        folder = corpus / "records" / "technology"
        (folder / "b.toml").write_text('rows = "b.tsv"\n[source]\ntitle = "清单"\n', encoding="utf-8")
        (folder / "b.tsv").write_text("id\ttitle\tsummary\tprocess\nx\t甲\t要点\t电镀；漂洗\n", encoding="utf-8")
        sync_shipped(store, corpus)
        assert store.record("x").fields["process"] == ("电镀", "漂洗")
        (folder / "b.tsv").write_text("id\ttitle\tsummary\nx\t乙\t要点\n", encoding="utf-8")
        assert sync_shipped(store, corpus) == 1
        assert store.record("x").title == "乙"
        store.close()


GOOD = """
[source]
title = "电镀污染防治可行技术指南"
[[record]]
id = "rinsing"
title = "逆流漂洗"
summary = "多级逆流漂洗节水"
citations = [{ document = "电镀污染防治可行技术指南", locator = "6.1" }]
[[record.relations]]
kind = "implements"
target = "清洁生产促进法"
"""
WRONG = {
    "not TOML": ("= =", ["a.toml", "not valid TOML"]),
    "unknown key of the file": ("[sauce]\n" + GOOD, ["a.toml", "'sauce'", "source"]),
    "unknown field": (GOOD.replace("summary =", "summery ="), ["a.toml", "'rinsing'", "'summery'", "summary"]),
    "missing required field": (
        GOOD.replace('summary = "多级逆流漂洗节水"\n', ""),
        ["a.toml", "'rinsing'", "'summary'", "requires"],
    ),
    "wrong value": (
        GOOD.replace("[[record.rel", 'industry = ["电镀"]\n[[record.rel'),
        ["'rinsing'", "'industry'", "4754"],
    ),
    "missing id": (GOOD.replace('id = "rinsing"\n', ""), ["a.toml", "'id' is missing"]),
    "missing title": (GOOD.replace('title = "逆流漂洗"\n', ""), ["'rinsing'", "'title' is missing"]),
    "unknown relation": (GOOD.replace("implements", "loves"), ["'rinsing'", "'loves'", "repeals"]),
    "unknown key of a relation": (GOOD + 'why = "x"\n', ["'rinsing'", "relation", "why"]),
    "unknown key of a citation": (GOOD.replace("locator", "place"), ["'rinsing'", "place"]),
    "unknown key of a source": (GOOD.replace("[source]", '[source]\ncolour = "red"'), ["source", "colour"]),
    "unknown authority": (GOOD.replace("[source]", '[source]\nauthority = "rumour"'), ["authority", "official"]),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_by_file_record_and_what_is_accepted(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    file = tmp_path / "technology" / "a.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as refused:
        list(read_shipped(file, "corpus/records/technology/a.toml"))
    for words in said:
        assert words in str(refused.value)


def test_a_ragged_row_is_refused_by_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "technology"
    folder.mkdir()
    (folder / "a.toml").write_text('rows = "a.tsv"\n[source]\ntitle = "清单"\n', encoding="utf-8")
    (folder / "a.tsv").write_text("id\ttitle\tsummary\nx\t甲\t要点\ny\t乙\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"a\.tsv:3: .*cells"):
        list(read_shipped(folder / "a.toml", "a.toml"))


class TestGuides:
    HEAD = '+++\ntitle = "电镀厂读本"\nkind = "industry_guide"\nsummary = "先省水。"\n+++\n'

    def read(self, folder: Path, text: str) -> Record:
        (folder / "handbook").mkdir()
        file = folder / "handbook" / "electroplating-guide.md"
        file.write_text(text, encoding="utf-8")
        (record,) = read_shipped(file, "corpus/records/handbook/electroplating-guide.md")
        return record

    def test_a_guide_is_a_document_named_after_its_file(self, tmp_path: Path) -> None:
        guide = self.read(tmp_path, f"{self.HEAD}## 省水\n\n改成 [[counterflow|逆流漂洗]]。\n")
        assert (guide.id, guide.address) == ("electroplating-guide", "/documents/electroplating-guide")
        assert [(passage.locator, passage.text) for passage in guide.body] == [
            ("要点", "先省水。"),
            ("省水", "省水\n改成 逆流漂洗。"),
        ]
        assert (guide.source.title, guide.source.authority) == ("电镀厂读本", "own_summary")

    def test_its_links_are_checked_like_references(self, tmp_path: Path) -> None:
        guide = self.read(tmp_path, f"{self.HEAD}改成 [[nobody|没有的技术]]。")
        assert ["'nobody'" in fault.says for fault in references.check([guide])] == [True]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("没有文件头", "begin with"),
            (HEAD, "begin with"),
            (HEAD.replace("summary", 'id = "x"\nsummary') + "正文", "id is not written"),
            (HEAD.replace("summary", "summery") + "正文", "'summery'"),
            (HEAD.replace("= ", "") + "正文", "not valid TOML"),
            (HEAD + "# 标题", "第1行"),
        ],
    )
    def test_a_wrong_guide_is_refused_with_what_would_be_right(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(DeclarationError, match=r"electroplating-guide\.md") as refused:
            self.read(tmp_path, text)
        assert says in str(refused.value)

    def test_it_comes_into_the_store_and_is_found(self, tmp_path: Path) -> None:
        folder = tmp_path / "corpus" / "records" / "handbook"
        folder.mkdir(parents=True)
        (folder / "guide.md").write_text(f"{self.HEAD}## 省水\n\n逆流。", encoding="utf-8")
        store = Store(tmp_path / "cpkb.sqlite")
        assert sync_shipped(store, tmp_path / "corpus") == 1
        assert [passage.locator for passage in store.record("guide").body] == ["要点", "省水"]
        store.close()
