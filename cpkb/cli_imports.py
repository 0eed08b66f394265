"""The commands of importing: `import`, `watch run`, and `imports` for their reports, going on and undoing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cpkb.cli_home import progress_shown, write_index
from cpkb.cli_texts import bring, likely_versions, tell, watch, what_changed
from cpkb.errors import CpkbError
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.report import JOB_STATES, OUTCOMES, ImportReport
from cpkb.pipeline.shipped import sync_shipped
from cpkb.pipeline.started import give_way
from cpkb.settings import Settings
from cpkb.store.addresses import now
from cpkb.store.imports import ImportJob
from cpkb.terminal import clean, err, out, plainly, print_json, print_report, report_shape

INTERRUPTED = 130  # the exit code of a command that was stopped with Ctrl+C
_held = click.option("--held", type=int, default=-1, hidden=True)
"""The lock of imports, where the site has taken it before it started this command."""


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True)
@click.option("--preview", is_flag=True, help="只读不存：每个文件会读成什么，哪些值没有对上")
@click.option("--json", "as_json", is_flag=True, help="机器可读的报告")
@click.pass_obj
@plainly
def import_files(settings: Settings, paths: tuple[str, ...], preview: bool, as_json: bool) -> None:  # noqa: FBT001 — flags of the command line
    """Import files, folders and pages of the web (https://…); exit 1 if anything failed.

    An interrupted import of the same paths is gone on with.
    """
    act = _preview if preview else _import
    sys.exit(1 if act(settings, paths, as_json=as_json).has_failures else 0)


@watch.command(name="run")
@click.option("--json", "as_json", is_flag=True, help="机器可读的报告")
@click.pass_obj
@plainly
def watch_run(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Check every watched page and import what is new; exit 1 if any failed."""
    with opened(settings) as kb:
        watched = [one.address for one in kb.store.addresses.watched()]
    begun = now()
    report = _import(settings, watched, as_json=as_json)
    with opened(settings) as kb:
        tell(what_changed(kb, begun), quiet=as_json)
    sys.exit(1 if report.has_failures else 0)


@click.group(invoke_without_command=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def imports(context: click.Context, limit: int, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Imports, newest first: how far each is and what came of it."""
    if context.invoked_subcommand is None:
        _list(context.obj, limit, as_json=as_json)


@plainly
def _list(settings: Settings, limit: int, *, as_json: bool) -> None:
    with opened(settings) as kb:
        found, untold = _jobs(kb).newest(limit), kb.store.imports.untold()
    if as_json:
        print_json([job_shape(job) for job in found])
        return
    for job in found:
        out.print(clean(told_of(job)), highlight=False, markup=False)
    if untold:
        told = f"库里有 {untold} 个导入的文件不在任何一份报告里（早于导入任务存入的文件没有报告），不能整次撤销"
        out.print(told, highlight=False)
    elif not found:
        out.print("还没有导入过；用 cpkb import 文件夹", highlight=False)


@imports.command(name="show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def imports_show(settings: Settings, number: int, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Show the report of an import, a line a file."""
    with opened(settings) as kb:
        job, report = _jobs(kb).get(number), ImportReport(list(kb.store.imports.lines(number)), job=number)
    if as_json:
        print_json(job_shape(job) | report_shape(report))
        return
    out.print(clean(told_of(job)), highlight=False, markup=False)
    print_report(report)


@imports.command(name="resume")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="机器可读的报告")
@_held
@click.pass_obj
@plainly
def imports_resume(settings: Settings, number: int, as_json: bool, held: int) -> None:  # noqa: FBT001 — a flag of the command line
    """Go on with an interrupted import; what has a line in its report is not read again."""
    with opened(settings) as kb:
        paths = kb.store.imports.get(number).paths
    sys.exit(1 if _import(settings, paths, as_json=as_json, number=number, held=held).has_failures else 0)


@imports.command(name="undo")
@click.argument("number", type=int)
@_held
@click.pass_obj
@plainly
def imports_undo(settings: Settings, number: int, held: int) -> None:
    """Take a whole import back: records it made go, records it changed say what they said before."""
    with opened(settings) as kb, progress_shown(quiet=held >= 0) as progress:
        task = progress.add_task("撤销", total=None)
        records = ImportJobs(kb.store, kb.settings.imports, held).undo(
            number,
            settings.originals,
            lambda done, of: progress.update(task, description=f"撤销 {done}/{of} 个文件"),
        )
        write_index(kb, progress)
    out.print(f"第 {number} 次导入已撤销，{records} 条回到导入之前", highlight=False)


def told_of(job: ImportJob) -> str:
    """A job on one line."""
    counted = "，".join(f"{label} {job.counts[name]}" for name, label in OUTCOMES.items() if name in job.counts)
    far = f"（{job.far[0]}/{job.far[1]}）" if job.far else ""
    why = f"  {job.why}" if job.why else ""
    return f"{job.number}  {job.begun[:16]}  {JOB_STATES[job.state]}{far}  {job.called}  {counted}{why}"


def job_shape(job: ImportJob) -> dict[str, Any]:
    """A job for machines: without where on this machine its files lay."""
    return {name: value for name, value in asdict(job).items() if name != "paths"} | {"names": job.names}


def _jobs(kb: KnowledgeBase) -> ImportJobs:
    return ImportJobs(kb.store, kb.settings.imports)


def _import(
    settings: Settings, paths: Sequence[str], *, as_json: bool, number: int = 0, held: int = -1
) -> ImportReport:
    """Import, index and say what was done."""
    give_way()
    with opened(settings) as kb, progress_shown(quiet=as_json) as progress:
        sync_shipped(kb.store, settings.corpus)
        task = progress.add_task("读取", total=None)
        try:
            report = bring(kb, paths, lambda what: progress.update(task, description=f"读取 {what}"), number, held)
        except KeyboardInterrupt:
            err.print("停在中途：已入库的都在；同一条命令会接着做，也可以用 cpkb imports undo 撤销", highlight=False)
            sys.exit(INTERRUPTED)
        write_index(kb, progress)
        alike = list(likely_versions(kb, report))
        waiting = kb.embedder and kb.engine.status()
    _tell_report(report, as_json=as_json)
    tell(alike, quiet=as_json)
    if waiting and waiting.vectors < waiting.passages:
        told = f"{waiting.passages - waiting.vectors} 段还没有语义向量：网站运行时在后台补上，或运行 cpkb index"
        err.print(told, highlight=False)
    return report


def _preview(settings: Settings, paths: Sequence[str], *, as_json: bool) -> ImportReport:
    """Read files without storing anything, and say what an import would do."""
    if addresses := [path for path in paths if "://" in path]:
        raise CpkbError(f"{addresses[0]}: 试读只读文件和文件夹；网页请先存成文件")
    give_way()
    with opened(settings) as kb, progress_shown(quiet=as_json) as progress:
        task = progress.add_task("试读", total=None)
        importer = Importer(kb.store, settings.corpus / "sources", settings.originals, is_preview=True)
        report = importer.run(
            map(Path, paths), lambda key, done, of: progress.update(task, description=f"试读 {done}/{of} {key[-40:]}")
        )
    _tell_report(report, as_json=as_json)
    return report


def _tell_report(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report_shape(report))
        return
    print_report(report)
    if report.job:
        told = f"第 {report.job} 次导入；报告：cpkb imports show {report.job}，撤销：cpkb imports undo {report.job}"
        out.print(told, highlight=False)
