"""Comparing two texts by command line."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from cpkb.cli import main
from cpkb.knowledge_base import KnowledgeBase
from tests.site import LAW, TECHNOLOGY


def run(kb: KnowledgeBase, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(kb.settings.home), *words])


def test_two_texts_are_compared_with_what_changed_in_brackets(kb: KnowledgeBase) -> None:
    printed = run(kb, "compare", f"{LAW}@1", f"/documents/{LAW}").output
    assert "有改动　第二条" in printed
    assert "镀铬漂洗水⟦可以⟧回用" in printed
    assert "镀铬漂洗水⟦应当⟧回用" in printed
    assert printed.endswith("改了 1 处：1 条有改动；3 条没有变化\n")


def test_machines_read_the_same(kb: KnowledgeBase) -> None:
    shape = json.loads(run(kb, "compare", f"{LAW}@1", LAW, "--json").stdout)
    assert (shape["a"]["url"], shape["b"]["url"]) == (f"/documents/{LAW}/versions/1", f"/documents/{LAW}")
    assert (shape["places"], shape["counts"]["changed"], shape["counts"]["same"]) == (1, 1, 3)
    assert [row["kind"] for row in shape["rows"]] == ["changed"]


def test_one_text_alone_lists_what_it_can_be_compared_with(kb: KnowledgeBase) -> None:
    assert f"{LAW}@1  示例清洁生产条例  早先文本" in run(kb, "compare", LAW).output
    assert [v["key"] for v in json.loads(run(kb, "compare", LAW, "--json").stdout)] == [f"{LAW}@1"]


def test_what_has_no_text_cannot_be_compared(kb: KnowledgeBase) -> None:
    ran = run(kb, "compare", TECHNOLOGY, LAW)
    assert ran.exit_code == 2
    assert "只有摘要，没有原文" in ran.output
