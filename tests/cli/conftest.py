"""What the tests of commands share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpkb import cli_imports


@pytest.fixture(scope="session", autouse=True)
def _keeps_its_share() -> Iterator[None]:
    """Commands run in the tests' own process here, which must not become the last of the machine."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cli_imports, "give_way", lambda: None)
        yield
