"""Dates as Chinese documents write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.model.dates import find_date, find_dates, in_words, small_number

DAY = dt.date(2003, 11, 10)
DIGITS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    "text",
    [
        "2003-11-10",
        "2003/11/10",
        "2003.11.10",
        "2003年11月10日",
        "2003 年 11 月 10 日",
        "２００３年１１月１０日",
        "二〇〇三年十一月十日",  # U+3007
        "二○○三年十一月十日",  # U+25CB, as most printed notices have it
        "二零零三年十一月十日",
        "二ＯＯ三年十一月十日",
        "二OO三年十一月十日",
        "自2003年11月10日起施行",
        "上海市人民政府办公厅\n二○○三年十一月十日",
    ],
)
def test_one_day_in_every_spelling(text: str) -> None:
    assert find_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二四年元月一日", dt.date(2024, 1, 1)),
        ("二〇二四年二月二十九日", dt.date(2024, 2, 29)),
        ("二〇二六年十二月三十一日", dt.date(2026, 12, 31)),
        ("2026-8-5", dt.date(2026, 8, 5)),
        ("一九九七年二月三十日和一九九七年三月一日", dt.date(1997, 3, 1)),
    ],
)
def test_other_days(text: str, day: dt.date) -> None:
    assert find_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026年8月",
        "8月15日",
        "2026-02-30",
        "2023年2月29日",
        "2026-13-01",
        "2026-00-10",
        "二〇二六年十三月一日",
        "0000-01-01",
        "2026-08-155",
        "12026-08-15",
        "HJ 1306—2023",
        "336-054-17",
        "环发〔2003〕60号",
    ],
)
def test_what_is_not_a_full_possible_date_is_none(text: str) -> None:
    assert find_date(text) is None


def test_dates_come_in_the_order_of_the_text_whatever_their_spelling() -> None:
    text = "二〇〇二年六月二十九日通过，2003年1月1日施行；2012-02-29修正，二〇一二年七月一日起施行"
    found = [date.isoformat() for date in find_dates(text)]
    assert found == ["2002-06-29", "2003-01-01", "2012-02-29", "2012-07-01"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("一", 1), ("元", 1), ("九", 9), ("十", 10), ("十一", 11), ("二十", 20), ("二十八", 28), ("三十一", 31)],
)
def test_months_and_days_in_characters(text: str, number: int) -> None:
    assert small_number(text) == number


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_is_read_back_from_its_words_and_from_iso(day: dt.date) -> None:
    assert find_date(f"自{in_words(day)}起施行") == day
    assert find_date(day.isoformat()) == day


def in_characters(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_day_is_read_back_from_chinese_numerals(day: dt.date) -> None:
    year = "".join(DIGITS[int(digit)] for digit in f"{day.year:04d}")
    assert find_dates(f"{year}年{in_characters(day.month)}月{in_characters(day.day)}日") == [day]
