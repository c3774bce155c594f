"""Who sits on an appeal's panel, who could, and what earlier panels found (R7, R10)."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.domain.impartiality import PANEL_ROLES, Nominee, find_panel_obstacles
from services.decision.models import AccountCopy, Appeal, PanelMember
from services.decision.queries import officers
from services.decision.queries.sittings import gather_involved_in_appeal
from shared.errors import NotFound
from shared.security.actor import Actor


def list_panel(session: Session, appeal: Appeal) -> list[PanelMember]:
    """Everybody named for the appeal's panel, in order, also those who stepped down."""
    statement = select(PanelMember).where(PanelMember.appeal_id == appeal.id).order_by(PanelMember.position)
    return list(session.scalars(statement))


def keep_seated(members: Iterable[PanelMember]) -> list[PanelMember]:
    """Of the panel's members, those who did not step down: they hear the appeal."""
    return [member for member in members if member.declined_at is None]


def find_panel_seat(session: Session, appeal: Appeal, actor: Actor) -> PanelMember:
    """The actor's seat on the appeal's panel.

    Raises NotFound `appeal-unknown`: to everybody else there is no appeal (R10).
    """
    found = next((one for one in keep_seated(list_panel(session, appeal)) if one.account_id == actor.id), None)
    if found is None:
        raise NotFound("appeal-unknown", loading.NO_APPEAL)
    return found


def describe_nominee(row: AccountCopy) -> Nominee:
    """The account as the rules on panels look at it."""
    return Nominee(row.id, row.name, frozenset(row.roles), row.active)


def list_panel_candidates(session: Session, appeal: Appeal) -> list[AccountCopy]:
    """Who may be named for this appeal's panel (R7), by name."""
    case = loading.load_case(session, appeal.case_id)
    involved = gather_involved_in_appeal(session, case)
    declined = {member.account_id for member in list_panel(session, appeal) if member.declined_at is not None}
    return [
        row
        for row in officers.list_accounts_with_role(session, *PANEL_ROLES)
        if row.id not in declined and not find_panel_obstacles(involved, describe_nominee(row))
    ]
