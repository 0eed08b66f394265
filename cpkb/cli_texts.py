"""The commands of texts and where they come from: what changed between two (`compare`)."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from cpkb.comparison.compare import KINDS, Comparison, Row, Side, compare
from cpkb.comparison.versions import WHY, Version, key_of, version, versions
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.terminal import clean, out, plainly

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
        click.echo(json.dumps(_shape(first, second, found), ensure_ascii=False))
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
        shape = [
            {"key": v.key, "title": v.record.title, "why": v.why, "share": round(v.share, 3), "url": v.address}
            for v in found
        ]
        click.echo(json.dumps(shape, ensure_ascii=False))
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


def _shape(first: Version, second: Version, found: Comparison) -> dict[str, object]:
    names = (*KINDS,)
    return {
        "a": {"key": first.key, "title": first.record.title, "url": first.address},
        "b": {"key": second.key, "title": second.record.title, "url": second.address},
        "summary": found.summary,
        "places": found.places,
        "counts": {name: found.count(name) for name in names},
        "rows": [asdict(row) for row in found.rows if row.kind in _SHOWN_KINDS],
    }
