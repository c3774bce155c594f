"""A stolen token guesses the password no more often than anybody, and each wrong guess is told to the alarm."""

from uuid import uuid4

import pytest

from services.registration.commands.proving import prove_password
from services.registration.commands.tries import Visitor, take_try
from shared.errors import Invalid, TooMany
from shared.security.passwords import hash_password
from shared.settings import settings

pytestmark = pytest.mark.usefixtures("data_dir")

RIGHT = "sandi-contoh-yang-benar"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(RIGHT)


def heard(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    lines = [record.__dict__["security"] for record in caplog.records if record.name == "kompeten.security"]
    return [(line["event"], line["account"]) for line in lines]


def test_after_as_many_wrong_ones_as_at_sign_in_there_is_a_pause(hashed: str, caplog: pytest.LogCaptureFixture) -> None:
    me = uuid4()
    for _ in range(settings().login_tries):
        with pytest.raises(Invalid, match="tidak cocok"):
            prove_password(me, hashed, "salah")
    with pytest.raises(TooMany) as pause:
        prove_password(me, hashed, RIGHT)
    assert pause.value.details["retry_after"] > 0
    assert heard(caplog) == [("password-wrong", str(me))] * settings().login_tries + [("password-paused", str(me))]


def test_nobody_else_waits_for_it(hashed: str) -> None:
    """Neither another account nor the owner's own sign-in: who has the token keeps the owner out of nothing else."""
    me = uuid4()
    for _ in range(settings().login_tries):
        with pytest.raises(Invalid):
            prove_password(me, hashed, "salah")
    prove_password(uuid4(), hashed, RIGHT)
    take_try("sari@contoh.test", Visitor("network"))


def test_the_right_one_forgives_the_wrong_ones_before_it(hashed: str, caplog: pytest.LogCaptureFixture) -> None:
    me = uuid4()
    for _ in range(3):
        for _ in range(settings().login_tries - 1):
            with pytest.raises(Invalid):
                prove_password(me, hashed, "salah")
        prove_password(me, hashed, RIGHT)
    assert ("password-paused", str(me)) not in heard(caplog)
