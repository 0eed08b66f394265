"""What a text says of itself: 自…起施行, 有效期五年, 由…解释."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cpkb.extract.terms import after_publication, ends_on, names_a_term
from cpkb.model.dates import DAY, find_date
from cpkb.model.passage import Passage

_STARTS = r"(?:施行|试行|实施|生效|执行)"
_MONTH = r"\d{4}\s*年\s*\d{1,2}\s*月"
_TAKES_EFFECT = re.compile(
    rf"(?:自|从|于)?\s*(?P<day>{DAY}|(?<=[自从])\s*{_MONTH})\s*(?:(?:零时|0时|零点)\s*)?(?:(?:起|之日起)\s*)?(?:(?:正式|开始|组织)\s*)?{_STARTS}(?!的)"
    rf"|(?:施行|实施|生效|执行)(?:日期|时间)(?:为|是|：|:)\s*(?P<date>{DAY})"
)
_ON_PUBLICATION = re.compile(r"自(?:公布|发布|印发|颁布)之日起(?:施行|实施|生效|执行)")
_SAYS_TERM_ONLY = re.compile(r"(?:本\S{1,8})?(?:的)?(?:有效期|试行期).{1,40}")
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
        at, day = takes_effect(sentence)
        if day and (_names_itself(sentence, at) or _is_of_the_head(sentence, heads)):
            return day
        if issued and _ITSELF.search(sentence) and (_ON_PUBLICATION.search(sentence) or names_a_term(sentence)):
            return after_publication(sentence, issued) or ("" if names_a_term(sentence) else issued)
    return ""


def takes_effect(sentence: str) -> tuple[int, str]:
    """(where the sentence names it, the day (ISO) on which a text takes effect); (0, '') when it names none."""
    match = _TAKES_EFFECT.search(sentence)
    said = (match["day"] or match["date"]).strip() if match else ""
    date = find_date(f"{said}1日" if said.endswith("月") else said)
    return (match.start(), date.isoformat()) if match and date else (0, "")


def counted_term(passages: Sequence[Passage]) -> str:
    """The sentence that has a text take effect a term after its publication (三十日后): its day is counted; ''."""
    return next((s for s in sentences(passages) if _ITSELF.search(s) and names_a_term(s)), "")


def last_of(passages: Sequence[Passage], effective: str) -> tuple[str, str]:
    """(first day (ISO) on which the text holds no longer, the sentence that says so) of its 有效期 or 试行期; ''."""
    bodies = [p for p in passages if p.kind == "article"] or [p for p in passages if p.kind != "table"]
    for sentence in sentences(reversed(bodies[-_LAST:])):
        is_of_itself = _ITSELF.search(sentence) and (takes_effect(sentence)[1] or _ON_PUBLICATION.search(sentence))
        if is_of_itself or names_a_term(sentence) or _SAYS_TERM_ONLY.fullmatch(sentence):
            day, is_said = ends_on(_BROKEN_TITLE.sub("《》", _ASIDE.sub("", sentence)), effective)
            if is_said and not (day and day <= effective):  # what ends as the text begins is another
                return day, sentence
    return "", ""


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
