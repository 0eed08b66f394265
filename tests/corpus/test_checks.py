"""What every shipped record must hold to; each check with a small wrong sample that it catches."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from cpkb.corpus import dates, identity, provenance, references
from cpkb.corpus.checks import CHECKS, check_all
from cpkb.model.field_types import Value
from cpkb.model.record import Record, Relation
from cpkb.model.source import Citation, Source
from tests.corpus.records import GUIDE, guideline, said, sample, shipped

MOST_SECONDS = 20


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__module__.rpartition(".")[2])
def test_the_shipped_corpus_has_no_fault(check: object) -> None:
    assert callable(check)
    assert said(check(shipped())) == []


def test_all_checks_together_are_fast() -> None:
    begun = time.process_time()
    check_all(shipped())
    assert time.process_time() - begun < MOST_SECONDS


def test_faults_are_told_with_file_and_record() -> None:
    faults = check_all([sample(summary="")])
    assert str(faults[0]) == "corpus/records/samples.toml: sample: 没有要点（summary）"


class TestProvenance:
    WRONG = (
        (sample(citations=()), "没有引用"),
        (sample(citations=(Citation(GUIDE),)), "locator"),
        (sample(citations=(Citation("", "5.1"),)), "没有文件名"),
        (sample(citations=(Citation(GUIDE, "5.1"),)), "应是“HJ 9999—2026”"),
        (sample(citations=(Citation(GUIDE, "5.1", "HJ 9998—2026"),)), "HJ 9998—2026"),
        (sample(citations=(Citation(GUIDE, "5.1", "HJ 9999—2026", 0),)), "页码"),
        (replace(sample(), sources=(Source(" ", origin="shipped"),)), "没有来源"),
    )

    @pytest.mark.parametrize(("record", "says"), WRONG)
    def test_it_catches(self, record: Record, says: str) -> None:
        assert [says in fault.says for fault in provenance.check([guideline(), record])] == [True]

    def test_a_standard_and_that_of_a_province_may_share_a_name(self) -> None:
        province = sample("province", "guideline", f"{GUIDE}（广东省）", number="DB 44/1—2026", summary="要点")
        cites = [sample(citations=(Citation(GUIDE, "5.1", number),)) for number in ("HJ 9999—2026", "DB 44/1—2026")]
        assert provenance.check([guideline(), replace(province, citations=cites[1].citations), *cites]) == []

    def test_a_law_is_cited_without_its_number(self) -> None:
        assert provenance.check([sample(citations=(Citation("示例条例", "第二条"),))]) == []


class TestReferences:
    WRONG = (
        (sample(combines_with=("nobody",)), "'nobody'"),
        (sample(combines_with=("sample",)), "指向自己"),
        (sample(relations=(Relation("amends", "没有登记的办法"),)), "没有登记"),
        (sample("duty", "duty", policy="nobody", summary="义务", kind="duty"), "'nobody'"),
    )

    @pytest.mark.parametrize(("record", "says"), WRONG)
    def test_it_catches(self, record: Record, says: str) -> None:
        assert [says in fault.says for fault in references.check([record])] == [True]

    def test_a_link_of_a_guide_says_where_it_leads(self) -> None:
        guide = sample("guide", "handbook", text="清洗改逆流：[[guide-2]]、[[guide-2|喷射水洗]]。")
        other = sample("guide-2", "handbook", text="看别处。")
        assert said(references.check([guide, other])) == ["guide: 链接 [[guide-2]] 要写文字：[[guide-2|文字]]"]

    def test_what_a_new_text_ends_need_not_be_registered(self) -> None:
        assert references.check([sample(relations=(Relation("repeals", "很早的办法"),))]) == []


class TestIdentity:
    def test_an_id_stands_once(self) -> None:
        assert "编号与" in said(identity.check([sample(), sample(title="另一个")]))[0]

    def test_a_technique_of_one_industry_stands_once(self) -> None:
        rinsing = sample("a", title="逆流漂洗", industry=("33",))
        again = sample("b", title="逆流漂洗", industry=("33", "39"))
        assert said(identity.check([rinsing, again])) == ["b: 与 a 同名且同属行业 33"]
        assert identity.check([rinsing, replace(again, fields={"summary": "要点", "industry": ("17",)})]) == []
        assert identity.check([rinsing, replace(again, sources=(Source("另一份指南"),))]) == []

    def test_rows_of_a_list_stand_in_order(self) -> None:
        rows = [sample(f"row-{n}", "elimination", locator=f"第{n}行") for n in (2, 10, 9)]
        assert said(identity.check(rows)) == ["row-9: 应排在 row-10 前面"]

    def test_a_summary_is_missed(self) -> None:
        assert said(identity.check([sample("guide", "guideline")])) == ["guide: 没有要点（summary）"]


class TestDates:
    WRONG = (
        ({"effective": "2026-06-01", "repealed": "2026-01-01"}, "才施行"),
        ({"effective": "2020-01-01"}, "早于"),
        ({"repealed": "2031-01-01"}, "晚于"),
        ({"standard": "GB 1—2020"}, "GB 1—2020"),
    )

    @pytest.mark.parametrize(("fields", "says"), WRONG)
    def test_it_catches(self, fields: dict[str, Value], says: str) -> None:
        text = guideline(issued="2026-01-15", effective="2026-02-01", repealed="2030-01-01")
        limit = sample("limit", "limit", guideline="guide", more=fields)
        assert [says in fault.says for fault in dates.check([text, limit])] == [True]

    def test_what_another_text_ends_has_ended(self) -> None:
        code = sample("code", "policy", "示例法典", relations=(Relation("repeals", "示例条例", "2026-08-15"),))
        law = sample("law", "policy", "示例条例", effective="2003-01-01")
        duty = sample("duty", "duty", policy="law", repealed="2027-01-01")
        assert ["晚于" in fault.says for fault in dates.check([code, law, duty])] == [True]
        assert dates.check([code, law, sample("duty", "duty", policy="law", repealed="2026-08-15")]) == []

    @pytest.mark.parametrize(
        ("day", "wording", "faults"),
        [
            ("2018-10-26", "amended", 0),
            ("2009-01-01", "amended", 1),
            ("2009-01-01", "", 1),
            ("2009-01-01", "original", 0),
            ("2012-01-01", "original", 1),
            ("2012-01-01", "edition", 0),
        ],
    )
    def test_a_duty_of_an_amended_law_says_what_its_day_is_of(self, day: str, wording: str, faults: int) -> None:
        law = sample("law", "policy", "示例条例", issued="2018-10-26", effective="2009-01-01")
        own = {"effective": day, **({"wording": wording} if wording else {})}
        assert len(dates.check([law, sample("duty", "duty", policy="law", more=own)])) == faults
