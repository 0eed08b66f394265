"""The index catches up with the store: what changed, no more, and everything when the terms are others."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cpkb.engines.query import EngineQuery
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.engines.whoosh.merging import MOST_SEGMENTS
from cpkb.pipeline.reindex import catch_up, tidy
from cpkb.store.store import Store
from tests.analysis.shipped import shipped_analyzer
from tests.engines.test_whoosh import RANKING
from tests.store.samples import law, put, technique
from tests.store.test_store import CODE


def engine_for(folder: Path, made_by: str = "one") -> WhooshEngine:
    return WhooshEngine(folder / "index", RANKING, made_by)


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    store, engine, analyzer = Store(tmp_path / "cpkb.sqlite"), engine_for(tmp_path), shipped_analyzer()
    put(store, "a.tsv", technique("1"), technique("2"))
    assert catch_up(store, engine, analyzer) == 2
    assert catch_up(store, engine, analyzer) == 0
    put(store, "a.tsv", technique("1"), technique("2", "改了"), technique("3"))
    seen: list[int] = []
    assert catch_up(store, engine, analyzer, progress=seen.append) == 2
    assert seen == [1, 2]
    put(store, "a.tsv", technique("1"))
    assert catch_up(store, engine, analyzer) == 0
    assert engine.status().passages == 1
    assert engine.revision() == store.revision()
    store.close()


def test_a_repealed_text_is_written_again_with_the_repeal(tmp_path: Path) -> None:
    store, engine, analyzer = Store(tmp_path / "cpkb.sqlite"), engine_for(tmp_path), shipped_analyzer()
    put(store, "law.md", law("old", "环境保护法", "正文"), law("other", "水法", "正文"))
    catch_up(store, engine, analyzer)
    put(store, "code.md", CODE)
    assert catch_up(store, engine, analyzer) == 2, "the code, and the law it repeals"
    store.close()


def test_other_terms_and_a_rebuild_write_everything(tmp_path: Path) -> None:
    store, analyzer = Store(tmp_path / "cpkb.sqlite"), shipped_analyzer()
    put(store, "a.tsv", technique("1"), technique("2"))
    catch_up(store, engine_for(tmp_path), analyzer)
    assert catch_up(store, engine_for(tmp_path, "two"), analyzer) == 2
    assert catch_up(store, engine_for(tmp_path, "two"), analyzer) == 0
    assert catch_up(store, engine_for(tmp_path, "two"), analyzer, rebuild=True) == 2
    store.close()


def test_a_rebuild_that_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    store, analyzer = Store(tmp_path / "cpkb.sqlite"), shipped_analyzer()
    put(store, "a.tsv", *(technique(str(number)) for number in range(1, 7)))
    engine = WhooshEngine(tmp_path / "index", RANKING, "one", megabytes=1)  # every record becomes a segment at once

    def stop(written: int) -> None:
        if written == 4:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        catch_up(store, engine, analyzer, progress=stop)
    assert engine.revision() == -1
    put(store, "a.tsv", technique("1"), technique("2", "改了"), *(technique(str(number)) for number in range(4, 8)))
    assert catch_up(store, engine_for(tmp_path), analyzer) == 4, "the second, which changed, and from the fifth on"
    whole = engine_for(tmp_path / "whole")
    catch_up(store, whole, analyzer)
    told = [set(e.search(EngineQuery(limit=100)).hits) for e in (engine_for(tmp_path), whole)]
    assert told[0] == told[1]
    store.close()


def test_what_many_changes_left_behind_is_tidied(tmp_path: Path) -> None:
    store, engine, analyzer = Store(tmp_path / "cpkb.sqlite"), engine_for(tmp_path), shipped_analyzer()
    for number in range(1, 14):
        put(store, "a.tsv", *(technique(str(n)) for n in range(1, number + 1)))
        catch_up(store, engine, analyzer)
    before = engine.search(EngineQuery(limit=100)).hits
    tidy(engine)
    assert engine.search(EngineQuery(limit=100)).hits == before
    assert len(list(tmp_path.glob("index/built-*/*.columns"))) <= MOST_SEGMENTS
    store.close()
