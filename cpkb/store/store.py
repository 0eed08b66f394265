"""The store: files and what they contribute, effective records, their passages and relations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, case, exists, func, or_, select

from cpkb.errors import NotFoundError
from cpkb.model.passage import Passage
from cpkb.model.record import Record, addressed, work_key
from cpkb.model.validity import DATED, PART_OF, Claim
from cpkb.store import contributions, decisions, files, imports, proposals, tables
from cpkb.store.addresses import Addresses
from cpkb.store.database import Database
from cpkb.store.documents import from_document
from cpkb.store.editions import Editions
from cpkb.store.ends import ended
from cpkb.store.files import Change as Change  # what `put_file` gives and takes is known from here too
from cpkb.store.files import StoredFile as StoredFile
from cpkb.store.fingerprints import Fingerprints
from cpkb.store.imports import FileLine, Imports
from cpkb.store.kept import Kept
from cpkb.store.lookup import Lookup
from cpkb.store.proposals import Proposals
from cpkb.store.question_log import QuestionLog

DATES = ("issued", "effective", "repealed", "status")

# What a page of results asks is put together once: that took longer than to ask it.
_HEADS = select(tables.records).where(tables.records.c.id.in_(bindparam("ids", expanding=True)))
_SAME_WORK = (
    select(tables.records)
    .where(tables.records.c.work_key == bindparam("key"), tables.records.c.collection == bindparam("collection"))
    .where(tables.records.c.id != bindparam("id"))
    .order_by(tables.records.c.id)
)
_CLAIMS = (
    proposals.EVERY.where(tables.relations.c.target_key.in_(bindparam("keys", expanding=True)))
    .where(tables.records.c.id != bindparam("id"), decisions.STATE != "rejected")
    .order_by(decisions.STATE == "proposed", tables.relations.c.on_date)
    .order_by(tables.records.c.body_file.is_(None), tables.relations.c.record_id)
)
_REVISION = "SELECT value FROM meta WHERE key = 'revision'"
# A list of pairs in a condition would have every passage looked at; rows of a table are looked up. One parameter keeps
# the statement the same, however many are wanted.
_PASSAGES = """
SELECT found.record_id, found.ordinal, found.text, found.locator, found.headings, found.kind, found.page
FROM json_each(:wanted) AS wanted
JOIN records ON records.id = json_extract(wanted.value, '$[0]')
JOIN passages AS found ON found.record_id = records.id AND found.file = records.body_file
    AND found.ordinal = json_extract(wanted.value, '$[1]')
"""


class Store:
    """Everything that is kept, in one database file."""

    def __init__(self, file: Path) -> None:
        self._database = Database(file)
        self.questions = QuestionLog(self._database)
        self.lookup = Lookup(self._database)
        self.addresses = Addresses(self._database)
        self.editions = Editions(self._database)
        self.fingerprints = Fingerprints(self._database)
        self.kept = Kept(self._database)
        self.imports = Imports(self._database)
        self.proposals = Proposals(self._database)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    # files and their records

    def put_file(self, file: StoredFile, records: Sequence[Record], job: int = 0) -> Change:
        """Store a file and what it says, replacing what it said before; one transaction.

        Of an import ``job``, its line of the report is written with it, and what takes it back.
        """
        with self._database.writing() as connection:
            change = files.put(connection, file, records, job)
            if job:
                passages = imports.passages_in(records)
                line = FileLine(file.key, "stored", len(records), passages, change.total, file.problems)
                imports.note(connection, job, [line])
            return change

    def file(self, key: str) -> StoredFile | None:
        """The file of that key, if it was read."""
        with self._database.reading() as connection:
            row = connection.execute(select(tables.files).where(tables.files.c.key == key)).mappings().first()
        return _file(row) if row else None

    def same_content(self, sha256: str) -> list[StoredFile]:
        """Files with the same bytes."""
        query = select(tables.files).where(tables.files.c.sha256 == sha256)
        with self._database.reading() as connection:
            return [_file(row) for row in connection.execute(query).mappings()]

    def files(self, origin: str = "") -> list[StoredFile]:
        """All files read, by key."""
        query = select(tables.files).order_by(tables.files.c.key)
        if origin:
            query = query.where(tables.files.c.origin == origin)
        with self._database.reading() as connection:
            return [_file(row) for row in connection.execute(query).mappings()]

    def remove_file(self, key: str) -> Change:
        """Forget a file and what only it said."""
        with self._database.writing() as connection:
            return files.remove(connection, key)

    # records

    def record(self, record_id: str, *, with_body: bool = True) -> Record:
        """The effective record; raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(select(tables.records).where(tables.records.c.id == record_id)).mappings().first()
            if row is None:
                raise NotFoundError(f"没有编号为 {record_id!r} 的条目")
            return _record(connection, row, with_body=with_body)

    def passages(self, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Passage]:
        """Body passages by (record id, ordinal); records without a body have none here."""
        if not wanted:
            return {}
        rows = self._database.rows(_PASSAGES, wanted=json.dumps(wanted))
        return {
            (record_id, ordinal): Passage(ordinal, text, locator, tuple(json.loads(headings)), kind, page)
            for record_id, ordinal, text, locator, headings, kind, page in rows
        }

    def locators(self, record_id: str) -> tuple[str, ...]:
        """The locators of a document's passages, in reading order."""
        found, records = tables.passages.c, tables.records.c
        is_its = (found.record_id == records.id) & (found.file == records.body_file)
        query = (
            select(found.locator).join(tables.records, is_its).where(records.id == record_id).order_by(found.ordinal)
        )
        with self._database.reading() as connection:
            return tuple(row.locator for row in connection.execute(query))

    def without_bodies(self, ids: Sequence[str]) -> dict[str, tuple[Record, bool]]:
        """Records of these ids without their bodies, each with whether it has one."""
        return {head[0].id: head for head in self._heads(_HEADS, {"ids": ids})}

    def changed_since(self, revision: int, after: str = "", *, only_documents: bool = False) -> Iterator[Record]:
        """Records changed after a revision, with bodies, in id order, beginning ``after`` an id."""
        found = tables.records.c
        query = select(found.id).where(found.revision > revision, found.id > after).order_by(found.id)
        if only_documents:
            query = query.where(found.body_file.is_not(None))
        with self._database.reading() as connection:
            ids = [row.id for row in connection.execute(query)]
        for record_id in ids:
            # One that is removed while the others are read comes with the removals of a later revision.
            with suppress(NotFoundError):
                yield self.record(record_id)

    def removed_since(self, revision: int) -> list[str]:
        """Ids of records removed after a revision."""
        query = select(tables.removals.c.record_id).where(tables.removals.c.revision > revision)
        with self._database.reading() as connection:
            return [row.record_id for row in connection.execute(query)]

    def named(self) -> Iterator[Record]:
        """Every record with nothing but its title and fields, in id order: what it can be called by."""
        found = tables.records
        query = select(found.c.id, found.c.collection, found.c.title, found.c.document["fields"].label("fields"))
        with self._database.reading() as connection:
            for row in connection.execute(query.order_by(found.c.id)):
                fields = {name: tuple(v) if isinstance(v, list) else v for name, v in row.fields.items()}
                yield Record(row.id, row.collection, row.title, fields)

    def browse(self, collection: str, offset: int, limit: int) -> list[tuple[Record, bool]]:
        """Records of a collection by title, without bodies, each with whether it has one."""
        query = (
            select(tables.records)
            .where(tables.records.c.collection == collection)
            .order_by(tables.records.c.title, tables.records.c.id)
            .offset(offset)
            .limit(limit)
        )
        return self._heads(query)

    def newest(self, limit: int, of_a_kind: int) -> list[tuple[Record, bool]]:
        """The records added last, at most so many of a collection, each with whether it has a body."""
        records = tables.records
        order = (records.c.added.desc(), records.c.id)
        place = func.row_number().over(partition_by=records.c.collection, order_by=order).label("place")
        ranked = select(records.c.id, place).subquery()
        query = select(records).join(ranked, ranked.c.id == records.c.id).where(ranked.c.place <= of_a_kind)
        return self._heads(query.order_by(*order).limit(limit))

    def same_work(self, record: Record) -> list[tuple[Record, bool]]:
        """Other records of the same law, standard or document."""
        named = {"key": work_key(record.title), "collection": record.collection, "id": record.id}
        return self._heads(_SAME_WORK, named)

    def _heads(self, query: Any, parameters: Mapping[str, Any] | None = None) -> list[tuple[Record, bool]]:
        with self._database.reading() as connection:
            rows = connection.execute(query, parameters).mappings().all()
        return [(from_document(row["document"]), row["body_file"] is not None) for row in rows]

    def dated(self, record: Record) -> Record:
        """A text that states no dates takes those of its work, where all dated texts of the work agree on them.

        A part of a code, or a page copied without its head, is then as valid as the whole it belongs to. A text that
        states its dates but not its end takes the end that another text of the same edition states.
        """
        if record.collection in PART_OF:
            return self._dated_by_text(record)
        if record.collection not in DATED or record.value("status") == "draft":
            return record
        others = [other for other, _ in self.same_work(record) if other.value("status") != "draft"]
        if any(record.value(name) for name in DATES):
            return ended(record, others)
        stated = {tuple((name, other.value(name)) for name in DATES) for other in others}
        known = [dates for dates in stated if any(value for _, value in dates)]
        if len(known) != 1:
            return record
        return replace(record, fields={**record.fields, **{name: value for name, value in known[0] if value}})

    def _dated_by_text(self, part: Record) -> Record:
        """A limit or a duty holds while the text does that it was read from, unless it states days of its own."""
        text = self._text_of(part)
        if text is None:
            return part
        whole = self.dated(text)
        dates = {"effective": whole.value("effective") or whole.value("issued"), "repealed": whole.value("repealed")}
        own = dict(part.fields)
        began, worded = dates["effective"], part.value("effective")
        if part.value("wording") and "" < began < worded:  # its day is that of the wording; the text began earlier
            own |= {"issued": worded, "effective": began}
        return replace(part, fields={**{name: day for name, day in dates.items() if day}, **own})

    def _text_of(self, part: Record) -> Record | None:
        heads = self.without_bodies([part.value(PART_OF[part.collection])])
        return next((head for head, _ in heads.values()), None)

    # what names a record

    def naming(self, collection: str, field: str, ids: Sequence[str]) -> list[Record]:
        """Records of a collection that name one of these records in a reference field, by title, without bodies."""
        each = func.json_each(tables.records.c.document, f"$.fields.{field}").table_valued("value")
        return self._of_collection(collection, exists().select_from(each).where(each.c.value.in_(ids)))

    def citing(self, collection: str, titles: Sequence[str], number: str) -> list[Record]:
        """Records of a collection that cite a text by one of its titles or by its number, by title, without bodies."""
        each = func.json_each(tables.records.c.document, "$.citations").table_valued("value")
        numbers = [number] if number else []
        named = func.json_extract(each.c.value, "$.document").in_(titles)
        numbered = func.json_extract(each.c.value, "$.number").in_(numbers)
        return self._of_collection(collection, exists().select_from(each).where(or_(named, numbered)))

    def linking(self, collection: str, field: str, record_id: str) -> list[Record]:
        """Records of a collection whose guide text links to a record, by title, without bodies."""
        text = func.json_extract(tables.records.c.document, f"$.fields.{field}")
        links = [func.instr(text, f"[[{record_id}{end}") > 0 for end in ("]]", "|")]
        return self._of_collection(collection, or_(*links))

    def _of_collection(self, collection: str, condition: Any) -> list[Record]:
        found = tables.records.c
        query = select(tables.records).where(found.collection == collection, condition).order_by(found.title, found.id)
        return [addressed(head) for head in self._heads(query)]

    # relations

    def claims_about(self, record: Record) -> list[Claim]:
        """What other texts say of this one: repeals, replacements and amendments of any edition of its work.

        What an editor rejected is not among them, what one accepted is no more proposed.

        Of a limit or a duty, what they say of the text that it was read from.
        """
        if record.collection in PART_OF:
            text = self._text_of(record)
            return self.claims_about(text) if text else []
        with self._database.reading() as connection:
            rows = connection.execute(_CLAIMS, {"keys": _keys(record), "id": record.id}).mappings().all()
        claims: dict[tuple[str, str, str], Claim] = {}
        number = work_key(record.value("number"))
        for row in rows:
            # A new edition of the same title speaks of the old one only by its number.
            if row["work_key"] != work_key(record.title) or (number and row["target_key"] == number):
                claims.setdefault((row["kind"], row["on_date"], row["work_key"]), _claim(row))
        return list(claims.values())

    # counts

    def samples_beside_real(self) -> tuple[str, ...]:
        """Collections that ship samples (示例) and hold something real too."""
        found = tables.records.c
        authority = func.json_extract(found.document, "$.sources[#-1].authority")
        is_sample = (authority == "sample") & found.is_imported.is_(False)
        samples = func.sum(case((is_sample, 1), else_=0))
        query = select(found.collection).group_by(found.collection).having(samples > 0, samples < func.count())
        with self._database.reading() as connection:
            return tuple(sorted(connection.scalars(query)))

    def titles(self, collection: str, kind: str) -> list[str]:
        """The titles of a collection's records of one kind."""
        found = tables.records.c
        is_kind = func.json_extract(found.document, "$.fields.kind") == kind
        with self._database.reading() as connection:
            return list(connection.scalars(select(found.title).where(found.collection == collection, is_kind)))

    def revision(self) -> int:
        """The number of the last change."""
        return next((int(value) for (value,) in self._database.rows(_REVISION)), 0)

    def counts(self, *, only_shipped: bool = False) -> dict[str, int]:
        """Records by collection, all or those that nobody imported or edited."""
        query = select(tables.records.c.collection, func.count()).group_by(tables.records.c.collection)
        if only_shipped:
            query = query.where(tables.records.c.is_imported.is_(False))
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count_documents(self) -> int:
        """Records that have a body."""
        query = select(func.count()).select_from(tables.records).where(tables.records.c.body_file.is_not(None))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())


def _keys(record: Record) -> tuple[str, ...]:
    keys = [work_key(record.title)]
    if number := record.value("number"):
        keys.append(work_key(number))
    return tuple(keys)


def _record(connection: Connection, row: Mapping[Any, Any], *, with_body: bool) -> Record:
    if not with_body or row["body_file"] is None:
        return from_document(row["document"])
    found = tables.passages
    query = (
        select(found).where(found.c.record_id == row["id"], found.c.file == row["body_file"]).order_by(found.c.ordinal)
    )
    body = tuple(contributions.to_passage(p) for p in connection.execute(query).mappings())
    return from_document(row["document"], body)


def _file(row: Mapping[Any, Any]) -> StoredFile:
    names = ("key", "sha256", "size", "reader", "origin", "imported")
    return StoredFile(**{name: row[name] for name in names}, problems=tuple(row["problems"]))


def _claim(row: Mapping[Any, Any]) -> Claim:
    relation = proposals.relation(row, is_proposed=row["state"] == "proposed")
    acting = proposals.acting(row)
    return Claim(relation, acting.title, acting.at(relation.locator), acting.id)
