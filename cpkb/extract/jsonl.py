"""JSON lines of laws (一行一部): {id, title, date, category, region, info, text}, one draft a line."""

from __future__ import annotations

import json
import re

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.markdown import heading_of
from cpkb.extract.text import decode
from cpkb.model.field_types import PROVINCES

KINDS = {
    "宪法": "law",
    "宪法相关法": "law",
    "民法典": "law",
    "民法商法": "law",
    "行政法": "law",
    "经济法": "law",
    "社会法": "law",
    "刑法": "law",
    "诉讼与非诉讼程序法": "law",
    "行政法规": "administrative_regulation",
    "地方性法规": "local_regulation",
    "司法解释": "judicial_interpretation",
    "部门规章": "rule",
    "其他": "other",
}
"""Category of the collection at flk.npc.gov.cn → kind of a policy record."""
_WANTED = {"id", "title", "date", "category", "region", "info", "text"}
_NATIONAL = "国家"
_ORDER = re.compile(r"(国务院令)?第([0-9]+|[一二三四五六七八九十百]+)号")
_NOT_OWN_NUMBER = re.compile(r"修订|修正|修改|废止")


class JsonLinesExtractor:
    """Reads a .jsonl file of laws. A broken line becomes a problem with its number; the others are read."""

    suffixes = (".jsonl",)

    def read(self, data: bytes, name: str) -> list[Draft]:
        """A draft a line, in file order; raises ExtractError when not one line can be read."""
        drafts = [
            _draft(line, f"{name}:{number}")
            for number, line in enumerate(decode(data, name).split("\n"), 1)
            if line.strip()
        ]
        if not any(draft.blocks for draft in drafts):
            raise ExtractError(f"{drafts[0].problems[0]}（没有一行可读）")
        return drafts


def _draft(line: str, place: str) -> Draft:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _problem(f"{place} 不是完整的 JSON（{type(error).__name__}）；每行应是一个 JSON 对象")
    if not isinstance(row, dict):
        return _problem(f"{place} 不是 JSON 对象；每行应是带 title 和 text 的对象")
    for key in ("title", "text"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            return _problem(f"{place} 缺少文字 {key!r}；每行应有 title 和 text")
    unknown = sorted(set(row) - _WANTED)
    problems = (f"{place} 有不认识的键 {'、'.join(unknown)}，未读入",) if unknown else ()
    facts, refused = _facts(row, place)
    return Draft(_blocks(row), row["title"].strip(), facts, str(row.get("id") or ""), problems + refused)


def _problem(text: str) -> Draft:
    return Draft((), problems=(text,))


def _facts(row: dict[str, object], place: str) -> tuple[dict[str, str], tuple[str, ...]]:
    facts, problems = {}, []
    category, region = str(row.get("category") or ""), str(row.get("region") or "")
    if category in KINDS:
        facts["kind"] = KINDS[category]
    elif category:
        problems.append(f"{place} 不认识的类别“{category}”；认识的有：{'、'.join(KINDS)}")
    if region in PROVINCES.values():
        facts["region"] = region
    elif region and region != _NATIONAL:
        problems.append(f"{place} 不认识的地区“{region}”；应是省级简称（如 上海）或 国家")
    if row.get("date"):
        facts["issued"] = str(row["date"])
    if number := _number(str(row.get("info") or "")):
        facts["number"] = number
    return facts, tuple(problems)


def _number(info: str) -> str:
    """The order that published the text itself, not one that amended it: 国务院令第641号."""
    for line in info.split("\n"):
        match = _ORDER.search(line)
        if match and not _NOT_OWN_NUMBER.search(line):
            return match[0]
    return ""


def _blocks(row: dict[str, object]) -> tuple[Block, ...]:
    """The history of the text (题注), then its paragraphs."""
    title = str(row["title"]).strip()
    history = [Block(line.strip()) for line in str(row.get("info") or "").split("\n")]
    blocks = [block for block in history if block.text and block.text != title]
    blocks += [block for line in str(row["text"]).split("\n") if (block := heading_of(line)).text]
    return tuple(blocks)
