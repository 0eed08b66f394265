"""The client over a real server: limits, redirects, robots.txt, pace, conditional requests."""

from __future__ import annotations

import gzip
import time
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from cpkb.errors import FetchError
from cpkb.fetch.client import Known
from tests.fetch.sites import PATIENT, Answer, client_for, names, serving

PAGE = "<html><title>通知</title><body><p>正文。</p></body></html>".encode()


def test_a_page_is_read() -> None:
    with serving(
        {"/a/t1.html": Answer(PAGE, headers={"ETag": '"1"', "Last-Modified": "Mon, 01 Jun 2026 00:00:00 GMT"})}
    ) as site:
        found = client_for(site).get(site.url("/a/t1.html"))
        assert (found.address, found.name, found.data) == (site.url("/a/t1.html"), "t1.html", PAGE)
        assert found.known == Known('"1"', "Mon, 01 Jun 2026 00:00:00 GMT")
        assert site.asked[-1][1]["User-Agent"].startswith("cpkb/")
        assert site.asked[-1][1]["Host"] == f"site.test:{site.port}"


def test_who_keeps_the_site_is_told_whom_to_write_to() -> None:
    with serving({"/": Answer(PAGE)}) as site:
        client = client_for(site)
        client.contact = "editor@example.org\r\nX-Evil: 1"
        client.get(site.url())
        assert "editor@example.orgX-Evil: 1)" in site.asked[-1][1]["User-Agent"]
        assert "X-Evil" not in site.asked[-1][1]


def test_redirects_are_followed_to_the_end() -> None:
    pages = {
        "/old": Answer(status=301, headers={"Location": "/new"}),
        "/new": Answer(status=302, headers={"Location": "最后.html"}),
        "/%E6%9C%80%E5%90%8E.html": Answer(PAGE),
    }
    with serving(pages) as site:
        pages["/new"] = Answer(status=302, headers={"Location": "/%E6%9C%80%E5%90%8E.html"})
        found = client_for(site).get(site.url("/old"))
        assert found.name == "最后.html"
        assert found.address.endswith("/%E6%9C%80%E5%90%8E.html")


def test_a_redirect_to_nonsense_is_said() -> None:
    page = Answer(status=302, headers={"Location": "http://[bad"})
    with serving({"/": page}) as site, pytest.raises(FetchError, match=r"读不到|转到的地址不对"):
        client_for(site).get(site.url())


def test_a_circle_of_redirects_ends() -> None:
    with serving({"/": Answer(status=302, headers={"Location": "/"})}) as site:
        with pytest.raises(FetchError, match="转来转去超过 3 次"):
            client_for(site).get(site.url())
        assert len(site.paths()) == 4


@pytest.mark.parametrize(
    ("status", "says"),
    [(404, "404（没有这一页）"), (403, "403（网站拒绝了）"), (500, "500（网站出错了）"), (304, "304")],
)
def test_what_the_server_says_is_said(status: int, says: str) -> None:
    with serving({"/": Answer(status=status)}) as site, pytest.raises(FetchError, match=says):
        client_for(site).get(site.url())


def test_a_page_too_long_is_not_read_to_its_end() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for _ in range(10_000):
                handler.wfile.write(b"x" * 10_000)

    with serving({"/": Answer(endless)}) as site, pytest.raises(FetchError, match=r"超过 0\.1 MB"):
        client_for(site).get(site.url())


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    with serving({"/": Answer(bomb, headers={"Content-Encoding": "gzip"})}) as site:
        assert len(bomb) < PATIENT.size
        with pytest.raises(FetchError, match=r"超过 0\.1 MB"):
            client_for(site).get(site.url())


def test_what_is_packed_is_unpacked() -> None:
    with serving({"/": Answer(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})}) as site:
        assert client_for(site).get(site.url()).data == PAGE


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_server_that_drips_is_given_up(part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):  # until it is given up
            while True:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)

    def drip_headers(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        drip(handler)

    page = Answer(drip) if part == "body" else Answer(drip_headers, is_raw=True)
    with serving({"/": page, "/robots.txt": Answer(b"", "text/plain")}) as site:
        client = client_for(site, limits=replace(PATIENT, total=0.5))
        with pytest.raises(FetchError, match=r"0\.5 秒还没读完"):
            client.get(site.url())


def test_a_silent_server_is_given_up() -> None:
    def hang(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.rfile.read(1)  # until who asked hangs up

    with serving({"/": Answer(hang)}) as site:
        client = client_for(site, limits=replace(PATIENT, read=0.3))
        with pytest.raises(FetchError, match=r"没有及时回答|读不到"):
            client.get(site.url())


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/javascript", "text/css", "font/woff2"])
def test_what_is_no_document_is_not_read(kind: str) -> None:
    with serving({"/": Answer(b"x" * 50, kind)}) as site, pytest.raises(FetchError, match=f"内容是 {kind}"):
        client_for(site).get(site.url())


def test_robots_are_obeyed_and_asked_once() -> None:
    rules = b"User-agent: *\nDisallow: /private/\nUser-agent: cpkb\nDisallow: /no/\n"
    pages = {"/robots.txt": Answer(rules, "text/plain"), "/a.html": Answer(PAGE), "/private/b.html": Answer(PAGE)}
    with serving(pages) as site:
        client = client_for(site)
        client.get(site.url("/a.html"))
        client.get(site.url("/private/b.html"))  # forbidden to others only: rules for cpkb replace those for all
        with pytest.raises(FetchError, match=r"robots\.txt 不让程序读"):
            client.get(site.url("/no/c.html"))
        assert [path for path, _ in site.asked].count("/robots.txt") == 1
        assert site.paths() == ["/a.html", "/private/b.html"]


@pytest.mark.parametrize(("status", "is_read"), [(404, True), (403, True), (500, False), (503, False)])
def test_without_robots_all_is_allowed_and_with_a_broken_site_nothing(status: int, is_read: bool) -> None:  # noqa: FBT001 — a column of the table
    with serving({"/robots.txt": Answer(status=status), "/": Answer(PAGE)}) as site:
        client = client_for(site)
        if is_read:
            assert client.get(site.url()).data == PAGE
        else:
            with pytest.raises(FetchError, match=str(status)):
                client.get(site.url())
        assert site.paths() == (["/"] if is_read else [])


def test_a_redirect_to_a_forbidden_page_is_not_followed() -> None:
    pages = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /no", "text/plain"),
        "/": Answer(status=302, headers={"Location": "/no"}),
        "/no": Answer(PAGE),
    }
    with serving(pages) as site:
        with pytest.raises(FetchError, match=r"robots\.txt"):
            client_for(site).get(site.url())
        assert site.paths() == ["/"]


def test_a_site_is_asked_at_a_pace_and_others_are_not_kept_waiting() -> None:
    rules = b"User-agent: *\nCrawl-delay: 7\n"
    with serving({"/robots.txt": Answer(rules, "text/plain"), "/": Answer(PAGE)}) as site:
        client = client_for(site, names(other_test="127.0.0.1"), replace(PATIENT, pause=1))
        waited: list[float] = []
        client.clock, client.sleep = (lambda: 100.0), waited.append
        client.get(site.url())
        client.get(site.url())
        assert waited == [7, 7]  # after its robots.txt, after its page
        client.get(site.url(host="other.test"))
        assert waited == [7, 7, 7]  # the other site waits only for its own


def test_what_did_not_change_is_not_sent_again() -> None:
    with serving({"/": Answer(PAGE, headers={"ETag": '"abc"'})}) as site:
        client = client_for(site)
        first = client.get(site.url())
        again = client.get(site.url(), first.known)
        assert (again.is_unchanged, again.data, again.known) == (True, b"", first.known)
        assert site.asked[-1][1]["If-None-Match"] == '"abc"'


def test_nothing_is_taken_from_the_machine_that_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9/")
    with serving({"/": Answer(PAGE, headers={"Set-Cookie": "a=1"})}) as site:
        client = client_for(site)
        client.get(site.url())
        client.get(site.url())
        assert not {"Cookie", "Authorization", "Referer"} & set(site.asked[-1][1])
