"""The commands of relations that a person decides: what texts may say of one another (`relations`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import click

from cpkb.cli_home import progress_shown, write_index
from cpkb.editing.relations import (
    Contradiction,
    contradiction_shape,
    contradictions,
    decide,
    in_words,
    proposal_shape,
)
from cpkb.knowledge_base import opened
from cpkb.model.dates import in_words as day_in_words
from cpkb.model.proposal import STATES, Proposal
from cpkb.model.record import RELATIONS
from cpkb.settings import Settings
from cpkb.terminal import clean, plainly, print_json


@click.group()
def relations() -> None:
    """What texts may say of one another: proposed relations, accepted or rejected by a person."""


@relations.command(name="list")
@click.option(
    "--state",
    type=click.Choice(tuple(STATES)),
    default="proposed",
    show_default=True,
    help="，".join(f"{state} {says}" for state, says in STATES.items()),
)
@click.option("--contradictions", "contradicting", is_flag=True, help="改列说法不一的：几份文件说的日期或作用对不上")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def list_relations(settings: Settings, state: str, contradicting: bool, as_json: bool) -> None:  # noqa: FBT001 — flags of the command line
    """List proposed relations with the sentences they were read from, or what contradicts itself."""
    with opened(settings) as kb:
        found = contradictions(kb.store) if contradicting else kb.store.proposals.listed(state)
    if as_json:
        print_json([contradiction_shape(f) if isinstance(f, Contradiction) else proposal_shape(f) for f in found])
        return
    lines = [line for f in found for line in (_of_claims(f) if isinstance(f, Contradiction) else _of_proposal(f))]
    for line in lines or [f"没有{'说法不一' if contradicting else STATES[state]}的关系"]:
        click.echo(clean(line))


def _of_proposal(found: Proposal) -> Iterator[str]:
    yield f"{found.id}  {STATES[found.state]}  《{found.by.title}》{found.relation.locator} {in_words(found)}"
    yield f"    读自：{found.relation.says}"
    if found.has_changed:
        yield f"    判定时是：{found.said}"
    if found.day:
        yield f"    {found.day} {STATES[found.state]}{'：' if found.note else ''}{found.note}"


def _of_claims(found: Contradiction) -> Iterator[str]:
    yield f"《{found.about.title}》  {found.about.address}"
    for claim in found.claims:
        relation = claim.relation
        doubt = "（待核对）" if relation.is_proposed else ""
        day = day_in_words(dt.date.fromisoformat(relation.on))
        yield f"    {day}起{RELATIONS[relation.kind]}{doubt}，见《{claim.by_title}》{relation.locator}"


@relations.command()
@click.argument("number", metavar="ID")
@click.option("--note", default="", help="为什么")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def accept(settings: Settings, number: str, note: str, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Count ID as certain, as if its text said so in plain words."""
    _decide(settings, number, "accept", note, as_json=as_json)


@relations.command()
@click.argument("number", metavar="ID")
@click.option("--note", default="", help="为什么")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def reject(settings: Settings, number: str, note: str, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Show ID to readers no more; it does not count."""
    _decide(settings, number, "reject", note, as_json=as_json)


@relations.command()
@click.argument("number", metavar="ID")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@plainly
def reopen(settings: Settings, number: str, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Take back what was decided of ID."""
    _decide(settings, number, "reopen", "", as_json=as_json)


def _decide(settings: Settings, number: str, decision: str, note: str, *, as_json: bool) -> None:
    """Decide, and bring the index of what is touched up to date; where the site runs, it does so itself."""
    today = dt.date.today()  # noqa: DTZ011 — the editor's own day
    with opened(settings) as kb, progress_shown(quiet=as_json) as progress:
        decided = decide(kb.store, number, decision, today, note)
        write_index(kb, progress)
    if as_json:
        print_json(proposal_shape(decided))
        return
    for line in _of_proposal(decided):
        click.echo(clean(line))
