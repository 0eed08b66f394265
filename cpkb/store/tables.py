"""The tables. A new collection needs none: a record is a JSON document beside the few columns that are asked by."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""revision: the number of the last change."""

files = Table(
    "files",
    metadata,
    Column("key", String, primary_key=True),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("reader", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("imported", String, nullable=False),
    Column("problems", JSON, nullable=False),
    Index("files_by_sha256", "sha256"),
)
"""Every file read, by folder and name; ``reader`` is the version that read it."""

contributions = Table(
    "contributions",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("file", ForeignKey("files.key", ondelete="CASCADE"), primary_key=True),
    Column("digest", String, nullable=False),
    Column("document", JSON, nullable=False),
    Index("contributions_by_file", "file"),
)
"""What one file says of one record; the effective record is made of all (`model.record.merge`)."""

passages = Table(
    "passages",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("locator", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("page", Integer),
    Column("headings", JSON, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(["record_id", "file"], ["contributions.record_id", "contributions.file"], ondelete="CASCADE"),
)

records = Table(
    "records",
    metadata,
    Column("id", String, primary_key=True),
    Column("collection", String, nullable=False),
    Column("title", String, nullable=False),
    Column("work_key", String, nullable=False),
    Column("number_key", String, nullable=False),
    Column("body_file", String),
    Column("is_imported", Boolean, nullable=False),
    Column("document", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("added", String, nullable=False),
    Column("part_of", String),
    Index("records_by_collection", "collection", "title"),
    Index("records_by_work", "work_key"),
    Index("records_by_number", "number_key"),
    Index("records_by_revision", "revision"),
    Index("records_by_text", "part_of"),
)
"""Effective records; ``part_of`` is the id of the text that a limit or a duty was read from."""

relations = Table(
    "relations",
    metadata,
    Column("record_id", ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("target_key", String, nullable=False),
    Column("on_date", String, nullable=False),
    Column("locator", String, nullable=False),
    Column("says", String, nullable=False),
    Column("is_proposed", Boolean, nullable=False, server_default=false()),
    Index("relations_by_target", "target_key"),
)

"""What texts say of one another, as it was read: what editors decided of it stands in `relation_decisions`."""

relation_decisions = Table(
    "relation_decisions",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("target_key", String, primary_key=True),
    Column("on_date", String, primary_key=True),
    Column("locator", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("day", String, nullable=False),
    Column("note", String, nullable=False),
    Column("said", String, nullable=False),
)
"""What editors decided of proposed relations (`model.proposal.key`); it outlives the record, which may come back."""

removals = Table(
    "removals",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
)
"""Records that are gone, so that the index forgets them too."""

poor_questions = Table(
    "poor_questions",
    metadata,
    Column("text", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first", String, nullable=False),
    Column("last", String, nullable=False),
    # No row ids: they would tell in which order the questions of a day were asked.
    sqlite_with_rowid=False,
)
"""Questions that found nothing or little, folded, with days and without anything about who asked."""

editions = Table(
    "editions",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("replaced", String, nullable=False),
    Column("document", JSON, nullable=False),
    Column("body", JSON, nullable=False),
)
"""Earlier texts of documents, numbered from 1; the text that is now is in `passages`."""

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("hash", BigInteger, primary_key=True),
    Index("fingerprints_by_hash", "hash"),
    sqlite_with_rowid=False,
)
"""A sample of what each document says, by which documents that say nearly the same are found; made of the passages."""

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("id", String, primary_key=True),
    Column("question", String, nullable=False),
    Column("kept", String, nullable=False),
    Column("document", JSON, nullable=False),
)
"""Answers that somebody kept, as they were told then; what they cite stands in `citations`."""

citations = Table(
    "citations",
    metadata,
    Column("cited_by", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("record_id", String, nullable=False),
    Column("document", JSON, nullable=False),
    Index("citations_by_record", "record_id"),
)
"""Words of passages that something kept rests on; ``cited_by`` is its address on the site (/answers/…)."""

addresses = Table(
    "addresses",
    metadata,
    Column("address", String, primary_key=True),
    Column("is_watched", Boolean, nullable=False),
    Column("file", String, nullable=False),
    Column("etag", String, nullable=False),
    Column("modified", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("checked", String, nullable=False),
    Column("changed", String, nullable=False),
    Column("outcome", String, nullable=False),
)
"""Pages of the web that were fetched or are to be, with what their server is asked by whether they changed."""

import_jobs = Table(
    "import_jobs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("begun", String, nullable=False),
    Column("ended", String, nullable=False),
    Column("state", String, nullable=False),
    Column("paths", JSON, nullable=False),
    Column("total", Integer, nullable=False),
    # Numbers are told to people: that of a job is never given again.
    sqlite_autoincrement=True,
)
"""Imports: what was asked for, and how many lines the report will have."""

import_lines = Table(
    "import_lines",
    metadata,
    Column("job", ForeignKey("import_jobs.number", ondelete="CASCADE"), primary_key=True),
    Column("file", String, primary_key=True),
    Column("outcome", String, nullable=False),
    Column("records", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("problems", JSON, nullable=False),
)
"""What became of each file of an import; written with what the file brought, in one transaction."""

import_undo = Table(
    "import_undo",
    metadata,
    Column("job", ForeignKey("import_jobs.number", ondelete="CASCADE"), primary_key=True),
    Column("file", String, primary_key=True),
    Column("before", JSON),
    Column("records", JSON, nullable=False),
    Index("import_undo_by_file", "file"),
)
"""What a file was before an import stored it, and what it then said of the records that this changed."""
