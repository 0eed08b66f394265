"""Figures: what counts as a value with its unit, and what does not."""

from __future__ import annotations

import pytest

from cpkb.analysis.normalise import Folder
from cpkb.corpus import figures
from cpkb.model.field_types import Value, figure_parts
from tests.corpus.records import said, sample, shipped

ACCEPTED = (
    "COD 去除率：60%～80%",
    "污泥负荷：0.1～0.2 kgBOD5/(kgMLSS·d)",
    "表面负荷：1.0～1.5 m³/(m²·h)",
    "容积负荷：2～5 kgCOD/(m³·d)",
    "水力停留时间：8～12 h",
    "反应 pH：8～9",
    "氧化还原电位：无需控制，3～4（无量纲）",
    "清洗级数：两级或两级以上",
    "废水产生量：减少 30%以上（与单级清洗比）",
    "处理成本：2～5 元/t 水",
    "电流密度：0.5～1 A/dm²",
    "投加比：1∶3",
    "气水比：15:1～20:1",
    "风量：3×10⁴ m³/h",
    "去除率：COD 50%～60%，BOD5 25%～40%",
    "执行标准：GB 21900—2008 的 0.5 mg/L",
    "回用率：八成",
    "G 值：300～600 s-1，混合时间 30～120 s",
    "停留时间：8、10 或 12 h",
    "VOCs 水平：车身产生 29～60、排放 3～9，货车产生 46～95、排放 5～14 g/m2（浓缩＋燃烧）",
    "过滤风速：≤1.2 m/min（出口≤20 mg/m3）；≤1.0（出口≤10 mg/m3）",
    "出水：COD 50～100 mg/L，pH 6～9（物化＋A/O）",
    "退浆废水 CODCr：10000～30000 mg/L，pH＞12（棉麻混纺）",
    "排放水平：臭气浓度 <2000（无量纲）、氨 <20 mg/Nm3",
    "臭气浓度：20000～500000（无量纲）（治理前）",
    "空间速度：2500～3000 每小时",
    "清液量：总量的 1/3（其余二次中和）",
    "出口 SO2：≤100 mg/m3（入口≤3000）；≤50（入口≤2000）",
    "粪大肠菌群数：小于 10^3 个/L（三种消毒均可）",
    "烟气入射角：≤±10°",
    "须防尘的堆置时间：超过一周",
    "检测浓度：≥200 μmol/mol",
    "总α放射性：1 Bq/L",
)
REFUSED = {
    "VOCs 去除率：90": "90",
    "投加量：20～50": "20~50",
    "停留时间：8～12（冬季）": "8~12",
    "风量：3×10⁴": "3×10^4",
    "数量：5 哩": "5",
    "效率：好": "没有带单位的数",
    "去除率：90%，水温 30": "30",
    "过滤风速：≤1.2 m/min，粒径 5": "5",
}


@pytest.mark.parametrize("figure", ACCEPTED)
def test_a_figure_with_a_known_unit_is_right(figure: str) -> None:
    assert figures.what_is_wrong(figure, Folder({})) == ""


@pytest.mark.parametrize("figure", REFUSED)
def test_a_number_without_a_known_unit_is_named(figure: str) -> None:
    assert REFUSED[figure] in figures.what_is_wrong(figure, Folder({}))


def test_the_fault_names_the_record_and_the_figure() -> None:
    faults = figures.check([sample(figures=("去除率：90", "电耗：0.5 kW·h/t"))])
    assert [(f.file, f.record) for f in faults] == [("corpus/records/samples.toml", "sample")]
    assert "“去除率：90”" in faults[0].says


@pytest.mark.parametrize(
    ("limit", "faults"),
    [
        ({"pollutant": "总铬", "value": "1.0", "unit": "mg/L"}, 0),
        ({"pollutant": "总铬", "value": "1.0"}, 1),
        ({"pollutant": "pH 值", "value": "6～9"}, 0),
        ({"pollutant": "总汞", "value": "不得检出"}, 0),
        ({"pollutant": "总铬", "value": "1.0", "unit": "毫哩"}, 1),
    ],
)
def test_a_limit_has_a_unit_too(limit: dict[str, Value], faults: int) -> None:
    assert len(figures.check([sample("limit", "limit", more=limit)])) == faults


@pytest.mark.parametrize(
    ("figure", "parts"),
    [
        ("去除率：90%（进水 pH 2～3）", ("去除率", "90%", "进水 pH 2～3")),
        ("噪声：降低 20 dB（A）（距墙 1 m（外侧））", ("噪声", "降低 20 dB（A）", "距墙 1 m（外侧）")),
        ("去除率：90%", ("去除率", "90%", "")),
    ],
)
def test_a_figure_has_a_name_a_value_and_a_condition(figure: str, parts: tuple[str, str, str]) -> None:
    assert figure_parts(figure) == parts


def test_every_shipped_figure_has_its_unit() -> None:
    assert said(figures.check(shipped())) == []
