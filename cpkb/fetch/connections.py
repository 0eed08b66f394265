"""Connections that go where the guard says, and that end when the time is over."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager


class Connects(Protocol):
    """What decides where a connection goes: the guard, or an address the operator chose."""

    def connect(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """A connection to a name; raises FetchError and OSError."""
        ...


@dataclass(slots=True)
class Deadline:
    """Cuts connections when their time is over: a server that sends a byte a minute never times out otherwise."""

    is_over: bool = False
    _held: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, connection: socket.socket) -> None:
        """Take a connection under the deadline. A duplicate is kept: TLS takes the socket itself over."""
        with self._lock:
            if self.is_over:
                connection.close()
                raise TimeoutError
            self._held.append(connection.dup())

    def strike(self) -> None:
        """Cut everything that is open."""
        with self._lock:
            self.is_over = True
            for held in self._held:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Let go of what was held."""
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """A deadline that begins now."""
    made = Deadline()
    timer = threading.Timer(seconds, made.strike)
    timer.daemon = True
    timer.start()
    try:
        yield made
    finally:
        timer.cancel()
        made.release()


@contextmanager
def session(guard: Connects, until: Deadline) -> Iterator[requests.Session]:
    """A session of guarded connections, without proxies, cookies of others, or passwords of the machine's user."""
    with requests.Session() as made:
        made.trust_env = False
        made.mount("http://", _Adapter(guard, until))
        made.mount("https://", _Adapter(guard, until))
        yield made


class _Adapter(HTTPAdapter):
    def __init__(self, guard: Connects, until: Deadline) -> None:
        self._pools = _pools(guard, until)
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: object) -> None:  # noqa: ARG002, FBT001, FBT002 — its signature
        """Make the pools of connections."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _pools(guard: Connects, until: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    def opened(host: str, port: int, timeout: object) -> socket.socket:
        made = guard.connect(host, port, timeout if isinstance(timeout, (int, float)) else None)
        until.hold(made)
        return made

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return opened(self.host, self.port, self.timeout)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return opened(self.host, self.port, self.timeout)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
