"""A setting per server: whether answer channels also show passages that only may answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; existing servers only show sure answers."""
    with op.batch_alter_table("servers") as servers:
        servers.add_column(sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("servers") as servers:
        servers.drop_column("unsure")
