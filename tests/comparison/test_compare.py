"""Two texts clause by clause: what is no difference, what is one, and how clauses find their counterpart."""

from __future__ import annotations

import time

import pytest

from cpkb.model.passage import Passage
from tests.comparison.texts import body, compared, kinds, marks

THE_SAME = [
    ("企业应当实施清洁生产审核。", "企业应当实施 清洁 生产审核"),
    ("企业应当\n实施审核。", "企业应当实施审核。"),
    ("“三年行动计划”", "三年行动计划"),
    ("（以下简称“本法”）", '(以下简称"本法")'),
    ("沪府办发〔2003〕41号", "沪府办发[2003]41号"),
    ("二○○三年十月十五日", "2003年10月15日"),
    ("2003-10-15", "二〇〇三年十月十五日"),
    ("依照第二十七条处罚", "依照第27条处罚"),
    ("处百分之十五的罚款", "处15%的罚款"),
    ("罚款１０，０００元", "罚款10000元"),
    ("二噁英排放", "二恶英排放"),
    ("企業應當審核", "企业应当审核"),
    ("COD 不高于 50mg/L", "cod不高于50 mg/L"),
    ("3～5天", "3-5天"),
    ("《关于修改<某法>的决定》", "《关于修改〈某法〉的决定》"),
]
DIFFERENT = [
    ("企业应当审核", "企业可以审核", [(("应当",), ("可以",))]),
    ("改建和扩建", "改建或扩建", [(("和",), ("或",))]),
    ("不超过50mg/L", "不超过60mg/L", [(("50",), ("60",))]),
    ("不高于 0.5", "不高于 5", [(("0.5",), ("5",))]),
    ("总铬浓度≤50", "总铬浓度<50", [(("≤",), ("<",))]),
    ("发布导向目录，以及淘汰目录。", "发布导向目录。", [(("以及淘汰目录",), ())]),
    ("可以有（或合署办公）相应机构", "可以有相应机构", [(("或合署办公",), ())]),
    ("各区、县、局和开发区", "各区县政府（或合署）以及开发区", [(("局和",), ("政府（或合署）以及",))]),
    ("第二十七条的规定", "第二十八条的规定", [(("二十七",), ("二十八",))]),
]
SLIGHT = [("审核的队伍", "审核队伍"), ("饮餐服务业", "餐饮服务业"), ("在2005年前建设", "2005年前建设")]


@pytest.mark.parametrize(("before", "after"), THE_SAME)
def test_formatting_is_no_difference(before: str, after: str) -> None:
    assert kinds(compared(before, after)) == ["same"]


@pytest.mark.parametrize(("before", "after", "marked"), DIFFERENT)
def test_a_word_is(before: str, after: str, marked: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    found = compared(f"第一条　{before}", f"第一条　{after}")
    assert kinds(found) == ["changed"]
    assert marks(found) == marked


@pytest.mark.parametrize(("before", "after"), SLIGHT)
def test_particles_and_swapped_characters_are_told_apart(before: str, after: str) -> None:
    found = compared(before, after)
    assert kinds(found) == ["slight"]
    assert found.places == 0


def test_what_is_shown_is_the_text_as_it_was_written() -> None:
    found = compared("第一条　罚款 １０ 万元。", "第一条　罚款二十万元。")
    before, after = found.rows[0].before, found.rows[0].after
    assert before is not None
    assert after is not None
    assert (before.text, before.marks) == ("第一条　罚款 １０ 万元。", ("１０",))
    assert (after.text, after.marks) == ("第一条　罚款二十万元。", ("二十",))


OLD = body("第一条　镀铬漂洗水应当逐级回用。", "第二条　企业每五年审核一次。", "第三条　本办法自公布之日起施行。")


def test_an_inserted_article_leaves_the_others_as_they_are() -> None:
    new = body(
        "第一条　镀铬漂洗水应当逐级回用。",
        "第二条　企业应当设专人负责。",
        "第三条　企业每五年审核一次。",
        "第四条　本办法自公布之日起施行。",
    )
    found = compared(OLD, new)
    assert [(row.kind, row.name) for row in found.rows] == [
        ("same", "第一条"),
        ("added", "第二条"),
        ("renumbered", "第三条"),
        ("renumbered", "第四条"),
    ]
    assert found.summary == "改了 1 处：1 条新增；2 条只是编号变了；1 条没有变化"


def test_a_deleted_article_stands_where_it_stood() -> None:
    new = body("第一条　镀铬漂洗水应当逐级回用。", "第二条　本办法自公布之日起施行。")
    assert kinds(compared(OLD, new)) == ["same", "removed", "renumbered"]


def test_a_moved_article_is_no_change_of_what_it_says() -> None:
    new = body("第一条　企业每五年审核一次。", "第二条　镀铬漂洗水应当逐级回用。", "第三条　本办法自公布之日起施行。")
    found = compared(OLD, new)
    assert sorted(kinds(found)) == ["renumbered", "renumbered", "same"]


def test_an_article_rewritten_in_its_place_is_one_change() -> None:
    new = body(
        "第一条　镀铬漂洗水应当逐级回用。",
        "第二条　重点企业每三年审核一次并公布结果。",
        "第三条　本办法自公布之日起施行。",
    )
    found = compared(OLD, new)
    assert kinds(found) == ["same", "changed", "same"]
    assert marks(found) == [(("五",), ("重点", "三", "并公布结果"))]


def test_articles_without_anything_in_common_are_not_paired() -> None:
    found = compared(body("第五条　废水应当处理。"), body("第九条　专家由协会推荐。"))
    assert sorted(kinds(found)) == ["added", "removed"]


def test_a_clause_cut_into_pieces_is_compared_whole() -> None:
    long, cut_elsewhere = "漂洗水应当回用。", "废气应当收集。"
    one = (Passage(0, f"第一条　{long}", "第一条"), Passage(1, cut_elsewhere, "第一条（续1）"))
    assert kinds(compared(one, body(f"第一条　{long}{cut_elsewhere}"))) == ["same"]


def test_headings_are_compared_without_their_numbers() -> None:
    before = body("第一条　总的规定在这里。", headings=("第一章　总则",))
    assert kinds(compared(before, body("第一条　总的规定在这里。", headings=("第二章　总 则",)))) == [
        "renumbered",
        "same",
    ]
    assert kinds(compared(before, body("第一条　总的规定在这里。", headings=("第一章　附则",)))) == [
        "removed",
        "added",
        "same",
    ]


def test_a_signature_is_no_part_of_the_last_clause() -> None:
    text = "第二条　积极开展交流。"
    with_it = (Passage(0, f"{text}\n某市经济委员会　二○○三年十月十五日", "第二条"),)
    apart = (Passage(0, text, "第二条"), Passage(1, "某市经济委员会　二○○三年六月三十日", "落款", (), "paragraph"))
    found = compared(apart, with_it)
    assert [(row.kind, row.name) for row in found.rows] == [("same", "第二条"), ("changed", "落款")]
    assert marks(found) == [(("六月三十",), ("十月十五",))]


def test_the_same_text_is_called_that() -> None:
    assert compared(OLD, OLD).summary == "没有实质改动；3 条没有变化"


def test_long_texts_are_compared_in_a_moment() -> None:
    articles = [f"第{at}条　第{at * 7 % 1000}类企业应当在{at}日内提交第{at * 13 % 997}号表。" for at in range(1, 1201)]
    changed = [text.replace("应当", "可以") if at % 10 == 0 else text for at, text in enumerate(articles)]
    begun = time.process_time()
    found = compared(body(*articles), body(*changed[:600], "第九千条　新加的一条在这里。", *changed[600:]))
    assert found.count("changed") == 120
    assert found.count("added") == 1
    assert time.process_time() - begun < 10  # measured 0.3 s
