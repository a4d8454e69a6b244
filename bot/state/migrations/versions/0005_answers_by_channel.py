"""An index of answers by channel and time, so that a follow-up finds its answer among many."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = "ix_answers_channel_at"


def upgrade() -> None:
    """Create it, unless the check for damage has."""
    op.create_index(NAME, "answers", ["channel", "at"], if_not_exists=True)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, "answers", if_exists=True)
