"""The embedded system killed with SIGKILL right after an answer: it goes on where it was."""

import time
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from kompeten.demo import samples, stages
from kompeten.demo.cast import assemble_cast
from kompeten.demo.client import Client, wait_for
from tests.end_to_end.systems import PASSWORD, embedded, free_port


def mails_to(address: str, folder: Path) -> int:
    return sum(address in mail.read_text() for mail in (folder / "mail").glob("*.eml"))


def settled_mails_to(address: str, folder: Path) -> int | None:
    """How many there are once none has come for three seconds; None before that, and with fewer than four."""
    before = mails_to(address, folder)
    time.sleep(3)
    return before if before >= 4 and mails_to(address, folder) == before else None


@pytest.mark.timeout(300)
def test_what_was_answered_before_a_kill_goes_on_after_it(tmp_path: Path) -> None:
    """This failure mode means a power cut: the broker's memory is gone, every event told must still arrive once."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    person = samples.invent_person("SARI KUSUMA")
    http = httpx.Client(timeout=30)
    with embedded(tmp_path, port) as system:
        nobody = Client(address, http=http)
        today = datetime.now(stages.JAKARTA).date()
        cast = assemble_cast(nobody, nobody.signed_in("administrator@contoh.test", PASSWORD), PASSWORD, today)
        me = stages.open_own_account(cast, person)
        application = stages.save_draft(me, person, samples.LIBRARY_D2, [])
        stages.file_draft(me, person, application)
        stages.verify_items(cast, application)
        stages.assess_oneself(cast, me, person, application)
        system.kill()
    with embedded(tmp_path, port) as system:
        case = stages.wait_for_case(cast, application)
        assert case["state"] == "awaiting_assessor"
        first = wait_for("the mails", lambda: settled_mails_to(person.email, tmp_path))
        system.kill()
    with embedded(tmp_path, port) as system:
        assert len(stages.wait_for_case(cast, application)) > 0
        assert system.stop() == 0
    http.close()
    assert mails_to(person.email, tmp_path) == first
