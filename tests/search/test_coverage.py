"""Coverage: techniques counted by industry and group of pollutants; every pollutant of the shipped ones has a group."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.search.coverage import OTHER, coverage, group_of, industries_covered
from cpkb.store.store import Store, StoredFile
from tests.corpus.records import shipped

LEAST_GROUPED = 0.95  # of the mentions: what stands alone is 其他

GROUPED = [
    ("COD", "有机物"),
    ("BOD5", "有机物"),
    ("氨氮", "氮、磷"),
    ("氨", "恶臭、酸雾和其他废气"),
    ("六价铬", "重金属"),
    ("铬酸雾", "恶臭、酸雾和其他废气"),
    ("氰化物", "氰、氟、硫、盐、酸碱"),
    ("清洗废水", "废水"),
    ("颗粒物", "颗粒物、烟雾"),
    ("VOCs", "VOCs"),
    ("含油污泥", "固体废物"),
    ("废盐", "固体废物"),
    ("噪声", "噪声"),
    ("心情", OTHER),
]


@pytest.mark.parametrize(("pollutant", "group"), GROUPED)
def test_a_pollutant_has_a_group(pollutant: str, group: str) -> None:
    assert group_of(pollutant) == group


def test_nearly_every_shipped_pollutant_has_a_group() -> None:
    fields = [record.fields.get("pollutant", ()) for record in shipped() if record.collection == "technology"]
    named = [str(name) for value in fields if isinstance(value, tuple) for name in value]
    assert sum(group_of(name) != OTHER for name in named) / len(named) >= LEAST_GROUPED


def test_a_technique_counts_once_in_a_cell_and_in_each_of_its_industries(tmp_path: Path) -> None:
    store = Store(tmp_path / "cpkb.sqlite")
    source = Source("指南", file="a", origin="shipped")
    records = [
        Record("a", "technology", "甲", {"industry": ("33", "39"), "pollutant": ("总铬", "总镍", "COD")}, (source,)),
        Record("b", "technology", "乙", {"industry": ("33",), "pollutant": ("总铬",)}, (source,)),
    ]
    store.put_file(StoredFile("a", "0", 1, "test", "shipped"), records)
    found = coverage(store)
    assert found.groups == ("有机物", "重金属")
    assert [(row.industry, row.total, [cell.count for cell in row.cells]) for row in found.rows] == [
        ("33", 2, [1, 2]),
        ("39", 1, [1, 1]),
    ]
    assert found.rows[0].cells[1].pollutants == ("总铬", "总镍")
    assert industries_covered(store) == ("金属制品业", "计算机、通信和其他电子设备制造业")
    store.close()
