"""Validity: what holds on a day, and which text says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.model.record import Record, Relation
from cpkb.model.validity import STATES, Claim, Interval, interval, state_on, validity

CODE_DAY = "2026-08-15"
BEFORE, AFTER = dt.date(2026, 8, 14), dt.date(2026, 8, 15)


def law(**fields: str) -> Record:
    return Record("law", "policy", "中华人民共和国环境保护法", fields)


def claim(kind: str, on: str, by: str = "生态环境法典", locator: str = "第一千二百四十二条") -> Claim:
    return Claim(Relation(kind, "环境保护法", on, locator), by, f"/documents/code#{locator}")


def said(record: Record, claims: list[Claim], day: dt.date) -> list[tuple[str, str]]:
    return [(reason.says, reason.address) for reason in validity(record, claims, day).reasons]


IN_FORCE = {"effective": "2015-01-01"}
CASES: list[tuple[str, Mapping[str, str], list[Claim], str, str]] = [
    ("nothing known", {}, [], "2026-11-01", "unknown"),
    ("before its first day", IN_FORCE, [], "2014-12-31", "not_yet"),
    ("on its first day", IN_FORCE, [], "2015-01-01", "in_force"),
    ("dated only by publication", {"issued": "2014-04-24"}, [], "2014-04-24", "in_force"),
    ("published, not yet effective", {"issued": "2014-04-24", **IN_FORCE}, [], "2014-06-01", "not_yet"),
    ("before an amended text began", {"issued": "2018-10-26", **IN_FORCE}, [], "2014-12-31", "not_yet"),
    ("under an earlier wording", {"issued": "2018-10-26", **IN_FORCE}, [], "2015-01-01", "unknown"),
    ("in its amended wording", {"issued": "2018-10-26", **IN_FORCE}, [], "2018-10-26", "in_force"),
    ("a draft", {"status": "draft"}, [], "2026-11-01", "draft"),
    ("a draft with a date", {"status": "draft", "issued": "2020-01-01"}, [], "2026-11-01", "draft"),
    ("said to hold, undated", {"status": "in_force"}, [], "2026-11-01", "in_force"),
    ("said to be repealed, undated", {"status": "repealed"}, [], "2026-11-01", "repealed"),
    ("said to be repealed, with its start", {"status": "repealed", **IN_FORCE}, [], "2020-01-01", "repealed"),
    ("before its own last day", {**IN_FORCE, "repealed": CODE_DAY}, [], "2026-08-14", "in_force"),
    ("after its own last day", {**IN_FORCE, "repealed": CODE_DAY}, [], CODE_DAY, "repealed"),
    ("the day before the code", IN_FORCE, [claim("repeals", CODE_DAY)], "2026-08-14", "in_force"),
    ("the day of the code", IN_FORCE, [claim("repeals", CODE_DAY)], CODE_DAY, "repealed"),
    ("replaced", IN_FORCE, [claim("replaces", CODE_DAY)], "2026-11-01", "superseded"),
    ("amended, not yet", IN_FORCE, [claim("amends", CODE_DAY)], "2026-08-14", "in_force"),
    ("amended", IN_FORCE, [claim("amends", CODE_DAY)], CODE_DAY, "amended"),
    ("both", IN_FORCE, [claim("amends", "2020-01-01"), claim("repeals", CODE_DAY)], CODE_DAY, "repealed"),
    ("two ends", IN_FORCE, [claim("repeals", CODE_DAY), claim("replaces", "2020-01-01")], "2026-11-01", "superseded"),
    ("a repeal of an earlier edition", IN_FORCE, [claim("repeals", "2014-04-24")], "2026-11-01", "in_force"),
    ("a repeal on its own first day", IN_FORCE, [claim("repeals", "2015-01-01")], "2026-11-01", "in_force"),
    ("an amendment of an earlier edition", IN_FORCE, [claim("amends", "2010-01-01")], "2026-11-01", "in_force"),
    ("a repeal without a day", IN_FORCE, [claim("repeals", "")], "2026-11-01", "in_force"),
    ("implemented by another", IN_FORCE, [claim("implements", CODE_DAY)], "2026-11-01", "in_force"),
]  # fmt: skip


def test_a_proposed_end_is_shown_to_be_checked_and_ends_nothing() -> None:
    proposed = Claim(replace(claim("repeals", CODE_DAY).relation, is_proposed=True), "示例办法", "/documents/a")
    assert validity(law(**IN_FORCE), [proposed], AFTER).state == "in_force"
    assert ("待核对：2026年8月15日起废止，见《示例办法》第一千二百四十二条", "/documents/a") in said(
        law(**IN_FORCE), [proposed], AFTER
    )


def test_texts_that_disagree_on_the_last_day_are_shown_and_the_earliest_counts() -> None:
    claims = [claim("replaces", "2014-07-01", "甲标准"), claim("repeals", "2016-07-01", "甲标准")]
    record = law(effective="2001-01-01")
    assert ("所说的日期不一致（2014-07-01、2016-07-01），按最早的一日计", "") in said(record, claims, AFTER)
    assert validity(record, claims, dt.date(2015, 1, 1)).state == "superseded"
    assert not any("不一致" in says for says, _ in said(record, claims[:1], AFTER))


@pytest.mark.parametrize(("fields", "claims", "day", "state"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_state_on_a_day(fields: dict[str, str], claims: list[Claim], day: str, state: str) -> None:
    found = validity(law(**fields), claims, dt.date.fromisoformat(day))
    assert found.state == state
    assert found.label == STATES[state]


def test_the_cases_show_every_state() -> None:
    assert {state for *_, state in CASES} == set(STATES)


def test_a_repeal_is_said_with_its_day_and_a_link_to_the_clause() -> None:
    words = ("2026年8月15日起废止，见《生态环境法典》第一千二百四十二条", "/documents/code#第一千二百四十二条")
    claims = [claim("repeals", CODE_DAY)]
    assert words in said(law(**IN_FORCE), claims, AFTER)
    assert words in said(law(**IN_FORCE), claims, BEFORE), "a reader is told of an end that is still to come"


def test_own_dates_are_said_in_words() -> None:
    record = law(issued="2014-04-24", effective="2015-01-01")
    assert said(record, [], AFTER) == [("2014年4月24日公布", ""), ("2015年1月1日施行", "")]


def test_of_an_amended_text_it_is_said_since_when_its_wording_is_known() -> None:
    assert said(law(issued="2018-10-26", **IN_FORCE), [], AFTER) == [
        ("2015年1月1日施行", ""),
        ("现有文字见于2018年10月26日的文本；此前施行的若是别的文字，这里没有", ""),
    ]


def test_claims_about_an_earlier_edition_are_not_said() -> None:
    assert said(law(**IN_FORCE), [claim("repeals", "2014-04-24")], AFTER) == [("2015年1月1日施行", "")]


def test_a_repeal_without_a_day_is_said_as_such_and_decides_nothing() -> None:
    assert "日期不明，废止，见《生态环境法典》第一千二百四十二条" in dict(
        said(law(**IN_FORCE), [claim("repeals", "")], AFTER)
    )


def test_a_draft_says_what_it_is() -> None:
    assert ("这是草案，不是公布施行的文本", "") in said(law(status="draft"), [], AFTER)


def test_a_status_without_any_date_is_marked_as_the_sources_word() -> None:
    assert said(law(status="in_force"), [], AFTER) == [("来源标注，未见日期", "")]


def test_the_same_statement_twice_is_said_once() -> None:
    claims = [claim("repeals", CODE_DAY)] * 2
    assert len(said(law(**IN_FORCE), claims, AFTER)) == 2


days = st.dates(dt.date(1980, 1, 1), dt.date(2040, 1, 1))
spans = st.builds(
    Interval,
    is_draft=st.booleans(),
    starts=st.none() | days,
    ends=st.none() | days,
    end_state=st.sampled_from(["repealed", "superseded"]),
    is_dated=st.booleans(),
    first=st.none() | days,
)


@given(spans, days)
def test_every_interval_has_one_of_the_states_on_every_day(span: Interval, day: dt.date) -> None:
    assert state_on(span, day) in STATES


@given(
    st.lists(st.tuples(st.sampled_from(["repeals", "replaces", "amends"]), days), max_size=4), st.none() | days, days
)
def test_what_the_index_keeps_gives_the_state_a_reader_sees(
    acts: list[tuple[str, dt.date]], effective: dt.date | None, day: dt.date
) -> None:
    record = law(**({"effective": effective.isoformat()} if effective else {}))
    claims = [claim(kind, on.isoformat()) for kind, on in acts]
    assert state_on(interval(record, claims), day) == validity(record, claims, day).state


@given(st.lists(st.tuples(st.sampled_from(["repeals", "replaces"]), days), min_size=1, max_size=4), days)
def test_what_ended_never_comes_back(acts: list[tuple[str, dt.date]], day: dt.date) -> None:
    span = interval(law(effective="1979-01-01"), [claim(kind, on.isoformat()) for kind, on in acts])
    if state_on(span, day) in ("repealed", "superseded"):
        assert state_on(span, day + dt.timedelta(days=1)) == state_on(span, day)
