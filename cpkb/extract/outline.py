"""Notices and plans: sections 一、, （一）, 1. and （1） as a tree, cut at the level that gives readable passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cpkb.extract import marks
from cpkb.extract.extractor import Block
from cpkb.extract.packing import TITLE_LENGTH, Line, Packer, is_title
from cpkb.extract.trail import Tables, Trail
from cpkb.model.dates import find_dates
from cpkb.model.passage import SHOWN_LENGTH

_SHORT_ITEM = 50  # characters: items shorter than this on average are one sentence's list, kept together
_SIGNATURE_LENGTH = 60  # characters of the issuers and the date a notice ends with
_CITED_ALONE = 2  # levels 一、 and （一） may be counted through a whole text; a 1. alone would cite nothing
_PRINTED = re.compile(r"(?:主题词|抄\s*送|主\s*送|分送)\s*[:：]")
"""What a printed notice ends with (版记): its subject words and who gets a copy."""


@dataclass(slots=True)
class _Section:
    level: int
    number: int
    mark: str
    lines: list[Line] = field(default_factory=list)
    parts: list[_Section] = field(default_factory=list)
    tables: Tables = field(default_factory=Tables)
    headings: tuple[str, ...] = ()

    def all_lines(self) -> list[Line]:
        return [*self.lines, *(line for part in self.parts for line in part.all_lines())]

    def all_tables(self) -> list[Tables]:
        return [self.tables, *(tables for part in self.parts for tables in part.all_tables())]

    @property
    def length(self) -> int:
        return sum(len(line.text) + 1 for line in self.all_lines())

    @property
    def title(self) -> str:
        """The heading of the section: its first line, or that line's first sentence when it is short."""
        text = self.lines[0].text
        first = text.partition("。")[0]
        return text if is_title(text) else first if len(first) <= TITLE_LENGTH else ""


def add_outline(packer: Packer, blocks: Sequence[Block], above: Sequence[str], name: str) -> None:
    """Add the passages of a notice: 引言, its sections (一（二）), and its signature (落款)."""
    trail = Trail(tuple(above))
    root = _Section(-1, 0, "")
    open_sections = [root]
    for block in blocks:
        if not open_sections[-1].tables.take(block):
            open_sections = _take(block, open_sections, trail)
    signature = _signature(open_sections[-1])
    continuous = _continuous(root)
    packer.add(root.lines, f"{name} 引言".strip(), above, "preface")
    root.tables.flush(packer, tuple(above), name)
    for section in root.parts:
        _add(packer, section, name, tuple(above), continuous)
    packer.add(signature, f"{name} 落款".strip(), above, "paragraph")


def _take(block: Block, open_sections: list[_Section], trail: Trail) -> list[_Section]:
    found = marks.outline(block.text)
    if found is None and block.level:
        trail.open(block.level, block.text)
        return open_sections[:1] if len(open_sections) > 1 else open_sections
    line = Line(block.text, block.page)
    if found is None:
        open_sections[-1].lines.append(line)
        return open_sections
    level, number, mark = found
    kept = [section for section in open_sections if section.level < level]
    section = _Section(level, number, mark, [line], headings=trail.headings[len(trail.above) :])
    kept[-1].parts.append(section)
    return [*kept, section]


def _signature(last: _Section) -> list[Line]:
    """The lines at the end that hold only issuers, a date and what is printed after them, out of the last section."""
    lines = last.lines
    printed = next((at for at, line in enumerate(lines) if at and _PRINTED.match(line.text)), len(lines))
    after, lines[printed:] = lines[printed:], []
    return [*_signed(lines), *after]


def _signed(lines: list[Line]) -> list[Line]:
    for count in range(1, min(5, len(lines))):
        tail = lines[-count:]
        if sum(len(line.text) for line in tail) > _SIGNATURE_LENGTH or "。" in tail[0].text:
            break
        starts_it = find_dates(tail[0].text) and (count == len(lines) - 1 or "。" in lines[-count - 1].text)
        if find_dates("".join(line.text for line in tail)) and (starts_it or "。" in lines[-count - 1].text):
            del lines[-count:]
            return tail
    return []


def _continuous(root: _Section) -> set[int]:
    """Levels whose numbers go on from section to section (（十四）, （十五）): their mark alone cites them."""
    runs: dict[int, list[list[int]]] = {}
    _collect(root, runs)
    return {
        level
        for level, lists in runs.items()
        if level < _CITED_ALONE
        and len(lists) > 1
        and all(later[0] == earlier[-1] + 1 for earlier, later in pairwise(lists))
    }


def _collect(section: _Section, runs: dict[int, list[list[int]]]) -> None:
    by_level: dict[int, list[int]] = {}
    for part in section.parts:
        by_level.setdefault(part.level, []).append(part.number)
        _collect(part, runs)
    if section.level >= 0:
        for level, numbers in by_level.items():
            runs.setdefault(level, []).append(numbers)


def _add(packer: Packer, section: _Section, place: str, above: tuple[str, ...], continuous: set[int]) -> None:
    locator = section.mark if section.level in continuous else f"{place} {section.mark}".strip()
    locator = locator.replace(" （", "（").replace("） ", "）")
    cited = f"{locator}、" if section.level == 0 else locator
    above = (*above, *section.headings)
    below = (*above, section.title) if section.title else above
    if not _is_cut(section, continuous):
        if len(section.all_lines()) > 1 or not (section.title and section.tables.found):
            packer.add(section.all_lines(), cited, above)
        for tables in section.all_tables():
            tables.flush(packer, below, cited)
        return
    if len(section.lines) > 1 or not is_title(section.lines[0].text.removesuffix("。")):
        packer.add(section.lines, cited, above)
    section.tables.flush(packer, below, cited)
    for part in section.parts:
        _add(packer, part, locator, below, continuous)


def _is_cut(section: _Section, continuous: set[int]) -> bool:
    """Whether the parts of a section become passages of their own: they are cited by themselves, or long."""
    if not section.parts or section.length > SHOWN_LENGTH or section.parts[0].level in continuous:
        return bool(section.parts)
    average = sum(part.length for part in section.parts) / len(section.parts)
    is_list = any(part.lines[-1].text.endswith("；") for part in section.parts)
    return section.level < _CITED_ALONE and average >= _SHORT_ITEM and not is_list
