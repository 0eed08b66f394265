"""Explanations: why a result is there, in words and bars, with and without vectors; and how sure the page is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bs4 import Tag
from flask.testing import FlaskClient
from numpy.typing import NDArray

from cpkb.analysis.embedding import DIMENSION, Embedder
from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.passage import Passage
from cpkb.model.query import Query
from cpkb.model.record import Record
from cpkb.model.results import PARTS, Hit, Results, ScorePart, Snippet
from cpkb.model.source import Source
from cpkb.model.validity import Validity
from cpkb.pages.about_page import PART_MEANS
from cpkb.pages.explanation import account
from cpkb.pipeline.embed import meanings
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.store.store import StoredFile
from tests.pages.look import links, one, page, text
from tests.site import OLD_LAW

FOUND = "/search?q=示例 镀铬漂洗水应当回用"


def hit(*parts: ScorePart) -> Hit:
    record = Record("sample", "technology", "示例", {}, (Source("示例", "示例出版者"),))
    score = sum(part.score for part in parts)
    empty = Snippet(())
    return Hit(record, Passage(0, ""), score, empty, empty, Validity("", Query().as_of), parts=parts)


def told(*parts: ScorePart) -> list[tuple[str, str, str]]:
    lines = account(hit(*parts), (("黄雾", ("铬酸雾",)),))
    return [(line.label, line.says, line.shown) for line in lines]


def test_words_stand_by_where_they_are_and_longer_ones_tell_the_shorter() -> None:
    assert told(
        ScorePart("words", "含铬废水", ("text",), 3.0),
        ScorePart("words", "含铬", ("text",), 2.0),
        ScorePart("words", "废水", ("heading", "text"), 5.0),
    ) == [("含有的词", "正文：含铬废水；条目标题、正文：废水", "100%")]


def test_pairs_of_characters_are_one_line() -> None:
    grams = (ScorePart("grams", f"字{at}", ("text",), 1.0) for at in range(40))
    assert told(*grams) == [("字面相合", "问题里的单字和相邻两字，有 40 组在这里", "100%")]


def test_a_synonym_is_told_with_the_word_it_was_searched_for() -> None:
    assert told(ScorePart("synonyms", "铬酸雾", (), 1.0), ScorePart("synonyms", "汞", (), 1.0)) == [
        ("近义说法", "黄雾 → 铬酸雾、汞", "100%")
    ]


def test_lines_go_by_their_share_and_what_takes_away_is_last() -> None:
    assert told(
        ScorePart("quantity", "10蒸吨以下", (), 0.5),
        ScorePart("number", "y180m-4", (), 29.5),
        ScorePart("meaning", "", (), 60.0),
        ScorePart("coverage", "50%", (), 10.0),
        ScorePart("ended", "", (), -15.0),
    ) == [
        ("意思相近", "这一段的意思和问题接近，用词可以不同", "60%"),
        ("编号型号", "这里有 Y180M-4，或它的系列", "30%"),
        ("符合的份额", "问到的有 50% 在这里，少见的词算得多", "10%"),
        ("数值", "这里的数值合于“10蒸吨以下”", "不到 1%"),
        ("已失效", "到所选日期已不再有效，排得靠后一些", "−15%"),
    ]


@pytest.mark.parametrize("kind", PARTS)
def test_every_kind_of_part_is_told_and_helped_with(client: FlaskClient, kind: str) -> None:
    assert [label for label, says, _ in told(ScorePart(kind, "词", ("text",), 1.0)) if says] == [PARTS[kind]]
    help_page = page(client, "/help").get_text()
    assert PARTS[kind] in help_page
    assert PART_MEANS[kind] in help_page


def test_results_are_explained_when_that_is_asked_and_no_longer_when_it_is_not(client: FlaskClient) -> None:
    plain = page(client, f"{FOUND}&collection=policy&page=1")
    assert not plain.select(".why")
    there = one(plain, ".also a[href*=explain]")
    assert there.get_text() == "解释这些结果"
    explained = page(client, str(there["href"]))
    assert len(explained.select(".hit details.why[open]")) == len(explained.select(".hit")) > 0
    back = next(a for a in explained.select(".also a") if a.get_text() == "不再解释")
    assert links(back.parent or explained)[-1] == f"{FOUND}&collection=policy"


def test_a_bar_is_as_wide_as_its_share_says(client: FlaskClient) -> None:
    lines = page(client, f"{FOUND}&explain=on").select(".hit")[0].select(".why li")
    shown = [text(line, ".share") for line in lines]
    widths = [float(str(one(line, ".bar .part")["width"])) for line in lines]
    told = zip(widths, shown, strict=True)
    assert all(abs(width - float(share.rstrip("%"))) <= 1 for width, share in told if width > 2)  # both are rounded
    assert sum(widths) == pytest.approx(100, abs=1)


def test_what_took_away_is_told(client: FlaskClient) -> None:
    tree = page(client, "/search?q=示例旧条例&explain=on&as_of=2026-11-01&collection=policy")
    ended = next(h for h in tree.select(".hit") if links(h, f"h2 a[href*='{OLD_LAW}']"))
    assert text(ended, ".why .less .label") == "已失效"
    assert text(ended, ".why .less .share") == "−15%"


def test_conditions_alone_have_nothing_to_explain(client: FlaskClient) -> None:
    tree = page(client, "/search?q=类别:技术&explain=on")
    assert not tree.select(".why")
    assert "没有打分" in text(tree, ".also")


def test_explanations_stay_while_pages_turn_but_not_in_the_table(client: FlaskClient) -> None:
    tree = page(client, "/search?q=电镀&explain=on&limit=5")
    assert "explain=on" in str(one(tree, ".pager a[rel=next]")["href"])
    assert client.get("/search.csv?q=电镀&explain=on").status_code == 200


def test_what_comes_nearest_is_shown_as_that_and_can_be_explained(client: FlaskClient) -> None:
    tree = page(client, "/search?q=宠物店怎么减少狗毛&explain=on")
    assert text(tree, ".empty h2") == "没有找到答得上「宠物店怎么减少狗毛」的内容"
    assert text(tree, ".nearly-title") == "最接近的几条（不一定相关）"
    assert tree.select(".hit .why")


@pytest.fixture
def doubting(kb: KnowledgeBase, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A site that is sure of nothing."""
    find = kb.finder.find
    monkeypatch.setattr(kb.finder, "find", lambda *asked: _doubted(find(*asked)))
    return client


def _doubted(found: Results) -> Results:
    return replace(found, confidence="perhaps") if found.hits else found


@pytest.mark.parametrize("address", ["/search?q=电镀", "/collections/technology?q=电镀"])
def test_doubt_is_said_above_the_results_with_what_helps(doubting: FlaskClient, address: str) -> None:
    tree = page(doubting, f"{address}&industry=33")
    assert "不一定答得上" in text(tree, ".unsure")
    assert links(tree, ".unsure a") == ["/help#confidence", address]


def test_who_is_sure_says_nothing_of_it(client: FlaskClient) -> None:
    assert not page(client, FOUND).select(".unsure")


@pytest.fixture
def near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A small site whose passages have vectors."""
    monkeypatch.setattr("cpkb.knowledge_base.missing", lambda: "")
    monkeypatch.setattr(Embedder, "question", lambda _self, _text: _vectors(1)[0])
    with opened(Settings(home=tmp_path)) as kb:
        kb.store.put_file(StoredFile("samples/near.toml", "00" * 32, 1, "sample-1", "imported"), [*_techniques()])
        catch_up(kb.store, kb.engine, kb.analyzer)
        keys = list(meanings(kb.store))
        kb.engine.add_vectors(keys, _vectors(len(keys)))
        yield create_app(kb).test_client()


def _vectors(many: int) -> NDArray[np.float32]:
    """Unit vectors, the nearest to the question first."""
    made = np.zeros((many, DIMENSION), dtype=np.float32)
    made[:, 0] = np.cos(np.arange(many) / 100)
    made[:, 1] = np.sin(np.arange(many) / 100)
    return made


def _techniques() -> Iterator[Record]:
    for at, title in enumerate(("铬雾抑制剂", "汞的替代")):
        source = Source("示例指南", "示例出版者", file="samples/near.toml")
        yield Record(f"near-{at}", "technology", title, {"summary": f"示例{title}。", "kind": "prevention"}, (source,))


def also(tree: Tag) -> dict[str, str]:
    return {a.get_text(): link for a, link in zip(tree.select(".also a"), links(tree, ".also a"), strict=True)}


def test_likeness_of_meaning_is_told_and_can_be_switched_off_and_on(near: FlaskClient) -> None:
    asked = page(near, "/search?q=水银 替代")
    assert "也搜索了：水银 → 汞；意思相近的段落" in text(asked, ".also")
    assert also(asked)["只按字面（不按意思）"] == "/search?q=水银 替代&semantic=off"
    literal = page(near, "/search?q=水银 替代&semantic=off")
    assert "意思相近" not in text(literal, ".also")
    assert also(literal)["也按意思搜"] == "/search?q=水银 替代"
    assert also(literal)["只搜原词"] == "/search?q=水银 替代&semantic=off&synonyms=off"


def test_likeness_of_meaning_is_a_line_of_the_explanation(near: FlaskClient) -> None:
    labels = [label.get_text() for label in page(near, "/search?q=水银 替代&explain=on").select(".why .label")]
    literal = page(near, "/search?q=水银 替代&explain=on&semantic=off")
    assert "意思相近" in labels
    assert "意思相近" not in [label.get_text() for label in literal.select(".why .label")]


def test_nothing_is_said_of_meaning_where_there_are_no_vectors(client: FlaskClient) -> None:
    assert "意思相近" not in text(page(client, FOUND), ".also")
