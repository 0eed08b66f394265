"""Scanned pages: how much of each printed line is in what was read of its page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.gold.facts import Gold, Outcome, Read
from tests.gold.reading import fold

HERE = Path(__file__).parent


def scans(golds: Iterable[Gold], read: Read) -> list[Outcome]:
    """An outcome a line, weighed by its characters."""
    found = []
    for gold in golds:
        reading = read(gold["file"])
        page = fold("".join(block.text for block in reading.blocks if block.page == gold["page"]))
        for number, line in enumerate((HERE / gold["lines"]).read_text(encoding="utf-8").splitlines(), 1):
            wanted = fold(line)
            right = max(0, len(wanted) - distance(wanted, page))
            where = f"{gold['file']} p{gold['page']} line {number}"
            got = reading.failure or f"{right} of {len(wanted)} characters"
            found.append(
                Outcome(
                    row="scans: characters",
                    is_right=right == len(wanted),
                    place=where,
                    wanted=line,
                    got=got,
                    weight=len(wanted),
                    right=right,
                )
            )
    return found


def distance(line: str, page: str) -> int:
    """Least edits (insert, drop, change a character) that turn the line into some stretch of the page.

    The order of lines on the page does not count (that of a table's cells is judged as cells), nor what is read
    beside them.
    """
    before = [0] * (len(page) + 1)
    for at, character in enumerate(line, 1):
        now = [at]
        for column, other in enumerate(page, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (character != other)))
        before = now
    return min(before)
