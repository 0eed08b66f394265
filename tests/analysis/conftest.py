"""What the tests of this room share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from cpkb.analysis.analyzer import Analyzer
from tests.analysis.shipped import shipped_analyzer

settings.load_profile("ci")  # the same examples every time, and no deadline on a busy machine


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return shipped_analyzer()
