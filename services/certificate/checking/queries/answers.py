"""The answer of a check: what the register shows of a sheet to anybody, and the checks that were performed (R22)."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row

from services.certificate.body_settings import certification_body
from services.certificate.checking.domain import SUMMARIES, TITLES, Entry, SheetStanding
from services.certificate.domain.states import State
from services.certificate.domain.validity import judge_state_on
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate
from shared import clock
from shared.credentials import Words
from shared.credentials.verdicts import Check, Finding
from shared.schemes import shipped_schemes


class Said(BaseModel):
    """One text in Indonesian and in English."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """The English sentence for `en`, the Indonesian one for every other language."""
        return self.en if language == "en" else self.id


class CheckStep(BaseModel):
    """One check that was performed, and what it found."""

    check: Check
    passed: bool
    said: Said


class UnitShown(BaseModel):
    """A unit of competency, as the check shows it."""

    code: str
    title: Said


class Shown(BaseModel):
    """The minimum, as of today; name, state and dates are those of the version in force.

    `version`, `superseded` and `check_url` are those of the sheet asked about; `units` stand here when the scope was
    reduced: those that remain.
    """

    number: str
    holder_name: str
    scheme: Said
    issuer: Said
    status: State
    status_since: date
    issued_on: date
    expires_on: date
    suspended_until: date | None
    version: int
    superseded: bool
    check_url: str
    units: list[UnitShown]


class CheckView(BaseModel):
    """The answer: what the sheet is worth, the checks that were performed, in order, up to the first that failed.

    `genuine`: issued by this body as it is; `holds`: to be relied upon today. Of others no `certificate` is told.
    """

    standing: SheetStanding
    genuine: bool
    holds: bool
    title: Said
    summary: Said
    checks: list[CheckStep]
    certificate: Shown | None
    checked_at: datetime


def compose_answer(
    before: list[Finding], findings: list[Finding], standing: SheetStanding, row: Row[Any] | None = None
) -> CheckView:
    """Return the answer of a check: every finding in order, and the sheet where there is one.

    `before` are the findings about the copy itself (form, signature, issuer), made without the register; `findings` and
    `standing` are what the register says; `row` is the sheet as the register has it, None when there is none.
    """
    return CheckView(
        standing=standing,
        genuine=standing.genuine,
        holds=standing.holds,
        title=_said(TITLES[standing]),
        summary=_said(SUMMARIES[standing]),
        checks=[CheckStep(check=one.check, passed=one.passed, said=_said(one.words)) for one in (*before, *findings)],
        certificate=_shown(row) if row is not None else None,
        checked_at=clock.now(),
    )


def _shown(row: Row[Any]) -> Shown:
    certificate, entry = row.Certificate, describe_entry(row)
    scheme = shipped_schemes().get(certificate.scheme_id, certificate.scheme_version)
    units = [unit for unit in scheme.units if unit.code in certificate.units] if certificate.reduced_at else []
    name = certification_body().name
    return Shown(
        number=certificate.number,
        holder_name=certificate.holder_name,
        scheme=Said(id=certificate.scheme_title, en=scheme.title.en),
        issuer=Said(id=certificate.issuer, en=name.en if certificate.issuer == name.id else certificate.issuer),
        status=entry.state,
        status_since=entry.since,
        issued_on=entry.issued_on,
        expires_on=entry.expires_on,
        suspended_until=entry.suspended_until,
        version=entry.version,
        superseded=entry.superseded,
        check_url=row.check_url,
        units=[UnitShown(code=unit.code, title=Said(id=unit.title.id, en=unit.title.en)) for unit in units],
    )


def _said(words: Words) -> Said:
    return Said(id=words.id, en=words.en)


def describe_entry(row: Row[Any]) -> Entry:
    """Return what the register says of a sheet as of today, also before its expiry was written down."""
    certificate: Certificate = row.Certificate
    state = judge_state_on(certificate.state, certificate.expires_on, clock.today())
    since = certificate.state_since.astimezone(clock.JAKARTA).date()
    return Entry(
        state=state,
        since=since if state is certificate.state else certificate.expires_on,
        version=row.version,
        superseded=row.state is VersionState.SUPERSEDED,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        suspended_until=certificate.suspended_until,
    )


def name_issuer(findings: list[Finding]) -> list[Finding]:
    """The issuer by its name: people don't read identifiers."""
    name = certification_body().name
    said = {
        True: Words(f"Ditandatangani oleh {name.id}.", f"Signed by {name.en}."),
        False: Words(f"Tidak ditandatangani oleh {name.id}.", f"Not signed by {name.en}."),
    }
    return [Finding(one.check, one.passed, said[one.passed]) if one.check is Check.ISSUER else one for one in findings]
