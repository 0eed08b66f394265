"""A draft to a document: title, collection, fields and relations from what the text and its head say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from cpkb.extract import marks
from cpkb.extract.enactment import enactment
from cpkb.extract.extractor import Block, Draft, Extracted
from cpkb.extract.heads import Head, before_text, cover, notice
from cpkb.extract.relations import relations
from cpkb.extract.signature import signature, titled_by
from cpkb.extract.statements import counted_term, effective_date, issuer_of, last_of
from cpkb.extract.structure import passages, without_title
from cpkb.extract.titles import (
    collection_of,
    is_draft,
    is_draft_mark,
    is_notice,
    kind_of,
    region_of,
    without_draft_mark,
)
from cpkb.model.collection import collection
from cpkb.model.dates import find_date
from cpkb.model.passage import Passage
from cpkb.model.record import Relation

_WORKS = {"ecological-environment-code": "生态环境法典"}
"""Works whose files hold one part each and name the whole only in English, in the file name."""
_DATES = ("issued", "effective", "repealed")
_NOT_FIELDS = ("kind", "address", "author", "dated", "series")
_DONE_TO_OTHERS = ("repeals", "replaces", "amends")
_HEAD = 6  # blocks （征求意见稿） is looked for in, alone in its line
_PUBLISHED_NOW = re.compile(r"(?:现予|予以)(?:公布|发布|颁布)")
_SUFFIX = re.compile(r"(?:-unlocked)?\.[A-Za-z]{2,8}$")


def document(draft: Draft, name: str) -> Extracted:
    """The document a draft makes. ``name`` is the file's name, the title of last resort."""
    head = _head(draft)
    title, trail, key = _title(draft, head, name)
    blocks = without_title(without_title(draft.blocks[head.used :], draft.title), title)
    body = passages(blocks, trail)
    facts = dict(head.facts) | {field: value for field, value in draft.facts.items() if value}
    draft_of = facts.pop("draft_of", "")
    if is_draft(title) or any(is_draft_mark(block.text) for block in blocks[:_HEAD]):
        facts["status"] = "draft"
    fields = _fields(title, facts, body, blocks)
    found = relations(title, body, _holds_from(title, fields), head.replaces)
    if fields.get("status") == "draft":
        found = _of_a_draft(title, found)
    if draft_of:
        found = (*found, Relation("draft_of", draft_of, says=f"早于《{draft_of}》印发的文本"))
    where = collection_of(title, facts.get("kind", ""), str(fields.get("number", "")))
    known = {field: value for field, value in fields.items() if field in collection(where).fields}
    kind = facts.get("kind", "") or kind_of(title, where, str(fields.get("issuer", "")))
    if kind in collection(where).fields["kind"].options:
        known["kind"] = kind
    problems = (*_disagreements(title, facts, known), *_counted(title, body, known))
    return Extracted(title, where, body, known, found, draft.is_recognised, key, problems)


def _of_a_draft(title: str, found: Sequence[Relation]) -> tuple[Relation, ...]:
    """What a draft says of others: it ends and changes nothing yet."""
    final = without_draft_mark(title)
    own = (Relation("draft_of", final, says=title),) if final != title and not is_notice(title) else ()
    return (*(relation for relation in found if relation.kind not in _DONE_TO_OTHERS), *own)


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
    before = before_text(blocks)
    made, dated = enactment(before), _iso(facts.get("dated", ""))
    signers, signed = _signature(blocks)
    ordered = signature(blocks[: len(before)]) if any(_PUBLISHED_NOW.search(line) for line in before) else ("", "")
    is_day_of_issue = dated == signed or is_notice(title)
    fields["number"] = fields.get("number") or made.number
    told = made.issuer or facts.get("author", "") or issuer_of(body)
    by_notice = (titled_by(title) or signers) if is_notice(title) else ordered[0]
    fields["issuer"] = fields.get("issuer") or told or by_notice
    fields["issued"] = fields["issued"] or ordered[1] or made.issued or signed
    published = made.first_issued or str(fields["issued"])
    fields["effective"] = fields["effective"] or effective_date(body, published) or made.effective
    if is_day_of_issue:
        fields["issued"] = fields["issued"] or dated
    else:
        fields["effective"] = fields["effective"] or dated
    fields["repealed"] = fields["repealed"] or last_of(body, str(fields["effective"] or ""))[0]
    fields["region"] = fields.get("region") or region_of(title)
    return {key: value for key, value in fields.items() if value}


def _signature(blocks: Sequence[Block]) -> tuple[str, str]:
    """The signature before the first attachment, else that at the end."""
    at = next((at for at, block in enumerate(blocks) if at and marks.attachment(block.text)), len(blocks))
    before = signature(blocks[:at])
    return before if before[1] else signature(blocks)


def _counted(title: str, body: Sequence[Passage], fields: dict[str, object]) -> tuple[str, ...]:
    """Days that were counted and those that could not be: a person checks them against the text."""
    effective, (ends, said) = str(fields.get("effective", "")), last_of(body, str(fields.get("effective", "")))
    told = []
    if sentence := counted_term(body):
        day = f"按公布日推算为 {effective}" if effective else "公布日不明，施行日没有填"
        told.append(f"{title}：正文说“{sentence[:60]}”，{day}，请核对")
    if said and not ends:
        told.append(f"{title}：正文说“{said[:60]}”，但施行日不明，失效日没有填，请核对")
    return tuple(told)


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
