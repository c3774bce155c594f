"""Run one service's migrations; `shared.database.migrations` sets the scene."""

from alembic import context

config = context.config
database = config.attributes["database"]

with database.engine.connect() as connection:
    # SQLite: migrations need DDL in a transaction, begun by SQLAlchemy as everywhere
    connection = connection.execution_options(kompeten_writing=True)
    context.configure(
        connection=connection,
        target_metadata=config.attributes["metadata"],
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="types.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
