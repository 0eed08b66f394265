"""Imports as jobs: their reports, and what takes them back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create their tables."""
    op.create_table(
        "import_jobs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("begun", sa.String, nullable=False),
        sa.Column("ended", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("paths", sa.JSON, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    counts = ("records", "passages", "changed")
    op.create_table(
        "import_lines",
        sa.Column("job", sa.Integer, sa.ForeignKey("import_jobs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("file", sa.String, primary_key=True),
        sa.Column("outcome", sa.String, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.Column("problems", sa.JSON, nullable=False),
    )
    op.create_table(
        "import_undo",
        sa.Column("job", sa.Integer, sa.ForeignKey("import_jobs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("file", sa.String, primary_key=True),
        sa.Column("before", sa.JSON),
        sa.Column("records", sa.JSON, nullable=False),
        sa.Index("import_undo_by_file", "file"),
    )


def downgrade() -> None:
    """Nothing needs it: an older program refuses a newer database, and the backup beside it is older."""
    raise NotImplementedError("restore the backup beside the database instead")
