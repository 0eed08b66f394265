"""The embedded engine: the shared contract, and what is its own on disk."""

from __future__ import annotations

import random
import signal
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from cpkb.engines.query import Either, EngineQuery, Every, Ranked
from cpkb.engines.ranking import load_ranking
from cpkb.engines.whoosh.engine import WhooshEngine
from tests.analysis.shipped import LEXICON
from tests.engines.contract import EngineContract
from tests.engines.opened import fill, found, ids, write_and_fail
from tests.engines.passages import passage, words

COVER = ((4, 0.99), (8, 0.5), (1000, 0.2))
RANKING = replace(load_ranking(LEXICON / "ranking.toml"), tail=0.0, cover=COVER)
"""Weights as shipped; what must match is fixed here, because the contract is not about tuning."""


def open_whoosh(folder: Path, made_by: str) -> WhooshEngine:
    return WhooshEngine(folder, RANKING, made_by)


class TestWhoosh(EngineContract):
    opener = staticmethod(open_whoosh)


def built(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("built-*"))


def current(folder: Path) -> str:
    return (folder / "CURRENT").read_text(encoding="utf-8").split()[0]


def test_a_rebuild_goes_to_a_new_folder_and_older_ones_are_removed(tmp_path: Path) -> None:
    engine = open_whoosh(tmp_path, "one")
    for revision in range(1, 5):
        fill(engine, [passage("a", "铬")], revision, rebuild=True)
        assert current(tmp_path) == f"built-{revision:06}"
    assert built(tmp_path) == ["built-000003", "built-000004"], "the one just replaced may still be open elsewhere"


def test_catching_up_stays_in_the_folder(tmp_path: Path) -> None:
    engine = open_whoosh(tmp_path, "one")
    for revision in range(1, 5):
        fill(engine, [passage(f"r{revision}", "铬")], revision)
    assert built(tmp_path) == ["built-000001"]


def test_a_failed_rebuild_leaves_no_folder_behind(tmp_path: Path) -> None:
    engine = open_whoosh(tmp_path, "one")
    fill(engine, [passage("a", "铬")])
    with pytest.raises(ZeroDivisionError):
        write_and_fail(engine, rebuild=True)
    assert built(tmp_path) == ["built-000001"]


def write_for_ever(folder: Path, reports: Connection) -> None:
    """Every revision puts its own record and drops the one before; every 20th is a rebuild, and there are merges.

    Reports what is done.
    """
    engine = open_whoosh(folder, "one")
    for revision in range(engine.revision() + 1 or 1, 10_000):
        with engine.writing(revision, rebuild=revision % 20 == 0) as writer:
            writer.drop(f"r{revision - 1}")
            writer.put(f"r{revision}", [passage(f"r{revision}", "铬 渣", ordinal) for ordinal in range(40)])
            if revision % 20 == 0:
                writer.put("all", [passage("all", f"n{revision}")])
            else:
                # A little of every commit stays, so that segments gather until they are merged.
                writer.put(f"kept{revision % 20:02}", [passage(f"kept{revision % 20:02}", "渣")])
        reports.send(revision)
        engine.merge()


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.timeout(900)
def test_kills_at_any_moment_lose_nothing_that_was_reported(tmp_path: Path, kills: int) -> None:
    context = get_context("spawn")
    moments = random.Random(kills)  # noqa: S311 — no secret
    reported = 0
    for _ in range(kills):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=write_for_ever, args=(tmp_path, sender))
        process.start()
        sender.close()
        for _ in range(moments.randint(1, 12)):
            reported = receiver.recv()
        receiver.poll(moments.uniform(0, 0.05))  # about what a commit, a rebuild or a merge takes
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        while receiver.poll():
            try:
                reported = receiver.recv()
            except EOFError:
                break
        receiver.close()
        engine = open_whoosh(tmp_path, "one")
        revision = engine.status().revision
        assert revision in (reported, reported + 1)
        since = revision - revision % 20
        records = {f"r{revision}"} | {f"kept{number % 20:02}" for number in range(since + 1, revision + 1)}
        records |= {"all"} if since else set()
        assert found(engine, Every(), grouped=False) == records, "one revision, never a mixture"
        engine.close()


class TestTail:
    """What scores less than a share of the best of its own question is left out."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> WhooshEngine:
        engine = open_with_tail(tmp_path)
        filler = " ".join(f"w{number}" for number in range(60))
        made = [
            passage("best", "铬 铬 渣", title="铬", values={"kind": ("a",)}),
            passage("tail", f"铬 {filler} {filler} {filler} {filler}", values={"kind": ("b",)}),
            passage("other", "镍", values={"kind": ("b",)}),
        ]
        fill(engine, made)
        return engine

    def test_it_is_left_out_of_hits_and_counts(self, engine: WhooshEngine) -> None:
        assert found(engine, words("铬")) == {"best"}
        assert engine.search(EngineQuery(words("铬"), facets=("kind",))).facets == {"kind": {"a": 1}}

    def test_choosing_values_gives_what_was_counted(self, engine: WhooshEngine) -> None:
        assert found(engine, words("铬"), filters=(("kind", ("a", "b")),)) == {"best"}

    def test_what_lies_outside_the_scope_is_no_best(self, engine: WhooshEngine) -> None:
        more = " ".join(f"v{number}" for number in range(225))
        fill(engine, [passage("near", f"铬 {more}", values={"kind": ("b",)})], revision=2)
        assert found(engine, words("铬")) == {"best"}
        assert found(engine, words("铬"), scope=(("kind", ("b",)),)) == {"near", "tail"}
        assert found(engine, words("铬"), scope=(("kind", ("b",)),), filters=(("kind", ("a",)),)) == set()

    def test_where_filters_leave_nothing_else_it_is_better_than_nothing(self, engine: WhooshEngine) -> None:
        assert found(engine, words("铬"), filters=(("kind", ("b",)),)) == {"tail"}

    def test_a_title_comes_first_and_hides_nothing(self, engine: WhooshEngine) -> None:
        fill(engine, [passage("title", "水", title="镍")], revision=2)
        assert ids(engine, Ranked(("镍",), ("镍",), (), whole="镍")) == ["title", "other"]

    def test_each_branch_of_or_has_its_own_best(self, engine: WhooshEngine) -> None:
        whole = Ranked(("镍",), ("镍",), (), whole="铬")
        assert found(engine, Either((words("铬"), words("镍")))) == {"best", "other"}
        assert found(engine, Either((whole, words("镍")))) == {"best", "other"}


def open_with_tail(folder: Path) -> WhooshEngine:
    return WhooshEngine(folder, replace(RANKING, tail=0.5), "one")
