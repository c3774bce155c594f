"""What the running service may do in its own database on PostgreSQL, where migrations run as a role of their own.

The schema belongs to `kompeten_<service>_owner`; the service connects as `kompeten_<service>` and may change rows but
no tables, and of the audit log it may not change even rows (R26).
"""

from sqlalchemy import Engine, text

OWNER_SUFFIX = "_owner"
APPEND_ONLY = ("audit_log", "access_log", "chain_block", "chain_record", "chain_head_copy", "involvements")
"""Tables whose rows the service may add and read, and nothing else: the logs and what they are chained with, and who
was involved in a case, for that never shrinks."""
VERSION_TABLE, SHARED_VERSION_TABLE = "alembic_version", "alembic_version_shared"
"""Where a database keeps which migrations it has: of the service's own tables, and of those every service has."""


def limit_service(engine: Engine) -> bool:
    """Grant the service's role what it needs and nothing more, in one transaction; whether there was such a role.

    Where one role does everything (SQLite, or a database somebody runs by hand) nothing is changed. Safe to repeat:
    every migration may bring tables that the service has no rights on yet.
    """
    if engine.dialect.name != "postgresql":
        return False
    with engine.begin() as connection:
        owner = str(connection.execute(text("SELECT current_user")).scalar_one())
        role = owner.removesuffix(OWNER_SUFFIX)
        known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
        if role == owner or not known:
            return False
        quoted = connection.dialect.identifier_preparer.quote(role)
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            f"REVOKE INSERT, UPDATE, DELETE ON {VERSION_TABLE}, {SHARED_VERSION_TABLE} FROM {quoted}",
            f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {', '.join(APPEND_ONLY)} FROM {quoted}",
        ):
            connection.execute(text(statement))
    return True
