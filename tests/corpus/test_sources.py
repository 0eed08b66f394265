"""The shipped corpus beside the texts it was read from: places and numbers are there, sentences are our own."""

from __future__ import annotations

import csv
from functools import cache

import pytest

from cpkb.corpus import copied, numbers, places
from cpkb.corpus.sources import Sources, SourceText, source_of, squeeze_words
from cpkb.model.record import work_key
from cpkb.model.source import Citation
from tests.analysis.shipped import REPO
from tests.corpus.originals import originals
from tests.corpus.records import GUIDE, said, sample, shipped
from tests.extract.test_real_sources import SOURCES

real = pytest.mark.skipif(not SOURCES.is_dir(), reason=f"{SOURCES} is absent: real documents are not in the repository")
TERMS = [
    line.split()[0]
    for line in (REPO / "index" / "lexicon.txt").read_text("utf-8").splitlines()
    if line[:1] not in ("", "#")
]
PAGES = (
    "示例可行技术指南\n前言",
    "1\n5.1.12 喷淋\n8\n5.1 逆流漂洗\n镀件漂洗水应当从末级逐级向前回用并且不得直接排放到车间外面的沟渠，节水 65%以上。",
    "9\n表 3 可行技术 停留 2 h 适用于钢铁、建材、有色金属、石油加工、化工等",
)
SAMPLE = SourceText(GUIDE, tuple(map(squeeze_words, PAGES)), has_pages=True)
SAMPLES: Sources = {work_key(GUIDE): SAMPLE, work_key("HJ 9999—2026"): SAMPLE}
UNPRINTED = {"3.19", "4.2"}
"""Clauses of DB 44/2367 whose numbers stand on the page but not in its text layer."""
LEAST_FOUND = 0.95  # of the citations: a few texts are not among the sources


def citing(locator: str, page: int | None = None) -> Citation:
    return Citation(GUIDE, locator, "HJ 9999—2026", page)


@pytest.mark.parametrize(
    ("locator", "page"),
    [("5.1", 2), ("5.1 b", 2), ("表3", 3), ("5.1、表 3", 3), ("前言", 1), ("第321行", None), ("5.1", 3)],
)
def test_a_place_that_is_there_is_found(locator: str, page: int | None) -> None:
    assert places.check([sample(citations=(citing(locator, page),))], SAMPLES) == []


@pytest.mark.parametrize(
    ("locator", "page", "says"),
    [
        ("5.2", 2, "没有“5.2”"),
        ("5.1.1", 2, "没有“5.1.1”"),
        ("表4", None, "没有“表4”"),
        ("表3", 2, "第 2 页和前 3 页没有“表3”"),
        ("5.1", 4, "只有 3 页"),
    ],
)
def test_a_place_that_is_not_there_is_named(locator: str, page: int | None, says: str) -> None:
    faults = places.check([sample(citations=(citing(locator, page),))], SAMPLES)
    assert [says in fault.says for fault in faults] == [True]


def test_a_standard_is_found_by_its_number_before_a_page_of_the_same_title() -> None:
    page = SourceText(GUIDE, ("简介",))
    both: Sources = {work_key(GUIDE): page, work_key("HJ 9999—2026"): SAMPLE}
    assert source_of(GUIDE, "HJ 9999—2026", both) is SAMPLE
    assert source_of(GUIDE, "", both) is page


def test_a_copied_sentence_is_caught() -> None:
    record = sample(summary="说明：漂洗水应当从末级逐级向前回用并且不得直接排放，照做。")
    assert "照抄" in said(copied.check([record], SAMPLES, TERMS))[0]


@pytest.mark.parametrize(
    "summary",
    [
        "漂洗水从最后一级逐级往前用，新水只进末级。",
        "依据《示例可行技术指南》，节水 65%以上。",
        "适用于钢铁、建材、有色金属、石油加工、化工等厂。",
    ],
)
def test_own_words_names_lists_and_numbers_are_no_copy(summary: str) -> None:
    assert copied.check([sample(summary=summary)], SAMPLES, TERMS) == []


@pytest.mark.parametrize(
    ("figure", "faults"), [("节水：65%以上", 0), ("停留：2.0 h", 0), ("节水：66%以上", 1), ("停留：5 h", 1)]
)
def test_a_number_stands_on_a_cited_page(figure: str, faults: int) -> None:
    record = sample(figures=(figure,), citations=(citing("5.1", 2), citing("表3", 3)))
    assert len(numbers.check([record], SAMPLES)) == faults


@cache
def real_sources() -> Sources:
    return originals({citation.document for record in shipped() for citation in record.citations})


@pytest.mark.sources
@real
class TestShipped:
    def test_most_citations_can_be_checked(self) -> None:
        cited = [
            citation for record in shipped() if record.collection != "elimination" for citation in record.citations
        ]
        found = [source_of(c.document, c.number, real_sources()) is not None for c in cited]
        assert sum(found) / len(found) >= LEAST_FOUND

    def test_every_cited_place_is_there(self) -> None:
        # The public copy misprints these codes; source.toml corrects them.
        misprinted = {"263-004-04", "263-005-04", "261-017-11", "261-033-11", "261-034-11"}
        records = [record for record in shipped() if record.locator not in misprinted]
        unprinted = {f"固定污染源挥发性有机物综合排放标准里没有“{clause}”" for clause in UNPRINTED}
        assert said([f for f in places.check(records, real_sources()) if f.says not in unprinted]) == []

    def test_no_sentence_is_copied(self) -> None:
        assert said(copied.check(shipped(), real_sources(), TERMS)) == []

    def test_each_waste_code_has_the_hazards_of_the_list_sign_for_sign(self) -> None:
        lines = (SOURCES / "hazardous_waste_list_2021" / "list.tsv").read_text("utf-8").splitlines()
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        told = {record.value("code"): record.value("hazard") for record in shipped() if record.value("code")}
        assert told == {row["code"]: row["hazard"] for row in rows}
        assert len(told) == 467

    def test_each_exempted_process_of_the_comprehensive_catalogue_stands_as_the_alternative(self) -> None:
        lines = (SOURCES / "comprehensive_catalogue_2021" / "tables_raw.tsv").read_text("utf-8").splitlines()
        cells = [line.split("\t") for line in lines]
        rows = {row[1]: row[3] for row in cells if len(row) > 3 and row[2].startswith("G") and "除外" in row[3]}
        told = {r.value("item"): r.value("exceptions") for r in shipped() if r.id.startswith("ghw2021-")}
        assert {item for item, alternative in told.items() if alternative} == set(rows)
        squeezed = {item: "".join(name.split()) for item, name in rows.items()}
        assert [item for item, name in squeezed.items() if "".join(told[item].split()) not in name] == []
        assert len(rows) == 166

    def test_every_number_of_a_figure_stands_on_a_cited_page(self) -> None:
        assert said(numbers.check(shipped(), real_sources())) == []
