"""How Alembic reaches a store: over the connection that `upgrade` hands it."""

from alembic import context
from sqlmodel import SQLModel

import models.features  # noqa: F401  # registers every table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
