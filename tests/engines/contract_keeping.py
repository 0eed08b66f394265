"""What any engine must keep, and what must not spoil it: writers that fail, are killed, or are two."""

from __future__ import annotations

import signal
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from cpkb.engines.engine import FEATURES, Engine
from cpkb.engines.query import EngineQuery, Every, Without
from cpkb.errors import IndexBusyError
from tests.engines.opened import Opened, fill, found, write_and_die, write_and_fail
from tests.engines.passages import passage, words


class KeepingContract(Opened):
    """What is kept."""

    # what is kept

    def test_an_empty_folder_answers_nothing_and_says_so(self, engine: Engine) -> None:
        results = engine.search(EngineQuery(words("铬"), facets=("industry",)))
        assert (results.hits, results.total, results.passages, dict(results.facets)) == ((), 0, 0, {})
        assert engine.status().revision == -1

    def test_an_index_of_nothing_answers_nothing(self, engine: Engine) -> None:
        fill(engine, [], revision=5)
        assert engine.search(EngineQuery(Every(), facets=("industry",))).total == 0
        assert (engine.status().revision, engine.status().passages) == (5, 0)

    def test_what_is_put_is_found_and_counted(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬 渣"), passage("b", "废 水"), passage("b", "铬 酸", 1)], revision=7)
        assert found(engine, words("铬")) == {"a", "b"}
        assert found(engine, words("渣")) == {"a"}
        status = engine.status()
        assert (status.revision, status.passages) == (7, 3)
        assert status.terms > 0
        assert status.bytes > 0

    def test_every_feature_that_is_named_can_be_asked_for(self, engine: Engine) -> None:
        assert [feature for feature in FEATURES if not engine.can(feature)] == ["meaning"]
        fill(engine, [passage("a", "水", meaning=1), passage("b", "气", meaning=2)])
        engine.add_vectors([1], np.eye(1, 384, dtype=np.float32))
        assert not engine.can("meaning"), "one of two passages still waits for its vector"
        assert engine.status().vectors == 1
        engine.add_vectors([2], np.eye(1, 384, dtype=np.float32))
        assert [feature for feature in FEATURES if not engine.can(feature)] == []
        assert engine.status().vectors == 2
        assert not engine.can("telepathy")

    def test_results_say_whether_vectors_took_part(self, engine: Engine) -> None:
        fill(engine, [passage("a", "水", meaning=1)])
        asked = replace(words("水"), meaning=np.eye(1, 384, dtype=np.float32).tobytes())
        assert not engine.search(EngineQuery(asked)).by_meaning
        engine.add_vectors([1], np.eye(1, 384, dtype=np.float32))
        assert engine.search(EngineQuery(asked)).by_meaning
        assert not engine.search(EngineQuery(words("水"))).by_meaning

    def test_putting_again_replaces_every_passage_of_the_record(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬 渣"), passage("a", "铬 酸", 1), passage("b", "铬 粉")])
        fill(engine, [passage("a", "镍 渣")], revision=2)
        assert found(engine, words("铬")) == {"b"}
        assert found(engine, words("镍")) == {"a"}
        assert (engine.status().revision, engine.status().passages) == (2, 2)

    def test_what_is_dropped_is_gone_from_hits_counts_and_facets(self, engine: Engine) -> None:
        fill(engine, [passage(name, "铬 渣", values={"industry": ("电镀",)}) for name in ("a", "b")])
        with engine.writing(2) as writer:
            writer.drop("a")
            writer.drop("never-there")
        results = engine.search(EngineQuery(words("铬"), facets=("industry",)))
        assert [hit.record_id for hit in results.hits] == ["b"]
        assert (results.total, dict(results.facets["industry"])) == (1, {"电镀": 1})
        assert found(engine, Without(words("镍"))) == {"b"}

    def test_a_change_is_seen_by_engines_that_are_already_open(self, tmp_path: Path) -> None:
        writer, reader = self.open(tmp_path), self.open(tmp_path)
        fill(writer, [passage("a", "铬")])
        assert found(reader, Every()) == {"a"}
        fill(writer, [passage("b", "铬")], revision=2)
        assert found(reader, Every()) == {"a", "b"}
        fill(writer, [passage("c", "铬")], revision=3, rebuild=True)
        assert found(reader, Every()) == {"c"}
        assert reader.status().revision == 3

    def test_an_error_while_writing_changes_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬")])
        for rebuild in (False, True):
            with pytest.raises(ZeroDivisionError):
                write_and_fail(engine, rebuild=rebuild)
        assert found(engine, Every()) == {"a"}
        assert engine.status().revision == 1

    def test_an_index_survives_closing_and_opening(self, tmp_path: Path) -> None:
        first = self.open(tmp_path)
        fill(first, [passage("a", "铬")], revision=3)
        first.close()
        again = self.open(tmp_path)
        assert found(again, Every()) == {"a"}
        assert again.status().revision == 3

    # safety

    def test_a_second_writer_is_refused_and_the_first_goes_on(self, tmp_path: Path) -> None:
        first, second = self.open(tmp_path), self.open(tmp_path)
        with first.writing(1) as writer:
            writer.put("a", [passage("a", "铬")])
            with pytest.raises(IndexBusyError), second.writing(2):
                pytest.fail("two writers at once")
        assert found(second, Every()) == {"a"}
        fill(second, [passage("b", "铬")], revision=2)
        assert found(first, Every()) == {"a", "b"}

    @pytest.mark.parametrize("rebuild", [False, True], ids=["catching up", "rebuilding"])
    def test_a_writer_that_is_killed_leaves_the_last_state_and_no_lock(self, tmp_path: Path, rebuild: bool) -> None:  # noqa: FBT001 — a case of the table
        engine = self.open(tmp_path)
        fill(engine, [passage("a", "铬"), passage("b", "镍")])
        process = get_context("spawn").Process(target=write_and_die, args=(type(self).opener, tmp_path, rebuild))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        again = self.open(tmp_path)
        assert found(again, Every()) == {"a", "b"}
        assert again.status().revision == 1
        fill(again, [passage("c", "铬")], revision=2)
        assert found(again, Every()) == {"a", "b", "c"}
        fill(again, [passage("d", "铬")], revision=3, rebuild=True)
        assert found(engine, Every()) == {"d"}

    def test_a_rebuild_starts_from_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬"), passage("b", "镍")])
        fill(engine, [passage("b", "铬")], revision=2, rebuild=True)
        assert found(engine, Every()) == {"b"}
        assert engine.status().revision == 2

    def test_an_index_made_with_other_terms_counts_as_not_built_and_is_made_anew(self, tmp_path: Path) -> None:
        fill(self.open(tmp_path, "one"), [passage("a", "铬")], revision=4)
        other = self.open(tmp_path, "two")
        assert [self.open(tmp_path, name).revision() for name in ("one", "two")] == [4, -1]
        fill(other, [passage("b", "铬")], revision=4)
        assert found(other, Every()) == {"b"}, "nothing cut in the old way is left"
        assert [self.open(tmp_path, name).revision() for name in ("one", "two")] == [-1, 4]
