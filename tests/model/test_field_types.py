"""Field types: a table of accepted and refused values each."""

from __future__ import annotations

import pytest

from cpkb.errors import FieldError
from cpkb.model.field_types import DIVISIONS, FIELD_TYPES, NAME_LIMIT, PROVINCES

OPTIONS = {"restricted": "限制", "eliminated": "淘汰"}

ACCEPTED = [
    ("text", "  两室 RTO\n去除效率  ", "两室 RTO\n去除效率"),
    ("text", 95, "95"),
    ("name", " 逆流漂洗 ", "逆流漂洗"),
    ("name", "长" * NAME_LIMIT, "长" * NAME_LIMIT),
    ("number", "HJ 1306—2023", "HJ 1306—2023"),
    ("number", "环发〔2003〕60号", "环发〔2003〕60号"),
    ("models", "Y180M-4、Y180L-6", "Y180M-4、Y180L-6"),
    ("choice", "eliminated", "eliminated"),
    ("choice", "淘汰", "eliminated"),
    ("choice", " 限制 ", "restricted"),
    ("date", "2026-08-15", "2026-08-15"),
    ("date", "2026年8月15日", "2026-08-15"),
    ("date", "二〇〇三年十一月十日", "2003-11-10"),
    ("industry", "33", "33"),
    ("industry", "金属制品业", "33"),
    ("industry", "01", "01"),
    ("region", "31", "31"),
    ("region", "上海", "31"),
    ("address", "https://www.mee.gov.cn/a?b=1", "https://www.mee.gov.cn/a?b=1"),
    ("address", "http://example.org", "http://example.org"),
    ("reference", "electroplating-counterflow-rinsing", "electroplating-counterflow-rinsing"),
    ("reference", "336-054-17", "336-054-17"),
    ("figure", "COD 去除率：80%～90%", "COD 去除率：80%～90%"),
    ("figure", "新水用量：减少一半（与单级清洗比）", "新水用量：减少一半（与单级清洗比）"),
    ("figure", "清洗级数：两级或以上", "清洗级数：两级或以上"),
    ("hazard", "T", "T"),
    ("hazard", "T, I ,R", "T，I，R"),
    ("hazard", "T/C/I/R/In", "T/C/I/R/In"),
    ("markup", "## 省水\n\n改成 [[counterflow]]。", "## 省水\n\n改成 [[counterflow]]。"),
]
REFUSED = [
    ("text", "", "is empty"),
    ("text", " \n ", "is empty"),
    ("name", "", "is empty"),
    ("name", "两\n行", "one line"),
    ("name", "长" * (NAME_LIMIT + 1), str(NAME_LIMIT)),
    ("number", "", "document or standard number"),
    ("models", "", "model codes"),
    ("choice", "banned", "restricted (限制)、eliminated (淘汰)"),
    ("choice", "", "restricted (限制)"),
    ("date", "2026", "2026-08-15"),
    ("date", "2026-02-30", "2026-08-15"),
    ("date", "2026-08-155", "2026-08-15"),
    ("date", "明年", "'明年'"),
    ("industry", "00", "GB/T 4754"),
    ("industry", "3360", "GB/T 4754"),
    ("industry", "电镀", "GB/T 4754"),
    ("region", "99", "GB/T 2260"),
    ("region", "上海市浦东新区", "GB/T 2260"),
    ("address", "www.mee.gov.cn", "https://"),
    ("address", "javascript:alert(1)", "https://"),
    ("address", "https://a b", "https://"),
    ("address", "ftp://example.org", "https://"),
    ("reference", "Big Words", "id of a record"),
    ("reference", "../etc/passwd", "id of a record"),
    ("reference", "-leading", "id of a record"),
    ("reference", "电镀", "id of a record"),
    ("figure", "COD 去除率 80%", "名称：数值"),
    ("figure", "去除率：很高", "名称：数值"),
    ("hazard", "T，I/R", "T，I or T/C/I/R"),
    ("hazard", "TI", "codes of T、C、I、R、In"),
    ("hazard", "T，T", "codes of"),
    ("hazard", "毒性", "codes of"),
    ("markup", "# 标题", "第1行"),
]


@pytest.mark.parametrize(("kind", "raw", "kept"), ACCEPTED)
def test_accepted(kind: str, raw: object, kept: object) -> None:
    assert FIELD_TYPES[kind].parse(raw, OPTIONS) == kept


@pytest.mark.parametrize(("kind", "raw", "said"), REFUSED)
def test_refused_with_what_is_accepted(kind: str, raw: object, said: str) -> None:
    with pytest.raises(FieldError) as refused:
        FIELD_TYPES[kind].parse(raw, OPTIONS)
    assert said in str(refused.value)


def test_both_tables_speak_of_every_type() -> None:
    assert {kind for kind, *_ in ACCEPTED} == set(FIELD_TYPES)
    assert {kind for kind, *_ in REFUSED} == set(FIELD_TYPES)


@pytest.mark.parametrize(
    ("kind", "kept", "shown"),
    [
        ("choice", "eliminated", "淘汰"),
        ("industry", "33", "金属制品业"),
        ("region", "31", "上海"),
        ("date", "2026-08-15", "2026-08-15"),
        ("text", "原样", "原样"),
        ("hazard", "In", "In（感染性）"),
        ("hazard", "T，I，R", "T，I，R（有毒性，可能还有易燃性、反应性）"),
        ("hazard", "T/C", "T/C（毒性、腐蚀性里的一种或几种）"),
    ],
)
def test_codes_are_shown_in_words(kind: str, kept: str, shown: str) -> None:
    assert FIELD_TYPES[kind].show(kept, OPTIONS) == shown


@pytest.mark.parametrize(("kind", "raw", "kept"), ACCEPTED)
def test_what_is_kept_is_accepted_again_and_stays_the_same(kind: str, raw: object, kept: object) -> None:
    del raw
    assert FIELD_TYPES[kind].parse(kept, OPTIONS) == kept


def test_the_fixed_tables_are_whole() -> None:
    assert list(DIVISIONS) == [f"{code:02d}" for code in range(1, 98)]
    assert len(set(DIVISIONS.values())) == 97
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 31
