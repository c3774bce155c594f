"""What a service is, in one declaration: the runners, the schema, the navigation and the deployment are made from it.

It names no framework of processes: `nameko_runner` makes a nameko service of it, `thread_runner` runs it on threads.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from shared.body_data import DataFile
from shared.database.migrations import Chain
from shared.database.unit import Database
from shared.kept_files.lost import count_lost_files
from shared.kept_files.register import Register
from shared.messaging.jobs import Jobs
from shared.messaging.reactions import Reactions
from shared.messaging.timers import Timers
from shared.observability.parts import make_probes
from shared.observability.report import read_status
from shared.observability.status import KeyEnd, ServiceStatus
from shared.observability.vitals import Probe
from shared.runtime.pool import Pool
from shared.security.reencryption import Keyed
from shared.security.roles import Role
from shared.web.api import Api
from shared.web.app import App, create_app
from shared.web.navigation import Navigation, Place

Application = Callable[..., Iterable[bytes]]
"""A WSGI application."""
Labels = Mapping[Any, str] | Sequence[Mapping[Any, str]]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One stage of the process, declared once in `services/<name>/service.py`."""

    name: str
    """Its name in addresses (`/<name>`), queues (`kompeten.<name>`), databases and containers."""
    title: str
    """What its OpenAPI document is called."""
    folder: Path
    """The folder of its package: migrations, translations and templates stand below it."""
    metadata: MetaData
    """Its own tables; those that every service has are not among them."""
    reactions: Reactions | None = None
    """What it does when it hears of something; None: it listens to nothing and has no queue."""
    jobs: Jobs | None = None
    """What it does after its transactions, if anything."""
    timers: Timers = field(default_factory=Timers)
    """What time brings, besides the sweeping that every service does."""
    files: Sequence[Register] = ()
    """The files in the store that its rows name; `kompeten store check` and its timer compare them."""
    keyed: Sequence[Keyed] = ()
    """What depends on its encryption keys besides encrypted columns and files."""
    data_files: Sequence[DataFile[Any]] = ()
    """The files of the body's data that it reads, besides the schemes: it does not start when one cannot be used."""
    workers: Callable[[], Pool] | None = None
    """The processes its jobs are done with; None: the service's own."""
    tells: bool = True
    """Whether it announces facts: then its outbox is relayed."""
    tells_agencies: bool = False
    """Whether facts for other agencies (`id.kompeten.public.*`) are among them."""
    keeps_files: bool = False
    """Whether it uses the object store: then it asks it regularly whether it is there."""
    sends_mail: bool = False
    """Whether it uses the mail server; likewise."""
    secrets: Sequence[str] = ()
    """The settings that name secret files it uses, besides those of every service, of the store and of mail."""
    optional_secrets: Sequence[str] = ()
    """Those of them without which it starts all the same."""
    rings: Sequence[str] = ()
    """The rings of encryption keys it uses (`shared/security/keyrings.py`)."""
    list_key_ends: Callable[[], Sequence[KeyEnd]] = tuple
    """The certificates it signs or checks with, and when each comes to its end."""
    count_own_lost_files: Callable[[Session], int] = lambda _: 0
    """How many files are lost that a check of its own looks for, besides those of `files`."""
    api: Api | None = None
    """Its JSON views."""
    pages: Sequence[Blueprint] = ()
    """Its HTML views."""
    labels: Labels = ()
    """What its states and choices are called (msgids)."""
    places: Sequence[Place] = ()
    """Its entries of the navigation that every page of the system shows."""
    menu: Sequence[Place] = ()
    """Its own menu, shown on its pages alone."""
    lands: frozenset[Role] = frozenset()
    """Roles whose work list is here: who signs in with one of them lands on `/<name>/`."""
    navigation: Navigation | None = None
    """Of the whole system, given by who puts the services together; None: its own places alone."""
    catalogues: Sequence[Path] = ()
    """English .po files of the other services, whose places its pages name; given likewise."""

    @property
    def migrations(self) -> Chain:
        """The migrations of its own tables."""
        return Chain(self.folder / "migrations", self.metadata)

    @property
    def own_navigation(self) -> Navigation:
        """Its own places."""
        return Navigation(self.places, dict.fromkeys(self.lands, f"/{self.name}/"))

    @property
    def own_catalogues(self) -> list[Path]:
        """Its English .po file, where it has one."""
        return list(self.folder.glob("translations/en.po"))

    def make_probes(self) -> list[Probe]:
        """What asks the parts it needs whether they are there."""
        return make_probes(keeps_files=self.keeps_files, sends_mail=self.sends_mail)

    def read_status(self, database: Database) -> ServiceStatus:
        """The report of this process on the service."""
        return read_status(database, self.list_key_ends, self.count_files_lost)

    def count_files_lost(self, session: Session) -> int:
        """How many files its rows name and the last look into the store did not find, or found altered."""
        return count_lost_files(session, self.files) + self.count_own_lost_files(session)

    def make_application(self, database: Database) -> App:
        """The web application over `database`."""
        return create_app(
            self.name,
            database,
            api=self.api,
            pages=self.pages,
            title=self.title,
            labels=self.labels,
            menu=self.menu,
            places=self.navigation or self.own_navigation,
            catalogues=self.catalogues or self.own_catalogues,
            report=lambda: self.read_status(database),
        )
