"""Which commands Discord has, so that they are synced only when they have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the next start syncs once."""
    op.create_table(
        "synced_commands",
        sa.Column("scope", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("synced_commands")
