"""The analyzer as it ships, loaded once for all tests that cut texts."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from cpkb.analysis.analyzer import Analyzer

REPO = Path(__file__).resolve().parents[2]
LEXICON = REPO / "index"


@cache
def shipped_analyzer() -> Analyzer:
    """One for the whole run: loading the dictionary takes most of a second."""
    folder = Path(tempfile.mkdtemp(prefix="cpkb-words-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Analyzer(LEXICON, folder)
