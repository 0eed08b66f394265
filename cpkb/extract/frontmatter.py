"""The YAML head of a Markdown page: the small part of YAML such heads use, and what it says as facts."""

from __future__ import annotations

import re

_KEY = re.compile(r"([A-Za-z_][\w-]*):\s*(.*)$")
_ITEM = re.compile(r"\s+-\s+(.*)$|-\s+(.*)$")
_KINDS = {
    "法律": "law",
    "行政法规": "administrative_regulation",
    "地方性法规": "local_regulation",
    "部门规章": "rule",
    "地方规章": "local_rule",
    "法律解释": "normative_document",
    "自由裁量": "normative_document",
    "名录": "catalogue",
}
"""Category or tag of the page → kind of the record (tags are finer, so they are asked first)."""
_REGIONS = {"粤": "广东", "江": "广东"}


def split_head(text: str) -> tuple[dict[str, list[str]], str]:
    """(values by key, body). A text without a closed head is all body; nested mappings are not read."""
    lines = text.split("\n")
    if lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        return {}, text
    end = [line.strip() for line in lines[1:]].index("---") + 1
    return _values(lines[1:end]), "\n".join(lines[end + 1 :])


def _values(lines: list[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        if match := _KEY.match(line):
            key, value = match[1], _unquoted(match[2])
            values[key] = [value] if value else []
        elif key and (match := _ITEM.match(line)):
            values[key].append(_unquoted(match[1] or match[2] or ""))
    return values


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def head_facts(head: dict[str, list[str]]) -> dict[str, str]:
    """What the head says: category and tags → kind and region, author and date as the page has them.

    Pages of laws and standards are dated by the day the text takes effect (checked on the 环境行政处罚办法:
    date 2010-03-01, published 2010-01-19); a page without a category is dated by its publication.
    """
    labels = [*head.get("tag", []), *head.get("category", [])]
    dated = "dated" if head.get("category") else "issued"
    facts = {
        "author": _first(head.get("author", [])),
        "kind": _first([_KINDS[label] for label in labels if label in _KINDS]),
        "region": _first([_REGIONS[label] for label in labels if label in _REGIONS]),
        dated: _first(head.get("date", [])),
    }
    return {name: value for name, value in facts.items() if value}


def _first(values: list[str]) -> str:
    return values[0] if values else ""
