"""What rooms share: an open knowledge base with its site, and a browser to look at it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_socket import socket_allow_hosts

from cpkb import cli_imports
from cpkb.analysis.lexicon import Lexicon
from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.reindex import catch_up
from cpkb.pipeline.shipped import sync_shipped
from cpkb.settings import Settings
from tests.site import build, served

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
"""Chromium must not look for the network, which may be closed, nor for a graphics card."""

SLOW = 120_000  # ms: what a page shows at once it may show late where the machine is busy; no test waits for it in vain
expect.set_options(timeout=SLOW)
hypothesis.settings.load_profile("ci")  # the same examples every time, and no deadline on a busy machine


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too: many kills, many hostile files")


LONGEST = (
    "journeys/test_find_a_clause.py", "pipeline/test_kills.py", "pipeline/test_hostile_files.py",
    "corpus/test_sources.py", "extract/test_real_sources.py", "engines/test_whoosh.py", "journeys/test_upload.py",
    "cli/test_watch.py", "pipeline/test_ingest.py", "engines/test_building.py", "pages/test_routes.py",
)  # fmt: skip
"""Files that take longest, most of them for few tests: begun first, so that no process waits for another at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests run with --long; files that take long come first."""
    first = {f"tests/{name}": at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.location[0], len(first)))
    if not config.getoption("--long"):
        skip = pytest.mark.skip(reason="long: runs with --long")
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(skip)


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def _keeps_its_share() -> Iterator[None]:
    """Commands that import run in the tests' own process, which must not become the last of the machine for good."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cli_imports, "give_way", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_dictionary() -> Iterator[None]:
    """Homes that this process opens share what was read of the dictionary: reading it takes half a second each time."""
    read: dict[str, Any] = {}
    load = Lexicon._load

    def share(lexicon: Lexicon) -> None:
        if lexicon.fingerprint not in read:
            load(lexicon)
            read[lexicon.fingerprint] = lexicon._tokenizer
        lexicon._tokenizer, lexicon._is_loaded = read[lexicon.fingerprint], True

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Lexicon, "_load", share)
        yield


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the shipped corpus and nothing else, which takes long to make: who would open it takes a copy.

    It is made by the process that needs it first, for all of them.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    settings = Settings(home=folder / "shipped", semantic=False)
    with (folder / "shipped.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made := folder / "shipped.made").exists():
            with opened(settings) as kb:
                sync_shipped(kb.store, settings.corpus)
                catch_up(kb.store, kb.engine, kb.analyzer)
            made.touch()
    return settings.home


@pytest.fixture(scope="session")
def kb(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    kb = build(shutil.copytree(shipped_home, tmp_path_factory.mktemp("site") / "home"))
    yield kb
    kb.close()


@pytest.fixture(scope="session")
def app(kb: KnowledgeBase) -> Flask:
    return create_app(kb)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def server(app: Flask) -> Iterator[str]:
    """The address of the site, served for real."""
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None or not Path(found).exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(QUIET), timeout=SLOW)
        yield chromium
        chromium.close()
