"""What texts say of themselves and others: taking effect, repealing, replacing."""

from __future__ import annotations

import pytest

from cpkb.extract.statements import effective_date, relations, version_date
from cpkb.extract.titles import named
from cpkb.model.passage import Passage


def article(text: str) -> list[Passage]:
    return [Passage(0, text, "第九条", kind="article")]


def repealed(text: str) -> list[tuple[str, str]]:
    found = relations("示例办法", article(text), "2030-01-01", ())
    return [(relation.target, relation.on) for relation in found if relation.kind == "repeals"]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("本法自2026年8月15日起施行。《甲法》、《乙法》同时废止。", ["甲法", "乙法"]),
        ("《甲办法》（示例令第1号）和《乙办法（试行）》同时废止。", ["甲办法", "乙办法（试行）"]),
        ("2001年7月13日示例会议通过的《示例实施〈甲法〉办法》同时废止。", ["示例实施〈甲法〉办法"]),
        ("根据《修改决定》修正的《甲条例》同时废止。", ["甲条例"]),
        ("《甲规定》予以废止。", ["甲规定"]),
        ("自本标准实施之日起，《甲规范》（HJ 1—2001）废止。", ["甲规范"]),
        ("根据《甲法》，本办法废止后另行规定。", []),
        ("《甲条例》（自1998年起施行，2017年废止）第二条规定示例。", []),
        ("《甲法》第三条同时废止。", []),
        ("对《甲法》提出修改或者废止的建议。", []),
    ],
)
def test_what_is_repealed(text: str, titles: list[str]) -> None:
    assert [target for target, _ in repealed(text)] == titles


def test_a_repeal_holds_from_the_day_the_article_names() -> None:
    assert repealed("本法自2026年8月15日起施行。《甲法》同时废止。") == [("甲法", "2026-08-15")]
    assert repealed("《甲法》同时废止。") == [("甲法", "2030-01-01")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本条例自2021年1月1日起施行。", "2021-01-01"),
        ("本办法自二○二一年一月一日起施行。", "2021-01-01"),
        ("本标准自 2021 年 1 月 1 日起实施。", "2021-01-01"),
        ("本规定自公布之日起施行。", "2020-05-06"),
        ("甲自2021年1月1日起执行新的标准。", ""),
    ],
)
def test_when_a_text_takes_effect(text: str, day: str) -> None:
    assert effective_date(article(text), "2020-05-06") == day


def test_the_history_of_a_law_tells_its_latest_version() -> None:
    history = "2001年5月6日示例会议通过\n2012年3月4日《关于修改〈示例法〉的决定》修正\n2014年1月1日 施行"
    passages = [Passage(0, history, "题注", kind="preface")]
    assert version_date(passages) == "2012-03-04"
    assert effective_date(passages, "") == "2014-01-01"


@pytest.mark.parametrize(
    ("title", "kind", "target"),
    [
        ("关于修改《示例法》的决定", "amends", "示例法"),
        ("示例省实施《示例法》办法", "implements", "示例法"),
        ("关于贯彻《示例法》的意见", "implements", "示例法"),
    ],
)
def test_a_title_states_a_relation(title: str, kind: str, target: str) -> None:
    assert [(relation.kind, relation.target) for relation in relations(title, [], "", ())] == [(kind, target)]


def test_a_foreword_says_what_the_standard_replaces() -> None:
    foreword = [Passage(0, "本标准代替 HJ/T 9901—2007。", "前言", kind="preface")]
    (found,) = relations("示例规范", foreword, "2031-08-01", ())
    assert (found.kind, found.target, found.on, found.locator) == ("replaces", "HJ/T 9901—2007", "2031-08-01", "前言")


def test_titles_within_titles_are_one() -> None:
    assert [title for title, _, _ in named("《甲》和《关于《乙》的办法》")] == ["甲", "关于《乙》的办法"]
