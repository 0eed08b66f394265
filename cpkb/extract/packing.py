"""Passages of a size that can be shown (600 characters), each with a locator of its own within the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cpkb.model.passage import SHOWN_LENGTH, Passage, told

TITLE_LENGTH = 40  # characters: the longest clause title of the 38 guides has 33
_HEADER_SHARE = SHOWN_LENGTH // 2  # a table's repeated caption and header leave half a passage for rows
_LEAST_ROWS = SHOWN_LENGTH // 4  # characters for rows below a header with the names that span columns in each
_LEAST_CUT = SHOWN_LENGTH // 3  # a cut before this would leave a stub
_ENDS = ("。；！？", "，、：｜", " ")
"""Where a long paragraph may be cut, best first."""
_UNFINISHED = re.compile(r"[。；：，！？]$")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a passage and the page it is on."""

    text: str
    page: int | None = None


@dataclass(slots=True)
class TableLines:
    """A table under way: its caption, its header rows and its rows."""

    caption: Line | None = None
    header: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    locator: str = ""


def is_title(text: str) -> bool:
    """Whether a line reads like a heading: short, and no sentence ends it."""
    return 0 < len(text) <= TITLE_LENGTH and not _UNFINISHED.search(text)


@dataclass(slots=True)
class Packer:
    """Collects passages in order; what is too long becomes several (第二十七条, 第二十七条（续1）, …)."""

    passages: list[Passage] = field(default_factory=list)
    _used: Counter[str] = field(default_factory=Counter)

    def add(self, lines: Sequence[Line], locator: str, headings: Iterable[str] = (), kind: str = "clause") -> None:
        """Add the passages of one clause, article or stretch of text."""
        lines = [line for line in lines if line.text]
        if not lines:
            return
        trail = tuple(headings)
        title = lines[0].text if len(lines) > 1 and is_title(lines[0].text) else ""
        for number, piece in enumerate(pack(lines)):
            above = (*trail, title) if title and number else trail
            self._put("\n".join(line.text for line in piece), piece[0].page, locator, number, above, kind)

    def add_table(self, table: TableLines, headings: Iterable[str]) -> None:
        """Add a table in pieces that each start with its caption and, where it fits, its header."""
        trail = tuple(headings)
        top, rows = _top(table), table.rows
        if table.header and _length(top) > _HEADER_SHARE and not _leaves_room(top, rows):
            top, rows = top[: len(top) - len(table.header)], [*table.header, *rows]
        start = "".join(f"{line.text}\n" for line in top)
        pages = [line.page for line in top[:1]]
        for number, piece in enumerate(pack(rows, SHOWN_LENGTH - len(start)) or [[]]):
            page = piece[0].page if piece and (number or not pages) else pages[0] if pages else None
            text = start + "\n".join(line.text for line in piece)
            self._put(text.strip(), page, table.locator, number, trail, "table")

    def _put(
        self, text: str, page: int | None, locator: str, number: int, headings: tuple[str, ...], kind: str
    ) -> None:
        base = self._unique(locator) if not number else self.passages[-1].locator.partition("（续")[0]
        place = f"{base}（续{number}）" if number else base
        self.passages.append(Passage(len(self.passages), text, place, headings, kind, page))

    def _unique(self, locator: str) -> str:
        """The locator, with 〔2〕 and so on when the text uses it again: an address must lead to one place."""
        self._used[locator] += 1
        times = self._used[locator]
        return locator if times == 1 else f"{locator}〔{times}〕"


def _top(table: TableLines) -> list[Line]:
    """Caption and header; names that span columns once where in each of them they would leave no room for a row."""
    top = [*([table.caption] if table.caption else []), *table.header]
    if _length(top) <= _HEADER_SHARE or _leaves_room(top, table.rows):
        return top
    return [Line(told(line.text), line.page) for line in top]


def _leaves_room(top: Sequence[Line], rows: Sequence[Line]) -> bool:
    """Whether names once are short enough to stand above rows, and each row fits below all of them."""
    once = sum(len(told(line.text)) + 1 for line in top)
    longest = max([_LEAST_ROWS, *(len(row.text) for row in rows)])
    return once <= _HEADER_SHARE and _length(top) + longest <= SHOWN_LENGTH


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) + 1 for line in lines)


def pack(lines: Sequence[Line], limit: int = SHOWN_LENGTH) -> list[list[Line]]:
    """Lines in stretches of at most ``limit`` characters; a line longer than that is cut at a sentence end."""
    pieces: list[list[Line]] = []
    room = 0
    for line in [part for whole in lines for part in _cut(whole, limit)]:
        if not pieces or len(line.text) + 1 > room:
            pieces.append([])
            room = limit + 1
        pieces[-1].append(line)
        room -= len(line.text) + 1
    return _without_lone_title(pieces, limit)


def _without_lone_title(pieces: list[list[Line]], limit: int) -> list[list[Line]]:
    """A title alone in the first stretch is joined with what fits of the paragraph after it."""
    if len(pieces) < 2 or len(pieces[0]) != 1 or not is_title(pieces[0][0].text):
        return pieces
    title, following = pieces[0][0], pieces[1]
    first = _cut(following[0], limit - len(title.text) - 1)
    return [[title, first[0]], *pack([*first[1:], *following[1:]], limit), *pieces[2:]]


def _cut(line: Line, limit: int) -> list[Line]:
    parts, rest = [], line.text
    while len(rest) > limit:
        end = _end(rest, limit)
        parts.append(Line(rest[:end].rstrip(), line.page))
        rest = rest[end:].lstrip()
    return [*parts, Line(rest, line.page)]


def _end(text: str, limit: int) -> int:
    for marks in _ENDS:
        end = max(text.rfind(mark, min(_LEAST_CUT, limit // 2), limit) for mark in marks)
        if end > 0:
            return end + 1
    return limit
