"""What the load on the deployment writes (`python -m tests.containers`) is what the services take."""

import pytest
from sqlalchemy.orm import Session

from services.assessment.commands.registers import CentreDetails
from services.registration.commands.accounts import OpenStaffAccount, open_staff_account
from services.registration.domain.identity import read_nik
from shared.security.roles import Role
from tests.containers.load import make_account, make_centre, make_nik
from tests.unit.registration.people import staff


def test_the_accounts_of_the_load_are_opened(session: Session) -> None:
    """This failure mode means that no update can be proved: half of the writes fail before it begins."""
    admin = staff(session, Role.ADMINISTRATOR, email="admin@contoh.test")
    for number in (2, 4, 12_000):
        _, _, body = make_account(f"contoh-{number}", "ffffffff", number)
        assert open_staff_account(session, admin.actor, OpenStaffAccount.model_validate(body)).email == body["email"]


def test_the_centres_of_the_load_are_whole() -> None:
    _, _, body = make_centre("contoh-1")
    assert CentreDetails.model_validate(body).name == "contoh-1"


@pytest.mark.parametrize("mark", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_every_person_of_a_load_has_a_number_of_their_own(mark: int) -> None:
    numbers = range(0, 40_000, 7)
    assert len({read_nik(make_nik(mark, number)).digits for number in numbers}) == len(numbers)
