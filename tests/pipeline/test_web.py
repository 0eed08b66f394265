"""From an address to a document: pages with their attachments, provenance, what changed and what did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from cpkb.model.record import Record
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.web import FIRST, NEW, SAME, WebImporter
from cpkb.store.store import Store
from tests.analysis.shipped import REPO
from tests.extract.documents import archive, tape
from tests.extract.pdf_writer import Sheet, pdf
from tests.fetch.sites import Answer, Site, client_for, serving

PAGE = """<html><head><title>某市环境局</title></head><body><div class="nav">首页</div>
<h1>关于推进电镀行业清洁生产的通知</h1><div class="TRS_Editor"><p>某环发〔2024〕5号</p><p>各区：</p>
<p>一、电镀企业应当采用{technique}，漂洗水逐级回用。</p><p>二、每年十二月前报送执行情况。</p>
<p>附件：<a href="files/list.pdf">电镀企业名单</a></p></div>
<div class="share">分享到微信 {visits}</div></body></html>"""
LIST = pdf(
    Sheet()
    .text(60, 700, "一、示例电镀厂应当在今年内完成清洁生产审核。")
    .text(60, 680, "二、示例印染厂应当在明年内完成清洁生产审核。")
)


def page(technique: str = "逆流漂洗", visits: int = 1) -> bytes:
    return PAGE.format(technique=technique, visits=visits).encode()


class Home:
    """A store, and an importer that may reach one site on this machine."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        self.store = Store(folder / "cpkb.sqlite")
        importer = Importer(self.store, REPO / "corpus" / "sources", folder / "originals")
        self.web = WebImporter(self.store, client_for(site), importer)

    def run(self, *paths: str) -> list[tuple[str, str]]:
        """(outcome, name) of each line of the report."""
        report = self.web.run(self.site.url(path) for path in paths)
        return [(file.outcome, file.file.rpartition("/")[2]) for file in report.files]

    def documents(self) -> list[Record]:
        return [found for head in self.store.named() if (found := self.store.record(head.id)).is_document]

    def outcome(self, path: str) -> str:
        return self.store.addresses.get(self.site.url(path)).outcome


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with serving({"/a/t1.html": Answer(page()), "/a/files/list.pdf": Answer(LIST, "application/pdf")}) as site:
        home = Home(tmp_path, site)
        yield home
        home.store.close()


def test_a_page_is_imported_with_what_it_links_to_and_where_it_is_from(home: Home) -> None:
    assert sorted(home.run("/a/t1.html")) == [("stored", "list.pdf"), ("stored", "t1.html")]
    notice = next(d for d in home.documents() if d.source.file.endswith("t1.html"))
    assert notice.title == "关于推进电镀行业清洁生产的通知"
    assert notice.value("number") == "某环发〔2024〕5号"
    text = "\n".join(passage.text for passage in notice.body)
    assert "逆流漂洗" in text
    assert not any(word in text for word in ("首页", "分享", "微信"))
    assert notice.source.address == home.site.url("/a/t1.html")
    assert len(notice.source.retrieved) == 10
    attached = next(d for d in home.documents() if d.source.file.endswith("list.pdf"))
    assert attached.title == "电镀企业名单"
    assert attached.source.address == home.site.url("/a/files/list.pdf")


def test_what_did_not_change_is_not_read_again(home: Home) -> None:
    home.site.pages["/a/t1.html"] = Answer(page(), headers={"ETag": '"1"'})
    home.run("/a/t1.html")
    assert home.run("/a/t1.html") == [("unchanged", "t1.html")]
    assert home.site.asked[-1][1]["If-None-Match"] == '"1"'
    assert home.outcome("/a/t1.html") == SAME


def test_a_counter_that_moved_is_no_change(home: Home) -> None:
    home.run("/a/t1.html")
    assert home.outcome("/a/t1.html") == FIRST
    before = home.store.addresses.get(home.site.url("/a/t1.html"))
    home.site.pages["/a/t1.html"] = Answer(page(visits=2))
    home.run("/a/t1.html")
    assert home.outcome("/a/t1.html") == SAME
    assert home.store.addresses.get(home.site.url("/a/t1.html")).changed == before.changed
    assert [home.store.editions.of(document.id) for document in home.documents()] == [[], []]


def test_new_words_are_a_new_version_under_the_same_address(home: Home) -> None:
    home.run("/a/t1.html")
    first = {document.id for document in home.documents()}
    home.site.pages["/a/t1.html"] = Answer(page("喷淋漂洗"))
    home.run("/a/t1.html")
    assert home.outcome("/a/t1.html") == NEW
    assert {document.id for document in home.documents()} == first
    notice = next(d for d in home.documents() if d.source.file.endswith("t1.html"))
    earlier = home.store.editions.one(notice.id, 1)
    assert "喷淋漂洗" in "".join(passage.text for passage in notice.body)
    assert "逆流漂洗" in "".join(passage.text for passage in earlier.record.body)


def test_what_cannot_be_fetched_is_reported_and_the_rest_is_read(home: Home) -> None:
    home.site.pages["/a/files/list.pdf"] = Answer(status=404)
    report = home.web.run([home.site.url("/nothing"), "http://10.0.0.1/", home.site.url("/a/t1.html")])
    assert [file.outcome for file in report.files] == ["failed", "failed", "failed", "stored"]
    assert [file.problems[0].partition(": ")[2] for file in report.files[:3]] == [
        "服务器回答 404（没有这一页）",
        "它指向 10.0.0.1（内部网络），不读内部地址",
        "服务器回答 404（没有这一页）",
    ]
    assert "404" in home.outcome("/a/files/list.pdf")


def test_a_page_without_text_is_reported_and_asked_for_whole_the_next_time(home: Home) -> None:
    home.site.pages["/a/t1.html"] = Answer(b"<html><body></body></html>", headers={"ETag": '"1"'})
    assert home.run("/a/t1.html") == [("failed", "t1.html")]
    home.site.pages["/a/t1.html"] = Answer(page(), headers={"ETag": '"1"'})
    assert ("stored", "t1.html") in home.run("/a/t1.html")


def test_an_attachment_on_an_internal_host_is_refused(home: Home) -> None:
    home.site.pages["/a/t1.html"] = Answer(page().replace(b"files/list.pdf", b"http://192.168.1.1/list.pdf"))
    report = home.web.run([home.site.url("/a/t1.html")])
    assert [(file.outcome, file.file) for file in report.files if file.outcome == "failed"] == [
        ("failed", "http://192.168.1.1/list.pdf")
    ]
    assert [d.source.file.rpartition("/")[2] for d in home.documents()] == ["t1.html"]


@pytest.mark.parametrize(
    ("name", "kind", "pack"),
    [
        ("a.zip", "application/zip", lambda files: archive(**files)), ("a.tar.gz", "application/gzip", tape),
        ("a.tgz", "application/octet-stream", tape), ("download?id=3", "application/x-compressed-tar", tape),
        ("a.tar", "application/x-tar", partial(tape, is_zipped=False)),
    ],
)  # fmt: skip
def test_an_archive_that_a_page_links_to_is_read_and_watched(
    home: Home, name: str, kind: str, pack: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    linked = page().replace(b'files/list.pdf">', f'{name}">'.encode()).replace("名单".encode(), "名单.tgz".encode())
    home.site.pages["/a/t1.html"] = Answer(linked)
    home.site.pages[f"/a/{name}"] = Answer(pack({"名单.pdf": LIST}), kind, headers={"ETag": '"1"'})
    assert sorted(home.run("/a/t1.html")) == [("stored", "t1.html"), ("stored", "名单.pdf")]
    assert home.outcome(f"/a/{name}") == FIRST
    assert home.run(f"/a/{name}") == [("unchanged", name)]
    home.site.pages[f"/a/{name}"] = Answer(pack({"名单.pdf": LIST + b"\n"}), kind)
    home.run(f"/a/{name}")
    assert home.outcome(f"/a/{name}") == SAME, "other bytes, the same words"
    home.site.pages[f"/a/{name}"] = Answer(pack({"名单.txt": "一、示例造纸厂应当在今年内完成审核。".encode()}), kind)
    home.run(f"/a/{name}")
    assert home.outcome(f"/a/{name}") == NEW


def test_a_file_that_cannot_be_read_is_told_with_what_to_do(home: Home) -> None:
    home.site.pages["/a/t1.html"] = Answer(page().replace(b"list.pdf", b"list.rar"))
    home.site.pages["/a/files/list.rar"] = Answer(b"Rar!\x1a\x07", "application/octet-stream")
    report = home.web.run([home.site.url("/a/t1.html")])
    assert [file.problems for file in report.files if file.outcome == "skipped"] == [
        ("不能读 .rar；请另存为 .zip 再导入",)
    ]


def test_a_page_that_links_to_itself_as_a_file_is_read_once(home: Home) -> None:
    home.site.pages["/view.doc"] = Answer(page().replace(b"files/list.pdf", b"/view.doc"))
    assert home.run("/view.doc") == [("stored", "view.html")]


def test_too_many_attachments_are_said(home: Home) -> None:
    links = "".join(f'<a href="f{at}.pdf">附件{at}</a>' for at in range(40)).encode()
    home.site.pages["/a/t1.html"] = Answer(page().replace(b"</div>\n<div class", links + b"</div>\n<div class"))
    report = home.web.run([home.site.url("/a/t1.html")])
    assert any("页面链接了 41 个文件，只读了前 30 个" in problem for file in report.files for problem in file.problems)


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "big5"])
def test_a_page_is_read_whatever_it_declares(home: Home, charset: str) -> None:
    text = page().decode().replace("推进", "㈠镕推進") if charset == "gb2312" else page().decode()
    data = text.encode("gb18030" if charset == "gb2312" else charset, "ignore")
    home.site.pages["/a/t1.html"] = Answer(data, f"text/html; charset={charset}")
    home.run("/a/t1.html")
    notice = next(d for d in home.documents() if d.source.file.endswith("t1.html"))
    assert "〔2024〕5" in notice.value("number") or charset == "big5"
    assert notice.body
