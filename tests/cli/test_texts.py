"""Comparing two texts by command line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from cpkb.cli import main
from cpkb.cli_texts import likely_versions
from cpkb.comparison.likeness import catch_up_fingerprints
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.ingest import Importer
from cpkb.settings import Settings
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


def test_an_import_tells_of_a_text_that_is_probably_another_version(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    articles = [f"第{at}条　第{at}类示例企业应当在{at + 3}个月内完成审核并报送结果。" for at in range(1, 30)]
    (tmp_path / "inbox" / "a.txt").write_text("示例审核办法\n\n" + "\n\n".join(articles), encoding="utf-8")
    reposted = [text.replace("，", ",").replace("　", " ") for text in articles[:-2]]
    (tmp_path / "inbox" / "b.txt").write_text("转发示例审核办法的通知\n\n" + "\n\n".join(reposted), encoding="utf-8")
    with opened(Settings(home=tmp_path / "home")) as kb:
        importer = Importer(kb.store, kb.settings.corpus / "sources", kb.settings.originals)
        report = importer.run([tmp_path / "inbox"])
        catch_up_fingerprints(kb.store, kb.analyzer.fold)
        lines = list(likely_versions(kb, report))
    assert len(lines) == 2
    assert lines[0].startswith("《示例审核办法》与已有的《转发示例审核办法的通知》约 9")
    assert "可能是同一文件：cpkb compare " in lines[0]


def test_what_has_no_text_cannot_be_compared(kb: KnowledgeBase) -> None:
    ran = run(kb, "compare", TECHNOLOGY, LAW)
    assert ran.exit_code == 2
    assert "只有摘要，没有原文" in ran.output
