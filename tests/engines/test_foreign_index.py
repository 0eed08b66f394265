"""Only indexes made here are opened: opening a foreign one could run what it holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.query import EngineQuery
from cpkb.engines.ranking import load_ranking
from cpkb.engines.whoosh.engine import WhooshEngine
from tests.analysis.shipped import LEXICON, shipped_analyzer


def made(folder: Path, analyzer: Analyzer) -> WhooshEngine:
    return WhooshEngine(folder, load_ranking(LEXICON / "ranking.toml"), analyzer.fingerprint)


@pytest.mark.parametrize("name", ["../outside", "/tmp", "built-old", ""])  # noqa: S108 — never opened
def test_current_that_names_no_folder_of_ours_counts_as_not_built(tmp_path: Path, name: str) -> None:
    engine = made(tmp_path / "index", shipped_analyzer())
    with engine.writing(1):
        pass
    shutil.copytree(tmp_path / "index" / "built-000001", tmp_path / "outside")
    (tmp_path / "index" / "CURRENT").write_text(f"{name} 1 1 {engine.fingerprint}\n", encoding="utf-8")
    assert (engine.revision(), engine.search(EngineQuery()).total) == (-1, 0)


def test_a_folder_that_is_a_link_counts_as_not_built(tmp_path: Path) -> None:
    engine = made(tmp_path / "index", shipped_analyzer())
    with engine.writing(1):
        pass
    (tmp_path / "index" / "built-000001").rename(tmp_path / "outside")
    (tmp_path / "index" / "built-000001").symlink_to(tmp_path / "outside")
    assert engine.revision() == -1
    with engine.writing(2):
        pass
    assert engine.revision() == 2
    assert any((tmp_path / "outside").iterdir()), "what the link led to is left as it was"


def test_a_commit_that_cannot_be_read_is_rebuilt(tmp_path: Path) -> None:
    engine = made(tmp_path / "index", shipped_analyzer())
    with engine.writing(1):
        pass
    (tmp_path / "index" / "CURRENT").write_text("garbage", encoding="utf-8")
    assert engine.revision() == -1
    with engine.writing(2):
        pass
    assert engine.revision() == 2
