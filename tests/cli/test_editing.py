"""From a question that found nothing to a synonym, by command line and with the site running."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from cpkb.cli import main
from cpkb.knowledge_base import KnowledgeBase

WORD = "咕噜池子"
"""No text, dictionary or thesaurus holds it."""


def run(kb: KnowledgeBase, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(kb.settings.home), *words])


def as_json(kb: KnowledgeBase, *words: str) -> object:
    return json.loads(run(kb, *words, "--json").stdout)


def in_a_process_of_its_own(kb: KnowledgeBase, *words: str) -> str:
    command = [sys.executable, "-m", "cpkb", "--home", str(kb.settings.home), *words]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def ask(client: FlaskClient, question: str) -> str:
    with client.get("/search", query_string={"q": question}) as answer:
        return answer.get_data(as_text=True)


def test_a_question_without_answer_gets_one_from_the_next_request_on(client: FlaskClient, kb: KnowledgeBase) -> None:
    """The whole loop: asked, listed, tried, added by another process, answered, removed again."""
    for _ in range(3):
        assert "没有找到" in ask(client, WORD)
    (listed,) = [q for q in json.loads(run(kb, "queries", "--json").stdout) if q["text"] == WORD]
    assert (listed["kind"], listed["times"], set(listed)) == ("nothing", 3, {"text", "kind", "times", "first", "last"})
    assert as_json(kb, "thesaurus", "try", WORD) == {"also_searched": [], "with_synonyms": 0, "without": 0}

    said = in_a_process_of_its_own(kb, "thesaurus", "add", WORD, "逆流漂洗", "--source", "问题记录")
    assert f"{WORD} → 逆流漂洗" in said
    answered = ask(client, WORD)
    assert f"{WORD} → 逆流漂洗" in answered
    assert "没有找到" not in answered
    assert "逆流漂洗" in run(kb, "thesaurus", "list", WORD).stdout
    assert f"{WORD} → 逆流漂洗" in run(kb, "thesaurus", "try", WORD).stdout

    in_a_process_of_its_own(kb, "thesaurus", "remove", WORD)
    assert "没有找到" in ask(client, WORD)
    assert "已删掉" in run(kb, "queries", "--forget", WORD).stdout
    assert WORD not in run(kb, "queries").stdout


def test_a_broken_line_does_not_take_the_site_down(client: FlaskClient, kb: KnowledgeBase) -> None:
    kb.settings.thesaurus.write_bytes(b"lay\t\xff\xfe\x00\nlay\n")
    try:
        assert "条" in ask(client, "逆流漂洗")
        checked = run(kb, "thesaurus", "check")
        assert checked.exit_code == 1
        assert "thesaurus.tsv:1: " in checked.stdout
        assert "thesaurus.tsv:2: " in checked.stdout
    finally:
        kb.settings.thesaurus.unlink()
    assert "没有问题" in run(kb, "thesaurus", "check").stdout


def test_a_formal_term_that_no_text_holds_needs_force(kb: KnowledgeBase) -> None:
    refused = run(kb, "thesaurus", "add", WORD, "无处可见之词")
    assert (refused.exit_code, kb.settings.thesaurus.exists()) == (2, False)
    assert "--force" in refused.stderr
    assert run(kb, "thesaurus", "add", WORD, "无处可见之词", "--force").exit_code == 0
    assert "没有一段含有正式词“无处可见之词”" in run(kb, "thesaurus", "check").stdout
    kb.settings.thesaurus.unlink()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("queries", "--forget", "从没问过"), "没有记下"),
        (("thesaurus", "remove", "药水"), "index/thesaurus.tsv:"),
        (("thesaurus", "add", "药水", "槽液", "--force"), "index/thesaurus.tsv:"),
        (("thesaurus", "add", "\x1b[31m红", "槽液"), "thesaurus.tsv: “□[31m红”"),
        (("thesaurus", "add", "缸子水"), "FORMAL"),
        (("queries", "--kind", "good"), "nothing"),
    ],
)
def test_a_mistake_is_said_plainly(kb: KnowledgeBase, words: tuple[str, ...], said: str) -> None:
    result = run(kb, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_queries_can_be_narrowed(kb: KnowledgeBase) -> None:
    for text, kind in (("甲问", "nothing"), ("乙问", "poor")):
        kb.store.questions.note(text, kind, dt.date(2026, 11, 1))
    poor = run(kb, "queries", "--kind", "poor", "--limit", "500").stdout
    assert "乙问" in poor
    assert "甲问" not in poor
    assert len(run(kb, "queries", "--limit", "1").stdout.splitlines()) == 1
    for text in ("甲问", "乙问"):
        kb.store.questions.forget(text)


def test_the_shipped_entries_are_shown_for_a_word(kb: KnowledgeBase) -> None:
    assert run(kb, "thesaurus", "list").stdout == "没有词条\n"
    found = as_json(kb, "thesaurus", "list", "电镀药水")
    assert isinstance(found, list)
    assert [(entry["file"], entry["kind"]) for entry in found] == [("index/thesaurus.tsv", "lay")]
