"""What journeys share: a tab on a desk, and one with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 900}


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
