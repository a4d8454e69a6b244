"""Servers choose whether passages that may answer are shown in channels where the bot answers without a mention."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; servers from before show only what answers."""
    with op.batch_alter_table("servers") as servers:
        servers.add_column(sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("servers") as servers:
        servers.drop_column("unsure")
