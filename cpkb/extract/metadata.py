"""A draft to a document: title, collection, fields and relations from what the text and its head say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from cpkb.extract import marks
from cpkb.extract.extractor import Draft, Extracted
from cpkb.extract.heads import Head, cover, notice
from cpkb.extract.statements import effective_date, issuer_of, relations, version_date
from cpkb.extract.structure import passages, without_title
from cpkb.extract.titles import collection_of, kind_of, region_of
from cpkb.model.collection import collection
from cpkb.model.dates import find_date
from cpkb.model.passage import Passage
from cpkb.model.record import Relation

_WORKS = {"ecological-environment-code": "生态环境法典"}
"""Works whose files hold one part each and name the whole only in English, in the file name."""
_DATES = ("issued", "effective", "repealed")
_SUFFIX = re.compile(r"(?:-unlocked)?\.[A-Za-z]{2,8}$")


def document(draft: Draft, name: str) -> Extracted:
    """The document a draft makes. ``name`` is the file's name, the title of last resort."""
    head = _head(draft)
    title, trail, key = _title(draft, head, name)
    blocks = without_title(without_title(draft.blocks[head.used :], draft.title), title)
    body = passages(blocks, trail)
    facts = dict(head.facts) | {field: value for field, value in draft.facts.items() if value}
    draft_of = facts.pop("draft_of", "")
    fields = _fields(title, facts, body)
    found = relations(title, body, str(fields.get("effective", "")), head.replaces)
    if draft_of:
        found = (*found, Relation("draft_of", draft_of, says=f"早于《{draft_of}》印发的文本"))
    where = collection_of(title, facts.get("kind", ""), facts.get("number", ""))
    known = {field: value for field, value in fields.items() if field in collection(where).fields}
    kind = facts.get("kind", "") or kind_of(title, where, facts.get("issuer", ""))
    if kind in collection(where).fields["kind"].options:
        known["kind"] = kind
    return Extracted(title, where, body, known, found, draft.is_recognised, key)


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


def _fields(title: str, facts: dict[str, str], body: Sequence[Passage]) -> dict[str, object]:
    fields: dict[str, object] = {key: value for key, value in facts.items() if key not in ("kind", "address")}
    for key in _DATES:
        date = find_date(facts.get(key, "").translate({ord("/"): "-"}))
        fields.pop(key, None)
        if date:
            fields[key] = date.isoformat()
    if "issued" not in fields and (issued := version_date(body)):
        fields["issued"] = issued
    if "effective" not in fields and (effective := effective_date(body, str(fields.get("issued", "")))):
        fields["effective"] = effective
    if "issuer" not in fields and (issuer := issuer_of(body)):
        fields["issuer"] = issuer
    if "region" not in fields and (region := region_of(title)):
        fields["region"] = region
    return fields
