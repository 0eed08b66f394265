"""What a file says is found by the file, limits and duties by the text they were read from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXTS = {"limit": "guideline", "duty": "policy"}
"""The field that names the text, as it was in version 0.1."""


def upgrade() -> None:
    """Both were looked for in every row, twice a stored file."""
    op.create_index("contributions_by_file", "contributions", ["file"])
    op.add_column("records", sa.Column("part_of", sa.String))
    records = sa.table("records", sa.column("collection"), sa.column("document"), sa.column("part_of"))
    for collection, field in TEXTS.items():
        text = sa.func.nullif(sa.func.json_extract(records.c.document, f"$.fields.{field}"), "")
        op.execute(records.update().where(records.c.collection == collection).values(part_of=text))
    op.create_index("records_by_text", "records", ["part_of"])


def downgrade() -> None:
    """Both say nothing that the other tables do not."""
    op.drop_index("records_by_text", "records")
    op.drop_column("records", "part_of")
    op.drop_index("contributions_by_file", "contributions")
