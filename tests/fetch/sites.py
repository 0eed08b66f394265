"""Sites to fetch from: a real HTTP server on this machine, under names that a resolver of the test makes up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cpkb.fetch.client import Client, Limits
from cpkb.fetch.guard import Guard, Resolver


@dataclass(slots=True)
class Answer:
    """What a page of a site answers."""

    body: bytes | Callable[[BaseHTTPRequestHandler], None] = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_raw: bool = False
    """The body writes everything itself, from the status line on."""


@dataclass(slots=True)
class Site:
    """A server with its pages, and what it was asked."""

    port: int
    pages: dict[str, Answer]
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths it was asked for, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def url(self, path: str = "/", host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(pages: dict[str, Answer]) -> Iterator[Site]:
    """A site on 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers.items())))
            answer = pages.get(self.path, Answer(status=404))
            if answer.is_raw and callable(answer.body):
                answer.body(self)
                return
            tags = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            known = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
            status = 304 if any(tag and tag == said for tag, said in zip(tags, known, strict=True)) else answer.status
            self.send_response(status)
            self.send_header("Content-Type", answer.kind)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if callable(answer.body):
                self.end_headers()
                answer.body(self)
                return
            body = b"" if status == 304 else answer.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port, pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def names(**known: str | Sequence[str]) -> Resolver:
    """A resolver that knows these names; ``site.test`` is this machine."""
    table = {"site.test": "127.0.0.1", **{name.replace("_", "."): ip for name, ip in known.items()}}

    def resolve(host: str, _port: int) -> Sequence[str]:
        if host.replace(".", "").isdecimal():
            return [host]
        if host not in table:
            raise OSError(f"no such name: {host}")
        found = table[host]
        return [found] if isinstance(found, str) else list(found)

    return resolve


PATIENT = Limits(
    size=100_000, redirects=3, pause=0
)  # seconds as always: no site takes so long, however busy the machine


def client_for(site: Site, resolve: Resolver | None = None, limits: Limits = PATIENT) -> Client:
    """A client that may reach this site on this machine, and nothing else on it."""
    return Client(Guard(resolve or names(), frozenset({("127.0.0.1", site.port)})), limits)
