"""Names (名称): what the knowledge base can be asked for by, as people type it: titles, numbers, terms of the field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.engine import Engine
from cpkb.engines.query import EngineQuery
from cpkb.model.record import Record
from cpkb.model.validity import STATES
from cpkb.search.indexing import own_numbers
from cpkb.store.store import Store

KINDS = {"term": "术语", "title": "标题", "number": "编号"}
ENDED = ("draft", "superseded", "repealed")
LONGEST_NUMBER = 40  # characters: longer ones are lists of models that nobody types whole
MOST_NAMES = 400_000  # kept in memory, about 400 MB; of more the longest are not completed
TERMS_SHOWN = 2  # of those a lay word leads to
COUNTRY = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Name:
    """One name and what is shown beside it."""

    text: str
    kind: str
    """One of KINDS."""
    note: str = ""
    """Of a title its number, of a number the title it belongs to, of a lay word the terms it leads to; and that it
    no longer holds."""
    is_ended: bool = False
    prefix: str = ""
    """What people leave out at its beginning: the number before a title, the country before a law."""

    @property
    def is_led(self) -> bool:
        """Whether it is a title that its number stands before."""
        return bool(self.prefix) and self.prefix != COUNTRY


def names(store: Store, engine: Engine, analyzer: Analyzer, as_of: dt.date) -> list[Name]:
    """Every name once: what holds, then lay words, then what has ended; of each the shorter ones first."""
    ended = _ended(engine, as_of)
    kept = [name for record in store.named() for name in _of_record(record, ended.get(record.id, ""))]
    titles = {name.text for name in kept if name.kind == "title"}
    terms = (term for term in _terms(engine, analyzer) if term.text not in titles)
    best: dict[tuple[str, str], Name] = {}
    for name in sorted((*kept, *terms), key=_order):
        best.setdefault((name.text, name.kind), name)
    return list(best.values())[:MOST_NAMES]


def _order(name: Name) -> tuple[bool, bool, int, int, str, bool, str]:
    """Of copies of a name the one that says more beside it comes first."""
    is_lay = name.kind == "term" and bool(name.note)
    return name.is_ended, is_lay, len(name.text), list(KINDS).index(name.kind), name.text, not name.note, name.note


def _of_record(record: Record, state: str) -> Iterator[Name]:
    numbers = [number for number in own_numbers(record) if len(number) <= LONGEST_NUMBER]
    own = numbers[0] if len(numbers) == 1 else ""
    is_led = bool(own) and record.title.startswith(own)
    prefix = own if is_led else COUNTRY if record.title.startswith(COUNTRY) else ""
    yield Name(record.title, "title", _note("" if is_led else own, state), bool(state), prefix)
    called = record.title.removeprefix(prefix).strip() if is_led else record.title
    yield from (Name(number, "number", _note(called, state), bool(state)) for number in numbers)


def _note(says: str, state: str) -> str:
    return "，".join(filter(None, (says, STATES.get(state, ""))))


def _terms(engine: Engine, analyzer: Analyzer) -> Iterator[Name]:
    """Words of the field that the texts hold, and lay words that lead to such."""
    words = analyzer.vocabulary()
    held = _held((word for word, leads in words.items() if not leads), engine, analyzer)
    for word, leads in words.items():
        shown = [term for term in leads if term in held][:TERMS_SHOWN]
        if word in held or shown:
            yield Name(word, "term", f"→ {'、'.join(shown)}" if shown else "")


def _held(words: Iterable[str], engine: Engine, analyzer: Analyzer) -> set[str]:
    """The words of which every pair of characters is indexed: exact for two characters, and nearly so for more."""
    pairs = {word: [gram for gram, _ in analyzer.phrase(word)] for word in words}
    known = {gram for gram in {gram for grams in pairs.values() for gram in grams} if engine.knows(gram)}
    return {word for word, grams in pairs.items() if grams and known.issuperset(grams)}


def _ended(engine: Engine, as_of: dt.date) -> dict[str, str]:
    """The records that do not hold on a date, each with its state."""
    states: dict[str, str] = {}
    for state in ENDED:
        query = EngineQuery(
            filters=(("validity", (state,)),), as_of=as_of, limit=engine.status().passages, grouped=False
        )
        for hit in engine.search(query).hits:
            states.update(dict.fromkeys((hit.record_id, *(twin for twin, _ in hit.twins)), state))
    return states
