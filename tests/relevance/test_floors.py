"""Judged searches stay above their recorded floors (index/judgements/floors.toml)."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.reindex import catch_up
from cpkb.pipeline.shipped import sync_shipped
from cpkb.search import evaluate
from cpkb.search.evaluate import Judged
from cpkb.settings import Settings

REPO = Path(__file__).parents[2]
JUDGEMENTS = REPO / "index" / "judgements"
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


def below_floors(kb: KnowledgeBase, judged: Sequence[Judged], only: str, name: str) -> dict[str, tuple[float, float]]:
    """(measured, floor) of everything that is less than it was."""
    floors = tomllib.loads((JUDGEMENTS / "floors.toml").read_text(encoding="utf-8"))[name]
    measured = evaluate.table(judged, evaluate.run(kb.finder, judged, only))
    return {
        f"{kind} {measure}": (measured[kind][measure], floor)
        for kind, wanted in floors.items()
        for measure, floor in wanted.items()
        if measured[kind][measure] < floor
    }


@pytest.mark.long
@pytest.mark.sources
@pytest.mark.timeout(900)
def test_judged_questions_stay_above_their_floors(tmp_path: Path) -> None:
    if not (SHARED / "sources").is_dir():
        pytest.skip("the real documents (../shared/sources) are not here")
    settings = Settings(home=tmp_path, semantic=False)  # vectors of all of it would take half an hour
    with opened(settings) as kb:
        sync_shipped(kb.store, settings.corpus)
        importer = Importer(kb.store, settings.corpus / "sources", settings.originals)
        report = importer.run([SHARED / "sources" / name for name in DOCUMENTS])
        assert not report.has_failures
        catch_up(kb.store, kb.engine, kb.analyzer)
        judged = evaluate.load_judged(SHARED / "queries" / "dev.jsonl")
        assert below_floors(kb, judged, "imported", "dev") == {}


@pytest.fixture(scope="module")
def shipped_kb(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The shipped corpus, searched by words alone."""
    home = shutil.copytree(shipped_home, tmp_path_factory.mktemp("floors") / "home")
    with opened(Settings(home=home, semantic=False)) as kb:
        yield kb


@pytest.fixture(scope="module")
def shipped_questions() -> list[Judged]:
    return evaluate.load_judged(JUDGEMENTS / "shipped.jsonl")


@pytest.mark.timeout(900)  # a dozen seconds, most of them for indexing; a busy machine takes longer
def test_questions_about_the_shipped_corpus_stay_above_their_floors_by_words_alone(
    shipped_kb: KnowledgeBase, shipped_questions: list[Judged]
) -> None:
    assert below_floors(shipped_kb, shipped_questions, "shipped", "shipped") == {}


@pytest.mark.timeout(900)
def test_every_gold_record_of_those_questions_is_there_to_be_found(
    shipped_kb: KnowledgeBase, shipped_questions: list[Judged]
) -> None:
    known = {record.id for record in shipped_kb.store.named()}
    assert [(q.qid, gold["id"]) for q in shipped_questions for gold in q.gold if gold["id"] not in known] == []


@pytest.mark.parametrize(
    "file", sorted(set(JUDGEMENTS.glob("*.jsonl")) - {JUDGEMENTS / "understanding.jsonl"}), ids=lambda file: file.stem
)
def test_judged_questions_have_ids_of_their_own_and_golds_that_can_be_compared(file: Path) -> None:
    judged = evaluate.load_judged(file)
    assert len({question.qid for question in judged}) == len(judged)
    for question in judged:
        assert question.text.strip()
        assert bool(question.gold) != (question.kind == "nothing"), question.qid
        for gold in question.gold:
            assert gold["document"], question.qid
            assert gold["grade"] in (1, 2), question.qid
            assert gold.get("id") or gold.get("quote") or gold["locator"], question.qid
