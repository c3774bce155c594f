"""Noting who is involved: in this stage's own record, and told to the others in the same transaction."""

from sqlalchemy.orm import Session

from shared.contracts.envelope import Event
from shared.contracts.involvement import PeopleInvolved
from shared.database.upsert import insert_into
from shared.involvement.models import InvolvedPerson
from shared.messaging.outbox import Told, announce


def record_involvement(session: Session, about: Told, fact: PeopleInvolved) -> None:
    """Note that these people have this part in the case, and tell the other stages; nothing when it is known of all.

    `about` is the aggregate of this stage that the fact is about.
    """
    if _keep(session, fact):
        announce(session, about, fact)


def follow_involvement(session: Session, event: Event[PeopleInvolved]) -> None:
    """Keep what another stage tells of who is involved."""
    _keep(session, event.fact)


def _keep(session: Session, fact: PeopleInvolved) -> bool:
    """Whether anything was new. One statement: two who tell the same at once need not wait for each other to fail."""
    rows = [
        {
            "application_id": fact.application_id,
            "person_id": person,
            "part": fact.part,
            "applicant_id": fact.applicant_id,
            "since": fact.since,
        }
        for person in sorted(set(fact.people))
    ]
    added = insert_into(session, InvolvedPerson).values(rows).on_conflict_do_nothing()
    return bool(session.execute(added.returning(InvolvedPerson.person_id)).all())
