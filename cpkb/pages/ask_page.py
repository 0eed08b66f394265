"""Ask (咨询): what was understood, as chips that can be changed, and what is known about it, clause by clause."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from flask import Blueprint, Response, g, make_response, render_template, request

from cpkb.consultation.request import CHOSEN, AskRequest, parse_ask
from cpkb.consultation.rewriting import rewritten
from cpkb.consultation.understand import NOTHING, label_of
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.answer import INTENTS, SLOTS, Answer, Citation
from cpkb.model.field_types import DIVISIONS, PROVINCES
from cpkb.model.results import Results
from cpkb.pages.links import Here
from cpkb.pages.memo import lasting
from cpkb.pages.parameters import asked as asked_parameters
from cpkb.pages.search_page import count_poor, settled
from cpkb.search.request import parse_request

pages = Blueprint("ask_page", __name__)
EXAMPLES = (
    "镀铬漂洗水太多，怎么少排点",
    "老式电机 JO2 还能不能用",
    "哪些企业必须做清洁生产审核",
    "木门喷油漆味道大，换水性漆行不行",
)
"""Questions in an owner's words."""
ADDED = ("industry", "process", "pollutant", "region")
"""Slots that can be added where the question says nothing of them: those that narrow most."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A slot on the page: what it says, and the addresses that change it."""

    name: str
    label: str
    value: str
    without: str
    """The address without it; '' where something always is wanted."""
    others: tuple[tuple[str, str], ...]
    """(other value, address that asks for it instead)."""


@pages.get("/ask")
def ask() -> Response:
    """The box, and below it the answer to what was asked."""
    wanted = parse_ask(asked_parameters())
    kb: KnowledgeBase = g.kb
    answer = kb.consultant.answer(wanted) if wanted.question or wanted.chosen else None
    rewriting = rewritten(answer, kb.rewriter) if answer and _rewrites(wanted, answer) else None
    here = Here.of("/ask", _said(wanted))
    shown = make_response(
        render_template(
            "ask.html",
            asked=wanted,
            answer=answer,
            examples=EXAMPLES,
            here=here,
            chips=_chips(answer, here, kb) if answer else [],
            adding=_adding(answer, here, kb) if answer else [],
            cited=_cited,
            lasting=partial(lasting, wanted),
            readable=unquote(lasting(wanted)),
            rewriting=rewriting,
            can_keep=kb.settings.keep_answers,
            can_rewrite=kb.rewriter is not None,
            known=sum(kb.store.counts().values()),
        )
    )
    if answer and answer.confidence != "sure" and not wanted.chosen and settled():
        shown.call_on_close(partial(_count, kb, answer, g.today))
    return shown


def _rewrites(wanted: AskRequest, answer: Answer) -> bool:
    """Whether the model is asked: only when a person asks for it, never for a page that is loaded ahead."""
    return wanted.rewrites and not answer.none and settled()


def _count(kb: KnowledgeBase, answer: Answer, today: dt.date) -> None:
    """Count a question that was not answered, as a search that found as little is counted."""
    found = Results(hits=(), total=0, passages=0, confidence=answer.confidence)
    count_poor(kb, parse_request({"q": [answer.question]}), found, today)


def _said(wanted: AskRequest) -> dict[str, list[str]]:
    """The parameters as the request was understood."""
    dated = {"as_of": [wanted.as_of.isoformat()]} if wanted.is_dated else {}
    return {"q": [wanted.question], **dated, **{name: list(values) for name, values in wanted.chosen.items()}}


def _chips(answer: Answer, here: Here, kb: KnowledgeBase) -> list[Chip]:
    """What was understood; a chip taken away or changed keeps the other values of its slot."""
    chips = []
    for slot in answer.understood:
        if slot.name not in CHOSEN:
            chips.append(Chip(slot.name, SLOTS[slot.name], slot.label, "", ()))
            continue
        rest = [other.value for other in answer.understood if other.name == slot.name and other.value != slot.value]
        others = tuple(
            (label_of(slot.name, value), _with(here, slot.name, [value, *rest]))
            for value in _choices(slot.name, answer, kb)
            if value != slot.value and value not in rest
        )
        without = "" if slot.name == "intent" else _with(here, slot.name, rest or [NOTHING])
        chips.append(Chip(slot.name, SLOTS[slot.name], slot.label, without, others))
    return chips


def _adding(answer: Answer, here: Here, kb: KnowledgeBase) -> list[tuple[str, list[tuple[str, str]]]]:
    """(slot, [(value, address that adds it)]) of what the question says nothing of."""
    said = {slot.name for slot in answer.understood}
    return [
        (SLOTS[name], [(label_of(name, value), _with(here, name, [value])) for value in _choices(name, answer, kb)])
        for name in ADDED
        if name not in said
    ]


def _choices(name: str, answer: Answer, kb: KnowledgeBase) -> list[str]:
    """Values that a slot can be changed to: of a process or pollutant, those of the industry's technologies."""
    fixed = {"intent": list(INTENTS), "industry": list(DIVISIONS), "region": list(PROVINCES)}
    return fixed.get(name) or list(kb.understander.choices(name, answer.slot("industry")))


def _with(here: Here, name: str, values: list[str]) -> str:
    """The address that asks for these values of a slot."""
    kept = tuple(pair for pair in here.pairs if pair[0] != name)
    return Here(here.path, (*kept, *((name, value) for value in values))).whole()


def _cited(citation: Citation) -> str:
    """A citation as it is copied: 《名称》编号 第二十七条（第 9 页；2026-01-01 现行；2026-11-22 查看），地址."""
    page = f"第 {citation.page} 页" if citation.page else ""
    day = citation.validity.as_of
    state = citation.validity.label and f"{'' if day == g.today else f'{day.isoformat()} '}{citation.validity.label}"
    notes = "；".join(part for part in (page, state, f"{g.today.isoformat()} 查看") if part)
    address = f"{request.url_root.rstrip('/')}{citation.address}"
    return f"“{citation.quoted.strip()}”——{citation.in_words()}（{notes}），{address}"
