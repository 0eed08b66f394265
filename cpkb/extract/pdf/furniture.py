"""What a page carries beside its text: running heads, page numbers, the table of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cpkb.extract.heads import HYPHENS
from cpkb.extract.pdf.lines import TextLine

_EDGE = 0.14  # of the page's height at its top and foot where running heads and page numbers stand
_REPEATED = 0.3  # of the pages a running head is on, at least
_DOTS = ".．…·⋯•"
_LEAST_DOTS = 4  # dots in a row before a page number: an ellipsis has two or three
_TOC_PAGE = re.compile(r"[（(]?\s?(?:[ivxlIVXLⅰ-ⅿⅠ-Ⅿ]{1,6}|\d{1,3})\s?[)）]?$")
_LEAST_LEADERS = 3  # lines with dot leaders that make a table of contents
_PAGE_NUMBER = re.compile(r"[-·]?(?:[ivxlIVXLⅰ-ⅿⅠ-Ⅿ]{1,6}|第?\d{1,3}页?)[-·]?$|第\d{1,3}页共\d{1,3}页$")
_IMPRINT = re.compile(r"版权所有|统一书号|印刷厂|出版社出版|\d开本|字数.{0,4}千字|定价[：:]|网址[：:]|[1１]/1[06]")
_LEAST_UPRIGHT = 4  # characters below each other that are one text set downwards
_LEAST_IMPRINT = 3  # such lines make the page a publisher's imprint
_DIGITS = re.compile(r"\d+")
_CONTENTS = ("目次", "目录")


def is_imprint(lines: Sequence[TextLine]) -> bool:
    """Whether a page is the publisher's: price, printer and format of the printed edition."""
    return sum(1 for line in lines if _IMPRINT.search(line.squeezed)) >= _LEAST_IMPRINT


def without_upright(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines without a text set downwards along the edge, which reads as lines of one character."""
    stacks = Counter(_stack(line) for line in lines if len(line.squeezed) == 1)
    return [line for line in lines if len(line.squeezed) != 1 or stacks[_stack(line)] < _LEAST_UPRIGHT]


def _stack(line: TextLine) -> int:
    """Characters below each other share it: their middles are one character's width apart at most."""
    return round((line.left + line.right) / 2 / max(line.size, 1.0))


def running_heads(pages: Sequence[Sequence[TextLine]], heights: Sequence[float]) -> set[str]:
    """The texts (as keys) that stand at the edge of many pages, or first or last on them."""
    seen = Counter(
        key
        for lines, height in zip(pages, heights, strict=True)
        for key in {_key(line) for line in (*lines[:1], *lines[-1:], *(ln for ln in lines if _at_edge(ln, height)))}
    )
    least = max(2, _REPEATED * len(pages))
    return {key for key, count in seen.items() if count >= least}


def without_furniture(lines: Sequence[TextLine], height: float, heads: set[str]) -> list[TextLine]:
    """The lines of a page without running heads, page numbers and contents."""
    kept = list(lines)
    for at in (0, -1):  # the outermost lines are looked at again until they are text
        while kept and (_is_furniture(kept[at], heads) or _is_far_out(kept[at], height, heads)):
            kept.pop(at)
    return _without_contents([line for line in kept if not (_at_edge(line, height) and _is_furniture(line, heads))])


def _is_furniture(line: TextLine, heads: set[str]) -> bool:
    return _key(line) in heads or bool(_PAGE_NUMBER.match(_plain(line)))


def _is_far_out(line: TextLine, height: float, heads: set[str]) -> bool:
    """A running head broken in two (HJ 574 / —2010): part of one, at the very edge."""
    return _at_edge(line, height) and len(line.squeezed) > 3 and any(_key(line) in head for head in heads)


def _without_contents(lines: list[TextLine]) -> list[TextLine]:
    """A table of contents goes from its heading (or its first entry) to its last dot leader."""
    leaders = [at for at, line in enumerate(lines) if _has_leader(line.text)]
    if len(leaders) < _LEAST_LEADERS:
        return [line for line in lines if line.squeezed not in _CONTENTS]
    titles = [at for at, line in enumerate(lines[: leaders[0]]) if line.squeezed in _CONTENTS]
    start = titles[0] if titles else leaders[0]
    return [*lines[:start], *lines[leaders[-1] + 1 :]]


def _has_leader(text: str) -> bool:
    """Whether a line ends in dots and a page number (a regular expression would be slow on a line of dots)."""
    rest = text.rstrip()
    page = _TOC_PAGE.search(rest[-12:])
    rest = (rest[: -len(page[0])] if page else rest).rstrip()
    return len(rest) - len(rest.rstrip(_DOTS)) >= _LEAST_DOTS


def _at_edge(line: TextLine, height: float) -> bool:
    return line.base > (1 - _EDGE) * height or line.top < _EDGE * height


def _plain(line: TextLine) -> str:
    return line.squeezed.translate(HYPHENS).replace("—", "-")


def _key(line: TextLine) -> str:
    """What running heads of different pages share: odd and even ones differ in page numbers only."""
    plain = _plain(line)
    return plain if re.match(r"(?:HJ|GB|DB)", plain) else _DIGITS.sub("0", plain)
