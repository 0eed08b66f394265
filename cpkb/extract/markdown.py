"""Markdown pages (with a YAML head, VuePress containers, badges and inline HTML) to blocks and facts."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from cpkb.errors import NothingToReadError
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.frontmatter import head_facts, split_head
from cpkb.extract.html_tables import rows_of
from cpkb.extract.text import decode

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(\S.*)$")
_CONTAINER = re.compile(r"\s*:{3,}\s*([a-z-]*)\s*(.*)$")
_TAB = re.compile(r"\s*@tab(?::active)?\s+(.*)$")
_LIST_MARK = re.compile(r"^\s*(?:[-*+]\s+|>\s?)+")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*$")
_TABLE_MARKS = frozenset("|:- \t")
_BADGE = re.compile(r"<Badge\s[^<>]{0,300}?text=\"([^\"<>]*)\"[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_NOT_TEXT = (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"))
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\s]{0,500}\)")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\(([^()\s]{0,500})\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,500})>")
_ATTRIBUTES = re.compile(r"\{[^{}]{0,200}=[^{}]{0,200}\}\s*")
_EMOJI = re.compile(r":[a-z_]{2,20}:")
_EMPHASIS = re.compile(r"\*{1,3}|`+")
_STANDARD_FILE = re.compile(r"/(GB|HJ|DB)-(?:T-)?(\d+(?:\.\d+)?)-(?:(\d+)-)?(\d{2,4})\.pdf")
_TABLE_LINES = 20_000  # lines of one HTML table: more is a table that is never closed
_STATUS = {"有效": "in_force", "已废止": "repealed", "废止": "repealed", "失效": "repealed", "已失效": "repealed"}
_EMBEDDED = re.compile(r"<PDF\s[^<>]{0,300}?url=\"([^\"<>]{1,300})\"")
_ABOUT_THE_VIEWER = ("基于Chromium内核", "本文使用PDF预览窗口", "查看全文", "[[toc]]")


class MarkdownExtractor:
    """Reads .md files."""

    suffixes = (".md", ".markdown")

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft: the body as blocks, the head and the badges as facts."""
        head, body = split_head(decode(data, name))
        page = _Page()
        for line in _without(body).split("\n"):
            page.take(line)
        embedded = _EMBEDDED.search(body)
        if embedded and not page.blocks:
            raise NothingToReadError(f"{name}：页面只嵌入了 {embedded[1]}，没有正文；请导入那个文件")
        facts = head_facts(head) | page.facts()
        return [Draft(tuple(page.blocks), title=_title(head, page), facts=facts)]


def _without(text: str) -> str:
    """The text without comments, styles and scripts; one that is never closed is left as it is."""
    for opening, closing in _NOT_TEXT:
        kept, start = [], 0
        while (at := text.find(opening, start)) >= 0 and (end := text.find(closing, at)) >= 0:
            kept.append(text[start:at])
            start = end + len(closing)
        text = "".join([*kept, text[start:]])
    return text


def inline(text: str) -> str:
    """A line as a person reads it: no tags, links, emphasis or entities."""
    text = _BADGE.sub(lambda m: f" {m[1]} ", text)
    text = _LINK.sub(lambda m: m[1], _IMAGE.sub("", text))
    text = _TAG.sub("", _AUTOLINK.sub(lambda m: m[1], _ATTRIBUTES.sub("", text)))
    text = _EMPHASIS.sub("", _EMOJI.sub("", html.unescape(text)))
    return text.replace("\u200b", "").strip()


def heading_of(line: str) -> Block:
    """A line as a heading with its level, or as a paragraph; the text may be empty."""
    if match := _HEADING.match(line):
        return Block(inline(match[2]), level=len(match[1]), kind="heading")
    return Block(inline(_LIST_MARK.sub("", line, count=1)))


@dataclass(slots=True)
class _Page:
    """What has been read of a page so far."""

    blocks: list[Block] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    address: str = ""
    _in_contents: bool = False
    _table: list[str] = field(default_factory=list)
    """Lines of the HTML table under way."""

    def take(self, line: str) -> None:
        """Read one line."""
        if self._table or line.lstrip().startswith("<table"):
            self._html_table(line)
        elif match := _CONTAINER.match(line):
            self._container(match[1], match[2])
        elif self._in_contents or _RULE.match(line) or any(words in line for words in _ABOUT_THE_VIEWER):
            self._note_number(line)
        elif match := _TAB.match(line):
            self._add(Block(inline(match[1]), level=5, kind="heading"))
        elif line.lstrip().startswith("|"):
            self._table_line(line)
        else:
            self._text_line(line)

    def facts(self) -> dict[str, str]:
        """What badges and links say of the page; several states are a list of other texts and say nothing."""
        facts = {"address": self.address} if self.address else {}
        if len(self.numbers) == 1:
            facts["number"] = next(iter(self.numbers))
        states = [_STATUS[badge] for badge in self.badges if badge in _STATUS]
        if len(states) == 1:
            facts["status"] = states[0]
        dates = [badge.removesuffix("施行") for badge in self.badges if badge.endswith("施行")]
        if len(dates) == 1:
            facts["effective"] = dates[0]
        return facts

    def _container(self, kind: str, title: str) -> None:
        if kind:
            self._in_contents = "目录" in title or (self._in_contents and kind == "tabs")
        else:
            self._in_contents = False
        if kind in ("note", "details", "warning", "info") and title and "目录" not in title:
            self._add(Block(inline(title), level=5, kind="heading"))

    def _note_number(self, line: str) -> None:
        if match := _STANDARD_FILE.search(line):
            prefix, first, second, year = match.groups()
            self.numbers.add(f"{prefix} {first}/{second}—{year}" if second else f"{prefix} {first}—{year}")

    def _html_table(self, line: str) -> None:
        self._table.append(line)
        if "</table>" not in line and len(self._table) < _TABLE_LINES:
            return
        table = BeautifulSoup("\n".join(self._table), "lxml").find("table")
        self._table = []
        if isinstance(table, Tag):
            self.blocks += rows_of(table)

    def _table_line(self, line: str) -> None:
        if set(line) <= _TABLE_MARKS and "---" in line:
            if self.blocks and self.blocks[-1].kind == "row":
                self.blocks[-1] = Block(self.blocks[-1].text, kind="header")
            return
        cells = [inline(cell) for cell in line.strip().strip("|").split("|")]
        self._add(Block("｜".join(cells), kind="row"))

    def _text_line(self, line: str) -> None:
        self.badges += _BADGE.findall(line)
        self._note_number(line)
        if match := _AUTOLINK.match(line.strip()):
            self.address = self.address or match[1]
            return
        if _HEADING.match(line):
            self._add(heading_of(line))
            return
        for piece in _BREAK.sub("\n", line).split("\n"):
            self._add(heading_of(piece))

    def _add(self, block: Block) -> None:
        if block.text and block.text != "原文链接":
            self.blocks.append(block)


def _title(head: dict[str, list[str]], page: _Page) -> str:
    if head.get("title"):
        return head["title"][0]
    first = [block.text for block in page.blocks if block.level == 1]
    return first[0] if len(first) == 1 else ""
