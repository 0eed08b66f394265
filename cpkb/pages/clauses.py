"""A document's body as it is read: headings, clauses with anchors, tables, marks, and the outline beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cpkb.model.passage import CELL, Passage
from cpkb.pages.tables import NO_HEADER, Header, Part, Parts, header_of, parted

DEEPEST = 3  # levels of an outline: below it the eye is quicker in the text
_PART = re.compile(r"第[一二三四五六七八九十百\d]+(?:编|分编|部分|卷|册)")
_BARE = str.maketrans("", "", " \u3000")
_TITLE_LENGTH = 40  # characters: a longer first line is text, not a clause title


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table with its rows of cells."""

    kind: str
    parts: Parts = ()
    rows: tuple[tuple[Parts, ...], ...] = ()
    """The rows below the header."""
    header: Header = NO_HEADER

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(len(row) for row in self.rows)

    def labels(self, row: Sequence[Parts]) -> tuple[str, ...]:
        """What each cell of a row is called, for a phone that shows a row as a card; '' where that is not certain."""
        known = self.header.labels
        return known if len(known) == len(row) else ("",) * len(row)


@dataclass(frozen=True, slots=True)
class Clause:
    """One passage, ready to show."""

    passage: Passage
    opens: tuple[tuple[int, str], ...]
    """Headings that begin before it: (level from 1, text)."""
    label: str
    """Its number, when it is shown beside the text."""
    title: Parts
    blocks: tuple[Block, ...]
    is_hit: bool = False

    @property
    def level(self) -> int:
        """The level of its label as a heading: one below the section it stands in; the page's title has 1."""
        return min(len(self.passage.headings) + 2, 6)

    @property
    def trail(self) -> tuple[str, ...]:
        """The headings above it, and its own title: it stands as the heading of the clauses under it."""
        own = f"{self.label} {_text(self.title)}" if self.title else ""
        return (*self.passage.headings, own) if own else self.passage.headings


@dataclass(slots=True)
class Entry:
    """A heading in the outline."""

    title: str
    anchor: str
    inside: list[Entry] = field(default_factory=list)


def clauses(body: Sequence[Passage], hits: frozenset[int], mark: Callable[[str], Parts]) -> list[Clause]:
    """The body in reading order; only the passages that answer the question (``hits``) are marked."""
    shown: list[Clause] = []
    under: tuple[str, ...] = ()
    for passage in body:
        opens = _opened(under, passage.headings)
        is_hit = passage.ordinal in hits
        parts = mark(passage.text) if is_hit else ((passage.text, False),)
        clause = _clause(passage, opens, split_lines(parts), is_hit=is_hit)
        shown.append(clause)
        under = clause.trail
    return shown


def _clause(passage: Passage, opens: tuple[tuple[int, str], ...], lines: list[Parts], *, is_hit: bool) -> Clause:
    label = ""
    title: Parts = ()
    first = _text(lines[0]) if lines else ""
    if passage.locator and first.startswith(passage.locator) and CELL not in first:
        label = passage.locator
        lines = [strip_start(lines[0], len(label)), *lines[1:]]
        is_title = passage.kind == "clause" and len(first) <= _TITLE_LENGTH and not first.endswith(("。", "；", "："))
        if is_title and lines[0]:
            title, lines = lines[0], lines[1:]
    if passage.kind == "preface" and not label:
        label = passage.locator
    return Clause(passage, opens, label, title, tuple(blocks(lines, is_table=passage.kind == "table")), is_hit)


def _opened(under: Sequence[str], headings: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """The headings that are not yet open."""
    same = 0
    while same < min(len(under), len(headings)) and _bare(under[same]) == _bare(headings[same]):
        same += 1
    return tuple((level + 1, text) for level, text in enumerate(headings) if level >= same)


def _bare(text: str) -> str:
    return text.translate(_BARE)


def _text(parts: Parts) -> str:
    return "".join(text for text, _ in parts)


def split_lines(parts: Iterable[Part]) -> list[Parts]:
    """The parts, line by line; blank lines are left out."""
    return [line for line in split(parts, "\n") if _text(line).strip()]


def split(parts: Iterable[Part], at: str) -> list[Parts]:
    """The parts cut at a character, marks kept."""
    pieces: list[list[Part]] = [[]]
    for text, is_match in parts:
        first, *rest = text.split(at)
        pieces[-1].append((first, is_match))
        pieces.extend([(piece, is_match)] for piece in rest)
    return [tuple(part for part in piece if part[0]) for piece in pieces]


def strip_start(parts: Parts, length: int) -> Parts:
    """The parts without their first characters and the space after them."""
    for at, (text, is_match) in enumerate(parts):
        if rest := text[length:].lstrip(" \u3000"):
            return ((rest, is_match), *parts[at + 1 :])
        length = max(0, length - len(text))
    return ()


def blocks(lines: Sequence[Parts], *, is_table: bool = False) -> list[Block]:
    """Paragraphs, and the lines with cells between them as tables; the first rows of a table name its columns."""
    if is_table:
        return _table(lines)
    found: list[Block] = []
    for line in lines:
        if CELL not in _text(line):
            found.append(Block("paragraph", line))
        elif found and found[-1].kind == "table":
            found[-1] = Block("table", rows=(*found[-1].rows, _cells(line)))
        else:
            found.append(Block("table", rows=(_cells(line),)))
    return found


def _table(lines: Sequence[Parts]) -> list[Block]:
    """A table with what stands above and below it; a line between its rows is a row over all columns."""
    rows = [at for at, line in enumerate(lines) if CELL in _text(line)]
    if not rows:
        return [Block("paragraph" if at else "caption", line) for at, line in enumerate(lines)]
    above, below = parted([_cells(line) for line in lines[rows[0] : rows[-1] + 1]])
    return [
        *(Block("paragraph" if at else "caption", line) for at, line in enumerate(lines[: rows[0]])),
        Block("table", rows=below, header=header_of(above, below) if above else NO_HEADER),
        *(Block("paragraph", line) for line in lines[rows[-1] + 1 :]),
    ]


def _cells(line: Parts) -> tuple[Parts, ...]:
    return tuple(split(line, CELL))


def outline(shown: Iterable[Clause]) -> list[Entry]:
    """The headings and the titles of clauses in order, each leading to the first passage under it."""
    root = Entry("", "")
    open_entries: list[Entry] = [root]
    for clause in shown:
        headings = clause.trail[:DEEPEST]
        same = 0
        while same < min(len(open_entries) - 1, len(headings)) and _bare(open_entries[same + 1].title) == _bare(
            headings[same]
        ):
            same += 1
        del open_entries[same + 1 :]
        for title in headings[same:]:
            entry = Entry(title, clause.passage.anchor)
            open_entries[-1].inside.append(entry)
            open_entries.append(entry)
    return root.inside


def part_of(body: Iterable[Passage]) -> str:
    """The part that a text is of a larger work (第五编　法律责任): its only top heading; '' for a whole work."""
    tops = {passage.headings[0] for passage in body if passage.headings}
    top = tops.pop() if len(tops) == 1 else ""
    return top if _PART.match(top) else ""


def without_locator(parts: Parts, locator: str) -> Parts:
    """A snippet that does not say again what stands before it."""
    begins = _text(parts[: len(locator)])  # no part is empty
    return strip_start(parts, len(locator)) if locator and begins.startswith(locator) else parts
