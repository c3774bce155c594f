"""Run one chain of migrations; `shared.database.migrations` sets the scene."""

from alembic import context

from shared.database.connections import lift_limits

config = context.config
database = config.attributes["database"]

with database.engine.connect() as connection:
    lift_limits(connection)
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # a changed table is copied there and dropped: rows that refer to it would forbid that
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
    # SQLite: migrations need DDL in a transaction, begun by SQLAlchemy as everywhere
    connection = connection.execution_options(kompeten_writing=True)
    context.configure(
        connection=connection,
        target_metadata=config.attributes["metadata"],
        version_table=config.attributes["version_table"],
        include_object=config.attributes["include_object"],
        render_as_batch=on_sqlite,
        compare_type=True,
        user_module_prefix="types.",
    )
    with context.begin_transaction():
        context.run_migrations()
        if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"the migration would leave rows that refer to nothing: {broken[:5]}")
    connection.commit()
    if on_sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")
    else:
        connection.invalidate()  # one without limits is for nobody else
