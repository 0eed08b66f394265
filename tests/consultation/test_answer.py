"""Answers: sections of stored passages, each with a citation that holds, valid on the day asked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cpkb.consultation.citations import stale
from cpkb.consultation.figures import of_text
from cpkb.consultation.folding import contradicting, folded
from cpkb.consultation.request import parse_ask
from cpkb.consultation.shapes import answer_shape, as_lines, citation_shape, kept_citation
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.answer import Answer, Citation, Item
from cpkb.model.markup import OPENING
from cpkb.model.record import Record, passages_of
from cpkb.model.results import Snippet
from cpkb.model.validity import Validity
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from tests.site import HOSTILE, LAW, OLD_LAW
from tests.store.samples import put

TODAY = "2026-11-22"
DAY = dt.date.fromisoformat(TODAY)


def ask(kb: KnowledgeBase, question: str, **args: str) -> Answer:
    given = {"q": question, "as_of": TODAY, **args}
    return kb.consultant.answer(parse_ask({name: [value] for name, value in given.items()}))


def kinds(answer: Answer) -> list[str]:
    return [section.kind for section in answer.sections]


def citations(answer: Answer) -> list[Citation]:
    items = (*answer.items(), *answer.lead, *answer.nearly)
    return [citation for item in items for citation in (item.citation, *item.twins, *item.against)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("镀铬漂洗水太多怎么少排点", "technique"),
        ("老式电机 JO2 还能不能用", "ban"),
        ("哪些企业必须做清洁生产审核", "duty"),
        ("电镀六价铬排放限值是多少", "limit"),
    ],
)
def test_the_section_that_was_asked_for_comes_first(kb: KnowledgeBase, question: str, first: str) -> None:
    assert kinds(ask(kb, question))[0] == first


def test_the_intent_that_is_chosen_decides_the_order(kb: KnowledgeBase) -> None:
    assert kinds(ask(kb, "镀铬漂洗水太多怎么少排点", intent="ban"))[0] == "ban"


def test_a_technique_tells_the_clauses_it_rests_on_and_its_figures(kb: KnowledgeBase) -> None:
    items = ask(kb, "镀铬漂洗水太多怎么少排点").sections[0].items
    own = [item for item in items if item.collection == "technology"]
    assert own
    assert all(item.rests for item in own)
    assert any(item.figures for item in own)


def test_a_listed_motor_is_told_with_its_deadline_or_models(kb: KnowledgeBase) -> None:
    items = ask(kb, "老式电机 JO2 还能不能用").sections[0].items
    assert items
    assert all(item.collection in ("elimination", "policy", "duty") for item in items)


def test_a_section_with_nothing_says_what_would_help(kb: KnowledgeBase) -> None:
    empty = [section for section in ask(kb, "镀铬漂洗水太多怎么少排点").sections if not section.items]
    assert empty
    assert all(section.helps for section in empty)


@pytest.mark.parametrize("question", ["石墨烯生产 废酸回收", "美甲店怎么减少废水", "HJ 8888-2099"])
def test_where_nothing_is_known_the_answer_says_so(kb: KnowledgeBase, question: str) -> None:
    answer = ask(kb, question)
    assert answer.none
    assert answer.sections == ()
    assert answer.lead == ()
    assert "没有找到" in "".join(as_lines(answer))


def test_the_lead_answers_and_does_not_tell_for_whom_a_guide_is(kb: KnowledgeBase) -> None:
    answer = ask(kb, "家具厂怎么清洁生产")
    assert answer.lead
    assert any(item.citation.locator == OPENING for item in answer.items())
    assert OPENING not in {item.citation.locator for item in answer.lead}


def test_prevention_stands_before_treatment_of_what_answers_about_as_well(kb: KnowledgeBase) -> None:
    items = ask(kb, "电镀怎么少用六价铬").sections[0].items
    best = max(item.score for item in items)
    close = [item.kind for item in items if item.score >= 0.75 * best]
    assert close == sorted(close, key=lambda kind: {"prevention": 0, "treatment": 2, "equipment": 2}.get(kind, 1))


def test_what_is_in_force_stands_before_what_no_longer_is(kb: KnowledgeBase) -> None:
    for question in ("示例清洁生产条例 漂洗水回用", "清洁生产促进法 审核"):
        for section in ask(kb, question).sections:
            ended = [item.citation.validity.state in ("repealed", "superseded", "draft") for item in section.items]
            assert ended == sorted(ended)


def test_the_lead_is_whole_sentences_of_what_it_cites(kb: KnowledgeBase) -> None:
    lead = ask(kb, "镀铬漂洗水太多怎么少排点").lead
    assert 1 <= len(lead) <= 3
    for item in lead:
        assert item.citation.quoted[-1] in "。；！"
        assert item.text.text == item.citation.quoted


def test_every_citation_of_two_hundred_answers_holds_at_its_version(kb: KnowledgeBase) -> None:
    titles = [r.value("plain_title") for r in kb.store.named() if r.collection == "technology"]
    questions = [title for title in titles if title][::5][:200]
    assert len(questions) == 200
    records: dict[str, Record] = {}
    count = 0
    for question in questions:
        kept = citations(ask(kb, question))
        for citation in kept:
            record = records.setdefault(citation.record_id, kb.store.record(citation.record_id))
            passage = next(p for p in passages_of(record) if p.ordinal == citation.ordinal)
            assert citation.quoted
            assert citation.quoted in passage.text, question
        assert stale(kept, kb.store, DAY) == []
        count += len(kept)
    assert count > len(questions)


def test_another_day_gives_another_answer_about_the_promotion_law(kb: KnowledgeBase) -> None:
    question = "清洁生产促进法 企业必须做什么"
    before, today = ask(kb, question, as_of="2026-01-01"), ask(kb, question)

    def states(answer: Answer) -> dict[str, str]:
        return {c.document: c.validity.state for c in citations(answer) if c.document.endswith("清洁生产促进法")}

    assert set(states(before).values()) == {"in_force"}
    assert set(states(today).values()) <= {"repealed"}
    assert [i.citation.document for i in before.sections[0].items] != [
        i.citation.document for i in today.sections[0].items
    ]


def test_a_citation_survives_being_kept(kb: KnowledgeBase) -> None:
    citation = ask(kb, "镀铬漂洗水太多怎么少排点").sections[0].items[0].citation
    assert kept_citation(citation_shape(citation)) == replace(citation, validity=replace(citation.validity, reasons=()))


def test_a_kept_citation_is_stale_when_its_passage_changes(kb: KnowledgeBase) -> None:
    cited = next(c for c in citations(ask(kb, "示例 镀铬漂洗水应当回用")) if c.record_id == LAW)
    store = kb.store
    assert stale([cited], store, DAY) == []
    assert [s.reason for s in stale([replace(cited, quoted="没有这句话")], store, DAY)] == ["changed"]
    assert [s.reason for s in stale([replace(cited, record_id="no-such")], store, DAY)] == ["gone"]
    assert [s.reason for s in stale([replace(cited, version="00")], store, DAY)] == ["version"]


def test_clauses_of_other_texts_with_the_same_wording_are_twins() -> None:
    clause = "实施强制性清洁生产审核的企业，应当将审核结果向所在地县级以上地方人民政府负责清洁生产综合协调的部门报告。"
    local = clause.replace("县级以上地方人民政府", "设区的市人民政府")
    first, second = made("policy", "甲法", clause), made("policy", "乙省条例", local)
    other = made("policy", "丙法", "向水体排放污染物的企业应当取得排污许可证，按照许可证的规定排放，不得超过限值。")
    kept = folded([first, second, other])
    assert [item.citation.document for item in kept] == ["甲法", "丙法"]
    assert [twin.document for twin in kept[0].twins] == ["乙省条例"]


def test_lists_that_say_otherwise_of_the_same_thing_stand_against_each_other() -> None:
    items = [made("elimination", "甲目录", "一"), made("elimination", "乙目录", "二"), made("elimination", "丙", "三")]
    records = {
        "甲目录": Record("甲目录", "elimination", "老电机", {"models": ("JO2",), "class": "eliminated"}),
        "乙目录": Record("乙目录", "elimination", "老电机", {"models": ("JO2",), "class": "restricted"}),
        "丙": Record("丙", "elimination", "老电机", {"models": ("J2",), "class": "restricted"}),
    }
    told = contradicting(items, records)
    assert [[c.record_id for c in item.against] for item in told] == [["乙目录"], ["甲目录"], []]


def made(collection: str, name: str, quoted: str) -> Item:
    state = Validity("", dt.date(2026, 1, 1))
    citation = Citation(name, 0, name, "", "第一条", None, quoted, "0", state, "repost", "/")
    return Item(name, Snippet(((quoted, False),)), citation, collection=collection)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("连续三级逆流清洗可节水 65%以上", [("连续三级逆流清洗可节水", "65%以上")]),
        ("COD 去除率为 80%～90%，进水不大于 500 mg/L", [("去除率", "80%～90%"), ("进水", "不大于 500 mg/L")]),
        ("没有数值的一句话", []),
    ],
)
def test_figures_are_lifted_out_of_a_clause(kb: KnowledgeBase, text: str, figures: list[tuple[str, str]]) -> None:
    assert [(figure.name, figure.value) for figure in of_text(text, kb.analyzer)] == figures


@pytest.mark.parametrize("question", [HOSTILE, "怎么" * 5000, "<b>" * 3000, "\x00\u202e" * 50, '"' * 400, "-镀铬 OR"])
def test_a_hostile_question_is_answered_or_not_known(kb: KnowledgeBase, question: str) -> None:
    answer = ask(kb, question)
    assert len(answer.question) <= 500
    assert answer_shape(answer)["none"] == answer.none


def test_an_old_law_is_told_as_ended(kb: KnowledgeBase) -> None:
    states = {c.record_id: c.validity.state for c in citations(ask(kb, "示例旧条例 旧的规定"))}
    assert states.get(OLD_LAW, "repealed") == "repealed"


def test_a_model_in_no_list_is_said_to_be_in_none(kb: KnowledgeBase) -> None:
    answer = ask(kb, "QX9-200L 是不是淘汰")
    assert answer.absent == ("QX9-200L",)
    assert answer.none
    assert "查不到不等于没有被淘汰" in "\n".join(as_lines(answer))
    assert answer_shape(answer)["absent_numbers"] == ["QX9-200L"]
    assert [item.title for item in answer.nearly if item.collection == "elimination"] == []  # other machines


def test_a_model_that_a_list_names_is_not_said_to_be_absent(kb: KnowledgeBase) -> None:
    assert ask(kb, "JO2-51-4 电机还能用吗").absent == ()


def test_a_value_with_its_unit_is_no_model_that_lists_lack(kb: KnowledgeBase) -> None:
    assert ask(kb, "QX9-200L 75kW 是不是淘汰").absent == ("QX9-200L",)


def test_a_number_that_is_nowhere_does_not_hide_what_is_known_of_another(kb: KnowledgeBase) -> None:
    answer = ask(kb, "HJ 1306 和 HJ 8888-2099")
    assert not answer.none
    assert any("HJ 1306" in item.citation.number for item in answer.ranked())


def test_where_rows_of_lists_share_only_the_ban_they_are_no_answer(tmp_path: Path) -> None:
    with opened(Settings(home=tmp_path, semantic=False)) as kb:
        row = Record("lathe", "elimination", "示例车床", {"class": "eliminated", "kind": "equipment"})
        put(kb.store, "list.tsv", row)
        catch_up(kb.store, kb.engine, kb.analyzer)
        answer = ask(kb, "要淘汰吗")
    assert answer.none
    assert [item.title for item in answer.nearly] == ["示例车床"]


def test_a_row_of_a_list_that_shares_only_the_ban_is_not_told(kb: KnowledgeBase) -> None:
    bans = next(section for section in ask(kb, "灰碱脱毛淘汰了吗").sections if section.kind == "ban")
    assert [item.title for item in bans.items if item.collection == "elimination"] == []


def test_a_row_of_a_list_tells_whether_it_forbids(kb: KnowledgeBase) -> None:
    items = ask(kb, "镀锌用氰化物还行不行").sections[0].items
    listed = {item.title: item.listed for item in items if item.collection == "elimination"}
    assert listed["氰化镀锌产品"] == "high_pollution"


def test_a_guide_that_names_a_limit_in_passing_is_no_limit(kb: KnowledgeBase) -> None:
    limits = [s for s in ask(kb, "漂洗水太多怎么办").sections if s.kind == "limit"]
    assert [item.title for section in limits for item in section.items if item.title == "水平衡怎么做"] == []


@pytest.mark.parametrize("question", ["铬怎么回收", "铬怎么回收要多少钱"])
def test_asking_for_the_price_too_hides_no_technique(kb: KnowledgeBase, question: str) -> None:
    found = next(section for section in ask(kb, question).sections if section.kind == "technique")
    assert "铬鞣废液循环利用" in [item.title for item in found.items]
