"""How things are shown: what all templates share (filters, badges, addresses of static files)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for

from cpkb.comparison.compare import KINDS
from cpkb.comparison.versions import WHY, in_order
from cpkb.model.collection import collections
from cpkb.model.dates import in_words
from cpkb.model.record import Record
from cpkb.model.source import AUTHORITIES, REVIEWS
from cpkb.model.validity import HOLDING, STATES
from cpkb.pages.clauses import without_locator
from cpkb.pages.explanation import account
from cpkb.pages.links import printed, with_query
from cpkb.pages.tables import is_wordy
from cpkb.pipeline.report import JOB_STATES, OUTCOMES

_HASH_LENGTH = 12  # hexadecimal digits: enough to tell editions of a file apart
_CLASS_TONES = {"restricted": "amber", "eliminated": "red", "high_pollution": "amber"}
_AUTHORITY_SAYS = {"ocr": "扫描识别，可能有错字"}
_AUTHORITY_TONES = {"official": "plain", "repost": "plain", "ocr": "dotted", "own_summary": "plain", "sample": "dashed"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A label with a look of its own: tone (colour and border) and icon, never colour alone."""

    label: str
    tone: str
    icon: str = ""
    hint: str = ""


STATE_BADGES: Mapping[str, tuple[str, str]] = {
    "draft": ("hatched", "pencil"),
    "not_yet": ("blue", "clock"),
    "in_force": ("green-outline", "check"),
    "amended": ("blue", "pencil"),
    "superseded": ("grey", "swap"),
    "repealed": ("grey", "cross"),
    "unknown": ("plain", "question"),
}
"""Tone and icon of each state of validity."""


EARLIER = Badge("早先文本", "grey", "clock")
_OUTCOME_LOOKS = {
    "stored": ("green-outline", "check"), "read": ("green-outline", "check"), "unchanged": ("plain", ""),
    "skipped": ("amber", "minus"), "failed": ("red", "cross"),
}  # fmt: skip
_JOB_LOOKS = {
    "running": ("blue", "clock"), "interrupted": ("amber", "alert"), "done": ("green-outline", "check"),
    "undoing": ("blue", "clock"), "half_undone": ("amber", "alert"), "undone": ("grey", "cross"),
}  # fmt: skip
_KIND_LOOKS = {"changed": ("amber", "pencil"), "added": ("green-outline", "plus"), "removed": ("red", "minus")}


def kind_badge(kind: str) -> Badge:
    """The badge of what became of a clause between two versions."""
    return Badge(KINDS[kind], *_KIND_LOOKS.get(kind, ("plain", "")))


def outcome_badge(outcome: str) -> Badge:
    """The badge of what became of a file in an import."""
    return Badge(OUTCOMES[outcome], *_OUTCOME_LOOKS[outcome])


def job_badge(state: str) -> Badge:
    """The badge of how far an import is."""
    return Badge(JOB_STATES[state], *_JOB_LOOKS[state])


def import_time(moment: str) -> str:
    """A moment as the clock where the server stands shows it: 2026-11-22 17:05."""
    return dt.datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def state_badge(state: str) -> Badge:
    """The badge of a state of validity."""
    tone, icon = STATE_BADGES[state]
    return Badge(STATES[state], tone, icon)


def badges_of(record: Record) -> list[Badge]:
    """What must be seen at once about a record: its class on a list, and doubts about its text."""
    found = [listed_badge(kind)] if (kind := record.value("class")) else []
    if record.source.authority in ("ocr", "sample"):
        found.append(authority_badge(record.source.authority))
    if record.value("ocr_doubt"):
        found.append(Badge("有字可能认错", "dotted", "question", record.value("ocr_doubt")))
    return found


def listed_badge(kind: str) -> Badge:
    """The badge of how something stands on a list: eliminated, restricted, or polluting only."""
    shown = collections()["elimination"].fields["class"].show(kind)
    return Badge(shown, _CLASS_TONES.get(kind, "plain"), "stop" if kind == "eliminated" else "alert")


def authority_badge(authority: str) -> Badge:
    """The badge of how far a source can be trusted."""
    return Badge(
        _AUTHORITY_SAYS.get(authority, AUTHORITIES[authority]),
        _AUTHORITY_TONES[authority],
        "question" if authority == "ocr" else "",
    )


def is_struck(state: str) -> bool:
    """Whether a title is shown with a line through it: the text no longer holds."""
    return state in ("repealed", "superseded")


def has_validity(record: Record) -> bool:
    """Whether a validity is shown: a technology or a row of a list has none of its own."""
    return record.collection in HOLDING


def day_words(value: str | dt.date) -> str:
    """A date as running text writes it; anything that is not one stays as it is."""
    try:
        return in_words(value if isinstance(value, dt.date) else dt.date.fromisoformat(value))
    except ValueError:
        return str(value)


def grouped(number: int) -> str:
    """1,242."""
    return f"{number:,}"


def day_of(record: Record) -> str:
    """The date that stands beside a title: 施行 before 公布."""
    for name, word in (("effective", "施行"), ("issued", "发布")):
        if day := record.value(name):
            return f"{day} {word}"
    return ""


def item_of(record: Record) -> str:
    """The place of a row in its list: 第二批 第1-1项."""
    item = record.value("item")
    place = item if not item or item.startswith("第") else f"第{item}项"
    return " ".join(part for part in (record.value("batch"), place) if part)


def dated(address: str, **parameters: str) -> str:
    """An address on this site that keeps the date whose validity is looked at."""
    return with_query(address, **parameters, as_of=request.args.get("as_of", "").strip())


def publisher_of(record: Record) -> str:
    """Who says it: the issuer of a text, the publisher of a list; '' when nobody but the text itself is named."""
    source = record.source
    named = record.value("issuer") or source.publisher
    return named or ("" if source.title == record.title else source.title)


def foot_of(record: Record) -> str:
    """What stands below a hit: 示例机关 · 示例令第1号 · 2026-01-01 施行."""
    number = record.value("number") or record.value("code") or item_of(record)
    return " · ".join(filter(None, (publisher_of(record), number, day_of(record))))


def install(app: Flask) -> None:
    """Give the templates of an application what they share."""
    app.jinja_env.filters.update(day_words=day_words, grouped=grouped)
    app.jinja_env.globals.update(
        state_badge=state_badge,
        listed_badge=listed_badge,
        kind_badge=kind_badge,
        outcome_badge=outcome_badge,
        job_badge=job_badge,
        import_time=import_time,
        earlier_badge=EARLIER,
        in_order=in_order,
        version_kinds=WHY,
        badges_of=badges_of,
        authority_badge=authority_badge,
        is_struck=is_struck,
        has_validity=has_validity,
        day_of=day_of,
        publisher_of=publisher_of,
        item_of=item_of,
        foot_of=foot_of,
        without_locator=without_locator,
        with_query=with_query,
        dated=dated,
        asset=asset,
        is_wordy=is_wordy,
        account=account,
        collections=collections,
        reviews=REVIEWS,
        technique_kinds=collections()["technology"].fields["kind"].options,
    )
    app.context_processor(_on_every_page)


def asset(name: str) -> str:
    """The address of a static file, another one when its content changes."""
    return _asset(request.script_root, str(current_app.static_folder), name)


@lru_cache(200)
def _asset(_root: str, folder: str, name: str) -> str:
    return url_for("static", filename=name, v=_content_hash(Path(folder, name)))


def print_address(address: str) -> str:
    """An address on this site as it stands on paper."""
    return printed(address, site())


def _on_every_page() -> dict[str, Any]:
    return {
        "text": "",
        "today": g.today,
        "as_of": request.args.get("as_of", "").strip(),
        "path": request.path,
        "site": site().rstrip("/"),
    }


def site() -> str:
    """The address of the site; werkzeug puts it together anew at every look."""
    if "site" not in g:
        g.site = request.url_root
    return str(g.site)


@cache
def _content_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:_HASH_LENGTH]
