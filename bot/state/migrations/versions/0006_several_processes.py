"""What several processes of one application share: who runs, who holds a lease, what has changed."""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEVER = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  # the column has no time zone


def upgrade() -> None:
    """Create the tables, with the lease and the generations that the program knows."""
    op.create_table(
        "processes",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("shards", sa.JSON(), nullable=False),
        sa.Column("shard_count", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("servers", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.String()),
        sa.Column("damaged", sa.Boolean(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
    )
    leases = op.create_table(
        "leases",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
    )
    generations = op.create_table(
        "generations",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "question_counts",
        sa.Column("asker", sa.String(), primary_key=True),
        sa.Column("seconds", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False, index=True),
    )
    op.create_table(
        "languages",
        sa.Column("asker", sa.String(), primary_key=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False, index=True),
    )
    op.bulk_insert(leases, [{"name": name, "owner": "", "until": NEVER} for name in ("work", "identify")])
    op.bulk_insert(generations, [{"name": name, "number": 0} for name in ("settings", "answers")])


def downgrade() -> None:
    """Drop them."""
    for name in ("languages", "question_counts", "generations", "leases", "processes"):
        op.drop_table(name)
