"""题注: who passed, approved, published and amended a text, when, and under which number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cpkb.model.dates import DATE, find_date

_COUNTED = r"[一二三四五六七八九十百零〇○\d]{1,7}"
_VERB = re.compile(r"(通过|批准|公布|发布|颁布|修正|修订|修改|施行|实施|生效|执行)(?!的)")
_AMENDED = ("修正", "修订", "修改")
_PUBLISHED = ("公布", "发布", "颁布")
_STARTED = ("施行", "实施", "生效", "执行")
_BEFORE_A_START = ("", "起", "正式", "起正式", "起开始")
_TITLE_MARK = "书"  # stands for 《…》: the title of a decision may hold dates, verbs and bodies of its own
_CONGRESS = re.compile(rf"第{_COUNTED}届(全国)?(?:人民代表大会|人大)(常务委员会|常委会)?")
_ORDER = re.compile(rf"(\S{{2,60}}?)令\s*第?\s*({_COUNTED})\s*号")
_ANNOUNCED = re.compile(rf"^(.{{4,60}}?公告)\s*第?\s*({_COUNTED})\s*号")
_COURTS = ("最高人民法院", "最高人民检察院")
_BODY = re.compile(
    r"[\u4e00-\u9fff、]{0,50}(?:部|局|院|委员会|署|厅|人民政府|银行|人民代表大会|办公室|国务院|最高人民法院|最高人民检察院)"
)
_NOT_A_BODY = re.compile(r"(?:第|届|会议|根据|关于|决定|主席)")
_NUMBER_ALONE = re.compile(r"[（(]?(\S{1,10}[〔\[（【]\d{4}[〕\]）】]\s*(?:第\s*)?\d{1,5}\s*号)[）)]?")
_LEADING = re.compile(r"^(?:根据|自|由|经|并|以|、|\s)+")
_ENDS_AN_ACT = re.compile(r"[。；，）)]")
_DAY = re.compile(rf"{DATE}|\d{{4}}年\d{{1,2}}月\d{{1,2}}(?=[\u4e00-\u9fff])")
_NATION = "中华人民共和国"
_STATE_COUNCIL = re.compile(r"国务院(?:$|第|常务|全体|同意)")
_STARTS = re.compile(
    rf"[（(]?\s*(?:根据|自|于|经)?\s*{DATE}|[（(][^）)。]{{0,80}}{DATE}|.{{0,80}}(?:》已[于经]|本?文件于)\s*{DATE}"
)
_SPILLS = 3  # lines one statement may be broken in


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a text's making: 2021年1月24日 国务院令第736号 公布."""

    day: dt.date
    verb: str
    by: str = ""
    number: str = ""
    by_decision: bool = False
    """A decision with a title of its own did it: 《关于修改…的决定》修正."""

    @property
    def is_amending(self) -> bool:
        """Whether it changed some of a text that was there before."""
        return self.verb in _AMENDED and not self.is_rewriting

    @property
    def is_rewriting(self) -> bool:
        """Whether it made the whole text anew (修订), which then is published and takes effect anew."""
        return self.verb == "修订" and not self.by_decision


@dataclass(frozen=True, slots=True)
class Enactment:
    """How a text came to be, act after act."""

    acts: tuple[Act, ...] = ()
    number_alone: str = ""
    """A number on a line of its own (法释〔2016〕29号)."""
    effective: str = ""
    """The day it takes effect, where a line tells it (ISO)."""

    @property
    def issued(self) -> str:
        """The day of this version: the latest act (ISO); ''."""
        return max((act.day for act in self.acts), default=dt.date.min).isoformat() if self.acts else ""

    @property
    def first_issued(self) -> str:
        """The day of the first version, or of the last that was written anew, without its amendments (ISO); ''."""
        start = max((at for at, act in enumerate(self.acts) if act.is_rewriting), default=0)
        made = list(takewhile(lambda act: not act.is_amending, self.acts[start:]))
        # 通过 for the second time is the first step of an amendment that is told in two lines.
        again = [at for at, act in enumerate(made) if at and act.verb == "通过"]
        made = made[: again[0]] if again else made
        return max(act.day for act in made).isoformat() if made else ""

    @property
    def issuer(self) -> str:
        """The congress that passed it, else who published it, else who passed or rewrote it; ''."""
        passed = [act.by for act in self.acts if act.verb == "通过" and act.by]
        published = [act.by for act in self.acts if act.verb in _PUBLISHED and act.by]
        rewritten = [act.by for act in self.acts if act.verb == "修订" and act.by]
        congress = [by for by in passed if "人民代表大会" in by]
        return next(iter([*congress, *published, *passed, *rewritten]), "")

    @property
    def number(self) -> str:
        """The number it was last published under (国务院令第736号); ''."""
        published = [act.number for act in self.acts if act.verb in _PUBLISHED and act.number]
        return published[-1] if published else self.number_alone


def enactment(lines: Iterable[str]) -> Enactment:
    """The acts the lines before a text's first article tell, in order; lines that tell none are passed over."""
    lines = [line.strip() for line in lines]
    alone = [match[1] for line in lines if (match := _NUMBER_ALONE.fullmatch("".join(line.split())))]
    told = [act for statement in _statements(lines) for act in _acts(_without_titles(statement))]
    starts = [act.day.isoformat() for act in told if act.verb in _STARTED]
    acts = tuple(act for act in told if act.verb not in _STARTED)
    return Enactment(acts, alone[0] if alone else "", starts[-1] if starts else "")


def _statements(lines: Sequence[str]) -> list[str]:
    """The lines that start with a day, each with those it spills over to."""
    found: list[str] = []
    spilt = _SPILLS
    for line in lines:
        if _STARTS.match(line) and not (found and _lacks_a_verb(found[-1])):
            found.append(line)
            spilt = 0
        elif found and spilt < _SPILLS and _is_unfinished(found[-1]):
            found[-1] += f"\n{line}"
            spilt += 1
    return found


def _is_unfinished(statement: str) -> bool:
    return statement.count("《") > statement.count("》") or _lacks_a_verb(statement)


def _lacks_a_verb(statement: str) -> bool:
    tail = _DAY.split(_without_titles(statement))[-1]
    return not (_VERB.search(tail) or _TITLE_MARK in tail)


def _acts(plain: str) -> list[Act]:
    """The acts of one statement; a day without a verb belongs to the next: 2月1日甲会议、2月5日乙会议通过."""
    starts = [*_DAY.finditer(plain)]
    ends = [match.start() for match in starts[1:]] + [len(plain)]
    acts: list[Act] = []
    days: list[dt.date] = []
    bodies: list[str] = []
    for match, end in zip(starts, ends, strict=True):
        said = _LEADING.sub("", _ENDS_AN_ACT.split(plain[match.end() : end])[0])
        found, day = _VERB.search(said), find_date(match[0])
        verb = found[1] if found else "修正" if _TITLE_MARK in said else ""
        by, number = _who(said[: found.start()] if found else said)
        days += [day] if day else []
        bodies += [by] if by and not said.rstrip().endswith("的") else []
        if not verb:
            continue
        if days and (verb not in _STARTED or said[: found.start() if found else 0].strip() in _BEFORE_A_START):
            acts.append(Act(max(days), verb, "、".join(dict.fromkeys(bodies)), number, _TITLE_MARK in said))
        days, bodies = [], []
    return acts


def _without_titles(text: str) -> str:
    """The text with one mark for each 《…》, also for one that is broken in lines or holds others."""
    kept, depth = [], 0
    for character in text:
        depth += character == "《"
        if not depth:
            kept.append(character)
        elif character == "》":
            depth -= 1
            kept.append("" if depth else _TITLE_MARK)
    return "".join(kept)


def _who(said: str) -> tuple[str, str]:
    """(who acts, number of the order or announcement) of what stands between a day and its verb."""
    parts = said.replace(_NATION, "").split()
    words = "、".join(parts) if all(_BODY.fullmatch(part.split("令")[0]) for part in parts) else "".join(parts)
    if match := _ORDER.match(words):
        is_body = _BODY.fullmatch(match[1]) and "主席" not in match[1]
        return (match[1] if is_body else ""), f"{match[1]}令第{match[2]}号"
    announced = _ANNOUNCED.match(words)
    number = f"{announced[1]}第{announced[2]}号" if announced else ""
    words = words.partition("公告")[0]
    if match := _CONGRESS.search(words):
        place = words[: match.start()] + (match[1] or "")
        standing = "常务委员会" if match[2] else ""
        return (f"{place}人民代表大会{standing}" if _is_place(place) else ""), number
    courts = "、".join(court for court in _COURTS if court in words)
    if courts or _STATE_COUNCIL.match(words):
        return courts or "国务院", number
    return (words if _BODY.fullmatch(words) and not _NOT_A_BODY.search(words) else ""), number


def _is_place(words: str) -> bool:
    return words == "全国" or (len(words) > 2 and words.endswith(("省", "市", "自治区", "自治州", "县", "区", "旗")))
