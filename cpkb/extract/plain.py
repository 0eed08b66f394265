"""Plain text files: paragraphs restored from wrapped lines, the repository's data line, and a second text (草案稿)."""

from __future__ import annotations

import re
from collections import Counter

from cpkb.extract.extractor import Block, Draft
from cpkb.extract.text import decode
from cpkb.model.dates import find_dates
from cpkb.model.numerals import NUMERAL

_LABELS = {
    "发文机构": "issuer",
    "发文机关": "issuer",
    "发布机构": "issuer",
    "发布时间": "issued",
    "发布日期": "issued",
    "成文日期": "issued",
    "发文字号": "number",
    "来源": "address",
}
_OTHER_LABELS = ("政策类型", "政策层级", "关键字", "关键词", "索引号", "主题分类")
_LABEL = re.compile(rf"({'|'.join((*_LABELS, *_OTHER_LABELS))})：")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARK = rf"(?:{_NUMERAL}、|（{_NUMERAL}）)"
_NUMBER = r"\S{1,12}[〔\[（【]\d{4}[〕\]）】]\d{1,5}号"
_DATE = r"[二一][〇○零Ｏ\u4e00-\u9fff]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
_KIND_OF_TEXT = r"(?:意见|通知|办法|规定|方案|决定|细则|规划|计划|批复|公告|通告)"
_BREAKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(（共印\d{1,6}份）)[ \u3000]*",
        r"()[ \u3000]+(?=(?:主题词|抄送)[:：])",
        rf"()[ \u3000]+(?={_MARK})",
        rf"^(\s*{_MARK}[^ \u3000。；：，]{{2,25}})[ \u3000]+",  # a heading and, after a space, its text
        rf"^({_NUMBER})[ \u3000]+",
        rf"^({_DATE})[ \u3000]+",
        rf"^(关于[^。；，]{{4,70}}?{_KIND_OF_TEXT})[ \u3000]+",
        r"(：)[ \u3000]+",
    )
)
_CHINESE = r"[\u3007\u25cb\u4e00-\u9fff，。、；：？！（）《》〈〉“”‘’]"
_WRAP = re.compile(rf"(?<={_CHINESE})[ \u3000]+(?={_CHINESE}|\d)|(?<=\d)[ \u3000]+(?=[年月日])")
_ARTICLE = re.compile(rf"(第[{NUMERAL}]{{1,9}}条(?:之[{NUMERAL}]{{1,3}})?)[ \u3000]+")
"""The blank after an article's number tells it from a mention (第三条规定)."""
_SENTENCE = re.compile(r"[，。；：]")
_PRINTED = re.compile(r"(?:印发|共印\d{1,6}份）?)$")
_TITLE = re.compile(rf"关于.{{4,80}}{_KIND_OF_TEXT}$")
_SPACES = re.compile(r"[ \t\u3000\xa0]{2,}")
_SPACE = re.compile(r"\s+")
_LINE_END = "。；：！？…”）"
_SHORTEST_WIDTH = 20  # characters: a narrower column is a list of short lines, not wrapped text


class PlainExtractor:
    """Reads .txt files."""

    suffixes = (".txt", ".text")

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft, or two when an earlier text of the same title follows the printing line (印发)."""
        title, facts, body = _split_data_line(decode(data, name).strip("\n"))
        blocks = tuple(Block(line) for line in _paragraphs(body))
        at = _second_text(blocks)
        if at is None:
            return [Draft(blocks, title=title, facts=facts)]
        first = Draft(blocks[:at], title=title, facts=facts)
        return [first, _second(blocks[at:], first)]


def _split_data_line(text: str) -> tuple[str, dict[str, str], str]:
    """(title, facts, the rest): repositories put “title 发文机构：… 发布时间：…” before the text."""
    line, _, rest = text.partition("\n")
    labels = list(_LABEL.finditer(line))
    if len(labels) < 2:
        return "", {}, text
    ends = [match.start() for match in labels[1:]] + [len(line)]
    facts: dict[str, str] = {}
    remains = ""
    for match, end in zip(labels, ends, strict=True):
        value = line[match.end() : end].strip()
        if end == len(line):  # the last value ends at its first space, the text begins there
            value, _, remains = value.partition(" ")
        if match[1] in _LABELS and value:
            facts.setdefault(_LABELS[match[1]], value)
    return line[: labels[0].start()].strip(), facts, f"{remains}\n{rest}"


def _paragraphs(text: str) -> list[str]:
    lines = _unwrapped([_SPACES.sub("  ", line).rstrip() for line in text.split("\n")])
    for pattern in _BREAKS:
        lines = [piece for line in lines for piece in pattern.sub(r"\1\n", line).split("\n")]
    return [_joined(line) for line in lines if line.strip()]


def _joined(line: str) -> str:
    """The line without the spaces that wrapping left; a signature (no punctuation) keeps what parts its names."""
    line = line.strip()
    if match := _ARTICLE.match(line):
        return f"{match[1]}\u3000{_WRAP.sub('', line[match.end() :])}"
    return _WRAP.sub("", line) if _SENTENCE.search(line) else line


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines of a text wrapped at a fixed width joined to paragraphs; other texts as they are."""
    lengths = Counter(len(line) for line in lines if len(line) >= _SHORTEST_WIDTH)
    width, full = lengths.most_common(1)[0] if lengths else (0, 0)
    if full < 5 or full < 0.3 * len([line for line in lines if line.strip()]):
        return lines
    joined: list[str] = []
    continues = False
    for line in lines:
        if continues and line and line[0] not in " \u3000\t":
            joined[-1] += line
        else:
            joined.append(line)
        continues = len(line) >= width - 1 and line[-1] not in _LINE_END
    return joined


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)


def _second_text(blocks: tuple[Block, ...]) -> int | None:
    """Where a title of the file is met again after a printing line (…印发, 共印2000份)."""
    seen: set[str] = set()
    printed = False
    for at, block in enumerate(blocks):
        text = _squeezed(block.text)
        if printed and _TITLE.fullmatch(text) and text in seen:
            return at
        seen.add(text)
        printed = printed or bool(_PRINTED.search(text))
    return None


def _second(blocks: tuple[Block, ...], first: Draft) -> Draft:
    """The text after the printing line: a draft (草案稿) when its own signature is older than the first text."""
    title = _squeezed(blocks[0].text)
    facts = {}
    dates = find_dates(blocks[-1].text)
    if dates:
        facts["issued"] = dates[-1].isoformat()
    issued = find_dates(first.facts.get("issued", "")) or find_dates(first.blocks[0].text)
    if dates and issued and dates[-1] < issued[0]:
        facts |= {"status": "draft", "draft_of": first.title or title}
    return Draft(blocks, title=title, facts=facts, key=facts.get("issued", "2"))
