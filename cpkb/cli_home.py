"""The commands of a home, kept up to date (`index`) and told about (`status`), and what others bring it up with."""

from __future__ import annotations

import time
from typing import Any

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cpkb.analysis.embedding import missing as semantic_missing
from cpkb.errors import IndexBusyError
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.collection import collections
from cpkb.pipeline.embed import adopt, catch_up_vectors, meanings
from cpkb.pipeline.reindex import catch_up, tidy
from cpkb.pipeline.shipped import sync_shipped
from cpkb.search.coverage import industries_covered
from cpkb.serve import follow
from cpkb.settings import Settings
from cpkb.terminal import err, out, plainly, print_json


@click.command()
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
        written = write_index(kb, progress, rebuild=rebuild)
        if not words_only:
            write_vectors(kb, progress)
        found = kb.engine.status()
    told = f"写入 {written} 条，共 {found.passages} 段（{found.vectors} 段有语义向量）"
    out.print(f"{told}，{time.perf_counter() - begun:.1f} 秒", highlight=False)


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def status(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """What the home holds and how far the index is."""
    with opened(settings) as kb:
        shape = _status_shape(kb)
    if as_json:
        print_json(shape)
        return
    for name, value in shape.items():
        out.print(f"{name:12} {_told(value)}", highlight=False, soft_wrap=True)


def bring_up(kb: KnowledgeBase, *, quiet: bool) -> None:
    """The shipped corpus and the index as they should be; the first time this takes a while, with progress."""
    with progress_shown(quiet=quiet) as progress:
        sync_shipped(kb.store, kb.settings.corpus)
        if write_index(kb, progress) and kb.embedder:
            adopt(meanings(kb.store), kb.engine, kb.settings.shipped_vectors)


def write_index(kb: KnowledgeBase, progress: Progress, *, rebuild: bool = False) -> int:
    """Catch the index up and merge what it has too much of; how many records were written, 0 where another writes."""
    task = progress.add_task("建索引", total=None)

    def show(written: int) -> None:
        progress.update(task, description=f"建索引 {written} 条")

    try:
        written = catch_up(kb.store, kb.engine, kb.analyzer, rebuild=rebuild, progress=show)
    except IndexBusyError as busy:
        err.print(str(busy), highlight=False)
        return 0
    tidy(kb.engine)
    return written


def write_vectors(kb: KnowledgeBase, progress: Progress) -> None:
    """Make the vectors that are missing; stopped, the next time goes on from there."""
    if kb.embedder is None:
        return
    task = progress.add_task("语义向量", total=None)
    try:
        for left in catch_up_vectors(kb.store, kb.engine, kb.embedder, kb.settings.shipped_vectors):
            progress.update(task, description=f"语义向量，还有 {left} 段")
    except IndexBusyError as busy:
        err.print(str(busy), highlight=False)


def progress_shown(*, quiet: bool) -> Progress:
    """Lines that tell people what is being done, gone afterwards; none where machines read."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, disable=quiet)


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
