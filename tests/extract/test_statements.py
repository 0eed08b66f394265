"""What texts say of themselves: when they take effect."""

from __future__ import annotations

import pytest

from cpkb.extract.statements import effective_date, last_of, takes_effect
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


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2026.8.15起施行。", "2026-08-15"),
        ("本办法自2026-08-15起施行。", "2026-08-15"),
        ("本办法自2026/8/15起施行。", "2026-08-15"),
        ("本办法自2026年8月起施行。", "2026-08-01"),
        ("本办法自2026年8月15日零时起施行。", "2026-08-15"),
        ("本办法从2026年8月15日开始施行。", "2026-08-15"),
        ("本办法自2026年8月15日起试行二年。", "2026-08-15"),
        ("本办法施行日期为2026年8月15日。", "2026-08-15"),
        ("本办法自公布之日起三十日后施行。", "2026-04-01"),
        ("本办法自发布之日起30日后施行。", "2026-04-01"),
        ("本办法自公布之日起满三个月施行。", "2026-06-02"),
        ("本办法自公布之日起20个工作日后施行。", ""),
        ("本办法所代替的2015年3月1日起施行的规定。", ""),
    ],
)
def test_the_day_of_effect_in_any_style_or_counted_from_publication(text: str, day: str) -> None:
    assert effective_date(article(text), "2026-03-02") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2026年8月15日起施行，有效期五年。", "2031-08-15"),
        ("本办法自2026年8月15日起施行。有效期为5年。", "2031-08-15"),
        ("本办法自2026年8月15日起施行，有效期至2031年8月14日。", "2031-08-15"),
        ("本办法自2026年8月15日起施行，至2031年8月14日止。", "2031-08-15"),
        ("本办法自2026年8月15日起施行，2031年8月15日废止。", "2031-08-15"),
        ("本办法自2026年8月15日起施行，试行期二年。", "2028-08-15"),
        ("本办法自2026年8月15日起试行两年。", "2028-08-15"),
        ("本办法自2026年8月15日起施行，《甲办法》自2026年10月1日起废止。", ""),
        ("本办法自2026年8月15日起施行。审核证书有效期五年。", ""),
        ("企业取得的许可证有效期五年，本办法另有规定的除外。", ""),
        ("本办法自2026年8月15日起施行，原许可证有效期至2027年12月31日。", ""),
        ("本许可证有效期为五年。", ""),
        ("本标准自2026年8月15日起实施，现有企业原限值执行至2027年12月31日止。", ""),
        ("本办法自2026年8月15日起施行，自2026年8月15日起废止《甲办法》。", ""),
    ],
)
def test_how_long_a_text_holds(text: str, day: str) -> None:
    assert last_of(article(text), "2026-08-15")[0] == day


def test_a_term_from_a_day_that_is_not_known_is_named_without_an_end() -> None:
    text = "本办法自发布之日起施行，有效期五年。"
    assert last_of(article(text), "") == ("", text)


@pytest.mark.parametrize(
    ("effective", "term", "day"), [("2028-02-29", "五年", "2033-03-01"), ("2026-08-31", "六个月", "2027-03-01")]
)
def test_a_term_that_ends_in_a_shorter_month_holds_on_its_last_day(effective: str, term: str, day: str) -> None:
    assert last_of(article(f"本办法自公布之日起施行，有效期{term}。"), effective)[0] == day


def test_a_text_that_holds_until_the_end_of_the_calendar_ends_on_no_day() -> None:
    assert last_of(article("本办法自2026年8月15日起施行，有效期至9999年12月31日。"), "2026-08-15") == ("", "")


def test_a_day_before_a_wide_gap_is_looked_at_once() -> None:
    assert takes_effect(f"自2026年8月15日{' ' * 2000}示例") == (0, "")
