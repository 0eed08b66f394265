"""Archives and mails in an import: each file in them has its own line, key and original, as if it lay in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.report import ImportReport
from cpkb.store.store import Store
from tests.analysis.shipped import REPO
from tests.extract.documents import NOTICE, archive, tape
from tests.extract.office_writer import gbk_archive, mail, workbook

DECLARATION = """
title = "示例清单"
publisher = "示例部"
[[tables]]
file = "清单.tsv"
collection = "elimination"
header = ["序号", "设备/名称", "设备/型号"]
identity = "sample-{序号}"
title = "{name}"
locator = "{序号}"
document = "示例清单"
expected = [1, 9]
constants = { class = "eliminated", kind = "equipment" }
[tables.derived]
name = "设备/名称"
[tables.fields]
models = "设备/型号"
"""

Pack = Callable[[Mapping[str, bytes]], bytes]


class Home:
    """A store, an importer, and a folder to import."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "home" / "cpkb.sqlite")
        self.importer = Importer(self.store, REPO / "corpus" / "sources", folder / "home" / "originals")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()

    def run(self) -> ImportReport:
        return self.importer.run([self.inbox])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.store.close()


def outcomes(report: ImportReport) -> dict[str, str]:
    return {file.file: file.outcome for file in report.files}


@pytest.mark.parametrize(("name", "pack"), [("a.zip", gbk_archive), ("a.tar.gz", tape), ("a.tgz", tape)])
def test_every_file_of_an_archive_has_a_line_and_a_key_of_its_own(home: Home, name: str, pack: Pack) -> None:
    inner = archive(**{"二.txt": (NOTICE + "四、另一条。").encode()})
    files = {"通知.txt": NOTICE.encode(), "内.zip": inner, "坏.pdf": b"1", "图.bin": b"2"}
    (home.inbox / name).write_bytes(pack(files))
    assert outcomes(home.run()) == {
        f"inbox/{name}!/通知.txt": "stored",
        f"inbox/{name}!/内.zip!/二.txt": "stored",
        f"inbox/{name}!/坏.pdf": "failed",
        f"inbox/{name}!/图.bin": "skipped",
    }
    assert outcomes(home.run())[f"inbox/{name}!/通知.txt"] == "unchanged"
    assert {file.key for file in home.store.files("imported")} == {
        f"inbox/{name}!/通知.txt",
        f"inbox/{name}!/内.zip!/二.txt",
    }


def test_a_mail_is_stored_beside_what_is_attached_to_it(home: Home) -> None:
    attached = {"清单.xlsx": workbook({"表": (("名称", "数值"), ("甲", 1))})}
    (home.inbox / "a.eml").write_bytes(mail("关于示例的通知", NOTICE, attached))
    assert outcomes(home.run()) == {"inbox/a.eml": "stored", "inbox/a.eml!/清单.xlsx": "stored"}


def test_what_leads_out_of_an_archive_is_refused_and_nothing_is_written_there(home: Home, tmp_path: Path) -> None:
    (home.inbox / "a.zip").write_bytes(archive(**{"../../out.txt": b"1", "good.txt": NOTICE.encode()}))
    found = outcomes(home.run())
    assert found["inbox/a.zip!/good.txt"] == "stored"
    assert sorted(found.values()) == ["failed", "stored"]
    assert not list(tmp_path.rglob("out.txt"))


def test_an_archive_that_cannot_be_opened_is_a_line_and_nothing_else(home: Home) -> None:
    (home.inbox / "a.zip").write_bytes(archive(**{"a.txt": b"1"})[:-12])
    (home.inbox / "b.txt").write_text(NOTICE, encoding="utf-8")
    report = home.run()
    assert outcomes(report) == {"inbox/a.zip": "failed", "inbox/b.txt": "stored"}
    assert "损坏" in report.files[0].problems[0]


@pytest.mark.parametrize("beside", [True, False])
def test_a_declaration_beside_an_archive_or_in_it_holds_for_its_lists(home: Home, *, beside: bool) -> None:
    rows = "序号\t设备/名称\t设备/型号\n1\t电机\tSL-1\n"
    files = {"清单.tsv": rows.encode()} | ({} if beside else {"source.toml": DECLARATION.encode()})
    if beside:
        (home.inbox / "source.toml").write_text(DECLARATION, encoding="utf-8")
    (home.inbox / "a.zip").write_bytes(archive(**files))
    assert outcomes(home.run())["inbox/a.zip!/清单.tsv"] == "stored"
    assert home.store.record("sample-1").sources[0].publisher == "示例部"
