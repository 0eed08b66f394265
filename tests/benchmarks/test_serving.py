"""The home that the site is measured on is a real one."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from benchmarks.serving import QUESTIONS, make, page, questions
from cpkb.knowledge_base import opened
from cpkb.settings import Settings


def archive(file: Path) -> Path:
    """Three laws of two articles each, in the folders of the shared archive."""
    with tarfile.open(file, "w:gz") as made:
        for number in range(3):
            articles = "\n\n".join(f"第{at}条 第{number}部法律要求企业的镀铬漂洗水逐级回用。" for at in "一二")
            text = f"# 示例法{number}\n\n<!-- INFO END -->\n\n{articles}".encode()
            member = tarfile.TarInfo(f"raw_md/行政法/示例法{number}(2020-01-0{number + 1}).md")
            member.size = len(text)
            made.addfile(member, io.BytesIO(text))
    return file


@pytest.mark.long
def test_a_home_is_made_of_laws_with_a_vector_for_every_passage(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home, archive(tmp_path / "laws.tar.gz"), 5)
    with opened(Settings(home=home)) as kb:
        held = kb.engine.status()
        law = next(record for record in kb.store.changed_since(-1) if record.title == "示例法1")
        assert (law.value("issued"), [passage.locator for passage in law.body]) == ("2020-01-02", ["第一条", "第二条"])
        assert held.vectors == held.passages > 6
        assert len(set(questions(kb.store))) == QUESTIONS


def test_the_page_tells_rates_times_errors_and_memory() -> None:
    row = {
        "way": "cache off, words", "pages": 600, "seconds": 30.0, "p50": 20.0, "p95": 50.0, "p99": 70.0, "errors": 1,
        "taken": 12.4,
        "begun": [{"pss": 200.0, "anonymous": 90.0}, {"pss": 201.0, "anonymous": 91.0}],
        "memory": [{"pss": 8.0, "anonymous": 7.0},
            {"pss": 210.0, "anonymous": 94.0}, {"pss": 211.0, "anonymous": 95.0}],
        "minutes": ["92 + 93", "94 + 95"],
    }  # fmt: skip
    told = page([row], 100_000)
    assert "|cache off, words|20.0|20.0|50.0|70.0|1 of 600|12%|90 + 91|94 + 95|200 + 201|210 + 211|" in told
    assert "100,000 passages; 30 seconds a way" in told
    assert "after every minute, cache off, words: 92 + 93, 94 + 95." in told
