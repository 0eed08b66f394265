"""Importing: each file is stored, unchanged, skipped or failed, with the reason; nothing good is ever lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from cpkb.errors import CpkbError
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.report import ImportReport
from cpkb.store.imports import FileLine
from cpkb.store.store import Store
from tests.analysis.shipped import REPO

LAW = """清洁生产示例办法

第一章　总则

第一条　为了促进清洁生产，制定本办法。

第二条　企业应当采取逆流漂洗等节水措施。
"""
DECLARATION = """
title = "示例清单"
[[tables]]
file = "list.tsv"
collection = "elimination"
header = ["no", "name", "model"]
identity = "sample-{no}"
title = "{name}"
locator = "{no}"
document = "示例清单"
expected = [1, 9]
constants = { class = "eliminated", kind = "equipment" }
[tables.fields]
models = "model"
"""
LIST = "no\tname\tmodel\n1\t电动机\tY180M-4\n2\t电动机\tY180M-2\n"


class Home:
    """A store, an importer, and a folder to import."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "home" / "cpkb.sqlite")
        self.originals = folder / "home" / "originals"
        self.importer = Importer(self.store, REPO / "corpus" / "sources", self.originals)
        self.inbox = folder / "inbox"
        self.inbox.mkdir()

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.inbox / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def run(self, *paths: Path) -> ImportReport:
        return self.importer.run(paths or (self.inbox,))

    def outcomes(self) -> dict[str, str]:
        return {file.file.removeprefix("inbox/"): file.outcome for file in self.run().files}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.store.close()


# one run over every kind of file

FILES: dict[str, str | bytes] = {
    "good/law.txt": LAW,
    "good/law.md": "# 示例指南\n\n## 1 总则\n\n推行清洁生产。\n",
    "good/gb18030.txt": LAW.replace("示例办法", "示例规定").encode("gb18030"),
    "good/page.html": "<html><head><title>通知</title></head><body><h1>示例通知</h1><p>请节约用水。</p></body></html>",
    "list/list.tsv": LIST,
    "list/source.toml": DECLARATION,
    "ragged/list.tsv": LIST + "3\t少一格\n",
    "ragged/source.toml": DECLARATION.replace("sample-", "ragged-"),
    "bad/empty.txt": b"",
    "bad/blank.txt": " \n\n \n",
    "bad/truncated.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Cat",
    "bad/picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "bad/renamed.docx": b"%PDF-1.7\n%%EOF",
    "bad/broken.docx": b"PK\x03\x04" + b"\x00" * 200,
    "bad/columns.tsv": "颜色\t形状\n红\t圆\n蓝\n",
    "broken/source.toml": "title = = 'x'\n",
    "broken/law.txt": LAW + "\n第三条　不同。\n",
    "wrong/source.toml": 'colour = "red"\n',
    "wrong/law.txt": LAW + "\n第三条　又不同。\n",
    "other/photo.xyz": b"???",
    "other/old.wps": b"\x00",
    "other/README": "没有扩展名",
    "zz/copy of law.txt": LAW,
    ".hidden/law.txt": LAW,
}
OUTCOMES = {
    "good/law.txt": ("stored", ""),
    "good/law.md": ("stored", ""),
    "good/gb18030.txt": ("stored", ""),
    "good/page.html": ("stored", ""),
    "list/list.tsv": ("stored", ""),
    "list/source.toml": ("skipped", "来源声明"),
    "ragged/list.tsv": ("stored", "第4行"),
    "ragged/source.toml": ("skipped", "来源声明"),
    "bad/empty.txt": ("failed", "空"),
    "bad/blank.txt": ("failed", "请检查"),
    "bad/truncated.pdf": ("failed", "PDF"),
    "bad/picture.txt": ("failed", "图片损坏"),
    "bad/renamed.docx": ("failed", "PDF"),
    "bad/broken.docx": ("failed", "docx"),
    "bad/columns.tsv": ("stored", "按一份表格读入"),
    "broken/source.toml": ("skipped", "来源声明"),
    "broken/law.txt": ("failed", "broken/source.toml"),
    "wrong/source.toml": ("skipped", "来源声明"),
    "wrong/law.txt": ("failed", "'colour'"),
    "other/photo.xyz": ("skipped", ".xyz"),
    "other/old.wps": ("skipped", ".docx"),
    "other/README": ("skipped", "无扩展名"),
    "zz/copy of law.txt": ("skipped", "good/law.txt"),
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, dict[str, FileLine]]]:
    home = Home(tmp_path_factory.mktemp("mixed"))
    for name, content in FILES.items():
        home.write(name, content)
    yield home, {file.file.removeprefix("inbox/"): file for file in home.run().files}
    home.store.close()


Mixed = tuple[Home, dict[str, FileLine]]


@pytest.mark.parametrize(("name", "outcome", "said"), [(n, *expected) for n, expected in OUTCOMES.items()])
def test_each_file_is_reported_with_its_reason(mixed: Mixed, name: str, outcome: str, said: str) -> None:
    report = mixed[1][name]
    assert (report.outcome, report.problems) == (outcome, report.problems)
    assert said in "".join(report.problems)
    assert bool(report.problems) == bool(said)


def test_every_file_is_reported_but_hidden_ones(mixed: Mixed) -> None:
    assert set(mixed[1]) == set(OUTCOMES) == {name for name in FILES if not name.startswith(".")}


def test_only_what_is_reported_as_stored_is_in_the_store(mixed: Mixed) -> None:
    home, reports = mixed
    stored = {f"inbox/{name}" for name, report in reports.items() if report.outcome == "stored"}
    assert {file.key for file in home.store.files()} == stored
    assert sum(report.records for report in reports.values()) == len(list(home.store.changed_since(-1)))


def test_the_good_rows_of_a_ragged_list_are_kept(mixed: Mixed) -> None:
    home, reports = mixed
    assert reports["ragged/list.tsv"].records == 2
    record = home.store.record("ragged-1")
    assert (record.title, record.locator, record.fields["models"]) == ("电动机", "1", ("Y180M-4",))
    assert record.citations[0].document == "示例清单"


def test_a_law_is_cut_into_its_articles(mixed: Mixed) -> None:
    home, reports = mixed
    (record,) = [r for r in home.store.changed_since(-1) if r.source.file == "inbox/good/law.txt"]
    assert record.title == "清洁生产示例办法"
    assert [passage.locator for passage in record.body if passage.kind == "article"] == ["第一条", "第二条"]
    assert reports["good/law.txt"].passages == len(record.body)


def test_originals_are_kept_by_what_they_hold(mixed: Mixed) -> None:
    home, _ = mixed
    file = home.store.file("inbox/good/law.txt")
    assert file is not None
    kept = home.originals / file.sha256[:2] / f"{file.sha256}.txt"
    assert kept.read_text(encoding="utf-8") == LAW
    assert not list(home.originals.rglob("*.partial"))


def test_a_second_run_changes_nothing(mixed: Mixed) -> None:
    home, reports = mixed
    before = home.store.revision()
    again = {file.file.removeprefix("inbox/"): file.outcome for file in home.run().files}
    stored = {name for name, report in reports.items() if report.outcome == "stored"}
    assert {name for name, outcome in again.items() if outcome == "unchanged"} == stored
    assert {n: o for n, o in again.items() if n not in stored} == {
        n: r.outcome for n, r in reports.items() if n not in stored
    }
    assert home.store.revision() == before


# one file over time


def test_a_changed_file_is_replaced_under_the_same_address(home: Home) -> None:
    home.write("law.txt", LAW)
    assert home.outcomes() == {"law.txt": "stored"}
    (before,) = home.store.changed_since(-1)
    home.write("law.txt", LAW.replace("逆流漂洗", "喷淋清洗"))
    assert home.outcomes() == {"law.txt": "stored"}
    (after,) = home.store.changed_since(-1)
    assert after.id == before.id
    assert "喷淋清洗" in "".join(passage.text for passage in after.body)
    assert "逆流漂洗" not in "".join(passage.text for passage in after.body)


def test_a_new_version_that_cannot_be_read_leaves_the_stored_one(home: Home) -> None:
    home.write("law.txt", LAW)
    home.run()
    home.write("law.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
    assert home.outcomes() == {"law.txt": "failed"}
    (record,) = home.store.changed_since(-1)
    assert "逆流漂洗" in "".join(passage.text for passage in record.body)
    home.write("law.txt", LAW)
    assert home.outcomes() == {"law.txt": "unchanged"}


def test_a_new_declaration_beside_a_list_makes_it_read_again(home: Home) -> None:
    home.write("list.tsv", LIST)
    home.write("source.toml", DECLARATION)
    home.run()
    home.write("source.toml", DECLARATION.replace('title = "{name}"', 'title = "{name} {model}"'))
    assert home.outcomes()["list.tsv"] == "stored"
    assert home.store.record("sample-1").title == "电动机 Y180M-4"


def test_a_row_that_left_the_list_leaves_the_store(home: Home) -> None:
    home.write("source.toml", DECLARATION)
    home.write("list.tsv", LIST)
    home.run()
    home.write("list.tsv", LIST[: LIST.index("2\t")])
    home.run()
    assert [record.id for record in home.store.changed_since(-1)] == ["sample-1"]


def test_one_file_alone_can_be_imported(home: Home) -> None:
    report = home.run(home.write("law.txt", LAW))
    assert [(file.file, file.outcome) for file in report.files] == [("inbox/law.txt", "stored")]
    assert report.counts() == {"stored": 1, "unchanged": 0, "skipped": 0, "failed": 0}
    assert not report.has_failures


def test_links_out_of_the_folder_are_not_followed(home: Home, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(LAW, encoding="utf-8")
    (home.inbox / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert home.outcomes() == {}


def test_a_missing_path_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(CpkbError, match=r"nowhere: 没有这个文件"):
        home.run(tmp_path / "nowhere")


# kills


def import_and_report(folder: Path, reports: Connection) -> None:
    store = Store(folder / "home" / "cpkb.sqlite")
    importer = Importer(store, REPO / "corpus" / "sources", folder / "home" / "originals")
    importer.run([folder / "inbox"], lambda key, _done, _of: reports.send(key))


@pytest.mark.long
def test_a_kill_in_the_middle_of_an_import_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    home = Home(tmp_path)
    names = [f"law-{number:02}.txt" for number in range(30)]
    for number, name in enumerate(names):
        home.write(name, LAW.replace("示例", f"第{number}号示例") * 3)
    context = get_context("spawn")
    reported: set[str] = set()
    for wanted in (3, 9):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=import_and_report, args=(tmp_path, sender))
        process.start()
        sender.close()
        for _ in range(wanted):
            reported.add(receiver.recv())
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert reported <= {file.key for file in home.store.files()}
    outcomes = home.outcomes()
    assert set(outcomes) == set(names)
    assert {outcomes[key.removeprefix("inbox/")] for key in reported} == {"unchanged"}
    assert len(list(home.store.changed_since(-1))) == len(names)
    home.store.close()
