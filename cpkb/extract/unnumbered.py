"""Defined terms whose numbers are drawn and not in the text (3.1 …): numbered again by their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cpkb.extract import marks
from cpkb.extract.extractor import Block

_TERMS = re.compile(r"(?:术语|定义)")
_TERM = re.compile(r"[^，。；：]{0,40}[\u4e00-\u9fff）)]\s+[A-Za-z][A-Za-z ,/()（）'’-]{3,80}$")
"""挥发性有机液体 volatile organic liquid: a term and its English."""
_LEAST_TERMS = 2  # one line alone may be a name in running text


def number_terms(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with the terms of a chapter 术语和定义 numbered where none of its clauses has a number."""
    found = list(blocks)
    heads = [(at, head) for at, block in enumerate(blocks) if (head := _chapter(block))]
    ends = [*(at for at, _ in heads[1:]), len(found)]
    for (at, head), end in zip(heads, ends, strict=False):
        if _TERMS.search(head.rest) and not any(marks.clause(block.text) for block in found[at + 1 : end]):
            _number(found, at + 1, end, head.number)
    return found


def _chapter(block: Block) -> marks.Clause | None:
    head = marks.clause(block.text) if block.kind in ("paragraph", "heading") else None
    return head if head and len(head.parts) == 1 and head.is_spaced and len(head.rest) <= 40 else None


def _number(blocks: list[Block], start: int, end: int, chapter: str) -> None:
    terms = [at for at in range(start, end) if blocks[at].kind == "paragraph" and _TERM.match(blocks[at].text)]
    if len(terms) >= _LEAST_TERMS:
        for number, at in enumerate(terms, 1):
            blocks[at] = replace(blocks[at], text=f"{chapter}.{number} {blocks[at].text}")
