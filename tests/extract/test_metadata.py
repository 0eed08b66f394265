"""Title, collection and kind of a text; the parts of a code as documents of one work."""

from __future__ import annotations

import pytest

from cpkb.extract.formats import extract
from cpkb.extract.heads import cover, standard_number
from cpkb.extract.titles import collection_of, kind_of, region_of
from cpkb.model.collection import collection
from tests.extract.documents import LAW, NOTICE, PAGE, ROWS, guide, rows, word


@pytest.mark.parametrize(
    ("title", "where", "kind"),
    [
        ("示例工业污染防治可行技术指南", "guideline", "available_techniques"),
        ("示例工业污染防治可行技术指南　甲类", "guideline", "available_techniques"),
        ("示例污染控制技术规范（试行）", "guideline", "technical_specification"),
        ("示例水污染物排放标准", "guideline", "discharge_standard"),
        ("示例行业清洁生产评价指标体系", "guideline", "indicator_system"),
        ("示例行业污染防治技术政策", "guideline", "technical_policy"),
        ("示例名录（2031年版）", "guideline", "catalogue"),
        ("关于印发《示例指南》的通知", "policy", "normative_document"),
        ("中华人民共和国示例法", "policy", "law"),
        ("示例管理条例", "policy", "administrative_regulation"),
        ("上海市示例条例", "policy", "local_regulation"),
        ("示例办法", "policy", ""),
    ],
)
def test_a_title_tells_collection_and_kind(title: str, where: str, kind: str) -> None:
    assert collection_of(title, "", "") == where
    assert kind_of(title, where, "") == kind


@pytest.mark.parametrize(
    ("title", "issuer", "kind"),
    [
        ("示例管理办法", "国务院", "administrative_regulation"),
        ("示例管理办法", "示例部", "rule"),
        ("示例管理办法", "示例市人民代表大会常务委员会", "local_regulation"),
        ("示例古城保护条例", "示例市人民代表大会", "local_regulation"),
        ("示例衔条例", "全国人民代表大会常务委员会", "law"),
    ],
)
def test_the_issuer_tells_the_kind_where_the_title_does_not(title: str, issuer: str, kind: str) -> None:
    assert kind_of(title, "policy", issuer) == kind


def test_a_cover_names_every_issuer() -> None:
    lines = ["GB 9901—2031", "示例标准", "2031-05-06 发布　2031-08-01 实施", "甲 示 例 部", "发布", "国家乙2示例总局"]
    assert cover(lines).facts["issuer"] == "甲示例部、国家乙示例总局"


@pytest.mark.parametrize(
    ("title", "end", "fields"),
    [
        ("示例办法", "第二条 本办法自2021年1月1日起施行。", {"effective": "2021-01-01"}),
        ("示例办法", "第二条 示例。", {"effective": "2021-09-29"}),
        ("关于示例的复函", "第二条 示例。", {"issued": "2021-09-29"}),
        ("示例办法", "第二条 示例。\n\n示例局\n\n2021年9月29日", {"issued": "2021-09-29"}),
    ],
)
def test_the_day_of_a_page_is_what_the_text_leaves_open(title: str, end: str, fields: dict[str, str]) -> None:
    page = f"---\ntitle: {title}\ndate: 2021-09-29\ncategory:\n  - 规章\n---\n第一条 示例。\n\n{end}\n"
    (document,), _ = extract(page.encode(), "page.md")
    assert {name: document.fields.get(name) for name in ("issued", "effective") if name in document.fields} == fields


def test_days_that_disagree_are_told() -> None:
    head = "---\ntitle: 示例办法\ndate: 2021-09-29\ncategory:\n  - 规章\n---\n"
    page = f"{head}第一条 示例。\n\n第二条 本办法自2021年1月1日起施行。\n"
    (document,), _ = extract(page.encode(), "page.md")
    assert len(document.problems) == 1
    assert "2021-09-29" in document.problems[0]
    assert "2021-01-01" in document.problems[0]


@pytest.mark.parametrize(
    ("title", "region"), [("上海市示例条例", "上海"), ("内蒙古自治区示例办法", "内蒙古"), ("海南岛示例", "")]
)
def test_a_title_tells_the_province(title: str, region: str) -> None:
    assert region_of(title) == region


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("HJ1306-2023", "HJ 1306—2023"),
        ("HJ/T 393-2007", "HJ/T 393—2007"),
        ("HJ 574—2010", "HJ 574—2010"),
        ("代替HJ 348－2007", "HJ 348—2007"),
        ("GB 5085.7—2019", "GB 5085.7—2019"),
        ("DB 44/2367—2022", "DB 44/2367—2022"),
        ("没有编号", ""),
    ],
)
def test_a_standard_number_is_written_one_way(text: str, number: str) -> None:
    assert standard_number(text) == number


def test_a_law_is_read_with_its_dates_and_what_it_repeals() -> None:
    (document,), _ = extract(LAW.encode(), "law.md")
    assert (document.title, document.collection) == ("中华人民共和国示例法", "policy")
    assert document.fields == {"issued": "2012-03-04", "effective": "2002-01-01", "kind": "law"}
    assert [(r.target, r.on, r.locator) for r in document.relations] == [
        ("旧示例法", "2002-01-01", "第三条"),
        ("示例暂行办法（试行）", "2002-01-01", "第三条"),
    ]


def test_the_part_of_a_code_is_a_document_of_the_whole() -> None:
    name = "a__ecological-environment-code__02-part.md"
    text = "# 第二编　示例部分\n\n**第一条**　甲。\n\n**第二条**　乙。\n"
    (document,), _ = extract(text.encode(), name)
    assert (document.title, document.key) == ("生态环境法典", "第二编")
    assert document.passages[0].headings == ("第二编　示例部分",)


def test_a_text_without_a_title_is_named_after_its_file() -> None:
    (document,), _ = extract("示例。\n\n又示例，这里没有标题。".encode(), "dir/示例文件-unlocked.txt")
    assert document.title == "示例文件"


_ARTICLES = "第一条　甲。\n\n第二条　本办法自2026年8月15日起施行。《旧办法》同时废止。"


@pytest.mark.parametrize(
    "head", ["示例办法（征求意见稿）", "示例办法\n\n（征求意见稿）", "示例办法（草案）", "示例办法（送审稿）"]
)
def test_a_draft_is_marked_as_one_and_ends_nothing(head: str) -> None:
    (document,), _ = extract(f"{head}\n\n{_ARTICLES}".encode(), "a.txt")
    assert document.fields["status"] == "draft"
    assert [(relation.kind, relation.target) for relation in document.relations] == [("draft_of", "示例办法")]


@pytest.mark.parametrize("line", ["（2005年8月2日审议通过）", "（部务会议讨论通过）"])
def test_a_text_that_was_passed_is_no_draft(line: str) -> None:
    (document,), _ = extract(f"示例办法\n\n{line}\n\n{_ARTICLES}".encode(), "a.txt")
    assert "status" not in document.fields
    assert [(relation.kind, relation.target) for relation in document.relations] == [("repeals", "旧办法")]


def test_a_notice_that_asks_for_opinions_is_a_draft_with_what_it_encloses() -> None:
    head = "关于公开征求《示例办法（征求意见稿）》意见的通知\n\n各单位：\n\n请提出意见。\n\n附件\n\n示例办法"
    (document,), _ = extract(f"{head}\n\n{_ARTICLES}".encode(), "a.txt")
    assert (document.fields["status"], document.relations) == ("draft", ())


def test_an_order_names_the_text_its_number_and_its_day() -> None:
    order = "示例市人民政府令\n\n第12号\n\n《示例办法》已经2026年2月28日会议通过，现予公布，自2026年8月15日起施行。"
    text = f"{order}\n\n市长　示例\n\n2026年3月2日\n\n示例办法\n\n第一条　甲。\n\n第二条　乙。"
    (document,), _ = extract(text.encode(), "a.txt")
    assert document.title == "示例办法"
    assert document.fields == {
        "number": "示例市人民政府令第12号",
        "issuer": "示例市人民政府",
        "issued": "2026-03-02",
        "effective": "2026-08-15",
    }


def test_the_number_of_an_announcement_stands_in_the_line_after_its_name() -> None:
    text = "示例市示例局公告\n\n2026年 第7号\n\n关于发布《示例指南》的公告\n\n现发布《示例指南》。"
    (document,), _ = extract(text.encode(), "a.txt")
    assert (document.title, document.fields["number"]) == ("关于发布《示例指南》的公告", "示例市示例局公告2026年第7号")


def test_a_title_above_a_number_names_no_issuer() -> None:
    text = "示例局关于调整示例清单的公告\n\n2026年第7号\n\n现将示例清单予以调整。"
    (document,), _ = extract(text.encode(), "a.txt")
    assert (document.title, document.fields.get("issuer")) == ("示例局关于调整示例清单的公告", "示例局")


def test_a_law_is_not_issued_by_who_signs_it() -> None:
    text = f"中华人民共和国主席令\n\n第7号\n\n中华人民共和国示例法\n\n{_ARTICLES}"
    (document,), _ = extract(text.encode(), "a.txt")
    assert (document.title, document.fields["number"]) == ("中华人民共和国示例法", "中华人民共和国主席令第7号")
    assert "issuer" not in document.fields


def test_an_announcement_is_not_called_as_the_standard_it_publishes() -> None:
    told = "《示例标准》已经2026年2月28日会议审议通过，现予发布。"
    (document,), _ = extract(f"关于发布《示例标准》的公告\n\n{told}\n\n示例局\n\n2026年3月2日".encode(), "a.txt")
    assert document.title == "关于发布《示例标准》的公告"


def test_a_day_that_was_counted_is_reported_to_be_checked() -> None:
    made = "（2026年3月2日示例市人民政府令第12号公布）"
    text = f"示例办法\n\n{made}\n\n第一条　甲。\n\n第二条　本办法自公布之日起三十日后施行。"
    (document,), _ = extract(text.encode(), "a.txt")
    assert document.fields["effective"] == "2026-04-01"
    assert "推算为 2026-04-01，请核对" in document.problems[0]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (LAW.encode(), "a.md"),
        (NOTICE.encode(), "a.txt"),
        (PAGE.encode(), "a.html"),
        (rows(*ROWS), "a.jsonl"),
        (word(), "a.docx"),
        (guide(), "a.pdf"),
    ],
)
def test_the_fields_fit_their_collection(data: bytes, name: str) -> None:
    documents = extract(data, name)[0]
    assert documents
    for document in documents:
        collection(document.collection).parse(document.fields)  # raises for what does not fit
