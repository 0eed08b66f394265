"""Serving: gunicorn with threads, and the worker that keeps the index up to date beside it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from cpkb.app import create_app
from cpkb.errors import IndexBusyError
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.pipeline.embed import catch_up_vectors
from cpkb.pipeline.reindex import catch_up, tidy
from cpkb.search.request import parse_request
from cpkb.settings import Settings

WORKERS, THREADS = 2, 8  # two cores; threads wait for disk and clients
M_ARENA_MAX, HEAPS = -8, 2  # malloc.h; two, so that a thread seldom waits for another
SWITCH = 0.0005
"""Seconds a thread computes while others wait. A page lets go of Python's lock a hundred times as it reads: with the
usual 5 ms it took seven times as long while names were read beside it, with these twice as long."""
AT_HAND = 2  # requests of a process: one that is answered and one that waits keep it busy
SILENCE = 5  # seconds a client may be silent in the middle of a request; a slow phone pauses for two or three
RESTART_AFTER = 5.0  # seconds before an index worker that ended is started again
NICENESS = 10  # of the index worker: a person who asks comes first
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # for vectors: the other core is the site's
LOOK_EVERY = 0.1  # seconds between looks at the store's revision: what was saved is found before the page is back


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without a configuration file."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Made in each worker process, after the fork: database connections are not shared."""
        _share_heaps()
        sys.setswitchinterval(SWITCH)
        kb = open_knowledge_base(self._settings)
        threading.Thread(target=warm_up, args=(kb,), daemon=True).start()
        return create_app(kb)


def _share_heaps() -> None:
    """Have glibc give threads two heaps in all: with one each they hold some 50 MB more, and it goes on growing."""
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    follower = _Follower(settings)
    follower.start()
    options = {
        "bind": f"{host}:{port}", "workers": WORKERS, "threads": THREADS,
        "accesslog": None, "errorlog": "-", "loglevel": "warning", "timeout": 60,
        "post_worker_init": _hang_up_on_silence, "pre_request": share_out,
    }  # fmt: skip
    try:
        _Server(settings, options).run()
    finally:
        follower.stop()


class _Follower(threading.Thread):
    """Keeps the index worker running: a process of its own, started again when it ends."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self._command = [sys.executable, "-m", "cpkb", "--home", str(settings.home), "index", "--follow"]
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start the worker, wait for its end, and start it again until stopped."""
        while not self._stopped.is_set():
            self._process = subprocess.Popen(self._command, env=os.environ | ONE_THREAD)  # noqa: S603 — our own program with our own setting
            self._process.wait()
            self._stopped.wait(RESTART_AFTER)

    def stop(self) -> None:
        """End the worker for good."""
        self._stopped.set()
        if self._process:
            self._process.terminate()


def _hang_up_on_silence(worker: Any) -> None:
    """A client that sends nothing for a while loses its connection, and the thread that waited is free again."""
    for listener in worker.sockets:
        # The kernel's own limit: connections inherit it from the listener, and gunicorn's blocking mode keeps it.
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE, 0))


def share_out(worker: Any, request: Any) -> None:
    """A process with many requests at hand ends their connections: what follows may go to one that is idle.

    A connection that is kept stays with its process: of four that came at once all were often with one of the two.
    """
    if worker.nr_conns - len(worker.keepalived_conns) > AT_HAND:
        request.force_close()


def warm_up(kb: KnowledgeBase) -> None:
    """Ask one question and read the names, so that dictionary, index and completions are there before a person asks."""
    kb.finder.find(parse_request({"q": ["清洁生产"]}).query)
    kb.completer.read()


def follow(kb: KnowledgeBase) -> None:
    """Catch the index up whenever the store changed, until the process is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's; it ends this process itself
    os.nice(NICENESS)
    vectors, merging = wanted_vectors(kb), threading.Thread()
    server = os.getppid()  # which is process 1 in many a container
    while os.getppid() == server:  # else it is gone, and nobody will end this process
        try:
            # Words first: a new text can be searched at once, its vectors follow.
            if catch_up(kb.store, kb.engine, kb.analyzer):
                vectors = wanted_vectors(kb)
                merging = _merged_beside(kb, merging)
            elif next(vectors, 0):
                continue
        except IndexBusyError:
            vectors = wanted_vectors(kb)  # another writer is at work and is waited for
        time.sleep(LOOK_EVERY)


def _merged_beside(kb: KnowledgeBase, merging: threading.Thread) -> threading.Thread:
    """Merging under way in a thread, so that the next change need not wait for it."""
    if merging.is_alive():
        return merging
    merging = threading.Thread(target=tidy, args=(kb.engine,), daemon=True)
    merging.start()
    return merging


def wanted_vectors(kb: KnowledgeBase) -> Iterator[int]:
    """The vectors to be made, a batch at a time; nothing is read before the first is asked for."""
    return catch_up_vectors(kb.store, kb.engine, kb.embedder, kb.settings.shipped_vectors) if kb.embedder else iter(())
