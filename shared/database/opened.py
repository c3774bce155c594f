"""The databases this process has open."""

from shared.database.unit import Database

_databases: dict[str, Database] = {}


def database_of(service: str) -> Database:
    """The one Database of `service` in this process."""
    if service not in _databases:
        _databases[service] = Database(service)
    return _databases[service]
