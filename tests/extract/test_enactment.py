"""题注: how a text was passed, published and amended."""

from __future__ import annotations

import pytest

from cpkb.extract.enactment import enactment

STANDING = "人民代表大会常务委员会"


@pytest.mark.parametrize(
    ("lines", "issuer", "number", "issued"),
    [
        (["2016年12月25日第十二届全国人民代表大会常务委员会第二次会议通过"], f"全国{STANDING}", "", "2016-12-25"),
        (["2012年3月15日 第十一届全国人民代表大会第五次会议通过"], "全国人民代表大会", "", "2012-03-15"),
        (
            [
                "2019年11月22日 示例市第十七届人民代表大会常务委员会第二次会议通过",
                "2020年1月15日 示例省第十三届人民代表大会常务委员会第六次会议批准",
            ],
            f"示例市{STANDING}", "", "2020-01-15",
        ),
        (
            ["(2020年12月9日国务院第1次常务会议通过 2021年1月24日中华人民共和国国务院令第7号公布 自2021年3月1日施行)"],
            "国务院", "国务院令第7号", "2021-01-24",
        ),
        (
            ["（2021年11月30日甲部、乙部令第23号公布 自2022年1月1日起施行）"],
            "甲部、乙部", "甲部、乙部令第23号", "2021-11-30",
        ),
        (["1989年3月13日 国务院批准", "1989年4月1日 示例部发布"], "示例部", "", "1989-04-01"),
        (["1980年12月27日 国家示例委员会", "国家样本局发布"], "国家示例委员会、国家样本局", "", "1980-12-27"),
        (
            ["2018年7月30日 最高人民法院审判委员会第1次会议、2018年10月19日最高人民检察院检察委员会第七次会议通过"],
            "最高人民法院、最高人民检察院", "", "2018-10-19",
        ),
        (
            ["2018年2月23日 最高人民法院审判委员会第1次会议", "2018年2月11日 最高人民检察院检察委员会第2次会议通过"],
            "最高人民法院、最高人民检察院", "", "2018-02-23",
        ),
        (
            ["法释〔2016〕29号", "经2016年6月4日由最高人民法院审判委员会第2次会议通过。现予公布。"],
            "最高人民法院", "法释〔2016〕29号", "2016-06-04",
        ),
        (
            ["（该文件于2014年1月15日以示府令第197号公布，根据2020年5月12日示府令第275号第一次修改）"],
            "", "示府令第197号", "2020-05-12",
        ),
        (["2007年3月1日 省十届人大常委会第三次会议通过"], "", "", "2007-03-01"),
        (["2018年6月16日，中共中央、国务院发布《关于示例的意见》。"], "", "", ""),
        (["该判决已于2018年6月21日生效。"], "", "", ""),
    ],
)  # fmt: skip
def test_who_made_a_text_when_and_under_which_number(lines: list[str], issuer: str, number: str, issued: str) -> None:
    found = enactment(lines)
    assert (found.issuer, found.number, found.issued) == (issuer, number, issued)


def test_an_amendment_is_a_later_version_of_the_same_issuer_and_number() -> None:
    found = enactment(
        [
            "1998年11月29日国务院令第253号发布",
            "2017年7月16日《国务院关于修改〈2010年示例条例〉的决定》修订",
            "2018年1月1日 施行",
        ]
    )
    assert (found.issuer, found.number) == ("国务院", "国务院令第253号")
    assert (found.first_issued, found.issued, found.effective) == ("1998-11-29", "2017-07-16", "2018-01-01")


def test_a_text_written_anew_is_published_anew() -> None:
    passed = "1990年1月2日 示例市第一届人民代表大会第一次会议通过"
    anew = "2010年3月4日 示例市第九届人民代表大会第二次会议修订"
    amended = "2015年5月6日 示例市第十届人民代表大会第三次会议《关于修改〈示例条例〉的决定》修正"
    assert enactment([passed, anew, amended]).first_issued == "2010-03-04"


def test_an_approval_in_the_line_of_an_amendment_is_its_day() -> None:
    approved = f"2020年3月26日 甲省第三届{STANDING}第八次会议批准的"
    amended = f"2020年1月14日乙市第六届{STANDING}第二次会议《关于修改"
    assert enactment([approved + amended, "部分法规的决定》第六次修正"]).issued == "2020-03-26"
