"""The embedded system killed with SIGKILL right after an answer: it goes on where it was."""

from datetime import datetime
from pathlib import Path

import httpx
import pytest

from kompeten.demo import samples, stages
from kompeten.demo.cast import assemble
from kompeten.demo.client import Client, wait_for
from tests.end_to_end.systems import PASSWORD, embedded, free_port


def mails_to(address: str, folder: Path) -> int:
    return sum(address in mail.read_text() for mail in (folder / "mail").glob("*.eml"))


@pytest.mark.timeout(300)
def test_what_was_answered_before_a_kill_goes_on_after_it(tmp_path: Path) -> None:
    """This failure mode means a power cut: the broker's memory is gone, every event told must still arrive once."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    person = samples.somebody("SARI KUSUMA")
    http = httpx.Client(timeout=30)
    with embedded(tmp_path, port) as system:
        nobody = Client(address, http=http)
        today = datetime.now(stages.JAKARTA).date()
        cast = assemble(nobody, nobody.signed_in("administrator@contoh.test", PASSWORD), PASSWORD, today)
        me = stages.join(cast, person)
        application = stages.draft(me, person, samples.LIBRARY_D2, [])
        stages.file(me, person, application)
        stages.verify(cast, application)
        stages.assess_oneself(cast, me, person, application)
        system.kill()
    with embedded(tmp_path, port) as system:
        case = stages.case_of(cast, application)
        assert case["state"] == "awaiting_assessor"
        wait_for("the mails", lambda: mails_to(person.email, tmp_path) >= 4)
        first = mails_to(person.email, tmp_path)
        system.kill()
    with embedded(tmp_path, port) as system:
        assert len(stages.case_of(cast, application)) > 0
        assert system.stop() == 0
    http.close()
    assert mails_to(person.email, tmp_path) == first
