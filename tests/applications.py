"""Web applications for tests of one process: each service's is made once, for it is dear, and lent to each test."""

from functools import cache

from kompeten.services import find_service
from shared.database.unit import Database
from shared.web import App, limits
from shared.web.app import give_database


def lend_application(database: Database) -> App:
    """The application of the database's service, over this database from now on and with nothing counted yet."""
    app = _make_application(database.service)
    give_database(app, database)
    limits.install_limits(app)
    return app


@cache
def _make_application(service: str) -> App:
    return find_service(service).make_application(Database(service, "sqlite://"))
