"""Links that are mailed to the owner of an address: made with a secret, found by its hash, used once, before they end.

What a link is good for, and which row stands for it, is told where it is sent: `passwords.py`, `registering.py`,
`device_links.py`.
"""

import secrets
from datetime import datetime
from typing import Protocol

from services.registration.commands.sessions import hash_secret
from shared.clock import real_now
from shared.settings import settings


class MailedLink(Protocol):
    """The row of a link: until when it is good, and when it was used."""

    expires_at: datetime
    used_at: datetime | None


def make_link(path: str) -> tuple[str, str]:
    """The address of a new link to this path of registration, for its reader's eyes alone, and the hash to keep."""
    secret = secrets.token_urlsafe(32)
    return f"{settings().public_url.rstrip('/')}/registration/{path}?key={secret}", hash_secret(secret)


def is_usable(link: MailedLink) -> bool:
    """Whether it was not used yet and has not expired."""
    return link.used_at is None and link.expires_at > real_now()
