from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.certificate.making.commands.numbering import number_certificate
from services.certificate.models import Counter
from shared import clock
from tests.unit.certificate.scene import SCHEME, Candidate, hear, numbered


def test_the_certificate_bears_what_the_standard_asks_for(session: Session, candidate: Candidate) -> None:
    certificate = numbered(session, candidate)
    today = clock.today()
    assert certificate.number == f"{SCHEME.kbli} {SCHEME.kbji} {SCHEME.kkni_level} 000001 {today.year}"
    assert certificate.registration_number == f"PRP 0000 00001 {today.year}"
    assert certificate.issued_on == today
    assert certificate.expires_on.year == today.year + SCHEME.validity_years
    assert certificate.units == SCHEME.codes
    sheet = certificate.current.printed
    assert sheet.name == candidate.actor.name
    assert sheet.signatory == "KETUA CONTOH"
    assert [code for code, _, _ in sheet.units] == SCHEME.codes
    assert sheet.check_url.endswith(f"/certificate/check/{certificate.current.check_token}")
    assert sheet.sample is True


def test_numbers_follow_one_another_without_a_gap(session: Session) -> None:
    serials = [numbered(session, Candidate(f"CALON {letter} CONTOH")).serial for letter in "ABCDE"]
    assert serials == [1, 2, 3, 4, 5]


def test_the_registration_serial_restarts_with_the_year_and_the_certificate_serial_does_not(
    session: Session, on_day: Callable[[date], None]
) -> None:
    year = clock.today().year + 1
    first = numbered(session, Candidate())
    on_day(date(year, 1, 2))
    second = numbered(session, Candidate())
    assert (first.serial, second.serial) == (1, 2)
    assert second.registration_number == f"PRP 0000 00001 {year}"
    assert second.number.endswith(f"000002 {year}")


def test_the_day_is_that_of_jakarta(session: Session, candidate: Candidate) -> None:
    """At 23:30 UTC on New Year's Eve the new year has begun in Jakarta."""
    year = clock.today().year
    eve = clock.real_now().replace(year=year, month=12, day=31, hour=23, minute=30)
    try:
        clock.set_ahead(round((eve - clock.real_now()) / timedelta(seconds=1)))
        assert numbered(session, candidate).issued_on == date(year + 1, 1, 1)
    finally:
        clock.set_ahead(0)


def test_a_transaction_that_fails_gives_its_serial_back(session: Session) -> None:
    numbered(session, Candidate())
    session.commit()
    session.info.clear()
    numbered(session, Candidate())
    session.rollback()
    session.info.clear()
    assert numbered(session, Candidate()).serial == 2
    assert session.get_one(Counter, "certificate").value == 2


def test_check_tokens_cannot_be_guessed_from_one_another(session: Session) -> None:
    tokens = {numbered(session, Candidate()).current.check_token for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {26}


def test_a_deputy_signs_for_the_chair(session: Session, candidate: Candidate) -> None:
    hear(session, candidate.submitted(), candidate.photographed())
    hear(session, candidate.decided(acting_for_chair=True, decided_by_name="WAKIL CONTOH"))
    certificate = number_certificate(session, candidate.sign(session))
    assert certificate.current.printed.role[0] == "a.n. Ketua"
    assert certificate.current.printed.signatory == "WAKIL CONTOH"
