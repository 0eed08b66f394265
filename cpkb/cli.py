"""The command line: run, index, status, search, ask, evaluate, and the commands of other modules."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.progress import Progress, TaskID

from cpkb import __version__
from cpkb.analysis.embedding import missing as semantic_missing
from cpkb.cli_editing import corpus, queries, thesaurus
from cpkb.cli_imports import import_files, imports
from cpkb.cli_texts import compare_texts, watch
from cpkb.consultation import judge as judging_answers
from cpkb.consultation.request import parse_ask
from cpkb.consultation.shapes import answer_shape, as_lines
from cpkb.errors import CpkbError, IndexBusyError, QueryError
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.collection import collections
from cpkb.pipeline.corpora import Judgement, evaluate_corpus
from cpkb.pipeline.embed import adopt, catch_up_vectors, meanings, ship
from cpkb.pipeline.shipped import sync_shipped
from cpkb.search import evaluate as judging
from cpkb.search.coverage import industries_covered
from cpkb.search.request import PLAIN, parse_request
from cpkb.search.shapes import results_shape
from cpkb.serve import ONE_THREAD, follow, serve
from cpkb.settings import Settings
from cpkb.terminal import clean, err, indexed, out, plainly, progress_shown

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
@click.version_option(__version__)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="状态文件夹（默认 CPKB_HOME 或 var/）")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """清洁生产知识库。"""
    context.obj = Settings(home=home) if home else Settings()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
@plainly
def run(settings: Settings, host: str, port: int) -> None:
    """Serve the site; the worker beside it keeps the index up to date."""
    _start_with_one_thread_each()
    with opened(settings) as kb:
        _bring_up(kb, quiet=False)
    if settings.semantic and semantic_missing():
        err.print(semantic_missing(), highlight=False)
    out.print(f"打开 http://{host}:{port}/ （Ctrl+C 停止）", highlight=False)
    serve(settings, host, port)


def _start_with_one_thread_each() -> None:
    """Several processes that compute with all cores each stand in one another's way.

    The libraries read this setting when they are loaded, which they are by now: so the program begins again.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        os.execve(sys.executable, [sys.executable, "-m", "cpkb", *sys.argv[1:]], os.environ | ONE_THREAD)  # noqa: S606 — this program


@main.command()
@click.option("--rebuild", is_flag=True, help="重建到新文件夹再换上")
@click.option("--follow", "follows", is_flag=True, help="一直跟着库更新（cpkb run 旁边的那个进程）")
@click.option("--words-only", is_flag=True, help="这次不做语义向量（网站运行时会在后台补上）")
@click.pass_obj
@plainly
def index(settings: Settings, rebuild: bool, follows: bool, words_only: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Catch the index up with the store: words first, then vectors, which can be stopped at any time."""
    if follows:
        with opened(settings) as kb:
            follow(kb)
        return
    with opened(settings) as kb, progress_shown(quiet=False) as progress:
        sync_shipped(kb.store, settings.corpus)
        begun = time.perf_counter()
        written = indexed(kb, progress, rebuild=rebuild)
        if not words_only:
            _embed(kb, progress)
        found = kb.engine.status()
    told = f"写入 {written} 条，共 {found.passages} 段（{found.vectors} 段有语义向量）"
    out.print(f"{told}，{time.perf_counter() - begun:.1f} 秒", highlight=False)


@main.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def status(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """What the home holds and how far the index is."""
    with opened(settings) as kb:
        shape = _status_shape(kb)
    if as_json:
        _print_json(shape)
        return
    for name, value in shape.items():
        out.print(f"{name:12} {_told(value)}", highlight=False, soft_wrap=True)


@main.command()
@click.argument("text")
@click.option("--collection", help="类别，如 technology 或 技术")
@click.option("--as-of", help="按哪一天的效力，如 2026-01-01")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--plain", is_flag=True, help="只用词和字，不用近义词和语义")
@click.option("--explain", is_flag=True, help="每一条为什么排在那里")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def search(
    settings: Settings,
    text: str,
    collection: str | None,
    as_of: str | None,
    limit: int,
    plain: bool,  # noqa: FBT001 — a flag of the command line
    explain: bool,  # noqa: FBT001 — a flag of the command line
    as_json: bool,  # noqa: FBT001 — a flag of the command line
) -> None:
    """Search passages, best first."""
    args = {"q": [text], "limit": [str(limit)], "collection": [collection or ""], "as_of": [as_of or ""]}
    args |= PLAIN if plain else {}
    args |= {"explain": ["on"]} if explain else {}
    with opened(settings) as kb:
        _bring_up(kb, quiet=True)
        shape = results_shape(kb.finder.find(parse_request(args, grouped=False).query), explained=explain)
    if as_json:
        _print_json(shape)
        return
    for hit in shape["hits"]:
        line = f"{hit['locator']} [{hit['validity']}] {hit['url']}"
        out.print(f"[bold]{escape(clean(hit['title']))}[/bold] {escape(line)}", highlight=False)
        out.print(f"  {hit['text'][:160]}", highlight=False, markup=False)
        for part in hit.get("parts", ()):
            out.print(f"    {part['score']:7.2f} {part['label']} {clean(part['term'])}", highlight=False, markup=False)
    out.print(f"共 {shape['total']} 段" if shape["total"] else "没有找到", highlight=False)


@main.command()
@click.argument("question")
@click.option("--as-of", help="按哪一天的效力，如 2026-01-01")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def ask(settings: Settings, question: str, as_of: str | None, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """What the knowledge base says about a question, every sentence with its clause."""
    with opened(settings) as kb:
        _bring_up(kb, quiet=True)
        answer = kb.consultant.answer(parse_ask({"q": [question], "as_of": [as_of or ""]}))
    if as_json:
        _print_json(answer_shape(answer))
    else:
        for line in as_lines(answer):
            out.print(clean(line), highlight=False, markup=False)


@main.command()
@click.argument("queries", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--ask", "asks", is_flag=True, help="评答复：引到的条文；understanding.jsonl 评理解")
@click.option("--held", is_flag=True, help="与 --ask 一起：评留作最后一次的那一半")
@click.option("--only", default="imported", show_default=True, type=click.Choice(["imported", "shipped", "all"]))
@click.option("--corpus", type=FILE, help="不问知识库，问这个文件里的文本（.jsonl 或 .jsonl.gz：id、title、text）")
@click.option("--qrels", type=FILE, help="与 --corpus 一起：问题、文本、相关（0 或 1）三列")
@click.option("--plain", is_flag=True, help="只用词和字，不用近义词和语义")
@click.option("--run-file", type=click.Path(path_type=Path, dir_okay=False), help="把结果写成一行一题的文件")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def evaluate(
    settings: Settings,
    queries: Path,
    asks: bool,  # noqa: FBT001 — a flag of the command line
    held: bool,  # noqa: FBT001 — a flag of the command line
    only: str,
    corpus: Path | None,
    qrels: Path | None,
    plain: bool,  # noqa: FBT001 — a flag of the command line
    run_file: Path | None,
    as_json: bool,  # noqa: FBT001 — a flag of the command line
) -> None:
    """Score judged questions, over the knowledge base or over a plain corpus."""
    if corpus or qrels:
        if not (corpus and qrels):
            raise QueryError("--corpus 和 --qrels 要一起给")
        _evaluate_corpus(settings, Judgement(corpus, queries, qrels), plain=plain, as_json=as_json)
        return
    if asks:
        _evaluate_answers(settings, queries, run_file, held=held, as_json=as_json)
        return
    judged = judging.load_judged(queries)
    with opened(settings) as kb, progress_shown(quiet=as_json) as progress:
        _bring_up(kb, quiet=True)
        if not plain:
            _embed(kb, progress)
        task = progress.add_task("提问", total=len(judged))
        lines = judging.run(kb.finder, judged, only, lambda: progress.advance(task), plain=plain)
        guides = kb.store.titles("guideline", "available_techniques") if only == "shipped" else ()
    _write_run(run_file, lines)
    measured = judging.table(judged, lines, by_citation=only == "shipped", guides=guides)
    _print_json(measured) if as_json else click.echo(judging.as_text(measured))


def _write_run(file: Path | None, lines: Sequence[Mapping[str, Any]]) -> None:
    if file:
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _evaluate_answers(settings: Settings, queries: Path, run_file: Path | None, *, held: bool, as_json: bool) -> None:
    with opened(settings) as kb:
        _bring_up(kb, quiet=True)
        if labelled := judging_answers.load_labelled(queries):
            understood = judging_answers.understanding(kb.understander, labelled, held=held)
            _print_json(understood) if as_json else click.echo(judging_answers.as_text(understood))
            return
        judged = judging.load_judged(queries)
        lines = judging_answers.run(kb.consultant, judged)
    _write_run(run_file, lines)
    measured = judging.table(judged, lines, by_citation=True)
    _print_json(measured) if as_json else click.echo(judging.as_text(measured))


def _evaluate_corpus(settings: Settings, judgement: Judgement, *, plain: bool, as_json: bool) -> None:
    with opened(settings) as kb, progress_shown(quiet=as_json) as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int) -> None:
            tasks[step] = tasks[step] if step in tasks else progress.add_task(step, total=None)
            progress.update(tasks[step], description=f"{step} {done}")

        measured = evaluate_corpus(settings, judgement, kb.analyzer, None if plain else kb.embedder, show, plain=plain)
    _print_json(measured) if as_json else click.echo("  ".join(f"{k} {v:.4g}" for k, v in measured.items()))


main.add_command(import_files)
main.add_command(imports)
main.add_command(corpus)
main.add_command(queries)
main.add_command(thesaurus)
main.add_command(compare_texts)
main.add_command(watch)


@main.command(name="ship-vectors", hidden=True)
@click.pass_obj
@plainly
def ship_vectors(settings: Settings) -> None:
    """Write index/vectors.bin, the vectors of the shipped corpus (CONTRIBUTING.md)."""
    with tempfile.TemporaryDirectory() as folder, opened(Settings(home=Path(folder))) as kb:
        if kb.embedder is None:
            raise CpkbError(semantic_missing())
        sync_shipped(kb.store, settings.corpus)
        click.echo(ship(kb.store, kb.embedder, settings.shipped_vectors))


def _bring_up(kb: KnowledgeBase, *, quiet: bool) -> None:
    """The shipped corpus and the index as they should be; the first time this takes a while, with progress."""
    with progress_shown(quiet=quiet) as progress:
        sync_shipped(kb.store, kb.settings.corpus)
        if indexed(kb, progress) and kb.embedder:
            adopt(meanings(kb.store), kb.engine, kb.settings.shipped_vectors)


def _embed(kb: KnowledgeBase, progress: Progress) -> None:
    """Make the vectors that are missing; stopped, the next time goes on from there."""
    if kb.embedder is None:
        return
    task = progress.add_task("语义向量", total=None)
    try:
        for left in catch_up_vectors(kb.store, kb.engine, kb.embedder, kb.settings.shipped_vectors):
            progress.update(task, description=f"语义向量，还有 {left} 段")
    except IndexBusyError as busy:
        err.print(str(busy), highlight=False)


def _status_shape(kb: KnowledgeBase) -> dict[str, Any]:
    counts, shipped, built = kb.store.counts(), kb.store.counts(only_shipped=True), kb.engine.status()
    return {
        "home": str(kb.settings.home),
        "records": {name: counts.get(name, 0) for name in collections()},
        "shipped": {name: shipped[name] for name in collections() if shipped.get(name)},
        "industries": industries_covered(kb.store),
        "documents": kb.store.count_documents(),
        "files": len(kb.store.files("imported")),
        "revision": kb.store.revision(),
        "index": {
            "revision": built.revision,
            "is_current": built.revision == kb.store.revision() and built.fingerprint == kb.engine.fingerprint,
            "passages": built.passages,
            "terms": built.terms,
            "bytes": built.bytes,
        },
        "semantic": {"vectors": built.vectors, "of": built.passages, "missing": semantic_missing()},
    }


def _told(value: object) -> str:
    """A value of the status as people read it; of industries also how many there are."""
    if isinstance(value, dict):
        return "，".join(f"{name} {_told(part)}" for name, part in value.items())
    return f"{len(value)}：{'、'.join(value)}" if isinstance(value, tuple) else str(value)


def _print_json(shape: object) -> None:
    click.echo(json.dumps(shape, ensure_ascii=False))
