"""落款: who signed a text and when, at its end or below the order that publishes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from cpkb.extract.extractor import Block
from cpkb.model.dates import DATE, DAY, find_date

_KINDS = "(?:局|部|委|委员会|厅|人民政府|政府|法院|检察院|署|办公室|办公厅|中心|银行|总队|管委会)"
_BODY = rf"[\u4e00-\u9fff]{{2,28}}?{_KINDS}"
_BODIES = re.compile(rf"[\u4e00-\u9fff]{{2,80}}{_KINDS}")
"""One name, or several without a mark between: where one ends is not asked, as there are too many ways to try."""
_SPLIT = re.compile(r"[、\s\u3000]+")
_SIGNED_ON = re.compile(rf"{DATE}(?:印发)?")
_FIGURES = re.compile(DAY)
_SIGNED = re.compile(rf"(?P<who>[\u4e00-\u9fff、\s]{{4,80}}?)\s*(?P<day>{DAY})")
_TITLE_BY = re.compile(rf"((?:{_BODY})(?:[、\s]+(?:{_BODY}))*)关于")
_SPACE = re.compile(r"\s+")
_REACH = 12  # blocks at the end a signature is looked for in: lists of attachments may follow it
_SIGNERS = 6  # lines of bodies above a day


def signature(blocks: Sequence[Block]) -> tuple[str, str]:
    """(bodies, day (ISO)) of the signature at the end; '' for what is not there.

    A day in figures alone (2026.3.2) is one only below or behind the name of a body.
    """
    start = max(0, len(blocks) - _REACH)
    for at in range(len(blocks) - 1, start - 1, -1):
        text = blocks[at].text.strip()
        if blocks[at].kind not in ("paragraph", "heading") or not (date := find_date(text)):
            continue
        above = _above(blocks[:at])
        squeezed = _SPACE.sub("", text)
        if _SIGNED_ON.fullmatch(squeezed) or (above and _FIGURES.fullmatch(squeezed)):
            return above, date.isoformat()
        if (match := _SIGNED.fullmatch(text)) and (bodies := _bodies(match["who"])):
            return "、".join(dict.fromkeys([*(above.split("、") if above else []), *bodies])), date.isoformat()
    return "", ""


def titled_by(title: str) -> str:
    """The bodies a title starts with (示例局、示例委关于…的通知); ''."""
    match = _TITLE_BY.match(title.strip())
    return "、".join(_bodies(match[1])) if match else ""


def _above(blocks: Sequence[Block]) -> str:
    """The bodies in the lines directly above, from the top."""
    lines = [_bodies(block.text) for block in reversed(blocks[-_SIGNERS:])]
    told = [*takewhile(bool, lines)]
    return "、".join(dict.fromkeys(body for line in reversed(told) for body in line))


def _bodies(line: str) -> list[str]:
    """The bodies a line names and nothing else; spread letters (示 例 局) are one name."""
    names = [name for name in _SPLIT.split(line.strip()) if name]
    if all(len(name) == 1 for name in names):
        names = ["".join(names)] if names else []
    return names if names and all(_BODIES.fullmatch(name) for name in names) else []
