"""The commands of those who judge (`evaluate`) and ship (`ship-vectors`, the vectors that come along)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.progress import TaskID

from cpkb.analysis.embedding import missing as semantic_missing
from cpkb.cli_home import bring_up, progress_shown, write_vectors
from cpkb.consultation import judge as judging_answers
from cpkb.errors import CpkbError, QueryError
from cpkb.knowledge_base import opened
from cpkb.pipeline.corpora import Judgement, evaluate_corpus
from cpkb.pipeline.embed import ship
from cpkb.pipeline.shipped import sync_shipped
from cpkb.search import evaluate as judging
from cpkb.settings import Settings
from cpkb.terminal import plainly, print_json

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
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
        bring_up(kb, quiet=True)
        if not plain:
            write_vectors(kb, progress)
        task = progress.add_task("提问", total=len(judged))
        lines = judging.run(kb.finder, judged, only, lambda: progress.advance(task), plain=plain)
        guides = kb.store.titles("guideline", "available_techniques") if only == "shipped" else ()
    _write_run(run_file, lines)
    measured = judging.table(judged, lines, by_citation=only == "shipped", guides=guides)
    print_json(measured) if as_json else click.echo(judging.as_text(measured))


def _write_run(file: Path | None, lines: Sequence[Mapping[str, Any]]) -> None:
    if file:
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _evaluate_answers(settings: Settings, queries: Path, run_file: Path | None, *, held: bool, as_json: bool) -> None:
    with opened(settings) as kb:
        bring_up(kb, quiet=True)
        if labelled := judging_answers.load_labelled(queries):
            understood = judging_answers.understanding(kb.understander, labelled, held=held)
            print_json(understood) if as_json else click.echo(judging_answers.as_text(understood))
            return
        judged = judging.load_judged(queries)
        lines = judging_answers.run(kb.consultant, judged)
    _write_run(run_file, lines)
    measured = judging.table(judged, lines, by_citation=True)
    print_json(measured) if as_json else click.echo(judging.as_text(measured))


def _evaluate_corpus(settings: Settings, judgement: Judgement, *, plain: bool, as_json: bool) -> None:
    with opened(settings) as kb, progress_shown(quiet=as_json) as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int) -> None:
            tasks[step] = tasks[step] if step in tasks else progress.add_task(step, total=None)
            progress.update(tasks[step], description=f"{step} {done}")

        measured = evaluate_corpus(settings, judgement, kb.analyzer, None if plain else kb.embedder, show, plain=plain)
    print_json(measured) if as_json else click.echo("  ".join(f"{k} {v:.4g}" for k, v in measured.items()))


@click.command(name="ship-vectors", hidden=True)
@click.pass_obj
@plainly
def ship_vectors(settings: Settings) -> None:
    """Write index/vectors.bin, the vectors of the shipped corpus (CONTRIBUTING.md)."""
    with tempfile.TemporaryDirectory() as folder, opened(Settings(home=Path(folder))) as kb:
        if kb.embedder is None:
            raise CpkbError(semantic_missing())
        sync_shipped(kb.store, settings.corpus)
        click.echo(ship(kb.store, kb.embedder, settings.shipped_vectors))
