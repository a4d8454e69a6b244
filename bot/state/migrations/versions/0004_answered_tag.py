"""A setting per server: the tag of forum posts that the bot has answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; existing servers have no such tag."""
    with op.batch_alter_table("servers") as servers:
        servers.add_column(sa.Column("answered_tag", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("servers") as servers:
        servers.drop_column("answered_tag")
