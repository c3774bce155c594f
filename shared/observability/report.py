"""A service's report, put together when somebody asks for it."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from shared.body_data import data_in_force
from shared.body_data.holidays import find_end_of_holidays
from shared.body_data.tree import has_changed
from shared.clock import today
from shared.database.connections import answered_within
from shared.database.unit import Database, DatabaseAway
from shared.observability.backlog import read_backlog, read_log_status
from shared.observability.status import Backlog, KeyEnd, LogStatus, PartStatus, ServiceStatus
from shared.observability.vitals import describe_trouble, vitals_of
from shared.settings import settings
from shared.version import read_version

ANSWER_SECONDS = 3.0


def read_status(
    database: Database,
    list_key_ends: Callable[[], Sequence[KeyEnd]] = tuple,
    count_lost_files: Callable[[Session], int] = lambda _: 0,
) -> ServiceStatus:
    """The report of the service whose database this is. It comes whatever is away; a database that is silent costs
    ANSWER_SECONDS, nothing else costs anything.
    """
    vitals, service = vitals_of(database.service), database.service
    backlog: Backlog | None = None
    lost: int | None = None
    unchained: LogStatus | None = None
    part = PartStatus(name="database", well=True)
    try:
        with answered_within(ANSWER_SECONDS), database.reading() as session:
            backlog, lost, unchained = read_backlog(session), count_lost_files(session), read_log_status(session)
    except DatabaseAway as away:
        part = PartStatus(name="database", well=False, error=describe_trouble(away))
    pool = database.engine.pool
    return ServiceStatus(
        service=service,
        version=read_version(),
        started_at=vitals.started_at,
        loop_late_seconds=round(vitals.lateness, 3),
        pool_in_use=pool.checkedout() if isinstance(pool, QueuePool) else 0,
        pool_size=pool.size() if isinstance(pool, QueuePool) else 0,
        parts=[part, *(probe.read() for probe in vitals.probes)],
        timers=vitals.read_timers(),
        backlog=backlog,
        keys=list(list_key_ends()),
        files_lost=lost,
        log=unchained,
        data=data_in_force().digest,
        data_changed=has_changed(data_in_force(), settings().body_data_dir),
        holidays_end=find_end_of_holidays(today()),
    )
