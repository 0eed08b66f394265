"""Vectors catch up with the store: what comes with the program is taken over, each wording is embedded once, and what
was done when it stopped is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from cpkb.analysis.embedding import Embedder, Vectors, meaning_key
from cpkb.engines.vectors import DIMENSION, VectorFile
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.engines.whoosh.scoring import ENOUGH
from cpkb.knowledge_base import opened
from cpkb.pipeline.embed import BATCH, adopt, catch_up_vectors, meanings, ship
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.store.store import Store
from tests.analysis.shipped import shipped_analyzer
from tests.engines.test_whoosh import RANKING
from tests.store.samples import law, put, technique


@dataclass
class Numbered(Embedder):
    """An embedder whose vectors are drawn by the text's key: always the same, unlike for unlike texts."""

    batches: list[list[str]] = field(default_factory=list)

    def question(self, text: str) -> Vectors:
        return drawn(text)

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        return np.array([drawn(text) for text in texts], dtype=np.float32)

    @property
    def texts(self) -> list[str]:
        return [text for batch in self.batches for text in batch]


def drawn(text: str) -> Vectors:
    vector = np.random.default_rng(meaning_key(text)).normal(size=DIMENSION)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


@dataclass(frozen=True)
class Home:
    """A store and its index, with more texts than one batch takes."""

    store: Store
    engine: WhooshEngine
    shipped: Path

    def catch_up(self, embedder: Embedder) -> list[int]:
        return list(catch_up_vectors(self.store, self.engine, embedder, self.shipped))

    def lacking(self) -> list[int]:
        return self.engine.without_vector([*meanings(self.store)])


MANY = BATCH * 2 + 5


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    store = Store(tmp_path / "cpkb.sqlite")
    engine = WhooshEngine(tmp_path / "index", RANKING, "one")
    put(store, "a.tsv", *(technique(f"t{at}", f"第{at}项技术" + "节水" * (at % 7)) for at in range(MANY)))
    catch_up(store, engine, shipped_analyzer())
    yield Home(store, engine, tmp_path / "shipped.bin")
    engine.close()
    store.close()


def test_every_passage_gets_its_vector_a_batch_at_a_time(home: Home) -> None:
    embedder = Numbered()
    assert home.catch_up(embedder) == [MANY, MANY - BATCH, MANY - 2 * BATCH, 0]
    assert [len(batch) for batch in embedder.batches] == [BATCH, BATCH, 5]
    assert sorted(embedder.texts) == sorted(meanings(home.store).values())
    assert home.lacking() == []
    lengths = [len(text) for text in embedder.texts]
    assert lengths == sorted(lengths), "texts of like length together"
    assert home.catch_up(Numbered()) == [0]


def test_each_key_has_the_vector_of_its_own_text(home: Home) -> None:
    home.catch_up(Numbered())
    texts = meanings(home.store)
    table = VectorFile(home.shipped.parent / "index" / "vectors.bin").table()
    keys, vectors = table.vectors([*texts])
    assert len(keys) == MANY
    for key, vector in zip(keys, vectors, strict=True):
        assert vector @ drawn(texts[key]) > 0.999


def test_what_was_stopped_after_a_batch_goes_on_from_there(home: Home) -> None:
    first, second = Numbered(), Numbered()
    steps = catch_up_vectors(home.store, home.engine, first, home.shipped)
    assert [next(steps), next(steps)] == [MANY, MANY - BATCH]
    steps.close()  # type: ignore[attr-defined]  # what is yielded from is a generator
    assert len(home.lacking()) == MANY - BATCH
    assert home.catch_up(second)[0] == MANY - BATCH
    assert not set(first.texts) & set(second.texts)
    assert home.lacking() == []


def test_nothing_is_embedded_before_it_is_asked_for(home: Home) -> None:
    embedder = Numbered()
    steps = catch_up_vectors(home.store, home.engine, embedder, home.shipped)
    assert next(steps) == MANY
    assert embedder.batches == []


def test_vectors_that_come_with_the_program_are_taken_over_and_no_others(home: Home) -> None:
    texts = meanings(home.store)
    keys = [*texts][:40]
    shipped = np.array([drawn("own " + texts[key]) for key in keys], dtype=np.float32)
    VectorFile(home.shipped).append([*keys, 12345], np.concatenate([shipped, drawn("left the corpus")[None]]))
    embedder = Numbered()
    assert home.catch_up(embedder)[0] == MANY - 40
    assert not {texts[key] for key in keys} & set(embedder.texts)
    kept, vectors = VectorFile(home.shipped.parent / "index" / "vectors.bin").table().vectors(keys)
    assert kept == keys
    assert vectors == pytest.approx(shipped, abs=0.004)
    assert home.engine.without_vector([12345]) == [12345]


def test_equal_wordings_are_embedded_once(tmp_path: Path) -> None:
    store, engine = Store(tmp_path / "cpkb.sqlite"), WhooshEngine(tmp_path / "index", RANKING, "one")
    put(store, "a.md", law("first", "水法", "应当节约用水", "应当节约用水"), law("other", "电法", "应当节约用水"))
    put(store, "b.md", law("copy", "水法", "应当节约用水"))
    catch_up(store, engine, shipped_analyzer())
    embedder = Numbered()
    list(catch_up_vectors(store, engine, embedder, tmp_path / "none.bin"))
    assert sorted(embedder.texts) == ["水法，总则\n应当节约用水", "电法，总则\n应当节约用水"], "under its heads"
    engine.close()
    store.close()


def test_only_what_is_new_is_embedded_after_a_change(home: Home) -> None:
    home.catch_up(Numbered())
    put(home.store, "b.tsv", technique("new", "新来的技术"))
    put(home.store, "c.tsv", technique("t1-copy", "第1项技术节水"))
    embedder = Numbered()
    assert home.catch_up(embedder)[0] == len(embedder.texts) <= 2
    assert any("新来的技术" in text for text in embedder.texts)


def test_shipping_makes_what_is_new_keeps_what_is_there_and_leaves_out_what_is_gone(home: Home) -> None:
    texts = meanings(home.store)
    held = [*texts][:30]
    own = np.array([drawn("own " + texts[key]) for key in held], dtype=np.float32)
    VectorFile(home.shipped).append([12345, *held], np.concatenate([drawn("gone")[None], own]))
    embedder = Numbered()
    assert ship(home.store, embedder, home.shipped) == MANY
    assert sorted(embedder.texts) == sorted(text for key, text in texts.items() if key not in held)
    table = VectorFile(home.shipped).table()
    assert sorted(table.keys.tolist()) == sorted(texts)
    assert table.vectors(held)[1] == pytest.approx(own, abs=0.004)
    before = home.shipped.read_bytes()
    assert ship(home.store, Numbered(), home.shipped) == MANY
    assert home.shipped.read_bytes() == before, "again the same bytes"


def test_a_home_of_the_shipped_corpus_goes_by_meaning_from_the_start(shipped_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(shipped_home, tmp_path / "home")
    with opened(Settings(home=home, semantic=False)) as kb:
        wanted = meanings(kb.store)
        adopt(wanted, kb.engine, kb.settings.shipped_vectors)
        held = kb.engine.status()
        assert held.vectors >= ENOUGH * held.passages, "run `cpkb ship-vectors`"
        others = kb.engine.without_vector(list(wanted))
        kb.engine.add_vectors(others, np.ones((len(others), DIMENSION), dtype=np.float32) / DIMENSION**0.5)
        held = kb.engine.status()
        assert held.vectors == held.passages  # what the index waits for is what would be embedded
