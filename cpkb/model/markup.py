"""Guide text (读本正文): a small Markdown, read into values; what it does not know is refused with the line.

## 标题, ### 小标题          sections: where a search lands
- 一条, 1. 第一步            lists of one level
| 列 | 列 | and |---|---|    tables with one row that names the columns
> 提示                       notes
**要紧**                     strong words
[[record-id]], [[record-id|words]]      links to records, by their title or by words
[words](https://…), [words](/search?…)  links to other sites and to pages of this one
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cpkb.errors import FieldError
from cpkb.model.passage import CELL, SHOWN_LENGTH, Passage

OPENING = "导读"
"""The locator of what stands before the first heading."""
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"(?:[-*]|(\d+)[.、])\s+(.*)$")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?$")
_INLINE = re.compile(
    r"\[\[(?P<record>[^\[\]|]*)(?:\|(?P<words>[^\[\]]*))?\]\]"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<address>[^()\s]*)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*"
)
_REFUSED = (
    (re.compile(r"<[A-Za-z/!]"), "HTML 标签不能用"),
    (re.compile(r"!\["), "图片不能用"),
    (re.compile(r"^\s*(?:```|~~~)"), "代码块不能用"),
    (re.compile(r"^\s{2,}(?:[-*]|\d+[.、])\s"), "列表只有一层，不要缩进"),
)
_RECORD_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_ADDRESS = re.compile(r"https?://\S+|/(?!/)\S*")


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text, perhaps strong or a link."""

    text: str
    record: str = ""
    """The id of the record it leads to; without words it is shown by that record's title."""
    address: str = ""
    is_strong: bool = False


Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, note, list or table: rows of cells; all but a table have one cell a row."""

    kind: str
    """paragraph, note, list, steps or table, whose first row names the columns."""
    rows: tuple[tuple[Line, ...], ...]

    @property
    def plain(self) -> str:
        """As it is searched: a row a line."""
        mark = "· " if self.kind == "list" else ""
        return "\n".join(mark + CELL.join(_plain(cell) for cell in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a guide that is found and cited by itself: what stands under a heading, or part of it."""

    locator: str
    title: str
    """Its heading; '' for the opening and for a piece that goes on."""
    level: int
    """2 or 3."""
    headings: tuple[str, ...]
    """The headings above it, its own not among them unless it goes on."""
    blocks: tuple[Block, ...]

    @property
    def plain(self) -> str:
        """As it is searched."""
        return "\n".join(filter(None, (self.title, *(block.plain for block in self.blocks))))


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a guide in order; raises FieldError naming the line and what would be right."""
    read = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        try:
            read.take(line.rstrip())
        except FieldError as error:
            raise FieldError(f"第{number}行“{line.strip()[:30]}”：{error}") from None
    return tuple(piece for section in read.finished() for piece in _pieces(section))


def passages(summary: str, text: str) -> tuple[Passage, ...]:
    """What is searched of a guide: its summary, and every section."""
    found = [Passage(0, summary, "要点", (), "preface")]
    for at, section in enumerate(sections(text), 1):
        found.append(Passage(at, section.plain, section.locator, section.headings, "clause"))
    return tuple(found)


def inlines(read: Iterable[Section]) -> Iterator[Inline]:
    """Every run of text of some sections."""
    for section in read:
        for block in section.blocks:
            for row in block.rows:
                for cell in row:
                    yield from cell


def linked_records(text: str) -> tuple[str, ...]:
    """The ids of the records a guide leads to, each once, in the order of the text."""
    return tuple(dict.fromkeys(run.record for run in inlines(sections(text)) if run.record))


def _plain(line: Line) -> str:
    return "".join(run.text for run in line)


class _Reader:
    """What has been read so far: sections, and the block under way."""

    def __init__(self) -> None:
        self._sections = [Section(OPENING, "", 2, (), ())]
        self._block: Block | None = None
        self._used: Counter[str] = Counter()

    def take(self, line: str) -> None:
        for wrong, says in _REFUSED:
            if wrong.search(line):
                raise FieldError(says)
        if heading := _HEADING.match(line):
            self._open(len(heading[1]), heading[2])
        elif not line:
            self._close()
        else:
            self._add(line.strip())

    def finished(self) -> list[Section]:
        self._close()
        return [section for section in self._sections if section.blocks or section.title]

    def _open(self, level: int, title: str) -> None:
        if level not in (2, 3):
            raise FieldError("标题用 ## 或 ###；读本自己的标题写在文件头")
        self._close()
        self._used[title] += 1
        again = f"〔{self._used[title]}〕" if self._used[title] > 1 else ""
        above = next((s for s in reversed(self._sections) if s.level == 2 and s.title), None) if level == 3 else None
        self._sections.append(Section(title + again, title, level, (above.title,) if above else (), ()))

    def _add(self, line: str) -> None:
        item = _ITEM.match(line)
        if line.startswith("|"):
            self._row(line)
        elif item:
            self._grow("steps" if item[1] else "list", (_line(item[2]),))
        elif line.startswith(">"):
            self._join("note", line.lstrip("> "))
        else:
            self._join("paragraph", line)

    def _row(self, line: str) -> None:
        if _RULE.fullmatch(line):
            return
        cells = tuple(_line(cell.strip().replace("\0", "|")) for cell in _unlinked(line).strip("|").split("|"))
        if self._block and self._block.kind == "table" and len(self._block.rows[0]) != len(cells):
            raise FieldError(f"这一行有 {len(cells)} 格，表头有 {len(self._block.rows[0])} 格")
        self._grow("table", cells)

    def _grow(self, kind: str, row: tuple[Line, ...]) -> None:
        if self._block is None or self._block.kind != kind:
            self._close()
            self._block = Block(kind, ())
        self._block = Block(kind, (*self._block.rows, row))

    def _join(self, kind: str, text: str) -> None:
        """A line of a paragraph or note; one that follows an item or a row of a list belongs to it in no way."""
        if self._block and self._block.kind == kind:
            self._block = Block(kind, ((self._block.rows[0][0] + _line(text),),))
        elif self._block:
            raise FieldError("列表、表格和提示前后要空一行")
        else:
            self._block = Block(kind, ((_line(text),),))

    def _close(self) -> None:
        if self._block:
            last = self._sections[-1]
            self._sections[-1] = replace(last, blocks=(*last.blocks, self._block))
        self._block = None


def _unlinked(line: str) -> str:
    """A row whose links keep their bars apart from those between cells."""
    return re.sub(r"\[\[[^\[\]]*\]\]", lambda link: link[0].replace("|", "\0"), line)


def _line(text: str) -> Line:
    runs, end = [], 0
    for match in _INLINE.finditer(text):
        runs.append(_checked(text[end : match.start()]))
        runs.append(_run(match))
        end = match.end()
    runs.append(_checked(text[end:]))
    return tuple(run for run in runs if run.text or run.record)


def _checked(text: str) -> Inline:
    for mark in ("[[", "]]", "**", "]("):
        if mark in text:
            raise FieldError(f"“{mark}”没有成对；链接写 [[条目编号|文字]] 或 [文字](https://…)，强调写 **文字**")
    return Inline(text)


def _run(match: re.Match[str]) -> Inline:
    if match["strong"]:
        if "[[" in match["strong"] or "](" in match["strong"]:
            raise FieldError(f"强调里不能有链接：“{match['strong']}”；把链接写到 ** 外面")
        return Inline(match["strong"], is_strong=True)
    if match["address"] is not None:
        if not _ADDRESS.fullmatch(match["address"]):
            raise FieldError(f"链接“{match['address']}”应以 https://、http:// 或 / 开头")
        return Inline(match["label"], address=match["address"])
    if not _RECORD_ID.fullmatch(match["record"].strip()):
        raise FieldError(f"“{match['record']}”不是条目编号，如 electroplating-counterflow-rinsing")
    return Inline((match["words"] or "").strip(), record=match["record"].strip())


def _pieces(section: Section) -> Iterator[Section]:
    """A section cut between its blocks into pieces of a size that can be shown; a longer block stays whole."""
    groups: list[list[Block]] = [[]]
    length = len(section.title)
    for block in section.blocks:
        if groups[-1] and length + len(block.plain) > SHOWN_LENGTH:
            groups.append([])
            length = 0
        groups[-1].append(block)
        length += len(block.plain)
    yield replace(section, blocks=tuple(groups[0]))
    above = (*section.headings, *filter(None, (section.title,)))
    for number, blocks in enumerate(groups[1:], 1):
        yield Section(f"{section.locator}（续{number}）", "", section.level, above, tuple(blocks))
