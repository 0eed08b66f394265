"""Versions (版本) of one document: earlier texts, drafts, texts of the same name, texts that say nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from cpkb.comparison.likeness import alike, estimate
from cpkb.errors import QueryError
from cpkb.model.record import Record
from cpkb.store.store import Store

WHY = {
    "earlier": "早先文本",
    "draft": "草案稿",
    "replaced": "代替关系",
    "same_work": "同名文件",
    "alike": "文字相近，可能是同一文件",
}
"""How a version is known, surest first."""
_MARK = "@"
_SURELY = 0.7  # share above which two texts of different names are told of at import
_ENOUGH = 40  # fingerprints: with fewer nothing is said about how much two texts share
_OTHER_PART = 0.05  # editions of a law share far more, its parts nothing
_PAGE = re.compile(r"(?:^|/)documents/([^/?#]+)(?:/versions/(\d+))?")


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a document."""

    key: str
    """How it is asked for: the document's id, and for an earlier text @ and its number."""
    record: Record
    why: str = ""
    """One of WHY; '' for the text that was asked for."""
    share: float = 0.0
    """How much it has in common, where it was found by that."""
    replaced: str = ""
    """The day on which another text took its place; '' for a text that stands."""

    @property
    def address(self) -> str:
        """Its stable path on the site."""
        record_id, _, number = self.key.partition(_MARK)
        return f"/documents/{record_id}/versions/{number}" if number else f"/documents/{record_id}"

    @property
    def day(self) -> str:
        """What it is ordered by: the day it was replaced, issued or took effect."""
        return self.replaced or self.record.value("issued") or self.record.value("effective")


def key_of(text: str) -> str:
    """The key in what a person pastes: the key itself, or the address of the text's page."""
    match = _PAGE.search(unquote(text.strip()))
    if match is None:
        return text.strip()
    return f"{match[1]}{_MARK}{match[2]}" if match[2] else match[1]


def version(key: str, store: Store) -> Version:
    """The text of a key (f4465e0c3973, f4465e0c3973@1); raises NotFoundError, QueryError for a record without text."""
    record_id, mark, number = key.strip().partition(_MARK)
    if mark:
        if not number.isdecimal():
            raise QueryError(f"“{key[:60]}”的版本号不是数字；写成 编号{_MARK}1")
        edition = store.editions.one(record_id, int(number))
        return Version(key, edition.record, replaced=edition.replaced[:10])
    record = store.record(record_id)
    if not record.is_document:
        raise QueryError(f"“{record.title}”只有摘要，没有原文，不能对照；请先导入它的全文")
    return Version(record_id, record)


def versions(record: Record, store: Store) -> list[Version]:
    """The other texts of a document, each once, the surest first. Drafts and likeness are proposals, not statements."""
    found: dict[str, Version] = {}
    stated = (*_stated(record, store, "draft_of", "draft"), *_stated(record, store, "replaces", "replaced"))
    for known in (*_earlier(record, store), *stated, *_same_work(record, store), *_alike(record, store)):
        found.setdefault(known.key, known)
    return list(found.values())


def proposed(file: str, store: Store) -> Iterator[tuple[Record, Version]]:
    """Documents of a file, each with the likest text of another name that is probably the same document."""
    for record_id in store.lookup.contributed(file):
        record = store.record(record_id)
        alike = [known for known in versions(record, store) if known.why == "alike" and known.share >= _SURELY]
        if record.is_document and alike:
            yield record, alike[0]


def in_order(one: Version, other: Version) -> tuple[Version, Version]:
    """The earlier text first: an earlier text of the same document, a draft, else the one of the earlier day."""
    return (one, other) if _age(one) <= _age(other) else (other, one)


def _age(known: Version) -> tuple[bool, bool, str]:
    return not known.replaced, known.record.value("status") != "draft", known.day


def _earlier(record: Record, store: Store) -> Iterator[Version]:
    for edition in reversed(store.editions.of(record.id)):
        key = f"{record.id}{_MARK}{edition.number}"
        yield Version(key, edition.record, "earlier", replaced=edition.replaced[:10])


def _stated(record: Record, store: Store, kind: str, why: str) -> Iterator[Version]:
    """Texts that a relation ties to this one, whichever of the two states it."""
    for relation in record.relations:
        if relation.kind == kind:
            yield from _texts([head for head in store.lookup.known_as(relation.target) if head[0].id != record.id], why)
    ids = [claim.by_id for claim in store.claims_about(record) if claim.relation.kind == kind]
    yield from _texts([head for head in store.without_bodies(ids).values() if head[0].id != record.id], why)


def _same_work(record: Record, store: Store) -> Iterator[Version]:
    """Texts of the same name, but not the other parts of a code that is in several files."""
    mine = store.fingerprints.of(record.id)
    for known in _texts(store.same_work(record), "same_work"):
        theirs = store.fingerprints.of(known.key)
        is_known = min(len(mine), len(theirs)) >= _ENOUGH
        share = estimate(mine, theirs) if is_known else 0.0
        if share >= _OTHER_PART or not is_known:
            yield replace(known, share=share)


def _alike(record: Record, store: Store) -> Iterator[Version]:
    shares = dict(alike(record.id, store))
    heads = store.without_bodies(list(shares))
    for record_id, share in shares.items():
        for known in _texts([heads[record_id]] if record_id in heads else [], "alike"):
            yield replace(known, share=share)


def _texts(heads: Sequence[tuple[Record, bool]], why: str) -> Iterator[Version]:
    for record, has_body in heads:
        if has_body:
            yield Version(record.id, record, why)
