"""A mail's life, and what makes two mails the same one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.errors import N_, Conflict


class State(StrEnum):
    """`queued` waits for the mail server, for days if need be.

    `failed`: the server will never take it, or was away for too long; an administrator may send it again.
    """

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


STATE_NAMES: dict[Enum, str] = {
    State.QUEUED: N_("Menunggu dikirim"),
    State.SENT: N_("Terkirim"),
    State.FAILED: N_("Gagal"),
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail is written to."""

    id: UUID
    name: str
    email: str
    language: str


def address_outsider(address: str, language: str = "id") -> Recipient:
    """A recipient who has no account, known by the mail address alone; written to in Indonesian unless it is known."""
    return Recipient(uuid5(NAMESPACE_URL, f"mailto:{address}"), address, address, language)


def derive_mail_id(event_id: UUID, letter: str, recipient_id: UUID) -> UUID:
    """The id of a mail: one for each event, letter and recipient, however often the event is heard."""
    return uuid5(event_id, f"{letter} {recipient_id}")


def derive_message_id(mail: UUID, sending: int, domain: str) -> str:
    """The Message-ID without brackets, fixed for each `sending` (from 1).

    A mail that a crash made go out twice is recognised as one by it; sent again on purpose it is another.
    """
    return f"{mail}.{sending}@{domain}"


def has_waited_too_long(queued_at: datetime, expires_at: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Whether a mail that finds the server away is given up: `limit` after it was queued, or when its key has died."""
    return now - queued_at >= limit or (expires_at is not None and now >= expires_at)


def apply_sending_again(state: State, *, erased: bool, expired: bool = False) -> State:
    """The state of a mail that is to be sent again.

    Raises Conflict for one that waits already, for a secret one whose text was erased once it was sent, and for one
    whose link has expired.
    """
    if state is State.QUEUED:
        raise Conflict("mail-queued", N_("Surel ini masih menunggu dikirim."))
    if erased:
        raise Conflict(
            "mail-erased",
            N_("Surel rahasia tidak disimpan setelah terkirim. Minta penerima mengulang permintaannya."),
        )
    if expired:
        raise Conflict(
            "mail-expired",
            N_("Tautan di surel ini sudah tidak berlaku. Minta penerima mengulang permintaannya."),
        )
    return State.QUEUED
