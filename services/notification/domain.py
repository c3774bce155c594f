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
    """Somebody who has no account, known by the address alone."""
    return Recipient(uuid5(NAMESPACE_URL, f"mailto:{address}"), address, address, "id")


def derive_mail_id(event_id: UUID, letter: str, recipient_id: UUID) -> UUID:
    """The same event makes the same mail to the same person, however often it is heard."""
    return uuid5(event_id, f"{letter} {recipient_id}")


def derive_message_id(mail: UUID, sending: int, domain: str) -> str:
    """Fixed, so that a mail sent twice by a crash is recognised as one; sent again on purpose it is another."""
    return f"{mail}.{sending}@{domain}"


def apply_sending_again(state: State, *, erased: bool) -> State:
    """A mail that waits already is not sent a second time beside it."""
    if state is State.QUEUED:
        raise Conflict("mail-queued", N_("Surel ini masih menunggu dikirim."))
    if erased:
        raise Conflict(
            "mail-erased",
            N_("Surel rahasia tidak disimpan setelah terkirim. Minta penerima mengulang permintaannya."),
        )
    return State.QUEUED
