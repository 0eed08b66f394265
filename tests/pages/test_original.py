"""Originals: opened at a page where browsers can do that safely, and taken away where not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.pages.original_page import original_of
from cpkb.pipeline.ingest import Importer
from cpkb.settings import Settings
from tests.extract.documents import NOTICE, PAGE
from tests.pages.look import links, one, page, text
from tests.pipeline.hostile import SOUND
from tests.pipeline.test_ingest import DECLARATION, LIST
from tests.pipeline.test_ingest import LAW as RULES
from tests.site import GUIDE, LAW, LIMIT, TECHNOLOGY


def test_a_clause_opens_the_original_at_its_page(client: FlaskClient) -> None:
    clause = one(page(client, f"/documents/{GUIDE}"), "[id='5.1.1']")
    assert links(clause, ".page-number a") == [f"/documents/{GUIDE}/original#page=9"]
    assert text(clause, ".page-number") == "第 9 页"


def test_a_pdf_is_opened_and_cannot_be_taken_for_anything_else(client: FlaskClient) -> None:
    answer = client.get(f"/documents/{GUIDE}/original", buffered=True)
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "max-age=0" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]
    part = client.get(f"/documents/{GUIDE}/original", headers={"Range": "bytes=0-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"%PDF")


@pytest.mark.parametrize("name", [LAW, LIMIT, "nowhere"])
def test_what_has_no_original_says_so(client: FlaskClient, name: str) -> None:
    assert client.get(f"/documents/{name}/original").status_code == 404


FILES = {
    "信.eml": (SOUND[".eml"], False),
    "网页.html": (PAGE.encode(), False),
    "文.docx": (SOUND[".docx"], False),
    "通知.txt": ((NOTICE + "四、另一条。").encode(), False),
    "真.pdf": (SOUND[".pdf"], True),
    "假.pdf": (PAGE.replace("示例的通知", "假的通知").encode(), False),
}
"""Name → bytes, and whether a browser opens it."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("originals") / "inbox"
    folder.mkdir()
    for name, (data, _) in FILES.items():
        (folder / name).write_bytes(data)
    (folder / "list.tsv").write_bytes(LIST.encode())
    (folder / "source.toml").write_bytes(DECLARATION.encode())
    with opened(Settings(home=folder.parent / "home", semantic=False)) as kb:
        Importer(kb.store, kb.settings.corpus / "sources", kb.settings.originals).run([folder])
        yield kb


@pytest.mark.parametrize(("name", "is_shown"), [(name, is_shown) for name, (_, is_shown) in FILES.items()])
def test_only_what_cannot_act_is_opened_in_the_browser(imported: KnowledgeBase, name: str, *, is_shown: bool) -> None:
    (head,) = (
        r for r in imported.store.changed_since(-1) if r.source.file.endswith(f"/{name}") and "!" not in r.source.file
    )
    client = create_app(imported).test_client()
    answer = client.get(f"/documents/{head.id}/original", buffered=True)
    assert answer.status_code == 200
    assert answer.data == FILES[name][0]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline" if is_shown else "attachment")
    assert answer.mimetype == ("application/pdf" if is_shown else "application/octet-stream")
    assert is_shown or "sandbox" in answer.headers["Content-Security-Policy"]
    told = text(page(client, f"/documents/{head.id}"), f"a[href='/documents/{head.id}/original']")
    assert told.startswith("打开原件" if is_shown else "下载原件")


def test_a_citation_opens_the_original_of_what_it_cites_at_the_page(client: FlaskClient) -> None:
    cited = one(page(client, f"/records/technology/{TECHNOLOGY}"), ".cited")
    assert f"/documents/{GUIDE}/original#page=9" in links(cited, "a.note")


def test_a_row_gives_the_list_it_was_read_from(imported: KnowledgeBase) -> None:
    client = create_app(imported).test_client()
    address = "/records/elimination/sample-1"
    assert text(page(client, address), f"a[href='{address}/original']") == "下载原件（TSV）"
    assert client.get(f"{address}/original", buffered=True).data == LIST.encode()
    assert client.get("/records/policy/sample-1/original").status_code == 404


def test_an_earlier_text_gives_the_file_as_it_was(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with opened(Settings(home=tmp_path / "home", semantic=False)) as kb:
        importer = Importer(kb.store, kb.settings.corpus / "sources", kb.settings.originals)
        for what in ("应当回用", "可以回用"):
            (inbox / "law.txt").write_text(RULES.replace("逆流漂洗", what), encoding="utf-8")
            importer.run([inbox])
        (record,) = (found for found in kb.store.changed_since(-1) if found.is_document)
        client, earlier = create_app(kb).test_client(), f"{record.address}/versions/1"
        assert links(page(client, earlier), "a[href$='/original']") == [f"{earlier}/original"]
        assert "应当回用" in client.get(f"{earlier}/original", buffered=True).text
        assert "可以回用" in client.get(f"{record.address}/original", buffered=True).text
        assert client.get(f"{record.address}/versions/9/original").status_code == 404


@pytest.mark.parametrize("sha256", ["../../secret", "", "0" * 63, "/etc/passwd", "0F" * 32])
def test_a_source_without_a_sound_sum_leads_nowhere(tmp_path: Path, sha256: str) -> None:
    (tmp_path / "secret.txt").write_text("geheim", encoding="utf-8")
    record = Record("a", "policy", "示例", {}, (Source("示例", file="in/a.txt", sha256=sha256),))
    assert original_of(record, Settings(home=tmp_path)) is None
