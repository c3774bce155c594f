"""The demo from first to last: against any running system, or the embedded one started for it."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx

from kompeten.demo import cases, desk, world
from kompeten.demo.agency import Agency
from kompeten.demo.cast import Cast, assemble_cast
from kompeten.demo.client import Client, DemoFailed, Refused

Say = Callable[[str], None]
SIGN_IN_TRIES = 4
SIGN_IN_PAUSE_SECONDS = 2.0
NO_TRIAL = (
    "the demo is played on trial systems whose staff sign in with a password alone: it opens accounts with a password "
    "it knows and reads their mails. Set KOMPETEN_TRIAL=true (and KOMPETEN_SECOND_FACTOR=offered) on a system without "
    "real people's data"
)


def play_cases(url: str, admin: str, password: str, agency: Agency | None, folder: Path, say: Say) -> Path:
    """Play the cases at `url`, as administrator `admin`; staff accounts get `password`. Returns the PDF of case 1."""
    folder.mkdir(parents=True, exist_ok=True)
    with httpx.Client(timeout=30) as http:
        return _play(Client(url, http=http), admin, password, agency, folder, say)


def _sign_administrator_in(nobody: Client, admin: str, password: str) -> Client:
    """The administrator, whose account a system that has just started may still be making. Raises Refused."""
    # few tries: each refused one counts towards the limit of failed sign-ins
    for _ in range(SIGN_IN_TRIES - 1):
        try:
            return nobody.signed_in(admin, password)
        except Refused as refused:
            if refused.status != httpx.codes.UNAUTHORIZED:
                raise
            time.sleep(SIGN_IN_PAUSE_SECONDS)
    return nobody.signed_in(admin, password)


def _enter(nobody: Client, admin: str, password: str) -> Client:
    """The administrator of a trial. Raises DemoFailed where the demo cannot be played, before anything is changed."""
    try:
        return _sign_administrator_in(nobody, admin, password)
    except Refused as refused:
        if refused.code.startswith("second-factor"):
            raise DemoFailed(NO_TRIAL) from refused
        raise


def _play(nobody: Client, admin: str, password: str, agency: Agency | None, folder: Path, say: Say) -> Path:
    administrator = _enter(nobody, admin, password)
    clock = _clock_of(administrator)
    today = clock(0)
    cast = assemble_cast(nobody, administrator, password, today)
    say(f"{len(cast.people)} people of the body are there, the five officers and a deputy appointed")
    if agency is not None:
        agency.start()
    try:
        _chapter(say, "1. From application to certificate")
        holder, path = cases.certify_straight_through(cast, say, agency, folder)
        _chapter(say, "2. Returned, mended, certified")
        mended = cases.certify_after_mending(cast, say)
        _chapter(say, "3. Not admitted")
        cases.try_without_requirements(cast, say)
        _chapter(say, "4. Appeal and re-assessment")
        appealed = cases.certify_after_appeal(cast, say)
        _chapter(say, "5. On paper, and the list for BNSP")
        desk.print_on_paper(cast, say, appealed.certificate, folder)
        desk.export_list_for_bnsp(cast, say, folder)
        _chapter(say, "6. Corrected, suspended, reduced, withdrawn")
        world.follow_its_life(cast, say, mended.certificate, agency)
        _chapter(say, "7. The years after")
        _years_later(cast, say, holder, clock)
    finally:
        if agency is not None:
            agency.stop()
    return path


def _years_later(cast: Cast, say: Say, holder: cases.Holder, clock: Callable[[int], date]) -> None:
    try:
        cases.renew_years_later(cast, say, holder, clock)
    finally:
        clock(0)
    say("the clock is back at the present")


def _clock_of(administrator: Client) -> Callable[[int], date]:
    """What moves the system's clock so many days ahead, and gives its day. Raises DemoFailed unless it is a trial."""

    def move(days: int) -> date:
        answer = administrator.post("/registration/api/trial/clock", {"days": days})
        time.sleep(1.5)  # every replica looks at the clock once a second
        return date.fromisoformat(answer["today"])

    try:
        move(0)
    except Refused as refused:
        if refused.status in (403, 404):
            raise DemoFailed(NO_TRIAL) from refused
        raise
    return move


def _chapter(say: Say, title: str) -> None:
    say("")
    say(title)
