"""Relations (关系) that a person decides: proposed ones and contradictions; for who sits at this machine only."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from cpkb.editing.relations import MOST_NOTE, contradictions, decide, in_words, lacks_day
from cpkb.errors import NotFoundError, QueryError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.proposal import STATES, Proposal
from cpkb.model.record import RELATIONS, Record
from cpkb.pages.imports_page import is_shown, place, rendered, shown_here
from cpkb.pages.links import Here, addressed, with_query
from cpkb.pages.original_page import original_of
from cpkb.pages.parameters import known

pages = Blueprint("relations_page", __name__)
A_PAGE = 20
_CONTRADICTIONS = "contradictions"


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal with where its evidence is looked at."""

    proposal: Proposal
    says: str
    target: str
    """The address of the text it speaks of; '' when this knowledge base does not hold it."""
    original: str
    """The address of the page in the original; '' where it cannot be opened at one."""


@pages.get("/relations")
def relations() -> Response:
    """Proposed relations of a state, of one record or of all, or what contradicts itself."""
    known("state", "record", "page", "done")
    kb = shown_here()
    state, record = request.args.get("state") or "proposed", request.args.get("record", "")
    # What contradicts itself is told by several records.
    states = STATES if record else STATES | {_CONTRADICTIONS: "说法不一"}
    if state not in states:
        raise QueryError(f"没有“{state[:40]}”这种状态；有：{'、'.join(states)}")
    against = [] if record else contradictions(kb.store)
    counts = kb.store.proposals.counts(record) | {_CONTRADICTIONS: len(against)}
    here, page, last = place("/relations", counts.get(state, 0), A_PAGE)
    first = (page - 1) * A_PAGE
    is_listed = state in STATES
    found = kb.store.proposals.listed(state, record, A_PAGE, first) if is_listed else []
    return rendered(
        "relations.html",
        Here("/relations", tuple(pair for pair in here.pairs if pair[0] != "done")),
        page,
        last,
        state=state,
        states=states,
        counts=counts,
        about=kb.store.record(record, with_body=False) if record else None,
        entries=[_entry(one, kb) for one in found],
        contradictions=against[first : first + A_PAGE] if not is_listed else [],
        done=_done(kb),
        kinds=RELATIONS,
        most_note=MOST_NOTE,
        lacks_day=lacks_day,
    )


@pages.post("/relations")
def decide_relation() -> AnyResponse:
    """Accept, reject or reopen one, and show the list it was in."""
    kb, sent = shown_here(), request.form
    made = decide(kb.store, sent.get("id", ""), sent.get("decision", ""), g.today, sent.get("note", ""))
    state, record = sent.get("state", ""), sent.get("record", "")
    left = kb.store.proposals.counts(record).get(state or "proposed", 0)
    asked = sent.get("page", "1")[:9]
    # The last of a page takes its page along.
    page = min(int(asked) if asked.isdecimal() else 1, max(ceil(left / A_PAGE), 1))
    back = {"state": [state], "record": [record], "done": [made.id], "page": [str(page)] if page > 1 else []}
    return redirect(Here.of("/relations", back).whole(), 303)


def decided_at(record: Record, kb: KnowledgeBase) -> str:
    """Where what a record may say, or others of it, is decided; '' where nothing is open or who asks may not."""
    is_open = is_shown(kb) and "proposed" in kb.store.proposals.counts(record.id)
    return with_query("/relations", record=record.id) if is_open else ""


def _done(kb: KnowledgeBase) -> Entry | None:
    """What was decided just now."""
    with suppress(NotFoundError):
        return _entry(kb.store.proposals.get(request.args["done"]), kb) if "done" in request.args else None
    return None


def _entry(proposal: Proposal, kb: KnowledgeBase) -> Entry:
    by = kb.store.record(proposal.by.id, with_body=False)
    original = original_of(by, kb.settings, proposal.by.address)
    page = original.at(proposal.page) if proposal.page and original and original.has_pages else ""
    heads = [addressed(head) for head in kb.store.lookup.known_as(proposal.relation.target) if head[0].id != by.id]
    target = next((head.address for head in sorted(heads, key=lambda head: not head.is_document)), "")
    return Entry(proposal, in_words(proposal), target, page)
