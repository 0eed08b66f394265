"""The words a question is understood by: index/understanding.toml, widened by the thesaurus and the collections."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cpkb.errors import DeclarationError
from cpkb.model.answer import INTENTS
from cpkb.model.field_types import DIVISIONS, PROVINCES
from cpkb.model.record import Record

TERMS = ("process", "pollutant", "waste", "material", "equipment")
"""Slots whose values are formal terms."""
_TABLES = ("industry", "weak_industry", *TERMS, "intent", "region", "plain")
_WASTE = re.compile(r"废(?![水气])|[渣泥灰粪]$")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded words with what they stand for."""

    terms: Mapping[str, tuple[tuple[str, str], ...]]
    """word → (slot, formal term)."""
    trades: Mapping[str, str]
    """word → division code, where the word alone names the trade."""
    weak_trades: Mapping[str, str]
    regions: Mapping[str, str]
    intents: tuple[tuple[str, int, re.Pattern[str]], ...]
    """(intent, weight, phrases)."""
    longest: int
    """Characters of the longest word."""


Fold = Callable[[str], str]
Lay = Mapping[str, tuple[str, ...]]
"""Words of owners → the formal terms they lead to."""


def read_declaration(file: Path) -> Mapping[str, Any]:
    """Read and check understanding.toml; raises DeclarationError naming the table or key that is not known."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{file.name}: not valid TOML ({error})") from error
    if set(raw) != set(_TABLES):
        raise DeclarationError(f"{file.name}: tables are {sorted(raw)}; they must be {sorted(_TABLES)}")
    known = {"industry": DIVISIONS, "weak_industry": DIVISIONS, "region": PROVINCES, "intent": INTENTS}
    for table, keys in known.items():
        for key in raw[table]:
            if key not in keys:
                raise DeclarationError(f"{file.name}: [{table}] {key!r} is not one of {', '.join(keys)}")
    return raw


def build(raw: Mapping[str, Any], technologies: Iterable[Record], lay: Lay, fold: Fold) -> Vocabulary:
    """The vocabulary of a declaration, widened by technologies and lay words."""
    technologies = tuple(technologies)
    weak = _codes(raw["weak_industry"], fold)
    strong = {word: code for word, code in _codes(raw["industry"], fold).items() if word not in weak}
    names = {fold(name.removesuffix("业").removesuffix("制造")): code for code, name in DIVISIONS.items()}
    terms = _terms(raw, technologies, lay, fold)
    lay_trades = {fold(word): strong[goal] for word, goals in lay.items() for g in goals if (goal := fold(g)) in strong}
    trades = names | {word: code for word, code in lay_trades.items() if word not in terms} | strong
    weak = _only_trades(technologies, raw["plain"]["terms"], fold) | weak
    regions = {fold(name): code for code, name in PROVINCES.items()} | _codes(raw["region"], fold)
    return Vocabulary(
        terms={word: tuple(sorted(found)) for word, found in terms.items()},
        trades=trades,
        weak_trades={word: code for word, code in weak.items() if word not in trades},
        regions=regions,
        longest=max(map(len, (*terms, *trades, *weak, *regions))),
        intents=tuple(
            (name, int(weight), re.compile("|".join(fold(phrase) for phrase in phrases)))
            for name, weights in raw["intent"].items()
            for weight, phrases in weights.items()
        ),
    )


def _codes(table: Mapping[str, list[str]], fold: Fold) -> dict[str, str]:
    return {fold(word): code for code, words in table.items() for word in words}


Words = dict[str, set[tuple[str, str]]]


def _terms(raw: Mapping[str, Any], technologies: Iterable[Record], lay: Lay, fold: Fold) -> Words:
    """Words of the declaration, then values of technologies that it does not know, then what leads to either."""
    found = _declared(raw, fold)
    for slot, value in _values(technologies, raw["plain"]["terms"]):
        if fold(value) not in found or (slot, value) in found[fold(value)]:
            found[fold(value)].add((slot, value))
    led = {fold(word): found[fold(goals[0])] for word, goals in lay.items() if goals and fold(goals[0]) in found}
    return {word: slots for word, slots in led.items() if len(word) > 1} | dict(found)


def _declared(raw: Mapping[str, Any], fold: Fold) -> defaultdict[str, set[tuple[str, str]]]:
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for slot in TERMS:
        for formal, said in raw[slot].items():
            for word in {formal, *said}:
                found[fold(word)].add((slot, formal))
    return found


def _values(technologies: Iterable[Record], plain: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(slot, value) of every process and pollutant that tells something."""
    for record in technologies:
        for name in ("process", "pollutant"):
            for value in map(str, many(record, name)):
                if value not in plain and len(value) > 1:
                    yield ("waste" if _WASTE.search(value) else name), value


def many(record: Record, name: str) -> tuple[Any, ...]:
    """The values of a field as a tuple; () where it is not filled."""
    value = record.fields.get(name, ())
    return value if isinstance(value, tuple) else (value,)


def _only_trades(technologies: Iterable[Record], plain: Sequence[str], fold: Fold) -> dict[str, str]:
    """Processes that technologies of one trade only have."""
    trades: dict[str, set[str]] = defaultdict(set)
    for record in technologies:
        for process in map(str, many(record, "process")):
            trades[process] |= {str(code) for code in many(record, "industry")}
    told = {process: codes for process, codes in trades.items() if len(codes) == 1 and len(process) > 1}
    return {fold(process): next(iter(codes)) for process, codes in told.items() if process not in plain}
