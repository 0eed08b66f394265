"""Answer: a question → sections of stored passages, each with its citation, valid on the day asked about.

Nothing is written here: every sentence is a stored one. Several searches of the engine, one over everything and one for
each section that it left thin, give the passages; scores of one question compare, so they are fused by score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cpkb.analysis.analyzer import Analyzer
from cpkb.consultation.folding import contradicting, folded
from cpkb.consultation.items import ItemMaker
from cpkb.consultation.kinds import COLLECTIONS, HELPS, ORDER, kind_of, precedence
from cpkb.consultation.request import AskRequest
from cpkb.consultation.understand import Understander, label_of
from cpkb.consultation.vocabulary import TERMS
from cpkb.model.answer import Answer, Item, Section, Slot
from cpkb.model.markup import OPENING
from cpkb.model.query import AllOf, InField, Query, Words
from cpkb.model.record import Record, work_key
from cpkb.model.results import Hit, Results
from cpkb.search.find import NEARLY_SHOWN, Finder
from cpkb.store.store import Store

LOOKED_AT = 24  # passages of the search over everything: more than the sections show together
FIRST, OTHERS = 8, 4  # items of the section that was asked for, and of the others
THIN = 2  # items; a section with fewer is looked for in its own collections
RELEVANT = 0.45  # of the best score: below that a passage of another section shares only common words with the question
ASKED_FOR = 0.3  # of the best score: a section that was asked for may stand farther from it
DEFINES = 0.75  # of the best score: every guide defines its terms, and few questions ask for them
CLOSE = 0.75  # of the best score: what answers about as well may change places, prevention first
OF_ONE_TEXT = {"guideline": 4}
"""Clauses of one text that an answer holds at most, by collection; the others are read there."""
OF_A_LAW = 3
NUMBERS_LOOKED_UP = 3  # of a question that are looked for in lists; who has more reads the list itself
OUT_OF_FORCE = ("repealed", "superseded", "draft")
LEAD = 3  # sentences
LEAD_LENGTHS = (10, 160)  # characters of a sentence that can stand alone


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on its way to an answer."""

    request: AskRequest
    slots: tuple[Slot, ...]
    query: Query
    terms: tuple[str, ...]
    """What is marked."""

    def value(self, name: str) -> str:
        """The first value of a slot, or ''."""
        return next((slot.value for slot in self.slots if slot.name == name), "")

    @property
    def says_intent(self) -> bool:
        """Whether the question tells what is wanted, or it was chosen."""
        return "intent" in self.request.chosen or any(slot.name == "intent" and slot.said for slot in self.slots)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An item with the section it belongs to and its record."""

    kind: str
    item: Item
    record: Record


class Consultant:
    """Answers questions from one knowledge base."""

    def __init__(self, finder: Finder, store: Store, analyzer: Analyzer, understander: Understander) -> None:
        self._finder = finder
        self._analyzer = analyzer
        self._understander = understander
        self._maker = ItemMaker(store, analyzer)

    def answer(self, request: AskRequest) -> Answer:
        """What is known about a question on the day it asks about."""
        asked = self._read(request)
        found = self._find(asked, LOOKED_AT)
        numbers = tuple(number for number, _ in self._analyzer.numbers(request.question))[:NUMBERS_LOOKED_UP]
        absent = () if found.confidence == "sure" else self._absent(numbers)  # sure: its series is listed
        is_none = asked.query.is_empty or found.confidence == "none" or _asks_for_absent(asked, absent, numbers)
        sections = () if is_none else self._sections(asked, found)
        if not any(section.items for section in sections):
            nearest = [h for h in found.nearly or found.hits if not absent or h.record.collection != "elimination"]
            nearly = tuple(kept.item for kept in self._kept(nearest[:NEARLY_SHOWN], asked))
            return Answer(request.question, request.as_of, asked.slots, (), (), "none", nearly, absent)
        lead = self._lead(sections[0], asked)
        return Answer(request.question, request.as_of, asked.slots, sections, lead, found.confidence, (), absent)

    def _absent(self, numbers: Sequence[str]) -> tuple[str, ...]:
        """Numbers and models that no text holds: what is told of others must not be taken for theirs."""
        asked = [(number, Query(AllOf((InField("编号", number),)), limit=1)) for number in numbers]
        return tuple(number for number, query in asked if not self._finder.find(query).total)

    def _read(self, request: AskRequest) -> _Asked:
        slots = self._understander.understand(request.question, request.chosen)
        text = _searched(request, self._understander.understand(request.question), slots)
        words = AllOf((Words(text),) if text else ())
        query = Query(words, as_of=request.as_of, grouped=False)
        return _Asked(request, slots, query, self._finder.terms_to_mark(query))

    def _find(self, asked: _Asked, limit: int, *collections: str) -> Results:
        filters = (("collection", collections),) if collections else ()
        return self._finder.find(replace(asked.query, filters=filters, limit=limit))

    def _sections(self, asked: _Asked, found: Results) -> tuple[Section, ...]:
        hits = {(hit.record.id, hit.passage.ordinal): hit for hit in found.hits}
        best = found.hits[0].score
        order = _order(asked, found.hits[0])
        for hit in self._more(asked, found.hits, order):
            least = RELEVANT if kind_of(hit) != order[0] else ASKED_FOR
            if hit.score >= least * best:
                hits.setdefault((hit.record.id, hit.passage.ordinal), hit)
        kept = self._kept([hit for hit in hits.values() if self._is_named(hit, asked)], asked)
        most = dict.fromkeys(order, OTHERS) | {order[0]: FIRST}
        return tuple(_section(kind, kept, asked, most[kind], is_first=kind == order[0]) for kind in order)

    def _is_named(self, hit: Hit, asked: _Asked) -> bool:
        """Whether a row of a list shares more with the question than that it is forbidden: a lathe is no tannery."""
        if hit.record.collection != "elimination" or self._analyzer.numbers(asked.request.question):
            return True
        wanted = {slot.said for slot in asked.slots if slot.name == "intent"}
        parts = (*hit.title.parts, *hit.snippet.parts)
        return any(is_match and len(piece) > 1 and piece not in wanted for piece, is_match in parts)

    def _more(self, asked: _Asked, found: Sequence[Hit], order: Sequence[str]) -> list[Hit]:
        """What the collections of thin sections hold: of the one that was asked for alone, of the others together."""
        thin = [kind for kind in order if sum(kind_of(hit) == kind for hit in found) < THIN]
        more = []
        for kinds in ([kind for kind in thin if kind == order[0]], [kind for kind in thin if kind != order[0]]):
            names = dict.fromkeys(name for kind in kinds for name in COLLECTIONS[kind])
            hits = self._find(asked, LOOKED_AT, *names).hits if names else ()
            more += [hit for hit in hits if kind_of(hit) in kinds]
        return more

    def _kept(self, hits: Sequence[Hit], asked: _Asked) -> list[_Kept]:
        """Every hit as an item, best first."""
        records = self._maker.records(hits)
        made = []
        for hit in hits:
            if hit.record.id in records:
                item = self._maker.item(hit, asked.terms, records)
                item = self._maker.reweighed(
                    item, records[hit.record.id], asked.value("industry"), asked.value("region")
                )
                made.append(_Kept(kind_of(hit), item, records[hit.record.id]))
        return _some_of_each(sorted(made, key=lambda kept: -kept.item.score))

    def _lead(self, section: Section, asked: _Asked) -> tuple[Item, ...]:
        """The most telling sentences of what answers best, one of each text; for whom a guide is answers nothing."""
        told: dict[str, Item] = {}
        best = max((item.score for item in section.items), default=0.0)
        for item in (item for item in section.items if item.citation.locator != OPENING):
            work = work_key(item.citation.document)
            if work not in told and item.score >= CLOSE * best and item.citation.validity.state not in OUT_OF_FORCE:
                sentence = self._maker.sentence(item, asked.terms, LEAD_LENGTHS)
                told |= {work: sentence} if sentence else {}
        return tuple(told.values())[:LEAD]


def _asks_for_absent(asked: _Asked, absent: Sequence[str], numbers: Sequence[str]) -> bool:
    """Whether models that are in no list are all that was asked for."""
    return bool(absent) and len(absent) == len(numbers) and not any(asked.value(name) for name in ("industry", *TERMS))


def _searched(request: AskRequest, read: Sequence[Slot], slots: Sequence[Slot]) -> str:
    """The question without the words of slots that were changed by hand, and with what was chosen instead."""
    text = request.question
    for slot in read:
        if slot not in slots and slot.name != "intent" and slot.said:
            text = text.replace(slot.said, " ")
    chosen = [label_of(s.name, s.value) for s in slots if not s.said and s.name in ("industry", *TERMS, "region")]
    return " ".join([*text.split(), *(label for label in chosen if label not in text)])


def _order(asked: _Asked, best: Hit) -> tuple[str, ...]:
    """The kind that was asked for first; where nothing tells which, that of the best passage."""
    order = ORDER[asked.value("intent")]
    first = order[0] if asked.says_intent else kind_of(best)
    return (first, *(kind for kind in order if kind != first))


def _some_of_each(kept: Sequence[_Kept]) -> list[_Kept]:
    """Not more than a few clauses of one text: the rest of it is read there."""
    taken: Counter[str] = Counter()
    found = []
    for one in kept:
        taken[one.record.id] += 1
        if taken[one.record.id] <= OF_ONE_TEXT.get(one.record.collection, OF_A_LAW):
            found.append(one)
    return found


def _is_relevant(one: _Kept, best: float, *, is_first: bool) -> bool:
    """Whether it stands near enough to the best to be told; what concerns others must answer as well as that."""
    least = DEFINES if one.kind == "definition" else RELEVANT
    return (is_first or one.item.score >= least * best) and not (
        one.item.is_elsewhere and one.item.score < CLOSE * best
    )


def _section(kind: str, kept: Sequence[_Kept], asked: _Asked, most: int, *, is_first: bool) -> Section:
    best = max((one.item.score for one in kept), default=0.0)  # none: all were rows of lists that share only the ban
    own = [one for one in kept if one.kind == kind and _is_relevant(one, best, is_first=is_first)]
    records = {one.item.citation.record_id: one.record for one in own}
    items = contradicting(folded([one.item for one in own]), records)
    ordered = _in_order(items, asked.request.question)[:most]
    return Section(kind, tuple(ordered), "" if ordered else HELPS[kind])


def _in_order(items: Sequence[Item], question: str) -> list[Item]:
    """What holds before what does not; of what answers about as well, prevention before treatment."""
    best = max((item.score for item in items), default=0.0)

    def place(item: Item) -> tuple[bool, bool, int, float]:
        is_close = item.score >= CLOSE * best
        first = precedence(item.kind, question) if is_close else 0
        return item.citation.validity.state in OUT_OF_FORCE, not is_close, first, -item.score

    return sorted(items, key=place)
