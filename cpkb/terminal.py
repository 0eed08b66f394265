"""What commands print to people: errors as one line, progress, reports, nothing that could steer the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.markup import escape

from cpkb.errors import CpkbError
from cpkb.model.record import Record
from cpkb.pipeline.report import OUTCOMES, FileReport, ImportReport, total
from cpkb.store.imports import FileLine

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)  # an error is one line, however long
P = ParamSpec("P")
T = TypeVar("T")


def plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Errors meant for people are printed as one line with exit code 2, never as a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except CpkbError as error:
            err.print(f"[red]错误[/red] {escape(clean(str(error)))}", highlight=False)
            sys.exit(2)

    return run


def clean(text: str) -> str:
    """Without control characters: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def print_json(shape: object) -> None:
    """Print what machines read, on one line."""
    click.echo(json.dumps(shape, ensure_ascii=False))


def report_shape(report: ImportReport) -> dict[str, Any]:
    """What an import or a preview did, for machines."""
    return {
        "import": report.job,
        "counts": report.counts(),
        "seconds": round(report.seconds, 1),
        "files": [
            {"file": f.file, "outcome": f.outcome, "records": f.records, "passages": f.passages, "problems": f.problems}
            | _previewed(f)
            for f in report.files
        ],
    }


def _previewed(file: FileLine) -> dict[str, Any]:
    if not isinstance(file, FileReport) or file.outcome != "read":
        return {}
    return {"samples": [_sample(sample) for sample in file.samples], "undeclared": file.undeclared}


def _sample(record: Record) -> dict[str, Any]:
    """A record of a preview: what its fields hold, and for a document how it begins."""
    shape = {"id": record.id, "collection": record.collection, "title": record.title, "fields": dict(record.fields)}
    return shape | ({"begins": record.body[0].text[:80]} if record.body else {"locator": record.locator})


def print_report(report: ImportReport) -> None:
    """What an import or a preview did, a line a file."""
    colours = {"stored": "green", "read": "green", "unchanged": "dim", "skipped": "yellow", "failed": "red"}
    for file in report.files:
        if file.outcome != "unchanged":
            _print_line(file, colours[file.outcome])
    counted = "，".join(f"{OUTCOMES[name]} {number}" for name, number in report.counts().items())
    out.print(
        f"{counted}；{total(report.files, 'records')} 条，{total(report.files, 'passages')} 段，"
        f"改动 {total(report.files, 'changed')} 条；{report.seconds:.1f} 秒",
        highlight=False,
    )


def _print_line(file: FileLine, colour: str) -> None:
    detail = f"{file.records} 条 {file.passages} 段" if file.outcome in ("stored", "read") else ""
    out.print(f"[{colour}]{OUTCOMES[file.outcome]}[/{colour}] ", end="")
    out.print(clean(f"{file.file} {detail}"), highlight=False, markup=False)
    for problem in file.problems:
        out.print(f"    {clean(problem)}", highlight=False, markup=False)
    if not isinstance(file, FileReport):
        return
    for sample in map(_sample, file.samples):
        values = json.dumps(sample["fields"], ensure_ascii=False, default=str)
        out.print(
            f"    例：[{sample['collection']}] {clean(sample['title'])}  {clean(values)}", highlight=False, markup=False
        )
    for table in file.undeclared:
        out.print(f"    没有说明的表（仍是正文）：{clean(table)}", highlight=False, markup=False)
