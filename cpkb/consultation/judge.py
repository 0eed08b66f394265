"""Judging answers: what they cite, as searches are judged; and what was understood, slot by slot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cpkb.consultation.answer import Consultant
from cpkb.consultation.request import parse_ask
from cpkb.consultation.shapes import answer_shape
from cpkb.consultation.understand import Understander
from cpkb.consultation.vocabulary import TERMS
from cpkb.errors import QueryError
from cpkb.search.evaluate import DEPTH, Judged

SLOTS = ("industry", *TERMS, "quantity", "region", "intent")
"""Slots that are labelled."""
OPTIONAL = "?"
"""Before a label: may be understood, need not be."""
OR = "/"
"""Between labels that are both right."""
Shape = dict[str, Any]


def run(consultant: Consultant, judged: Iterable[Judged]) -> list[Shape]:
    """Ask every question; a line of the run file each, the citations as its results."""
    lines = []
    for question in judged:
        shape = answer_shape(consultant.answer(parse_ask({"q": [question.text]})))
        results = shape["citations"][:DEPTH]
        lines.append({"qid": question.qid, "results": results, "none": shape["none"] or not results})
    return lines


def load_labelled(file: Path) -> list[Shape]:
    """The questions of a file with labelled slots; [] when the file holds questions of another kind."""
    labelled = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                raw = json.loads(line)
            except json.JSONDecodeError as error:
                raise QueryError(f"{file.name}:{number}: 应是一个 JSON 对象（{error}）") from error
            if "intent" not in raw:
                return []
            labelled.append(raw)
    return labelled


def understanding(understander: Understander, labelled: Sequence[Shape], *, held: bool) -> dict[str, dict[str, float]]:
    """By slot: the share of questions whose slot is right, and of those that have something labelled there."""
    asked = [question for question in labelled if question["held"] == held]
    read = [(question, understander.understand(question["query"])) for question in asked]
    measured = {}
    for name in SLOTS:
        outcomes = [
            (_labels(question[name]), [slot.value for slot in slots if slot.name == name]) for question, slots in read
        ]
        told = [is_right(labels, values) for labels, values in outcomes if _needed(labels)]
        every = [is_right(labels, values) for labels, values in outcomes]
        measured[name] = {
            "n": len(every),
            "right": _share(every),
            "labelled": len(told),
            "right_labelled": _share(told),
        }
    return measured


def is_right(labels: Sequence[str], values: Sequence[str]) -> bool:
    """Whether every label is among the values; where none is needed, whether nothing but the optional is there."""
    needed, optional = _needed(labels), {label[1:] for label in labels if label.startswith(OPTIONAL)}
    if not needed:
        return set(values) <= optional
    return all(any(_is_said(one, values) for one in label.split(OR)) for label in needed)


def _is_said(label: str, values: Sequence[str]) -> bool:
    """A quantity may be read with its unit's object: 一万吨 in 一万吨标煤."""
    return label in values or (label[0] in "0123456789一二三四五六七八九十" and any(label in value for value in values))


def _needed(labels: Sequence[str]) -> list[str]:
    return [label for label in labels if not label.startswith(OPTIONAL)]


def _labels(raw: str | list[str] | None) -> list[str]:
    return raw if isinstance(raw, list) else [raw] if raw else []


def _share(outcomes: Sequence[bool]) -> float:
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else 1.0


def as_text(measured: Mapping[str, Mapping[str, float]]) -> str:
    """The table as it is printed."""
    lines = [f"{'slot':12}{'n':>5}{'right':>9}{'labelled':>10}{'right':>9}"]
    for name, row in measured.items():
        lines.append(f"{name:12}{row['n']:5.0f}{row['right']:9.3f}{row['labelled']:10.0f}{row['right_labelled']:9.3f}")
    return "\n".join(lines)
