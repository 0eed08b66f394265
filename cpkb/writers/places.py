"""Where quoted words stand (出处): document, number, clause, page, validity on the day, authority, address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from cpkb.model.answer import Citation, Item
from cpkb.model.dates import in_words
from cpkb.model.source import AUTHORITIES
from cpkb.writers.blocks import Run, plain, run

LONGEST_NAME = 240  # characters of a document with number and clause
LONGEST_ADDRESS = 300  # characters as they are read
MOST_TWINS = 6  # texts with the same wording that are named; the rest are counted
_KEPT = "/:#?&=%-._~,;@!$'()*+"
"""Characters of an address that stay as they are; all others are percent-encoded."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where addresses lead; without one they are named and lead nowhere."""

    root: str

    def run(self, address: str) -> Run:
        """An address as people read it, with a link; only addresses on this site are links."""
        if not (self.root and address.startswith("/")):
            return run(address, LONGEST_ADDRESS)
        shown = run(unquote(self.root + address), LONGEST_ADDRESS)
        return Run(shown.text, link=quote(plain(self.root + address), safe=_KEPT))


def place(citation: Citation, site: Site) -> Iterator[Run]:
    """出处：《…》编号 条款，第 9 页；2026年11月22日现行；官方发布. 地址 on a line of its own."""
    page = f"，第 {citation.page} 页" if citation.page else ""
    notes = "；".join(part for part in (validity(citation), AUTHORITIES.get(citation.authority, "")) if part)
    yield Run("出处：")
    yield run(citation.in_words(), LONGEST_NAME)
    yield Run(f"{page}{'；' if notes else ''}{notes}。\n地址：")
    yield site.run(citation.address)


def validity(citation: Citation) -> str:
    """2026年11月22日现行; '' where validity does not apply."""
    state = citation.validity
    return f"{in_words(state.as_of)}{state.label}" if state.label else ""


def rests(item: Item, site: Site) -> list[Run]:
    """依据：the clauses that a summary in own words was read out of, each with its address."""
    runs = [Run("依据：")] if item.rests else []
    for at, rest in enumerate(item.rests):
        runs += [Run("；" if at else ""), run(rest.citation.in_words(), LONGEST_NAME)]
        runs += [Run("，"), site.run(rest.address)] if rest.address else [Run("（本库没有全文）")]
    return runs


def twins(item: Item) -> Iterator[Run]:
    """同样的条文还见于：the other texts with the same wording."""
    named = "、".join(twin.in_words() for twin in item.twins[:MOST_TWINS])
    more = f"等 {len(item.twins)} 处" if len(item.twins) > MOST_TWINS else ""
    yield Run("同样的条文还见于：")
    yield run(named, LONGEST_NAME * MOST_TWINS)
    yield Run(more)
