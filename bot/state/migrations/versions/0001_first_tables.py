"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "servers",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("threads", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("user_seconds", sa.BigInteger()),
        sa.Column("channel_seconds", sa.BigInteger()),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("server", sa.BigInteger(), nullable=False, index=True),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False, index=True),
        sa.Column("asker", sa.String(), nullable=False, index=True),
        sa.Column("server", sa.BigInteger()),
        sa.Column("channel", sa.BigInteger()),
        sa.Column("question_message", sa.BigInteger(), index=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("question", sa.String()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("given", sa.String(), sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rater", sa.String(), primary_key=True, index=True),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "threads",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("article", sa.String()),
        sa.Column("asker", sa.String(), nullable=False, index=True),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False, index=True),
        sa.Column("user", sa.BigInteger(), nullable=False),
        sa.Column("server", sa.BigInteger()),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("feedback", "answers", "threads", "channels", "servers", "audit", "keys"):
        op.drop_table(name)
