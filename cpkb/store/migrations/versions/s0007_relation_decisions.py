"""What editors decide of proposed relations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """The table begins empty."""
    keys = ("record_id", "kind", "target_key", "on_date", "locator")
    op.create_table(
        "relation_decisions",
        *(sa.Column(name, sa.String, primary_key=True) for name in keys),
        *(sa.Column(name, sa.String, nullable=False) for name in ("state", "day", "note", "said")),
    )


def downgrade() -> None:
    """Nothing needs it: an older program refuses a newer database, and the backup beside it is older."""
    raise NotImplementedError("restore the backup beside the database instead")
