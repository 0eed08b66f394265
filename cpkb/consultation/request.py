"""From a request (URL or command line) to a checked question; what is not known is refused by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpkb.consultation.understand import NOTHING
from cpkb.consultation.vocabulary import TERMS
from cpkb.errors import QueryError
from cpkb.model.answer import INTENTS, SLOTS
from cpkb.model.field_types import DIVISIONS, PROVINCES
from cpkb.search.request import day_of, one

CHOSEN = ("industry", *TERMS, "region", "intent")
"""Slots that can be chosen by hand."""
KNOWN = ("q", "as_of", "rewrite", *CHOSEN)
"""All parameters of a question."""
LONGEST_TERM = 40  # characters of a value; the longest process of the shipped technologies has 12
MOST_VALUES = 3  # of one slot, as many as are read of a question
LONGEST = 500
"""Characters of a question that are read: a pasted page is asked by its beginning, with an ellipsis to show it."""
_TABLES: Mapping[str, Mapping[str, str]] = {"industry": DIVISIONS, "region": PROVINCES, "intent": INTENTS}


@dataclass(frozen=True, slots=True)
class AskRequest:
    """What was asked, for which day, and what was chosen by hand."""

    question: str
    as_of: dt.date
    chosen: Mapping[str, tuple[str, ...]]
    is_dated: bool
    """Whether a date was asked for, rather than today."""
    rewrites: bool = False
    """Whether a language model is to put the answer into a short text."""


def parse_ask(args: Mapping[str, Sequence[str]]) -> AskRequest:
    """Check the parameters of a question; raises QueryError naming the parameter and what is accepted."""
    for name in args:
        if name not in KNOWN:
            raise QueryError(f"不认识参数“{name[:40]}”；可以用：{'、'.join(KNOWN)}")
    question = one(args, "q")
    chosen = {name: _values(name, args[name]) for name in CHOSEN if any(v.strip() for v in args.get(name, ()))}
    rewrites = _is_on("rewrite", one(args, "rewrite"))
    return AskRequest(_read(question), day_of(args), chosen, bool(one(args, "as_of")), rewrites)


def _is_on(name: str, value: str) -> bool:
    if value not in ("", "on", "off"):
        raise QueryError(f"参数“{name}”只能是 on 或 off，不是“{value[:20]}”")
    return value == "on"


def _read(question: str) -> str:
    """The part of a question that is read, on one line."""
    told = " ".join(question[: 2 * LONGEST].split())
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


def _values(name: str, raw: Sequence[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value.strip() for value in raw if value.strip()))
    if len(values) > MOST_VALUES:
        raise QueryError(f"参数“{name}”最多 {MOST_VALUES} 个值")
    return tuple(_value(name, value) for value in values)


def _value(name: str, value: str) -> str:
    """A code or its label; any short term where there is no table."""
    if value == NOTHING:
        return value
    if name not in _TABLES:
        if len(value) > LONGEST_TERM or not value.isprintable():
            raise QueryError(f"{SLOTS[name]}最多 {LONGEST_TERM} 个字，写在一行里")
        return value
    for code, label in _TABLES[name].items():
        if value in (code, label):
            return code
    accepted = "、".join(f"{label}（{code}）" for code, label in list(_TABLES[name].items())[:8])
    raise QueryError(f"{SLOTS[name]}没有“{value[:20]}”；可以用：{accepted}……")
