"""Questions that found nothing or little."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "poor_questions",
        sa.Column("text", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first", sa.String, nullable=False),
        sa.Column("last", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Nothing needs it: an older program refuses a newer database, and the backup beside it is older."""
    raise NotImplementedError("restore the backup beside the database instead")
