"""Documents, clauses and relations: each gold fact beside what was read, right only when equal after folding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cpkb.model.record import Record, Relation
from tests.gold.reading import Reading, fold

Gold = Mapping[str, Any]
Read = Callable[[str], Reading]

FIELDS = ("title", "number", "issuer", "issued", "effective")
_DASHES = str.maketrans(dict.fromkeys("—–‐‑−─―-", "-"))
_BRACKETS = str.maketrans("[]【】()", "〔〕〔〕〔〕")
_TITLE_MARKS = str.maketrans(dict.fromkeys("《》〈〉<>", ""))
_AGAIN = re.compile(r"〔\d+〕$")
_MARK_ENDS = ".．、:： \u3000"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One judged fact: the row of the table it counts in, and what to show when it was missed."""

    row: str
    is_right: bool
    place: str
    wanted: str
    got: str = ""
    weight: int = 1
    """What it counts for: 1, or the characters of a line of a scan."""
    right: int | None = None
    """How much of the weight is right, where that is not all or nothing."""


def judged(row: str, gold: Gold, wanted: object, got: str, *, right: object) -> Outcome:
    """The outcome of a gold fact."""
    return Outcome(row=row, is_right=bool(right), place=place_of(gold), wanted=str(wanted), got=got)


def place_of(gold: Gold) -> str:
    """File and place of a gold fact, as a person looks it up."""
    where = gold.get("page") or gold.get("sheet") or gold.get("line")
    named = gold.get("locator") or gold.get("place") or ""
    return " ".join(str(part) for part in (gold["file"], f"p/l {where}" if where else "", named) if part)


def documents(golds: Iterable[Gold], read: Read) -> list[Outcome]:
    """A row a field; a field the gold leaves out is not judged, one that is null must be empty."""
    found = []
    for gold in golds:
        reading = read(gold["file"])
        record = _of_title(reading.records, gold["title"])
        for name in FIELDS:
            if name not in gold:
                continue
            got = "" if record is None else record.title if name == "title" else record.value(name)
            got = got if record else reading.failure
            is_right = record is not None and any(_same(name, got, wanted) for wanted in _ways(gold[name]))
            found.append(judged(f"documents: {name}", gold, gold[name], got, right=is_right))
    return found


def _of_title(records: Sequence[Record], title: str) -> Record | None:
    """Of a file with several texts the one meant; of any other the only one."""
    return next((r for r in records if fold(r.title) == fold(title)), records[0] if records else None)


def _ways(wanted: str | Sequence[str] | None) -> list[str]:
    """The ways a fact may be written; a list where its text writes it in several."""
    return [wanted or ""] if isinstance(wanted, str) or wanted is None else list(wanted)


def _same(name: str, got: str, wanted: str) -> bool:
    """Of a number also the kind of dash and bracket does not count: covers print all of them."""
    if name == "number":
        return _number(got) == _number(wanted)
    return fold(got) == fold(wanted)


def _number(text: str) -> str:
    return fold(text).translate(_DASHES).translate(_BRACKETS)


def clauses(golds: Iterable[Gold], read: Read) -> list[Outcome]:
    """Start and end of each clause's own text; a heading counts when it stands under its number or above others."""
    found = []
    for gold in golds:
        reading = read(gold["file"])
        texts = own_texts(reading.records, gold["locator"])
        if "heading" in gold:
            is_right = any(text.startswith(gold["heading"]) for text in texts) or _is_above(reading.records, gold)
            found.append(judged("clauses: headings", gold, gold["heading"], _shown(texts, reading), right=is_right))
            continue
        starts = [text for text in texts if text.startswith(gold["start"])]
        ends = [text for text in texts if text.endswith(gold["end"])]
        both = [text for text in starts if text.endswith(gold["end"])]
        shown = _shown(starts or texts, reading)
        wanted = f"{gold['start']} … {gold['end']}"
        for row, right in (("clauses: start", starts), ("clauses: end", ends), ("clauses: both", both)):
            found.append(judged(row, gold, wanted, shown, right=right))
    return found


def _shown(texts: Sequence[str], reading: Reading) -> str:
    shown = [text if len(text) < 30 else f"{text[:12]} … {text[-12:]}" for text in texts]
    return " | ".join(shown) or reading.failure or "no such locator"


def own_texts(records: Iterable[Record], locator: str) -> list[str]:
    """The folded text of each passage cited so, pieces put together, without its number; tables left out."""
    pieces: dict[tuple[str, str], str] = {}
    for record in records:
        for passage in record.body:
            base = passage.locator.partition("（续")[0]
            if passage.kind != "table" and _cited(_AGAIN.sub("", base)) == _cited(locator):
                pieces[record.id, base] = pieces.get((record.id, base), "") + passage.text
    return [_without_mark(fold(text), locator) for text in pieces.values()]


def _cited(locator: str) -> str:
    return fold(locator).rstrip("、")


def _is_above(records: Iterable[Record], gold: Gold) -> bool:
    """Whether passages stand under the heading, with its number before it."""
    mark = re.split(r"(?<=[)）])", _cited(gold["locator"]))[-1] or _cited(gold["locator"])
    headings = {fold(heading) for record in records for passage in record.body for heading in passage.headings}
    return any(h.startswith(mark) and _without_mark(h, gold["locator"]) == gold["heading"] for h in headings)


def _without_mark(text: str, locator: str) -> str:
    """A text without the number it starts with: 一（二）1 starts with 1. in its text, 一（二） with （二）."""
    whole = fold(locator)
    parts = [whole, *re.findall(r"\([^)]+\)$", whole), *re.findall(r"(?<=\D)\d+$", whole)]
    for mark in parts:
        if text.startswith(mark):
            return text[len(mark) :].lstrip(_MARK_ENDS)
    return text


def relations(golds: Sequence[Gold], read: Read) -> list[Outcome]:
    """Recall of what is stated, its dates, precision over the files of the gold, and what must not be claimed."""
    found = []
    for gold in golds:
        known = _relations(read(gold["file"]))
        kind = gold.get("kind") or gold["not"]
        matches = [relation for relation in known if _matches(relation, kind, gold["target"])]
        shown = "; ".join(f"{r.kind} {r.target} {r.on}" for r in matches or known) or read(gold["file"]).failure
        wanted = f"{kind} {gold['target']}"
        if "not" in gold:
            found.append(judged("relations: not claimed", gold, f"no {wanted}", shown, right=not matches))
            continue
        found.append(judged("relations: recall", gold, wanted, shown, right=matches))
        if "on" in gold:
            is_right = any(relation.on == gold["on"] for relation in matches)
            found.append(judged("relations: date", gold, f"{wanted} {gold['on']}", shown, right=is_right))
    return found + _precision(golds, read)


def _precision(golds: Sequence[Gold], read: Read) -> list[Outcome]:
    """Every relation claimed by a file of the gold: the gold lists all that these files state."""
    stated = [gold for gold in golds if "kind" in gold]
    claimed = []
    for file in dict.fromkeys(gold["file"] for gold in golds):
        for relation in _relations(read(file)):
            right = any(g["file"] == file and _matches(relation, g["kind"], g["target"]) for g in stated)
            what = f"{relation.kind} {relation.target} ({relation.locator})"
            claimed.append(
                Outcome(row="relations: precision", is_right=right, place=file, wanted="nothing of the kind", got=what)
            )
    return claimed


def _relations(reading: Reading) -> list[Relation]:
    return [relation for record in reading.records for relation in record.relations]


def _matches(relation: Relation, kind: str, targets: str | Sequence[str]) -> bool:
    return relation.kind == kind and any(_name(relation.target) == _name(target) for target in _ways(targets))


def _name(title: str) -> str:
    """A title or number whatever marks it is quoted in."""
    return fold(title).translate(_TITLE_MARKS).translate(_DASHES)
