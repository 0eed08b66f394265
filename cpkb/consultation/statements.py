"""Statements (陈述): what a passage says that may be told alone, clause by clause, with what must not be left out.

A statement is told from its beginning, and whole: a clause that is left out may be the condition of a figure, the day
it holds from, or an exception. Only a further duty may be left out beside a duty, and the items of a list that hold one
by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from cpkb.consultation.wording import DUTY, LEAVE, VALUE, Sign, Wording
from cpkb.model.answer import Item
from cpkb.model.passage import Passage

LIMITING = re.compile(
    r"^(?:但|不过|然而)|除外|不适用|不在此限|可以?不|不受|豁免|免予|免于|另有规定|例外|暂缓|不包括|不含"
    r"|(?<!违反)(?:前款|上述)(?:规定)?[^。]{0,20}(?:不|免|可以)"
)
"""A sentence that takes back or narrows what stands before it."""
_ALL_OF = re.compile(r"同时|均|全部|所有|各项|下列条件|以下条件|分别|依次|步骤|除|仅|只|不|未")
"""A head of a list whose items hold only together."""
_LEANS = re.compile(r"^(?:该|其|此|这|上述|前述|可|能|应|宜|须|需|适用)")
"""A sentence that speaks of what the one before it names."""
_NARROWS = re.compile(
    r"但|(?<![去清拆脱])除(?![尘油锈臭磷氮铁])|不|未|无(?!机|组织)|(?<!是)非(?!甲烷)|没|免|例外|以外|仅|只|限于|条件|情况|情形"
    r"|前提|下列|否则|然而|却|需|如果|若|(?<!应)当(?!地)|方可|或|[(（]|的$|时$"
)
"""In a further duty that is left out: what would have narrowed what is told."""
_BANS = re.compile("不得|不准|不许")
_NUMBERING = re.compile(r"^\s*(?:[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十\d]+[)）、])\s*")
_PARTS = re.compile(r"[^，,；;：:]+[，,；;：:]*")
_GOES_ON = re.compile(r"[。！？!?：:；;，,、]\s*$")
_SENTENCES = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_LIST = re.compile(r"^([^。；;]*?[：:])(.*[；;].*)$", re.DOTALL)
_AND = frozenset("并还也且")
OF_RECORDS = ("record", "row")
"""Kinds of passages that are made of the fields of a record."""
_LIMIT_NAMES = ("", "限值", "排放限值")
"""What follows the name of a pollutant where its limit is told."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence between commas."""

    text: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Clauses that are told together, from the first on."""

    clauses: tuple[Clause, ...]
    is_whole: bool = False
    """Nothing of it may be left out."""

    @property
    def signs(self) -> tuple[Sign, ...]:
        """All signs."""
        return tuple(sign for clause in self.clauses for sign in clause.signs)

    def tellings(self) -> Iterator[tuple[Sign, ...]]:
        """Every way in which it may be told."""
        yield self.signs
        for end in range(1, len(self.clauses)):
            if not self.is_whole and _may_end(self.clauses[:end], self.clauses[end:]):
                yield tuple(sign for clause in self.clauses[:end] for sign in clause.signs)


def statements_of(item: Item, passage: Passage, wording: Wording) -> list[Statement]:
    """What a passage says, each statement with the later sentence that limits it."""
    found: list[Statement] = []
    for block in _blocks(item, passage):
        texts = [match[0].strip() for match in _SENTENCES.finditer(_joined(block, passage)) if match[0].strip()]
        limits = [at for at, text in enumerate(texts) if at and LIMITING.search(text)]
        for at, text in enumerate(texts):
            if at in limits or (_LEANS.match(text) and not _is_named(texts[:at], passage)):
                continue
            limiting = "，".join(texts[later].rstrip("。") for later in limits if later > at)
            whole = f"{text.rstrip('。')}，{limiting}" if limiting else text
            found += _read(whole, wording, is_whole=bool(limiting) or passage.kind == "table")
    figures = _figures(item, wording) if passage.kind in OF_RECORDS else ()
    return [statement for statement in (*found, *figures) if statement.clauses]


def _is_named(before: Sequence[str], passage: Passage) -> bool:
    """Whether a sentence that leans on another leans on what the passage is about, not on something further down."""
    return passage.kind in OF_RECORDS or all(_LEANS.match(text) for text in before[1:])


def _blocks(item: Item, passage: Passage) -> Iterator[str]:
    """The pieces that are read by themselves: of a record its fields, with and without what they are called."""
    if passage.kind not in OF_RECORDS:
        yield passage.text.removeprefix(passage.locator)
        return
    for line in passage.text.removeprefix(item.title).splitlines():
        label, _, value = line.partition("：")
        yield line
        if label and value.rstrip().endswith("。"):
            yield value


def _joined(text: str, passage: Passage) -> str:
    """The text with a sentence on one line, though it was wrapped or its items begin lines; a heading stays alone."""
    if passage.kind in (*OF_RECORDS, "table"):
        return text
    head, mark, rest = text.strip().partition("\n")
    is_heading = passage.kind != "article" and bool(mark) and not _GOES_ON.search(head)
    wrapped = rest if is_heading else text.strip()
    joined = re.sub(r"(?<![。！？!?])\s*\n", "", wrapped)
    return f"{head}\n{joined}" if is_heading else joined


def _read(text: str, wording: Wording, *, is_whole: bool) -> Iterator[Statement]:
    """A sentence as a statement; of a list also its head with each item, where the items hold one by one."""
    listed = _LIST.match(text)
    head, items = (listed[1], re.split("[；;]", listed[2].rstrip("。；;"))) if listed else ("", [])
    is_free = all(_NUMBERING.match(item) and not LIMITING.search(_NUMBERING.sub("", item)) for item in items)
    holds_together = is_whole or not is_free or bool(_ALL_OF.search(head))
    yield Statement(_clauses(text, wording), holds_together)
    for item in items if not holds_together else ():
        yield Statement(_clauses(head + _NUMBERING.sub("", item), wording))


def _clauses(text: str, wording: Wording) -> tuple[Clause, ...]:
    """The parts of a sentence; signs are read in the whole, for two ends of one band may stand in two parts."""
    signs, found = wording.signs(text), []
    for part in _PARTS.finditer(text):
        own = tuple(sign for sign in signs if part.start() <= sign.start < part.end())
        found.append(Clause(part[0].rstrip("，,；;：:。 \n").strip(), own))
    return tuple(clause for clause in found if clause.signs)


def _figures(item: Item, wording: Wording) -> Iterator[Statement]:
    """The figures of an item, the condition before or after the value; never without it."""
    names = _LIMIT_NAMES if item.collection == "limit" else ("",)
    for figure, name in product(item.figures, names):
        told = f"{figure.name}{name}"
        for parts in ((told, figure.value, figure.condition), (figure.condition, told, figure.value)):
            text = "，".join(part for part in parts if part)
            yield Statement((Clause(text, tuple(wording.signs(text))),), is_whole=True)


def _may_end(told: Sequence[Clause], left: Sequence[Clause]) -> bool:
    """Whether clauses hold a duty, and what is left out only adds further duties."""
    text = "".join(clause.text for clause in told)
    is_whole = all(text.count(begin) == text.count(end) for begin, end in ("（）", "()", "“”", "《》"))
    return is_whole and not DUTY.isdisjoint(sign.key for sign in told[-1].signs) and all(map(_only_adds, left))


def _only_adds(clause: Clause) -> bool:
    """Whether a clause is one more duty (并报告, 不得瞒报) that narrows nothing and sets no day or size."""
    first = clause.signs[0].key
    sets = any(sign.kind == VALUE or sign.key in LEAVE for sign in clause.signs)
    return (first in _AND or first in DUTY) and not sets and not _NARROWS.search(_BANS.sub("", clause.text))
