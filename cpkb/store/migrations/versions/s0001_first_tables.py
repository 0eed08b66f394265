"""First tables: files, contributions, passages, records, relations, removals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables as they were in version 0.1."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("reader", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("imported", sa.String, nullable=False),
        sa.Column("problems", sa.JSON, nullable=False),
    )
    op.create_index("files_by_sha256", "files", ["sha256"])
    op.create_table(
        "contributions",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("file", sa.String, sa.ForeignKey("files.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
    )
    op.create_table(
        "passages",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("file", sa.String, primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("locator", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("headings", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id", "file"], ["contributions.record_id", "contributions.file"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("collection", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("work_key", sa.String, nullable=False),
        sa.Column("number_key", sa.String, nullable=False),
        sa.Column("body_file", sa.String),
        sa.Column("is_imported", sa.Boolean, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("added", sa.String, nullable=False),
    )
    op.create_index("records_by_collection", "records", ["collection", "title"])
    op.create_index("records_by_work", "records", ["work_key"])
    op.create_index("records_by_number", "records", ["number_key"])
    op.create_index("records_by_revision", "records", ["revision"])
    op.create_table(
        "relations",
        sa.Column("record_id", sa.String, sa.ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("target_key", sa.String, nullable=False),
        sa.Column("on_date", sa.String, nullable=False),
        sa.Column("locator", sa.String, nullable=False),
        sa.Column("says", sa.String, nullable=False),
    )
    op.create_index("relations_by_target", "relations", ["target_key"])
    op.create_table(
        "removals",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """There is nothing before the first step; restore the backup instead."""
    raise NotImplementedError("restore the backup beside the database instead")
