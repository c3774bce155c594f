"""A mail's life, and what makes two mails the same one."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.errors import N_, Conflict


class State(StrEnum):
    """`failed`: the server will never take it, or was away for too long; an administrator may send it again."""

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


def address_outsider(address: str) -> Recipient:
    """A recipient who has no account, known by the mail address alone; written to in Indonesian."""
    return Recipient(uuid5(NAMESPACE_URL, f"mailto:{address}"), address, address, "id")


def derive_mail_id(event_id: UUID, letter: str, recipient_id: UUID) -> UUID:
    """The id of a mail: one for each event, letter and recipient, however often the event is heard."""
    return uuid5(event_id, f"{letter} {recipient_id}")


def derive_message_id(mail: UUID, sending: int, domain: str) -> str:
    """The Message-ID without brackets, fixed for each `sending` (from 1).

    A mail that a crash made go out twice is recognised as one by it; sent again on purpose it is another.
    """
    return f"{mail}.{sending}@{domain}"


def apply_sending_again(state: State, *, erased: bool) -> State:
    """The state of a mail that is to be sent again.

    Raises Conflict for one that waits already, and for a secret one whose text was erased once it was sent.
    """
    if state is State.QUEUED:
        raise Conflict("mail-queued", N_("Surel ini masih menunggu dikirim."))
    if erased:
        raise Conflict(
            "mail-erased",
            N_("Surel rahasia tidak disimpan setelah terkirim. Minta penerima mengulang permintaannya."),
        )
    return State.QUEUED
