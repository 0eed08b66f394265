"""What journeys share: tabs on the common site (on a desk, with and without scripts) and on a library of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase
from tests.site import served

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def desk(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport=DESKTOP)
    yield context.new_page()
    context.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def tab(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport=DESKTOP, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def site(library: KnowledgeBase) -> Iterator[str]:
    """The address of a journey's own ``library``."""
    with served(create_app(library)) as address:
        yield address


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def screen(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab on a journey's own library, on a desk and on a phone."""
    context = browser.new_context(base_url=site, viewport=request.param)
    yield context.new_page()
    context.close()
