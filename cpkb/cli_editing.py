"""The commands of editors: questions that found nothing (`queries`) and the home's synonyms (`thesaurus`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial

import click

from cpkb.analysis.synonyms import KINDS as RELATIONS
from cpkb.analysis.synonyms import Entry
from cpkb.corpus.checks import check_all
from cpkb.corpus.faults import read_corpus
from cpkb.editing.checks import is_held, problems_of, tried
from cpkb.editing.thesaurus import HomeThesaurus
from cpkb.errors import IndexBusyError, NotFoundError
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.reindex import catch_up
from cpkb.pipeline.shipped import sync_shipped
from cpkb.search.unanswered import KINDS, folded_question
from cpkb.settings import Settings
from cpkb.terminal import clean, out, plainly, print_json


@click.command()
@click.option(
    "--kind", type=click.Choice(tuple(KINDS)), help="，".join(f"{kind} {says}" for kind, says in KINDS.items())
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--forget", metavar="TEXT", help="删掉这个问题")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def queries(settings: Settings, kind: str | None, limit: int, forget: str | None, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List questions that found nothing or little, most frequent first."""
    with opened(settings) as kb:
        if forget is not None:
            _forget(kb, forget)
            return
        found = kb.store.questions.listed(kind or "", limit)
    if as_json:
        print_json([asdict(question) for question in found])
        return
    for question in found:
        click.echo(f"{question.times:5}  {KINDS[question.kind]}  {question.first}～{question.last}  {question.text}")
    if not found:
        click.echo("没有记下的问题")


def _forget(kb: KnowledgeBase, text: str) -> None:
    if not kb.store.questions.forget(folded_question(text, kb.analyzer)):
        raise NotFoundError(f"没有记下“{text}”这个问题")
    click.echo("已删掉")


@click.group()
def thesaurus() -> None:
    """The synonyms of this home, beside the shipped ones; a change works at once, without a new index."""


@thesaurus.command(name="list")
@click.argument("word", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def list_entries(settings: Settings, word: str | None, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List the home's entries; with WORD those it stands in, the shipped ones too."""
    with opened(settings) as kb:
        home = _home(kb)
        found = home.entries(word) if word else home.read()[0]
    if as_json:
        print_json([asdict(entry) for entry in found])
        return
    for entry in found:
        click.echo(f"{entry.place}  {_line(entry)}")
    if not found:
        click.echo("没有词条")


@thesaurus.command()
@click.argument("lay")
@click.argument("formal", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(RELATIONS), default="lay", show_default=True)
@click.option("--source", default="本站编辑", show_default=True, help="在哪里见到")
@click.option("--force", is_flag=True, help="没有一段含有正式词也添加")
@click.pass_obj
@plainly
def add(settings: Settings, lay: str, formal: tuple[str, ...], kind: str, source: str, force: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Search the FORMAL terms, too, when a question holds LAY."""
    with _indexed(settings) as kb:
        holds = (lambda _: True) if force else partial(is_held, kb.finder)
        entry = _home(kb).add(kind, lay, formal, source, holds)
    click.echo(f"已添加 {entry.place}  {_line(entry)}")


@thesaurus.command()
@click.argument("word")
@click.pass_obj
@plainly
def remove(settings: Settings, word: str) -> None:
    """Take WORD out of the home's entries; an entry with nothing left on one side goes."""
    with opened(settings) as kb:
        for entry in _home(kb).remove(word):
            click.echo(f"去掉“{word}”  {entry.place}  {_line(entry)}")


@thesaurus.command(name="try")
@click.argument("question")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def try_question(settings: Settings, question: str, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Show what is searched beside QUESTION, and how many results that makes."""
    with _indexed(settings) as kb:
        trial = tried(kb.finder, question)
    if as_json:
        print_json(asdict(trial))
        return
    for word, terms in trial.also_searched:
        click.echo(f"{word} → {'、'.join(terms)}")
    if not trial.also_searched:
        click.echo("没有另外搜索的词")
    click.echo(f"连同这些词 {trial.with_synonyms} 条，只搜原词 {trial.without} 条")


@thesaurus.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
@plainly
def check(context: click.Context, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Name what is wrong in the home's thesaurus; exit 1 if anything is."""
    with _indexed(context.obj) as kb:
        problems = problems_of(_home(kb), partial(is_held, kb.finder))
    if as_json:
        print_json(problems)
    else:
        click.echo("\n".join(problems) if problems else "没有问题")
    context.exit(1 if problems else 0)


def _line(entry: Entry) -> str:
    arrow = "→" if entry.kind in ("lay", "narrower") else "↔"
    return f"{entry.kind}  {'、'.join(entry.also)} {arrow} {'、'.join(entry.formal)}  （{entry.source}）"


def _home(kb: KnowledgeBase) -> HomeThesaurus:
    shipped = kb.settings.lexicon / "thesaurus.tsv"
    return HomeThesaurus(kb.settings.thesaurus, shipped, lambda text: kb.analyzer.fold(text).text)


@contextmanager
def _indexed(settings: Settings) -> Iterator[KnowledgeBase]:
    """An open home whose index is as it should be; where another process is writing it, as it is."""
    with opened(settings) as kb:
        sync_shipped(kb.store, settings.corpus)
        with suppress(IndexBusyError):
            catch_up(kb.store, kb.engine, kb.analyzer)
        yield kb


@click.group()
def corpus() -> None:
    """The shipped corpus, for those who write it."""


@corpus.command(name="check")
@click.pass_obj
@plainly
def corpus_check(settings: Settings) -> None:
    """Name every fault of the shipped corpus with its file and record; exit 1 if there are any."""
    records = read_corpus(settings.corpus)
    faults = check_all(records)
    for found in faults:
        out.print(clean(str(found)), highlight=False, markup=False)
    out.print(f"{len(records)} 条，{len(faults)} 处要改", highlight=False)
    sys.exit(1 if faults else 0)
