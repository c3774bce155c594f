"""Any order of acts on one certificate: what always holds, whatever the chair, the jobs and the calendar do."""

from contextlib import suppress
from datetime import timedelta
from itertools import product

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands.life import (
    Suspend,
    expire_due_certificates,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue_certificate
from services.certificate.domain.states import LIVING, State
from services.certificate.domain.versions import VersionState
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.models import Base, Change, Version
from shared import clock
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.errors import Conflict, Invalid
from tests.unit.certificate.scene import CHAIR, REASON, SCHEME, Candidate, issued, told, types_told

NAMES = map("".join, product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=4))
"""Ever another word: no figure is part of a name."""


class Life(RuleBasedStateMachine):
    """One certificate from its issue on; each rule is somebody's act, refused or not."""

    @initialize()
    def begin(self) -> None:
        self.database = Database("certificate", "sqlite://")
        for metadata in (Base.metadata, SharedBase.metadata):
            metadata.create_all(self.database.engine)
        self.session = Session(self.database.engine, expire_on_commit=False)
        self.certificate = issued(self.session, Candidate())
        self.units = list(self.certificate.units)
        self.days = 0
        self.reduced = False
        self.ended: State | None = None

    @rule(days=st.integers(-1, 90))
    def suspend(self, days: int) -> None:
        until = clock.today() + timedelta(days=days)
        with suppress(Conflict, Invalid):
            suspend_certificate(self.session, CHAIR, self.certificate.id, Suspend(reason=REASON.reason, until=until))

    @rule()
    def reinstate(self) -> None:
        with suppress(Conflict):
            reinstate_certificate(self.session, CHAIR, self.certificate.id, REASON)

    @rule(sure=st.integers(0, 3))
    def withdraw(self, sure: int) -> None:
        """Seldom: nothing comes after it."""
        if not sure:
            with suppress(Conflict):
                withdraw_certificate(self.session, CHAIR, self.certificate.id, REASON)

    @rule()
    def correct(self) -> None:
        given = Reissue(reason=REASON.reason, holder_name=f"NAMA {next(NAMES)} CONTOH")
        with suppress(Conflict):
            reissue_certificate(self.session, CHAIR, self.certificate.id, given)

    @rule(kept=st.sets(st.sampled_from(SCHEME.codes)))
    def reduce(self, kept: set[str]) -> None:
        given = Reduce(reason=REASON.reason, units=sorted(kept))
        with suppress(Conflict, Invalid):
            reduce_scope(self.session, CHAIR, self.certificate.id, given)

    @rule()
    def abandon(self) -> None:
        with suppress(Conflict):
            abandon_version(self.session, CHAIR, self.certificate.id, REASON)

    @rule(which=st.integers(0, 20), twice=st.booleans())
    def make(self, which: int, twice: bool) -> None:
        """The job comes round, perhaps late or a second time, with any version there ever was."""
        self.session.flush()
        version: Version = self.certificate.versions[which % len(self.certificate.versions)]
        for _ in range(1 + twice):
            confirm_version(self.session, version, Stored("x.pdf", "ef" * 32, 1000))

    @rule(days=st.sampled_from([1, 30, 400]))
    def wait(self, days: int) -> None:
        self.days += days
        clock.set_ahead(self.days * 24 * 3600)

    @rule()
    def the_timer(self) -> None:
        expire_due_certificates(self.session, clock.today())

    @invariant()
    @precondition(lambda self: hasattr(self, "certificate"))
    def holds(self) -> None:
        self.session.flush()
        self._versions()
        self._state()
        self._told()

    def _versions(self) -> None:
        versions = self.certificate.versions
        assert [version.version for version in versions] == list(range(1, len(versions) + 1))
        assert len({version.check_token for version in versions}) == len(versions)
        assert len({version.status_index for version in versions}) == len(versions)
        assert [version for version in versions if version.state is VersionState.CURRENT] == [self.certificate.current]
        assert sum(version.state is VersionState.MAKING for version in versions) <= 1
        current = self.certificate.current
        assert (self.certificate.holder_name, self.certificate.units) == (current.holder_name, current.units)
        assert set(self.certificate.units) <= set(self.units)
        self.units = list(self.certificate.units)

    def _state(self) -> None:
        state = self.certificate.state
        self.reduced = self.reduced or len(self.units) < len(SCHEME.codes)
        assert (self.certificate.suspended_until is not None) is (state is State.SUSPENDED)
        assert not (state is State.VALID and self.reduced)
        assert state is not State.REDUCED or self.reduced
        if self.ended is not None:
            assert state is self.ended
            assert self.certificate.in_the_making is None
        if state not in LIVING:
            self.ended = state

    def _told(self) -> None:
        """Outsiders know what the register knows, and every change is told once, inside and outside."""
        outside = [envelope for envelope in told(self.session) if "public." in envelope.type]
        newest = max(outside, key=lambda envelope: envelope.sequence)
        assert newest.data["status"] == self.certificate.state.value
        assert newest.data["check_url"] == self.certificate.current.check_url
        assert newest.data["holder_name"] == self.certificate.holder_name
        names = types_told(self.session)
        changes = [act.value for act in self.session.scalars(select(Change.act))]
        assert names.count("public.certificate_suspended") == changes.count("suspend")
        assert names.count("certificate.certificate_scope_reduced") == changes.count("reduce")
        assert names.count("public.certificate_reissued") == changes.count("reissue")

    def teardown(self) -> None:
        clock.set_ahead(0)
        if hasattr(self, "session"):
            self.session.close()
            self.database.close()


TestLife = Life.TestCase
TestLife.settings = hypothesis_settings(max_examples=25, stateful_step_count=25, deadline=None)
