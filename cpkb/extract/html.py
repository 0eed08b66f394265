"""Saved web pages: the main content as blocks, the publisher's data table as facts. Scripts are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from cpkb.errors import ExtractError
from cpkb.extract.boilerplate import files_linked, without_boilerplate
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.html_tables import is_data, rows_of, text_of
from cpkb.extract.html_title import title_of
from cpkb.extract.raised import raised
from cpkb.extract.text import decode

PAGE_LIMIT = 16 * 1024 * 1024  # bytes: a page takes twenty times its size when read; the longest law has 1 MB
DEPTH_LIMIT = 400  # nested elements: real pages stay below 60; deeper ones would exhaust the stack
_DROPPED = (
    "script", "style", "nav", "footer", "aside", "noscript", "iframe", "template", "svg", "head", "select", "button",
    "textarea",
)  # fmt: skip
_PARAGRAPHS = {"p", "div", "li", "td", "section", "article", "blockquote", "center", "dd", "dt", "pre", "body"}
_PARAGRAPHS |= {"html", "main", "tr", "table", "tbody", "thead", "ul", "ol", "dl", "header", "br", "hr"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MAIN = ("#UCAP-CONTENT", ".TRS_Editor", "#zoom", ".pages_content", "article", "main", "#content", ".content")
"""Where the text of a page is, surest first; the first two are the State Council's and the ministries' systems."""
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0\u3000]+")
_LABELS = {
    "发文机关": "issuer",
    "发布机构": "issuer",
    "成文日期": "issued",
    "发布日期": "published",
    "标题": "title",
    "名称": "title",
    "发文字号": "number",
    "文号": "number",
}
_OTHER_LABELS = {"索引号", "主题分类", "主题词", "分类", "生成日期", "有效性"}
_SHORTEST_MAIN = 40  # characters: a shorter "main" element is a caption, the text is elsewhere


class HtmlExtractor:
    """Reads .html files."""

    suffixes = (".html", ".htm")

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft; raises ExtractError when the page has no text."""
        page = _page(data, name)
        soup, title = page.soup, page.title
        facts = _facts(soup)
        blocks = tuple(_blocks(_main(soup)))
        if not blocks:
            raise ExtractError(f"{name}：网页里没有正文；请保存完整页面，或另存为文本")
        return [Draft(blocks, title=facts.pop("title", "") or title, facts=facts)]


def files_of(data: bytes, name: str, address: str) -> list[tuple[str, str]]:
    """(address, words) of the files that the text of a page links to: attachments (附件), in reading order."""
    page = _page(data, name)
    begin = _joined_address(address, page.base)
    found: dict[str, str] = {}
    for reference, words in files_linked(_main(page.soup)):
        found.setdefault(_joined_address(begin, reference), words)
    return [(link, words) for link, words in found.items() if link.startswith(("http://", "https://"))]


def _joined_address(begin: str, reference: str) -> str:
    """A reference as an address, without its fragment; '' for one that is none."""
    try:
        return urldefrag(urljoin(begin, reference))[0]
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page without what stands around its text, its title, and where its references begin."""

    soup: BeautifulSoup
    title: str
    base: str


def _page(data: bytes, name: str) -> _Page:
    if len(data) > PAGE_LIMIT:
        raise ExtractError(f"{name}：网页超过 {PAGE_LIMIT // 1024**2} MB；请只保存正文部分")
    text = decode(data, name)
    if "<" not in text:
        raise ExtractError(f"{name}：没有任何标签，不是网页；纯文本请用 .txt 扩展名")
    soup = BeautifulSoup(text, "lxml")
    _check_depth(soup, name)
    title = title_of(soup)
    begin = soup.find("base", href=True)
    base = str(begin["href"]) if isinstance(begin, Tag) else ""
    for element in soup(_DROPPED):
        element.decompose()
    for element in soup("sup"):
        element.replace_with(raised(element.get_text()))
    without_boilerplate(soup)
    return _Page(soup, title, base)


def _check_depth(soup: BeautifulSoup, name: str) -> None:
    """Refuse endless nesting before anything searches the page: searches in searches would take hours."""
    level: list[Tag] = [soup]
    for _ in range(DEPTH_LIMIT):
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag)]
    if level:
        raise ExtractError(f"{name}：网页元素嵌套超过 {DEPTH_LIMIT} 层；这不是正常的网页")


def _main(soup: BeautifulSoup) -> Tag:
    for selector in _MAIN:
        found = soup.select_one(selector)
        if found and len(found.get_text(strip=True)) >= _SHORTEST_MAIN:
            return found
    return soup


def _facts(soup: BeautifulSoup) -> dict[str, str]:
    """The label and value cells of the data table above the text (索引号 … 发文字号 …)."""
    found: dict[str, str] = {}
    for table in soup.find_all("table"):
        cells = [] if table.find("table") else [_squeezed(cell) for cell in table.find_all(["td", "th"])]
        labels = [cell.rstrip("：:") for cell in cells]
        if not set(labels) & set(_LABELS) or not set(labels) & _OTHER_LABELS:
            continue
        for label, value in zip(labels, cells[1:], strict=False):
            if label in _LABELS and value:
                found.setdefault(_LABELS[label], value)
        table.decompose()
    published = found.pop("published", "")
    if published:
        found.setdefault("issued", published)
    return found


def _squeezed(cell: Tag) -> str:
    text = text_of(cell)
    # Labels are spread with spaces (索 引 号：); values such as titles keep theirs.
    return text.replace(" ", "") if text.endswith(("：", ":")) else text


def _blocks(root: Tag) -> Iterator[Block]:
    """The blocks in reading order, walking without recursion."""
    words: list[str] = []
    level = 0
    for kind, value in _events(root):
        if kind == "text":
            words.append(str(value))
            continue
        if text := _joined(words):
            yield Block(text, level=level, kind="heading" if level else "paragraph")
        words, level = [], _HEADINGS.get(str(value), 0) if kind == "open" else 0
        if isinstance(value, Block):
            yield value
    if text := _joined(words):
        yield Block(text)


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the walk: enter a node, or leave it."""

    node: PageElement
    is_leaving: bool = False


def _events(root: Tag) -> Iterator[tuple[str, str | Block]]:
    """(text, …), (open, tag), (close, tag) of blocks, and (row, block) of data tables."""
    steps = [_Step(root)]
    while steps:
        step = steps.pop()
        if isinstance(step.node, Tag):
            yield from _tag_events(step, step.node, steps)
        elif isinstance(step.node, NavigableString) and not isinstance(step.node, PreformattedString):
            yield "text", str(step.node)


def _tag_events(step: _Step, tag: Tag, steps: list[_Step]) -> Iterator[tuple[str, str | Block]]:
    if step.is_leaving:
        yield "close", tag.name
        return
    if tag.name in _PARAGRAPHS or tag.name in _HEADINGS:
        yield "open", tag.name
        steps.append(_Step(tag, is_leaving=True))
    if tag.name == "table" and is_data(tag):
        yield from (("row", block) for block in rows_of(tag))
    else:
        steps.extend(_Step(child) for child in reversed(tag.contents))


def _joined(words: list[str]) -> str:
    return _SPACE.sub(" ", "".join(words)).strip()
