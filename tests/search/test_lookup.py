"""Looking up: articles by number, models by series and range, titles inside questions, copies, what no longer holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpkb.model.record import Record
from cpkb.search.request import parse_request
from tests.search.library import Library, build, motor, text

LONG = "企业应当建立用水台账，逐日记录取水、用水和排水数量，并至少保存三年备查，不得弄虚作假，违者责令改正。"
OTHER = "排污单位应当按照示例规定安装在线监测设备并保证正常运行，监测数据应当如实公开，接受社会监督和检查。"
RECORDS: tuple[Record, ...] = (
    text("water-a", "示例节水条例", "为了节约用水，制定本条例。", LONG, "见第二条。", effective="2015-01-01"),
    text("water-b", "示例节水条例（转载本）", "为了节约用水而制定。", LONG, effective="2015-01-01"),
    text("other", "示例排污办法", "为了管理排污，制定本办法。", OTHER, effective="2016-01-01"),
    text("ended", "示例旧规定", "镀槽应当加盖，示例旧规定适用。", effective="2001-01-01", repealed="2010-01-01"),
    text("held", "示例新规定", "镀槽应当加盖，示例新规定适用。", effective="2010-01-01"),
    text("plan", "示例草稿", "镀槽应当加盖，示例草稿适用。", status="draft"),
    text("list-a", "示例名录（2021年版）", "示例名录正文甲。", effective="2021-01-01"),
    text("list-b", "示例名录", "示例名录登记。", effective="2021-01-01", repealed="2025-01-01"),
    text("amended", "示例促进法", "示例促进法修正文本。", issued="2012-02-29", effective="2003-01-01"),
    motor("series", "JO2系列"),
    motor("special", "JO2-WF"),
    motor("range", "SL7-30/10～SL7-1600/10"),
    motor("single", "Y160M-4"),
    motor("family", "YB系列"),
)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = build(tmp_path_factory.mktemp("lookup"), RECORDS)
    yield library
    library.engine.close()
    library.store.close()


@pytest.mark.parametrize("question", ["示例节水条例 第二条", "示例节水条例第2条", "示例节水条例 第 2 条"])
def test_an_article_is_found_by_its_number_before_those_that_cite_it(lookup: Library, question: str) -> None:
    first = lookup.passages(question)[0]
    assert first in {("water-a", "第2条"), ("water-b", "第2条")}
    assert first != ("water-a", "第3条")


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("JO2", "series"),
        ("JO2-51-4", "series"),
        ("J02-51-4", "series"),
        ("SL7-100/10", "range"),
        ("SL7", "range"),
        ("SL7-30/10", "range"),
        ("Y160M4", "single"),
        ("YB2-132", "family"),
    ],
)
def test_a_model_leads_to_the_row_that_names_it_its_series_or_its_range(
    lookup: Library, model: str, found: str
) -> None:
    assert lookup.first(model).record.id == found


def test_a_listed_model_brings_no_other_model_of_its_series(lookup: Library) -> None:
    assert lookup.ids("Y160M-4") == {"single"}
    assert lookup.ids("Y160M-2") == set()


def test_a_question_that_names_a_title_prefers_its_text(lookup: Library) -> None:
    assert lookup.first("示例促进法什么时候修正").record.id == "amended"


def test_the_same_wording_in_two_texts_is_one_hit_that_tells_of_the_other(lookup: Library) -> None:
    hits = [hit for hit in lookup.ask("逐日记录取水 用水台账").hits if hit.record.id.startswith("water")]
    assert len(hits) == 1
    assert {hits[0].record.id, *(twin.record.id for twin in hits[0].twins)} == {"water-a", "water-b"}


def test_of_equal_texts_the_one_in_force_comes_first_and_drafts_last(lookup: Library) -> None:
    ids = [hit.record.id for hit in lookup.ask("镀槽应当加盖").hits]
    assert ids == ["held", "ended", "plan"]


def test_a_text_takes_its_end_from_another_text_of_its_edition(lookup: Library) -> None:
    states = {hit.record.id: hit.validity.state for hit in lookup.ask("示例名录", as_of="2026-01-01").hits}
    assert (states["list-a"], states["list-b"]) == ("repealed", "repealed")


def test_an_amended_text_does_not_hold_before_its_amendment(lookup: Library) -> None:
    assert lookup.first("示例促进法", as_of="2000-01-01").validity.state == "not_yet"
    assert lookup.first("示例促进法", as_of="2005-01-01").validity.state == "unknown", "its earlier wording held"
    assert lookup.first("示例促进法", as_of="2013-01-01").validity.state == "in_force"


def test_a_clause_told_as_a_twin_is_still_found_inside_its_own_text(lookup: Library) -> None:
    query = parse_request({"q": ["逐日记录取水 用水台账"]}).query
    for record_id in ("water-a", "water-b"):
        assert lookup.finder.inside(lookup.store.record(record_id), query) == (1,)
