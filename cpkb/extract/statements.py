"""What a text says of itself: 自…起施行, 由…解释."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cpkb.model.dates import DATE, find_date
from cpkb.model.passage import Passage

TAKES_EFFECT = re.compile(rf"(?:自|从|于)?\s*({DATE})\s*(?:起)?\s*(?:正式)?\s*(?:施行|实施|生效|执行)")
_ON_PUBLICATION = re.compile(r"自(?:公布|发布|印发|颁布)之日起(?:施行|实施|生效|执行)")
_ITSELF = re.compile(
    r"本(?:法|条例|办法|规定|标准|细则|决定|规则|规范|指南|通知|解释|意见|名录|目录|技术政策|清单|准则|方案|导则)"
)
_EXPLAINED = re.compile(r"本(?:标准|规范|技术规范|导则|指南)由([\u4e00-\u9fff]{2,20}?)(?:负责)?解释")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_BROKEN_TITLE = re.compile(r"《[^》]{1,200}》")
_ENDS = re.compile(r"(?<=[。；\n])")
_LAST = 12  # passages at the end where a text says when it takes effect


def effective_date(passages: Sequence[Passage], issued: str) -> str:
    """When the text says it takes effect (ISO date): in its 题注 or 前言, else at its end; ''."""
    heads = [passage for passage in passages if passage.kind == "preface"]
    # Attachments follow the last article; it is there a law says when it takes effect.
    bodies = [p for p in passages if p.kind == "article"] or [p for p in passages if p.kind != "preface"]
    tails = bodies[-_LAST:]
    for sentence in sentences([*heads, *reversed(tails)]):
        match = TAKES_EFFECT.search(sentence)
        date = find_date(match[1]) if match else None
        if match and date and (_names_itself(sentence, match.start()) or _is_of_the_head(sentence, heads)):
            return date.isoformat()
        if issued and _ON_PUBLICATION.search(sentence) and _ITSELF.search(sentence):
            return issued
    return ""


def _names_itself(sentence: str, day: int) -> bool:
    """Whether 本法 is what takes effect on the day: no other text is named between them."""
    named_last = [match.end() for match in _ITSELF.finditer(sentence[:day])]
    return bool(named_last) and "》" not in _ASIDE.sub("", sentence[named_last[-1] : day])


def _is_of_the_head(sentence: str, heads: Sequence[Passage]) -> bool:
    """题注 speaks of the text without naming it: 2014年1月1日 施行."""
    return any(passage.locator.endswith("题注") and sentence in passage.text for passage in heads)


def issuer_of(passages: Sequence[Passage]) -> str:
    """Who explains a standard is who issued it: 本标准由生态环境部解释; ''."""
    for passage in passages:
        if passage.kind == "preface" and (match := _EXPLAINED.search(passage.text)):
            return match[1]
    return ""


def sentences(passages: Iterable[Passage]) -> list[str]:
    """The sentences of the passages in order; a title broken in lines is put together."""
    texts = (_BROKEN_TITLE.sub(lambda match: match[0].replace("\n", ""), passage.text) for passage in passages)
    return [part.strip() for text in texts for part in _ENDS.split(text) if part.strip()]
