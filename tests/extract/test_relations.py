"""What texts say of others: repealing, replacing, amending, carrying out; certain or proposed."""

from __future__ import annotations

import pytest

from cpkb.extract.relations import relations
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
        ("示例会议批准的《甲暂行规定》，自本规定施行之日起即行废止。", ["甲暂行规定"]),
        ("自本标准实施之日起，《甲规范》（HJ 1—2001）废止。", ["HJ 1—2001"]),
        ("二、废止《甲条例》（1994年7月22日示例会议通过）、《乙办法》", ["甲条例", "乙办法"]),
        ("本名录自发布之日起施行。《甲分类\n管理名录（2017年版）》同时废止。", ["甲分类管理名录（2017年版）"]),
        ("原《甲办法》同时作废。", ["甲办法"]),
        ("原《甲办法》和示例发〔2015〕3号文件同时废止。", ["甲办法", "示例发〔2015〕3号"]),
        ("示例发〔2015〕3号、示例发〔2016〕4号同时废止。", ["示例发〔2015〕3号", "示例发〔2016〕4号"]),
        ("此前印发的示例发〔2015〕3号文同时废止。", ["示例发〔2015〕3号"]),
        ("根据示例发〔2015〕3号，《甲办法》同时废止。", ["甲办法"]),
        ("原《示例办法》（示例发〔2015〕3号）同时废止。", ["示例发〔2015〕3号"]),
        ("根据《甲法》，本办法废止后另行规定。", []),
        ("《甲条例》（自1998年起施行，2017年废止）第二条规定示例。", []),
        ("《甲法》第三条同时废止。", []),
        ("一、废止《甲条例》第三条。", []),
        ("2011年1月8日《关于废止和修改部分法规的决定》修订", []),
        ("《甲办法》中有关罚款的规定同时废止。", []),
        ("自本标准实施之日起，不再执行《甲标准》中的相关规定。", []),
        ("对《甲法》提出修改或者废止的建议。", []),
    ],
)
def test_what_is_repealed(text: str, titles: list[str]) -> None:
    assert [target for target, _ in repealed(text)] == titles


def test_a_repeal_holds_from_the_day_the_article_names() -> None:
    assert repealed("本法自2026年8月15日起施行。《甲法》同时废止。") == [("甲法", "2026-08-15")]
    assert repealed("《甲法》同时废止。") == [("甲法", "2030-01-01")]


def test_the_day_an_old_text_took_effect_is_not_the_day_it_ends() -> None:
    text = "本法自2026年8月15日起施行。2015年3月1日起施行的《甲法》同时废止。"
    assert repealed(text) == [("甲法", "2026-08-15")]


def test_a_notice_that_ends_many_texts_ends_each_it_lists() -> None:
    lines = (
        "经研究，废止下列文件：\n1.《甲办法》（示例发〔2010〕1号）\n2.关于乙的通知（示例发〔2012〕3号）\n3.《丙》第二条"
    )
    found = relations("关于废止部分文件的通知", [Passage(0, lines, "第1段")], "2026-03-02", ())
    assert [(one.target, one.on) for one in found] == [("甲办法", "2026-03-02"), ("示例发〔2012〕3号", "2026-03-02")]


def test_what_an_item_passes_on_or_names_in_its_place_is_not_ended() -> None:
    lines = (
        "1.关于转发《省甲通知》（省示例发〔2009〕9号）的通知（示例发〔2010〕1号）\n"
        "2.关于乙的通知（示例发〔2012〕3号），由示例发〔2020〕4号代替\n3.《丙办法》继续有效"
    )
    found = relations("关于废止部分文件的通知", [Passage(0, lines, "第1段")], "2026-03-02", ())
    assert [one.target for one in found] == ["示例发〔2010〕1号", "示例发〔2012〕3号"]
    assert relations("关于公布废止和继续有效文件目录的通知", [Passage(0, "1.《甲办法》", "第1段")], "", ()) == ()


@pytest.mark.parametrize(
    ("title", "kind", "target"),
    [
        ("关于修改《示例法》的决定", "amends", "示例法"),
        ("示例省实施《示例法》办法", "implements", "示例法"),
        ("关于贯彻《示例法》的意见", "implements", "示例法"),
        ("中华人民共和国示例法实施条例", "implements", "中华人民共和国示例法"),
        ("示例管理暂行规定实施办法（试行）", "implements", "示例管理暂行规定"),
    ],
)
def test_a_title_states_a_relation(title: str, kind: str, target: str) -> None:
    assert [(relation.kind, relation.target) for relation in relations(title, [], "", ())] == [(kind, target)]


def test_a_foreword_says_what_the_standard_replaces() -> None:
    foreword = [Passage(0, "本标准代替 HJ/T 9901—2007。", "前言", kind="preface")]
    (found,) = relations("示例规范", foreword, "2031-08-01", ())
    assert (found.kind, found.target, found.on, found.locator) == ("replaces", "HJ/T 9901—2007", "2031-08-01", "前言")


@pytest.mark.parametrize(
    "title",
    ["关于在示例区暂时调整实施《示例法实施条例》有关规定的决定", "关于《示例法》实施情况的报告", "示例实施方案"],
)
def test_a_title_that_only_speaks_of_a_law_states_none(title: str) -> None:
    assert relations(title, [], "", ()) == ()


def test_a_decision_amends_from_the_day_it_takes_effect() -> None:
    (found,) = relations("关于修改《示例法》的决定", [], "2021-04-22", ())
    assert (found.kind, found.target, found.on) == ("amends", "示例法", "2021-04-22")


def test_a_decision_on_many_texts_amends_each_it_starts_a_part_with() -> None:
    parts = [Passage(0, "二、修改《乙规定》\n将《乙规定》第一条改为：示例。", "二、")]
    found = relations("关于修改《甲规定》等二件规定的决定", parts, "2021-01-01", ())
    assert [(relation.target, relation.locator) for relation in found] == [("甲规定", ""), ("乙规定", "二、")]


def test_the_sentence_with_a_day_of_its_own_ends_the_text_on_that_day() -> None:
    assert repealed("在用设备执行本标准，《甲标准》（GB 1-2001）自 2016 年 7 月 1 日废止。") == [
        ("GB 1—2001", "2016-07-01")
    ]


@pytest.mark.parametrize(
    ("title", "text", "is_proposed"),
    [
        ("示例办法", "《甲办法》同时废止。", False),
        ("示例办法", "《甲办法》同时停止执行。", True),
        ("示例解释", "《甲解释》（示例〔1995〕9号）自本解释公布之日起不再执行。", True),
        ("示例通知", "自本通知印发之日起，《甲通知》停止执行。", True),
        ("关于贯彻《甲法》的意见", "", False),
        ("关于落实国务院《甲意见》的通知", "", True),
    ],
)
def test_what_may_mean_something_else_is_only_proposed(title: str, text: str, *, is_proposed: bool) -> None:
    (found,) = relations(title, article(text), "", ())
    assert found.is_proposed is is_proposed
    assert found.says in (text, title), "the sentence that says it stays with it"
