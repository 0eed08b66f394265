"""The head of a text: a standard's cover (number, dates, issuer) and a notice's heading lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cpkb.extract.extractor import Block
from cpkb.extract.marks import article, outline, part
from cpkb.extract.titles import is_draft_mark
from cpkb.model.dates import find_date

HYPHENS = str.maketrans(dict.fromkeys("－–⁃‐‑−─―", "-"))
STANDARD = re.compile(
    r"(?<![A-Za-z])((?:GB|HJ|DB|YS|CJ|SH|QB|FZ|HG|JB|YB|NY|SL|DL|AQ)\s*/?\s*(?:[TZ]\b|\d{2}(?=/))?\s*/?\s*"
    r"(?:T\s*)?\d{1,5}(?:\.\d{1,2})?)\s*[-—]{1,2}\s*((?:19|20)\d{2}|\d{2})(?!\d)"
)
"""GB 37824—2019, HJ/T 393-2007, DB 44/2367-2022: (code and number), (year)."""
_DATED = re.compile(r"发布|实施")
_REPLACES = re.compile(r"(?:部分)?代替")
_SPACE = re.compile(r"\s+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ISSUED = re.compile(r"(\d{4}\s*-\s*\d{1,2}\s*-\s*\d{1,2})\s*发布")
_EFFECTIVE = re.compile(r"(\d{4}\s*-\s*\d{1,2}\s*-\s*\d{1,2})\s*(?:实施|施行)")
_ISSUER = re.compile(r"([\u4e00-\u9fff、]{2,60}?(?:部|局|委员会|人民政府|厅|院|署))(?:(?:联合)?发布)?$")
_NUMBER = re.compile(
    r"[（(]?([^\s（(]{1,12}[〔\[（【]\d{4}[〕\]）】]\s*(?:第\s*)?\d{1,5}\s*号|\S{0,14}令\s*第?\s*\d{1,4}\s*号)[）)]?$"
)
_SERIES = re.compile(r"(?:中华人民共和国)?((?!.*关于)\S{2,40}?)(?:令|公告)")
"""The first line of an order or announcement, its number in the next: 示例部公告 / 2026年第7号. With 关于: a title."""
_COUNTED = re.compile(r"(?:\d{4}年)?第?\d{1,5}号")
_PROMULGATES = re.compile(r"《([^《》]{4,60})》(?:已|业)[经于].{4,80}(?:公布|发布|颁布)")
_ATTACHMENT = re.compile(r"附[件表录]?\d{0,2}[:：]?")
_LETTERHEAD = re.compile(r"(\S{3,40})文件$")
_SALUTATION = re.compile(r"(?:各|.{0,40}[省市县区局厅部委院司]).{0,120}[：:]$")
_ENDS_A_TITLE = re.compile(
    r"(?:意见|通知|办法|规定|方案|决定|批复|公告|通告|函|细则|规划|计划|条例|法|决议|通报|名录|目录|清单|技术政策"
    r"|指南|规范|标准|导则)(?:[（(].{1,16}[）)])?$"
)
_EDITION = re.compile(r"[（(](?:\d{4}年?(?:版|本|修订|修正).{0,6}|试行|暂行|第.{1,3}批)[）)]$")
_NAMES_A_STANDARD = ("指南", "规范", "标准", "导则", "要求", "方法", "技术政策", "目录", "名录")
_NOT_A_TITLE = re.compile(
    r"^(?:中华人民共和国.*标准|.*环境保护行业标准|.{2,8}地方标准|ICS.*|.*发布稿.*|.*电子版.*|[A-Z]\d+|备案号.*|代替.*)$"
)
_PREAMBLE = 40  # blocks: the longest 题注 tells of fourteen amendments
_HEAD_LENGTH = 8  # paragraphs a notice's head is looked for in


@dataclass(slots=True)
class Head:
    """What a head says; ``used`` first blocks spell only this."""

    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    used: int = 0


def standard_number(text: str) -> str:
    """The first standard number in the text, written as HJ 1306—2023; ''."""
    match = STANDARD.search(text.translate(HYPHENS))
    return _written(match) if match else ""


def _written(match: re.Match[str]) -> str:
    code = _SPACE.sub("", match[1])
    code = re.sub(r"^([A-Z]{2}(?:/[TZ])?)(?=\d)|^(DB)(?=\d)", lambda m: f"{m[0]} ", code, count=1)
    return f"{code}—{match[2]}"


def cover(lines: Sequence[str]) -> Head:
    """The cover of a standard: number, title, what it replaces, 发布 and 实施 dates, issuer."""
    head = Head()
    plain = [line.translate(HYPHENS) for line in lines]
    squeezed = [_SPACE.sub("", line) for line in plain]
    own = [line for line in plain if not _REPLACES.search(line)]
    if number := standard_number("\n".join(own)):
        head.facts["number"] = number
    replaced = [line for line in plain if _REPLACES.search(line)]
    head.replaces = tuple(_written(match) for line in replaced for match in STANDARD.finditer(line))
    whole = "\n".join(plain)
    for name, pattern in (("issued", _ISSUED), ("effective", _EFFECTIVE)):
        if (match := pattern.search(whole)) and (date := find_date(match[1])):
            head.facts[name] = date.isoformat()
    if issuers := _issuers(squeezed):
        head.facts["issuer"] = "、".join(issuers)
    head.title = _cover_title(squeezed)
    return head


def _issuers(squeezed: Sequence[str]) -> list[str]:
    """The bodies under the dates of a cover, 发布 beside or between them; a stray figure in a name is dropped."""
    dated = next((at for at, line in enumerate(squeezed) if _DATED.search(line) and re.search(r"\d{4}", line)), None)
    below = squeezed[dated + 1 :] if dated is not None else [line for line in squeezed if line.endswith("发布")]
    found = [match[1] for line in below if (match := _ISSUER.fullmatch(re.sub(r"\d", "", line)))]
    return list(dict.fromkeys(found))


def before_text(blocks: Sequence[Block]) -> list[str]:
    """The lines before the first numbered part of a text: what is said of its making stands there."""
    numbered = (at for at, block in enumerate(blocks) if _is_numbered(block.text))
    return [block.text for block in blocks[: next(numbered, _PREAMBLE)][:_PREAMBLE]]


def _is_numbered(text: str) -> bool:
    return bool(part(text) or article(text, 0) or outline(text))


def _cover_title(squeezed: list[str]) -> str:
    """The Chinese lines before the English title (or before the dates), joined as one title."""
    end = next((at for at, line in enumerate(squeezed) if at and _is_latin(line)), len(squeezed))
    title = ""
    for line in squeezed[:end]:
        if not _CHINESE.search(line) or _NOT_A_TITLE.match(line) or _DATED.search(line):
            continue
        is_whole = title.endswith(_NAMES_A_STANDARD) and not line.startswith(("（", "("))
        title = f"{title}　{line}" if is_whole and line not in _NAMES_A_STANDARD else title + line
    return title


def _is_latin(line: str) -> bool:
    return len(line) > 15 and not _CHINESE.search(line) and line[0].isalpha()


def notice(blocks: Sequence[Block]) -> Head:
    """The head of a notice: XX文件, its number, its title (of one or more lines), before 各…：."""
    head, title = Head(), []
    for at, block in enumerate(blocks[:_HEAD_LENGTH]):
        text = block.text.strip()
        squeezed = _SPACE.sub("", text)
        if part(text) or outline(text):
            break  # 第一章 一般规定 and 一、相关法律规定 end like a title, but the text has begun
        if at == 0 and _ATTACHMENT.fullmatch(squeezed):
            pass  # the file is an attachment, its title follows
        elif head.title and (_EDITION.fullmatch(squeezed) or is_draft_mark(squeezed)):
            head.title += squeezed
        elif found := _stated(squeezed, blocks[at + 1 : at + 2], head.facts.pop("series", "")):
            head.facts |= found
        elif not head.title and (match := _PROMULGATES.match(squeezed)):
            head.title, head.used = match[1], at
            break
        elif len(squeezed) <= 60 and "。" not in squeezed and not _SALUTATION.match(squeezed) and not head.title:
            title.append(squeezed)
            if _ENDS_A_TITLE.search(squeezed):
                head.title, head.used = "".join(title), at + 1
        else:
            break
        if head.title or not title:
            head.used = at + 1
    head.title = head.title or _announcement(head)
    return head if head.title or head.facts else Head()


def _stated(squeezed: str, following: Sequence[Block], series: str) -> dict[str, str]:
    """What a line says of issuer and number: a number may be parted, what it counts in and its figure below."""
    if match := _LETTERHEAD.fullmatch(squeezed):
        return {"issuer": match[1]}
    if match := _NUMBER.fullmatch(squeezed):
        return {"number": match[1]}
    if series and _COUNTED.fullmatch(squeezed):
        return {"number": series + squeezed}
    is_followed = any(_COUNTED.fullmatch(_SPACE.sub("", block.text)) for block in following)
    match = _SERIES.fullmatch(squeezed) if is_followed else None
    if match and match[1].endswith("主席"):  # who signs a law has not issued it
        return {"series": squeezed}
    return {"issuer": match[1], "series": squeezed} if match else {}


def _announcement(head: Head) -> str:
    """What an announcement without a title of its own is called: by its number."""
    number = head.facts.get("number", "")
    return number if "公告" in number else ""
