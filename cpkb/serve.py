"""Serving: gunicorn with threads, and the worker that keeps the index up to date beside it."""

from __future__ import annotations

import signal
import time
from multiprocessing import get_context
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from cpkb.app import create_app
from cpkb.errors import IndexBusyError
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base, opened
from cpkb.pipeline.reindex import catch_up
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
        return create_app(open_knowledge_base(self._settings))


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    worker = get_context("spawn").Process(target=follow, args=(settings,), daemon=True)
    worker.start()
    options = {
        "bind": f"{host}:{port}", "workers": WORKERS, "threads": THREADS,
        "accesslog": None, "errorlog": "-", "loglevel": "warning", "timeout": 60,
    }  # fmt: skip
    try:
        _Server(settings, options).run()
    finally:
        worker.terminate()


def follow(settings: Settings) -> None:
    """Catch the index up whenever the store changed, until the process is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's; it ends this process itself
    with opened(settings) as kb:
        while True:
            time.sleep(LOOK_EVERY)
            catch_up_once(kb)


def catch_up_once(kb: KnowledgeBase) -> None:
    """One look; when another writer is at work, it is waited for."""
    try:
        catch_up(kb.store, kb.engine, kb.analyzer)
    except IndexBusyError:
        return
