"""Relations that are only proposed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Those stored before were all taken for certain."""
    column = sa.Column("is_proposed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("relations", column)


def downgrade() -> None:
    """Nothing needs it: an older program refuses a newer database, and the backup beside it is older."""
    raise NotImplementedError("restore the backup beside the database instead")
