"""Alarms to the administrator: once for what got worse, and again only when it got better and worse again.

The mail goes straight to the mail server, not by an event: the broker, a database or a service may be what is away.
What was told is kept in a file of its own for the same reason.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.durable import replace_file
from shared.mail.port import Mail, Mailer, MailRefused, domain_of

log = logging.getLogger(__name__)

LASTS = timedelta(seconds=90)
"""What has not lasted so long is not told yet, and what has been gone for so long is over: restarts are no alarm."""


class Trouble(BaseModel):
    """One thing that is wrong: since when, when it was last seen, and when the administrator was told."""

    since: datetime
    seen_at: datetime
    told_at: datetime | None = None


_KEPT = TypeAdapter(dict[str, Trouble])


class Alarms:
    """What is wrong now, kept in `file`; `mailer` takes what is to be told to `address`."""

    def __init__(self, file: Path, mailer: Mailer, sender: str, address: str) -> None:
        self._file = file
        self._mailer = mailer
        self._sender = sender
        self._address = address
        self.known = _read(file)

    def note_round(
        self,
        seen: Iterable[str],
        explain: Callable[[str], str],
        now: datetime,
        is_known: Callable[[str], bool] = lambda _: True,
        tell: bool = True,
    ) -> list[str]:
        """Take what was seen wrong in this round; mail what has lasted and was not told yet. Returns what was told.

        `explain` gives the text for a key. `is_known` says whether this round could tell if that key is still wrong: of
        a service that did not answer it could not, and what was known of it stays. Without `tell` it is noted alone.
        """
        wrong = set(seen)
        for key in wrong:
            self.known.setdefault(key, Trouble(since=now, seen_at=now)).seen_at = now
        for key, trouble in list(self.known.items()):
            if key not in wrong and not is_known(key):
                trouble.seen_at = now
            elif now - trouble.seen_at > LASTS:
                del self.known[key]
        new = sorted(
            key
            for key, trouble in self.known.items()
            if tell and key in wrong and trouble.told_at is None and now - trouble.since >= LASTS
        )
        told = new if new and self._tell({key: explain(key) for key in new}, now) else []
        for key in told:
            self.known[key].told_at = now
        _write(self._file, self.known)
        return told

    def _tell(self, texts: Mapping[str, str], now: datetime) -> bool:
        """Whether the mail left; one that did not is written anew in the next round."""
        for key in texts:
            log.error("alarm: %s", key)
        if not self._address:
            return True
        name = "+".join(f"{key}@{self.known[key].since:%Y%m%dT%H%M%S}" for key in texts)
        mail = Mail(
            to=self._address,
            to_name="Administrator",
            subject=f"Kompeten: {len(texts)} hal perlu diperiksa / need attention",
            text="\n\n".join(texts.values()) + "\n",
            message_id=f"alarm-{uuid5(NAMESPACE_URL, name)}@{domain_of(self._sender)}",
            written_at=now,
        )
        try:
            self._mailer.send(mail)
        except (MailRefused, OSError, smtplib.SMTPException, ValueError) as error:
            log.error("an alarm could not be mailed, it is tried again: %s: %s", type(error).__name__, error)
            return False
        return True


def _read(file: Path) -> dict[str, Trouble]:
    try:
        return _KEPT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        log.warning("what was told before is not known: %s", type(error).__name__)
        return {}


def _write(file: Path, known: Mapping[str, Trouble]) -> None:
    replace_file(file, _KEPT.dump_json(dict(known)))
