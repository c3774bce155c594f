"""Any order of acts on accounts, roles and second factors: what always holds, whoever does what, refused or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands import accounts, factors, recovery_codes, sessions
from services.registration.commands.passwords import NewPassword, change_password, load_owner
from services.registration.commands.proving import lock_own_session
from services.registration.commands.staff_identities import GiveNik, give_nik
from services.registration.commands.steps import Step, find_missing_step, needs_second_factor
from services.registration.commands.tries import Visitor
from services.registration.commands.unfinished import finish_browser_session, load_unfinished_session
from services.registration.domain.accounts import is_staff
from services.registration.domain.exclusions import EXCLUSIONS
from services.registration.models import Account, StaffIdentity
from shared.clock import real_now
from shared.database.unit import Database
from shared.errors import Refusal
from shared.security.generations import read_generation
from shared.security.roles import Role
from shared.settings import settings
from tests.schema import create_tables

NIKS = [f"327301010190000{number}" for number in (1, 2, 3)]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ROLES = [
    [Role.ADMINISTRATOR],
    [Role.AUDITOR],
    [Role.AUDITOR, Role.SECRETARIAT],
    [Role.SECRETARIAT],
    [Role.CHAIR],
    [Role.CHAIR, Role.ADMINISTRATOR],
    [Role.APPLICANT],
]
WHO = st.integers(0, 3)
KEEPER = st.sampled_from([0, 0, 0, 1, 2])
"""Mostly who may: refusals teach little."""
ANY_ROLES = st.sampled_from(ROLES)


class Accounts(RuleBasedStateMachine):
    """Some accounts with one administrator at first. People are drawn by their place in the list of all."""

    @initialize()
    def begin(self) -> None:
        self.database = Database("registration", "sqlite://")
        create_tables(self.database)
        self.numbers = count()
        self.everybody: list[UUID] = []
        self.unfinished: dict[str, UUID] = {}
        self.sessions: dict[str, UUID] = {}
        self.ended: set[str] = set()
        self.tokens: list[tuple[UUID, int]] = []
        self.dead: set[tuple[UUID, int]] = set()
        self.codes: dict[UUID, list[str]] = {}
        self.gone: list[tuple[UUID, str]] = []
        with self.database.unit_of_work() as session:
            first = accounts.open_account(session, "Pertama", "pertama@contoh.test", "id", "hash")
            session.add(StaffIdentity(account_id=first.id, nik=NIKS[0]))
            first.roles = frozenset({Role.ADMINISTRATOR})
            self.everybody.append(first.id)
        self.open_staff(0, [Role.AUDITOR], NIKS[1])
        for who in (0, 1):
            self.come_in(who, again=False)

    @contextmanager
    def acting(self) -> Iterator[Session]:
        """One transaction of an act, which may be refused: then nothing of it is left."""
        try:
            with self.database.unit_of_work() as session:
                yield session
        except Refusal:
            return

    def pick(self, session: Session, who: int) -> Account:
        return session.get_one(Account, self.everybody[who % len(self.everybody)])

    @rule(who=KEEPER, roles=ANY_ROLES, nik=st.sampled_from([*NIKS, None]))
    def open_staff(self, who: int, roles: list[Role], nik: str | None) -> None:
        with self.acting() as session:
            email = f"staf{next(self.numbers)}@contoh.test"
            wanted = accounts.OpenStaffAccount(name="Staf", email=email, roles=roles, nik=nik)
            made = accounts.open_staff_account(session, self.pick(session, who).actor, wanted)
            made.password_hash = "hash"
            self.everybody.append(made.id)

    @rule(who=KEEPER, whom=WHO, roles=ANY_ROLES)
    def give_roles(self, who: int, whom: int, roles: list[Role]) -> None:
        with self.acting() as session:
            account = self.pick(session, whom)
            before = account.roles
            accounts.change_roles(session, self.pick(session, who).actor, account.id, accounts.ChangeRoles(roles=roles))
            if account.roles != before:
                self.end_tokens(account.id)

    @rule(who=KEEPER, whom=WHO, nik=st.sampled_from(NIKS))
    def note_nik(self, who: int, whom: int, nik: str) -> None:
        with self.acting() as session:
            give_nik(session, self.pick(session, who).actor, self.pick(session, whom).id, GiveNik(nik=nik))

    @rule(who=KEEPER, whom=WHO)
    def deactivate(self, who: int, whom: int) -> None:
        with self.acting() as session:
            account = accounts.deactivate_account(session, self.pick(session, who).actor, self.pick(session, whom).id)
            self.end_all(account.id)

    @rule(who=KEEPER, whom=WHO)
    def reactivate(self, who: int, whom: int) -> None:
        with self.acting() as session:
            accounts.reactivate_account(session, self.pick(session, who).actor, self.pick(session, whom).id)

    @rule(who=WHO)
    def give_password(self, who: int) -> None:
        """And nothing after it, where something is missing."""
        with self.acting() as session:
            secret = self.show_password(session, who)
            if secret:
                found = sessions.renew_browser_session(session, secret)
                (self.sessions if found else self.unfinished)[secret] = self.everybody[who % len(self.everybody)]

    @rule(who=WHO, again=st.booleans())
    def come_in(self, who: int, again: bool) -> None:
        """The password and what is missing after it; `again`: a code that was used, or is of an earlier paper."""
        secret = None
        with self.acting() as session:
            secret = self.show_password(session, who)
            if secret:
                self.unfinished[secret] = self.everybody[who % len(self.everybody)]
        with self.acting() as session:
            if secret:
                self.finish(session, secret, again=again)

    @rule(which=st.integers(0, 9))
    def finish_later(self, which: int) -> None:
        with self.acting() as session:
            if self.unfinished:
                self.finish(session, list(self.unfinished)[which % len(self.unfinished)], again=False)

    def show_password(self, session: Session, who: int) -> str | None:
        """The secret of the session opened, finished or not."""
        tried = sessions.load_password_to_try(session, self.pick(session, who).email, Visitor("here"))
        signed_in = sessions.sign_in_account(session, replace(tried, fits=True))
        return sessions.open_browser_session(session, signed_in).secret if signed_in else None

    def finish(self, session: Session, secret: str, *, again: bool) -> None:
        """Enrol, or show a code; a session without a second factor goes on as it is."""
        found = load_unfinished_session(session, secret)
        owner, step = found.account, find_missing_step(session, found.account)
        if step is Step.ENROL:
            code = pyotp.TOTP(SECRET).at(real_now())
            self.codes[owner.id] = factors.confirm_enrolment(session, owner, SECRET, code)
            self.end_tokens(owner.id)
        elif step is Step.CODE:
            used = [code for whose, code in self.gone if whose == owner.id]
            if again and used:
                assert not factors.pass_second_factor(session, owner, used[-1]), "a code redeems once"
                return
            if not factors.pass_second_factor(session, owner, self.codes[owner.id][0]):
                return
            self.gone.append((owner.id, self.codes[owner.id].pop(0)))
        if step is not None:
            del self.unfinished[secret]
            secret = finish_browser_session(session, found).secret
        self.sessions[secret] = owner.id
        self.keep_token(session, secret)

    @rule(which=st.integers(0, 9))
    def renew_codes(self, which: int) -> None:
        with self.acting() as session:
            secret = self.pick_session(which)
            browser = lock_own_session(session, session.get_one(Account, self.sessions[secret]).actor, secret)
            if browser.account_id in self.codes:
                self.forget_codes(browser.account_id)
                self.codes[browser.account_id] = recovery_codes.renew_recovery_codes(session, browser.account)

    @rule(who=KEEPER, whom=WHO)
    def reset(self, who: int, whom: int) -> None:
        with self.acting() as session:
            account = factors.reset_second_factor(session, self.pick(session, who).actor, self.pick(session, whom).id)
            self.forget_codes(account.id)
            self.end_all(account.id)

    @rule(which=st.integers(0, 9), everywhere=st.booleans())
    def sign_out(self, which: int, everywhere: bool) -> None:
        with self.acting() as session:
            secret = self.pick_session(which)
            account_id = self.sessions[secret]
            if everywhere:
                sessions.sign_out_everywhere(session, session.get_one(Account, account_id).actor, but=secret)
                self.end_all(account_id, but=secret)
            else:
                sessions.end_browser_session(session, secret)
                self.ended.add(secret)
                self.end_tokens(account_id)

    @rule(which=st.integers(0, 9))
    def set_password(self, which: int) -> None:
        with self.acting() as session:
            secret = self.pick_session(which)
            account_id = self.sessions[secret]
            actor, before = session.get_one(Account, account_id).actor, load_owner(session, account_id).password_hash
            new = NewPassword(account_id, f"hash {next(self.numbers)}", before)
            change_password(session, actor, new, keep=secret)
            self.end_all(account_id, but=secret)

    @rule(which=st.integers(0, 9))
    def renew_token(self, which: int) -> None:
        with self.acting() as session:
            secret = self.pick_session(which)
            self.keep_token(session, secret)

    @invariant()
    def nobody_is_let_in_half_way(self) -> None:
        with self.database.unit_of_work() as session:
            for secret, owner in self.unfinished.items():
                found = sessions.renew_browser_session(session, secret)
                assert found is None or not needs_second_factor(session.get_one(Account, owner))

    @invariant()
    def somebody_lets_people_in(self) -> None:
        with self.database.reading() as session:
            assert any(account.active and Role.ADMINISTRATOR in account.roles for account in _all(session))

    @invariant()
    def one_person_has_one_account_as_staff_and_no_roles_that_exclude_one_another(self) -> None:
        with self.database.reading() as session:
            staff = {account.id: account for account in _all(session) if account.active and is_staff(account.roles)}
            persons = [one.nik for one in session.scalars(select(StaffIdentity)) if one.account_id in staff]
            assert len(persons) == len(set(persons)) == len(staff)
            for one in EXCLUSIONS:
                for account in staff.values():
                    assert one.role not in account.roles or one.others.isdisjoint(account.roles)

    @invariant()
    def what_has_ended_opens_nothing(self) -> None:
        with self.database.unit_of_work() as session:
            for account_id, generation in self.dead:
                assert generation < read_generation(session, account_id)
            for secret in self.ended:
                assert sessions.renew_browser_session(session, secret) is None

    def keep_token(self, session: Session, secret: str) -> None:
        """What a browser is given for its session, if it is given anything."""
        found = sessions.renew_browser_session(session, secret)
        if found is not None:
            assert secret not in self.ended
            assert found.account.active
            assert found.factor_at is not None or not needs_second_factor(found.account)
            self.tokens.append((found.account_id, found.account.generation))

    def pick_session(self, which: int) -> str:
        living = [secret for secret in self.sessions if secret not in self.ended]
        if not living:
            raise Refusal("none", "none")
        return living[which % len(living)]

    def end_tokens(self, account_id: UUID) -> None:
        self.dead |= {token for token in self.tokens if token[0] == account_id}

    def end_all(self, account_id: UUID, but: str = "") -> None:
        self.end_tokens(account_id)
        self.ended |= {secret for secret, owner in self.sessions.items() if owner == account_id and secret != but}

    def forget_codes(self, account_id: UUID) -> None:
        self.gone += [(account_id, code) for code in self.codes.pop(account_id, [])]

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()


def _all(session: Session) -> list[Account]:
    return list(session.scalars(select(Account)))


def test_any_order_of_acts_on_accounts(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    settings.cache_clear()
    bounds = hypothesis_settings(max_examples=20, stateful_step_count=30, database=None, derandomize=True)
    run_state_machine_as_test(Accounts, settings=bounds)
