"""Texts and where they come from: what changed between two (`compare`), pages of the web (`watch`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from cpkb.comparison.compare import KINDS, Row, Side, compare
from cpkb.comparison.shapes import comparison_shape, versions_shape
from cpkb.comparison.versions import WHY, Version, key_of, proposed, version, versions
from cpkb.errors import CpkbError
from cpkb.fetch.client import Client
from cpkb.fetch.guard import Guard
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.reindex import catch_up
from cpkb.pipeline.report import ImportReport
from cpkb.pipeline.web import NEW, SAME, WebImporter
from cpkb.settings import Settings
from cpkb.terminal import clean, out, plainly, print_json

ADDRESS = ("http://", "https://")
_SHOWN_KINDS = ("changed", "added", "removed", "slight", "renumbered")


@click.command(name="compare")
@click.argument("a")
@click.argument("b", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def compare_texts(settings: Settings, a: str, b: str | None, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Compare two documents clause by clause; with one, list what it can be compared with.

    A and B are ids or addresses of documents; an earlier text is ID@1.
    """
    with opened(settings) as kb:
        first = version(key_of(a), kb.store)
        if b is None:
            _list_versions(kb, first, as_json=as_json)
            return
        second = version(key_of(b), kb.store)
        found = compare(first.record.body, second.record.body, kb.analyzer.fold)
    if as_json:
        print_json(comparison_shape(first, second, found))
        return
    for name, text in (("甲", first), ("乙", second)):
        out.print(f"{name}　{clean(text.record.title)}（{text.key}）", highlight=False, markup=False)
    for row in found.rows:
        if row.kind in _SHOWN_KINDS:
            _print_row(row)
    out.print(found.summary, highlight=False)


def _list_versions(kb: KnowledgeBase, text: Version, *, as_json: bool) -> None:
    catch_up(kb.store, kb.engine, kb.analyzer)
    found = versions(text.record, kb.store)
    if as_json:
        print_json(versions_shape(found))
        return
    for other in found:
        share = f"，约 {other.share:.0%} 相同" if other.share else ""
        line = f"{other.key}  {clean(other.record.title)}  {WHY[other.why]}{share}"
        out.print(line, highlight=False, markup=False)
    if not found:
        out.print("没有找到它的另一个版本", highlight=False)


def _print_row(row: Row) -> None:
    out.print(f"\n{KINDS[row.kind]}　{clean(row.name)}", style="bold", highlight=False, markup=False)
    for name, side in (("甲", row.before), ("乙", row.after)):
        if side is not None:
            out.print(f"  {name}　{_marked(side)}", highlight=False, markup=False)


def _marked(side: Side) -> str:
    """The clause on one line, what changed in brackets that texts do not use."""
    return clean("".join(f"⟦{text}⟧" if is_marked else text for text, is_marked in side.parts))


def web_importer(kb: KnowledgeBase, importer: Importer) -> WebImporter:
    """What brings pages of the web into a knowledge base."""
    return WebImporter(kb.store, Client(contact=kb.settings.contact), importer)


def bring(
    kb: KnowledgeBase, paths: Iterable[str], show: Callable[[str], None], number: int = 0, held: int = -1
) -> ImportReport:
    """Import files, folders and addresses as one job; ``show`` is told what is being read.

    The report is the job's whole one, also of the files that were read before it was interrupted.
    """
    named, begun = list(paths), time.perf_counter()
    files = [Path(path) for path in named if not path.startswith(ADDRESS)]
    if missing := [path for path in files if not path.exists()]:
        raise CpkbError(f"{missing[0]}: 没有这个文件或文件夹")
    if not named:  # nothing is watched
        return ImportReport()
    jobs = ImportJobs(kb.store, kb.settings.imports, held)
    with jobs.running(named, number) as job:
        sources = kb.settings.corpus / "sources"
        importer = Importer(kb.store, sources, kb.settings.originals, job=job, room=jobs.unpacked)
        importer.run(files, lambda key, done, of: show(f"{done}/{of} {key[-40:]}"))
        addresses = (path for path in named if path.startswith(ADDRESS))
        web_importer(kb, importer).run(addresses, lambda address: show(address[-60:]))
    return ImportReport(list(kb.store.imports.lines(job)), time.perf_counter() - begun, job)


def tell(lines: Iterable[str], *, quiet: bool) -> None:
    """Print lines, unless machines read."""
    for line in lines if not quiet else ():
        out.print(line, highlight=False, markup=False)


def likely_versions(kb: KnowledgeBase, report: ImportReport) -> Iterator[str]:
    """Which of the imported texts are probably versions of others, a line each."""
    for file in report.files:
        for record, other in proposed(file.file, kb.store) if file.outcome == "stored" else ():
            names = f"《{clean(record.title)}》与已有的《{clean(other.record.title)}》约 {other.share:.0%} 相同"
            yield f"{names}，可能是同一文件：cpkb compare {other.key} {record.id}"


def what_changed(kb: KnowledgeBase, since: str) -> Iterator[str]:
    """How the texts that changed after a moment can be compared with what they said before, a line each."""
    for page in kb.store.addresses.watched():
        for record_id in (
            kb.store.lookup.contributed(page.file) if page.outcome == NEW and page.changed >= since else ()
        ):
            if editions := kb.store.editions.of(record_id):
                title = clean(editions[-1].record.title)
                yield f"{title}有改动，对照：cpkb compare {record_id}@{editions[-1].number} {record_id}"


@click.group()
def watch() -> None:
    """Pages of the web that are checked again and again; what they say anew is imported."""


@watch.command(name="add")
@click.argument("addresses", nargs=-1, required=True)
@click.pass_obj
@plainly
def watch_add(settings: Settings, addresses: tuple[str, ...]) -> None:
    """Watch pages; `watch run` fetches them."""
    for address in addresses:
        Guard().check(address)
    with opened(settings) as kb:
        for address in addresses:
            kb.store.addresses.watch(address)
    out.print(f"关注了 {len(addresses)} 个网页；cpkb watch run 去看它们", highlight=False)


@watch.command(name="list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def watch_list(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List watched pages: when they were last checked, when they changed, what came of it."""
    with opened(settings) as kb:
        found = kb.store.addresses.watched()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        state = f"{one.checked[:16] or '还没看过'}  {one.outcome}"
        changed = f"（{one.changed[:10]} 有改动）" if one.changed and one.outcome == SAME else ""
        out.print(clean(f"{one.address}  {state}{changed}"), highlight=False, markup=False)
    if not found:
        out.print("还没有关注网页；用 cpkb watch add 地址", highlight=False)


@watch.command(name="remove")
@click.argument("address")
@click.pass_obj
@plainly
def watch_remove(settings: Settings, address: str) -> None:
    """Watch a page no longer; what it said stays."""
    with opened(settings) as kb:
        kb.store.addresses.unwatch(address)
    out.print("不再关注；已经导入的内容还在", highlight=False)
