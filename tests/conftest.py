"""What rooms share: an open knowledge base with its site, and a browser to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from pytest_socket import socket_allow_hosts

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too: many kills, many hostile files")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests run with --long; no test talks to anything but this machine."""
    if not config.getoption("--long"):
        skip = pytest.mark.skip(reason="long: runs with --long")
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(skip)


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the shipped corpus and nothing else, which takes long to make: who would open it takes a copy."""
    settings = Settings(home=tmp_path_factory.mktemp("shipped"), semantic=False)
    with opened(settings) as kb:
        sync_shipped(kb.store, settings.corpus)
        catch_up(kb.store, kb.engine, kb.analyzer)
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
        chromium = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield chromium
        chromium.close()
