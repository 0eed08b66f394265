"""Serving: gunicorn with threads, and the worker that keeps the index up to date beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from cpkb.app import create_app
from cpkb.errors import IndexBusyError
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.pipeline.reindex import catch_up
from cpkb.search.request import parse_request
from cpkb.settings import Settings

WORKERS, THREADS = 2, 8  # two cores; threads wait for disk and clients
LOOK_EVERY = 2.0  # seconds between looks at the store's revision


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
        kb = open_knowledge_base(self._settings)
        threading.Thread(target=warm_up, args=(kb,), daemon=True).start()
        return create_app(kb)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    # A process of its own, not a fork of this one: it opens the database and the index for itself.
    follower = [sys.executable, "-m", "cpkb", "--home", str(settings.home), "index", "--follow"]
    worker = subprocess.Popen(follower)  # noqa: S603 — our own program with our own setting
    options = {
        "bind": f"{host}:{port}", "workers": WORKERS, "threads": THREADS,
        "accesslog": None, "errorlog": "-", "loglevel": "warning", "timeout": 60,
    }  # fmt: skip
    try:
        _Server(settings, options).run()
    finally:
        worker.terminate()


def warm_up(kb: KnowledgeBase) -> None:
    """Ask one question, so that the dictionary and the index are in memory before a person asks."""
    kb.finder.find(parse_request({"q": ["清洁生产"]}).query)


def follow(kb: KnowledgeBase) -> None:
    """Catch the index up whenever the store changed, until the process is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's; it ends this process itself
    while os.getppid() != 1:  # the server is gone, and nobody will end this process
        catch_up_once(kb)
        time.sleep(LOOK_EVERY)


def catch_up_once(kb: KnowledgeBase) -> None:
    """One look; when another writer is at work, it is waited for."""
    try:
        catch_up(kb.store, kb.engine, kb.analyzer)
    except IndexBusyError:
        return
