"""What texts say of themselves: when they take effect."""

from __future__ import annotations

import pytest

from cpkb.extract.statements import effective_date
from cpkb.extract.titles import named
from cpkb.model.passage import Passage


def article(text: str) -> list[Passage]:
    return [Passage(0, text, "第九条", kind="article")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本条例自2021年1月1日起施行。", "2021-01-01"),
        ("本办法自二○二一年一月一日起施行。", "2021-01-01"),
        ("本标准自 2021 年 1 月 1 日起实施。", "2021-01-01"),
        ("本规定自公布之日起施行。", "2020-05-06"),
        ("甲自2021年1月1日起执行新的标准。", ""),
        ("本法（原称《甲条例》）自1989年1月1日起施行。", "1989-01-01"),
        ("本意见所称《甲条例》自1998年1月1日起施行。", ""),
    ],
)
def test_when_a_text_takes_effect(text: str, day: str) -> None:
    assert effective_date(article(text), "2020-05-06") == day


def test_the_history_of_a_law_tells_when_it_takes_effect() -> None:
    history = "2001年5月6日示例会议通过\n2012年3月4日《关于修改〈示例法〉的决定》修正\n2014年1月1日 施行"
    passages = [Passage(0, history, "题注", kind="preface")]
    assert effective_date(passages, "") == "2014-01-01"


def test_titles_within_titles_are_one() -> None:
    assert [title for title, _, _ in named("《甲》和《关于《乙》的办法》")] == ["甲", "关于《乙》的办法"]
