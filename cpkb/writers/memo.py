"""A memo of an answer (备忘录): the question, what was understood, every item with its place, what is not known.

Like an answer it holds stored words only; what is written here is headings, labels and what the reader has to know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cpkb.model.answer import SLOTS, Answer, Item
from cpkb.model.dates import in_words
from cpkb.writers.blocks import Block, Paper, Paragraph, Run, Table, paragraph, plain, run
from cpkb.writers.places import Site, place, rests, twins
from cpkb.writers.tables import disagreements, facts, figures, sources, unknown

PRODUCT = "清洁生产知识库"
TITLE = "咨询备忘录"
REMINDER = "只摘录本库已有的文字，不是法律意见；未列入清单不等于合规。"
LONGEST_QUESTION = 500  # characters: as many as are read of a question
LONGEST_TITLE = 160  # characters: the longest title of a shipped record has 134
LONGEST_QUOTE = 1200  # twice what an answer quotes of a passage
_DOUBTFUL = "下面的内容不一定答得上这个问题，请先核对理解得对不对。"
_NOTHING = "本库没有答得上这个问题的内容。这不等于没有规定，也不等于没有办法。"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where and when a memo is written."""

    made: dt.date
    site: str = ""
    """http://127.0.0.1:8000, without a slash at the end; '' where there is no site, as at the command line."""
    address: str = ""
    """Of the answer on the site."""


def memo(answer: Answer, occasion: Occasion) -> Paper:
    """The memo of an answer; the same answer on the same occasion gives the same paper."""
    return Paper(
        title=TITLE,
        subject=run(answer.question, LONGEST_TITLE).text.replace("\n", " "),
        product=PRODUCT,
        dated=answer.as_of,
        reminder=REMINDER,
        blocks=tuple(_blocks(answer, occasion)),
    )


def _blocks(answer: Answer, occasion: Occasion) -> Iterator[Block]:
    site = Site(occasion.site)
    yield paragraph("title", TITLE)
    yield facts(_facts(answer, occasion, site))
    yield paragraph("note", f"{REMINDER}条文以发布机关的正式文本为准，动手之前请打开原文核对。")
    if answer.confidence == "perhaps":
        yield paragraph("note", Run(_DOUBTFUL, is_bold=True))
    yield from _lead(answer, site)
    yield from _nothing(answer) if answer.none else ()
    yield from _items(answer, site)
    yield from _under("数据一览", figures(answer))
    yield from _under("说法不一的地方", disagreements(answer, site))
    yield from _under("没有找到的方面", unknown(answer))
    yield from _under("资料来源", sources(answer, site))


def _facts(answer: Answer, occasion: Occasion, site: Site) -> Iterator[tuple[str, Run]]:
    yield "问题", run(answer.question, LONGEST_QUESTION, is_bold=True)
    understood = "；".join(f"{SLOTS[slot.name]}：{slot.label}" for slot in answer.understood)
    yield "理解为", run(understood, LONGEST_QUESTION)
    yield "效力按", Run(f"{in_words(answer.as_of)}")
    yield "成文", Run(f"{in_words(occasion.made)}，{PRODUCT}")
    if occasion.site and occasion.address:
        yield "网址", site.run(occasion.address)


def _lead(answer: Answer, site: Site) -> Iterator[Block]:
    if answer.lead:
        yield paragraph("section", "要点")
    for item in answer.lead:
        yield Paragraph("quote", _words(item))
        yield paragraph("place", *(rests(item, site) or place(item.citation, site)))


def _nothing(answer: Answer) -> Iterator[Block]:
    yield paragraph("section", "没有找到")
    yield paragraph("text", _NOTHING)
    if answer.nearly:
        yield paragraph("section", "最接近的几条（不一定相关）")


def _items(answer: Answer, site: Site) -> Iterator[Block]:
    """Every item under the heading of its section, with the number it has in the tables."""
    starts: dict[int, str] = {}
    at = 1
    for section in answer.sections:
        if section.items:
            starts[at] = section.label
        at += len(section.items)
    for number, item in answer.told():
        if number in starts:
            yield paragraph("section", starts[number])
        yield from _item(number, item, site)


def _item(number: int, item: Item, site: Site) -> Iterator[Block]:
    flag = "（别的行业或地区）" if item.is_elsewhere else ""
    yield paragraph("item", f"{number}. ", run(item.title, LONGEST_TITLE), flag)
    yield Paragraph("quote", _words(item))
    yield paragraph("place", *place(item.citation, site))
    if item.rests:
        yield paragraph("place", *rests(item, site))
    if item.twins:
        yield paragraph("place", *twins(item))
    if item.against:
        told = f"说法不一：另有 {len(item.against)} 处说得不同，见“说法不一的地方”。"
        yield paragraph("place", Run(told, is_bold=True))


def _words(item: Item) -> tuple[Run, ...]:
    """The quoted words with the decisive ones bold; words past the limit are left out visibly."""
    left, runs = LONGEST_QUOTE, []
    for piece, is_match in item.whole.parts:
        if left <= 0:
            runs.append(Run("……（以下略）"))
            break
        kept = plain(piece)
        runs.append(Run(kept[:left], is_match))
        left -= len(kept)
    return tuple(runs)


def _under(heading: str, table: Table | None) -> Iterator[Block]:
    """A heading with its table, or nothing at all."""
    if table is not None:
        yield paragraph("section", heading)
        yield table
