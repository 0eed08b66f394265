"""Blocks to passages: which scheme a text is numbered by, and its segments (body, attachments)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cpkb.extract import marks
from cpkb.extract.articles import add_articles
from cpkb.extract.clauses import add_clauses
from cpkb.extract.extractor import Block
from cpkb.extract.outline import add_outline
from cpkb.extract.packing import TITLE_LENGTH, Line, Packer, is_title
from cpkb.extract.paragraphs import add_paragraphs
from cpkb.model.passage import Passage

_CONTENTS = ("目录", "目次")
_LEAST_ARTICLES = 2
_ENDS_A_TITLE = re.compile(
    r"(?:报告|方案|办法|规定|意见|[图表]|清单|名单|目录|名录|要求|规范|细则|章程|计划|规划|标准|）|\))$"
)
_LEAST_CLAUSES = 4  # a notice may mention 5.2 at a line start; a standard has dozens
_LEAST_ITEMS = 2


def passages(blocks: Sequence[Block], trail: Sequence[str] = ()) -> tuple[Passage, ...]:
    """The citable passages of a text in order, with unique locators; ``trail`` stands above all of them."""
    packer = Packer()
    cover = [Line(block.text, block.page) for block in blocks if block.kind == "cover"]
    packer.add(cover, "封面", kind="preface")
    for name, segment in _segments(_without_contents([block for block in blocks if block.kind != "cover"])):
        above = (*trail, name) if name else tuple(trail)
        _ADDERS[scheme(segment, is_standard=bool(cover))](packer, segment, above, name.partition("　")[0])
    return tuple(packer.passages)


def scheme(blocks: Sequence[Block], *, is_standard: bool = False) -> str:
    """How a text is numbered: articles (第一条), clauses (5.2.1), outline (一、（一）) or paragraphs (not)."""
    texts = [block.text for block in blocks if block.kind in ("paragraph", "heading")]
    if _count_articles(texts) >= _LEAST_ARTICLES:
        return "articles"
    clauses = [marks.clause(text) for text in texts]
    if sum(found is not None and len(found.parts) > 1 for found in clauses) >= (1 if is_standard else _LEAST_CLAUSES):
        return "clauses"
    items = [marks.outline(text) for text in texts]
    return "outline" if sum(found is not None and found[0] < 2 for found in items) >= _LEAST_ITEMS else "paragraphs"


_ADDERS = {
    "articles": add_articles,
    "clauses": add_clauses,
    "outline": add_outline,
    "paragraphs": add_paragraphs,
}


def _count_articles(texts: Sequence[str]) -> int:
    count = previous = 0
    for text in texts:
        if found := marks.article(text, previous):
            previous, count = found[0], count + 1
    return count


def _without_contents(blocks: list[Block]) -> list[Block]:
    """The blocks without a table of contents: from 目录 to where its first entry is met again."""
    for at, block in enumerate(blocks[:-1]):
        if _squeezed(block.text) in _CONTENTS:
            first = _squeezed(blocks[at + 1].text)
            again = [n for n in range(at + 2, len(blocks)) if _squeezed(blocks[n].text) == first]
            return [*blocks[:at], *blocks[again[0] if again else at + 1 :]]
    return blocks


def _segments(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """(name, blocks) of the body (name '') and of each attachment; its title joins its name."""
    segments: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        name = marks.attachment(block.text) if block.kind in ("paragraph", "heading") else ""
        if name and segments[-1][1]:
            segments.append((name, []))
        elif name:
            segments[-1] = (name, [])
        else:
            segments[-1][1].append(block)
    return [_titled(name, segment) for name, segment in segments if segment]


def _titled(name: str, segment: list[Block]) -> tuple[str, list[Block]]:
    if not name:
        return name, segment
    title, used = "", 0
    for block in segment[:-1]:
        if not _may_be_title(block) or _ENDS_A_TITLE.search(title) or len(title + block.text) > 2 * TITLE_LENGTH:
            break
        title, used = title + block.text, used + 1
    return (f"{name}　{title}" if title else name), segment[used:]


def _may_be_title(block: Block) -> bool:
    text = block.text
    is_numbered = marks.outline(text) or marks.part(text) or marks.article(text, 0) or marks.clause(text)
    return block.kind in ("paragraph", "heading") and is_title(text) and not is_numbered


def without_title(blocks: Sequence[Block], title: str) -> tuple[Block, ...]:
    """The blocks without the lines that only spell out the title: at the start (broken in lines) or alone later."""
    wanted, spelt, start = _squeezed(title), "", 0
    for at, block in enumerate(blocks[:6]):
        spelt += _squeezed(block.text)
        if not wanted.startswith(spelt):
            break
        if spelt == wanted:
            start = at + 1
            break
    return tuple(block for block in blocks[start:] if block.kind == "cover" or _squeezed(block.text) != wanted)


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("〈", "《").replace("〉", "》")
