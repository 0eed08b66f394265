"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpkb.analysis.analyzer import Analyzer
from tests.analysis.shipped import shipped_analyzer
from tests.search.library import Library, build


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = build(tmp_path_factory.mktemp("library"))
    yield library
    library.engine.close()
    library.store.close()


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return shipped_analyzer()
