"""Earlier texts of documents, what finds texts that say nearly the same, and pages of the web."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create their tables."""
    op.create_table(
        "editions",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("replaced", sa.String, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "fingerprints",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("hash", sa.BigInteger, primary_key=True),
        sa.Index("fingerprints_by_hash", "hash"),
        sqlite_with_rowid=False,
    )
    texts = ("file", "etag", "modified", "sha256", "checked", "changed", "outcome")
    op.create_table(
        "addresses",
        sa.Column("address", sa.String, primary_key=True),
        sa.Column("is_watched", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in texts),
    )


def downgrade() -> None:
    """Nothing needs it: an older program refuses a newer database, and the backup beside it is older."""
    raise NotImplementedError("restore the backup beside the database instead")
