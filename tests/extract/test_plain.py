"""Plain text: paragraphs, the repository's data line, and an earlier text in the same file."""

from __future__ import annotations

from cpkb.extract.formats import extract
from cpkb.extract.plain import PlainExtractor
from tests.extract.documents import NOTICE

DATA_LINE = (
    "示例市转发示例意见的通知 发文机构：示例市政府 发布时间：2003-11-10 发文字号：示府〔2003〕9号 政策类型：示例 "
    "来源：http://example.org/1.html 关键字：示例;测试 示府〔2003〕9号 各单位： 现转发给你 们，请执行。\n"
)
ISSUED = (
    "二○○三年十一月十日 关于推进示例的实施意见 为推进示例，提出 意见： 一、明确目标 示例应当在今年1月 1日前完成，"
    "各单位按期报告。\n二、其他事项 （一）加强组织。\n各单位指定人员，建立台账。\n"
    "示例委员会 示例局 二○○三年十月十五日 主题词: 示例 通知 抄送: 各部门。\n示例市政府2003年11月11日印发 （共印20份） "
)
EARLIER = (
    "关于推进 示例的实施意见 为推进示例，提出 意见： 一、明确目标 示例应当完成。\n二、其他事项 示例。\n"
    "示例委员会 示例局 二○○三年六月三十日"
)


def test_the_head_of_a_notice_gives_its_facts() -> None:
    (document,), _ = extract(NOTICE.encode(), "notice.txt")
    assert document.title == "关于推进示例工作的若干意见"
    assert document.fields == {
        "issuer": "示例市人民政府",
        "number": "示府〔2020〕5号",
        "issued": "2020-01-02",
        "effective": "2020-02-01",
        "kind": "normative_document",
    }


def test_the_data_line_of_a_repository_gives_facts_and_title() -> None:
    (draft,) = PlainExtractor().read((DATA_LINE + ISSUED).encode(), "a.txt")
    assert draft.title == "示例市转发示例意见的通知"
    assert draft.facts == {
        "issuer": "示例市政府",
        "issued": "2003-11-10",
        "number": "示府〔2003〕9号",
        "address": "http://example.org/1.html",
    }


def test_spaces_that_wrapping_left_inside_words_are_gone() -> None:
    (draft,) = PlainExtractor().read((DATA_LINE + ISSUED).encode(), "a.txt")
    texts = [block.text for block in draft.blocks]
    assert "现转发给你们，请执行。" in texts
    assert "示例应当在今年1月1日前完成，各单位按期报告。" in texts
    assert "示例委员会 示例局 二○○三年十月十五日" in texts  # a signature keeps what parts its names


def test_an_earlier_text_after_the_printing_line_is_a_draft_of_the_first() -> None:
    issued, earlier = extract((DATA_LINE + ISSUED + EARLIER).encode(), "a.txt")[0]
    assert issued.fields["number"] == "示府〔2003〕9号"
    assert "status" not in issued.fields
    assert (earlier.title, earlier.key) == ("关于推进示例的实施意见", "2003-06-30")
    assert earlier.fields["status"] == "draft"
    assert earlier.fields["issued"] == "2003-06-30"
    assert [(relation.kind, relation.target) for relation in earlier.relations] == [
        ("draft_of", "示例市转发示例意见的通知")
    ]


def test_the_same_title_again_without_a_printing_line_is_one_text() -> None:
    text = (ISSUED.split("主题词")[0] + "\n" + EARLIER).encode()
    assert len(PlainExtractor().read(text, "a.txt")) == 1


def test_lines_wrapped_at_a_fixed_width_become_paragraphs() -> None:
    paragraph = "示例文字编写供测试使用不是真实的要求任何单位不得据此设计或者建设任何设施" * 6 + "。"
    wrapped = "\n".join(paragraph[at : at + 30] for at in range(0, len(paragraph), 30))
    (draft,) = PlainExtractor().read(f"{wrapped}\n  另起一段。".encode(), "a.txt")
    assert [block.text for block in draft.blocks] == [paragraph, "另起一段。"]
