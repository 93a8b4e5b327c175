"""What Alembic runs an upgrade in: the connection and transaction of whoever opens the records, or a file of SQL."""

from alembic import context
from sqlalchemy import Connection

from knowledge.records.migrations.comparing import OPTIONS
from knowledge.records.tables import METADATA

connection: Connection | None = context.config.attributes.get("connection")
if context.is_offline_mode():
    context.configure(dialect_name=context.config.attributes["dialect"], literal_binds=True, **OPTIONS)
elif connection is not None:
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True, **OPTIONS)
else:
    raise RuntimeError("the records are upgraded when they are opened: run any command of overturn on the home")
with context.begin_transaction():
    context.run_migrations()
