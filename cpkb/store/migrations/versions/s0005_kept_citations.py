"""Answers that are kept, and what they cite."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Both tables begin empty."""
    op.create_table(
        "kept_answers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("kept", sa.String, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
    )
    op.create_table(
        "citations",
        sa.Column("cited_by", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.String, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
    )
    op.create_index("citations_by_record", "citations", ["record_id"])


def downgrade() -> None:
    """Nothing needs it: an older program refuses a newer database, and the backup beside it is older."""
    raise NotImplementedError("restore the backup beside the database instead")
