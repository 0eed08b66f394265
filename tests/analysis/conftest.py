"""What the tests of this room share."""

from __future__ import annotations

import pytest

from cpkb.analysis.analyzer import Analyzer
from tests.analysis.shipped import shipped_analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return shipped_analyzer()
