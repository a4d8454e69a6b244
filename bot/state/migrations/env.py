"""What Alembic runs around the steps: here, over the connection that the bot hands it."""

from alembic import context

from bot.state.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
