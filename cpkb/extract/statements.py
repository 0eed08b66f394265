"""What a text says of itself and of others: 自…起施行, 同时废止, 代替, 修改, 贯彻."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cpkb.extract.heads import HYPHENS, STANDARD, standard_number
from cpkb.extract.titles import named
from cpkb.model.dates import find_date, find_dates
from cpkb.model.passage import Passage
from cpkb.model.record import Relation

_DATE = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|[二一][〇○零Ｏ一二三四五六七八九]{3}年[元一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_TAKES_EFFECT = re.compile(rf"(?:自|从|于)?\s*({_DATE})\s*(?:起)?\s*(?:正式)?\s*(?:施行|实施|生效|执行)")
_ON_PUBLICATION = re.compile(r"自(?:公布|发布|印发|颁布)之日起(?:施行|实施|生效|执行)")
_ITSELF = re.compile(
    r"本(?:法|条例|办法|规定|标准|细则|决定|规则|规范|指南|通知|解释|意见|名录|目录|技术政策|清单|准则|方案|导则)"
)
_EXPLAINED = re.compile(r"本(?:标准|规范|技术规范|导则|指南)由([\u4e00-\u9fff]{2,20}?)(?:负责)?解释")
_ENDS = re.compile(r"(?<=[。；\n])")
_REPEALS = re.compile(r"(?:同时|予以|即行|一并)废止|(?<=》)废止")
_BETWEEN = 60  # characters between listed titles: who passed each, and when
_NOT_LISTED = re.compile(r"[。；：]|根据|依照|按照|依据|违反|适用|执行|规定|第.{1,6}条")
_AMENDING = ("修正的", "修订的", "修改的")
"""After a title: it is the decision that amended the text named next, and stays."""
_ONLY_MENTIONED = re.compile(r"(?:根据|依照|按照|依据|违反|修改|关于|按)\s*$")
_AMENDS = re.compile(r"^(?:.{0,30})关于修改(.+)的决定$")
_CARRIES_OUT = re.compile(r"(?:贯彻|实施|落实|执行)")
_SAID = 120  # characters: what a relation quotes, shown beside it
_LAST = 12  # passages at the end where a text says when it takes effect
_VERSION = re.compile(r"通过|公布|发布|修正|修订|修改|颁布|批准")


def effective_date(passages: Sequence[Passage], issued: str) -> str:
    """When the text says it takes effect (ISO date): in its 题注 or 前言, else at its end; ''."""
    heads = [passage for passage in passages if passage.kind == "preface"]
    # Attachments follow the last article; it is there a law says when it takes effect.
    bodies = [p for p in passages if p.kind == "article"] or [p for p in passages if p.kind != "preface"]
    tails = bodies[-_LAST:]
    for sentence in _sentences([*heads, *reversed(tails)]):
        match = _TAKES_EFFECT.search(sentence)
        date = find_date(match[1]) if match else None
        if date and (_ITSELF.search(sentence) or _is_of_the_head(sentence, heads)):
            return date.isoformat()
        if issued and _ON_PUBLICATION.search(sentence) and _ITSELF.search(sentence):
            return issued
    return ""


def _is_of_the_head(sentence: str, heads: Sequence[Passage]) -> bool:
    """题注 speaks of the text without naming it: 2014年1月1日 施行."""
    return any(passage.locator.endswith("题注") and sentence in passage.text for passage in heads)


def version_date(passages: Sequence[Passage]) -> str:
    """The latest day the 题注 says the text was passed, published or amended (ISO); ''."""
    days = [
        day
        for passage in passages
        if passage.kind == "preface" and passage.locator.endswith("题注")
        for line in _sentences([passage])
        if _VERSION.search(line)
        for day in find_dates(_TAKES_EFFECT.sub("", line))
    ]
    return max(days).isoformat() if days else ""


def issuer_of(passages: Sequence[Passage]) -> str:
    """Who explains a standard is who issued it: 本标准由生态环境部解释; ''."""
    for passage in passages:
        if passage.kind == "preface" and (match := _EXPLAINED.search(passage.text)):
            return match[1]
    return ""


def _sentences(passages: Iterable[Passage]) -> list[str]:
    return [part.strip() for passage in passages for part in _ENDS.split(passage.text) if part.strip()]


def relations(title: str, passages: Sequence[Passage], effective: str, replaced: Sequence[str]) -> tuple[Relation, ...]:
    """Every relation the text states, in reading order, each once."""
    found = [Relation("replaces", number, effective, "封面", f"代替 {number}") for number in replaced]
    found += _of_title(title)
    for passage in passages:
        if passage.kind == "table":
            continue
        if "废止" in passage.text:
            found += _repeals(passage, effective)
        if passage.kind == "preface" and passage.locator != "封面" and "代替" in passage.text:
            found += _replaces(passage, effective, {relation.target for relation in found})
    return tuple(dict.fromkeys(found))


def _of_title(title: str) -> list[Relation]:
    if match := _AMENDS.match(title):
        return [Relation("amends", target, says=title) for target, _, _ in named(match[1])]
    return [
        Relation("implements", target, says=title)
        for target, start, _ in named(title)
        if _CARRIES_OUT.search(title[max(0, start - 12) : start])
    ]


def _repeals(passage: Passage, effective: str) -> list[Relation]:
    found, day = [], ""
    for sentence in _sentences([passage]):
        if (match := _TAKES_EFFECT.search(sentence)) and (date := find_date(match[1])):
            day = date.isoformat()
        for target in _repealed(sentence):
            place = passage.locator.partition("（续")[0]
            found.append(Relation("repeals", target, day or effective, place, sentence[:_SAID]))
    return found


def _repealed(sentence: str) -> list[str]:
    """The titles that stand directly before 同时废止, however many: 《A》、《B》（国务院令第1号）同时废止."""
    plain = _without_asides(sentence)
    match = _REPEALS.search(plain)
    titles: list[str] = []
    end = match.start() if match else 0
    for target, start, stop in reversed(named(plain[:end])):
        between = plain[stop:end]
        if len(between) > _BETWEEN or _NOT_LISTED.search(between) or _ONLY_MENTIONED.search(plain[:start]):
            break
        if not between.startswith(_AMENDING):
            titles.insert(0, target)
        end = start
    return titles


def _without_asides(sentence: str) -> str:
    """The sentence without what is in brackets, but for those inside titles: 《…办法（试行）》 is one name."""
    kept, in_title, in_aside = [], 0, 0
    for character in sentence:
        in_title += (character == "《") - (character == "》")
        in_aside += character in "（(〔" if in_title <= 0 else 0
        if not in_aside:
            kept.append(character)
        in_aside -= character in "）)〕" and in_aside > 0 if in_title <= 0 else 0
    return "".join(kept)


def _replaces(passage: Passage, effective: str, known: set[str]) -> list[Relation]:
    found = []
    for sentence in _sentences([passage]):
        _, said, after = sentence.translate(HYPHENS).partition("代替")
        for match in STANDARD.finditer(after) if said else ():
            number = standard_number(match[0])
            if number not in known:
                found.append(Relation("replaces", number, effective, passage.locator, sentence[:_SAID]))
                known.add(number)
    return found
