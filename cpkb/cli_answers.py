"""The commands of answers: `ask`'s telling, rewriting and keeping, and citations that no longer hold (`citations`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cpkb.cli_home import bring_up
from cpkb.consultation.citations import REASONS, ended_text, stale
from cpkb.consultation.keeping import keep
from cpkb.consultation.request import parse_ask
from cpkb.consultation.rewriting import rewritten
from cpkb.consultation.shapes import answer_shape, as_lines, citation_shape, rewriting_lines, rewriting_shape
from cpkb.errors import CpkbError
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.model.answer import Answer
from cpkb.search.request import day_of
from cpkb.settings import Settings
from cpkb.terminal import clean, err, out, plainly, print_json
from cpkb.writers.formats import format_of
from cpkb.writers.memo import Occasion
from cpkb.writers.memo import memo as written_memo

AS_OF = click.option("--as-of", help="按哪一天的效力，如 2026-01-01")


@click.command()
@click.argument("question")
@AS_OF
@click.option("--memo", type=click.Path(path_type=Path, dir_okay=False), help="另写成备忘录：文件.docx 或 文件.pdf")
@click.option("--keep", is_flag=True, help="留存这份答复，以后能看出引的话变没变")
@click.option("--rewrite", is_flag=True, help="再让语言模型写成一段，逐句核对（要设 CPKB_LLM_URL）")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def ask(settings: Settings, /, question: str, as_of: str | None, memo: Path | None, **wanted: bool) -> None:
    """What the knowledge base says about a question, every sentence with its clause."""
    with opened(settings) as kb:
        bring_up(kb, quiet=True)
        answer = kb.consultant.answer(parse_ask({"q": [question], "as_of": [as_of or ""]}))
        _tell(kb, answer, **wanted)
    if memo:
        _write_memo(answer, memo, settings.fonts)


def _tell(kb: KnowledgeBase, answer: Answer, **wanted: bool) -> None:
    """Tell an answer at once, then keep and rewrite it where that is ``wanted``."""
    if wanted["as_json"]:
        print_json(_shape(kb, answer, **wanted))
        return
    _say(as_lines(answer))
    if wanted["keep"]:
        _say(["", f"已留存：{keep(answer, kb.store, _day(None)).address}"])
    if wanted["rewrite"]:
        _say(rewriting_lines(rewritten(answer, kb.rewriter)))


def _write_memo(answer: Answer, file: Path, fonts: Path) -> None:
    """Write an answer as a memo; the ending of the file's name says in which format."""
    written = format_of(file.name).write(written_memo(answer, Occasion(dt.date.today())), fonts)  # noqa: DTZ011 — a paper's own day
    try:
        file.write_bytes(written)
    except OSError as error:
        raise CpkbError(f"{file}: 写不了（{error.strerror}）") from error
    err.print(f"备忘录写在 {file}", highlight=False, markup=False)


def _shape(kb: KnowledgeBase, answer: Answer, **wanted: bool) -> dict[str, Any]:
    shape = answer_shape(answer)
    if wanted["keep"]:
        shape["kept"] = keep(answer, kb.store, _day(None)).address
    if wanted["rewrite"]:
        shape["rewriting"] = rewriting_shape(rewritten(answer, kb.rewriter))
    return shape


@click.group()
def citations() -> None:
    """Kept answers and the words they rest on."""


@citations.command(name="stale")
@AS_OF
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def stale_citations(settings: Settings, as_of: str | None, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List every kept citation whose words changed or lost their force, and guides that cite ended texts."""
    with opened(settings) as kb:
        found = [*_stale(kb, _day(as_of)), *_ended(kb, _day(as_of))]
    if as_json:
        print_json(found)
        return
    _say([f"{one['cited_by']}  {one['says']}：{REASONS[one['reason']]}" for one in found] or ["引的话都还成立"])


def _stale(kb: KnowledgeBase, day: dt.date) -> Iterator[dict[str, Any]]:
    kept = kb.store.kept.citations()
    reasons = {one.citation: one.reason for one in stale((citation for _, citation in kept), kb.store, day)}
    for cited_by, citation in kept:
        if citation in reasons:
            says = f"《{citation.document}》{citation.number} {citation.locator}".strip()
            shape = {"cited_by": cited_by, "says": says, "reason": reasons[citation]}
            yield shape | {"citation": citation_shape(citation)}


def _ended(kb: KnowledgeBase, day: dt.date) -> Iterator[dict[str, Any]]:
    """Clauses that reader's guides cite, of texts that have lost their force."""
    guides = [head for head, _ in kb.store.browse("handbook", 0, 10_000)]
    for guide in guides:
        for cited in guide.citations:
            if ended_text(cited, kb.store, day):
                yield {"cited_by": f"/documents/{guide.id}", "says": cited.in_words(), "reason": "ended"}


@citations.command(name="list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def kept_answers(settings: Settings, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List kept answers, latest first."""
    with opened(settings) as kb:
        found = kb.store.kept.answers()
    if as_json:
        told = [{"address": one.address, "question": one.question, "kept": one.kept} for one in found]
        print_json(told)
        return
    _say([f"{one.address}  {one.kept}  {one.question}" for one in found] or ["还没有留存的答复"])


@citations.command(name="forget")
@click.argument("address")
@click.pass_obj
@plainly
def forget(settings: Settings, address: str) -> None:
    """Delete a kept answer and what it cites."""
    with opened(settings) as kb:
        kb.store.kept.forget(address.rpartition("/")[2])
    _say(["已删掉"])


def _day(text: str | None) -> dt.date:
    return day_of({"as_of": [text or ""]})


def _say(lines: list[str]) -> None:
    for line in lines:
        out.print(clean(line), highlight=False, markup=False)
