"""The two Shanghai texts of 2003: their real differences, named, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cpkb.comparison.compare import REAL, Comparison, compare
from cpkb.comparison.likeness import LEAST_ALIKE, estimate, sample
from cpkb.extract.extractor import Extracted
from cpkb.extract.formats import extract
from tests.analysis.shipped import shipped_analyzer

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
FILE = SEEDS / "沪府办发2003-41号.txt"

pytestmark = [
    pytest.mark.sources,
    pytest.mark.skipif(not FILE.is_file(), reason=f"{FILE} is absent: real documents are not in the repository"),
]


@cache
def texts() -> tuple[Extracted, Extracted]:
    """The draft of June and the text issued in November."""
    issued, draft = extract(FILE.read_bytes(), FILE.name)[0]
    return draft, issued


@cache
def found() -> Comparison:
    draft, issued = texts()
    return compare(draft.passages, issued.passages, shipped_analyzer().fold)


NAMED = {
    "监督 is no longer a duty of the office": ("二、", "监督", ""),
    "the office has no posts of its own": ("二、", "", "该办公室为非定编机构"),
    "districts may have bodies, where they should have": ("二、", "应有", "可以有（或合署办公）"),
    "the aim is no longer the national average": ("三（一）", "指标达到或超过", "大城市先进"),
    "audits by intermediaries, not by qualified bodies": ("七（一）", "有资质的", "中介"),
    "large retrofits need no audit": ("七（一）", "实施重大技改项目，必须通过清洁生产审核", ""),
    "labels are encouraged, not required": ("七（一）", "要求清洁生产的产品", "鼓励企业"),
    "no list of restricted and eliminated techniques": ("七（二）", "限制、淘汰的生产技术、工艺、设备及产品", ""),
    "who publishes the list of polluters": ("七（三）", "环保局", "有关部门"),
    "what puts a works on the list": ("七（三）", "污染物排放总量超过规定限额", ""),
    "where the list is published": ("七（三）", "", "在本市主要媒体上公布"),
    "who recognises products made of waste": ("八（二）", "资源综合利用", "清洁生产"),
}


@pytest.mark.parametrize(("place", "before", "after"), NAMED.values(), ids=NAMED)
def test_a_difference_that_matters_is_marked(place: str, before: str, after: str) -> None:
    row = next(row for row in found().rows if row.name == place)
    assert row.kind == "changed"
    assert row.before is not None
    assert row.after is not None
    assert not before or any(before in mark for mark in row.before.marks)
    assert not after or any(after in mark for mark in row.after.marks)


def test_the_clauses_that_changed_are_these_and_no_others() -> None:
    changed = [row.name for row in found().rows if row.kind in REAL]
    assert changed == [
        "引言",
        "二、",
        "三（一）",
        "四（二）",
        "七（一）",
        "七（二）",
        "七（三）",
        "八（二）",
        "十（二）",
        "落款",
    ]


def test_what_is_only_writing_is_told_apart() -> None:
    assert [row.name for row in found().rows if row.kind == "slight"] == ["三（三）", "五（一）", "五（二）"]


def test_quotation_marks_full_stops_and_wrapped_lines_are_no_difference() -> None:
    same = {row.name for row in found().rows if row.kind == "same"}
    assert {"四（一）", "五（三）", "六（一）", "九（一）"} <= same


def test_they_are_found_to_be_versions_of_one_document() -> None:
    draft, issued = (sample(text.passages, shipped_analyzer().fold) for text in texts())
    assert estimate(draft, issued) > LEAST_ALIKE
