"""Judged searches over the real documents stay above their recorded floors (index/judgements/floors.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cpkb.knowledge_base import opened
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.reindex import catch_up
from cpkb.pipeline.shipped import sync_shipped
from cpkb.search import evaluate
from cpkb.settings import Settings

REPO = Path(__file__).parents[2]
SHARED = REPO.parent / "shared"
DOCUMENTS = (
    "guides",
    "laws/environment.jsonl",
    "laws_2026",
    "elimination_equipment/list.tsv",
    "comprehensive_catalogue_2021/tables_raw.tsv",
    "hazardous_waste_list_2021/list.tsv",
)
"""What the questions were labelled on."""


@pytest.mark.long
@pytest.mark.sources
@pytest.mark.timeout(900)
def test_judged_questions_stay_above_their_floors(tmp_path: Path) -> None:
    if not (SHARED / "sources").is_dir():
        pytest.skip("the real documents (../shared/sources) are not here")
    floors = tomllib.loads((REPO / "index" / "judgements" / "floors.toml").read_text(encoding="utf-8"))["dev"]
    settings = Settings(home=tmp_path)
    with opened(settings) as kb:
        sync_shipped(kb.store, settings.corpus)
        importer = Importer(kb.store, settings.corpus / "sources", settings.originals)
        report = importer.run([SHARED / "sources" / name for name in DOCUMENTS])
        assert not report.has_failures
        catch_up(kb.store, kb.engine, kb.analyzer)
        judged = evaluate.load_judged(SHARED / "queries" / "dev.jsonl")
        measured = evaluate.table(judged, evaluate.run(kb.finder, judged, "imported"))
    below = {
        f"{kind} {name}": (measured[kind][name], floor)
        for kind, wanted in floors.items()
        for name, floor in wanted.items()
        if measured[kind][name] < floor
    }
    assert below == {}
