"""A language model's endpoint to ask in tests: a real HTTP server on this machine that answers what it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cpkb.fetch.language_model import LanguageModel, ModelLimits

Behaviour = Callable[[BaseHTTPRequestHandler], None]
PATIENT = ModelLimits(total=120.0, size=20_000)  # seconds that no endpoint takes, however busy the machine is


@dataclass(slots=True)
class Endpoint:
    """What it answers, and what it was asked."""

    port: int
    says: str | Behaviour
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its base address, as the setting names it."""
        return f"http://127.0.0.1:{self.port}/v1"


def reply(text: str) -> bytes:
    """A reply as the API writes it."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


def answering(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Answer with exactly these bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing until who asked hangs up."""
    handler.rfile.read(1)


@contextmanager
def endpoint(says: str | Behaviour = "") -> Iterator[Endpoint]:
    """An endpoint that answers; what it says can be changed while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append(json.loads(body))
            found.headers.append(dict(self.headers.items()))
            found.paths.append(self.path)
            behave = answering(reply(found.says)) if isinstance(found.says, str) else found.says
            with suppress(OSError):  # who asked has hung up
                behave(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Endpoint(server.server_port, says)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def model_at(found: Endpoint, limits: ModelLimits = PATIENT, key: str = "") -> LanguageModel:
    """A model behind an endpoint."""
    return LanguageModel(found.url, "sample-model", key, limits)
