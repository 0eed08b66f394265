"""A draft to a document: title, collection, fields and relations from what the text and its head say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from cpkb.extract import marks
from cpkb.extract.enactment import enactment
from cpkb.extract.extractor import Block, Draft, Extracted
from cpkb.extract.heads import Head, before_text, cover, notice, signed_on
from cpkb.extract.relations import relations
from cpkb.extract.statements import effective_date, issuer_of
from cpkb.extract.structure import passages, without_title
from cpkb.extract.titles import collection_of, is_notice, kind_of, region_of
from cpkb.model.collection import collection
from cpkb.model.dates import find_date
from cpkb.model.passage import Passage
from cpkb.model.record import Relation

_WORKS = {"ecological-environment-code": "生态环境法典"}
"""Works whose files hold one part each and name the whole only in English, in the file name."""
_DATES = ("issued", "effective", "repealed")
_NOT_FIELDS = ("kind", "address", "author", "dated")
_SUFFIX = re.compile(r"(?:-unlocked)?\.[A-Za-z]{2,8}$")


def document(draft: Draft, name: str) -> Extracted:
    """The document a draft makes. ``name`` is the file's name, the title of last resort."""
    head = _head(draft)
    title, trail, key = _title(draft, head, name)
    blocks = without_title(without_title(draft.blocks[head.used :], draft.title), title)
    body = passages(blocks, trail)
    facts = dict(head.facts) | {field: value for field, value in draft.facts.items() if value}
    draft_of = facts.pop("draft_of", "")
    fields = _fields(title, facts, body, blocks)
    found = relations(title, body, _holds_from(title, fields), head.replaces)
    if draft_of:
        found = (*found, Relation("draft_of", draft_of, says=f"早于《{draft_of}》印发的文本"))
    where = collection_of(title, facts.get("kind", ""), str(fields.get("number", "")))
    known = {field: value for field, value in fields.items() if field in collection(where).fields}
    kind = facts.get("kind", "") or kind_of(title, where, str(fields.get("issuer", "")))
    if kind in collection(where).fields["kind"].options:
        known["kind"] = kind
    problems = _disagreements(title, facts, known)
    return Extracted(title, where, body, known, found, draft.is_recognised, key, problems)


def _head(draft: Draft) -> Head:
    covered = [block.text for block in draft.blocks if block.kind == "cover"]
    return cover(covered) if covered else notice(draft.blocks)


def _title(draft: Draft, head: Head, name: str) -> tuple[str, tuple[str, ...], str]:
    """(title, headings above all passages, key) of the text."""
    title = draft.title or head.title or _SUFFIX.sub("", PurePosixPath(name).name)
    part = marks.part(title)
    if part is None:
        return title, (), draft.key
    work = next((work for words, work in _WORKS.items() if words in name), title)
    return work, (part[1],) if work != title else (), draft.key or part[1].partition("　")[0]


def _fields(title: str, facts: dict[str, str], body: Sequence[Passage], blocks: Sequence[Block]) -> dict[str, object]:
    """The fields: what the format or the head states, else what the text says, else what its page says of it."""
    fields: dict[str, object] = {key: value for key, value in facts.items() if key not in _NOT_FIELDS}
    for key in _DATES:
        fields[key] = _iso(facts.get(key, ""))
    made, dated, signed = enactment(before_text(blocks)), _iso(facts.get("dated", "")), signed_on(blocks)
    is_day_of_issue = dated == signed or is_notice(title)
    fields["number"] = fields.get("number") or made.number
    fields["issuer"] = fields.get("issuer") or made.issuer or facts.get("author", "") or issuer_of(body)
    fields["issued"] = fields["issued"] or made.issued or signed
    published = made.first_issued or str(fields["issued"])
    fields["effective"] = fields["effective"] or effective_date(body, published) or made.effective
    if is_day_of_issue:
        fields["issued"] = fields["issued"] or dated
    else:
        fields["effective"] = fields["effective"] or dated
    fields["region"] = fields.get("region") or region_of(title)
    return {key: value for key, value in fields.items() if value}


def _disagreements(title: str, facts: dict[str, str], fields: dict[str, object]) -> tuple[str, ...]:
    """The day a page is dated by, where the text gives another for its effect and this one for nothing."""
    dated, effective = _iso(facts.get("dated", "")), str(fields.get("effective", ""))
    if not dated or not effective or dated in (effective, fields.get("issued")):
        return ()
    return (f"{title}：来源页面标注的日期是 {dated}，正文所说的施行日是 {effective}；以正文为准，请核对",)


def _holds_from(title: str, fields: dict[str, object]) -> str:
    """The day (ISO) what a text says of others holds from; a notice that names none holds when it is signed."""
    return str(fields.get("effective") or (fields.get("issued", "") if is_notice(title) else ""))


def _iso(text: str) -> str:
    date = find_date(text.translate({ord("/"): "-"}))
    return date.isoformat() if date else ""
