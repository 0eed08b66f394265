"""Standards and guides: 前言, numbered clauses (5.2.1) under their parents' titles, appendices, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cpkb.extract import marks
from cpkb.extract.extractor import Block
from cpkb.extract.marks import Clause
from cpkb.extract.packing import Line, Packer, is_title
from cpkb.extract.trail import Tables
from cpkb.extract.unnumbered import number_terms

Parts = tuple[str | int, ...]
_GAP = 2  # numbers that may be missing before a clause: a line lost in reading must not swallow the next
_TERM_LENGTH = 120  # characters: a defined term with its English is longer than other titles
_SPACE = re.compile(r"\s+")
_CONTENTS = ("目次", "目录")
_QUANTITY = re.compile(
    r"(?:mg|kg|g|t|m|km|cm|mm|L|h|d|min|s|kW|MW|MPa|kPa|Pa|V|A|dB|米|倍|吨|元|万元|小时|年|个)"
    r"(?:$|[/\d²³～~，、；。）)\s]|以[上下内])"
)
"""What follows a quantity broken at a line end (1.5 mg/L); no title of a clause starts so."""
_MENTIONED_TABLE = re.compile(r"表\s?(\d{1,2})(?![\d.．])")
_KIND_OF_APPENDIX = re.compile(r"[（(](?:规范性|资料性)(?:附录)?[）)]$")


class _Clauses:
    def __init__(self, packer: Packer, above: Sequence[str], name: str, *, is_spaced: bool = False) -> None:
        self.packer, self.above, self.name = packer, tuple(above), name
        self.tables = Tables()
        self.is_spaced = is_spaced
        """The first chapter's number stands apart (1 范围): a 1. in the foreword is a list."""
        self.titles: dict[Parts, str] = {}
        self.appendix: tuple[str, str] | None = None
        self.last: Parts = ()
        self.locator, self.kind = "卷首", "preface"
        self.lines: list[Line] = []
        self.mentions: dict[str, tuple[str, ...]] = {}
        """Headings of the clause that first speaks of a table: tables are printed pages later."""
        self.awaits = ""  # what the title of is expected next: appendix or clause

    def take(self, block: Block) -> None:
        if block.kind == "heading" and _SPACE.sub("", block.text) in _CONTENTS:
            return
        if self.tables.take(block) or _KIND_OF_APPENDIX.match(block.text):
            return
        found = marks.appendix(block.text)
        if found:
            self._appendix(*found)
        elif (head := marks.clause(block.text)) and self._follows(head, block):
            self._clause(head, block)
        elif self.awaits == "appendix" and len(block.text) <= 60:
            self._appendix_title(block.text)
        else:
            self._text(block)

    def _text(self, block: Block) -> None:
        if _SPACE.sub("", block.text) == "前言" and not self.last:
            self.flush()
            self.locator, self.kind = "前言", "preface"
            return
        if self.awaits == "clause" and len(block.text) <= _TERM_LENGTH and block.text[-1] not in "。；：":
            first = self.lines[0]
            self.lines[0] = Line(f"{first.text} {block.text}", first.page)
            self.titles[self.last] = self.lines[0].text
        else:
            self.lines.append(Line(block.text, block.page))
        self.awaits = ""

    def _appendix(self, label: str, title: str) -> None:
        if self.appendix and self.appendix[0] == label:
            self.lines.append(Line(title))  # a running head that names the appendix again
            return
        self.flush()
        self.appendix, self.last = (label, title), (label[-1],)
        self.locator, self.kind, self.awaits = label, "clause", "" if title else "appendix"
        self.titles[self.last] = f"{label} {title}".strip()

    def _appendix_title(self, text: str) -> None:
        if self.appendix:
            self.titles[(self.appendix[0][-1],)] = f"{self.appendix[0]} {text}"
        self.awaits = ""

    def _follows(self, head: Clause, block: Block) -> bool:
        """Whether a number at a paragraph's start is the next clause: what else starts with a number is text."""
        parts = head.parts
        if len(parts) < 3 and _QUANTITY.match(head.rest):
            return False
        if isinstance(parts[0], str):
            return self._in_appendix(parts)
        if len(parts) == 1:
            return self._is_chapter(head, block)
        return not self.appendix and self._is_next(parts)

    def _in_appendix(self, parts: Parts) -> bool:
        if not self.appendix or len(parts) < 2:
            return False
        return parts[0] == self.appendix[0][-1] and self._is_next(parts)

    def _is_chapter(self, head: Clause, block: Block) -> bool:
        if self.appendix:
            return False
        number, before = head.parts[0], self.last[0] if self.last else 0
        if not isinstance(number, int) or not isinstance(before, int):
            return False
        if self.is_spaced and self.locator == "前言" and not head.is_spaced:
            return False
        near = before < number <= before + _GAP or not self.last  # an excerpt may start at any chapter
        return near and is_title(head.rest) and (head.is_spaced or bool(block.level) or number == before + 1)

    def _is_next(self, parts: Parts) -> bool:
        """A first child (5.2 → 5.2.1), or the next sibling of the last clause or of one above it."""
        above, number = parts[:-1], parts[-1]
        if not isinstance(number, int):
            return False
        shared = self.last[: len(above)] == above
        if shared and len(self.last) >= len(parts):
            last = self.last[len(parts) - 1]
            return isinstance(last, int) and last < number <= last + _GAP
        if shared:
            return number <= _GAP
        # The heading of the chapter itself was not seen: 6.1 after 5.9.2; or that of a section: 5.3.1 after 5.2.4.
        first, before = parts[0], self.last[0] if self.last else 0
        if isinstance(first, int) and isinstance(before, int) and first == before + 1 and set(parts[1:]) == {1}:
            return True
        return len(parts) > 2 and number == 1 and first == before and self._is_next(above)

    def _clause(self, head: Clause, block: Block) -> None:
        unseen = self._unseen_title(head.parts)
        self.flush(head.parts)
        self.last = head.parts
        self.locator, self.kind = head.number, "clause"
        text = f"{head.number} {head.rest}".strip()
        self.lines = [Line(text, block.page)]
        self.titles = {p: t for p, t in self.titles.items() if p == head.parts[: len(p)] and p != head.parts}
        if unseen:
            self.titles[head.parts[:-1]] = f"{'.'.join(str(part) for part in head.parts[:-1])} {unseen}"
        if is_title(head.rest):
            self.titles[head.parts] = text
        self.awaits = "" if head.rest else "clause"

    def _unseen_title(self, parts: Parts) -> str:
        """The title of a section without its number (the line before 5.3.1 after 5.2.4), taken out of the text."""
        above = parts[:-1]
        is_unseen = len(parts) > 2 and above != self.last[: len(above)]
        if not is_unseen or len(self.lines) < 2 or not is_title(self.lines[-1].text):
            return ""
        return self.lines.pop().text

    def _trail(self, *, own: bool) -> tuple[str, ...]:
        keys = sorted((p for p in self.titles if own or p != self.last), key=len)
        titles = [self.titles[p] for p in keys if self.last[: len(p)] == p]
        return (*self.above, *titles)

    def flush(self, following: Parts = ()) -> None:
        """Add what was collected; a heading whose text is all in the clauses below it stands only in their trail."""
        place = f"{self.name} {self.locator}".strip()
        is_bare = self.kind == "clause" and len(self.lines) == 1 and self.lines[0].text == self.titles.get(self.last)
        has_parts = following[: len(self.last)] == self.last or bool(self.tables.found)
        if not (is_bare and has_parts):
            in_appendix = self.last in self.titles and len(self.last) == 1 and self.appendix is not None
            self.packer.add(self.lines, place, self._trail(own=in_appendix), self.kind)
        above = self._trail(own=True)
        for line in self.lines:
            for number in _MENTIONED_TABLE.findall(line.text):
                self.mentions.setdefault(f"表{number}", above)
        self.tables.flush(self.packer, above, place, self.mentions)
        self.lines = []


def add_clauses(packer: Packer, blocks: Sequence[Block], above: Sequence[str], name: str) -> None:
    """Add the passages of a standard, clause by clause."""
    firsts = [head for block in blocks if (head := marks.clause(block.text)) and head.parts == (1,)]
    is_spaced = any(head.is_spaced and is_title(head.rest) for head in firsts)
    reading = _Clauses(packer, above, name, is_spaced=is_spaced)
    for block in number_terms(blocks):
        reading.take(block)
    reading.flush()
