"""Links that people are mailed, as a trial system shows its mails to the administrator."""

import re
from functools import partial

from kompeten.demo.client import Client, wait_for

KEY = re.compile(r"\?key=([\w-]+)")


def find_mailed_key(admin: Client, address: str, letter: str) -> str:
    """The key in the newest mail of this kind to `address`, once it was sent. Raises DemoFailed when none comes."""
    return wait_for(f"the mail {letter} to {address}", partial(_look, admin, address, letter))


def _look(admin: Client, address: str, letter: str) -> str | None:
    for mail in admin.get("/notification/api/mails", q=address, letter=letter, size=5)["items"]:
        if mail["to_address"] == address and (found := KEY.search(mail["text"] or "")):
            return found[1]
    return None
