"""Quantities: every writing of a value is one exact interval, and what only looks like a value is none."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.dimensions import UNITS
from cpkb.analysis.quantities import Quantity, find_quantities

# dimension and interval in its base unit ("low..high", an open side is empty, one value is both ends) → writings
SAME = {
    "mass_per_hour ..10": (
        "≤10蒸吨/h",
        "10蒸吨/小时以下",
        "每小时10蒸吨及以下",
        "每小时十蒸吨及以下",
        "10蒸吨以下(不含)",
        "10蒸吨（含）以下",
        "10 t/h 以下",
        "10t/h及其以下",
        "10吨/小时以内",
        "不大于10t/h",
        "小于10蒸吨",
        "小于等于10蒸吨",
        "小于或等于 10 蒸吨",
        "低于10蒸吨",
        "低\n于 10 蒸吨",
        "不超过10蒸吨",
        "不得高于10蒸吨",
        "不足10蒸吨",
        "不满十蒸吨",
        "至多10蒸吨",
        "＜１０蒸吨／ｈ",
        "<=10t/h",
    ),
    "mass_per_hour 10..": (
        "≥10蒸吨/h",
        "10蒸吨及以上",
        "不小于10蒸吨",
        "不低于10蒸吨",
        "不得少于10蒸吨",
        "大于10蒸吨",
        "高于10蒸吨",
        "超过10蒸吨",
        "至少10蒸吨",
        "大于或等于10蒸吨",
        ">10 t/h",
    ),
    "mass_per_hour 10..35": (
        "10~35t/h",
        "10～35 t/h",
        "10—35t/h",
        "10至35蒸吨",
        "10到35蒸吨",
        "每小时10-35蒸吨",
        "10t/h-35t/h",
        "10 t/h~35 t/h",
        "十至三十五蒸吨",
        "10蒸吨以上35蒸吨以下",
        "10蒸吨及以上、35蒸吨以下",
        "≥10t/h且<35t/h",
        "大于10蒸吨小于35蒸吨",
    ),
    "mass_per_hour 35": ("35蒸吨", "三十五蒸吨", "35t/h", "35 吨每小时", "每小时35吨", "35噸/小時"),
    "mass_per_year 50000": (
        "5万吨/年",
        "五万吨/年",
        "5 万 t/a",
        "50000t/a",
        "50,000 t/a",
        "50 000 t/a",
        "年产5万吨",
        "年产量5万吨",
        "年处理能力达到5万吨",
        "年处理生活垃圾能力达到5万吨",
        "每年5万吨",
        "5×10⁴t/a",
        "年产铬盐5万吨",
    ),
    "mass_per_year 50000..100000": ("5~10万吨/年", "5万~10万吨/年", "年产5万吨至10万吨", "五至十万吨/年"),
    "mass_per_day 500": ("500吨/日", "500t/d", "日处理500吨", "每天500吨", "一天排500吨水"),
    "mass 3": ("3吨", "3 t", "三吨", "3000kg", "3000千克", "3000公斤"),
    "mass 0.005..0.01": ("5-10千克", "5~10kg", "五至十千克"),
    "mass_coal 10000..": (
        "一万吨标准煤以上",
        "1万吨标煤以上",
        "≥10000tce",
        "超过1万tce/a",
        "年综合能源消费总量一万吨标准煤以上",
    ),
    "mass_coal 5000..10000": ("五千吨以上不满一万吨标准煤", "5000~10000吨标准煤", "5000至1万吨标准煤"),
    "mass_coal_per_tonne 0.015": ("15kgce/t", "15千克标准煤/吨"),
    "power 1400": ("1.4MW", "1.4兆瓦", "1400kW", "1400千瓦", "一千四百千瓦"),
    "power ..300000": ("300MW级及以下", "300 MW 级以下"),
    "power 1000000": ("100万千瓦", "一百万千瓦", "1GW"),
    "concentration 0.5..1": ("0.5-1.0 mg/L", "0.5mg/L~1mg/L", "500~1000μg/L", "0.5~1毫克/升"),
    "concentration 1000": ("1g/L", "1 000 mg/L", "1克/升", "1000毫克每升"),
    "concentration_air ..50": ("≤50mg/m³", "不高于50毫克/立方米", "50 mg/Nm3以下", "低于 50 mg/m^3^"),
    "teq_per_m3 0.1": ("0.1 ng TEQ/m³", "0.1ngTEQ/Nm3", "0.1 ng-TEQ/m3", "0.1 ng I-TEQ/m3"),
    "content ..3": ("低于3mg/kg", "≤3g/t", "3毫克/千克以下"),
    "volume 20000": ("2万立方米", "20000m3", "两万㎥", "2万 m³"),
    "volume_per_day 500..": ("500m3/d以上", "不小于500立方米/日", "日处理生活污水500立方米以上", "500 立方米/天及以上"),
    "volume_per_hour 30": ("30m3/h", "30 m³/h", "30立方米/小时"),
    "volume_per_tonne 500..1000": ("500~1 000 m³/t", "500-1000立方米/吨"),
    "area 15": ("一万平方米", "10000㎡", "15亩", "1公顷"),
    "length 0.015": ("15mm", "15毫米", "1.5厘米"),
    "length ..1000": ("1km以内", "一公里范围内", "1000米内"),
    "length_per_second 1..3": ("1~3 m/s", "1-3米/秒"),
    "percent 80..": ("80%以上", "百分之八十以上", "≥80％", "不低于百分之八十", "不得低于 80%", "800‰以上"),
    "percent 10..20": ("10%~20%", "10~20%", "百分之十至百分之二十", "百分之十以上百分之二十以下"),
    "ph 6..9": ("pH值6~9", "pH 6-9", "pH值为6～9", "pH 值宜控制在 6.0~9.0"),
    "ph 9..": ("pH≥9", "pH 大于 9", "pH值不低于9"),
    "temperature -5..40": ("-5~40℃", "−5℃~40℃", "零下5度至40度"),
    "temperature ..250": ("小于 250 ℃", "不超过250摄氏度", "250度以下"),
    "pressure 100000": ("0.1MPa", "100kPa", "100千帕"),
    "voltage 10000": ("10kV", "10千伏", "一万伏"),
    "energy 3600": ("1000kWh", "1000千瓦时", "1000度电", "1 MWh", "1000kW·h", "一千千瓦时", "3.6GJ"),
    "money_per_kwh 0.3": ("0.3元/千瓦时", "0.3元/kWh"),
    "sound 55..110": ("55 dB(A)~110 dB(A)", "55~110dB", "55-110分贝"),
    "time ..2592000": ("30日内", "三十日内", "不超过30天", "30 d以内", "720小时内", "一个月内"),
    "time 94608000..": ("不得少于3年", "三年以上", "至少 3 年"),
    "time 900": ("15min", "15分钟", "900s", "900秒"),
    "workdays ..15": ("15个工作日内", "十五个工作日内"),
    "money 2000000": ("二百万元", "200万元", "2百万元", "0.02亿元"),
    "money 100000..1000000": ("十万元以上一百万元以下", "10万元以上100万元以下", "10~100万元"),
    "money 120000000": ("一亿二千万元", "1.2亿元"),
    "money 5000..10000": ("5000~1万元", "五千元以上一万元以下"),
    "multiple 3..5": ("三倍以上五倍以下", "3~5倍"),
    "grade 1": ("一级标准", "1级", "Ⅰ级", "I级", "GB 8978-1996一级A标准"),
    "grade 1..3": ("一至三级", "1~3级", "Ⅰ~Ⅲ级", "一级至三级"),
    "animals 500..": ("500头以上", "年出栏500头及以上", "存栏五百只以上", "500羽以上"),
    "money 3000000000000": ("3亿万元", "三亿万元", "3万亿元", "30000亿元"),
    "people ..300": ("300人以下", "不足三百人"),
}
NONE = {
    "a standard, waste code, model, article or document": (
        *("GB 21900-2008", "GB 3095级", "336-054-17", "336-054-17吨", "Y180M-4", "80M-2", "3W-0.9/7", "第十条"),
        *("环发〔2003〕60号", "10kV/0.4kV", "%3D"),
    ),
    "a date or year": (
        *("2024年3月1日", "2024年", "2015-2020年", "1998年以前", "二〇二四年", "24年3月1日", "12月31日前", "80年代"),
        *("十二月三十一日前", "9月21日-23日", "2月4日至10日", "5月1-3日", "2024年度"),
    ),
    "an ordinal, a clause or a code with zeros": ("第三级清洗", "第3年", "第 1~3 级", "5.2.1 米", "08年"),
    "no certain number": ("百万千瓦", "数十吨", "十几吨", "几十吨", "三分之二吨", "1/3吨", "1万5千元", "三五年"),
    "a unit alone": ("万吨标煤", "每千瓦时", "千克", "吨/年", "一年用多少电"),
    "a word that begins or ends like a value": (
        *("三元催化", "二元酸", "3天然气", "2升流式", "表5只适用于", "5S管理", "3D打印", "5G网络", "两头在外"),
        *("上一级人民政府", "统一级", "单一年度", "3多级"),
    ),
    "a number with no unit, or with one that is not known": (
        *("10", "六价铬0.5", "10个", "3 kg/(m3·d)", "12 L/m2·s", "5吨/批次", "5万美元", "0.15\tmg/m3"),
        *("清洁生产", "，。", ""),
    ),
}
APART = [
    ("10蒸吨", "10吨"),
    ("10t/h", "10t/d"),
    ("10蒸吨", "7MW"),
    ("50mg/L", "50mg/m3"),
    ("50mg/m3", "50ng TEQ/m3"),
    ("10蒸吨以下", "20蒸吨"),
    ("10~20t/h", "35蒸吨以上"),
    ("5万吨/年", "4万吨/年"),
]
TOGETHER = [
    ("10蒸吨以下", "每小时10蒸吨"),
    ("10蒸吨以下", "10t/h及以上"),
    ("10蒸吨", "10~20t/h"),
    ("20t/h", "十蒸吨以上三十五蒸吨以下"),
    ("90天", "不超过 3 个月"),
    ("5万吨/年", "年产5万吨以上"),
    ("2蒸吨", "1~4 t/h"),
    ("1.4兆瓦", "1400kW及以上"),
]


def found(analyzer: Analyzer, text: str) -> list[Quantity]:
    return find_quantities(analyzer.fold(text).text)


def told(quantity: Quantity) -> str:
    low, high = (f"{end.normalize():f}" if end is not None else "" for end in (quantity.low, quantity.high))
    return f"{quantity.dimension} {low}" if low == high else f"{quantity.dimension} {low}..{high}"


def meets(asked: Quantity, other: Quantity) -> bool:
    """Whether one value may be both, as an engine tells by the ends of the intervals."""
    return asked.dimension == other.dimension and not (is_below(asked, other) or is_below(other, asked))


def is_below(one: Quantity, other: Quantity) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


@pytest.mark.parametrize(("value", "text"), [(value, text) for value, texts in SAME.items() for text in texts])
def test_every_writing_of_a_value_is_one_interval(analyzer: Analyzer, value: str, text: str) -> None:
    assert [told(quantity) for quantity in found(analyzer, text)] == [value]
    assert [told(quantity) for quantity in found(analyzer, f"其值为{text}，")] == [value]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NONE.items() for text in texts])
def test_what_only_looks_like_a_value_is_no_quantity(analyzer: Analyzer, kind: str, text: str) -> None:
    assert found(analyzer, text) == [], f"{text} is {kind}"


@pytest.mark.parametrize(("asked", "text"), TOGETHER)
def test_values_that_touch_meet_whichever_is_asked(analyzer: Analyzer, asked: str, text: str) -> None:
    (one,), (other,) = found(analyzer, asked), found(analyzer, text)
    assert meets(one, other)
    assert meets(other, one)


@pytest.mark.parametrize(("asked", "text"), APART)
def test_other_dimensions_and_values_apart_do_not_meet(analyzer: Analyzer, asked: str, text: str) -> None:
    (one,), (other,) = found(analyzer, asked), found(analyzer, text)
    assert not meets(one, other)
    assert not meets(other, one)


def test_several_quantities_of_a_sentence_come_in_order_with_their_spans(analyzer: Analyzer) -> None:
    text = "2024年起，容量不超过10蒸吨/h（7MW）的锅炉按 GB 13271—2014 执行，颗粒物≤20 mg/m³，3个月内完成"
    folded = analyzer.fold(text).text
    quantities = find_quantities(folded)
    spans = [folded[q.start : q.end] for q in quantities]
    assert spans == ["不超过10蒸吨/h", "7mw", "≤20 mg/m3", "3个月内"]
    assert all(left.end <= right.start for left, right in pairwise(quantities))


def test_a_rate_word_before_the_number_stays_outside_the_span(analyzer: Analyzer) -> None:
    folded = analyzer.fold("年产不低于5万吨的企业").text
    assert [folded[q.start : q.end] for q in find_quantities(folded)] == ["不低于5万吨"]


def test_values_of_two_substances_do_not_join_to_a_band(analyzer: Analyzer) -> None:
    values = [told(q) for q in found(analyzer, "溶解氧≥2mg/L，氨氮≤15mg/L，去除率80%，90%")]
    assert values == ["concentration 2..", "concentration ..15", "percent 80", "percent 90"]


def test_values_are_exact_to_the_last_decimal(analyzer: Analyzer) -> None:
    (sum_,) = found(analyzer, "123456789012.123456789亿元")
    assert sum_.low == Decimal("12345678901212345678.9")


def test_every_dimension_has_one_base_unit_worth_one() -> None:
    assert all("1" in worths.values() for worths in UNITS.values())


@pytest.mark.timeout(600)  # each takes well under a second; what grows with the square of the length takes minutes
@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1",
            "万",
            "十",
            "一",
            "一万",
            "10~",
            "10t/h",
            "10t/h~",
            "10吨以上",
            "1,000",
            "1 000 ",
            "1.",
            "1×10^",
            "iii~",
        ),
        *("百分之十至", "ph值控制", "年产", "不大于", "(含", "10吨(含", "吨/", "2024年", "1月1日至", " ", "a1 "),
    ],
)
def test_a_hundred_thousand_hostile_characters_are_read_in_linear_time(piece: str) -> None:
    assert len(find_quantities((piece * 100_000)[:100_000])) <= 50_000


@given(
    st.text(
        alphabet="0123456789.,×^~-一十百千万亿零点第年月日吨升t/hmgl%级级iv以上下不大于小分之ph值(含) \n", max_size=60
    )
)
def test_any_text_gives_quantities_in_order_with_ends_in_order(text: str) -> None:
    quantities = find_quantities(text)
    assert all(q.low is None or q.high is None or q.low <= q.high for q in quantities)
    assert all(left.end <= right.start for left, right in pairwise(quantities))
    assert all(0 <= q.start < q.end <= len(text) for q in quantities)
