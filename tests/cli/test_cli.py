"""The command line: what machines read, what people read, and the exit codes both go by."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cpkb import __version__, settings
from cpkb.cli import main
from cpkb.model.collection import collections
from cpkb.serve import share_out
from tests.analysis.shipped import REPO
from tests.fetch.models import endpoint

SHIPPED = """
[source]
title = "电镀污染防治可行技术指南"
[[record]]
id = "rinsing"
title = "逆流漂洗"
summary = "多级逆流漂洗节水"
industry = ["33"]
citations = [{ document = "电镀污染防治可行技术指南", locator = "6.1" }]
"""
LAW = "清洁生产示例办法\n\n第一条　为了促进清洁生产，制定本办法。\n\n第二条　企业应当采取逆流漂洗措施。\n"


class Shell:
    """Runs commands in one home, over a corpus of one record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(self.folder / "home"), *words])

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """The program as shipped, but for the corpus: indexing the whole one would take ten seconds."""
    folder = tmp_path_factory.mktemp("cli")
    shutil.copytree(REPO / "index", folder / "shipped" / "index")
    shutil.copytree(REPO / "corpus" / "sources", folder / "shipped" / "corpus" / "sources")
    shutil.copytree(REPO / "web" / "fonts", folder / "shipped" / "web" / "fonts")
    records = folder / "shipped" / "corpus" / "records" / "technology"
    records.mkdir(parents=True)
    (records / "a.toml").write_text(SHIPPED, encoding="utf-8")
    (folder / "inbox").mkdir()
    (folder / "inbox" / "law.txt").write_text(LAW, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings, "SHIPPED", folder / "shipped")
        patched.setenv("CPKB_SEMANTIC", "false")  # by words: in a home of two texts something is always nearest
        shell = Shell(folder)
        assert shell.run("import", str(folder / "inbox")).exit_code == 0
        yield shell


def test_status_says_what_the_home_holds_and_how_far_the_index_is(shell: Shell) -> None:
    status = shell.json("status")
    assert status["home"] == str(shell.folder / "home")
    assert status["records"] == dict.fromkeys(collections(), 0) | {"technology": 1, "policy": 1}
    assert status["shipped"] == {"technology": 1}
    assert status["industries"] == ["金属制品业"]
    assert (status["documents"], status["files"]) == (1, 1)
    assert status["index"]["is_current"]
    assert status["index"]["revision"] == status["revision"] > 0
    assert status["index"]["passages"] >= 3
    told = shell.run("status").stdout
    assert "shipped      technology 1" in told
    assert "industries   1：金属制品业" in told


def test_search_gives_passages_with_everything_needed_to_cite_them(shell: Shell) -> None:
    found = shell.json("search", "逆流漂洗")
    assert set(found) == {"confidence", "total", "passages", "hits", "facets"}
    assert found["confidence"] == "sure"
    assert found["total"] == found["passages"] == len(found["hits"]) == 2
    hits = {hit["id"]: hit for hit in found["hits"]}
    own = hits.pop("rinsing")
    assert set(own) == {
        "id", "collection", "title", "document", "file", "locator", "text", "score", "validity", "url",
        "twins", "cites",
    }  # fmt: skip
    assert (own["collection"], own["document"], own["validity"]) == ("technology", "电镀污染防治可行技术指南", "")
    assert own["cites"] == [{"document": "电镀污染防治可行技术指南", "number": "", "locator": "6.1"}]
    (law,) = hits.values()
    assert (law["title"], law["locator"], law["file"]) == ("清洁生产示例办法", "第二条", "inbox/law.txt")
    assert law["url"] == f"/documents/{law['id']}#第二条"
    assert law["validity"] == "效力不明"


def test_an_explained_search_tells_the_parts_of_every_score(shell: Shell) -> None:
    for hit in shell.json("search", "逆流漂洗", "--explain")["hits"]:
        assert sum(part["score"] for part in hit["parts"]) == pytest.approx(hit["score"], abs=1e-3)
    told = shell.run("search", "逆流漂洗", "--explain").stdout
    assert "含有的词 逆流" in told
    assert "含有的词" not in shell.run("search", "逆流漂洗").stdout


def test_a_plain_search_asks_nothing_beside_the_words(shell: Shell) -> None:
    kinds = {
        part["kind"]
        for hit in shell.json("search", "逆流漂洗", "--plain", "--explain")["hits"]
        for part in hit["parts"]
    }
    assert "words" in kinds
    assert kinds.isdisjoint({"synonyms", "meaning"})


def test_search_can_be_narrowed(shell: Shell) -> None:
    assert [hit["id"] for hit in shell.json("search", "逆流漂洗", "--collection", "技术")["hits"]] == ["rinsing"]
    assert len(shell.json("search", "逆流漂洗", "--limit", "1")["hits"]) == 1
    assert shell.json("search", "锑冶炼")["hits"] == []


def test_search_prints_for_people_too(shell: Shell) -> None:
    printed = shell.run("search", "逆流漂洗").stdout
    assert "逆流漂洗" in printed
    assert "共 2 段" in printed
    assert "没有找到" in shell.run("search", "锑冶炼").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search", "水", "--collection", "plants"), "technology"),
        (("search", "水", "--as-of", "someday"), "2026-08-15"),
        (("evaluate", "QUESTIONS"), "gold"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_would_be_right(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "q.jsonl").write_text('{"qid": 1}\n', encoding="utf-8")
    result = shell.run(*(str(tmp_path / "q.jsonl") if word == "QUESTIONS" else word for word in words))
    assert result.exit_code == 2
    assert said in "".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_an_import_reports_every_file_and_its_exit_code_tells_of_failures(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed" / "empty.txt").touch()
    (tmp_path / "mixed" / "photo.xyz").touch()
    failed = shell.run("import", str(tmp_path / "mixed"), "--json")
    assert failed.exit_code == 1
    report = json.loads(failed.stdout)
    assert report["counts"] == {"stored": 0, "unchanged": 0, "skipped": 1, "failed": 1}
    assert {file["file"]: file["outcome"] for file in report["files"]} == {
        "mixed/empty.txt": "failed",
        "mixed/photo.xyz": "skipped",
    }
    assert all(file["problems"] for file in report["files"])
    again = shell.json("import", str(shell.folder / "inbox"))
    assert again["counts"]["unchanged"] == 1
    missing = shell.run("import", str(tmp_path / "nowhere"))
    assert missing.exit_code == 2


def test_an_import_prints_a_line_for_each_file_that_is_not_as_before(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "empty.txt").touch()
    result = shell.run("import", str(tmp_path / "other"))
    assert result.exit_code == 1
    assert "失败 other/empty.txt" in result.stdout


def test_the_index_can_be_rebuilt(shell: Shell) -> None:
    assert "写入 0 条" in shell.run("index").stdout
    assert "写入 2 条" in shell.run("index", "--rebuild").stdout
    assert shell.json("status")["index"]["is_current"]


def test_evaluate_scores_judged_questions_and_writes_the_run(shell: Shell, tmp_path: Path) -> None:
    gold = {"document": ["清洁生产示例办法"], "locator": "第二条", "quote": "逆流漂洗措施", "grade": 2}
    questions = [
        {"qid": "1", "type": "law", "query": "逆流漂洗", "gold": [gold]},
        {"qid": "2", "type": "nothing", "query": "锑冶炼", "gold": []},
    ]
    file, ran = tmp_path / "q.jsonl", tmp_path / "run.jsonl"
    file.write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")
    measured = shell.json("evaluate", str(file), "--run-file", str(ran))
    assert measured["law"]["hit@1"] == measured["law"]["nDCG@10"] == 1.0
    assert measured["nothing"] == {"n": 1, "says none": 1.0}
    lines = [json.loads(line) for line in ran.read_text(encoding="utf-8").splitlines()]
    assert [(line["qid"], line["none"]) for line in lines] == [("1", False), ("2", True)]
    assert shell.json("evaluate", str(file), "--only", "shipped")["law"]["hit@1"] == 0.0
    assert "nDCG@10" in shell.run("evaluate", str(file)).stdout


def test_the_installed_command_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from cpkb.cli import main; main()", "--home", str(tmp_path), "status", "--json"]
    status = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert status["index"] == {"revision": -1, "is_current": False, "passages": 0, "terms": 0, "bytes": 0}


def test_the_version_is_that_of_the_package(shell: Shell) -> None:
    assert __version__ in shell.run("--version").stdout


def test_every_command_explains_itself(shell: Shell) -> None:
    for name in main.commands:
        result = shell.run(name, "--help")
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()) > 3


def test_run_begins_again_with_one_thread_for_each_process(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of several processes that computes with every core stands in the others' way."""
    begun: list[tuple[str, list[str], dict[str, str]]] = []

    def begin(program: str, words: list[str], environment: dict[str, str]) -> None:
        begun.append((program, words, environment))
        raise SystemExit

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr("os.execve", begin)
    shell.run("run", "--port", "1")
    ((program, words, environment),) = begun
    assert (program, words[:3]) == (sys.executable, [sys.executable, "-m", "cpkb"])
    assert environment["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize(("at_hand", "idle", "ended"), [(1, 0, 0), (2, 5, 0), (3, 0, 1), (3, 9, 1)])
def test_connections_of_a_busy_process_are_ended(at_hand: int, idle: int, ended: int) -> None:
    """Idle ones are none of its work."""
    told: list[str] = []
    worker = SimpleNamespace(nr_conns=at_hand + idle, keepalived_conns=range(idle))
    share_out(worker, SimpleNamespace(force_close=lambda: told.append("close")))
    assert len(told) == ended


def test_corpus_check_names_every_fault_and_fails(shell: Shell) -> None:
    checked = shell.run("corpus", "check")
    assert checked.exit_code == 0, checked.stdout
    assert checked.stdout == "1 条，0 处要改\n"
    file = shell.folder / "shipped" / "corpus" / "records" / "technology" / "b.toml"
    file.write_text(SHIPPED.replace('"6.1"', '""'), encoding="utf-8")
    checked = shell.run("corpus", "check")
    file.unlink()
    assert checked.exit_code == 1
    assert "corpus/records/technology/b.toml: rinsing: 编号与" in checked.stdout
    assert "locator" in checked.stdout


def test_a_question_is_answered_with_its_citations(shell: Shell) -> None:
    shape = shell.json("ask", "逆流漂洗")
    assert shape["none"] is False
    assert shape["sections"][0]["kind"] == "technique"
    technique = next(c for c in shape["citations"] if c["title"] == "逆流漂洗")
    assert (technique["document"], technique["locator"]) == ("电镀污染防治可行技术指南", "6.1")
    assert "多级逆流漂洗节水" in technique["text"]
    assert "《电镀污染防治可行技术指南》 6.1" in shell.run("ask", "逆流漂洗").stdout


@pytest.mark.parametrize(("ending", "begins"), [("docx", b"PK"), ("PDF", b"%PDF-")])
def test_an_answer_is_written_as_a_memo(shell: Shell, ending: str, begins: bytes) -> None:
    file = shell.folder / f"备忘录.{ending}"
    ran = shell.run("ask", "逆流漂洗", "--memo", str(file))
    assert ran.exit_code == 0, ran.output
    assert file.read_bytes().startswith(begins)


@pytest.mark.parametrize(("name", "told"), [("memo.txt", "写成 .docx 或 .pdf"), ("none/memo.pdf", "写不了")])
def test_a_memo_that_cannot_be_written_is_told_with_the_file(shell: Shell, name: str, told: str) -> None:
    ran = shell.run("ask", "逆流漂洗", "--memo", str(shell.folder / name))
    assert ran.exit_code == 2
    assert name in ran.stderr
    assert told in ran.stderr


def test_answers_are_judged_by_what_they_cite(shell: Shell) -> None:
    file = shell.folder / "asked.jsonl"
    gold = {"document": ["电镀污染防治可行技术指南"], "locator": "6.1", "quote": "原文没有导入", "grade": 2}
    file.write_text(json.dumps({"qid": "1", "type": "problem", "query": "逆流漂洗", "gold": [gold]}), encoding="utf-8")
    assert shell.json("evaluate", str(file), "--ask")["problem"]["hit2@5"] == 1


def test_understanding_is_judged_slot_by_slot(shell: Shell) -> None:
    file = shell.folder / "labelled.jsonl"
    slots = dict.fromkeys(("process", "pollutant", "waste", "material", "equipment", "quantity"), ())
    labelled = {"qid": "1", "query": "电镀废水", "industry": "33", "region": None, "intent": "technique", "held": False}
    file.write_text(json.dumps(labelled | slots | {"process": ["电镀"], "pollutant": ["废水"]}), encoding="utf-8")
    measured = shell.json("evaluate", str(file), "--ask")
    assert {row["right"] for row in measured.values()} == {1.0}


def test_an_answer_is_kept_and_its_citations_are_watched(shell: Shell) -> None:
    told = shell.run("ask", "企业应当采取逆流漂洗措施", "--keep").stdout
    (kept,) = shell.json("citations", "list")
    assert kept["address"] in told
    assert shell.json("citations", "stale") == []
    assert "都还成立" in shell.run("citations", "stale").stdout
    law = shell.folder / "inbox" / "law.txt"
    law.write_text(LAW.replace("应当采取", "可以采取"), encoding="utf-8")
    assert shell.run("import", str(shell.folder / "inbox")).exit_code == 0
    found = shell.json("citations", "stale")
    assert {one["cited_by"] for one in found} == {kept["address"]}
    assert "changed" in {one["reason"] for one in found}
    assert "文字已经改了" in shell.run("citations", "stale").stdout
    law.write_text(LAW, encoding="utf-8")
    assert shell.run("import", str(shell.folder / "inbox")).exit_code == 0
    assert "已删掉" in shell.run("citations", "forget", kept["address"]).stdout
    assert shell.json("citations", "list") == []


def test_an_answer_is_rewritten_after_it_was_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint("企业可以采取逆流漂洗措施［1］。") as found:
        monkeypatch.setenv("CPKB_LLM_URL", found.url)
        monkeypatch.setenv("CPKB_LLM_MODEL", "sample-model")
        monkeypatch.setenv("CPKB_LLM_KEY", "sk-sample-0123456789")
        told = shell.run("ask", "企业应当采取逆流漂洗措施", "--rewrite").stdout
        shape = shell.json("ask", "企业应当采取逆流漂洗措施", "--rewrite")
    assert told.index("应当采取逆流漂洗措施") < told.index("语言模型改写")
    assert "没有采用：企业可以采取逆流漂洗措施" in told
    assert shape["rewriting"]["told"] == []
    assert "sk-sample" not in told


def test_a_model_that_is_set_up_wrongly_is_told_without_its_key(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPKB_LLM_URL", "http://me:secret@127.0.0.1/v1")
    found = shell.run("ask", "逆流漂洗")
    assert found.exit_code == 2
    assert "CPKB_LLM_URL" in found.stderr
    assert "secret" not in found.output
