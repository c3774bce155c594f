"""Each fact that somebody should be told of becomes a mail row and a job to send it, in one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notification.domain import Recipient, address_outsider, derive_mail_id
from services.notification.letters import Letter, letters_by_fact
from services.notification.models import AccountCopy, Mail
from services.notification.writing import PLACE_OF_LINK, absolute_address, write_letter
from shared.contracts import Event, Fact
from shared.contracts.registration import AccountChanged, AccountOpened
from shared.messaging.copies import keep_newest
from shared.messaging.jobs import enqueue
from shared.messaging.reactions import Load, NotYet, Reactions, find_row

reactions = Reactions("notification")

LETTERS = letters_by_fact()


@reactions.on(AccountOpened, Load(AccountCopy, lambda fact: fact.account_id))
def welcome_account(session: Session, event: Event[AccountOpened]) -> None:
    """Keep the address of a new account and write the mail that welcomes it."""
    _keep(session, event)
    for letter in LETTERS[AccountOpened]:
        write_mails(session, event, letter)


@reactions.on(AccountChanged, Load(AccountCopy, lambda fact: fact.account_id))
def keep_account(session: Session, event: Event[AccountChanged]) -> None:
    """Keep address, language and activity as they are now, unless something newer is known."""
    _keep(session, event)


def write_mails(session: Session, event: Event[Any], letter: Letter) -> None:
    """Write `letter` to everybody it is for. Raises NotYet while the account of one of them has not been heard of."""
    link = PLACE_OF_LINK if letter.sealed else absolute_address(letter.path(event.fact))
    for recipient in _recipients(session, event.fact, letter):
        key = derive_mail_id(event.id, letter.name, recipient.id)
        if find_row(session, Mail, key, lock=False) is not None:
            continue
        seen = {"fact": event.fact, "name": recipient.name, "link": link}
        title, text = write_letter(letter.name, recipient.language, seen)
        session.add(
            Mail(
                id=key,
                letter=letter.name,
                event_id=event.id,
                recipient_id=recipient.id,
                to_address=recipient.email,
                to_name=recipient.name,
                language=recipient.language,
                title=title,
                text=text,
                secret=letter.secret,
                sealed=getattr(event.fact, letter.sealed) if letter.sealed else None,
                expires_at=letter.expires_at(event.fact),
            )
        )
        enqueue(session, "send", {"mail_id": str(key)}, f"{key}:1")


def _recipients(session: Session, fact: Fact, letter: Letter) -> list[Recipient]:
    if letter.to_outsider:
        return [address_outsider(letter.outsider(fact), letter.language(fact))] if letter.outsider(fact) else []
    accounts = [_account(session, person) for person in letter.people(fact)]
    return [Recipient(one.id, one.name, one.email, one.language) for one in accounts if one.active or letter.to_closed]


def _listen(fact: type[Fact], letters: Sequence[Letter]) -> None:
    """React to `fact` with `letters`. One person's account is loaded for the whole batch."""

    def tell(session: Session, event: Event[Fact]) -> None:
        for letter in letters:
            write_mails(session, event, letter)

    loads = [Load(AccountCopy, letter.person, lock=False) for letter in letters if letter.to_one]
    reactions.on(fact, *loads)(tell)


def _account(session: Session, account_id: UUID) -> AccountCopy:
    account = find_row(session, AccountCopy, account_id, lock=False)
    if account is None:
        raise NotYet(f"account {account_id} has not been heard of")
    return account


def _keep(session: Session, event: Event[AccountOpened] | Event[AccountChanged]) -> None:
    fact = event.fact
    values = {"name": fact.name, "email": fact.email, "language": fact.language, "active": fact.active}
    keep_newest(session, AccountCopy, fact.account_id, event, values)


for _fact, _letters in LETTERS.items():
    if _fact is not AccountOpened:
        _listen(_fact, _letters)
