"""The command line: run, search, and the commands of the modules beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from rich.markup import escape

from cpkb import __version__
from cpkb.analysis.embedding import missing as semantic_missing
from cpkb.cli_answers import ask, citations
from cpkb.cli_editing import corpus, queries, thesaurus
from cpkb.cli_home import bring_up, index, status
from cpkb.cli_imports import import_files, imports
from cpkb.cli_judging import evaluate, ship_vectors
from cpkb.cli_relations import relations
from cpkb.cli_texts import compare_texts, watch
from cpkb.knowledge_base import opened
from cpkb.search.request import PLAIN, parse_request
from cpkb.search.shapes import results_shape
from cpkb.serve import ONE_THREAD, serve
from cpkb.settings import Settings
from cpkb.terminal import clean, err, out, plainly, print_json


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
        bring_up(kb, quiet=False)
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
        bring_up(kb, quiet=True)
        shape = results_shape(kb.finder.find(parse_request(args, grouped=False).query), explained=explain)
    if as_json:
        print_json(shape)
        return
    for hit in shape["hits"]:
        line = f"{hit['locator']} [{hit['validity']}] {hit['url']}"
        out.print(f"[bold]{escape(clean(hit['title']))}[/bold] {escape(line)}", highlight=False)
        out.print(f"  {hit['text'][:160]}", highlight=False, markup=False)
        for part in hit.get("parts", ()):
            out.print(f"    {part['score']:7.2f} {part['label']} {clean(part['term'])}", highlight=False, markup=False)
    out.print(f"共 {shape['total']} 段" if shape["total"] else "没有找到", highlight=False)


main.add_command(import_files)
main.add_command(imports)
main.add_command(ask)
main.add_command(citations)
main.add_command(index)
main.add_command(status)
main.add_command(evaluate)
main.add_command(ship_vectors)
main.add_command(corpus)
main.add_command(queries)
main.add_command(thesaurus)
main.add_command(relations)
main.add_command(compare_texts)
main.add_command(watch)
