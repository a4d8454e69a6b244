"""Alembic's environment: runs the migrations on the connection that the bot passes."""

from alembic import context

from bot.state.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
