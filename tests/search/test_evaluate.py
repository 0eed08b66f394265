"""Evaluation: the measures by hand, and the same numbers as the script that comes with the judged questions."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cpkb.errors import QueryError
from cpkb.search.evaluate import Judged, as_text, load_judged, name_key, run, score, table
from tests.analysis.shipped import REPO
from tests.search.library import Library

SHARED = REPO.parent / "shared" / "queries"
FIRST = {"document": ["电镀指南"], "locator": "6.1", "quote": "六价铬 废水", "grade": 2}
SECOND = {"document": ["漂洗指南", "HJ 2"], "locator": "5.2", "quote": "逆流漂洗", "grade": 1}
QUESTION = Judged("P1", "problem", "六价铬怎么办", (FIRST, SECOND))


def result(document: str, text: str, file: str = "") -> dict[str, Any]:
    return {"document": document, "title": document, "file": file, "text": text}


GOOD = result("电镀指南", "处理六价铬废水。")
HELP = result("HJ 2", "采用逆流\n漂洗。")
BAD = result("电镀指南", "别的条款")
FULL = 3 / math.log2(2) + 1 / math.log2(3)


@pytest.mark.parametrize(
    ("results", "measures"),
    [
        ([GOOD, HELP], {"hit@1": 1, "hit2@5": 1, "nDCG@10": 1, "MRR@10": 1, "false_none": 0}),
        ([HELP, GOOD], {"hit@1": 1, "hit2@5": 1, "nDCG@10": (1 + 3 / math.log2(3)) / FULL, "MRR@10": 1}),
        ([BAD, GOOD], {"hit@1": 0, "hit@5": 1, "nDCG@10": (3 / math.log2(3)) / FULL, "MRR@10": 1 / 2}),
        ([GOOD, GOOD], {"nDCG@10": 3 / FULL}),
        ([BAD] * 5 + [GOOD], {"hit@5": 0, "hit@10": 1, "hit2@5": 0, "MRR@10": 1 / 6}),
        ([HELP] + [BAD] * 4 + [GOOD], {"hit@5": 1, "hit2@5": 0}),
        ([BAD] * 10 + [GOOD], {"hit@10": 0, "nDCG@10": 0, "MRR@10": 0, "false_none": 0}),
        ([], {"hit@1": 0, "nDCG@10": 0, "MRR@10": 0, "false_none": 1}),
        ([result("別的", "六价铬废水", "guides/电镀指南.pdf")], {"hit@1": 1}),
        ([result("《电镀指南》", "六价铬废水")], {"hit@1": 1}),
        ([result("中华人民共和国电镀指南", "六价铬废水")], {"hit@1": 1}),
        ([result("电镀指南", "水" * 795 + "六价铬废水")], {"hit@1": 1}),
        ([result("电镀指南", "水" * 796 + "六价铬废水")], {"hit@1": 0}),
        ([result("别的指南", "六价铬废水")], {"hit@1": 0}),
    ],
)
def test_measures_by_hand(results: list[dict[str, Any]], measures: dict[str, float]) -> None:
    found = score(QUESTION, {"results": results, "none": not results})
    assert {name: found[name] for name in measures} == pytest.approx(measures)


@pytest.mark.parametrize(
    ("gold", "locator", "is_hit"),
    [
        ("6.1", "6.1", True),
        ("表 4", "表4", True),
        ("第十条", "第十条\n", True),
        ("６．１", "6.1", True),
        ("6.1", "6.1.1", False),
        ("6.1", "", False),
        ("", "", True),
    ],
)
def test_where_nothing_is_quoted_the_place_must_be_the_same(gold: str, locator: str, is_hit: bool) -> None:  # noqa: FBT001 — a column of the table
    question = Judged("P1", "problem", "六价铬怎么办", ({"document": ["电镀指南"], "locator": gold, "grade": 2},))
    here = result("电镀指南", "任何文字") | {"locator": locator}
    assert score(question, {"results": [here], "none": False})["hit@1"] == is_hit
    elsewhere = result("漂洗指南", "任何文字") | {"locator": locator}
    assert score(question, {"results": [elsewhere], "none": False})["hit@1"] == 0


def test_where_something_is_quoted_the_place_does_not_matter() -> None:
    assert score(QUESTION, {"results": [GOOD | {"locator": "9.9"}], "none": False})["hit@1"] == 1
    assert score(QUESTION, {"results": [BAD | {"locator": "6.1"}], "none": False})["hit@1"] == 0


def test_a_gold_item_with_an_id_is_that_record_and_no_other() -> None:
    question = Judged("S1", "problem", "洗件水太费", ({"document": ["逆流漂洗"], "id": "rinsing", "grade": 2},))
    for found, hit in (("rinsing", 1), ("spraying", 0)):
        line = {"results": [result("逆流漂洗", "文字") | {"id": found}], "none": False}
        assert score(question, line)["hit@1"] == hit


@pytest.mark.parametrize(
    ("cites", "is_hit"),
    [
        ([("电镀指南", "HJ 1", "6.1")], True),
        ([("《电镀指南》", "", "6.1 ")], True),
        ([("别的名称", "HJ 2", "5.2")], True),
        ([("电镀指南", "HJ 1", "6.1.1")], False),
        ([("别的指南", "HJ 9", "6.1")], False),
        ([("电镀指南", "HJ 1", "")], False),
        ([("电镀指南", "HJ 1", "1")] * 3 + [("电镀指南", "HJ 1", "6.1")], False),
    ],
)
def test_an_own_record_stands_for_the_first_three_clauses_it_cites(
    cites: list[tuple[str, str, str]],
    is_hit: bool,  # noqa: FBT001 — a column of the table
) -> None:
    shapes = [{"document": document, "number": number, "locator": locator} for document, number, locator in cites]
    line = {"results": [result("铬还原", "自己的话") | {"cites": shapes}], "none": False}
    assert score(QUESTION, line, by_citation=True)["hit@1"] == is_hit
    assert score(QUESTION, line)["hit@1"] == 0


def test_problems_answered_in_the_guides_have_a_row_of_their_own() -> None:
    law = Judged("L1", "problem", "要不要审核", ({"document": ["示例法"], "locator": "第一条", "grade": 2},))
    measured = table([QUESTION, law], [], by_citation=True, guides=["电镀指南"])
    assert (measured["problem"]["n"], measured["problem, guides"]["n"]) == (2, 1)


def test_a_question_without_an_answer_is_right_when_nothing_is_said() -> None:
    nothing = Judged("N1", "nothing", "火星", ())
    assert score(nothing, {"results": [GOOD], "none": True}) == {"says none": 1.0}
    assert score(nothing, {"results": [GOOD], "none": False}) == {"says none": 0.0}


def test_a_question_that_was_not_run_counts_as_answered_by_nothing() -> None:
    measured = table([QUESTION], [])
    assert measured["problem"]["false_none"] == measured["ALL answerable"]["n"] == 1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("guides/制浆造纸指南-unlocked.pdf", "制浆造纸指南"),
        ("中华人民共和国清洁生产促进法", "清洁生产促进法"),
        ("《清洁生产促进法》", "清洁生产促进法"),
        ("ＨＪ 1306.PDF", "HJ1306"),
        ("a\\b\\list.tsv", "list"),
        ("", ""),
    ],
)
def test_names_are_compared_without_folders_endings_and_marks(name: str, key: str) -> None:
    assert name_key(name) == key


def test_a_line_that_is_no_question_is_refused_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"qid": "1", "type": "t", "query": "水", "gold": []}\n\n{"qid": "2"}\n', encoding="utf-8")
    with pytest.raises(QueryError, match=r"q\.jsonl:3: .*gold"):
        load_judged(file)


def test_questions_are_asked_of_what_was_imported(library: Library) -> None:
    judged = [Judged("1", "exact", "Y180M-4", ()), Judged("2", "nothing", "锑冶炼", ())]
    lines = run(library.finder, judged, "imported")
    assert [(line["qid"], line["none"]) for line in lines] == [("1", False), ("2", True)]
    assert lines[0]["results"][0]["document"] == "淘汰目录（第一批）"
    assert [line["none"] for line in run(library.finder, judged, "shipped")] == [True, True]


def test_plainly_asked_nothing_is_searched_beside_the_words(library: Library) -> None:
    judged = [Judged("1", "lay", "水银", ())]
    assert [line["none"] for line in run(library.finder, judged, "imported")] == [False]
    assert [line["none"] for line in run(library.finder, judged, "imported", plain=True)] == [True]


def test_the_table_is_printed_a_type_a_line() -> None:
    printed = as_text(table([QUESTION, Judged("N", "nothing", "x", ())], [])).splitlines()
    assert [line.split()[0] for line in printed] == ["type", "problem", "ALL", "nothing"]


def made_up(judged: list[Judged]) -> list[dict[str, Any]]:
    """A run with hits at random ranks, in every disguise that the comparison must see through."""
    source = random.Random(7)  # noqa: S311 — no secret
    every = [gold for question in judged for gold in question.gold]
    lines = []
    for question in judged:
        golds = [*question.gold] * 2 + source.sample(every, 8)
        source.shuffle(golds)
        results = [
            {
                "document": source.choice(gold["document"]),
                "title": source.choice(("", "《" + gold["document"][0] + "》")),
                "file": source.choice(("", f"guides/{gold['document'][0]}-unlocked.pdf")),
                "text": source.choice(("", "\n ", "水" * 790)) + " ".join(gold["quote"]),
                "score": 1.0,
            }
            for gold in golds[: source.randint(0, 12)]
        ]
        lines.append({"qid": question.qid, "results": results, "none": not results or source.random() < 0.1})
    return lines[:-3]


@pytest.mark.sources
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/queries is absent")
def test_the_numbers_are_those_of_the_script_that_comes_with_the_questions(tmp_path: Path) -> None:
    judged = load_judged(SHARED / "dev.jsonl")
    lines = made_up(judged)
    file = tmp_path / "run.jsonl"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, str(SHARED / "score.py"), str(file), str(SHARED / "dev.jsonl"), "--json"]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    expected = json.loads(printed)["types"]
    measured = table(judged, lines)
    assert measured.keys() == expected.keys()
    for kind, row in measured.items():
        theirs = {"says none" if name == "none" else name: value for name, value in expected[kind].items()}
        assert row == pytest.approx(theirs, abs=5.1e-5), kind
    assert 0 < measured["ALL answerable"]["nDCG@10"] < 1
